//! The curve: the makespan for each number of slots of a group. A dot sets the slider.

use std::rc::Rc;

use yew::prelude::*;

use super::store::OnMsg;
use crate::analysis::curve::{Point, curve, knees};
use crate::app::run::{GroupControl, Run};
use crate::app::{App, Msg};
use crate::sim::scenario::Scenario;
use crate::time::human;
use crate::timeline::shapes::px;

const WIDTH_PX: f64 = 440.0;
const HEIGHT_PX: f64 = 132.0;
const LEFT_PX: f64 = 40.0;
const TOP_PX: f64 = 18.0;
const BOTTOM_PX: f64 = 104.0;
/// More numbers than this are not tried: more could not be told apart.
const MOST: u32 = 64;
/// So many taskruns are simulated for one curve at the most.
const MOST_RUNS: usize = 200_000;

/// The group the curve is about: the selected one, or the one round the selected task, else the first.
fn group_of(app: &App, run: &Run) -> Option<GroupControl> {
    let controls = run.group_controls();
    let flow = run.flow();
    let selected = app.selected.as_ref().and_then(|key| run.row(key)?.task_idx());
    let around = std::iter::successors(selected, |idx| flow.task(*idx).parent).map(|idx| &flow.task(idx).id);
    let mut of_it = around.filter_map(|id| controls.iter().find(|control| control.id == *id));
    of_it.next().or(controls.first()).cloned()
}

/// The panel.
pub fn curve_panel(app: &App, run: &Rc<Run>, on_msg: &OnMsg) -> Html {
    match group_of(app, run) {
        Some(group) => html! { <Curve run={run.clone()} scenario={app.scenario.clone()} {group} on_msg={on_msg.clone()} /> },
        None => html! { <p class="pg-muted" data-testid="curve">{ "This flow has no group whose slots could be set." }</p> },
    }
}

#[derive(Properties, PartialEq)]
struct CurveProps {
    run: Rc<Run>,
    scenario: Rc<Scenario>,
    group: GroupControl,
    on_msg: OnMsg,
}

#[component]
fn Curve(CurveProps { run, scenario, group, on_msg }: &CurveProps) -> Html {
    let most = group.most.max(group.concurrent).clamp(1, MOST).min((MOST_RUNS / run.trace.runs.len().max(1)).max(1) as u32);
    let points = use_memo((run.clone(), scenario.clone(), group.id.clone()), |(run, scenario, id)| {
        curve(&run.flows, scenario, id, (1..=most).chain([0]))
    });
    let top = points.iter().map(|point| point.makespan.0).max().unwrap_or(1).max(1) as f64;
    let step = (WIDTH_PX - LEFT_PX - 60.0) / f64::from(most);
    let x = |n: usize| LEFT_PX + 14.0 + step * n as f64;
    let y = |point: &Point| BOTTOM_PX - point.makespan.0 as f64 / top * (BOTTOM_PX - TOP_PX);
    let every = (28.0 / step).ceil().max(1.0) as usize;
    let dot = |(n, point): (usize, &Point)| {
        let is_on = point.concurrent == group.concurrent;
        let label = if point.concurrent == 0 { "no limit".to_owned() } else { point.concurrent.to_string() };
        let (cx, cy) = (px(x(n)), px(y(point)));
        let onclick = {
            let (on_msg, id, limit) = (on_msg.clone(), group.id.clone(), Some(point.concurrent).filter(|n| *n > 0));
            move || on_msg.emit(Msg::SetConcurrent(Rc::clone(&id), limit))
        };
        let onkeydown = {
            let set = onclick.clone();
            move |event: KeyboardEvent| {
                if matches!(&*event.key(), "Enter" | " ") {
                    event.prevent_default();
                    set();
                }
            }
        };
        let onclick = move |_: MouseEvent| onclick();
        let told = n.is_multiple_of(every) || is_on || point.concurrent == 0;
        let on = is_on.then_some("pg-curve__label--on");
        html! {
            <g class="pg-curve__point" data-testid={format!("curve-dot-{label}")} data-ms={point.makespan.0.to_string()} role="button" tabindex="0"
                aria-label={format!("{label}: {}", human(point.makespan))} {onclick} {onkeydown}>
                <rect fill="transparent" x={px(x(n) - (step / 2.0).max(6.0))} y="0" width={px(step.max(12.0))} height={px(HEIGHT_PX)} />
                <circle class={classes!("pg-curve__dot", is_on.then_some("pg-curve__dot--on"))} {cx} {cy} r="4.5" />
                if told {
                    <text class={classes!("pg-curve__label", on)} x={px(x(n))} y={px(y(point) - 9.0)}>{ human(point.makespan) }</text>
                    <text class={classes!("pg-curve__label", on)} x={px(x(n))} y="124">{ label.clone() }</text>
                }
            </g>
        }
    };
    let line: String =
        points.iter().enumerate().map(|(n, point)| format!("{}{} {}", if n == 0 { "M" } else { "L" }, px(x(n)), px(y(point)))).collect();
    html! {
        <div class="pg-curve" data-testid="curve">
            <svg width={px(WIDTH_PX)} height={px(HEIGHT_PX)} role="group" aria-label={format!("Total time for each number of slots of {}", group.id)}>
                <path class="pg-curve__axis" d={format!("M{} {BOTTOM_PX}H{}", px(LEFT_PX), px(WIDTH_PX - 8.0))} />
                <path class="pg-curve__line" d={line} />
                { for points.iter().enumerate().map(dot) }
            </svg>
            <div>
                <p><b class="pg-strong"><code>{ format!("{}: {}", group.id, group.property) }</code></b>{ " total time for each value" }</p>
                <p class="pg-details__why">{ last_gain(&points) }</p>
                <p class="pg-muted">{ "Select a dot to set the value." }</p>
            </div>
        </div>
    }
}

/// From where on more slots change nothing.
fn last_gain(points: &[Point]) -> String {
    match knees(points).last() {
        Some(1) | None => "More slots change nothing here.".to_owned(),
        Some(0) => "Every slot up to the last gains something.".to_owned(),
        Some(n) => format!("From {n} slots on, more slots change nothing."),
    }
}
