//! What site owners write, and what it means. Each test is one rule of RFC 9309 or one habit of Google's parser.

use proptest::prelude::*;

use super::*;

fn allowed(robots: &str, agent: &str, path: &str) -> bool {
    Robots::parse(robots.as_bytes()).for_agent(agent).decide_path(path).allowed
}

#[track_caller]
fn check(robots: &str, open: &[&str], closed: &[&str]) {
    for path in open {
        assert!(allowed(robots, "lapwing", path), "`{path}` should be open");
    }
    for path in closed {
        assert!(!allowed(robots, "lapwing", path), "`{path}` should be closed");
    }
}

#[test]
fn an_empty_file_allows_everything() {
    check("", &["/", "/a?b"], &[]);
    check("user-agent: lapwing\ndisallow:\n", &["/", "/a"], &[]);
}

#[test]
fn rules_before_any_agent_belong_to_nobody() {
    check("disallow: /\nuser-agent: lapwing\ndisallow: /x\n", &["/y"], &["/x"]);
}

#[test]
fn a_named_group_beats_the_group_for_everyone() {
    let robots = "user-agent: *\ndisallow: /\n\nuser-agent: lapwing\ndisallow: /x\n";
    check(robots, &["/y"], &["/x"]);
    assert!(!allowed(robots, "other", "/y"));
}

#[test]
fn a_named_group_without_rules_opens_the_site() {
    check("user-agent: *\ndisallow: /\nuser-agent: lapwing\ndisallow:\n", &["/y"], &[]);
}

#[test]
fn groups_of_the_same_agent_are_merged() {
    let robots = "user-agent: lapwing\ndisallow: /x\nuser-agent: b\ndisallow: /\nuser-agent: LAPWING\ndisallow: /z\n";
    check(robots, &["/y"], &["/x", "/z"]);
}

#[test]
fn consecutive_agents_share_a_group_even_around_unknown_lines() {
    check("user-agent: a\nsitemap: /s\nnonsense: 1\nuser-agent: *\ndisallow: /\n", &[], &["/"]);
    assert!(!allowed("user-agent: a\ncrawl-delay: 2\nuser-agent: lapwing\ndisallow: /\n", "a", "/"));
}

#[test]
fn an_agent_is_compared_by_its_product_token_without_case() {
    check("user-agent: LapWing/2.0 (beta)\ndisallow: /\n", &[], &["/"]);
    check("user-agent: lapwingplus\ndisallow: /\n", &["/"], &[]);
    check("user-agent: * and more\ndisallow: /\n", &[], &["/"]);
    check("user-agent: *bot\ndisallow: /\n", &["/"], &[]);
}

#[test]
fn the_longest_pattern_decides_and_allow_wins_a_tie() {
    check("user-agent: *\nallow: /p\ndisallow: /\n", &["/page"], &["/q"]);
    check("user-agent: *\ndisallow: /folder\nallow: /folder\n", &["/folder/page"], &[]);
    check("user-agent: *\nallow: /page\ndisallow: /*.htm\n", &["/page.txt"], &["/page.htm"]);
    check("user-agent: *\nallow: /x/page.\ndisallow: /x/page.html\n", &["/x/page.txt"], &["/x/page.html"]);
}

#[test]
fn paths_are_compared_with_case_from_their_start() {
    check("user-agent: *\ndisallow: /fish\n", &["/Fish", "/catfish", "/?id=fish"], &["/fish", "/fish.html", "/fishes"]);
    check("user-agent: *\ndisallow: /fish*\n", &["/Fish"], &["/fish", "/fish/salmon"]);
    check("user-agent: *\ndisallow: /fish/\n", &["/fish", "/fish.html"], &["/fish/", "/fish/?a=1"]);
}

#[test]
fn stars_and_a_final_dollar_are_special() {
    check("user-agent: *\ndisallow: /*.php\n", &["/", "/windows.PHP"], &["/a.php", "/f/a.php?x", "/?f=a.php/"]);
    check("user-agent: *\ndisallow: /*.php$\n", &["/a.php?x", "/a.php5"], &["/a.php", "/a.php.php"]);
    check("user-agent: *\ndisallow: /a*b*c$\n", &["/abc/", "/acb"], &["/abc", "/axbxc", "/abcbc"]);
    check("user-agent: *\nallow: /$\ndisallow: /\n", &["/"], &["/page"]);
    check("user-agent: *\ndisallow: /a$b\n", &["/a"], &["/a$b"]);
}

#[test]
fn an_allowed_index_page_allows_its_folder() {
    let robots = "user-agent: *\nallow: /open/index.html\ndisallow: /\n";
    check(robots, &["/open/", "/open/index.html"], &["/open/index.htm", "/open/other", "/"]);
}

#[test]
fn lines_end_in_any_of_three_ways_and_comments_are_dropped() {
    check("user-agent: *\r\ndisallow: /x # why\r\n#disallow: /y\r\n", &["/y"], &["/x"]);
    check("user-agent: *\rdisallow: /x\r", &["/y"], &["/x"]);
    let decision = Robots::parse(b"user-agent: *\r\n\r\ndisallow: /x\r\n").for_agent("a").decide_path("/x");
    assert_eq!(decision.rule, "line 3: Disallow: /x");
}

#[test]
fn typing_errors_are_understood() {
    check("User Agent: *\nDissalow: /x\n", &["/y"], &["/x"]);
    check("user-agent *\ndisallow /x\n", &["/y"], &["/x"]);
    check("user-agent: *\ndisallow /x /y\n", &["/x"], &[]);
    check("user-agent : *\n  DISALLOW\t:/x\n", &["/y"], &["/x"]);
}

