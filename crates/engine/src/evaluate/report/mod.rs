//! The report of a run: one HTML file without script or remote asset, with plots that read in light, in dark and on
//! paper. Whatever comes from a listing is escaped, and its contacts are masked.

mod bars;
mod curves;
mod frame;
mod reliability;
mod sections;
mod tables;
mod whisker;
mod words;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::document::Run;
use words::{interval, number, percent, short};

/// The page.
pub(super) fn page(run: &Run, show_text: bool) -> String {
    let title = "Evaluation of rules and classifier";
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (title) }
                style { (PreEscaped(include_str!("report.css"))) }
            }
            body {
                header { h1 { (title) } (lead(run)) }
                (facts(run))
                (sections::reading())
                (sections::outcome(run))
                (sections::order(run))
                (sections::prevalence(run))
                (sections::calibration(run))
                (sections::groups(run))
                (sections::parts(run))
                (sections::rules(run))
                (sections::fairness(run))
                (sections::baseline(run))
                (sections::mistakes(run, show_text))
                (sections::provenance(run))
            }
        }
    };
    page.into_string()
}

fn lead(run: &Run) -> Markup {
    let models: Vec<&str> = run.provenance.models.iter().take(1).map(|model| model.name.as_str()).collect();
    html! {
        p.lead {
            "Rule pack " bdi { (run.provenance.pack.name) } " " (run.provenance.pack.version)
            @if let Some(model) = models.first() { " with model " bdi { (model) } } @else { " without a model" }
            ", flagged from the band " b { (run.options.at) } " on."
        }
    }
}

fn facts(run: &Run) -> Markup {
    let overall = &run.overall;
    let intervals = overall.intervals.unwrap_or_default();
    let mut facts = vec![
        ("Listings", run.set.listings.to_string(), format!("{} clusters", run.set.clusters)),
        ("Labelled for a look", run.set.labelled.to_string(), percent(run.set.base_rate)),
        (
            "Flagged",
            overall.flagged.to_string(),
            percent(Some(overall.flagged as f64 / run.set.listings.max(1) as f64)),
        ),
        ("Precision", number(overall.precision.value), interval(overall.precision_interval())),
        ("Recall", number(overall.recall.value), interval(overall.recall_interval())),
        ("F1", number(overall.f1), interval(intervals.f1)),
        ("Average precision", number(overall.average_precision), interval(intervals.average_precision)),
    ];
    let first = run.prevalence.first().map(|row| row.restated);
    let name = first.map(|restated| format!("Precision where {} % deserve a look", short(restated.prevalence * 100.0)));
    if let (Some(restated), Some(name)) = (first, &name) {
        facts.push((
            name,
            number(restated.precision),
            format!("{} to {}", number(restated.low), number(restated.high)),
        ));
    }
    html! { dl.facts { @for (name, value, note) in &facts { div { dt { (name) } dd { (value) small { (note) } } } } } }
}

#[cfg(test)]
mod tests;
