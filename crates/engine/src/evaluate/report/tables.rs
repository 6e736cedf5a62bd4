//! The tables of the report: groups, families, rules, parts, rates, mistakes.

use maud::{Markup, html};

use super::super::document::{
    FamilyRow, Group, Mistake, OverlapRow, PartRow, RateTable, RuleRow, RuleState, Run, WithoutRow,
};
use super::whisker::share;
use super::words::{difference, interval, number, percent, probability, signed};

/// Longer tables end here; the files beside the report hold all rows.
const MOST_ROWS: usize = 60;

pub(super) fn groups(run: &Run, what: &str, groups: &[Group]) -> Markup {
    let overall = &run.overall;
    html! {
        div.scroll { table {
            thead { tr {
                th { (what) } th.number { "Listings" } th.number { "Labelled" } th.number { "Flagged" } th { "Precision" } th { "Recall" }
                th { "False-positive rate" } th.number { "F1" } th.number { "Average precision" }
            } }
            tbody { @for group in groups {
                @let figures = &group.figures;
                tr {
                    th scope="row" { bdi { (group.name) } }
                    td.number { (figures.listings) } td.number { (figures.labelled) } td.number { (figures.flagged) }
                    td { (share(&figures.precision, overall.precision.value)) }
                    td { (share(&figures.recall, overall.recall.value)) }
                    td { (share(&figures.false_positive_rate, overall.false_positive_rate.value)) }
                    td.number { (number(figures.f1)) }
                    td.number { (number(figures.average_precision)) small { (interval(figures.intervals.and_then(|all| all.average_precision))) } }
                }
            } }
        } }
    }
}

pub(super) fn families(rows: &[FamilyRow]) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { "Family" } th.number { "Labelled" } th { "Flagged at all" } th { "Seen by its rules" } th { "Rightly seen" } th { "Flags that it led" } } }
            tbody { @for row in rows { tr {
                th scope="row" { (row.family) " " span.soft { (row.family.title()) } }
                td.number { (row.labelled) }
                td { (share(&row.flagged, None)) } td { (share(&row.named_recall, None)) } td { (share(&row.named_precision, None)) } td { (share(&row.led, None)) }
            } } }
        } }
    }
}

pub(super) fn parts(rows: &[PartRow]) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { "Part" } th { "Precision" } th { "Recall" } th.number { "F1" } th.number { "Average precision" } th.number { "ROC area" } th.number { "McNemar p against the whole" } } }
            tbody { @for row in rows { tr {
                th scope="row" { bdi { (row.part) } }
                td { (share(&row.precision, None)) } td { (share(&row.recall, None)) }
                td.number { (number(row.f1)) } td.number { (number(row.average_precision)) } td.number { (number(row.roc_auc)) }
                td.number { @if let Some(test) = &row.mcnemar { (probability(test.p)) small { (test.only_first_right) " and " (test.only_second_right) } } @else { "–" } }
            } } }
        } }
    }
}

pub(super) fn rules(run: &Run) -> Markup {
    let mut hit: Vec<&RuleRow> = run.rules.iter().filter(|row| row.hits > 0).collect();
    hit.sort_by(|one, other| other.hits.cmp(&one.hits).then_with(|| one.rule.cmp(&other.rule)));
    let without = |row: &RuleRow| run.ablation.without_rule.iter().find(|without| without.without == row.rule.as_str());
    let dead: Vec<&RuleRow> = run.rules.iter().filter(|row| row.state == RuleState::Dead).collect();
    html! {
        div.scroll { table {
            thead { tr { th { "Rule" } th { "State" } th.number { "Hits" } th.number { "Scored" } th { "Precision" } th.number { "Lift" } th.number { "Alone" } th.number { "Lost without" } th.number { "Spared without" } } }
            tbody { @for row in hit.iter().take(MOST_ROWS) { tr {
                th.rule scope="row" { (row.rule) }
                td { span class={ "state " (row.state.as_str()) } { (row.state.as_str()) } }
                td.number { (row.hits) } td.number { (row.scored) }
                td { (share(&row.precision, run.set.base_rate)) }
                td.number { (number(row.lift)) } td.number { (row.alone) }
                @if let Some(without) = without(row) { td.number { (without.lost) } td.number { (without.spared) } } @else { td {} td {} }
            } } }
        } }
        @if hit.len() > MOST_ROWS { p.note { (hit.len() - MOST_ROWS) " more rules stand in rules.csv." } }
        @if !dead.is_empty() {
            p { b { (dead.len()) " dead rules" } ", which hit nothing here: " @for (index, row) in dead.iter().enumerate() { @if index > 0 { ", " } code { (row.rule) } } "." }
        }
    }
}

