//! Whether groups are treated alike: rates by language and column, pairs that differ in an attribute alone, and listings
//! that must stay below the line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lapwing_detect::Detector;
use lapwing_detect::evaluation::{Confusion, Outcome, Share, newcombe};
use lapwing_types::{Band, Listing, RuleId};
use rayon::prelude::*;
use serde_json::Value;

use super::EvaluateRequest;
use super::cases::{Case, Cases, file_name};
use super::document::{Control, Fairness, RateRow, RateTable, SwapDifference, SwapRow, Swaps};
use super::figures::grouped;
use crate::error::{EngineError, Result};
use crate::input::{BadRecord, InputFormat, json_values, listings, open};

const MOST_IDS: usize = 50;
const MOST_DIFFERING: usize = 500;

pub(super) fn fairness(
    detector: &Detector,
    cases: &Cases,
    request: &EvaluateRequest,
    bad: &mut Vec<BadRecord>,
) -> Result<Fairness> {
    let mut tables = vec![rates(
        "language".to_string(),
        &cases.list,
        |case| case.lang,
        |number| cases.langs.name(number).to_string(),
    )];
    for (place, attribute) in request.attributes.iter().enumerate() {
        let of = |case: &Case| case.attributes.get(place).copied().unwrap_or(0);
        tables.push(rates(attribute.clone(), &cases.list, of, |number| cases.values.name(number).to_string()));
    }
    let mut controls = Vec::new();
    for slice in &request.control_slices {
        controls.push(slice_control(cases, slice)?);
    }
    for path in &request.controls {
        controls.push(file_control(detector, path, request.at, bad)?);
    }
    let swaps = if request.swaps.is_empty() { None } else { Some(swaps(detector, &request.swaps, request.at, bad)?) };
    Ok(Fairness { rates: tables, swaps, controls })
}

fn rates(attribute: String, cases: &[Case], number: impl Fn(&Case) -> u32, name: impl Fn(u32) -> String) -> RateTable {
    let count = |cases: &mut dyn Iterator<Item = &Case>| Confusion::of(cases.map(|case| (case.flagged, case.label)));
    let all = count(&mut cases.iter());
    let row = |(value, group): (String, Vec<&Case>)| {
        let own = count(&mut group.into_iter());
        let others = Confusion {
            true_positive: all.true_positive - own.true_positive,
            false_positive: all.false_positive - own.false_positive,
            false_negative: all.false_negative - own.false_negative,
            true_negative: all.true_negative - own.true_negative,
        };
        RateRow {
            value,
            false_positive_rate: own.false_positive_rate(),
            false_positive_difference: newcombe(&own.false_positive_rate(), &others.false_positive_rate()),
            recall: own.recall(),
            recall_difference: newcombe(&own.recall(), &others.recall()),
        }
    };
    RateTable { attribute, rows: grouped(cases, number, name).into_iter().map(row).collect() }
}

fn slice_control(cases: &Cases, slice: &str) -> Result<Control> {
    let Some(number) = cases.slices.find(slice) else {
        let message = format!("the data have no slice `{slice}` that could be a control set; look at `slice` in them");
        return Err(EngineError::Request(message));
    };
    let members: Vec<&Case> = cases.list.iter().filter(|case| case.slice == number).collect();
    let flagged: Vec<&str> = members.iter().filter(|case| case.flagged).map(|case| case.id.as_str()).collect();
    Ok(control(format!("slice {slice}"), &flagged, members.len()))
}

fn control(name: String, flagged: &[&str], listings: usize) -> Control {
    Control {
        name,
        flagged: Share::new(flagged.len() as u64, listings as u64),
        held: flagged.is_empty(),
        ids: flagged.iter().take(MOST_IDS).map(ToString::to_string).collect(),
    }
}

fn file_control(detector: &Detector, path: &PathBuf, at: Band, bad: &mut Vec<BadRecord>) -> Result<Control> {
    let name = path.display().to_string();
    let (mut flagged, mut count) = (Vec::new(), 0);
    for entry in listings(open(path)?, InputFormat::of_name(&name), &name) {
        let (number, record) = entry.map_err(|error| EngineError::file("read", path, error))?;
        match record {
            Ok(extracted) => {
                count += 1;
                if detector.outcome(&extracted.listing, &[]).band >= at {
                    let own = extracted.listing.external_id;
                    flagged.push(if own.is_empty() { format!("{}:{number}", file_name(path)) } else { own });
                }
            }
            Err(reason) => bad.push(BadRecord { file: name.clone(), number, reason }),
        }
    }
    let flagged: Vec<&str> = flagged.iter().map(String::as_str).collect();
    Ok(control(file_name(path), &flagged, count))
}

/// One invented or real advert in two spellings.
struct Pair {
    id: String,
    attribute: String,
    lang: String,
    listings: [Listing; 2],
}

