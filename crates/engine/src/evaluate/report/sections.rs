//! The parts of the report, in the order of the page.

use maud::{Markup, html};

use super::super::document::{Comparison, Run, SwapRow, WithoutRow};
use super::words::{number, percent, probability, short, signed, signed_interval};
use super::{bars, curves, reliability, tables, whisker};

pub(super) fn reading() -> Markup {
    html! {
        aside {
            p { b { "How to read this. " } "A label of 1 says that a trained reviewer would want to look at a listing. Every figure holds for these listings, by the people who chose "
            "and labelled them, and says nothing of what is true of a person. The share of labelled listings is far above that of a real board, so precision in use is nearer to the restated one. "
            "Intervals are of 95 %; those drawn beside shares are Wilson's, those of the order come from resampling clusters of near-duplicates, and the cards of precision and recall show the wider of both." }
        }
    }
}

pub(super) fn outcome(run: &Run) -> Markup {
    html! {
        h2 { "Flags and labels" }
        div.charts {
            figure { figcaption { "Listings by band" } (bars::bands(&run.bands, run.options.at)) }
            figure { figcaption { "How flags and labels meet" } (tables::confusion(run))
                p.note { "F2 " (number(run.overall.f2)) ", F½ " (number(run.overall.f_half)) ", Matthews' correlation " (number(run.overall.matthews)) ", false-positive rate " (number(run.overall.false_positive_rate.value)) "." }
                @if run.set.contradictory_texts > 0 { p.note { b { (run.set.contradictory_texts) } " text(s) stand under both labels; no program can be right on both." } }
            }
        }
    }
}

pub(super) fn order(run: &Run) -> Markup {
    html! {
        h2 { "The order" }
        p { "Listings are ordered by " @match run.options.rank_by.as_str() { "points" => { "points" }, "classifier" => { "the classifier's number" }, _ => { "band, then points, then the classifier's number" } } ". Ties enter together." }
        @if run.curve.is_empty() { p.empty { "No listing is labelled for a look, so there is no order to judge." } } @else {
            div.charts {
                figure { figcaption { "Precision and recall" } (curves::precision_recall(run)) }
                figure { figcaption { "ROC" } (curves::roc(run)) }
                figure { figcaption { "Found by reading" } (curves::found_by_reading(run)) }
                figure { figcaption { "The first k" } (first(run)) }
            }
        }
    }
}

fn first(run: &Run) -> Markup {
    html! {
        table {
            thead { tr { th.number { "k" } th.number { "Found" } th.number { "Precision" } th.number { "Recall" } } }
            tbody {
                @for at in run.at_k.iter().chain(run.capacity.iter().map(|capacity| &capacity.at)) {
                    tr { td.number { (at.k) } td.number { (short(at.found)) } td.number { (number(Some(at.precision))) } td.number { (number(at.recall)) } }
                }
            }
        }
        @if let Some(capacity) = &run.capacity {
            p.note { "The last row is the capacity that was asked for (" (capacity.asked) "); the last listing read has the band " (capacity.down_to_band) " and " (capacity.down_to_points) " points." }
        }
        table {
            thead { tr { th { "Ordered by" } th.number { "Average precision" } th.number { "ROC area" } } }
            tbody { @for row in &run.rankings { tr { th scope="row" { (row.by.as_str()) } td.number { (number(row.average_precision)) } td.number { (number(row.roc_auc)) } } } }
        }
    }
}

pub(super) fn prevalence(run: &Run) -> Markup {
    html! {
        h2 { "Where fewer listings deserve a look" }
        p { "Recall and the false-positive rate carry over to a place where another share deserves a look; precision does not. Here it is restated by Bayes' rule. The interval takes both ends at once, so a set with few honest listings has a wide one." }
        div.scroll { table {
            thead { tr { th.number { "Share that deserves a look" } th.number { "Precision" } th.number { "at least, at most" } th.number { "Flagged of 1,000" } th.number { "Read for each found" } th.number { "Average precision" } } }
            tbody { @for row in &run.prevalence { @let restated = &row.restated; tr {
                td.number { (short(restated.prevalence * 100.0)) " %" } td.number { b { (number(restated.precision)) } }
                td.number { (number(restated.low)) " to " (number(restated.high)) }
                td.number { (restated.flagged_per_thousand.map_or_else(|| "–".to_string(), |count| format!("{count:.1}"))) }
                td.number { (restated.read_per_found.map_or_else(|| "–".to_string(), |count| format!("{count:.1}"))) }
                td.number { (number(row.average_precision)) }
            } } }
        } }
    }
}