pub(super) fn without(rows: &[WithoutRow], what: &str) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { (what) } th.number { "Lost" } th.number { "Spared" } th.number { "Gained" } th.number { "Wrongly added" } th.number { "Precision" } th.number { "Recall" } th.number { "F1 changes by" } th.number { "Average precision changes by" } } }
            tbody { @for row in rows { tr {
                th.rule scope="row" { (row.without) }
                td.number { (row.lost) } td.number { (row.spared) } td.number { (row.gained) } td.number { (row.added_wrong) }
                td.number { (number(row.precision)) } td.number { (number(row.recall)) }
                td.number { (signed(row.f1_change)) } td.number { (signed(row.average_precision_change)) }
            } } }
        } }
    }
}

pub(super) fn overlaps(rows: &[OverlapRow]) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { "Rule" } th { "and" } th.number { "Listings of both" } th.number { "Share of either" } th.number { "Share of the rarer" } } }
            tbody { @for row in rows.iter().take(20) { tr {
                th.rule scope="row" { (row.first) } td.rule { (row.second) }
                td.number { (row.both) } td.number { (number(Some(row.jaccard))) } td.number { (number(Some(row.contained))) }
            } } }
        } }
    }
}

pub(super) fn rates(run: &Run, table: &RateTable) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { bdi { (table.attribute) } } th { "False-positive rate" } th.number { "Difference to the others" } th { "Recall" } th.number { "Difference to the others" } } }
            tbody { @for row in &table.rows { tr {
                th scope="row" { bdi { (row.value) } }
                td { (share(&row.false_positive_rate, run.overall.false_positive_rate.value)) }
                td.number { @if row.false_positive_difference.is_some_and(|found| found.clear) { b { (difference(row.false_positive_difference.as_ref())) } } @else { (difference(row.false_positive_difference.as_ref())) } }
                td { (share(&row.recall, run.overall.recall.value)) }
                td.number { @if row.recall_difference.is_some_and(|found| found.clear) { b { (difference(row.recall_difference.as_ref())) } } @else { (difference(row.recall_difference.as_ref())) } }
            } } }
        } }
    }
}

pub(super) fn mistakes(rows: &[Mistake], show_text: bool) -> Markup {
    html! {
        @if rows.is_empty() { p.empty { "None." } } @else {
            div.scroll { table {
                thead { tr { th { "Listing" } th { "Band" } th.number { "Points" } th { "Language" } @if show_text { th { "Begins" } } th { "Rules that hit" } } }
                tbody { @for row in rows { tr {
                    th scope="row" { bdi { (row.external_id) } }
                    td { span class={ "tag band-" (row.band) } { (row.band) } } td.number { (row.points) } td { (row.language) }
                    @if show_text { td.text { bdi { (row.title) } } }
                    td.rule { @for (index, rule) in row.rules.iter().enumerate() { @if index > 0 { ", " } (rule) } @if row.rules.is_empty() { "–" } }
                } } }
            } }
        }
    }
}

/// How flags and labels meet.
pub(super) fn confusion(run: &Run) -> Markup {
    let counts = &run.overall.counts;
    let of_all = |count: u64| percent(Some(count as f64 / run.set.listings.max(1) as f64));
    html! {
        table.confusion {
            thead { tr { td {} th { "Labelled" } th { "Not labelled" } } }
            tbody {
                tr { th scope="row" { "Flagged" } td.right { (counts.true_positive) small { (of_all(counts.true_positive)) } } td.wrong { (counts.false_positive) small { (of_all(counts.false_positive)) } } }
                tr { th scope="row" { "Not flagged" } td.wrong { (counts.false_negative) small { (of_all(counts.false_negative)) } } td.right { (counts.true_negative) small { (of_all(counts.true_negative)) } } }
            }
        }
    }
}
