//! The grammar of synthetic adverts: `scenes.toml` says what kinds of adverts there are, `grammars/<language>.toml`
//! how they are said. A new language is one file.
//!
//! A language's file has sentences with slots: `{job}` is a list of `[words]`, chosen with the advert and kept by its
//! near-duplicates; `{town}` is a list of `[slots]`, which differ between them; `{200..900/50}` is a number in steps
//! of 50; `{phone}`, `{telegram}`, … is a contact, which then stands beside the text too. `swaps` are pairs of which
//! a near-duplicate changes one for the other, `extras` what it may add.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use lapwing_types::{Family, Kind};
use rust_embed::Embed;
use serde::Deserialize;

use super::tricks::{DigitTrick, WordTrick};

/// How a listing shows, or does not show, what a reviewer looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Slice {
    Obvious,
    Subtle,
    Obfuscated,
    HardNegative,
    Benign,
}

impl Slice {
    /// Those with label 1.
    pub(super) const POSITIVE: [Self; 3] = [Self::Obvious, Self::Subtle, Self::Obfuscated];
    /// Those with label 0.
    pub(super) const NEGATIVE: [Self; 2] = [Self::HardNegative, Self::Benign];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Obvious => "obvious",
            Self::Subtle => "subtle",
            Self::Obfuscated => "obfuscated",
            Self::HardNegative => "hard_negative",
            Self::Benign => "benign",
        }
    }

    pub(super) const fn label(self) -> u8 {
        matches!(self, Self::Obvious | Self::Subtle | Self::Obfuscated) as u8
    }
}

/// One language.
#[derive(Debug)]
pub(super) struct Grammar {
    pub(super) language: String,
    /// What stands between two sentences.
    pub(super) joiner: String,
    pub(super) word_tricks: Vec<WordTrick>,
    pub(super) digit_tricks: Vec<DigitTrick>,
    pub(super) swaps: Vec<[String; 2]>,
    pub(super) extras: Vec<Template>,
    pub(super) closings: Vec<Template>,
    /// Words and slots; templates name them by place.
    pub(super) lists: Vec<List>,
    /// The ways to say each line; scenes name them by place.
    pub(super) lines: Vec<Vec<Template>>,
    pub(super) scenes: Vec<Scene>,
    /// The list of towns, which gives the place beside the text.
    pub(super) towns: usize,
    by_slice: [Vec<usize>; 5],
}

impl Grammar {
    /// The scenes of a slice, by their places; an obfuscated advert is any other with label 1, disguised.
    pub(super) fn scenes_of(&self, slice: Slice) -> &[usize] {
        &self.by_slice[slice as usize]
    }
}

/// A list of words for a slot.
#[derive(Debug)]
pub(super) struct List {
    pub(super) words: Vec<String>,
    /// Whether near-duplicates have the same word.
    pub(super) kept: bool,
}

/// A kind of advert in one language.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) kind: Kind,
    pub(super) families: Vec<&'static str>,
    pub(super) why: String,
    pub(super) titles: Vec<Template>,
    pub(super) openings: Vec<Template>,
    pub(super) prices: Vec<Template>,
    pub(super) lines: Vec<usize>,
    pub(super) maybe: Vec<usize>,
}

/// A sentence with slots.
pub(super) type Template = Vec<Piece>;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// A word of this list.
    Listed(usize),
    /// A number of this many steps from the first.
    Number {
        from: u64,
        steps: u64,
        step: u64,
    },
    /// A telephone number, for a channel of this name.
    Phone(String),
    /// A name, for a channel of this name.
    Handle(String),
    Mail,
}