pub(super) fn calibration(run: &Run) -> Markup {
    html! {
        @if let Some(calibration) = &run.calibration {
            h2 { "The classifier's number" }
            div.charts {
                figure { figcaption { "Reliability" } (reliability::reliability(calibration)) }
                figure { figcaption { "In figures" }
                    table { tbody {
                        tr { th scope="row" { "Expected calibration error" } td.number { (number(Some(calibration.expected_error))) } }
                        tr { th scope="row" { "Largest calibration error" } td.number { (number(Some(calibration.largest_error))) } }
                        tr { th scope="row" { "Brier score" } td.number { (number(Some(calibration.brier))) } }
                        tr { th scope="row" { "Brier score of the base rate alone" } td.number { (number(Some(calibration.brier_of_base_rate))) } }
                        tr { th scope="row" { "Brier skill" } td.number { (number(calibration.brier_skill)) } }
                        tr { th scope="row" { "Reliability, resolution" } td.number { (number(Some(calibration.reliability))) ", " (number(Some(calibration.resolution))) } }
                        tr { th scope="row" { "Logarithmic loss" } td.number { (number(Some(calibration.log_loss))) } }
                    } }
                    p.note { "The number says how likely a reviewer is to want to look, among listings like those it was calibrated on. Where another share deserves a look, it is right less or more often." }
                }
            }
        }
    }
}

pub(super) fn groups(run: &Run) -> Markup {
    html! {
        h2 { "By language" } p.note { "The upright line is the figure of all listings." } (tables::groups(run, "Language", &run.by_language))
        @if run.by_slice.len() > 1 { h2 { "By slice" } (tables::groups(run, "Slice", &run.by_slice)) }
        @if run.by_kind.len() > 1 { h2 { "By kind" } (tables::groups(run, "Kind", &run.by_kind)) }
        @if !run.by_family.is_empty() {
            h2 { "By family" }
            p { "“Flagged at all”: of the listings for which labellers named the family, those flagged for whatever reason. “Seen” and “rightly seen”: whether rules of the family scored where labellers named it, and the other way round. "
                "“Led”: of the flags in which the family scored most, those labelled for a look." }
            (tables::families(&run.by_family))
        }
    }
}

pub(super) fn parts(run: &Run) -> Markup {
    html! {
        h2 { "What each part adds" }
        (tables::parts(&run.ablation.parts))
        p.note { "The classifier alone flags from the number at which it may lift a listing; in use it is heard only where rules scored. A model that was trained on these listings knows them: its rows then say nothing." }
        h3 { "Without a family" }
        (tables::without(&run.ablation.without_family, "Without"))
        p.note { "The classifier's number is kept as it was; what the table shows is the part of the rules." }
    }
}

pub(super) fn rules(run: &Run) -> Markup {
    let weighs = |row: &&WithoutRow| row.lost + row.spared + row.gained + row.added_wrong > 0;
    let mut moving: Vec<WithoutRow> = run.ablation.without_rule.iter().filter(weighs).cloned().collect();
    moving.sort_by_key(|row| std::cmp::Reverse(row.lost + row.spared + row.gained + row.added_wrong));
    moving.truncate(30);
    html! {
        h2 { "Rules" }
        p { "Dead: no hit. Noisy: at least ten hits and right less often than chance. Redundant: no listing changes side without it. Shown: it never scored here. The upright line is the share labelled in the set." }
        (tables::rules(run))
        @if !moving.is_empty() { h3 { "Without one rule" } (tables::without(&moving, "Without")) }
        @if !run.overlaps.is_empty() { h3 { "Rules that hit the same listings" } (tables::overlaps(&run.overlaps)) }
        p.note { "What a rule costs in time is told by " code { "lapwing rules bench" } "." }
    }
}

pub(super) fn fairness(run: &Run) -> Markup {
    html! {
        h2 { "Are groups treated alike" }
        p { "A difference in bold leaves 0 out of its interval (Newcombe). With many rows, one in twenty does so by chance." }
        @for table in &run.fairness.rates { h3 { "By " bdi { (table.attribute) } } (tables::rates(run, table)) }
        @if let Some(swaps) = &run.fairness.swaps {
            h3 { "Swap pairs" }
            p { "Two spellings of one advert that differ in an attribute alone. " b { (swaps.same_band.count) " of " (swaps.same_band.of) } " pairs have one band, " (swaps.same_side.count) " stand on one side of the line." }
            (swap_table("Attribute", &swaps.by_attribute))
            @if swaps.by_language.len() > 1 { (swap_table("Language", &swaps.by_language)) }
            @if !swaps.differing.is_empty() {
                h3 { "Pairs whose bands differ" }
                div.scroll { table {
                    thead { tr { th { "Pair" } th { "Attribute" } th { "Language" } th { "Bands" } th.number { "Points" } th { "Only in the one" } th { "Only in the other" } } }
                    tbody { @for pair in swaps.differing.iter().take(40) { tr {
                        th scope="row" { bdi { (pair.id) } } td { bdi { (pair.attribute) } } td { bdi { (pair.language) } }
                        td { (pair.bands[0]) ", " (pair.bands[1]) } td.number { (pair.points[0]) ", " (pair.points[1]) }
                        @for only in [&pair.only_a, &pair.only_b] { td.rule { @for (index, rule) in only.iter().enumerate() { @if index > 0 { ", " } (rule) } @if only.is_empty() { "–" } } }
                    } } }
                } }
            }
        }
        @if !run.fairness.controls.is_empty() {
            h3 { "Control sets" }
            div.scroll { table {
                thead { tr { th { "Set" } th { "Held" } th { "Flagged" } th { "Which" } } }
                tbody { @for control in &run.fairness.controls { tr {
                    th scope="row" { bdi { (control.name) } } td { @if control.held { "yes" } @else { b { "no" } } }
                    td { (whisker::share(&control.flagged, None)) } td { bdi { (control.ids.iter().take(10).cloned().collect::<Vec<_>>().join(", ")) } }
                } } }
            } }
        }
    }
}

