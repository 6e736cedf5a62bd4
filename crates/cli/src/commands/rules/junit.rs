//! Examples as JUnit XML, which build servers show as tests.

use lapwing_engine::ExampleReport;

/// One suite a rule or filter, one case an example.
pub(super) fn junit(report: &ExampleReport) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"lapwing rules\" tests=\"{}\" failures=\"{}\">\n",
        report.examples,
        report.failures.len()
    );
    for cases in report.cases.chunk_by(|one, other| one.rule == other.rule) {
        let failed = cases.iter().filter(|case| case.failure.is_some()).count();
        let rule = escape(&cases[0].rule);
        text.push_str(&format!(
            "  <testsuite name=\"{rule}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\">\n",
            cases.len()
        ));
        for case in cases {
            let (place, list) = (escape(&case.place), case.list);
            text.push_str(&format!("    <testcase classname=\"{rule}\" name=\"{list} {place}\""));
            match &case.failure {
                None => text.push_str("/>\n"),
                Some(failure) => text.push_str(&format!(
                    ">\n      <failure message=\"{}\">{place}</failure>\n    </testcase>\n",
                    escape(failure)
                )),
            }
        }
        text.push_str("  </testsuite>\n");
    }
    text + "</testsuites>\n"
}

/// XML has no way to write most controls, so they are shown as unreadable.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' => escaped.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
