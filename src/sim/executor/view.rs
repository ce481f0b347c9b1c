//! What a taskrun sees of the world: the variables of its expressions, the virtual date, its draws, and what is assumed.
//!
//! Rules: Kestra, "Expressions", context and outputs.

use std::cell::Cell;
use std::rc::Rc;

use super::Executor;
use crate::budget::Budget;
use crate::expr::{self, Dialect, Scope};
use crate::flow::behavior::View;
use crate::flow::kestra::inputs::InputType;
use crate::flow::kestra::versions::{Rules, TENANT};
use crate::flow::state::State;
use crate::flow::{Flow, FlowIdx, Level, Task};
use crate::random::draw;
use crate::sim::names::{execution_id, run_key, taskrun_id};
use crate::sim::trace::{Assumption, ExecutionIdx, Iteration, LogEntry, RunIdx};
use crate::syntax::Float;
use crate::time::{SimTime, iso_instant, parse_iso_duration, parse_iso_instant};
use crate::tr;
use crate::value::{Map, Value};

/// Where something is rendered: at a taskrun, or at an execution as a whole.
pub(super) struct Context<'a, 'f> {
    executor: &'a Executor<'f>,
    execution: ExecutionIdx,
    run: Option<RunIdx>,
    /// More variables, which hide others of the same name.
    extra: Vec<(&'static str, Value)>,
    n_drawn: Cell<u64>,
    /// How long its expressions have waited for errors in the log.
    waited: Cell<SimTime>,
}

/// How long `errorLogs()` looks for errors in the log of an execution that has none.
const LOOKS_FOR_ERRORS: SimTime = SimTime(5000);

// What few expressions ask for is not inlined, so that the first timeline of the page does without it.
impl<'a, 'f> Context<'a, 'f> {
    pub fn new(executor: &'a Executor<'f>, execution: ExecutionIdx, run: Option<RunIdx>) -> Self {
        Self { executor, execution, run, extra: Vec::new(), n_drawn: Cell::new(0), waited: Cell::default() }
    }

    /// How long its expressions have waited for errors in the log.
    pub fn waited(&self) -> SimTime {
        self.waited.get()
    }

    /// This place as kinds see it.
    pub fn view(&self) -> &dyn View<'f> {
        self
    }

    fn note(&self, path: &Rc<str>, value: &Value, why: &'static str) {
        let assumption = Assumption {
            path: Rc::clone(path),
            value: value.clone(),
            why,
            flow: self.executor.trace.execution(self.execution).flow,
            span: self.task().map_or(self.flow().span, |task| task.span),
        };
        self.executor.assumptions.borrow_mut().add(assumption);
    }

    /// How many attempts of a taskrun have ended.
    fn n_ended_attempts(&self, run: RunIdx) -> u64 {
        self.executor.trace.run(run).attempts.iter().filter(|attempt| attempt.ended.is_some()).count() as u64
    }

    /// Variables of its taskrun.
    #[inline(never)]
    fn taskrun(&self, run: RunIdx) -> Value {
        let trace = &self.executor.trace;
        let taskrun = trace.run(run);
        let mut map = Map::new();
        map.insert("id", Value::text(&taskrun_id(trace.seed, run)));
        map.insert("startDate", self.moment(self.executor.live(run).created_at));
        map.insert("attemptsCount", Value::Int(self.n_ended_attempts(run) as i64));
        if let Some(parent) = taskrun.parent {
            map.insert("parentId", Value::text(&taskrun_id(trace.seed, parent)));
        }
        if let Some(value) = self.own_value(run) {
            map.insert("value", value);
        }
        if let Some(iteration) = taskrun.iteration {
            map.insert("iteration", Value::Int(i64::from(iteration)));
        }
        Value::Map(Rc::new(map))
    }

    /// The value a run is for: its own; below a WorkingDirectory that of the whole. A sample stays unknown.
    fn own_value(&self, run: RunIdx) -> Option<Value> {
        let taskrun = self.executor.trace.run(run);
        let inherited = || {
            let parent = taskrun.parent?;
            let is_directory = self.flow().task(self.executor.trace.run(parent).task).holds_worker();
            is_directory.then(|| self.executor.trace.run(parent).value.clone()).flatten()
        };
        let value = taskrun.value.clone().or_else(inherited)?;
        if let Value::Unknown(unknown) = &value
            && unknown.text.is_unknown()
        {
            return Some(self.assumed(&unknown.path).unwrap_or_else(|| Value::unknown(&unknown.path)));
        }
        Some(value)
    }

