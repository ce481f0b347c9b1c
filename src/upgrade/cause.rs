//! Which rule makes a run differ between two versions. Rules: Kestra, "Versions".

use crate::flow::kestra::schema::has_expression;
use crate::flow::state::State;
use crate::flow::{Flow, Kind, RetryDelay, Task, TaskIdx};
use crate::sim::trace::{RunIdx, Trace};
use crate::tr;

/// A rule, in a sentence, with where it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The sentence.
    pub sentence: String,
    /// The section of the rules of Kestra.
    pub section: &'static str,
}

/// One of the two runs that are compared.
pub struct Ran {
    /// The flows; the first one runs.
    pub flows: Vec<Flow>,
    /// What happened.
    pub trace: Trace,
    /// The text of the flows.
    pub text: String,
}

/// What makes the runs of a task differ: a rule about its group, or else what differed before.
pub fn cause(before: &Ran, after: &Ran, old: Option<RunIdx>, new: Option<RunIdx>, first: Option<(&str, &Cause)>) -> Cause {
    let side = [(before, old), (after, new)];
    let task = |(ran, run): (&Ran, Option<RunIdx>)| Some(own(ran, run?));
    let (flow, idx) = match side.into_iter().find_map(|side| task(side).map(|task| (side.0, task))) {
        Some((ran, (flow, idx))) => (&ran.flows[flow], idx),
        None => return otherwise(first),
    };
    let id = &flow.task(idx).id;
    // The groups around it as the newer version has them.
    let Some((flow, idx)) =
        after.flows.iter().find_map(|other| (other.id == flow.id).then(|| other.find(id)).flatten().map(|idx| (other, idx)))
    else {
        return otherwise(first);
    };
    let groups: Vec<TaskIdx> = std::iter::successors(flow.task(idx).parent, |group| flow.task(*group).parent).collect();
    let is_cut = new.is_none_or(|run| matches!(after.trace.state(run), State::Failed | State::Cancelled | State::Warning | State::Killed));
    let failed =
        |ran: &Ran, group: TaskIdx| state_of(ran, flow, group).is_some_and(|state| matches!(state, State::Failed | State::Warning));
    let differs = old.map(|run| before.trace.state(run)) != new.map(|run| after.trace.state(run));
    if let Some(group) = groups.iter().find(|group| interrupts(flow.task(**group)) && failed(after, **group)).filter(|_| is_cut && differs)
    {
        let sentence = tr!("a failed child of `{id}` interrupts its other children", id = flow.task(*group).id);
        return Cause { sentence, section: "onChildFailure" };
    }
    let is_loop = |idx: &TaskIdx| matches!(flow.task(*idx).kind, Kind::Loop(_));
    if let Some(found) = std::iter::once(idx).chain(groups.iter().copied()).find(is_loop) {
        let id = &flow.task(found).id;
        let sentence = if failed(after, found) {
            tr!("when a value of the Loop `{id}` fails, no other one begins, and those under way go on to their end", id)
        } else {
            tr!("each value of the Loop `{id}` holds its slot from its first task to its last", id)
        };
        return Cause { sentence, section: "Loop" };
    }
    if let Some(group) = groups.iter().find(|group| failed(after, **group) && differs) {
        let sentence = tr!("`{id}` closes what is open in it when it ends, but leaves that run go on", id = flow.task(*group).id);
        return Cause { sentence, section: "Closing" };
    }
    let around = || std::iter::once(idx).chain(groups.iter().copied());
    if let Some(until) = around().find(|idx| matches!(flow.task(*idx).kind, Kind::LoopUntil(_))) {
        let sentence = tr!("the condition of `{id}` sees the rounds that have been, not the one to come", id = flow.task(until).id);
        return Cause { sentence, section: "LoopUntil" };
    }
    // What began as before differs by itself.
    let began = |ran: &Ran, run: Option<RunIdx>| run.map(|run| ran.trace.created(run));
    let is_own = began(before, old) == began(after, new);
    if !is_own && first.is_some() {
        return otherwise(first);
    }
    if matches!(flow.task(idx).kind, Kind::Pause(_)) {
        return Cause { sentence: tr!("what ran in the Pause `{id}` runs after it", id), section: "Pause" };
    }
    let retries = || around().filter_map(|idx| flow.task(idx).retry.as_deref()).chain(flow.retry.as_deref());
    if let Some(retry) = retries().next() {
        let sentence = match retry.delay {
            RetryDelay::Random { .. } => tr!("the delay before a new try of `{id}` is drawn anew", id),
            RetryDelay::Constant { .. } | RetryDelay::Exponential { .. } => {
                tr!("a retry that the group of `{id}` hands down waits for the `errors` and `finally` of the group", id)
            }
        };
        return Cause { sentence, section: "Retry" };
    }
    let branch = groups.first().filter(|group| matches!(flow.task(**group).kind, Kind::If(_) | Kind::Switch(_)));
    let has_expression = |idx: TaskIdx| after.text.get(flow.task(idx).span.range()).is_some_and(has_expression);
    if has_expression(idx) || branch.is_some_and(|group| has_expression(*group)) {
        let sentence = tr!("the versions evaluate an expression of `{id}` differently", id = flow.task(branch.copied().unwrap_or(idx)).id);
        return Cause { sentence, section: "Expressions" };
    }
    otherwise(first)
}

/// It follows from what differed first, or the versions order what happens in one moment differently.
fn otherwise(first: Option<(&str, &Cause)>) -> Cause {
    match first {
        Some((name, cause)) => Cause { sentence: tr!("it follows from an earlier difference: `{name}`", name), section: cause.section },
        None => Cause { sentence: tr!("the versions differ in a value here, or in the order within a moment"), section: "Versions" },
    }
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
