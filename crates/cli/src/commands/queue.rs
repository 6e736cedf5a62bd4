//! `lapwing queue`: the review queue at the terminal.

use std::process::ExitCode;

use anyhow::Context as _;
use lapwing_engine::{
    ItemFilter, ItemStatus, ItemSummary, MaskedItem, Workspace, claim, decide, item, items, release, stats,
};
use lapwing_types::{Band, ItemId, Lane, Outcome};
use serde_json::json;

use super::{Context, print, print_json, print_json_line};
use crate::arguments::QueueCommand;
use crate::terminal;

pub(crate) async fn run(context: &Context, command: &QueueCommand) -> anyhow::Result<ExitCode> {
    let workspace = context.workspace().await?;
    match command {
        QueueCommand::List { lane, status, limit, cursor, json } => {
            let filter = ItemFilter {
                lanes: lane.iter().map(|name| Ok(name.parse::<Lane>()?)).collect::<anyhow::Result<_>>()?,
                statuses: status.iter().map(|name| parse_status(name)).collect::<anyhow::Result<_>>()?,
                bands: Vec::new(),
                limit: *limit,
                cursor: cursor.clone(),
            };
            list(&workspace, &filter, *json).await?;
        }
        QueueCommand::Show { item: id, json } => {
            let found = item(&workspace, parse_item(id)?).await?;
            if *json { print_json(&found)? } else { print(&show(&found))? }
        }
        QueueCommand::Claim { item: id, lane, json } => {
            let id = id.as_deref().map(parse_item).transpose()?;
            let lane = lane.as_deref().map(str::parse::<Lane>).transpose()?;
            return claim_one(&workspace, id, lane, *json).await;
        }
        QueueCommand::Release { item: id } => {
            release(&workspace, parse_item(id)?).await?;
            eprintln!("released; it waits again");
        }
        QueueCommand::Decide { item: id, outcome, reason, confirm, refuse, token, json } => {
            let outcome: Outcome = outcome.parse()?;
            let state = decide(&workspace, parse_item(id)?, outcome, reason, confirm, refuse, *token).await?;
            if *json { print_json(&state)? } else { eprintln!("decided: {outcome}") }
        }
        QueueCommand::Stats { json } => numbers(&workspace, *json).await?,
    }
    workspace.store().close().await;
    Ok(ExitCode::SUCCESS)
}

fn parse_item(text: &str) -> anyhow::Result<ItemId> {
    text.parse::<ItemId>().context("`lapwing queue list` shows the ids")
}

fn parse_status(name: &str) -> anyhow::Result<ItemStatus> {
    let found = ItemStatus::ALL.into_iter().find(|status| status.as_str() == name);
    found.with_context(|| format!("`{name}` is not a status; the statuses are open, claimed, decided and purged"))
}

async fn list(workspace: &Workspace, filter: &ItemFilter, json: bool) -> anyhow::Result<()> {
    let (found, next) = items(workspace, filter).await?;
    if json {
        return found.iter().try_for_each(print_json_line);
    }
    if found.is_empty() {
        eprintln!("nothing waits here");
        return Ok(());
    }
    let row = |item: &ItemSummary| {
        vec![
            item.state.item.to_string(),
            item.state.band.to_string(),
            item.state.points.to_string(),
            item.state.lane.to_string(),
            item.status_now.to_string(),
            terminal::line(&item.title, 48),
        ]
    };
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    print(&terminal::table(&["item", "band", "points", "lane", "status", "title"], &rows))?;
    if let Some(cursor) = next {
        eprintln!("more: --cursor {cursor}");
    }
    Ok(())
}

async fn claim_one(
    workspace: &Workspace,
    id: Option<ItemId>,
    lane: Option<Lane>,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let Some(claimed) = claim(workspace, id, lane).await? else {
        eprintln!("nothing waits here");
        return Ok(ExitCode::from(1));
    };
    if json {
        print_json(&json!({"item": claimed.state.item, "token": claimed.lease.token, "until": claimed.lease.until}))?;
    } else {
        print(&show(&item(workspace, claimed.state.item).await?))?;
        eprintln!("yours until {}; decide with", claimed.lease.until);
        eprintln!("  lapwing queue decide {} --outcome OUTCOME --reason TEXT", claimed.state.item);
    }
    workspace.store().close().await;
    Ok(ExitCode::SUCCESS)
}

