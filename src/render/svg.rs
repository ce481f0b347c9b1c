//! The timeline as an SVG file without scripts, links and external resources. It is light or dark as its reader prefers.

use std::fmt::Write;

use crate::analysis::makespan::numbers;
use crate::analysis::segments::SegmentKind;
use crate::flow::Flow;
use crate::sim::trace::Trace;
use crate::time::{SimTime, human, seconds, spoken};
use crate::timeline::labels::{bar_text, group_text, length_text, stopped_text};
use crate::timeline::rows::{About, Row, rows};
use crate::timeline::scale::Scale;
use crate::timeline::shapes::{Progress, Shape, px, row_top, shapes};
use crate::timeline::ticks::caption;
use crate::timeline::{Bar, Viewport, axis_start, due_mark, layout, span};

const WIDTH_PX: f64 = 892.0;
/// The least and the greatest width of the column of names: it is as wide as the names need, up to two fifths of the picture.
const LABEL_PX: (f64, f64) = (176.0, 356.0);
/// The assumed width of a character of a name, and of a length: more than it is in the usual fonts.
const CHARACTER_PX: (f64, f64) = (7.6, 6.6);
const AXIS_PX: f64 = 28.0;
const GAP_PX: f64 = 4.0;
const INDENT_PX: f64 = 14.0;
const PADDING_PX: f64 = 16.0;
const NAME_GAP_PX: f64 = 12.0;

/// Colors and type of the file. A test compares the colors with `styles/tokens.css`.
pub(super) const STYLE: &str = "\
svg{color-scheme:light dark;font:400 12px/16px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif;font-variant-numeric:tabular-nums;--g:#fff;--i:#1b1f24;--m:#57606a;--l:#808994;--h:#e6e9ed;--w:#6b7280;--run:#004c78;--suc:#00664b;--war:#7a5200;--fai:#8a3d00;--ret:#6e6500;--pau:#0b5a8a;--kil:#7a3b5e}\
@media(prefers-color-scheme:dark){svg{--g:#14171c;--i:#e6e9ee;--m:#a3abb6;--l:#6b7583;--h:#242a32;--w:#a3abb6;--run:#7cc4ff;--suc:#5bd6b3;--war:#ffd27a;--fai:#ffa56b;--ret:#fff7a0;--pau:#b5e2ff;--kil:#f2b8d6}}\
text{fill:var(--i)}.ground,.pg-bar__plate{fill:var(--g)}.muted,.pg-bar__text--muted{fill:var(--m)}.name{font-size:13px}.group{font-weight:600}.grid{stroke:var(--h)}.end{stroke:var(--i);stroke-width:1.5}.tick{stroke:var(--l)}\
.pg-bar{stroke-width:1}.pg-bar--created,.pg-bar--queued{fill:#e0e0e6;stroke:var(--w)}.pg-bar--queued{stroke-dasharray:4 3}\
.pg-bar--running,.pg-bar__cap--running,.pg-bar__box--running{fill:#0072b2;stroke:var(--run)}.pg-bar--success,.pg-bar__cap--success,.pg-bar__box--success{fill:#009e73;stroke:var(--suc)}\
.pg-bar--warning,.pg-bar__cap--warning,.pg-bar__box--warning{fill:#e69f00;stroke:var(--war)}.pg-bar--failed,.pg-bar__cap--failed,.pg-bar__box--failed{fill:#d55e00;stroke:var(--fai)}\
.pg-bar--retrying,.pg-bar__cap--retrying,.pg-bar__box--retrying{fill:#f0e442;stroke:var(--ret)}.pg-bar--paused,.pg-bar__cap--paused,.pg-bar__box--paused{fill:#56b4e9;stroke:var(--pau)}\
.pg-bar--killed,.pg-bar__cap--killed,.pg-bar__box--killed{fill:#cc79a7;stroke:var(--kil)}.pg-bar__due{stroke:var(--m);stroke-dasharray:2 2}.pg-bar__late{stroke:var(--war);stroke-width:3}[class*=pg-bar__box]{fill-opacity:.14}[class*=pg-bar__cap]{stroke:none}\
.pg-bar--wait-slot{fill:none;stroke:var(--w);stroke-dasharray:4 3}.pg-bar--wait-previous,.pg-bar--skipped,.pg-pattern__skip{fill:none;stroke:var(--w)}.pg-bar--wait-frozen{fill:none;stroke:var(--pau)}\
.pg-bar__plate--warning{fill:#e69f00}.pg-bar__plate--failed{fill:#d55e00}.pg-bar__plate--retrying{fill:#f0e442}.pg-bar__plate--paused{fill:#56b4e9}.pg-bar__plate--killed{fill:#cc79a7}.pg-bar__plate--queued{fill:#e0e0e6}\
.pg-bar__text,.pg-bar__letter{fill:#111}.pg-bar__text--running,.pg-bar__letter--running{fill:#fff}.pg-bar__letter{text-anchor:middle;font-weight:700}.pg-bar__letter--plain{fill:var(--i)}.pg-bar__letter--muted{fill:var(--m);font-weight:600}\
.pg-pattern__dots{fill:var(--w)}.pg-pattern__slot{fill:#6b7280}.pg-pattern__ink{stroke:#111;fill:none;stroke-opacity:.55}";

