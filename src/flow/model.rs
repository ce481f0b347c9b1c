//! Flows and tasks, as the readers of all dialects build them.

use std::rc::Rc;

use super::Dialect;
use super::Kind;
use super::behavior::{Group, Leaf, Order, Runner, Slots};
use super::kestra::inputs::Input;
use super::kestra::versions::{Rules, Version};
use super::plan::{Doer, Plan};
use crate::random::{triangular, within};
use crate::source::Span;
use crate::time::SimTime;
use crate::tr;
use crate::value::{Map, Value};

/// A flow: tasks in an arena, in source order, and the lists that say what runs after what. Properties: Kestra, "Flow
/// document"; texts are kept as they are written and rendered when they are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// The dialect it is written in.
    pub dialect: Dialect,
    /// The version of Kestra whose rules it follows; a template follows those of 0.21, but for its dialect's own.
    pub version: Version,
    /// Its id, unique within its namespace.
    pub id: Rc<str>,
    /// Its namespace.
    pub namespace: Rc<str>,
    /// All tasks, in source order; a [`TaskIdx`] is a place in this list.
    pub tasks: Vec<Task>,
    /// What runs at the top level.
    pub lists: Lists,
    /// What runs once the execution has its final state.
    pub after_execution: Vec<TaskIdx>,
    /// What runs once the execution has its final state, under conditions.
    pub listeners: Vec<Listener>,
    /// Its inputs.
    pub inputs: Vec<Input>,
    /// Its outputs.
    pub outputs: Vec<FlowOutput>,
    /// `vars` of its expressions.
    pub variables: Map,
    /// The labels of its executions; their values are rendered.
    pub labels: Vec<(Rc<str>, Value)>,
    /// The retry of runnable tasks that have none of their own.
    pub retry: Option<Rc<Retry>>,
    /// How many of its executions may run at once, and what happens to further ones.
    pub concurrency: Option<Concurrency>,
    /// The rules that an execution must keep.
    pub sla: Vec<Sla>,
    /// What must be true of its inputs when an execution of it starts.
    pub checks: Vec<Check>,
    /// The virtual date at which it is planned to start, in milliseconds since 1970-01-01T00:00:00Z.
    pub starts_at: Option<i64>,
    /// Its own plan, in a dialect that has plans.
    pub plan: Option<Box<Plan>>,
    /// Whether a failure ends all that runs.
    pub abort_on_failure: bool,
    /// A disabled flow can't be executed.
    pub disabled: bool,
    /// Whether a trigger may start it.
    pub has_triggers: bool,
    /// The whole text of the flow.
    pub span: Span,
    /// The index of the text it is in, among all texts that are read together.
    pub file: usize,
}

/// One of several flows that are simulated together, as an index of their list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FlowIdx(pub u32);

impl FlowIdx {
    /// The flow that runs; the others may be called.
    pub const FIRST: Self = Self(0);

    /// The flow at this index of `flows`.
    #[must_use]
    pub fn of(self, flows: &[Flow]) -> &Flow {
        flows.get(self.0 as usize).expect("an index is that of a flow")
    }
}

const IS_TASK: &str = "an index is that of a task of the same flow";

/// A task of a flow, as an index of [`Flow::tasks`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskIdx(pub u32);

impl TaskIdx {
    /// Its place in a list with an item for each task.
    #[must_use]
    pub fn at(self) -> usize {
        self.0 as usize
    }

    /// The task at this index of `tasks`.
    #[must_use]
    pub fn of(self, tasks: &[Task]) -> &Task {
        tasks.get(self.at()).expect(IS_TASK)
    }

    /// The task at this index of `tasks`, to change it.
    #[must_use]
    pub fn of_mut(self, tasks: &mut [Task]) -> &mut Task {
        tasks.get_mut(self.at()).expect(IS_TASK)
    }
}

