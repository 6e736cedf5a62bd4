//! `lapwing train`: labelled listings in, a model out.

use std::process::ExitCode;

use anyhow::Context as _;
use lapwing_engine::{TrainOptions, TrainRequest, train_model};

use super::print_json;
use crate::arguments::TrainArguments;
use crate::terminal;

pub(crate) fn run(arguments: &TrainArguments) -> anyhow::Result<ExitCode> {
    let name = arguments.out.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("`{}` does not name a model", arguments.out.display()))?.to_string();
    let options = TrainOptions { name, seed: arguments.seed, features: arguments.features, ..TrainOptions::default() };
    let request = TrainRequest {
        data: arguments.data.clone(),
        split: arguments.split.clone(),
        columns: arguments.reading.columns()?,
        rules: arguments.rules.clone(),
        out: arguments.out.clone(),
        options,
        force: arguments.force,
    };
    let bar = terminal::bar(Some(1_000), "{bar:24.cyan} {percent} %  training");
    let trained = train_model(&request, &mut |done| bar.set_position((done * 1_000.0) as u64));
    bar.finish_and_clear();
    let trained = trained?;
    for record in &trained.bad {
        eprintln!("{}: record {}: {}", terminal::clean(&record.file), record.number, terminal::clean(&record.reason));
    }
    if trained.contradictions > 0 {
        eprintln!("{} text(s) stand under both labels; look at them", trained.contradictions);
    }
    let metrics = &trained.metrics;
    if arguments.json {
        print_json(metrics)?;
    } else {
        eprintln!(
            "{} listings; on the {} of the test part: average precision {:.3} (base rate {:.3}), precision {:.3} and recall {:.3} at the threshold",
            trained.listings,
            metrics.parts[2],
            metrics.average_precision,
            metrics.base_rate,
            metrics.precision,
            metrics.recall
        );
        eprintln!("wrote model.json, metrics.json and CARD.md to `{}`", trained.folder.display());
    }
    Ok(ExitCode::from(u8::from(!trained.bad.is_empty())))
}
