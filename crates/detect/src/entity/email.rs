//! E-mail addresses, plain and spelled out: `name (at) mail (dot) com`, `nombre arroba correo punto com`,
//! `имя собака почта точка рф`, `name AT mail.com`.

use std::sync::LazyLock;

use super::lexicon::Lexicon;
use super::scan::{Marks, Sense};
use super::{Detail, FoldedEntity, Surroundings, push};

/// Words that stand for the at sign, folded (`ät` is `at` there).
pub(super) const AT_WORDS: &[&str] =
    &["at", "arroba", "собака", "собачка", "chez", "aet", "arobase", "chiocciola", "malpa", "艾特"];

/// Those that are hardly ever anything else between two names; the others need brackets or a spelled dot.
const SURE_AT_WORDS: [&str; 6] = ["arroba", "собака", "собачка", "arobase", "chiocciola", "艾特"];

static DOTS: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(&[("dot dott punto ponto point punkt pkt точка крапка nokta titik cham 点", ())]));

/// Endings of domains that are believed in a spelled address.
const ENDINGS: [&str; 60] = [
    "app", "ar", "at", "be", "biz", "br", "by", "ca", "ch", "cl", "cn", "co", "com", "cz", "de", "dk", "es", "eu",
    "example", "fi", "fr", "gr", "hk", "hu", "id", "ie", "in", "info", "invalid", "io", "it", "jp", "kh", "kr", "kz",
    "me", "mx", "my", "net", "nl", "online", "org", "pe", "ph", "pl", "pt", "ro", "ru", "sa", "se", "sg", "site",
    "test", "th", "tr", "ua", "uk", "us", "vn", "рф",
];

/// Free webmail providers.
const FREE_MAIL: [&str; 30] = [
    "163.com",
    "126.com",
    "aol.com",
    "bk.ru",
    "freemail.example",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "hotmail.es",
    "hotmail.fr",
    "i.ua",
    "icloud.com",
    "inbox.ru",
    "list.ru",
    "live.com",
    "mail.ru",
    "outlook.com",
    "outlook.es",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rambler.ru",
    "t-online.de",
    "ukr.net",
    "web.de",
    "yahoo.com",
    "yandex.ru",
    "ymail.com",
];

const LONGEST_NAME: usize = 64;
const LONGEST_DOMAIN: usize = 100;

pub(super) fn find(around: &Surroundings<'_>, marks: &Marks, found: &mut Vec<FoldedEntity>) {
    let text = around.text();
    for at in &marks.ats {
        let obscured = |start, end| around.folded.is_disguised(start, end);
        if let Some((start, end)) = plain(text, *at) {
            let detail = Detail::Email { obscured: obscured(start, end), free: is_free_mail(&text[start..end]) };
            push(found, start, end, detail);
        } else {
            spelled(around, *at, *at + 1, true, found);
        }
    }
    for word in marks.of(Sense::SPELLED_AT) {
        let written = &text[word.start..word.end];
        if AT_WORDS.contains(&written) {
            let sure = SURE_AT_WORDS.contains(&written) || around.is_upper(word.start, word.end);
            spelled(around, word.start, word.end, sure, found);
        }
    }
}

/// `name@domain.ending` around an at sign.
fn plain(text: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let is_name = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._%+-".contains(byte);
    let mut start = at - bytes[..at].iter().rev().take(LONGEST_NAME).take_while(|byte| is_name(byte)).count();
    while start < at && !bytes[start].is_ascii_alphanumeric() {
        start += 1;
    }
    let is_domain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(byte);
    let length = bytes[at + 1..].iter().take(LONGEST_DOMAIN).take_while(|byte| is_domain(byte)).count();
    let domain = text[at + 1..at + 1 + length].trim_end_matches(['.', '-']);
    let (host, ending) = domain.rsplit_once('.')?;
    let is_ending = (2..=12).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_lowercase());
    let complete = start < at && host.starts_with(|c: char| c.is_ascii_alphanumeric()) && is_ending;
    complete.then_some((start, at + 1 + domain.len()))
}

/// An address around a word or sign that stands for the at sign; `sure` where nothing else can be meant by it.
fn spelled(around: &Surroundings<'_>, at: usize, at_end: usize, sure: bool, found: &mut Vec<FoldedEntity>) {
    let text = around.text();
    let (name_end, opened) = without_bracket_before(text, at);
    let (domain_start, closed) = without_bracket_after(text, at_end);
    let bracketed = opened && closed;
    if opened != closed {
        return;
    }
    let is_name = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(byte);
    let name = text.as_bytes()[..name_end].iter().rev().take(LONGEST_NAME).take_while(|byte| is_name(byte)).count();
    let start = name_end - name;
    let Some((end, domain, dot_spelled)) = domain(text, domain_start) else { return };
    let disguised_name = text[start..name_end].contains(['.', '_', '-'])
        || text[start..name_end].bytes().any(|byte| byte.is_ascii_digit());
    if name >= 2 && (bracketed || sure || dot_spelled || disguised_name && !text[start..name_end].ends_with('.')) {
        push(found, start, end, Detail::Email { obscured: true, free: is_free_domain(&domain) });
    }
}

