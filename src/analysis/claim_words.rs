//! The sentences of claims.

use super::claims::{Cause, Change, Claim, Counterfactual, End, How, Named, Reason, Subject, Wait};
use super::sentence::{Piece, Sentence};
use crate::flow::Flow;
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};
use crate::time::{SimTime, human};

impl Claim {
    /// The claim in words.
    #[must_use]
    pub fn sentence(&self, flows: &[Flow], trace: &Trace) -> Vec<Piece> {
        let mut sentence = Sentence::new(flows, trace);
        match self {
            Self::Waited(wait) => wait.write(&mut sentence, flows, trace),
            Self::Started(run, at) => started(&mut sentence, flows, trace, *run, *at),
            Self::Ended(end) => end.write(&mut sentence, flows, trace),
            Self::Changed(changed) => changed.write(&mut sentence, flows),
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
                sentence.all_names(&runs);
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
                    let failed = trace.state(by.run) == crate::flow::state::State::Failed;
                    let at = by.until.map_or("later".to_owned(), |at| format!("at {}", human(at)));
                    sentence.text(&format!(" {} {at}", if failed { "failed" } else { "ended" }));
                }
                sentence.text(".");
                return;
            }
            Cause::Pause => {
                sentence.text(" because the whole execution was paused");
                sentence.names_after(" by ", &runs);
                sentence.text(&format!(". It went on at {end}."));
                return;
            }
            Cause::Worker => {
                sentence.text(" because every worker of the server was busy");
                sentence.names_after(" with ", &runs);
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
            Cause::Retry => {
                sentence.text(&format!(" before its next attempt, which began at {end}."));
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
            sentence.text(&if one { " because the one slot".to_owned() } else { format!(" because all {limit} slots") });
            self.of_group(sentence, flows, trace, " of ");
            sentence.text(if one { " was taken by " } else { " were taken by " });
            let during =
                |by: &Named| trace.began(by.run).is_some_and(|began| began <= self.from) && by.until.is_none_or(|until| until >= self.to);
            if runs.len() <= 4 && !self.by.iter().all(during) {
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
                sentence.all_names(runs);
            }
        } else {
            sentence.text(" for its turn");
            self.of_group(sentence, flows, trace, " in ");
            if !runs.is_empty() {
                sentence.text(", where ");
                sentence.all_names(runs);
                sentence.text(" had begun before it");
            }
        }
        sentence.text(if self.begins(trace) { ". It started" } else { ". Its turn came" });
        if !last.is_empty() {
            sentence.text(" when ");
            if last == runs && runs.len() > 1 {
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
            Subject::Execution(ExecutionIdx::FIRST) => sentence.text("The execution"),
            Subject::Execution(idx) => sentence.text(&format!("Execution {}", idx.number())),
            Subject::Task(idx, task) => sentence.code(trace.flow_of(flows, idx).task(task).title()),
        }
        let at = human(self.at);
        let verb = match self.how {
            How::Ended => "ended",
            How::Failed => "failed",
            How::Skipped => "was skipped",
            How::NotRun => "did not run",
            How::Interrupted => "was stopped",
        };
        match (self.how, &self.reason) {
            (How::NotRun, _) => sentence.text(" did not run"),
            (_, Reason::Timer | Reason::Person) => sentence.text(&format!(" was paused until {at}")),
            (_, Reason::Execution(since)) => {
                sentence.text(&format!(" waited {} for other executions of its flow, until {at}", human(self.at - *since)))
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
                self.write_times(sentence, "failed");
            }
            Reason::Log(message) => sentence.text(&format!(": {}", message.trim_end_matches('.'))),
            Reason::Nothing | Reason::Execution(_) => {}
            Reason::RunIf => sentence.text(" because its `runIf` was not met"),
            Reason::Disabled => sentence.text(" because it is disabled"),
            Reason::NothingFailed => sentence.text(": it runs once a task has failed, and none did"),
            Reason::OtherBranch => sentence.text(": another branch was chosen"),
            Reason::Group => sentence.text(": its turn never came"),
            Reason::TriedAgain(next) => {
                sentence.text(&format!(" and was tried again {} later, at {}", human(*next - self.at), human(*next)))
            }
            Reason::Timer => sentence.text(", when its timer was up"),
            Reason::Person => sentence.text(", when a person resumed it"),
        }
        sentence.text(".");
    }

    fn write_times(&self, sentence: &mut Sentence<'_>, verb: &str) {
        for (n, by) in self.by.iter().enumerate() {
            sentence.text(if n == 0 { "" } else { ", and " });
            sentence.name(by.run);
            sentence.text(&format!(" {verb}"));
            if let Some(until) = by.until {
                sentence.text(&format!(" at {}", human(until)));
            }
        }
    }
}

impl Counterfactual {
    fn write(&self, sentence: &mut Sentence<'_>, flows: &[Flow]) {
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
        let (now, then) = (human(self.now_makespan), human(self.makespan));
        match () {
            () if self.makespan == self.now_makespan => sentence.text(&format!("the flow would still take {then}.")),
            () if now == then => {
                sentence.text(&format!("the flow would take {} ms instead of {} ms.", self.makespan.0, self.now_makespan.0))
            }
            () => sentence.text(&format!("the flow would take {then} instead of {now}.")),
        }
    }
}

impl Change {
    /// The condition of a sentence, with a space or a comma at its end.
    fn write(&self, sentence: &mut Sentence<'_>, flow: &Flow, one_group: bool) {
        match self {
            Self::Set(limits) => {
                sentence.text("With ");
                for (n, (group, limit)) in limits.iter().enumerate() {
                    sentence.text(if n == 0 { "" } else { " and " });
                    let property = flow.find(group).and_then(|idx| flow.task(idx).slots()).map_or("concurrent", |slots| slots.property);
                    sentence.code(&format!("{property}: {limit}"));
                    if !one_group {
                        sentence.text(" of ");
                        sentence.code(group);
                    }
                }
                sentence.text(" ");
            }
            Self::Duration(task, ms) => {
                sentence.text("If ");
                sentence.code(task);
                sentence.text(&format!(" took {}, ", human(SimTime(*ms))));
            }
            Self::Parallel(group) => {
                sentence.text("If ");
                sentence.code(group);
                sentence.text(" ran its tasks in parallel, ");
            }
            Self::LongestFirst(group) => {
                sentence.text("With the longest tasks of ");
                sentence.code(group);
                sentence.text(" first, ");
            }
            Self::Without(task, on) => {
                sentence.text("If ");
                sentence.code(task);
                sentence.text(" did not depend on ");
                sentence.code(on);
                sentence.text(", ");
            }
            Self::Workers(n) => sentence.text(&format!("With {n} worker{} ", if *n == 1 { "" } else { "s" })),
        }
    }
}
