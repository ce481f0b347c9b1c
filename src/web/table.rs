//! The table: the same numbers as the chart, and what each task is doing at the playhead.

use std::rc::Rc;

use yew::prelude::*;

use super::bridge::copy;
use super::store::OnMsg;
use super::transport::clock_text;
use crate::analysis::segments::SegmentKind;
use crate::app::Msg;
use crate::app::run::Run;
use crate::time::{SimTime, human};
use crate::timeline::rows::Row;

/// Rows that are shown at the most.
const MOST: usize = 500;

#[derive(Properties, PartialEq)]
pub struct TableProps {
    pub run: Rc<Run>,
    pub now: SimTime,
    pub selected: Option<Rc<str>>,
    pub on_msg: OnMsg,
}

/// The heads of the columns; the last one says what a task is doing at the playhead.
const HEADS: [&str; 4] = ["task", "waited", "starts", "ends"];

#[component]
pub fn Table(TableProps { run, now, selected, on_msg }: &TableProps) -> Html {
    let doing = format!("at {}", clock_text(*now, run.end()));
    let on_copy = {
        let (run, now, doing) = (run.clone(), *now, doing.clone());
        move |event: MouseEvent| {
            let lines = run.rows.iter().map(|row| cells(&run, row, now).join("\t"));
            let text: Vec<String> = std::iter::once([&HEADS.join("\t"), "\t", &doing].concat()).chain(lines).collect();
            copy(&event.target_unchecked_into(), &(text.join("\n") + "\n"));
        }
    };
    let line = |row: &Row| {
        let [name, numbers @ .., doing] = cells(run, row, *now);
        let onclick = {
            let key = row.key.clone();
            on_msg.reform(move |_| Msg::Select(Some(Rc::clone(&key))))
        };
        html! {
            <tr class={(selected.as_ref() == Some(&row.key)).then_some("pg-table__row--selected")} {onclick}>
                <th scope="row">{ name }</th>
                { for numbers.into_iter().map(|number| html! { <td class="pg-table__number">{ number }</td> }) }
                <td>{ doing }</td>
            </tr>
        }
    };
    html! {
        <>
            <button class="pg-button pg-button--outline pg-table__copy" data-testid="copy-table" onclick={on_copy}>{ "Copy" }</button>
            <table class="pg-table" data-testid="table">
                <thead>
                    <tr>
                        { for HEADS.iter().enumerate().map(|(n, head)| html! { <th scope="col" class={(n > 0).then_some("pg-table__number")}>{ *head }</th> }) }
                        <th scope="col">{ doing }</th>
                    </tr>
                </thead>
                <tbody>
                    { for run.rows.iter().take(MOST).map(line) }
                    if run.rows.len() > MOST { <tr><td colspan="5">{ format!("and {} more rows", run.rows.len() - MOST) }</td></tr> }
                </tbody>
            </table>
        </>
    }
}

/// What the table says of a row: its name, how long it waited, its start, its end, and what it is doing.
fn cells(run: &Run, row: &Row, now: SimTime) -> [String; 5] {
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
    let doing = ended.map(SegmentKind::State).or(current).map_or_else(|| "–".to_owned(), |kind| kind.label(run.flow().dialect));
    [row.name(&run.flows).to_string(), number(row.length.map(|_| waited)), number(starts), number(ends), doing]
}
