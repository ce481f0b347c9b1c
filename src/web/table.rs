//! The table: the numbers of the chart, and what each task is doing at the playhead.

use std::rc::Rc;

use yew::prelude::*;

use super::bridge::copy;
use super::store::OnMsg;
use crate::app::Msg;
use crate::app::critical::Critical;
use crate::app::run::Run;
use crate::app::table::{COLUMNS, Cells, FORMATS, Format, all_cells, cells, heads, last_head, ordered};
use crate::app::terms::Term;
use crate::time::SimTime;
use crate::timeline::rows::Row;
use crate::tr;

/// More rows than this are counted, not shown.
const MOST_ROWS: usize = 500;

/// The column of how long a row took.
const TAKES: usize = 4;

/// A button for each way in which a table is copied. `id` begins their test ids.
pub fn copies(id: &str, cells: &Rc<dyn Fn() -> Cells>) -> Html {
    let button = |(name, format): (&'static str, Format)| {
        let (testid, cells) = (format!("copy-{id}-{name}").to_lowercase(), Rc::clone(cells));
        let onclick = move |event: MouseEvent| copy(&event.target_unchecked_into(), &format(&cells()));
        html! {
            <button class="pg-button pg-button--outline" data-testid={testid}
                title={tr!("Copy as {format}", format = name)} {onclick}>
                { name }
            </button>
        }
    };
    html! {
        <span class="pg-copies">
            <span role="status">{ tr!("Copy as") }</span>
            { for FORMATS.into_iter().map(button) }
        </span>
    }
}

/// What stands for the rows that are not shown.
pub fn more_rows(n: usize) -> String {
    tr!("and {n} more rows" | "and {n} more rows" % n)
}

#[derive(Properties, PartialEq)]
pub struct TableProps {
    pub run: Rc<Run>,
    pub now: SimTime,
    pub selected: Option<Rc<str>>,
    /// The critical path while it is shown: its rows come first.
    pub path: Option<Rc<Critical>>,
    pub on_msg: OnMsg,
}

#[component]
pub fn Table(TableProps { run, now, selected, path, on_msg }: &TableProps) -> Html {
    // The critical path is looked at for its longest tasks.
    let by = use_state_eq(|| path.as_ref().map(|_| TAKES));
    let all: Rc<dyn Fn() -> Cells> = {
        let (run, now) = (run.clone(), *now);
        Rc::new(move || all_cells(&run, now))
    };
    let line = |row: &Row| {
        let [name, numbers @ .., doing] = cells(run, row, *now);
        let onclick = {
            let key = row.key.clone();
            on_msg.reform(move |_| Msg::Select(Some(Rc::clone(&key))))
        };
        let class = (selected.as_ref() == Some(&row.key)).then_some("pg-table__row--selected");
        let is_critical = path.as_ref().is_some_and(|path| path.has(row));
        html! {
            <tr {class} {onclick}>
                <th scope="row">
                    { name }
                    if is_critical {
                        <span class="pg-table__critical" title={Term::CriticalPath.text()}>
                            { tr!("critical") }
                        </span>
                    }
                </th>
                { for numbers.into_iter().map(|number| html! { <td class="pg-table__number">{ number }</td> }) }
                <td>{ doing }</td>
            </tr>
        }
    };
    let heads = heads();
    let head = |(n, head): (usize, &String)| {
        if n == 0 {
            return html! { <th scope="col">{ head.clone() }</th> };
        }
        let is_on = *by == Some(n);
        let onclick = {
            let by = by.clone();
            move |_| by.set((!is_on).then_some(n))
        };
        html! {
            <th scope="col" class="pg-table__number" aria-sort={is_on.then_some("descending")}>
                <button class="pg-link pg-link--quiet" data-testid={format!("sort-{}", COLUMNS[n])}
                    title={if is_on { tr!("In the order of the flow") } else { tr!("The longest or latest first") }}
                    {onclick}>
                    { head.clone() }{ if is_on { " ↓" } else { "" } }
                </button>
            </th>
        }
    };
    html! {
        <>
            <span class="pg-table__copy">{ copies("table", &all) }</span>
            <table class="pg-table" data-testid="table">
                <thead>
                    <tr>
                        { for heads.iter().enumerate().map(head) }
                        <th scope="col">{ last_head(run, *now) }</th>
                    </tr>
                </thead>
                <tbody>
                    { for ordered(run, *by, path.as_deref()).into_iter().take(MOST_ROWS).map(line) }
                    if run.rows.len() > MOST_ROWS {
                        <tr><td colspan="6">{ more_rows(run.rows.len() - MOST_ROWS) }</td></tr>
                    }
                </tbody>
            </table>
        </>
    }
}
