//! Checks each claim of `explain --all --format json` against the run it is about. It reads the JSON and the trace, and knows
//! nothing of the code that writes the claims.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use parallelogram::analysis::makespan::makespan;
use parallelogram::analysis::segments::segments;
use parallelogram::flow::behavior::Order;
use parallelogram::flow::state::State;
use parallelogram::flow::{Dialect, Flow, Kind, SimNote, Takes, TaskIdx, Version};
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::sim::trace::{ExecutionIdx, RunIdx, Trace, taskrun_id};
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
            Some("waited") => run.map_or(Err("only a run waits".to_owned()), |run| self.waited(run, text, claim)),
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
            if by.len() <= 12 && !text.contains(self.task_id(run)) && !text.contains(&**title) {
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
            "pause" => {
                let was_paused = |other: RunIdx| {
                    stretches(self.trace, other).iter().any(|(state, began, ended)| *state == State::Paused && *began < to && *ended > from)
                };
                by.iter().all(|(other, _)| was_paused(*other)).then_some(()).ok_or("it was not paused".to_owned())
            }
            "worker" => {
                let ran =
                    |other: RunIdx| stretches(self.trace, other).iter().any(|(state, a, b)| state.is_running() && *a < to && *b > from);
                by.iter().all(|(other, _)| ran(*other)).then_some(()).ok_or("it did not run".to_owned())
            }
            "errors" => {
                by.iter().any(|(other, _)| self.trace.state(*other) == State::Failed).then_some(()).ok_or("nothing failed".to_owned())
            }
            _ => Ok(()),
        }
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
        let parent = self.trace.run(run).parent;
        let siblings: Vec<RunIdx> =
            self.trace.iter().filter(|(other, about)| about.parent == parent && *other != run).map(|(run, _)| run).collect();
        let changes = siblings.iter().flat_map(|other| stretches(self.trace, *other)).flat_map(|(_, began, ended)| [began, ended]);
        for at in changes.chain([from]).filter(|at| (from..to).contains(at)) {
            let n = siblings.iter().filter(|other| holds(**other, at)).count() as u64;
            if n < limit {
                return Err(format!("only {n} slots were taken at {at:?}"));
            }
        }
        let is_named = |run: RunIdx| by.iter().any(|(other, _)| *other == run);
        let missing = siblings.iter().find(|other| {
            let held = stretches(self.trace, **other).iter().any(|(state, a, b)| state.is_running() && (*a).max(from) < (*b).min(to));
            held && !is_named(**other)
        });
        missing.map_or(Ok(()), |other| Err(format!("{} held a slot too", self.task_id(*other))))
    }

    fn came(&self, run: Option<RunIdx>, how: &str, text: &str, claim: &Value) -> Result<(), String> {
        let at = ms(&claim["atMs"]);
        let by = self.by(text, claim)?;
        if by.iter().any(|(_, until)| until.is_some_and(|until| until > at)) {
            return Err("what caused it came later".to_owned());
        }
        let caused_by_failure = text.contains("because") && !by.is_empty();
        if caused_by_failure && by.iter().any(|(other, _)| self.trace.state(*other) != State::Failed) {
            return Err("what caused it did not fail".to_owned());
        }
        let Some(run) = run else { return Ok(()) };
        let state_then = stretches(self.trace, run).iter().any(|(state, from, _)| {
            *from == at
                && match how {
                    "failed" => matches!(state, State::Failed | State::Retrying),
                    "skipped" => *state == State::Skipped,
                    "interrupted" => matches!(state, State::Failed | State::Killed | State::Cancelled),
                    _ => true,
                }
        });
        let last_ended = how != "ended" || by.iter().all(|(_, until)| *until == Some(at));
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
        if claim["makespanMs"] != *again_ms || claim["nowMakespanMs"] != makespan(self.trace).0 {
            return Err(format!("the makespan is {again_ms} ms"));
        }
        let (Some(run), Some(start_ms)) = (run, claim["startMs"].as_u64()) else { return Ok(()) };
        let same = |trace: &Trace, other: RunIdx| {
            let (one, about) = (self.trace.run(run), trace.run(other));
            let flow = |trace: &Trace, execution| trace.execution(execution).flow;
            let alike = (one.task, &one.value, one.iteration) == (about.task, &about.value, about.iteration);
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
                flows[0].tasks[group.at()].lists.tasks.sort_by_key(|task| Reverse(lasted(task)));
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
