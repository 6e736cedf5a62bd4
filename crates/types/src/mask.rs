//! How contacts are shown when nobody asked, with a purpose, to see them.

use crate::{ContactKind, Span};

/// The masked form of a contact: enough to tell two apart at a glance, too little to reach anybody.
///
/// ```
/// use lapwing_types::{ContactKind, mask_contact};
/// assert_eq!(mask_contact(ContactKind::Phone, "+44 20 7946 0958"), "+••••••••••58");
/// assert_eq!(mask_contact(ContactKind::Email, "jobs@example.com"), "j•••@example.com");
/// ```
pub fn mask_contact(kind: ContactKind, value: &str) -> String {
    match kind {
        ContactKind::Phone => mask_digits(value),
        ContactKind::Email => match value.split_once('@') {
            Some((name, domain)) => format!("{}@{domain}", mask_word(name)),
            None => mask_word(value),
        },
        _ => mask_word(value),
    }
}

/// Replaces every span (sorted or not, of one field's text) by bullets of the same count of characters, at most twelve.
pub fn mask_spans(text: &str, spans: &[Span]) -> String {
    let mut ranges: Vec<_> = spans.iter().map(|span| (span.start, span.end)).collect();
    ranges.sort_unstable();
    let mut masked = String::with_capacity(text.len());
    let mut position = 0;
    for (start, end) in ranges {
        let start = start.max(position);
        let (Some(before), Some(hidden)) = (text.get(position..start), text.get(start..end)) else { continue };
        masked.push_str(before);
        masked.extend(std::iter::repeat_n('•', hidden.chars().count().min(12)));
        position = end;
    }
    masked.push_str(text.get(position..).unwrap_or_default());
    masked
}

fn mask_digits(value: &str) -> String {
    let digits: Vec<char> = value.chars().filter(char::is_ascii_digit).collect();
    let shown = if digits.len() > 6 { 2 } else { 0 };
    let plus = if value.trim_start().starts_with('+') { "+" } else { "" };
    let hidden = digits.len() - shown;
    plus.chars().chain(std::iter::repeat_n('•', hidden)).chain(digits[hidden..].iter().copied()).collect()
}

fn mask_word(value: &str) -> String {
    let mut characters = value.chars();
    let first = characters.next().filter(|_| value.chars().count() > 2);
    first.into_iter().chain("•••".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Field;

    #[test]
    fn a_short_number_shows_nothing() {
        assert_eq!(mask_contact(ContactKind::Phone, "5550"), "••••");
    }

    #[test]
    fn overlapping_spans_mask_once() {
        let span = |start, end| Span { field: Field::Body, start, end };
        assert_eq!(mask_spans("call 5550100 now", &[span(5, 12), span(8, 12)]), "call ••••••• now");
    }

    #[test]
    fn a_span_that_cuts_a_character_is_passed_over() {
        let span = Span { field: Field::Body, start: 1, end: 2 };
        assert_eq!(mask_spans("é!", &[span]), "é!");
    }
}
