//! `WorkingDirectory`: its tasks one after another, on one worker and in one directory. Rule: Kestra, "WorkingDirectory".

use super::TaskKind;
use crate::diag::Diagnostic;
use crate::flow::Task;
use crate::flow::behavior::{Group, Opening, Runner, View};
use crate::flow::kestra::properties::Properties;
use crate::flow::kestra::schema::{ERRORS, FINALLY, Known, Shape, TASKS, TaskType, executor, lookup, property};
use crate::flow::kestra::versions::Version;
use crate::flow::kestra::validate::{Checker, PathLeaf, is_filled, is_there};
use crate::source::Span;
use crate::syntax::Node;
use crate::tr;
use crate::value::Value;

/// What counts of its files: those it is given must render, and those it gives are outputs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkingDirectory {
    input_files: Value,
    gives_files: bool,
}

impl TaskKind for WorkingDirectory {
    const TYPES: &'static [&'static TaskType] = &[&executor(
        "io.kestra.plugin.core.flow.WorkingDirectory",
        tr!(const "runs its tasks one after another in one directory"),
        &[
            TASKS,
            ERRORS,
            FINALLY,
            property("cache", Shape::Object(&[property("patterns", Shape::Texts), property("ttl", Shape::Duration)])),
            property("inputFiles", Shape::Any),
            property("outputFiles", Shape::Any),
            property("namespaceFiles", Shape::Any),
            // Of the first version, `localFiles`.
            property("inputs", Shape::Any).says(tr!(const "values handed in")),
            property("outputs", Shape::Any).says(tr!(const "values handed out")),
        ],
    )
    .formerly(&["io.kestra.plugin.core.flow.Worker"])
    .checked(check)];

    fn read(_: &TaskType, properties: Properties<'_>, _: &mut Vec<Diagnostic>) -> Self {
        Self { input_files: properties.value("inputFiles"), gives_files: properties.has("outputFiles") }
    }
}

impl Group for WorkingDirectory {
    fn holds_worker(&self) -> bool {
        true
    }

    fn open<'f>(&'f self, task: &'f Task, view: &dyn View<'f>) -> Result<Opening<'f>, String> {
        view.render_value(&self.input_files).map_err(|error| format!("Failed preExecuteTasks on WorkingDirectory: {error}"))?;
        let files = self.gives_files.then(|| Value::map([("outputFiles", view.unknown_output("outputFiles"))]));
        Ok(Opening { outputs: files, ..Opening::of(&task.lists.tasks, self.order()) })
    }
}

/// Its tasks must run on a worker, and must not have a worker group of their own.
fn check<'a>(checker: &mut Checker<'a, '_>, node: &'a Node, leaf: Option<PathLeaf<'_>>, span: Span) {
    let items = node.get("tasks").map(Node::items).unwrap_or_default();
    if !is_filled(node.get("tasks")) {
        checker.also(leaf, "The 'tasks' property cannot be empty");
        return;
    }
    let by_executor = |task: &&Node| {
        let name = task.get("type").and_then(|written| written.scalar_text(checker.source)).unwrap_or("");
        matches!(lookup(name, checker.version), Known::Simulated(known) if known.runner == Runner::Executor)
    };
    if let Some(task) = items.iter().find(by_executor) {
        let line = checker.line(leaf, "", "Only runnable tasks are allowed as children of a WorkingDirectory task");
        let span = task.get("type").map_or(span, |written| written.span);
        let help = tr!("use tasks that a worker runs");
        checker.error("working-directory", span, tr!("a WorkingDirectory runs no groups and subflows"), line, help);
    } else if checker.version == Version::V0_21
        && let Some(group) = items.iter().filter_map(|task| task.entry("workerGroup")).find(|entry| is_there(Some(&entry.value))) {
        let words = "Cannot set a Worker Group in any WorkingDirectory sub-tasks, it is only supported at the WorkingDirectory level";
        let line = checker.line(leaf, "", words);
        let message = tr!("a task of a WorkingDirectory has no worker group of its own");
        checker.error("working-directory", group.key_span, message, line, tr!("set it for the WorkingDirectory"));
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::kinds::testing::events;

    #[test]
    fn a_file_of_an_earlier_task_is_unknown_rather_than_missing() {
        insta::assert_snapshot!(events("
  - id: folder
    type: io.kestra.plugin.core.flow.WorkingDirectory
    tasks:
      - {id: write, type: io.kestra.plugin.scripts.shell.Commands, commands: [echo hello > a.txt]}
      - {id: read, type: io.kestra.plugin.scripts.shell.Commands, commands: [cat a.txt]}
"), @"
        0 - CREATED
        0 folder CREATED
        0 - RUNNING
        0 folder RUNNING
        0 write CREATED
        0 write RUNNING
        0 write SUCCESS
        0 read CREATED
        0 read RUNNING
        0 read log INFO ⟨a.txt⟩
        0 read SUCCESS
        0 folder SUCCESS
        0 - SUCCESS
        ");
    }

    #[test]
    fn its_files_must_render_and_those_it_gives_are_outputs() {
        insta::assert_snapshot!(events("
  - id: folder
    type: io.kestra.plugin.core.flow.WorkingDirectory
    outputFiles: ['*.csv']
    tasks:
      - {id: fill, type: io.kestra.plugin.core.log.Log, message: hello}
  - {id: show, type: io.kestra.plugin.core.log.Log, message: \"{{ outputs.folder.outputFiles['a.csv'] }}\"}
  - id: bad
    type: io.kestra.plugin.core.flow.WorkingDirectory
    inputFiles: {a.txt: '{{ outputs.nobody.value }}'}
    tasks:
      - {id: never, type: io.kestra.plugin.core.log.Log, message: hello}
"), @"
        0 - CREATED
        0 folder CREATED
        0 - RUNNING
        0 folder RUNNING
        0 fill CREATED
        0 fill RUNNING
        0 fill log INFO hello
        0 fill SUCCESS
        0 folder SUCCESS
        0 show CREATED
        0 show SUBMITTED
        0 show RUNNING
        0 show log INFO ⟨outputs.folder.outputFiles.a.csv⟩
        0 show SUCCESS
        0 bad CREATED
        0 bad log ERROR Failed preExecuteTasks on WorkingDirectory: Unable to find `nobody` used in the expression `{{ outputs.nobody.value }}` at line 1
        0 bad FAILED
        0 - FAILED
        ");
    }
}
