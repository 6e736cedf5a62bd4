//! One advert: its sentences by its shape, its names and numbers by its surface, its disguise by both.

use serde::Serialize;

use super::draw::Draw;
use super::fiction;
use super::grammar::{Grammar, Piece, Scene, Slice, Template};
use super::plan::Row;
use super::tricks::Disguise;

/// A contact that stands beside the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Contact {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) value: String,
}

/// An advert with all slots filled.
pub(super) struct Advert<'a> {
    pub(super) scene: &'a Scene,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) location: Option<String>,
    pub(super) price: Option<String>,
    pub(super) contacts: Vec<Contact>,
    pub(super) posted_at: Option<String>,
    pub(super) families: Vec<&'static str>,
}

/// Writes the advert of a row. Rows of one origin have the same sentences in the same order.
pub(super) fn write<'a>(row: &Row, grammar: &'a Grammar) -> Advert<'a> {
    let scene = &grammar.scenes[row.origin.scene];
    let mut shape = Draw::new(row.origin.shape);
    let sentences = sentences(grammar, scene, &mut shape);
    let mut filler = Filler::new(grammar, shape, Draw::new(row.surface));
    let mut title = filler.fill(sentences.title);
    let mut body = filler.body(&sentences);
    let mut price = sentences.price.map(|template| filler.fill(template));
    if row.repeats {
        filler.change(&mut body);
    }
    let location = (!filler.surface.once_in(5)).then(|| filler.listed(grammar.towns).to_string());
    let posted_at = (!filler.surface.once_in(4)).then(|| date(&mut filler.surface));
    let mut families = scene.families.clone();
    if row.origin.slice == Slice::Obfuscated {
        families.push("EV");
        let disguise = Disguise::new(row.origin.shape, grammar);
        title = disguise.text(&title);
        body = disguise.text(&body);
        price = price.map(|price| disguise.text(&price));
    }
    Advert { scene, title, body, location, price, contacts: filler.contacts, posted_at, families }
}

/// The sentences of an advert, with open slots.
struct Sentences<'a> {
    title: &'a Template,
    /// Each with whether a new paragraph begins before it.
    body: Vec<(&'a Template, bool)>,
    price: Option<&'a Template>,
}

fn sentences<'a>(grammar: &'a Grammar, scene: &'a Scene, shape: &mut Draw) -> Sentences<'a> {
    let mut lines = scene.lines.clone();
    lines.extend(scene.maybe.iter().filter(|_| shape.once_in(2)));
    shape.shuffle(&mut lines);
    let mut said: Vec<&Template> = vec![shape.one(&scene.openings)];
    for line in lines {
        let sentence = shape.one(&grammar.lines[line]);
        if !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    said.push(shape.one(&grammar.closings));
    Sentences {
        title: shape.one(&scene.titles),
        price: (!scene.prices.is_empty()).then(|| shape.one(&scene.prices)),
        body: said.into_iter().map(|sentence| (sentence, shape.once_in(4))).collect(),
    }
}

/// Fills slots. A list gives the same word wherever it stands in one advert.
struct Filler<'a> {
    grammar: &'a Grammar,
    shape: Draw,
    surface: Draw,
    chosen: Vec<Option<usize>>,
    contacts: Vec<Contact>,
}

impl<'a> Filler<'a> {
    fn new(grammar: &'a Grammar, shape: Draw, surface: Draw) -> Self {
        Self { grammar, shape, surface, chosen: vec![None; grammar.lists.len()], contacts: Vec::new() }
    }

    fn body(&mut self, sentences: &Sentences<'_>) -> String {
        let mut body = String::new();
        for (sentence, paragraph) in &sentences.body {
            if !body.is_empty() {
                body.push_str(if *paragraph { "\n" } else { &self.grammar.joiner });
            }
            let filled = self.fill(sentence);
            body.push_str(&filled);
        }
        body
    }

    fn fill(&mut self, template: &Template) -> String {
        let mut text = String::new();
        for piece in template {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Listed(list) => text.push_str(self.listed(*list)),
                Piece::Number { from, steps, step } => {
                    text.push_str(&(from + step * self.surface.below(*steps)).to_string());
                }
                Piece::Phone(channel) => {
                    let number = fiction::phone(&mut self.surface);
                    text.push_str(&self.contact(channel, number));
                }
                Piece::Handle(channel) => {
                    let at = if channel == "telegram" { "@" } else { "" };
                    let name = format!("{at}{}", fiction::handle(&mut self.surface));
                    text.push_str(&self.contact(channel, name));
                }
                Piece::Mail => {
                    let address = fiction::mail(&mut self.surface);
                    text.push_str(&self.contact("email", address));
                }
            }
        }
        // A sentence that begins with a listed word begins with a capital; scripts without them stay as they are.
        match text.chars().next() {
            Some(first) if first.is_lowercase() => first.to_uppercase().chain(text.chars().skip(1)).collect(),
            _ => text,
        }
    }

    fn listed(&mut self, list: usize) -> &'a str {
        let choice = &self.grammar.lists[list];
        let draw = if choice.kept { &mut self.shape } else { &mut self.surface };
        let word = *self.chosen[list].get_or_insert_with(|| draw.index(choice.words.len()));
        &choice.words[word]
    }

    fn contact(&mut self, channel: &str, value: String) -> String {
        self.contacts.push(Contact { kind: channel.to_string(), value: value.clone() });
        value
    }

    /// What somebody does who posts an advert again: changes a word or two, adds a sentence.
    fn change(&mut self, body: &mut String) {
        let mut pairs: Vec<&[String; 2]> = self.grammar.swaps.iter().collect();
        self.surface.shuffle(&mut pairs);
        let wanted = 1 + self.surface.index(2);
        let mut changed = 0;
        for [one, other] in pairs {
            if changed < wanted
                && (swap(body, one, other, &self.grammar.joiner) || swap(body, other, one, &self.grammar.joiner))
            {
                changed += 1;
            }
        }
        if self.surface.once_in(3) {
            let extra = self.surface.one(&self.grammar.extras);
            let extra = self.fill(extra);
            body.push_str(&self.grammar.joiner);
            body.push_str(&extra);
        }
    }
}

/// Puts one word for another where it first stands as a word of its own; where a script has no spaces, anywhere.
fn swap(body: &mut String, from: &str, to: &str, joiner: &str) -> bool {
    let whole = |at: usize| {
        let before = body[..at].chars().next_back();
        let after = body[at + from.len()..].chars().next();
        joiner.is_empty() || ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    };
    let Some(at) = body.match_indices(from).map(|(at, _)| at).find(|at| whole(*at)) else { return false };
    body.replace_range(at..at + from.len(), to);
    true
}

fn date(draw: &mut Draw) -> String {
    format!("2026-{:02}-{:02}", 9 + draw.below(3), 1 + draw.below(28))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_swapped() {
        let mut body = "a warehouse, a house".to_string();
        assert!(swap(&mut body, "house", "place", " "));
        assert_eq!(body, "a warehouse, a place");
        assert!(!swap(&mut body, "house", "place", " "));
        let mut body = "公司需要人".to_string();
        assert!(swap(&mut body, "需要", "急招", ""));
        assert_eq!(body, "公司急招人");
    }
}
