//! Executions as a whole: how they start, are admitted, end, and what runs after them. Rules: Kestra, "Flow-level
//! concurrency" and "Flow level".

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::group::{Group, GroupIdx, List};
use super::moment::{Moment, ticks};
use super::outputs::Outputs;
use super::run_set::RunSet;
use super::view::Context;
use super::{Due, Executor};
use crate::collections::Index;
use crate::expr::Scope;
use crate::flow::behavior::{Children, Hold, Order};
use crate::flow::kestra::checks;
use crate::flow::kestra::inputs::{self, Input, InputError};
use crate::flow::state::State;
use crate::flow::{ConcurrencyBehavior, Flow, FlowIdx, Level, SlaRule, TaskIdx};
use crate::sim::names::execution_id;
use crate::sim::trace::{Assumption, Event, Execution, ExecutionIdx, Iteration, NOT_USED, RunIdx, Trace, What};
use crate::time::SimTime;
use crate::tr;
use crate::value::{Map, Value};

/// An execution while the run is under way.
#[derive(Debug)]
pub(super) struct LiveExecution<'f> {
    pub flow: &'f Flow,
    pub state: State,
    /// The states so far, those of the execution it is an iteration of included.
    pub history: Vec<(SimTime, State)>,
    pub variables: Rc<Map>,
    /// How many runs each task has had.
    pub n_runs: Vec<u32>,
    pub started_at: Moment,
    /// When the first of the executions that retry each other started.
    pub first_started_at: Moment,
    /// The lists of its flow, or of its Loop.
    pub root: GroupIdx,
    /// What it does for a Loop; `None` for an execution of a flow.
    pub iteration: Option<RunIdx>,
    /// Whether anything has changed since the pass that is under way began.
    pub has_changed: bool,
    /// Whether a pass may find something new.
    pub has_news: bool,
    /// Taskruns that are CREATED and not handed out.
    pub created: Vec<RunIdx>,
    /// How many taskruns have not ended.
    pub n_open: u32,
    /// All its taskruns, in the order in which they came into being.
    pub runs: Vec<RunIdx>,
    /// Groups that may have come to something, those that have ended with open children, and failed leaves.
    pub groups_to_look_at: RunSet,
    pub groups_to_close: RunSet,
    pub failed: RunSet,
    /// How long pauses hold it.
    pub holds: BTreeMap<RunIdx, Hold>,
    /// The lists that are still to run once it has ended, the next one last.
    pub after: Vec<&'f [TaskIdx]>,
    pub after_is_known: bool,
    /// Whether it was admitted, holds a slot of its flow, is killed, and whether those that wait know that it is over.
    pub is_admitted: bool,
    /// Whether it has ended before its own tasks were done.
    pub is_stopped: bool,
    pub holds_slot: bool,
    pub is_killed: bool,
    pub is_over_known: bool,
    /// The rules of its flow that it has broken.
    pub broken: Vec<usize>,
    pub outputs: Outputs,
    /// What it was given, for the executions that retry it.
    given: Vec<(String, Value)>,
}

/// How an execution starts.
#[derive(Debug, Default)]
pub(super) struct Start {
    pub flow: FlowIdx,
    pub started_by: Option<RunIdx>,
    pub retry_of: Option<ExecutionIdx>,
    pub iteration: Option<Iteration>,
    pub inputs: Vec<(String, Value)>,
    pub labels: Vec<(Rc<str>, Rc<str>)>,
    pub trigger: Option<Value>,
}

impl LiveExecution<'_> {
    /// It has changed: a pass follows, which may find something new.
    pub fn note_change(&mut self) {
        (self.has_changed, self.has_news) = (true, true);
    }
}

/// The executions of a flow that limits how many run at once.
#[derive(Debug, Default)]
pub(super) struct FlowSlots {
    /// How many hold a slot.
    n_held: usize,
    /// Those that were queued, in order; some may have been killed since.
    queued: VecDeque<ExecutionIdx>,
}

/// What an execution takes, in bytes, about.
const EXECUTION_BYTES: usize = 1_700;

