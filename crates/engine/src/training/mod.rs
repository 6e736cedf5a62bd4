//! Training as a use-case: labelled files and decisions in, a folder with model, state, metrics and card out.

mod card;
mod decisions;
mod folder;

use std::path::PathBuf;

use lapwing_detect::{
    Detector, Drift, Example, Labelled, Metrics, TrainOptions, Trained, average_precision_of, train, update,
};
use rayon::prelude::*;

use crate::error::{EngineError, Result};
use crate::input::{BadRecord, Columns, LabelledInput, read_labelled};
use crate::packs::load_pack;

pub use decisions::decided_listings;

/// What training is asked for.
#[derive(Debug, Clone)]
pub struct TrainRequest {
    /// The labelled files, or folders with one file a part.
    pub data: Vec<PathBuf>,
    /// The part of a folder that is learned from.
    pub split: String,
    /// Which column is which field.
    pub columns: Columns,
    /// Labelled listings from elsewhere, mostly [`decided_listings`].
    pub decided: Vec<Labelled>,
    /// Packs whose rules are features; the program's own where none is named.
    pub rules: Vec<PathBuf>,
    /// The folder of the model; its name is the model's.
    pub out: PathBuf,
    /// Seed, features, passes, learner, capacity.
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
    /// How many of them were decided by reviewers.
    pub decided: usize,
    /// Records that were not read.
    pub bad: Vec<BadRecord>,
    /// The ids of listings whose text stands under both labels.
    pub contradictions: Vec<String>,
    /// The average precision, on the same test part, of the model that stood there.
    pub replaced: Option<f64>,
    /// Where the model is.
    pub folder: PathBuf,
}

/// What going on learning came to.
#[derive(Debug)]
pub struct UpdatedFiles {
    /// How far the new listings are from those of the training.
    pub drift: Drift,
    /// Average precision on the new listings before they were learned from.
    pub average_precision: f64,
    /// Listings that were learned from.
    pub listings: usize,
    /// Records that were not read.
    pub bad: Vec<BadRecord>,
    /// Where the model is.
    pub folder: PathBuf,
}

/// Making the examples takes most of the time.
const SHARE_OF_EXAMPLES: f64 = 0.6;
/// Examples are made so many at a time, so that progress is told.
const CHUNK: usize = 512;

/// Trains a model and writes `model.json`, `learner.json`, `metrics.json` and `CARD.md`.
///
/// # Errors
/// Where a file cannot be read, there is too little data, or the model that stands there is better.
pub fn train_model(request: &TrainRequest, progress: &mut (dyn FnMut(f64) + Send)) -> Result<TrainedFiles> {
    let (listings, bad) = read_all(request)?;
    let detector = Detector::new(load_pack(&request.rules)?, None);
    let examples = examples(&detector, &listings, &mut |done| progress(done * SHARE_OF_EXAMPLES));
    let mut trained = |done: f64| progress(SHARE_OF_EXAMPLES + done * (1.0 - SHARE_OF_EXAMPLES));
    let trained = train(&detector, &listings, &examples, &request.options, &mut trained)?;
    let replaced = match folder::standing_model(&request.out) {
        // What cannot be read may be replaced by force.
        Err(_) if request.force => None,
        standing => standing?,
    };
    let replaced = replaced.map(|old| average_precision_of(&old, &examples, &trained.test));
    refuse_worse(request, &trained, replaced)?;
    let contradictions: Vec<String> =
        trained.contradictions.iter().map(|index| listings[*index].listing.external_id.clone()).collect();
    let card = card::card(&trained.model, request, listings.len(), contradictions.len());
    folder::write(&request.out, &trained.model, trained.state.as_ref(), &card)?;
    Ok(TrainedFiles {
        metrics: trained.model.metrics().clone(),
        listings: listings.len(),
        decided: request.decided.len(),
        bad,
        contradictions,
        replaced,
        folder: request.out.clone(),
    })
}

/// Lets the model of a folder go on learning from listings that came later, and says whether they look otherwise.
///
/// # Errors
/// Where a file cannot be read, or the folder holds no model with a learner's state.
pub fn update_model(request: &TrainRequest) -> Result<UpdatedFiles> {
    let (listings, bad) = read_all(request)?;
    let Some(model) = folder::standing_model(&request.out)? else {
        let message =
            format!("`{}` holds no model to update; train one without `--update` first", request.out.display());
        return Err(EngineError::Request(message));
    };
    let state = folder::standing_state(&request.out)?;
    let detector = Detector::new(load_pack(&request.rules)?, None);
    let examples = examples(&detector, &listings, &mut |_| {});
    let updated = update(&model, &state, &examples, request.options.seed)?;
    let card = card::update_note(&request.out, listings.len(), &updated.drift, updated.average_precision_before)?;
    folder::write(&request.out, &updated.model, Some(&updated.state), &card)?;
    Ok(UpdatedFiles {
        drift: updated.drift,
        average_precision: updated.average_precision_before,
        listings: listings.len(),
        bad,
        folder: request.out.clone(),
    })
}

fn read_all(request: &TrainRequest) -> Result<(Vec<Labelled>, Vec<BadRecord>)> {
    let mut read = read_labelled(&LabelledInput {
        paths: request.data.clone(),
        part: request.split.clone(),
        columns: request.columns.clone(),
    })?;
    let mut listings = request.decided.clone();
    listings.append(&mut read.listings);
    match read.bad.first() {
        Some(BadRecord { file, number, reason }) if listings.is_empty() => {
            let count = read.bad.len();
            let message = format!(
                "no labelled listing could be read; the first of {count} bad records is {file}, record {number}: {reason}"
            );
            Err(EngineError::Request(message))
        }
        _ => Ok((listings, read.bad)),
    }
}

/// What training keeps of each listing, made on all cores.
fn examples(detector: &Detector, listings: &[Labelled], progress: &mut (dyn FnMut(f64) + Send)) -> Vec<Example> {
    let mut examples = Vec::with_capacity(listings.len());
    for chunk in listings.chunks(CHUNK) {
        examples.par_extend(chunk.par_iter().map(|labelled| detector.example(labelled)));
        progress(examples.len() as f64 / listings.len() as f64);
    }
    examples
}

/// A model is replaced only by one that orders the new test part at least as well.
fn refuse_worse(request: &TrainRequest, trained: &Trained, standing: Option<f64>) -> Result<()> {
    let now = trained.model.metrics().average_precision;
    match standing {
        Some(before) if before > now && !request.force => {
            let message = format!(
                "on the test part the new model's average precision is {now:.3}, that of the model in `{}` is \
                 {before:.3}; it was not replaced (`--force` does so)",
                request.out.display()
            );
            Err(EngineError::Request(message))
        }
        _ => Ok(()),
    }
}