    /// Nearest first: the groups around a run, where the version names them all, or else those that have a value or outputs.
    #[inline(never)]
    fn parents(&self) -> Vec<Value> {
        let trace = &self.executor.trace;
        let first = self.run.and_then(|run| trace.run(run).parent);
        let groups = std::iter::successors(first, |run| trace.run(*run).parent);
        let parent = |run: RunIdx| {
            let mut map = Map::new();
            if self.executor.rules.context.names_groups {
                let id = &self.flow().task(trace.run(run).task).id;
                map.insert("task", Value::map([("id", Value::Text(Rc::clone(id)))]));
            }
            if let Some(value) = self.own_value(run) {
                map.insert("taskrun", Value::map([("value", value)]));
            }
            if let Some(outputs) = &trace.run(run).outputs {
                map.insert("outputs", outputs.clone());
            }
            (!map.is_empty()).then(|| Value::Map(Rc::new(map)))
        };
        groups.filter_map(parent).collect()
    }

    /// Inputs as expressions see them: durations as seconds, dates with six digits of a second.
    #[inline(never)]
    fn inputs(&self, inputs: &Map) -> Map {
        let seen = |id: &str, value: &Value| {
            if let Value::Date(at) = value {
                return Some(in_micros(*at));
            }
            let (input, text) = (self.flow().inputs.iter().find(|input| *input.id == *id)?, value.as_str()?);
            if input.kind == InputType::Duration {
                return Some(Value::Float(Float(parse_iso_duration(text)?.0 as f64 / 1000.0)));
            }
            (input.kind == InputType::DateTime).then(|| parse_iso_instant(text).map(in_micros)).flatten()
        };
        inputs.iter().map(|(id, value)| (Rc::clone(id), seen(id, value).unwrap_or_else(|| value.clone()))).collect()
    }

    /// `tasks.<id>.state`, or `tasks.<id>.<value>.state`.
    #[inline(never)]
    fn states(&self) -> Value {
        let mut states: Vec<(Rc<str>, Map)> = Vec::new();
        let mut places = vec![None; self.flow().tasks.len()];
        // Each is an entry of a map.
        let runs = &self.executor.execution(self.execution).runs;
        self.budget().work(runs.len() * 6);
        for run in runs.iter().copied() {
            let taskrun = self.executor.trace.run(run);
            if taskrun.dropped {
                continue;
            }
            let place = *places[taskrun.task.at()].get_or_insert_with(|| {
                states.push((Rc::clone(&self.flow().task(taskrun.task).id), Map::new()));
                states.len() - 1
            });
            let mut state = Map::new();
            state.insert("state", Value::text(self.executor.live(run).state.as_str()));
            let of_task = &mut states[place].1;
            match &taskrun.value {
                None => *of_task = state,
                Some(value) => of_task.insert(value.print(), Value::Map(Rc::new(state))),
            }
        }
        Value::Map(Rc::new(states.into_iter().map(|(id, states)| (id, Value::Map(Rc::new(states)))).collect()))
    }

    /// What failed, for the tasks of an `errors` list.
    #[inline(never)]
    fn error(&self) -> Option<Value> {
        let group = self.run.map(|run| self.executor.group(self.executor.live(run).group))?;
        let failed = group.failed?;
        self.budget().work(self.executor.trace.logs.len() / 16);
        // What failed in the end is the innermost run; groups have no words of their own.
        let logged = |entry: &&LogEntry| {
            entry.level == Level::Error
                && entry.run.is_some_and(|run| run == failed || self.executor.around(run).any(|around| around == failed))
        };
        let entry = self.executor.trace.logs.iter().rev().find(logged);
        let run = entry.and_then(|entry| entry.run).unwrap_or(failed);
        let task = Value::text(&self.flow().task(self.executor.trace.run(run).task).id);
        let message = entry.map_or(Value::Null, |entry| Value::text(&entry.message));
        Some(Value::map([("taskId", task), ("message", message), ("stackTrace", Value::text(""))]))
    }

