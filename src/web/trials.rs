//! Plans that were kept: a table of all, and two of them beside each other on one scale.

use std::rc::Rc;

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::field;
use super::icon::{Glyph, icon};
use super::real::real;
use super::sentence::code_in;
use super::store::OnMsg;
use super::table::{copies, more_rows};
use super::term::term;
use crate::app::result::change_text;
use crate::app::table::Cells;
use crate::app::terms::Term;
use crate::app::trials::{Act, Comparison, Difference, NOW, changed_limits, compare, no_efficiency, shown};
use crate::app::{App, Msg};
use crate::time::human;
use crate::timeline::shapes::px;
use crate::tr;

/// More differences than this are counted, not shown.
const MOST_ROWS: usize = 200;
/// Width of the picture in a row, in pixels.
const WIDTH_PX: f64 = 200.0;

/// The content of the panel.
pub fn trials(app: &App, on_msg: &OnMsg) -> Html {
    let lines = app.plan_table();
    let plans: Rc<dyn Fn() -> Cells> = {
        let lines = lines.clone();
        Rc::new(move || lines.clone())
    };
    html! {
        <div class="pg-trials" data-testid="trials">
            { real(app, on_msg) }
            <div class="pg-trials__head">
                <button class="pg-button pg-button--outline" data-testid="pin" disabled={app.is_stale()}
                    title={app.is_stale().then(|| tr!("The text has a problem: fix it first"))}
                    onclick={on_msg.reform(|_| Msg::Trials(Act::Pin))}>
                    { tr!("Keep this plan") }
                </button>
                { copies("plans", &plans) }
            </div>
            { table(&lines, on_msg) }
            if let Some(compared) = app.compared() { { comparison(app, &compared, on_msg) } } else {
                <p class="pg-muted">
                    { tr!("Keep a plan, change it, and compare. The kept one stays under the chart.") }
                    { for app.other_flows().iter().map(|flow| html! {
                        <>{ " " }{ code_in(&tr!("The plans of `{flow}` are back with that flow.", flow)) }</>
                    }) }
                </p>
            }
        </div>
    }
}

fn table(lines: &Cells, on_msg: &OnMsg) -> Html {
    let head = |name: &String| {
        html! { <th scope="col">{ Term::of(name).map_or_else(|| Html::from(name.clone()), term) }</th> }
    };
    let cell = |cell: &String| {
        html! { <td title={(cell == "–").then(no_efficiency)}>{ cell.clone() }</td> }
    };
    let line = |line: &Vec<String>| {
        let [name, cells @ ..] = &line[..] else { return html! {} };
        html! {
            <tr data-testid={format!("trial-{name}")}>
                <th scope="row">
                    { shown(name) }
                    if name != NOW { { actions(name, on_msg) } }
                </th>
                { for cells.iter().map(cell) }
            </tr>
        }
    };
    html! {
        <div class="pg-trials__scroll">
            <table class="pg-table pg-trials__table pg-trials__table--plans" aria-label={tr!("Plans")}>
                <thead><tr>{ for lines.iter().take(1).flatten().map(head) }</tr></thead>
                <tbody>{ for lines.iter().skip(1).map(line) }</tbody>
            </table>
        </div>
    }
}

/// What can be done with a plan that was kept.
fn actions(name: &str, on_msg: &OnMsg) -> Html {
    let button = |act: fn(Rc<str>) -> Act, testid: &str, label: String, what: String| {
        let name: Rc<str> = name.into();
        let testid = format!("{testid}-{name}");
        let onclick = on_msg.reform(move |_| Msg::Trials(act(Rc::clone(&name))));
        html! { <button class="pg-link" data-testid={testid} aria-label={what} {onclick}>{ label }</button> }
    };
    html! {
        <span class="pg-trials__actions">
            { button(Act::Show, "show", tr!("Show"), tr!("Show plan {plan}", plan = name)) }
            { button(Act::Drop, "drop", tr!("Drop"), tr!("Drop plan {plan}", plan = name)) }
        </span>
    }
}

