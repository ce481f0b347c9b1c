//! The sentences of claims.

use super::claims::{
    Alike, Bound, Cause, Change, Claim, Counterfactual, End, How, Limit, Named, Path, Reason, Runs, Shared, Subject, Wait,
};
use super::sentence::{Piece, Sentence, capitalized, of_whole, whole};
use crate::flow::Flow;
use crate::flow::behavior::Order;
use crate::flow::state::State;
use crate::sim::names::short;
use crate::sim::trace::{ExecutionIdx, Iteration, RunIdx, Trace};
use crate::time::{SimTime, human};

impl Claim {
    /// The claim in words.
    #[must_use]
    pub fn sentence(&self, flows: &[Flow], trace: &Trace) -> Vec<Piece> {
        let mut sentence = Sentence::new(flows, trace);
        match self {
            Self::Waited(wait) => wait.write(&mut sentence, flows, trace),
            Self::Started(run, at) => started(&mut sentence, flows, trace, *run, *at),
            Self::Shared(shared) => shared.write(&mut sentence),
            Self::Ended(end) => end.write(&mut sentence, flows, trace),
            Self::Changed(changed) => changed.write(&mut sentence, flows, trace),
            Self::Path(path) => path.write(&mut sentence, trace),
            Self::Bound(bound) => bound.write(&mut sentence, flows, trace),
            Self::Alike(alike) => alike.write(&mut sentence, flows, trace),
            Self::Capped(n, of) => sentence.text(&format!(
                "Changes were simulated for {n} of {of} rows, those that waited longest; `explain --task` does it for one."
            )),
        }
        sentence.pieces
    }
}

impl Wait {
    fn write(&self, sentence: &mut Sentence<'_>, flows: &[Flow], trace: &Trace) {
        let runs: Vec<RunIdx> = self.by.iter().map(|by| by.run).collect();
        let last: Vec<RunIdx> = self.by.iter().filter(|by| by.until == Some(self.to)).map(|by| by.run).collect();
        let end = human(self.to);
        sentence.name(self.run);
        sentence.text(&format!(" waited {}", human(self.to - self.from)));
        match self.cause {
            Cause::Slot => return self.write_slot(sentence, flows, trace, &runs, &last),
            Cause::Previous | Cause::DependsOn | Cause::Errors if runs.is_empty() => {
                sentence.text(" before its turn came");
                self.of_group(sentence, flows, trace, " in ");
                sentence.text(&format!(". Its turn came at {end}."));
                return;
            }
            Cause::DependsOn => {
                sentence.text(" because it depends on ");
                sentence.names_and(&runs, self.others);
            }
            Cause::Previous => {
                sentence.text(" because it comes after ");
                sentence.all_names(&runs);
                self.of_group(sentence, flows, trace, " in ");
            }
            Cause::Errors => {
                sentence.text(" because it runs once a task");
                self.of_group(sentence, flows, trace, " of ");
                sentence.text(" has failed. ");
                for (n, by) in self.by.iter().enumerate() {
                    sentence.text(if n == 0 { "" } else { ", and " });
                    sentence.name(by.run);
                    let failed = trace.state(by.run) == State::Failed;
                    let at = by.until.map_or("later".to_owned(), |at| format!("at {}", human(at)));
                    sentence.text(&format!(" {} {at}", if failed { "failed" } else { "ended" }));
                }
                sentence.text(".");
                return;
            }
            Cause::Pause => {
                sentence.text(" because the whole execution was paused");
                sentence.text(if runs.is_empty() { "" } else { " by " });
                sentence.names_and(&runs, self.others);
                sentence.text(&format!(". It went on at {end}."));
                return;
            }
            Cause::Worker => {
                sentence.text(" because every worker of the server was busy");
                sentence.text(if runs.is_empty() { "" } else { " with " });
                sentence.names_and(&runs, self.others);
                sentence.text(&format!(". The wait ended at {end}."));
                return;
            }
            Cause::Timer | Cause::Person => {
                sentence.text(" because ");
                self.group.iter().for_each(|group| sentence.name(*group));
                let until = if self.cause == Cause::Timer { "its timer was up" } else { "a person resumed it" };
                sentence.text(&format!(" was paused until {until} at {end}."));
                return;
            }
            Cause::Retry if runs.is_empty() => {
                sentence.text(&format!(" before its next attempt, which began at {end}."));
                return;
            }
            Cause::Retry => {
                sentence.text(" because ");
                sentence.names_and(&runs, self.others);
                let verb = if runs.len() > 1 { "were" } else { "was" };
                let turn = if self.begins(trace) { "It started" } else { "Its turn came" };
                sentence.text(&format!(", which had failed, {verb} to be tried again. {turn} at {end}."));
                return;
            }
            Cause::Concurrency => {
                sentence.text(&format!(" before its execution began to run, at {end}."));
                return;
            }
        }
        sentence.text(if self.begins(trace) { ". It started when " } else { ". Its turn came when " });
        sentence.all_names(&last);
        sentence.text(&format!(" ended at {end}."));
    }

