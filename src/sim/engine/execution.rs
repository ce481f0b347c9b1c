//! Executions as a whole: how they start, are held back, freeze, and end. Rules: Kestra, "Flow-level concurrency",
//! "Pause", "Kill", and the two freezes of "The model in ten rules".

use std::cell::RefCell;
use std::rc::Rc;

use super::view::Context;
use super::{Due, Engine, GroupIdx, allowed};
use crate::flow::behavior::{Children, Order};
use crate::flow::kestra::inputs::{self, Input, InputError};
use crate::flow::state::State;
use crate::flow::{ConcurrencyBehavior, Flow, FlowIdx, Lists, SlaEnd, SlaRule, TaskIdx};
use crate::sim::group::Group;
use crate::sim::trace::{Assumption, Execution, ExecutionIdx, NOT_USED, RunIdx, Trace, What, execution_id};
use crate::time::SimTime;
use crate::value::{Map, Value};

/// An execution while the run is under way.
#[derive(Debug)]
pub(super) struct LiveExecution {
    pub state: State,
    pub variables: Rc<Map>,
    /// How many runs each task has had.
    pub n_runs: Vec<u32>,
    pub started_at: SimTime,
    /// When the first of the executions that retry each other started.
    pub first_started_at: SimTime,
    /// The groups it has opened.
    pub groups: Vec<GroupIdx>,
    /// What waits while it is PAUSED: groups to look at, failures to decide on (of attempts, and of groups that could not
    /// begin), retries that are due.
    pub frozen_groups: Vec<GroupIdx>,
    pub frozen_failures: Vec<RunIdx>,
    pub frozen_retries: Vec<RunIdx>,
    /// What will not go on when it ends: runs that wait for a retry, groups that wait for a worker or to be FAILED.
    pub closed_at_end: Vec<RunIdx>,
    outputs: RefCell<Outputs>,
    /// The rules of its flow that it has broken.
    broken: Vec<usize>,
    /// What it was given, for the executions that retry it.
    given: Vec<(String, Value)>,
}

/// The outputs of the tasks, merged when they are asked for.
#[derive(Debug, Default)]
struct Outputs {
    merged: Rc<Map>,
    /// Runs whose outputs are not merged yet, in the order in which they came.
    pending: Vec<RunIdx>,
}

/// How an execution starts.
#[derive(Debug, Default)]
pub(super) struct Start {
    pub flow: FlowIdx,
    pub started_by: Option<RunIdx>,
    pub retry_of: Option<ExecutionIdx>,
    pub inputs: Vec<(String, Value)>,
    pub labels: Vec<(Rc<str>, Rc<str>)>,
    pub trigger: Option<Value>,
}

impl Start {
    /// A start of the n-th flow with nothing given.
    pub fn of(flow: FlowIdx) -> Self {
        Self { flow, ..Self::default() }
    }
}

impl<'f> Engine<'f> {
    /// One more execution of the first flow. What is not given, or not valid, is a sample: a run can't fail for want of it.
    pub(super) fn start_by_settings(&mut self) {
        let labels = self.scenario.labels.iter().map(|(key, value)| (Rc::from(key.as_str()), Rc::from(value.as_str())));
        let start = Start { inputs: self.scenario.inputs.clone(), labels: labels.collect(), ..Start::of(FlowIdx::FIRST) };
        // Inputs of the settings were checked by those who took them; here what is wrong is replaced.
        _ = self.start_execution(start);
    }