fn show(item: &MaskedItem) -> String {
    let mut lines = vec![
        format!("item     {}", item.state.item),
        format!(
            "status   {} ({} points, band {}, lane {})",
            item.status_now, item.state.points, item.state.band, item.state.lane
        ),
    ];
    let field = |name: &str| {
        item.listing
            .as_ref()
            .and_then(|listing| listing[name].as_str())
            .map(|text| text.to_string())
            .unwrap_or_default()
    };
    for name in ["url", "source", "kind", "lang", "location", "price", "posted_at"] {
        let value = field(name);
        if !value.is_empty() {
            lines.push(format!("{name:8} {}", terminal::line(&value, 200)));
        }
    }
    lines.push(String::new());
    lines.push(terminal::line(&field("title"), 300));
    lines.push(terminal::clean(&field("body")));
    if let Some(assessment) = &item.assessment {
        lines.push(String::new());
        lines.push("why it is here".to_string());
        for hit in assessment.hits.iter().chain(&assessment.context) {
            lines.push(format!(
                "  {:+4}  {} [{}; {}]",
                hit.points,
                terminal::line(&hit.explain, 240),
                hit.indicators.join(", "),
                hit.rule
            ));
        }
        if let Some(classifier) = &assessment.classifier {
            lines.push(format!(
                "  model {}: {:.0} of 100 such fixtures were labelled for a look",
                classifier.model,
                classifier.calibrated * 100.0
            ));
        }
    }
    lines.push(String::new());
    lines.push("history".to_string());
    for event in &item.events {
        lines.push(format!(
            "  {}  {}  {}",
            event.at,
            terminal::line(&event.actor.to_string(), 40),
            event.action.name()
        ));
    }
    for notice in &item.notices {
        lines.push(format!("notice: {notice}"));
    }
    lines.join("\n") + "\n"
}

async fn numbers(workspace: &Workspace, as_json: bool) -> anyhow::Result<()> {
    let (stats, now) = stats(workspace).await?;
    let by_lane = |lane: Lane, status: ItemStatus| -> u64 {
        stats.queue.iter().filter(|((one, other, _), _)| *one == lane && *other == status).map(|(_, count)| count).sum()
    };
    if as_json {
        let lanes: serde_json::Map<String, serde_json::Value> = Lane::ALL
            .into_iter()
            .map(|lane| {
                let counts: serde_json::Map<String, serde_json::Value> = ItemStatus::ALL
                    .into_iter()
                    .map(|status| (status.as_str().into(), json!(by_lane(lane, status))))
                    .collect();
                (lane.as_str().to_string(), json!(counts))
            })
            .collect();
        let bands: serde_json::Map<String, serde_json::Value> = Band::ALL
            .into_iter()
            .map(|band| (band.to_string(), json!(stats.by_band.get(&band).unwrap_or(&0))))
            .collect();
        let families: serde_json::Map<String, serde_json::Value> =
            stats.flagged_by_family.iter().map(|(family, count)| (family.to_string(), json!(count))).collect();
        let decisions: serde_json::Map<String, serde_json::Value> =
            stats.decisions.iter().map(|(outcome, count)| (outcome.to_string(), json!(count))).collect();
        return print_json(&json!({
            "captures": stats.captures, "listings": stats.listings, "assessments": stats.assessments,
            "bands": bands, "flagged_by_family": families, "lanes": lanes, "decisions": decisions, "reversed": stats.reversed,
            "oldest_open_seconds": stats.oldest_open_seconds(now),
        }));
    }
    let row = |lane: Lane| {
        let counts = [ItemStatus::Open, ItemStatus::Claimed, ItemStatus::Decided]
            .map(|status| by_lane(lane, status).to_string());
        std::iter::once(lane.to_string()).chain(counts).collect::<Vec<String>>()
    };
    let rows: Vec<Vec<String>> = Lane::ALL.into_iter().map(row).collect();
    print(&terminal::table(&["lane", "open", "claimed", "decided"], &rows))?;
    let oldest = stats
        .oldest_open_seconds(now)
        .map_or("nothing waits".to_string(), |age| format!("the oldest waits {} min", age / 60));
    eprintln!("{} listings, {} captures; {oldest}", stats.listings, stats.captures);
    Ok(())
}
