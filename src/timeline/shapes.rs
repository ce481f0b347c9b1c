//! Bars to shapes: what is drawn for a segment, on the page and in files. Colors are set by the classes.

use super::{Bar, Form, ROW_PX};
use crate::analysis::segments::SegmentKind;
use crate::flow::state::State;
use crate::time::{SimTime, human};
use crate::timeline::scale::Scale;
use crate::tr;

/// Something to draw, in pixels from the top left of its row's track.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A rectangle.
    Rect {
        /// Its classes.
        class: String,
        /// Left, top, width, height.
        at: [f64; 4],
        /// Radius of its corners.
        radius: f64,
        /// The pattern it is filled with, by its id, if it is.
        pattern: Option<&'static str>,
    },
    /// A path.
    Path {
        /// Its classes.
        class: String,
        /// SVG path data.
        d: String,
        /// Whether its lines lie on whole pixels.
        crisp: bool,
    },
    /// A text.
    Text {
        /// Its classes.
        class: String,
        /// Left end, or the middle for a letter; baseline.
        at: [f64; 2],
        /// What it says.
        text: String,
    },
}

/// From which width on a bar has a letter, and a text.
pub const LETTER_FROM_PX: f64 = 24.0;
const TEXT_FROM_PX: f64 = 64.0;
const TORN_FROM_PX: f64 = 12.0;
const BASELINE_PX: f64 = 18.0;
/// The width of a character of the label font, on average.
pub const LETTER_PX: f64 = 6.6;

/// How far a segment has come at the playhead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The playhead is before it, or before the end of its run.
    Planned,
    /// The playhead is in it: its letter moves with the playhead.
    Current,
    /// Its run has ended: it has the color and letter of the outcome.
    Ended,
}

/// The name of a color, and the letter that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tone {
    /// The last part of the class name.
    pub name: &'static str,
    /// The letter.
    pub letter: &'static str,
    /// The pattern's id, if it has one.
    pub pattern: Option<&'static str>,
}

/// How a state looks.
#[must_use]
pub fn tone(state: State) -> Tone {
    let plain = |name, letter| Tone { name, letter, pattern: None };
    let patterned = |name, letter, pattern| Tone { name, letter, pattern: Some(pattern) };
    match state {
        State::Created | State::Submitted | State::Restarted => plain("created", "c"),
        State::Running => plain("running", "r"),
        State::Success => plain("success", "S"),
        State::Warning => patterned("warning", "W", "pg-warning"),
        State::Failed | State::Failing => patterned("failed", "F", "pg-failed"),
        State::Retrying | State::Retried => patterned("retrying", "R", "pg-retrying"),
        State::Paused | State::Breakpoint => patterned("paused", "P", "pg-paused"),
        State::Killing | State::Killed | State::Cancelled => patterned("killed", "K", "pg-killed"),
        State::Queued => patterned("queued", "Q", "pg-queued"),
        State::Skipped => plain("skipped", ""),
    }
}

/// The state a segment looks like: a RUNNING one looks like the outcome once its run has ended.
#[must_use]
pub fn drawn_state(state: State, outcome: Option<State>, progress: Progress) -> State {
    let runs = matches!(state, State::Running | State::Failing);
    outcome.filter(|_| runs && progress == Progress::Ended).unwrap_or(state)
}

/// The shapes of a bar. `text` is what the bar says; of a leaf, when empty or too long, its length.
#[must_use]
pub fn shapes(bar: &Bar, progress: Progress, text: &str) -> Vec<Shape> {
    match bar.segment.kind {
        SegmentKind::WaitPrevious => vec![wait_line(bar)],
        SegmentKind::WaitSlot | SegmentKind::WaitWorker => wait_slot(bar, text),
        SegmentKind::WaitFrozen => vec![outline(bar, "pg-bar pg-bar--wait-frozen".to_owned())],
        SegmentKind::WaitExecution => state_box(bar, tone(State::Queued), progress, text),
        SegmentKind::State(state) => {
            let drawn = drawn_state(state, bar.outcome, progress);
            match bar.form {
                Form::Diamond => vec![diamond(bar, tone(drawn))],
                Form::Tick | Form::Line => vec![tick(bar, tone(drawn))],
                Form::Group => group(bar, tone(drawn), progress, text),
                Form::Box => state_box(bar, tone(drawn), progress, text),
            }
        }
    }
}

/// The mark of a due date, and the line from there to an end that is later.
#[must_use]
pub fn due_mark(due_px: f64, late_to_px: Option<f64>) -> Vec<Shape> {
    let x = px(due_px.floor() + 0.5);
    let path = |class: &str, d: String| Shape::Path { class: class.to_owned(), d, crisp: true };
    let late = late_to_px.map(|to_px| path("pg-bar__late", format!("M{x} 25.5H{}", px(to_px))));
    std::iter::once(path("pg-bar__due", format!("M{x} 2v24"))).chain(late).collect()
}

/// The ring around a selected segment.
#[must_use]
pub fn selection_ring(bar: &Bar) -> Shape {
    rect("pg-bar--selected".to_owned(), [bar.x - 2.0, 3.0, bar.width + 4.0, 22.0], 5.0)
}