    /// Starts an execution of a flow.
    ///
    /// # Errors
    /// What is wrong with the inputs of a subflow, in Kestra's words; then nothing is started.
    pub(super) fn start_execution(&mut self, start: Start) -> Result<ExecutionIdx, String> {
        let is_subflow = start.started_by.is_some();
        let (flow_idx, labels) = (start.flow, start.labels.clone());
        let idx = self.make_execution(start);
        let flow = flow_idx.of(self.flows);
        let given = self.execution(idx).given.clone();
        match self.typed_inputs(idx, flow, &given, is_subflow) {
            Ok(inputs) => self.trace.execution_mut(idx).inputs = Rc::new(inputs),
            Err(message) => {
                self.trace.executions.pop();
                self.executions.pop();
                return Err(message);
            }
        }
        self.first_labels(idx, flow, labels);
        self.record(What::Execution(idx, State::Created));
        self.admit(idx, flow, flow_idx);
        Ok(idx)
    }

    /// Makes an execution that has done nothing yet.
    fn make_execution(&mut self, start: Start) -> ExecutionIdx {
        let Start { flow: flow_idx, started_by, retry_of, inputs: given, trigger, .. } = start;
        let idx = ExecutionIdx(self.trace.executions.len() as u32);
        let flow = flow_idx.of(self.flows);
        let root = started_by.map_or(idx, |run| self.trace.execution(self.trace.run(run).execution).root);
        let before = retry_of.map(|before| self.trace.execution(before));
        let (original, attempt) = before.map_or((idx, 1), |before| (before.original, before.attempt + 1));
        let first_started_at = self.executions.get(original.at()).map_or(self.now, |first| first.started_at);
        self.trace.executions.push(Execution {
            flow: flow_idx,
            started_by,
            root,
            original,
            attempt,
            inputs: Rc::default(),
            outputs: None,
            labels: Vec::new(),
            trigger,
        });
        self.executions.push(LiveExecution {
            state: State::Created,
            variables: Rc::new(flow.variables.clone()),
            n_runs: vec![0; flow.tasks.len()],
            started_at: self.now,
            first_started_at,
            groups: Vec::new(),
            frozen_groups: Vec::new(),
            frozen_failures: Vec::new(),
            frozen_retries: Vec::new(),
            closed_at_end: Vec::new(),
            outputs: RefCell::default(),
            broken: Vec::new(),
            given,
        });
        idx
    }

    /// What is wrong with the inputs of the settings.
    pub(in crate::sim) fn input_errors(mut self) -> Vec<InputError> {
        let Some(flow) = self.flows.first() else { return Vec::new() };
        let idx = self.make_execution(Start::of(FlowIdx::FIRST));
        let context = Context::new(&self, idx, None);
        inputs::resolve(&flow.inputs, &self.scenario.inputs, &|text| context.view().render(text), Some(&inputs::sample)).1
    }

    /// What is wrong with the inputs of the settings once samples stand for those that are missing, and which are not asked
    /// for, as what they depend on is not met.
    pub(in crate::sim) fn input_form(mut self) -> (Vec<InputError>, Vec<Rc<str>>) {
        let Some(flow) = self.flows.first() else { return Default::default() };
        let idx = self.make_execution(Start::of(FlowIdx::FIRST));
        let context = Context::new(&self, idx, None);
        let (typed, mut errors) =
            inputs::resolve(&flow.inputs, &self.scenario.inputs, &|text| context.view().render(text), Some(&inputs::sample));
        let is_there = |input: &&Input| errors.iter().any(|error| error.id == input.id) || inputs::value_of(&typed, &input.id).is_some();
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
        let (typed, errors) = inputs::resolve(&flow.inputs, given, &render, instead);
        match errors.first() {
            Some(error) if is_subflow => Err(error.message.clone()),
            _ => Ok(typed),
        }
    }

