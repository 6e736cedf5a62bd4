//! `assess`: one listing in, one assessment out. It cannot fail.

use lapwing_types::{
    Assessment, Digest, Field, Hit, HitSpan, Listing, NotEvaluated, Notice, Provenance, RuleStatus, Span, View,
    mask_spans,
};

use crate::entity::{Detail, Entities, Path};
use crate::evaluation::{Outcome, RuleHit};
use crate::model::{Example, Feature, Labelled, Model, Observed};
use crate::places::{MOST_MATCHES, Places};
use crate::reading::Reading;
use crate::rules::condition::{Facts, Match, evaluate, explain, for_each_witness};
use crate::rules::{Explanation, Filter, Measured, Pack, PatternPlaces, Rule, RuleCost, RulePattern, Source};
use crate::score::{Candidate, Score, score};
use crate::text::{Language, identify};

/// Rules, and a model where there is one, ready to assess listings. Cheap to share between threads.
#[derive(Debug)]
pub struct Detector {
    pack: Pack,
    model: Option<Model>,
}

/// The most spans that a hit shows.
const MOST_SPANS: usize = 24;
const LONGEST_QUOTE: usize = 120;
/// Matches with no more bytes than this between them are quoted as one.
const CLOSE_TOGETHER: usize = 16;
const MOST_QUOTES: usize = 2;

impl Detector {
    /// Joins a pack and a model.
    pub fn new(pack: Pack, model: Option<Model>) -> Self {
        Self { pack, model }
    }

    /// The rules.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// The model, where one is loaded.
    pub fn model(&self) -> Option<&Model> {
        self.model.as_ref()
    }

    /// Assesses a listing; `notices` are the remarks of whoever extracted it. The same listing, pack and model give
    /// the same assessment, byte for byte.
    pub fn assess(&self, listing: &Listing, notices: &[Notice]) -> Assessment {
        let examined = Examined::of(&self.pack, listing, notices);
        let mut not_evaluated = Vec::new();
        let scored = score(examined.candidates(&self.pack, &mut not_evaluated), &self.pack);
        let concepts = examined.concepts(&self.pack);
        let observed = Observed { listing, reading: &examined.reading, score: &scored, concepts: &concepts };
        let judged = self.model.as_ref().map(|model| (model, model.judge(&observed)));
        let Score { points, band, child_risk, families, hits, context } = scored;
        let mut notices = notices.to_vec();
        notices.extend(examined.reading.notices.iter().cloned());
        Assessment {
            external_id: listing.external_id.clone(),
            lang: examined.language.tag.map(str::to_string),
            band: judged.as_ref().map_or(band, |(model, (_, said))| model.raise().lift((band, points), *said)),
            child_risk,
            points,
            families,
            hits,
            context,
            not_evaluated,
            classifier: judged.map(|(_, (output, _))| output),
            notices,
            fingerprint: fingerprint(&examined.reading),
            provenance: Provenance {
                pack: self.pack.digest,
                model: self.model.as_ref().map(Model::digest),
                engine: concat!("lapwing ", env!("CARGO_PKG_VERSION")).to_string(),
            },
        }
    }

    /// An assessment as far as an evaluation needs it, with the hits before gates and halving and what further models
    /// say beside. Band, points and number are those of [`Detector::assess`].
    pub fn outcome(&self, listing: &Listing, further: &[Model]) -> Outcome {
        let examined = Examined::of(&self.pack, listing, &[]);
        let candidates = examined.candidates(&self.pack, &mut Vec::new());
        let mut hits = self.bare_hits(&candidates);
        let scored = score(candidates, &self.pack);
        for hit in &mut hits {
            let rule = self.pack.rules.get(hit.rule as usize);
            hit.scores = rule.is_some_and(|rule| scored.hits.iter().any(|scoring| scoring.rule == rule.id));
        }
        let concepts = examined.concepts(&self.pack);
        let observed = Observed { listing, reading: &examined.reading, score: &scored, concepts: &concepts };
        let said = self.model.as_ref().map(|model| (model, model.judge(&observed).1));
        let standing = (scored.band, scored.points);
        Outcome {
            band: said.map_or(scored.band, |(model, said)| model.raise().lift(standing, said)),
            rules_band: scored.band,
            points: scored.points,
            child_risk: scored.child_risk,
            further: further.iter().map(|model| model.judge(&observed).1).collect(),
            said: said.map(|(_, said)| said),
            hits,
            lang: examined.language.tag.map(str::to_string),
            fingerprint: fingerprint(&examined.reading),
            families: scored.families,
        }
    }

