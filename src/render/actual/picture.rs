//! The picture of a run with the real one on the same axis: a narrow bar across the lower edge of each simulated one.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{summary, unpaired};
use crate::actual::{History, Overlay, end, stays};
use crate::flow::Flow;
use crate::flow::state::State;
use crate::render::svg::{Frame, View, drawn, escape};
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};
use crate::time::SimTime;
use crate::timeline::NARROWEST_BAR_PX;
use crate::timeline::rows::{About, rows};
use crate::timeline::shapes::{px, row_top, tone};

/// The upper edge and the height of a real bar in its row, and the height of a line of the foot, in pixels.
const BAR_PX: (f64, f64) = (19.5, 7.0);
const LINE_PX: f64 = 18.0;
/// How many characters a line of the foot has room for.
const LINE_CHARACTERS: usize = 128;

const STYLE: &str = ".pg-real{stroke:var(--i);stroke-width:1}.pg-real--added{stroke:var(--w);stroke-dasharray:2 2}";

/// The picture of [`crate::render::svg::svg`] with the real run over it, and below it what has no other.
#[must_use]
pub fn svg(flows: &[Flow], trace: &Trace, overlay: &Overlay) -> String {
    let mut lines = vec!["wide bars: simulated; narrow bars: real; dotted: added by the server".to_owned(), summary(trace, overlay)];
    lines.extend(unpaired(flows, trace, overlay));
    let view = View {
        until: end(&overlay.real),
        foot_px: LINE_PX * lines.len() as f64 + 6.0,
        words: format!(" {}.", lines[1..].join(". ")),
        ..View::default()
    };
    drawn(flows, trace, &view, &|frame| [STYLE.to_owned(), bars(flows, trace, overlay, frame) + &foot(&lines, frame)])
}

fn foot(lines: &[String], frame: &Frame) -> String {
    let line = |(n, text): (usize, &String)| {
        let is_long = text.chars().count() > LINE_CHARACTERS;
        let shown: String = text.chars().take(LINE_CHARACTERS).chain(is_long.then_some('…')).collect();
        format!(r#"<text class="muted" x="16" y="{}">{}</text>"#, px(frame.rows_end + LINE_PX * (n as f64 + 0.8)), escape(&shown))
    };
    lines.iter().enumerate().map(line).collect()
}

/// The real bars, in the rows of the simulated ones.
fn bars(flows: &[Flow], trace: &Trace, overlay: &Overlay, frame: &Frame) -> String {
    let gaps: BTreeMap<RunIdx, usize> = overlay.gaps.iter().enumerate().map(|(at, gap)| (gap.run, at)).collect();
    let executions: BTreeMap<ExecutionIdx, usize> = overlay.pairs.executions.iter().map(|(real, one)| (*one, *real)).collect();
    let mut out = String::new();
    for (n, row) in rows(flows, trace, &|_| false).iter().enumerate() {
        let top = frame.rows_top + row_top(n);
        match row.about {
            About::Run(_, _, run) => {
                let Some(gap) = gaps.get(&run).and_then(|at| overlay.gaps.get(*at)) else { continue };
                states(&mut out, frame, top, &overlay.run(gap.real).history);
                gap.hand_overs
                    .iter()
                    .chain(&gap.timers)
                    .for_each(|added| bar(&mut out, frame, top, "pg-real--added", *added, Some("pg-dots")));
            }
            About::Execution(execution) => {
                let Some(real) = executions.get(&execution).and_then(|at| overlay.real.get(*at)) else { continue };
                // An iteration of a Loop has taken over its first states: it began with its first taskrun.
                let first = real.runs.iter().filter_map(|run| run.history.first()).map(|(at, _)| *at).min();
                let from = first.filter(|_| real.iteration.is_some()).unwrap_or_default();
                let history: History = real.history.iter().map(|(at, state)| ((*at).max(from), *state)).collect();
                states(&mut out, frame, top, &history);
            }
            About::Task(..) | About::Value { .. } => {}
        }
    }
    out
}

fn states(out: &mut String, frame: &Frame, top: f64, history: &[(SimTime, State)]) {
    for (state, from, to) in stays(history) {
        bar(out, frame, top, &format!("pg-bar--{} pg-real", tone(state).name), (from, to), None);
    }
}

/// A bar true to scale; what is too narrow for one is a tick.
fn bar(out: &mut String, frame: &Frame, top: f64, class: &str, (from, to): (SimTime, SimTime), pattern: Option<&str>) {
    let (x, width) = (frame.x(from), frame.x(to.max(from)) - frame.x(from));
    let fill = pattern.map(|id| format!(r#" fill="url(#{id})""#)).unwrap_or_default();
    let written = if width < NARROWEST_BAR_PX {
        write!(out, r#"<path class="{class}" d="M{} {}v{}"/>"#, px(x), px(top + BAR_PX.0), px(BAR_PX.1))
    } else {
        let (y, height) = (px(top + BAR_PX.0), px(BAR_PX.1));
        write!(out, r#"<rect class="{class}"{fill} x="{}" y="{y}" width="{}" height="{height}"/>"#, px(x), px(width))
    };
    written.expect("a string takes all that is written to it");
}
