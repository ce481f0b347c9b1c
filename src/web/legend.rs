//! The legend: only what is on show.

use yew::prelude::*;

use super::shape;
use crate::flow::Dialect;
use crate::timeline::legend::LegendItem;
use crate::timeline::shapes::{Progress, shapes};

/// A mark that is no bar: its class, its top and height in the sample, and what it stands for.
pub type Mark = (&'static str, &'static str, &'static str, &'static str);

pub const GHOST: Mark = ("pg-timeline__ghost", "8", "2", "before");
pub const LATE: Mark = ("pg-bar__late", "8", "3", "after its due date");
pub const HAND_OVER: Mark = ("pg-legend__tick", "1", "16", "takes over a slot");
pub const BLACKOUT: Mark = ("pg-timeline__blackout", "1", "16", "blackout period");

/// What is on show, in the words of a dialect, then the marks, and at the end `aside`.
pub fn legend(items: &[LegendItem], marks: &[Mark], dialect: Dialect, aside: Html) -> Html {
    html! {
        <div class="pg-legend" aria-label="Legend">
            { for items.iter().map(|item| view(*item, dialect)) }
            { for marks.iter().map(mark) }
            { aside }
        </div>
    }
}

fn mark((class, top, height, label): &Mark) -> Html {
    html! {
        <span class="pg-legend__item">
            <svg width="28" height="18" aria-hidden="true">
                <rect class={*class} y={*top} width="28" height={*height} />
            </svg>
            { *label }
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