/// The lists of a group, and of a flow: Kestra, "Flowable tasks".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lists {
    /// The tasks of the group.
    pub tasks: Vec<TaskIdx>,
    /// Lists of which one is chosen: `then` and `else`, the cases of a Switch and its `defaults`, `onPause`.
    pub branches: Vec<(Rc<str>, Vec<TaskIdx>)>,
    /// What runs, one after another, once one of `tasks` has failed.
    pub errors: Vec<TaskIdx>,
    /// What runs, one after another, at the end in any case.
    pub finally: Vec<TaskIdx>,
}

impl Lists {
    /// No tasks at all.
    pub const EMPTY: Self = Self { tasks: Vec::new(), branches: Vec::new(), errors: Vec::new(), finally: Vec::new() };

    /// All tasks in source order.
    #[must_use]
    pub fn in_source_order(&self) -> Vec<TaskIdx> {
        let branches = self.branches.iter().flat_map(|(_, branch)| branch);
        let mut all: Vec<TaskIdx> = self.tasks.iter().chain(branches).chain(&self.errors).chain(&self.finally).copied().collect();
        if !all.is_sorted() {
            all.sort_unstable();
        }
        all
    }

    /// The tasks of the branch with this name; empty when no branch has it.
    #[must_use]
    pub fn branch(&self, name: &str) -> &[TaskIdx] {
        self.branches.iter().find(|(known, _)| &**known == name).map_or(&[], |(_, tasks)| tasks)
    }
}

/// A step of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Unique in the whole flow.
    pub id: Rc<str>,
    /// The type, as written.
    pub type_name: Rc<str>,
    /// What it does.
    pub kind: Kind,
    /// Its plan, in a dialect that has plans.
    pub plan: Option<Box<Plan>>,
    /// The lists of a group; empty for a leaf.
    pub lists: Lists,
    /// The group that holds it; `None` at the top level.
    pub parent: Option<TaskIdx>,
    /// A disabled task never has a taskrun.
    pub disabled: bool,
    /// The taskrun is SKIPPED when this renders to something false.
    pub run_if: Option<Rc<str>>,
    /// How long one attempt may take.
    pub timeout: Option<Rc<str>>,
    /// When a failed attempt is tried again.
    pub retry: Option<Rc<Retry>>,
    /// A final FAILED becomes WARNING.
    pub allow_failure: bool,
    /// A final WARNING becomes SUCCESS.
    pub allow_warning: bool,
    /// Entries below this level are not logged.
    pub log_level: Level,
    /// The duration and end that a `# sim:` comment asks for.
    pub sim_note: Option<SimNote>,
    /// The whole text of the task.
    pub span: Span,
}

/// When a failed attempt is tried again. Kestra, "Retry".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// How long until the next try.
    pub delay: RetryDelay,
    /// How many attempts there may be, counting the first.
    pub max_attempts: Option<u32>,
    /// How long after the start of the first attempt another may start.
    pub max_duration: Option<SimTime>,
    /// Whether a success after two or more failed attempts is a warning.
    pub warning_on_retry: bool,
    /// Whether a new execution of the flow starts, instead of a new attempt of the task.
    pub new_execution: bool,
}

/// How long until the next try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum RetryDelay {
    Constant { interval: SimTime },
    Exponential { interval: SimTime, max_interval: SimTime, factor_thousandths: u64 },
    Random { min: SimTime, max: SimTime },
}

/// Flow `concurrency`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    /// How many executions may run at once.
    pub limit: u32,
    /// What happens to a further execution.
    pub behavior: ConcurrencyBehavior,
}

/// What happens to an execution that would exceed the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ConcurrencyBehavior {
    Queue,
    Cancel,
    Fail,
}

/// One rule that an execution must keep to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sla {
    /// Its id.
    pub id: Rc<str>,
    /// The rule.
    pub rule: SlaRule,
    /// How an execution that breaks it ends; `None` lets it go on.
    pub end: Option<SlaEnd>,
    /// The labels that an execution gets when it breaks it.
    pub labels: Vec<(Rc<str>, Value)>,
}

/// How an execution ends that breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SlaEnd {
    Fail,
    Cancel,
}

/// A rule that an execution must keep.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SlaRule {
    MaxDuration(SimTime),
    Assertion(Rc<str>),
}

