//! The legend: only what is on show.

use yew::prelude::*;

use super::shape;
use crate::analysis::segments::{Segment, SegmentKind};
use crate::flow::Dialect;
use crate::flow::state::State;
use crate::time::SimTime;
use crate::timeline::shapes::{Progress, Shape, shapes};
use crate::timeline::{Bar, Form};

/// What the legend lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A state or a wait.
    Kind(SegmentKind),
    /// What takes no time.
    NoTime,
}

/// What is on show, in the words of a dialect; at the end what else is to stand there.
pub fn legend(items: &[Item], ghost: bool, dialect: Dialect, aside: Html) -> Html {
    // States first, then waits, then marks.
    let states = items.iter().filter(|item| matches!(item, Item::Kind(kind) if !kind.is_wait()));
    let others = items.iter().filter(|item| !matches!(item, Item::Kind(kind) if !kind.is_wait()));
    html! {
        <div class="pg-legend" aria-label="Legend">
            { for states.chain(others).map(|item| view(*item, dialect)) }
            if ghost {
                <span class="pg-legend__item"><svg width="28" height="18" aria-hidden="true"><rect class="pg-timeline__ghost" y="8" width="28" height="2" /></svg>{ "before the change" }</span>
            }
            { aside }
        </div>
    }
}

fn view(item: Item, dialect: Dialect) -> Html {
    let second = |kind, to| Segment { kind, from: SimTime::ZERO, to: SimTime(to) };
    let (bar, words, width) = match item {
        Item::Kind(kind) => {
            let form = if kind == SegmentKind::WaitPrevious { Form::Line } else { Form::Box };
            (Bar { segment: second(kind, 1), x: 0.0, width: 23.0, form, outcome: None }, kind.label(dialect), 24)
        }
        Item::NoTime => {
            let kind = SegmentKind::State(State::Success);
            (Bar { segment: second(kind, 0), x: 7.0, width: 0.0, form: Form::Diamond, outcome: None }, "no time at all".to_owned(), 16)
        }
    };
    let drawn: Vec<Shape> = shapes(&bar, Progress::Planned, "");
    html! {
        <span class="pg-legend__item">
            <svg width={width.to_string()} height="18" viewBox={format!("0 5 {width} 18")} aria-hidden="true">{ for drawn.iter().map(shape::view) }</svg>
            { words }
        </span>
    }
}
