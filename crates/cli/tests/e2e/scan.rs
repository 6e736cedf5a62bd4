//! Scan: streams, bad records, formats.

use crate::support::{LISTINGS, run, run_with_input};

#[test]
fn each_listing_gives_one_assessment_in_order() {
    let ran = run_with_input(&["scan", "-"], LISTINGS.as_bytes()).ok();
    let lines = ran.json_lines();
    let ids: Vec<&str> = lines.iter().map(|line| line["external_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a1", "a2", "a3"]);
    let first = &lines[0];
    assert!(first["points"].as_i64().unwrap() >= 30, "{first}");
    assert!(first["decision"].is_null() && first.get("decision").is_some());
    assert!(first["provenance"]["pack"].as_str().unwrap().starts_with("sha256:"));
    let hit = &first["hits"][0];
    let span = &hit["spans"][0];
    assert!(span["end"].as_u64() > span["start"].as_u64());
    assert!(!ran.out.contains("7700 900123"), "contacts are masked in what is said");
    assert_eq!(lines[1]["band"], "none");
}

#[test]
fn spans_point_into_the_original_text() {
    let body = "Hinweis: Größe M. Warehouse packers wanted. You must pay a regıstration fee of 350 euros in advance.";
    let listing = serde_json::json!({"body": body, "kind": "job_ad"}).to_string();
    let ran = run_with_input(&["scan"], listing.as_bytes()).ok();
    let assessment = &ran.json_lines()[0];
    let spans = assessment["hits"][0]["spans"].as_array().unwrap();
    let texts: Vec<&str> = spans
        .iter()
        .map(|span| &body[span["start"].as_u64().unwrap() as usize..span["end"].as_u64().unwrap() as usize])
        .collect();
    assert!(texts.contains(&"in advance"), "{texts:?}");
}

#[test]
fn a_bad_line_is_named_and_the_others_go_on() {
    let input = format!("{{\"title\":\n{LISTINGS}[1]\n");
    let ran = run_with_input(&["scan", "-"], input.as_bytes());
    assert_eq!(ran.code, 1);
    assert_eq!(ran.json_lines().len(), 3);
    assert!(
        ran.err.contains("-: record 1: not JSON") && ran.err.contains("-: record 5: a listing must be"),
        "{}",
        ran.err
    );
    let strict = run_with_input(&["scan", "-", "--strict"], input.as_bytes());
    assert_eq!((strict.code, strict.out.as_str()), (2, ""));
    assert!(strict.err.contains("record 1"), "{}", strict.err);
}

#[test]
fn csv_and_pages_are_read_too() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("adverts.csv");
    std::fs::write(&table, "external_id,kind,body\nc1,job_ad,\"Packers wanted. You must pay a registration fee of 350 euros in advance.\"\n").unwrap();
    let page = folder.path().join("page.html");
    std::fs::write(
        &page,
        "<html><body><main><h1>Packers wanted</h1><p>Warehouse packers wanted for a hall near the port. You must pay a \
         registration fee of 350 euros in advance.</p></main></body></html>",
    )
    .unwrap();
    let ran = run(&["scan", table.to_str().unwrap(), page.to_str().unwrap()]).ok();
    let lines = ran.json_lines();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["points"].as_i64().unwrap() > 0), "{}", ran.out);
}

#[test]
fn an_own_pack_and_no_model_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("pack.yaml"),
        "format: 1\nname: own\nversion: '1'\nlicence: CC0-1.0\nbands: {low: 1, review: 2, high: 3, urgent: 4}\nfamilies: {LB: {cap: 9}}\n",
    )
    .unwrap();
    let pack = folder.path().to_str().unwrap();
    let ran = run_with_input(&["scan", "--rules", pack, "--model", "none"], LISTINGS.as_bytes()).ok();
    assert!(ran.json_lines().iter().all(|line| line["band"] == "none" && line["classifier"].is_null()));
    let missing = run_with_input(&["scan", "--rules", "/nowhere/at/all"], b"");
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("/nowhere/at/all"), "{}", missing.err);
    assert_eq!(missing.err.matches("No such file").count(), 1, "{}", missing.err);
}

#[test]
fn the_classifiers_contributions_add_up() {
    let ran = run_with_input(&["scan"], LISTINGS.as_bytes()).ok();
    for line in ran.json_lines() {
        let classifier = &line["classifier"];
        let sum: f64 =
            classifier["contributions"].as_array().unwrap().iter().map(|one| one["log_odds"].as_f64().unwrap()).sum();
        assert!((sum - classifier["log_odds"].as_f64().unwrap()).abs() < 1e-9, "{line}");
        let calibrated = classifier["calibrated"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&calibrated));
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let once = run_with_input(&["scan"], LISTINGS.as_bytes()).ok();
    let twice = run_with_input(&["scan"], LISTINGS.as_bytes()).ok();
    assert_eq!(once.out, twice.out);
}

/// Forty megabytes through a program that may hold far less: the input is streamed.
#[test]
fn a_large_file_streams_in_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.jsonl");
    let line = format!("{}\n", serde_json::json!({"body": format!("{} {}", "plain words here ".repeat(600), 1)}));
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    for _ in 0..4_000 {
        std::io::Write::write_all(&mut file, line.as_bytes()).unwrap();
    }
    std::io::Write::flush(&mut file).unwrap();
    drop(file);
    let pack = folder.path().join("pack");
    std::fs::create_dir(&pack).unwrap();
    std::fs::write(
        pack.join("pack.yaml"),
        "format: 1\nname: own\nversion: '1'\nlicence: CC0-1.0\nbands: {low: 1, review: 2, high: 3, urgent: 4}\nfamilies: {LB: {cap: 9}}\n",
    )
    .unwrap();
    let command = format!(
        "ulimit -v 900000; exec {} scan --rules {} --model none {} | wc -l",
        env!("CARGO_BIN_EXE_lapwing"),
        pack.display(),
        path.display()
    );
    let output = std::process::Command::new("bash").args(["-c", &command]).env_remove("LAPWING_DATA").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "4000", "{}", String::from_utf8_lossy(&output.stderr));
}
