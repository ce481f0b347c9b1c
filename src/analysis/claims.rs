//! Claims: what a sentence says about a run, as a value with runs and times.
//!
//! Every sentence is printed from a claim, so whatever checks the claims checks the sentences. `claim_words.rs` writes them.

use crate::flow::TaskIdx;
use crate::sim::trace::{ExecutionIdx, RunIdx};
use crate::time::SimTime;

/// A sentence as a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// A run waited.
    Waited(Wait),
    /// A run started without a wait.
    Started(RunIdx, SimTime),
    /// A run took longer, as it shared its core.
    Shared(Shared),
    /// Something came to an end, or never began.
    Ended(End),
    /// What a change would do; it was simulated.
    Changed(Counterfactual),
    /// What would have helped was simulated for so many of so many rows.
    Capped(usize, usize),
    /// The runs that fix the makespan.
    Path(Path),
    /// What no schedule can beat.
    Bound(Bound),
    /// With one slot fewer the flow takes no longer.
    Alike(Alike),
}

/// The critical path: each of these runs began when the one before it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The leaves of the path, in order of time.
    pub runs: Vec<RunIdx>,
    /// The other leaves through which a path goes that is just as long.
    pub equals: Vec<RunIdx>,
}

/// That a run went on more slowly while more tasks ran than there are cores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// The run.
    pub run: RunIdx,
    /// How long it ran, over all its attempts.
    pub took: SimTime,
    /// How long it would have run with a core for itself.
    pub alone: SimTime,
    /// The cores of the server.
    pub cores: u32,
}

/// A time that no schedule of the flow can beat, with the lengths its tasks had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// The time.
    pub at: SimTime,
    /// What is shared, as long as it is.
    pub time: SimTime,
    /// What it follows from.
    pub limit: Limit,
    /// Whether it is the largest of those that are known.
    pub is_best: bool,
}

/// What a bound follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The longest chain of tasks that run one after another, whatever the limits are.
    Chain,
    /// The longest chain of tasks and groups, with the limits of the groups.
    Groups,
    /// Work on so many slots of a group.
    Slots(RunIdx, u32),
    /// The time for which what is in a group holds its slots, at least.
    Held(RunIdx, u32),
    /// Work on so many workers.
    Workers(u32),
    /// Work on so many cores.
    Cores(u32),
}

impl Limit {
    /// By how many the time is shared.
    #[must_use]
    pub fn n(&self) -> u32 {
        match self {
            Self::Chain | Self::Groups => 1,
            Self::Slots(_, n) | Self::Held(_, n) | Self::Workers(n) | Self::Cores(n) => (*n).max(1),
        }
    }
}

/// What a slot more than before did not bring; both numbers of slots were simulated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The group.
    pub group: String,
    /// Its slots.
    pub slots: u32,
    /// The makespan with one slot fewer.
    pub fewer: SimTime,
    /// The makespan.
    pub now: SimTime,
    /// For a group of tasks of one length: how many, and that length.
    pub tasks: Option<(u32, SimTime)>,
    /// What fixes the time; when it is longer than with one slot fewer, the first run of it that starts later now.
    pub path: Vec<RunIdx>,
    /// When that one starts with one slot fewer, and now.
    pub starts: Option<(SimTime, SimTime)>,
    /// Its wait for a slot now, and how long it waits for one with one slot fewer, where that is shorter.
    pub wait: Option<(Wait, SimTime)>,
}

/// What a run waited for. The names are those of the output of `explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The slots of its group were taken.
    Slot,
    /// An earlier task of its list had not ended.
    Previous,
    /// A task it depends on had not ended.
    DependsOn,
    /// The delay before its next attempt.
    Retry,
    /// The timer of a pause.
    Timer,
    /// The person who ends a pause.
    Person,
    /// Its whole execution was paused.
    Pause,
    /// It runs once a task has failed.
    Errors,
    /// Its flow allows only so many executions at once.
    Concurrency,
    /// Every worker was busy.
    Worker,
}