    fn begins(&self, trace: &Trace) -> bool {
        trace.began(self.run) == Some(self.to)
    }

    fn of_group(&self, sentence: &mut Sentence<'_>, flows: &[Flow], trace: &Trace, word: &str) {
        if let Some(group) = self.group {
            sentence.text(word);
            sentence.code(trace.task_of(flows, group).title());
        }
    }

    fn write_slot(&self, sentence: &mut Sentence<'_>, flows: &[Flow], trace: &Trace, runs: &[RunIdx], last: &[RunIdx]) {
        let limit = self.limit.unwrap_or(0);
        if self.all_taken && !runs.is_empty() {
            let one = limit == 1;
            sentence.text(&match limit {
                1 => " because the one slot".to_owned(),
                2 => " because both slots".to_owned(),
                _ => format!(" because all {limit} slots"),
            });
            self.of_group(sentence, flows, trace, " of ");
            sentence.text(if one { " was taken by " } else { " were taken by " });
            let during =
                |by: &Named| trace.began(by.run).is_some_and(|began| began <= self.from) && by.until.is_none_or(|until| until >= self.to);
            if runs.len() <= 4 && self.others == 0 && !self.by.iter().all(during) {
                // Those that gave their slot to another are named with the end of their own.
                for (n, by) in self.by.iter().enumerate() {
                    let and = if n + 1 == runs.len() { " and " } else { ", " };
                    sentence.text(if n == 0 { "" } else { and });
                    sentence.name(by.run);
                    if let Some(until) = by.until.filter(|until| *until < self.to) {
                        sentence.text(&format!(" until {}", human(until)));
                    }
                }
            } else {
                sentence.names_and(runs, self.others);
            }
        } else {
            sentence.text(" for its turn");
            self.of_group(sentence, flows, trace, " in ");
            if !runs.is_empty() {
                sentence.text(", where ");
                sentence.names_and(runs, self.others);
                sentence.text(" had begun before it");
            }
        }
        sentence.text(if self.begins(trace) { ". It started" } else { ". Its turn came" });
        if !last.is_empty() {
            sentence.text(" when ");
            if last == runs && runs.len() > 1 && self.others == 0 {
                sentence.text("they")
            } else {
                sentence.all_names(last)
            }
            sentence.text(" ended");
        }
        sentence.text(&format!(" at {}.", human(self.to)));
    }
}

fn started(sentence: &mut Sentence<'_>, flows: &[Flow], trace: &Trace, run: RunIdx, at: SimTime) {
    sentence.name(run);
    sentence.text(&format!(" started at {}", human(at)));
    match trace.run(run).parent {
        _ if trace.group_began(run) != at => sentence.text("."),
        Some(group) => {
            sentence.text(", as soon as ");
            sentence.code(trace.task_of(flows, group).title());
            sentence.text(" did: nothing held it up.");
        }
        None => sentence.text(": nothing held it up."),
    }
}

