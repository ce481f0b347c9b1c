//! The result line: how long the run took, how long the one before, and what was gained.

use yew::prelude::*;

use super::dialogs::Dialog;
use crate::analysis::segments::SegmentKind;
use crate::app::run::Run;
use crate::flow::state::State;
use crate::time::{SimTime, human};

/// The numbers of a run, and the makespan of the one before.
pub fn result_line(run: &Run, ghost: Option<&Run>, stale: bool, on_dialog: &Callback<Option<Dialog>>) -> Html {
    let numbers = run.numbers;
    html! {
        <div class={classes!("pg-result", stale.then_some("pg-result--stale"))} aria-disabled={stale.then_some("true")}>
            <h1 class="pg-result__value" data-testid="result" data-ms={numbers.makespan.0.to_string()}>{ human(numbers.makespan) }</h1>
            if let Some(ghost) = ghost { { was(ghost.numbers.makespan, numbers.makespan) } }
            <div class="pg-result__facts">{ facts(run) }</div>
            <span class="pg-spacer" />
            <button class="pg-link pg-link--quiet pg-result__note" onclick={on_dialog.reform(|_| Some(Dialog::LeftOut))}>{ "What this leaves out" }</button>
        </div>
    }
}

/// The facts about a run.
pub fn facts(run: &Run) -> Html {
    let numbers = run.numbers;
    let hundredths = numbers.speedup_hundredths();
    let fact = |name: &'static str, value: String| html! { <span class="pg-result__fact">{ name }{ " " }<b>{ value }</b></span> };
    html! {
        <>
            if let Some(state) = numbers.state.filter(|state| *state != State::Success) { { fact("ended", SegmentKind::State(state).label(run.flow().dialect).to_owned()) } }
            if run.trace.truncated.is_some() { { fact("stopped after", format!("{} events", run.trace.events.len())) } }
            { fact("work", human(numbers.work)) }
            { fact("speed-up", format!("{}.{}×", hundredths / 100, hundredths % 100 / 10)) }
            if numbers.limited && numbers.state == Some(State::Success) { { fact("efficiency", format!("{} %", numbers.efficiency_percent())) } }
        </>
    }
}

/// `was 3.0 s (−33 %)`.
pub fn was(before: SimTime, now: SimTime) -> Html {
    let change = (now.0 as i64 - before.0 as i64) * 100;
    let percent = if before.0 == 0 { 0 } else { (change as f64 / before.0 as f64).round() as i64 };
    let text = match percent {
        0 if now == before => "(no change)".to_owned(),
        n if n < 0 => format!("(−{} %)", -n),
        n => format!("(+{n} %)"),
    };
    html! {
        <span class="pg-result__was" data-testid="ghost-result" data-ms={before.0.to_string()}>
            { format!("was {} ", human(before)) }<span class="pg-result__change">{ text }</span>
        </span>
    }
}
