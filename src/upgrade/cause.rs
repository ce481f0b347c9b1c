//! Which rule makes a run differ between two versions. Rules: Kestra, "Versions".
//!
//! What a task is and what is around it names the rules that may be the reason; a simulation with only that rule of the other version
//! proves which one is. What is not proved is not stated.

use super::proof::{Basis, Of, Proofs};
use super::ran::{Key, Ran};
use crate::flow::kestra::schema::has_expression;
use crate::flow::kestra::versions::Rule;
use crate::flow::state::State;
use crate::flow::{Flow, Kind, RetryDelay, Task, TaskIdx};
use crate::sim::trace::RunIdx;
use crate::tr;

/// A rule, in a sentence, with where it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The sentence.
    pub sentence: String,
    /// The section of the rules of Kestra.
    pub section: &'static str,
}

/// A difference that was explained: its name, what it rests on, and the section.
pub type Explained = (String, Option<Basis>, &'static str);

/// What makes the runs of a task differ, and what that rests on; `None` when it is more than one rule, or when none can be
/// shown. `earlier` are the differences before it.
pub fn cause(proofs: &Proofs<'_>, key: &Key, [old, new]: [Option<RunIdx>; 2], earlier: &[Explained]) -> (Cause, Option<Basis>) {
    if !proofs.are_possible() {
        let sentence = tr!("which rule makes the difference is shown only from 1.3 to 2.0");
        return (Cause { sentence, section: "Versions" }, None);
    }
    let (mut candidates, is_own) = candidates(proofs.before, proofs.after, old, new);
    let found = candidates.iter().position(|(basis, _)| proofs.proves(*basis, key, Of::All));
    if let Some((basis, cause)) = found.map(|at| candidates.swap_remove(at)) {
        return (cause, Some(basis));
    }
    let Some(basis) = Basis::all().find(|basis| proofs.proves(*basis, key, Of::All)) else {
        // Of two rules one may be the reason of the state.
        let (sentence, section) = match candidates.into_iter().find(|(basis, _)| proofs.proves(*basis, key, Of::States)) {
            Some((_, Cause { sentence, section })) => (tr!("{why}; its times differ by another rule", why = sentence), section),
            None => (tr!("more than one rule of 2.0 makes the difference"), "Versions"),
        };
        return (Cause { sentence, section }, None);
    };
    let first = earlier.iter().find(|(_, of, _)| *of == Some(basis)).filter(|_| !is_own);
    let (sentence, section) = match first {
        Some((name, _, section)) => (tr!("it follows from an earlier difference: `{name}`", name), *section),
        None => in_general(basis, proofs.before.text == proofs.after.text),
    };
    (Cause { sentence, section }, Some(basis))
}

/// The rules that may be the reason, the likely ones first, and whether the task began as before.
fn candidates(before: &Ran, after: &Ran, old: Option<RunIdx>, new: Option<RunIdx>) -> (Vec<(Basis, Cause)>, bool) {
    let mut found = Vec::new();
    let mut add = |basis: Basis, sentence: String, section: &'static str| found.push((basis, Cause { sentence, section }));
    let began = |ran: &Ran, run: Option<RunIdx>| run.map(|run| ran.trace.created(run));
    let is_own = began(before, old) == began(after, new);
    let of = new.map(|run| (after, run)).or(old.map(|run| (before, run)));
    let Some((flow, idx)) = of.and_then(|(ran, run)| in_newer(after, ran, run)) else { return (found, is_own) };
    let id = &flow.task(idx).id;
    let groups: Vec<TaskIdx> = std::iter::successors(flow.task(idx).parent, |group| flow.task(*group).parent).collect();
    let around = || std::iter::once(idx).chain(groups.iter().copied());
    let is_cut = new.is_none_or(|run| matches!(after.trace.state(run), State::Failed | State::Cancelled | State::Warning | State::Killed));
    let failed =
        |ran: &Ran, group: TaskIdx| state_of(ran, flow, group).is_some_and(|state| matches!(state, State::Failed | State::Warning));
    let differs = old.map(|run| before.trace.state(run)) != new.map(|run| after.trace.state(run));
    if let Some(group) = groups.iter().find(|group| interrupts(flow.task(**group)) && failed(after, **group)).filter(|_| is_cut && differs)
    {
        let sentence = tr!("a failed child of `{id}` interrupts its other children", id = flow.task(*group).id);
        add(Basis::Rule(Rule::Interrupts), sentence, "onChildFailure");
    }
    if let Some(found) = around().find(|idx| matches!(flow.task(*idx).kind, Kind::Loop(_))) {
        let id = &flow.task(found).id;
        let sentence = if failed(after, found) {
            tr!("when a value of the Loop `{id}` fails, no other one begins, and those under way go on to their end", id)
        } else {
            tr!("each value of the Loop `{id}` holds its slot from its first task to its last", id)
        };
        add(Basis::Text, sentence, "Loop");
    }
    if let Some(group) = groups.iter().find(|group| failed(after, **group) && differs) {
        let sentence = tr!("`{id}` closes what is open in it when it ends, but leaves that run go on", id = flow.task(*group).id);
        add(Basis::Rule(Rule::Closing), sentence, "Closing");
    }
    if let Some(until) = around().find(|idx| matches!(flow.task(*idx).kind, Kind::LoopUntil(_))) {
        let sentence = tr!("the condition of `{id}` sees the rounds that have been, not the one to come", id = flow.task(until).id);
        add(Basis::Rule(Rule::Until), sentence, "LoopUntil");
    }
    // What began as before differs by itself.
    if !is_own {
        return (found, false);
    }
    if matches!(flow.task(idx).kind, Kind::Pause(_)) {
        add(Basis::Text, tr!("what ran in the Pause `{id}` runs after it", id), "Pause");
    }
    let mut retries = around().filter_map(|idx| flow.task(idx).retry.as_deref()).chain(flow.retry.as_deref());
    match retries.next().map(|retry| &retry.delay) {
        None => {}
        Some(RetryDelay::Random { .. }) => {
            add(Basis::Text, tr!("the delay before a new try of `{id}` is drawn anew", id), "Retry");
        }
        Some(RetryDelay::Constant { .. } | RetryDelay::Exponential { .. }) => {
            let sentence = tr!("a retry that the group of `{id}` hands down waits for the `errors` and `finally` of the group", id);
            add(Basis::Rule(Rule::Retry), sentence, "Retry");
        }
    }
    let branch = groups.first().copied().filter(|group| matches!(flow.task(*group).kind, Kind::If(_) | Kind::Switch(_)));
    let has_expression = |idx: &TaskIdx| after.text.get(flow.task(*idx).span.range()).is_some_and(has_expression);
    if let Some(idx) = branch.into_iter().chain([idx]).find(has_expression) {
        let sentence = tr!("the versions evaluate an expression of `{id}` differently", id = flow.task(idx).id);
        add(Basis::Rule(Rule::Expressions), sentence.clone(), "Expressions");
        add(Basis::Rule(Rule::Context), sentence, "Expressions");
    }
    (found, true)
}

/// What a rule says, where nothing is known of the task that it is about, and its section.
fn in_general(basis: Basis, is_same_text: bool) -> (String, &'static str) {
    let rule = match basis {
        Basis::Rule(rule) => rule,
        Basis::Text if is_same_text => return (tr!("2.0 takes a value of the text otherwise"), "Versions"),
        Basis::Text => return (tr!("what stands in its place in 2.0 runs otherwise"), "Versions"),
    };
    match rule {
        Rule::Interrupts => (tr!("a failed child interrupts the other children of its group"), "onChildFailure"),
        Rule::Closing => (tr!("a group closes what is open in it when it ends, but leaves that run go on"), "Closing"),
        Rule::Retry => (tr!("a retry that a group hands down waits for the `errors` and `finally` of the group"), "Retry"),
        Rule::Until => (tr!("the condition of a LoopUntil sees the rounds that have been, not the one to come"), "LoopUntil"),
        Rule::Cancelled => (tr!("a CANCELLED child makes its group CANCELLED"), "The state of a group"),
        Rule::Kill => (tr!("an execution that is killed stays KILLING until all its tasks have ended"), "Kill"),
        Rule::Lasting => (tr!("a Sleep and the interval of a LoopUntil must take some time"), "Runnable tasks"),
        Rule::ExecutorErrors => (tr!("an error of the executor itself fails no group and no execution"), "Errors of the executor"),
        Rule::Assertions => (tr!("an assertion that can't be evaluated counts as violated"), "SLA"),
        Rule::Resume => (tr!("a Pause that is resumed without answers gives out no `onResume`"), "Pause"),
        Rule::Expressions => (tr!("the versions evaluate an expression differently"), "Expressions"),
        Rule::Context => (tr!("an expression sees other values"), "Context"),
        Rule::Order => (tr!("the versions order what happens in one moment differently"), "Passes"),
    }
}

/// The flow and the task of a run, as the newer version has them.
fn in_newer<'a>(after: &'a Ran, ran: &Ran, run: RunIdx) -> Option<(&'a Flow, TaskIdx)> {
    let (flow, idx) = own(ran, run);
    let (flow, id) = (&ran.flows[flow].id, &ran.flows[flow].task(idx).id);
    after.flows.iter().find(|other| other.id == *flow).and_then(|other| Some((other, other.find(id)?)))
}

fn interrupts(task: &Task) -> bool {
    matches!(task.kind, Kind::Parallel(_) | Kind::Dag(_))
}

/// The flow and the task of a run, as indices.
fn own(ran: &Ran, run: RunIdx) -> (usize, TaskIdx) {
    let taskrun = ran.trace.run(run);
    (ran.trace.execution(taskrun.execution).flow.0 as usize, taskrun.task)
}

/// The state of the last run of a task.
fn state_of(ran: &Ran, flow: &Flow, task: TaskIdx) -> Option<State> {
    let is_it = |run: RunIdx| ran.flows[own(ran, run).0].id == flow.id && own(ran, run).1 == task;
    ran.trace.iter().map(|(run, _)| run).filter(|run| is_it(*run)).last().map(|run| ran.trace.state(run))
}