impl End {
    fn write(&self, sentence: &mut Sentence<'_>, flows: &[Flow], trace: &Trace) {
        let runs: Vec<RunIdx> = self.by.iter().map(|by| by.run).collect();
        match self.subject {
            Subject::Run(run) => sentence.name(run),
            Subject::Execution(execution) => sentence.text(&capitalized(&execution_name(trace, execution))),
            Subject::Task(execution, task) => {
                sentence.code(trace.flow_of(flows, execution).task(task).title());
                if execution != ExecutionIdx::FIRST || trace.n_roots() > 1 {
                    sentence.text(&format!(" of {}", execution_name(trace, execution)));
                }
            }
        }
        let at = human(self.at);
        let warned = matches!(self.subject, Subject::Run(run) if trace.state(run) == State::Warning);
        let verb = match self.how {
            How::Ended if warned => "ended with a warning",
            How::Ended => "ended",
            How::Failed => "failed",
            How::Skipped => "was skipped",
            How::NotRun => "did not run",
            How::Interrupted => "was stopped",
        };
        match (self.how, &self.reason) {
            (How::NotRun, _) => sentence.text(" did not run"),
            (How::Ended, Reason::Timer | Reason::Person) => sentence.text(&format!(" was paused until {at}")),
            (_, Reason::Execution(since, _)) => {
                sentence.text(&format!(" waited {} because its flow runs only so many executions at once", human(self.at - *since)))
            }
            _ => sentence.text(&format!(" {verb} at {at}")),
        }
        match &self.reason {
            Reason::LastChild => {
                sentence.text(", when ");
                sentence.all_names(&runs);
                sentence.text(" ended");
            }
            Reason::Child | Reason::Failure | Reason::Sibling => {
                sentence.text(" because ");
                self.write_times(sentence, trace);
            }
            Reason::Group if self.how == How::NotRun => {
                sentence.text(": its turn had not come when ");
                self.write_times(sentence, trace);
            }
            Reason::Group => {
                sentence.text(" because its group ");
                self.write_times(sentence, trace);
            }
            Reason::Log(message) => sentence.text(&format!(": {}", message.trim_end_matches('.'))),
            Reason::Nothing => {}
            Reason::Execution(_, other) => {
                let ended = other.map(|other| format!(" when {} ended", execution_name(trace, other)));
                sentence.text(&format!(". It began{} at {at}", ended.unwrap_or_default()));
            }
            Reason::Empty => sentence.text(": it had nothing to run"),
            Reason::RunIf => sentence.text(" because its `runIf` was not met"),
            Reason::Disabled => sentence.text(" because it is disabled"),
            Reason::NothingFailed => sentence.text(": it runs once a task has failed, and none did"),
            Reason::OtherBranch => sentence.text(": another branch was chosen"),
            Reason::DisabledDependency(on) => {
                sentence.text(" because it depends on ");
                if let Subject::Task(execution, _) = self.subject {
                    sentence.code(&trace.flow_of(flows, execution).task(*on).id);
                }
                sentence.text(", which is disabled");
            }
            Reason::NoTurn => sentence.text(": its turn never came"),
            Reason::Truncated => sentence.text(": the simulation was stopped before its turn came"),
            Reason::Killed(killed) => {
                let it = if matches!(self.subject, Subject::Execution(_)) { "it" } else { "the execution" };
                sentence.text(&format!(" because {it} was killed at {}", human(*killed)));
            }
            Reason::TriedAgain(next) if *next == self.at => sentence.text(" and was tried again at once"),
            Reason::Over(over) => sentence.text(&format!(" because the execution ended at {}", human(*over))),
            Reason::Exit if runs.is_empty() => sentence.text(": it ends its execution"),
            Reason::Exit => {
                sentence.text(" because ");
                sentence.all_names(&runs);
                sentence.text(" ended the execution");
            }
            Reason::Allowed => sentence.text(" after it had failed: `allowFailure` lets it"),
            Reason::Attempts(n) => sentence.text(&format!(" after {n} attempts, which its `retry` makes a warning")),
            Reason::TriedAgain(next) => {
                sentence.text(&format!(" and was tried again {} later, at {}", human(*next - self.at), human(*next)))
            }
            Reason::NewExecution => sentence.text(", and its `retry` started a new execution"),
            Reason::Timer => sentence.text(", when its timer was up"),
            Reason::Person => sentence.text(", when a person resumed it"),
        }
        sentence.text(".");
    }

    fn write_times(&self, sentence: &mut Sentence<'_>, trace: &Trace) {
        for (n, by) in self.by.iter().enumerate() {
            sentence.text(if n == 0 { "" } else { ", and " });
            sentence.name(by.run);
            sentence.text(match trace.state(by.run) {
                State::Failed => " failed",
                State::Killed | State::Cancelled => " was stopped",
                State::Warning => " ended with a warning",
                _ => " ended",
            });
            if let Some(until) = by.until {
                sentence.text(&format!(" at {}", human(until)));
            }
        }
    }
}

