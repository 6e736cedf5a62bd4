//! `lapwing evaluate`: labelled listings in, figures out; `lapwing evaluate diff`: two runs side by side.

use std::process::ExitCode;

use lapwing_engine::{
    Comparison, EvaluateRequest, EvaluateStep, Figures, Group, LabelledInput, Run, compare_runs, evaluate, run_json,
};

use super::{Context, print};
use crate::arguments::{DiffArguments, EvaluateArguments, EvaluateCommand};
use crate::terminal;

/// Bad records that are named one by one.
const MOST_NAMED: usize = 20;
/// Rows of a table in the terminal; all are in run.json.
const MOST_ROWS: usize = 12;

pub(crate) fn run(context: &Context, arguments: &EvaluateArguments) -> anyhow::Result<ExitCode> {
    if let Some(EvaluateCommand::Diff(arguments)) = &arguments.command {
        return diff(arguments);
    }
    let request = request(context, arguments)?;
    let assessing = terminal::bar(None, "{spinner} {pos} listings  {per_sec}");
    let resampling = terminal::bar(Some(request.bootstrap), "{bar:24.cyan} {percent} %  resampling");
    let evaluated = evaluate(&request, &mut |step| match step {
        EvaluateStep::Assessed(done) => assessing.set_position(done),
        EvaluateStep::Resampled(done, _) => {
            assessing.finish_and_clear();
            resampling.set_position(done);
        }
    });
    assessing.finish_and_clear();
    resampling.finish_and_clear();
    let evaluated = evaluated?;
    for record in evaluated.bad.iter().take(MOST_NAMED) {
        eprintln!("{}: record {}: {}", terminal::clean(&record.file), record.number, terminal::clean(&record.reason));
    }
    if evaluated.bad.len() > MOST_NAMED {
        eprintln!("and {} more records that were not read", evaluated.bad.len() - MOST_NAMED);
    }
    let run = &evaluated.run;
    if arguments.json {
        print(&run_json(run))?;
    } else {
        print(&terminal::clean(&summary(run)))?;
    }
    if let Some(folder) = &arguments.out {
        eprintln!("wrote run.json, listings.csv, rules.csv and report.html to `{}`", folder.display());
    }
    let broken = run.fairness.controls.iter().any(|control| !control.held)
        || run.fairness.swaps.as_ref().is_some_and(|swaps| !swaps.differing.is_empty());
    Ok(ExitCode::from(u8::from(broken || !evaluated.bad.is_empty())))
}

fn request(context: &Context, arguments: &EvaluateArguments) -> anyhow::Result<EvaluateRequest> {
    Ok(EvaluateRequest {
        data: LabelledInput {
            paths: arguments.data.clone(),
            part: arguments.split.clone(),
            columns: arguments.reading.columns()?,
        },
        benign: arguments.benign.clone(),
        swaps: arguments.swaps.clone(),
        controls: arguments.control.clone(),
        control_slices: arguments.control_slice.clone(),
        attributes: arguments.attribute.clone(),
        settings: context.settings()?.config.detect,
        rules: arguments.rules.clone(),
        models: arguments.model.clone(),
        at: arguments.at.into(),
        rank_by: arguments.rank_by.into(),
        prevalence: arguments.prevalence.clone(),
        capacity: arguments.capacity,
        bootstrap: arguments.bootstrap,
        seed: arguments.seed,
        baseline: arguments.baseline.clone(),
        out: arguments.out.clone(),
        force: arguments.force,
        show_text: !arguments.without_text,
    })
}