fn swaps(detector: &Detector, files: &[PathBuf], at: Band, bad: &mut Vec<BadRecord>) -> Result<Swaps> {
    let mut pairs = Vec::new();
    for path in files {
        for entry in json_values(open(path)?) {
            let (number, value) = entry.map_err(|error| EngineError::file("read", path, error))?;
            match value.and_then(|value| pair(&value)) {
                Ok(pair) => pairs.push(pair),
                Err(reason) => bad.push(BadRecord { file: path.display().to_string(), number, reason }),
            }
        }
    }
    if pairs.is_empty() {
        let message = "the swap files hold no pair; a line is {\"id\", \"attribute\", \"title\": {\"a\", \"b\"}, \"body\": {\"a\", \"b\"}}";
        return Err(EngineError::Request(message.to_string()));
    }
    let judged: Vec<(Pair, [Outcome; 2])> = pairs
        .into_par_iter()
        .map(|pair| {
            let outcomes = [0, 1].map(|side| detector.outcome(&pair.listings[side], &[]));
            (pair, outcomes)
        })
        .collect();
    let differs = |(_, [a, b]): &&(Pair, [Outcome; 2])| a.band != b.band;
    let whole = swap_row(String::new(), &judged.iter().collect::<Vec<_>>(), at);
    Ok(Swaps {
        same_band: whole.same_band,
        same_side: whole.same_side,
        by_attribute: swap_rows(&judged, |pair| pair.attribute.clone(), at),
        by_language: swap_rows(&judged, |pair| pair.lang.clone(), at),
        differing: judged
            .iter()
            .filter(differs)
            .take(MOST_DIFFERING)
            .map(|judged| difference(detector, judged))
            .collect(),
    })
}

fn swap_rows(judged: &[(Pair, [Outcome; 2])], name: impl Fn(&Pair) -> String, at: Band) -> Vec<SwapRow> {
    let mut groups: BTreeMap<String, Vec<&(Pair, [Outcome; 2])>> = BTreeMap::new();
    for one in judged {
        groups.entry(name(&one.0)).or_default().push(one);
    }
    groups.into_iter().map(|(name, group)| swap_row(name, &group, at)).collect()
}

fn swap_row(name: String, group: &[&(Pair, [Outcome; 2])], at: Band) -> SwapRow {
    let count = |same: &dyn Fn(&Outcome, &Outcome) -> bool| {
        Share::new(group.iter().filter(|(_, [a, b])| same(a, b)).count() as u64, group.len() as u64)
    };
    let distance: i64 = group.iter().map(|(_, [a, b])| i64::from(a.points - b.points).abs()).sum();
    SwapRow {
        name,
        same_band: count(&|a, b| a.band == b.band),
        same_side: count(&|a, b| (a.band >= at) == (b.band >= at)),
        mean_points: distance as f64 / group.len().max(1) as f64,
    }
}

fn difference(detector: &Detector, (pair, [a, b]): &(Pair, [Outcome; 2])) -> SwapDifference {
    let only = |one: &Outcome, other: &Outcome| -> Vec<RuleId> {
        let hits = one.hits.iter().filter(|hit| !other.hits.iter().any(|found| found.rule == hit.rule));
        hits.filter_map(|hit| detector.pack().rules.get(hit.rule as usize)).map(|rule| rule.id.clone()).collect()
    };
    SwapDifference {
        id: pair.id.clone(),
        attribute: pair.attribute.clone(),
        language: pair.lang.clone(),
        bands: [a.band, b.band],
        points: [a.points, b.points],
        only_a: only(a, b),
        only_b: only(b, a),
    }
}

/// Reads a pair: `title` and `body` have an `a` and a `b`, everything else is the same for both.
fn pair(value: &Value) -> std::result::Result<Pair, String> {
    let Value::Object(object) = value else { return Err("a swap pair must be a JSON object".to_string()) };
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().to_string();
    let side = |side: &str| {
        let mut listing = object.clone();
        for field in ["title", "body"] {
            match object.get(field) {
                None | Some(Value::Null) => {}
                Some(Value::Object(spellings)) if spellings.get(side).is_some_and(Value::is_string) => {
                    listing.insert(field.to_string(), spellings[side].clone());
                }
                Some(_) => return Err(format!("`{field}` must be an object with the texts `a` and `b`")),
            }
        }
        Listing::from_json(&Value::Object(listing)).map(|(listing, _)| listing).map_err(|error| error.to_string())
    };
    if text("attribute").is_empty() {
        return Err("`attribute` must say in what the two spellings differ".to_string());
    }
    Ok(Pair { id: text("id"), attribute: text("attribute"), lang: text("lang"), listings: [side("a")?, side("b")?] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pair_has_two_spellings_of_one_advert() {
        let read = pair(&json!({"id": "s1", "attribute": "name", "lang": "en", "body": {"a": "Maria", "b": "Fatima"}}))
            .unwrap();
        assert_eq!(read.listings.map(|listing| listing.body), ["Maria", "Fatima"]);
    }

    #[test]
    fn what_is_no_pair_is_told() {
        let refused = |value: Value| pair(&value).err().unwrap();
        assert!(refused(json!([])).contains("JSON object"));
        assert!(refused(json!({"attribute": "name", "body": "one"})).contains("`a` and `b`"));
        assert!(refused(json!({"body": {"a": "x", "b": "y"}})).contains("`attribute`"));
        assert!(refused(json!({"attribute": "name"})).contains("needs a text"));
    }
}
