//! The ports between a task kind and the engine: what a kind may ask ([`View`]), and what it answers.
//!
//! When an attempt of a [`Leaf`] begins, the leaf returns all that the attempt will do ([`Work`]): its log, its duration and
//! its end. A [`Group`] returns its children and how they are picked when it begins ([`Opening`]), and what follows when they
//! have ended ([`Closing`]). No kind sees the engine, and the engine sees no kind.

mod view;
mod work;

use std::num::NonZero;
use std::rc::Rc;

use super::kestra::versions::Rules;
use super::state::State;
use super::{Flow, FlowIdx, Task, TaskIdx};
use crate::expr::Scope;
use crate::time::SimTime;
use crate::value::{Map, Value};
pub use work::{Work, work};

/// A task that does something itself.
pub trait Leaf {
    /// Who runs it.
    fn runner(&self) -> Runner {
        Runner::Worker
    }

    /// Whether a failed attempt may be tried again.
    fn may_retry(&self) -> bool {
        self.runner() == Runner::Worker
    }

    /// What one attempt will do.
    ///
    /// # Errors
    /// The message with which the attempt fails at once.
    fn work<'f>(&'f self, task: &'f Task, view: &dyn View<'f>) -> Result<Work, String>;

    /// How it ends, and with what outputs, once the executions it called have ended.
    ///
    /// # Errors
    /// The message with which it fails.
    fn gather(&self, _called: &[Called<'_, '_>]) -> Result<(State, Value), String> {
        Ok((State::Success, Value::Null))
    }

    /// A variable that only expressions of this task can read.
    fn variable(&self, _name: &str) -> Option<Value> {
        None
    }
}

/// A task that holds other tasks. It takes no time of its own.
pub trait Group {
    /// Whether a worker holds it while its tasks run, and runs those too.
    fn holds_worker(&self) -> bool {
        false
    }

    /// Whether its `finally` runs to its end when all its tasks are disabled; otherwise it ends at once, with the first of them made.
    fn waits_for_finally(&self) -> bool {
        false
    }

    /// The limit of its slots; `None` for a group that hands out no slots.
    fn slots(&self) -> Option<Slots> {
        let property = if let Order::Lanes(_) = self.order() { "concurrencyLimit" } else { "concurrent" };
        self.order().limit().map(|limit| Slots { limit, property })
    }

    /// Sets the limit of its slots, as if it were written.
    fn set_limit(&mut self, _limit: u32) {}

    /// How its tasks follow each other, with the limit that is written.
    fn order(&self) -> Order<'_> {
        Order::Sequential
    }

    /// The limit of its slots, rendered; 0 is no limit, or no slots.
    ///
    /// # Errors
    /// The message with which it fails at once.
    fn rendered_limit(&self, _view: &dyn View<'_>) -> Result<u32, String> {
        Ok(self.order().limit().unwrap_or(0))
    }

    /// How it begins.
    ///
    /// # Errors
    /// The message with which it fails at once.
    fn open<'f>(&'f self, task: &'f Task, view: &dyn View<'f>) -> Result<Opening<'f>, String> {
        let limit = view.limit(self.rendered_limit(view)?);
        Ok(Opening::of(&task.lists.tasks, self.order().limited(limit)))
    }

    /// The state in which a failure interrupts its other children; `None` when they go on.
    fn interrupts_in(&self, _view: &dyn View<'_>) -> Option<State> {
        None
    }

    /// Whether its tasks run in executions of their own, one for each item.
    fn runs_iterations(&self) -> bool {
        false
    }

    /// The items it runs for, when it runs iterations.
    ///
    /// # Errors
    /// The message with which it fails at once.
    fn iterations(&self, _view: &dyn View<'_>) -> Result<Iterations, String> {
        Ok(Iterations { items: Vec::new(), limit: 0 })
    }

    /// What an iteration gives as outputs, seen from within it; `None` when none are declared.
    ///
    /// # Errors
    /// The message with which the iteration fails.
    fn iteration_outputs(&self, _view: &dyn View<'_>) -> Result<Option<Value>, String> {
        Ok(None)
    }

    /// Whether the bad end of an iteration is that of the group.
    fn transmits_failure(&self) -> bool {
        true
    }

    /// What follows when its children have ended and leave it in this state.
    ///
    /// # Errors
    /// The message with which it fails.
    fn close(&self, state: State, _view: &dyn View<'_>) -> Result<Closing, String> {
        Ok(Closing::End(state))
    }
}

/// Who runs a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// A worker: Kestra's "runnable" tasks.
    Worker,
    /// The executor: a group, or a task that changes the execution or starts another.
    Executor,
}