    #[inline(never)]
    fn labels_by_key(&self) -> Value {
        let mut map = Map::new();
        let mut system = Map::new();
        for (key, value) in &self.executor.trace.execution(self.execution).labels {
            let (map, key) = key.strip_prefix("system.").map_or((&mut map, &**key), |key| (&mut system, key));
            if map.get(key).is_none() {
                map.insert(key, Value::Text(Rc::clone(value)));
            }
        }
        map.insert("system", Value::Map(Rc::new(system)));
        Value::Map(Rc::new(map))
    }

    /// The execution that expressions name: that of the flow, also in an iteration of a Loop.
    fn named_execution(&self) -> ExecutionIdx {
        let trace = &self.executor.trace;
        let holder = |idx: &ExecutionIdx| {
            let execution = trace.execution(*idx);
            execution.iteration.as_ref()?;
            execution.started_by.map(|run| trace.run(run).execution)
        };
        std::iter::successors(Some(self.execution), holder).last().unwrap_or(self.execution)
    }

    /// `item` in an iteration of a Loop, with those of the Loops around it.
    #[inline(never)]
    fn item(&self) -> Option<Value> {
        let trace = &self.executor.trace;
        let holder = |idx: &ExecutionIdx| {
            let run = trace.execution(*idx).started_by?;
            Some(trace.run(run).execution)
        };
        let around = std::iter::successors(Some(self.execution), holder);
        let mut items: Vec<Map> = around.map_while(|idx| trace.execution(idx).iteration.as_ref()).map(item_of).collect();
        if items.is_empty() {
            return None;
        }
        let mut own = items.remove(0);
        if !items.is_empty() {
            let parents: Vec<Value> = items.into_iter().map(|item| Value::Map(Rc::new(item))).collect();
            own.insert("parent", parents[0].clone());
            own.insert("parents", Value::list(parents.into_iter().rev()));
        }
        Some(Value::Map(Rc::new(own)))
    }

    /// A moment of the run as expressions see it.
    fn moment(&self, at: SimTime) -> Value {
        let at = self.date(at);
        if self.executor.rules.context.dates_in_micros { in_micros(at) } else { Value::Date(at) }
    }

    /// A moment of the run as a date, in milliseconds since 1970-01-01T00:00:00Z.
    fn date(&self, at: SimTime) -> i64 {
        at.epoch_ms(self.executor.trace.start_epoch_ms)
    }
}

