//! What a reader of the page sees: text of shown elements, with line ends where blocks end.

use scraper::{ElementRef, Node};

/// The text of an element, and whether it hid other text from the eye.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Visible {
    pub(super) text: String,
    pub(super) hid_text: bool,
}

/// Reads an element from top to bottom, without recursion.
pub(super) fn read(element: ElementRef<'_>) -> Visible {
    let mut seen = Visible::default();
    let mut hidden_at: Option<ego_tree_id::Id> = None;
    for edge in element.traverse() {
        match edge {
            ego_tree_id::Edge::Open(node) => match node.value() {
                Node::Element(tag) => {
                    if hidden_at.is_none() && (is_never_text(tag.name()) || is_hidden(tag)) {
                        seen.hid_text |= !is_never_text(tag.name()) && holds_words(node);
                        hidden_at = Some(node.id());
                    } else if hidden_at.is_none() && (tag.name() == "br" || is_block(tag.name())) {
                        end_line(&mut seen.text);
                    }
                }
                Node::Text(text) if hidden_at.is_none() => push_words(&mut seen.text, text),
                _ => {}
            },
            ego_tree_id::Edge::Close(node) => {
                if hidden_at == Some(node.id()) {
                    hidden_at = None;
                } else if hidden_at.is_none() && node.value().as_element().is_some_and(|tag| is_block(tag.name())) {
                    end_line(&mut seen.text);
                }
            }
        }
    }
    seen.text = seen.text.trim().to_string();
    seen
}

/// The text of an element on one line.
pub(super) fn line(element: ElementRef<'_>) -> String {
    read(element).text.split_whitespace().collect::<Vec<_>>().join(" ")
}

mod ego_tree_id {
    pub(super) use ego_tree::NodeId as Id;
    pub(super) use ego_tree::iter::Edge;
}

fn is_never_text(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "template" | "noscript" | "head" | "svg" | "iframe" | "object" | "select" | "textarea"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "li"
            | "ul"
            | "ol"
            | "tr"
            | "table"
            | "section"
            | "article"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "footer"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "pre"
            | "main"
            | "aside"
            | "nav"
            | "form"
            | "address"
            | "figure"
            | "hr"
            | "td"
            | "th"
            | "center"
    )
}

/// Whether an element is not shown: by attribute or by its own style.
fn is_hidden(tag: &scraper::node::Element) -> bool {
    if tag.attr("hidden").is_some() || tag.attr("aria-hidden") == Some("true") && tag.name() != "i" {
        return true;
    }
    let Some(style) = tag.attr("style") else { return false };
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let declarations: Vec<&str> = style.split(';').collect();
    declarations.iter().any(|declaration| {
        matches!(
            *declaration,
            "display:none"
                | "visibility:hidden"
                | "opacity:0"
                | "font-size:0"
                | "font-size:0px"
                | "height:0"
                | "width:0"
                | "display:none!important"
                | "text-indent:-9999px"
                | "left:-9999px"
                | "top:-9999px"
        )
    })
}

fn holds_words(node: ego_tree::NodeRef<'_, Node>) -> bool {
    node.descendants().filter_map(|inner| inner.value().as_text()).any(|text| text.split_whitespace().count() >= 2)
}

fn push_words(out: &mut String, text: &str) {
    if text.starts_with(char::is_whitespace) && !out.is_empty() && !out.ends_with(char::is_whitespace) {
        out.push(' ');
    }
    let mut first = true;
    for word in text.split_whitespace() {
        if !first {
            out.push(' ');
        }
        out.push_str(word);
        first = false;
    }
    if !first && text.ends_with(char::is_whitespace) {
        out.push(' ');
    }
}

fn end_line(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn check(html: &str, text: &str, hid_text: bool) {
        let document = Html::parse_document(html);
        let seen = read(document.root_element());
        assert_eq!((seen.text.as_str(), seen.hid_text), (text, hid_text));
    }

    #[test]
    fn blocks_and_breaks_end_lines() {
        check("<p>One <b>two</b></p><div>three<br>four</div>", "One two\nthree\nfour", false);
    }

    #[test]
    fn scripts_are_no_text_and_hidden_words_are_told() {
        check("<p>Shown</p><script>var a = 'not shown';</script>", "Shown", false);
        check("<p>Shown</p><p style='display: none'>secret fee words</p>", "Shown", true);
        check("<p>Shown</p><p hidden>secret fee words</p>", "Shown", true);
        check("<p>Shown</p><template><p>a b</p></template><!-- a b -->", "Shown", false);
    }
}
