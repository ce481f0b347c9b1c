//! What each kind of task does: one file a kind, and one line here.
//!
//! A leaf says once, when it begins, what it will log, how it will end and what it does to its execution ([`Work`]). A group
//! says when it begins which children it has and how they are picked ([`Opening`]), and may have a last word ([`Closing`]).

mod allow_failure;
mod assert;
pub(super) mod dag;
mod exit;
mod fail;
pub(super) mod for_each;
mod for_each_item;
mod http;
mod if_;
mod labels;
mod log;
mod loop_until;
mod opaque;
mod output_values;
pub(super) mod parallel;
mod pause;
pub(super) mod planned;
mod return_;
mod script;
mod shell;
mod sleep;
mod subflow;
mod switch;
mod template;
mod variables;

use std::rc::Rc;

pub use super::context::Context;
use super::group::{Children, Order};
use super::random::within;
use crate::expr::Scope;
use crate::flow::state::State;
use crate::flow::{Kind, Level, SimNote, Task};
use crate::time::SimTime;
use crate::value::{Map, Value};

/// What one attempt of a leaf will do, from the moment it begins.
#[derive(Debug, Default)]
pub struct Work {
    /// What it logs, each with the time since it began, in order.
    pub logs: Vec<(SimTime, Level, Box<str>)>,
    /// How long it takes.
    pub duration: SimTime,
    /// Whether it fails.
    pub failed: bool,
    /// Whether it ends with a warning, if it does not fail.
    pub warned: bool,
    /// Its outputs.
    pub outputs: Option<Value>,
    /// What it does to its execution when it ends.
    pub effect: Effect,
}

/// What a leaf does beyond itself.
#[derive(Debug, Default)]
pub enum Effect {
    /// Nothing.
    #[default]
    None,
    /// Adds labels, or sets them anew.
    Labels(Vec<(Rc<str>, Rc<str>)>),
    /// Ends the execution.
    Exit(State),
    /// Sets variables.
    SetVariables(Map),
    /// Takes variables away.
    UnsetVariables(Vec<Rc<str>>),
    /// Starts executions when it begins, and may end when they have.
    Call(Vec<Call>),
    /// It never ends by itself, and takes up all the time there is: its steps are without end.
    Endless,
}

/// An execution to be started.
#[derive(Debug)]
pub struct Call {
    /// Which of the flows.
    pub flow: crate::flow::FlowIdx,
    /// What it is given.
    pub inputs: Vec<(String, Value)>,
    /// Its labels beside those of its flow.
    pub labels: Vec<(Rc<str>, Rc<str>)>,
}

/// How a group begins.
#[derive(Debug)]
pub(super) struct Opening<'f> {
    pub children: Children<'f>,
    pub order: Order,
    pub outputs: Option<Value>,
    /// It is held at once, as a pause is.
    pub hold: Option<Hold>,
    /// Whether it has rounds.
    pub has_rounds: bool,
}

impl Default for Opening<'_> {
    fn default() -> Self {
        Self { children: Children::default(), order: Order::Sequential, outputs: None, hold: None, has_rounds: false }
    }
}

/// How long a group is held, and what then becomes of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    /// When it goes on; `None` is never.
    pub until: Option<SimTime>,
    /// The state it then takes; `None` lets it go on with its tasks.
    pub ends_in: Option<State>,
    /// Whether a person ends it, and no timer.
    pub by_person: bool,
}

/// What a group does when its children are through.
#[derive(Debug)]
pub(super) enum Closing {
    /// It ends in this state.
    End(State),
    /// It is held for so long, gives out this, and then has another round.
    Again(SimTime, Value),
}

/// The outputs of a script that succeeded and said nothing.
pub(super) fn plain_outputs() -> Value {
    shell::outputs(0, Map::new(), Value::map([]))
}