const BRACKETS: [char; 8] = ['(', ')', '[', ']', '{', '}', '<', '>'];

fn without_bracket_before(text: &str, at: usize) -> (usize, bool) {
    let before = text[..at].trim_end_matches(' ');
    let bare = before.trim_end_matches(BRACKETS).trim_end_matches(' ');
    (bare.len(), before.ends_with(BRACKETS))
}

fn without_bracket_after(text: &str, at: usize) -> (usize, bool) {
    let after = text[at..].trim_start_matches(' ');
    let bare = after.trim_start_matches(BRACKETS).trim_start_matches(' ');
    (text.len() - bare.len(), after.starts_with(BRACKETS))
}

/// Labels with dots between them, written or spelled; the last must be a known ending.
fn domain(text: &str, start: usize) -> Option<(usize, String, bool)> {
    let mut position = start;
    let mut domain = String::new();
    let mut complete = None;
    let mut spelled = false;
    for _ in 0..6 {
        let is_label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || ('а'..='я').contains(&c);
        let rest = &text[position..];
        let label = &rest[..rest.find(|c| !is_label(c)).unwrap_or(rest.len())];
        if label.is_empty() || domain.len() + label.len() > LONGEST_DOMAIN {
            break;
        }
        domain.push_str(label);
        position += label.len();
        if domain.contains('.') && ENDINGS.contains(&label) {
            complete = Some((position, domain.len(), spelled));
        }
        let Some((length, in_words)) = dot(&text[position..]) else { break };
        domain.push('.');
        position += length;
        spelled |= in_words;
    }
    let (end, length, spelled) = complete?;
    domain.truncate(length);
    Some((end, domain, spelled))
}

/// A dot at the start of a text: its length, and whether it is spelled or spaced out.
fn dot(text: &str) -> Option<(usize, bool)> {
    if text.starts_with('.') && !text[1..].starts_with(' ') {
        return Some((1, false));
    }
    let inner = text.trim_start_matches(' ');
    let bare = inner.trim_start_matches(BRACKETS).trim_start_matches(' ');
    let rest = match bare.strip_prefix('.') {
        Some(rest) if bare.len() < inner.len() || inner.len() < text.len() => rest,
        Some(_) => return None,
        None => &bare[DOTS.starts(bare)?.0..],
    };
    let after = rest.trim_start_matches(' ').trim_start_matches(BRACKETS).trim_start_matches(' ');
    Some((text.len() - after.len(), true))
}

/// Whether an e-mail address is at a free provider.
pub(super) fn is_free_mail(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(_, domain)| is_free_domain(&domain.trim().to_lowercase()))
}

fn is_free_domain(domain: &str) -> bool {
    FREE_MAIL.contains(&domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::tests::seen_by;

    fn seen(text: &str) -> Vec<(String, Detail)> {
        seen_by(text, find)
    }

    fn email(address: &str, obscured: bool, free: bool) -> Vec<(String, Detail)> {
        vec![(address.to_string(), Detail::Email { obscured, free })]
    }

    #[test]
    fn plain_addresses() {
        assert_eq!(seen("write to Jobs@Example.com."), email("jobs@example.com", false, false));
        assert_eq!(seen("a.b+c@mail.example.org,x"), email("a.b+c@mail.example.org", false, false));
        assert_eq!(seen("me@freemail.example"), email("me@freemail.example", false, true));
        assert!(seen("@jobs_example a@b x@.com 5@ 10").is_empty());
    }

    #[test]
    fn spelled_addresses_in_each_way() {
        for text in [
            "jobs (at) example (dot) com",
            "jobs[at]example.com",
            "jobs{at}example[.]com",
            "jobs at example dot com",
            "jobs AT example.com",
            "jobs @ example . com",
            "jobs (@) example.com",
            "trabajo arroba example punto com",
            "trabalho arroba example ponto com",
            "emploi arobase example point com",
            "jobs ät example punkt com",
            "rabota собака example точка com",
            "rabota(собака)example.com",
            "jobs_2 at example.com",
        ] {
            assert!(matches!(seen(text)[..], [(_, Detail::Email { obscured: true, free: false })]), "{text}");
        }
        assert_eq!(seen("x.y (at) freemail (dot) example now"), email("x.y (at) freemail (dot) example", true, true));
    }

    #[test]
    fn sentences_are_no_addresses() {
        for text in [
            "meet at example point of sale",
            "look at example.com for more",
            "seen at example. Call",
            "собака породы",
            "chez nous a Paris",
            "5 kg @ 3 a kilo",
        ] {
            assert!(seen(text).is_empty(), "{text}");
        }
    }
}
