//! Reading the custody log line by line: bounded memory, and a torn last line told from a whole one.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::leaf::MAX_LEAF;

/// What was found where a line should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// A whole line; its bytes are in the buffer, without the line feed.
    Whole,
    /// The file ends without a line feed: the writer was interrupted, or is writing now.
    Torn,
    /// A line longer than any leaf; it was skipped.
    TooLong,
}

/// The lines of a log.
#[derive(Debug)]
pub(crate) struct Lines {
    reader: BufReader<File>,
    /// Where the next line begins.
    pub(crate) position: u64,
    /// How long the file was when it was opened; what a writer appends later is not read.
    pub(crate) total: u64,
}

impl Lines {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let total = file.metadata()?.len();
        Ok(Self { reader: BufReader::with_capacity(64 << 10, file), position: 0, total })
    }

    /// Reads the next line into the buffer; `None` at the end.
    pub(crate) fn next_line(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Line>> {
        buffer.clear();
        let left = self.total.saturating_sub(self.position);
        let count = self.reader.by_ref().take(left.min(MAX_LEAF as u64 + 1)).read_until(b'\n', buffer)?;
        if count == 0 {
            return Ok(None);
        }
        self.position += count as u64;
        if buffer.last() == Some(&b'\n') {
            buffer.pop();
            return Ok(Some(Line::Whole));
        }
        if count <= MAX_LEAF {
            return Ok(Some(Line::Torn));
        }
        let left = self.total.saturating_sub(self.position);
        let skipped = self.reader.by_ref().take(left).skip_until(b'\n')?;
        self.position += skipped as u64;
        Ok(Some(Line::TooLong))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(bytes: &[u8]) -> Vec<(Line, usize)> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut lines = Lines::open(file.path()).unwrap();
        let (mut buffer, mut found) = (Vec::new(), Vec::new());
        while let Some(line) = lines.next_line(&mut buffer).unwrap() {
            found.push((line, buffer.len()));
        }
        assert_eq!(lines.position, bytes.len() as u64);
        found
    }

    #[test]
    fn a_last_line_without_its_end_is_torn() {
        assert_eq!(lines_of(b"ab\n\nc"), [(Line::Whole, 2), (Line::Whole, 0), (Line::Torn, 1)]);
        assert_eq!(lines_of(b""), []);
    }

    #[test]
    fn lines_that_are_appended_later_are_not_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "a\nb").unwrap();
        let mut lines = Lines::open(file.path()).unwrap();
        std::fs::write(file.path(), "a\nbc\nd\n").unwrap();
        let mut buffer = Vec::new();
        let found = [(); 3].map(|()| lines.next_line(&mut buffer).unwrap());
        assert_eq!(found, [Some(Line::Whole), Some(Line::Torn), None]);
    }

    #[test]
    fn endless_lines_are_skipped_in_bounded_memory() {
        let mut bytes = vec![b'x'; 3 * MAX_LEAF];
        bytes.extend_from_slice(b"\ny\n");
        assert_eq!(lines_of(&bytes), [(Line::TooLong, MAX_LEAF + 1), (Line::Whole, 1)]);
    }
}
