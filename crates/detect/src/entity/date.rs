//! Dates, of posting or of a start: `12 March 2026`, `2026-03-12`, `3月12日`, `ngày 12 tháng 3`, `12 มีนาคม`.

use std::sync::LazyLock;

use super::lexicon::{Lexicon, after, before};
use super::scan::Marks;
use super::{Detail, FoldedEntity, overlaps};

/// Names of months, folded, in the languages of the rules; Chinese and Vietnamese count them.
const MONTHS: &[(&str, u8)] = &[
    (
        "january jan enero ene janvier januar januar janeiro января январь янв січня січень januari enero ocak يناير जनवरी มกราคม ม.ค",
        1,
    ),
    (
        "february feb febrero fevrier februar fevereiro fev февраля февраль фев лютого лютий februari pebrero subat فبراير फरवरी กุมภาพันธ์ ก.พ",
        2,
    ),
    ("march mar marzo mars marz maerz marco марта март мар березня березень maret marso mart مارس मार्च มีนาคม มี.ค", 3),
    ("april apr abril avril avr апреля апрель апр квітня квітень abr nisan ابريل अप्रैल เมษายน เม.ย", 4),
    ("may mayo mai maio мая май травня травень mei mayis مايو मई พฤษภาคม พ.ค", 5),
    ("june jun junio juin juni junho июня июнь червня червень hunyo haziran يونيو जून มิถุนายน มิ.ย", 6),
    ("july jul julio juillet juli julho июля июль липня липень hulyo temmuz يوليو जुलाई กรกฎาคม ก.ค", 7),
    ("august aug agosto ago aout agosto августа август авг серпня серпень agustus agustos اغسطس अगस्त สิงหาคม ส.ค", 8),
    (
        "september sep sept septiembre setiembre septembre setembro set сентября сентябрь сен вересня вересень setyembre eylul سبتمبر सितंबर सितम्बर กันยายน ก.ย",
        9,
    ),
    (
        "october oct octubre octobre oktober okt outubro out октября октябрь окт жовтня жовтень oktubre ekim اكتوبر अक्टूबर अक्तूबर ตุลาคม ต.ค",
        10,
    ),
    (
        "november nov noviembre novembre novembro ноября ноябрь ноя листопада листопад nobyembre kasim نوفمبر नवंबर नवम्बर พฤศจิกายน พ.ย",
        11,
    ),
    (
        "december dec diciembre dic decembre dezember dez dezembro декабря декабрь дек грудня грудень desember des disyembre aralik ديسمبر दिसंबर दिसम्बर ธันวาคม ธ.ค",
        12,
    ),
];
static MONTH: LazyLock<Lexicon<u8>> = LazyLock::new(|| Lexicon::new(MONTHS));

const YEARS: std::ops::RangeInclusive<u32> = 1900..=2100;

pub(super) fn find(text: &str, marks: &Marks, found: &mut Vec<FoldedEntity>) {
    let mut read_until = 0;
    for (index, (start, end)) in marks.digits.iter().enumerate() {
        if *start < read_until || overlaps(found, *start, *end) {
            continue;
        }
        let read = in_figures(text, &marks.digits[index..])
            .or_else(|| counted(text, *start, *end))
            .or_else(|| with_name(text, *start, *end));
        if let Some((from, to)) = read
            && !overlaps(found, from, to)
        {
            found.push(FoldedEntity { start: from, end: to, detail: Detail::Date });
            read_until = to;
        }
    }
}

/// `2026-03-12`, `12.03.2026`, `12/03/26`.
fn in_figures(text: &str, digits: &[(usize, usize)]) -> Option<(usize, usize)> {
    let [one, two, three, ..] = digits else { return None };
    let mark = &text[one.1..two.0];
    if !matches!(mark, "-" | "." | "/")
        || &text[two.1..three.0] != mark
        || text[three.1..].starts_with(mark) && text[three.1 + 1..].starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let number = |run: &(usize, usize)| text[run.0..run.1].parse::<u32>().ok().filter(|_| run.1 - run.0 <= 4);
    let (first, second, third) = (number(one)?, number(two)?, number(three)?);
    let is_day_and_month =
        |one: u32, other: u32| (1..=31).contains(&one) && (1..=31).contains(&other) && one.min(other) <= 12;
    let is_year = |year: u32, run: &(usize, usize)| match run.1 - run.0 {
        4 => YEARS.contains(&year) || YEARS.contains(&year.saturating_sub(543)),
        2 => (20..=40).contains(&year),
        _ => false,
    };
    let is_date = is_year(first, one) && one.1 - one.0 == 4 && is_day_and_month(second, third)
        || is_day_and_month(first, second) && is_year(third, three);
    let clear = !text[..one.0].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '+'));
    (is_date && clear).then_some((one.0, three.1))
}

