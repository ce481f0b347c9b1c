//! What a taskrun sees of the world: the variables of its expressions, the virtual date, its draws, and what is assumed.
//!
//! Rules: Kestra, "Expressions", context and outputs.

use std::cell::Cell;
use std::rc::Rc;

use super::engine::Engine;
use super::random::draw;
use super::trace::{Assumption, ExecutionIdx, RunIdx, execution_id, run_key, taskrun_id};
use crate::expr::{self, Scope};
use crate::flow::{Flow, FlowIdx, Kind, Level, Task};
use crate::time::{SimTime, parse_iso_duration};
use crate::value::{Map, Value};

/// Where something is rendered: at a taskrun, or at an execution as a whole.
pub struct Context<'a, 'f> {
    pub(super) engine: &'a Engine<'f>,
    pub(super) execution: ExecutionIdx,
    pub(super) run: Option<RunIdx>,
    /// More variables, which hide others of the same name.
    pub(super) extra: Vec<(&'static str, Value)>,
    n_drawn: Cell<u64>,
}

impl<'a, 'f> Context<'a, 'f> {
    pub(super) fn new(engine: &'a Engine<'f>, execution: ExecutionIdx, run: Option<RunIdx>) -> Self {
        Self { engine, execution, run, extra: Vec::new(), n_drawn: Cell::new(0) }
    }

    /// Its flow.
    #[must_use]
    pub fn flow(&self) -> &'f Flow {
        self.engine.flow_of(self.execution)
    }

