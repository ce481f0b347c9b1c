//! Which version a text is written for, judged by what only that version knows.

use super::Version;
use crate::source::Source;
use crate::syntax::{Document, Node, Value};

impl Version {
    /// The version that a text is written for: 1.3 when only 1.3 knows what is written in it, else 2.0.
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
    use crate::flow::kestra::versions::Versions;

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
