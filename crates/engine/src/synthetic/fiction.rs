//! Telephone numbers, names on messengers and addresses that belong to nobody. The ranges and who reserved them stand
//! in `fixtures/README.md`.

use super::draw::Draw;

/// Area codes of large North American cities; the line number makes the whole fictitious.
const AREAS: [u16; 8] = [202, 212, 305, 312, 415, 416, 604, 713];
const AUSTRALIAN: [&str; 6] = ["006", "110", "156", "157", "158", "159"];
const HANDLES: [&str; 16] = [
    "jobs", "work", "travel", "season", "office", "board", "helper", "desk", "north", "harbour", "garden", "lounge",
    "market", "team", "city", "home",
];

/// A number out of a range that is reserved for fiction.
pub(super) fn phone(draw: &mut Draw) -> String {
    match draw.below(7) {
        0 => format!("+44 7700 900{:03}", draw.below(1_000)),
        1 => format!("+44 20 7946 {:04}", draw.below(1_000)),
        2 => format!("+44 1632 960{:03}", draw.below(1_000)),
        3 => format!("+1 {} 555 01{:02}", draw.one(&AREAS), draw.below(100)),
        4 => format!("+33 6 39 98 {:02} {:02}", draw.below(100), draw.below(100)),
        5 => format!("+49 30 23125 {:03}", draw.below(1_000)),
        _ => format!("0491 570 {}", draw.one(&AUSTRALIAN)),
    }
}

/// A name with `example` in it, without the `@`.
pub(super) fn handle(draw: &mut Draw) -> String {
    format!("{}_example{}", draw.one(&HANDLES), draw.below(10_000))
}

/// An address under a name that cannot be registered.
pub(super) fn mail(draw: &mut Draw) -> String {
    format!("{}{}@{}.example", draw.one(&HANDLES), draw.below(100), draw.one(&HANDLES))
}