    /// The hits by the place of their rules, not yet told whether they score.
    fn bare_hits(&self, candidates: &[Candidate]) -> Vec<RuleHit> {
        let place = |hit: &Hit| self.pack.rules.iter().position(|rule| rule.id == hit.rule).unwrap_or(usize::MAX);
        let bare = candidates.iter().map(|candidate| RuleHit {
            rule: u32::try_from(place(&candidate.hit)).unwrap_or(u32::MAX),
            points: candidate.hit.points,
            scores: false,
        });
        let mut hits: Vec<RuleHit> = bare.collect();
        hits.sort_unstable_by_key(|hit| hit.rule);
        hits
    }

    /// What training keeps of a labelled listing.
    pub fn example(&self, labelled: &Labelled) -> Example {
        let examined = Examined::of(&self.pack, &labelled.listing, &[]);
        let contacts = examined.contacts();
        let lang = examined.language.tag;
        self.observe(&labelled.listing, &examined, &mut |observed| Example::of(observed, labelled, lang, &contacts))
    }

    /// Tells the features of a listing.
    pub(crate) fn for_each_feature(&self, listing: &Listing, visit: &mut dyn FnMut(Feature<'_>, f32)) {
        let examined = Examined::of(&self.pack, listing, &[]);
        self.observe(listing, &examined, &mut |observed| observed.for_each_feature(visit));
    }

    fn observe<T>(
        &self,
        listing: &Listing,
        examined: &Examined<'_>,
        observer: &mut dyn FnMut(&Observed<'_>) -> T,
    ) -> T {
        let scored = score(examined.candidates(&self.pack, &mut Vec::new()), &self.pack);
        let concepts = examined.concepts(&self.pack);
        observer(&Observed { listing, reading: &examined.reading, score: &scored, concepts: &concepts })
    }

    /// What a listing costs, by a clock that counts upward.
    pub fn measure(&self, listing: &Listing, notices: &[Notice], clock: &dyn Fn() -> u64) -> Measured {
        let start = clock();
        let examined = Examined::of(&self.pack, listing, notices);
        let mut measured = Measured { shared: clock().saturating_sub(start), rules: Vec::new() };
        let texts: Vec<&str> = examined.reading.texts().map(|(_, text)| text.plain.text.as_str()).collect();
        for rule in self.pack.rules.iter().filter(|rule| is_in_force(rule)) {
            let before = clock();
            let hit = matches!(examined.ask(rule), Answer::Hit(_));
            let asking = clock().saturating_sub(before);
            let expressions = self.pack.expression_cost(rule, &texts, clock);
            measured.rules.push(RuleCost { rule: rule.id.clone(), asking, expressions, hit });
        }
        measured
    }

    /// What a rule says of a listing, clause by clause. `None` where there is no such rule.
    pub fn explain(&self, rule: &str, listing: &Listing, notices: &[Notice]) -> Option<Explanation> {
        let rule = self.pack.rules.iter().find(|known| known.id.as_str() == rule)?;
        let examined = Examined::of(&self.pack, listing, notices);
        Some(examined.explanation(rule, &self.pack))
    }
}

fn is_in_force(rule: &Rule) -> bool {
    matches!(rule.status, RuleStatus::Active | RuleStatus::Shadow | RuleStatus::Canary)
}

fn names(paths: &[Path]) -> String {
    paths.iter().map(Path::to_string).collect::<Vec<_>>().join(", ")
}

/// The points of one rule for a listing, before families and caps; `None` where it does not match. For examples.
pub(crate) fn hits_of_rule(pack: &Pack, rule: &Rule, listing: &Listing, notices: &[Notice]) -> Option<i32> {
    let examined = Examined::of(pack, listing, notices);
    match examined.ask(rule) {
        Answer::Hit(candidate) => Some(candidate.hit.points),
        Answer::Missing(_) | Answer::No => None,
    }
}

/// Whether a filter leaves a listing out; a listing that names no source is taken as from the right one. For examples.
pub(crate) fn leaves_out(pack: &Pack, filter: &Filter, listing: &Listing, notices: &[Notice]) -> bool {
    let examined = Examined::of(pack, listing, notices);
    (listing.source.is_empty() || filter.is_for_source(&listing.source))
        && filter.is_for_text(listing.kind, examined.language.tag)
        && examined.holds(filter)
}

enum Answer {
    Hit(Box<Candidate>),
    Missing(Vec<Path>),
    No,
}

/// A listing with everything that rules ask about.
struct Examined<'a> {
    listing: &'a Listing,
    reading: Reading<'a>,
    language: Language,
    entities: Entities,
    places: Places,
}

impl<'a> Examined<'a> {
    fn of(pack: &Pack, listing: &'a Listing, notices: &[Notice]) -> Self {
        let reading = Reading::of(listing);
        let sample = format!("{}\n{}", listing.title, listing.body);
        let language = identify(&sample, listing.lang.as_deref());
        let hidden_text = notices.iter().any(|notice| notice.code == "hidden-text");
        let entities = Entities::of(listing, &reading, &language, hidden_text);
        let places = Places::search(pack, &reading, &language);
        Self { listing, reading, language, entities, places }
    }

