//! Settings in layers: defaults, the workspace's file, the environment, flags. Each value knows where it came from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use lapwing_crawl::{HostOverride, HostPort, Policy};
use lapwing_types::{Digest, Private};
use serde::{Deserialize, Serialize};

use crate::error::{EngineError, Result};

/// All settings. The file `lapwing.toml` has the same tables and names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// How the web is visited.
    pub crawl: CrawlSettings,
    /// Which rules and model judge.
    pub detect: DetectSettings,
    /// How the queue works.
    pub queue: QueueSettings,
}

/// How the web is visited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CrawlSettings {
    /// A page or mail address where a site's owner reaches you; sent in the `User-Agent`.
    pub contact: String,
    /// The pause between two requests to one host, milliseconds.
    pub delay_ms: u64,
    /// A longer `Crawl-delay` of robots.txt counts as this, milliseconds.
    pub max_crawl_delay_ms: u64,
    /// How many hosts are visited at once.
    pub hosts_at_once: usize,
    /// How many pages a crawl may fetch; 0 sets no limit.
    pub max_pages: u64,
    /// How many links from a seed are followed.
    pub max_depth: u32,
    /// How long connecting may take, milliseconds.
    pub connect_timeout_ms: u64,
    /// How long a request may take, milliseconds.
    pub request_timeout_ms: u64,
    /// How much of a body is kept, bytes.
    pub max_body_bytes: usize,
    /// How often a page is tried again.
    pub retries: u32,
    /// Private or loopback addresses that may be visited, `HOST:PORT`.
    pub allow_private: Vec<String>,
    /// Another pause for single hosts, milliseconds, by host name.
    pub host_delay_ms: BTreeMap<String, u64>,
}

/// Which rules and model judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct DetectSettings {
    /// Folders of rule packs, loaded in order; empty for the pack in the program.
    pub rules: Vec<String>,
    /// The folder of a model; empty for the model in the program, `none` for no model.
    pub model: String,
}

/// How the queue works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QueueSettings {
    /// How long a claim lasts, seconds.
    pub lease_seconds: u32,
    /// The name under which this workspace's operator decides; not a personal name.
    pub operator: String,
}

impl Default for CrawlSettings {
    fn default() -> Self {
        Self {
            contact: String::new(),
            delay_ms: 2_000,
            max_crawl_delay_ms: 60_000,
            hosts_at_once: 16,
            max_pages: 1_000,
            max_depth: 8,
            connect_timeout_ms: 10_000,
            request_timeout_ms: 60_000,
            max_body_bytes: 8 * 1024 * 1024,
            retries: 3,
            allow_private: Vec::new(),
            host_delay_ms: BTreeMap::new(),
        }
    }
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self { lease_seconds: 600, operator: "operator".to_string() }
    }
}

/// From which layer a value came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// It is in the program.
    Default,
    /// It stands in a file.
    File(String),
    /// It stands in a variable of the environment.
    Environment(String),
    /// It was given on the command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {path}"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// One setting with its value and where it came from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// Such as `crawl.delay_ms`.
    pub key: String,
    /// Its value.
    pub value: serde_json::Value,
    /// Where it came from.
    pub origin: Origin,
}

/// Settings with the origin of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Layered {
    /// The settings.
    pub config: Config,
    origins: BTreeMap<String, Origin>,
}

/// The beginning of the variables that are read: `LAPWING_CRAWL__DELAY_MS=500`.
const PREFIX: &str = "LAPWING_";