/// The slots of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// How many children may run at once, as written; 0 is no limit.
    pub limit: u32,
    /// The property that sets it.
    pub property: &'static str,
}

/// What a group runs iterations for.
#[derive(Debug)]
pub struct Iterations {
    /// The items, in order.
    pub items: Vec<Item>,
    /// How many iterations run at once; 0 is no limit.
    pub limit: u32,
}

/// What one iteration is for.
#[derive(Debug)]
pub struct Item {
    /// Its value.
    pub value: Rc<str>,
    /// Its key, when it comes from a map.
    pub key: Option<Rc<str>>,
}

/// What a leaf does to its execution, or to others.
#[derive(Debug, Default)]
pub enum Effect {
    /// Nothing.
    #[default]
    None,
    /// Adds labels, or changes them.
    Labels(Vec<(Rc<str>, Rc<str>)>),
    /// Ends the execution in this state.
    Exit(State),
    /// Sets variables.
    SetVariables(Map),
    /// Removes variables.
    UnsetVariables(Vec<Rc<str>>),
    /// Starts executions when it begins; a task that a worker runs, when it ends. With `wait` it ends when they have; without, at
    /// once.
    Call {
        /// The executions, in order.
        calls: Vec<Call>,
        /// Whether it waits for them.
        wait: bool,
    },
    /// It ends once the executions have ended that these tasks of its execution started.
    Await(Vec<TaskIdx>),
    /// It never ends by itself: it runs until the simulation stops. With the line of its script, from 0, that the loop begins on.
    Endless(Option<u32>),
}

/// An execution to be started.
#[derive(Debug)]
pub struct Call {
    /// Which of the flows.
    pub flow: FlowIdx,
    /// The inputs it is given.
    pub inputs: Vec<(String, Value)>,
    /// Its labels, beside those of its flow.
    pub labels: Vec<(Rc<str>, Rc<str>)>,
}

/// An execution that a leaf called.
pub struct Called<'a, 'f> {
    /// The id of the execution.
    pub id: String,
    /// The state it ended in, or has so far.
    pub state: State,
    /// The outputs of its flow.
    pub outputs: Option<Rc<Map>>,
    /// What expressions see in it.
    pub view: &'a dyn View<'f>,
}

/// How a group begins.
#[derive(Debug)]
pub struct Opening<'f> {
    /// What it runs.
    pub children: Children<'f>,
    /// How its children are picked.
    pub order: Order<'f>,
    /// The outputs it has from the start.
    pub outputs: Option<Value>,
    /// How long it is held before its children start, as a Pause is.
    pub hold: Option<Hold>,
    /// Whether its children run in rounds, as those of a loop do.
    pub has_rounds: bool,
    /// What it logs as a warning before it fails at once.
    pub dead_end: Option<Box<str>>,
}

impl<'f> Opening<'f> {
    /// The plain case: these tasks in this order.
    #[must_use]
    pub fn of(tasks: &'f [TaskIdx], order: Order<'f>) -> Self {
        Self { children: Children { tasks, values: None }, order, outputs: None, hold: None, has_rounds: false, dead_end: None }
    }
}

/// The tasks of a group, once, or once for each of several values.
#[derive(Debug, Clone, Default)]
pub struct Children<'f> {
    /// The tasks.
    pub tasks: &'f [TaskIdx],
    /// The values: texts, or what is unknown.
    pub values: Option<Vec<Value>>,
}

impl Children<'_> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tasks.len().saturating_mul(self.values.as_ref().map_or(1, Vec::len))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The task at a place, and the index of its value: all tasks of the first value come first.
    #[must_use]
    pub fn at(&self, place: usize) -> (TaskIdx, usize) {
        let at = |n_tasks: NonZero<usize>| Some((*self.tasks.get(place % n_tasks)?, place / n_tasks));
        NonZero::new(self.tasks.len()).and_then(at).expect("a group has tasks where it has places")
    }
}

/// How the next children of a group are picked.
#[derive(Debug, Clone, Copy)]
pub enum Order<'f> {
    /// One after another.
    Sequential,
    /// In source order, at most this many at once; 0 is no limit.
    Window(u32),
    /// As `Window`, but a child starts only once those it depends on have ended.
    Dag {
        /// How many run at once; 0 is no limit.
        limit: u32,
        /// For each child, the indices of the children it depends on.
        depends_on: &'f [Vec<u32>],
    },
    /// At most this many values at once, the tasks of each value one after another; 0 is no limit.
    Lanes(u32),
}

