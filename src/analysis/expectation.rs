//! What an author claims of a run: `makespan=2s state=SUCCESS order=t1,t2 overlap=t1,t2 at=t4:1s end=t4:2s last=t6 never=t7`. Blanks or
//! semicolons separate the claims.

use serde::Serialize;

use super::makespan::makespan;
use crate::flow::Flow;
use crate::flow::state::State;
use crate::language::{between_names, decimal_mark};
use crate::sim::names::run_key;
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace, What};
use crate::time::{SimTime, parse_duration, seconds};
use crate::tr;

/// One claim of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// `makespan=2s`: how long the first execution takes.
    Makespan(SimTime),
    /// `state=SUCCESS`: the state it ends in.
    State(String),
    /// `order=t1,t2`: these tasks begin in this order.
    Order(Vec<String>),
    /// `overlap=t1,t2`: at some moment all of these tasks run.
    Overlap(Vec<String>),
    /// `at=t4:1s`: this task begins then.
    At(String, SimTime),
    /// `end=t4:2s`: this task ends then.
    End(String, SimTime),
    /// `never=t6`: this task never begins.
    Never(String),
    /// `last=t6`: this task, which is no group, ends after all others.
    Last(String),
}

impl Expectation {
    /// The time that it is about.
    #[must_use]
    pub fn moment(&self) -> Option<SimTime> {
        match self {
            Self::Makespan(at) | Self::At(_, at) | Self::End(_, at) => Some(*at),
            Self::State(_) | Self::Order(_) | Self::Overlap(_) | Self::Last(_) | Self::Never(_) => None,
        }
    }

    /// The task, or the key of its run, whose time is claimed.
    #[must_use]
    pub fn task(&self) -> Option<&str> {
        match self {
            Self::At(task, _) | Self::End(task, _) => Some(task),
            _ => None,
        }
    }

    /// Whether it claims another value for the same: both are a makespan, or the starts of one task.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::At(one, _), Self::At(task, _)) | (Self::End(one, _), Self::End(task, _)) => one == task,
            (Self::Order(one), Self::Order(tasks)) | (Self::Overlap(one), Self::Overlap(tasks)) => {
                one.len() == tasks.len() && one.iter().all(|task| tasks.contains(task))
            }
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// A claim that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The claim, as it is written.
    pub expected: String,
    /// The same claim as it would hold; `None` when none like it does.
    pub actual: Option<String>,
    /// What was expected and what came, in one clause: `expected makespan 2 s, got 4 s`.
    pub message: String,
}

/// Reads claims.
///
/// # Errors
/// What can't be read, and what may be written.
pub fn parse(text: &str) -> Result<Vec<Expectation>, String> {
    parts(text).map(one).collect()
}

/// Each claim as it is written.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ';', '\t', '\n']).filter(|part| !part.is_empty())
}

fn one(part: &str) -> Result<Expectation, String> {
    let (name, value) = part.split_once('=').ok_or_else(|| tr!("`{part}` is no claim: write name=value", part))?;
    let time =
        |text: &str| parse_duration(text).ok_or_else(|| tr!("`{text}` in `{part}` is no length of time: write 2s or 1.5s", text, part));
    let tasks = || match value.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect::<Vec<_>>() {
        tasks if tasks.len() > 1 => Ok(tasks),
        _ => Err(tr!("`{part}` names fewer than two tasks: write {name}=t1,t2", part, name)),
    };
    match name {
        "makespan" => time(value).map(Expectation::Makespan),
        "state" if value.is_empty() => Err(tr!("`state=` names no state: write state=SUCCESS")),
        "state" => Ok(Expectation::State(value.to_owned())),
        "order" => tasks().map(Expectation::Order),
        "overlap" => tasks().map(Expectation::Overlap),
        "at" | "end" => {
            let (task, at) = value.rsplit_once(':').ok_or_else(|| tr!("`{part}` has no time: write {name}=t4:1s", part, name))?;
            let of = if name == "at" { Expectation::At } else { Expectation::End };
            Ok(of(task.to_owned(), time(at)?))
        }
        "last" | "never" if value.is_empty() => Err(tr!("`{name}=` names no task: write {name}=t6", name)),
        "last" => Ok(Expectation::Last(value.to_owned())),
        "never" => Ok(Expectation::Never(value.to_owned())),
        _ => Err(tr!("nothing is called `{name}`: there are makespan, state, order, overlap, at, end, last and never", name)),
    }
}

