//! In which language a text is written, and in which languages its sentences are.
//!
//! Scripts that one language of the rules has to itself decide alone; elsewhere small words and letters vote, sentence by
//! sentence, in one pass over the beginning of the text. Trigrams (the `whatlang` crate) are asked only where the vote is
//! not clear, since they cost ten times as much. Where nothing is sure the answer is "unknown".

use std::sync::LazyLock;

use whatlang::{Detector, Lang};

mod vote;
mod words;

use vote::{Votes, votes};

/// A language of the pack, or none of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Language {
    /// BCP 47 tag; `None` where it is not known.
    pub tag: Option<&'static str>,
    /// Tags that the text could as well be, or that some of its sentences are in: they are tried too.
    pub also: Vec<&'static str>,
}

impl Language {
    /// Whether terms of a language should be tried: it is the text's, could be, or nothing is known.
    pub fn admits(&self, tag: &str) -> bool {
        self.tag.is_none_or(|own| own == tag) || self.also.contains(&tag)
    }

    fn of(tag: &'static str) -> Self {
        let also = KNOWN.iter().find(|(known, _, _)| *known == tag).map_or(&[][..], |(_, _, also)| also);
        Self { tag: Some(tag), also: also.to_vec() }
    }

    fn add(&mut self, tag: &'static str) {
        if self.tag.is_some() && self.tag != Some(tag) && !self.also.contains(&tag) {
            self.also.push(tag);
        }
    }
}

/// Languages that are told apart, what whatlang calls them, and those which a short text is easily taken for.
const KNOWN: [(&str, Option<Lang>, &[&str]); 22] = [
    ("en", Some(Lang::Eng), &["tl"]),
    ("es", Some(Lang::Spa), &["pt"]),
    ("pt", Some(Lang::Por), &["es"]),
    ("fr", Some(Lang::Fra), &[]),
    ("de", Some(Lang::Deu), &[]),
    ("ru", Some(Lang::Rus), &["uk"]),
    ("uk", Some(Lang::Ukr), &["ru"]),
    ("zh", None, &[]),
    ("vi", Some(Lang::Vie), &[]),
    ("tl", Some(Lang::Tgl), &["en"]),
    ("id", Some(Lang::Ind), &[]),
    ("ar", None, &[]),
    ("hi", None, &["en"]),
    ("th", None, &[]),
    ("tr", Some(Lang::Tur), &[]),
    ("km", None, &[]),
    ("my", None, &[]),
    ("it", Some(Lang::Ita), &["es"]),
    ("pl", Some(Lang::Pol), &[]),
    ("nl", Some(Lang::Nld), &["de"]),
    ("ro", Some(Lang::Ron), &[]),
    ("ms", None, &["id"]),
];

/// Longer texts are judged by this much of their beginning, in bytes.
const ENOUGH: usize = 2_000;
/// Where the vote is not clear, trigrams are asked about this much.
const TRIGRAM_BYTES: usize = 400;
/// Below this confidence a text counts as unknown.
const LEAST_CONFIDENCE: f64 = 0.6;
const LEAST_LETTERS: usize = 12;

/// Names the language of a text. A tag stated by the source is believed where it is one of the pack's; what the text says
/// itself is then tried besides.
pub fn identify(text: &str, stated: Option<&str>) -> Language {
    let beginning = &text[..text.floor_char_boundary(ENOUGH.min(text.len()))];
    let votes = votes(beginning);
    let by_source = stated.and_then(|stated| known(stated.split(['-', '_']).next().unwrap_or_default()));
    let by_text = || votes.winner().or_else(|| by_trigrams(beginning, &votes));
    let mut language = match by_source {
        Some(tag) => {
            let mut language = Language::of(tag);
            if let Some(other) = votes.winner() {
                language.add(other);
            }
            language
        }
        None => by_text().map_or_else(Language::default, Language::of),
    };
    for tag in votes.of_sentences() {
        language.add(tag);
    }
    language
}

fn known(tag: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, _, _)| *known == tag).map(|(known, _, _)| *known)
}

