//! Currencies as people write them, in the languages of the rules, and what one unit is roughly worth.

use std::sync::LazyLock;

use super::Locale;
use super::lexicon::Lexicon;

/// What a word for money says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// One currency.
    Is(&'static str),
    /// Several countries use the word: a number into `SHARED`.
    Shared(usize),
}

/// A word that several countries use: whose currency it then is, and what it means where no place is known.
struct Shared {
    by_country: &'static [(&'static str, &'static str)],
    by_language: &'static [(&'static str, &'static str)],
    otherwise: Option<&'static str>,
}

const DOLLAR: usize = 0;
const PESO: usize = 1;
const DINAR: usize = 2;
const RIYAL: usize = 3;
const RUPEE: usize = 4;
const POUND: usize = 5;
const DIRHAM: usize = 6;
const ROUBLE: usize = 7;
const YUAN: usize = 8;
const SHILLING: usize = 9;
const FRANC: usize = 10;
const CROWN: usize = 11;
const LEU: usize = 12;
pub(super) const THOUSANDS: usize = 13;

static SHARED: [Shared; 14] = [
    Shared {
        by_country: &[
            ("AU", "AUD"),
            ("CA", "CAD"),
            ("SG", "SGD"),
            ("NZ", "NZD"),
            ("HK", "HKD"),
            ("TW", "TWD"),
            ("MX", "MXN"),
            ("CO", "COP"),
            ("CL", "CLP"),
            ("AR", "ARS"),
            ("UY", "UYU"),
        ],
        by_language: &[],
        otherwise: Some("USD"),
    },
    Shared {
        by_country: &[
            ("PH", "PHP"),
            ("MX", "MXN"),
            ("AR", "ARS"),
            ("CL", "CLP"),
            ("CO", "COP"),
            ("DO", "DOP"),
            ("UY", "UYU"),
        ],
        by_language: &[("tl", "PHP"), ("en", "PHP")],
        otherwise: None,
    },
    Shared {
        by_country: &[
            ("KW", "KWD"),
            ("BH", "BHD"),
            ("JO", "JOD"),
            ("IQ", "IQD"),
            ("TN", "TND"),
            ("DZ", "DZD"),
            ("LY", "LYD"),
            ("RS", "RSD"),
        ],
        by_language: &[],
        otherwise: Some("KWD"),
    },
    Shared {
        by_country: &[("SA", "SAR"), ("QA", "QAR"), ("OM", "OMR"), ("YE", "YER"), ("IR", "IRR")],
        by_language: &[],
        otherwise: Some("SAR"),
    },
    Shared {
        by_country: &[("IN", "INR"), ("PK", "PKR"), ("LK", "LKR"), ("NP", "NPR")],
        by_language: &[],
        otherwise: Some("INR"),
    },
    Shared {
        by_country: &[("GB", "GBP"), ("EG", "EGP"), ("LB", "LBP"), ("SY", "SYP")],
        by_language: &[],
        otherwise: Some("GBP"),
    },
    Shared { by_country: &[("AE", "AED"), ("MA", "MAD")], by_language: &[("fr", "MAD")], otherwise: Some("AED") },
    Shared { by_country: &[("RU", "RUB"), ("BY", "BYN")], by_language: &[], otherwise: Some("RUB") },
    Shared { by_country: &[("CN", "CNY"), ("JP", "JPY")], by_language: &[], otherwise: Some("CNY") },
    Shared { by_country: &[("KE", "KES"), ("UG", "UGX"), ("TZ", "TZS")], by_language: &[], otherwise: Some("KES") },
    Shared {
        by_country: &[
            ("CH", "CHF"),
            ("SN", "XOF"),
            ("CI", "XOF"),
            ("CM", "XAF"),
            ("BF", "XOF"),
            ("ML", "XOF"),
            ("TG", "XOF"),
            ("BJ", "XOF"),
        ],
        by_language: &[("de", "CHF")],
        otherwise: None,
    },
    Shared {
        by_country: &[("SE", "SEK"), ("NO", "NOK"), ("DK", "DKK"), ("CZ", "CZK"), ("IS", "ISK")],
        by_language: &[],
        otherwise: None,
    },
    Shared { by_country: &[("RO", "RON"), ("MD", "MDL")], by_language: &[], otherwise: Some("RON") },
    // Thousands without a currency, as Russian and Ukrainian speech leaves it out.
    Shared {
        by_country: &[("RU", "RUB"), ("UA", "UAH"), ("BY", "BYN"), ("KZ", "KZT")],
        by_language: &[("ru", "RUB"), ("uk", "UAH")],
        otherwise: None,
    },
];

