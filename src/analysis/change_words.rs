//! The sentences of changes: what each would do.

use super::claims::{Alike, Change, Counterfactual, Runs, Slack};
use super::sentence::{Names, Piece, Pieces, code, list, n_whole, say, sentences, text, time, whole};
use crate::flow::Flow;
use crate::flow::behavior::Order;
use crate::language::decimal_mark;
use crate::sim::trace::Trace;
use crate::time::{SimTime, human};
use crate::tr;

impl Counterfactual {
    pub(super) fn sentence(&self, names: Names<'_>) -> Pieces {
        if let (Some(slack), Some(run)) = (self.slack, self.run) {
            return self.of_slack(names, slack, names.run(run));
        }
        let flow = &names.flows[0];
        let has_one_group = flow.tasks.iter().filter(|task| task.has_slots()).count() == 1;
        let effect = self.effect(names);
        let sentence = match &self.change {
            Change::Set(limits) if self.none_helps => {
                let group = limits.first().map(|(group, _)| code(group)).unwrap_or_default();
                let setting = list(limits.iter().map(|(_, n)| code(&format!("concurrent: {n}"))).collect());
                let message = if has_one_group {
                    tr!("More slots would not help: with {setting} {effect}.")
                } else {
                    tr!("More slots of {group} would not help: with {setting} {effect}.")
                };
                say(&message, &[("group", group), ("setting", setting), ("effect", effect)])
            }
            change => change.sentence(flow, has_one_group, effect),
        };
        let runs = self.runs.map(|runs| {
            let best = tr!("In {n} of them no other limit or order saves more.", n = runs.n_best);
            sentences(vec![text(&runs.text(names.trace)), text(&best)])
        });
        sentences([sentence].into_iter().chain(runs).collect())
    }

    /// What the change does, as a clause after a condition.
    fn effect(&self, names: Names<'_>) -> Pieces {
        let (Some(run), Some(start)) = (self.run, self.start) else {
            return text(&instead_if(names.trace, self.now_makespan, self.makespan));
        };
        let is_still = self.now_start == Some(start);
        let is_alike = is_still == (self.now_makespan == self.makespan);
        let message = match (is_still, is_alike) {
            (true, true) => tr!("{run} would still start at {start}, and {outcome}"),
            (true, false) => tr!("{run} would still start at {start}, but {outcome}"),
            (false, true) => tr!("{run} would start at {start}, and {outcome}"),
            (false, false) => tr!("{run} would start at {start}, but {outcome}"),
        };
        // Nothing else that the change names could be meant.
        let run = if let Change::Set(_) = self.change { text(&tr!("it")) } else { names.run(run) };
        let outcome = text(&instead(names.trace, self.now_makespan, self.makespan));
        say(&message, &[("run", run), ("start", time(start)), ("outcome", outcome)])
    }

    /// That a run may take longer.
    fn of_slack(&self, names: Names<'_>, slack: Slack, run: Pieces) -> Pieces {
        let trace = names.trace;
        let by = if slack.is_most { human(slack.by) } else { tr!("at least {time}", time = human(slack.by)) };
        let message = match (slack.is_free, trace.has_drawn, slack.is_work) {
            (true, false, true) => tr!("{run} could do {by} more work and nothing would end later."),
            (true, false, false) => tr!("{run} could take {by} longer and nothing would end later."),
            (true, true, true) => tr!("{run} could do {by} more work and nothing {in} would end later."),
            (true, true, false) => tr!("{run} could take {by} longer and nothing {in} would end later."),
            (false, _, true) => tr!("{run} could do {by} more work and {outcome}."),
            (false, _, false) => tr!("{run} could take {by} longer and {outcome}."),
        };
        let outcome = text(&instead(trace, self.makespan, self.makespan));
        let longer = say(&message, &[("run", run), ("by", text(&by)), ("in", text(&in_whole(trace))), ("outcome", outcome)]);
        let holes = || {
            let outcome = instead_if(trace, self.now_makespan, slack.shorter_makespan);
            [("by", time(slack.shorter_by)), ("outcome", text(&outcome))]
        };
        let more = if slack.shorter_makespan != self.now_makespan && slack.is_work {
            say(&tr!("Yet its length matters: if it did {by} less work, {outcome}."), &holes())
        } else if slack.shorter_makespan != self.now_makespan {
            say(&tr!("Yet its length matters: if it took {by} less, {outcome}."), &holes())
        } else if slack.is_most {
            say(&tr!("This is its {slack}."), &[("slack", vec![Piece::Term("slack", tr!("slack"))])])
        } else {
            return longer;
        };
        sentences(vec![longer, more])
    }
}