/// `3月12日`, `2026年3月`, `ngày 12 tháng 3`, `tháng 3`.
fn counted(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let value: u32 = text[start..end].parse().ok()?;
    let rest = &text[end..];
    let number = |text: &str| text[..text.bytes().take_while(u8::is_ascii_digit).count()].parse::<u32>().ok();
    if (1..=12).contains(&value)
        && let Some(day) = rest.strip_prefix('月')
        && number(day).is_some_and(|day| (1..=31).contains(&day))
    {
        let day_end = text.len() - day.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let unit = text[day_end..].chars().next().filter(|c| matches!(c, '日' | '号' | '號'))?;
        return Some((start, day_end + unit.len_utf8()));
    }
    if YEARS.contains(&value)
        && let Some(month) = rest.strip_prefix('年')
        && number(month).is_some_and(|month| (1..=12).contains(&month))
    {
        let after_month = month.trim_start_matches(|c: char| c.is_ascii_digit());
        return after_month.starts_with('月').then(|| (start, text.len() - after_month.len() + '月'.len_utf8()));
    }
    let follows = after(text, end, 24);
    if (1..=31).contains(&value)
        && let Some(month) = follows.strip_prefix(" thang ").and_then(number)
        && (1..=12).contains(&month)
    {
        return Some((start, end + " thang ".len() + month.to_string().len()));
    }
    None
}

/// A day or a year beside the name of a month.
fn with_name(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let value: u32 = text[start..end].parse().ok()?;
    let is_day = (1..=31).contains(&value) && end - start <= 2;
    let is_year = end - start == 4 && (YEARS.contains(&value) || YEARS.contains(&value.saturating_sub(543)));
    if is_day && let Some(month_end) = month_after(text, end) {
        return Some((start, year_after(text, month_end).unwrap_or(month_end)));
    }
    if is_day || is_year {
        let head = before(text, start, 40).trim_end_matches([' ', ',', '.']);
        let head = ["de", "del", "of"].iter().find_map(|word| head.strip_suffix(word)).map_or(head, str::trim_end);
        let offset = text.ceil_char_boundary(start.saturating_sub(40));
        let begin = offset + month_at_end(head)?;
        let clear = !text[end..].starts_with(|c: char| c.is_ascii_alphabetic() && !matches!(c, 's' | 't' | 'n' | 'r'))
            && !text[end..].starts_with([':', '%', '$', '€']);
        // `may 5 people` is a verb, `mar 10 000` an amount.
        let doubtful = matches!(&text[begin..begin + 3], "may" | "mar" | "set" | "out" | "des" | "mei" | "ago" | "dec")
            && is_day
            && year_after(text, end).is_none();
        return (clear && !doubtful).then(|| (begin, year_after(text, end).filter(|_| is_day).unwrap_or(end)));
    }
    None
}

fn month_after(text: &str, end: usize) -> Option<usize> {
    let mut rest = after(text, end, 48);
    let whole = rest.len();
    for ordinal in ["st", "nd", "rd", "th", "º", "°", ".", "er", "го", "-го", "-е"] {
        rest = rest.strip_prefix(ordinal).unwrap_or(rest);
    }
    rest = rest.trim_start_matches([' ', '-', '/']);
    for filler in ["de ", "of ", "ng ", "d'"] {
        rest = rest.strip_prefix(filler).unwrap_or(rest);
    }
    let (length, _) = MONTH.starts(rest)?;
    Some(end + whole - rest.len() + length)
}

fn year_after(text: &str, end: usize) -> Option<usize> {
    let rest = after(text, end, 24);
    let trimmed = rest.trim_start_matches(['s', 't', 'n', 'd', 'r', 'h']).trim_start_matches([' ', ',', '.', '-', '/']);
    let trimmed = ["de ", "del "].iter().find_map(|word| trimmed.strip_prefix(word)).unwrap_or(trimmed);
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    let year: u32 = trimmed[..digits].parse().ok().filter(|_| digits == 4)?;
    (YEARS.contains(&year) || YEARS.contains(&year.saturating_sub(543))).then_some(end + rest.len() - trimmed.len() + 4)
}

/// Where the name of a month begins that ends a text.
pub(super) fn month_at_end(text: &str) -> Option<usize> {
    MONTH.ends(text).map(|(begin, _)| begin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let folded = crate::text::fold(text).text;
        find(&folded, &crate::entity::scan::scan(&folded), &mut found);
        found.iter().map(|entity| folded[entity.start..entity.end].to_string()).collect()
    }

    #[test]
    fn dates_in_all_languages() {
        for text in [
            "12 March 2026",
            "12th of March",
            "March 12, 2026",
            "June 2026",
            "2026-03-12",
            "12.03.2026",
            "12/03/26",
            "12 de marzo de 2026",
            "1er mars",
            "12. März 2026",
            "12 de março",
            "12 марта 2026",
            "1-го июня",
            "12 березня",
            "3月12日",
            "2026年3月",
            "12 tháng 3",
            "12 maret 2026",
            "12 ng marso",
            "12 มีนาคม 2569",
            "12 مارس 2026",
            "12 मार्च",
            "12 mart 2026",
        ] {
            assert_eq!(seen(text), [crate::text::fold(text).text], "{text}");
        }
    }

    #[test]
    fn other_numbers_are_no_dates() {
        for text in
            ["you may 5 times", "1.2.3", "192.168.10.1", "24/7", "12 months", "3月薪", "10-12-14 hours", "room 5/6/700"]
        {
            assert!(seen(text).is_empty(), "{text} {:?}", seen(text));
        }
    }
}
