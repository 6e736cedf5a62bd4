//! From names to files: a file itself, or the part of a folder's data that is asked for; packed by gzip or not.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use lapwing_types::Digest;
use sha2::{Digest as _, Sha256};

use crate::error::{EngineError, Result};

const BUFFER: usize = 1 << 18;

/// Opens a file to read; one whose name ends in `.gz` is unpacked on the way.
pub(crate) fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    let file = File::open(path).map_err(|error| EngineError::file("read", path, error))?;
    let is_packed = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
    if is_packed {
        return Ok(Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(BufReader::new(file)))));
    }
    Ok(Box::new(BufReader::with_capacity(BUFFER, file)))
}

/// The SHA-256 of a file's bytes, and how many they are.
pub(crate) fn digest_of_file(path: &Path) -> Result<(Digest, u64)> {
    let mut file = File::open(path).map_err(|error| EngineError::file("read", path, error))?;
    let (mut hasher, mut buffer, mut length) = (Sha256::new(), vec![0; BUFFER], 0);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((Digest::from_bytes(hasher.finalize().into()), length)),
            Ok(count) => {
                hasher.update(&buffer[..count]);
                length += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(EngineError::file("read", path, error)),
        }
    }
}

/// Names that one part of a data set goes by.
const PARTS: [&[&str]; 3] =
    [&["train", "training"], &["validation", "valid", "val", "dev"], &["test", "testing", "eval"]];
const ENDINGS: [&str; 7] = ["jsonl", "ndjson", "csv", "parquet", "jsonl.gz", "ndjson.gz", "csv.gz"];

/// The files that were meant: a file is itself, of a folder the files of one part (`test.jsonl`, `data/test-00000-of-00002.parquet`).
pub(super) fn data_files(paths: &[PathBuf], part: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(files_of_part(path, part)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn files_of_part(folder: &Path, part: &str) -> Result<Vec<PathBuf>> {
    let names: Vec<&str> = PARTS.into_iter().find(|names| names.contains(&part)).map_or(vec![part], <[&str]>::to_vec);
    let mut all = Vec::new();
    for inside in [folder.to_path_buf(), folder.join("data")] {
        if inside.is_dir() {
            let entries =
                std::fs::read_dir(&inside).map_err(|error| EngineError::file("read the folder", &inside, error))?;
            for entry in entries {
                all.push(entry.map_err(|error| EngineError::file("read the folder", &inside, error))?.path());
            }
        }
    }
    all.retain(|path| path.is_file());
    all.sort_unstable();
    let of_part = |path: &&PathBuf| part_of(path).is_some_and(|found| names.contains(&found.as_str()));
    let files: Vec<PathBuf> = all.iter().filter(of_part).cloned().collect();
    if files.is_empty() {
        let mut found: Vec<String> = all.iter().filter_map(|path| part_of(path)).collect();
        found.dedup();
        let there = if found.is_empty() { "no data file".to_string() } else { found.join(", ") };
        let message = format!(
            "`{}` holds no file of the part `{part}` such as `{part}.jsonl`, `{part}.csv` or `{part}.parquet`; there is {there}; name a part by `--split`",
            folder.display()
        );
        return Err(EngineError::Request(message));
    }
    Ok(files)
}

/// `test` of `test.jsonl`, `test-00000-of-00002.parquet` and `Test.csv.gz`; nothing of a file that is no data.
fn part_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let stem = ENDINGS.iter().find_map(|ending| name.strip_suffix(&format!(".{ending}")))?;
    let counted = stem.split_once("-0").filter(|(_, rest)| rest.contains("-of-"));
    Some(counted.map_or(stem, |(part, _)| part).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_by_the_names_that_people_give_them() {
        for (name, part) in [
            ("test.jsonl", Some("test")),
            ("Train.csv.gz", Some("train")),
            ("validation-00000-of-00002.parquet", Some("validation")),
            ("README.md", None),
        ] {
            assert_eq!(part_of(Path::new(name)).as_deref(), part, "{name}");
        }
    }

    #[test]
    fn a_folder_gives_the_part_that_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["train.jsonl", "val.csv", "notes.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::write(folder.path().join("data/test-00000-of-00001.parquet"), "").unwrap();
        let names = |part: &str| -> Vec<String> {
            let files = data_files(&[folder.path().to_path_buf()], part).unwrap();
            files.iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names("validation"), ["val.csv"]);
        assert_eq!(names("test"), ["test-00000-of-00001.parquet"]);
        let error = data_files(&[folder.path().to_path_buf()], "gold").unwrap_err().to_string();
        assert!(error.contains("`gold`") && error.contains("train, val"), "{error}");
    }
}