    /// A sample in place of an input that is not given, or what the user assumes for it; written down as an assumption.
    fn sample(&self, input: &Input, flow: &Flow, render: &dyn Fn(&str) -> Result<Value, String>) -> Value {
        let path: Rc<str> = format!("inputs.{}", input.id).into();
        let is_valid = |value: &&Value| {
            inputs::resolve(std::slice::from_ref(input), &[(input.id.to_string(), (*value).clone())], render, None).1.is_empty()
        };
        let assumed = self.scenario.assumptions.get(&path).filter(is_valid).cloned();
        let value = assumed.unwrap_or_else(|| inputs::sample(input));
        let at = self.flows.iter().position(|known| std::ptr::eq(known, flow)).unwrap_or(0);
        let why = "a sample stands for a required input that is not given";
        let mut known = self.assumptions.borrow_mut();
        if known.iter().all(|known| known.path != path) {
            known.push(Assumption { path, value: value.clone(), why, flow: FlowIdx(at as u32), span: input.span });
        }
        value
    }

    /// The labels of the flow, then those that are given, then the one that names the root of subflows.
    fn first_labels(&mut self, idx: ExecutionIdx, flow: &Flow, given: Vec<(Rc<str>, Rc<str>)>) {
        let context = Context::new(self, idx, None);
        let of_flow = flow
            .labels
            .iter()
            .map(|(key, value)| (Rc::clone(key), context.view().render_value(value).unwrap_or_else(|_| value.clone()).print()));
        let of_flow: Vec<_> = of_flow.collect();
        let root = execution_id(self.trace.seed, self.trace.execution(idx).root);
        self.set_labels(idx, of_flow);
        self.set_labels(idx, given);
        self.set_labels(idx, vec![("system.correlationId".into(), root.into())]);
    }

    pub(super) fn set_labels(&mut self, idx: ExecutionIdx, labels: Vec<(Rc<str>, Rc<str>)>) {
        let known = &mut self.trace.execution_mut(idx).labels;
        for (key, value) in labels {
            match known.iter_mut().find(|(known, _)| *known == key) {
                Some((_, old)) => *old = value,
                None => known.push((key, value)),
            }
        }
    }

    /// Lets an execution begin, unless as many of its flow run as may.
    fn admit(&mut self, idx: ExecutionIdx, flow: &'f Flow, flow_idx: FlowIdx) {
        let Some(concurrency) = flow.concurrency else { return self.open_execution(idx) };
        let runs = |(n, live): &(usize, &LiveExecution)| {
            *n != idx.at()
                && self.trace.executions[*n].flow == flow_idx
                && !live.state.is_terminal()
                && !matches!(live.state, State::Queued | State::Retrying)
        };
        if self.executions.iter().enumerate().filter(runs).count() < concurrency.limit as usize {
            return self.open_execution(idx);
        }
        match concurrency.behavior {
            ConcurrencyBehavior::Queue => self.change_execution(idx, State::Queued),
            ConcurrencyBehavior::Cancel => self.change_execution(idx, State::Cancelled),
            ConcurrencyBehavior::Fail => self.change_execution(idx, State::Failed),
        }
    }

    fn open_execution(&mut self, idx: ExecutionIdx) {
        let flow = self.flow_of(idx);
        let children = Children { tasks: &flow.lists.tasks, values: None };
        self.open_root(idx, &flow.lists, children, false);
        for (nth, sla) in flow.sla.iter().enumerate() {
            if let SlaRule::MaxDuration(longest) = sla.rule {
                self.queue.push(self.now + longest, Due::Sla(idx, nth));
            }
        }
    }

    fn open_root(&mut self, idx: ExecutionIdx, lists: &'f Lists, children: Children<'f>, is_after_execution: bool) {
        let flow = self.flow_of(idx);
        let is_enabled = |task: TaskIdx| !flow.task(task).disabled;
        let mut group = Group::open(None, idx, lists, (children, Order::Sequential), self.now, &is_enabled);
        group.is_after_execution = is_after_execution;
        group.isolates_failures = flow.dialect.rules().isolates_failures();
        let group = self.add_group(group);
        self.unsettled.push_back(group);
    }