fn by_trigrams(text: &str, votes: &Votes) -> Option<&'static str> {
    if votes.letters() < LEAST_LETTERS || !votes.may_be_european() {
        return None;
    }
    let found = DETECTOR.detect(&text[..text.floor_char_boundary(TRIGRAM_BYTES.min(text.len()))])?;
    if found.confidence() < LEAST_CONFIDENCE {
        return None;
    }
    KNOWN.iter().find(|(_, lang, _)| *lang == Some(found.lang())).map(|(tag, _, _)| *tag)
}

static DETECTOR: LazyLock<Detector> =
    LazyLock::new(|| Detector::with_allowlist(KNOWN.iter().filter_map(|(_, lang, _)| *lang).collect()));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_sentences_are_recognised() {
        for (text, tag) in [
            ("We are looking for two kitchen helpers with experience in a busy restaurant", "en"),
            ("Buscamos camareras para un restaurante en la costa, contrato y alojamiento incluidos", "es"),
            ("Procuramos ajudante de cozinha para trabalhar aos fins de semana, contrato e almoço", "pt"),
            ("Nous cherchons deux serveuses pour la saison, logement et repas compris", "fr"),
            ("Wir suchen eine Aushilfe für die Küche, auch ohne Erfahrung", "de"),
            ("Требуются рабочие на стройку, проживание и питание за счёт компании", "ru"),
            ("Потрібні працівники на склад, житло та харчування за рахунок роботодавця", "uk"),
            ("诚聘打字员，月薪两万，包吃住包机票", "zh"),
            ("รับสมัครพนักงานแชท รายได้ดี มีที่พัก", "th"),
            ("مطلوب عاملة منزلية للعمل في الخليج براتب جيد", "ar"),
            ("घर के काम के लिए महिला चाहिए, रहना और खाना मुफ्त", "hi"),
            ("Dibutuhkan karyawan untuk toko, gaji bulanan dan tempat tinggal", "id"),
            ("Naghahanap kami ng kasambahay na stay-in, libre ang pagkain", "tl"),
            ("Otelde çalışacak bayan eleman aranıyor, konaklama ve yemek var", "tr"),
            ("Cần tuyển nhân viên phục vụ quán cà phê, lương tháng, bao ăn ở", "vi"),
            ("can tuyen nu lam viec tai nha, luong thang, khong can kinh nghiem", "vi"),
            ("ត្រូវការបុគ្គលិកលក់", "km"),
            ("အလုပ်သမား အလိုရှိသည်", "my"),
        ] {
            assert_eq!(identify(text, None).tag, Some(tag), "{text}");
        }
    }

    #[test]
    fn too_little_is_unknown_and_unknown_admits_all() {
        for text in [
            "ok!",
            "",
            "+44 20 7946 0958",
            "日本語のテキストです",
            "Потребна помощ у кући, јављање на телефон",
            "한국어 문장입니다",
        ] {
            let language = identify(text, None);
            assert_eq!(language.tag, None, "{text}");
            assert!(language.admits("vi"));
        }
    }

    #[test]
    fn a_stated_language_is_believed_when_it_is_known() {
        assert_eq!(identify("Hola", Some("pt-BR")).tag, Some("pt"));
        assert_eq!(identify("لا رسوم على العمال، مطلوب عاملة منزلية", Some("xx")).tag, Some("ar"));
        let contradicted = identify("Требуются рабочие на стройку, и проживание у нас", Some("en"));
        assert_eq!(contradicted.tag, Some("en"));
        assert!(contradicted.admits("ru"));
    }

    #[test]
    fn sentences_of_a_second_language_are_told() {
        let mixed = "Требуются девушки для работы за границей, проживание и билет за наш счёт.\n\
                     We are looking for girls to work abroad, the ticket and the room are free.";
        let language = identify(mixed, None);
        assert!(language.admits("ru") && language.admits("en") && !language.admits("es"), "{language:?}");
        let mixed = "高薪招聘打字员，包吃住，月薪两万起，欢迎咨询。\nWe need people who can speak English and work with us in the office.";
        let language = identify(mixed, None);
        assert!(language.admits("zh") && language.admits("en"), "{language:?}");
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in any::<String>(), stated in proptest::option::of("[a-z]{2}")) {
            let language = identify(&text, stated.as_deref());
            prop_assert!(language.tag.is_some() || language.also.is_empty());
        }
    }
}