/// The claims that do not hold of a run.
#[must_use]
pub fn differences(expectations: &[Expectation], flows: &[Flow], trace: &Trace) -> Vec<Difference> {
    let run = Run { flows, trace };
    expectations.iter().filter_map(|expectation| run.difference(expectation)).collect()
}

/// What is wrong with claims, a clause each: that they do not hold, or can't be read.
#[must_use]
pub fn unmet(claims: &str, flows: &[Flow], trace: &Trace) -> Vec<String> {
    match parse(claims) {
        Ok(expectations) => differences(&expectations, flows, trace).into_iter().map(|found| found.message).collect(),
        Err(message) => vec![message],
    }
}

struct Run<'a> {
    flows: &'a [Flow],
    trace: &'a Trace,
}

impl Run<'_> {
    fn difference(&self, expectation: &Expectation) -> Option<Difference> {
        let (message, actual) = match expectation {
            Expectation::Makespan(expected) => {
                let actual = makespan(self.trace);
                let message = tr!("expected makespan {expected}, got {actual}", expected = length(*expected), actual = length(actual));
                (actual != *expected).then_some((message, Some(Expectation::Makespan(actual))))
            }
            Expectation::State(expected) => {
                let last = self.trace.execution_history(ExecutionIdx::FIRST).last();
                let actual = last.map(|(_, state)| state.as_str()).unwrap_or_default();
                let message = tr!("expected state {expected}, got {actual}", expected, actual);
                (!actual.eq_ignore_ascii_case(expected)).then(|| (message, Some(Expectation::State(actual.to_owned()))))
            }
            Expectation::At(task, expected) => {
                let actual = self.began(task).map(|(_, at)| at);
                moment(task, *expected, actual, &|at| Expectation::At(task.clone(), at))
            }
            Expectation::End(task, expected) => {
                moment(&tr!("the end of {task}", task), *expected, self.ended(task), &|at| Expectation::End(task.clone(), at))
            }
            Expectation::Last(expected) => self.last(expected),
            Expectation::Never(task) => match self.began(task) {
                Ok((_, at)) => {
                    let message = tr!("expected {task} never to begin, got {actual}", task, actual = length(at));
                    Some((message, Some(Expectation::At(task.clone(), at))))
                }
                Err(_) if self.is_known(task) => None,
                Err(why) => Some((tr!("expected {task} never to begin, but {why}", task, why), None)),
            },
            Expectation::Order(tasks) => self.order(tasks),
            Expectation::Overlap(tasks) => self.overlap(tasks).map(|message| (message, None)),
        }?;
        Some(Difference { expected: expectation.to_string(), actual: actual.map(|actual| actual.to_string()), message })
    }

    fn order(&self, tasks: &[String]) -> Option<(String, Option<Expectation>)> {
        let expected = tasks.join(", ");
        let began: Result<Vec<(usize, SimTime)>, String> = tasks.iter().map(|task| self.began(task)).collect();
        let began = match began {
            Ok(began) => began,
            Err(why) => return Some((tr!("expected the order {expected}, but {why}", expected, why), None)),
        };
        let mut sorted: Vec<usize> = (0..tasks.len()).collect();
        sorted.sort_by_key(|task| began[*task]);
        let at = |task: &usize| tr!("{task} at {time}", task = tasks[*task], time = length(began[*task].1));
        let got: Vec<String> = sorted.iter().map(at).collect();
        let actual = sorted.iter().map(|task| tasks[*task].clone()).collect();
        let message = tr!("expected the order {expected}, got {actual}", expected, actual = got.join(", "));
        (!sorted.is_sorted()).then_some((message, Some(Expectation::Order(actual))))
    }

    fn last(&self, expected: &str) -> Option<(String, Option<Expectation>)> {
        let is_leaf = |run: RunIdx| !self.trace.task_of(self.flows, run).is_group();
        let leaves: Vec<RunIdx> = self.trace.iter().map(|(run, _)| run).filter(|run| is_leaf(*run)).collect();
        let end = leaves.iter().map(|run| self.trace.ended(*run)).max();
        let last: Vec<RunIdx> = leaves.into_iter().filter(|run| Some(self.trace.ended(*run)) == end).collect();
        let names: Vec<String> = last.iter().map(|run| run_key(self.flows, self.trace, *run).to_string()).collect();
        let actual = if let [only] = &names[..] { Some(Expectation::Last(only.clone())) } else { None };
        let is_so = self.find(expected).is_some_and(|run| last == [run]);
        (!is_so).then(|| (tr!("expected {expected} to end last, got {actual}", expected, actual = names.join(", ")), actual))
    }

    /// Why the tasks did not all run at one moment; `None` when they did.
    fn overlap(&self, tasks: &[String]) -> Option<String> {
        let expected = tasks.join(", ");
        let mut common: Option<Vec<(SimTime, SimTime)>> = None;
        let mut spans = Vec::new();
        for task in tasks {
            let Some(run) = self.find(task) else {
                return Some(tr!("expected {expected} at the same time, but there is no {task}", expected, task));
            };
            let of_run = self.trace.stretches(run).filter(|(state, from, to)| *state == State::Running && from < to);
            let of_run: Vec<(SimTime, SimTime)> = of_run.map(|(_, from, to)| (from, to)).collect();
            let meets = |(from, to): &(SimTime, SimTime)| {
                let both = of_run.iter().map(|other| (other.0.max(*from), other.1.min(*to)));
                both.filter(|(from, to)| from < to).collect::<Vec<_>>()
            };
            common = Some(common.map_or_else(|| of_run.clone(), |common| common.iter().flat_map(meets).collect()));
            let shown = of_run.iter().map(|(from, to)| tr!("{from} to {to}", from = length(*from), to = length(*to))).collect::<Vec<_>>();
            let (_, and) = between_names();
            let shown = if shown.is_empty() { tr!("never") } else { shown.join(&and) };
            spans.push(format!("{task} {shown}"));
        }
        let actual = || tr!("expected {expected} at the same time, got {actual}", expected, actual = spans.join(", "));
        common.is_none_or(|common| common.is_empty()).then(actual)
    }

    /// When a task first began: the place of that event in the log, and the time.
    fn began(&self, task: &str) -> Result<(usize, SimTime), String> {
        let run = self.find(task).ok_or_else(|| tr!("there is no {task}", task))?;
        let begins = |what: What| matches!(what, What::Run(of, state) if of == run && state.is_running());
        let event = self.trace.events.iter().enumerate().find(|(_, event)| begins(event.what));
        event.map(|(place, event)| (place, event.at)).ok_or_else(|| tr!("{task} never began", task))
    }

    /// When a task ended.
    fn ended(&self, task: &str) -> Result<SimTime, String> {
        let run = self.find(task).ok_or_else(|| tr!("there is no {task}", task))?;
        if self.trace.state(run).is_terminal() { Ok(self.trace.ended(run)) } else { Err(tr!("it never ended")) }
    }

    /// Whether a task has a run, or could have had one.
    fn is_known(&self, task: &str) -> bool {
        self.find(task).is_some() || self.flows.iter().any(|flow| flow.find(task).is_some())
    }

    /// The first run of a task, or the one with this key: `t4`, `t4~2`, `x2.t4`.
    fn find(&self, task: &str) -> Option<RunIdx> {
        let is_it = |(run, _): &(RunIdx, _)| *run_key(self.flows, self.trace, *run) == *task;
        let by_id = |(run, _): &(RunIdx, _)| *self.trace.task_of(self.flows, *run).id == *task;
        self.trace.iter().find(is_it).or_else(|| self.trace.iter().find(by_id)).map(|(run, _)| run)
    }
}