    /// Its task; `None` at an execution as a whole.
    #[must_use]
    pub fn task(&self) -> Option<&'f Task> {
        self.run.map(|run| self.flow().task(self.engine.trace.run(run).task))
    }

    /// The id of its task.
    #[must_use]
    pub fn task_id(&self) -> &'f str {
        self.task().map_or("", |task| &task.id)
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.engine.now
    }

    /// How much of the time that may be simulated is left.
    #[must_use]
    pub fn time_left(&self) -> SimTime {
        self.engine.scenario.horizon - self.engine.now
    }

    /// Renders a property. Text with something unknown in it is unknown.
    pub fn render(&self, text: &str) -> Result<Value, String> {
        expr::render(text, self)
    }

    /// Renders a property to text; what is unknown prints as `⟨path⟩`.
    pub fn print(&self, text: &str) -> Result<Rc<str>, String> {
        self.render(text).map(|value| value.print())
    }

    /// Renders all texts within a value.
    pub fn render_value(&self, value: &Value) -> Result<Value, String> {
        expr::render_value(value, self)
    }

    /// Renders a condition. One that hangs on something unknown is taken as `assumed`.
    pub fn truth(&self, text: &str, property: &str, assumed: bool, why: &'static str) -> Result<bool, String> {
        let value = self.render(text)?;
        let known = self.assume(&value, property, &|_| Value::Bool(assumed), why);
        Ok(expr::truth(&known).unwrap_or(assumed))
    }

    /// Renders a length of time. One that hangs on something unknown is a second.
    pub fn length(&self, text: &str, property: &str) -> Result<SimTime, String> {
        if let Some(length) = parse_iso_duration(text) {
            return Ok(length);
        }
        let value = self.render(text)?;
        let known = self.assume(&value, property, &|_| Value::text("PT1S"), "one second stands for a length that only a real server knows");
        let text = known.print();
        parse_iso_duration(&text).ok_or_else(|| format!("`{text}` is not an ISO-8601 duration"))
    }

    /// A value as it is when it is known. For an unknown one what is assumed: by the user for its path, or for this
    /// property when it is only part of a larger expression; else `default`, which is given the path of what is unknown. It
    /// is written down.
    pub fn assume(&self, value: &Value, property: &str, default: &dyn Fn(&str) -> Value, why: &'static str) -> Value {
        let Value::Unknown(unknown) = value else { return value.clone() };
        let is_whole = !unknown.derived;
        let path = if is_whole { Rc::clone(&unknown.path) } else { Rc::from(format!("tasks.{}.{property}", self.task_id())) };
        self.chosen(&path, why, || default(&unknown.path))
    }

    /// What is assumed for a choice: by the user, or else by us. It is written down.
    pub fn chosen(&self, path: &Rc<str>, why: &'static str, default: impl FnOnce() -> Value) -> Value {
        let given = self.engine.scenario.assumptions.get(path).cloned();
        let value = given.unwrap_or_else(default);
        self.note(path, &value, why);
        value
    }

    fn note(&self, path: &Rc<str>, value: &Value, why: &'static str) {
        let assumption = Assumption {
            path: Rc::clone(path),
            value: value.clone(),
            why,
            flow: self.engine.trace.execution(self.execution).flow,
            span: self.task().map_or(self.flow().span, |task| task.span),
        };
        let mut known = self.engine.assumptions.borrow_mut();
        if known.iter().all(|known| known.path != assumption.path || known.flow != assumption.flow) {
            known.push(assumption);
        }
    }

    /// Variables of its taskrun.
    fn taskrun(&self, run: RunIdx) -> Value {
        let trace = &self.engine.trace;
        let taskrun = trace.run(run);
        let mut map = Map::new();
        map.insert("id", Value::text(&taskrun_id(trace.seed, run)));
        map.insert("startDate", Value::Date(self.date(self.engine.live(run).created_at)));
        map.insert("attemptsCount", Value::Int(i64::from(self.engine.live(run).n_attempts)));
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
        let taskrun = self.engine.trace.run(run);
        let inherited = || {
            let parent = taskrun.parent?;
            let is_directory = matches!(self.flow().task(self.engine.trace.run(parent).task).kind, crate::flow::Kind::WorkingDirectory);
            is_directory.then(|| self.engine.trace.run(parent).value.clone()).flatten()
        };
        let text = taskrun.value.clone().or_else(inherited)?;
        match text.strip_prefix('⟨').and_then(|text| text.strip_suffix('⟩')) {
            Some(path) if !path.contains('⟨') => Some(self.assumed(path).unwrap_or_else(|| Value::unknown(path))),
            _ => Some(Value::Text(text)),
        }
    }

    /// Nearest first: the groups round a run that have a value or outputs.
    fn parents(&self) -> Vec<Value> {
        let trace = &self.engine.trace;
        let first = self.run.and_then(|run| trace.run(run).parent);
        let groups = std::iter::successors(first, |run| trace.run(*run).parent);
        let parent = |run: RunIdx| {
            let mut map = Map::new();
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

    /// `tasks.<id>.state`, or `tasks.<id>.<value>.state`.
    fn states(&self) -> Value {
        let mut map = Map::new();
        for (run, taskrun) in self.engine.trace.iter().filter(|(_, taskrun)| taskrun.execution == self.execution && !taskrun.dropped) {
            let state = Value::map([("state", Value::text(self.engine.live(run).state.as_str()))]);
            let id = &self.flow().task(taskrun.task).id;
            match (&taskrun.value, map.get(id)) {
                (None, _) => map.insert(Rc::clone(id), state),
                (Some(value), known) => {
                    let mut by_value = known.and_then(Value::as_map).cloned().unwrap_or_default();
                    by_value.insert(Rc::clone(value), state);
                    map.insert(Rc::clone(id), Value::Map(Rc::new(by_value)));
                }
            }
        }
        Value::Map(Rc::new(map))
    }

    /// What failed, for the tasks of an `errors` list.
    fn error(&self) -> Option<Value> {
        let group = self.run.map(|run| self.engine.group_of(run))?;
        let failed = group.failed?;
        // What failed in the end is the innermost run; groups have no words of their own.
        let logged = |entry: &&super::trace::LogEntry| entry.level == Level::Error && self.engine.is_within(entry.run, failed);
        let entry = self.engine.trace.logs.iter().rev().find(logged);
        let run = entry.map_or(failed, |entry| entry.run);
        let task = Value::text(&self.flow().task(self.engine.trace.run(run).task).id);
        let message = entry.map_or(Value::Null, |entry| Value::text(&entry.message));
        Some(Value::map([("taskId", task), ("message", message), ("stackTrace", Value::text(""))]))
    }

    fn labels(&self) -> Value {
        let mut map = Map::new();
        let mut system = Map::new();
        for (key, value) in &self.engine.trace.execution(self.execution).labels {
            let (map, key) = key.strip_prefix("system.").map_or((&mut map, &**key), |key| (&mut system, key));
            if map.get(key).is_none() {
                map.insert(key, Value::Text(Rc::clone(value)));
            }
        }
        map.insert("system", Value::Map(Rc::new(system)));
        Value::Map(Rc::new(map))
    }

    /// A moment of the run as a date, in milliseconds since 1970-01-01T00:00:00Z.
    pub(super) fn date(&self, at: SimTime) -> i64 {
        at.epoch_ms(self.engine.trace.start_epoch_ms)
    }
}

impl Scope for Context<'_, '_> {
    fn variable(&self, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.extra.iter().find(|(known, _)| *known == name) {
            return Some(value.clone());
        }
        let text = |text: &str| Value::text(text);
        let execution = &self.engine.trace.execution(self.execution);
        let live = &self.engine.execution(self.execution);
        let unless_empty = |map: &Rc<Map>| (!map.is_empty()).then(|| Value::Map(Rc::clone(map)));
        match name {
            "task" => self
                .task()
                .map(|task| Value::map([("id", Value::Text(Rc::clone(&task.id))), ("type", Value::Text(Rc::clone(&task.type_name)))])),
            "taskrun" => self.run.map(|run| self.taskrun(run)),
            "flow" => Some(Value::map([
                ("id", Value::Text(Rc::clone(&self.flow().id))),
                ("namespace", Value::Text(Rc::clone(&self.flow().namespace))),
                ("revision", Value::Int(1)),
            ])),
            "execution" => Some(Value::map([
                ("id", text(&execution_id(self.engine.trace.seed, self.execution))),
                ("startDate", Value::Date(self.date(live.started_at))),
                ("originalId", text(&execution_id(self.engine.trace.seed, execution.original))),
                ("state", text(live.state.as_str())),
            ])),
            "inputs" => unless_empty(&execution.inputs),
            "vars" => unless_empty(&live.variables),
            "outputs" => Some(Value::Map(self.engine.outputs(self.execution))),
            "tasks" => Some(self.states()),
            "labels" => Some(self.labels()),
            "parents" => Some(Value::list(self.parents())),
            "parent" => self.parents().into_iter().next(),
            "trigger" => Some(execution.trigger.clone().or_else(|| self.assumed("trigger")).unwrap_or_else(|| Value::unknown("trigger"))),
            "workerTaskrun" => self.run.and_then(|run| self.engine.trace.run(run).parent).map(|parent| self.taskrun(parent)),
            "error" => self.error(),
            // Where a worker lets a script run; what is written there is of this machine.
            "workingDir" | "outputDir" if self.task().is_some_and(|task| matches!(task.kind, Kind::Shell(_) | Kind::Script(_))) => {
                Some(text(if name == "workingDir" { "/tmp/kestra-wd" } else { "/tmp/kestra-wd/output" }))
            }
            "envs" | "globals" => {
                let given = self.engine.scenario.context.get(name).cloned();
                Some(given.or_else(|| self.assumed(name)).unwrap_or_else(|| Value::unknown(name)))
            }
            "secret" | "kestra" | "namespace" | "files" | "kv" => Some(self.assumed(name).unwrap_or_else(|| Value::unknown(name))),
            _ => None,
        }
    }

    fn assumed(&self, path: &str) -> Option<Value> {
        let value = self.engine.scenario.assumptions.get(path)?;
        self.note(&Rc::from(path), value, "given in the settings of the run");
        Some(value.clone())
    }

    fn choose(&self, path: &str, default: Value, why: &'static str) -> Value {
        self.chosen(&Rc::from(path), why, || default)
    }

    fn now_epoch_ms(&self) -> i64 {
        self.date(self.engine.now)
    }

    fn draw(&self) -> u64 {
        let nth = self.n_drawn.replace(self.n_drawn.get() + 1);
        let stream =
            self.run.map_or(0, |run| u64::from(self.engine.trace.run(run).nth) << 32 | u64::from(self.engine.live(run).n_attempts));
        draw(self.engine.scenario.seed.wrapping_add(u64::from(self.execution.0)), self.task_id(), stream, nth)
    }

    fn error_logs(&self) -> Value {
        let trace = &self.engine.trace;
        let of_it = trace.logs.iter().filter(|entry| entry.level == Level::Error && trace.run(entry.run).execution == self.execution);
        Value::list(of_it.map(|entry| {
            let id = Value::Text(Rc::clone(&self.flow().task(trace.run(entry.run).task).id));
            Value::map([
                ("taskId", id),
                ("taskRunId", Value::text(&taskrun_id(trace.seed, entry.run))),
                ("message", Value::text(&entry.message)),
                ("level", Value::text(entry.level.as_str())),
                ("timestamp", Value::Date(self.date(entry.at))),
            ])
        }))
    }
}

/// What behaviors ask of the run as a whole.
impl<'a, 'f> Context<'a, 'f> {
    /// The limit in force for this group: the setting of the run, else what is written.
    #[must_use]
    pub fn limit(&self, written: u32) -> u32 {
        self.engine.scenario.concurrent.get(self.task_id()).copied().unwrap_or(written)
    }

    /// What is assumed for a path, if anything is.
    #[must_use]
    pub fn known(&self, path: &str) -> Option<Value> {
        self.assumed(path)
    }

    /// What is assumed for a path, else this.
    #[must_use]
    pub fn known_or(&self, path: &str, otherwise: Value) -> Value {
        self.assumed(path).unwrap_or(otherwise)
    }

    /// The id of its row: [`run_key`].
    #[must_use]
    pub fn row_id(&self) -> Rc<str> {
        self.run.map_or_else(Rc::default, |run| run_key(self.engine.flows, &self.engine.trace, run))
    }

    /// How long a command takes that the shell does not simulate: the assumption `commands.<name>`.
    #[must_use]
    pub fn command_time(&self, name: &str) -> Option<SimTime> {
        self.known(&format!("commands.{name}")).and_then(|value| crate::time::parse_duration(&value.print()))
    }

    /// The outputs of a script that succeeded and said nothing: one value for all of them.
    #[must_use]
    pub fn plain_success(&self) -> Value {
        self.engine.plain_success.clone()
    }

    /// The flow with this id among those that are known.
    #[must_use]
    pub fn find_flow(&self, namespace: &str, id: &str) -> Option<(FlowIdx, &'f Flow)> {
        (0..).map(FlowIdx).zip(self.engine.flows).find(|(_, flow)| &*flow.namespace == namespace && &*flow.id == id)
    }

    /// Whether a flow or template that is not among the texts is taken to be on the server, by its path.
    #[must_use]
    pub fn is_unseen(&self, path: &str) -> bool {
        let scenario = self.engine.scenario;
        let why = "what is called is not here: it is taken to be on the server, and to succeed in one second";
        (scenario.unseen_flows || scenario.assumptions.get(path).is_some())
            && self.choose(path, Value::Bool(true), why) == Value::Bool(true)
    }

    /// How many batches this part of a ForEachItem has.
    #[must_use]
    pub fn n_batches(&self, otherwise: u32) -> u32 {
        let group = self.task_id().strip_suffix("_items").unwrap_or(self.task_id());
        let path = format!("tasks.{group}.batches").into();
        let given = self.engine.scenario.batches.get(group).copied();
        let why = "three batches stand for a file that only a real server has";
        let chosen = given.map(i64::from).map(Value::Int).unwrap_or_else(|| self.chosen(&path, why, || Value::Int(i64::from(otherwise))));
        if let Value::Int(n) = chosen { u32::try_from(n).unwrap_or(0) } else { otherwise }
    }

    /// The same place in the n-th batch, from 0: `taskrun.items` is its file.
    #[must_use]
    pub fn in_batch(&self, nth: u32) -> Self {
        let taskrun = self.run.map(|run| self.taskrun(run)).unwrap_or_default();
        let mut taskrun = taskrun.as_map().cloned().unwrap_or_default();
        taskrun.insert("items", Value::unknown(&format!("taskrun.items[{nth}]")));
        taskrun.insert("iteration", Value::Int(i64::from(nth)));
        Self { extra: vec![("taskrun", Value::Map(Rc::new(taskrun)))], ..Self::new(self.engine, self.execution, self.run) }
    }

    /// The labels of its execution.
    #[must_use]
    pub fn own_labels(&self) -> &'a [(Rc<str>, Rc<str>)] {
        &self.engine.trace.execution(self.execution).labels
    }

    /// The variables of its execution.
    #[must_use]
    pub fn variables(&self) -> Rc<Map> {
        Rc::clone(&self.engine.execution(self.execution).variables)
    }

    /// The round of its loop, from 0.
    #[must_use]
    pub fn round(&self) -> i64 {
        self.run.and_then(|run| self.engine.opened_by(run)).and_then(|group| group.round).map_or(0, i64::from)
    }

    /// When its taskrun was created.
    #[must_use]
    pub fn created_at(&self) -> SimTime {
        self.run.map_or(SimTime::ZERO, |run| self.engine.live(run).created_at)
    }
}