impl<'f> Executor<'f> {
    /// One more execution of the first flow. What is not given, or not valid, is a sample: a run can't fail for want of it.
    pub(super) fn start_by_settings(&mut self) {
        let labels = self.scenario.labels.iter().map(|(key, value)| (Rc::from(key.as_str()), Rc::from(value.as_str())));
        let start = Start { inputs: self.scenario.inputs.clone(), labels: labels.collect(), ..Start::default() };
        // Inputs of the settings were checked by those who took them; here what is wrong is replaced.
        let Ok(execution) = self.start_execution(start) else { return };
        if let Some(after) = self.scenario.kill_after {
            self.queue.push(self.later(after), Due::Kill(execution));
        }
        if let Some(after) = self.scenario.resume_after {
            self.queue.push(self.later(after), Due::ResumeByHand(execution));
        }
        self.queue.push(self.now, Due::Pass(execution));
    }

    /// Makes an execution of a flow. Its first pass is up to the caller.
    ///
    /// # Errors
    /// What is wrong with the inputs of a subflow, in Kestra's words; then nothing is started.
    pub(super) fn start_execution(&mut self, start: Start) -> Result<ExecutionIdx, String> {
        let is_subflow = start.started_by.is_some();
        let (flow, labels) = (start.flow.of(self.flows), start.labels.clone());
        let given = start.inputs.clone();
        let idx = self.make_execution(start);
        match self.typed_inputs(idx, flow, &given, is_subflow) {
            Ok(inputs) => self.trace.execution_mut(idx).inputs = Rc::new(inputs),
            Err(message) => {
                self.trace.executions.pop();
                self.executions.pop();
                return Err(message);
            }
        }
        self.first_labels(idx, flow, labels);
        self.record_execution(idx, State::Created);
        for (nth, sla) in flow.sla.iter().enumerate() {
            if let SlaRule::MaxDuration(longest) = sla.rule {
                self.queue.push(self.later(longest), Due::Sla(idx, nth));
            }
        }
        if !is_subflow {
            self.check_flow(idx);
        }
        Ok(idx)
    }

    /// Makes an execution that has done nothing yet.
    pub(super) fn make_execution(&mut self, start: Start) -> ExecutionIdx {
        let Start { flow: flow_idx, started_by, retry_of, iteration, inputs: given, trigger, labels } = start;
        let n_given: usize = given.iter().map(|(_, value)| value.size()).sum();
        self.budget_of(started_by).keep(EXECUTION_BYTES + n_given + flow_idx.of(self.flows).tasks.len() * size_of::<u32>());
        let idx = ExecutionIdx(self.trace.executions.len() as u32);
        let flow = flow_idx.of(self.flows);
        let caller = started_by.map(|run| self.execution_of(run));
        let root = caller.map_or(idx, |caller| self.trace.execution(caller).root);
        let before = retry_of.map(|before| self.trace.execution(before));
        let (original, attempt) = before.map_or((idx, 1), |before| (before.original, before.attempt + 1));
        let first_started_at = self.executions.get(original.at()).map_or(self.now, |first| first.started_at);
        // An iteration begins with what the execution that holds its Loop has, but is neither PAUSED nor RETRYING with it.
        let holder = caller.filter(|_| iteration.is_some());
        let mut inherited = holder.map_or_else(Vec::new, |holder| self.execution(holder).history.clone());
        while inherited.pop_if(|(_, state)| matches!(state, State::Paused | State::Retrying)).is_some() {}
        let state = inherited.last().map_or(State::Created, |(_, state)| *state);
        let variables = holder.map_or_else(|| Rc::new(flow.variables.clone()), |holder| Rc::clone(&self.execution(holder).variables));
        let outputs = holder.map_or_else(Outputs::default, |holder| self.inherited_outputs(holder));
        let inputs = holder.map_or_else(Rc::default, |holder| Rc::clone(&self.trace.execution(holder).inputs));
        let looped = started_by.filter(|_| iteration.is_some());
        let group = self.root_group(idx, flow, looped);
        let root_group = self.add_group(group);
        let labels = if holder.is_some() { labels } else { Vec::new() };
        let began = holder.and_then(|holder| self.trace.execution(holder).began);
        self.trace.executions.push(Execution {
            flow: flow_idx,
            started_by,
            root,
            original,
            attempt,
            iteration,
            made_at: self.now.at,
            inherited: inherited.clone(),
            began,
            inputs,
            outputs: None,
            labels,
            trigger,
        });
        self.executions.push(LiveExecution {
            flow,
            state,
            history: inherited,
            variables,
            n_runs: vec![0; flow.tasks.len()],
            started_at: self.now,
            first_started_at,
            root: root_group,
            iteration: looped,
            has_changed: false,
            has_news: true,
            created: Vec::new(),
            n_open: 0,
            runs: Vec::new(),
            groups_to_look_at: RunSet::default(),
            groups_to_close: RunSet::default(),
            failed: RunSet::default(),
            holds: BTreeMap::new(),
            after: Vec::new(),
            after_is_known: false,
            is_admitted: looped.is_some(),
            is_stopped: false,
            holds_slot: false,
            is_killed: false,
            is_over_known: false,
            broken: Vec::new(),
            outputs,
            given,
        });
        idx
    }