fn diff(arguments: &DiffArguments) -> anyhow::Result<ExitCode> {
    let comparison = compare_runs(&arguments.first, &arguments.second, arguments.bootstrap, arguments.seed)?;
    if arguments.json {
        print(&run_json(&comparison))?;
    } else {
        print(&terminal::clean(&comparison_text(&comparison)))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The figures that somebody wants to see first.
fn summary(run: &Run) -> String {
    let mut text = format!(
        "{} listings, {} labelled for a look ({}), {} clusters; flagged from `{}` on: {}\n",
        run.set.listings,
        run.set.labelled,
        percent(run.set.base_rate),
        run.set.clusters,
        run.options.at,
        run.overall.flagged
    );
    if run.set.contradictory_texts > 0 {
        text.push_str(&format!("{} text(s) stand under both labels; look at them\n", run.set.contradictory_texts));
    }
    text.push('\n');
    text.push_str(&overall(&run.overall));
    text.push_str(&restated(run));
    for (name, groups) in [("language", &run.by_language), ("slice", &run.by_slice)] {
        if groups.len() > 1 {
            text.push('\n');
            text.push_str(&group_table(name, groups));
        }
    }
    text.push('\n');
    text.push_str(&parts(run));
    text.push_str(&rules(run));
    text.push_str(&fairness(run));
    if let Some(baseline) = &run.baseline {
        text.push_str("\nagainst the earlier run\n");
        text.push_str(&comparison_text(baseline));
    }
    text.push_str(
        "\na figure holds for these listings and their labels; it says nothing of what is true of a person\n",
    );
    text
}

fn overall(figures: &Figures) -> String {
    let intervals = figures.intervals.unwrap_or_default();
    let mut rows = Vec::new();
    let mut row = |name: &str, value: Option<f64>, interval: Option<(f64, f64)>| {
        let interval = interval.map_or_else(String::new, |(low, high)| format!("{low:.3} to {high:.3}"));
        rows.push(vec![name.to_string(), number(value), interval]);
    };
    let of = |interval: Option<lapwing_engine::Interval>| interval.map(|interval| (interval.low, interval.high));
    let wilson = |share: &lapwing_engine::Share| share.low.zip(share.high);
    row("precision", figures.precision.value, of(figures.precision_interval()));
    row("recall", figures.recall.value, of(figures.recall_interval()));
    row("F1", figures.f1, of(intervals.f1));
    row("F2", figures.f2, None);
    row("false-positive rate", figures.false_positive_rate.value, wilson(&figures.false_positive_rate));
    row("average precision", figures.average_precision, of(intervals.average_precision));
    row("ROC area", figures.roc_auc, of(intervals.roc_auc));
    terminal::table(&["figure", "value", "95 % interval"], &rows)
}

fn restated(run: &Run) -> String {
    let mut text = String::new();
    for row in &run.prevalence {
        let restated = &row.restated;
        let (Some(precision), Some(low), Some(high)) = (restated.precision, restated.low, restated.high) else {
            continue;
        };
        text.push_str(&format!(
            "where {} in 100 listings deserve a look: precision {precision:.3} ({low:.3} to {high:.3}), {:.1} of 1,000 flagged\n",
            restated.prevalence * 100.0,
            restated.flagged_per_thousand.unwrap_or(0.0)
        ));
    }
    if let Some(capacity) = &run.capacity {
        text.push_str(&format!(
            "reading the first {} ({}): {:.1} found, precision {:.3}, recall {}\n",
            capacity.at.k,
            capacity.asked,
            capacity.at.found,
            capacity.at.precision,
            number(capacity.at.recall)
        ));
    }
    if let Some(calibration) = &run.calibration {
        text.push_str(&format!(
            "classifier's number: Brier {:.3} (base rate alone {:.3}), expected calibration error {:.3}\n",
            calibration.brier, calibration.brier_of_base_rate, calibration.expected_error
        ));
    }
    text
}

fn group_table(name: &str, groups: &[Group]) -> String {
    let row = |group: &Group| {
        let figures = &group.figures;
        vec![
            terminal::line(&group.name, 30),
            figures.listings.to_string(),
            figures.labelled.to_string(),
            figures.flagged.to_string(),
            number(figures.precision.value),
            number(figures.recall.value),
            number(figures.false_positive_rate.value),
            number(figures.average_precision),
        ]
    };
    let rows: Vec<Vec<String>> = groups.iter().take(2 * MOST_ROWS).map(row).collect();
    terminal::table(
        &[name, "listings", "labelled", "flagged", "precision", "recall", "false pos.", "avg. prec."],
        &rows,
    )
}

fn parts(run: &Run) -> String {
    let row = |part: &lapwing_engine::PartRow| {
        let p = part.mcnemar.map_or_else(|| "-".to_string(), |test| probability(test.p));
        vec![
            terminal::line(&part.part, 40),
            number(part.precision.value),
            number(part.recall.value),
            number(part.f1),
            number(part.average_precision),
            p,
        ]
    };
    let rows: Vec<Vec<String>> = run.ablation.parts.iter().map(row).collect();
    terminal::table(&["part", "precision", "recall", "F1", "avg. prec.", "McNemar p"], &rows)
}

/// Rules that somebody should look at.
fn rules(run: &Run) -> String {
    let mut text = String::new();
    for state in ["dead", "noisy", "redundant"] {
        let names: Vec<&str> =
            run.rules.iter().filter(|row| row.state.as_str() == state).map(|row| row.rule.as_str()).collect();
        if names.is_empty() {
            continue;
        }
        let more =
            if names.len() > MOST_ROWS { format!(" and {} more", names.len() - MOST_ROWS) } else { String::new() };
        let shown = names.iter().take(MOST_ROWS).copied().collect::<Vec<_>>().join(", ");
        text.push_str(&format!("{state} rules ({} of {}): {shown}{more}\n", names.len(), run.rules.len()));
    }
    text
}

fn fairness(run: &Run) -> String {
    let mut text = String::new();
    for table in &run.fairness.rates {
        let clear = table.rows.iter().filter(|row| row.false_positive_difference.is_some_and(|found| found.clear));
        for row in clear.take(MOST_ROWS) {
            let difference = row.false_positive_difference.map_or(0.0, |difference| difference.value);
            let way = if difference > 0.0 { "above" } else { "below" };
            text.push_str(&format!(
                "false positives by {}: {} is {way} the others by {:.3}\n",
                terminal::line(&table.attribute, 30),
                terminal::line(&row.value, 30),
                difference.abs()
            ));
        }
    }
    if let Some(swaps) = &run.fairness.swaps {
        text.push_str(&format!(
            "swap pairs: {} of {} have one band, {} stand on one side of the line\n",
            swaps.same_band.count, swaps.same_band.of, swaps.same_side.count
        ));
        for pair in swaps.differing.iter().take(MOST_ROWS) {
            text.push_str(&format!(
                "  {} ({}, {}): {} and {}\n",
                terminal::line(&pair.id, 30),
                terminal::line(&pair.attribute, 30),
                terminal::line(&pair.language, 12),
                pair.bands[0],
                pair.bands[1]
            ));
        }
    }
    for control in &run.fairness.controls {
        let verdict = if control.held { "held" } else { "NOT HELD" };
        text.push_str(&format!(
            "control {}: {verdict}, {} of {} flagged\n",
            terminal::line(&control.name, 40),
            control.flagged.count,
            control.flagged.of
        ));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

fn comparison_text(comparison: &Comparison) -> String {
    let row = |difference: &lapwing_engine::FigureDifference| {
        let interval = difference
            .interval
            .map_or_else(String::new, |interval| format!("{:+.3} to {:+.3}", interval.low, interval.high));
        vec![
            difference.figure.replace('_', " "),
            number(difference.first),
            number(difference.second),
            difference.difference.map_or_else(|| "-".to_string(), |value| format!("{value:+.3}")),
            interval,
        ]
    };
    let rows: Vec<Vec<String>> = comparison.differences.iter().map(row).collect();
    let mut text = format!(
        "{} listings in both, {} only in `{}`, {} only in `{}`, {} left out for another label or text\n",
        comparison.paired,
        comparison.only_first,
        comparison.first.name,
        comparison.only_second,
        comparison.second.name,
        comparison.changed_data
    );
    let header = ["figure", &comparison.first.name, &comparison.second.name, "difference", "95 % interval"];
    text.push_str(&terminal::table(&header, &rows));
    let test = &comparison.mcnemar;
    text.push_str(&format!(
        "right where the other is not: {} and {}; McNemar p {}{}\n",
        test.only_first_right,
        test.only_second_right,
        probability(test.p),
        if test.exact { " (exact)" } else { "" }
    ));
    text.push_str(&format!("{} listing(s) changed side\n", comparison.changed_side_count));
    for changed in comparison.changed_side.iter().take(MOST_ROWS) {
        text.push_str(&format!(
            "  {} (label {}): {} to {}, {}\n",
            terminal::line(&changed.external_id, 40),
            changed.label,
            changed.bands[0],
            changed.bands[1],
            if changed.mended { "right now" } else { "wrong now" }
        ));
    }
    text
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_string(), |value| format!("{value:.3}"))
}

fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_string(), |value| format!("{:.1} %", value * 100.0))
}

fn probability(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_string() } else { format!("{p:.3}") }
}