impl Layered {
    /// Joins the layers: defaults, `file` where it exists, the variables, the flags (`key`, value as TOML writes it).
    ///
    /// # Errors
    /// Where a file is not TOML, a key is unknown or a value has the wrong type; the layer is named.
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
        flags: &[(String, String)],
    ) -> Result<Self> {
        let mut joined = toml::Table::try_from(Config::default()).map_err(|error| wrong("defaults", &error))?;
        let known: Vec<String> = leaves(&joined).into_iter().map(|(key, _)| key).collect();
        let mut origins = BTreeMap::new();
        if let Some(path) = file.filter(|path| path.exists()) {
            let place = path.display().to_string();
            let text = std::fs::read_to_string(path).map_err(|error| EngineError::file("read", path, error))?;
            let table: toml::Table = text.parse().map_err(|error: toml::de::Error| wrong(&place, &error))?;
            // Judged alone first, so that an unknown key or a wrong type is told with its line.
            toml::from_str::<Config>(&text).map_err(|error| wrong(&place, &error))?;
            for (key, value) in leaves(&table) {
                set(&mut joined, &key, value);
                origins.insert(key, Origin::File(place.clone()));
            }
        }
        let mut variables: Vec<(String, String)> = variables.into_iter().collect();
        variables.sort_unstable();
        for (name, value) in variables {
            let Some(key) = key_of_variable(&name) else { continue };
            Self::apply(&mut joined, &known, &key, &value, &format!("environment variable {name}"))?;
            origins.insert(key, Origin::Environment(name));
        }
        for (key, value) in flags {
            Self::apply(&mut joined, &known, key, value, &format!("flag for `{key}`"))?;
            origins.insert(key.clone(), Origin::Flag);
        }
        let config: Config = joined.try_into().map_err(|error| wrong("settings", &error))?;
        config.check()?;
        Ok(Self { config, origins })
    }

    fn apply(joined: &mut toml::Table, known: &[String], key: &str, value: &str, place: &str) -> Result<()> {
        let is_known = known.iter().any(|one| one == key) || key.starts_with("crawl.host_delay_ms.");
        if !is_known {
            let message = format!("`{key}` is not a setting; the settings are: {}", known.join(", "));
            return Err(EngineError::Settings { place: place.to_string(), message });
        }
        let mut candidate = joined.clone();
        set(&mut candidate, key, read_value(joined, key, value));
        if let Err(error) = Config::deserialize(candidate.clone()) {
            return Err(wrong(place, &error));
        }
        *joined = candidate;
        Ok(())
    }

    /// Every setting, its value and where it came from, in the order of the keys.
    pub fn settings(&self) -> Vec<Setting> {
        let table = toml::Table::try_from(&self.config).unwrap_or_default();
        let setting = |(key, value): (String, toml::Value)| Setting {
            value: serde_json::to_value(value).unwrap_or_default(),
            origin: self.origins.get(&key).cloned().unwrap_or(Origin::Default),
            key,
        };
        leaves(&table).into_iter().map(setting).collect()
    }
}

fn wrong(place: &str, error: &dyn fmt::Display) -> EngineError {
    EngineError::Settings { place: place.to_string(), message: error.to_string().trim().to_string() }
}

/// `LAPWING_CRAWL__DELAY_MS` is `crawl.delay_ms`; variables without `__` (such as `LAPWING_DATA`) are no settings.
fn key_of_variable(name: &str) -> Option<String> {
    let rest = name.strip_prefix(PREFIX)?;
    rest.contains("__").then(|| rest.to_lowercase().replace("__", "."))
}

/// A text is read as the type that the setting has: a text stays text, a list may be given with commas.
fn read_value(joined: &toml::Table, key: &str, written: &str) -> toml::Value {
    match get(joined, key) {
        Some(toml::Value::String(_)) => toml::Value::String(written.to_string()),
        Some(toml::Value::Array(_)) if !written.trim_start().starts_with('[') => {
            let parts = written.split(',').map(str::trim).filter(|part| !part.is_empty());
            toml::Value::Array(parts.map(|part| toml::Value::String(part.to_string())).collect())
        }
        _ => {
            let parsed: std::result::Result<toml::Table, _> = format!("value = {written}").parse();
            let value = parsed.ok().and_then(|mut table| table.remove("value"));
            value.unwrap_or_else(|| toml::Value::String(written.to_string()))
        }
    }
}

fn get<'a>(table: &'a toml::Table, key: &str) -> Option<&'a toml::Value> {
    let (first, rest) = key.split_once('.').unwrap_or((key, ""));
    match (table.get(first)?, rest) {
        (value, "") => Some(value),
        (toml::Value::Table(inner), rest) => get(inner, rest),
        _ => None,
    }
}

