//! The legend: only what is on show.

use yew::prelude::*;

use super::shape;
use crate::flow::Dialect;
use crate::timeline::legend::LegendItem;
use crate::timeline::shapes::{Progress, shapes};

/// What is on show, in the words of a dialect, then the ghost if there is one, and at the end `aside`.
pub fn legend(items: &[LegendItem], has_ghost: bool, dialect: Dialect, aside: Html) -> Html {
    html! {
        <div class="pg-legend" aria-label="Legend">
            { for items.iter().map(|item| view(*item, dialect)) }
            if has_ghost {
                <span class="pg-legend__item">
                    <svg width="28" height="18" aria-hidden="true">
                        <rect class="pg-timeline__ghost" y="8" width="28" height="2" />
                    </svg>
                    { "before the change" }
                </span>
            }
            { aside }
        </div>
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
