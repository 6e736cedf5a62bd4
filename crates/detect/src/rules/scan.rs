//! The pieces of a YAML file as they are written: enough of a scanner to see comments, quotes and lists without
//! losing them, as a parser of values does. It never fails; what is no YAML is for the parser to refuse.

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// From `#` to the line's end.
    Comment,
    /// A text in quotes, with them.
    Quoted,
    /// A text without quotes, as far as it goes on its line.
    Plain,
    /// `|` or `>` with all its lines.
    Block,
    /// One of `[ ] { } , : -`.
    Symbol,
}

/// A piece with its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) kind: PieceKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// How many lists and mappings in brackets stand open before it.
    pub(crate) depth: usize,
}

impl Piece {
    pub(crate) fn text<'a>(&self, whole: &'a str) -> &'a str {
        whole.get(self.start..self.end).unwrap_or_default()
    }

    pub(crate) fn is(&self, whole: &str, symbol: &str) -> bool {
        self.kind == PieceKind::Symbol && self.text(whole) == symbol
    }
}

/// The pieces of a text, in order.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, line_start: 0, fresh: true, node: 0, depth: 0 };
    let mut found = Vec::new();
    while let Some(piece) = scanner.next_piece() {
        found.push(piece);
    }
    found
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    line_start: usize,
    /// Whether nothing but dashes stands before on this line.
    fresh: bool,
    /// The column of the last dash or key that begins a line: block texts are indented further.
    node: usize,
    depth: usize,
}

impl Scanner<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    fn next_piece(&mut self) -> Option<Piece> {
        self.skip_blanks();
        if self.at >= self.bytes.len() {
            return None;
        }
        let (start, depth, column) = (self.at, self.depth, self.at - self.line_start);
        let is_fresh = self.fresh && depth == 0;
        let kind = self.kind_here();
        if is_fresh && matches!(kind, PieceKind::Plain | PieceKind::Quoted | PieceKind::Symbol) {
            self.node = column;
        }
        self.fresh = self.fresh && kind == PieceKind::Symbol && self.byte(start) == b'-';
        match kind {
            PieceKind::Comment => self.at = self.line_end(start),
            PieceKind::Quoted => self.quoted(),
            PieceKind::Block => self.block(),
            PieceKind::Symbol => self.symbol(),
            PieceKind::Plain => self.plain(),
        }
        let mut end = self.at.max(start + 1).min(self.bytes.len());
        self.at = end;
        let keeps = matches!(kind, PieceKind::Quoted | PieceKind::Block);
        while !keeps && end > start + 1 && matches!(self.bytes[end - 1], b' ' | b'\t' | b'\r') {
            end -= 1;
        }
        Some(Piece { kind, start, end, depth })
    }

    fn skip_blanks(&mut self) {
        while self.at < self.bytes.len() && matches!(self.bytes[self.at], b' ' | b'\t' | b'\r' | b'\n') {
            if self.bytes[self.at] == b'\n' {
                self.line_start = self.at + 1;
                self.fresh = true;
            }
            self.at += 1;
        }
    }

    fn kind_here(&self) -> PieceKind {
        let follows_blank = self.at == self.line_start || matches!(self.byte(self.at - 1), b' ' | b'\t');
        let next_is_blank = self.byte(self.at + 1).is_ascii_whitespace();
        match self.byte(self.at) {
            b'#' if follows_blank => PieceKind::Comment,
            b'"' | b'\'' => PieceKind::Quoted,
            b'[' | b']' | b'{' | b'}' => PieceKind::Symbol,
            b',' if self.depth > 0 => PieceKind::Symbol,
            b':' if next_is_blank || self.depth > 0 => PieceKind::Symbol,
            b'-' if next_is_blank && self.fresh && self.depth == 0 => PieceKind::Symbol,
            b'|' | b'>' if self.depth == 0 => PieceKind::Block,
            _ => PieceKind::Plain,
        }
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
    }

    fn symbol(&mut self) {
        match self.byte(self.at) {
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.at += 1;
    }

    fn quoted(&mut self) {
        let quote = self.byte(self.at);
        self.at += 1;
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\\' if quote == b'"' => self.at += 1,
                b'\n' => self.line_start = self.at + 1,
                byte if byte == quote && quote == b'\'' && self.byte(self.at + 1) == quote => self.at += 1,
                byte if byte == quote => {
                    self.at += 1;
                    return;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    fn plain(&mut self) {
        self.at += 1;
        while self.at < self.bytes.len() && self.bytes[self.at] != b'\n' {
            let (byte, next) = (self.bytes[self.at], self.byte(self.at + 1));
            let ends = match byte {
                b':' => {
                    next.is_ascii_whitespace() || (self.depth > 0 && matches!(next, b',' | b'[' | b']' | b'{' | b'}'))
                }
                b'#' => matches!(self.bytes[self.at - 1], b' ' | b'\t'),
                b',' | b'[' | b']' | b'{' | b'}' => self.depth > 0,
                _ => false,
            };
            if ends {
                return;
            }
            self.at += 1;
        }
    }

    /// The header and every line below that is blank or indented further than the key or dash.
    fn block(&mut self) {
        let header_end = self.line_end(self.at);
        let keeps_blanks = self.bytes[self.at..header_end].contains(&b'+');
        let (mut end, mut line) = (header_end, header_end + 1);
        while line < self.bytes.len() {
            let line_end = self.line_end(line);
            let content = &self.bytes[line..line_end];
            let indent = content.iter().take_while(|byte| **byte == b' ').count();
            let is_blank = content.iter().all(u8::is_ascii_whitespace);
            if !is_blank && indent <= self.node {
                break;
            }
            if !is_blank || keeps_blanks {
                end = line_end;
            }
            line = line_end + 1;
        }
        self.at = end;
        self.fresh = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: &str, expected: Expect) {
        let all: Vec<String> =
            pieces(text).iter().map(|piece| format!("{:?} {:?}\n", piece.kind, piece.text(text))).collect();
        expected.assert_eq(&all.concat());
    }

    #[test]
    fn comments_quotes_and_lists_are_seen() {
        check(
            "a: [b c, \"d, # e\", 'f''g']  # h\n- i:j\n",
            expect![[r##"
                Plain "a"
                Symbol ":"
                Symbol "["
                Plain "b c"
                Symbol ","
                Quoted "\"d, # e\""
                Symbol ","
                Quoted "'f''g'"
                Symbol "]"
                Comment "# h"
                Symbol "-"
                Plain "i:j"
            "##]],
        );
    }

    #[test]
    fn a_block_ends_where_its_key_is_reached_again() {
        check(
            "- a: |\n    # no comment\n\n    b\n  c: >-\n    d\ne: f\n",
            expect![[r##"
                Symbol "-"
                Plain "a"
                Symbol ":"
                Block "|\n    # no comment\n\n    b"
                Plain "c"
                Symbol ":"
                Block ">-\n    d"
                Plain "e"
                Symbol ":"
                Plain "f"
            "##]],
        );
    }

    proptest! {
        #[test]
        fn pieces_follow_one_another_and_hold_all_but_blanks(text in "[-a#:'\"|>,\\[\\]{}\\\\ \n&é]{0,80}") {
            let mut before = 0;
            for piece in pieces(&text) {
                prop_assert!(piece.start >= before && piece.end > piece.start);
                prop_assert!(text[before..piece.start].chars().all(|c| c.is_ascii_whitespace()));
                before = piece.end;
            }
            prop_assert!(text[before..].chars().all(|c| c.is_ascii_whitespace()));
        }
    }
}
