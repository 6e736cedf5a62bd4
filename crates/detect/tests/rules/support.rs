//! A small pack whose parts a test may replace.

use lapwing_detect::{Detector, Diagnostic, Pack, PackFile};
use lapwing_types::{Kind, Listing};

pub(crate) const PACK: &str = "format: 1\nname: small\nversion: 1.0.0\nlicence: CC0-1.0\n\
    bands: {low: 10, review: 30, high: 55, urgent: 85}\nfamilies: {LB: {cap: 70}}\n";

pub(crate) const INDICATORS: &str = "format: 1\nindicators:\n  \
    LB04: {family: LB, role: core, evidence: listed, observe: [text], sentence: Asks for a fee}\n  \
    LB05: {family: LB, role: context, evidence: contradicted, sentence: Looks alike}\n  \
    CH01: {family: CH, role: strong, evidence: listed, observe: [text], sentence: Names an age}\n";

pub(crate) const ENGLISH: &str = "format: 1\nlanguage: en\nconcepts:\n  \
    job-offer:\n    example: Packers wanted now\n    terms: [wanted, hiring]\n  \
    recruitment-fee:\n    example: A registration fee\n    terms: [registration fee, deposit*]\n";

/// A rule without a finding; tests replace lines of it.
pub(crate) const RULE: &str = "format: 1
id: labour.fee
title: A fee is asked
version: 1
status: active
indicators: [LB04]
evidence: listed
about: {what: A fee is asked., why: Workers bear no cost., explain: 'Asks for a fee: {quote}'}
references: [{title: A work on fair recruitment, supports: workers are not charged}]
patterns:
  job: {concept: job-offer}
  fee: {concept: recruitment-fee}
condition: job and near(fee, job, 12)
score: {points: 20, family: LB, strength: core}
examples:
  match:
    - {text: 'Packers wanted, registration fee of 20 euros.', score: 20}
    - {text: 'Cleaners wanted against a deposit.'}
    - {text: 'Hiring cooks, a registration fee is due.'}
  no_match:
    - {text: 'Packers wanted, no money asked.', hard: true}
    - {text: 'A deposit for the flat.'}
    - {text: 'Cooks at work.'}
";

pub(crate) fn file(path: &str, text: &str) -> PackFile {
    PackFile { path: path.to_string(), bytes: text.as_bytes().to_vec() }
}

/// The small pack; files given here replace those of the same path.
pub(crate) fn files(given: &[(&str, &str)]) -> Vec<PackFile> {
    let own = [
        ("pack.yaml", PACK),
        ("indicators.yaml", INDICATORS),
        ("lexicons/en.yaml", ENGLISH),
        ("labour/labour.fee.yaml", RULE),
    ];
    let kept = own.iter().filter(|(path, _)| given.iter().all(|(other, _)| other != path));
    kept.chain(given).map(|(path, text)| file(path, text)).collect()
}

pub(crate) fn load(given: &[(&str, &str)]) -> Result<(Pack, Vec<Diagnostic>), Vec<Diagnostic>> {
    Pack::load(&[files(given)])
}

pub(crate) fn detector(given: &[(&str, &str)]) -> Detector {
    let (pack, _) = load(given).unwrap_or_else(|found| panic!("{}", found[0]));
    Detector::new(pack, None)
}

pub(crate) fn advert(body: &str) -> Listing {
    Listing { body: body.to_string(), kind: Kind::JobAd, source: "board.example".to_string(), ..Listing::default() }
}
