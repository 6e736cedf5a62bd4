//! Reads a condition by recursive descent with a bound on its depth.

use lapwing_types::{Field, Kind};

use super::{Comparison, Condition, Operand};
use crate::entity::Path;

/// Why a text is not a condition, and at which character of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConditionError {
    pub(crate) code: &'static str,
    pub(crate) position: usize,
    pub(crate) message: String,
    pub(crate) help: String,
}

const LONGEST: usize = 4_000;
const DEEPEST: usize = 40;
const WIDEST_WINDOW: usize = 50;
/// What may stand where a clause is missing.
const CLAUSE: &str = "a clause is a pattern's name, near(…), entity.… or the like; see docs/RULES.md, Conditions";

/// Reads a condition over the named patterns.
pub(crate) fn parse(text: &str, patterns: &[&str]) -> Result<Condition, ConditionError> {
    if text.len() > LONGEST {
        let message = format!("the condition is {} bytes long, {LONGEST} are allowed", text.len());
        return Err(error("condition-too-long", 0, message, "split it into several rules"));
    }
    let mut parser = Parser { tokens: lex(text)?, next: 0, patterns, depth: 0, end: text.chars().count() };
    let condition = parser.any()?;
    match parser.peek() {
        None => Ok(condition),
        Some(token) => Err(error(
            "condition-syntax",
            token.position,
            format!("`{}` stands after the end of the condition", token.text()),
            "join clauses by `and` or `or`",
        )),
    }
}

fn error(code: &'static str, position: usize, message: impl Into<String>, help: impl Into<String>) -> ConditionError {
    ConditionError { code, position, message: message.into(), help: help.into() }
}

#[derive(Debug, Clone, PartialEq)]
enum Lexeme {
    Name(String),
    Number(f64),
    Text(String),
    Symbol(&'static str),
}

#[derive(Debug, Clone, PartialEq)]
struct Token {
    lexeme: Lexeme,
    position: usize,
}

impl Token {
    fn text(&self) -> String {
        match &self.lexeme {
            Lexeme::Name(name) => name.clone(),
            Lexeme::Number(number) => number.to_string(),
            Lexeme::Text(text) => format!("\"{text}\""),
            Lexeme::Symbol(symbol) => (*symbol).to_string(),
        }
    }
}

const SYMBOLS: [&str; 14] = ["==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ",", ":", "*", "."];

fn lex(text: &str) -> Result<Vec<Token>, ConditionError> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut index = 0;
    while index < characters.len() {
        let c = characters[index];
        let position = index;
        if c.is_whitespace() {
            index += 1;
        } else if c.is_ascii_alphabetic() || c == '_' {
            while index < characters.len() && is_name(characters[index]) {
                index += 1;
            }
            tokens.push(Token { lexeme: Lexeme::Name(characters[position..index].iter().collect()), position });
        } else if c.is_ascii_digit() {
            while index < characters.len() && (characters[index].is_ascii_digit() || characters[index] == '.') {
                index += 1;
            }
            let digits: String = characters[position..index].iter().collect();
            let number = digits.parse().map_err(|_| {
                error("condition-syntax", position, format!("`{digits}` is not a number"), "write 18 or 2.5")
            })?;
            tokens.push(Token { lexeme: Lexeme::Number(number), position });
        } else if c == '"' || c == '\'' {
            let close = characters[index + 1..].iter().position(|other| *other == c).ok_or_else(|| {
                error("condition-syntax", position, "a text without its closing quote", "close the quote")
            })?;
            tokens.push(Token {
                lexeme: Lexeme::Text(characters[index + 1..index + 1 + close].iter().collect()),
                position,
            });
            index += close + 2;
        } else {
            let here: String = characters[index..characters.len().min(index + 2)].iter().collect();
            let symbol = SYMBOLS.iter().find(|symbol| here.starts_with(**symbol)).ok_or_else(|| {
                error("condition-syntax", position, format!("`{c}` has no meaning in a condition"), "see docs/RULES.md")
            })?;
            tokens.push(Token { lexeme: Lexeme::Symbol(symbol), position });
            index += symbol.len();
        }
    }
    Ok(tokens)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

struct Parser<'a> {
    tokens: Vec<Token>,
    next: usize,
    patterns: &'a [&'a str],
    depth: usize,
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn peek_name(&self) -> Option<&str> {
        match self.peek() {
            Some(Token { lexeme: Lexeme::Name(name), .. }) => Some(name),
            _ => None,
        }
    }

