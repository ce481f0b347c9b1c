//! The sentences of claims. `end_words.rs`, `change_words.rs` and `bound_words.rs` have those of ends, of changes and of bounds.

use super::claims::{Cause, Claim, Named, Path, Shared, Wait};
use super::end_words::execution_name;
use super::sentence::{Names, Pieces, capitalized, clauses, list, say, sentences, text, time, whole_of};
use crate::flow::Flow;
use crate::flow::state::State;
use crate::sim::trace::{RunIdx, Trace};
use crate::time::{SimTime, human};
use crate::tr;

impl Claim {
    /// The claim in words.
    #[must_use]
    pub fn sentence(&self, flows: &[Flow], trace: &Trace) -> Pieces {
        let names = Names { flows, trace };
        match self {
            Self::Waited(wait) => wait.sentence(names),
            Self::Started(run, at) => started(names, *run, *at),
            Self::Shared(shared) => shared.sentence(names),
            Self::Ended(end) => end.sentence(names),
            Self::Changed(changed) => changed.sentence(names),
            Self::Path(path) => path.sentence(names),
            Self::Bound(bound) => bound.sentence(names),
            Self::Alike(alike) => alike.sentence(names),
            Self::Capped(0, _) => text(&tr!("No change was simulated: the run has too many events.")),
            Self::Capped(n, of) => text(&tr!(
                "Changes were simulated for {n} of {of} rows, those that waited longest; `explain --task` does it for one.",
                n,
                of
            )),
        }
    }
}

impl Wait {
    /// The runs it waited for.
    fn runs(&self) -> Vec<RunIdx> {
        self.by.iter().map(|by| by.run).collect()
    }

    /// Those whose end ended the wait.
    fn last_runs(&self) -> Vec<RunIdx> {
        self.by.iter().filter(|by| by.until == Some(self.to)).map(|by| by.run).collect()
    }

    /// Whether the run began when the wait ended.
    fn begins(&self, trace: &Trace) -> bool {
        trace.began(self.run) == Some(self.to)
    }

    /// A message about it, with these runs.
    fn say(&self, names: Names<'_>, message: &str, runs: Pieces) -> Pieces {
        let group = self.group.map(|group| names.title(group)).unwrap_or_default();
        let (length, end) = (time(self.to - self.from), time(self.to));
        let limit = text(&self.limit.unwrap_or(0).to_string());
        say(message, &[("run", names.run(self.run)), ("length", length), ("runs", runs), ("group", group), ("end", end), ("limit", limit)])
    }

