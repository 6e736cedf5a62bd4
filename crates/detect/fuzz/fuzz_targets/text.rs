//! Any text: folding and the second reading, each of their ranges back in the original, words and languages.
#![no_main]

use lapwing_detect::text::{Folded, Text, Tokens, identify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|original: &str| {
    let text = Text::read(original);
    leads_back(&text.plain, original);
    if let Some(deobfuscated) = &text.deobfuscated {
        leads_back(deobfuscated, original);
    }
    for token in Tokens::of_original(&text.plain).as_slice() {
        assert!(original.get(token.start as usize..token.end as usize).is_some());
    }
    identify(original, None);
});

fn leads_back(folded: &Folded, original: &str) {
    let mut earlier = 0;
    for (index, c) in folded.text.char_indices() {
        let (start, end) = folded.original(index, index + c.len_utf8());
        assert!(original.get(start..end).is_some() && start >= earlier, "{index}");
        earlier = start;
    }
}
