//! The list of keys that is shown for `?`.

/// The list of keys: what to press, what it does.
pub const LIST: &[(&str, &str)] = &[
    ("Ctrl Enter", "run, from anywhere"),
    ("Space", "play or pause"),
    (". ,", "next, previous event"),
    ("Home End", "start, end"),
    ("← →", "on the playhead: 0.1 s, with Shift 1 s"),
    ("↑ ↓", "row"),
    ("→ ←", "open, close the selected group; then its next, previous segment"),
    ("[ ]", "one slot less, more for the selected group"),
    ("W S + −", "zoom in, out"),
    ("A D", "earlier, later"),
    ("0", "the whole run"),
    ("1 2 3 4", "Gantt, slots; curve, table"),
    ("Shift → ←", "the selected task longer, shorter"),
    ("/", "find a row"),
    ("F", "fit the selection"),
    ("C", "critical path"),
    ("L", "log"),
    ("E", "fold the editor away, or show it"),
    ("P", "present: the chart on the whole screen"),
    ("Enter", "details"),
    ("R", "reset"),
    ("Esc", "clear the selection, then leave for the buttons"),
    ("Ctrl Z", "undo; with Shift redo"),
    ("?", "this list"),
];
