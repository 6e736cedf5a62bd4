//! What build servers and code hosts read: SARIF of lint, JUnit of the examples, and the exit status.

use serde_json::Value;

use crate::authors::{RULE, pack, write};
use crate::support::run;

/// What SARIF 2.1.0 requires of a log file, its run, its tool and each result (sections 3.13, 3.14, 3.18, 3.19, 3.27).
fn assert_sarif(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"].as_array().unwrap()[0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(run["tool"]["driver"]["name"].is_string());
    assert!(matches!(run["columnKind"].as_str(), Some("unicodeCodePoints" | "utf16CodeUnits")));
    for rule in rules {
        assert!(rule["id"].is_string() && rule["shortDescription"]["text"].is_string(), "{rule}");
    }
    for result in run["results"].as_array().unwrap() {
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{result}");
        assert!(matches!(result["level"].as_str(), Some("error" | "warning")), "{result}");
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.is_empty() && !uri.contains([' ', '\\']), "{uri}");
        if let Some(region) = place.get("region") {
            assert!(region["startLine"].as_u64() > Some(0) && region["startColumn"].as_u64() > Some(0), "{region}");
        }
    }
}

#[test]
fn findings_are_sarif() {
    let (_folder, pack) = pack();
    let folder = pack.to_str().unwrap();
    let clean = run(&["rules", "lint", "--rules", folder, "--format", "sarif"]).ok().json();
    assert_sarif(&clean);
    assert_eq!(clean["runs"][0]["results"], serde_json::json!([]));
    write(&pack, "labour/labour.fee.yaml", &RULE.replace("references", "# references").replace("hard: true", "why: x"));
    let ran = run(&["rules", "lint", "--rules", folder, "--format", "sarif"]);
    assert_eq!(ran.code, 1);
    let log = ran.json();
    assert_sarif(&log);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let found: Vec<&str> = results.iter().map(|result| result["ruleId"].as_str().unwrap()).collect();
    assert!(found.contains(&"no-reference") && found.contains(&"no-hard-negative"), "{found:?}");
    let uri = results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
    assert!(std::path::Path::new(uri).exists(), "{uri}");
    write(&pack, "labour/labour.fee.yaml", "a: [b");
    assert_sarif(&run(&["rules", "lint", "--rules", folder, "--format", "sarif"]).json());
    std::fs::remove_file(pack.join("pack.yaml")).unwrap();
    assert_sarif(&run(&["rules", "lint", "--rules", folder, "--format", "sarif"]).json());
}

#[test]
fn examples_are_junit() {
    let (_folder, pack) = pack();
    let folder = pack.to_str().unwrap();
    let ran = run(&["rules", "test", "--rules", folder, "--format", "junit"]).ok();
    assert!(ran.out.starts_with("<?xml version=\"1.0\""), "{}", ran.out);
    assert!(ran.out.contains("<testsuites name=\"lapwing rules\" tests=\"6\" failures=\"0\">"), "{}", ran.out);
    assert_eq!(ran.out.matches("<testcase ").count(), 6);
    write(&pack, "labour/labour.fee.yaml", &RULE.replace("Packers wanted., hard", "Wanted a fee., hard"));
    let failed = run(&["rules", "test", "--rules", folder, "--format", "junit"]);
    assert_eq!(failed.code, 1);
    assert!(
        failed.out.contains("<failure message=\"should not match and does\">labour/labour.fee.yaml:17</failure>"),
        "{}",
        failed.out
    );
    assert_eq!(failed.out.matches("</testsuite>").count(), failed.out.matches("<testsuite ").count());
}

#[test]
fn the_exit_status_tells_clean_findings_and_could_not_run() {
    let (_folder, pack) = pack();
    let folder = pack.to_str().unwrap();
    assert_eq!(run(&["rules", "lint", "--rules", folder]).code, 0);
    assert_eq!(run(&["rules", "test", "nothing", "--rules", folder]).code, 2);
    assert_eq!(run(&["rules", "lint", "--rules", "no-such-folder"]).code, 2);
    assert_eq!(run(&["rules", "lint", "--rules", folder, "--json", "--format", "text"]).code, 2);
    write(&pack, "labour/labour.fee.yaml", "a: [b");
    assert_eq!(run(&["rules", "lint", "--rules", folder]).code, 1);
    assert_eq!(run(&["rules", "test", "--rules", folder]).code, 2);
}
