//! The default rule pack, embedded so that the program is one file.
//!
//! ```
//! let files = lapwing_rules::default_pack();
//! assert!(files.iter().any(|(path, _)| path == "pack.yaml"));
//! ```

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR"]
#[include = "*.yaml"]
struct Embedded;

/// The files of the default pack: path below the pack's folder, with `/`, and bytes; sorted by path.
pub fn default_pack() -> Vec<(String, Cow<'static, [u8]>)> {
    let mut files: Vec<(String, Cow<'static, [u8]>)> =
        Embedded::iter().filter_map(|path| Embedded::get(&path).map(|file| (path.to_string(), file.data))).collect();
    files.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    files
}
