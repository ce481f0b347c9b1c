//! What tasks do.

use std::rc::Rc;

use super::Level;
use super::kestra::inputs::Input;
use crate::value::Value;

/// What a task does. One file of `sim/behavior` each; the fields are its properties.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Sequential,
    /// 0 is no limit.
    Parallel {
        concurrent: u32,
    },
    /// 0 is no limit. For each of its tasks the places of those it waits for, in its list.
    Dag {
        concurrent: u32,
        depends_on: Vec<Vec<u32>>,
    },
    ForEach {
        values: Value,
        limit: u32,
        order: EachOrder,
    },
    If {
        condition: Rc<str>,
    },
    Switch {
        value: Rc<str>,
    },
    AllowFailure,
    Pause(Box<Pause>),
    LoopUntil(Box<LoopUntil>),
    WorkingDirectory,
    Subflow(Box<Subflow>),
    /// A group of three tasks that the reader adds: split, items and merge.
    ForEachItem,
    /// One of the three tasks of a ForEachItem that only exist in its run.
    ForEachItemPart,
    Template {
        called: Rc<str>,
    },
    Shell(Box<Script>),
    /// A script in another language: it is not run.
    Script(Box<Script>),
    Return {
        format: Option<Rc<str>>,
    },
    /// Log and Echo.
    Log {
        messages: Vec<Rc<str>>,
        level: Level,
    },
    Fail {
        condition: Option<Rc<str>>,
        message: Rc<str>,
    },
    Labels {
        labels: Value,
    },
    Exit {
        state: Rc<str>,
    },
    Assert {
        conditions: Vec<Rc<str>>,
        message: Option<Rc<str>>,
    },
    SetVariables {
        variables: Value,
        overwrite: bool,
    },
    UnsetVariables {
        variables: Vec<Rc<str>>,
        ignore_missing: bool,
    },
    OutputValues {
        values: Value,
    },
    Request {
        uri: Rc<str>,
    },
    Download {
        uri: Rc<str>,
    },
    Sleep {
        duration: Rc<str>,
    },
    /// A leaf that takes as long as it is planned to.
    Planned,
    /// A task that is not simulated: it takes one second and succeeds.
    Opaque,
}

/// How a group of values and tasks picks what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EachOrder {
    /// ForEach: values side by side, the tasks of one value after another.
    Lanes,
    /// EachSequential: all one after another.
    Sequential,
    /// EachParallel: all pairs of value and task side by side.
    Pairs,
}

/// The properties of a Pause.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pause {
    /// How long it pauses; without it a person resumes.
    pub delay: Option<Rc<str>>,
    /// After this long without a resume it fails.
    pub timeout: Option<Rc<str>>,
    /// What becomes of it after its delay: RESUME, WARN, FAIL or CANCEL.
    pub behavior: Option<Rc<str>>,
    /// What a person is asked for.
    pub on_resume: Vec<Input>,
}

/// The properties of a LoopUntil.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoopUntil {
    /// It ends once this is true.
    pub condition: Rc<str>,
    /// How many rounds there may be.
    pub max_iterations: Option<Rc<str>>,
    /// How long it may take.
    pub max_duration: Option<Rc<str>>,
    /// How long it waits before the next round.
    pub interval: Option<Rc<str>>,
    /// Whether it fails when one of these is reached.
    pub fail_on_max_reached: bool,
}

/// The properties of a Subflow, and of the middle part of a ForEachItem.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subflow {
    /// The namespace of the flow that is called.
    pub namespace: Rc<str>,
    /// Its id.
    pub flow_id: Rc<str>,
    /// What it is given.
    pub inputs: Value,
    /// Its labels beside its own.
    pub labels: Vec<(Rc<str>, Value)>,
    /// Whether the task ends only when the execution it started has.
    pub wait: bool,
    /// Whether a bad end of that execution is that of the task.
    pub transmit_failed: bool,
    /// Whether labels of the calling execution are passed on.
    pub inherit_labels: bool,
    /// What the task gives out beside the outputs of the flow it called: deprecated.
    pub outputs: Value,
    /// Whether it is the middle part of a ForEachItem, which starts an execution for each batch.
    pub each_batch: bool,
}

/// The properties of a script task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// What is run before.
    pub before: Vec<Rc<str>>,
    /// The lines of the script, or the commands.
    pub commands: Vec<Rc<str>>,
    /// Variables of its environment.
    pub env: Value,
    /// Whether the first failing command ends it.
    pub fail_fast: bool,
    /// Whether a line to standard error makes a warning of its success.
    pub warning_on_std_err: bool,
    /// The files it is given, by name: as they are written.
    pub input_files: Value,
    /// Whether it may find other files too: those of its namespace, or of its working directory.
    pub finds_files: bool,
    /// Whether it gives files out.
    pub gives_files: bool,
}