    /// The hits of all rules in force; rules that could not be judged are added to `not_evaluated`.
    fn candidates(&self, pack: &Pack, not_evaluated: &mut Vec<NotEvaluated>) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for rule in pack.rules.iter().filter(|rule| is_in_force(rule)) {
            match self.ask(rule) {
                Answer::Hit(candidate) => candidates.push(*candidate),
                Answer::Missing(paths) => not_evaluated
                    .push(NotEvaluated { rule: rule.id.clone(), why: format!("not available: {}", names(&paths)) }),
                Answer::No => {}
            }
        }
        for filter in &pack.filters {
            self.drop_filtered(filter, &mut candidates, not_evaluated);
        }
        candidates
    }

    /// Takes out what a site's own filter excludes, and says so.
    fn drop_filtered(&self, filter: &Filter, candidates: &mut Vec<Candidate>, not_evaluated: &mut Vec<NotEvaluated>) {
        let is_for = filter.is_for(&self.listing.source, self.listing.kind, self.language.tag);
        if !is_for || !candidates.iter().any(|candidate| filter.names(&candidate.hit)) || !self.holds(filter) {
            return;
        }
        let why = format!("left out by the filter {}: {}", filter.id, filter.title);
        for dropped in candidates.extract_if(.., |candidate| filter.names(&candidate.hit)) {
            not_evaluated.push(NotEvaluated { rule: dropped.hit.rule, why: why.clone() });
        }
    }

    /// The contacts of the listing in one spelling, to tell whether two listings share one.
    fn contacts(&self) -> Vec<String> {
        let contacts = self.entities.found.iter().filter(|entity| entity.detail.kind().is_contact());
        let spelled = contacts.map(|entity| match &entity.detail {
            Detail::Phone { number: Some(number), .. } => number.reveal().clone(),
            _ => {
                let span = entity.span;
                let text = self.reading.original(span.field, span.start, span.end);
                text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
            }
        });
        let stated = self.listing.contacts.iter().map(|contact| contact.value.reveal().to_lowercase());
        spelled.chain(stated).filter(|contact| !contact.is_empty()).collect()
    }

