//! Writing the custody log: leaves are appended and made durable one by one, checkpoints are put in place atomically.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use jiff::Timestamp;

use crate::error::{IoContext as _, Result};
use crate::keys::Keys;
use crate::layout::{Layout, sync_dir};
use crate::leaf::{Content, Leaf};
use crate::merkle::CompactRange;
use crate::note::Checkpoint;
use crate::warc::RecordPlace;

/// The name under which a checkpoint is written before it is put in place.
pub(crate) const TEMPORARY_CHECKPOINT: &str = "log/checkpoint.tmp";

/// The writing end of the log.
#[derive(Debug)]
pub(crate) struct Log {
    layout: Layout,
    keys: Keys,
    file: File,
    tree: CompactRange,
    last_checkpoint: u64,
}

impl Log {
    /// Opens the log for appending; `tree` is over the leaves that stand in it.
    pub(crate) fn open(layout: &Layout, keys: &Keys, tree: CompactRange, last_checkpoint: u64) -> Result<Self> {
        let path = layout.leaves();
        let file = OpenOptions::new().append(true).open(&path).context("open", &path)?;
        Ok(Self { layout: layout.clone(), keys: keys.clone(), file, tree, last_checkpoint })
    }

    /// How many leaves there are.
    pub(crate) const fn size(&self) -> u64 {
        self.tree.size()
    }

    /// How many leaves no checkpoint covers yet.
    pub(crate) const fn uncovered(&self) -> u64 {
        self.tree.size() - self.last_checkpoint
    }

    /// Appends a leaf and returns its index once it is durable.
    pub(crate) fn append(&mut self, at: Timestamp, content: Content, records: Vec<RecordPlace>) -> Result<u64> {
        let index = self.tree.size();
        let (checkpoint, previous_root) = (self.last_checkpoint, self.tree.root());
        let mut line = Leaf { index, at, checkpoint, previous_root, content, records }.to_line(&self.keys)?;
        self.tree.push(line.as_bytes());
        line.push('\n');
        let path = self.layout.leaves();
        self.file.write_all(line.as_bytes()).context("append to", &path)?;
        self.file.sync_data().context("append to", &path)?;
        Ok(index)
    }

    /// Signs the log as it stands, unless a checkpoint says the same already.
    pub(crate) fn checkpoint(&mut self) -> Result<Checkpoint> {
        let (origin, size, root) = (self.keys.name().to_string(), self.tree.size(), self.tree.root());
        let checkpoint = Checkpoint { origin, size, root };
        if self.uncovered() > 0 {
            write_checkpoint(&self.layout, &self.keys, &checkpoint)?;
            self.last_checkpoint = checkpoint.size;
        }
        Ok(checkpoint)
    }
}

/// Signs a checkpoint and puts it in place: first under its size, then as the latest.
pub(crate) fn write_checkpoint(layout: &Layout, keys: &Keys, checkpoint: &Checkpoint) -> Result<()> {
    let note = keys.sign_checkpoint(checkpoint);
    put_in_place(layout, &note, &layout.checkpoint_of(checkpoint.size))?;
    put_in_place(layout, &note, &layout.checkpoint())
}

/// Writes a file beside its place, makes it durable, and moves it there in one step.
pub(crate) fn put_in_place(layout: &Layout, text: &str, place: &Path) -> Result<()> {
    let temporary = layout.path(TEMPORARY_CHECKPOINT);
    let mut file = File::create(&temporary).context("create", &temporary)?;
    file.write_all(text.as_bytes()).context("write", &temporary)?;
    file.sync_all().context("write", &temporary)?;
    fs::rename(&temporary, place).context("put in place", place)?;
    sync_dir(place.parent().expect("a checkpoint lies in a folder"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leaf::CustodyEvent;
    use crate::samples::at;
    use serde_json::Value;

    fn empty_log() -> (tempfile::TempDir, Layout, Keys, Log) {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        fs::create_dir_all(dir.path().join("log/checkpoints")).unwrap();
        File::create(layout.leaves()).unwrap();
        let keys = Keys::generate(&dir.path().join("keys")).unwrap();
        let log = Log::open(&layout, &keys, CompactRange::new(), 0).unwrap();
        (dir, layout, keys, log)
    }

    fn event() -> Content {
        Content::Event(CustodyEvent { kind: "viewed".into(), actor: "desk-1".into(), details: Value::Null })
    }

    #[test]
    fn leaves_are_numbered_and_checkpoints_cover_them() {
        let (_dir, layout, keys, mut log) = empty_log();
        assert_eq!(log.append(at(0), event(), vec![]).unwrap(), 0);
        assert_eq!(log.append(at(1), event(), vec![]).unwrap(), 1);
        assert_eq!(log.uncovered(), 2);
        let checkpoint = log.checkpoint().unwrap();
        assert_eq!((checkpoint.size, log.uncovered()), (2, 0));
        let note = fs::read_to_string(layout.checkpoint()).unwrap();
        assert_eq!(note, fs::read_to_string(layout.checkpoint_of(2)).unwrap());
        assert_eq!(Checkpoint::open(&note, &keys.verifier()), Ok(checkpoint));

        let mut tree = CompactRange::new();
        fs::read_to_string(layout.leaves()).unwrap().lines().for_each(|line| tree.push(line.as_bytes()));
        assert_eq!(tree, log.tree);
    }

    #[test]
    fn a_second_checkpoint_of_the_same_log_is_the_first() {
        let (_dir, layout, _keys, mut log) = empty_log();
        log.append(at(0), event(), vec![]).unwrap();
        assert_eq!(log.checkpoint().unwrap(), log.checkpoint().unwrap());
        assert_eq!(layout.checkpoint_sizes().unwrap().0, [1]);
    }
}
