//! Web addresses; those that lead to a messenger are names there.

use lapwing_types::ContactKind;

use super::scan::Marks;
use super::{Detail, FoldedEntity, push};
use crate::text::is_spaceless;

/// Services that hide where a link leads.
const SHORTENERS: [&str; 20] = [
    "bit.ly",
    "clck.ru",
    "cutt.ly",
    "goo.gl",
    "goo.su",
    "is.gd",
    "linktr.ee",
    "lnkd.in",
    "ow.ly",
    "rb.gy",
    "rebrand.ly",
    "short.example",
    "shorturl.at",
    "t.co",
    "t.cn",
    "t.ly",
    "tiny.cc",
    "tinyurl.com",
    "u.to",
    "v.gd",
];

/// Hosts whose addresses name somebody on a messenger.
const MESSENGERS: [(&str, ContactKind); 17] = [
    ("t.me", ContactKind::Telegram),
    ("telegram.me", ContactKind::Telegram),
    ("telegram.dog", ContactKind::Telegram),
    ("wa.me", ContactKind::Whatsapp),
    ("wa.link", ContactKind::Whatsapp),
    ("api.whatsapp.com", ContactKind::Whatsapp),
    ("chat.whatsapp.com", ContactKind::Whatsapp),
    ("u.wechat.com", ContactKind::Wechat),
    ("qm.qq.com", ContactKind::Qq),
    ("zalo.me", ContactKind::Zalo),
    ("viber.click", ContactKind::Viber),
    ("line.me", ContactKind::Line),
    ("lin.ee", ContactKind::Line),
    ("instagram.com", ContactKind::Instagram),
    ("ig.me", ContactKind::Instagram),
    ("signal.me", ContactKind::Signal),
    ("signal.group", ContactKind::Signal),
];

const LONGEST: usize = 300;

pub(super) fn find(text: &str, marks: &Marks, found: &mut Vec<FoldedEntity>) {
    let mut read_until = 0;
    for link in &marks.links {
        if *link < read_until {
            continue;
        }
        let Some((start, end)) = address(text, *link) else { continue };
        read_until = end;
        let written = &text[start..end];
        let detail = match messenger(written) {
            Some(platform) => Detail::Handle { platform },
            None if is_web_address(written) => Detail::Url { shortened: is_shortened(written) },
            None => continue,
        };
        push(found, start, end, detail);
    }
}

/// The address to which a slash, or a `www`, belongs.
fn address(text: &str, mark: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let is_host = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:".contains(byte);
    let start = mark - bytes[..mark].iter().rev().take(64).take_while(|byte| is_host(byte)).count();
    let rest = &text[start..text.floor_char_boundary((start + LONGEST).min(text.len()))];
    let ends = |c: char| {
        c.is_whitespace() || is_spaceless(c) || matches!(c, '<' | '>' | '"' | '\'' | ')' | ']' | '，' | '。' | '、')
    };
    let length = rest.find(ends).unwrap_or(rest.len());
    let length = rest[..length].trim_end_matches(['.', ',', ';', '!', '?', ':']).len();
    (length > 6).then_some((start, start + length))
}

fn is_web_address(written: &str) -> bool {
    let begins_like_one = ["http://", "https://", "www."].iter().any(|start| written.starts_with(start));
    begins_like_one && host(written).trim_matches('.').contains('.')
}

fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// The messenger to which an address leads, where it names somebody there.
fn messenger(address: &str) -> Option<ContactKind> {
    let (_, platform) = MESSENGERS.iter().find(|(known, _)| *known == host(address))?;
    let after_host = &address[address.find(host(address))? + host(address).len()..];
    (after_host.trim_matches('/').len() >= 3).then_some(*platform)
}

/// Whether a web address is at a shortening service.
pub(super) fn is_shortened(address: &str) -> bool {
    SHORTENERS.contains(&host(&address.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::tests::seen_by;

    fn seen(text: &str) -> Vec<(String, Detail)> {
        seen_by(text, |around, marks, found| find(around.text(), marks, found))
    }

    #[test]
    fn links_and_shorteners() {
        for (text, address, shortened) in [
            ("see https://short.example/abc.", "https://short.example/abc", true),
            ("(www.example.com)", "www.example.com", false),
            ("更多https://example.com/a看", "https://example.com/a", false),
            ("HTTP://EXAMPLE.ORG?x=1, ok", "http://example.org?x=1", false),
        ] {
            assert_eq!(seen(text), [(address.to_string(), Detail::Url { shortened })], "{text}");
        }
        assert!(seen("and/or 24/7 km/h http:// a/b/c/d/e/f").is_empty());
    }

    #[test]
    fn links_to_messengers_are_handles() {
        for (text, platform) in [
            ("t.me/jobs_example", ContactKind::Telegram),
            ("https://t.me/+exampleAbC", ContactKind::Telegram),
            ("wa.me/447700900123", ContactKind::Whatsapp),
            ("https://api.whatsapp.com/send?phone=447700900123", ContactKind::Whatsapp),
            ("https://u.wechat.com/example", ContactKind::Wechat),
            ("https://qm.qq.com/q/example", ContactKind::Qq),
            ("zalo.me/447700900123", ContactKind::Zalo),
            ("https://line.me/ti/p/example", ContactKind::Line),
            ("www.instagram.com/example.jobs", ContactKind::Instagram),
            ("https://signal.me/#p/example", ContactKind::Signal),
        ] {
            let found = seen(text);
            assert!(
                matches!(&found[..], [(_, Detail::Handle { platform: seen })] if *seen == platform),
                "{text} {found:?}"
            );
        }
        assert!(matches!(seen("https://instagram.com/")[..], [(_, Detail::Url { .. })]));
    }
}
