//! The list of keys that is shown for `?`, and in `docs/reference/keys.md`.

use crate::tr;

/// The list of keys: what to press, what it does.
pub fn list() -> Vec<(&'static str, String)> {
    vec![
        ("Ctrl Enter", tr!("run, from anywhere")),
        ("Space", tr!("play or pause")),
        (". ,", tr!("next, previous event")),
        ("Home End", tr!("start, end")),
        ("← →", tr!("on the playhead: a hundredth of the run, with Shift a tenth")),
        ("↑ ↓", tr!("row")),
        ("→ ←", tr!("open, close the selected group; then its next, previous segment")),
        ("[ ]", tr!("one slot less, more for the selected group")),
        ("N", tr!("no limit for the selected group, or its limit again")),
        ("W S + −", tr!("zoom in, out")),
        ("A D", tr!("earlier, later")),
        ("0", tr!("the whole run")),
        ("1 2 3 4", tr!("Gantt, slots; curve, table")),
        ("Shift → ←", tr!("the selected task longer, shorter")),
        ("/", tr!("find a row")),
        ("F", tr!("fit the selection")),
        ("C", tr!("critical path")),
        ("B", tr!("keep this plan, to compare others with it")),
        ("L", tr!("log")),
        ("E", tr!("fold the editor away, or show it")),
        ("P", tr!("present: the chart on the whole screen")),
        ("Enter", tr!("details")),
        ("R", tr!("reset")),
        ("X", tr!("the examples")),
        ("U", tr!("share: a link to what is on show")),
        ("T", tr!("dark or light theme")),
        ("H", tr!("presented: hide what comes after the playhead")),
        ("Esc", tr!("clear the selection, then leave for the buttons; presented: close what is open, then leave")),
        ("Ctrl Z", tr!("undo; with Shift redo")),
        ("?", tr!("this list")),
    ]
}