/// What must be true when an execution starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The condition.
    pub condition: Rc<str>,
    /// What is said when it is not met.
    pub message: Rc<str>,
    /// Whether an execution that does not meet it is FAILED at once.
    pub fails_execution: bool,
    /// Whether no execution is made at all when it is not met.
    pub blocks_execution: bool,
}

/// Tasks that run after an execution. Deprecated by Kestra.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// The conditions under which they run, as written.
    pub conditions: Vec<Value>,
    /// The tasks.
    pub tasks: Vec<TaskIdx>,
}

/// One output of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowOutput {
    /// Its id.
    pub id: Rc<str>,
    /// Its type in capitals; empty when no type is written.
    pub type_name: Rc<str>,
    /// The value, before it is rendered.
    pub value: Value,
}

/// How long a task takes and how it ends, by a comment: `# sim: 2s..5s fail=20%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SimNote {
    /// How long it takes; `None` when the comment sets only the end.
    pub takes: Option<Takes>,
    /// In how many of 100 runs it fails.
    pub fails_percent: u32,
}

/// What a task takes whose time nothing says, but for one that a server does by itself.
pub const ASSUMED: SimTime = SimTime(1000);

/// A length that is given, or drawn for each run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takes {
    /// The shortest.
    pub shortest: SimTime,
    /// The most likely one: lengths are rarer the farther they are from it. `None` when all are equally likely.
    pub likeliest: Option<SimTime>,
    /// The longest.
    pub longest: SimTime,
}

impl Takes {
    /// Always this long.
    #[must_use]
    pub fn always(length: SimTime) -> Self {
        Self { shortest: length, likeliest: None, longest: length }
    }

    /// The length, when it is always the same.
    #[must_use]
    pub fn only(&self) -> Option<SimTime> {
        (self.shortest == self.longest).then_some(self.shortest)
    }

    /// The length with each of its ends changed.
    #[must_use]
    pub fn map(self, change: impl Fn(SimTime) -> SimTime) -> Self {
        Self { shortest: change(self.shortest), likeliest: self.likeliest.map(&change), longest: change(self.longest) }
    }

    /// The length that a drawn number stands for.
    #[must_use]
    pub fn drawn(&self, number: u64) -> SimTime {
        SimTime(match self.likeliest {
            None => within(number, self.shortest.0, self.longest.0),
            Some(likeliest) => triangular(number, self.shortest.0, likeliest.0, self.longest.0),
        })
    }
}

/// Levels of log entries, as Kestra has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[allow(missing_docs)]
pub enum Level {
    Trace,
    Debug,
    #[default]
    Info,
    Warn,
    Error,
}

impl Level {
    /// All levels.
    pub const ALL: [Self; 5] = [Self::Trace, Self::Debug, Self::Info, Self::Warn, Self::Error];

    /// The level with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str().eq_ignore_ascii_case(name))
    }

    /// Its name in capitals.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }
}

impl Flow {
    /// Its title, if it has one, or its id.
    #[must_use]
    pub fn title(&self) -> &Rc<str> {
        self.plan.as_ref().map_or(&self.id, |plan| &plan.title)
    }

