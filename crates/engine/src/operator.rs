//! Who works at the terminal: whoever can read the workspace's operator key. The one place that makes a reviewer.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use lapwing_types::{Credential, Reviewer};

use crate::error::{EngineError, Result};
use crate::workspace::Workspace;

pub(crate) const OPERATOR_KEY: &str = "operator.key";

/// Authenticates the person at the terminal by the operator key, which its owner alone can read.
///
/// # Errors
/// Where the key cannot be read, or can be read by others.
pub fn operator(workspace: &Workspace) -> Result<Reviewer> {
    prove(&workspace.keys_folder().join(OPERATOR_KEY))?;
    Ok(Reviewer::authenticated(workspace.config().queue.operator.trim(), Credential::WorkspaceKey))
}

fn prove(path: &Path) -> Result<()> {
    let metadata = std::fs::metadata(path).map_err(|error| EngineError::file("read", path, error))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(EngineError::OpenKey { path: path.to_path_buf() });
    }
    let key = std::fs::read(path).map_err(|error| EngineError::file("read", path, error))?;
    if key.trim_ascii().len() < 32 {
        return Err(EngineError::Request(format!("`{}` is not an operator key; it is too short", path.display())));
    }
    Ok(())
}
