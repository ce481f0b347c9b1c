//! An XL Release template as a Kestra flow: phases and groups in sequence, groups side by side, and leaves that sleep.

use crate::convert::Writer;
use crate::flow::plan::{Doer, Handling, Plan, Precondition, Recovery};
use crate::flow::{Kind, Task, TaskIdx};
use crate::source::Span;
use crate::syntax::{Node, scalar};
use crate::time::{SimTime, iso_duration};
use crate::tr;

const SEQUENTIAL: &str = "type: io.kestra.plugin.core.flow.Sequential";
const SLEEP: &str = "type: io.kestra.plugin.core.flow.Sleep";
/// For a task that takes no time: Kestra 2.0 fails a Sleep of none.
const RETURN: &str = "type: io.kestra.plugin.core.debug.Return";

/// The properties of an item that are converted, or that have a message of their own.
const KNOWN: [&str; 23] = [
    "phase",
    "name",
    "title",
    "type",
    "tasks",
    "links",
    "plannedDuration",
    "scheduledStartDate",
    "waitForScheduledStartDate",
    "dueDate",
    "precondition",
    "taskFailureHandlerEnabled",
    "taskRecoverOp",
    "failureHandler",
    "dependencies",
    "conditions",
    "delayDuringBlackout",
    "template",
    "newReleaseTitle",
    "createdReleaseId",
    "startRelease",
    "pythonScript",
    "description",
];

/// The properties that describe the release that a task creates.
const CREATES: [&str; 4] = ["template", "newReleaseTitle", "createdReleaseId", "startRelease"];