/// What an execution is called: `execution 2`, `the iteration [spring]`.
pub(super) fn execution_name(trace: &Trace, idx: ExecutionIdx) -> String {
    match &trace.execution(idx).iteration {
        Some(Iteration { value, .. }) => format!("the iteration [{}]", short(value)),
        None if idx == ExecutionIdx::FIRST && trace.n_roots() == 1 => "the execution".to_owned(),
        None => format!("execution {}", idx.number()),
    }
}

impl Counterfactual {
    fn write(&self, sentence: &mut Sentence<'_>, flows: &[Flow], trace: &Trace) {
        let (whole, _) = whole(trace);
        if let (Some(slack), Some(run)) = (self.slack, self.run) {
            sentence.name(run);
            let by = format!("{}{}", if slack.is_most { "" } else { "at least " }, human(slack.by));
            sentence.text(&if slack.is_work { format!(" could do {by} more work and ") } else { format!(" could take {by} longer and ") });
            let same = format!("{whole} would {}.", instead(trace, self.makespan, self.makespan));
            let none = if trace.has_drawn { format!("nothing in {whole} would end later.") } else { "nothing would end later.".to_owned() };
            sentence.text(if slack.is_free { &none } else { &same });
            if slack.shorter_makespan != self.now_makespan {
                let by = human(slack.shorter_by);
                let less = if slack.is_work { format!("did {by} less work") } else { format!("took {by} less") };
                let then = instead(trace, self.now_makespan, slack.shorter_makespan);
                sentence.text(&format!(" Yet its length matters: if it {less}, {whole} would {then}."));
            } else if slack.is_most {
                sentence.text(" This is its ");
                sentence.term("slack");
                sentence.text(".");
            }
            return;
        }
        let flow = &flows[0];
        let one_group = flow.tasks.iter().filter(|task| task.has_slots()).count() == 1;
        match &self.change {
            Change::Set(limits) if self.none_helps => {
                for (group, n) in limits {
                    sentence.text("More slots");
                    if !one_group {
                        sentence.text(" of ");
                        sentence.code(group);
                    }
                    sentence.text(" would not help: with ");
                    sentence.code(&format!("concurrent: {n}"));
                    sentence.text(" ");
                }
            }
            change => change.write(sentence, flow, one_group),
        }
        if let (Some(run), Some(start)) = (self.run, self.start) {
            // Nothing else that the change names could be meant.
            if let Change::Set(_) = self.change {
                sentence.text("it")
            } else {
                sentence.name(run)
            }
            let still = if self.now_start == Some(start) { "still " } else { "" };
            sentence.text(&format!(" would {still}start at {}", human(start)));
            let alike = (self.now_start == Some(start)) == (self.now_makespan == self.makespan);
            sentence.text(if alike { ", and " } else { ", but " });
        }
        sentence.text(&format!("{whole} would {}.", instead(trace, self.now_makespan, self.makespan)));
        if let Some(runs) = self.runs {
            sentence.text(&format!(" {} In {} of them no other limit or order saves more.", runs.text(trace), runs.n_best));
        }
    }
}

/// `take 2.0 s instead of 3.0 s`, or `still take 3.0 s`. A run that failed is no shorter for failing earlier: it would
/// `end at 2.0 s instead of 3.0 s`.
fn instead(trace: &Trace, now: SimTime, then: SimTime) -> String {
    let verb = if trace.ended_badly() { "end at" } else { "take" };
    match (human(now), human(then)) {
        (_, same) if now == then => format!("still {verb} {same}"),
        (a, b) if a == b && then < now => format!("{verb} {b}, {} less than now", human(now - then)),
        (a, b) if a == b => format!("{verb} {b}, {} more than now", human(then - now)),
        (a, b) => format!("{verb} {b} instead of {a}"),
    }
}

impl Runs {
    /// What the change does over all of them.
    #[must_use]
    pub fn text(&self, trace: &Trace) -> String {
        let (n, of, saving) = (self.n_shorter, of_runs(trace, self.n), human(self.median_saving));
        format!("This shortens {n} of {of}; the median saving is {saving}.")
    }
}

