//! `Dag`: as Parallel, but a task starts only once all those have ended that it `dependsOn`, in whatever state. Rule:
//! Kestra, "Dag".

use std::rc::Rc;

use super::TaskKind;
use crate::collections::Index;
use crate::diag::Diagnostic;
use crate::flow::behavior::{Group, Order, View};
use crate::flow::kestra::properties::{Limit, Properties};
use super::on_child_failure::interrupts_in;
use crate::flow::state::State;
use crate::flow::kestra::schema::{CHILD_FAILURE_POLICY, CONCURRENT, ERRORS, FAIL_FAST, FINALLY, ON_CHILD_FAILURE, Shape, TaskType, executor, filled};
use crate::flow::kestra::validate::{Checker, PathLeaf, is_filled};
use crate::graph::Graph;
use crate::language::between_names;
use crate::source::Span;
use crate::syntax::Node;
use crate::tr;

/// Its properties.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dag {
    /// How many tasks run at once; 0 is no limit.
    pub concurrent: Limit,
    /// What its failure means for its other children: CANCEL, FAIL or CONTINUE.
    pub on_child_failure: Option<Rc<str>>,
    /// For each of its tasks, the indices of the tasks it depends on in the list of its tasks.
    pub depends_on: Vec<Vec<u32>>,
}

impl TaskKind for Dag {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.Dag",
        tr!(const "runs each task as soon as those it depends on are done"),
        &[
            filled("tasks", Shape::DagTasks).says(tr!(const "the tasks it runs")),
            ERRORS,
            FINALLY,
            CONCURRENT,
            FAIL_FAST,
            ON_CHILD_FAILURE,
            CHILD_FAILURE_POLICY,
        ],
    )
    .checked(check)];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { concurrent: properties.limit("concurrent"), on_child_failure: properties.text("onChildFailure"), depends_on: depends_on(properties) }
    }
}

impl Group for Dag {
    fn set_limit(&mut self, limit: u32) {
        self.concurrent = Limit::Number(limit);
    }

    fn interrupts_in(&self, view: &dyn View<'_>) -> Option<State> {
        interrupts_in(self.on_child_failure.as_deref(), "CONTINUE", view)
    }

    fn order(&self) -> Order<'_> {
        Order::Dag { limit: self.concurrent.written(), depends_on: &self.depends_on }
    }

    fn rendered_limit(&self, view: &dyn View<'_>) -> Result<u32, String> {
        self.concurrent.rendered("concurrent", view)
    }
}

/// For each task, the indices of the tasks it depends on. [`check`] has reported unknown ids.
fn depends_on(properties: Properties<'_>) -> Vec<Vec<u32>> {
    let items = properties.node.get("tasks").map(Node::items).unwrap_or_default();
    let id = |item: &Node| item.get("task").map(|task| properties.of(task).required("id")).unwrap_or_default();
    let mut known = Index::default();
    for (at, item) in items.iter().enumerate() {
        known.get_or_insert(&id(item), at);
    }
    let places = |item: &Node| {
        let wanted = properties.of(item).texts("dependsOn");
        wanted.iter().filter_map(|id| known.get(id)).map(|at| at as u32).collect()
    };
    items.iter().map(places).collect()
}

/// Dependencies must name tasks of this Dag, and must not form a cycle.
fn check<'a>(checker: &mut Checker<'a, '_>, node: &'a Node, leaf: Option<PathLeaf<'_>>, span: Span) {
    let items = node.get("tasks").map(Node::items).unwrap_or_default();
    if !is_filled(node.get("tasks")) {
        checker.also(leaf, "No task defined");
        return;
    }
    let source = checker.source;
    let id = |item: &'a Node| item.get("task").and_then(|task| task.get("id")?.scalar_text(source)).unwrap_or("");
    let ids: Vec<&str> = items.iter().map(id).collect();
    let mut places = Index::default();
    for (at, id) in ids.iter().enumerate() {
        places.get_or_insert(id, at);
    }
    let wanted = |item: &'a Node| item.get("dependsOn").map(Node::items).unwrap_or_default();
    let missing: Vec<(&Node, &str)> = items
        .iter()
        .flat_map(wanted)
        .filter_map(|wanted| wanted.scalar_text(source).map(|text| (wanted, text)))
        .filter(|(_, text)| places.get(text).is_none())
        .collect();
    if let Some((first, name)) = missing.first() {
        let names: Vec<&str> = missing.iter().map(|(_, name)| *name).collect();
        let line = checker.line(leaf, "", &format!("Not existing task id in dependency: {}", names.join(", ")));
        let meant = checker.nearest(name, ids.iter().copied());
        let help = match meant {
            Some(meant) => tr!("a task of this Dag has a similar id: `{id}`", id = meant),
            None => tr!("name tasks of this Dag"),
        };
        checker.error("dag", first.span, tr!("there is no task `{name}` in this Dag", name), line, help);
        checker.meant(meant);
        return;
    }
    let place = |id: &Node| places.get(id.scalar_text(source)?);
    let before: Vec<Vec<usize>> = items.iter().map(|item| wanted(item).iter().filter_map(place).collect()).collect();
    let in_cycle = Graph { n_nodes: before.len(), edge: &|task, nth| before.get(task)?.get(nth).copied() }.on_cycles();
    if let Some(first) = in_cycle.first() {
        let names: Vec<&str> = in_cycle.iter().filter_map(|task| ids.get(*task).copied()).collect();
        let line = checker.line(leaf, "", &format!("Cyclic dependency detected: {}", names.join(", ")));
        let span = items.get(*first).and_then(|item| item.get("dependsOn")).map_or(span, |written| checker.head(written));
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let (_, and) = between_names();
        let message = tr!("{names} wait for each other", names = quoted.join(&and));
        checker.error("dag", span, message, line, tr!("take one of these dependencies out"));
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn a_task_starts_when_those_it_depends_on_have_ended() {
        insta::assert_snapshot!(events("
  - id: dag
    type: io.kestra.plugin.core.flow.Dag
    tasks:
      - {task: {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}}
      - {task: {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}}
      - {task: {id: after_a, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}, dependsOn: [a]}
"), @"
        0 - CREATED
        0 dag CREATED
        0 - RUNNING
        0 dag RUNNING
        0 a CREATED
        0 b CREATED
        0 a SUBMITTED
        0 b SUBMITTED
        0 a RUNNING
        0 b RUNNING
        1000 a SUCCESS
        1000 after_a CREATED
        1000 after_a SUBMITTED
        1000 after_a RUNNING
        2000 b SUCCESS
        4000 after_a SUCCESS
        4000 dag SUCCESS
        4000 - SUCCESS
        ");
    }
}