use Named::{Is, Shared as SharedBy};

/// Words that stand before or after an amount, folded.
const WORDS: &[(&str, Named)] = &[
    (
        "$ dollar dollars dollares dolar dolares dolaros доллар* долар* бакс баксов баксів дол do_la дلار ดอลลาร์ دولار دولارا डॉलर",
        SharedBy(DOLLAR),
    ),
    (
        "us$ usd usd$ $us 美元 美金 刀 u$s u$d us_dollar us_dollars dolares_americanos dolar_amerika do_la_my दौलर",
        Is("USD"),
    ),
    ("usdt usdc 泰达币 u币 тезер", Is("USDT")),
    ("€ eur euro euros eura evro евро євро 欧元 يورو यूरो ยูโร", Is("EUR")),
    ("£ gbp quid 英镑 استرليني", Is("GBP")),
    ("pound pounds libra libras livres фунт фунтов ปอนด์", SharedBy(POUND)),
    ("¥ yuan 元 块 块钱", SharedBy(YUAN)),
    ("rmb cny 人民币 元人民币 юан* หยวน te nhan_dan_te nde", Is("CNY")),
    ("₽ rub rur руб рублей рубля рубль рубли рубл* р рубасов rublos roubles rubel", SharedBy(ROUBLE)),
    ("₴ uah грн гривен гривень гривн* гривна", Is("UAH")),
    ("₫ vnd vnđ dong đ d vnd/thang", Is("VND")),
    ("₱ php piso pisos phil_peso", Is("PHP")),
    ("peso pesos песо", SharedBy(PESO)),
    ("mxn mx$ pesos_mexicanos", Is("MXN")),
    ("cop pesos_colombianos", Is("COP")),
    ("ars pesos_argentinos", Is("ARS")),
    ("clp pesos_chilenos", Is("CLP")),
    ("dop rd$", Is("DOP")),
    ("pen soles s/ s/.", Is("PEN")),
    ("idr rp rupiah", Is("IDR")),
    ("₹ inr रुपये रुपए रुपया रु", Is("INR")),
    ("rs rupee rupees rupaye", SharedBy(RUPEE)),
    ("pkr", Is("PKR")),
    ("lkr", Is("LKR")),
    ("npr", Is("NPR")),
    ("bdt taka ৳", Is("BDT")),
    ("฿ thb baht bath бат* บาท 泰铢 泰株", Is("THB")),
    ("aed dhs dh", Is("AED")),
    ("dirham dirhams дирхам* درهم دراهم 迪拉姆", SharedBy(DIRHAM)),
    ("mad", Is("MAD")),
    ("sar", Is("SAR")),
    ("riyal riyals rial rials ريال ريالا риал*", SharedBy(RIYAL)),
    ("qar qr", Is("QAR")),
    ("omr", Is("OMR")),
    ("kwd kd", Is("KWD")),
    ("bhd", Is("BHD")),
    ("jod jd", Is("JOD")),
    ("dinar dinars dinares динар* دينار دنانير दीनार", SharedBy(DINAR)),
    ("lbp", Is("LBP")),
    ("egp جنيه جنيها", Is("EGP")),
    ("₺ try tl lira lirasi liras", Is("TRY")),
    ("r$ brl reais real", Is("BRL")),
    ("zl zł pln zloty zlotych злот*", Is("PLN")),
    ("chf franken stutz", Is("CHF")),
    ("franc francs", SharedBy(FRANC)),
    ("fcfa cfa xof xaf f_cfa", Is("XOF")),
    ("kc czk korun", Is("CZK")),
    ("huf ft forint", Is("HUF")),
    ("lei leu ron", SharedBy(LEU)),
    ("mdl", Is("MDL")),
    ("bgn leva лв", Is("BGN")),
    ("kr kroner kronor крон*", SharedBy(CROWN)),
    ("sek", Is("SEK")),
    ("nok", Is("NOK")),
    ("dkk", Is("DKK")),
    ("s$ sgd 新币", Is("SGD")),
    ("rm myr ringgit 马币", Is("MYR")),
    ("hk$ hkd 港币 港元", Is("HKD")),
    ("nt$ ntd twd 台币 新台币", Is("TWD")),
    ("jpy yen 日元 円 万円", Is("JPY")),
    ("₩ krw 원 韩元 韩币", Is("KRW")),
    ("aud a$ au$", Is("AUD")),
    ("nzd nz$", Is("NZD")),
    ("cad c$ ca$", Is("CAD")),
    ("₦ ngn naira", Is("NGN")),
    ("kes ksh kshs", Is("KES")),
    ("shilling shillings", SharedBy(SHILLING)),
    ("ugx", Is("UGX")),
    ("ghs cedis", Is("GHS")),
    ("zar", Is("ZAR")),
    ("etb birr", Is("ETB")),
    ("₸ kzt тенге тг", Is("KZT")),
    ("uzs сум сумов som so'm", Is("UZS")),
    ("kgs сом сомов", Is("KGS")),
    ("gel лари lari ₾", Is("GEL")),
    ("mmk kyat kyats ကျပ် 缅币", Is("MMK")),
    ("khr riel riels", Is("KHR")),
    ("lak kip", Is("LAK")),
];

