//! `ForEachItem`: splits a file into batches and starts an execution for each. Rule: Kestra, "ForEachItem".
//!
//! There is no file here: the number of batches is a setting. The task is a group of three parts. The middle part, a
//! [`Subflow`], starts the executions.

use super::for_each_item_part::ForEachItemPart;
use super::subflow::{self, Subflow};
use super::{Kind, TaskKind};
use crate::diag::Diagnostic;
use crate::flow::behavior::Group;
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{ERRORS, FINALLY, Property, Shape, TaskType, called, executor, filled, property};
use crate::tr;

/// How a file is split.
const BATCH: &[Property] = &[
    property("rows", Shape::Count),
    property("partitions", Shape::Count),
    property("bytes", Shape::Text),
    property("separator", Shape::Text),
    property("regexPattern", Shape::Text),
    property("buckets", Shape::Any),
];

/// Its properties are those of its middle part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForEachItem;

impl TaskKind for ForEachItem {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.ForEachItem",
        tr!(const "starts a flow for each batch of a file"),
        called![
            filled("flowId", Shape::Text).says(tr!(const "which flow to start")),
            filled("items", Shape::Text).says(tr!(const "the file to split")),
            property("batch", Shape::Object(BATCH)),
            ERRORS,
            FINALLY,
            property("maxConcurrency", Shape::Count),
        ],
    )
    .checked(subflow::check)];

    fn read(_: &TaskType, _: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self
    }

    fn parts(&self, properties: Properties<'_>) -> Vec<(&'static str, Kind)> {
        let part = || Kind::ForEachItemPart(Box::new(ForEachItemPart));
        let items = Subflow { each_batch: true, ..Subflow::called(properties) };
        vec![("split", part()), ("items", Kind::Subflow(Box::new(items))), ("merge", part())]
    }
}

impl Group for ForEachItem {}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn each_batch_is_an_execution() {
        insta::assert_snapshot!(events(r#"
  - id: each
    type: io.kestra.plugin.core.flow.ForEachItem
    items: "{{ inputs.file }}"
    namespace: n
    flowId: called
inputs: [{id: file, type: FILE}]
---
id: called
namespace: n
tasks: [{id: work, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}]
"#), @r#"
        0 - CREATED
        0 each CREATED
        0 - RUNNING
        0 each RUNNING
        0 each_split CREATED
        0 each_split SUBMITTED
        0 each_split RUNNING
        0 each_split SUCCESS
        0 each_items CREATED
        0 x2.- CREATED
        0 each_items log INFO Created new execution [[link execution="7YzwtTEHjqRbdryaqbLkmt" flowId="called" namespace="n"]]
        0 x3.- CREATED
        0 each_items log INFO Created new execution [[link execution="2Y7Pw2xUB1rEBVLds53kpD" flowId="called" namespace="n"]]
        0 x4.- CREATED
        0 each_items log INFO Created new execution [[link execution="60hqVX4a28vn2YOwXCKz2k" flowId="called" namespace="n"]]
        0 each_items RUNNING
        0 x2.work CREATED
        0 x2.- RUNNING
        0 x3.work CREATED
        0 x3.- RUNNING
        0 x4.work CREATED
        0 x4.- RUNNING
        0 x2.work SUBMITTED
        0 x3.work SUBMITTED
        0 x4.work SUBMITTED
        0 x2.work RUNNING
        0 x3.work RUNNING
        0 x4.work RUNNING
        1000 x2.work SUCCESS
        1000 x3.work SUCCESS
        1000 x4.work SUCCESS
        1000 x2.- SUCCESS
        1000 x3.- SUCCESS
        1000 x4.- SUCCESS
        1000 each_items SUCCESS
        1000 each_merge CREATED
        1000 each_merge SUBMITTED
        1000 each_merge RUNNING
        1000 each_merge SUCCESS
        1000 each SUCCESS
        1000 - SUCCESS
        "#);
    }
}