/// `in this run (seed 0)`, where lengths are drawn.
fn in_whole(trace: &Trace) -> String {
    let seed = trace.seed;
    match n_whole(trace) {
        1 => tr!("in this run (seed {seed})", seed),
        2 => tr!("in both executions (seed {seed})", seed),
        n => tr!("in all {n} executions (seed {seed})", n, seed),
    }
}

/// How a makespan differs from another.
enum Difference {
    None,
    Less,
    More,
    /// Less or more, and the times are written differently.
    Seen,
}

impl Difference {
    fn of(now: SimTime, then: SimTime) -> Self {
        match human(now) == human(then) {
            _ if now == then => Self::None,
            true if then < now => Self::Less,
            true => Self::More,
            false => Self::Seen,
        }
    }
}

/// A main clause: `the flow would take 2.0 s instead of 3.0 s`, or `the flow would still take 3.0 s`. A run that failed is no shorter for
/// failing earlier: it would `end at 2.0 s instead of 3.0 s`.
fn instead(trace: &Trace, now: SimTime, then: SimTime) -> String {
    let n = n_whole(trace);
    let message = match (Difference::of(now, then), trace.ended_badly()) {
        (Difference::None, false) => tr!("{whole} would still take {then}" | "{whole} would still take {then}" % n),
        (Difference::None, true) => tr!("{whole} would still end at {then}" | "{whole} would still end at {then}" % n),
        (Difference::Less, false) => {
            tr!("{whole} would take {then}, {by} less than now" | "{whole} would take {then}, {by} less than now" % n)
        }
        (Difference::Less, true) => {
            tr!("{whole} would end at {then}, {by} less than now" | "{whole} would end at {then}, {by} less than now" % n)
        }
        (Difference::More, false) => {
            tr!("{whole} would take {then}, {by} more than now" | "{whole} would take {then}, {by} more than now" % n)
        }
        (Difference::More, true) => {
            tr!("{whole} would end at {then}, {by} more than now" | "{whole} would end at {then}, {by} more than now" % n)
        }
        (Difference::Seen, false) => tr!("{whole} would take {then} instead of {now}" | "{whole} would take {then} instead of {now}" % n),
        (Difference::Seen, true) => {
            tr!("{whole} would end at {then} instead of {now}" | "{whole} would end at {then} instead of {now}" % n)
        }
    };
    of_makespans(&message, trace, now, then)
}

/// The same as a clause after a condition.
fn instead_if(trace: &Trace, now: SimTime, then: SimTime) -> String {
    let n = n_whole(trace);
    let message = match (Difference::of(now, then), trace.ended_badly()) {
        (Difference::None, false) => tr!("if" => "{whole} would still take {then}" | "{whole} would still take {then}" % n),
        (Difference::None, true) => tr!("if" => "{whole} would still end at {then}" | "{whole} would still end at {then}" % n),
        (Difference::Less, false) => {
            tr!("if" => "{whole} would take {then}, {by} less than now" | "{whole} would take {then}, {by} less than now" % n)
        }
        (Difference::Less, true) => {
            tr!("if" => "{whole} would end at {then}, {by} less than now" | "{whole} would end at {then}, {by} less than now" % n)
        }
        (Difference::More, false) => {
            tr!("if" => "{whole} would take {then}, {by} more than now" | "{whole} would take {then}, {by} more than now" % n)
        }
        (Difference::More, true) => {
            tr!("if" => "{whole} would end at {then}, {by} more than now" | "{whole} would end at {then}, {by} more than now" % n)
        }
        (Difference::Seen, false) => {
            tr!("if" => "{whole} would take {then} instead of {now}" | "{whole} would take {then} instead of {now}" % n)
        }
        (Difference::Seen, true) => {
            tr!("if" => "{whole} would end at {then} instead of {now}" | "{whole} would end at {then} instead of {now}" % n)
        }
    };
    of_makespans(&message, trace, now, then)
}

