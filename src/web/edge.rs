//! The right edge of a bar: dragged along its row it sets how long the task takes, dragged to another row it lets that row's
//! task wait for this one. The text changes once the edge is let go.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::{Element, window};
use yew::prelude::*;

use super::calls::RowCalls;
use crate::time::{SimTime, human};
use crate::timeline::Bar;
use crate::timeline::scale::drag_ms;
use crate::timeline::shapes::px;

/// The height of the grip: that of a row.
const GRIP_PX: f64 = 28.0;
/// A press that moves less is a click on the row.
const DRAG_PX: f64 = 4.0;

#[derive(Properties, PartialEq)]
pub struct EdgeProps {
    pub task: Rc<str>,
    pub bar: Bar,
    /// The width of the track.
    pub track_px: f64,
    pub calls: RowCalls,
}

#[component]
pub fn Edge(EdgeProps { task, bar, track_px, calls }: &EdgeProps) -> Html {
    // How far the pointer is from where it was pressed, in pixels; `None` while nothing is dragged.
    let dragged_px = use_state_eq(|| None::<f64>);
    let pressed = use_mut_ref(|| (0.0, 1.0));
    let was_dragged = use_mut_ref(|| false);
    let moved_px = |event: &PointerEvent, pressed: &RefCell<(f64, f64)>| {
        let (from_px, zoom) = *pressed.borrow();
        (f64::from(event.client_x()) - from_px) / zoom
    };
    // Over another row a drag makes a link, and no length is shown.
    let is_over_other = use_state_eq(|| false);
    let length_ms = (bar.segment.to - bar.segment.from).0;
    let by_ms = {
        let width_px = bar.width;
        move |by_px: f64| drag_ms(by_px, length_ms, width_px)
    };
    let onpointerdown = {
        let (dragged_px, pressed, was_dragged) = (dragged_px.clone(), Rc::clone(&pressed), Rc::clone(&was_dragged));
        move |event: PointerEvent| {
            event.stop_propagation();
            // Or the names of the rows would be selected.
            event.prevent_default();
            let target: Element = event.target_unchecked_into();
            // A presented chart is drawn larger.
            let zoom = target.get_bounding_client_rect().height() / GRIP_PX;
            *pressed.borrow_mut() = (f64::from(event.client_x()), zoom);
            let _ = target.set_pointer_capture(event.pointer_id());
            *was_dragged.borrow_mut() = false;
            dragged_px.set(Some(0.0));
        }
    };
    let onpointermove = {
        let (dragged_px, pressed, task) = (dragged_px.clone(), Rc::clone(&pressed), Rc::clone(task));
        let (on_drag_link, is_over_other, was_dragged) = (calls.on_drag_link.clone(), is_over_other.setter(), Rc::clone(&was_dragged));
        move |event: PointerEvent| {
            if dragged_px.is_some() {
                let by_px = moved_px(&event, &pressed);
                let other = row_under(&event).filter(|other| *other != task);
                *was_dragged.borrow_mut() |= other.is_some() || by_px.abs() >= DRAG_PX;
                dragged_px.set(Some(by_px));
                is_over_other.set(other.is_some());
                on_drag_link.emit(other.map(|other| (Rc::clone(&task), other)));
            }
        }
    };
    let onpointerup = {
        let (dragged_px, task, calls, was_dragged) = (dragged_px.clone(), Rc::clone(task), calls.clone(), Rc::clone(&was_dragged));
        move |event: PointerEvent| {
            if dragged_px.is_some() {
                dragged_px.set(None);
                calls.on_drag_link.emit(None);
                let by = by_ms(moved_px(&event, &pressed));
                if let Some(other) = row_under(&event).filter(|other| *other != task) {
                    calls.on_link.emit((Rc::clone(&task), other));
                } else if by != 0 && *was_dragged.borrow() {
                    calls.on_longer.emit((Rc::clone(&task), by));
                }
            }
        }
    };
    let onclick = move |event: MouseEvent| {
        if *was_dragged.borrow() {
            event.stop_propagation();
        }
    };
    let right = bar.x + bar.width;
    let shown = dragged_px.filter(|_| !*is_over_other).map(|by_px| {
        let ms = length_ms.saturating_add_signed(by_ms(by_px));
        (right + by_px, human(SimTime(ms)))
    });
    html! {
        <>
            <rect class="pg-bar__grip" x={px(right - 5.0)} y="0" width="8" height="28"
                data-testid={format!("grip-{task}")}
                {onclick} {onpointerdown} {onpointermove} {onpointerup} />
            if let Some((x, text)) = shown {
                <rect class="pg-bar__stretch" x={px(bar.x)} y="5" width={px((x - bar.x).max(0.0))} height="18" />
                <path class="pg-timeline__playhead" d={format!("M{} 2v24", px(x.floor() + 0.5))} />
                <text class="pg-bar__text--plain" x={px(if x > *track_px - 72.0 { x - 6.0 } else { x + 6.0 })} y="18"
                    text-anchor={if x > *track_px - 72.0 { "end" } else { "start" }}>
                    { text }
                </text>
            }
        </>
    }
}

/// The key of the row under a pointer.
fn row_under(event: &PointerEvent) -> Option<Rc<str>> {
    let under = window()?.document()?.element_from_point(event.client_x() as f32, event.client_y() as f32)?;
    let id = under.closest("[role=row]").ok()??.get_attribute("data-testid")?;
    id.strip_prefix("row-").map(Rc::from)
}
