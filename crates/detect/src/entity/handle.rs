//! Names and numbers on messengers: `Telegram: @name`, `微信 name88`, `@name on tg`, `WhatsApp +44 …`.

use std::sync::LazyLock;

use lapwing_types::ContactKind;

use super::lexicon::{Lexicon, after, before};
use super::scan::{Marks, Sense};
use super::{Detail, EntityKind, FoldedEntity, push};

/// A platform as a word names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Platform {
    kind: ContactKind,
    /// The word means other things too: a name must follow after a colon, an at sign or the word for "id".
    doubtful: bool,
}

const fn sure(kind: ContactKind) -> Platform {
    Platform { kind, doubtful: false }
}

const fn doubtful(kind: ContactKind) -> Platform {
    Platform { kind, doubtful: true }
}

/// How platforms are named in adverts, folded.
const PLATFORMS: &[(&str, Platform)] = &[
    (
        "telegram telegramm telegrama telegr tele telega tgram tg tlg tgk телеграм телеграмм телеграме телеграмме телеграма телеграмма телеграму \
         телега телегу телеге телегой телеграмі тг тлг тгк تلغرام تيليجرام تلجرام التليجرام تليجرام تيلجرام टेलीग्राम 电报 飞机 纸飞机 小飞机 \
         เทเลแกรม โทรเลข",
        sure(ContactKind::Telegram),
    ),
    (
        "whatsapp whatsap watsapp watsap wathsapp whatapp whatsup watsup whats wapp wsp wsapp wasap wassap guasap \
         whats_app what's_app what_app wats_app ватсап ватсапп ватсапе ватцап вотсап вотсапп вацап вацапп вотцап \
         васап уатсап واتس واتساب واتس_اب الواتساب الواتس व्हाट्सएप व्हाट्सऐप वाट्सएप วอทแอพ",
        sure(ContactKind::Whatsapp),
    ),
    ("wa", doubtful(ContactKind::Whatsapp)),
    (
        "wechat we_chat weixin vx wx vxin 微信 薇信 威信 维信 徽信 加微 加微信 加微信号 加v 微信号 威芯 вичат วีแชท",
        sure(ContactKind::Wechat),
    ),
    ("qq qq群 扣扣 企鹅 企鹅号 扣群 秋秋", sure(ContactKind::Qq)),
    ("zalo za_lo sdt_zalo", sure(ContactKind::Zalo)),
    ("viber вайбер вибер вайбере вібер вайбері", sure(ContactKind::Viber)),
    ("line_id id_line lineid ไลน์ ไอดีไลน์ ไลน์ไอดี แอดไลน์", sure(ContactKind::Line)),
    ("line", doubtful(ContactKind::Line)),
    (
        "instagram insta instagramm инстаграм инстаграмм инста инсте انستقرام انستغرام انستا",
        sure(ContactKind::Instagram),
    ),
    ("ig", doubtful(ContactKind::Instagram)),
    ("signal сигнал سيجنال", doubtful(ContactKind::Signal)),
];

static PLATFORM: LazyLock<Lexicon<Platform>> = LazyLock::new(|| Lexicon::new(PLATFORMS));

/// The words that may begin a platform's name.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let names = PLATFORMS.iter().flat_map(|(words, _)| words.split_whitespace());
    names.map(|name| name.split(['_', '\'', '@']).next().unwrap_or(name)).chain(["id", "加", "扣", "企", "ไอดี"])
}

/// What may stand between a platform and a name.
static BETWEEN: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "id number no num account acc user username name nick is me at on us our my only and the link channel group \
         chat contact call msg dm мой моя ник номер аккаунт аккаунта канал группа писать пишите по на в или и y o por al mi \
         numero usuario nro num nr nummer unter name compte pseudo num numero kontak nomor nomer hub hubungi so qua \
         रक़म नंबर رقم على 号 號 号码 账号 帐号 群 群号 加 搜 联系 请 同号 ไอดี เบอร์ adi hesabi numarasi sau",
        (),
    )])
});