impl Writer<'_> {
    /// Writes the template as a flow.
    pub fn kestra_flow(&mut self) {
        let flow = self.flow;
        for comment in std::mem::take(&mut self.comments.aside) {
            self.line(0, &comment);
        }
        self.line(0, &format!("id: {}", scalar(&flow.id)));
        self.line(0, &format!("namespace: {}", scalar(&flow.namespace)));
        self.describe(flow.title(), &flow.id, flow.span, 0);
        self.line(0, "tasks:");
        self.lose_keys(
            flow.span,
            &["template", "name", "title", "type", "phases", "scheduledStartDate", "dueDate", "abortOnFailure", "description"],
        );
        if let Some(plan) = &flow.plan {
            self.lose_dates(plan, flow.span);
        }
        if flow.abort_on_failure {
            self.lose(
                "lost-abort",
                flow.span,
                tr!("nothing else ends at once when a task fails"),
                tr!("`abortOnFailure` has no counterpart"),
            );
        }
        if flow.tasks.iter().any(|task| task.sim_note.is_some_and(|note| note.fails_percent > 0)) {
            let message = tr!("after a failure a release halts and waits for a person, an execution ends");
            self.lose("lost-failure", flow.span, message, tr!("what runs after a failure may differ"));
        }
        for phase in &flow.lists.tasks {
            self.kestra_task(*phase, 2, "- ");
        }
        if flow.lists.tasks.is_empty() {
            self.line(2, "- id: nothing");
            self.line(4, "type: io.kestra.plugin.core.debug.Return");
        }
    }

    /// Writes a task: its first line is `before` at column `pad`, and its properties stand below what follows `before`.
    fn kestra_task(&mut self, idx: TaskIdx, pad: usize, before: &str) {
        let flow = self.flow;
        let task = flow.task(idx);
        let Some(plan) = task.plan.as_deref() else { return };
        self.lose_keys(task.span, &KNOWN);
        let held = self.held(idx);
        self.lose_dates(plan, task.span);
        let creates = |node: &Node| CREATES.iter().any(|key| node.get(key).is_some());
        if self.node(task.span).is_some_and(creates) {
            self.lose("lost-created", task.span, tr!("the release that a task creates is not called"), tr!("a sleep stands for the task"));
        }
        if plan.length.is_some() && task.is_group() {
            self.lose(
                "lost-length",
                task.span,
                tr!("the planned duration of a group has no counterpart"),
                tr!("it takes as long as its tasks"),
            );
        }
        let id = &task.id;
        let mut pad = pad;
        let mut before = before;
        if held > SimTime::ZERO {
            // Other ids are slugs, which have no underscore.
            self.line(pad, &format!("{before}id: {id}_held"));
            pad += before.len();
            self.line(pad, SEQUENTIAL);
            self.line(pad, "tasks:");
            pad += 2;
            self.line(pad, &format!("- id: {id}_wait"));
            self.line(pad + 2, SLEEP);
            self.line(pad + 2, &format!("duration: {}", iso_duration(held)));
            before = "- ";
        }
        self.head(idx, pad, before, &format!("id: {}", scalar(id)));
        self.kestra_body(idx, task, plan, pad + before.len());
    }

    /// Writes the title, where it is not the id, and the description as `description`.
    fn describe(&mut self, title: &str, id: &str, span: Span, pad: usize) {
        let own = self.description(span);
        let title = Some(title).filter(|title| *title != id);
        if title.is_some() {
            self.lose("lost-titles", span, tr!("titles become ids"), tr!("the title is kept as `description`"));
        }
        if title.is_some() && own.is_some() {
            let message = tr!("title and description become one `description`");
            self.lose("lost-description", span, message, tr!("the title is its first line"));
        }
        let text = title.into_iter().chain(own).collect::<Vec<_>>().join("\n\n");
        if !text.is_empty() {
            self.line(pad, &format!("description: {}", scalar(&text)));
        }
    }

    fn lose_dates(&mut self, plan: &Plan, span: Span) {
        if plan.starts_at.is_some() {
            let message = tr!("a flow knows no dates: what is held until one waits as long as it did here");
            self.lose("lost-date", span, message, tr!("a wait of this length stands before it"));
        }
        if plan.due_at.is_some() {
            self.lose("lost-due-date", span, tr!("a flow knows no due dates"), tr!("left out"));
        }
        if plan.avoids_blackouts {
            self.lose("lost-blackout", span, tr!("a flow knows no blackout periods"), tr!("left out"));
        }
    }

    fn kestra_body(&mut self, idx: TaskIdx, task: &Task, plan: &Plan, pad: usize) {
        self.describe(&plan.title, &task.id, task.span, pad);
        let written = self.node(task.span).and_then(|node| node.get("precondition")?.scalar_text(self.source)).unwrap_or_default();
        if plan.precondition != Precondition::Script && !matches!(written.trim(), "" | "True" | "False" | "true" | "false") {
            let message = tr!("a precondition in Jython becomes what it is with the variables of the template");
            self.lose("lost-precondition", task.span, message, tr!("`runIf: \"false\"` when it is not met, else nothing"));
        }
        match plan.precondition {
            Precondition::Met => {}
            Precondition::NotMet => self.line(pad, "runIf: \"false\""),
            Precondition::Script => {
                self.lose("lost-precondition", task.span, tr!("a precondition in Jython has no counterpart"), tr!("it is taken to be met"));
            }
        }
        match plan.recovery {
            Recovery::Halt => {}
            Recovery::Skip => {
                self.lose(
                    "lost-skip",
                    task.span,
                    tr!("a failure that is skipped over is a warning"),
                    tr!("`allowFailure` goes on likewise"),
                );
                self.line(pad, "allowFailure: true");
            }
            Recovery::Handler(Handling { skips: true, .. }) => {
                self.lose("lost-handler-skip", task.span, tr!("a failure handler becomes `allowFailure`"), tr!("its retries are left out"));
                self.line(pad, "allowFailure: true");
            }
            Recovery::RestartPhase => {
                self.lose("lost-handler", task.span, tr!("the restart of a phase has no counterpart"), tr!("left out"));
            }
            Recovery::Handler(_) | Recovery::Script => {
                self.lose("lost-handler", task.span, tr!("a failure handler in Jython has no counterpart"), tr!("left out"));
            }
        }
        let children = &task.lists.tasks;
        match &task.kind {
            Kind::Planned(_) => self.kestra_leaf(idx, task, plan, pad),
            _ if children.is_empty() => self.line(pad, "type: io.kestra.plugin.core.debug.Return"),
            Kind::Dag(dag) => {
                self.hint(task, &dag.depends_on);
                self.line(pad, "type: io.kestra.plugin.core.flow.Dag");
                self.line(pad, "tasks:");
                for (child, sources) in children.iter().zip(&dag.depends_on) {
                    self.line(pad + 2, "- task:");
                    self.kestra_task(*child, pad + 6, "");
                    // An item that is held is in a group of its own.
                    let id = |child: TaskIdx| {
                        let id = &self.flow.task(child).id;
                        if self.held(child) > SimTime::ZERO { format!("{id}_held") } else { scalar(id) }
                    };
                    let ids: Vec<String> = sources.iter().map(|source| id(children[*source as usize])).collect();
                    if !ids.is_empty() {
                        self.line(pad + 4, &format!("dependsOn: [{}]", ids.join(", ")));
                    }
                }
            }
            kind => {
                let is_parallel = matches!(kind, Kind::Parallel { .. });
                self.line(pad, if is_parallel { "type: io.kestra.plugin.core.flow.Parallel" } else { SEQUENTIAL });
                self.line(pad, "tasks:");
                children.iter().for_each(|child| self.kestra_task(*child, pad + 2, "- "));
            }
        }
    }

    fn kestra_leaf(&mut self, idx: TaskIdx, task: &Task, plan: &Plan, pad: usize) {
        let length = self.length(idx).or(plan.length).or(plan.usual_length()).unwrap_or_default();
        let is_gate = matches!(plan.doer, Doer::Gate | Doer::Dependencies);
        if is_gate && !self.is_beside_others(idx) {
            self.lose(
                "lost-gate",
                task.span,
                tr!("a gate becomes a pause: its conditions and dependencies are lost"),
                tr!("resumed after its planned time"),
            );
            self.line(pad, "type: io.kestra.plugin.core.flow.Pause");
            return self.line(pad, &format!("pauseDuration: {}", iso_duration(length)));
        }
        match plan.doer {
            Doer::Gate | Doer::Dependencies => self.lose(
                "lost-gate",
                task.span,
                tr!("a gate inside a parallel group has no counterpart: a pause would freeze all"),
                tr!("becomes a sleep of its planned time"),
            ),
            Doer::Person => {
                self.lose("lost-person", task.span, tr!("how long a person takes is a guess"), tr!("becomes a sleep of its planned time"))
            }
            Doer::Machine | Doer::Children => {
                let message = tr!("a task of type `{type_name}` becomes a sleep", type_name = task.type_name);
                self.lose("lost-type", task.span, message, tr!("of its planned time"));
            }
        }
        if length == SimTime::ZERO {
            self.line(pad, RETURN);
        } else {
            self.line(pad, SLEEP);
            self.line(pad, &format!("duration: {}", iso_duration(length)));
        }
    }

    /// Says when the links are chains, which are simpler as Sequentials in a Parallel.
    fn hint(&mut self, task: &Task, depends_on: &[Vec<u32>]) {
        let mut n_targets = vec![0; depends_on.len()];
        depends_on.iter().flatten().for_each(|source| n_targets[*source as usize] += 1);
        if depends_on.iter().all(|sources| sources.len() < 2) && n_targets.iter().all(|n| *n < 2) {
            let message = tr!("the links of `{group}` are chains: a `Parallel` of `Sequential` groups says the same", group = task.title());
            self.lose("hint-chains", task.span, message, tr!("becomes a `Dag`"));
        }
    }
}