fn comparison(app: &App, [first, second]: &[Rc<str>; 2], on_msg: &OnMsg) -> Html {
    let Some((a, b)) = app.plan(first).zip(app.plan(second)) else { return html! {} };
    let comparison = Rc::new(compare(a, b));
    let Comparison { rows, n_alike, makespans, span } = &*comparison;
    let all: Rc<dyn Fn() -> Cells> = {
        let comparison = Rc::clone(&comparison);
        Rc::new(move || comparison.cells())
    };
    let names: Vec<Rc<str>> = app.plans().map(|trial| Rc::clone(&trial.name)).chain([NOW.into()]).collect();
    let select = |is_first: bool| {
        let onchange = {
            let (names, on_msg, first, second) = (names.clone(), on_msg.clone(), Rc::clone(first), Rc::clone(second));
            move |event: Event| {
                let at = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
                let Some(name) = usize::try_from(at).ok().and_then(|at| names.get(at)).cloned() else { return };
                let pair = if is_first { (name, Rc::clone(&second)) } else { (Rc::clone(&first), name) };
                on_msg.emit(Msg::Trials(Act::Compare(pair.0, pair.1)));
            }
        };
        let (chosen, testid, label) = match is_first {
            true => (first, "first-plan", tr!("First plan")),
            false => (second, "second-plan", tr!("Second plan")),
        };
        let option = |name: &Rc<str>| field::option(name == chosen, html! { <option>{ shown(name) }</option> });
        html! {
            <span class="pg-select">
                <select class="pg-button pg-select__box" data-testid={testid} aria-label={label} {onchange}>
                    { for names.iter().map(option) }
                </select>
                { icon(Glyph::Down) }
            </span>
        }
    };
    let row = |row: &Difference| {
        html! {
            <tr>
                <th scope="row">{ row.name.to_string() }</th>
                <td>{ picture(row.bars(*span, WIDTH_PX)) }</td>
                <td>{ row.starts() }</td><td>{ row.ends() }</td><td>{ row.states() }</td>
            </tr>
        }
    };
    let n_more = rows.len().saturating_sub(MOST_ROWS);
    let change = change_text(makespans[0], makespans[1]);
    let [from, to] = makespans.map(human);
    let n = rows.len();
    let differ = tr!("{n} of {all} rows differ." | "{n} of {all} rows differ." % n, all = n + n_alike);
    let mut differs = format!(" {from} → {to} {change}. {differ}");
    let limits = changed_limits(a, b);
    if !limits.is_empty() {
        differs += " ";
        differs += &tr!("Limits: {limits}.", limits = limits.join(", "));
    }
    let label = tr!("Where {first} and {second} differ", first = shown(first), second = shown(second));
    html! {
        <div data-testid="comparison">
            <div class="pg-trials__head">
                { select(true) }{ tr!("between two plans" => "with") }{ select(false) }
                <span>
                    { term(Term::Makespan) }
                    { differs }
                </span>
                if !rows.is_empty() { { copies("differences", &all) } }
            </div>
            if !rows.is_empty() {
                <div class="pg-trials__scroll">
                    <table class="pg-table pg-trials__table" aria-label={label}>
                        <thead><tr>
                            <th scope="col">{ tr!("column" => "task") }</th>
                            <th scope="col">
                                <span class="pg-trials__scale"><span>{ "0" }</span><span>{ human(*span) }</span></span>
                            </th>
                            <th scope="col">{ tr!("column" => "starts") }</th>
                            <th scope="col">{ tr!("column" => "ends") }</th>
                            <th scope="col">{ tr!("column" => "ended as") }</th>
                        </tr></thead>
                        <tbody>
                            { for rows.iter().take(MOST_ROWS).map(row) }
                            if n_more > 0 { <tr><td colspan="5">{ more_rows(n_more) }</td></tr> }
                        </tbody>
                    </table>
                </div>
            }
        </div>
    }
}

/// The bars of a row in both plans, the first above the second.
fn picture([first, second]: [Option<(f64, f64)>; 2]) -> Html {
    let bar = |bar: Option<(f64, f64)>, class: &'static str, y: &'static str, height: &'static str| {
        bar.map(|(x, width)| html! { <rect {class} x={px(x)} {y} width={px(width.max(1.0))} {height} /> })
    };
    html! {
        <svg class="pg-trials__bars" width={px(WIDTH_PX)} height="20" aria-hidden="true">
            { for bar(first, "pg-trials__bar--first", "2", "5") }
            { for bar(second, "pg-trials__bar--second", "9", "9") }
        </svg>
    }
}