/// Numbers after these platforms are telephone numbers as well.
const BY_NUMBER: [ContactKind; 6] = [
    ContactKind::Whatsapp,
    ContactKind::Viber,
    ContactKind::Signal,
    ContactKind::Telegram,
    ContactKind::Zalo,
    ContactKind::Line,
];

/// Finds handles; telephone numbers must have been found before.
pub(super) fn find(text: &str, marks: &Marks, found: &mut Vec<FoldedEntity>) {
    for word in marks.of(Sense::PLATFORM) {
        if let Some((length, platform)) = PLATFORM.starts(&text[word.start..]) {
            after_platform(text, word.start + length, platform, found);
        }
    }
    for at in &marks.ats {
        if let Some((start, end)) = bare(text, *at) {
            push(found, start, end, Detail::Handle { platform: platform_beside(text, start, end, marks) });
        }
    }
}

fn after_platform(text: &str, platform_end: usize, platform: Platform, found: &mut Vec<FoldedEntity>) {
    let mut position = platform_end;
    let mut marked = false;
    for _ in 0..4 {
        let gap = gap(&text[position..]);
        marked |= text[position..position + gap].contains([':', '=', '@', '>']);
        position += gap;
        if let Some(number) = phone_at(found, position) {
            let (start, end) = (number.start, number.end);
            if !BY_NUMBER.contains(&platform.kind) {
                found.retain(|entity| (entity.start, entity.end) != (start, end));
            }
            if !platform.doubtful || marked || gap <= 2 {
                found.push(FoldedEntity { start, end, detail: Detail::Handle { platform: platform.kind } });
            }
            return;
        }
        let end = position + handle_length(&text[position..]);
        let name = &text[position..end];
        if is_handle(name, marked) && (!platform.doubtful || marked || name.starts_with('@')) {
            let start = if text[..position].ends_with('@') { position - 1 } else { position };
            push(found, start, end, Detail::Handle { platform: platform.kind });
            return;
        }
        let Some((length, ())) = BETWEEN.starts(&text[position..]) else { return };
        marked |= text[position..].starts_with("id");
        position += length;
    }
}

fn phone_at(found: &[FoldedEntity], position: usize) -> Option<&FoldedEntity> {
    let starts_here = |entity: &&FoldedEntity| entity.start >= position && entity.start <= position + 2;
    found.iter().filter(|entity| entity.detail.kind() == EntityKind::Phone).find(starts_here)
}

/// Marks and spaces between a platform and what follows; a sentence's end stops it.
fn gap(text: &str) -> usize {
    let ends = |c: char| c.is_alphanumeric() || matches!(c, '@' | '+' | '_' | '\n' | ';' | '!' | '?' | '(');
    let length = text.char_indices().take(6).find(|(_, c)| ends(*c)).map_or(0, |(index, _)| index);
    if text[..length].contains(". ") { 0 } else { length }
}

fn handle_length(text: &str) -> usize {
    let is_name = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.-".contains(byte);
    let lead = usize::from(text.starts_with(['@', '+']));
    let length =
        lead + text.as_bytes()[lead.min(text.len())..].iter().take(40).take_while(|byte| is_name(byte)).count();
    text[..length].trim_end_matches(['.', '-']).len()
}

/// A name on a messenger has a digit, a mark or an at sign: otherwise it is the next word of the sentence.
fn is_handle(text: &str, marked: bool) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let only_digits = digits == text.len();
    let long_enough = text.len() >= if only_digits { 5 } else { 4 };
    let looks = text.starts_with(['@', '+']) || text.contains('_') || digits > 0 || marked && text.contains('.');
    long_enough && looks && !is_ordinary(text)
}

/// `24-hour`, `3rd`, `2024-05`: no names.
fn is_ordinary(text: &str) -> bool {
    let letters = text.trim_start_matches(|c: char| c.is_ascii_digit());
    letters.starts_with('-') && letters.len() < text.len()
}

/// `@name` with nothing before it that would make it an address.
fn bare(text: &str, at: usize) -> Option<(usize, usize)> {
    if text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '_')) {
        return None;
    }
    let length = handle_length(&text[at..]);
    let name = &text[at + 1..at + length];
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    (name.len() >= 4 && starts_well && !name.contains('-')).then_some((at, at + length))
}

