//! The legend: only what is on show.

use yew::prelude::*;

use super::shape;
use crate::flow::Dialect;
use crate::timeline::legend::LegendItem;
use crate::timeline::shapes::{Progress, shapes};
use crate::tr;

/// A mark that is no bar: its class, its outline as a path, and what it stands for.
pub type Mark = (&'static str, &'static str, fn() -> String);

pub const GHOST: Mark = ("pg-timeline__ghost", "M0 8h28v2H0z", || tr!("before"));
pub const REAL: Mark = ("pg-real__bar pg-bar--success", "M.5 5.5h27v7H.5z", || tr!("real run"));
pub const ADDED: Mark = ("pg-real--added", "M.5 5.5h27v7H.5z", || tr!("added by the server"));
pub const LATE: Mark = ("pg-bar__late", "M0 8h28v3H0z", || tr!("after its due date"));
pub const HAND_OVER: Mark = ("pg-legend__tick", "M13 1h2v16h-2z", || tr!("takes over a slot"));
pub const BLACKOUT: Mark = ("pg-timeline__blackout", "M0 1h28v16H0z", || tr!("blackout period"));
pub const STOPPED: Mark = ("pg-bar pg-bar--wait-previous", "M.5 .5H22.5l-4 3.5 4 3 -4 3 4 3 -4 3.5H.5z", || tr!("stopped by a failure"));
pub const BOUND: Mark = ("pg-timeline__bound", "M14 13l-5-8h10z", || tr!("no schedule takes less"));

/// What is on show, in the words of a dialect, then the marks, and at the end `aside`.
pub fn legend(items: &[LegendItem], marks: &[Mark], dialect: Dialect, aside: Html) -> Html {
    html! {
        <div class="pg-legend" aria-label={tr!("Legend")}>
            { for items.iter().map(|item| view(*item, dialect)) }
            { for marks.iter().map(mark) }
            { aside }
        </div>
    }
}

fn mark((class, d, label): &Mark) -> Html {
    html! {
        <span class="pg-legend__item">
            <svg width="28" height="18" aria-hidden="true">
                <path class={*class} d={*d} />
            </svg>
            { label() }
        </span>
    }
}

fn view(item: LegendItem, dialect: Dialect) -> Html {
    let (bar, width) = item.sample();
    html! {
        <span class="pg-legend__item">
            <svg width={width.to_string()} height="18" viewBox={format!("0 5 {width} 18")} aria-hidden="true">
                { for shapes(&bar, Progress::Planned, "").iter().map(shape::view) }
            </svg>
            { item.label(dialect) }
        </span>
    }
}