/// A rough value of one unit in US dollars (mid-2026, two digits): good enough to tell "far above", not for accounts.
const VALUES: [(&str, f64); 71] = [
    ("AED", 0.27),
    ("ARS", 0.000_75),
    ("AUD", 0.66),
    ("BDT", 0.0082),
    ("BGN", 0.58),
    ("BHD", 2.7),
    ("BRL", 0.18),
    ("BYN", 0.31),
    ("CAD", 0.73),
    ("CHF", 1.15),
    ("CLP", 0.0011),
    ("CNY", 0.14),
    ("COP", 0.000_25),
    ("CZK", 0.046),
    ("DKK", 0.15),
    ("DOP", 0.016),
    ("DZD", 0.0077),
    ("EGP", 0.02),
    ("ETB", 0.007),
    ("EUR", 1.1),
    ("GBP", 1.3),
    ("GEL", 0.37),
    ("GHS", 0.085),
    ("HKD", 0.13),
    ("HUF", 0.0029),
    ("IDR", 0.000_062),
    ("INR", 0.012),
    ("IQD", 0.000_76),
    ("IRR", 0.000_001),
    ("ISK", 0.008),
    ("JOD", 1.4),
    ("JPY", 0.0067),
    ("KES", 0.0077),
    ("KGS", 0.011),
    ("KHR", 0.000_25),
    ("KRW", 0.000_72),
    ("KWD", 3.2),
    ("KZT", 0.0019),
    ("LAK", 0.000_046),
    ("LBP", 0.000_011),
    ("LKR", 0.0033),
    ("LYD", 0.18),
    ("MAD", 0.11),
    ("MDL", 0.059),
    ("MMK", 0.000_48),
    ("MXN", 0.055),
    ("MYR", 0.23),
    ("NGN", 0.000_65),
    ("NOK", 0.099),
    ("NPR", 0.0072),
    ("NZD", 0.6),
    ("OMR", 2.6),
    ("PEN", 0.28),
    ("PHP", 0.018),
    ("PKR", 0.0036),
    ("PLN", 0.26),
    ("QAR", 0.27),
    ("RON", 0.23),
    ("RSD", 0.0098),
    ("RUB", 0.011),
    ("SAR", 0.27),
    ("SEK", 0.1),
    ("SGD", 0.75),
    ("SYP", 0.000_08),
    ("THB", 0.029),
    ("TND", 0.34),
    ("TRY", 0.025),
    ("TWD", 0.031),
    ("TZS", 0.0004),
    ("UAH", 0.024),
    ("UGX", 0.000_27),
];
const MORE_VALUES: [(&str, f64); 9] = [
    ("USD", 1.0),
    ("USDT", 1.0),
    ("UYU", 0.025),
    ("UZS", 0.000_08),
    ("VND", 0.000_039),
    ("XAF", 0.0017),
    ("XOF", 0.0017),
    ("YER", 0.004),
    ("ZAR", 0.055),
];

