//! The heat map: a table of makespans for each pair of limits of two groups. A cell sets both.

use std::rc::Rc;

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::curve::group_select;
use super::effects::focus_by_id;
use super::store::OnMsg;
use super::table::copies;
use crate::app::Msg;
use crate::app::controls::limit_text;
use crate::app::heat::{Cell, Heat, SHADES};
use crate::app::table::Cells;
use crate::time::human;
use crate::tr;

#[derive(Properties, PartialEq)]
pub struct HeatProps {
    pub heat: Rc<Heat>,
    pub on_msg: OnMsg,
}

#[component]
pub fn HeatMap(HeatProps { heat, on_msg }: &HeatProps) -> Html {
    let cells = heat.cells();
    let [down, across] = heat.controls.each_ref().map(|control| Rc::clone(&control.id));
    let width = heat.limits[1].len();
    let n_across = width.to_string();
    let table: Rc<dyn Fn() -> Cells> = {
        let heat = Rc::clone(heat);
        Rc::new(move || heat.table())
    };
    let focused = heat.present().unwrap_or(0);
    let label = tr!("Total time for the slots of {down}, down, and {across}, across", down, across);
    let row = |(n, cells): (usize, &[Cell])| {
        html! {
            <tr>
                <th scope="row">{ limit_text(heat.limits[0][n]) }</th>
                { for (n * width..).zip(cells).map(|(nth, one)| cell(nth, one, nth == focused, heat, on_msg)) }
            </tr>
        }
    };
    html! {
        <div class="pg-heat" data-testid="heat">
            <div class="pg-heat__head">
                { picker(heat, 0, tr!("Down"), on_msg) }{ picker(heat, 1, tr!("Across"), on_msg) }
                <button class="pg-button pg-button--outline" data-testid="show-curve"
                    onclick={on_msg.reform(|_| Msg::HeatOf(None))}>
                    { tr!("Curve") }
                </button>
                { key(heat) }
                { copies("heat", &table) }
                <span class="pg-heat__said">{ said(heat) }</span>
            </div>
            if !cells.is_empty() {
                <div class="pg-heat__scroll">
                    <table class="pg-heat__table" role="grid" aria-label={label}>
                        <thead>
                            <tr>
                                <td class="pg-heat__corner">{ tr!("slots ↓ →") }</td>
                                { for heat.limits[1].iter().map(|limit| html! {
                                    <th scope="col">{ limit_text(*limit) }</th>
                                }) }
                            </tr>
                        </thead>
                        <tbody data-width={n_across}>{ for cells.chunks(width).enumerate().map(row) }</tbody>
                    </table>
                </div>
            }
        </div>
    }
}

/// The shades, from the shortest time to the longest.
fn key(heat: &Heat) -> Html {
    let Some((shortest, longest)) = heat.ends() else { return html! {} };
    let shade = |n: u64| html! { <i class={format!("pg-heat__cell--{n}")} /> };
    html! {
        <span class="pg-heat__key" data-testid="heat-key">
            { human(shortest) }<span>{ for (0..SHADES).map(shade) }</span>{ human(longest) }
        </span>
    }
}

fn said(heat: &Heat) -> String {
    match heat.progress() {
        None => heat.sentence() + " " + &tr!("★ marks it, and a frame the limits of now. Select a cell to set both limits."),
        Some((n, all)) => tr!("{n} of {all} pairs are simulated.", n, all),
    }
}

fn cell(nth: usize, cell: &Cell, is_first: bool, heat: &Rc<Heat>, on_msg: &OnMsg) -> Html {
    let onclick = {
        let heat = Rc::clone(heat);
        on_msg.reform(move |_: MouseEvent| Msg::Make(heat.set(nth)))
    };
    let onkeydown = {
        let (heat, on_msg) = (Rc::clone(heat), on_msg.clone());
        move |event: KeyboardEvent| {
            let (down, right) = match &*event.key() {
                "ArrowUp" => (-1, 0),
                "ArrowDown" => (1, 0),
                "ArrowLeft" => (0, -1),
                "ArrowRight" => (0, 1),
                "Home" => (0, isize::MIN),
                "End" => (0, isize::MAX),
                "Enter" | " " => (0, 0),
                _ => return,
            };
            event.prevent_default();
            let next = heat.neighbor(nth, down, right);
            on_msg.emit(Msg::Make(heat.set(next)));
            focus_by_id(&cell_id(next));
        }
    };
    let class = classes!(
        "pg-heat__cell",
        format!("pg-heat__cell--{}", cell.shade),
        cell.is_best.then_some("pg-heat__cell--best"),
        cell.is_on.then_some("pg-heat__cell--on")
    );
    html! {
        <td id={cell_id(nth)} {class} role="gridcell" tabindex={if is_first { "0" } else { "-1" }}
            aria-label={cell.label.clone()} aria-selected={cell.is_on.to_string()} {onclick} {onkeydown}>
            { cell.text.clone() }
        </td>
    }
}

fn cell_id(nth: usize) -> String {
    format!("pg-heat-{nth}")
}

/// The choice of the nth group. The other one keeps its place, unless it is the one that was chosen: then they change places.
fn picker(heat: &Rc<Heat>, nth: usize, label: String, on_msg: &OnMsg) -> Html {
    let onchange = {
        let (heat, on_msg) = (Rc::clone(heat), on_msg.clone());
        move |event: Event| {
            let at = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            let Some(chosen) = usize::try_from(at).ok().and_then(|at| heat.groups.get(at)) else { return };
            let [first, second] = heat.controls.each_ref().map(|control| Rc::clone(&control.id));
            let other = if nth == 0 { &second } else { &first };
            let before = if nth == 0 { &first } else { &second };
            let other = Rc::clone(if other == chosen { before } else { other });
            let pair = if nth == 0 { [Rc::clone(chosen), other] } else { [other, Rc::clone(chosen)] };
            on_msg.emit(Msg::HeatOf(Some(pair)));
        }
    };
    let testid = if nth == 0 { "heat-down" } else { "heat-across" };
    html! {
        <label class="pg-field">
            { label }
            { group_select(&heat.groups, &heat.controls[nth].id, testid, onchange) }
        </label>
    }
}
