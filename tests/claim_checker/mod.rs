//! Checks each claim of `explain --all --format json` against the run it is about. It reads the JSON and the trace, and knows
//! nothing of the code that writes the claims.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use parallelogram::analysis::makespan::makespan;
use parallelogram::analysis::segments::segments;
use parallelogram::flow::behavior::Order;
use parallelogram::flow::state::State;
use parallelogram::flow::{Dialect, Flow, Kind, SimNote, Takes, TaskIdx, Version};
use parallelogram::sim::names::taskrun_id;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::sim::trace::{ExecutionIdx, RunIdx, TaskRun, Trace};
use parallelogram::time::{SimTime, human};
use serde_json::Value;

/// A run of a flow, and what was found false about it.
pub struct Checker<'a> {
    flows: &'a [Flow],
    scenario: &'a Scenario,
    trace: &'a Trace,
    by_id: BTreeMap<String, RunIdx>,
    again: BTreeMap<String, Option<(Trace, u64)>>,
    n_claims: usize,
    pub wrong: Vec<String>,
}

fn ms(value: &Value) -> SimTime {
    SimTime(value.as_u64().expect("a time is a whole number"))
}

/// The states of a run with the times between which it had them.
fn stretches(trace: &Trace, run: RunIdx) -> Vec<(State, SimTime, SimTime)> {
    let history = trace.history(run);
    let ends = history.iter().skip(1).map(|(at, _)| *at).chain([trace.end]);
    history.iter().zip(ends).map(|((from, state), to)| (*state, *from, to)).collect()
}

fn start(trace: &Trace, run: RunIdx) -> Option<SimTime> {
    let began = trace.history(run).iter().find(|(_, state)| !matches!(state, State::Created | State::Submitted | State::Queued));
    began.map(|(at, _)| *at)
}

impl<'a> Checker<'a> {
    pub fn new(flows: &'a [Flow], scenario: &'a Scenario, trace: &'a Trace) -> Self {
        let by_id = trace.iter().filter(|(_, run)| !run.dropped).map(|(run, _)| (taskrun_id(trace.seed, run), run)).collect();
        Self { flows, scenario, trace, by_id, again: BTreeMap::new(), n_claims: 0, wrong: Vec::new() }
    }

