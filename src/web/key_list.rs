//! The list of keys that is shown for `?`, and in `docs/reference/keys.md`.

use crate::tr;

/// The list of keys: what to press, what it does.
pub fn list() -> Vec<(String, String)> {
    vec![
        (tr!("keys" => "Ctrl Enter"), tr!("run, from anywhere")),
        (tr!("keys" => "Space"), tr!("play or pause")),
        (". ,".to_owned(), tr!("next, previous event")),
        (tr!("keys" => "Home End"), tr!("start, end")),
        ("← →".to_owned(), tr!("on the playhead: a hundredth of the run, with Shift a tenth")),
        ("↑ ↓".to_owned(), tr!("row")),
        ("→ ←".to_owned(), tr!("open, close the selected group; then its next, previous segment")),
        ("[ ]".to_owned(), tr!("one slot less, more for the selected group")),
        ("N".to_owned(), tr!("no limit for the selected group, or its limit again")),
        ("W S + −".to_owned(), tr!("zoom in, out")),
        ("A D".to_owned(), tr!("earlier, later")),
        ("0".to_owned(), tr!("the whole run")),
        ("1 2 3 4".to_owned(), tr!("Gantt, slots; curve, table")),
        (tr!("keys" => "Shift → ←"), tr!("the selected task longer, shorter")),
        ("/".to_owned(), tr!("find a row")),
        ("F".to_owned(), tr!("fit the selection")),
        ("C".to_owned(), tr!("critical path")),
        ("B".to_owned(), tr!("keep this plan, to compare others with it")),
        ("L".to_owned(), tr!("log")),
        ("E".to_owned(), tr!("fold the editor away, or show it")),
        ("P".to_owned(), tr!("present: the chart on the whole screen")),
        (tr!("keys" => "Enter"), tr!("details")),
        ("R".to_owned(), tr!("reset")),
        ("X".to_owned(), tr!("the examples")),
        ("U".to_owned(), tr!("share: a link to what is on show")),
        ("T".to_owned(), tr!("dark or light theme")),
        ("H".to_owned(), tr!("presented: hide what comes after the playhead")),
        (tr!("keys" => "Esc"), tr!("clear the selection, then leave for the buttons; presented: close what is open, then leave")),
        (tr!("keys" => "Ctrl Z"), tr!("undo; with Shift redo")),
        ("?".to_owned(), tr!("this list")),
    ]
}
