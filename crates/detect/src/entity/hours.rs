//! Working hours a day and days a week.

use std::sync::LazyLock;

use super::lexicon::{Lexicon, after, before};
use super::money::range_mark;
use super::scan::{Marks, Sense};
use super::{Detail, FoldedEntity, overlaps};

static HOURS: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "hour hours hr hrs h hora horas heure heures stunde stunden std час* годин* 小时 个小时 個小時 钟头 gio tieng jam oras ساعه ساعات घंटे घंटा ชั่วโมง ชม saat",
        (),
    )])
});
static DAY: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "day days daily shift shifts dia dias diaria diarias diario jour jours tag taglich день дня сутки смен* добу зміна зміну 天 日 ngay hari sehari harian araw يوميا يوم اليوم दिन रोज वัน วัน gun* \
         work_a_day",
        (),
    )])
});
static WEEK: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "week weeks weekly semana semaine woche недел* тижд* тижня seminggu minggu linggo tuan hafta* 周 星期 สัปดาห์ اسبوع الاسبوع हफ्ते सप्ताह",
        (),
    )])
});
/// Words between the two.
static BETWEEN: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "a an the per each every al por par pro am in der die la à на в у moi sa isang work of every_single / في كل प्रति ต่อ mot 一 每",
        (),
    )])
});
/// Words before the number that say what is counted: `每天工作14小时`.
static EACH_DAY: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[("每天 每日 一天 一日 วันละ gunde moi_ngay 每天工作 每天上班 每日工作 一天工作 moi_ngay_lam", ())])
});
static EACH_WEEK: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(&[("一周 每周 一星期 每周工作 一周工作 haftada สัปดาห์ละ", ())]));
static DAYS: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "day days dia dias jour jours tag tage дней дня дні днів день hari araw ngay gun 天 日 วัน ايام يوم दिन",
        (),
    )])
});
static SMALL: LazyLock<Lexicon<u8>> = LazyLock::new(|| {
    Lexicon::new(&[("six seis sechs шесть шість sei", 6), ("seven siete sept sieben sete семь сім", 7)])
});

pub(super) fn find(text: &str, marks: &Marks, found: &mut Vec<FoldedEntity>) {
    let mut read_until = 0;
    for (start, end) in &marks.digits {
        if *start < read_until || end - start > 2 || overlaps(found, *start, *end) {
            continue;
        }
        if text[..*start].ends_with(|c: char| matches!(c, '.' | ',' | ':' | '$') || c.is_ascii_alphanumeric()) {
            continue;
        }
        let Ok(number) = text[*start..*end].parse::<u8>() else { continue };
        if let Some((to, detail)) = per_day(text, *start, *end, number).or_else(|| a_week(text, *start, *end, number)) {
            found.push(FoldedEntity { start: *start, end: to, detail });
            read_until = to;
        }
    }
    for word in marks.of(Sense::DIGIT) {
        if let Some(number) = SMALL.word(&text[word.start..word.end])
            && let Some((to, detail)) = a_week(text, word.start, word.end, number)
            && !overlaps(found, word.start, to)
        {
            found.push(FoldedEntity { start: word.start, end: to, detail });
        }
    }
    if text.contains('周') {
        for (start, end, days) in han_days(text) {
            super::push(found, start, end, Detail::Hours { per_day: None, days_per_week: Some(days) });
        }
    }
}

fn per_day(text: &str, start: usize, end: usize, number: u8) -> Option<(usize, Detail)> {
    let (most, end) = second(text, end).map_or((number, end), |(second, end)| (second.max(number), end));
    let hours_at = end + (after(text, end, 8).len() - after(text, end, 8).trim_start_matches([' ', '-', '个']).len());
    let hours_end = hours_at + HOURS.starts(&text[hours_at..])?.0;
    let announced = EACH_DAY.ends(before(text, start, 40).trim_end()).is_some();
    let day_end = follows(text, hours_end, &DAY);
    let to = day_end.or(announced.then_some(hours_end))?;
    (1..=24).contains(&most).then(|| (to, Detail::Hours { per_day: Some(f64::from(most)), days_per_week: None }))
}