    /// The lists of an execution: those of its flow, or of the Loop it is an iteration of.
    fn root_group(&self, idx: ExecutionIdx, flow: &'f Flow, looped: Option<RunIdx>) -> Group<'f> {
        let lists = looped.map_or(&flow.lists, |run| &self.task_of(run).lists);
        let is_enabled = |task: TaskIdx| !flow.task(task).disabled;
        let children = Some((Children { tasks: &lists.tasks, values: None }, Order::Sequential));
        let mut group = Group::open((None, idx), children, lists, self.now.at, &is_enabled, false);
        group.isolates_failures = flow.dialect.rules().isolates_failures();
        group
    }

    fn record_execution(&mut self, idx: ExecutionIdx, state: State) {
        let at = self.now.at;
        self.execution_mut(idx).history.push((at, state));
        self.record(What::Execution(idx, state));
    }

    /// Whether an execution is over: it has ended, and so has what runs after it.
    pub(super) fn is_over(&self, idx: ExecutionIdx) -> bool {
        let execution = self.execution(idx);
        execution.state.is_terminal()
            && (execution.iteration.is_some() || execution.after.is_empty() && self.group(execution.root).after.all_ended())
    }

    /// An execution comes into a state.
    pub(super) fn change_execution(&mut self, idx: ExecutionIdx, state: State) {
        let from = self.execution(idx).state;
        // The pass in which it was RETRIED goes on to its end, and may begin a pause.
        if from == state || from == State::Retried && state == State::Paused {
            return;
        }
        let execution = self.execution_mut(idx);
        execution.state = state;
        execution.note_change();
        if !matches!(state, State::Created | State::Submitted | State::Queued) {
            let now = self.now;
            self.trace.execution_mut(idx).began.get_or_insert((now.at, now.tick));
        }
        self.record_execution(idx, state);
        if state.is_terminal() {
            self.prepare_after(idx, state);
            if self.rules.kills_leftovers {
                self.kill_leftovers(idx);
            }
        }
    }

    /// An execution ends before its tasks do: of its own tasks none begins any more.
    pub(super) fn stop_execution(&mut self, idx: ExecutionIdx, state: State) {
        self.execution_mut(idx).is_stopped = true;
        self.change_execution(idx, state);
    }

    /// Whether an execution has a failed taskrun that is tried again: it has not really ended.
    pub(super) fn is_to_be_retried(&self, idx: ExecutionIdx) -> bool {
        self.execution(idx).failed.iter().any(|run| self.is_tried_again(*run))
    }

    /// What runs once an execution has ended: the listeners that its state meets, and `afterExecution`.
    fn prepare_after(&mut self, idx: ExecutionIdx, state: State) {
        if state == State::Retried
            || self.execution(idx).iteration.is_some()
            || self.is_to_be_retried(idx)
            || std::mem::replace(&mut self.execution_mut(idx).after_is_known, true)
        {
            return;
        }
        let flow = self.flow_of(idx);
        let mut lists: Vec<&'f [TaskIdx]> = {
            let context = Context::new(self, idx, None);
            let is_met = |listener: &&crate::flow::Listener| {
                listener.conditions.iter().all(|condition| super::view::is_met(condition, flow, state, &context))
            };
            flow.listeners.iter().filter(is_met).map(|listener| &*listener.tasks).collect()
        };
        lists.push(&flow.after_execution);
        lists.retain(|tasks| tasks.iter().any(|task| !flow.task(*task).disabled));
        lists.reverse();
        self.execution_mut(idx).after = lists;
        self.next_list_after(idx);
    }

