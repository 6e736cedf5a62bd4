//! A pack: rules, lexicons, catalogue and site profiles, compiled together.

use std::collections::{BTreeMap, BTreeSet};

use lapwing_types::{Band, Digest, Family};

use super::catalogue::{self, Indicator};
use super::compile::Compiler;
use super::diagnostic::{Diagnostic, Place, Reporter, Severity};
use super::filter::{self, Filter};
use super::lexicon::{self, Lexicon};
use super::raw::{RawBands, RawPack};
use super::rule::Rule;
use super::yaml;
use crate::extract::Profile;
use crate::matcher::{Matcher, PatternId};

/// One file of a pack: its path below the pack's folder, with `/`, and its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackFile {
    /// Such as `labour/labour.recruitment-fee.upfront.yaml`.
    pub path: String,
    /// Its bytes; a file that is not UTF-8 is refused with its name.
    pub bytes: Vec<u8>,
}

/// The points from which each band begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bands {
    low: i32,
    review: i32,
    high: i32,
    urgent: i32,
}

impl Bands {
    /// The band of a sum of points.
    pub fn of(self, points: i32) -> Band {
        match points {
            points if points >= self.urgent => Band::Urgent,
            points if points >= self.high => Band::High,
            points if points >= self.review => Band::Review,
            points if points >= self.low => Band::Low,
            _ => Band::None,
        }
    }
}

/// A sentence that a lexicon gives for a concept, and the pattern that must find it.
#[derive(Debug)]
pub(crate) struct LexiconExample {
    pub(crate) language: String,
    pub(crate) concept: String,
    pub(crate) sentence: String,
    pub(crate) place: Place,
    /// The line on which it stands.
    pub(crate) line: String,
    /// Why nothing is to be said of it, where the lexicon says so.
    pub(crate) is_suppressed: bool,
    /// `None` where no rule uses the concept.
    pub(crate) pattern: Option<PatternId>,
}

/// A compiled pack, or several loaded one after the other.
#[derive(Debug)]
pub struct Pack {
    /// The names of the packs, joined by `+`.
    pub name: String,
    /// The version of the first.
    pub version: String,
    /// The SHA-256 over the sorted files of all.
    pub digest: Digest,
    /// The indicators by id.
    pub catalogue: BTreeMap<String, Indicator>,
    /// The rules, sorted by id.
    pub rules: Vec<Rule>,
    /// What sites leave out, in the order of their ids.
    pub filters: Vec<Filter>,
    /// The languages with a lexicon.
    pub languages: Vec<String>,
    /// How many terms each language has for each of its concepts.
    pub concepts: BTreeMap<String, BTreeMap<String, usize>>,
    /// The site profiles.
    pub profiles: Vec<Profile>,
    /// The points from which bands begin.
    pub bands: Bands,
    pub(crate) caps: BTreeMap<Family, i32>,
    pub(crate) matcher: Matcher,
    /// The pattern of each concept that a rule uses, sorted by concept.
    pub(crate) concept_patterns: Vec<(String, PatternId)>,
    pub(crate) patterns: usize,
    /// What each lexicon promises of itself, for the lint.
    pub(crate) lexicon_examples: Vec<LexiconExample>,
    /// Tags by the matcher's language numbers; longer than `languages` where a rule has words of another language.
    pub(crate) language_tags: Vec<String>,
}

impl Pack {
    /// Compiles packs: the files of each, in the order in which they are to be loaded. Gives warnings beside the pack.
    ///
    /// # Errors
    /// All findings, errors and warnings, where one is an error.
    pub fn load(packs: &[Vec<PackFile>]) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut loader = Loader::default();
        for files in packs {
            loader.read(files);
        }
        loader.finish()
    }
}

#[derive(Default)]
struct Loader<'a> {
    digests: Vec<Digest>,
    names: Vec<String>,
    version: Option<String>,
    bands: Option<RawBands>,
    caps: BTreeMap<Family, i32>,
    catalogue: BTreeMap<String, Indicator>,
    lexicons: Vec<Lexicon>,
    rules: Vec<(&'a str, &'a str)>,
    filters: Vec<(&'a str, &'a str)>,
    profiles: Vec<Profile>,
    found: Vec<Diagnostic>,
}