fn rect(class: String, at: [f64; 4], radius: f64) -> Shape {
    Shape::Rect { class, at, radius, pattern: None }
}

/// The part of a bar that does not lie before the view: where it begins, and its width.
fn seen(bar: &Bar) -> (f64, f64) {
    let left = bar.x.max(0.0);
    (left, bar.x + bar.width - left)
}

/// The 1 px outline lies inside the exact bounds.
fn outline(bar: &Bar, class: String) -> Shape {
    rect(class, [bar.x + 0.5, 5.5, (bar.width - 1.0).max(0.0), 17.0], 3.0)
}

fn wait_line(bar: &Bar) -> Shape {
    let (from, to) = (bar.x + 0.5, bar.x + bar.width - 0.5);
    let d = if bar.width < super::NARROWEST_BAR_PX {
        format!("M{} 11v6", px(from))
    } else {
        format!("M{} 11v6M{} 14.5H{}M{} 11v6", px(from), px(from), px(to), px(to))
    };
    Shape::Path { class: "pg-bar pg-bar--wait-previous".to_owned(), d, crisp: true }
}

fn wait_slot(bar: &Bar, text: &str) -> Vec<Shape> {
    let (left, seen_px) = seen(bar);
    let mut shapes = vec![outline(bar, "pg-bar pg-bar--wait-slot".to_owned())];
    let inside = bar.width - 4.0;
    if inside > 2.0 {
        shapes.push(Shape::Rect { class: String::new(), at: [bar.x + 2.0, 7.0, inside, 14.0], radius: 0.0, pattern: Some("pg-dots") });
    }
    let word = match bar.segment.kind {
        _ if !text.is_empty() => text.to_owned(),
        SegmentKind::WaitWorker => tr!("waiting" => "worker"),
        _ => tr!("waiting" => "slot"),
    };
    if seen_px >= TEXT_FROM_PX && seen_px >= labelled_px(&word) {
        let width_px = 10.0 + LETTER_PX * word.chars().count() as f64;
        shapes.push(rect("pg-bar__plate".to_owned(), [left + 2.0, 7.0, width_px, 14.0], 0.0));
        shapes.push(Shape::Text { class: "pg-bar__text--muted".to_owned(), at: [left + 10.0, BASELINE_PX], text: word });
    }
    if bar.width >= LETTER_FROM_PX {
        let end = bar.x + bar.width;
        shapes.push(rect("pg-bar__plate".to_owned(), [end - 18.0, 7.0, 14.0, 14.0], 0.0));
        shapes.push(letter("pg-bar__letter pg-bar__letter--muted".to_owned(), end - 11.0, "w"));
    }
    shapes
}

fn letter(class: String, x: f64, text: &str) -> Shape {
    Shape::Text { class, at: [x, BASELINE_PX], text: text.to_owned() }
}

fn state_box(bar: &Bar, tone: Tone, progress: Progress, words: &str) -> Vec<Shape> {
    let Tone { name, letter: sign, pattern } = tone;
    let end = bar.x + bar.width;
    let (left, seen_px) = seen(bar);
    let mut shapes = vec![outline(bar, format!("pg-bar pg-bar--{name}"))];
    if name == "skipped" {
        let d = format!("M{} 21L{} 7", px(bar.x + 2.0), px(end - 2.0));
        shapes.push(Shape::Path { class: "pg-pattern__skip".to_owned(), d, crisp: false });
        return shapes;
    }
    let ink = if name == "running" { " pg-bar__text--running" } else { "" };
    if pattern.is_some() {
        shapes.push(Shape::Rect { class: String::new(), at: [bar.x + 1.0, 6.0, (bar.width - 2.0).max(0.0), 16.0], radius: 2.0, pattern });
    }
    let fits = !words.is_empty() && seen_px >= labelled_px(words);
    let text = if fits { words.to_owned() } else { human(bar.segment.to - bar.segment.from) };
    if seen_px >= TEXT_FROM_PX && seen_px >= labelled_px(&text) {
        if pattern.is_some() {
            shapes.push(rect(format!("pg-bar__plate--{name}"), [left + 4.0, 6.0, 8.0 + LETTER_PX * text.len() as f64, 16.0], 2.0));
        }
        shapes.push(Shape::Text { class: format!("pg-bar__text{ink}"), at: [left + 8.0, BASELINE_PX], text });
    }
    // Before it runs it has no letter. While it runs its letter moves with the playhead, drawn there.
    if bar.width >= LETTER_FROM_PX && !(name == "running" && progress != Progress::Ended) {
        if pattern.is_some() {
            shapes.push(rect(format!("pg-bar__plate--{name}"), [end - 18.0, 6.0, 17.0, 16.0], 2.0));
        }
        let class = if name == "running" { "pg-bar__letter pg-bar__letter--running" } else { "pg-bar__letter" };
        shapes.push(letter(class.to_owned(), end - 10.0, sign));
    }
    if bar.is_stopped && progress == Progress::Ended && bar.width >= TORN_FROM_PX {
        shapes.push(Shape::Path { class: "pg-bar__plate".to_owned(), d: torn_path(end), crisp: false });
    }
    shapes
}