/// The platform named last before a handle, or right after it.
fn platform_beside(text: &str, start: usize, end: usize, marks: &Marks) -> ContactKind {
    let named = |from: usize| PLATFORM.starts(&text[from..]).map(|(_, platform)| platform.kind);
    let (earliest, latest) = (start - before(text, start, 40).len(), end + after(text, end, 24).len());
    let beside = || marks.of(Sense::PLATFORM);
    let previous = beside().filter(|word| (earliest..start).contains(&word.start)).filter_map(|word| named(word.start));
    let next = beside().filter(|word| (end..latest).contains(&word.start)).find_map(|word| named(word.start));
    previous.last().or(next).unwrap_or(ContactKind::Other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::phone_country::Regions;
    use crate::entity::tests::seen_by;

    fn seen(text: &str) -> Vec<(String, ContactKind)> {
        let found = seen_by(text, |around, marks, found| {
            crate::entity::link::find(around.text(), marks, found);
            crate::entity::phone::find(around.folded, marks, &Regions::default(), found);
            find(around.text(), marks, found);
        });
        let handles = found.into_iter().filter_map(|(text, detail)| match detail {
            Detail::Handle { platform } => Some((text, platform)),
            _ => None,
        });
        handles.collect()
    }

    #[test]
    fn each_platform_is_known_by_its_names() {
        use ContactKind::{Instagram, Line, Qq, Signal, Telegram, Viber, Wechat, Whatsapp, Zalo};
        for (text, name, platform) in [
            ("Telegram: @jobs_example", "@jobs_example", Telegram),
            ("телеграм @jobs_example", "@jobs_example", Telegram),
            ("пишите в тг jobs_example1", "jobs_example1", Telegram),
            ("飞机：@jobs_example", "@jobs_example", Telegram),
            ("t.me/jobs_example", "t.me/jobs_example", Telegram),
            ("@jobs_example on tg", "@jobs_example", Telegram),
            ("تليجرام example_88", "example_88", Telegram),
            ("WhatsApp +44 7700 900123", "+44 7700 900123", Whatsapp),
            ("What's App 07700 900123", "07700 900123", Whatsapp),
            ("ВатсАп: +44 7700 900123", "+44 7700 900123", Whatsapp),
            ("واتساب +44 7700 900123", "+44 7700 900123", Whatsapp),
            ("wa.me/447700900123", "wa.me/447700900123", Whatsapp),
            ("加微信 example888", "example888", Wechat),
            ("微信:example888", "example888", Wechat),
            ("VX example888", "example888", Wechat),
            ("WeChat ID: example_88", "example_88", Wechat),
            ("QQ群 5550100555", "5550100555", Qq),
            ("扣扣：5550100", "5550100", Qq),
            ("Zalo 07700 900123", "07700 900123", Zalo),
            ("Вайбер +44 7700 900123", "+44 7700 900123", Viber),
            ("Viber: 07700 900123", "07700 900123", Viber),
            ("Line ID: example88", "example88", Line),
            ("ไลน์ @example88", "@example88", Line),
            ("LINE: example_88", "example_88", Line),
            ("Instagram @example.jobs", "@example.jobs", Instagram),
            ("IG: example_jobs", "example_jobs", Instagram),
            ("Signal: +44 7700 900123", "+44 7700 900123", Signal),
        ] {
            assert_eq!(seen(text), [(name.to_string(), platform)], "{text}");
        }
    }

    #[test]
    fn sentences_name_nobody() {
        for text in [
            "telegram channel for customers",
            "assembly line 12 workers",
            "a signal 5 bars strong",
            "WhatsApp 24/7",
            "we chat 2 hours",
            "telegram. 15000 a month",
            "whatsapp available",
        ] {
            assert_eq!(seen(text), [], "{text}");
        }
    }

    #[test]
    fn a_bare_name_has_no_platform() {
        assert_eq!(seen("write @jobs_example"), [("@jobs_example".to_string(), ContactKind::Other)]);
    }
}