/// What is wrong with the time of something, and the claim as it would hold.
fn moment(
    what: &str,
    expected: SimTime,
    actual: Result<SimTime, String>,
    as_it_is: &dyn Fn(SimTime) -> Expectation,
) -> Option<(String, Option<Expectation>)> {
    match actual {
        Ok(actual) if actual == expected => None,
        Ok(actual) => {
            let message = tr!("expected {what} at {time}, got {actual}", what, time = length(expected), actual = length(actual));
            Some((message, Some(as_it_is(actual))))
        }
        Err(why) => Some((tr!("expected {what} at {time}, but {why}", what, time = length(expected), why), None)),
    }
}

/// The claim as it is written.
impl std::fmt::Display for Expectation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Makespan(time) => write!(f, "makespan={}s", seconds(*time, 0)),
            Self::State(state) => write!(f, "state={state}"),
            Self::Order(tasks) => write!(f, "order={}", tasks.join(",")),
            Self::Overlap(tasks) => write!(f, "overlap={}", tasks.join(",")),
            Self::At(task, time) => write!(f, "at={task}:{}s", seconds(*time, 0)),
            Self::End(task, time) => write!(f, "end={task}:{}s", seconds(*time, 0)),
            Self::Last(task) => write!(f, "last={task}"),
            Self::Never(task) => write!(f, "never={task}"),
        }
    }
}

