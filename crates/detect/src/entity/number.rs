//! Reads a number as people write it: `2,500`, `2.500.000`, `60 000`, `1'200`, `1,50,000`, `2.5`, `1.200,50`.

/// A number and where it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    pub(super) end: usize,
    pub(super) value: f64,
    /// How many digits it has, marks left out.
    pub(super) digits: usize,
    /// Whether nothing but digits stands in it.
    pub(super) plain: bool,
}

/// More digits than this are no amount.
const MOST_DIGITS: usize = 15;

/// The number whose first digit stands at `start`.
pub(super) fn read(text: &str, start: usize) -> Option<Number> {
    let bytes = text.as_bytes();
    let run = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let first = run(start);
    if first == 0 || first > MOST_DIGITS {
        return None;
    }
    let mut end = start + first;
    let mut whole = text[start..end].to_string();
    let mut plain = true;
    let mark = bytes.get(end).copied().filter(|byte| matches!(byte, b',' | b'.' | b' ' | b'\''));
    let mut grouped = None;
    if let Some(mark) = mark.filter(|_| first <= 3) {
        while bytes.get(end) == Some(&mark) && whole.len() < MOST_DIGITS {
            let group = run(end + 1);
            let indian = mark == b',' && group == 2 && bytes.get(end + 3) == Some(&b',');
            if group != 3 && !indian {
                break;
            }
            whole.push_str(&text[end + 1..end + 1 + group]);
            end += 1 + group;
            grouped = Some(mark);
            plain = false;
        }
    }
    let decimals =
        bytes.get(end).filter(|byte| matches!(byte, b',' | b'.') && Some(**byte) != grouped).map(|_| run(end + 1));
    let digits = whole.len();
    if let Some(decimals @ 1..=2) = decimals {
        whole.push('.');
        whole.push_str(&text[end + 1..end + 1 + decimals]);
        end += 1 + decimals;
        plain = false;
    }
    let value = whole.parse().ok().filter(|value: &f64| value.is_finite())?;
    Some(Number { end, value, digits, plain })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_decimals() {
        for (text, value, end) in [
            ("2,500 a", 2500.0, 5),
            ("2.500.000", 2_500_000.0, 9),
            ("60 000 руб", 60_000.0, 6),
            ("1'200", 1200.0, 5),
            ("1,50,000", 150_000.0, 8),
            ("2.5k", 2.5, 3),
            ("1.200,50", 1200.5, 8),
            ("3,000.00", 3000.0, 8),
            ("25-30", 25.0, 2),
            ("555 0100", 555.0, 3),
            ("12,", 12.0, 2),
        ] {
            let number = read(text, 0).unwrap();
            assert_eq!((number.value, number.end), (value, end), "{text}");
        }
        assert_eq!(read("x", 0), None);
        assert_eq!(read("1234567890123456", 0), None);
    }
}
