//! Runs steps one after the other and stops at the first that fails.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::steps::{Step, TestRunner};

/// Nextest where it is installed, else cargo.
pub(crate) fn find_test_runner() -> TestRunner {
    let answer = cargo().args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if answer.is_ok_and(|status| status.success()) { TestRunner::Nextest } else { TestRunner::Cargo }
}

/// Runs all steps in their order; the error names the step that failed and how to repeat it.
pub(crate) fn run_all(steps: &[Step]) -> Result<()> {
    for (index, step) in steps.iter().enumerate() {
        eprintln!("\n== {} of {}: {} ({})", index + 1, steps.len(), step.headline, step.command_line());
        run(step)?;
    }
    Ok(())
}

fn run(step: &Step) -> Result<()> {
    let mut command = cargo();
    command.args(step.arguments).envs(step.environment.iter().copied());
    let status = command.status().with_context(|| format!("failed to start `{}`", step.command_line()))?;
    if !status.success() {
        bail!("\n== failed: {}; repeat it with `{}`", step.headline, step.command_line());
    }
    Ok(())
}

/// Cargo in the workspace's folder, with the variables taken away that `cargo run` sets for this program: build
/// scripts of dependencies watch some of them and would be built anew.
fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_set_by_cargo_run) {
            command.env_remove(name);
        }
    }
    if let Some(root) = workspace_root() {
        command.current_dir(root);
    }
    command
}

fn is_set_by_cargo_run(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.starts_with(start))
        || matches!(name, "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE")
}

/// Two folders above this crate; nothing where the program was not started by cargo.
fn workspace_root() -> Option<PathBuf> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
    here.ancestors().nth(2).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::{is_set_by_cargo_run, run_all};
    use crate::steps::Step;

    fn cargo_step(arguments: &'static [&'static str]) -> Step {
        Step { headline: "a step", arguments, environment: &[] }
    }

    #[test]
    fn steps_that_pass_are_no_error() {
        assert!(run_all(&[cargo_step(&["--version"]), cargo_step(&["--version"])]).is_ok());
    }

    #[test]
    fn the_first_failure_stops_and_is_named() {
        let failing = cargo_step(&["no-such-task", "one"]);
        let never_reached = cargo_step(&["no-such-task", "two"]);
        let message = run_all(&[failing, never_reached]).expect_err("cargo knows no such task").to_string();
        assert!(message.contains("cargo no-such-task one"), "{message}");
    }

    #[test]
    fn only_what_cargo_run_sets_is_taken_away() {
        assert!(is_set_by_cargo_run("CARGO_PKG_NAME") && is_set_by_cargo_run("CARGO_MANIFEST_DIR"));
        assert!(!is_set_by_cargo_run("CARGO_TARGET_DIR") && !is_set_by_cargo_run("CARGO_HOME"));
    }
}
