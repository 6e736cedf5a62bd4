//! `lapwing train`: labelled listings and decisions in, a model out.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use lapwing_engine::{
    BadRecord, Capacity, Labelled, Learner, TrainOptions, TrainRequest, TrainedFiles, UpdatedFiles, decided_listings,
    train_model, update_model,
};
use serde_json::json;

use super::{Context, print_json};
use crate::arguments::{LearnerArgument, TrainArguments};
use crate::terminal;

pub(crate) async fn run(context: &Context, arguments: &TrainArguments) -> anyhow::Result<ExitCode> {
    let request = TrainRequest {
        data: arguments.data.clone(),
        decided: decided(context, arguments).await?,
        split: arguments.split.clone(),
        columns: arguments.reading.columns()?,
        rules: arguments.rules.clone(),
        out: arguments.out.clone(),
        options: options(arguments)?,
        force: arguments.force,
    };
    if arguments.update {
        let updated = update_model(&request)?;
        return tell_update(&updated, arguments.json);
    }
    let bar = terminal::bar(Some(1_000), "{bar:24.cyan} {percent} %  training");
    let trained = train_model(&request, &mut |done| bar.set_position((done * 1_000.0) as u64));
    bar.finish_and_clear();
    tell(&trained?, arguments.json)
}

fn options(arguments: &TrainArguments) -> anyhow::Result<TrainOptions> {
    let name = arguments.out.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("`{}` does not name a model", arguments.out.display()))?.to_string();
    Ok(TrainOptions {
        name,
        seed: arguments.seed,
        features: usize::try_from(arguments.features)?,
        passes: usize::try_from(arguments.passes)?,
        learner: arguments.learner.map(|learner| match learner {
            LearnerArgument::Ftrl => Learner::Ftrl,
            LearnerArgument::Logistic => Learner::Logistic,
        }),
        capacity: Capacity { share: arguments.capacity, prevalence: arguments.prevalence },
    })
}

/// The decided listings of the workspace that is named, by the option itself or by LAPWING_DATA.
async fn decided(context: &Context, arguments: &TrainArguments) -> anyhow::Result<Vec<Labelled>> {
    let Some(named) = &arguments.from_decisions else { return Ok(Vec::new()) };
    let folder = named.clone().or_else(|| std::env::var_os("LAPWING_DATA").map(PathBuf::from));
    let Some(folder) = folder else {
        bail!("`--from-decisions` names no workspace; give it a folder or set LAPWING_DATA");
    };
    let workspace = context.at(folder).workspace().await?;
    let decided = decided_listings(&workspace).await?;
    workspace.store().close().await;
    Ok(decided)
}

fn tell(trained: &TrainedFiles, as_json: bool) -> anyhow::Result<ExitCode> {
    name_bad_records(&trained.bad);
    if !trained.contradictions.is_empty() {
        let shown: Vec<String> = trained.contradictions.iter().take(5).map(|id| terminal::clean(id)).collect();
        eprintln!("{} text(s) stand under both labels; look at {}", trained.contradictions.len(), shown.join(", "));
    }
    let metrics = &trained.metrics;
    if as_json {
        print_json(metrics)?;
    } else {
        eprintln!(
            "{} listings in {} groups, {} of them decided by reviewers; on the {} of the test part average precision {:.3} (base rate {:.3})",
            trained.listings,
            metrics.groups,
            trained.decided,
            metrics.test,
            metrics.average_precision,
            metrics.base_rate
        );
        for (what, reached) in
            [("rules", metrics.rules), ("model alone", metrics.classifier), ("rules and model", metrics.both)]
        {
            eprintln!("{what:16} precision {:.3}, recall {:.3}", reached.precision(), reached.recall());
        }
        if let Some(before) = trained.replaced {
            eprintln!("the model that stood there had {before:.3} on the same test part");
        }
        eprintln!("wrote the model, its figures and its card to `{}`", trained.folder.display());
    }
    Ok(ExitCode::from(u8::from(!trained.bad.is_empty())))
}

fn tell_update(updated: &UpdatedFiles, as_json: bool) -> anyhow::Result<ExitCode> {
    name_bad_records(&updated.bad);
    let drift = &updated.drift;
    if as_json {
        print_json(&json!({
            "listings": updated.listings,
            "average_precision_before": updated.average_precision,
            "drift": drift,
        }))?;
    } else {
        eprintln!(
            "learned from {} listings; before that the average precision on them was {:.3}, the calibration error {:.3}, \
             the population stability index of the number {:.3}",
            updated.listings, updated.average_precision, drift.calibration_error, drift.score
        );
        for alarm in &drift.alarms {
            eprintln!("{}", terminal::clean(alarm));
        }
        eprintln!("wrote the model to `{}`", updated.folder.display());
    }
    Ok(ExitCode::from(u8::from(!updated.bad.is_empty())))
}

fn name_bad_records(bad: &[BadRecord]) {
    for record in bad {
        eprintln!("{}: record {}: {}", terminal::clean(&record.file), record.number, terminal::clean(&record.reason));
    }
}
