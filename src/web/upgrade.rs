//! "What changes in 2.0": both versions' runs row by row, what there is to rewrite, and what differs.

mod runs;

use std::rc::Rc;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::bridge::style;
use super::effects::focus_by_id;
use super::icon::{Glyph, icon};
use super::pace::in_slices;
use super::sentence::code_in;
use super::store::OnMsg;
use super::table::more_rows;
use crate::app::run::Reading;
use crate::app::upgrade::{Act, Changes, Item, changes};
use crate::app::{App, Msg};
use crate::sim::scenario::Scenario;
use crate::tr;
use runs::{MOST_ROWS, Runs};

/// The id of the heading of what there is to rewrite.
const ITEMS: &str = "pg-upgrade-items";

/// The view, while it is open.
#[inline(never)] // So that it can be fetched later.
pub fn upgrade_view(app: &App, on_share: &Callback<bool>, on_msg: &OnMsg) -> Html {
    let Some(before) = &app.upgrading else { return html! {} };
    // What was done before the view was opened is not undone in it.
    let can_undo = app.history.can().0 && *before.source.text != *app.reading.source.text;
    html! {
        <UpgradeView before={before.clone()} reading={app.reading.clone()} scenario={app.scenario.clone()} {can_undo}
            on_share={on_share.clone()} on_msg={on_msg.clone()} />
    }
}

#[derive(Properties, PartialEq)]
struct UpgradeProps {
    /// The text with which the view was opened.
    before: Rc<Reading>,
    reading: Rc<Reading>,
    scenario: Rc<Scenario>,
    can_undo: bool,
    on_share: Callback<bool>,
    on_msg: OnMsg,
}

#[component]
fn UpgradeView(UpgradeProps { before, reading, scenario, can_undo, on_share, on_msg }: &UpgradeProps) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
        }
    });
    let shown = use_changes(before, reading, scenario);
    html! {
        <dialog class="pg-dialog pg-upgrade" ref={node} data-testid="upgrade" aria-labelledby="pg-upgrade-title"
            aria-busy={shown.is_none().to_string()} onclose={on_msg.reform(|_| Msg::Upgrade(Act::Close))}>
            <header class="pg-upgrade__head">
                <h2 class="pg-dialog__title" id="pg-upgrade-title" tabindex="-1" autofocus=true>
                    { tr!("What changes in 2.0") }
                </h2>
                <span class="pg-spacer" />
                <button class="pg-button" data-testid="upgrade-undo" disabled={!can_undo}
                    onclick={on_msg.reform(|_| Msg::Undo)}>
                    { icon(Glyph::Undo) }{ tr!("Undo") }
                </button>
                <button class="pg-button" data-testid="upgrade-share" onclick={on_share.reform(|_| false)}>
                    { icon(Glyph::Share) }{ tr!("Share") }
                </button>
                <form method="dialog">
                    <button class="pg-button pg-button--icon" data-testid="upgrade-close" aria-label={tr!("Close")}>
                        { icon(Glyph::Close) }
                    </button>
                </form>
            </header>
            if let Some(changes) = &shown { { body(changes, on_msg) } } else {
                <p class="pg-muted" role="status">{ tr!("Running it in both versions…") }</p>
            }
        </dialog>
    }
}

/// What changes, found in slices: the last that is known, and `None` at first.
#[hook]
fn use_changes(before: &Rc<Reading>, reading: &Rc<Reading>, scenario: &Rc<Scenario>) -> Option<Rc<Changes>> {
    let shown = use_state_eq(|| None::<Rc<Changes>>);
    let asked = use_mut_ref(|| 0_u32);
    let setter = shown.setter();
    use_effect_with((before.clone(), reading.clone(), scenario.clone()), move |asks| {
        let (before, reading, scenario) = asks.clone();
        *asked.borrow_mut() += 1;
        let nth = *asked.borrow();
        wasm_bindgen_futures::spawn_local(async move {
            style("upgrade").await;
            let found = in_slices(move || changes(&before, &reading, &scenario)).await;
            // What was asked for later is what is wanted.
            if *asked.borrow() == nth {
                setter.set(Some(Rc::new(found)));
            }
        });
    });
    (*shown).clone()
}

