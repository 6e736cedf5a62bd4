//! In which encoding a page is written, as a browser decides: byte-order mark, header, `<meta>`, else a look at the bytes.
//!
//! WHATWG HTML, "Determining the character encoding"; the decoders are those of the Encoding Standard (`encoding_rs`).

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// A decoded page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Its text.
    pub text: String,
    /// The name of the encoding.
    pub charset: &'static str,
    /// Whether bytes had to be replaced.
    pub had_errors: bool,
}

/// How much of a page is searched for a `<meta>`.
const PRESCAN: usize = 1_024;

/// Decodes the bytes of a page.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> Decoded {
    let encoding = stated(bytes, content_type).unwrap_or_else(|| guessed(bytes));
    // A page that states a one-byte encoding and is plainly UTF-8 was mislabelled.
    let encoding = if encoding.is_single_byte() && is_multibyte_utf8(bytes) { UTF_8 } else { encoding };
    let (text, encoding, had_errors) = encoding.decode(bytes);
    Decoded { text: text.into_owned(), charset: encoding.name(), had_errors }
}

fn stated(bytes: &[u8], content_type: Option<&str>) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    let from_header = content_type.and_then(|stated| label_after_charset(stated.as_bytes()));
    from_header.or_else(|| label_after_charset(&bytes[..bytes.len().min(PRESCAN)]))
}

/// The encoding named after `charset=`, quoted or not.
fn label_after_charset(text: &[u8]) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let at = lower.windows(7).position(|window| window == b"charset")? + 7;
    let rest: Vec<u8> = lower[at..].iter().copied().skip_while(u8::is_ascii_whitespace).collect();
    let rest = rest.strip_prefix(b"=")?;
    let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.');
    let label: Vec<u8> = rest.iter().copied().skip_while(|byte| !is_label(byte)).take_while(is_label).collect();
    Encoding::for_label(&label)
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 }
}

fn is_multibyte_utf8(bytes: &[u8]) -> bool {
    let multibyte = std::str::from_utf8(bytes).is_ok_and(|text| text.chars().filter(|c| !c.is_ascii()).count() >= 3);
    multibyte && bytes.windows(2).any(|pair| pair[0] >= 0xc3 && (0x80..0xc0).contains(&pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_then_meta_then_bytes() {
        let cyrillic = encoding_rs::WINDOWS_1251.encode("работа").0.into_owned();
        assert_eq!(decode(&cyrillic, Some("text/html; charset=windows-1251")).text, "работа");
        let mut page = b"<meta charset='windows-1251'>".to_vec();
        page.extend(&cyrillic);
        assert!(decode(&page, None).text.ends_with("работа"));
        assert_eq!(decode("работа".as_bytes(), None).charset, "UTF-8");
        assert_eq!(decode(b"caf\xe9", None).text, "café");
    }

    #[test]
    fn a_mislabelled_utf8_page_is_read_as_utf8() {
        assert_eq!(decode("Цена 100 руб".as_bytes(), Some("text/html; charset=iso-8859-1")).text, "Цена 100 руб");
    }
}