/// The patterns that accompany the colors.
pub const PATTERNS: &str = r#"<pattern id="pg-dots" width="5" height="5" patternUnits="userSpaceOnUse"><circle class="pg-pattern__dots" cx="2.5" cy="2.5" r=".75"/></pattern><pattern id="pg-queued" width="5" height="5" patternUnits="userSpaceOnUse"><circle class="pg-pattern__slot" cx="2.5" cy="2.5" r=".75"/></pattern><pattern id="pg-warning" width="10" height="10" patternUnits="userSpaceOnUse"><path class="pg-pattern__ink" d="M-2 12 12-2M-7 7 7-7M3 17 17 3" stroke-width="1.5"/></pattern><pattern id="pg-failed" width="9" height="8" patternUnits="userSpaceOnUse"><path class="pg-pattern__ink" d="M1.5 1.5l5 5M6.5 1.5l-5 5"/></pattern><pattern id="pg-retrying" width="5" height="5" patternUnits="userSpaceOnUse"><path class="pg-pattern__ink" d="M-1-1 6 6M-1 4l2 2M4-1l2 2"/></pattern><pattern id="pg-paused" width="12" height="18" patternUnits="userSpaceOnUse"><path class="pg-pattern__ink" d="M4 0v18M7 0v18" stroke-width="1.25"/></pattern><pattern id="pg-killed" width="8" height="4" patternUnits="userSpaceOnUse"><path class="pg-pattern__ink" d="M0 2h8"/></pattern>"#;

/// The whole run as a picture 892 px wide, with a line break at the end. The title gives the flow and its makespan, the description
/// each row in words.
#[must_use]
pub fn svg(flows: &[Flow], trace: &Trace) -> String {
    drawn(flows, trace, &View::default(), &|_| Default::default())
}

/// The same rows without bars and lengths, up to a time: to draw into.
#[must_use]
pub fn blank(flows: &[Flow], trace: &Trace, until: SimTime) -> String {
    drawn(flows, trace, &View { is_blank: true, until, ..View::default() }, &|_| Default::default())
}

/// What a picture shows beside the run.
#[derive(Default)]
pub(super) struct View {
    /// Whether it has only the axis, up to `until`, and the names.
    pub is_blank: bool,
    /// A time that the axis reaches, even where the run ends before.
    pub until: SimTime,
    /// The height of what is drawn below the rows, in pixels.
    pub foot_px: f64,
    /// What the description says besides.
    pub words: String,
}

/// Where the chart lies in the picture, in pixels.
pub(super) struct Frame {
    label_px: f64,
    scale: Scale,
    /// The upper edge of the chart, that of its first row, and its lower edge.
    pub top: f64,
    pub rows_top: f64,
    pub rows_end: f64,
    /// The size of the picture.
    pub width: f64,
    pub height: f64,
}

impl Frame {
    /// Where a moment lies in the picture.
    pub fn x(&self, at: SimTime) -> f64 {
        self.label_px + self.scale.x(at)
    }
}