#[test]
fn a_byte_order_mark_is_dropped() {
    check("\u{feff}user-agent: *\ndisallow: /x\n", &["/y"], &["/x"]);
    let partial = [&[0xEF, 0xBB][..], b"user-agent: *\ndisallow: /x\n"].concat();
    assert!(!Robots::parse(&partial).for_agent("a").decide_path("/x").allowed);
}

#[test]
fn characters_outside_ascii_are_compared_encoded() {
    check("user-agent: *\ndisallow: /bar/ツ\n", &["/bar/"], &["/bar/%E3%83%84"]);
    check("user-agent: *\ndisallow: /bar/%e3%83%84\n", &["/bar/"], &["/bar/%E3%83%84"]);
    check("user-agent: *\ndisallow: /bar/%62%61%7A\n", &["/bar/baz"], &["/bar/%62%61%7A"]);
    let rules = Robots::parse("user-agent: *\ndisallow: /ツ?ä\n".as_bytes()).for_agent("a");
    assert!(!rules.decide(&Url::parse("https://a.example/%e3%83%84?%c3%a4#x").unwrap()).allowed);
    assert!(!rules.decide(&Url::parse("https://a.example/ツ?ä").unwrap()).allowed);
}

#[test]
fn what_lies_behind_the_cap_is_ignored_and_half_a_line_never_decides() {
    let mut robots = b"user-agent: *\nallow: /y\n".to_vec();
    while robots.len() < MAX_ROBOTS_BYTES - 12 {
        robots.extend_from_slice(b"#\n");
    }
    robots.extend_from_slice(b"disallow: /very/long/path\ndisallow: /z\n");
    let rules = Robots::parse(&robots).for_agent("a");
    assert!(rules.decide_path("/very").allowed && rules.decide_path("/z").allowed);
}

#[test]
fn a_very_long_line_is_cut() {
    let long = format!("/x/{}", "a".repeat(2083 * 8 - 14));
    let robots = format!("user-agent: *\ndisallow: {long}/qux\n");
    check(&robots, &["/fux"], &[&format!("{long}/fux")]);
}

#[test]
fn the_crawl_delay_is_read() {
    let delay = |text: &str| Robots::parse(text.as_bytes()).for_agent("lapwing").crawl_delay();
    assert_eq!(delay("user-agent: *\ncrawl-delay: 1.5\n"), Some(Duration::from_millis(1500)));
    assert_eq!(delay("user-agent: *\ncrawl-delay: 1\ndisallow: /x\nuser-agent: lapwing\ndisallow:\n"), None);
    assert_eq!(delay("user-agent: *\ncrawl-delay: 1\nuser-agent: lapwing\ndisallow:\n").unwrap().as_secs(), 1);
    assert_eq!(
        delay("user-agent: *\ncrawl-delay: 1\ndisallow: /\nuser-agent: *\ncrawl-delay: 3\n").unwrap().as_secs(),
        3
    );
    assert_eq!(delay("user-agent: *\ncrawl-delay: 1e300\n"), Some(MAX_CRAWL_DELAY));
    assert_eq!(delay("user-agent: *\ncrawl-delay: inf\n"), Some(MAX_CRAWL_DELAY));
    for nonsense in ["-1", "nan", "soon", ""] {
        assert_eq!(delay(&format!("user-agent: *\ncrawl-delay: {nonsense}\n")), None);
    }
}

#[test]
fn a_decision_names_its_line() {
    let rules = Robots::parse(b"user-agent: *\ndisallow: /x\nallow: /x/y\n").for_agent("a");
    assert_eq!(rules.decide_path("/x").rule, "line 2: Disallow: /x");
    assert_eq!(rules.decide_path("/x/y").rule, "line 3: Allow: /x/y");
    assert_eq!(rules.decide_path("/").rule, "no rule matches");
}

/// Matching by the set of all positions: slow, and plainly right.
fn matches_by_positions(path: &str, pattern: &str) -> bool {
    let path = path.as_bytes();
    let mut positions = vec![0];
    for (index, byte) in pattern.bytes().enumerate() {
        positions = match byte {
            b'$' if index + 1 == pattern.len() => return positions.contains(&path.len()),
            b'*' => (positions.first().map_or(0, |first| *first)..=path.len()).collect(),
            _ => positions.into_iter().filter(|at| path.get(*at) == Some(&byte)).map(|at| at + 1).collect(),
        };
        if positions.is_empty() {
            return false;
        }
    }
    true
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..400), path in "\\PC{0,40}") {
        let rules = Robots::parse(&body).for_agent("lapwing");
        let _ = rules.decide_path(&path);
    }

    #[test]
    fn no_likely_file_makes_it_panic(lines in proptest::collection::vec("(user-agent|disallow|allow|crawl-delay)?[: ]?[*$/a%\\x00é]{0,8}", 0..12)) {
        let rules = Robots::parse(lines.join("\r").as_bytes()).for_agent("a");
        prop_assert!(rules.decide_path("/a").allowed || rules.decide_path("/a").rule.contains("Disallow"));
    }

    #[test]
    fn matching_agrees_with_the_slow_way(path in "/[ab/]{0,8}", pattern in "/?[ab/*$]{0,8}") {
        prop_assert_eq!(matches(&path, &pattern), matches_by_positions(&path, &pattern), "{} {}", path, pattern);
    }
}
