//! The task kinds: one file and one line in this list for each. [`Kind`], the lookup of a type by its name, completion, who
//! runs a task, which tasks are groups, and the table in docs/fidelity.md all follow from the list.
//!
//! The file of a kind holds its struct with the properties, its type names with their descriptions, how it is read, its own
//! validation rules, what it does, and its smallest test.

use super::behavior::{Group, Leaf};
use super::kestra::properties::Properties;
use super::kestra::schema::TaskType;
use crate::diag::Diagnostic;

/// What the readers need to know of a kind.
pub trait TaskKind: Sized {
    /// The types it is written as; empty for a kind that only a reader creates.
    const TYPES: &'static [&'static TaskType];

    /// Reads the properties of a task of one of these types. The validation has reported what is wrong with them; what is
    /// not simulated goes to `diagnostics`.
    fn read(known: &TaskType, properties: Properties<'_>, diagnostics: &mut Vec<Diagnostic>) -> Self;

    /// The tasks that the reader adds below a group of this kind: the suffix of each id, and its kind.
    fn parts(&self, _properties: Properties<'_>) -> Vec<(&'static str, Kind)> {
        Vec::new()
    }
}

/// The first for a group, the second for a leaf.
macro_rules! by_role {
    (group, $of_group:expr, $of_leaf:expr) => {
        $of_group
    };
    (leaf, $of_group:expr, $of_leaf:expr) => {
        $of_leaf
    };
}

macro_rules! kinds {
    ($($role:ident $file:ident::$kind:ident,)*) => {
        $(pub mod $file;)*

        /// What a task does, with its properties.
        #[derive(Clone, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum Kind {
            $($kind(Box<$file::$kind>),)*
        }

        impl std::fmt::Debug for Kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$kind(kind) => kind.fmt(f),)*
                }
            }
        }

        impl Kind {
            /// What it does as a group; `None` for a leaf.
            #[must_use]
            pub fn as_group(&self) -> Option<&dyn Group> {
                match self {
                    $(Self::$kind(_kind) => by_role!($role, Some(&**_kind), None),)*
                }
            }

            /// What it does as a leaf; `None` for a group.
            #[must_use]
            pub fn as_leaf(&self) -> Option<&dyn Leaf> {
                match self {
                    $(Self::$kind(_kind) => by_role!($role, None, Some(&**_kind)),)*
                }
            }

            /// Sets the limit of a group's slots, as if it were written; changes nothing where there are no slots.
            pub fn set_limit(&mut self, limit: u32) {
                match self {
                    $(Self::$kind(_kind) => by_role!($role, _kind.set_limit(limit), ()),)*
                }
            }

            /// Reads a task of a known type.
            #[must_use]
            pub fn read(known: &TaskType, properties: Properties<'_>, diagnostics: &mut Vec<Diagnostic>) -> Self {
                $(if $file::$kind::TYPES.iter().any(|own| own.name == known.name) {
                    return Self::$kind(Box::new(TaskKind::read(known, properties, diagnostics)));
                })*
                Self::Opaque(Box::default())
            }

            /// The tasks that a reader adds below it.
            #[must_use]
            pub fn parts(&self, properties: Properties<'_>) -> Vec<(&'static str, Kind)> {
                match self {
                    $(Self::$kind(kind) => kind.parts(properties),)*
                }
            }
        }

        /// The types of all kinds, kind by kind.
        const TYPES: &[&[&TaskType]] = &[$($file::$kind::TYPES,)*];
    };
}

mod on_child_failure;

// In the order in which completion offers them.
kinds! {
    group sequential::Sequential,
    group parallel::Parallel,
    leaf log::Log,
    leaf return_::Return,
    leaf shell::Shell,
    leaf script::Script,
    leaf sleep::Sleep,
    group for_each::ForEach,
    group loop_::Loop,
    group if_::If,
    group switch::Switch,
    leaf subflow::Subflow,
    group dag::Dag,
    group pause::Pause,
    group working_directory::WorkingDirectory,
    group loop_until::LoopUntil,
    group for_each_item::ForEachItem,
    leaf for_each_item_part::ForEachItemPart,
    group allow_failure::AllowFailure,
    leaf template::Template,
    leaf fail::Fail,
    leaf labels::Labels,
    leaf exit::Exit,
    leaf assert::Assert,
    leaf set_variables::SetVariables,
    leaf unset_variables::UnsetVariables,
    leaf output_values::OutputValues,
    leaf request::Request,
    leaf download::Download,
    leaf publish::Publish,
    leaf planned::Planned,
    leaf opaque::Opaque,
}

/// All types whose properties are known.
pub fn types() -> impl Iterator<Item = &'static TaskType> {
    TYPES.iter().copied().flatten().copied()
}

#[cfg(test)]
mod testing {
    use crate::flow::read_text;
    use crate::render::events::events as log_of;
    use crate::sim::{scenario::Scenario, simulate};
    use crate::source::Source;

    /// The event log of a flow with these tasks: YAML from below `tasks:` to the end of the text.
    pub fn events(tasks: &str) -> String {
        events_of(&format!("id: f\nnamespace: n\ntasks:{tasks}"))
    }

    /// The event log of a text, a line an event: milliseconds, row, and its new state or what it logs.
    pub fn events_of(text: &str) -> String {
        let (_, flows, diagnostics) = read_text(&Source::new("flow.yaml", text));
        assert!(!flows.is_empty(), "{diagnostics:#?}");
        let log = log_of(&flows, &simulate(&flows, &Scenario::default()));
        log.replace("\tstate\t", " ").replace("\texecution\t", " ").replace('\t', " ")
    }
}