impl Cause {
    /// Its name in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Slot => "slot",
            Self::Previous => "previous",
            Self::DependsOn => "dependsOn",
            Self::Retry => "retry",
            Self::Timer => "timer",
            Self::Person => "person",
            Self::Pause => "pause",
            Self::Errors => "errors",
            Self::Concurrency => "concurrency",
            Self::Worker => "worker",
        }
    }
}

/// A run that is named by a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The run.
    pub run: RunIdx,
    /// When it ended; `None` when it never did.
    pub until: Option<SimTime>,
}

/// A wait of one run for one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The run that waited.
    pub run: RunIdx,
    /// What it waited for.
    pub cause: Cause,
    /// When the wait began.
    pub from: SimTime,
    /// When the wait ended.
    pub to: SimTime,
    /// The runs it waited for. The wait for earlier tasks ends with the last of them; for a slot these are all that held
    /// one at some time of the wait.
    pub by: Vec<Named>,
    /// The group whose slots it waited for, or whose list it is in.
    pub group: Option<RunIdx>,
    /// How many slots the group had.
    pub limit: Option<u32>,
    /// How many more runs it waited for, beyond those that are named.
    pub others: usize,
    /// Whether all slots were taken during the whole wait.
    pub all_taken: bool,
}

impl Wait {
    /// The run whose end ended the wait, if one is named.
    #[must_use]
    pub fn last(&self) -> Option<RunIdx> {
        self.by.iter().rev().find(|by| by.until == Some(self.to)).map(|by| by.run)
    }
}

/// What a claim about an end is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A taskrun.
    Run(RunIdx),
    /// An execution.
    Execution(ExecutionIdx),
    /// A task that has no taskrun in an execution.
    Task(ExecutionIdx, TaskIdx),
}

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum How {
    Ended,
    Failed,
    Skipped,
    NotRun,
    Interrupted,
}

impl How {
    /// Its name in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::NotRun => "not-run",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Why something ended, or never began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The last of what it holds or called ended then.
    LastChild,
    /// A child ended badly.
    Child,
    /// What its last attempt logged.
    Log(Box<str>),
    /// Nothing more is known.
    Nothing,
    /// It had no task to run.
    Empty,
    /// Its `runIf` was false.
    RunIf,
    /// It is disabled.
    Disabled,
    /// It runs once a task of its list has failed, and none failed.
    NothingFailed,
    /// Another branch was chosen.
    OtherBranch,
    /// A task before it failed.
    Failure,
    /// It depends on a task that is disabled.
    DisabledDependency(TaskIdx),
    /// The group that holds it ended before.
    Group,
    /// Its turn never came, and the trace does not show why.
    NoTurn,
    /// The simulation was stopped before.
    Truncated,
    /// A sibling failed, and its group interrupts the others.
    Sibling,
    /// Its execution was killed then.
    Killed(SimTime),
    /// Its execution ended then.
    Over(SimTime),
    /// A task ended the execution from within.
    Exit,
    /// An attempt failed, and `allowFailure` lets it.
    Allowed,
    /// It took so many attempts, which its `retry` makes a warning.
    Attempts(usize),
    /// An attempt failed, and the next one began then.
    TriedAgain(SimTime),
    /// Its failure began a new execution.
    NewExecution,
    /// The timer of its pause was up.
    Timer,
    /// A person ended its pause.
    Person,
    /// Another execution of the flow ended; this one had waited since then.
    Execution(SimTime, Option<ExecutionIdx>),
}

impl Reason {
    /// The section of `docs/rules/kestra.md` that it follows from.
    #[must_use]
    pub fn rule(&self) -> Option<&'static str> {
        match self {
            Self::RunIf | Self::Disabled | Self::Allowed => Some("Task properties"),
            Self::NothingFailed | Self::Failure | Self::LastChild | Self::Child | Self::Empty => Some("Flowable tasks"),
            Self::OtherBranch => Some("If / Switch"),
            Self::Sibling => Some("onChildFailure"),
            Self::TriedAgain(_) | Self::NewExecution | Self::Attempts(_) => Some("Retry"),
            Self::Timer | Self::Person => Some("Pause"),
            Self::Execution(..) => Some("Flow-level concurrency"),
            Self::Killed(_) => Some("Kill"),
            Self::Group => Some("Closing"),
            Self::Exit => Some("Exit"),
            Self::DisabledDependency(_) => Some("Dag"),
            Self::Log(_) | Self::Nothing | Self::NoTurn | Self::Truncated | Self::Over(_) => None,
        }
    }
}

