//! `ForEachItem`: splits a file into batches and starts an execution for each. Rule: Kestra, "ForEachItem". There is no
//! file here: how many batches it has is a setting. It shows as a group of three parts, of which the middle one, a
//! [`Subflow`], starts the executions.

use super::for_each_item_part::ForEachItemPart;
use super::subflow::{self, Subflow};
use super::{Kind, TaskKind};
use crate::diag::Diagnostic;
use crate::flow::behavior::Group;
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{ERRORS, FINALLY, Property, Shape, TaskType, called, executor, filled, property};

/// How many batches there are when nothing is set.
pub(super) const BATCHES: u32 = 3;

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
        "starts a flow for each batch of a file",
        called![
            filled("flowId", Shape::Text).says("which flow to start"),
            filled("items", Shape::Text).says("the file to split"),
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