    /// Goes on to the next list of what runs after an execution, when the one before has ended.
    pub(super) fn next_list_after(&mut self, idx: ExecutionIdx) {
        let root = self.execution(idx).root;
        let flow = self.flow_of(idx);
        if self.group(root).after.all_ended()
            && let Some(tasks) = self.execution_mut(idx).after.pop()
        {
            self.group_mut(root).after = List::in_sequence(tasks, &|task| !flow.task(task).disabled);
        }
    }

    /// Older versions: groups that are still open in a terminal execution, and what waits for a retry, are KILLED. Leaves go
    /// on to their own end. Rule: Kestra, "Execution terminal".
    fn kill_leftovers(&mut self, idx: ExecutionIdx) {
        let is_left = |run: &RunIdx| {
            let state = self.state(*run);
            !state.is_terminal() && !self.live(*run).is_forced && (self.live(*run).is_group || state == State::Retrying)
        };
        let left: Vec<RunIdx> = self.execution(idx).runs.iter().copied().filter(is_left).collect();
        for run in left.into_iter().rev() {
            self.change(run, State::Killed);
        }
    }

    /// All tasks of an execution have ended: it ends, and its outputs are rendered.
    pub(super) fn end_execution(&mut self, idx: ExecutionIdx, state: State) {
        let flow = self.flow_of(idx);
        let has_outputs = self.execution(idx).iteration.is_none() && !self.is_to_be_retried(idx);
        let declared = if has_outputs { &flow.outputs[..] } else { &[] };
        if self.execution(idx).state == State::Created && self.rules.ends_from_running {
            self.change_execution(idx, State::Running);
        }
        if declared.is_empty() {
            return self.change_execution(idx, state);
        }
        match self.flow_outputs(idx, flow) {
            Ok(outputs) => {
                self.trace.execution_mut(idx).outputs = Some(Rc::new(outputs));
                self.change_execution(idx, state);
            }
            Err(message) => {
                if self.rules.fails_after_its_state {
                    self.change_execution(idx, state);
                }
                self.change_execution(idx, State::Failed);
                self.log_execution(idx, Level::Error, format!("Failed to render output values: {message}"));
            }
        }
    }

    fn flow_outputs(&self, idx: ExecutionIdx, flow: &Flow) -> Result<Map, String> {
        let context = Context::new(self, idx, None);
        let mut outputs = Map::new();
        for output in &flow.outputs {
            let value = context.view().render_value(&output.value)?;
            let dialect = &self.rules.expressions;
            let typed = inputs::typed_output(&output.id, &output.type_name, value, dialect)?;
            // Once too much is kept the run is stopped.
            if !self.budget_of(None).keep(typed.size()) {
                break;
            }
            outputs.insert(Rc::clone(&output.id), typed);
        }
        Ok(outputs)
    }

    /// Lets an execution begin, unless as many of its flow run as may. False when it does not.
    pub(super) fn admit(&mut self, idx: ExecutionIdx) -> bool {
        if std::mem::replace(&mut self.execution_mut(idx).is_admitted, true) {
            return true;
        }
        let Some(concurrency) = self.flow_of(idx).concurrency else { return true };
        let flow = self.trace.execution(idx).flow;
        let slots = &mut self.flow_slots[flow.0 as usize];
        if slots.n_held < concurrency.limit as usize {
            slots.n_held += 1;
            self.execution_mut(idx).holds_slot = true;
            return true;
        }
        match concurrency.behavior {
            ConcurrencyBehavior::Queue => {
                let place = slots.queued.partition_point(|known| *known < idx);
                slots.queued.insert(place, idx);
                self.change_execution(idx, State::Queued);
            }
            ConcurrencyBehavior::Cancel => self.stop_execution(idx, State::Cancelled),
            ConcurrencyBehavior::Fail => {
                self.stop_execution(idx, State::Failed);
                self.log_execution(idx, Level::Error, "Execution is FAILED due to concurrency limit exceeded".to_owned());
            }
        }
        if concurrency.behavior != ConcurrencyBehavior::Queue {
            self.has_changed(idx);
        }
        false
    }