/// All languages, by their tags.
pub(super) fn all() -> &'static [Grammar] {
    static ALL: LazyLock<Vec<Grammar>> = LazyLock::new(|| {
        let read = |name: &str| {
            let file = Files::get(name).expect("the name was listed");
            String::from_utf8(file.data.into_owned()).expect("the embedded file is read by this module's tests")
        };
        let scenes = read("scenes.toml");
        let languages = Files::iter().filter_map(|name| {
            let language = name.strip_prefix("grammars/")?.strip_suffix(".toml")?.to_string();
            Some(grammar(&language, &read(&name), &scenes))
        });
        let mut all: Vec<Grammar> =
            languages.collect::<Result<_, _>>().expect("the embedded file is read by this module's tests");
        all.sort_by(|one, other| one.language.cmp(&other.language));
        all
    });
    &ALL
}

#[derive(Embed)]
#[folder = "src/synthetic"]
#[include = "*.toml"]
#[include = "grammars/*.toml"]
struct Files;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SceneFile {
    slice: Slice,
    kind: Kind,
    #[serde(default)]
    families: Vec<Family>,
    why: String,
    lines: Vec<String>,
    #[serde(default)]
    maybe: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageFile {
    joiner: String,
    tricks: Vec<WordTrick>,
    digits: Vec<DigitTrick>,
    swaps: Vec<[String; 2]>,
    extras: Vec<String>,
    closings: Vec<String>,
    words: BTreeMap<String, Vec<String>>,
    slots: BTreeMap<String, Vec<String>>,
    lines: BTreeMap<String, Vec<String>>,
    scenes: BTreeMap<String, SceneSaid>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SceneSaid {
    titles: Vec<String>,
    openings: Vec<String>,
    #[serde(default)]
    prices: Vec<String>,
}

/// Reads a language; the sentence of an error names the part.
fn grammar(language: &str, text: &str, scenes: &str) -> Result<Grammar, String> {
    let said: LanguageFile = toml::from_str(text).map_err(|error| format!("{language}.toml: {error}"))?;
    let kinds: BTreeMap<String, SceneFile> = toml::from_str(scenes).map_err(|error| format!("scenes.toml: {error}"))?;
    let reader = Reader::new(&said)?;
    let mut built = Vec::new();
    let mut by_slice: [Vec<usize>; 5] = Default::default();
    for (name, kind) in &kinds {
        let scene = said.scenes.get(name).ok_or_else(|| format!("{language}.toml: [scenes.{name}] is missing"))?;
        let place = built.len();
        by_slice[kind.slice as usize].push(place);
        if kind.slice.label() == 1 {
            by_slice[Slice::Obfuscated as usize].push(place);
        }
        built.push(reader.scene(kind, scene)?);
    }
    if let Some(unknown) = said.scenes.keys().find(|name| !kinds.contains_key(*name)) {
        return Err(format!("{language}.toml: `scenes.toml` has no `{unknown}`"));
    }
    if by_slice.iter().any(Vec::is_empty) || said.tricks.is_empty() || said.digits.is_empty() {
        return Err(format!("{language}.toml: a slice has no scene, or `tricks` or `digits` is empty"));
    }
    Ok(Grammar {
        language: language.to_string(),
        extras: reader.some_templates("extras", &said.extras)?,
        closings: reader.some_templates("closings", &said.closings)?,
        lines: said.lines.iter().map(|(name, all)| reader.some_templates(name, all)).collect::<Result<_, _>>()?,
        towns: *reader.names.get("town").ok_or_else(|| format!("{language}.toml: [slots] has no `town`"))?,
        lists: reader.lists,
        scenes: built,
        joiner: said.joiner,
        word_tricks: said.tricks,
        digit_tricks: said.digits,
        swaps: said.swaps,
        by_slice,
    })
}

/// Turns what is written into places of lists and lines.
struct Reader {
    names: BTreeMap<String, usize>,
    lists: Vec<List>,
    lines: Vec<String>,
}

impl Reader {
    fn new(said: &LanguageFile) -> Result<Self, String> {
        let mut reader =
            Self { names: BTreeMap::new(), lists: Vec::new(), lines: said.lines.keys().cloned().collect() };
        for (lists, kept) in [(&said.words, true), (&said.slots, false)] {
            for (name, words) in lists {
                if words.is_empty() || reader.names.insert(name.clone(), reader.lists.len()).is_some() {
                    return Err(format!("the list `{name}` is empty or stands twice"));
                }
                reader.lists.push(List { words: words.clone(), kept });
            }
        }
        Ok(reader)
    }

    fn scene(&self, kind: &SceneFile, said: &SceneSaid) -> Result<Scene, String> {
        let places = |names: &[String]| names.iter().map(|name| self.line(name)).collect::<Result<Vec<_>, _>>();
        Ok(Scene {
            kind: kind.kind,
            families: kind.families.iter().map(|family| family.as_str()).collect(),
            why: format!("synthetic: {}", kind.why),
            titles: self.some_templates("titles", &said.titles)?,
            openings: self.some_templates("openings", &said.openings)?,
            prices: self.templates(&said.prices)?,
            lines: places(&kind.lines)?,
            maybe: places(&kind.maybe)?,
        })
    }

    fn line(&self, name: &String) -> Result<usize, String> {
        self.lines.binary_search(name).map_err(|_| format!("[lines] has no `{name}`"))
    }

    fn some_templates(&self, name: &str, texts: &[String]) -> Result<Vec<Template>, String> {
        if texts.is_empty() {
            return Err(format!("`{name}` is empty"));
        }
        self.templates(texts)
    }

    fn templates(&self, texts: &[String]) -> Result<Vec<Template>, String> {
        texts.iter().map(|text| self.template(text)).collect()
    }

    fn template(&self, text: &str) -> Result<Template, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, after) = after.split_once('}').ok_or_else(|| format!("a slot of `{text}` does not end"))?;
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_string()));
            }
            pieces.push(
                self.slot(slot).ok_or_else(|| format!("`{{{slot}}}` in `{text}` is no list, number or contact"))?,
            );
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_string()));
        }
        Ok(pieces)
    }

    fn slot(&self, slot: &str) -> Option<Piece> {
        if let Some(place) = self.names.get(slot) {
            return Some(Piece::Listed(*place));
        }
        match slot {
            "phone" | "whatsapp" | "viber" | "zalo" => Some(Piece::Phone(slot.to_string())),
            "telegram" | "wechat" | "qq" => Some(Piece::Handle(slot.to_string())),
            "email" => Some(Piece::Mail),
            _ => number(slot),
        }
    }
}

