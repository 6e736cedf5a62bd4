//! Runs the program and reads what it says.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The program, with nothing of this machine's settings.
pub(crate) fn lapwing() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lapwing"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LAPWING_")) {
        command.env_remove(name);
    }
    command
}

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The lines of stdout as JSON.
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }

    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

pub(crate) fn run(arguments: &[&str]) -> Ran {
    lapwing().args(arguments).stdin(Stdio::null()).output().unwrap().into()
}

pub(crate) fn run_in(workspace: &Path, arguments: &[&str]) -> Ran {
    lapwing().arg("--data").arg(workspace).args(arguments).stdin(Stdio::null()).output().unwrap().into()
}

pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child =
        lapwing().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A program that stopped early closes its end; that is its right.
        let _ = stdin.write_all(&input);
    });
    let ran = child.wait_with_output().unwrap().into();
    writer.join().unwrap();
    ran
}

/// A workspace in a folder that goes away with the test.
pub(crate) fn workspace() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case");
    run(&["init", path.to_str().unwrap()]).ok();
    (folder, path)
}

/// Two adverts that ask for a look and one that does not.
pub(crate) const LISTINGS: &str = r#"{"external_id":"a1","kind":"job_ad","title":"Hotel staff abroad","body":"Hotel staff needed abroad, apply now. A processing fee must be paid before departure by bank transfer: USD 900. We keep your passport until the contract ends. Call +44 7700 900123"}
{"external_id":"a2","kind":"job_ad","title":"Cook","body":"Small restaurant looks for a cook with two years of experience, contract and paid holiday."}
{"external_id":"a3","kind":"job_ad","title":"Packers","body":"Warehouse packers wanted. You must pay a registration fee of 350 euros in advance, then we book your start date."}
"#;
