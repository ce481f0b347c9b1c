//! The first and the last part of a `ForEachItem`: the split before the executions, and the merge after them. They take no
//! time, and the files they write are unknown. Rule: Kestra, "ForEachItem".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Leaf, View, Work};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::TaskType;
use crate::value::Value;

/// Only the reader creates it, below a ForEachItem.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForEachItemPart;

impl TaskKind for ForEachItemPart {
    const TYPES: &'static [&'static TaskType] = &[];

    fn read(_: &TaskType, _: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self
    }
}

impl Leaf for ForEachItemPart {
    fn work<'f>(&'f self, _: &'f Task, view: &dyn View<'f>) -> Result<Work, String> {
        let name = if view.task_id().ends_with("_merge") { "subflowOutputs" } else { "splits" };
        let file = Value::unknown(&format!("outputs.{}.{name}", view.task_id()));
        Ok(Work { outputs: Some(Value::map([(name, file)])), ..Work::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn the_files_of_split_and_merge_are_unknown() {
        insta::assert_snapshot!(events(r#"
  - id: each
    type: io.kestra.plugin.core.flow.ForEachItem
    items: "{{ inputs.file }}"
    namespace: n
    flowId: on_the_server
  - {id: split, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.each_split.splits }}"}
  - {id: merged, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.each_merge.subflowOutputs }}"}
inputs: [{id: file, type: FILE}]
"#), @"
        0 - CREATED
        0 each CREATED
        0 - RUNNING
        0 each RUNNING
        0 each_split CREATED
        0 each_split SUBMITTED
        0 each_split RUNNING
        0 each_split SUCCESS
        0 each_items CREATED
        0 each_items RUNNING
        1000 each_items SUCCESS
        1000 each_merge CREATED
        1000 each_merge SUBMITTED
        1000 each_merge RUNNING
        1000 each_merge SUCCESS
        1000 each SUCCESS
        1000 split CREATED
        1000 split SUBMITTED
        1000 split RUNNING
        1000 split log INFO ⟨outputs.each_split.splits⟩
        1000 split SUCCESS
        1000 merged CREATED
        1000 merged SUBMITTED
        1000 merged RUNNING
        1000 merged log INFO ⟨outputs.each_merge.subflowOutputs⟩
        1000 merged SUCCESS
        1000 - SUCCESS
        ");
    }
}
