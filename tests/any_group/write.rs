//! Random flows as YAML; the n-th task in the text is called `tN`, n from 0.

use std::fmt::Write;

use parallelogram::flow::Version;

use super::{Block, Branch, Flags, Flows, Shape, Task, What};

/// The text of a flow.
pub fn text(block: &Block) -> String {
    let mut writer = Writer { version: block.version, out: "id: f\nnamespace: n\n".to_owned(), n_tasks: 0, calls: false };
    writer.lists(block, "", 0, false);
    writer.out
}

/// The text of two flows, `f` and `g`.
pub fn both(flows: &Flows) -> String {
    let mut writer = Writer { version: flows.main.version, out: String::new(), n_tasks: 0, calls: true };
    for (id, block, concurrency) in [("f", &flows.main, flows.concurrency[0]), ("g", &flows.called, flows.concurrency[1])] {
        writer.line(0, &format!("id: {id}\nnamespace: n"));
        if let Some((limit, behavior)) = concurrency {
            writer.line(0, &format!("concurrency: {{limit: {limit}, behavior: {behavior}}}"));
        }
        writer.lists(block, "", 0, false);
        if writer.calls {
            writer.line(0, "---");
        }
        writer.calls = false;
    }
    writer.out
}

struct Writer {
    version: Version,
    out: String,
    n_tasks: u32,
    /// Whether there is a flow that can be called.
    calls: bool,
}

fn seconds(ms: u64) -> String {
    format!("PT{}.{:03}S", ms / 1000, ms % 1000)
}

fn values(n: u8) -> String {
    format!("[{}]", ["a", "b c", "3"].iter().take(usize::from(n)).map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", "))
}

impl Writer {
    fn line(&mut self, depth: usize, text: &str) {
        writeln!(self.out, "{}{text}", "  ".repeat(depth)).expect("a string takes all that is written to it");
    }

    /// 2.0 refuses some durations of zero.
    fn not_zero(&self, ms: u64) -> u64 {
        if self.version == Version::V2_0 { ms.max(1) } else { ms }
    }

    fn on_child_failure(&mut self, written: Option<&str>, depth: usize) {
        if let Some(word) = written {
            self.line(depth, &format!("onChildFailure: {word}"));
        }
    }

    /// The three lists of a group, the first under the name of its kind.
    fn lists(&mut self, block: &Block, own_name: &str, depth: usize, in_values: bool) {
        let first = if own_name.is_empty() { "tasks" } else { own_name };
        for (name, tasks) in [(first, &block.tasks), ("errors", &block.errors), ("finally", &block.finally)] {
            self.list(name, tasks, depth, in_values);
        }
    }

    fn list(&mut self, name: &str, tasks: &[Task], depth: usize, in_values: bool) {
        if !tasks.is_empty() {
            self.line(depth, &format!("{name}:"));
            tasks.iter().for_each(|task| self.task(task, depth + 1, in_values));
        }
    }

    /// A list of one task that takes no time.
    fn other(&mut self, name: &str, depth: usize) {
        self.list(name, &[Task { what: What::Return, flags: Flags::default() }], depth, false);
    }

    fn head(&mut self, depth: usize) -> u32 {
        let id = self.n_tasks;
        self.n_tasks += 1;
        self.line(depth, &format!("- id: t{id}"));
        id
    }

