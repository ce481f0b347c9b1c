//! The picture of a run that plays it by itself, without script: what the playhead has not reached yet is pale. Readers who prefer reduced
//! motion, and those who print it, see the picture at rest.

use super::svg::{Frame, View, drawn};
use crate::flow::Flow;
use crate::sim::trace::Trace;
use crate::time::SimTime;
use crate::timeline::shapes::px;

/// How long it plays, in milliseconds: as long as the run takes, but no shorter and no longer than this. Then it rests, and begins anew.
const PLAYS_MS: (u64, u64) = (2_000, 12_000);
const RESTS_MS: u64 = 2_000;

/// The picture of [`super::svg::svg`], playing. A run that takes no time is that picture.
#[must_use]
pub fn playing(flows: &[Flow], trace: &Trace) -> String {
    let over = |frame: &Frame| if trace.end == SimTime::ZERO { Default::default() } else { playhead(frame, trace.end) };
    drawn(flows, trace, &View::default(), &over)
}

/// The style and the shapes of a playhead that moves from the start of the run to its end.
fn playhead(frame: &Frame, end: SimTime) -> [String; 2] {
    let plays = end.0.clamp(PLAYS_MS.0, PLAYS_MS.1);
    let (from, to) = (frame.x(SimTime::ZERO), frame.x(end));
    let (whole, moves) = (plays + RESTS_MS, plays as f64 / (plays + RESTS_MS) as f64 * 100.0);
    let style = format!(
        ".pg-play{{visibility:hidden}}.pg-play__rest{{fill:var(--g);fill-opacity:.65}}.pg-play__head{{stroke:var(--i);stroke-width:1.5}}\
        @keyframes pg-play{{{}%,to{{transform:translateX({}px)}}}}\
        @media screen and (prefers-reduced-motion:no-preference){{.pg-play{{visibility:visible;animation:pg-play {whole}ms linear infinite}}}}",
        px(moves),
        px(to - from),
    );
    let (top, height, rest) = (px(frame.top), px(frame.height - frame.top), px(frame.width - from));
    let shapes = format!(
        r#"<g class="pg-play"><rect class="pg-play__rest" x="{x}" y="{top}" width="{rest}" height="{height}"/><path class="pg-play__head" d="M{x} {top}v{height}"/></g>"#,
        x = px(from),
    );
    [style, shapes]
}
