//! Ages of persons: stated, asked for, or to be computed from a year of birth is left to the caller, who knows the date.

use std::sync::LazyLock;

use regex::Regex;

use super::{Detail, FoldedEntity};

/// `25 years old`, `25 лет`, `18-25 años`, `từ 16 tuổi`, `年龄18-30岁`: a number with a unit of age.
static WITH_UNIT: LazyLock<Regex> = LazyLock::new(|| {
    let old = r"years?[ -]?old|yrs?[ -]?old|y\.?/?o\.?\b|years? of age|jahre? alt|jahre?\b|anos?\b|ans\b|лет\b|года?\b|рок[ів]+\b|років|летн\w+|岁|歲|tuoi\b|tahun\b|taong gulang|سنه|عاما|عام\b|साल|वर्ष|ปี|yas\w*";
    Regex::new(&format!(r"(?:\b|[^\d.,])(\d{{2}})(?:[ ]?(?:-|–|to|a|до|bis|и|y|至|到|den|sampai|hanggang|الى|से|ถึง|ile)[ ]?(\d{{2}}))?[ -]?(?:\+[ ]?)?({old})"))
        .expect("a valid expression")
});

/// `aged 18 to 25`, `age: 22`, `edad 18`, `от 18`, `girls from 16`.
static WITH_WORD: LazyLock<Regex> = LazyLock::new(|| {
    let word = r"\baged?|\bages|\bedad(?:es)?|\bmayores de|\bidade|\balter|\bage\b|возраст\w*|віком|вік\b|年龄|年齡|\busia|\bumur|\bedad\b|العمر|عمر\w*|उम्र|आयु|อายุ|\byas\b|do tuoi|\b(?:girls?|boys?|teens?|women|ladies|students?|chicas?|ninas?|muchachas?|devushk\w*|девушк\w*|девочк\w*) (?:from|de|desde|от|c|over|above)";
    Regex::new(&format!(r"(?:{word})[ ]?(?:is|of|from|between|de|desde|entre|od|от|c|von|ab|:|：|=|min\.?|minimum|range|group|limit|dari|mula|tu|من|بين)?[ ]?(?:de )?[:：]?[ ]?(\d{{2}})(?:[ ]?(?:-|–|to|and|a|y|e|до|bis|und|至|到|den|sampai|hanggang|الى|से|ถึง|ile)[ ]?(\d{{2}}))?(?:\D|$)"))
        .expect("a valid expression")
});

/// What makes a number of years no age: experience, duration, a firm's history.
static NOT_AN_AGE_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[ ,]*(?:\+|plus)?[ ]?(?:of |de |d'|an |в |на |in |im |en |no |com |dengan |sa )?(?:the |el |la |work |relevant |proven |professional |industry |related |experien\w*|erfahrung|berufserfahrung|опыт\w*|досвід\w*|стаж\w*|antig\w+|business|industry|market|sector|guarantee|warranty|garantie|garantia|contract|contrat\w*|vertrag|ago\b|kinh nghiem|pengalaman|خبره|अनुभव|ประสบการณ์|deneyim|工作经验|经验|рынк\w*|работ\w*|mercado|ramo|expérience)").expect("a valid expression")
});
static NOT_AN_AGE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\b(?:for|over|than|nearly|almost|past|last|since|within|experience|experiencia|erfahrung|seit|uber|durante|hace|ultimos|depuis|pendant|ha|mas de|mais de|plus de|более|больше|опыт\w*|стаж\w*|уже|contract|contrato|garantia|warranty|hon|selama|lebih|in|grade|year))[ :]*$").expect("a valid expression")
});

pub(super) fn find(text: &str, found: &mut Vec<FoldedEntity>) {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    for (expression, unit) in [(&*WITH_UNIT, true), (&*WITH_WORD, false)] {
        for captures in expression.captures_iter(text) {
            let (Some(whole), Some(first)) = (captures.get(0), captures.get(1)) else { continue };
            let before = &text[text.floor_char_boundary(first.start().saturating_sub(30))..first.start()];
            let doubtful =
                unit && (NOT_AN_AGE_AFTER.is_match(&text[whole.end()..]) || NOT_AN_AGE_BEFORE.is_match(before));
            let overlaps = found.iter().any(|entity| entity.start < whole.end() && first.start() < entity.end);
            if doubtful || overlaps {
                continue;
            }
            let number =
                |group| captures.get(group).and_then(|digits: regex::Match<'_>| digits.as_str().parse::<f64>().ok());
            let Some(one) = number(1) else { continue };
            let other = number(2).unwrap_or(one);
            if one >= 10.0 && other >= 10.0 {
                let detail = Detail::Age { least: one.min(other), most: one.max(other) };
                found.push(FoldedEntity { start: first.start(), end: whole.end(), detail });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(f64, f64)> {
        let mut found = Vec::new();
        find(&crate::text::fold(text).text, &mut found);
        let read = |entity: &FoldedEntity| match entity.detail {
            Detail::Age { least, most } => (least, most),
            _ => unreachable!("only ages are found here"),
        };
        found.iter().map(read).collect()
    }

    #[test]
    fn stated_and_asked_ages() {
        for (text, expected) in [
            ("I am 25 years old", (25.0, 25.0)),
            ("women aged 18 to 30", (18.0, 30.0)),
            ("chicas de 18 a 25 años", (18.0, 25.0)),
            ("девушки от 18 до 30 лет", (18.0, 30.0)),
            ("年龄18-30岁", (18.0, 30.0)),
            ("tuổi từ 16 tuổi", (16.0, 16.0)),
            ("girls from 16 for hotel work", (16.0, 16.0)),
            ("Alter: 21", (21.0, 21.0)),
        ] {
            assert_eq!(seen(text), [expected], "{text}");
        }
    }

    #[test]
    fn years_of_experience_are_no_age() {
        for text in [
            "18 years experience",
            "15 años de experiencia",
            "over 20 years in the trade",
            "опыт 15 лет",
            "for 12 years",
            "10 years in business",
            "stay 10 days",
        ] {
            assert_eq!(seen(text), [], "{text}");
        }
    }
}
