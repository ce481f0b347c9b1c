//! A Kestra flow as an XL Release template: groups become groups, dependencies links, and leaves take their time.

use crate::convert::Writer;
use crate::flow::state::State;
use crate::flow::{Flow, Kind, Task, TaskIdx};
use crate::syntax::scalar;
use crate::time::SimTime;
use crate::tr;

/// The properties of a task that are converted, or that have a message of their own.
const KNOWN: [&str; 17] = [
    "id",
    "type",
    "tasks",
    "description",
    "concurrent",
    "dependsOn",
    "task",
    "runIf",
    "allowFailure",
    "disabled",
    "duration",
    "delay",
    "pauseDuration",
    "commands",
    "format",
    "message",
    "script",
];

/// The start of a file of templates: where they are kept, and the key of their list.
pub fn head(flows: &[Flow], out: &mut String) {
    *out += "apiVersion: xl-release/v1\nkind: Templates\n";
    if let Some(namespace) = flows.first().map(|flow| &flow.namespace).filter(|namespace| &***namespace != "release") {
        *out += "metadata:\n  home: ";
        *out += &scalar(&namespace.replace('.', "/"));
        *out += "\n";
    }
    *out += "spec:\n";
}

impl Writer<'_> {
    /// Writes the flow as a template.
    pub fn template(&mut self) {
        let flow = self.flow;
        for comment in std::mem::take(&mut self.comments.aside) {
            self.line(0, &comment);
        }
        self.line(0, &format!("- template: {}", scalar(&flow.id)));
        if let Some(description) = self.description(flow.span) {
            self.line(2, &format!("description: {}", scalar(description)));
        }
        self.lose_keys(flow.span, &["id", "namespace", "description", "tasks"]);
        let tasks = self.enabled(&flow.lists.tasks);
        let is_phase = |idx: &TaskIdx| {
            let task = flow.task(*idx);
            matches!(task.kind, Kind::Sequential(_)) && task.run_if.is_none() && !task.allow_failure
        };
        self.line(2, "phases:");
        // Sequentials at the top become phases; anything else needs a phase around it.
        if !tasks.is_empty() && tasks.iter().all(is_phase) {
            for idx in tasks {
                self.lose_of(idx);
                let task = flow.task(idx);
                self.head(idx, 2, "- ", &format!("phase: {}", scalar(&task.id)));
                self.description_of(idx, 4);
                let children = self.enabled(&task.lists.tasks);
                self.tasks(&children, 4);
            }
        } else {
            self.line(2, "- phase: Tasks");
            self.tasks(&tasks, 4);
        }
    }

    /// The tasks without those that are disabled, which are reported.
    fn enabled(&mut self, tasks: &[TaskIdx]) -> Vec<TaskIdx> {
        let flow = self.flow;
        let (off, on): (Vec<TaskIdx>, Vec<TaskIdx>) = tasks.iter().partition(|idx| flow.task(**idx).disabled);
        for idx in off {
            self.lose("lost-disabled", flow.task(idx).span, tr!("`{task}` is disabled", task = flow.task(idx).id), tr!("left out"));
            self.comments.leave(idx).iter().for_each(|comment| self.line(4, comment));
        }
        on
    }

    fn tasks(&mut self, tasks: &[TaskIdx], pad: usize) {
        self.line(pad, if tasks.is_empty() { "tasks: []" } else { "tasks:" });
        tasks.iter().for_each(|idx| self.release_task(*idx, pad));
    }

    /// Reports what a task loses whatever it becomes.
    fn lose_of(&mut self, idx: TaskIdx) {
        let flow = self.flow;
        self.lose_keys(flow.task(idx).span, &KNOWN);
    }

    fn description_of(&mut self, idx: TaskIdx, pad: usize) {
        if let Some(description) = self.description(self.flow.task(idx).span) {
            self.line(pad, &format!("description: {}", scalar(description)));
        }
    }

    fn release_task(&mut self, idx: TaskIdx, pad: usize) {
        let flow = self.flow;
        let task = flow.task(idx);
        self.lose_of(idx);
        self.head(idx, pad, "- ", &format!("name: {}", scalar(&task.id)));
        let pad = pad + 2;
        self.description_of(idx, pad);
        if task.run_if.is_some() {
            self.lose(
                "lost-run-if",
                task.span,
                tr!("`runIf` has no counterpart that both can evaluate"),
                tr!("taken as it was in the simulation"),
            );
            if self.runs[idx.at()].is_some_and(|run| self.trace.state(run) == State::Skipped) {
                self.line(pad, "precondition: \"False\"");
            }
        }
        if task.allow_failure || matches!(task.kind, Kind::AllowFailure(_)) {
            self.lose(
                "lost-allow-failure",
                task.span,
                tr!("a failure that is allowed is skipped over"),
                tr!("SKIPPED there, WARNING here"),
            );
            self.line(pad, "taskFailureHandlerEnabled: true");
            self.line(pad, "taskRecoverOp: SKIP_TASK");
        }
        match &task.kind {
            Kind::Sequential(_) | Kind::AllowFailure(_) | Kind::WorkingDirectory(_) => {
                self.line(pad, "type: xlrelease.SequentialGroup");
                let children = self.enabled(&task.lists.tasks);
                self.tasks(&children, pad);
            }
            Kind::Parallel { .. } | Kind::Dag { .. } => {
                if task.limit() > 0 {
                    self.lose(
                        "lost-concurrent",
                        task.span,
                        tr!("a parallel group has no limit of how many run at once"),
                        tr!("all run at once"),
                    );
                }
                self.line(pad, "type: xlrelease.ParallelGroup");
                let children = self.enabled(&task.lists.tasks);
                self.tasks(&children, pad);
                self.links(task, pad);
            }
            Kind::Pause(_) if task.lists.tasks.is_empty() => self.gate(idx, task, pad),
            _ => self.release_leaf(idx, task, pad),
        }
    }

    fn links(&mut self, group: &Task, pad: usize) {
        let Kind::Dag(dag) = &group.kind else { return };
        let flow = self.flow;
        let child = |place: usize| flow.task(group.lists.tasks[place]);
        let mut is_first = true;
        for (target, sources) in dag.depends_on.iter().enumerate() {
            for source in sources.iter().map(|source| *source as usize) {
                if child(source).disabled || child(target).disabled {
                    continue;
                }
                if std::mem::take(&mut is_first) {
                    self.line(pad, "links:");
                }
                self.line(pad, &format!("- {{source: {}, target: {}}}", scalar(&child(source).id), scalar(&child(target).id)));
            }
        }
    }

    fn gate(&mut self, idx: TaskIdx, task: &Task, pad: usize) {
        if self.is_beside_others(idx) {
            let message = tr!("a pause inside a parallel group freezes the whole execution, a gate does not");
            self.lose("lost-freeze", task.span, message, tr!("becomes a gate"));
        }
        self.line(pad, "type: xlrelease.GateTask");
        match self.length(idx).or_else(|| self.length_alone(idx)) {
            Some(length) => self.planned_duration(length, task, pad),
            None => self.lose("lost-person", task.span, tr!("how long a person takes is unknown"), tr!("a gate takes an hour")),
        }
    }

    fn release_leaf(&mut self, idx: TaskIdx, task: &Task, pad: usize) {
        let message = if task.is_group() {
            tr!("a group of type `{type_name}` becomes one task", type_name = task.short_type())
        } else {
            tr!("a task of type `{type_name}` becomes a script task", type_name = task.short_type())
        };
        self.line(pad, "type: xlrelease.ScriptTask");
        let known = self.length(idx).or_else(|| task.sim_note?.takes.map(|takes| takes.likeliest.unwrap_or(takes.shortest)));
        let length = known.or_else(|| self.length_alone(idx));
        let instead = match (known, length) {
            (Some(_), _) => tr!("that takes as long as it did in the simulation"),
            (None, Some(_)) => tr!("that takes as long as it does when it runs alone, as it was not reached"),
            (None, None) => tr!("that takes a second, as it was not reached"),
        };
        self.lose("lost-type", task.span, message, instead);
        self.planned_duration(length.unwrap_or(SimTime(1000)), task, pad);
    }

    fn planned_duration(&mut self, length: SimTime, task: &Task, pad: usize) {
        let seconds = length.0 / 1000 + u64::from(length.0 % 1000 >= 500);
        if !length.0.is_multiple_of(1000) && task.sim_note.is_none_or(|note| note.takes.is_none()) {
            self.lose("lost-fraction", task.span, tr!("planned durations are whole seconds"), tr!("rounded to the nearest"));
        }
        self.line(pad, &format!("plannedDuration: {seconds}"));
    }
}
