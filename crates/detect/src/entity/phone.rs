//! Telephone numbers in digits: written plainly, or with marks that no telephone number needs.

use super::lexicon::before;
use super::phone_country::{self, Regions};
use super::scan::Marks;
use super::{FoldedEntity, money, overlaps, phone_words};
use crate::text::Folded;

/// ITU-T E.164 allows fifteen digits; fewer than seven are no number that reaches anybody from afar.
pub(super) const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

pub(super) fn find(text: &Folded, marks: &Marks, regions: &Regions, found: &mut Vec<FoldedEntity>) {
    in_digits(text, marks, regions, found);
    phone_words::find(&text.text, marks, regions, found);
}

fn in_digits(text: &Folded, marks: &Marks, regions: &Regions, found: &mut Vec<FoldedEntity>) {
    let folded = text.text.as_str();
    let mut read_until = 0;
    for run in 0..marks.digits.len() {
        if marks.digits[run].0 < read_until {
            continue;
        }
        let chain = plain_chain(folded, marks, run);
        if DIGITS.contains(&chain.digits)
            && looks_like_phone(folded, &chain)
            && !overlaps(found, chain.start, chain.end)
        {
            let obscured = text.is_disguised(chain.start, chain.end);
            let detail = phone_country::detail(&folded[chain.start..chain.end], obscured, regions);
            found.push(FoldedEntity { start: chain.start, end: chain.end, detail });
            read_until = chain.end;
        } else if let Some((start, end)) = split_chain(folded, marks.digits[run].0)
            && !overlaps(found, start, end)
        {
            let written: String = folded[start..end].chars().map(as_digit).collect();
            found.push(FoldedEntity { start, end, detail: phone_country::detail(&written, true, regions) });
            read_until = end;
        }
    }
}

/// Digit groups with usual marks between them.
struct Chain {
    start: usize,
    end: usize,
    digits: usize,
    groups: Vec<(usize, usize)>,
}

impl Chain {
    fn length(&self, group: usize) -> usize {
        self.groups.get(group).map_or(0, |(start, end)| end - start)
    }
}

fn plain_chain(text: &str, marks: &Marks, first: usize) -> Chain {
    let (start, end) = marks.digits[first];
    let mut chain = Chain { start, end, digits: end - start, groups: vec![(start, end)] };
    for (start, end) in &marks.digits[first + 1..] {
        let between = &text[chain.end..*start];
        let new_number = between.contains('/') && chain.digits >= 9 || between.contains(" (") && chain.digits >= 7;
        if chain.digits + (end - start) > *DIGITS.end() || !is_usual_mark(between) || new_number {
            break;
        }
        chain.digits += end - start;
        chain.end = *end;
        chain.groups.push((*start, *end));
    }
    let before = &text[..chain.start];
    let with_plus = before.strip_suffix('+').unwrap_or(before);
    let with_bracket = with_plus.strip_suffix('(').unwrap_or(with_plus);
    chain.start = with_bracket.strip_suffix('+').unwrap_or(with_bracket).len();
    let closed = with_bracket.len() == with_plus.len() || text[chain.start..chain.end].contains(')');
    if !closed && with_plus.len() < before.len() {
        chain.start = with_plus.len();
    } else if before.ends_with('(')
        && !text[chain.start..chain.end].contains(')')
        && !text[chain.end..].starts_with(')')
    {
        chain.start = before.len();
    }
    chain
}

/// At most one mark, with a space on either side.
fn is_usual_mark(between: &str) -> bool {
    matches!(
        between,
        "" | " "
            | "-"
            | "."
            | "/"
            | "("
            | ")"
            | " -"
            | "- "
            | " - "
            | ". "
            | " ."
            | " ("
            | "( "
            | ") "
            | ")-"
            | " / "
            | " ) "
            | ")("
            | ") ("
    )
}

fn looks_like_phone(text: &str, chain: &Chain) -> bool {
    let written = &text[chain.start..chain.end];
    let (head, tail) = (&text[..chain.start], &text[chain.end..]);
    let international = written.starts_with(['+', '0', '(']);
    let beside_letters = head.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '@')
        || tail.starts_with(|c: char| c.is_ascii_digit() || c == '@' || c == '_')
        || head.ends_with(['/', '=', '#', '-']) && in_web_address(before(text, chain.start, 200));
    let is_money = !written.starts_with('+')
        && (money::currency_before(head.trim_end()).is_some()
            || money::currency_after(tail.trim_start()).is_some()
            || tail.trim_start().starts_with('%'));
    let groups = &chain.groups;
    let is_date = groups.len() >= 3
        && (0..=groups.len() - 3).any(|at| {
            matches!(
                (chain.length(at), chain.length(at + 1), chain.length(at + 2)),
                (4, 1..=2, 1..=2) | (1..=2, 1..=2, 4)
            )
        })
        && !written.starts_with(['+', '('])
        && chain.digits <= 12
        && written.contains(['-', '.', '/']);
    let starts_like_a_year = |group: &(usize, usize)| text[group.0..].starts_with(['1', '2']);
    let is_range =
        groups.len() == 2 && chain.digits == 8 && groups.iter().all(starts_like_a_year) && written.contains('-');
    let is_thousands = groups.len() >= 2
        && (written.contains('.') || written.contains(' '))
        && !international
        && (1..groups.len()).all(|group| chain.length(group) == 3)
        && chain.length(0) <= 3;
    let leads = international || chain.digits >= 10 || groups.len() >= 2 && chain.length(groups.len() - 1) >= 3;
    !beside_letters && !is_money && !is_date && !is_range && !is_thousands && leads
}

