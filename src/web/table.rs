//! The table: the numbers of the chart, and what each task is doing at the playhead.

use std::rc::Rc;

use yew::prelude::*;

use super::bridge::copy;
use super::store::OnMsg;
use crate::app::Msg;
use crate::app::run::Run;
use crate::app::table::{HEADS, cells, last_head, text};
use crate::time::SimTime;
use crate::timeline::rows::Row;

/// More rows than this are counted, not shown.
const MOST_ROWS: usize = 500;

#[derive(Properties, PartialEq)]
pub struct TableProps {
    pub run: Rc<Run>,
    pub now: SimTime,
    pub selected: Option<Rc<str>>,
    pub on_msg: OnMsg,
}

#[component]
pub fn Table(TableProps { run, now, selected, on_msg }: &TableProps) -> Html {
    let on_copy = {
        let (run, now) = (run.clone(), *now);
        move |event: MouseEvent| copy(&event.target_unchecked_into(), &text(&run, now))
    };
    let line = |row: &Row| {
        let [name, numbers @ .., doing] = cells(run, row, *now);
        let onclick = {
            let key = row.key.clone();
            on_msg.reform(move |_| Msg::Select(Some(Rc::clone(&key))))
        };
        let class = (selected.as_ref() == Some(&row.key)).then_some("pg-table__row--selected");
        html! {
            <tr {class} {onclick}>
                <th scope="row">{ name }</th>
                { for numbers.into_iter().map(|number| html! { <td class="pg-table__number">{ number }</td> }) }
                <td>{ doing }</td>
            </tr>
        }
    };
    let head = |(n, head): (usize, &&'static str)| {
        let class = (n > 0).then_some("pg-table__number");
        html! { <th scope="col" {class}>{ *head }</th> }
    };
    html! {
        <>
            <button class="pg-button pg-button--outline pg-table__copy" data-testid="copy-table" onclick={on_copy}>
                { "Copy" }
            </button>
            <table class="pg-table" data-testid="table">
                <thead>
                    <tr>
                        { for HEADS.iter().enumerate().map(head) }
                        <th scope="col">{ last_head(run, *now) }</th>
                    </tr>
                </thead>
                <tbody>
                    { for run.rows.iter().take(MOST_ROWS).map(line) }
                    if run.rows.len() > MOST_ROWS {
                        <tr><td colspan="5">{ format!("and {} more rows", run.rows.len() - MOST_ROWS) }</td></tr>
                    }
                </tbody>
            </table>
        </>
    }
}