    /// What the version it is for decides about how its executions run.
    #[must_use]
    pub fn rules(&self) -> &'static Rules {
        self.version.rules()
    }

    /// How many leaves are below a group.
    #[must_use]
    pub fn leaves_below(&self, group: TaskIdx) -> u32 {
        self.task(group).lists.tasks.iter().map(|child| if self.task(*child).is_group() { self.leaves_below(*child) } else { 1 }).sum()
    }

    /// The task at an index of this flow.
    #[must_use]
    pub fn task(&self, idx: TaskIdx) -> &Task {
        idx.of(&self.tasks)
    }

    /// All tasks with their indices, in source order.
    pub fn iter(&self) -> impl Iterator<Item = (TaskIdx, &Task)> {
        (0u32..).map(TaskIdx).zip(&self.tasks)
    }

    /// The task with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<TaskIdx> {
        self.iter().find(|(_, task)| &*task.id == id).map(|(idx, _)| idx)
    }

    /// The group with this id whose slots can be set.
    ///
    /// # Errors
    /// One sentence that says why there is none.
    pub fn group_with_slots(&self, id: &str) -> Result<TaskIdx, String> {
        if !self.dialect.has_limits() {
            return Err(tr!("a group of {dialect} has no limit of how many of its tasks run at once", dialect = self.dialect.label()));
        }
        let with_slots: Vec<&str> = self.tasks.iter().filter(|task| task.has_slots()).map(|task| &*task.id).collect();
        let known = if with_slots.is_empty() { tr!("groups" => "none") } else { with_slots.join(", ") };
        match self.find(id) {
            None => Err(tr!("there is no group `{id}`; groups with slots: {known}", id, known)),
            Some(idx) if self.task(idx).has_slots() => Ok(idx),
            Some(idx) => Err(tr!(
                "`{id}` is of type `{type_name}`, which has no slots; groups with slots: {known}",
                id,
                type_name = self.task(idx).short_type(),
                known,
            )),
        }
    }

    /// The lists of a group, or of the flow itself.
    #[must_use]
    pub fn lists(&self, group: Option<TaskIdx>) -> &Lists {
        group.map_or(&self.lists, |group| &self.task(group).lists)
    }

    /// How many groups enclose a task.
    #[must_use]
    pub fn depth(&self, idx: TaskIdx) -> usize {
        std::iter::successors(self.task(idx).parent, |parent| self.task(*parent).parent).count()
    }
}

impl Task {
    /// Whether it holds other tasks: a flowable task, which takes no time of its own.
    #[must_use]
    pub fn is_group(&self) -> bool {
        self.kind.as_group().is_some()
    }

    /// The slots it hands out; `None` for a leaf, for a group that runs its tasks one after another, and for an item of a
    /// template.
    #[must_use]
    pub fn slots(&self) -> Option<Slots> {
        self.kind.as_group().filter(|_| self.plan.is_none()).and_then(Group::slots)
    }

    /// How its tasks follow each other, with the limit that is written; a leaf has none.
    #[must_use]
    pub fn order(&self) -> Order<'_> {
        self.kind.as_group().map_or(Order::Sequential, Group::order)
    }

    /// Whether the limit of its slots can be set.
    #[must_use]
    pub fn has_slots(&self) -> bool {
        self.slots().is_some()
    }

    /// The limit of its slots as it is written; 0 is no limit, or no slots.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.slots().map_or(0, |slots| slots.limit)
    }

    /// The property that sets the limit of its slots.
    #[must_use]
    pub fn limit_property(&self) -> &'static str {
        self.slots().map_or("concurrent", |slots| slots.property)
    }

    /// Whether a worker runs it. The executor runs groups, and tasks that change the execution.
    #[must_use]
    pub fn needs_worker(&self) -> bool {
        let by_person = self.plan.as_ref().is_some_and(|plan| plan.doer != Doer::Machine);
        let by_worker = |leaf: &dyn Leaf| leaf.runner() == Runner::Worker && !by_person;
        self.holds_worker() || self.kind.as_leaf().is_some_and(by_worker)
    }

    /// Whether it is a group that holds a worker while its tasks run, and lets that worker run them.
    #[must_use]
    pub fn holds_worker(&self) -> bool {
        self.kind.as_group().is_some_and(Group::holds_worker)
    }

    /// Whether a failed attempt may be tried again.
    #[must_use]
    pub fn may_retry(&self) -> bool {
        self.kind.as_leaf().is_some_and(Leaf::may_retry)
    }

    /// Its title, if it has one, or its id.
    #[must_use]
    pub fn title(&self) -> &Rc<str> {
        self.plan.as_ref().map_or(&self.id, |plan| &plan.title)
    }

    /// The last part of the type name: `Parallel`, `Commands`.
    #[must_use]
    pub fn short_type(&self) -> &str {
        self.type_name.rsplit('.').next().unwrap_or(&self.type_name)
    }
}