    /// A task as an item of a list. `in_values`: whether a group around it has values.
    fn task(&mut self, task: &Task, depth: usize, in_values: bool) {
        let id = self.head(depth);
        let depth = depth + 1;
        self.flags(&task.flags, depth);
        let kind = |group: &str| format!("type: io.kestra.plugin.core.{group}");
        match &task.what {
            // 2.0 fails a Sleep that takes no time.
            What::Sleep(0) if self.version == Version::V2_0 => self.line(depth, &kind("debug.Return")),
            What::Sleep(ms) => self.line(depth, &format!("{}\n{}duration: {}", kind("flow.Sleep"), "  ".repeat(depth), seconds(*ms))),
            What::TooLong(ms) => {
                self.line(depth, &kind("flow.Sleep"));
                self.line(depth, &format!("duration: PT9H\n{}timeout: {}", "  ".repeat(depth), seconds(*ms)));
            }
            What::Shell(ms) => {
                self.line(depth, "type: io.kestra.plugin.scripts.shell.Commands");
                self.line(depth, &format!("commands: ['echo \"{{{{task.id}}}}\"', sleep {}.{:03}]", ms / 1000, ms % 1000));
            }
            What::Subflow(waits) if self.calls => {
                self.line(depth, &kind("flow.Subflow"));
                self.line(depth, &format!("namespace: n\n{0}flowId: g\n{0}wait: {waits}", "  ".repeat(depth)));
            }
            What::Return | What::Subflow(_) => {
                self.line(depth, &kind("debug.Return"));
                self.line(depth, "format: '{{taskrun.startDate}}'");
            }
            What::Fails(n) => {
                self.line(depth, &kind("execution.Fail"));
                self.line(depth, &format!("condition: '{{{{ taskrun.attemptsCount < {n} }}}}'"));
            }
            What::Group(shape, block) => self.group(id, shape, block, depth, in_values),
        }
    }

    fn flags(&mut self, flags: &Flags, depth: usize) {
        let Flags { disabled, skipped, unclear, allow_failure, allow_warning, retry } = flags;
        let lines = [
            (*disabled, "disabled: true"),
            (*skipped, "runIf: '{{ 1 > 2 }}'"),
            (*unclear && !skipped, "runIf: '{{ nope }}'"),
            (*allow_failure, "allowFailure: true"),
            (*allow_warning, "allowWarning: true"),
        ];
        lines.into_iter().filter(|(holds, _)| *holds).for_each(|(_, line)| self.line(depth, line));
        if let Some((delay_ms, attempts, new_execution)) = retry {
            let behavior = if *new_execution { "CREATE_NEW_EXECUTION" } else { "RETRY_FAILED_TASK" };
            let interval = seconds(self.not_zero(*delay_ms));
            let most = if self.version == Version::V2_0 { "maxAttempts" } else { "maxAttempt" };
            self.line(depth, &format!("retry: {{type: constant, interval: {interval}, {most}: {attempts}, behavior: {behavior}}}"));
        }
    }

