//! Polite acquisition: targets in, answers out.
//!
//! The crawl decides *whether and when* a request may be made (guard against private networks, robots.txt, the host's
//! pace, rests after failures) and makes it. What to visit, what to keep and what to follow is the [`Frontier`]'s: it
//! gives targets and takes answers. Adverts are not parsed here, and nothing is followed silently.
//!
//! | file | is |
//! |---|---|
//! | `policy` | what the operator sets |
//! | `target`, `frontier` | what the frontier gives and takes |
//! | `guard`, `resolve` | which addresses may be visited |
//! | `robots`, `access` | what a site allows |
//! | `host`, `hosts`, `backoff` | when a host may be asked |
//! | `fetch`, `fault` | one request |
//! | `visit`, `schedule` | one target, all targets |
//! | `summary` | the counts |
//!
//! ```
//! use lapwing_crawl::Robots;
//!
//! let rules = Robots::parse(b"user-agent: *\ndisallow: /private\n").for_agent("lapwing");
//! let decision = rules.decide_path("/private/page");
//! assert!(!decision.allowed);
//! assert_eq!(decision.rule, "line 2: Disallow: /private");
//! ```

mod access;
mod backoff;
mod error;
mod fault;
mod fetch;
mod frontier;
mod guard;
mod host;
mod hosts;
mod policy;
mod resolve;
mod robots;
mod schedule;
mod summary;
mod target;
mod visit;

pub use error::CrawlError;
pub use fetch::{Answer, Fetch, FetchError, HttpFetch};
pub use frontier::{Delay, Frontier, FrontierError, Pending, Postponement, Purpose, Refusal};
pub use guard::{Admission, Guard, GuardError, HostPort, HostPortParseError, is_blocked, is_loopback, judge_addresses};
pub use policy::{HostOverride, Policy, PolicyError};
pub use robots::{MAX_ROBOTS_BYTES, Robots, Rules};
pub use schedule::{crawl, crawl_with};
pub use summary::{Ended, Progress, Summary, Tally};
pub use target::{HostKey, HostKeyParseError, Target, redirect_location};