    /// An execution comes into a state.
    pub(super) fn change_execution(&mut self, idx: ExecutionIdx, state: State) {
        let live = self.execution_mut(idx);
        if live.state == state || live.state.is_terminal() {
            return;
        }
        if live.state == State::Created && state == State::Success {
            // Without any task it ends as soon as it runs.
            live.state = State::Running;
            self.record(What::Execution(idx, State::Running));
        }
        let live = self.execution_mut(idx);
        live.state = state;
        self.record(What::Execution(idx, state));
        if state == State::Running {
            self.check_assertions(idx);
        }
        if state.is_terminal() {
            self.close_open_groups(idx);
            self.after_execution(idx, state);
            let started_by = self.trace.execution(idx).started_by;
            if let Some(run) = started_by.filter(|_| state != State::Retried) {
                self.called_has_ended(run);
            }
            self.admit_next(self.trace.execution(idx).flow);
        }
    }

    /// One execution of a flow has ended: the first that is queued may begin.
    fn admit_next(&mut self, flow: FlowIdx) {
        if flow.of(self.flows).concurrency.is_none() {
            return;
        }
        let is_next = |(n, live): &(usize, &LiveExecution)| live.state == State::Queued && self.trace.executions[*n].flow == flow;
        let next = self.executions.iter().enumerate().find(is_next).map(|(n, _)| ExecutionIdx(n as u32));
        if let Some(next) = next {
            self.change_execution(next, State::Running);
            self.open_execution(next);
        }
    }

    /// A PAUSED execution goes on: what was held back is done now.
    pub(super) fn thaw(&mut self, idx: ExecutionIdx) {
        self.change_execution(idx, State::Running);
        let live = self.execution_mut(idx);
        let failures = std::mem::take(&mut live.frozen_failures);
        let retries = std::mem::take(&mut live.frozen_retries);
        let groups = std::mem::take(&mut live.frozen_groups);
        self.unsettled.extend(groups);
        for run in failures {
            let task = self.task_of(run);
            if self.execution(idx).state.is_terminal() {
                // The retry of another has ended it.
                return;
            }
            if task.is_group() {
                self.change(run, allowed(State::Failed, task));
            } else {
                self.wait_for_retry(run);
            }
        }
        retries.into_iter().for_each(|run| self.try_again(run));
    }

    /// A terminal execution decides nothing any more: its groups that are still RUNNING would stay so for ever. They are
    /// closed as KILLED; leaves go on to their own end. Rule: Kestra, "Execution terminal".
    fn close_open_groups(&mut self, idx: ExecutionIdx) {
        for group in std::mem::take(&mut self.execution_mut(idx).groups).into_iter().rev() {
            let open = self.group(group).owner.filter(|run| !self.live(*run).state.is_terminal());
            if let Some(run) = open {
                self.change(run, State::Killed);
            }
        }
        // Nobody tries again what waits for a retry, or begins with a group that waits for a worker.
        for run in std::mem::take(&mut self.execution_mut(idx).closed_at_end) {
            let state = self.live(run).state;
            if state == State::Retrying || !state.is_terminal() && self.task_of(run).is_group() {
                self.change(run, State::Killed);
            }
        }
    }

    /// All tasks of an execution are through: its outputs are rendered, and it ends.
    pub(super) fn end_execution(&mut self, idx: ExecutionIdx, state: State) {
        let flow = self.flow_of(idx);
        let mut state = state;
        if !flow.outputs.is_empty() {
            match self.flow_outputs(idx, flow) {
                Ok(outputs) => self.trace.execution_mut(idx).outputs = Some(Rc::new(outputs)),
                Err(_) => state = State::Failed,
            }
        }
        self.change_execution(idx, state);
    }

    fn flow_outputs(&self, idx: ExecutionIdx, flow: &Flow) -> Result<Map, String> {
        let context = Context::new(self, idx, None);
        let mut outputs = Map::new();
        for output in &flow.outputs {
            outputs.insert(Rc::clone(&output.id), inputs::typed_output(&output.type_name, context.view().render_value(&output.value)?)?);
        }
        Ok(outputs)
    }