    /// An execution is over: one that is queued may begin, and those that wait for this one learn it.
    pub(super) fn execution_is_over(&mut self, idx: ExecutionIdx) {
        if std::mem::replace(&mut self.execution_mut(idx).is_over_known, true) {
            return;
        }
        if std::mem::take(&mut self.execution_mut(idx).holds_slot) {
            let flow = self.trace.execution(idx).flow;
            self.flow_slots[flow.0 as usize].n_held -= 1;
            self.admit_next(flow);
        }
        if self.execution(idx).iteration.is_some() {
            self.soon(ticks::EXECUTION, Due::IterationIsOver(idx));
        } else if self.trace.execution(idx).started_by.is_some() {
            self.soon(ticks::PASS, Due::CalledIsOver(idx));
        }
    }

    /// A slot of a flow is free: the first execution that is queued may begin.
    fn admit_next(&mut self, flow: FlowIdx) {
        let slots = &mut self.flow_slots[flow.0 as usize];
        // Some were killed meanwhile.
        let is_queued = |idx: &ExecutionIdx| self.executions[idx.at()].state == State::Queued;
        if let Some(next) = std::iter::from_fn(|| slots.queued.pop_front()).find(is_queued) {
            slots.n_held += 1;
            self.execution_mut(next).holds_slot = true;
            self.change_execution(next, State::Running);
            self.soon(ticks::EXECUTION, Due::Pass(next));
        }
    }

    /// The labels of the flow, then those that are given, then the one that names the root of subflows.
    fn first_labels(&mut self, idx: ExecutionIdx, flow: &Flow, given: Vec<(Rc<str>, Rc<str>)>) {
        let of_flow: Vec<_> = {
            let context = Context::new(self, idx, None);
            let rendered = |value: &Value| context.view().render_value(value).unwrap_or_else(|_| value.clone()).print();
            flow.labels.iter().map(|(key, value)| (Rc::clone(key), rendered(value))).collect()
        };
        let root = execution_id(self.trace.seed, self.trace.execution(idx).root);
        self.set_labels(idx, of_flow);
        self.set_labels(idx, given);
        self.set_labels(idx, vec![("system.correlationId".into(), root.into())]);
    }

    pub(super) fn set_labels(&mut self, idx: ExecutionIdx, labels: Vec<(Rc<str>, Rc<str>)>) {
        /// Where fewer are set, each is looked for.
        const MANY: usize = 16;
        let known = &mut self.trace.execution_mut(idx).labels;
        let mut places = Index::default();
        if labels.len() > MANY {
            known.iter().enumerate().for_each(|(at, (key, _))| places.set(Rc::clone(key), at));
        } else {
            self.budget.work(labels.len() * known.len() / 32);
        }
        let n_labels = labels.len();
        for (key, value) in labels {
            let at = match n_labels > MANY {
                true => places.get_or_insert(&key, known.len()),
                false => known.iter().position(|(known, _)| *known == key).unwrap_or(known.len()),
            };
            match known.get_mut(at) {
                Some((_, old)) => *old = value,
                None => known.push((key, value)),
            }
        }
    }

    /// A RETRIED execution is run anew.
    pub(super) fn rerun(&mut self, before: ExecutionIdx) {
        let Execution { flow, started_by, labels, trigger, .. } = self.trace.execution(before).clone();
        let labels = labels.into_iter().filter(|(key, _)| !key.starts_with("system.")).collect();
        let inputs = self.execution(before).given.clone();
        let start = Start { flow, started_by, retry_of: Some(before), iteration: None, inputs, labels, trigger };
        if let Ok(execution) = self.start_execution(start) {
            if let Some(run) = started_by {
                self.called_again(run, execution);
            }
            self.queue.push(self.now, Due::Pass(execution));
        }
    }

    /// What is wrong with the inputs of the settings.
    pub(in crate::sim) fn input_errors(mut self) -> Vec<InputError> {
        let Some(flow) = self.flows.first() else { return Vec::new() };
        let idx = self.make_execution(Start::default());
        let context = Context::new(&self, idx, None);
        let render = |text: &str| context.view().render(text);
        let sample = |input: &Input| inputs::sample(input, context.budget());
        let (typed, mut errors) = inputs::resolve(&flow.inputs, &self.scenario.inputs, &render, Some(&sample), context.budget());
        if errors.is_empty() {
            self.trace.execution_mut(idx).inputs = Rc::new(typed);
            let context = Context::new(&self, idx, None);
            errors.extend(checks::blocked(&flow.checks, &|text| context.view().evaluate(text)));
        }
        errors
    }