fn of_makespans(message: &str, trace: &Trace, now: SimTime, then: SimTime) -> String {
    let by = if then < now { now - then } else { then - now };
    crate::language::filled(message, &[("whole", &whole(trace)), ("now", &human(now)), ("then", &human(then)), ("by", &human(by))])
}

impl Runs {
    /// What the change does over all of them.
    #[must_use]
    pub fn text(&self, trace: &Trace) -> String {
        let (n, runs, saving) = (self.n_shorter, of_runs(trace, self.n), human(self.median_saving));
        tr!("This shortens {n} of {runs}; the median saving is {saving}.", n, runs, saving)
    }
}

/// Runs with other seeds, after `of`: `20 runs (seeds 0 to 19)`.
pub(super) fn of_runs(trace: &Trace, n: u32) -> String {
    let (first, last) = (trace.seed, trace.seed.wrapping_add(u64::from(n) - 1));
    tr!("of" => "{n} runs (seeds {first} to {last})", n, first, last)
}

/// A small number in words.
fn number(n: u32) -> String {
    match n {
        0 => tr!("number" => "no"),
        1 => tr!("number" => "one"),
        2 => tr!("number" => "two"),
        3 => tr!("number" => "three"),
        4 => tr!("number" => "four"),
        5 => tr!("number" => "five"),
        6 => tr!("number" => "six"),
        7 => tr!("number" => "seven"),
        8 => tr!("number" => "eight"),
        9 => tr!("number" => "nine"),
        10 => tr!("number" => "ten"),
        11 => tr!("number" => "eleven"),
        12 => tr!("number" => "twelve"),
        _ => n.to_string(),
    }
}

impl Alike {
    /// The question that it answers.
    #[must_use]
    pub fn question(&self) -> String {
        if self.now > self.fewer { tr!("Why slower at {n}?", n = self.slots) } else { tr!("Why no gain at {n}?", n = self.slots) }
    }

    pub(super) fn sentence(&self, names: Names<'_>) -> Pieces {
        let whole = text(&whole(names.trace));
        let fewer = text(&tr!("with" => "{n} slot" | "{n} slots" % self.slots - 1));
        let holes =
            [("fewer", fewer), ("whole", whole), ("before", time(self.fewer)), ("slots", number_of(self.slots)), ("now", time(self.now))];
        if self.now > self.fewer {
            return self.slower(names, &holes);
        }
        let message = tr!("With {fewer} {whole} takes {before} as well: {reason}."
            | "With {fewer} {whole} take {before} as well: {reason}." % n_whole(names.trace));
        say(&message, &[&holes[..], &[("reason", self.reason(names))]].concat())
    }

    /// Why a slot fewer would do, as a main clause.
    fn reason(&self, names: Names<'_>) -> Pieces {
        let Some((n, length)) = self.tasks else {
            let message = if self.path.len() > 1 {
                tr!("what fixes the time is still {runs}, one after another")
            } else {
                tr!("what fixes the time is still {runs}")
            };
            return say(&message, &[("runs", names.all(&self.path))]);
        };
        if n < self.slots {
            return say(&tr!("{count} task never fill them" | "{count} tasks never fill them" % n), &[("count", text(&number(n)))]);
        }
        let rounds = n.div_ceil(self.slots);
        // Whole seconds need no digits here.
        let length = human(length).replace(&[&decimal_mark(), "0 "].concat(), " ");
        let rounds = tr!("{count} round" | "{count} rounds" % rounds, count = number(rounds));
        let message = tr!("{count} {length} tasks on {slots} slots still need {rounds}");
        let holes = [("count", text(&number(n))), ("length", text(&length)), ("slots", number_of(self.slots)), ("rounds", text(&rounds))];
        say(&message, &holes)
    }