/// Words that are ordinary ones before a number.
const ONLY_AFTER: [&str; 16] =
    ["try", "d", "đ", "р", "real", "som", "kip", "tl", "mad", "ft", "lei", "kr", "ron", "te", "тг", "dh"];

static NAMES: LazyLock<Lexicon<Named>> = LazyLock::new(|| Lexicon::new(WORDS));

/// The currency named at the start of a text, and how long its name is.
pub(super) fn starts(text: &str) -> Option<(usize, Named)> {
    NAMES.starts(text)
}

/// The currency named at the end of a text, and where its name begins.
pub(super) fn ends(text: &str) -> Option<(usize, Named)> {
    NAMES.ends(text).filter(|(start, _)| !ONLY_AFTER.contains(&&text[*start..]))
}

/// The ISO 4217 code that a word means at a place and in a language; `None` where it could be several.
pub(super) fn code(named: Named, locale: &Locale) -> Option<&'static str> {
    let shared = match named {
        Is(code) => return Some(code),
        SharedBy(number) => &SHARED[number],
    };
    let by_country = locale.countries.iter().find_map(|country| {
        shared.by_country.iter().find(|(code, _)| *code == country.as_str()).map(|(_, currency)| *currency)
    });
    let by_language = || {
        let language = locale.language.as_deref()?;
        shared.by_language.iter().find(|(tag, _)| *tag == language).map(|(_, currency)| *currency)
    };
    by_country.or_else(by_language).or(shared.otherwise)
}

/// One unit in US dollars.
pub(super) fn in_dollars(code: &str) -> Option<f64> {
    VALUES.iter().chain(&MORE_VALUES).find(|(known, _)| *known == code).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::country::Country;

    #[test]
    fn every_currency_has_a_value() {
        let shared = SHARED.iter().flat_map(|shared| {
            shared.by_country.iter().chain(shared.by_language).map(|(_, code)| *code).chain(shared.otherwise)
        });
        let single = WORDS.iter().filter_map(|(_, named)| if let Is(code) = named { Some(*code) } else { None });
        for code in shared.chain(single) {
            assert!(in_dollars(code).is_some(), "{code}");
        }
    }

    #[test]
    fn a_shared_word_means_what_the_place_says() {
        let named = starts("pesos").unwrap().1;
        let at = |country: &str, language: Option<&str>| Locale {
            countries: Country::parse(country).into_iter().collect(),
            language: language.map(str::to_string),
        };
        assert_eq!(code(named, &at("CO", None)), Some("COP"));
        assert_eq!(code(named, &at("", Some("tl"))), Some("PHP"));
        assert_eq!(code(named, &at("", Some("es"))), None);
        assert_eq!(code(starts("$").unwrap().1, &at("DE", None)), Some("USD"));
    }
}