    /// What runs once an execution has ended: `afterExecution`, and the listeners that its state meets.
    fn after_execution(&mut self, idx: ExecutionIdx, state: State) {
        if state == State::Retried {
            return;
        }
        let flow = self.flow_of(idx);
        let mut lists: Vec<&'f [TaskIdx]> = vec![&flow.after_execution];
        for listener in &flow.listeners {
            let context = Context::new(self, idx, None);
            if listener.conditions.iter().all(|condition| is_met(condition, flow, state, &context)) {
                lists.push(&listener.tasks);
            }
        }
        for tasks in lists.into_iter().filter(|tasks| !tasks.is_empty()) {
            self.open_root(idx, const { &Lists::EMPTY }, Children { tasks, values: None }, true);
        }
    }

    /// Ends an execution from within: the run that says so and the groups round it end in this state too.
    pub(super) fn exit(&mut self, run: RunIdx, state: State) {
        let idx = self.trace.run(run).execution;
        if state == State::Killed {
            self.change(run, State::Success);
            return self.kill(idx);
        }
        let runs: Vec<RunIdx> = std::iter::successors(Some(run), |run| self.trace.run(*run).parent).collect();
        for run in runs {
            if !self.live(run).state.is_terminal() {
                self.change(run, state);
            }
        }
        self.end_execution(idx, state);
    }

    /// Kills an execution: leaves are interrupted, groups end when all their runs have.
    fn kill(&mut self, idx: ExecutionIdx) {
        self.change_execution(idx, State::Killing);
        let open: Vec<RunIdx> = self
            .trace
            .iter()
            .filter(|(run, taskrun)| taskrun.execution == idx && !self.live(*run).state.is_terminal())
            .map(|(run, _)| run)
            .collect();
        for run in &open {
            if self.task_of(*run).is_group() {
                self.change(*run, State::Killing);
            }
        }
        // Children stand behind their parents.
        for run in open.into_iter().rev() {
            for called in self.called_by(run) {
                if !self.execution(called).state.is_terminal() {
                    self.kill(called);
                }
            }
            if !self.live(run).state.is_terminal() {
                self.change(run, State::Killed);
            }
        }
        self.change_execution(idx, State::Killed);
    }

    /// An execution is aborted: whatever has not ended ends there.
    pub(super) fn abort(&mut self, idx: ExecutionIdx) {
        let runs = self.trace.iter().filter(|(run, taskrun)| taskrun.execution == idx && !self.live(*run).state.is_terminal());
        let open: Vec<RunIdx> = runs.map(|(run, _)| run).collect();
        // Children come after their parents.
        for run in open.into_iter().rev() {
            self.change(run, State::Killed);
        }
        self.change_execution(idx, State::Killed);
    }

    /// An execution has run as long as a rule of its flow lets it.
    pub(super) fn sla_is_over(&mut self, idx: ExecutionIdx, nth: usize) {
        if !self.execution(idx).state.is_terminal() {
            self.break_sla(idx, nth);
        }
    }

    /// Looks at what the flow asserts of its executions.
    pub(super) fn check_assertions(&mut self, idx: ExecutionIdx) {
        let flow = self.flow_of(idx);
        for (nth, sla) in flow.sla.iter().enumerate() {
            let live = &self.execution(idx);
            let SlaRule::Assertion(text) = &sla.rule else { continue };
            if live.state.is_terminal() || live.broken.contains(&nth) {
                continue;
            }
            let truth = Context::new(self, idx, None).view().truth(
                text,
                "assert",
                true,
                "an assertion that depends on what only a real server knows holds",
            );
            if truth == Ok(false) {
                self.execution_mut(idx).broken.push(nth);
                self.break_sla(idx, nth);
            }
        }
    }