    fn sentence(&self, names: Names<'_>) -> Pieces {
        let runs = self.runs();
        let said = |message: &str, runs: Pieces| self.say(names, message, runs);
        let (has_group, named, n) = (self.group.is_some(), names.and_others(&runs, self.others), runs.len() + self.others);
        match self.cause {
            Cause::Slot => sentences(vec![self.for_slot(names, &runs), self.last_of(names, &runs)]),
            Cause::Previous | Cause::DependsOn | Cause::Errors if runs.is_empty() => said(
                &if has_group {
                    tr!("{run} waited {length} before its turn came in {group}. Its turn came at {end}.")
                } else {
                    tr!("{run} waited {length} before its turn came. Its turn came at {end}.")
                },
                Pieces::new(),
            ),
            Cause::DependsOn => {
                sentences(vec![said(&tr!("{run} waited {length} because it depends on {runs}."), named), self.last_of(names, &[])])
            }
            Cause::Previous => {
                let because = if has_group {
                    tr!("{run} waited {length} because it comes after {runs} in {group}."
                        | "{run} waited {length} because it comes after {runs} in {group}." % n)
                } else {
                    tr!("{run} waited {length} because it comes after {runs}." | "{run} waited {length} because it comes after {runs}." % n)
                };
                sentences(vec![said(&because, names.all(&runs)), self.last_of(names, &[])])
            }
            Cause::Errors => {
                let because = if has_group {
                    tr!("{run} waited {length} because it runs once a task of {group} has failed.")
                } else {
                    tr!("{run} waited {length} because it runs once a task has failed.")
                };
                sentences(vec![said(&because, Pieces::new()), self.failures(names)])
            }
            Cause::Pause if named.is_empty() => {
                said(&tr!("{run} waited {length} because the whole execution was paused. It went on at {end}."), named)
            }
            Cause::Pause => said(
                &tr!("{run} waited {length} because the whole execution was paused by {runs}. It went on at {end}."
                    | "{run} waited {length} because the whole execution was paused by {runs}. It went on at {end}." % n),
                named,
            ),
            Cause::Worker if named.is_empty() => {
                said(&tr!("{run} waited {length} because every worker of the server was busy. The wait ended at {end}."), named)
            }
            Cause::Worker => said(
                &tr!("{run} waited {length} because every worker of the server was busy with {runs}. The wait ended at {end}."
                    | "{run} waited {length} because every worker of the server was busy with {runs}. The wait ended at {end}." % n),
                named,
            ),
            Cause::Timer | Cause::Person => {
                let group = self.group.map(|group| names.run(group)).unwrap_or_default();
                if self.cause == Cause::Timer {
                    said(&tr!("{run} waited {length} because {runs} was paused until its timer was up at {end}."), group)
                } else {
                    said(&tr!("{run} waited {length} because {runs} was paused until a person resumed it at {end}."), group)
                }
            }
            Cause::Retry if runs.is_empty() => said(&tr!("{run} waited {length} before its next attempt, which began at {end}."), named),
            Cause::Retry => {
                let because = tr!("{run} waited {length} because {runs}, which had failed, was to be tried again."
                    | "{run} waited {length} because {runs}, which had failed, were to be tried again." % runs.len());
                sentences(vec![said(&because, named), self.begun(names, &[], false)])
            }
            Cause::Concurrency => said(&tr!("{run} waited {length} before its execution began to run, at {end}."), named),
        }
    }

    /// Whose end let it begin. `holders` are those that held all that it waited for.
    fn last_of(&self, names: Names<'_>, holders: &[RunIdx]) -> Pieces {
        let last = self.last_runs();
        self.begun(names, &last, last == holders && holders.len() > 1 && self.others == 0)
    }

    /// When it began or its turn came, and whose end that was; `are_same` when that of all that were just named.
    fn begun(&self, names: Names<'_>, last: &[RunIdx], are_same: bool) -> Pieces {
        let message = match (self.begins(names.trace), last.is_empty(), are_same) {
            (true, true, _) => tr!("It started at {end}."),
            (true, false, true) => tr!("It started when they ended at {end}."),
            (true, false, false) => tr!("It started when {runs} ended at {end}." | "It started when {runs} ended at {end}." % last.len()),
            (false, true, _) => tr!("Its turn came at {end}."),
            (false, false, true) => tr!("Its turn came when they ended at {end}."),
            (false, false, false) => {
                tr!("Its turn came when {runs} ended at {end}." | "Its turn came when {runs} ended at {end}." % last.len())
            }
        };
        self.say(names, &message, names.all(last))
    }

    fn for_slot(&self, names: Names<'_>, runs: &[RunIdx]) -> Pieces {
        let n = runs.len() + self.others;
        if self.all_taken && !runs.is_empty() {
            let message = match self.limit {
                Some(1) => tr!("{run} waited {length} because the one slot of {group} was taken by {runs}."
                    | "{run} waited {length} because the one slot of {group} was taken by {runs}." % n),
                Some(2) => tr!("{run} waited {length} because both slots of {group} were taken by {runs}."),
                _ => tr!("{run} waited {length} because all {limit} slots of {group} were taken by {runs}."),
            };
            return self.say(names, &message, self.holders(names, runs));
        }
        let message = match (self.group.is_some(), runs.is_empty()) {
            (true, true) => tr!("{run} waited {length} for its turn in {group}."),
            (false, true) => tr!("{run} waited {length} for its turn."),
            (true, false) => tr!("{run} waited {length} for its turn in {group}, where {runs} had begun before it."
                | "{run} waited {length} for its turn in {group}, where {runs} had begun before it." % n),
            (false, false) => tr!("{run} waited {length} for its turn, where {runs} had begun before it."
                | "{run} waited {length} for its turn, where {runs} had begun before it." % n),
        };
        self.say(names, &message, names.and_others(runs, self.others))
    }

