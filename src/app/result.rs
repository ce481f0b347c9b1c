//! The result line: the facts about a run, and how it compares with the one before.

use super::controls::GroupControl;
use super::run::Run;
use super::terms::Term;
use crate::analysis::expectation;
use crate::analysis::late::late;
use crate::analysis::makespan::Numbers;
use crate::analysis::segments::SegmentKind;
use crate::flow::state::State;
use crate::language::decimal_mark;
use crate::sim::names::run_name;
use crate::sim::trace::Truncated;
use crate::time::{SimTime, human};
use crate::tr;

/// The facts about a run, as names with values, the most important first.
#[must_use]
pub fn facts(run: &Run) -> Vec<(String, String)> {
    let numbers = run.numbers;
    let mut facts = Vec::new();
    let n_executions = run.trace.roots().count();
    if n_executions > 1 {
        facts.push((tr!("all"), tr!("{n} execution" | "{n} executions" % n_executions)));
    }
    facts.extend(ended(run).map(|states| (tr!("ended"), states)));
    if !run.is_over() {
        facts.extend(stopped(run));
        return facts;
    }
    if run.flow().plan.is_some() {
        let (whole, items): (Vec<_>, Vec<_>) = late(run.flow(), &run.trace).into_iter().partition(|late| late.item.is_none());
        facts.extend(whole.first().map(|late| (tr!("late by"), human(late.by))));
        facts.extend((!items.is_empty()).then(|| (tr!("late items"), items.len().to_string())));
    }
    facts.push((Term::Work.word(), human(numbers.work)));
    facts.push((Term::SpeedUp.word(), speed_up(numbers)));
    facts.extend(efficiency(run).map(|efficiency| (Term::Efficiency.word(), efficiency)));
    facts.extend(run.trace.has_drawn.then(|| (tr!("one run, seed"), run.trace.seed.to_string())));
    facts
}

/// Where a run was stopped, and when.
#[inline(never)]
fn stopped(run: &Run) -> Vec<(String, String)> {
    let place = match run.trace.truncated {
        Some(Truncated::Endless(idx, _) | Truncated::Spent(_, Some(idx))) => {
            (tr!("stopped in"), run_name(&run.flows, &run.trace, idx).to_string())
        }
        _ => (tr!("stopped after"), tr!("after" => "{n} event" | "{n} events" % run.trace.events.len())),
    };
    vec![place, (tr!("stopped" => "at"), human(run.end()))]
}

/// How long a run took; of one that was stopped no time, for it had not come to an end.
#[must_use]
pub fn total_text(run: &Run) -> String {
    match run.trace.truncated {
        Some(Truncated::Endless(..)) => tr!("never ends"),
        Some(Truncated::Spent(..)) => tr!("too much to simulate"),
        Some(Truncated::Events | Truncated::Horizon) => tr!("stopped"),
        None => human(run.numbers.makespan),
    }
}

/// The speed-up: `3.0×`.
#[must_use]
pub fn speed_up(numbers: Numbers) -> String {
    numbers.speedup_text().replace('.', &decimal_mark()) + "×"
}

/// The efficiency, where it means something: of a run on the slots of one group that succeeded.
#[must_use]
pub fn efficiency(run: &Run) -> Option<String> {
    let Numbers { limited, state, .. } = run.numbers;
    (limited && state == Some(State::Success)).then(|| format!("{} %", run.numbers.efficiency_percent()))
}

/// The states in which the executions ended, when one did not succeed: `failed`, `2 success, 1 cancelled`.
fn ended(run: &Run) -> Option<String> {
    let (trace, dialect) = (&run.trace, run.flow().dialect);
    let mut states: Vec<(State, usize)> = Vec::new();
    for state in trace.roots().filter_map(|root| Some(trace.execution_history(root).last()?.1)).filter(|state| state.is_terminal()) {
        match states.iter_mut().find(|(known, _)| *known == state) {
            Some((_, n)) => *n += 1,
            None => states.push((state, 1)),
        }
    }
    let label = |state| SegmentKind::State(state).label(dialect);
    match states[..] {
        [] | [(State::Success, _)] => None,
        [(state, _)] => Some(label(state)),
        _ => Some(states.iter().map(|(state, n)| format!("{n} {}", label(*state))).collect::<Vec<_>>().join(", ")),
    }
}

/// What the author of the page around an embed claims of a run and does not hold, a clause each; `None` when nothing is claimed.
#[must_use]
pub fn unmet(expect: &str, run: &Run) -> Option<Vec<String>> {
    (!expect.trim().is_empty()).then(|| expectation::unmet(expect, &run.flows, &run.trace))
}

/// What a screen reader says after a change: `concurrent 4: 2.0 s, no change`, with the name of the group when there are
/// several; empty before the first one.
#[must_use]
pub fn announcement(run: &Run, ghost: Option<&Run>) -> String {
    let Some(ghost) = ghost else { return String::new() };
    let groups = &run.controls;
    let limit = |group: &GroupControl| ghost.controls.iter().find(|other| other.id == group.id).map(|other| other.concurrent);
    let name = |group: &GroupControl| if groups.len() > 1 { format!("{}, ", group.id) } else { String::new() };
    let changed = groups.iter().filter(|group| limit(group).is_some_and(|limit| limit != group.concurrent));
    let limits: Vec<String> = changed.map(|group| format!("{}{} {}", name(group), group.property, group.limit_text())).collect();
    let limit = if limits.is_empty() { String::new() } else { format!("{}: ", limits.join("; ")) };
    let change = if ghost.is_over() && run.is_over() { change_text(ghost.numbers.makespan, run.numbers.makespan) } else { String::new() };
    format!("{limit}{}, {}", total_text(run), change.trim_matches(['(', ')']))
}

/// How much longer or shorter a run took than the one before: `(−33 %)`, `(no change)`; beyond ten times `(×140)`.
#[must_use]
pub fn change_text(before: SimTime, now: SimTime) -> String {
    let change = (now.0 as i64 - before.0 as i64) * 100;
    let percent = if before.0 == 0 { 0 } else { (change as f64 / before.0 as f64).round() as i64 };
    match percent {
        n if n > 900 => format!("(×{})", (now.0 as f64 / before.0 as f64).round()),
        0 if now == before => tr!("(no change)"),
        n if n < 0 => format!("(−{} %)", -n),
        n => format!("(+{n} %)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::App;

    #[test]
    fn a_change_is_given_in_per_cent() {
        let texts = [(3000, 2000), (2000, 3000), (2000, 2000), (0, 0), (1000, 1001), (1000, 140_000)];
        let texts = texts.map(|(before, now)| change_text(SimTime(before), SimTime(now)));
        assert_eq!(texts, ["(−33 %)", "(+50 %)", "(no change)", "(no change)", "(+0 %)", "(×140)"]);
    }

    #[test]
    fn a_change_is_announced_with_the_limit() {
        let app = App::open().update(crate::app::Msg::Slots("parent".into(), 1));
        let run = app.run.as_ref().expect("it runs");
        assert_eq!(announcement(run, app.ghost.as_deref()), "concurrent 4: 2.0 s, no change");
        assert_eq!(announcement(run, None), "");
    }

    #[test]
    fn efficiency_is_said_of_a_limited_run_that_succeeded() {
        let run = App::open().run.expect("it runs");
        assert_eq!(
            facts(&run),
            [("work", "6.0 s"), ("speed-up", "3.0×"), ("efficiency", "100 %")].map(|(name, value)| (name.into(), value.into()))
        );
    }
}
