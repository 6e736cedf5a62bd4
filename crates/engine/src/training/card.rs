//! The card of a model: what a reader must know before trusting its number.

use std::fmt::Write as _;
use std::path::Path;

use lapwing_detect::evaluation::Interval;
use lapwing_detect::{Drift, Learner, Model, Reached};

use super::TrainRequest;
use crate::error::{EngineError, Result};

/// The card of a model that was just trained.
pub(super) fn card(model: &Model, request: &TrainRequest, listings: usize, contradictions: usize) -> String {
    let (metrics, raise, capacity) = (model.metrics(), model.raise(), model.capacity());
    let data: Vec<String> = request.data.iter().map(|path| file_name(path)).collect();
    let decided = match request.decided.len() {
        0 => String::new(),
        count => format!(" {count} of them were decided by reviewers."),
    };
    let learner = match model.learner() {
        Learner::Ftrl => "follow-the-regularised-leader (linfa-ftrl)",
        Learner::Logistic => "logistic regression with an L2 penalty (linfa-logistic)",
    };
    format!(
        "# Model {name}\n\n\
         ## What it is\n\
         A linear model over {features} named features (rules, families, concepts, structure, words, pairs of words), trained by {learner} \
         and calibrated by Platt's method on cross-validation. It says how likely a reviewer is to want to look at a listing, given \
         listings like those it was trained on. It orders work. It says nothing of what is true of a person.\n\n\
         ## Intended use\n\
         Beside the rule pack, to lift listings that the rules leave below `review`: of band `low` from {low:.3} on, of band `none` from \
         {unscored:.3} on, and only where the number stays up without its strongest feature. It never lowers a listing. These points were \
         chosen so that, by cross-validation, lifting adds at most {share:.1} % of all listings to the queue where {prevalence:.1} % of them \
         deserve a look. Not for deciding about a person, not without a reviewer, not for another kind of text than adverts.\n\n\
         ## Data\n\
         {listings} labelled listings from {data}.{decided} Texts under both labels: {contradictions}. Listings that share a cluster, a contact or \
         most of their text form {groups} groups, which stay in one part. Training {training}, test {test}.\n\n\
         ## Figures on the test part\n\
         | figure | value |\n|---|---|\n\
         | average precision | {ap:.3}{ap_interval} |\n| the same by cross-validation on the training part | {cv:.3} |\n| base rate | {base:.3} |\n\
         | Brier score | {brier:.3} |\n| expected calibration error | {ece:.3} |\n\n\
         | what reaches review | precision | recall |\n|---|---|---|\n{ablation}\n\
         Rules and model: precision{precision_interval}, recall{recall_interval}. Intervals hold 95 % of resamples of whole groups.\n\n\
         | slice | listings | labelled 1 | reach review | right |\n|---|---|---|---|---|\n{slices}\n\
         | language | listings | labelled 1 | reach review | right |\n|---|---|---|---|---|\n{languages}\n\
         ## Limits\n\
         Invented fixtures flatter: they were written by people who knew the catalogue of indicators, the rules were tuned on part of them, and \
         their share of labelled listings is far above that of the world. The figures say that the parts fit together, not how well the model \
         does on real adverts. Words and concepts that name a nationality, an ethnicity, a gender or a religion are left out before anything is \
         counted; others may still stand in for them.\n\n\
         ## Made by\n\
         `lapwing train --data {command} --seed {seed} --out models/{name}`\n",
        name = model.name(),
        features = model.features(),
        low = raise.low,
        unscored = raise.unscored,
        share = capacity.share * 100.0,
        prevalence = capacity.prevalence * 100.0,
        data = data.join(", "),
        groups = metrics.groups,
        training = metrics.training,
        test = metrics.test,
        ap = metrics.average_precision,
        ap_interval = between(metrics.intervals.average_precision),
        precision_interval = between(metrics.intervals.precision),
        recall_interval = between(metrics.intervals.recall),
        cv = metrics.cross_validated_average_precision,
        base = metrics.base_rate,
        brier = metrics.brier,
        ece = metrics.calibration_error,
        ablation = ablation(&[
            ("rules", &metrics.rules),
            ("model alone, from one half on", &metrics.classifier),
            ("rules and model", &metrics.both)
        ]),
        slices = rows(&metrics.slices),
        languages = rows(&metrics.languages),
        command = request.data.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" "),
        seed = request.options.seed,
    )
}

fn between(interval: Option<Interval>) -> String {
    interval.map_or_else(String::new, |Interval { low, high }| format!(" ({low:.3} to {high:.3})"))
}

fn ablation(lines: &[(&str, &Reached)]) -> String {
    let mut text = String::new();
    for (name, reached) in lines {
        let _ = writeln!(text, "| {name} | {:.3} | {:.3} |", reached.precision(), reached.recall());
    }
    text
}

fn rows(reached: &std::collections::BTreeMap<String, Reached>) -> String {
    let mut text = String::new();
    for (name, reached) in reached {
        let name = if name.is_empty() { "(none)" } else { name };
        let Reached { listings, positives, flagged, right } = reached;
        let _ = writeln!(text, "| {} | {listings} | {positives} | {flagged} | {right} |", in_cell(name));
    }
    text
}

/// A name from a file as a table's cell: no mark of the table, one line.
fn in_cell(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).map(|c| if c == '|' { '/' } else { c }).take(80).collect()
}

/// The card that stands, with a paragraph on an update.
pub(super) fn update_note(folder: &Path, listings: usize, drift: &Drift, average_precision: f64) -> Result<String> {
    let path = folder.join("CARD.md");
    let mut card = match std::fs::read_to_string(&path) {
        Ok(card) => card,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(EngineError::file("read", &path, error)),
    };
    let _ = writeln!(
        card,
        "\n## Update\nLearned from {listings} more listings. Before that its average precision on them was {average_precision:.3}, the \
         expected calibration error {:.3}, the population stability index of its number {:.3}. The figures above are those of the training.",
        drift.calibration_error, drift.score
    );
    for alarm in &drift.alarms {
        let _ = writeln!(card, "\n- {alarm}");
    }
    Ok(card)
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