/// Reads `200..900/50`.
fn number(slot: &str) -> Option<Piece> {
    let (from, rest) = slot.split_once("..")?;
    let (to, step) = rest.split_once('/').unwrap_or((rest, "1"));
    let (from, to, step) = (from.parse().ok()?, to.parse::<u64>().ok()?, step.parse::<u64>().ok()?);
    let steps = to.checked_sub(from)?.checked_div(step)? + 1;
    Some(Piece::Number { from, steps, step })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENES: &str = include_str!("scenes.toml");
    const ENGLISH: &str = include_str!("grammars/en.toml");

    #[test]
    fn every_embedded_language_is_read() {
        let tags: Vec<&str> = all().iter().map(|grammar| grammar.language.as_str()).collect();
        assert_eq!(tags, ["ar", "en", "es", "ru", "vi", "zh"]);
    }

    #[test]
    fn a_fault_names_its_part() {
        for (from, to, told) in [
            ("{job} needed in {land}", "{job} needed in {lnad}", "`{lnad}` in `{job} needed in {lnad}`"),
            ("[scenes.fees]", "[scenes.feees]", "[scenes.fees] is missing"),
            ("quiet = [", "quieter = [", "[lines] has no `quiet`"),
            ("{200..1800/50}", "{1800..200/50}", "`{1800..200/50}`"),
            ("{200..1800/50}", "{200..1800/0}", "`{200..1800/0}`"),
            ("{200..1800/50}", "{200..1800/50", "does not end"),
            ("town = [", "town = []\ntowns = [", "the list `town` is empty"),
        ] {
            let broken = ENGLISH.replacen(from, to, 1);
            let error = grammar("en", &broken, SCENES).expect_err(told);
            assert!(error.contains(told), "{error}");
        }
    }
}