fn in_web_address(head: &str) -> bool {
    let word = head.rsplit(char::is_whitespace).next().unwrap_or_default();
    word.contains("://") || word.starts_with("www.")
}

/// Short groups with marks that only serve to hide: `7*7*0*0…`, `o7,7oo,9oo,1o2`. The letters o, i and l count as
/// digits there.
fn split_chain(text: &str, first_digit: usize) -> Option<(usize, usize)> {
    let before_it = text[..first_digit].bytes().rev().take(2).take_while(|byte| is_like_digit(*byte)).count();
    let start = first_digit - before_it;
    if text[..start].ends_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let (mut position, mut end) = (start, start);
    let (mut digits, mut letters, mut short, mut groups) = (0, 0, 0, 0);
    loop {
        let length = text[position..].bytes().take_while(|byte| is_like_digit(*byte)).count();
        let follows = text[position + length..].chars().next();
        if !(1..=3).contains(&length) || follows.is_some_and(char::is_alphanumeric) {
            break;
        }
        letters += text[position..position + length].bytes().filter(u8::is_ascii_lowercase).count();
        digits += length;
        short += usize::from(length <= 2);
        groups += 1;
        end = position + length;
        let Some(mark) = hiding_mark(&text[end..]) else { break };
        if groups == 15 {
            break;
        }
        position = end + mark;
    }
    (groups >= 5 && short >= 4 && letters * 2 <= digits && DIGITS.contains(&digits)).then_some((start, end))
}

fn is_like_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'o' | b'i' | b'l')
}

fn as_digit(c: char) -> char {
    match c {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    }
}

fn hiding_mark(text: &str) -> Option<usize> {
    let after_space = text.strip_prefix(' ').unwrap_or(text);
    let after_mark = after_space.strip_prefix(['*', '_', '~', '|', ',', ':', ';', '\'', '•', '·', '.', '=', '-'])?;
    let rest = after_mark.strip_prefix(' ').unwrap_or(after_mark);
    Some(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Detail;
    use crate::entity::scan::scan;
    use crate::text::fold;

    fn check(text: &str, expected: &[(&str, bool)]) {
        let folded = fold(text);
        let mut found = Vec::new();
        find(&folded, &scan(&folded.text), &Regions::default(), &mut found);
        let seen: Vec<(&str, bool)> = found
            .iter()
            .map(|entity| {
                let (start, end) = folded.original(entity.start, entity.end);
                (&text[start..end], matches!(entity.detail, Detail::Phone { obscured: true, .. }))
            })
            .collect();
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn numbers_in_digits() {
        check("call +44 20 7946 0958 now", &[("+44 20 7946 0958", false)]);
        check("(202) 555-0143 or 06 39 98 12 34", &[("(202) 555-0143", false), ("06 39 98 12 34", false)]);
        check("06 39 98 12 34/06 39 98 12 35", &[("06 39 98 12 34", false), ("06 39 98 12 35", false)]);
        check("0044 7700 900123, (+44) 7700 900124", &[("0044 7700 900123", false), ("(+44) 7700 900124", false)]);
        check("电话+44 7700 900123咨询", &[("+44 7700 900123", false)]);
    }

    #[test]
    fn prices_dates_and_years_are_no_numbers() {
        for text in [
            "salary 2.500.000 dong",
            "on 2024-05-12",
            "2019-2024",
            "$1,200 a week",
            "12/05/2024",
            "1 200 000 rub",
            "from 2026-11-21 10:30",
            "order 1234567",
            "https://example.com/a/0123456789",
            "Rp 15000000000",
            "0123456789@example.com",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn disguised_numbers_are_found_and_told() {
        let words = "seven seven zero zero nine 0 0 1 two three";
        check(&format!("call {words}"), &[(words, true)]);
        check("0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣", &[("0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣", true)]);
        check("7*7*0*0*9*0*0*1*2", &[("7*7*0*0*9*0*0*1*2", true)]);
        check("o7,7oo,9oo,1,2,3", &[("o7,7oo,9oo,1,2,3", true)]);
    }
}