impl<'a> Loader<'a> {
    fn read(&mut self, files: &'a [PackFile]) {
        let mut sorted: Vec<&PackFile> = files.iter().filter(|file| file.path.ends_with(".yaml")).collect();
        sorted.sort_unstable();
        let parts = sorted.iter().flat_map(|file| [file.path.as_bytes(), file.bytes.as_slice()]);
        self.digests.push(Digest::of_parts(parts));
        let mut has_pack = false;
        for file in sorted {
            let Ok(text) = std::str::from_utf8(&file.bytes) else {
                let mut reporter = Reporter::new(&file.path, "");
                reporter.error("not-utf8", Place::default(), "the file is not UTF-8", "save it as UTF-8");
                self.found.append(&mut reporter.found);
                continue;
            };
            has_pack |= file.path == "pack.yaml";
            self.read_file(&file.path, text);
        }
        if !has_pack {
            let mut reporter = Reporter::new("pack.yaml", "");
            let help = "give the pack a pack.yaml with format, name, version, licence, bands and families";
            reporter.error("no-pack-file", Place::default(), "the folder has no `pack.yaml`", help);
            self.found.append(&mut reporter.found);
        }
    }

    fn read_file(&mut self, path: &'a str, text: &'a str) {
        let mut reporter = Reporter::new(path, text);
        match path.split('/').collect::<Vec<_>>().as_slice() {
            ["pack.yaml"] => self.read_pack(&mut reporter),
            ["indicators.yaml"] => self.catalogue.append(&mut catalogue::read(&mut reporter)),
            ["lexicons", _] => self.merge_lexicon(lexicon::read(&mut reporter)),
            ["filters", ..] => self.filters.push((path, text)),
            ["sites", _] => match Profile::parse(text) {
                Ok(profile) => self.profiles.push(profile),
                Err(error) => {
                    reporter.error(
                        "bad-profile",
                        Place { line: error.line, column: error.column },
                        without_place(&error.message),
                        "see docs/SITES.md",
                    );
                }
            },
            _ => self.rules.push((path, text)),
        }
        self.found.append(&mut reporter.found);
    }

    fn read_pack(&mut self, reporter: &mut Reporter<'_>) {
        let Some(raw) = yaml::read::<RawPack>(reporter) else { return };
        if raw.format.value != 1 {
            reporter.error(
                "unknown-format",
                Place::of(&raw.format),
                "this pack has another format than 1",
                "write `format: 1`",
            );
        }
        let (bands, place) = (raw.bands.value, Place::of(&raw.bands));
        if !(0 < bands.low && bands.low < bands.review && bands.review < bands.high && bands.high < bands.urgent) {
            let message = "the bands must rise: 0 < low < review < high < urgent";
            reporter.error("bad-bands", place, message, "write such as {low: 10, review: 30, high: 55, urgent: 85}");
        }
        for (name, family) in raw.families {
            match name.parse::<Family>() {
                Ok(name) => {
                    self.caps.insert(name, family.value.cap);
                }
                Err(error) => {
                    reporter.error("unknown-family", Place::of(&family), error.to_string(), super::compile::FAMILIES)
                }
            }
        }
        self.names.push(raw.name);
        self.version.get_or_insert(raw.version);
        self.bands.get_or_insert(bands);
    }

    /// A later pack adds terms to the languages of an earlier one.
    fn merge_lexicon(&mut self, lexicon: Option<Lexicon>) {
        let Some(lexicon) = lexicon else { return };
        match self.lexicons.iter_mut().find(|known| known.language == lexicon.language) {
            None => self.lexicons.push(lexicon),
            Some(known) => {
                for (concept, mut terms) in lexicon.concepts {
                    known.concepts.entry(concept).or_default().append(&mut terms);
                }
                known.examples.extend(lexicon.examples);
                known.suppress.extend(lexicon.suppress);
            }
        }
    }