/// Runs with other seeds: `20 runs (seeds 0 to 19)`.
pub(super) fn of_runs(trace: &Trace, n: u32) -> String {
    format!("{n} runs (seeds {} to {})", trace.seed, trace.seed.wrapping_add(u64::from(n) - 1))
}

impl Path {
    fn write(&self, sentence: &mut Sentence<'_>, trace: &Trace) {
        let several = trace.n_roots() > 1;
        sentence.text(&format!("The critical path{} is ", of_whole(trace)));
        sentence.all_names(&self.runs);
        sentence.text(if self.runs.len() > 1 { ", each from the end of the one before. " } else { ". " });
        // Of several executions each begins at a time of its own.
        if let Some(first) = self.runs.first().filter(|first| several && trace.created(**first) > SimTime::ZERO) {
            let name = capitalized(&execution_name(trace, trace.run(*first).execution));
            sentence.text(&format!("{name} starts at {}. ", human(trace.created(*first))));
        }
        if self.equals.is_empty() {
            sentence.text("No other is as long.");
        } else {
            sentence.text("Also on paths just as long: ");
            sentence.some_names(&self.equals);
            sentence.text(".");
        }
    }
}

impl Shared {
    fn write(&self, sentence: &mut Sentence<'_>) {
        let (took, alone) = (human(self.took), human(self.alone));
        sentence.name(self.run);
        sentence.text(&format!(
            " ran {took} and did what takes {alone} on a core of its own: for some of that time more tasks ran than the {} of the server.",
            counted(self.cores, "core")
        ));
    }
}

impl Bound {
    fn write(&self, sentence: &mut Sentence<'_>, flows: &[Flow], trace: &Trace) {
        let (at, time) = (human(self.at), human(self.time));
        if self.is_best {
            let no = if trace.has_drawn { format!("With the lengths of {} no", whole(trace).0) } else { "No".to_owned() };
            let limits = match self.limit {
                Limit::Chain => "",
                Limit::Workers(_) | Limit::Cores(_) => " on this server",
                Limit::Groups | Limit::Slots(..) | Limit::Held(..) => " with these limits",
            };
            sentence.text(&format!("{no} schedule takes less than {at}{limits}: "));
        }
        let so_many = |n: u32, thing: &str| if n == 1 { format!("one {thing}") } else { counted(n, thing) };
        let (n, thing, group) = match self.limit {
            Limit::Chain | Limit::Groups => {
                let (whole, s) = whole(trace);
                let limits = if self.is_best { String::new() } else { format!("With any limits {whole} take{s} at least {at}: ") };
                return sentence.text(&match self.limit {
                    Limit::Chain => format!("{limits}so long is the longest chain of tasks that run one after another."),
                    _ => format!("{limits}tasks and groups that run one after another last so long even with every slot always in use."),
                });
            }
            Limit::Slots(group, n) | Limit::Held(group, n) => (n, "slot", Some(group)),
            Limit::Workers(n) => (n, "worker", None),
            Limit::Cores(n) => (n, "core", None),
        };
        let several = flows.first().is_some_and(|flow| flow.tasks.iter().filter(|task| task.has_slots()).count() > 1);
        let many = so_many(n, thing);
        if let (Limit::Held(..), Some(group)) = (self.limit, group) {
            sentence.text(if self.is_best { "what runs in " } else { "What runs in " });
            sentence.name(group);
            sentence.text(&format!(" holds its {many} for at least {time} in all"));
            return sentence.text(&if self.is_best { ".".to_owned() } else { format!(", so it takes at least {at}.") });
        }
        let share = if n == 1 { "on" } else { "share" };
        let verb = if n == 1 { "takes" } else { "take" };
        sentence.text(&if self.is_best { format!("{time} of work {share} {many}") } else { format!("{time} of work on {many}") });
        if let Some(group) = group.filter(|_| several) {
            sentence.text(" of ");
            sentence.name(group);
        }
        sentence.text(&if self.is_best { ".".to_owned() } else { format!(" {verb} at least {at}.") });
    }
}