    /// That a slot more does harm, and how.
    fn slower(&self, names: Names<'_>, holes: &[(&'static str, Pieces)]) -> Pieces {
        let n = n_whole(names.trace);
        let (Some((then, start)), Some(run)) = (self.starts, self.path.first()) else {
            let message = tr!("With {fewer} {whole} takes {before}, with {slots} it takes {now}."
                | "With {fewer} {whole} take {before}, with {slots} they take {now}." % n);
            return say(&message, holes);
        };
        let message = tr!("With {fewer} {whole} takes {before}, with {slots} it takes {now}: {run} starts at {start} instead of {then}."
            | "With {fewer} {whole} take {before}, with {slots} they take {now}: {run} starts at {start} instead of {then}." % n);
        let more = [("run", names.run(*run)), ("start", time(start)), ("then", time(then))];
        let first = say(&message, &[holes, &more].concat());
        let Some((wait, fewer_wait)) = &self.wait else { return first };
        let by: Vec<_> = wait.by.iter().map(|by| by.run).collect();
        let message = if *fewer_wait == SimTime::ZERO {
            tr!("With {slots}, {runs} hold all slots of {group} at {from}, and it waits {waits} for one; with {n} it waits for none.")
        } else {
            tr!("With {slots}, {runs} hold all slots of {group} at {from}, and it waits {waits} for one; with {n} it waits {before}.")
        };
        let holes = [
            ("slots", number_of(self.slots)),
            ("runs", names.all(&by)),
            ("group", wait.group.map(|group| names.title(group)).unwrap_or_default()),
            ("from", time(wait.from)),
            ("waits", time(wait.to - wait.from)),
            ("n", number_of(self.slots - 1)),
            ("before", time(*fewer_wait)),
        ];
        sentences(vec![first, say(&message, &holes)])
    }
}

fn number_of(n: u32) -> Pieces {
    text(&n.to_string())
}

impl Change {
    /// The sentence with an effect: `With 4 slots ...`, `If t1 took 2.0 s, ...`.
    fn sentence(&self, flow: &Flow, has_one_group: bool, effect: Pieces) -> Pieces {
        let title = |id: &str| code(flow.find(id).map_or(id, |idx| flow.task(idx).title()));
        let said = |message: &str, holes: &[(&str, Pieces)]| say(message, &[holes, &[("effect", effect.clone())]].concat());
        match self {
            Self::Set(limits) => {
                let one = |(group, limit): &(String, u32)| {
                    let property = flow.find(group).and_then(|idx| flow.task(idx).slots()).map_or("concurrent", |slots| slots.property);
                    let setting = code(&format!("{property}: {limit}"));
                    if has_one_group {
                        return setting;
                    }
                    say(&tr!("{setting} of {group}"), &[("setting", setting), ("group", title(group))])
                };
                let and = |first, then| say(&tr!("{first} and {then}"), &[("first", first), ("then", then)]);
                let settings = limits.iter().map(one).reduce(and).unwrap_or_default();
                said(&tr!("With {settings} {effect}."), &[("settings", settings)])
            }
            Self::Duration(task, ms) => {
                said(&tr!("If {task} took {length}, {effect}."), &[("task", title(task)), ("length", time(SimTime(*ms)))])
            }
            Self::Parallel(group) => said(&tr!("If {group} ran its tasks in parallel, {effect}."), &[("group", title(group))]),
            Self::LongestFirst(group) => {
                let is_dag = flow.find(group).is_some_and(|idx| matches!(flow.task(idx).order(), Order::Dag { .. }));
                let message = if is_dag {
                    tr!("With the longest chains of {group} first, {effect}.")
                } else {
                    tr!("With the longest tasks of {group} first, {effect}.")
                };
                said(&message, &[("group", title(group))])
            }
            Self::Without(task, on) => {
                said(&tr!("If {task} did not depend on {other}, {effect}."), &[("task", title(task)), ("other", title(on))])
            }
            Self::Workers(n) => said(&tr!("With {n} worker {effect}." | "With {n} workers {effect}." % *n), &[]),
            Self::Cores(n) => said(&tr!("With {n} core {effect}." | "With {n} cores {effect}." % *n), &[]),
        }
    }
}