fn body(changes: &Rc<Changes>, on_msg: &OnMsg) -> Html {
    html! {
        <div class="pg-upgrade__body">
            <section class="pg-upgrade__runs" tabindex="0" aria-label={tr!("The run in both versions")}>
                { match &changes.compared {
                    Ok(_) => html! { <Runs changes={changes.clone()} /> },
                    Err(why) => html! { <p data-testid="upgrade-story">{ code_in(why) }</p> },
                } }
            </section>
            <section class="pg-upgrade__items" tabindex="0" aria-labelledby={ITEMS}>{ items(changes, on_msg) }</section>
        </div>
    }
}

/// What there is to rewrite, and what is left for a person.
fn items(changes: &Changes, on_msg: &OnMsg) -> Html {
    let Changes { items, keeps, all, all_and_kept, .. } = changes;
    let n_left = items.iter().filter(|item| item.text.is_none()).count();
    let n_done = items.len() - n_left;
    let said = match (n_done, n_left) {
        (0, 0) => tr!("Kestra 2.0 takes this text as it is."),
        (n, 0) => tr!("{n} rewrite" | "{n} rewrites" % n),
        (0, n) => tr!("{n} left for you" | "{n} left for you" % n),
        (done, left) => tr!("{done} to rewrite, {left} left for you", done, left),
    };
    let keep = if all.is_some() { tr!("Apply all, and keep the old behavior") } else { tr!("Keep the old behavior") };
    let apply = |text: &Option<Rc<str>>, testid: &'static str, label: String, class: &'static str| {
        text.as_ref().map(|text| write(text, testid.to_owned(), label, class, on_msg))
    };
    let list = |items: &[Item], id: &str| {
        let one = |(n, one): (usize, &Item)| item(one, &format!("{id}-{n}"), on_msg);
        html! {
            <ul class="pg-upgrade__list">
                { for items.iter().enumerate().take(MOST_ROWS).map(one) }
                if items.len() > MOST_ROWS { <li>{ more_rows(items.len() - MOST_ROWS) }</li> }
            </ul>
        }
    };
    html! {
        <>
            <h3 class="pg-strong" id={ITEMS} tabindex="-1">{ tr!("What 2.0 refuses") }</h3>
            <p role="status" data-testid="upgrade-count">{ said }</p>
            <p class="pg-actions">
                { for apply(all, "upgrade-all", tr!("Apply all"), "pg-button--primary") }
                { for apply(all_and_kept, "upgrade-all-kept", keep, "pg-button--outline") }
            </p>
            { list(items, "upgrade-item") }
            if !keeps.is_empty() {
                <h3 class="pg-strong">{ tr!("What keeps the old behavior") }</h3>
                { list(keeps, "upgrade-keep") }
            }
        </>
    }
}

/// A button that writes a text. What it stands at is then gone, so the focus goes to the heading.
fn write(text: &Rc<str>, testid: String, label: String, class: &'static str, on_msg: &OnMsg) -> Html {
    let (text, on_msg) = (Rc::clone(text), on_msg.clone());
    let onclick = move |_: MouseEvent| {
        focus_by_id(ITEMS);
        on_msg.emit(Msg::Upgrade(Act::Write(Rc::clone(&text))));
    };
    html! { <button class={classes!("pg-button", class)} data-testid={testid} {onclick}>{ label }</button> }
}

fn item(Item { line, offset, message, why, choices, lines, text }: &Item, id: &str, on_msg: &OnMsg) -> Html {
    let offset = *offset;
    html! {
        <li class="pg-upgrade__item" data-testid={id.to_owned()}>
            <p>
                <button class="pg-link" data-testid={[id, "-line"].concat()}
                    onclick={on_msg.reform(move |_: MouseEvent| Msg::Upgrade(Act::GoTo(offset)))}>
                    { tr!("Line {line}", line) }
                </button>
                { ": " }{ code_in(message) }
            </p>
            if !lines.is_empty() { <pre class="pg-preview" tabindex="0">{ lines.join("\n") }</pre> }
            if !why.is_empty() { <p class="pg-muted">{ code_in(why) }</p> }
            if let Some(text) = text {
                { write(text, [id, "-write"].concat(), tr!("Rewrite"), "pg-button--outline", on_msg) }
            } else {
                <p class="pg-upgrade__left">{ icon(Glyph::Problem) }{ tr!("Left for you.") }</p>
            }
            if !choices.is_empty() {
                <ul class="pg-upgrade__choices">
                    { for choices.iter().map(|choice| html! { <li>{ code_in(choice) }</li> }) }
                </ul>
            }
        </li>
    }
}
