//! The versions of Kestra whose rules a run can follow, and every value in which those rules differ.
//!
//! Whoever needs to know a difference reads a field of [`Rules`]; nothing outside this file asks which version it is.

use crate::source::Source;
use crate::syntax::{Document, Node, Value};

/// A version of Kestra.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// The rules of December 2024.
    V0_21,
    /// The long-term line: as 1.3.31 does it.
    V1_3,
    /// As 2.0.0 does it, but for its faults.
    V2_0,
}

/// Some of the versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions(u8);

impl Versions {
    /// All of them.
    pub const ALL: Self = Self(7);
    /// The rules of December 2024 only.
    pub const ONLY_0_21: Self = Self(1);
    /// The long-term line only.
    pub const ONLY_1_3: Self = Self(2);
    /// 2.0 only.
    pub const ONLY_2_0: Self = Self(4);
    /// All but 2.0.
    pub const BEFORE_2_0: Self = Self(3);
    /// 1.3 and 2.0.
    pub const SINCE_1_3: Self = Self(6);

    /// Whether this version is one of them.
    #[must_use]
    pub fn has(self, version: Version) -> bool {
        self.0 & (1 << version as u8) != 0
    }

    /// Those that either has.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that both have.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The newest of them.
    #[must_use]
    pub fn newest(self) -> Option<Version> {
        Version::ALL.into_iter().rfind(|version| self.has(*version))
    }
}

/// What a version decides about how executions run.
#[derive(Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether an execution is worked on in passes over its taskruns. Otherwise each group is settled as soon as one of its
    /// children changes.
    pub in_passes: bool,
    /// Whether new taskruns take their place in the list at the end of a pass rather than at once.
    pub enters_late: bool,
    /// Whether a group is looked at only while it has no child, or one that has ended.
    pub waits_for_an_ended_child: bool,
    /// Whether a failed Parallel or Dag interrupts its other children.
    pub interrupts_children: bool,
    /// Whether a group that has ended closes the leaves among its open children, and not only the groups.
    pub closes_leaves: bool,
    /// Whether a CANCELLED child makes its group CANCELLED.
    pub cancelled_counts: bool,
    /// Whether a killed execution stays KILLING until all its taskruns have ended.
    pub killing_lasts: bool,
    /// Whether a retry that a group hands down waits for the group's `errors` and `finally`.
    pub retry_waits_for_handlers: bool,
    /// Whether the condition of a LoopUntil also sees the count of the round to come.
    pub until_looks_ahead: bool,
    /// Whether a Subflow that can't start ends its execution.
    pub failed_call_ends_execution: bool,
    /// Whether an assertion of an SLA that can't be evaluated counts as violated.
    pub assertion_errors_violate: bool,
    /// Whether the outputs of a resumed Pause hold `onResume` although nothing was asked for.
    pub always_gives_on_resume: bool,
    /// Whether the attempts of a group are started anew with each of its rounds.
    pub groups_keep_attempts: bool,
}

const V0_21: Rules = Rules {
    in_passes: false,
    enters_late: false,
    waits_for_an_ended_child: false,
    interrupts_children: false,
    closes_leaves: false,
    cancelled_counts: false,
    killing_lasts: false,
    retry_waits_for_handlers: false,
    until_looks_ahead: false,
    failed_call_ends_execution: false,
    assertion_errors_violate: false,
    always_gives_on_resume: false,
    groups_keep_attempts: false,
};

const V1_3: Rules = Rules {
    in_passes: true,
    enters_late: true,
    closes_leaves: true,
    until_looks_ahead: true,
    failed_call_ends_execution: true,
    always_gives_on_resume: true,
    ..V0_21
};

const V2_0: Rules = Rules {
    in_passes: true,
    waits_for_an_ended_child: true,
    interrupts_children: true,
    cancelled_counts: true,
    killing_lasts: true,
    retry_waits_for_handlers: true,
    assertion_errors_violate: true,
    groups_keep_attempts: true,
    ..V0_21
};

impl Version {
    /// All versions, the oldest first.
    pub const ALL: [Self; 3] = [Self::V0_21, Self::V1_3, Self::V2_0];