/// That something ended, or never began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// What.
    pub subject: Subject,
    /// How.
    pub how: How,
    /// When; for a task that did not run, the end of what holds it.
    pub at: SimTime,
    /// The runs that caused it.
    pub by: Vec<Named>,
    /// Why.
    pub reason: Reason,
}

/// A change of the flow or of its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Other limits of groups, by task id; 0 is no limit.
    Set(Vec<(String, u32)>),
    /// Another length of a task, in milliseconds.
    Duration(String, u64),
    /// A group that runs its tasks in parallel.
    Parallel(String),
    /// A group that has its longest tasks first.
    LongestFirst(String),
    /// A task without one of its dependencies.
    Without(String, String),
    /// Another number of workers.
    Workers(u32),
    /// Another number of cores.
    Cores(u32),
}

/// How much longer a task may take. It is its slack when it may take that much less, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slack {
    /// By how much.
    pub by: SimTime,
    /// Whether a millisecond more would move the makespan. Otherwise no end was found.
    pub is_most: bool,
    /// Whether no other run would end later either.
    pub is_free: bool,
    /// Whether tasks share cores, so that `by` is work and its bar may grow by more.
    pub is_work: bool,
    /// How much shorter the task was simulated as well: by as much, or by all of its length.
    pub shorter_by: SimTime,
    /// The makespan then. With limits it may differ: the task hands its slot over earlier.
    pub shorter_makespan: SimTime,
}

/// What a change would do, by a simulation of this very change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterfactual {
    /// The change.
    pub change: Change,
    /// The run whose start is given; `None` speaks of the flow alone.
    pub run: Option<RunIdx>,
    /// When the run would start; `None` when it would not, or can't be recognized.
    pub start: Option<SimTime>,
    /// When it starts now.
    pub now_start: Option<SimTime>,
    /// The makespan with the change.
    pub makespan: SimTime,
    /// The makespan now.
    pub now_makespan: SimTime,
    /// That a task may take so much longer.
    pub slack: Option<Slack>,
    /// Whether every number from the present limit to this one was simulated too, or there are slots enough already, and none
    /// lets the run or the flow begin or end earlier.
    pub none_helps: bool,
    /// What the change would do over runs with other seeds, where lengths are drawn and it is the best of many changes.
    pub runs: Option<Runs>,
}

/// What a change would do over runs with seeds that follow each other, of which the run on show is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runs {
    /// How many runs.
    pub n: u32,
    /// How many of them the change shortens.
    pub n_shorter: u32,
    /// How many of them it shortens while no other change that was tried makes them shorter still.
    pub n_best: u32,
    /// By how much it shortens half of the runs at least; 0 when it makes half of them longer.
    pub median_saving: SimTime,
}

impl Counterfactual {
    /// Whether the run that is asked about would start earlier, or the flow end earlier.
    #[must_use]
    pub fn helps(&self) -> bool {
        self.makespan < self.now_makespan || self.start.is_some() && self.start < self.now_start
    }
}

impl Change {
    /// What it is in one word or two, with its value: `parent=4`.
    #[must_use]
    pub fn value(&self) -> (&'static str, String) {
        match self {
            Self::Set(limits) => ("set", limits.iter().map(|(group, n)| format!("{group}={n}")).collect::<Vec<_>>().join(",")),
            Self::Duration(task, ms) => ("duration", format!("{task}={ms}")),
            Self::Parallel(group) => ("mode", format!("{group}=parallel")),
            Self::LongestFirst(group) => ("order", format!("{group}=longest-first")),
            Self::Without(task, on) => ("without", format!("{task}->{on}")),
            Self::Workers(n) => ("workers", n.to_string()),
            Self::Cores(n) => ("cores", n.to_string()),
        }
    }
}
