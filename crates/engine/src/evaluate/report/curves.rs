//! Precision against recall, the ROC curve, and what is found by how much is read.

use maud::{Markup, html};

use super::super::document::Run;
use super::frame::{across, down, legend, path, plot};
use super::words::number;

/// Precision against recall; as measured, and at the first prevalence that was asked for.
pub(super) fn precision_recall(run: &Run) -> Markup {
    let measured: Vec<(f64, f64)> = run.curve.iter().map(|point| (point.recall, point.precision)).collect();
    let measured = started(measured);
    let base_rate = run.set.base_rate.unwrap_or(0.0);
    let prevalence = run.prevalence.first();
    let restated: Vec<(f64, f64)> = prevalence.map_or_else(Vec::new, |row| {
        let share = row.restated.prevalence;
        let precision = |recall: f64, wrong: f64| recall * share / (recall * share + wrong * (1.0 - share));
        let points = run.curve.iter().filter(|point| point.recall > 0.0);
        points.map(|point| (point.recall, precision(point.recall, point.false_positive_rate))).collect()
    });
    let restated = started(restated);
    let mut names =
        vec![("one", format!("these listings, average precision {}", number(run.overall.average_precision)))];
    if let Some(row) = prevalence {
        let name = format!(
            "where {} % deserve a look, average precision {}",
            super::words::short(row.restated.prevalence * 100.0),
            number(row.average_precision)
        );
        names.push(("two", name));
    }
    names.push(("chance", format!("a random order, {}", number(run.set.base_rate))));
    let inside = html! {
        line.line.chance x1=(across(0.0)) y1=(down(base_rate)) x2=(across(1.0)) y2=(down(base_rate)) {}
        @if !restated.is_empty() { path.line.two d=(path(&restated)) {} }
        path.line.one d=(path(&measured)) {}
        @if let (Some(recall), Some(precision)) = (run.overall.recall.value, run.overall.precision.value) {
            circle.here cx=(across(recall)) cy=(down(precision)) r="5" {}
        }
    };
    html! {
        (plot("Precision against recall", "recall", "precision", &inside))
        (legend(&names))
        p.note { "The ring is where the line between flagged and not flagged stands." }
    }
}

/// A curve begins at the left edge, at the height of its first point.
fn started(mut points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if let Some(first) = points.first().copied() {
        points.insert(0, (0.0, first.1));
    }
    points
}

/// The true-positive rate against the false-positive rate.
pub(super) fn roc(run: &Run) -> Markup {
    let mut points = vec![(0.0, 0.0)];
    points.extend(run.curve.iter().map(|point| (point.false_positive_rate, point.recall)));
    let inside = html! {
        line.line.chance x1=(across(0.0)) y1=(down(0.0)) x2=(across(1.0)) y2=(down(1.0)) {}
        path.line.one d=(path(&points)) {}
        @if let (Some(wrong), Some(recall)) = (run.overall.false_positive_rate.value, run.overall.recall.value) {
            circle.here cx=(across(wrong)) cy=(down(recall)) r="5" {}
        }
    };
    html! {
        (plot("Receiver operating characteristic", "false-positive rate", "recall", &inside))
        (legend(&[("one", format!("these listings, area {}", number(run.overall.roc_auc))), ("chance", "a random order, 0.5".to_string())]))
    }
}

/// How much is found by how much of the set is read.
pub(super) fn found_by_reading(run: &Run) -> Markup {
    let all = run.set.listings.max(1) as f64;
    let mut points = vec![(0.0, 0.0)];
    points.extend(run.curve.iter().map(|point| (point.flagged as f64 / all, point.recall)));
    let base_rate = run.set.base_rate.unwrap_or(0.0);
    let inside = html! {
        line.line.chance x1=(across(0.0)) y1=(down(0.0)) x2=(across(1.0)) y2=(down(1.0)) {}
        path.line.best d=(path(&[(0.0, 0.0), (base_rate, 1.0), (1.0, 1.0)])) {}
        path.line.one d=(path(&points)) {}
        @if let Some(capacity) = &run.capacity {
            @let read = capacity.at.k as f64 / all;
            line.mark x1=(across(read)) y1=(down(0.0)) x2=(across(read)) y2=(down(1.0)) {}
        }
    };
    let mut names = vec![
        ("one", "this order".to_string()),
        ("best", "the best possible".to_string()),
        ("chance", "a random order".to_string()),
    ];
    if let Some(capacity) = &run.capacity {
        names.push(("mark", format!("reading {} ({})", capacity.at.k, capacity.asked)));
    }
    html! {
        (plot("Share of the labelled that is found by the share that is read", "share of listings read", "share of labelled found", &inside))
        (legend(&names))
    }
}
