//! What `cargo xtask test` runs, as data: the order is the cheapest failure first and the tests last, since the last
//! thing on the screen is what people read.

/// Who runs the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TestRunner {
    /// cargo-nextest: one process a test, all crates at once.
    Nextest,
    /// `cargo test`, which every toolchain has.
    Cargo,
}

/// One call of cargo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// What is checked, for the headline.
    pub(crate) headline: &'static str,
    /// The arguments of cargo.
    pub(crate) arguments: &'static [&'static str],
    /// Environment variables of this step alone.
    pub(crate) environment: &'static [(&'static str, &'static str)],
}

const FORMAT: Step = step("format", &["fmt", "--all", "--check"]);
const LINTS: Step = step("lints", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
const DOCUMENTATION: Step = Step {
    environment: &[("RUSTDOCFLAGS", "-Dwarnings")],
    ..step("documentation", &["doc", "--workspace", "--no-deps"])
};
const EXAMPLES: Step = step("documentation examples", &["test", "--doc", "--workspace", "--quiet"]);
const TESTS: Step = step("tests", &["nextest", "run", "--workspace"]);
/// Without nextest, cargo runs the documentation examples along with the tests.
const TESTS_AND_EXAMPLES: Step =
    step("tests and documentation examples", &["test", "--workspace", "--no-fail-fast", "--quiet"]);

const fn step(headline: &'static str, arguments: &'static [&'static str]) -> Step {
    Step { headline, arguments, environment: &[] }
}

/// The steps in their order; `quick` leaves out what is not a test.
pub(crate) fn steps(quick: bool, runner: TestRunner) -> Vec<Step> {
    let mut steps = if quick { Vec::new() } else { vec![FORMAT, LINTS, DOCUMENTATION] };
    match runner {
        TestRunner::Nextest => steps.extend([EXAMPLES, TESTS]),
        TestRunner::Cargo => steps.push(TESTS_AND_EXAMPLES),
    }
    steps
}

impl Step {
    /// The step as a person would type it.
    pub(crate) fn command_line(&self) -> String {
        let environment = self.environment.iter().map(|(name, value)| format!("{name}={value} "));
        format!("{}cargo {}", environment.collect::<String>(), self.arguments.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::{TestRunner, steps};

    fn command_lines(quick: bool, runner: TestRunner) -> Vec<String> {
        steps(quick, runner).iter().map(super::Step::command_line).collect()
    }

    #[test]
    fn the_whole_list() {
        assert_eq!(
            command_lines(false, TestRunner::Nextest),
            [
                "cargo fmt --all --check",
                "cargo clippy --workspace --all-targets -- -D warnings",
                "RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps",
                "cargo test --doc --workspace --quiet",
                "cargo nextest run --workspace",
            ]
        );
    }

    #[test]
    fn quick_keeps_the_tests_alone() {
        let quick = command_lines(true, TestRunner::Nextest);
        assert_eq!(quick, ["cargo test --doc --workspace --quiet", "cargo nextest run --workspace"]);
    }

    #[test]
    fn without_nextest_one_step_runs_all_tests() {
        let quick = command_lines(true, TestRunner::Cargo);
        assert_eq!(quick, ["cargo test --workspace --no-fail-fast --quiet"]);
    }
}