/// A length in full, however long: `2 s`, `0.25 s`, `4800 s`.
fn length(time: SimTime) -> String {
    format!("{} s", seconds(time, 0).replace('.', &decimal_mark()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::read_text;
    use crate::sim::scenario::Scenario;
    use crate::sim::simulate;
    use crate::source::Source;

    /// Six tasks of one second in three slots.
    fn check(expectations: &str) -> String {
        let flow = crate::examples::find("parallel").expect("it is an example");
        let (_, flows, _) = read_text(&Source::new("", flow.text));
        let trace = simulate(&flows, &Scenario::default());
        let line = |found: Difference| format!("{} | {} | {}", found.expected, found.actual.unwrap_or_default(), found.message);
        match parse(expectations) {
            Ok(expectations) => differences(&expectations, &flows, &trace).into_iter().map(line).collect::<Vec<_>>().join("\n"),
            Err(message) => message,
        }
    }

    #[test]
    fn what_holds_makes_no_difference() {
        assert_eq!(check("makespan=2s;state=success order=t1,t2,t4 overlap=t1,t2  at=t4:PT1S end=t3:1s"), "");
        assert_eq!(check("overlap=parent,t4"), "");
    }

    #[test]
    fn what_does_not_hold_is_said_with_what_does() {
        insta::assert_snapshot!(check("makespan=4s state=FAILED order=t4,t1 overlap=t1,t4 at=t4:0.5s at=t9:1s order=t1,no overlap=t1,no end=t3:2s last=t6 never=t4 never=t9"), @"
        makespan=4s | makespan=2s | expected makespan 4 s, got 2 s
        state=FAILED | state=SUCCESS | expected state FAILED, got SUCCESS
        order=t4,t1 | order=t1,t4 | expected the order t4, t1, got t1 at 0 s, t4 at 1 s
        overlap=t1,t4 |  | expected t1, t4 at the same time, got t1 0 s to 1 s, t4 1 s to 2 s
        at=t4:0.5s | at=t4:1s | expected t4 at 0.5 s, got 1 s
        at=t9:1s |  | expected t9 at 1 s, but there is no t9
        order=t1,no |  | expected the order t1, no, but there is no no
        overlap=t1,no |  | expected t1, no at the same time, but there is no no
        end=t3:2s | end=t3:1s | expected the end of t3 at 2 s, got 1 s
        last=t6 |  | expected t6 to end last, got t4, t5, t6, last
        never=t4 | at=t4:1s | expected t4 never to begin, got 1 s
        never=t9 |  | expected t9 never to begin, but there is no t9
        ");
    }

    #[test]
    fn what_can_not_be_read_is_refused() {
        for wrong in ["makespan", "makespan=soon", "order=t1", "at=t4", "state=", "makspan=2s"] {
            assert!(!check(wrong).is_empty() && !check(wrong).contains('|'), "{wrong}: {}", check(wrong));
        }
    }
}
