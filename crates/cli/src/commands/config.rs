//! `lapwing config`: the settings in force and where each came from.

use std::process::ExitCode;

use super::{Context, print, print_json};
use crate::arguments::ConfigArguments;
use crate::terminal;

pub(crate) fn run(context: &Context, arguments: &ConfigArguments) -> anyhow::Result<ExitCode> {
    let settings = context.settings()?.settings();
    if arguments.json {
        print_json(&settings)?;
    } else {
        let row = |setting: &lapwing_engine::Setting| {
            vec![setting.key.clone(), terminal::line(&setting.value.to_string(), 60), setting.origin.to_string()]
        };
        let rows: Vec<Vec<String>> = settings.iter().map(row).collect();
        print(&terminal::table(&["setting", "value", "from"], &rows))?;
    }
    Ok(ExitCode::SUCCESS)
}
