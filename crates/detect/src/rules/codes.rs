//! Every code that a finding may have: what stands at the caret, and what the code means. One line a code; the golden
//! tests, SARIF and docs/RULES.md are held to this table.

/// A code of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Kebab-case, stable.
    pub name: &'static str,
    /// What stands at the place, in a few words; empty where the whole file is meant.
    pub label: &'static str,
    /// What it means, in one sentence.
    pub meaning: &'static str,
}

const fn code(name: &'static str, label: &'static str, meaning: &'static str) -> Code {
    Code { name, label, meaning }
}

/// All codes, by name.
pub const CODES: &[Code] = &[
    code("bad-bands", "these do not rise", "the points from which bands begin must rise, from above 0"),
    code("bad-indicator-id", "not the id of this family", "an indicator's id is the family's letters and two digits"),
    code("bad-pattern", "one source is asked", "a pattern has no source, or several"),
    code("bad-profile", "here", "a site profile is wrong"),
    code("bad-regex", "this expression", "a regular expression cannot be read or is too large"),
    code("bad-rule-id", "this id", "an id has another form than a rule's"),
    code("bad-term", "this term", "a term cannot be read"),
    code("boundless-filter", "this filter", "a filter names no rule, or has neither scope nor condition"),
    code("condition-syntax", "here", "the condition cannot be read"),
    code("condition-too-deep", "here", "the condition nests too deeply"),
    code("condition-too-long", "this condition", "the condition is too long"),
    code("context-scores", "these points", "a rule that only shows has points"),
    code("contradicted-scores", "an outcome study says the opposite", "a contradicted indicator has weight"),
    code(
        "document-wide-guard",
        "negates the whole rule",
        "a `not` on the whole listing stands where `unless` would do",
    ),
    code("duplicate-pattern", "the same again", "two patterns of a rule look for the same"),
    code("duplicate-rule", "this id is taken", "two rules or filters have one id"),
    code("empty-regex", "matches nothing at all", "a regular expression matches the empty text"),
    code(
        "example-without-term",
        "none of its terms is in here",
        "a lexicon's example holds none of its concept's terms",
    ),
    code("expired", "this day has passed", "the day on which somebody should have looked at it has passed"),
    code("few-examples", "more examples are asked", "too few examples"),
    code("file-too-large", "", "a file of a pack is too large"),
    code("invariant-condition", "always the same", "a condition, or a clause of it, always holds or can never change"),
    code("misplaced-file", "not the file's name", "the file's name is not the rule's id or the lexicon's language"),
    code("needless-suppression", "silences nothing", "a finding is silenced that there is not"),
    code("negative-family", "this family", "the family PR and the strength `negative` stand apart"),
    code("negative-raises", "these points", "a rule that lowers has no points below zero"),
    code("no-hard-negative", "no `hard: true` among them", "no example is an honest advert that looks alike"),
    code("no-indicator", "empty", "the rule names no indicator"),
    code("no-language", "of which language?", "words or a regular expression without `languages`"),
    code("no-pack-file", "", "the folder has no `pack.yaml`"),
    code("no-points", "these points", "a rule that scores has no points above zero"),
    code("no-reason", "why?", "a finding is silenced without a reason"),
    code("no-reference", "this rule", "the rule names no reference"),
    code("not-utf8", "", "a file of a pack is not UTF-8"),
    code("sensitive-alone", "one clause is enough", "a rule on a sensitive attribute can hit by one clause alone"),
    code("sensitive-strong", "strong", "a rule on a sensitive attribute is strong"),
    code("slow-pattern", "this expression", "a regular expression takes long on a long text"),
    code("spared-rule", "spares some", "a filter's glob covers strong child-risk rules, which it does not drop"),
    code("too-many-findings", "", "a file has more findings than are shown"),
    code("too-many-patterns", "too many", "a rule has more patterns than are allowed"),
    code("too-many-points", "these points", "a rule has more than 100 points"),
    code("unguarded-negation", "also true where there is none", "`not` on an entity that may be missing"),
    code("unknown-code", "no such code", "a code is silenced that no finding has"),
    code("unknown-concept", "in no lexicon", "a concept is named that no lexicon has"),
    code("unknown-entity", "no such entity", "an entity or a value of one is named that there is not"),
    code("unknown-family", "no such family", "a family is named that there is not"),
    code("unknown-field", "not expected here", "a field is named that there is not"),
    code("unknown-format", "not 1", "`format` is not 1"),
    code("unknown-indicator", "not in the catalogue", "an indicator is named that the catalogue has not"),
    code("unknown-kind", "no such kind", "a kind of listing is named that there is not"),
    code("unknown-name", "no pattern has this name", "a pattern is named that the rule has not"),
    code("unknown-rule", "no such rule", "a filter names what is no rule"),
    code("unsatisfiable-condition", "can never hold", "a condition, or a clause of it, can never hold"),
    code("unused-name", "used nowhere", "a pattern is used nowhere"),
    code("version-not-raised", "as it was before", "a rule decides otherwise under the version that it had"),
    code("window-too-wide", "too wide", "a window has more than 50 words"),
    code("wrong-operand", "unlike things", "a number is compared with a text, or the like"),
    code("yaml", "here", "the file is no YAML as docs/RULES.md describes it"),
    code("yaml-feature", "write the value out", "anchors, aliases, tags and merge keys are not part of a pack"),
];

/// The entry of a code.
pub(crate) fn entry(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_stand_once() {
        assert!(CODES.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
