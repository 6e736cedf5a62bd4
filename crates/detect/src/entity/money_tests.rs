//! Amounts in the languages of the rules, and numbers that are none.

use super::*;
use crate::entity::country::Country;
use crate::entity::scan::scan;
use crate::text::fold;

type Seen = (f64, Option<&'static str>, Option<&'static str>, Option<i64>);

fn seen_at(text: &str, locale: &Locale) -> Vec<Seen> {
    let folded = fold(text).text;
    let mut found = Vec::new();
    find(&folded, &scan(&folded), locale, &mut found);
    let read = |entity: &FoldedEntity| match entity.detail {
        Detail::Money { amount, currency, period, monthly_usd } => {
            (amount, currency, period.map(Period::as_str), monthly_usd.map(|value| value.round() as i64))
        }
        _ => unreachable!("only money is found here"),
    };
    found.iter().map(read).collect()
}

fn seen(text: &str) -> Vec<Seen> {
    seen_at(text, &Locale::default())
}

fn check(text: &str, amount: f64, currency: &str, period: &str) {
    let found = seen(text);
    let [(seen_amount, seen_currency, seen_period, _)] = found[..] else { panic!("{text}: {found:?}") };
    assert_eq!(
        (seen_amount, seen_currency.unwrap_or(""), seen_period.unwrap_or("")),
        (amount, currency, period),
        "{text}"
    );
}

#[test]
fn amounts_in_many_spellings() {
    check("$3,000 a month", 3000.0, "USD", "month");
    check("$1.5k a week", 1500.0, "USD", "week");
    check("earn $50 an hour", 50.0, "USD", "hour");
    check("900 KD", 900.0, "KWD", "");
    check("AED 3000/month", 3000.0, "AED", "month");
    check("15k-25k baht", 25_000.0, "THB", "");
    check("usd 50", 50.0, "USD", "");
    check("Rs. 25,000 per month", 25_000.0, "INR", "month");
    check("RM 2,500 monthly", 2500.0, "MYR", "month");
    check("₱30,000", 30_000.0, "PHP", "");
    check("1500-2000 eur per month", 2000.0, "EUR", "month");
    check("$2000 to $3000 weekly", 3000.0, "USD", "week");
    check("monthly salary: USD 800", 800.0, "USD", "month");
    check("2500 lei net", 2500.0, "RON", "");
    check("300 USDT per day", 300.0, "USDT", "day");
}

#[test]
fn european_languages() {
    check("2.500 euros al mes", 2500.0, "EUR", "month");
    check("1.200 €", 1200.0, "EUR", "");
    check("14,50 € pro Stunde", 14.5, "EUR", "hour");
    check("1 500 € par mois", 1500.0, "EUR", "month");
    check("30 000 € par an", 30_000.0, "EUR", "year");
    check("R$ 2.000 por mês", 2000.0, "BRL", "month");
    check("5 mil reais por semana", 5000.0, "BRL", "week");
    check("от 5000$ в месяц", 5000.0, "USD", "month");
    check("от 80 000 ₽", 80_000.0, "RUB", "");
    check("60 000 руб/мес", 60_000.0, "RUB", "month");
    check("80 тыс. руб. в неделю", 80_000.0, "RUB", "week");
    check("5000 грн за зміну", 5000.0, "UAH", "shift");
    check("20.000 TL aylık", 20_000.0, "TRY", "month");
    check("günlük 2 bin TL", 2000.0, "TRY", "day");
}

#[test]
fn asian_and_arabic_languages() {
    check("月薪2万元", 20_000.0, "CNY", "month");
    check("2万/月", 20_000.0, "CNY", "month");
    check("月入过万", 10_000.0, "CNY", "month");
    check("日薪三千元", 3000.0, "CNY", "day");
    check("工资8000-12000元每月", 12_000.0, "CNY", "month");
    check("3万泰铢一个月", 30_000.0, "THB", "month");
    check("lương 25 triệu đồng", 25e6, "VND", "");
    check("20 triệu/tháng", 20e6, "VND", "month");
    check("gaji 5 juta", 5e6, "IDR", "");
    check("Rp5.000.000 per bulan", 5e6, "IDR", "month");
    check("150 ribu per hari", 150_000.0, "IDR", "day");
    check("sahod 20 libo kada buwan", 20_000.0, "PHP", "month");
    check("เงินเดือน 30,000 บาท", 30_000.0, "THB", "month");
    check("รายได้ 3 หมื่นต่อเดือน", 30_000.0, "THB", "month");
    check("راتب ٣٠٠٠ ريال شهريا", 3000.0, "SAR", "month");
    check("راتب 1500 درهم في الشهر", 1500.0, "AED", "month");
    check("वेतन २५ हजार महीना", 25_000.0, "INR", "month");
    check("सैलरी 2 लाख रुपये", 200_000.0, "INR", "");
}

#[test]
fn a_month_is_reckoned_in_dollars() {
    assert_eq!(seen("от 5000$ в месяц"), [(5000.0, Some("USD"), Some("month"), Some(5000))]);
    assert_eq!(seen("月薪2万元"), [(20_000.0, Some("CNY"), Some("month"), Some(2800))]);
    assert_eq!(seen("2.500 euros al mes")[0].3, Some(2750));
    assert_eq!(seen("60 000 руб")[0].3, None);
    assert_eq!(seen("$200 per client")[0].3, None);
}

#[test]
fn a_shared_word_is_read_by_the_place() {
    let at = |country: &str| Locale { countries: Country::parse(country).into_iter().collect(), language: None };
    assert_eq!(seen_at("20,000 pesos al mes", &at("MX"))[0].1, Some("MXN"));
    assert_eq!(seen_at("20,000 pesos al mes", &Locale::default())[0], (20_000.0, None, Some("month"), None));
    assert_eq!(seen_at("Rs 50,000", &at("PK"))[0].1, Some("PKR"));
    let russian = Locale { countries: Vec::new(), language: Some("ru".into()) };
    assert_eq!(seen_at("зарплата 90 тыс в месяц", &russian)[0].1, Some("RUB"));
}

#[test]
fn other_numbers_are_no_money() {
    for text in [
        "12 hours",
        "room 101",
        "call 555 0100",
        "5 years",
        "try 5 times",
        "5 juta followers",
        "一万人",
        "上千名员工",
        "20 tr people",
        "a 5 k run",
        "2 weeks",
        "100%",
    ] {
        assert_eq!(seen(text), [], "{text}");
    }
}
