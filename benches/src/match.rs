//! How fast 1,500 keywords and 150 expressions are found in adverts of 1 kB: ours, aho-corasick with regex, RegexSet.
//!
//! `match OUT [MEGABYTES]` writes the corpus and the patterns to the folder `OUT`, so that peers outside Rust run on
//! the same bytes, and prints one JSON object a line: matcher, what was asked, MB/s, found. `benches/run.sh` calls it.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use aho_corasick::AhoCorasick;
use lapwing_benches::clock::{median, megabytes_per_second};
use lapwing_benches::corpus::adverts;
use lapwing_benches::patterns::{Pattern, matcher, patterns};
use lapwing_detect::text::fold;
use regex::{Regex, RegexSet};

const SEED: u64 = 2026;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "target/peers".into());
    let megabytes: usize = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(4);
    let texts: Vec<String> = adverts(SEED, megabytes * 1_000_000).map(|advert| fold(&advert).text).collect();
    let patterns = patterns(SEED);
    write_for_peers(Path::new(&folder), &texts, &patterns)?;
    let bytes = texts.iter().map(String::len).sum();
    let tell = |name: &str, asked: &str, pairs: usize, time| {
        let speed = megabytes_per_second(bytes, time);
        println!("{}", serde_json::json!({"matcher": name, "asked": asked, "mb_per_s": speed, "found": pairs}));
    };
    own(&texts, &patterns, &tell)?;
    if std::env::var("OWN").is_ok() {
        return Ok(());
    }
    aho_corasick_and_regex(&texts[..texts.len() / 8], &patterns, bytes / 8, &tell)?;
    regex_set(&texts[..texts.len() / 8], &patterns, bytes / 8, &tell)?;
    Ok(())
}

type Tell<'a> = &'a dyn Fn(&str, &str, usize, std::time::Duration);

fn write_for_peers(folder: &Path, texts: &[String], patterns: &[Pattern]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("corpus.txt"), texts.join("\n") + "\n")?;
    let mut lines = String::new();
    for pattern in patterns {
        writeln!(lines, "{}", pattern.regex)?;
    }
    Ok(std::fs::write(folder.join("patterns.txt"), lines)?)
}

fn own(texts: &[String], patterns: &[Pattern], tell: Tell<'_>) -> anyhow::Result<()> {
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
    tell("lapwing", "presence", present, time);
    let mut places = 0;
    let time = median(|| {
        places = 0;
        for text in texts {
            matcher.for_each(text, &|_| true, &mut |place| places += usize::from(place.end > place.start));
        }
    });
    tell("lapwing", "offsets", places, time);
    Ok(())
}

/// The usual recipe: one automaton over a literal of each pattern, the regular expression of those that were seen.
fn aho_corasick_and_regex(texts: &[String], patterns: &[Pattern], bytes: usize, tell: Tell<'_>) -> anyhow::Result<()> {
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
    let _ = bytes;
    tell_part(tell, "aho-corasick + regex", present, time);
    Ok(())
}

fn regex_set(texts: &[String], patterns: &[Pattern], bytes: usize, tell: Tell<'_>) -> anyhow::Result<()> {
    let set = regex::RegexSetBuilder::new(patterns.iter().map(|pattern| &pattern.regex))
        .size_limit(1 << 28)
        .dfa_size_limit(1 << 28)
        .build()?;
    let mut present = 0;
    let time = median(|| present = texts.iter().map(|text| set.matches(text).iter().count()).sum());
    let _: (&RegexSet, usize) = (&set, bytes);
    tell_part(tell, "RegexSet", present, time);
    Ok(())
}

/// Slow matchers read an eighth of the corpus; their time is given for the whole.
fn tell_part(tell: Tell<'_>, name: &str, present: usize, time: std::time::Duration) {
    tell(name, "presence (an eighth of the corpus)", present, time * 8);
}
