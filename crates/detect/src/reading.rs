//! A listing as the detector reads it: each field folded once, its words found when somebody asks.

use std::cell::OnceCell;

use lapwing_types::{Field, Listing, Notice};

use crate::text::{Text, Tokens};

/// More of a field than this is not read; a notice says so.
pub(crate) const LONGEST_FIELD: usize = 1 << 20;

/// The fields of one listing, folded.
pub(crate) struct Reading<'a> {
    fields: [FieldReading<'a>; 4],
    pub(crate) notices: Vec<Notice>,
}

struct FieldReading<'a> {
    field: Field,
    original: &'a str,
    text: Text,
    tokens: OnceCell<Tokens>,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(listing: &'a Listing) -> Self {
        let mut notices = Vec::new();
        let fields = Field::ALL.map(|field| {
            let whole = listing.text(field);
            let original = &whole[..whole.floor_char_boundary(LONGEST_FIELD.min(whole.len()))];
            if original.len() < whole.len() {
                let message = format!("the {field} has {} bytes; the first {LONGEST_FIELD} were read", whole.len());
                notices.push(Notice::new("text-too-long", message));
            }
            FieldReading { field, original, text: Text::read(original), tokens: OnceCell::new() }
        });
        Self { fields, notices }
    }

    fn field(&self, field: Field) -> &FieldReading<'a> {
        &self.fields[field as usize]
    }

    /// The field's two readings.
    pub(crate) fn text(&self, field: Field) -> &Text {
        &self.field(field).text
    }

    /// The fields in reading order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (Field, &Text)> {
        self.fields.iter().map(|reading| (reading.field, &reading.text))
    }

    /// A piece of the original text.
    pub(crate) fn original(&self, field: Field, start: usize, end: usize) -> &'a str {
        self.field(field).original.get(start..end).unwrap_or_default()
    }

    /// The words of a field, with offsets into the original text.
    pub(crate) fn tokens(&self, field: Field) -> &Tokens {
        let reading = self.field(field);
        reading.tokens.get_or_init(|| Tokens::of_original(&reading.text.plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_at_their_own_place() {
        let listing = Listing { title: "T".into(), body: "B".into(), price: Some("P".into()), ..Listing::default() };
        let reading = Reading::of(&listing);
        for (field, expected) in [(Field::Title, "t"), (Field::Body, "b"), (Field::Location, ""), (Field::Price, "p")] {
            assert_eq!(reading.text(field).plain.text, expected);
        }
    }

    #[test]
    fn a_text_beyond_the_cap_is_cut_with_a_notice() {
        let listing = Listing { body: "é".repeat(LONGEST_FIELD), ..Listing::default() };
        let reading = Reading::of(&listing);
        assert_eq!(reading.notices[0].code, "text-too-long");
    }
}
