//! The properties of each task type to its [`Kind`]. Rules: Kestra, "Flowable tasks" and "Runnable tasks".

use std::rc::Rc;

use super::{Reader, count};
use crate::flow::kestra::inputs::read_inputs;
use crate::flow::{EachOrder, Kind, Level, LoopUntil, Pause, Script, Subflow, Task, TaskIdx};
use crate::syntax::Node;
use crate::value::Value;

/// Where the script tasks stand.
const SCRIPTS: &str = "io.kestra.plugin.scripts.";

impl Reader<'_> {
    /// What a task of a known type does; `name` is the type's name of today.
    pub(super) fn kind(&mut self, name: &str, node: &Node) -> Kind {
        let text = |key: &str| self.text(node, key);
        let required = |key: &str| self.text(node, key).unwrap_or_default();
        let values = |key: &str| match self.value(node, key) {
            Value::Null => self.value(node, "value"),
            written => written,
        };
        match name.strip_prefix("io.kestra.plugin.core.").unwrap_or(name) {
            "flow.Sequential" => Kind::Sequential,
            "flow.Parallel" => Kind::Parallel { concurrent: count(node, "concurrent") },
            "flow.Dag" => Kind::Dag { concurrent: count(node, "concurrent"), depends_on: self.depends_on(node) },
            "flow.ForEach" => {
                let limit = if node.get("concurrencyLimit").is_some() { count(node, "concurrencyLimit") } else { 1 };
                Kind::ForEach { values: values("values"), limit, order: EachOrder::Lanes }
            }
            "flow.EachSequential" => Kind::ForEach { values: values("value"), limit: 1, order: EachOrder::Sequential },
            "flow.EachParallel" => Kind::ForEach { values: values("value"), limit: count(node, "concurrent"), order: EachOrder::Pairs },
            "flow.If" => Kind::If { condition: required("condition") },
            "flow.Switch" => Kind::Switch { value: required("value") },
            "flow.AllowFailure" => Kind::AllowFailure,
            "flow.Pause" => Kind::Pause(Box::new(Pause {
                delay: text("pauseDuration").or_else(|| text("delay")),
                timeout: text("timeout"),
                behavior: text("behavior"),
                on_resume: node.get("onResume").map(|inputs| read_inputs(inputs, self.source, self.diagnostics)).unwrap_or_default(),
            })),
            "flow.LoopUntil" | "flow.WaitFor" => {
                let frequency = node.get("checkFrequency").unwrap_or(node);
                Kind::LoopUntil(Box::new(LoopUntil {
                    condition: required("condition"),
                    max_iterations: self.text(frequency, "maxIterations"),
                    max_duration: self.text(frequency, "maxDuration"),
                    interval: self.text(frequency, "interval"),
                    fail_on_max_reached: self.flag(node, "failOnMaxReached", false),
                }))
            }
            "flow.WorkingDirectory" => Kind::WorkingDirectory,
            "flow.Subflow" => Kind::Subflow(Box::new(self.subflow(node))),
            "flow.ForEachItem" => Kind::ForEachItem,
            "flow.Template" => Kind::Template { called: format!("{}.{}", required("namespace"), required("templateId")).into() },
            "flow.Sleep" => Kind::Sleep { duration: required("duration") },
            "debug.Return" => Kind::Return { format: text("format") },
            "debug.Echo" => Kind::Log { messages: vec![required("format")], level: self.level(node) },
            "log.Log" => Kind::Log { messages: self.texts(node, "message"), level: self.level(node) },
            "execution.Fail" => {
                Kind::Fail { condition: text("condition"), message: text("errorMessage").unwrap_or_else(|| Rc::from("Task failure")) }
            }
            "execution.Labels" => Kind::Labels { labels: self.value(node, "labels") },
            "execution.Exit" => Kind::Exit { state: text("state").unwrap_or_else(|| Rc::from("SUCCESS")) },
            "execution.Assert" => Kind::Assert { conditions: self.texts(node, "conditions"), message: text("errorMessage") },
            "execution.SetVariables" => {
                Kind::SetVariables { variables: self.value(node, "variables"), overwrite: self.flag(node, "overwrite", true) }
            }
            "execution.UnsetVariables" => {
                Kind::UnsetVariables { variables: self.texts(node, "variables"), ignore_missing: self.flag(node, "ignoreMissing", false) }
            }
            "output.OutputValues" => Kind::OutputValues { values: self.value(node, "values") },
            "http.Request" => Kind::Request { uri: required("uri") },
            "http.Download" => Kind::Download { uri: required("uri") },
            script if script.starts_with(SCRIPTS) || script.starts_with("io.kestra.core.tasks.scripts.") => self.script(script, node),
            _ => Kind::Opaque,
        }
    }

    fn level(&self, node: &Node) -> Level {
        self.text(node, "level").and_then(|name| Level::from_name(&name)).unwrap_or_default()
    }

    fn script(&self, name: &str, node: &Node) -> Kind {
        let commands = if node.get("script").is_some() { self.texts(node, "script") } else { self.texts(node, "commands") };
        let script = Script {
            before: self.texts(node, "beforeCommands"),
            commands,
            env: self.value(node, "env"),
            fail_fast: self.flag(node, "failFast", true),
            warning_on_std_err: self.flag(node, "warningOnStdErr", true),
            input_files: self.value(node, "inputFiles"),
            finds_files: node.get("namespaceFiles").is_some(),
            gives_files: ["outputFiles", "outputDirectory", "outputs", "outputsFiles"].iter().any(|key| node.get(key).is_some()),
        };
        let is_shell = name.starts_with("io.kestra.plugin.scripts.shell.") || name.ends_with(".Bash");
        if is_shell { Kind::Shell(Box::new(script)) } else { Kind::Script(Box::new(script)) }
    }

    /// For each task of a Dag the places of those it waits for. One that is not there is told by the validation.
    fn depends_on(&self, node: &Node) -> Vec<Vec<u32>> {
        let items = node.get("tasks").map(Node::items).unwrap_or_default();
        let id = |item: &Node| item.get("task").and_then(|task| self.text(task, "id")).unwrap_or_default();
        let ids: Vec<Rc<str>> = items.iter().map(id).collect();
        let places = |item: &Node| {
            let wanted = self.texts(item, "dependsOn");
            wanted.iter().filter_map(|id| ids.iter().position(|known| known == id)).map(|at| at as u32).collect()
        };
        items.iter().map(places).collect()
    }

    fn subflow(&self, node: &Node) -> Subflow {
        Subflow {
            namespace: self.text(node, "namespace").unwrap_or_default(),
            flow_id: self.text(node, "flowId").unwrap_or_default(),
            inputs: self.value(node, "inputs"),
            labels: self.labels(node),
            wait: self.flag(node, "wait", true),
            transmit_failed: self.flag(node, "transmitFailed", true),
            inherit_labels: self.flag(node, "inheritLabels", false),
            outputs: self.value(node, "outputs"),
            each_batch: false,
        }
    }

    /// A ForEachItem shows as a group of three: it splits its file, starts an execution for each batch, and merges.
    pub(super) fn for_each_item_parts(&mut self, node: &Node, group: TaskIdx) -> Vec<TaskIdx> {
        let each = Subflow { each_batch: true, ..self.subflow(node) };
        let parts = [("split", Kind::ForEachItemPart), ("items", Kind::Subflow(Box::new(each))), ("merge", Kind::ForEachItemPart)];
        let mut part = |(name, kind): (&str, Kind)| {
            let of = &self.tasks[group.0 as usize];
            let (id, type_name) = (format!("{}_{name}", of.id).into(), Rc::clone(&of.type_name));
            let task = Task {
                id,
                type_name,
                kind,
                parent: Some(group),
                disabled: false,
                run_if: None,
                timeout: None,
                lists: Default::default(),
                sim_note: None,
                ..of.clone()
            };
            self.tasks.push(task);
            TaskIdx(self.tasks.len() as u32 - 1)
        };
        parts.map(&mut part).to_vec()
    }
}
