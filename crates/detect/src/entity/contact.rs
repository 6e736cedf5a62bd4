//! E-mail addresses, web addresses and names on messengers.

use std::sync::LazyLock;

use lapwing_types::ContactKind;
use regex::Regex;

use super::{Detail, FoldedEntity};
use crate::text::Folded;

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[a-z0-9][a-z0-9._%+\-]{0,63}@[a-z0-9][a-z0-9.\-]{0,80}\.[a-z]{2,12}\b").expect("a valid expression")
});

/// `name (at) mail (dot) com`, `nombre arroba correo punto com`: the word for the dot, or brackets, must be there.
static SPELLED_EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    let at = r"(?:[\[({<]\s?(?:at|arroba|собака|chez|@)\s?[\])}>]|\s(?:at|arroba|собака|chez)\s)";
    let dot = r"(?:\s?[\[({<]\s?(?:dot|punto|ponto|point|punkt|точка|\.)\s?[\])}>]\s?|\s(?:dot|punto|ponto|point|punkt|точка)\s)";
    let ending = r"(?:com|org|net|info|example|test|de|fr|es|ru|br|uk)\b";
    Regex::new(&format!(r"[a-z0-9][a-z0-9._\-]{{1,40}}\s?{at}\s?[a-z0-9][a-z0-9\-]{{1,40}}{dot}{ending}"))
        .expect("a valid expression")
});

static URL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?:https?://|www\.)[^\s<>"'）)]{3,300}"#).expect("a valid expression"));

static NAMED_HANDLE: LazyLock<Regex> = LazyLock::new(|| {
    let platforms = PLATFORMS.iter().map(|(names, _)| *names).collect::<Vec<_>>().join("|");
    let between =
        r"(?:[ ]?(?:id|number|no\.?|account|user|username|is|me|at|on|号|號|账号|帐号))?[ ]?[:：=@\-–>]{0,2}[ ]?";
    Regex::new(&format!(r"(?:^|[^a-z])({platforms}){between}([@+]?[a-z0-9_][a-z0-9_.\-]{{3,40}})"))
        .expect("a valid expression")
});

static BARE_HANDLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[\s(:])(@[a-z0-9_][a-z0-9_.]{3,40})\b").expect("a valid expression"));

/// How platforms are named in adverts, folded.
const PLATFORMS: [(&str, ContactKind); 9] = [
    (
        r"telegram|telegramm|telegr|телеграм\w*|телега|тг|tg|t\.me/|电报|飞机|تلغرام|تيليجرام|تلجرام|टेलीग्राम",
        ContactKind::Telegram,
    ),
    (r"what'?s?[ ]?app|whatsap|wsp|wa\.me/|ватсап|вотсап|واتس[ ]?اب|واتساب|व्हाट्सएप", ContactKind::Whatsapp),
    (r"we[ ]?chat|weixin|微信|薇信|威信|vx|wx", ContactKind::Wechat),
    (r"qq|扣扣|企鹅", ContactKind::Qq),
    (r"zalo", ContactKind::Zalo),
    (r"viber|вайбер|вибер", ContactKind::Viber),
    (r"line[ ]?id|id[ ]?line|ไลน์", ContactKind::Line),
    (r"instagram|insta|ig", ContactKind::Instagram),
    (r"signal", ContactKind::Signal),
];

/// Free webmail providers.
const FREE_MAIL: [&str; 22] = [
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "yahoo.es",
    "yahoo.fr",
    "hotmail.com",
    "outlook.com",
    "live.com",
    "aol.com",
    "icloud.com",
    "proton.me",
    "protonmail.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "mail.ru",
    "bk.ru",
    "yandex.ru",
    "ukr.net",
    "qq.com",
    "163.com",
    "freemail.example",
];

/// Services that hide where a link leads.
const SHORTENERS: [&str; 16] = [
    "bit.ly",
    "tinyurl.com",
    "t.co",
    "goo.gl",
    "cutt.ly",
    "rb.gy",
    "is.gd",
    "ow.ly",
    "shorturl.at",
    "t.ly",
    "rebrand.ly",
    "lnkd.in",
    "clck.ru",
    "u.to",
    "linktr.ee",
    "short.example",
];

