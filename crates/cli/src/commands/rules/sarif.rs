//! Findings as SARIF 2.1.0, which code hosts show beside the lines.

use std::path::PathBuf;

use lapwing_engine::{CODES, Diagnostic, Severity};
use serde_json::{Value, json};

/// One run with all findings; `folders` are the packs, so that a file can be named as the reader finds it.
pub(super) fn sarif(found: &[Diagnostic], folders: &[PathBuf]) -> Value {
    let rules: Vec<Value> = CODES
        .iter()
        .map(|code| json!({"id": code.name, "shortDescription": {"text": code.meaning}, "helpUri": HELP}))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "lapwing",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": found.iter().map(|one| result(one, folders)).collect::<Vec<_>>(),
        }],
    })
}

const HELP: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/RULES.md#diagnostics");

fn result(finding: &Diagnostic, folders: &[PathBuf]) -> Value {
    let text = match finding.help.as_str() {
        "" => finding.message.clone(),
        help => format!("{}; {help}", finding.message),
    };
    let mut place = json!({"artifactLocation": {"uri": uri(&finding.file, folders)}});
    if finding.line > 0 {
        place["region"] = json!({"startLine": finding.line, "startColumn": finding.column.max(1)});
    }
    let level = if finding.severity == Severity::Error { "error" } else { "warning" };
    let mut result = json!({
        "ruleId": finding.code,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    });
    if let Some(index) = CODES.iter().position(|code| code.name == finding.code) {
        result["ruleIndex"] = json!(index);
    }
    result
}

/// The file's address: below the last pack that holds it, with what an address may not hold written as `%20`.
fn uri(file: &str, folders: &[PathBuf]) -> String {
    let holder = folders.iter().rev().find(|folder| folder.join(file).exists()).or(folders.first());
    let path = holder.map_or_else(|| PathBuf::from(file), |folder| folder.join(file));
    let text = path.to_string_lossy().replace('\\', "/");
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~');
    text.bytes().map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