    fn group(&mut self, id: u32, shape: &Shape, block: &Block, depth: usize, in_values: bool) {
        let name = match shape {
            Shape::Sequential => "Sequential",
            Shape::AllowFailure => "AllowFailure",
            Shape::WorkingDirectory => "WorkingDirectory",
            Shape::Parallel(..) => "Parallel",
            Shape::Dag(..) => "Dag",
            Shape::Loop(..) => "Loop",
            Shape::ForEach(..) => "ForEach",
            Shape::EachSequential(_) => "EachSequential",
            Shape::EachParallel(..) => "EachParallel",
            Shape::If(_) => "If",
            Shape::Switch(_) => "Switch",
            Shape::Pause(_) => "Pause",
            Shape::LoopUntil(..) => "LoopUntil",
        };
        self.line(depth, &format!("type: io.kestra.plugin.core.flow.{name}"));
        match shape {
            Shape::Sequential | Shape::AllowFailure => self.lists(block, "tasks", depth, in_values),
            Shape::WorkingDirectory => {
                let calls = std::mem::take(&mut self.calls);
                self.lists(block, "tasks", depth, in_values);
                self.calls = calls;
            }
            Shape::Parallel(limit, failure) => {
                self.line(depth, &format!("concurrent: {limit}"));
                self.on_child_failure(*failure, depth);
                self.lists(block, "tasks", depth, in_values);
            }
            Shape::Dag(limit, needs, failure) => {
                self.line(depth, &format!("concurrent: {limit}"));
                self.on_child_failure(*failure, depth);
                self.dag(block, needs, depth, in_values);
            }
            Shape::Loop(limit, n) => {
                self.line(depth, &format!("values: {}", values(*n)));
                self.line(depth, &format!("concurrencyLimit: {limit}"));
                self.lists(block, "tasks", depth, false);
            }
            Shape::ForEach(limit, n) => {
                self.line(depth, &format!("values: {}", values(*n)));
                self.line(depth, &format!("concurrencyLimit: {limit}"));
                self.lists(block, "tasks", depth, true);
            }
            Shape::EachSequential(n) => {
                self.line(depth, &format!("value: {}", values(*n)));
                self.lists(block, "tasks", depth, true);
            }
            Shape::EachParallel(limit, n) => {
                self.line(depth, &format!("value: {}", values(*n)));
                self.line(depth, &format!("concurrent: {limit}"));
                self.lists(block, "tasks", depth, true);
            }
            Shape::If(branch) => {
                self.line(depth, &format!("condition: '{{{{ 1 < {} }}}}'", if *branch == Branch::First { 2 } else { 1 }));
                if *branch == Branch::Otherwise {
                    self.other("then", depth);
                }
                self.lists(block, if *branch == Branch::Otherwise { "else" } else { "then" }, depth, in_values);
            }
            Shape::Switch(branch) => {
                self.line(depth, "value: x");
                self.line(depth, "cases:");
                match branch {
                    Branch::Otherwise => self.other("y", depth + 1),
                    Branch::First => self.list("x", &block.tasks, depth + 1, in_values),
                    Branch::Never => self.list("y", &block.tasks, depth + 1, in_values),
                }
                match branch {
                    Branch::Otherwise => self.list("defaults", &block.tasks, depth, in_values),
                    Branch::First => self.other("defaults", depth),
                    Branch::Never => {}
                }
                self.lists(&Block { tasks: Vec::new(), ..block.clone() }, "tasks", depth, in_values);
            }
            Shape::Pause(ms) => {
                let name = if self.version == Version::V2_0 { "pauseDuration" } else { "delay" };
                self.line(depth, &format!("{name}: {}", seconds(*ms)));
                // A Pause of 2.0 has no tasks of its own.
                let tasks = if self.version == Version::V2_0 { Vec::new() } else { block.tasks.clone() };
                self.lists(&Block { tasks, ..block.clone() }, "tasks", depth, in_values);
            }
            Shape::LoopUntil(rounds, interval_ms, by_condition) => {
                let (condition, most) = match by_condition {
                    // Below values, outputs are addressed by them.
                    true if !in_values => (format!("'{{{{ outputs.t{id}.iterationCount >= {rounds} }}}}'"), 100),
                    _ => ("'false'".to_owned(), *rounds),
                };
                self.line(depth, &format!("condition: {condition}"));
                self.line(depth, &format!("checkFrequency: {{interval: {}, maxIterations: {most}}}", seconds(self.not_zero(*interval_ms))));
                self.lists(block, "tasks", depth, in_values);
            }
        }
    }

    fn dag(&mut self, block: &Block, needs: &[u8], depth: usize, in_values: bool) {
        self.line(depth, "tasks:");
        let mut ids: Vec<String> = Vec::new();
        for (task, needs) in block.tasks.iter().zip(needs) {
            // Since 1.3 a task that depends on a disabled one never starts.
            let counts = |k: usize| self.version == Version::V0_21 || !block.tasks[k].flags.disabled;
            let is_needed = |k: usize| needs >> k & 1 == 1 && counts(k);
            let wanted: Vec<&str> = ids.iter().enumerate().filter(|(k, _)| is_needed(*k)).map(|(_, id)| id.as_str()).collect();
            let wanted = wanted.join(", ");
            self.line(depth + 1, &format!("- dependsOn: [{wanted}]"));
            self.line(depth + 2, "task:");
            ids.push(format!("t{}", self.n_tasks));
            // A single task is an item of a list without its dash.
            let start = self.out.len();
            self.task(task, depth + 3, in_values);
            let dash = self.out[start..].find("- ").map(|at| start + at);
            self.out.replace_range(dash.expect("a task begins with a dash")..dash.map_or(0, |at| at + 2), "  ");
        }
        self.lists(&Block { tasks: Vec::new(), ..block.clone() }, "tasks", depth, in_values);
    }
}
