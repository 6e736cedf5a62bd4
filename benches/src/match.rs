//! How fast 1,500 keywords and 150 expressions are found in adverts of 1 kB: ours, aho-corasick with regex, RegexSet.
//!
//! `match OUT [MEGABYTES]` writes the corpus and the patterns to the folder `OUT`, so that peers outside Rust run on
//! the same bytes, and prints one JSON object a line: matcher, what was asked, MB/s, found. `benches/run.sh` calls it.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use aho_corasick::AhoCorasick;
use lapwing_benches::clock::{median, megabytes_per_second};
use lapwing_benches::corpus::adverts;
use lapwing_benches::patterns::{Pattern, matcher, patterns};
use lapwing_detect::text::fold;
use regex::{Regex, RegexSetBuilder};

const SEED: u64 = 2026;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "target/peers".into());
    let megabytes: usize = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(4);
    let texts: Vec<String> = adverts(SEED, megabytes * 1_000_000).map(|advert| fold(&advert).text).collect();
    let patterns = patterns(SEED);
    write_for_peers(Path::new(&folder), &texts, &patterns)?;
    own(&texts, &patterns)?;
    // Slow matchers read a part of the corpus; their speed is that of the part.
    aho_corasick_and_regex(&texts[..texts.len() / 8], &patterns)?;
    regex_set(&texts[..texts.len() / 64], &patterns)?;
    Ok(())
}

fn tell(name: &str, asked: &str, texts: &[String], found: usize, time: Duration) {
    let speed = megabytes_per_second(texts.iter().map(String::len).sum(), time);
    println!("{}", serde_json::json!({"matcher": name, "asked": asked, "mb_per_s": speed, "found": found}));
}

fn write_for_peers(folder: &Path, texts: &[String], patterns: &[Pattern]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("corpus.txt"), texts.join("\n") + "\n")?;
    let mut lines = String::new();
    for pattern in patterns {
        writeln!(lines, "{}", pattern.regex)?;
    }
    Ok(std::fs::write(folder.join("patterns.txt"), lines)?)
}

fn own(texts: &[String], patterns: &[Pattern]) -> anyhow::Result<()> {
    let matcher = matcher(patterns).map_err(anyhow::Error::msg)?;
    let mut present = 0;
    let time = median(|| {
        present = 0;
        let mut last_seen = vec![usize::MAX; patterns.len()];
        for (number, text) in texts.iter().enumerate() {
            matcher.for_each(text, &|_| true, &mut |place| {
                let seen = &mut last_seen[place.pattern.0 as usize];
                present += usize::from(*seen != number);
                *seen = number;
            });
        }
    });
    tell("lapwing", "presence", texts, present, time);
    let mut places = 0;
    let time = median(|| {
        places = 0;
        for text in texts {
            matcher.for_each(text, &|_| true, &mut |place| places += usize::from(place.end > place.start));
        }
    });
    tell("lapwing", "offsets", texts, places, time);
    Ok(())
}

/// The usual recipe: one automaton over a literal of each pattern, the regular expression of those that were seen.
fn aho_corasick_and_regex(texts: &[String], patterns: &[Pattern]) -> anyhow::Result<()> {
    let mut literals: HashMap<String, Vec<usize>> = HashMap::new();
    let mut always = Vec::new();
    for (number, pattern) in patterns.iter().enumerate() {
        match &pattern.term {
            Some(term) => {
                let longest = term.trim_end_matches('*').split(' ').max_by_key(|word| word.len()).unwrap_or_default();
                literals.entry(longest.to_string()).or_default().push(number);
            }
            None => always.push(number),
        }
    }
    let (words, owners): (Vec<String>, Vec<Vec<usize>>) = literals.into_iter().unzip();
    let automaton = AhoCorasick::new(&words)?;
    let regexes: Vec<Regex> = patterns.iter().map(|pattern| Regex::new(&pattern.regex)).collect::<Result<_, _>>()?;
    let mut present = 0;
    let time = median(|| {
        present = 0;
        let mut asked = vec![usize::MAX; patterns.len()];
        for (number, text) in texts.iter().enumerate() {
            for place in automaton.find_overlapping_iter(text) {
                for owner in &owners[place.pattern().as_usize()] {
                    if asked[*owner] != number {
                        asked[*owner] = number;
                        present += usize::from(regexes[*owner].is_match(text));
                    }
                }
            }
            present += always.iter().filter(|owner| regexes[**owner].is_match(text)).count();
        }
    });
    tell("aho-corasick + regex", "presence (an eighth of the corpus)", texts, present, time);
    Ok(())
}

fn regex_set(texts: &[String], patterns: &[Pattern]) -> anyhow::Result<()> {
    let set = RegexSetBuilder::new(patterns.iter().map(|pattern| &pattern.regex))
        .size_limit(1 << 28)
        .dfa_size_limit(1 << 28)
        .build()?;
    let mut present = 0;
    let time = median(|| present = texts.iter().map(|text| set.matches(text).iter().count()).sum());
    tell("RegexSet", "presence (a 64th of the corpus)", texts, present, time);
    Ok(())
}
