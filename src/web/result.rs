//! The result line: how long the run took, how long the one before, and what was gained.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlSelectElement};
use yew::prelude::*;

use super::dialogs::Dialog;
use super::effects::use_size;
use super::field;
use super::icon::{Glyph, icon};
use super::pace::yield_to_page;
use super::store::OnMsg;
use super::term::{explained, term};
use crate::app::result::{announcement, change_text, facts, total_text};
use crate::app::run::Run;
use crate::app::terms::Term;
use crate::app::uncertain::fact;
use crate::app::{App, Msg};
use crate::language::plain;
use crate::time::{SimTime, human};
use crate::tr;

/// The numbers of a run, and the makespan of the one before.
pub fn result_line(app: &App, run: &Run, templates: Html, on_dialog: &Callback<Option<Dialog>>, on_quiz: &Callback<()>) -> Html {
    let (ghost, stale) = (app.ghost.as_deref(), app.is_stale());
    let is_comparable = |ghost: &&Run| ghost.is_over() && run.is_over() && ghost.flow().dialect == run.flow().dialect;
    let makespan = run.numbers.makespan;
    let most =
        app.uncertain.as_ref().and_then(|uncertain| uncertain.spread()).map(|spread| (fact(spread, app.scenario.seed), spread.median()));
    let on_left_out = on_dialog.reform(|_| Some(Dialog::LeftOut));
    if app.hides() {
        return html! { <div class="pg-result"><h2 class="pg-result__value" data-testid="result">{ "?" }</h2></div> };
    }
    html! {
        <div class={classes!("pg-result", stale.then_some("pg-result--stale"))} aria-disabled={stale.then_some("true")}>
            <h2 class="pg-result__value" data-testid="result" data-ms={makespan.0.to_string()}>
                { explained(&total_text(run), &Term::Makespan.text(), Some("pg-term--value")) }
            </h2>
            { announced(run, ghost) }
            if let Some(ghost) = ghost.filter(is_comparable) {
                { was(ghost.numbers.makespan, makespan) }
            }
            { templates }
            <Facts facts={facts_with(run, most)} />
            if app.can_be_asked() {
                <button class="pg-link pg-link--quiet pg-result__note pg-result__quiz" data-testid="quiz"
                    onclick={on_quiz.reform(|_| ())}>
                    { tr!("Quiz me") }
                </button>
            }
            <button class="pg-link pg-link--quiet pg-result__note" onclick={on_left_out}>
                { tr!("What this leaves out") }
            </button>
        </div>
    }
}

/// What a screen reader says after a change.
pub fn announced(run: &Run, ghost: Option<&Run>) -> Html {
    html! { <span class="pg-unseen" role="status" data-testid="announcement">{ announcement(run, ghost) }</span> }
}

/// The choice of the flow that is run; nothing where the text has one alone.
pub fn templates(app: &App, on_msg: &OnMsg) -> Html {
    let choices = app.reading.choices();
    let Some(first) = app.reading.flows.first().filter(|_| !choices.is_empty()) else { return html! {} };
    let onchange = {
        let ids: Vec<Rc<str>> = choices.iter().map(|(id, _)| Rc::clone(id)).collect();
        let on_msg = on_msg.clone();
        move |event: Event| {
            let at = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            if let Some(id) = usize::try_from(at).ok().and_then(|at| ids.get(at)) {
                on_msg.emit(Msg::Choose(Rc::clone(id)));
            }
        }
    };
    let option = |(id, title): &(Rc<str>, Rc<str>)| {
        let shown = html! { <option>{ title.to_string() }</option> };
        field::option(*id == first.id, shown)
    };
    html! {
        <span class="pg-select">
            <select class="pg-button pg-select__box" data-testid="template"
                aria-label={tr!("{text} that is run", text = plain(first.dialect.text_label()))} {onchange}>
                { for choices.iter().map(option) }
            </select>
            { icon(Glyph::Down) }
        </span>
    }
}

/// A name with its value, and what explains it where that is no term.
type Fact = (String, String, Option<String>);

/// The facts about a run, the most important first. `most` is how long most of many runs take, and half of them.
fn facts_with(run: &Run, most: Option<((String, String, String), String)>) -> Vec<Fact> {
    let mut all: Vec<Fact> = facts(run).into_iter().map(|(name, value)| (name, value, None)).collect();
    if let Some(((name, value, whole), median)) = most {
        let at = all.iter().position(|(name, ..)| *name == Term::Work.word()).unwrap_or(all.len());
        all.insert(at, (name, value, Some(whole)));
        all.push((tr!("median"), median, None));
    }
    all
}

#[derive(Properties, PartialEq)]
struct FactsProps {
    facts: Vec<Fact>,
}

/// The facts that have room in one line. While there are others a button shows all of them.
#[component]
fn Facts(FactsProps { facts }: &FactsProps) -> Html {
    let node = use_node_ref();
    let n_shown = use_state_eq(|| usize::MAX);
    let size = use_size(node.clone());
    use_effect_with((facts.clone(), size), {
        let (node, n_shown) = (node.clone(), n_shown.setter());
        move |_| {
            // Once all is drawn, so that the page is laid out once.
            wasm_bindgen_futures::spawn_local(async move {
                yield_to_page().await;
                n_shown.set(node.cast::<Element>().map_or(usize::MAX, |list| n_in_first_line(&list)));
            });
        }
    });
    let all: Vec<String> = facts.iter().map(|(name, value, _)| format!("{name} {value}")).collect();
    html! {
        <>
            <div class="pg-result__facts" ref={node}>
                { for facts.iter().enumerate().map(|(at, fact)| fact_view(fact, at >= *n_shown)) }
            </div>
            <span class="pg-result__more">
                if *n_shown < facts.len() { { explained(&tr!("more"), &all.join(", "), None) } }
            </span>
        </>
    }
}

fn n_in_first_line(list: &Element) -> usize {
    let Ok(facts) = list.query_selector_all(".pg-result__fact") else { return usize::MAX };
    let end = list.get_bounding_client_rect().bottom() - LINE_SLACK_PX;
    let top = |at| Some(facts.get(at)?.dyn_into::<Element>().ok()?.get_bounding_client_rect().top());
    (0..facts.length()).filter_map(top).take_while(|top| *top < end).count()
}

/// A fact of the next line begins no more than this above the end of the first, in pixels.
const LINE_SLACK_PX: f64 = 8.0;

/// A fact; one that is over the line keeps its place and is not seen.
fn fact_view((name, value, whole): &Fact, is_over: bool) -> Html {
    let shown = match whole {
        Some(whole) => explained(name, whole, None),
        None => Term::of(name).map_or_else(|| html! { <>{ name.clone() }{ " " }</> }, term),
    };
    let testid = whole.as_ref().map(|_| "nine-of-ten");
    let class = classes!("pg-result__fact", is_over.then_some("pg-result__fact--over"));
    html! { <span {class} data-testid={testid}>{ shown }<b>{ value.clone() }</b></span> }
}

/// The facts about a run.
pub fn fact_list(run: &Run) -> Html {
    facts_with(run, None).iter().map(|fact| fact_view(fact, false)).collect()
}

/// `was 3.0 s (−33 %)`, or `(no change)`.
pub fn was(before: SimTime, now: SimTime) -> Html {
    html! {
        <span class="pg-result__was" data-testid="ghost-result" data-ms={before.0.to_string()}>
            if before != now { { tr!("was {time}", time = human(before)) }{ " " } }
            <span class="pg-result__change">{ change_text(before, now) }</span>
        </span>
    }
}