    /// Its name in flags, links and files: `2.0`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V0_21 => "0.21",
            Self::V1_3 => "1.3",
            Self::V2_0 => "2.0",
        }
    }

    /// The version with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.as_str() == name)
    }

    /// What it decides about how executions run.
    #[must_use]
    pub fn rules(self) -> &'static Rules {
        match self {
            Self::V0_21 => &V0_21,
            Self::V1_3 => &V1_3,
            Self::V2_0 => &V2_0,
        }
    }

    /// The version that a text is for when nobody says: the only one that knows what is written in it, else 2.0.
    #[must_use]
    pub fn of_text(document: &Document, source: &Source) -> Self {
        let mut signs = Signs { source, only_1_3: false, only_2_0: false };
        document.roots.iter().for_each(|root| signs.flow(root));
        if signs.only_1_3 && !signs.only_2_0 { Self::V1_3 } else { Self::V2_0 }
    }
}

/// The core task types that 1.3 knows and 2.0 does not, and those that 2.0 knows and 1.3 does not.
const ONLY_1_3_TYPES: &[&str] = &[
    "debug.Echo",
    "execution.Count",
    "execution.Resume",
    "flow.EachParallel",
    "flow.EachSequential",
    "flow.ForEach",
    "flow.ForEachItem",
    "flow.Template",
    "log.Fetch",
    "state.Delete",
    "state.Get",
    "state.Set",
    "storage.LocalFiles",
    "trigger.Toggle",
];
const ONLY_2_0_TYPES: &[&str] = &["flow.Loop", "flow.PurgeFlows"];

/// Signs of a version in a text.
struct Signs<'a> {
    source: &'a Source,
    only_1_3: bool,
    only_2_0: bool,
}

impl Signs<'_> {
    fn text<'n>(&'n self, node: &'n Node, key: &str) -> &'n str {
        node.get(key).and_then(|value| value.scalar_text(self.source)).unwrap_or("")
    }

    fn flow(&mut self, root: &Node) {
        self.only_1_3 |= ["pluginDefaults", "taskDefaults", "listeners"].iter().any(|key| root.get(key).is_some());
        let items = |key: &str| root.get(key).map(Node::items).unwrap_or_default();
        self.only_1_3 |= items("triggers").iter().any(|trigger| trigger.get("conditions").is_some());
        self.only_1_3 |= items("inputs").iter().any(|input| matches!(self.text(input, "type"), "ENUM" | "BOOLEAN"));
        for entry in root.entries() {
            if matches!(entry.key.as_str(), "tasks" | "errors" | "finally" | "afterExecution" | "listeners") {
                self.tasks(&entry.value);
            }
        }
    }

    /// Looks at all tasks below a node. Texts nest as deep as the reader of YAML lets them.
    fn tasks(&mut self, node: &Node) {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            match &node.value {
                Value::List(items) => open.extend(items.iter()),
                Value::Map(entries) => {
                    let name = node.get("type").and_then(|value| value.scalar_text(self.source)).unwrap_or("");
                    let core = name.strip_prefix("io.kestra.plugin.core.").unwrap_or("");
                    self.only_1_3 |= name.starts_with("io.kestra.core.tasks.") || ONLY_1_3_TYPES.contains(&core);
                    self.only_2_0 |= ONLY_2_0_TYPES.contains(&core) || node.get("onChildFailure").is_some();
                    open.extend(entries.iter().map(|entry| &entry.value));
                }
                Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::kestra::schema::core_types;

    #[test]
    fn the_types_that_show_a_version_are_those_that_only_it_knows() {
        let only = |version: Version, other: Version| -> Vec<&str> {
            let is_only = |versions: Versions| versions.has(version) && !versions.has(other);
            let names = core_types().filter(|core| is_only(core.versions)).map(|core| core.name);
            names.filter_map(|name| name.strip_prefix("io.kestra.plugin.core.")).collect()
        };
        assert_eq!(only(Version::V1_3, Version::V2_0), ONLY_1_3_TYPES);
        assert_eq!(only(Version::V2_0, Version::V1_3), ONLY_2_0_TYPES);
    }
}