fn second(text: &str, end: usize) -> Option<(u8, usize)> {
    let start = end + range_mark(&text[end..])?;
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let number = text[start..start + digits].parse().ok().filter(|_| digits <= 2)?;
    Some((number, start + digits))
}

fn a_week(text: &str, start: usize, end: usize, number: u8) -> Option<(usize, Detail)> {
    if !(4..=7).contains(&number) {
        return None;
    }
    let rest = after(text, end, 8);
    let days_at = end + rest.len() - rest.trim_start_matches([' ', '-']).len();
    let days_end = days_at + DAYS.starts(&text[days_at..])?.0;
    let announced = EACH_WEEK.ends(before(text, start, 40).trim_end()).is_some();
    let to = follows(text, days_end, &WEEK).or(announced.then_some(days_end))?;
    Some((to, Detail::Hours { per_day: None, days_per_week: Some(f64::from(number)) }))
}

/// The end of a listed word that follows, with at most two small words between.
fn follows(text: &str, from: usize, words: &Lexicon<()>) -> Option<usize> {
    let mut position = from;
    for _ in 0..3 {
        let rest = after(text, position, 48);
        position += rest.len() - rest.trim_start_matches([' ', '-', '/']).len();
        let rest = &text[position..];
        if let Some((length, ())) = words.starts(rest) {
            return Some(position + length);
        }
        position += BETWEEN.starts(rest)?.0;
    }
    None
}

/// `一周六天`, `每周七天`.
fn han_days(text: &str) -> impl Iterator<Item = (usize, usize, f64)> {
    [
        ("周六天", 6.0),
        ("周七天", 7.0),
        ("周工作六天", 6.0),
        ("周工作七天", 7.0),
        ("周上班六天", 6.0),
        ("周上班七天", 7.0),
    ]
    .into_iter()
    .filter_map(move |(words, days)| text.find(words).map(|at| (at, at + words.len(), days)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::tests::seen_by;

    fn seen(text: &str) -> Vec<(Option<f64>, Option<f64>)> {
        let found = seen_by(text, |around, marks, found| find(&around.folded.text, marks, found));
        let read = |(_, detail): &(String, Detail)| match *detail {
            Detail::Hours { per_day, days_per_week } => (per_day, days_per_week),
            _ => unreachable!("only hours are found here"),
        };
        found.iter().map(read).collect()
    }

    #[test]
    fn hours_a_day() {
        for (text, expected) in [
            ("14 hours a day", 14.0),
            ("12-hour shifts", 12.0),
            ("12-16 horas al día", 16.0),
            ("12 heures par jour", 12.0),
            ("14 Stunden am Tag", 14.0),
            ("14 horas por dia", 14.0),
            ("по 15 часов в сутки", 15.0),
            ("12 годин на день", 12.0),
            ("每天工作14小时", 14.0),
            ("14小时一天", 14.0),
            ("12 giờ mỗi ngày", 12.0),
            ("14 jam sehari", 14.0),
            ("14 jam per hari", 14.0),
            ("16 oras sa isang araw", 16.0),
            ("16 ساعة يوميا", 16.0),
            ("14 घंटे प्रति दिन", 14.0),
            ("วันละ 14 ชั่วโมง", 14.0),
            ("14 ชั่วโมงต่อวัน", 14.0),
            ("günde 14 saat", 14.0),
        ] {
            assert_eq!(seen(text), [(Some(expected), None)], "{text}");
        }
    }

    #[test]
    fn days_a_week() {
        for (text, expected) in [
            ("7 days a week", 7.0),
            ("six days a week", 6.0),
            ("seis dias por semana", 6.0),
            ("7 jours sur semaine", 0.0),
            ("6 Tage die Woche", 6.0),
            ("7 дней в неделю", 7.0),
            ("7 hari seminggu", 7.0),
            ("一周工作六天", 6.0),
            ("每周7天", 7.0),
            ("haftada 6 gün", 6.0),
            ("семь дней в неделю", 7.0),
        ] {
            let expected: Vec<_> = (expected > 0.0).then_some((None, Some(expected))).into_iter().collect();
            assert_eq!(seen(text), expected, "{text}");
        }
        assert_eq!(seen("open 24 hours, 30 days of holiday"), []);
    }
}
