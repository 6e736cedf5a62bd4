//! robots.txt (RFC 9309): parsing and matching, both pure.
//!
//! The matching follows the semantics of Google's open parser, since site owners test against that one: groups for
//! the same agent are merged, the longest pattern decides, `Allow` wins a tie, `*` and a final `$` are special, frequent
//! typing errors and a forgotten colon are understood. Any bytes are accepted; what makes no sense is skipped.

use std::time::Duration;

use lapwing_types::RobotsDecision;
use url::Url;

#[cfg(test)]
mod tests;

/// Bytes of a robots.txt that are read; the rest is ignored (500 KiB, the least that RFC 9309 asks for).
pub const MAX_ROBOTS_BYTES: usize = 500 * 1024;

/// Bytes of a line that are read. Google's parser reads eight times the longest URL of some browsers.
const MAX_LINE_BYTES: usize = 2083 * 8 - 1;

/// A `Crawl-delay` is never read as longer than this; the policy caps it further.
const MAX_CRAWL_DELAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A parsed robots.txt.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Robots {
    groups: Vec<Group>,
}

/// The rules that bind one agent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Group {
    agents: Vec<String>,
    everyone: bool,
    closed: bool,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allow: bool,
    pattern: String,
    line: u32,
}

impl Robots {
    /// Reads a robots.txt. It cannot fail: unknown and broken lines are skipped.
    ///
    /// A file longer than [`MAX_ROBOTS_BYTES`] is cut there, at the last whole line, so that half a line never decides.
    pub fn parse(body: &[u8]) -> Self {
        let mut robots = Self::default();
        for (number, line) in lines(without_byte_order_mark(capped(body))) {
            if let Some((key, value)) = key_and_value(line) {
                robots.take(number, key, value);
            }
        }
        robots
    }

    /// The rules for an agent's product token (`lapwing`), compared without case: those of all groups that name it,
    /// else those of all groups for `*`, else none.
    pub fn for_agent(&self, agent: &str) -> Rules {
        let named = |group: &&Group| group.agents.iter().any(|name| name.eq_ignore_ascii_case(agent));
        if self.groups.iter().any(|group| named(&group)) {
            return Rules::merged(self.groups.iter().filter(named));
        }
        Rules::merged(self.groups.iter().filter(|group| group.everyone))
    }

    fn take(&mut self, line: u32, key: &[u8], value: &[u8]) {
        if is_user_agent(key) {
            self.take_agent(value);
            return;
        }
        // A rule before the first user-agent line belongs to nobody.
        let Some(group) = self.groups.last_mut() else { return };
        if is_allow(key) || is_disallow(key) {
            group.closed = true;
            group.rules.push(Rule { allow: is_allow(key), pattern: escaped(value), line });
        } else if starts_with(key, "crawl-delay") {
            group.crawl_delay = group.crawl_delay.max(seconds(value));
        }
    }

    fn take_agent(&mut self, value: &[u8]) {
        if self.groups.last().is_none_or(|group| group.closed) {
            self.groups.push(Group::default());
        }
        let Some(group) = self.groups.last_mut() else { return };
        if value.first() == Some(&b'*') && value.get(1).is_none_or(|next| is_space(*next)) {
            group.everyone = true;
        } else {
            group.agents.push(product_token(value));
        }
    }
}

impl Rules {
    fn merged<'a>(groups: impl Iterator<Item = &'a Group>) -> Self {
        let mut merged = Self::default();
        for group in groups {
            merged.rules.extend(group.rules.iter().cloned());
            merged.crawl_delay = merged.crawl_delay.max(group.crawl_delay);
        }
        merged
    }

    /// The pause that the site asks for between requests, where it does.
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }

    /// Whether the URL may be fetched, and which line says so.
    pub fn decide(&self, url: &Url) -> RobotsDecision {
        let mut path = url.path().to_string();
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(query);
        }
        self.decide_path(&escaped(path.as_bytes()))
    }

    /// The same for a path with its query, percent-encoded and starting with `/`; compared as it stands.
    pub fn decide_path(&self, path: &str) -> RobotsDecision {
        let allow = self.longest_match(path, true);
        let disallow = self.longest_match(path, false);
        let length = |found: Option<(usize, &Rule)>| found.map_or(0, |(length, _)| length);
        let allowed = length(disallow) <= length(allow);
        let decisive = if allowed { allow } else { disallow };
        let rule = decisive.map_or_else(|| "no rule matches".to_string(), |(_, rule)| rule.describe());
        RobotsDecision { allowed, rule }
    }

    /// The first of the longest patterns that match. Empty patterns match everything and decide nothing.
    fn longest_match(&self, path: &str, allow: bool) -> Option<(usize, &Rule)> {
        let mut best: Option<(usize, &Rule)> = None;
        for rule in self.rules.iter().filter(|rule| rule.allow == allow) {
            let Some(length) = rule.matched_length(path) else { continue };
            if length > best.map_or(0, |(longest, _)| longest) {
                best = Some((length, rule));
            }
        }
        best
    }
}