fn swap_table(what: &str, rows: &[SwapRow]) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { (what) } th { "One band" } th { "One side of the line" } th.number { "Mean difference in points" } } }
            tbody { @for row in rows { tr {
                th scope="row" { bdi { (row.name.replace('_', " ")) } } td { (whisker::share(&row.same_band, None)) } td { (whisker::share(&row.same_side, None)) } td.number { (format!("{:.1}", row.mean_points)) }
            } } }
        } }
    }
}

pub(super) fn baseline(run: &Run) -> Markup {
    html! { @if let Some(comparison) = &run.baseline { h2 { "Against an earlier run" } (compared(comparison)) } }
}

fn compared(comparison: &Comparison) -> Markup {
    let test = &comparison.mcnemar;
    html! {
        p { (comparison.paired) " listings are in both runs; " (comparison.only_first) " are only in the earlier one, " (comparison.only_second) " only in this one, "
            (comparison.changed_data) " were left out because their label or text changed." }
        div.scroll { table {
            thead { tr { th { "Figure" } th.number { bdi { (comparison.first.name) } } th.number { bdi { (comparison.second.name) } } th.number { "Difference" } th.number { "95 % interval" } } }
            tbody { @for row in &comparison.differences { tr {
                th scope="row" { (row.figure.replace('_', " ")) } td.number { (number(row.first)) } td.number { (number(row.second)) }
                td.number { b { (signed(row.difference)) } } td.number { (signed_interval(row.interval)) }
            } } }
        } }
        p { "Right where the other is not: the earlier run " (test.only_first_right) " times, this one " (test.only_second_right) " times; McNemar's p is " (probability(test.p)) @if test.exact { " (exact)" } ". "
            (comparison.changed_side_count) " listings changed side." }
        @if !comparison.changed_side.is_empty() {
            div.scroll { table {
                thead { tr { th { "Listing" } th.number { "Label" } th { "Bands" } th.number { "Points" } th { "Now" } } }
                tbody { @for row in comparison.changed_side.iter().take(40) { tr {
                    th scope="row" { bdi { (row.external_id) } } td.number { (row.label) } td { (row.bands[0]) " → " (row.bands[1]) } td.number { (row.points[0]) " → " (row.points[1]) } td { @if row.mended { "right" } @else { b { "wrong" } } }
                } } }
            } }
        }
    }
}

pub(super) fn mistakes(run: &Run, show_text: bool) -> Markup {
    html! {
        h2 { "The plainest mistakes" }
        p { "Where program and label are furthest apart: either may be wrong. Contacts are masked." }
        h3 { "Flagged and not labelled" } (tables::mistakes(&run.mistakes.false_positives, show_text))
        h3 { "Labelled and not flagged" } (tables::mistakes(&run.mistakes.false_negatives, show_text))
    }
}

pub(super) fn provenance(run: &Run) -> Markup {
    let provenance = &run.provenance;
    html! {
        footer {
            h2 { "Where this comes from" }
            dl.provenance {
                dt { "Program" } dd { (provenance.engine) }
                dt { "Rules" } dd { bdi { (provenance.pack.name) } " " (provenance.pack.version) ", " (provenance.pack.rules) " in force, " code { (provenance.pack.digest) } }
                @for model in &provenance.models { dt { "Model" } dd { bdi { (model.name) } ", lifts from " (number(Some(model.raise.low))) " (low) and " (number(Some(model.raise.unscored))) " (none), " code { (model.digest) } } }
                @for file in &provenance.data { dt { "Data" } dd { bdi { (file.name) } ", " (file.listings) " listings, " (file.bad) " records not read, " code { (file.digest) } } }
                dt { "Asked for" } dd { "flagged from " (run.options.at) ", ordered by " (run.options.rank_by.as_str()) ", " (run.options.bootstrap) " resamples, seed " (run.options.seed) ", base rate " (percent(run.set.base_rate)) }
            }
            p { "The same data, rules, model, program and seed give this page again, byte for byte." }
        }
    }
}