impl Scope for Context<'_, '_> {
    fn variable(&self, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.extra.iter().find(|(known, _)| *known == name) {
            return Some(value.clone());
        }
        let text = |text: &str| Value::text(text);
        let execution = &self.executor.trace.execution(self.execution);
        let live = &self.executor.execution(self.execution);
        let seen = &self.executor.rules.context;
        let unless_empty = |map: &Rc<Map>| (!map.is_empty()).then(|| Value::Map(Rc::clone(map)));
        match name {
            "task" => self
                .task()
                .map(|task| Value::map([("id", Value::Text(Rc::clone(&task.id))), ("type", Value::Text(Rc::clone(&task.type_name)))])),
            "taskrun" => self.run.map(|run| self.taskrun(run)),
            "flow" => {
                let about = [
                    ("id", Value::Text(Rc::clone(&self.flow().id))),
                    ("namespace", Value::Text(Rc::clone(&self.flow().namespace))),
                    ("revision", Value::Int(1)),
                ];
                Some(Value::map(about.into_iter().chain(seen.tenant.then(|| ("tenantId", text(TENANT))))))
            }
            "execution" => {
                let about = [
                    ("id", text(&execution_id(self.executor.trace.seed, self.named_execution()))),
                    ("startDate", self.moment(live.started_at.at)),
                    ("originalId", text(&execution_id(self.executor.trace.seed, execution.original))),
                    ("state", text(live.state.as_str())),
                ];
                let outputs = execution.outputs.as_ref().map(|outputs| Value::Map(Rc::clone(outputs)));
                let outputs = outputs.or_else(|| seen.outputs_before_end.then_some(Value::Null));
                Some(Value::map(about.into_iter().chain(outputs.map(|outputs| ("outputs", outputs)))))
            }
            "item" => self.item(),
            "inputs" if seen.dates_in_micros => unless_empty(&Rc::new(expr::in_order_of_hashes(self.inputs(&execution.inputs)))),
            "inputs" => unless_empty(&execution.inputs),
            "vars" => unless_empty(&live.variables),
            "outputs" => Some(Value::Map(self.executor.outputs(self.execution))),
            "tasks" => Some(self.states()),
            "labels" => Some(self.labels_by_key()),
            "parents" => Some(Value::list(self.parents())),
            "parent" => self.parents().into_iter().next(),
            "trigger" => {
                let assumptions = &self.executor.scenario.assumptions;
                let may_be = || self.flow().has_triggers || assumptions.iter().any(|(path, _)| path.starts_with("trigger."));
                let given = execution.trigger.clone().or_else(|| self.assumed(name));
                given.or_else(|| may_be().then(|| Value::unknown(name)))
            }
            "workerTaskrun" => self.run.and_then(|run| self.executor.trace.run(run).parent).map(|parent| self.taskrun(parent)),
            "error" => self.error(),
            "envs" | "globals" => {
                let given = self.executor.scenario.context.get(name).cloned();
                Some(given.or_else(|| self.assumed(name)).unwrap_or_else(|| Value::unknown(name)))
            }
            "secret" | "kestra" | "namespace" | "files" | "kv" => Some(self.assumed(name).unwrap_or_else(|| Value::unknown(name))),
            _ => self.task().and_then(|task| task.kind.as_leaf()?.variable(name)),
        }
    }

    fn assumed(&self, path: &str) -> Option<Value> {
        let value = self.executor.scenario.assumptions.get(path)?;
        self.note(&Rc::from(path), value, tr!(const "given in the settings of the run"));
        Some(value.clone())
    }

    fn choose(&self, path: &str, default: Value, why: &'static str) -> Value {
        let path = Rc::from(path);
        let value = self.executor.scenario.assumptions.get(&path).cloned().unwrap_or(default);
        self.note(&path, &value, why);
        value
    }

    fn now_epoch_ms(&self) -> i64 {
        self.date(self.executor.now.at)
    }

    fn draw(&self) -> u64 {
        self.executor.has_drawn.set(true);
        let nth = self.n_drawn.replace(self.n_drawn.get() + 1);
        let stream = self.run.map_or(0, |run| u64::from(self.executor.trace.run(run).nth) << 32 | self.n_ended_attempts(run));
        draw(self.executor.scenario.seed.wrapping_add(u64::from(self.execution.0)), self.view().task_id(), stream, nth)
    }

    fn error_logs(&self) -> Result<Value, String> {
        let trace = &self.executor.trace;
        self.budget().work(trace.logs.len());
        let mut of_it = trace.logs.iter().filter(|entry| entry.level == Level::Error && entry.execution == self.execution).peekable();
        if self.executor.rules.in_passes {
            if !self.run.is_some_and(|run| self.executor.task_of(run).needs_worker()) {
                return Err("The 'errorLogs' function can only be used in the Worker as it access logs from the database.".to_owned());
            }
            if of_it.peek().is_none() {
                self.waited.set(self.waited.get() + LOOKS_FOR_ERRORS);
            }
        }
        Ok(Value::list(of_it.map(|entry| {
            let task = |run: RunIdx| Value::Text(Rc::clone(&self.flow().task(trace.run(run).task).id));
            let id = |run: RunIdx| Value::text(&taskrun_id(trace.seed, run));
            let (task, id) = (("taskId", entry.run.map_or(Value::Null, task)), ("taskRunId", entry.run.map_or(Value::Null, id)));
            let message = ("message", Value::text(&entry.message));
            let level = ("level", Value::text(entry.level.as_str()));
            let timestamp = ("timestamp", self.moment(entry.at));
            if !self.executor.rules.context.whole_log_lines {
                return Value::map([task, id, message, level, timestamp]);
            }
            Value::map([
                ("tenantId", Value::text(TENANT)),
                ("namespace", Value::Text(Rc::clone(&self.flow().namespace))),
                ("flowId", Value::Text(Rc::clone(&self.flow().id))),
                task,
                ("executionId", Value::text(&execution_id(trace.seed, self.execution))),
                id,
                ("attemptNumber", Value::Int(0)),
                timestamp,
                level,
                message,
            ])
        })))
    }

