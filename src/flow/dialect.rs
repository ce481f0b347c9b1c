//! The dialects a text may be written in, and all that other modules may ask without knowing which dialect it is.

use super::behavior::RunRules;
use super::kestra::KestraRules;
use super::state::State;
use super::xl_release::{ReleaseRules, release_state};
use crate::tr;

/// The dialect of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Kestra flows.
    #[default]
    Kestra,
    /// XL Release templates.
    XlRelease,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Kestra, Self::XlRelease];

    /// Its name in files: `kestra`, `xl-release`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kestra => "kestra",
            Self::XlRelease => "xl-release",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Kestra => "Kestra",
            Self::XlRelease => "XL Release",
        }
    }

    /// What a text in this dialect is called by people.
    #[must_use]
    pub fn text_label(self) -> String {
        match self {
            Self::Kestra => tr!("Kestra flow"),
            Self::XlRelease => tr!("XL Release template"),
        }
    }

    /// The dialect that a text in this one can be converted to.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Kestra => Self::XlRelease,
            Self::XlRelease => Self::Kestra,
        }
    }

    /// Whether a group may have a limit of how many of its tasks run at once, and a mode that can be switched.
    #[must_use]
    pub fn has_limits(self) -> bool {
        self == Self::Kestra
    }

    /// Whether the links in a parallel group are entries of their own. Otherwise they follow from `dependsOn` in a Dag and from
    /// the Sequentials in a Parallel.
    #[must_use]
    pub fn has_link_entries(self) -> bool {
        self == Self::XlRelease
    }

    /// What it decides about how executions run.
    #[must_use]
    pub fn rules(self) -> &'static dyn RunRules {
        match self {
            Self::Kestra => &KestraRules,
            Self::XlRelease => &ReleaseRules,
        }
    }

    /// The name of a state in this dialect. Rule: XL Release, "State names".
    #[must_use]
    pub fn state_name(self, state: State) -> &'static str {
        match self {
            Self::Kestra => state.as_str(),
            Self::XlRelease => release_state(state),
        }
    }
}