/// The picture, with further style and further shapes over it.
pub(super) fn drawn(flows: &[Flow], trace: &Trace, view: &View, over: &dyn Fn(&Frame) -> [String; 2]) -> String {
    let rows = rows(flows, trace, &|_| false);
    let label_px = rows.iter().map(|row| label_px(row, row.name.chars().count())).fold(LABEL_PX.0, f64::max).min(LABEL_PX.1);
    let View { is_blank, until, foot_px, .. } = *view;
    let scale = Scale::whole(if is_blank { until } else { span(trace, until) }, 8.0, WIDTH_PX - label_px - 32.0);
    let start = axis_start(&flows[0], trace);
    let picture = layout(trace, &rows, &Viewport { scale, rows: 0..rows.len(), start });
    let rows_end = AXIS_PX + GAP_PX + row_top(rows.len()) + 2.0 * GAP_PX;
    let height = rows_end + foot_px;
    let makespan = numbers(&flows[0], trace).makespan;
    let (title, words) = match is_blank {
        true => (flows[0].title().to_string(), names(&rows)),
        false => (format!("{}: {}", flows[0].title(), human(makespan)), description(flows, &rows, &picture.rows) + &view.words),
    };
    let frame = Frame { label_px, scale, top: AXIS_PX, rows_top: AXIS_PX + GAP_PX, rows_end, width: WIDTH_PX, height };
    let [style, shapes_over] = over(&frame);
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="pg-title pg-desc"><title id="pg-title">{}</title><desc id="pg-desc">{}</desc><style>{STYLE}{style}</style><defs>{PATTERNS}</defs><rect class="ground" width="{width}" height="{height}"/>"#,
        escape(&title),
        escape(&words),
        width = px(WIDTH_PX),
        height = px(height),
    );
    for tick in &picture.ticks {
        let x = label_px + tick.x;
        let line = px(x.floor() + 0.5);
        write!(out, r#"<path class="grid" d="M{line} {AXIS_PX}V{}"/><path class="tick" d="M{line} 23v5"/>"#, px(rows_end)).expect(WRITES);
        write!(out, r#"<text class="muted" text-anchor="middle" x="{}" y="18">{}</text>"#, px(x), escape(&tick.label)).expect(WRITES);
    }
    let (axis, total) = (start.map_or("time".to_owned(), caption), human(makespan));
    write!(out, r#"<text class="muted" x="{PADDING_PX}" y="18">{axis}</text>"#).expect(WRITES);
    let total_x = label_px - NAME_GAP_PX;
    if !is_blank && PADDING_PX + CHARACTER_PX.1 * (axis.len() + total.chars().count() + 1) as f64 <= total_x {
        write!(out, r#"<text class="group" text-anchor="end" x="{}" y="18">{total}</text>"#, px(total_x)).expect(WRITES);
    }
    if makespan < trace.end && !is_blank {
        let x = label_px + scale.x(makespan);
        write!(out, r#"<path class="end" d="M{} {AXIS_PX}V{}"/>"#, px(x.floor() + 0.5), px(rows_end)).expect(WRITES);
    }
    for (n, (row, bars)) in rows.iter().zip(&picture.rows).enumerate() {
        let top = AXIS_PX + GAP_PX + row_top(n);
        let class = if row.is_group { "name group" } else { "name" };
        let name = shortened(row, &row.name, label_px);
        write!(
            out,
            r#"<g transform="translate(0 {})"><text class="{class}" x="{}" y="18">{}</text>"#,
            px(top),
            px(indent_px(row)),
            escape(&name)
        )
        .expect(WRITES);
        if is_blank {
            out += "</g>";
            continue;
        }
        write!(
            out,
            r#"<text class="muted" text-anchor="end" x="{}" y="18">{}</text>"#,
            px(label_px - NAME_GAP_PX),
            escape(&length_text(row))
        )
        .expect(WRITES);
        write!(out, r#"<g transform="translate({} 0)">"#, px(label_px)).expect(WRITES);
        let text = |bar: &Bar| match (row.is_group, bar.is_stopped) {
            (true, _) => group_text(flows, trace, row),
            (false, true) => bar_text(flows, trace, row, bar),
            (false, false) => String::new(),
        };
        bars.iter().flat_map(|bar| shapes(bar, Progress::Ended, &text(bar))).for_each(|shape| draw(&mut out, &shape));
        due_mark(flows, trace, row, &scale, WIDTH_PX - label_px).iter().for_each(|shape| draw(&mut out, shape));
        out += "</g></g>";
    }
    out += &shapes_over;
    out += "</svg>\n";
    out
}

fn indent_px(row: &Row) -> f64 {
    PADDING_PX + row.depth as f64 * INDENT_PX
}

/// The width of the column that shows `n_characters` of the name and the whole length.
fn label_px(row: &Row, n_characters: usize) -> f64 {
    let length_px = CHARACTER_PX.1 * length_text(row).chars().count() as f64;
    indent_px(row) + CHARACTER_PX.0 * n_characters as f64 + NAME_GAP_PX + length_px + NAME_GAP_PX
}

/// The name, shortened when it would run into the length.
fn shortened(row: &Row, name: &str, column_px: f64) -> String {
    if label_px(row, name.chars().count()) <= column_px {
        return name.to_owned();
    }
    let n_fitting = ((column_px - label_px(row, 0)) / CHARACTER_PX.0) as usize;
    name.chars().take(n_fitting.saturating_sub(1)).chain(['…']).collect()
}

const WRITES: &str = "a string takes all that is written to it";

fn draw(out: &mut String, shape: &Shape) {
    let class = |class: &str| if class.is_empty() { String::new() } else { format!(r#" class="{class}""#) };
    let written = match shape {
        Shape::Rect { class: names, at: [x, y, width, height], radius, pattern } => {
            let fill = pattern.map(|id| format!(r#" fill="url(#{id})""#)).unwrap_or_default();
            let corner = if *radius > 0.0 { format!(r#" rx="{}""#, px(*radius)) } else { String::new() };
            write!(
                out,
                r#"<rect{}{fill} x="{}" y="{}" width="{}" height="{}"{corner}/>"#,
                class(names),
                px(*x),
                px(*y),
                px(*width),
                px(*height)
            )
        }
        Shape::Path { class: names, d, crisp } => {
            let crisp = if *crisp { r#" shape-rendering="crispEdges""# } else { "" };
            write!(out, r#"<path{} d="{d}"{crisp}/>"#, class(names))
        }
        Shape::Text { class: names, at: [x, y], text } => {
            write!(out, r#"<text{} x="{}" y="{}">{}</text>"#, class(names), px(*x), px(*y), escape(text))
        }
    };
    written.expect(WRITES);
}

fn description(flows: &[Flow], rows: &[Row], bars: &[Vec<Bar>]) -> String {
    let sentences = rows.iter().zip(bars).map(|(row, bars)| row_sentence(flows, row, bars) + ".");
    sentences.collect::<Vec<_>>().join(" ")
}

fn names(rows: &[Row]) -> String {
    rows.iter().map(|row| &*row.name).collect::<Vec<_>>().join(", ")
}

/// A row in words: `t4, waiting for a slot 0 to 1 second, running 1 to 2 seconds, success`.
#[must_use]
pub fn row_sentence(flows: &[Flow], row: &Row, bars: &[Bar]) -> String {
    let dialect = flows[0].dialect;
    // `0 to 1 second`: the unit of the first is that of the second, below a minute.
    let first = |from: SimTime, to: SimTime| {
        let is_plain = from == SimTime::ZERO || to.0 < 60_000;
        if is_plain { seconds(from, 0) } else { spoken(from) }
    };
    let segment = |bar: &Bar| {
        let (from, to) = (bar.segment.from, bar.segment.to);
        let name = bar.segment.kind.label(dialect);
        let ended = bar
            .outcome
            .filter(|_| bar.is_earlier_attempt)
            .map_or_else(String::new, |state| format!(", {}", SegmentKind::State(state).label(dialect)));
        if from == to { format!("{name} at {}{ended}", spoken(to)) } else { format!("{name} {} to {}{ended}", first(from, to), spoken(to)) }
    };
    let mut parts = vec![row.name.to_string()];
    parts.extend(bars.iter().map(segment));
    parts.push(bars.last().and_then(|bar| bar.outcome).map_or_else(
        || if !matches!(row.about, About::Task(..)) { "not ended" } else { "never started" }.to_owned(),
        |state| SegmentKind::State(state).label(dialect).to_owned() + &stopped_text(row),
    ));
    parts.join(", ")
}

/// A text as XML shows it, also within quotes. Control characters are left out.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
