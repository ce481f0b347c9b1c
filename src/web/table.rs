//! The table: the same numbers as the chart, and what each task is doing at the playhead.

use std::rc::Rc;

use yew::prelude::*;

use super::store::OnMsg;
use super::transport::clock_text;
use crate::analysis::segments::SegmentKind;
use crate::app::Msg;
use crate::app::run::Run;
use crate::time::{SimTime, human};
use crate::timeline::lanes::Row;

/// Rows that are shown at the most.
const MOST: usize = 500;

#[derive(Properties, PartialEq)]
pub struct TableProps {
    pub run: Rc<Run>,
    pub now: SimTime,
    pub selected: Option<Rc<str>>,
    pub on_msg: OnMsg,
}

#[component]
pub fn Table(TableProps { run, now, selected, on_msg }: &TableProps) -> Html {
    html! {
        <table class="pg-table" data-testid="table">
            <thead>
                <tr>
                    <th scope="col">{ "task" }</th>
                    <th scope="col" class="pg-table__number">{ "waited" }</th>
                    <th scope="col" class="pg-table__number">{ "starts" }</th>
                    <th scope="col" class="pg-table__number">{ "ends" }</th>
                    <th scope="col">{ format!("at {}", clock_text(*now, run.end())) }</th>
                </tr>
            </thead>
            <tbody>
                { for run.rows.iter().take(MOST).map(|row| line(run, row, *now, selected.as_ref() == Some(&row.key), on_msg)) }
                if run.rows.len() > MOST { <tr><td colspan="5">{ format!("and {} more rows", run.rows.len() - MOST) }</td></tr> }
            </tbody>
        </table>
    }
}

fn line(run: &Run, row: &Row, now: SimTime, selected: bool, on_msg: &OnMsg) -> Html {
    let parts = row.segments(&run.trace);
    let ends = row.length.and_then(|_| parts.last()).map(|last| last.to);
    let number = |time: Option<SimTime>| {
        time.map_or_else(|| "–".to_owned(), |time| if time == SimTime::ZERO { "0".to_owned() } else { human(time) })
    };
    let waited =
        parts.iter().filter(|segment| segment.kind.is_wait()).fold(SimTime::ZERO, |sum, segment| sum + (segment.to - segment.from));
    let starts = parts.iter().find(|segment| !segment.kind.is_wait()).map(|segment| segment.from);
    let ended = ends.filter(|ends| *ends <= now).and_then(|_| row.outcome(&run.trace));
    let current = parts.iter().rev().find(|segment| segment.from <= now).map(|segment| segment.kind);
    let doing = ended.map(SegmentKind::State).or(current).map_or("–", SegmentKind::sentence);
    let onclick = {
        let key = row.key.clone();
        on_msg.reform(move |_| Msg::Select(Some(Rc::clone(&key))))
    };
    html! {
        <tr class={selected.then_some("pg-table__row--selected")} {onclick}>
            <th scope="row">{ row.key.to_string() }</th>
            <td class="pg-table__number">{ number(row.length.map(|_| waited)) }</td>
            <td class="pg-table__number">{ number(starts) }</td>
            <td class="pg-table__number">{ number(ends) }</td>
            <td>{ doing }</td>
        </tr>
    }
}
