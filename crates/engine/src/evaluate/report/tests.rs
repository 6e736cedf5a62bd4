//! The page holds what it should, and hostile text in it is inert.

use lapwing_detect::evaluation::Share;
use lapwing_types::Band;

use super::super::document::{Control, Mistake, Run, Swaps};
use super::page;

/// A run over two listings of a pack without rules.
fn run() -> Run {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("pack");
    std::fs::create_dir(&pack).unwrap();
    let text = "format: 1\nname: '<b>own</b>'\nversion: '1'\nlicence: CC0-1.0\nbands: {low: 5, review: 20, high: 40, urgent: 80}\nfamilies: {LB: {cap: 70}}\n";
    std::fs::write(pack.join("pack.yaml"), text).unwrap();
    let data = folder.path().join("<img src=x>.jsonl");
    let lines = "{\"external_id\":\"<script>alert(1)</script>\",\"body\":\"call +44 7700 900123 <script>\",\"label\":1,\"slice\":\"<i>\"}\n{\"body\":\"b\",\"label\":0}\n";
    std::fs::write(&data, lines).unwrap();
    let request = crate::EvaluateRequest {
        data: crate::LabelledInput { paths: vec![data], part: "test".into(), columns: crate::Columns::default() },
        benign: vec![],
        swaps: vec![],
        controls: vec![],
        control_slices: vec![],
        attributes: vec![],
        settings: crate::DetectSettings::default(),
        rules: vec![pack],
        models: vec!["none".into()],
        at: Band::Review,
        rank_by: crate::RankBy::Default,
        prevalence: vec![0.01],
        capacity: None,
        bootstrap: 10,
        seed: 1,
        baseline: None,
        out: None,
        force: false,
        show_text: true,
    };
    crate::evaluate(&request, &mut |_| {}).unwrap().run
}

#[test]
fn hostile_text_is_inert_and_contacts_are_masked() {
    let mut run = run();
    let name = "\"><script>alert(2)</script>".to_string();
    run.fairness.controls.push(Control {
        name: name.clone(),
        flagged: Share::new(1, 2),
        held: false,
        ids: vec![name.clone()],
    });
    run.mistakes.false_positives.push(Mistake { external_id: name, ..run.mistakes.false_negatives[0].clone() });
    let html = page(&run, true);
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<i>") && !html.contains("<b>own"));
    assert!(html.contains("&lt;script&gt;alert(1)"));
    assert!(!html.contains("900123") && html.contains('•'), "the contact of a mistake is masked");
    assert!(!html.contains("http://") && !html.contains("https://"), "nothing remote");
}

#[test]
fn a_page_without_text_holds_none() {
    let run = run();
    assert!(page(&run, true).contains("Begins"));
    assert!(!page(&run, false).contains("Begins"));
}

#[test]
fn what_is_absent_is_not_drawn() {
    let mut run = run();
    assert!(page(&run, true).contains("Precision and recall"));
    assert!(!page(&run, true).contains("Reliability") && !page(&run, true).contains("Swap pairs"));
    run.fairness.swaps = Some(Swaps {
        same_band: Share::new(1, 1),
        same_side: Share::new(1, 1),
        by_attribute: vec![],
        by_language: vec![],
        differing: vec![],
    });
    run.curve.clear();
    assert!(page(&run, true).contains("Swap pairs") && page(&run, true).contains("no order to judge"));
    assert!(!page(&run, true).contains("NaN"));
}