    fn break_sla(&mut self, idx: ExecutionIdx, nth: usize) {
        let sla = &self.flow_of(idx).sla[nth];
        let labels = sla.labels.iter().map(|(key, value)| (Rc::clone(key), value.print())).collect();
        self.set_labels(idx, labels);
        match sla.end {
            Some(SlaEnd::Fail) => self.change_execution(idx, State::Failed),
            Some(SlaEnd::Cancel) => self.change_execution(idx, State::Cancelled),
            None => {}
        }
    }

    /// A RETRIED execution is run anew.
    pub(super) fn rerun(&mut self, before: ExecutionIdx) {
        let Execution { flow, started_by, labels, trigger, .. } = self.trace.execution(before).clone();
        let labels = labels.into_iter().filter(|(key, _)| !key.starts_with("system.")).collect();
        let inputs = self.execution(before).given.clone();
        if let (Ok(execution), Some(run)) =
            (self.start_execution(Start { flow, started_by, retry_of: Some(before), inputs, labels, trigger }), started_by)
        {
            self.called_again(run, execution);
        }
    }

    /// A taskrun gives something out at once.
    pub(super) fn set_outputs(&mut self, run: RunIdx, outputs: Value) {
        self.trace.runs[run.0 as usize].outputs = Some(outputs);
        self.note_outputs(run);
    }

    /// The outputs of a taskrun are there for others to see.
    pub(super) fn note_outputs(&mut self, run: RunIdx) {
        let taskrun = self.trace.run(run);
        if taskrun.outputs.is_some() {
            self.execution(taskrun.execution).outputs.borrow_mut().pending.push(run);
        }
    }

    /// The outputs of all tasks of an execution so far, by task id, and below that by the values of the groups round it.
    pub(super) fn outputs(&self, idx: ExecutionIdx) -> Rc<Map> {
        let mut outputs = self.execution(idx).outputs.borrow_mut();
        let Outputs { merged, pending } = &mut *outputs;
        for run in pending.drain(..) {
            crate::sim::outputs::add(Rc::make_mut(merged), self.flows, &self.trace, run);
        }
        Rc::clone(merged)
    }

    /// The run is over.
    pub(in crate::sim) fn finish(mut self) -> Trace {
        let mut assumptions = self.assumptions.take();
        for (path, value) in self.scenario.assumptions.iter() {
            if let Some(flow) = self.flows.first()
                && assumptions.iter().all(|known| known.path != *path)
            {
                assumptions.push(Assumption {
                    path: Rc::clone(path),
                    value: value.clone(),
                    why: NOT_USED,
                    flow: FlowIdx::FIRST,
                    span: flow.span,
                });
            }
        }
        self.trace.assumptions = assumptions;
        self.trace.seal(self.now);
        self.trace
    }
}

/// Whether the condition of a listener holds. One that is not simulated does.
fn is_met(condition: &Value, flow: &Flow, state: State, context: &Context<'_, '_>) -> bool {
    let text = |key: &str| condition.get(key).map(Value::print);
    let class = text("type").unwrap_or_default();
    let class = class.rsplit('.').next().unwrap_or("");
    let names_state = |list: &Value| list.as_list().unwrap_or_default().iter().any(|item| *item.print() == *state.as_str());
    match class.strip_suffix("Condition").unwrap_or(class) {
        "ExecutionStatus" => condition.get("in").is_none_or(names_state) && !condition.get("notIn").is_some_and(names_state),
        "ExecutionFlow" | "Flow" => {
            text("namespace").is_none_or(|namespace| namespace == flow.namespace) && text("flowId").is_none_or(|id| id == flow.id)
        }
        "ExecutionNamespace" => text("namespace").is_none_or(|namespace| namespace == flow.namespace),
        "Variable" | "Expression" => {
            let text = text("expression").unwrap_or_default();
            context
                .view()
                .truth(&text, "conditions", true, "a condition that depends on what only a real server knows holds")
                .unwrap_or(false)
        }
        _ => true,
    }
}