/// So many of a thing.
fn counted(n: u32, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

/// A small number in words.
fn number(n: u32) -> String {
    const WORDS: [&str; 13] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(n as usize).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

impl Alike {
    /// The question that it answers.
    #[must_use]
    pub fn question(&self) -> String {
        format!("Why {} at {}?", if self.now > self.fewer { "slower" } else { "no gain" }, self.slots)
    }

    fn write(&self, sentence: &mut Sentence<'_>, flows: &[Flow], trace: &Trace) {
        let (fewer, slots) = (self.slots - 1, self.slots);
        let (whole, s) = whole(trace);
        let of = if fewer == 1 { "slot" } else { "slots" };
        let (before, now) = (human(self.fewer), human(self.now));
        if self.now > self.fewer {
            sentence.text(&format!(
                "With {fewer} {of} {whole} take{s} {before}, with {slots} {} {now}",
                if s.is_empty() { "they take" } else { "it takes" }
            ));
            if let (Some((then, start)), Some(run)) = (self.starts, self.path.first()) {
                sentence.text(": ");
                sentence.name(*run);
                sentence.text(&format!(" starts at {} instead of {}", human(start), human(then)));
                if let Some((wait, fewer_wait)) = &self.wait {
                    let by: Vec<RunIdx> = wait.by.iter().map(|by| by.run).collect();
                    sentence.text(&format!(". With {slots}, "));
                    sentence.all_names(&by);
                    sentence.text(" hold all slots");
                    wait.of_group(sentence, flows, trace, " of ");
                    let waits = human(wait.to - wait.from);
                    sentence.text(&format!(" at {}, and it waits {waits} for one; with {fewer} it waits ", human(wait.from)));
                    sentence.text(&if *fewer_wait == SimTime::ZERO { "for none".to_owned() } else { human(*fewer_wait) });
                }
            }
            return sentence.text(".");
        }
        sentence.text(&format!("With {fewer} {of} {whole} take{s} {before} as well: "));
        match self.tasks {
            Some((n, _)) if n <= fewer => {
                sentence.text(&format!("{} task{} never fill them.", number(n), if n == 1 { "" } else { "s" }));
            }
            Some((n, length)) => {
                let rounds = n.div_ceil(slots);
                let (length, s) = (human(length).replace(".0 ", " "), if rounds == 1 { "" } else { "s" });
                sentence.text(&format!("{} {length} tasks on {slots} slots still need {} round{s}.", number(n), number(rounds)));
            }
            None => {
                sentence.text("what fixes the time is still ");
                sentence.all_names(&self.path);
                sentence.text(if self.path.len() > 1 { ", one after another." } else { "." });
            }
        }
    }
}

impl Change {
    /// The condition of a sentence, with a space or a comma at its end.
    fn write(&self, sentence: &mut Sentence<'_>, flow: &Flow, one_group: bool) {
        let title = |id: &str| flow.find(id).map_or_else(|| id.to_owned(), |idx| flow.task(idx).title().to_string());
        match self {
            Self::Set(limits) => {
                sentence.text("With ");
                for (n, (group, limit)) in limits.iter().enumerate() {
                    sentence.text(if n == 0 { "" } else { " and " });
                    let property = flow.find(group).and_then(|idx| flow.task(idx).slots()).map_or("concurrent", |slots| slots.property);
                    sentence.code(&format!("{property}: {limit}"));
                    if !one_group {
                        sentence.text(" of ");
                        sentence.code(&title(group));
                    }
                }
                sentence.text(" ");
            }
            Self::Duration(task, ms) => {
                sentence.text("If ");
                sentence.code(&title(task));
                sentence.text(&format!(" took {}, ", human(SimTime(*ms))));
            }
            Self::Parallel(group) => {
                sentence.text("If ");
                sentence.code(&title(group));
                sentence.text(" ran its tasks in parallel, ");
            }
            Self::LongestFirst(group) => {
                let is_dag = flow.find(group).is_some_and(|idx| matches!(flow.task(idx).order(), Order::Dag { .. }));
                sentence.text(if is_dag { "With the longest chains of " } else { "With the longest tasks of " });
                sentence.code(&title(group));
                sentence.text(" first, ");
            }
            Self::Without(task, on) => {
                sentence.text("If ");
                sentence.code(&title(task));
                sentence.text(" did not depend on ");
                sentence.code(&title(on));
                sentence.text(", ");
            }
            Self::Workers(n) => sentence.text(&format!("With {} ", counted(*n, "worker"))),
            Self::Cores(n) => sentence.text(&format!("With {} ", counted(*n, "core"))),
        }
    }
}