    fn position(&self) -> usize {
        self.peek().map_or(self.end, |token| token.position)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.next).cloned();
        self.next += 1;
        token
    }

    fn take_name(&mut self, name: &str) -> bool {
        let found = self.peek_name() == Some(name);
        self.next += usize::from(found);
        found
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Some(Token { lexeme: Lexeme::Symbol(other), .. }) if *other == symbol);
        self.next += usize::from(found);
        found
    }

    fn expect_symbol(&mut self, symbol: &str) -> Result<(), ConditionError> {
        let position = self.position();
        let found = self.peek().map_or("the end".to_string(), |token| format!("`{}`", token.text()));
        if self.take_symbol(symbol) {
            return Ok(());
        }
        Err(error(
            "condition-syntax",
            position,
            format!("`{symbol}` is missing here, this is {found}"),
            format!("write `{symbol}`"),
        ))
    }

    fn any(&mut self) -> Result<Condition, ConditionError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("more than {DEEPEST} levels of nesting");
            return Err(error("condition-too-deep", self.position(), message, "split it into several rules"));
        }
        let mut parts = vec![self.all()?];
        while self.take_name("or") {
            parts.push(self.all()?);
        }
        self.depth -= 1;
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::Any(parts) })
    }

    fn all(&mut self) -> Result<Condition, ConditionError> {
        let mut parts = vec![self.unary()?];
        while self.take_name("and") {
            parts.push(self.unary()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::All(parts) })
    }

    fn unary(&mut self) -> Result<Condition, ConditionError> {
        let mut negations = 0;
        while self.take_name("not") {
            negations += 1;
        }
        let atom = self.atom()?;
        Ok(if negations % 2 == 1 { Condition::Not(Box::new(atom)) } else { atom })
    }

    fn atom(&mut self) -> Result<Condition, ConditionError> {
        let position = self.position();
        if self.take_symbol("(") {
            let inner = self.any()?;
            self.expect_symbol(")")?;
            return Ok(inner);
        }
        match self.take().map(|token| token.lexeme) {
            Some(Lexeme::Number(number)) => self.number_of(number, position),
            Some(Lexeme::Name(name)) => self.named(&name, position),
            Some(other) => {
                let text = Token { lexeme: other, position }.text();
                Err(error("condition-syntax", position, format!("a clause is missing here, this is `{text}`"), CLAUSE))
            }
            None => Err(error("condition-syntax", position, "the condition ends where a clause is missing", CLAUSE)),
        }
    }

    fn number_of(&mut self, number: f64, position: usize) -> Result<Condition, ConditionError> {
        if !self.take_name("of") {
            let help = "write `2 of fee*`";
            return Err(error("condition-syntax", position, "a number stands where a clause is missing", help));
        }
        let patterns = self.glob()?;
        let least = number as usize;
        if least == 0 || least > patterns.len() {
            let message = format!("`{number} of` {} patterns can never change its value", patterns.len());
            return Err(error("invariant-condition", position, message, "ask for 1 up to the number of patterns"));
        }
        Ok(Condition::Of { least, patterns })
    }

    fn named(&mut self, name: &str, position: usize) -> Result<Condition, ConditionError> {
        match name {
            "any" | "all" if self.take_name("of") => {
                let patterns = self.glob()?;
                let least = if name == "any" { 1 } else { patterns.len() };
                Ok(Condition::Of { least, patterns })
            }
            "near" | "before" if self.take_symbol("(") => self.window(name),
            "same_sentence" if self.take_symbol("(") => {
                let mut patterns = vec![self.pattern()?];
                while self.take_symbol(",") {
                    patterns.push(self.pattern()?);
                }
                self.expect_symbol(")")?;
                if patterns.len() < 2 {
                    return Err(error(
                        "condition-syntax",
                        position,
                        "`same_sentence` needs two patterns or more",
                        "name another pattern",
                    ));
                }
                Ok(Condition::SameSentence(patterns))
            }
            "count" | "distinct" if self.take_symbol("(") => self.counted(name),
            "known" if self.take_symbol("(") => {
                let path = self.entity_path()?;
                self.expect_symbol(")")?;
                Ok(Condition::Known(path))
            }
            "entity" => {
                self.next -= 1;
                self.entity_comparison()
            }
            "lang" if self.take_name("in") => Ok(Condition::Lang(self.list()?)),
            "kind" if self.take_name("in") => self.kinds(position),
            _ => self.pattern_or_field(name, position),
        }
    }

    fn window(&mut self, name: &str) -> Result<Condition, ConditionError> {
        let one = self.pattern()?;
        self.expect_symbol(",")?;
        let other = self.pattern()?;
        let mut within = WIDEST_WINDOW;
        let position = self.position();
        if self.take_symbol(",") {
            within = self.whole_number()?;
        }
        self.expect_symbol(")")?;
        if within > WIDEST_WINDOW {
            let message = format!("a window of {within} words; {WIDEST_WINDOW} is the most");
            return Err(error("window-too-wide", position, message, "narrow it, or use `same_sentence`"));
        }
        Ok(match name {
            "near" => Condition::Near { one, other, within },
            _ => Condition::Before { first: one, second: other, within },
        })
    }

    fn counted(&mut self, name: &str) -> Result<Condition, ConditionError> {
        let pattern = self.pattern()?;
        self.expect_symbol(")")?;
        let comparison = self.comparison()?;
        let number = self.whole_number()?;
        Ok(match name {
            "count" => Condition::Count { pattern, comparison, number },
            _ => Condition::Distinct { pattern, comparison, number },
        })
    }

    fn entity_comparison(&mut self) -> Result<Condition, ConditionError> {
        let path = self.entity_path()?;
        let position = self.position();
        let comparison = self.comparison()?;
        let operand = match self.peek().map(|token| token.lexeme.clone()) {
            Some(Lexeme::Name(name)) if name == "entity" => Operand::Path(self.entity_path()?),
            Some(Lexeme::Name(name)) if name == "true" || name == "false" => {
                self.next += 1;
                Operand::Truth(name == "true")
            }
            Some(Lexeme::Name(text) | Lexeme::Text(text)) => {
                self.next += 1;
                Operand::Text(text.to_lowercase())
            }
            Some(Lexeme::Number(number)) => {
                self.next += 1;
                Operand::Number(number)
            }
            _ => {
                return Err(error(
                    "condition-syntax",
                    self.position(),
                    "a value is missing here",
                    "write a number, true, false, a word or an `entity.…`",
                ));
            }
        };
        if !path.accepts(&operand) {
            let message = format!("`{path}` is {}, it cannot be compared with this value", path.value_kind());
            return Err(error("wrong-operand", position, message, "compare like with like"));
        }
        Ok(Condition::Entity { path, comparison, operand })
    }

    fn entity_path(&mut self) -> Result<Path, ConditionError> {
        let position = self.position();
        let mut names = Vec::new();
        loop {
            match self.take().map(|token| token.lexeme) {
                Some(Lexeme::Name(name)) => names.push(name),
                _ => {
                    return Err(error(
                        "condition-syntax",
                        position,
                        "an entity path is missing here",
                        "write such as `entity.age.min`",
                    ));
                }
            }
            if !self.take_symbol(".") {
                break;
            }
        }
        let written = names.join(".");
        Path::parse(&written).ok_or_else(|| {
            let help = format!("the paths are: {}", Path::all_names().join(", "));
            error("unknown-entity", position, format!("`{written}` is not an entity path"), help)
        })
    }

    fn comparison(&mut self) -> Result<Comparison, ConditionError> {
        let position = self.position();
        let table = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        let found = table.into_iter().find(|(symbol, _)| self.take_symbol(symbol));
        found.map(|(_, comparison)| comparison).ok_or_else(|| {
            error("condition-syntax", position, "a comparison is missing here", "one of == != < <= > >=")
        })
    }

    fn whole_number(&mut self) -> Result<usize, ConditionError> {
        let position = self.position();
        match self.take().map(|token| token.lexeme) {
            Some(Lexeme::Number(number)) if number.fract() == 0.0 => Ok(number as usize),
            _ => Err(error("condition-syntax", position, "a whole number is missing here", "write such as 12")),
        }
    }

    fn list(&mut self) -> Result<Vec<String>, ConditionError> {
        self.expect_symbol("[")?;
        let mut names = Vec::new();
        loop {
            let position = self.position();
            match self.take().map(|token| token.lexeme) {
                Some(Lexeme::Name(name) | Lexeme::Text(name)) => names.push(name),
                _ => {
                    return Err(error(
                        "condition-syntax",
                        position,
                        "a name is missing in the list",
                        "write such as [en, es]",
                    ));
                }
            }
            if !self.take_symbol(",") {
                break;
            }
        }
        self.expect_symbol("]")?;
        Ok(names)
    }

    fn kinds(&mut self, position: usize) -> Result<Condition, ConditionError> {
        let mut kinds = Vec::new();
        for name in self.list()? {
            let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
                let help = format!("the kinds are: {}", Kind::ALL.map(Kind::as_str).join(", "));
                error("unknown-kind", position, format!("`{name}` is not a kind of listing"), help)
            })?;
            kinds.push(kind);
        }
        Ok(Condition::Kind(kinds))
    }

    fn pattern_or_field(&mut self, name: &str, position: usize) -> Result<Condition, ConditionError> {
        if let Some(field) = Field::ALL.into_iter().find(|field| field.as_str() == name)
            && self.take_symbol(":")
        {
            return Ok(Condition::Pattern { pattern: self.pattern()?, field: Some(field) });
        }
        Ok(Condition::Pattern { pattern: self.pattern_number(name, position)?, field: None })
    }

    fn pattern(&mut self) -> Result<usize, ConditionError> {
        let position = self.position();
        match self.take().map(|token| token.lexeme) {
            Some(Lexeme::Name(name)) => self.pattern_number(&name, position),
            _ => Err(error(
                "condition-syntax",
                position,
                "the name of a pattern is missing here",
                "name one of the rule's patterns",
            )),
        }
    }

    fn pattern_number(&self, name: &str, position: usize) -> Result<usize, ConditionError> {
        self.patterns.iter().position(|pattern| *pattern == name).ok_or_else(|| {
            let help = format!("the patterns are: {}", self.patterns.join(", "));
            error("unknown-name", position, format!("`{name}` is not a pattern of this rule"), help)
        })
    }

    fn glob(&mut self) -> Result<Vec<usize>, ConditionError> {
        let position = self.position();
        if self.take_name("them") {
            return Ok((0..self.patterns.len()).filter(|index| !self.patterns[*index].starts_with('_')).collect());
        }
        if self.take_symbol("(") {
            let mut patterns = vec![self.pattern()?];
            while self.take_symbol(",") {
                patterns.push(self.pattern()?);
            }
            self.expect_symbol(")")?;
            return Ok(patterns);
        }
        let Some(prefix) = self.peek_name().map(str::to_string) else {
            return Err(error(
                "condition-syntax",
                position,
                "a name such as `fee*` is missing after `of`",
                "write `them`, `fee*` or `(a, b)`",
            ));
        };
        self.next += 1;
        let starred = self.take_symbol("*");
        let fits = |name: &str| if starred { name.starts_with(&prefix) } else { name == prefix };
        let found: Vec<usize> = (0..self.patterns.len())
            .filter(|index| fits(self.patterns[*index]) && !self.patterns[*index].starts_with('_'))
            .collect();
        if found.is_empty() {
            let help = format!("the patterns are: {}", self.patterns.join(", "));
            return Err(error("unknown-name", position, format!("no pattern is named `{prefix}*`"), help));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    const PATTERNS: [&str; 4] = ["fee", "fee_loose", "pay", "_gate"];

    fn check_error(text: &str, expected: Expect) {
        let error = parse(text, &PATTERNS).unwrap_err();
        expected.assert_eq(&format!("{}@{}: {} ({})", error.code, error.position, error.message, error.help));
    }

    #[test]
    fn the_whole_grammar_is_read() {
        for text in [
            "fee and (near(fee, pay, 12) or before(pay, fee, 3)) and not near(fee_loose, fee, 6)",
            "2 of fee* or any of them or all of (fee, pay)",
            "count(fee) >= 2 and distinct(pay) > 1",
            "entity.age.min < 18 and known(entity.age.min) and not entity.handle.platform == telegram",
            "lang in [en, es] and kind in [job_ad, social_post] and title:fee",
            "same_sentence(fee, pay)",
            "entity.phone.obscured == true",
        ] {
            parse(text, &PATTERNS).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        }
    }

    #[test]
    fn or_binds_weaker_than_and() {
        let condition = parse("fee or pay and fee_loose", &PATTERNS).unwrap();
        assert!(matches!(condition, Condition::Any(parts) if matches!(parts[1], Condition::All(_))));
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        check_error(
            "fees",
            expect![
                "unknown-name@0: `fees` is not a pattern of this rule (the patterns are: fee, fee_loose, pay, _gate)"
            ],
        );
        check_error(
            "fee and",
            expect![
                "condition-syntax@7: the condition ends where a clause is missing (a clause is a pattern's name, near(…), entity.… or the like; see docs/RULES.md, Conditions)"
            ],
        );
        check_error(
            "near(fee, pay, 60)",
            expect!["window-too-wide@13: a window of 60 words; 50 is the most (narrow it, or use `same_sentence`)"],
        );
        check_error(
            "fee pay",
            expect!["condition-syntax@4: `pay` stands after the end of the condition (join clauses by `and` or `or`)"],
        );
        check_error(
            "3 of fee*",
            expect![
                "invariant-condition@0: `3 of` 2 patterns can never change its value (ask for 1 up to the number of patterns)"
            ],
        );
        check_error(
            "kind in [poem]",
            expect![
                "unknown-kind@0: `poem` is not a kind of listing (the kinds are: job_ad, adult_ad, domestic_ad, personal_ad, housing_ad, service_ad, goods_ad, social_post, article, unknown)"
            ],
        );
        check_error("fee & pay", expect!["condition-syntax@4: `&` has no meaning in a condition (see docs/RULES.md)"]);
    }

    #[test]
    fn ten_thousand_parentheses_are_refused() {
        assert_eq!(parse(&"(".repeat(3_000), &PATTERNS).unwrap_err().code, "condition-too-deep");
        assert_eq!(parse(&"(".repeat(10_000), &PATTERNS).unwrap_err().code, "condition-too-long");
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = parse(&text, &PATTERNS);
        }

        #[test]
        fn never_panics_on_likely_words(text in "((and|or|not|fee|near|\\(|\\)|,|2 of|entity\\.age\\.min|<|18|lang in|\\[|\\]) ?){0,20}") {
            let _ = parse(&text, &PATTERNS);
        }
    }
}
