//! Documents to flows: what is written, checked and ready to be simulated.
//!
//! A [`Flow`] that [`read`] gives is valid: its ids are unique and its types and properties known. Each dialect has a
//! reader of its own ([`kestra`]); the engine knows none of their words.

pub mod kestra;
pub mod schema;

use std::rc::Rc;

use crate::diag::{Diagnostic, has_errors};
use crate::source::{Source, Span};
use crate::syntax::Document;
use crate::time::SimTime;

/// A flow: tasks in an arena, in source order, and the lists that say what runs after what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Its id, unique within its namespace.
    pub id: Rc<str>,
    /// Its namespace.
    pub namespace: Rc<str>,
    /// All tasks, in source order; a [`TaskIdx`] is a place in this list.
    pub tasks: Vec<Task>,
    /// What runs at the top level.
    pub lists: Lists,
    /// The whole text of the flow.
    pub span: Span,
}

/// A task of a flow, as an index of [`Flow::tasks`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskIdx(pub u32);

/// The three lists of a group, and of a flow: Kestra, "Flowable tasks", `errors` and `finally`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lists {
    /// What the group is for.
    pub tasks: Vec<TaskIdx>,
    /// What runs, one after another, once one of `tasks` has failed.
    pub errors: Vec<TaskIdx>,
    /// What runs, one after another, in the end in any case.
    pub finally: Vec<TaskIdx>,
}

impl Lists {
    /// All tasks in source order: the lists are blocks of the text, one behind the other.
    #[must_use]
    pub fn in_source_order(&self) -> Vec<TaskIdx> {
        let mut blocks = [&self.tasks, &self.errors, &self.finally];
        let start = |block: &Vec<TaskIdx>| block.first().copied().unwrap_or(TaskIdx(0));
        for (a, b) in [(0, 1), (1, 2), (0, 1)] {
            if start(blocks[a]) > start(blocks[b]) {
                blocks.swap(a, b);
            }
        }
        blocks.into_iter().flatten().copied().collect()
    }
}

/// A step of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Unique in the whole flow.
    pub id: Rc<str>,
    /// The type as it is written.
    pub type_name: Rc<str>,
    /// What it does.
    pub kind: Kind,
    /// What it holds, when it is a group.
    pub lists: Lists,
    /// The group that holds it; `None` at the top level.
    pub parent: Option<TaskIdx>,
    /// A disabled task is left out before any decision: it never has a taskrun.
    pub disabled: bool,
    /// A final FAILED becomes WARNING.
    pub allow_failure: bool,
    /// A final WARNING becomes SUCCESS.
    pub allow_warning: bool,
    /// The whole text of the task.
    pub span: Span,
}

/// What a task does. One file of `sim/behavior` each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Its tasks one after another.
    Sequential,
    /// Its tasks at the same time, `concurrent` at most; 0 is no limit.
    Parallel {
        /// How many direct children may run at once; 0 is no limit.
        concurrent: u32,
    },
    /// Shell commands.
    Shell {
        /// The commands, rendered before they run.
        commands: Vec<Rc<str>>,
    },
    /// Renders a text.
    Return {
        /// What to render.
        format: Option<Rc<str>>,
    },
    /// Writes to the log.
    Log {
        /// The messages, rendered.
        messages: Vec<Rc<str>>,
        /// Their level.
        level: Level,
    },
    /// Waits.
    Sleep {
        /// For how long.
        duration: SimTime,
    },
    /// A task that is not simulated: it takes one second and succeeds.
    Opaque,
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

/// Reads all flows of a document. The first one is run, the others can be called.
#[must_use]
pub fn read(document: &Document, source: &Source) -> (Vec<Flow>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let flows = document.roots.iter().filter_map(|root| kestra::read(root, source, &mut diagnostics)).collect();
    (flows, diagnostics)
}

/// From text to flows in one go: all diagnostics in order of place, and no flow when one of them is an error.
#[must_use]
pub fn read_text(source: &Source) -> (Document, Vec<Flow>, Vec<Diagnostic>) {
    let (document, mut diagnostics) = crate::syntax::parse(source);
    let (mut flows, mut found) = read(&document, source);
    diagnostics.append(&mut found);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    if has_errors(&diagnostics) {
        flows.clear();
    }
    (document, flows, diagnostics)
}

impl Flow {
    /// The task at an index of this flow.
    #[must_use]
    pub fn task(&self, idx: TaskIdx) -> &Task {
        &self.tasks[idx.0 as usize]
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

    /// The lists of a group, or of the flow itself.
    #[must_use]
    pub fn lists(&self, group: Option<TaskIdx>) -> &Lists {
        group.map_or(&self.lists, |group| &self.task(group).lists)
    }

    /// How many groups stand round a task.
    #[must_use]
    pub fn depth(&self, idx: TaskIdx) -> usize {
        std::iter::successors(self.task(idx).parent, |parent| self.task(*parent).parent).count()
    }
}

impl Task {
    /// Whether it holds other tasks: a flowable task, which takes no time of its own.
    #[must_use]
    pub fn is_group(&self) -> bool {
        matches!(self.kind, Kind::Sequential | Kind::Parallel { .. })
    }

    /// The last part of the type name: `Parallel`, `Commands`.
    #[must_use]
    pub fn short_type(&self) -> &str {
        self.type_name.rsplit('.').next().unwrap_or(&self.type_name)
    }
}

#[cfg(test)]
mod tests;
