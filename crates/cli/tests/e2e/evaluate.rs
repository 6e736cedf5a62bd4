//! Evaluate: figures, the folder of a run, other people's data, two runs, what goes wrong.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Ran, lapwing, run};

/// A pack of two rules whose figures can be told by hand.
const PACK: &str = "format: 1\nname: own\nversion: '1'\nlicence: CC0-1.0\nbands: {low: 5, review: 20, high: 40, urgent: 80}\nfamilies: {LB: {cap: 70}}\n";

fn rule(id: &str, word: &str, points: u32) -> String {
    format!(
        "format: 1\nid: {id}\ntitle: Asks for something\nversion: 1\nstatus: active\nindicators: [LB04]\nevidence: listed\n\
         about: {{what: A word., why: It is said., explain: \"Says it: {{quote}}\"}}\n\
         references: [{{title: A page, supports: the word}}]\npatterns:\n  word: {{words: [{word}], languages: [en]}}\ncondition: word\n\
         score: {{points: {points}, family: LB, strength: core}}\nexamples:\n  match: [{{text: a {word}}}]\n  no_match: [{{text: nothing}}]\n"
    )
}

struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pack = folder.path().join("pack");
        std::fs::create_dir(&pack).unwrap();
        std::fs::write(pack.join("pack.yaml"), PACK).unwrap();
        let indicators = "format: 1\nindicators:\n  LB04: {family: LB, role: core, evidence: listed, sentence: \"Asks to pay\", references: [{title: A, supports: b}]}\n";
        std::fs::write(pack.join("indicators.yaml"), indicators).unwrap();
        for (id, word, points) in
            [("labour.fee", "fee", 30), ("labour.visa", "visa", 10), ("labour.never", "zebra", 30)]
        {
            std::fs::write(pack.join(format!("{id}.yaml")), rule(id, word, points)).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// `lapwing evaluate` with the own pack and no model.
    fn evaluate(&self, arguments: &[&str]) -> Ran {
        let pack = self.path("pack").display().to_string();
        let mut all = vec!["evaluate", "--rules", &pack, "--model", "none", "--bootstrap", "50"];
        all.extend(arguments);
        run(&all)
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

/// Six listings: two rightly flagged, one wrongly, one missed, two rightly left.
fn listings() -> String {
    let listing = |id: &str, text: &str, label: u8, slice: &str, site: &str| {
        json!({"external_id": id, "lang": "en", "body": text, "label": label, "slice": slice, "site": site, "families": if label == 1 { json!(["LB"]) } else { json!([]) }}).to_string()
    };
    [
        listing("a", "pay the fee for your visa", 1, "obvious", "north"),
        listing("b", "a fee", 1, "obvious", "north"),
        listing("c", "no fee", 0, "hard", "south"),
        listing("d", "bring the visa", 1, "subtle", "south"),
        listing("e", "cook wanted", 0, "benign", "north"),
        listing("f", "baker wanted", 0, "benign", "north"),
    ]
    .join("\n")
}

fn close(value: &Value, expected: f64) -> bool {
    (value.as_f64().unwrap_or(f64::NAN) - expected).abs() < 1e-6
}

#[test]
fn figures_agree_with_a_hand_count() {
    let home = Home::new();
    let data = home.write("set.jsonl", &listings());
    let found = home.evaluate(&["--data", &data, "--json", "--prevalence", "0.1", "--capacity", "50%"]).ok().json();
    let overall = &found["overall"];
    assert_eq!(
        overall["counts"],
        json!({"true_positive": 2, "false_positive": 1, "false_negative": 1, "true_negative": 2})
    );
    assert!(close(&overall["precision"]["value"], 2.0 / 3.0) && close(&overall["recall"]["value"], 2.0 / 3.0));
    assert!(close(&overall["false_positive_rate"]["value"], 1.0 / 3.0));
    // Order: a (35 points), then b and c (30), then d (10), then e and f.
    assert!(
        close(&overall["average_precision"], (1.0 + 2.0 / 3.0 + 3.0 / 4.0) / 3.0),
        "{}",
        overall["average_precision"]
    );
    assert!(close(&overall["roc_auc"], (3.0 + 2.5 + 2.0) / 9.0));
    assert!(close(&found["prevalence"][0]["restated"]["precision"], 0.1 / (0.1 + 0.9 / 2.0)));
    assert!(close(&found["capacity"]["at"]["found"], 2.0));
    assert_eq!(found["by_language"][0]["name"], "en");
    assert_eq!(found["by_slice"].as_array().unwrap().len(), 4);
    assert_eq!(found["by_family"][0]["labelled"], 3);
    let state = |id: &str| {
        let row = found["rules"].as_array().unwrap().iter().find(|row| row["rule"] == id).unwrap();
        row["state"].as_str().unwrap().to_string()
    };
    assert_eq!(
        (state("labour.fee"), state("labour.visa"), state("labour.never")),
        ("working".into(), "redundant".into(), "dead".into())
    );
    let without = &found["ablation"]["without_rule"][0];
    assert_eq!(
        (&without["without"], &without["lost"], &without["spared"]),
        (&json!("labour.fee"), &json!(2), &json!(1))
    );
    assert!(found["calibration"].is_null() && found["ablation"]["parts"].as_array().unwrap().len() == 1);
}

#[test]
fn a_run_is_a_folder_and_the_same_bytes_each_time() {
    let home = Home::new();
    let data = home.write("set.jsonl", &listings());
    for name in ["one", "two"] {
        home.evaluate(&["--data", &data, "--out", &home.path(name).display().to_string()]).ok();
    }
    for file in ["run.json", "listings.csv", "rules.csv", "report.html"] {
        assert_eq!(home.file(&format!("one/{file}")), home.file(&format!("two/{file}")), "{file}");
    }
    assert!(home.file("one/listings.csv").starts_with("external_id,label,flagged,band,points,"));
    assert_eq!(home.file("one/listings.csv").lines().count(), 7);
    assert!(
        !home.file("one/run.json").contains("cook wanted") && !home.file("one/listings.csv").contains("cook wanted")
    );
    let again = home.evaluate(&["--data", &data, "--out", &home.path("one").display().to_string()]);
    assert!(again.code == 2 && again.err.contains("--force"), "{}", again.err);
    home.evaluate(&["--data", &data, "--force", "--out", &home.path("one").display().to_string()]).ok();
    let other = home.evaluate(&["--data", &data, "--force", "--out", &home.path("pack").display().to_string()]);
    assert!(other.code == 2 && other.err.contains("not the folder of a run"), "{}", other.err);
    let names: Vec<String> = names(home.folder.path());
    assert!(names.iter().all(|name| !name.starts_with('.')), "nothing is left beside: {names:?}");
}

fn names(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn the_terminal_is_told_the_figures_that_come_first() {
    let home = Home::new();
    let data = home.write("set.jsonl", &listings());
    let out = home.evaluate(&["--data", &data]).ok().out;
    for words in [
        "6 listings, 3 labelled for a look (50.0 %)",
        "precision",
        "where 1 in 100 listings",
        "dead rules (1 of 3): labour.never",
        "obvious",
    ] {
        assert!(out.contains(words), "{words} is missing in {out}");
    }
}

#[test]
fn resampling_waits_for_enough_clusters() {
    let home = Home::new();
    let few = home.write("few.jsonl", &listings());
    assert!(home.evaluate(&["--data", &few, "--json"]).ok().json()["overall"]["intervals"].is_null());
    let many: String = (0..40)
        .map(|n| {
            json!({"body": format!("{} {n}", if n % 3 == 0 { "a fee" } else { "cook" }), "label": n % 2}).to_string()
                + "\n"
        })
        .collect();
    let many = home.write("many.jsonl", &many);
    let found = home.evaluate(&["--data", &many, "--json"]).ok().json();
    let overall = &found["overall"];
    let f1 = overall["f1"].as_f64().unwrap();
    let interval = &overall["intervals"]["f1"];
    assert!(interval["low"].as_f64().unwrap() < f1 && f1 < interval["high"].as_f64().unwrap(), "{overall}");
    let other = home.evaluate(&["--data", &many, "--json", "--seed", "8"]).ok().json();
    assert_ne!(other["overall"]["intervals"], overall["intervals"]);
    assert_eq!(other["overall"]["f1"], overall["f1"]);
}

#[test]
fn other_peoples_columns_are_mapped() {
    let home = Home::new();
    let csv =
        "job_id,description,requirements,fraudulent,site\n1,Pay the fee,now,t,north\n2,Cook,,f,south\n3,,,f,south\n";
    let data = home.write("emp.csv", csv);
    let maps = [
        "--map",
        "label=fraudulent",
        "--map",
        "body=description+requirements",
        "--map",
        "external_id=job_id",
        "--map",
        "kind==job_ad",
    ];
    let mut arguments = vec!["--data", &data, "--json", "--attribute", "site"];
    arguments.extend(maps);
    let ran = home.evaluate(&arguments);
    assert_eq!(ran.code, 1, "the third row is no listing: {}", ran.err);
    assert!(ran.err.contains("record 3: a listing needs a text"), "{}", ran.err);
    let found = ran.json();
    assert_eq!((&found["set"]["listings"], &found["set"]["bad_records"]), (&json!(2), &json!(1)));
    assert_eq!(found["by_kind"][0]["name"], "job_ad");
    assert_eq!(found["fairness"]["rates"][1]["attribute"], "site");
    let named = home.evaluate(&[
        "--data",
        &data,
        "--map",
        "body=description",
        "--map",
        "label=site",
        "--positive",
        "north",
        "--json",
    ]);
    assert_eq!(named.json()["set"]["labelled"], 1);
    let wrong = home.evaluate(&["--data", &data, "--map", "colour=site"]);
    assert!(wrong.code == 2 && wrong.err.contains("the fields are"), "{}", wrong.err);
    let unlabelled = home.evaluate(&["--data", &data, "--map", "body=description"]);
    assert!(unlabelled.code == 2 && unlabelled.err.contains("--map label=COLUMN"), "{}", unlabelled.err);
}

#[test]
fn a_folder_of_parts_gives_the_part_that_is_asked_for() {
    let home = Home::new();
    home.write("set/train.jsonl", &listings());
    home.write("set/test.csv", "body,label\na fee,1\n");
    let folder = home.path("set").display().to_string();
    assert_eq!(home.evaluate(&["--data", &folder, "--json"]).ok().json()["set"]["listings"], 1);
    assert_eq!(home.evaluate(&["--data", &folder, "--split", "train", "--json"]).ok().json()["set"]["listings"], 6);
    let missing = home.evaluate(&["--data", &folder, "--split", "gold"]);
    assert!(
        missing.code == 2 && missing.err.contains("`gold`") && missing.err.contains("test, train"),
        "{}",
        missing.err
    );
}

#[test]
fn swaps_controls_and_benign_files_are_judged() {
    let home = Home::new();
    let data = home.write("set.jsonl", &listings());
    let benign = home.write("benign.jsonl", "{\"body\":\"gardener wanted\"}\n{\"body\":\"a fee for the club\"}\n");
    let swaps = home.write(
        "swaps.jsonl",
        "{\"id\":\"s1\",\"attribute\":\"name\",\"lang\":\"en\",\"body\":{\"a\":\"Maria pays a fee\",\"b\":\"Fatima pays a fee\"}}\n\
         {\"id\":\"s2\",\"attribute\":\"quality\",\"lang\":\"en\",\"body\":{\"a\":\"a fee\",\"b\":\"a fea\"}}\nnot json\n",
    );
    let control =
        home.write("control.jsonl", "{\"external_id\":\"k\",\"body\":\"our fee is low\"}\n{\"body\":\"cook\"}\n");
    let ran = home.evaluate(&[
        "--data",
        &data,
        "--benign",
        &benign,
        "--swaps",
        &swaps,
        "--control",
        &control,
        "--control-slice",
        "benign",
        "--json",
    ]);
    assert_eq!(ran.code, 1, "a control did not hold: {}", ran.err);
    let found = ran.json();
    assert_eq!(found["set"]["listings"], 8);
    assert_eq!(found["overall"]["counts"]["false_positive"], 2);
    let swaps = &found["fairness"]["swaps"];
    assert_eq!((&swaps["same_band"]["count"], &swaps["same_band"]["of"]), (&json!(1), &json!(2)));
    assert_eq!(swaps["differing"][0]["only_a"], json!(["labour.fee"]));
    let controls = found["fairness"]["controls"].as_array().unwrap();
    assert_eq!(
        (&controls[0]["held"], &controls[1]["held"], &controls[1]["ids"]),
        (&json!(true), &json!(false), &json!(["k"]))
    );
    assert!(ran.err.contains("swaps.jsonl: record 3: not JSON"), "{}", ran.err);
    let unknown = home.evaluate(&["--data", &data, "--control-slice", "nowhere"]);
    assert!(unknown.code == 2 && unknown.err.contains("no slice `nowhere`"), "{}", unknown.err);
}

#[test]
fn two_runs_are_compared_listing_by_listing() {
    let home = Home::new();
    let data = home.write("set.jsonl", &listings());
    let one = home.path("one").display().to_string();
    home.evaluate(&["--data", &data, "--out", &one]).ok();
    std::fs::write(
        home.path("pack/labour.visa.yaml"),
        rule("labour.visa", "visa", 25).replace("version: 1", "version: 2"),
    )
    .unwrap();
    let two = home.path("two").display().to_string();
    let found = home.evaluate(&["--data", &data, "--out", &two, "--baseline", &one, "--json"]).ok().json();
    let baseline = &found["baseline"];
    assert_eq!((&baseline["paired"], &baseline["changed_side_count"]), (&json!(6), &json!(1)));
    assert_eq!(
        baseline["changed_side"][0],
        json!({"external_id": "d", "label": 1, "bands": ["low", "review"], "points": [10, 25], "mended": true})
    );
    assert_eq!(
        (&baseline["mcnemar"]["only_first_right"], &baseline["mcnemar"]["only_second_right"]),
        (&json!(0), &json!(1))
    );
    assert!(close(&baseline["mcnemar"]["p"], 1.0));
    let diff = run(&["evaluate", "diff", &one, &two, "--json", "--bootstrap", "50"]).ok().json();
    assert_eq!(diff["differences"], baseline["differences"]);
    let text = run(&["evaluate", "diff", &one, &two]).ok().out;
    assert!(text.contains("6 listings in both") && text.contains("d (label 1): low to review, right now"), "{text}");
    let none = run(&["evaluate", "diff", &one, &home.path("pack").display().to_string()]);
    assert!(none.code == 2 && none.err.contains("not the folder of a run"), "{}", none.err);
}

#[test]
fn what_makes_no_sense_is_refused_before_the_work() {
    let home = Home::new();
    let data = home.write("set.jsonl", &listings());
    for (arguments, words) in [
        (vec!["--prevalence", "1"], "above 0 and below 1"),
        (vec!["--capacity", "0"], "neither a count"),
        (vec!["--bootstrap", "999999"], "resamples"),
        (vec!["--baseline", "/nowhere/at/all"], "not the folder of a run"),
        (vec!["--rank-by", "classifier"], "no model"),
    ] {
        let mut all = vec!["evaluate", "--rules"];
        let pack = home.path("pack").display().to_string();
        all.extend([pack.as_str(), "--model", "none", "--data", &data]);
        all.extend(arguments);
        let ran = run(&all);
        assert!(ran.code == 2 && ran.err.contains(words), "{words}: {}", ran.err);
    }
    let missing = home.evaluate(&["--data", "/nowhere/set.jsonl"]);
    assert!(missing.code == 2 && missing.err.contains("/nowhere/set.jsonl"), "{}", missing.err);
    let empty = home.write("empty.jsonl", "\n");
    let nothing = home.evaluate(&["--data", &empty]);
    assert!(nothing.code == 2 && nothing.err.contains("no record"), "{}", nothing.err);
    assert_eq!(run(&["evaluate"]).code, 2);
}

#[test]
fn a_workspace_in_the_environment_is_no_data() {
    let home = Home::new();
    let data = home.write("set.jsonl", &listings());
    let pack = home.path("pack").display().to_string();
    let output = lapwing()
        .args(["evaluate", "--rules", &pack, "--model", "none", "--bootstrap", "0", "--json", "--data", &data])
        .env("LAPWING_DATA", home.path("nowhere"))
        .output()
        .unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["set"]["listings"], 6);
    assert!(found["overall"]["intervals"].is_null());
}

#[test]
fn the_own_rules_and_model_are_ablated() {
    let home = Home::new();
    let data = home.write("set.jsonl", &listings());
    let found = run(&["evaluate", "--data", &data, "--bootstrap", "0", "--json"]).ok().json();
    let parts: Vec<&str> =
        found["ablation"]["parts"].as_array().unwrap().iter().map(|part| part["part"].as_str().unwrap()).collect();
    assert_eq!(parts[0], "rules alone");
    assert!(parts[1].starts_with("classifier alone") && parts[2] == "both", "{parts:?}");
    assert_eq!(found["calibration"]["bins"].as_array().unwrap().len(), 10);
    assert!(found["rules"].as_array().unwrap().len() > 50);
}

#[test]
fn training_takes_the_same_data() {
    let home = Home::new();
    let mut table = "job_id,description,fraudulent\n".to_string();
    for n in 0..90 {
        let text = if n % 2 == 0 { "pay the fee first" } else { "cook wanted" };
        let text = format!("{text} {}", crate::train::own_words(n, 20));
        table.push_str(&format!("{n},{text},{}\n", if n % 2 == 0 { "t" } else { "f" }));
    }
    home.write("set/train.csv", &table);
    let (folder, model) = (home.path("set").display().to_string(), home.path("model").display().to_string());
    let pack = home.path("pack").display().to_string();
    let mut arguments = vec!["train", "--data", &folder, "--rules", &pack, "--out", &model, "--json"];
    arguments.extend(["--map", "label=fraudulent", "--map", "body=description", "--map", "external_id=job_id"]);
    let metrics = run(&arguments).ok().json();
    assert!(close(&metrics["average_precision"], 1.0), "{metrics}");
    let mut arguments =
        vec!["evaluate", "--data", &folder, "--split", "train", "--rules", &pack, "--model", &model, "--json"];
    arguments.extend(["--map", "label=fraudulent", "--map", "body=description", "--rank-by", "classifier"]);
    let found = run(&arguments).ok().json();
    assert_eq!(found["provenance"]["models"][0]["name"], "model");
    assert!(close(&found["overall"]["average_precision"], 1.0), "{}", found["overall"]);
    assert!(found["calibration"]["brier"].as_f64().unwrap() < 0.2);
    run(&["train", "--data", &folder, "--split", "gold", "--out", &model])
        .err
        .contains("`gold`")
        .then_some(())
        .unwrap();
}