impl Rule {
    /// The pattern's length where it matches. `Allow: /folder/index.html` also allows `/folder/` itself.
    fn matched_length(&self, path: &str) -> Option<usize> {
        if matches(path, &self.pattern) {
            return Some(self.pattern.len());
        }
        let slash = self.pattern.rfind('/').filter(|_| self.allow)?;
        let (folder, file) = self.pattern.split_at(slash + 1);
        let is_index = file.starts_with("index.htm");
        (is_index && matches(path, &format!("{folder}$"))).then_some(folder.len() + 1)
    }

    fn describe(&self) -> String {
        let key = if self.allow { "Allow" } else { "Disallow" };
        let pattern: String = self.pattern.chars().filter(|c| !c.is_control()).take(200).collect();
        format!("line {}: {key}: {pattern}", self.line)
    }
}

/// Whether a pattern matches the start of a path; `*` is any run of characters, a final `$` the end of the path.
///
/// Each piece between stars is searched from where the last one ended, so the time grows with the path's length and
/// not with the number of stars.
fn matches(path: &str, pattern: &str) -> bool {
    let (pattern, to_the_end) = match pattern.strip_suffix('$') {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let Some((first, others)) = pattern.split_once('*') else {
        return if to_the_end { path == pattern } else { path.starts_with(pattern) };
    };
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut pieces = others.split('*').peekable();
    while let Some(piece) = pieces.next() {
        if to_the_end && pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    true
}

/// Percent-encodes bytes outside ASCII and writes the digits of existing encodings in capitals. Encoded ASCII is left
/// encoded, as in Google's parser.
fn escaped(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push('%');
                out.push(char::from(high.to_ascii_uppercase()));
                out.push(char::from(low.to_ascii_uppercase()));
                rest = after;
            }
            (byte, _) if byte.is_ascii() => out.push(char::from(byte)),
            (byte, _) => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn capped(body: &[u8]) -> &[u8] {
    if body.len() <= MAX_ROBOTS_BYTES {
        return body;
    }
    let body = &body[..MAX_ROBOTS_BYTES];
    let last_whole_line = body.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(0);
    &body[..last_whole_line]
}

/// Drops a UTF-8 byte order mark, a partial one too.
fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    let mark = [0xEF, 0xBB, 0xBF];
    let shared = body.iter().zip(mark).take_while(|(found, expected)| *found == expected).count();
    &body[shared..]
}

/// The lines with their numbers, ended by `\n`, `\r` or `\r\n`.
fn lines(body: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut rest = Some(body);
    let lines = std::iter::from_fn(move || {
        let current = rest?;
        let Some(end) = current.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            rest = None;
            return Some(current);
        };
        let skip = if current[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = Some(&current[end + skip..]);
        Some(&current[..end])
    });
    lines.zip(1..).map(|(line, number)| (number, &line[..line.len().min(MAX_LINE_BYTES)]))
}

/// Splits `key: value # comment`. Without a colon, exactly two words are taken as key and value.
fn key_and_value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = line.iter().position(|byte| matches!(byte, b'#' | 0)).unwrap_or(line.len());
    let line = trimmed(&line[..end]);
    if let Some(colon) = line.iter().position(|byte| *byte == b':') {
        let key = trimmed(&line[..colon]);
        return (!key.is_empty()).then(|| (key, trimmed(&line[colon + 1..])));
    }
    let is_gap = |byte: &u8| matches!(byte, b' ' | b'\t');
    let gap = line.iter().position(is_gap)?;
    let value = trimmed(&line[gap..]);
    (!value.iter().any(is_gap)).then(|| (&line[..gap], value))
}

fn is_user_agent(key: &[u8]) -> bool {
    ["user-agent", "useragent", "user agent"].iter().any(|name| starts_with(key, name))
}

fn is_allow(key: &[u8]) -> bool {
    starts_with(key, "allow")
}

fn is_disallow(key: &[u8]) -> bool {
    let spellings = ["disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"];
    spellings.iter().any(|name| starts_with(key, name))
}

fn starts_with(key: &[u8], name: &str) -> bool {
    key.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

/// The letters, hyphens and underscores at the start: `FooBot/2.1` and `FooBot images` are `FooBot`.
fn product_token(value: &[u8]) -> String {
    let letters = value.iter().take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
    letters.map(|byte| char::from(*byte)).collect()
}

fn seconds(value: &[u8]) -> Option<Duration> {
    let word = value.split(|byte| is_space(*byte)).next()?;
    let seconds: f64 = std::str::from_utf8(word).ok()?.parse().ok()?;
    if seconds.is_nan() || seconds < 0.0 {
        return None;
    }
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(MAX_CRAWL_DELAY).min(MAX_CRAWL_DELAY))
}

fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_space(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_space(*last)
    {
        text = rest;
    }
    text
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0B
}
