//! The way back from a folded text to the original: runs of plain ASCII cost one entry, not one a byte.

/// A stretch of the folded text. In a `run` each folded byte stands for one original byte; otherwise the whole
/// stretch stands for `original_length` bytes that only make sense together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    folded: u32,
    original: u32,
    original_length: u32,
    run: bool,
}

/// Maps byte offsets of a folded text to byte offsets of the text it was made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Offsets {
    segments: Vec<Segment>,
}

impl Offsets {
    /// Adds a run of bytes that stand unchanged in length: `folded..` maps to `original..`.
    pub(crate) fn push_run(&mut self, folded: usize, original: usize) {
        if let Some(last) = self.segments.last()
            && last.run
            && folded.wrapping_sub(last.folded as usize) == original.wrapping_sub(last.original as usize)
        {
            return;
        }
        self.push(folded, original, 0, true);
    }

    /// Adds what another way back says of a range of its folded text, which stands at `folded` here.
    pub(crate) fn append(&mut self, other: &Self, range: std::ops::Range<usize>, folded: usize) {
        let first = other.segments.partition_point(|segment| segment.folded as usize <= range.start).saturating_sub(1);
        for (index, segment) in other.segments.iter().enumerate().skip(first) {
            let start = (segment.folded as usize).max(range.start);
            if start >= range.end {
                break;
            }
            let end = other.segments.get(index + 1).map_or(usize::MAX, |next| next.folded as usize);
            if end <= start && end != segment.folded as usize {
                continue;
            }
            let inside = start - segment.folded as usize;
            let here = folded + start - range.start;
            if segment.run {
                self.push_run(here, segment.original as usize + inside);
            } else if inside == 0 {
                self.push_unit(here, segment.original as usize, segment.original_length as usize);
            }
        }
    }

    /// Adds a unit: the folded bytes from `folded` on, up to the next entry, stand for `original_length` bytes.
    pub(crate) fn push_unit(&mut self, folded: usize, original: usize, original_length: usize) {
        self.push(folded, original, original_length, false);
    }

    fn push(&mut self, folded: usize, original: usize, original_length: usize, run: bool) {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        self.segments.push(Segment {
            folded: narrow(folded),
            original: narrow(original),
            original_length: narrow(original_length),
            run,
        });
    }

    /// The original range for a folded range that is not empty.
    pub(crate) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        if end <= start {
            let at = self.start_of(start);
            return (at, at);
        }
        (self.start_of(start), self.end_of(end))
    }

    fn start_of(&self, folded: usize) -> usize {
        let Some(segment) = self.segment_at(folded) else { return 0 };
        let inside = if segment.run { folded - segment.folded as usize } else { 0 };
        segment.original as usize + inside
    }

    fn end_of(&self, folded: usize) -> usize {
        let Some(segment) = self.segment_at(folded - 1) else { return 0 };
        let inside = if segment.run { folded - segment.folded as usize } else { segment.original_length as usize };
        segment.original as usize + inside
    }

    fn segment_at(&self, folded: usize) -> Option<&Segment> {
        let after = self.segments.partition_point(|segment| segment.folded as usize <= folded);
        // Units without folded bytes (dropped characters) share their offset with the next entry; the last one wins.
        after.checked_sub(1).map(|index| &self.segments[index])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_units_lead_back() {
        let mut offsets = Offsets::default();
        offsets.push_run(0, 0); // "ab"
        offsets.push_unit(2, 2, 3); // a three-byte character folded to one byte
        offsets.push_run(3, 5); // "cd"
        assert_eq!(offsets.original(0, 2), (0, 2));
        assert_eq!(offsets.original(1, 3), (1, 5));
        assert_eq!(offsets.original(2, 4), (2, 6));
        assert_eq!(offsets.original(4, 5), (6, 7));
    }

    #[test]
    fn adjoining_runs_are_one_entry() {
        let mut offsets = Offsets::default();
        offsets.push_run(0, 10);
        offsets.push_run(5, 15);
        assert_eq!(offsets.segments.len(), 1);
    }
}