    /// What is wrong with the inputs of the settings once samples stand for those that are missing, and which are not asked
    /// for, as what they depend on is not met.
    pub(in crate::sim) fn input_form(mut self) -> (Vec<InputError>, Vec<Rc<str>>) {
        let Some(flow) = self.flows.first() else { return Default::default() };
        let idx = self.make_execution(Start::default());
        let context = Context::new(&self, idx, None);
        let render = |text: &str| context.view().render(text);
        let sample = |input: &Input| inputs::sample(input, context.budget());
        let (typed, mut errors) = inputs::resolve(&flow.inputs, &self.scenario.inputs, &render, Some(&sample), context.budget());
        let mut wrong = Index::default();
        errors.iter().for_each(|error| _ = wrong.insert(&error.id));
        let is_there = |input: &&Input| wrong.get(&input.id).is_some() || inputs::value_of(&typed, &input.id).is_some();
        let absent = flow.inputs.iter().filter(|input| !is_there(input)).map(|input| Rc::clone(&input.id)).collect();
        errors.retain(|error| !error.is_missing());
        (errors, absent)
    }

    fn typed_inputs(&self, idx: ExecutionIdx, flow: &Flow, given: &[(String, Value)], is_subflow: bool) -> Result<Map, String> {
        if !self.scenario.typed_inputs && !is_subflow {
            return Ok(given.iter().map(|(key, value)| (Rc::from(key.as_str()), value.clone())).collect());
        }
        let context = Context::new(self, idx, None);
        let render = |text: &str| context.view().render(text);
        let sample = |input: &Input| self.sample(input, flow, &render);
        let instead: Option<&dyn Fn(&Input) -> Value> = if is_subflow { None } else { Some(&sample) };
        let (typed, errors) = inputs::resolve(&flow.inputs, given, &render, instead, context.budget());
        match errors.first() {
            Some(error) if is_subflow => Err(error.message.clone()),
            _ => Ok(typed),
        }
    }

    /// When the first execution came to its final state for the last time, or else was stopped; of several the end of all.
    pub(in crate::sim) fn makespan(&self) -> SimTime {
        if self.trace.roots().nth(1).is_some() {
            return self.now.at;
        }
        let of_first = |event: &Event| match event.what {
            What::Execution(ExecutionIdx::FIRST, state) => Some((event.at, state)),
            What::Execution(..) | What::Run(..) | What::Replaced(..) | What::Log(_) => None,
        };
        let last = self.trace.events.iter().rev().find_map(of_first);
        last.filter(|(_, state)| state.is_terminal()).map_or(self.now.at, |(at, _)| at)
    }

    /// The run is over.
    pub(in crate::sim) fn finish(mut self) -> Trace {
        let mut assumptions = self.assumptions.take();
        for (path, value) in self.scenario.assumptions.iter() {
            if let Some(flow) = self.flows.first()
                && !assumptions.has(path)
            {
                let (path, value) = (Rc::clone(path), value.clone());
                assumptions.add(Assumption { path, value, why: NOT_USED, flow: FlowIdx::FIRST, span: flow.span });
            }
        }
        self.trace.assumptions = assumptions.all;
        self.trace.has_drawn = self.has_drawn.get();
        self.trace.seal(self.now.at);
        self.trace
    }

    /// A sample in place of an input that is not given, or what the user assumes for it; written down as an assumption.
    fn sample(&self, input: &Input, flow: &Flow, render: &dyn Fn(&str) -> Result<Value, String>) -> Value {
        let path: Rc<str> = format!("inputs.{}", input.id).into();
        let is_valid = |value: &&Value| {
            inputs::resolve(std::slice::from_ref(input), &[(input.id.to_string(), (*value).clone())], render, None, &self.budget)
                .1
                .is_empty()
        };
        let assumed = self.scenario.assumptions.get(&path).filter(is_valid).cloned();
        let value = assumed.unwrap_or_else(|| inputs::sample(input, &self.budget));
        let at = self.flows.iter().position(|known| std::ptr::eq(known, flow)).unwrap_or(0);
        let why = tr!(const "a sample stands for a required input that is not given");
        let mut known = self.assumptions.borrow_mut();
        if !known.has(&path) {
            known.add(Assumption { path, value: value.clone(), why, flow: FlowIdx(at as u32), span: input.span });
        }
        value
    }
}
