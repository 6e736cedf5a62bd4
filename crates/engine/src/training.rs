//! Training as a use-case: labelled files in, a folder with model, metrics and card out.

use std::fs;
use std::path::{Path, PathBuf};

use lapwing_detect::{Detector, Metrics, TrainOptions, Trained, train};

use crate::error::{EngineError, Result};
use crate::input::{BadRecord, Columns, LabelledFile, LabelledInput, read_labelled};
use crate::packs::load_pack;

/// What training is asked for.
#[derive(Debug, Clone)]
pub struct TrainRequest {
    /// The labelled files, or folders with one file a part.
    pub data: Vec<PathBuf>,
    /// The part of a folder that is learned from.
    pub split: String,
    /// Which column is which field.
    pub columns: Columns,
    /// Packs whose rules are features; the program's own where none is named.
    pub rules: Vec<PathBuf>,
    /// The folder of the model; its name is the model's.
    pub out: PathBuf,
    /// Seed, features, passes.
    pub options: TrainOptions,
    /// Whether a model that stands there may be replaced by one that is not better.
    pub force: bool,
}

/// What training came to.
#[derive(Debug)]
pub struct TrainedFiles {
    /// The figures on the test part.
    pub metrics: Metrics,
    /// Listings that were read.
    pub listings: usize,
    /// Records that were not read.
    pub bad: Vec<BadRecord>,
    /// Texts that stand under both labels.
    pub contradictions: usize,
    /// Where the model is.
    pub folder: PathBuf,
}

/// Trains a model and writes `model.json`, `metrics.json` and `CARD.md`.
///
/// # Errors
/// Where a file cannot be read, there is too little data, or the model that stands there is better.
pub fn train_model(request: &TrainRequest, progress: &mut dyn FnMut(f64)) -> Result<TrainedFiles> {
    let LabelledFile { listings, bad } = read_labelled(&LabelledInput {
        paths: request.data.clone(),
        part: request.split.clone(),
        columns: request.columns.clone(),
    })?;
    let detector = Detector::new(load_pack(&request.rules)?, None);
    let trained = train(&detector, &listings, &request.options, progress)?;
    refuse_worse(&request.out, trained.model.metrics(), request.force)?;
    write(&request.out, &trained, request, listings.len())?;
    Ok(TrainedFiles {
        metrics: trained.model.metrics().clone(),
        listings: listings.len(),
        bad,
        contradictions: trained.contradictions,
        folder: request.out.clone(),
    })
}

/// A model is replaced only by one that orders its own test part better.
fn refuse_worse(folder: &Path, new: &Metrics, force: bool) -> Result<()> {
    if force || !folder.join("model.json").exists() {
        return Ok(());
    }
    let old = crate::packs::load_model(folder)?;
    let (before, now) = (old.metrics().average_precision, new.average_precision);
    if now >= before {
        return Ok(());
    }
    let message = format!(
        "the new model's average precision is {now:.3}, that of the model in `{}` is {before:.3}; it was not replaced (`--force` does so)",
        folder.display()
    );
    Err(EngineError::Request(message))
}

fn write(folder: &Path, trained: &Trained, request: &TrainRequest, listings: usize) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| EngineError::file("make the folder", folder, error))?;
    let metrics = serde_json::to_string_pretty(trained.model.metrics()).unwrap_or_default() + "\n";
    let files = [
        ("model.json", trained.model.to_json()),
        ("metrics.json", metrics),
        ("CARD.md", card(trained, request, listings)),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| EngineError::file("write", &path, error))?;
    }
    Ok(())
}

/// What a reader must know before trusting the number.
fn card(trained: &Trained, request: &TrainRequest, listings: usize) -> String {
    let metrics = trained.model.metrics();
    let data: Vec<String> = request.data.iter().map(|path| file_name(path)).collect();
    format!(
        "# Model {name}\n\n\
         ## What it is\n\
         A linear model over named features (rules, families, structure, words and word pairs), trained by follow-the-regularised-leader \
         (linfa-ftrl) and calibrated by Platt's method. It says how likely a reviewer is to want to look at a listing, given listings like \
         those it was trained on. It orders work. It says nothing of what is true of a person.\n\n\
         ## How it is used\n\
         A listing of band `low` with a calibrated score of {raise:.3} or more is lifted to `review`. It never lowers a listing and never \
         flags one for which no rule scored.\n\n\
         ## Data\n\
         {listings} labelled listings from {data}. Contradictory texts: {contradictions}. Clusters of near-duplicates stay in one part. \
         Parts (training, calibration, test): {parts:?}. Features seen: {seen}.\n\n\
         ## Figures on the test part\n\
         | figure | value |\n|---|---|\n\
         | average precision | {ap:.3} |\n| base rate | {base:.3} |\n| precision at the threshold | {precision:.3} |\n\
         | recall at the threshold | {recall:.3} |\n| Brier score | {brier:.3} |\n\n\
         ## Limits\n\
         Invented fixtures flatter: they were written by the people who wrote the rules' catalogue, and their share of labelled listings is far \
         above that of the world. The figures say that the parts fit together, not how well the model does on real adverts. Words that name a \
         nationality, an ethnicity, a gender or a religion are left out before anything is counted.\n\n\
         ## Made by\n\
         `lapwing train --data {command} --seed {seed} --out models/{name}`\n",
        name = trained.model.name(),
        raise = trained.model.raise_at(),
        data = data.join(", "),
        contradictions = trained.contradictions,
        parts = metrics.parts,
        seen = trained.features_seen,
        ap = metrics.average_precision,
        base = metrics.base_rate,
        precision = metrics.precision,
        recall = metrics.recall,
        brier = metrics.brier,
        command = request.data.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" "),
        seed = request.options.seed,
    )
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
