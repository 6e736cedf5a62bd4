//! In which language a text is written: the script decides where it can, else trigrams (the `whatlang` crate); an
//! honest "unknown" where neither is sure.

use whatlang::{Detector, Lang, Script as WhatScript};

/// A language of the pack, or none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// BCP 47 tag; `None` where it is not known.
    pub tag: Option<&'static str>,
    /// Tags that the text could as well be: they are tried too.
    pub also: Vec<&'static str>,
}

impl Language {
    /// Whether terms of a language should be tried: it is the text's, could be, or nothing is known.
    pub fn admits(&self, tag: &str) -> bool {
        self.tag.is_none_or(|own| own == tag) || self.also.contains(&tag)
    }
}

/// Languages that whatlang tells apart for us, with those which a short text is easily taken for.
const KNOWN: [(Lang, &str, &[&str]); 20] = [
    (Lang::Eng, "en", &["tl"]),
    (Lang::Spa, "es", &["pt"]),
    (Lang::Por, "pt", &["es"]),
    (Lang::Fra, "fr", &[]),
    (Lang::Deu, "de", &[]),
    (Lang::Rus, "ru", &["uk"]),
    (Lang::Ukr, "uk", &["ru"]),
    (Lang::Cmn, "zh", &[]),
    (Lang::Vie, "vi", &[]),
    (Lang::Tgl, "tl", &["en"]),
    (Lang::Ind, "id", &[]),
    (Lang::Ara, "ar", &[]),
    (Lang::Hin, "hi", &["en"]),
    (Lang::Tha, "th", &[]),
    (Lang::Tur, "tr", &[]),
    (Lang::Khm, "km", &[]),
    (Lang::Mya, "my", &[]),
    (Lang::Ita, "it", &["es"]),
    (Lang::Pol, "pl", &[]),
    (Lang::Nld, "nl", &["de"]),
];

/// Longer texts are judged by this much of their beginning, in bytes.
const ENOUGH: usize = 2_000;
/// Below this confidence a Latin-script text counts as unknown.
const LEAST_CONFIDENCE: f64 = 0.6;

/// Names the language of a text. A tag stated by the source is believed where it is one of the pack's.
pub fn identify(text: &str, stated: Option<&str>) -> Language {
    if let Some(stated) = stated {
        let primary = stated.split(['-', '_']).next().unwrap_or_default();
        if let Some((_, tag, also)) = KNOWN.iter().find(|(_, tag, _)| *tag == primary) {
            return Language { tag: Some(tag), also: also.to_vec() };
        }
    }
    let beginning = &text[..text.floor_char_boundary(ENOUGH.min(text.len()))];
    let unknown = Language { tag: None, also: Vec::new() };
    let Some(found) = detector().detect(beginning) else { return unknown };
    let certain_by_script = !matches!(found.script(), WhatScript::Latin | WhatScript::Cyrillic);
    let letters = beginning.chars().filter(|c| c.is_alphabetic()).count();
    if !certain_by_script && (found.confidence() < LEAST_CONFIDENCE || letters < 12) {
        return unknown;
    }
    match KNOWN.iter().find(|(lang, _, _)| *lang == found.lang()) {
        Some((_, tag, also)) => Language { tag: Some(tag), also: also.to_vec() },
        None => unknown,
    }
}

fn detector() -> Detector {
    Detector::with_allowlist(KNOWN.iter().map(|(lang, _, _)| *lang).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_sentences_are_recognised() {
        for (text, tag) in [
            ("We are looking for two kitchen helpers with experience in a busy restaurant", "en"),
            ("Buscamos camareras para un restaurante en la costa, contrato y alojamiento incluidos", "es"),
            ("Требуются рабочие на стройку, проживание и питание за счёт компании", "ru"),
            ("诚聘打字员，月薪两万，包吃住包机票", "zh"),
            ("รับสมัครพนักงานแชท รายได้ดี มีที่พัก", "th"),
            ("مطلوب عاملة منزلية للعمل في الخليج براتب جيد", "ar"),
        ] {
            assert_eq!(identify(text, None).tag, Some(tag), "{text}");
        }
    }

    #[test]
    fn too_little_is_unknown_and_unknown_admits_all() {
        let language = identify("ok!", None);
        assert_eq!(language.tag, None);
        assert!(language.admits("vi"));
    }

    #[test]
    fn a_stated_language_is_believed_when_it_is_known() {
        assert_eq!(identify("Hola", Some("pt-BR")).tag, Some("pt"));
        assert_eq!(identify("لا رسوم على العمال، مطلوب عاملة منزلية", Some("xx")).tag, Some("ar"));
    }
}