    /// Those that held all slots. Those of few that gave their slot to another are named with the end of their own.
    fn holders(&self, names: Names<'_>, runs: &[RunIdx]) -> Pieces {
        let during =
            |by: &Named| names.trace.began(by.run).is_some_and(|began| began <= self.from) && by.until.is_none_or(|until| until >= self.to);
        if runs.len() > 4 || self.others > 0 || self.by.iter().all(during) {
            return names.and_others(runs, self.others);
        }
        let until = |by: &Named| match by.until.filter(|until| *until < self.to) {
            Some(until) => say(&tr!("{run} until {time}"), &[("run", names.run(by.run)), ("time", time(until))]),
            None => names.run(by.run),
        };
        list(self.by.iter().map(until).collect())
    }

    /// The failures after which it runs, in a sentence.
    fn failures(&self, names: Names<'_>) -> Pieces {
        let of = |by: &Named| {
            let message = match (names.trace.state(by.run) == State::Failed, by.until.is_some()) {
                (true, true) => tr!("{run} failed at {time}"),
                (true, false) => tr!("{run} failed later"),
                (false, true) => tr!("{run} ended at {time}"),
                (false, false) => tr!("{run} ended later"),
            };
            say(&message, &[("run", names.run(by.run)), ("time", by.until.map(time).unwrap_or_default())])
        };
        say(&tr!("{clauses}."), &[("clauses", clauses(self.by.iter().map(of)))])
    }
}

fn started(names: Names<'_>, run: RunIdx, at: SimTime) -> Pieces {
    let trace = names.trace;
    let group = trace.run(run).parent;
    let message = match group {
        _ if trace.group_began(run) != at => tr!("{run} started at {at}."),
        Some(_) => tr!("{run} started at {at}, as soon as {group} did: nothing held it up."),
        None => tr!("{run} started at {at}: nothing held it up."),
    };
    let group = group.map(|group| names.title(group)).unwrap_or_default();
    say(&message, &[("run", names.run(run)), ("at", time(at)), ("group", group)])
}

impl Path {
    fn sentence(&self, names: Names<'_>) -> Pieces {
        let trace = names.trace;
        let of = whole_of(trace);
        let message = match (of.is_some(), self.runs.len() > 1) {
            (false, false) => tr!("The critical path is {runs}."),
            (false, true) => tr!("The critical path is {runs}, each from the end of the one before."),
            (true, false) => tr!("The critical path {of} is {runs}."),
            (true, true) => tr!("The critical path {of} is {runs}, each from the end of the one before."),
        };
        let mut said = vec![say(&message, &[("of", text(&of.unwrap_or_default())), ("runs", names.all(&self.runs))])];
        // Of several executions each begins at a time of its own.
        let first = self.runs.first().filter(|first| trace.n_roots() > 1 && trace.created(**first) > SimTime::ZERO);
        said.extend(first.map(|first| {
            let name = capitalized(&execution_name(trace, trace.run(*first).execution));
            text(&tr!("{execution} starts at {time}.", execution = name, time = human(trace.created(*first))))
        }));
        said.push(if self.equals.is_empty() {
            text(&tr!("No other is as long."))
        } else {
            say(&tr!("Also on paths just as long: {runs}."), &[("runs", names.some(&self.equals))])
        });
        sentences(said)
    }
}

impl Shared {
    fn sentence(&self, names: Names<'_>) -> Pieces {
        let message = tr!(
            "{run} ran {took} and did what takes {alone} on a core of its own: for some of that time more tasks ran than the {n} core of \
             the server."
                | "{run} ran {took} and did what takes {alone} on a core of its own: for some of that time more tasks ran than the {n} \
                   cores of the server."
                    % self.cores
        );
        say(&message, &[("run", names.run(self.run)), ("took", time(self.took)), ("alone", time(self.alone))])
    }
}
