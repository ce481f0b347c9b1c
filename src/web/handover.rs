//! The mark of a hand-over: from those whose end let the selected task start to its bar.

use std::ops::Range;

use yew::prelude::*;

use super::metrics::Metrics;
use crate::analysis::segments::{held_up_by, segments};
use crate::analysis::slots::holders_of;
use crate::app::run::Run;
use crate::sim::trace::RunIdx;
use crate::timeline::scale::Scale;
use crate::timeline::shapes::px;

/// Half the height of a bar.
const BAR_PX: f64 = 9.0;

/// The mark for the selected row; nothing when its task had not to wait, or nobody who is in view let it go.
pub fn hand_over(run: &Run, selected: Option<&str>, in_view: &Range<usize>, scale: &Scale, metrics: Metrics) -> Option<Html> {
    let at_row = |idx: RunIdx| in_view.clone().position(|at| run.rows[at].run() == Some(idx));
    let y = |at: usize| at as f64 * metrics.row_px + metrics.bar_top_px + 14.0;
    let idx = run.row(selected?)?.run()?;
    let wait = segments(&run.trace, idx).into_iter().rfind(|segment| segment.kind.is_wait())?;
    let by = held_up_by(&run.trace, idx, wait.kind, &holders_of(&run.trace, idx));
    let givers: Vec<f64> = by.into_iter().filter(|by| run.trace.ended(*by) == wait.to).filter_map(at_row).map(y).collect();
    let (taker, x) = (y(at_row(idx)?), scale.x(wait.to).round() + 0.5);
    // One arrow down from those above, one up from those below.
    let arrow = |from: f64, sign: f64| {
        let tip = taker - sign * BAR_PX;
        let head = format!("M{} {}h8l-4 {}z", px(x - 4.0), px(tip - sign * 6.0), px(sign * 6.0));
        html! { <><path class="pg-timeline__handover" d={format!("M{} {}V{}", px(x), px(from), px(tip - sign * 4.0))} shape-rendering="crispEdges" /><path class="pg-timeline__handover-dot" d={head} /></> }
    };
    let above = givers.iter().copied().filter(|y| *y < taker).reduce(f64::min).map(|from| arrow(from, 1.0));
    let below = givers.iter().copied().filter(|y| *y > taker).reduce(f64::max).map(|from| arrow(from, -1.0));
    let dot = |y: &f64| html! { <circle class="pg-timeline__handover-dot" cx={px(x)} cy={px(*y)} r="2.5" /> };
    (!givers.is_empty()).then(|| html! { <g data-testid="hand-over">{ above }{ below }{ for givers.iter().map(dot) }</g> })
}