    fn dialect(&self) -> &'static Dialect {
        &self.executor.rules.expressions
    }

    fn budget(&self) -> &Budget {
        self.executor.budget_of(self.run)
    }
}

impl<'f> View<'f> for Context<'_, 'f> {
    fn rules(&self) -> &'static Rules {
        self.executor.rules
    }

    fn flow(&self) -> &'f Flow {
        self.executor.flow_of(self.execution)
    }

    fn task(&self) -> Option<&'f Task> {
        self.run.map(|run| self.flow().task(self.executor.trace.run(run).task))
    }

    fn now(&self) -> SimTime {
        self.executor.now.at
    }

    fn time_left(&self) -> SimTime {
        self.executor.scenario.horizon - self.executor.now.at
    }

    fn created_at(&self) -> SimTime {
        self.run.map_or(SimTime::ZERO, |run| self.executor.live(run).created_at)
    }

    fn round(&self) -> i64 {
        self.run.and_then(|run| self.executor.opened_by(run)).and_then(|group| group.round).map_or(0, i64::from)
    }

    fn row_key(&self) -> Rc<str> {
        self.run.map_or_else(Rc::default, |run| run_key(self.executor.flows, &self.executor.trace, run))
    }

    fn limit(&self, written: u32) -> u32 {
        self.task().and_then(|task| self.executor.scenario.concurrent.get(&*task.id).copied()).unwrap_or(written)
    }

    fn batches(&self, task_id: &str) -> Option<u32> {
        self.executor.scenario.batches.get(task_id).copied()
    }

    fn is_on_server(&self, path: &str) -> bool {
        let scenario = self.executor.scenario;
        let why = tr!(const "what is called is not here: it is taken to be on the server, and to succeed in one second");
        (scenario.unseen_flows || scenario.assumptions.get(path).is_some())
            && self.choose(path, Value::Bool(true), why) == Value::Bool(true)
    }

    fn find_flow(&self, namespace: &str, id: &str) -> Option<(FlowIdx, &'f Flow)> {
        (0..).map(FlowIdx).zip(self.executor.flows).find(|(_, flow)| &*flow.namespace == namespace && &*flow.id == id)
    }

    fn labels(&self) -> Vec<(Rc<str>, Rc<str>)> {
        self.executor.trace.execution(self.execution).labels.clone()
    }

    fn variables(&self) -> Rc<Map> {
        Rc::clone(&self.executor.execution(self.execution).variables)
    }

    fn render_with(&self, extra: Vec<(&'static str, Value)>, value: &Value) -> Result<Value, String> {
        expr::render_value(value, &Self { extra, ..Self::new(self.executor, self.execution, self.run) })
    }

    fn scope(&self) -> &dyn Scope {
        self
    }
}

/// A date, in milliseconds since 1970-01-01T00:00:00Z, as a text with six digits of a second.
fn in_micros(epoch_ms: i64) -> Value {
    Value::text(&iso_instant(epoch_ms).replace('Z', "000Z"))
}

/// What an iteration of a Loop is for.
fn item_of(iteration: &Iteration) -> Map {
    let mut item = Map::new();
    item.insert("value", Value::Text(Rc::clone(&iteration.value)));
    item.insert("index", Value::Int(i64::from(iteration.index)));
    if let Some(key) = &iteration.key {
        item.insert("key", Value::Text(Rc::clone(key)));
    }
    item
}

/// Whether the condition of a listener holds. One that is not simulated does.
pub(super) fn is_met(condition: &Value, flow: &Flow, state: State, context: &Context<'_, '_>) -> bool {
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
                .truth(&text, "conditions", true, tr!(const "a condition that depends on what only a real server knows holds"))
                .unwrap_or(false)
        }
        _ => true,
    }
}
