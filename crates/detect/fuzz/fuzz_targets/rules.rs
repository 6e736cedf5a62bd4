//! Any bytes as a rule, a lexicon and a pack's head: they load or say why not.
#![no_main]

use lapwing_detect::{Pack, PackFile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (head, rest) = bytes.split_at(bytes.len().min(usize::from(bytes.first().copied().unwrap_or_default())));
    let file = |path: &str, bytes: &[u8]| PackFile { path: path.into(), bytes: bytes.to_vec() };
    let alone = file("labour/labour.test.yaml", bytes);
    let lexicon = file("lexicons/en.yaml", rest);
    drop(Pack::load(&[vec![file("pack.yaml", PACK), alone, lexicon]]));
    drop(Pack::load(&[vec![file("pack.yaml", head), file("indicators.yaml", rest)]]));
});

const PACK: &[u8] = b"{format: 1, name: p, version: '1', licence: CC0-1.0, \
bands: {low: 10, review: 30, high: 55, urgent: 85}, families: {LB: {cap: 70}}}";