impl Order<'_> {
    /// The same order with another limit, where it has one.
    #[must_use]
    pub fn limited(self, limit: u32) -> Self {
        match self {
            Self::Sequential => self,
            Self::Window(_) => Self::Window(limit),
            Self::Dag { depends_on, .. } => Self::Dag { limit, depends_on },
            Self::Lanes(_) => Self::Lanes(limit),
        }
    }

    /// The limit in force; `None` where there are no slots.
    #[must_use]
    pub fn limit(self) -> Option<u32> {
        match self {
            Self::Sequential => None,
            Self::Window(limit) | Self::Dag { limit, .. } | Self::Lanes(limit) => Some(limit),
        }
    }
}

/// How long a group is held, and what happens then.
#[derive(Debug, Clone, Copy)]
pub struct Hold {
    /// When the hold ends; `None` is never.
    pub until: Option<SimTime>,
    /// The state in which the group then ends; with `None` it runs its tasks.
    pub ends_in: Option<State>,
    /// Whether a person ends the hold, rather than a timer.
    pub by_person: bool,
}

/// What a group does when its children have ended.
#[derive(Debug)]
pub enum Closing {
    /// It ends in this state.
    End(State),
    /// It gives up and ends in this state, with a warning in the log.
    GiveUp(State, &'static str),
    /// It waits for this long with these outputs, and then runs its tasks once more.
    Again(SimTime, Value),
}

/// What a dialect decides about a taskrun, beside what its kind does.
pub trait RunRules {
    /// What happens when it is a taskrun's turn.
    ///
    /// # Errors
    /// The message with which it fails.
    fn turn(&self, task: &Task, view: &dyn View<'_>) -> Result<Turn, String>;

    /// What follows a failed attempt that no retry tries again. `n_attempts` is how many there were.
    fn recovery(&self, task: &Task, n_attempts: u32, view: &dyn View<'_>) -> Option<Recovery>;

    /// Whether a failed child stops only the children that depend on it, while the others still run.
    fn isolates_failures(&self) -> bool;
}

/// What happens when it is a taskrun's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It starts.
    Start,
    /// It is skipped.
    Skip,
    /// It is skipped, and so is all it holds.
    SkipAll,
    /// It waits for this long, and then has its turn again.
    Wait(SimTime),
}

/// What follows a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// The taskrun counts as skipped.
    Skip,
    /// It is tried again at once.
    Retry,
    /// The outermost group around it begins anew, at once.
    StartOver,
    /// It was handled, and stays failed.
    Fail,
}

/// What a kind may ask of the run: its flow and task, the time, the variables of its expressions, and the assumptions.
pub trait View<'f>: Scope {
    /// What the version of Kestra decides.
    fn rules(&self) -> &'static Rules;

    /// The flow that runs.
    fn flow(&self) -> &'f Flow;

    /// The task; `None` for the execution as a whole.
    fn task(&self) -> Option<&'f Task>;

    /// The simulated time.
    fn now(&self) -> SimTime;

    /// How long until the horizon, where the simulation stops.
    fn time_left(&self) -> SimTime;

    /// When the taskrun was created.
    fn created_at(&self) -> SimTime;

    /// The round of its loop, from 0.
    fn round(&self) -> i64;

    /// The key of the taskrun's row: `t4`, `t4~2` for a further run of the same task, `x2.t4` in the second execution.
    fn row_key(&self) -> Rc<str>;

    /// The limit of this group: the setting of the run, or what is written.
    fn limit(&self, written: u32) -> u32;

    /// The setting of the run for how many batches a task splits a file into.
    fn batches(&self, task_id: &str) -> Option<u32>;

    /// Whether a flow or template that no text holds is assumed to be on the server. `path` is `flows.NAMESPACE.ID` or
    /// `templates.NAMESPACE.ID`.
    fn is_on_server(&self, path: &str) -> bool;

    /// The flow with this namespace and id, if a text holds it.
    fn find_flow(&self, namespace: &str, id: &str) -> Option<(FlowIdx, &'f Flow)>;

    /// The labels of its execution.
    fn labels(&self) -> Vec<(Rc<str>, Rc<str>)>;

    /// The variables of its execution.
    fn variables(&self) -> Rc<Map>;

    /// Renders all texts in a value. The `extra` variables hide others of the same name.
    ///
    /// # Errors
    /// As [`crate::expr::render_value`].
    fn render_with(&self, extra: Vec<(&'static str, Value)>, value: &Value) -> Result<Value, String>;

    /// This view as the scope of expressions.
    fn scope(&self) -> &dyn Scope;
}
