//! A report as one HTML file that needs nothing else: no script, no remote asset, prints well.

mod chart;

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use lapwing_store::{ItemFilter, Stats};
use lapwing_types::{Assessment, Band, Family};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::error::{EngineError, Result};
use crate::queue::{masked_text, stats};
use crate::workspace::{Workspace, tool_name};
use chart::{Bar, bars};

/// What a report shows.
#[derive(Debug)]
pub struct ReportData {
    /// The headline.
    pub title: String,
    /// Facts in order: name and value.
    pub facts: Vec<(String, String)>,
    /// The store in numbers.
    pub stats: Stats,
    /// When they were counted.
    pub at: Timestamp,
    rows: Vec<Row>,
}

struct Row {
    band: Band,
    points: i32,
    lane: String,
    title: String,
    source: String,
    lang: String,
    assessment: Option<Assessment>,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Row({}, {})", self.band, self.points)
    }
}

/// So many items stand in the table.
const MOST_ROWS: u32 = 200;

impl ReportData {
    /// Reads what the report needs from a workspace.
    ///
    /// # Errors
    /// Where the store refuses.
    pub async fn read(workspace: &Workspace, title: &str, facts: Vec<(String, String)>) -> Result<Self> {
        let (stats, at) = stats(workspace).await?;
        let filter = ItemFilter { limit: MOST_ROWS, ..ItemFilter::default() };
        let page = workspace.store().items(&filter, at).await?;
        let mut rows = Vec::new();
        for item in page.items {
            let newest = workspace.store().latest_assessment(item.listing).await?;
            rows.push(Row {
                band: item.state.band,
                points: item.state.points,
                lane: item.state.lane.to_string().replace('_', " "),
                title: masked_text(lapwing_types::Field::Title, &item.title),
                source: item.source,
                lang: item
                    .lang
                    .or_else(|| newest.as_ref().and_then(|record| record.assessment.lang.clone()))
                    .unwrap_or_default(),
                assessment: newest.map(|record| record.assessment),
            });
        }
        Ok(Self { title: title.to_string(), facts, stats, at, rows })
    }
}

/// Writes a report to a file.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_report(data: &ReportData, path: &Path) -> Result<()> {
    fs::write(path, page(data).into_string()).map_err(|error| EngineError::file("write", path, error))
}

fn page(data: &ReportData) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (data.title) }
                style { (PreEscaped(include_str!("report.css"))) }
            }
            body {
                header {
                    h1 { (data.title) }
                    p.lead { "Listings that deserve a human look, and why. A band orders work; only a person decides." }
                }
                dl.facts { @for (name, value) in &data.facts { div { dt { (name) } dd { (value) } } } }
                div.charts {
                    figure { figcaption { "Listings by band" } (by_band(&data.stats)) }
                    figure { figcaption { "Flagged listings by family" } (by_family(&data.stats)) }
                }
                h2 { "Review queue" }
                (table(&data.rows))
                footer {
                    p { "Contacts are masked. Points come from rules with an evidence grade each; a hit is a reason to look, never a finding." }
                    p { "Made by " (tool_name()) " at " (data.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()) "." }
                }
            }
        }
    }
}

fn by_band(stats: &Stats) -> Markup {
    let bar = |band: Band| Bar {
        label: band.to_string(),
        value: stats.by_band.get(&band).copied().unwrap_or_default(),
        class: format!("band-{band}"),
    };
    bars("Number of listings in each band", &Band::ALL.map(bar))
}

fn by_family(stats: &Stats) -> Markup {
    let mut found: Vec<Bar> = Family::ALL
        .into_iter()
        .filter(|family| *family != Family::Pr)
        .filter_map(|family| stats.flagged_by_family.get(&family).map(|count| (family, *count)))
        .map(|(family, value)| Bar {
            label: format!("{family} {}", family.title()),
            value,
            class: format!("family-{}", family.as_str().to_lowercase()),
        })
        .collect();
    found.sort_by_key(|bar| std::cmp::Reverse(bar.value));
    bars("Number of flagged listings in which each family scored", &found)
}

fn table(rows: &[Row]) -> Markup {
    html! {
        @if rows.is_empty() {
            p.empty { "Nothing is flagged. Either nothing was found, or nothing was read yet." }
        } @else {
            table {
                thead { tr { th { "Band" } th.number { "Points" } th { "Lane" } th { "Listing" } th { "Why a person should look" } } }
                tbody {
                    @for row in rows {
                        tr {
                            td { span class={ "tag band-" (row.band) } { (row.band) } }
                            td.number { (row.points) }
                            td { (row.lane) }
                            td.listing { bdi { (row.title) } div.source { (row.source) @if !row.lang.is_empty() { " · " (row.lang) } } }
                            td { (reasons(row.assessment.as_ref())) }
                        }
                    }
                }
            }
        }
    }
}

fn reasons(assessment: Option<&Assessment>) -> Markup {
    html! {
        @if let Some(assessment) = assessment {
            ul {
                @for hit in assessment.hits.iter().take(6) {
                    li { bdi { (hit.explain) } " " span.rule { (hit.indicators.join(", ")) " · " (points(hit.points)) } }
                }
                @if assessment.hits.len() > 6 { li { (assessment.hits.len() - 6) " more" } }
            }
        }
    }
}

fn points(points: i32) -> String {
    if points > 0 { format!("+{points}") } else { points.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_inert() {
        let row = Row {
            band: Band::High,
            points: 60,
            lane: "labour".into(),
            title: "<script>alert(1)</script>".into(),
            source: "\"><img src=x>".into(),
            lang: "en".into(),
            assessment: None,
        };
        let data = ReportData {
            title: "T".into(),
            facts: vec![("<b>".into(), "&".into())],
            stats: Stats::default(),
            at: Timestamp::UNIX_EPOCH,
            rows: vec![row],
        };
        let html = page(&data).into_string();
        assert!(!html.contains("<script>alert") && !html.contains("<img"));
        assert!(html.contains("&lt;script&gt;"));
        assert!(!html.contains("http://") && !html.contains("https://"), "nothing remote");
    }
}