    fn task_id(&self, run: RunIdx) -> &'a str {
        &self.trace.task_of(self.flows, run).id
    }

    fn ended(&self, run: RunIdx) -> Option<SimTime> {
        self.trace.history(run).last().filter(|(_, state)| state.is_terminal()).map(|(at, _)| *at)
    }

    pub fn all(mut self, text: &str) -> (usize, Vec<String>) {
        let explanation: Value = serde_json::from_str(text).expect("explain writes JSON");
        let rows = explanation["rows"].as_array().expect("there are rows");
        if rows.len() != self.by_id.len() {
            self.wrong.push(format!("{} rows for {} taskruns", rows.len(), self.by_id.len()));
        }
        for row in rows {
            let run = self.by_id[row["taskRunId"].as_str().expect("a row has an id")];
            let sentences_of = |list: &str| row[list].as_array().expect("a row has lists").clone();
            let waits: Vec<(SimTime, SimTime)> = sentences_of("sentences")
                .iter()
                .filter(|sentence| sentence["claim"]["kind"] == "waited")
                .map(|sentence| (ms(&sentence["claim"]["fromMs"]), ms(&sentence["claim"]["toMs"])))
                .collect();
            let expected: Vec<(SimTime, SimTime)> = segments(self.trace, run)
                .iter()
                .filter(|segment| segment.kind.is_wait() && segment.from < segment.to)
                .map(|segment| (segment.from, segment.to))
                .collect();
            if waits != expected {
                self.wrong.push(format!("{} waited {expected:?}, the claims say {waits:?}", self.task_id(run)));
            }
            for sentence in sentences_of("sentences").iter().chain(&sentences_of("help")) {
                self.check(Some(run), sentence);
            }
        }
        for sentence in explanation["flow"].as_array().expect("there is a list for the flow") {
            self.check(None, sentence);
        }
        (self.n_claims, self.wrong)
    }

    pub fn check(&mut self, run: Option<RunIdx>, sentence: &Value) {
        let (text, claim) = (sentence["text"].as_str().expect("a sentence has a text"), &sentence["claim"]);
        let found = match claim["kind"].as_str() {
            Some("waited") => run.map_or_else(|| self.was_queued(claim), |run| self.waited(run, text, claim)),
            Some("path") => self.is_path(text, claim),
            Some("bound") => {
                let holds = ms(&claim["makespanMs"]) <= makespan(self.trace) && text.contains(&human(ms(&claim["makespanMs"])));
                holds.then_some(()).ok_or("the flow took less".to_owned())
            }
            Some("shared") => run.map_or(Err("it is about no run".to_owned()), |run| self.shared(run, text, claim)),
            Some("counterfactual") => self.changed(run, text, claim),
            Some(how) => self.came(run, how, text, claim),
            None if text.contains("would") => Err("a sentence about a change without a claim".to_owned()),
            None => Ok(()),
        };
        self.n_claims += usize::from(claim.is_object());
        if let Err(wrong) = found {
            self.wrong.push(format!("{wrong}: {text} {claim}"));
        }
    }

    /// The runs that a claim names, once their ends are found true.
    fn by(&self, text: &str, claim: &Value) -> Result<Vec<(RunIdx, Option<SimTime>)>, String> {
        let mut runs = Vec::new();
        let by = claim["by"].as_array().ok_or("a claim names runs")?;
        for named in by {
            let id = named["taskRunId"].as_str().ok_or("a run has an id")?;
            let run = *self.by_id.get(id).ok_or("it names a run that is not there")?;
            let until = named["untilMs"].as_u64().map(SimTime);
            if until != self.ended(run) {
                return Err(format!("{} ended at {:?}", self.task_id(run), self.ended(run)));
            }
            let title = self.trace.task_of(self.flows, run).title();
            if !text.contains(self.task_id(run)) && !text.contains(&**title) {
                return Err(format!("it does not name {}", self.task_id(run)));
            }
            runs.push((run, until));
        }
        Ok(runs)
    }

    fn waited(&self, run: RunIdx, text: &str, claim: &Value) -> Result<(), String> {
        let (from, to) = (ms(&claim["fromMs"]), ms(&claim["toMs"]));
        let by = self.by(text, claim)?;
        let about = |other: RunIdx| (self.trace.run(other).parent, self.trace.run(other).execution);
        if !text.contains(&human(to - from)) {
            return Err("it gives another length".to_owned());
        }
        let cause = claim["for"].as_str().ok_or("a wait has a cause")?;
        if matches!(cause, "previous" | "dependsOn" | "slot" | "errors") && by.iter().any(|(other, _)| about(*other) != about(run)) {
            return Err("it names a run of another list".to_owned());
        }
        match cause {
            "previous" | "dependsOn" if !by.is_empty() && by.iter().filter_map(|(_, until)| *until).max() != Some(to) => {
                Err("the wait does not end with the last run".to_owned())
            }
            "dependsOn" => by.iter().try_for_each(|(other, _)| self.depends(run, *other)),
            "slot" => self.held_slots(run, text, &by, claim, from, to),
            "pause" => self.were(&by, State::Paused, from, to),
            "retry" if by.is_empty() => {
                let history = self.trace.history(run);
                let failed = history.windows(2).any(|two| two[0] == (from, State::Failed) && two[1].0 == to);
                failed.then_some(()).ok_or("it was not tried again then".to_owned())
            }
            "retry" => self.were(&by, State::Retrying, from, to),
            "worker" => self.were_busy(run, &by, claim, from, to),
            "timer" | "person" => {
                let group = self.trace.run(run).parent.ok_or("it is in no group")?;
                let by_person = self.trace.run(group).waits_for_person;
                let held = stretches(self.trace, group).iter().any(|(state, _, ended)| *state == State::Paused && *ended == to);
                (held && by_person == (cause == "person")).then_some(()).ok_or("its group was not paused so".to_owned())
            }
            "errors" => {
                by.iter().any(|(other, _)| self.trace.state(*other) == State::Failed).then_some(()).ok_or("nothing failed".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Each run of the critical path ended no earlier than the one before it, or than an attempt of that one which is tried again
    /// beside it.
    fn is_path(&self, text: &str, claim: &Value) -> Result<(), String> {
        let runs =
            |list: &str| claim[list].as_array().expect("a list").iter().map(|id| self.by_id.get(id.as_str().unwrap_or_default()).copied());
        let path: Vec<RunIdx> = runs("runs").collect::<Option<_>>().ok_or("it names a run that is not there")?;
        let equals: Vec<RunIdx> = runs("equals").collect::<Option<_>>().ok_or("it names a run that is not there")?;
        let attempts = |run: RunIdx| self.trace.run(run).attempts.iter().filter_map(|attempt| attempt.ended);
        let ends = |run: RunIdx| self.ended(run).into_iter().chain(attempts(run));
        let follows = |two: &[RunIdx]| ends(two[0]).any(|ended| ended <= self.trace.ended(two[1]));
        if !path.windows(2).all(follows) || equals.iter().any(|equal| path.contains(equal)) {
            return Err("it is no path".to_owned());
        }
        let named = path
            .iter()
            .chain(&equals)
            .take(10)
            .all(|run| text.contains(self.task_id(*run)) || text.contains(&**self.trace.task_of(self.flows, *run).title()));
        (named || path.len() + equals.len() > 10).then_some(()).ok_or("it does not name them".to_owned())
    }

    /// A run took this long, longer than alone, beside others on a server with so many cores.
    fn shared(&self, run: RunIdx, text: &str, claim: &Value) -> Result<(), String> {
        let (took, alone) = (ms(&claim["tookMs"]), ms(&claim["aloneMs"]));
        let running = stretches(self.trace, run).into_iter().filter(|(state, ..)| *state == State::Running);
        let ran = running.fold(SimTime::ZERO, |sum, (_, from, to)| sum + (to - from));
        let is_so = took == ran && alone < took && claim["cores"].as_u64() == self.scenario.cores.map(u64::from);
        (is_so && text.contains(&human(took)) && text.contains(&human(alone))).then_some(()).ok_or(format!("it ran {}", human(ran)))
    }

    /// An execution waited for others of its flow between these times.
    fn was_queued(&self, claim: &Value) -> Result<(), String> {
        let (from, to) = (ms(&claim["fromMs"]), ms(&claim["toMs"]));
        let queued = |execution| {
            let history: Vec<_> = self.trace.own_history(execution).collect();
            history.windows(2).any(|two| two[0] == (from, State::Queued) && two[1].0 == to)
        };
        let is_so = claim["for"] == "concurrency" && self.trace.execution_indices().any(queued);
        is_so.then_some(()).ok_or("no execution waited so".to_owned())
    }

    /// Some runs, one at least, and each was in a state at some time of a wait.
    fn were(&self, by: &[(RunIdx, Option<SimTime>)], state: State, from: SimTime, to: SimTime) -> Result<(), String> {
        let was =
            |other: RunIdx| stretches(self.trace, other).iter().any(|(one, began, ended)| *one == state && *began < to && *ended > from);
        (!by.is_empty() && by.iter().all(|(other, _)| was(*other))).then_some(()).ok_or(format!("it was not {state:?}"))
    }

    /// As many runs as there are workers ran at each moment of a wait, and each that is named did at some moment.
    fn were_busy(&self, run: RunIdx, by: &[(RunIdx, Option<SimTime>)], claim: &Value, from: SimTime, to: SimTime) -> Result<(), String> {
        let workers = self.scenario.workers.ok_or("the server has workers enough")? as usize;
        let is_leaf = |other: &RunIdx| !self.trace.task_of(self.flows, *other).is_group();
        let runs =
            |other: RunIdx, at: SimTime| stretches(self.trace, other).iter().any(|(state, a, b)| state.is_running() && *a <= at && at < *b);
        let leaves: Vec<RunIdx> = self.trace.iter().map(|(other, _)| other).filter(|other| *other != run && is_leaf(other)).collect();
        let changes = leaves.iter().flat_map(|other| stretches(self.trace, *other)).flat_map(|(_, a, b)| [a, b]);
        for at in changes.chain([from]).filter(|at| (from..to).contains(at)) {
            let n = leaves.iter().filter(|other| runs(**other, at)).count();
            let directories =
                self.trace.iter().filter(|(other, _)| self.trace.task_of(self.flows, *other).holds_worker() && runs(*other, at));
            if n + directories.count() < workers {
                return Err(format!("only {n} workers were busy at {at:?}"));
            }
        }
        let ran = |other: RunIdx| stretches(self.trace, other).iter().any(|(state, a, b)| state.is_running() && *a < to && *b > from);
        let all = by.iter().all(|(other, _)| ran(*other)) && by.len() as u64 + claim["others"].as_u64().unwrap_or(0) >= workers as u64;
        all.then_some(()).ok_or("it did not run".to_owned())
    }

    fn depends(&self, run: RunIdx, on: RunIdx) -> Result<(), String> {
        let (run, on) = (self.trace.run(run), self.trace.run(on));
        let flow = self.trace.flow_of(self.flows, run.execution);
        let group = flow.task(run.task).parent.map(|group| flow.task(group)).ok_or("no group")?;
        let place = |task| group.lists.tasks.iter().position(|known| *known == task);
        let Order::Dag { depends_on, .. } = group.order() else { return Err("its group is no Dag".to_owned()) };
        let (Some(here), Some(there)) = (place(run.task), place(on.task)) else { return Err("not in the list".to_owned()) };
        depends_on[here].contains(&(there as u32)).then_some(()).ok_or("it does not depend on it".to_owned())
    }

    fn held_slots(
        &self,
        run: RunIdx,
        text: &str,
        by: &[(RunIdx, Option<SimTime>)],
        claim: &Value,
        from: SimTime,
        to: SimTime,
    ) -> Result<(), String> {
        let flow = self.trace.flow_of(self.flows, self.trace.run(run).execution);
        let old = flow.version == Version::V0_21 || flow.dialect == Dialect::XlRelease;
        let holds = |other: RunIdx, at: SimTime| {
            let at = |(state, began, ended): &(State, SimTime, SimTime)| {
                let holds = if old { state.is_running() || state.is_created() || *state == State::Submitted } else { !state.is_terminal() };
                holds && *began <= at && at < *ended
            };
            stretches(self.trace, other).iter().any(at)
        };
        for (other, until) in by {
            let began = self.trace.began(*other);
            if began.is_none_or(|began| began >= to) || until.is_some_and(|until| until <= from) {
                return Err(format!("{} held no slot then", self.task_id(*other)));
            }
        }
        let Some(limit) = claim["limit"].as_u64().filter(|_| text.contains(" slots of ") || text.contains("the one slot")) else {
            return Ok(());
        };
        let others = claim["others"].as_u64().unwrap_or(0);
        if by.len() as u64 + others < limit {
            return Err(format!("{} runs hold {limit} slots", by.len()));
        }
        let parent = self.trace.run(run).parent;
        // The tasks of `errors` and `finally` hold no slot.
        let is_normal = |task: &TaskIdx| parent.is_some_and(|group| self.trace.task_of(self.flows, group).lists.tasks.contains(task));
        let is_sibling = |(other, about): &(RunIdx, &TaskRun)| about.parent == parent && *other != run && is_normal(&about.task);
        let siblings: Vec<RunIdx> = self.trace.iter().filter(is_sibling).map(|(run, _)| run).collect();
        let changes = siblings.iter().flat_map(|other| stretches(self.trace, *other)).flat_map(|(_, began, ended)| [began, ended]);
        for at in changes.chain([from]).filter(|at| (from..to).contains(at)) {
            let n = siblings.iter().filter(|other| holds(**other, at)).count() as u64;
            if n < limit {
                return Err(format!("only {n} slots were taken at {at:?}"));
            }
        }
        let is_named = |run: RunIdx| by.iter().any(|(other, _)| *other == run);
        let missing: Vec<RunIdx> = siblings
            .into_iter()
            .filter(|other| !is_named(*other))
            .filter(|other| stretches(self.trace, *other).iter().any(|(state, a, b)| state.is_running() && (*a).max(from) < (*b).min(to)))
            .collect();
        let said = others == 0 && missing.is_empty() || others >= missing.len() as u64 && text.contains(&format!("{others} other"));
        said.then_some(()).ok_or(format!("{} more held a slot, too", missing.len()))
    }

    fn came(&self, run: Option<RunIdx>, how: &str, text: &str, claim: &Value) -> Result<(), String> {
        let at = ms(&claim["atMs"]);
        let by = self.by(text, claim)?;
        if by.iter().any(|(_, until)| until.is_some_and(|until| until > at)) {
            return Err("what caused it came later".to_owned());
        }
        let word = |other: RunIdx| match self.trace.state(other) {
            State::Failed => " failed",
            State::Killed | State::Cancelled => " was stopped",
            State::Warning => " warning",
            _ => " ended",
        };
        if text.contains("because") && by.iter().any(|(other, _)| !text.contains(word(*other)) && !text.contains("ended the execution")) {
            return Err("what caused it came to another end".to_owned());
        }
        let killed = text.split_once("was killed at ").map(|(_, at)| at.trim_end_matches('.'));
        let is_killed =
            |idx| self.trace.execution_history(idx).iter().any(|(at, state)| *state == State::Killing && Some(&*human(*at)) == killed);
        if killed.is_some() && !self.trace.execution_indices().any(is_killed) {
            return Err("no execution was killed then".to_owned());
        }
        let Some(run) = run else { return Ok(()) };
        let state_then = stretches(self.trace, run).iter().any(|(state, from, _)| {
            *from == at
                && match how {
                    "failed" => matches!(state, State::Failed | State::Retrying | State::Retried),
                    "skipped" => *state == State::Skipped,
                    "interrupted" => matches!(state, State::Failed | State::Killed | State::Cancelled),
                    _ => true,
                }
        });
        let last_ended = !text.contains(", when ") || by.iter().all(|(_, until)| *until == Some(at));
        (state_then && last_ended).then_some(()).ok_or(format!("it was not {how} then"))
    }

    fn changed(&mut self, run: Option<RunIdx>, text: &str, claim: &Value) -> Result<(), String> {
        let key = claim["change"].to_string();
        if !self.again.contains_key(&key) {
            let changed = self.apply(&claim["change"]).map(|(flows, scenario)| simulate(&flows, &scenario));
            self.again.insert(
                key.clone(),
                changed.map(|trace| {
                    let ms = makespan(&trace).0;
                    (trace, ms)
                }),
            );
        }
        let (again, again_ms) = self.again[&key].as_ref().ok_or("the change can't be made")?;
        if self.trace.has_drawn && !text.contains(&format!("(seed {})", self.trace.seed)) {
            return Err("it does not say that it is of one run".to_owned());
        }
        if claim["makespanMs"] != *again_ms || claim["nowMakespanMs"] != makespan(self.trace).0 {
            return Err(format!("the makespan is {again_ms} ms"));
        }
        let slack = [" could take ", " could do "].into_iter().find_map(|words| text.split_once(words));
        if let (Some(run), Some((_, by))) = (run, slack) {
            return self.has_slack(run, text, by, claim, again);
        }
        let (Some(run), Some(start_ms)) = (run, claim["startMs"].as_u64()) else { return Ok(()) };
        let same = |trace: &Trace, other: RunIdx| {
            let (one, about) = (self.trace.run(run), trace.run(other));
            let flow = |trace: &Trace, execution| trace.execution(execution).flow;
            let alike = (one.task, &one.value, one.iteration) == (about.task, &about.value, about.iteration);
            let nth = |trace: &Trace, execution| trace.roots().position(|root| root == trace.execution(execution).root);
            let alike = alike && nth(self.trace, one.execution) == nth(trace, about.execution);
            alike && flow(self.trace, one.execution) == flow(trace, about.execution) && !about.dropped
        };
        let starts: Vec<_> = again.iter().filter(|(other, _)| same(again, *other)).map(|(other, _)| start(again, other)).collect();
        if starts != [Some(SimTime(start_ms))] {
            return Err(format!("it starts at {starts:?}"));
        }
        let none_helps = text.contains("would not help");
        if none_helps && (claim["startMs"] != claim["nowStartMs"] || claim["makespanMs"] != claim["nowMakespanMs"]) {
            return Err("it does help".to_owned());
        }
        if none_helps && let Some((group, most)) = claim["change"]["set"].as_str().and_then(|set| set.split_once('=')) {
            let now = self.trace.iter().find(|(_, run)| &*self.flows[0].task(run.task).id == group).map_or(1, |(_, run)| run.concurrent);
            let most = most.parse().expect("a limit is a number");
            // Of a group without a limit, more slots are all that it has children.
            for n in if now == 0 { most..=most } else { now..=most } {
                let mut scenario = self.scenario.clone();
                scenario.concurrent.insert(group.to_owned(), n);
                let trace = simulate(self.flows, &scenario);
                let moved = trace.iter().any(|(other, _)| same(&trace, other) && start(&trace, other) != Some(SimTime(start_ms)));
                if moved || makespan(&trace) != makespan(self.trace) {
                    return Err(format!("{n} moves it"));
                }
            }
        }
        Ok(())
    }

    /// A task takes longer by what the sentence says, and the flow does not, or nothing else does. Unless the sentence says "at
    /// least", a millisecond more moves the makespan. When the sentence calls this its slack, the task that much shorter, or of no
    /// length, keeps the makespan; otherwise it gives the makespan then. Where cores are shared it speaks of work.
    fn has_slack(&self, run: RunIdx, text: &str, said: &str, claim: &Value, again: &Trace) -> Result<(), String> {
        let change = &claim["change"];
        let length = change["duration"].as_str().and_then(|text| text.split_once('=')).and_then(|(_, ms)| ms.parse::<u64>().ok());
        let ran = stretches(self.trace, run).into_iter().rfind(|(state, ..)| *state == State::Running).map_or(0, |(_, a, b)| (b - a).0);
        let shared = self.trace.run(run).attempts.last().map_or(0, |attempt| attempt.slowed.0);
        let by_ms = length.and_then(|length| (length + shared).checked_sub(ran)).ok_or("it is not longer")?;
        let by = human(SimTime(by_ms));
        let words = if self.scenario.cores.is_some() { format!("{by} more work and ") } else { format!("{by} longer and ") };
        if !said.trim_start_matches("at least ").starts_with(&words) || makespan(again) != makespan(self.trace) {
            return Err("it is longer by another time, or the flow is".to_owned());
        }
        let with_length = |length: u64| {
            let (task, _) = change["duration"].as_str()?.split_once('=')?;
            let (flows, scenario) = self.apply(&serde_json::json!({ "duration": format!("{task}={length}") }))?;
            Some(makespan(&simulate(&flows, &scenario)))
        };
        let (now, is_most) = (makespan(self.trace), !said.starts_with("at least "));
        if is_most && with_length(length.unwrap_or(0) + 1).is_none_or(|then| then == now) {
            return Err("it could take longer still".to_owned());
        }
        // Its own length, without what it gained or lost to others on its core.
        let own = ran.saturating_sub(shared);
        let shorter = with_length(own.saturating_sub(by_ms)).ok_or("it can't be simulated shorter")?;
        let slack = &claim["slack"];
        let values = (&slack["longerMs"], &slack["shorterMs"], &slack["shorterMakespanMs"], &slack["isMost"]);
        if values != (&by_ms.into(), &by_ms.min(own).into(), &shorter.0.into(), &is_most.into()) {
            return Err(format!("shorter the makespan is {shorter:?}"));
        }
        if text.contains("its slack") != (is_most && shorter == now) {
            return Err("it is slack just when the shorter task keeps the makespan too".to_owned());
        }
        let less =
            [format!("took {} less, ", human(SimTime(by_ms.min(own)))), format!("did {} less work, ", human(SimTime(by_ms.min(own))))];
        let says_less = less.iter().any(|less| text.contains(less))
            && ["take", "end at"].iter().any(|verb| text.contains(&format!("{verb} {}", human(shorter))));
        if text.contains("its length matters") != (shorter != now) || shorter != now && !says_less && human(shorter) != human(now) {
            return Err("it does not say what a shorter task does".to_owned());
        }
        let key = |trace: &Trace, other: RunIdx| {
            let about = trace.run(other);
            (trace.execution(about.execution).flow, about.task, format!("{:?}", about.value), about.iteration)
        };
        // What would end at another time; a run that would be new ends no later than before.
        let ends = |trace: &Trace| {
            let mut ends: BTreeMap<_, Vec<SimTime>> = BTreeMap::new();
            for (other, _) in trace.iter().filter(|(_, about)| !about.dropped) {
                ends.entry(key(trace, other)).or_default().push(trace.ended(other));
            }
            ends.remove(&key(self.trace, run));
            ends
        };
        let then = ends(again);
        let is_later = |before: &Vec<SimTime>, after: &Vec<SimTime>| {
            before.len() != after.len() || before.iter().zip(after).any(|(before, after)| after > before)
        };
        let later = ends(self.trace).iter().any(|(key, before)| then.get(key).is_none_or(|after| is_later(before, after)));
        (!later || !text.contains("nothing")).then_some(()).ok_or("something ends later".to_owned())
    }

    /// The flows and settings with a change, from its JSON.
    fn apply(&self, change: &Value) -> Option<(Vec<Flow>, Scenario)> {
        let (mut flows, mut scenario) = (self.flows.to_vec(), self.scenario.clone());
        let (kind, value) = change.as_object()?.iter().next()?;
        let text = value.as_str().unwrap_or_default();
        let find = |flows: &[Flow], id: &str| flows[0].find(id);
        match kind.as_str() {
            "set" => {
                for part in text.split(',') {
                    let (group, n) = part.split_once('=')?;
                    scenario.concurrent.insert(group.to_owned(), n.parse().ok()?);
                }
            }
            "workers" => scenario.workers = Some(value.as_u64()? as u32),
            "cores" => scenario.cores = Some(value.as_u64()? as u32),
            "duration" => {
                let (task, ms) = text.split_once('=')?;
                let (task, ms) = (find(&flows, task)?, SimTime(ms.parse().ok()?));
                let fails_percent = flows[0].task(task).sim_note.map_or(0, |note| note.fails_percent);
                flows[0].tasks[task.at()].sim_note = Some(SimNote { takes: Some(Takes::always(ms)), fails_percent });
            }
            "mode" => {
                let group = find(&flows, text.strip_suffix("=parallel")?)?;
                flows[0].tasks[group.at()].kind = Kind::Parallel(Box::default());
            }
            "order" => {
                let group = find(&flows, text.strip_suffix("=longest-first")?)?;
                let lasted = |task: &TaskIdx| {
                    let runs = self.trace.iter().filter(|(_, run)| run.task == *task && run.execution == ExecutionIdx::FIRST);
                    runs.map(|(run, _)| (self.trace.ended(run) - self.trace.created(run)).0).sum::<u64>()
                };
                let old = flows[0].task(group).lists.tasks.clone();
                let mut new = old.clone();
                if let Kind::Dag(dag) = &mut flows[0].tasks[group.at()].kind {
                    let depends_on = dag.depends_on.clone();
                    let place = |tasks: &[TaskIdx], task: TaskIdx| tasks.iter().position(|known| *known == task).expect("it is there");
                    fn chain(at: usize, own: &[u64], depends_on: &[Vec<u32>]) -> u64 {
                        let next = (0..own.len()).filter(|next| depends_on[*next].contains(&(at as u32)));
                        own[at] + next.map(|next| chain(next, own, depends_on)).max().unwrap_or(0)
                    }
                    let own: Vec<u64> = old.iter().map(lasted).collect();
                    new.sort_by_key(|task| Reverse(chain(place(&old, *task), &own, &depends_on)));
                    dag.depends_on = new
                        .iter()
                        .map(|task| depends_on[place(&old, *task)].iter().map(|on| place(&new, old[*on as usize]) as u32).collect())
                        .collect();
                } else {
                    new.sort_by_key(|task| Reverse(lasted(task)));
                }
                flows[0].tasks[group.at()].lists.tasks = new;
            }
            "without" => {
                let (task, on) = text.split_once("->")?;
                let (task, on) = (find(&flows, task)?, find(&flows, on)?);
                let group = flows[0].task(task).parent?;
                let tasks = flows[0].task(group).lists.tasks.clone();
                let place = |wanted| tasks.iter().position(|known| *known == wanted);
                let Kind::Dag(dag) = &mut flows[0].tasks[group.at()].kind else { return None };
                dag.depends_on[place(task)?].retain(|known| Some(*known as usize) != place(on));
            }
            _ => return None,
        }
        Some((flows, scenario))
    }
}