pub(super) fn find(text: &Folded, found: &mut Vec<FoldedEntity>) {
    let folded = text.text.as_str();
    if folded.contains('@') {
        for place in EMAIL.find_iter(folded) {
            let detail = Detail::Email {
                obscured: text.is_disguised(place.start(), place.end()),
                free: is_free_mail(place.as_str()),
            };
            push(found, place.start(), place.end(), detail);
        }
    }
    for place in SPELLED_EMAIL.find_iter(folded) {
        push(found, place.start(), place.end(), Detail::Email { obscured: true, free: false });
    }
    if folded.contains("://") || folded.contains("www.") {
        for place in URL.find_iter(folded) {
            let end = place.start() + place.as_str().trim_end_matches(['.', ',', ';', '!', '?']).len();
            push(found, place.start(), end, Detail::Url { shortened: is_shortened(place.as_str()) });
        }
    }
    handles(folded, found);
}

fn handles(folded: &str, found: &mut Vec<FoldedEntity>) {
    for captures in NAMED_HANDLE.captures_iter(folded) {
        let (Some(platform), Some(handle)) = (captures.get(1), captures.get(2)) else { continue };
        if is_handle(handle.as_str()) {
            push(found, handle.start(), handle.end(), Detail::Handle { platform: platform_of(platform.as_str()) });
        }
    }
    if folded.contains('@') {
        for captures in BARE_HANDLE.captures_iter(folded) {
            let Some(handle) = captures.get(1) else { continue };
            let nearby = &folded[folded.floor_char_boundary(handle.start().saturating_sub(40))..handle.start()];
            push(found, handle.start(), handle.end(), Detail::Handle { platform: last_platform(nearby) });
        }
    }
}

/// A name on a messenger has a digit, a mark or an at sign: otherwise it is the next word of the sentence.
fn is_handle(text: &str) -> bool {
    text.starts_with(['@', '+']) || text.contains('_') || text.bytes().any(|byte| byte.is_ascii_digit())
}

static EACH_PLATFORM: LazyLock<Vec<(Regex, ContactKind)>> = LazyLock::new(|| {
    let compile = |names: &str| Regex::new(&format!("(?:{names})")).expect("a valid expression");
    PLATFORMS.iter().map(|(names, kind)| (compile(names), *kind)).collect()
});

fn platform_of(name: &str) -> ContactKind {
    EACH_PLATFORM.iter().find(|(names, _)| names.is_match(name)).map_or(ContactKind::Other, |(_, kind)| *kind)
}

fn last_platform(before: &str) -> ContactKind {
    let last = EACH_PLATFORM
        .iter()
        .filter_map(|(names, kind)| names.find_iter(before).last().map(|place| (place.end(), *kind)));
    last.max_by_key(|(end, _)| *end).map_or(ContactKind::Other, |(_, kind)| kind)
}

fn push(found: &mut Vec<FoldedEntity>, start: usize, end: usize, detail: Detail) {
    if !found.iter().any(|entity| entity.start < end && start < entity.end) {
        found.push(FoldedEntity { start, end, detail });
    }
}

/// Whether an e-mail address is at a free provider.
pub(super) fn is_free_mail(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(_, domain)| FREE_MAIL.contains(&domain.trim().to_lowercase().as_str()))
}

/// Whether a web address is at a shortening service.
pub(super) fn is_shortened(address: &str) -> bool {
    let host = address.split("://").last().unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
    SHORTENERS.contains(&host.trim_start_matches("www.").to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn seen(text: &str) -> Vec<(String, Detail)> {
        let folded = fold(text);
        let mut found = Vec::new();
        find(&folded, &mut found);
        found.into_iter().map(|entity| (folded.text[entity.start..entity.end].to_string(), entity.detail)).collect()
    }

    #[test]
    fn emails_plain_and_spelled() {
        assert_eq!(
            seen("write to jobs@example.com."),
            [("jobs@example.com".into(), Detail::Email { obscured: false, free: false })]
        );
        assert!(matches!(seen("jobs (at) example (dot) com")[..], [(_, Detail::Email { obscured: true, .. })]));
        assert!(matches!(seen("trabajo arroba example punto com")[..], [(_, Detail::Email { obscured: true, .. })]));
        assert!(seen("meet at example point of sale").is_empty());
    }

    #[test]
    fn handles_need_a_mark_or_a_digit() {
        let handle = |platform| Detail::Handle { platform };
        assert_eq!(seen("Telegram: @jobs_example"), [("@jobs_example".into(), handle(ContactKind::Telegram))]);
        assert_eq!(seen("加微信 example888"), [("example888".into(), handle(ContactKind::Wechat))]);
        assert!(seen("telegram channel for customers").is_empty());
    }

    #[test]
    fn links_and_shorteners() {
        assert_eq!(
            seen("see https://short.example/abc."),
            [("https://short.example/abc".into(), Detail::Url { shortened: true })]
        );
    }
}