/// What a leaf will do. A group does nothing by itself.
pub(super) fn work(task: &Task, context: &Context<'_, '_>) -> Work {
    let done = match &task.kind {
        Kind::Shell(script) => shell::work(script, context),
        Kind::Script(script) => script::work(script, context),
        Kind::Return { format } => return_::work(format.as_deref(), context),
        Kind::Log { messages, level } => log::work(messages, *level, context),
        Kind::Sleep { duration } => sleep::work(duration, context),
        Kind::Fail { condition, message } => fail::work(condition.as_deref(), message, context),
        Kind::Labels { labels } => labels::work(labels, context),
        Kind::Exit { state } => exit::work(state, context),
        Kind::Assert { conditions, message } => assert::work(conditions, message.as_deref(), context),
        Kind::SetVariables { variables, overwrite } => variables::set(variables, *overwrite, context),
        Kind::UnsetVariables { variables, ignore_missing } => variables::unset(variables, *ignore_missing, context),
        Kind::OutputValues { values } => output_values::work(values, context),
        Kind::Request { uri } => http::request(uri, context),
        Kind::Download { uri } => http::download(uri, context),
        Kind::Subflow(call) => subflow::work(call, context),
        Kind::Planned => planned::work(task, context),
        Kind::ForEachItemPart => for_each_item::part(context),
        Kind::Template { called } => template::work(called, context),
        _ => opaque::work(context),
    };
    let work = done.unwrap_or_else(Work::fails);
    match task.sim_note {
        Some(note) => as_noted(work, note, context),
        None => work,
    }
}

/// How a group begins.
pub(super) fn open<'f>(task: &'f Task, context: &Context<'_, 'f>) -> Result<Opening<'f>, String> {
    let in_order = |order| Opening { children: Children { tasks: &task.lists.tasks, values: None }, order, ..Opening::default() };
    match &task.kind {
        Kind::Parallel { concurrent } => Ok(in_order(Order::Window(context.limit(*concurrent)))),
        Kind::Dag { concurrent, depends_on } => {
            let is_enabled = |place: u32| !context.flow().task(task.lists.tasks[place as usize]).disabled;
            let dependencies = dag::Dependencies::new(depends_on, is_enabled, context.now());
            Ok(in_order(Order::Dag(context.limit(*concurrent), dependencies)))
        }
        Kind::ForEach { values, limit, order } => for_each::open(values, context.limit(*limit), *order, &task.lists.tasks, context),
        Kind::If { condition } => if_::open(condition, &task.lists, context),
        Kind::Switch { value } => switch::open(value, &task.lists, context),
        Kind::Pause(pause) => pause::open(pause, &task.lists, context),
        Kind::LoopUntil(_) => Ok(Opening { outputs: Some(loop_until::outputs(1)), has_rounds: true, ..in_order(Order::Sequential) }),
        _ => Ok(in_order(Order::Sequential)),
    }
}

/// What a group does when its children are through, with the state they leave it in.
pub(super) fn close(task: &Task, state: State, context: &Context<'_, '_>) -> Result<Closing, String> {
    match &task.kind {
        Kind::AllowFailure => Ok(Closing::End(allow_failure::close(state))),
        Kind::LoopUntil(properties) => loop_until::close(properties, state, context),
        _ => Ok(Closing::End(state)),
    }
}

impl Work {
    /// It fails at once with this message.
    fn fails(message: String) -> Self {
        Self { logs: vec![(SimTime::ZERO, Level::Error, message.into())], failed: true, ..Self::default() }
    }

    /// The state it ends in before `allowFailure` and `allowWarning` are looked at.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self { failed: true, .. } => State::Failed,
            Self { warned: true, .. } => State::Warning,
            Self { .. } => State::Success,
        }
    }

    /// It is stopped after this long, and fails.
    pub(super) fn cut_at(&mut self, length: SimTime, message: String) {
        self.logs.retain(|(at, ..)| *at <= length);
        self.logs.push((length, Level::Error, message.into()));
        (self.duration, self.failed, self.outputs, self.effect) = (length, true, None, Effect::None);
    }
}

/// What a `# sim:` comment makes of it: its time and its end, nothing else.
fn as_noted(mut work: Work, note: SimNote, context: &Context<'_, '_>) -> Work {
    if let Some((shortest, longest)) = note.takes {
        work.duration = SimTime(within(context.draw(), shortest.0, longest.0));
        work.logs.iter_mut().for_each(|(at, ..)| *at = (*at).min(work.duration));
        if matches!(work.effect, Effect::Endless) {
            work.effect = Effect::None;
        }
    }
    if note.fails_percent > 0 && within(context.draw(), 1, 100) <= u64::from(note.fails_percent) {
        let after = work.duration;
        work.cut_at(after, "Failed by its `# sim:` comment".to_owned());
    }
    work
}