    /// The concepts with a term in the listing, for the classifier.
    fn concepts<'p>(&self, pack: &'p Pack) -> Vec<&'p str> {
        let present = pack.concept_patterns.iter().filter(|(_, pattern)| self.places.has(*pattern));
        present.map(|(concept, _)| concept.as_str()).collect()
    }

    /// Whether a filter's condition holds, whatever its scope.
    fn holds(&self, filter: &Filter) -> bool {
        evaluate(&filter.gate.condition, &self.facts(&self.matches_of(&filter.gate)), &mut Vec::new())
    }

    fn ask(&self, rule: &Rule) -> Answer {
        if !rule.is_for(self.listing.kind, self.language.tag) {
            return Answer::No;
        }
        if !rule.condition.may_hold(&|pattern| self.is_present(&rule.patterns[pattern])) {
            return Answer::No;
        }
        let matches = self.matches_of(rule);
        let facts = self.facts(&matches);
        let mut missing = Vec::new();
        if !evaluate(&rule.condition, &facts, &mut missing) {
            missing.sort_unstable();
            missing.dedup();
            let concerned = !missing.is_empty() && matches.iter().any(|places| !places.is_empty());
            return if concerned { Answer::Missing(missing) } else { Answer::No };
        }
        Answer::Hit(Box::new(self.hit(rule, &facts)))
    }

    fn explanation(&self, rule: &Rule, pack: &Pack) -> Explanation {
        let matches = self.matches_of(rule);
        let places = |(index, pattern): (usize, &RulePattern)| PatternPlaces {
            pattern: pattern.name.clone(),
            places: matches[index].len(),
            denied: self.places_of(pattern).len() - matches[index].len(),
        };
        let holds = evaluate(&rule.condition, &self.facts(&matches), &mut Vec::new());
        let hit = match self.ask(rule) {
            Answer::Hit(candidate) if is_in_force(rule) => Some(candidate.hit),
            _ => None,
        };
        let leaves_out = |filter: &&Filter| {
            hit.as_ref().is_some_and(|hit| filter.names(hit))
                && filter.is_for(&self.listing.source, self.listing.kind, self.language.tag)
                && self.holds(filter)
        };
        Explanation {
            rule: rule.id.clone(),
            version: rule.version,
            status: rule.status,
            not_asked: rule.why_not_asked(self.listing.kind, self.language.tag),
            holds,
            points: hit.as_ref().map(|hit| hit.points),
            left_out_by: pack.filters.iter().filter(leaves_out).map(|filter| filter.id.clone()).collect(),
            patterns: rule.patterns.iter().enumerate().map(places).collect(),
            condition: explain(&rule.condition, &self.facts(&matches), &rule.pattern_names()),
        }
    }

    fn facts<'b>(&'b self, matches: &'b [Vec<Match>]) -> Facts<'b> {
        Facts {
            matches,
            entities: &self.entities,
            reading: &self.reading,
            lang: self.language.tag,
            kind: self.listing.kind,
        }
    }

    /// The matches of each pattern of a rule, those that another pattern negates left out.
    fn matches_of(&self, rule: &Rule) -> Vec<Vec<Match>> {
        let all: Vec<Vec<Match>> = rule.patterns.iter().map(|pattern| self.places_of(pattern)).collect();
        if rule.patterns.iter().all(|pattern| pattern.unless.is_empty()) {
            return all;
        }
        let kept = rule.patterns.iter().enumerate().map(|(index, pattern)| {
            let negated = |place: &Match| {
                pattern
                    .unless
                    .iter()
                    .any(|guard| all[*guard].iter().any(|other| self.is_near(place, other, pattern.within)))
            };
            all[index].iter().filter(|place| !negated(place)).copied().collect()
        });
        kept.collect()
    }

    /// Whether two places stand in one sentence with few words between them, or one covers the other.
    fn is_near(&self, place: &Match, other: &Match, within: usize) -> bool {
        if place.field != other.field {
            return false;
        }
        if place.start < other.end && other.start < place.end {
            return true;
        }
        let tokens = self.reading.tokens(place.field);
        let sentence = |place: &Match| tokens.sentence(place.start, place.end);
        sentence(place) == sentence(other)
            && tokens.between((place.start, place.end), (other.start, other.end)).is_some_and(|words| words <= within)
    }

    /// Whether a pattern has any place; guards and fields are not asked.
    fn is_present(&self, pattern: &RulePattern) -> bool {
        match pattern.source {
            Source::Text(id) => self.places.has(id),
            Source::Entity(kind) => self.entities.found.iter().any(|entity| entity.detail.kind() == kind),
        }
    }

    fn places_of(&self, pattern: &RulePattern) -> Vec<Match> {
        let fits = |place: &Match| {
            pattern.view.is_none_or(|view| place.view == view)
                && (pattern.fields.is_empty() || pattern.fields.contains(&place.field))
        };
        match pattern.source {
            Source::Text(id) => self.places.of(id).filter(|place| fits(place)).copied().collect(),
            Source::Entity(kind) => {
                let of_kind = self.entities.found.iter().filter(|entity| entity.detail.kind() == kind);
                let places = of_kind.map(|entity| Match {
                    field: entity.span.field,
                    start: entity.span.start,
                    end: entity.span.end,
                    view: View::Plain,
                });
                places.filter(|place| place.end > place.start && fits(place)).take(MOST_MATCHES).collect()
            }
        }
    }

    fn hit(&self, rule: &Rule, facts: &Facts<'_>) -> Candidate {
        let mut witnesses: Vec<(Match, usize)> = Vec::new();
        for_each_witness(&rule.condition, facts, &mut |pattern, place| witnesses.push((place, pattern)));
        witnesses.sort_unstable();
        witnesses.dedup();
        let boosts = rule.boosts.iter().filter(|(condition, _)| evaluate(condition, facts, &mut Vec::new()));
        let points = rule.points + boosts.map(|(_, add)| add).sum::<i32>();
        let spans = witnesses.iter().take(MOST_SPANS).map(|(place, pattern)| HitSpan {
            span: Span { field: place.field, start: place.start, end: place.end },
            view: place.view,
            pattern: rule.patterns[*pattern].name.clone(),
        });
        let hit = Hit {
            rule: rule.id.clone(),
            version: rule.version,
            status: rule.status,
            family: rule.family,
            indicators: rule.indicators.clone(),
            evidence: rule.evidence,
            strength: rule.strength,
            points,
            explain: rule.explain.replace("{quote}", &self.quotes(&witnesses)),
            spans: spans.collect(),
        };
        Candidate { hit, sensitive: rule.sensitive }
    }

    /// The matched words, contacts masked: places that stand close together as one quote, the longest quotes first.
    fn quotes(&self, witnesses: &[(Match, usize)]) -> String {
        let mut joined: Vec<Match> = Vec::new();
        for (place, _) in witnesses {
            match joined.last_mut() {
                Some(last) if last.field == place.field && place.start <= last.end + CLOSE_TOGETHER => {
                    last.end = last.end.max(place.end);
                }
                _ => joined.push(*place),
            }
        }
        joined.sort_by_key(|place| (std::cmp::Reverse(place.end - place.start), place.start));
        joined.truncate(MOST_QUOTES);
        joined.sort_unstable();
        let mut quotes: Vec<String> = Vec::new();
        for quote in joined.iter().map(|place| self.masked(place)).filter(|quote| !quote.is_empty()) {
            if !quotes.contains(&quote) {
                quotes.push(quote);
            }
        }
        if quotes.is_empty() { "(no words of the text)".to_string() } else { quotes.join(" … ") }
    }

    fn masked(&self, place: &Match) -> String {
        let text = self.reading.original(place.field, place.start, place.end);
        let inside = self.entities.contact_spans(place.field).into_iter().filter_map(|span| {
            let (start, end) = (span.start.max(place.start), span.end.min(place.end));
            (start < end).then(|| Span { field: span.field, start: start - place.start, end: end - place.start })
        });
        let masked = mask_spans(text, &inside.collect::<Vec<_>>());
        let words: Vec<&str> = masked.split_whitespace().collect();
        words.join(" ").chars().take(LONGEST_QUOTE).collect()
    }
}

/// A digest of the folded title and body: equal texts in another case, width or spacing have the same.
fn fingerprint(reading: &Reading<'_>) -> Digest {
    let words = |field: Field| {
        let text = &reading.text(field).plain.text;
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    Digest::of_parts([words(Field::Title).as_bytes(), words(Field::Body).as_bytes()])
}
