//! Working hours a day and days a week.

use std::sync::LazyLock;

use regex::Regex;

use super::{Detail, FoldedEntity};

static PER_DAY: LazyLock<Regex> = LazyLock::new(|| {
    let hours = r"hours?|hrs?|h\b|horas?|heures?|stunden?|std\b|час\w*|годин\w*|小时|個小時|个小时|钟头|gio|jam|oras|ساعه|ساعات|घंटे|घंटा|ชั่วโมง|saat";
    let day = r"days?|daily|shifts?|dias?|diarias?|jours?|tag\b|taglich|день|сутки|смен\w*|добу|зміна|天|日|ngay|hari|sehari|araw|يوميا|يوم|दिन|रोज|वัน|วัน|gun\w*";
    Regex::new(&format!(r"(\d{{1,2}})(?:[ ]?(?:-|–|to|a|до|bis|~)[ ]?(\d{{1,2}}))?[ -]?(?:{hours})[ ]?(?:(?:a|per|/|each|every|al|por|par|pro|am|в|на|moi|per|sa|isang|في|प्रति|ต่อ|work|work a|of work a)[ ]?)?(?:{day})"))
        .expect("a valid expression")
});
static EACH_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:每天|每日|一天|วันละ|gunde|хар одоро|moi ngay)(?:工作|上班|lam)?[ ]?(\d{1,2})(?:[ ]?(?:-|到|至|~)[ ]?(\d{1,2}))?[ ]?(?:个)?(?:小时|钟头|ชั่วโมง|ชม|saat|gio|tieng)").expect("a valid expression")
});
static DAYS_PER_WEEK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b([4-7]|six|seven|seis|siete|sept|sechs|sieben)[ -]?(?:days?|dias?|jours?|tage?|дней|дня|днів|hari|araw|ngay|gun)[ -]?(?:a|per|/|each|por|à la|par|pro|in der|die|a la|в|на|moi|seminggu|sa isang|haftada)?[ ]?(?:the )?(?:weeks?|semana|semaine|woche|недел\w*|тижд\w*|seminggu|linggo|tuan|hafta\w*)").expect("a valid expression")
});
static WEEKLY_DAYS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:一周|每周|haftada|สัปดาห์ละ)(?:工作|上班)?[ ]?([4-7六七])[ ]?(?:天|日|gun|วัน)")
        .expect("a valid expression")
});

pub(super) fn find(text: &str, found: &mut Vec<FoldedEntity>) {
    for expression in [&*PER_DAY, &*EACH_DAY] {
        for captures in expression.captures_iter(text) {
            let Some(whole) = captures.get(0) else { continue };
            let number =
                |group| captures.get(group).and_then(|digits: regex::Match<'_>| digits.as_str().parse::<f64>().ok());
            let Some(per_day) = number(1).into_iter().chain(number(2)).reduce(f64::max) else { continue };
            if (1.0..=24.0).contains(&per_day) {
                let detail = Detail::Hours { per_day: Some(per_day), days_per_week: None };
                found.push(FoldedEntity { start: whole.start(), end: whole.end(), detail });
            }
        }
    }
    for expression in [&*DAYS_PER_WEEK, &*WEEKLY_DAYS] {
        for captures in expression.captures_iter(text) {
            let (Some(whole), Some(days)) = (captures.get(0), captures.get(1)) else { continue };
            let days = match days.as_str() {
                "six" | "seis" | "sechs" | "六" => 6.0,
                "seven" | "siete" | "sept" | "sieben" | "七" => 7.0,
                digits => digits.parse().unwrap_or(5.0),
            };
            let detail = Detail::Hours { per_day: None, days_per_week: Some(days) };
            found.push(FoldedEntity { start: whole.start(), end: whole.end(), detail });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(Option<f64>, Option<f64>)> {
        let mut found = Vec::new();
        find(&crate::text::fold(text).text, &mut found);
        let read = |entity: &FoldedEntity| match entity.detail {
            Detail::Hours { per_day, days_per_week } => (per_day, days_per_week),
            _ => unreachable!("only hours are found here"),
        };
        found.iter().map(read).collect()
    }

    #[test]
    fn hours_a_day_and_days_a_week() {
        for (text, expected) in [
            ("14 hours a day", (Some(14.0), None)),
            ("12-16 horas al día", (Some(16.0), None)),
            ("по 15 часов в сутки", (Some(15.0), None)),
            ("每天工作14小时", (Some(14.0), None)),
            ("7 days a week", (None, Some(7.0))),
            ("seis dias por semana", (None, Some(6.0))),
        ] {
            assert_eq!(seen(text), [expected], "{text}");
        }
        assert_eq!(seen("open 24 hours, 30 days of holiday"), []);
    }
}