/// What is missing of the end, at `x`, of a bar that another task's failure stopped.
#[must_use]
pub fn torn_path(x: f64) -> String {
    format!("M{} 4.5H{}l-4 3.5 4 3 -4 3 4 3 -4 3 4 3.5H{}z", px(x + 0.5), px(x - 0.5), px(x + 0.5))
}

/// How much of a bar must lie before the playhead for the letter that moves with it: what the bar's text takes, and a
/// letter's room.
#[must_use]
pub fn letter_room_px(bar: &Bar) -> f64 {
    let labelled = labelled_px(&human(bar.segment.to - bar.segment.from));
    if bar.width < labelled.max(TEXT_FROM_PX) { LETTER_FROM_PX } else { labelled }
}

/// The width of a bar with a text and a letter.
#[must_use]
pub fn labelled_px(text: &str) -> f64 {
    8.0 + LETTER_PX * text.chars().count() as f64 + LETTER_FROM_PX
}

fn group(bar: &Bar, tone: Tone, progress: Progress, text: &str) -> Vec<Shape> {
    let Tone { name, letter: sign, .. } = tone;
    let mut shapes = vec![outline(bar, format!("pg-bar pg-bar__box--{name}"))];
    if bar.width >= 8.0 {
        let d = format!("M{} 5h-2a3 3 0 0 0-3 3v12a3 3 0 0 0 3 3h2z", px(bar.x + 5.0));
        shapes.push(Shape::Path { class: format!("pg-bar__cap--{name}"), d, crisp: false });
    }
    // The text must not run into the state's letter.
    let (left, seen_px) = seen(bar);
    if seen_px >= 36.0 + LETTER_PX * text.chars().count() as f64 {
        shapes.push(Shape::Text { class: "pg-bar__text--plain".to_owned(), at: [left + 12.0, BASELINE_PX], text: text.to_owned() });
    }
    // Before it runs it has no letter.
    if bar.width >= LETTER_FROM_PX && !(name == "running" && progress == Progress::Planned) {
        shapes.push(letter("pg-bar__letter pg-bar__letter--plain".to_owned(), bar.x + bar.width - 10.0, sign));
    }
    shapes
}

/// Half of the width of the playhead's flag with this text.
#[must_use]
pub fn flag_half_px(text: &str) -> f64 {
    (text.len() as f64 * 3.6 + 4.0).max(24.0)
}

/// The flag of the playhead with this text, around its middle. Its tip is `tip_px` from there, where the playhead is.
#[must_use]
pub fn flag_path(text: &str, tip_px: f64) -> String {
    let half = flag_half_px(text);
    let (left, right) = (px(3.0 - half), px(half - 3.0));
    // Between the corners, though the tip itself may be beyond them.
    let base = tip_px.clamp(7.0 - half, half - 7.0);
    let tip = format!("{}L{} 25 {} 20", px(base + 4.0), px(tip_px), px(base - 4.0));
    format!("M{} 6a3 3 0 0 1 3-3H{right}a3 3 0 0 1 3 3v11a3 3 0 0 1-3 3H{tip}H{left}a3 3 0 0 1-3-3z", px(-half))
}

/// The outline of the mark for what takes no time, around `x`.
#[must_use]
pub fn diamond_path(x: f64) -> String {
    format!("M{} 8l6 6-6 6-6-6z", px(x))
}

fn diamond(bar: &Bar, tone: Tone) -> Shape {
    let d = diamond_path(bar.x);
    Shape::Path { class: format!("pg-bar pg-bar--{}", tone.name), d, crisp: false }
}

fn tick(bar: &Bar, tone: Tone) -> Shape {
    let d = format!("M{} 5v18", px(bar.x + 0.5));
    Shape::Path { class: format!("pg-bar pg-bar--{}", tone.name), d, crisp: true }
}

/// A number of pixels as it is written to attributes: two decimals at the most.
#[must_use]
pub fn px(value: f64) -> String {
    let hundredths = (value * 100.0).round() as i64;
    let (sign, n) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    match (n / 100, n % 100) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, rest) if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
        (whole, rest) => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Where the top of row `n` stands, in pixels below the first row.
#[must_use]
pub fn row_top(n: usize) -> f64 {
    n as f64 * ROW_PX
}
/// Where a guess, or what is so, is marked on an axis, and its text. Sizes are in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GuessMark {
    /// The middle of the mark, inside the track.
    pub x: f64,
    /// Where the text begins; where it ends when `is_left`.
    pub text_x: f64,
    /// Whether the text stands on the left of the mark: there is no room on its right.
    pub is_left: bool,
}

/// The mark of a moment on a track of this width.
#[must_use]
pub fn guess_mark(at: SimTime, scale: &Scale, track_px: f64) -> GuessMark {
    const TEXT_PX: f64 = 112.0;
    let x = scale.x(at).clamp(6.0, (track_px - 6.0).max(6.0));
    let is_left = x + TEXT_PX > track_px;
    GuessMark { x, text_x: if is_left { x - 10.0 } else { x + 10.0 }, is_left }
}