    fn finish(mut self) -> Result<(Pack, Vec<Diagnostic>), Vec<Diagnostic>> {
        let languages: Vec<String> = self.lexicons.iter().map(|lexicon| lexicon.language.clone()).collect();
        let mut compiler = Compiler::new(&self.catalogue, &self.lexicons);
        let mut rules: Vec<Rule> = Vec::new();
        for (path, text) in &self.rules {
            let mut reporter = Reporter::new(path, text);
            if let Some(rule) = compiler.rule(&mut reporter) {
                if let Some(earlier) = rules.iter().find(|earlier| earlier.id == rule.id) {
                    let message = format!("the rule `{}` stands in `{}` too", rule.id, earlier.file);
                    reporter.error("duplicate-rule", rule.place, message, "give one of them a new id");
                }
                rules.push(rule);
            }
            self.found.append(&mut reporter.found);
        }
        let filters = compile_filters(&self.filters, &mut compiler, &rules, &mut self.found);
        if self.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return Err(self.found);
        }
        let Some(bands) = self.bands else { return Err(self.found) };
        rules.sort_by(|one, other| one.id.cmp(&other.id));
        let patterns = compiler.patterns();
        let lexicon_examples = lexicon_examples(&self.lexicons, &compiler);
        let concept_patterns = concept_patterns(&self.lexicons, &compiler);
        let language_tags = compiler.languages.clone();
        let matcher = compiler.builder.build();
        let count = |lexicon: &Lexicon| {
            let terms = lexicon.concepts.iter().map(|(concept, terms)| (concept.clone(), terms.len()));
            (lexicon.language.clone(), terms.collect())
        };
        let concepts = self.lexicons.iter().map(count);
        let digest = match self.digests.as_slice() {
            [one] => *one,
            several => Digest::of_parts(several.iter().map(|digest| digest.as_bytes().as_slice())),
        };
        let pack = Pack {
            name: self.names.join("+"),
            version: self.version.unwrap_or_default(),
            digest,
            concepts: concepts.collect(),
            rules,
            filters,
            languages,
            profiles: self.profiles,
            bands: Bands { low: bands.low, review: bands.review, high: bands.high, urgent: bands.urgent },
            caps: self.caps,
            matcher,
            concept_patterns,
            patterns,
            lexicon_examples,
            language_tags,
            catalogue: std::mem::take(&mut self.catalogue),
        };
        Ok((pack, self.found))
    }
}

/// A sentence without the line and column that stand beside it anyway.
pub(super) fn without_place(message: &str) -> &str {
    message.split(" at line ").next().unwrap_or(message)
}

fn compile_filters(
    files: &[(&str, &str)],
    compiler: &mut Compiler<'_>,
    rules: &[Rule],
    found: &mut Vec<Diagnostic>,
) -> Vec<Filter> {
    let mut filters: Vec<Filter> = Vec::new();
    for (path, text) in files {
        let mut reporter = Reporter::new(path, text);
        if let Some(filter) = filter::read(compiler, &mut reporter) {
            let earlier = filters.iter().map(|known| (&known.id, known.file()));
            let mut named = earlier.chain(rules.iter().map(|rule| (&rule.id, rule.file.as_str())));
            if let Some((id, file)) = named.find(|(id, _)| **id == filter.id) {
                let message = format!("`{id}` stands in `{file}` too");
                reporter.error("duplicate-rule", filter.gate.place, message, "give one of them a new id");
            }
            filters.push(filter);
        }
        found.append(&mut reporter.found);
    }
    filters.sort_by(|one, other| one.id.cmp(&other.id));
    filters
}

fn concept_patterns(lexicons: &[Lexicon], compiler: &Compiler<'_>) -> Vec<(String, PatternId)> {
    let names: BTreeSet<&String> = lexicons.iter().flat_map(|lexicon| lexicon.concepts.keys()).collect();
    names.into_iter().filter_map(|concept| Some((concept.clone(), compiler.known_concept(concept)?))).collect()
}

fn lexicon_examples(lexicons: &[Lexicon], compiler: &Compiler<'_>) -> Vec<LexiconExample> {
    let mut examples = Vec::new();
    for lexicon in lexicons {
        examples.extend(lexicon.examples.iter().map(|(concept, sentence, place, line)| LexiconExample {
            language: lexicon.language.clone(),
            concept: concept.clone(),
            sentence: sentence.clone(),
            place: *place,
            line: line.clone(),
            is_suppressed: lexicon.suppress.contains_key("example-without-term"),
            pattern: compiler.known_concept(concept),
        }));
    }
    examples
}
