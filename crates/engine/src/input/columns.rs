//! Other people's columns: which of them is the label, which the text. `field=column` takes one, `field=one+two` joins
//! several, `field==value` sets what no column says.

use serde_json::{Map, Value};

use crate::error::{EngineError, Result};

/// What may stand left of `=`.
const FIELDS: [&str; 15] = [
    "external_id",
    "kind",
    "lang",
    "source",
    "url",
    "title",
    "body",
    "location",
    "price",
    "posted_at",
    "contacts",
    "label",
    "families",
    "cluster",
    "slice",
];

/// How columns become fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    mappings: Vec<(String, Source)>,
    /// Values of the label that count as 1; all others count as 0.
    positive: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Columns(Vec<String>),
    Constant(String),
}

impl Columns {
    /// Reads mappings as they are written on a command line.
    ///
    /// # Errors
    /// Where one has no `=`, or its field is none of a listing.
    pub fn parse(written: &[String], positive: &[String]) -> Result<Self> {
        let mut mappings = Vec::new();
        for mapping in written {
            let Some((field, rest)) = mapping.split_once('=') else {
                let help = "write FIELD=COLUMN, FIELD=COLUMN+COLUMN or FIELD==VALUE";
                return Err(EngineError::Request(format!("`--map {mapping}` has no `=`; {help}")));
            };
            let field = field.trim();
            if !FIELDS.contains(&field) {
                let message = format!(
                    "`--map {mapping}`: `{field}` is no field of a labelled listing; the fields are {}",
                    FIELDS.join(", ")
                );
                return Err(EngineError::Request(message));
            }
            let source = match rest.strip_prefix('=') {
                Some(constant) => Source::Constant(constant.to_string()),
                None => Source::Columns(rest.split('+').map(|column| column.trim().to_string()).collect()),
            };
            if source == Source::Columns(vec![String::new()]) {
                return Err(EngineError::Request(format!("`--map {mapping}` names no column")));
            }
            mappings.push((field.to_string(), source));
        }
        Ok(Self { mappings, positive: positive.to_vec() })
    }

    /// A record with its fields where a labelled listing has them.
    pub(super) fn apply(&self, value: Value) -> std::result::Result<Value, String> {
        let Value::Object(record) = value else { return Ok(value) };
        let mut mapped = record.clone();
        for (field, source) in &self.mappings {
            let found = match source {
                Source::Constant(constant) => Some(Value::String(constant.clone())),
                Source::Columns(columns) => joined(&record, columns)?,
            };
            match found {
                Some(found) => mapped.insert(field.clone(), found),
                None => mapped.remove(field),
            };
        }
        if let Some(label) = mapped.remove("label").filter(|label| !label.is_null()) {
            mapped.insert("label".to_string(), self.label(label));
        }
        if let Some(Value::String(families)) = mapped.get("families") {
            let names = families.split([',', ';', ' ', '|']).filter(|name| !name.is_empty());
            let list = names.map(|name| Value::String(name.to_string())).collect();
            mapped.insert("families".to_string(), Value::Array(list));
        }
        if let Some(Value::Number(number)) = mapped.get("cluster") {
            let text = number.to_string();
            mapped.insert("cluster".to_string(), Value::String(text));
        }
        Ok(Value::Object(mapped))
    }

    /// A label as people write it: 1, 1.0, true, "yes", or a value that was named as positive.
    fn label(&self, label: Value) -> Value {
        if !self.positive.is_empty() {
            let text = scalar(&label).unwrap_or_default();
            return Value::Bool(self.positive.iter().any(|positive| positive.trim() == text.trim()));
        }
        let Value::String(text) = &label else { return label };
        match text.trim().to_ascii_lowercase().as_str() {
            "1" | "1.0" | "true" | "t" | "yes" | "y" => Value::Bool(true),
            "0" | "0.0" | "false" | "f" | "no" | "n" => Value::Bool(false),
            _ => label,
        }
    }
}

/// The value of a column; names of columns are told apart by case only where it is needed.
pub(super) fn column<'a>(record: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let found = record.get(name).or_else(|| {
        let lower = name.to_lowercase();
        record.iter().find(|(key, _)| key.to_lowercase() == lower).map(|(_, value)| value)
    });
    found.filter(|value| !value.is_null())
}

/// A value as text, where it is one thing.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// One column is taken as it is; several are joined as paragraphs, those that are empty left out.
fn joined(record: &Map<String, Value>, columns: &[String]) -> std::result::Result<Option<Value>, String> {
    if let [name] = columns {
        return Ok(column(record, name).cloned());
    }
    let mut texts = Vec::new();
    for name in columns {
        let Some(value) = column(record, name) else { continue };
        let text =
            scalar(value).ok_or_else(|| format!("the column `{name}` is a list or an object and cannot be joined"))?;
        if !text.trim().is_empty() {
            texts.push(text);
        }
    }
    Ok((!texts.is_empty()).then(|| Value::String(texts.join("\n\n"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn columns(written: &[&str], positive: &[&str]) -> Columns {
        let own = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        Columns::parse(&own(written), &own(positive)).unwrap()
    }

    #[test]
    fn columns_are_taken_joined_and_set() {
        let mapped = columns(&["label=fraudulent", "body=description+Requirements+none", "kind==job_ad"], &[])
            .apply(json!({"fraudulent": "f", "description": "a", "requirements": 7, "title": "t"}))
            .unwrap();
        assert_eq!(mapped["body"], "a\n\n7");
        assert_eq!(
            (&mapped["label"], &mapped["kind"], &mapped["title"]),
            (&json!(false), &json!("job_ad"), &json!("t"))
        );
    }

    #[test]
    fn labels_are_read_as_people_write_them() {
        let label = |columns: &Columns, label: Value| columns.apply(json!({"label": label})).unwrap()["label"].clone();
        let plain = Columns::default();
        assert_eq!(label(&plain, json!("Yes")), json!(true));
        assert_eq!(label(&plain, json!(1)), json!(1));
        assert_eq!(label(&plain, json!("maybe")), json!("maybe"));
        let named = columns(&[], &["scam", "3"]);
        assert_eq!(label(&named, json!("scam")), json!(true));
        assert_eq!(label(&named, json!(3)), json!(true));
        assert_eq!(label(&named, json!("maybe")), json!(false));
        assert!(named.apply(json!({"label": null})).unwrap().get("label").is_none());
    }

    #[test]
    fn families_may_be_one_text() {
        let mapped = Columns::default().apply(json!({"families": "LB; CH", "cluster": 12})).unwrap();
        assert_eq!(mapped["families"], json!(["LB", "CH"]));
        assert_eq!(mapped["cluster"], "12");
    }

    #[test]
    fn what_cannot_be_mapped_is_told() {
        let refused = |written: &str| Columns::parse(&[written.to_string()], &[]).unwrap_err().to_string();
        assert!(refused("label").contains("has no `=`"));
        assert!(refused("colour=a").contains("the fields are external_id"));
        assert!(refused("label=").contains("names no column"));
        let list = columns(&["body=a+b"], &[]).apply(json!({"a": [1]})).unwrap_err();
        assert!(list.contains("column `a`"), "{list}");
    }
}