fn set(table: &mut toml::Table, key: &str, value: toml::Value) {
    match key.split_once('.') {
        None => {
            table.insert(key.to_string(), value);
        }
        Some((first, rest)) => {
            let inner = table.entry(first).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if let toml::Value::Table(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}

fn leaves(table: &toml::Table) -> Vec<(String, toml::Value)> {
    let mut found = Vec::new();
    for (name, value) in table {
        match value {
            toml::Value::Table(inner) if !inner.is_empty() => {
                found.extend(leaves(inner).into_iter().map(|(key, value)| (format!("{name}.{key}"), value)));
            }
            other => found.push((name.clone(), other.clone())),
        }
    }
    found
}

impl Config {
    fn check(&self) -> Result<()> {
        let refuse = |key: &str, message: &str| {
            Err(EngineError::Settings { place: format!("`{key}`"), message: message.to_string() })
        };
        if self.queue.operator.trim().is_empty() || self.queue.operator.chars().count() > 60 {
            return refuse("queue.operator", "must be a name of 1 to 60 characters");
        }
        if !(1..=86_400).contains(&self.queue.lease_seconds) {
            return refuse("queue.lease_seconds", "must be 1 to 86400");
        }
        self.policy(&[], None).map(|_| ())
    }

    /// The rules of a crawl, with addresses that are allowed and a pause that a site's profile asks for.
    ///
    /// # Errors
    /// Where an address is no `HOST:PORT`, or a number makes no sense.
    pub fn policy(&self, allowed: &[HostPort], profile_delay: Option<(&str, u64)>) -> Result<Policy> {
        let crawl = &self.crawl;
        let mut allow_private = allowed.to_vec();
        for written in &crawl.allow_private {
            let pair = written.parse::<HostPort>().map_err(|error| EngineError::Settings {
                place: "`crawl.allow_private`".to_string(),
                message: error.to_string(),
            })?;
            allow_private.push(pair);
        }
        let own = |delay_ms: &u64| HostOverride { delay: Some(Duration::from_millis(*delay_ms)) };
        let mut overrides: BTreeMap<String, HostOverride> =
            crawl.host_delay_ms.iter().map(|(host, delay)| (host.clone(), own(delay))).collect();
        if let Some((host, delay)) = profile_delay {
            overrides.entry(host.to_string()).or_insert_with(|| own(&delay));
        }
        let contact = Some(crawl.contact.clone()).filter(|contact| !contact.trim().is_empty());
        let policy = Policy {
            contact: contact.map(Private::new),
            default_delay: Duration::from_millis(crawl.delay_ms),
            max_crawl_delay: Duration::from_millis(crawl.max_crawl_delay_ms),
            hosts_at_once: crawl.hosts_at_once,
            connect_timeout: Duration::from_millis(crawl.connect_timeout_ms),
            request_timeout: Duration::from_millis(crawl.request_timeout_ms),
            max_body: crawl.max_body_bytes,
            retries: crawl.retries,
            allow_private,
            overrides,
            ..Policy::default()
        };
        policy
            .validate()
            .map_err(|error| EngineError::Settings { place: "settings".to_string(), message: error.to_string() })?;
        Ok(policy)
    }

    /// The digest that stands in each capture: of all settings, in a fixed order.
    pub fn digest(&self) -> Digest {
        Digest::of(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }

    /// The file `lapwing.toml` for a new workspace: every setting with its default, explained.
    pub fn template() -> &'static str {
        include_str!("lapwing.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, variables: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Layered> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lapwing.toml");
        std::fs::write(&path, file).unwrap();
        let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
        };
        Layered::load(Some(&path), own(variables), &own(flags))
    }

    #[test]
    fn the_template_is_the_defaults() {
        let layered = load(Config::template(), &[], &[]).unwrap();
        assert_eq!(layered.config, Config::default());
        let table: toml::Table = Config::template().parse().unwrap();
        let shown: Vec<String> = leaves(&table).into_iter().map(|(key, _)| key).collect();
        let all: Vec<String> =
            leaves(&toml::Table::try_from(Config::default()).unwrap()).into_iter().map(|(key, _)| key).collect();
        for key in all.iter().filter(|key| !key.ends_with("host_delay_ms")) {
            assert!(shown.contains(key), "{key} is not in the template");
        }
    }

    #[test]
    fn later_layers_win_and_are_remembered() {
        let layered = load(
            "[crawl]\ndelay_ms = 3000\nmax_pages = 7\n",
            &[("LAPWING_CRAWL__DELAY_MS", "4000"), ("LAPWING_DATA", "x"), ("PATH", "y")],
            &[("crawl.max_pages", "9")],
        )
        .unwrap();
        assert_eq!((layered.config.crawl.delay_ms, layered.config.crawl.max_pages), (4000, 9));
        let origin = |key: &str| layered.settings().into_iter().find(|setting| setting.key == key).unwrap().origin;
        assert_eq!(origin("crawl.delay_ms"), Origin::Environment("LAPWING_CRAWL__DELAY_MS".into()));
        assert_eq!(origin("crawl.max_pages"), Origin::Flag);
        assert_eq!(origin("crawl.max_depth"), Origin::Default);
    }

    #[test]
    fn mistakes_name_their_layer() {
        let message = |result: Result<Layered>| result.unwrap_err().to_string();
        assert!(message(load("[crawl]\ndelay = 1\n", &[], &[])).contains("unknown field `delay`"));
        let wrong = message(load("", &[("LAPWING_CRAWL__DELAY_MS", "soon")], &[]));
        assert!(wrong.starts_with("environment variable LAPWING_CRAWL__DELAY_MS"), "{wrong}");
        assert!(message(load("", &[("LAPWING_CRAWL__DELLAY", "1")], &[])).contains("is not a setting"));
        assert!(message(load("[crawl]\nhosts_at_once = 0\n", &[], &[])).contains("crawl.hosts_at_once"));
        assert!(message(load("", &[], &[("crawl.allow_private", "nowhere")])).contains("crawl.allow_private"));
    }
}
