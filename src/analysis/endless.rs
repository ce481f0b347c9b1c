//! What stopped a run: a script that has no end, or what used up its budget.

use crate::budget::Resource;
use crate::diag::Diagnostic;
use crate::flow::{Flow, Kind, Task};
use crate::sim::trace::{RunIdx, Trace, Truncated};
use crate::source::{Source, Span};
use crate::time::human;
use crate::tr;

/// A warning at the loop that has no end, or else at the first of its script; or at what used up the budget of a run. `None` for a run
/// that was not stopped by one, or that is of another text than `source`, the file with the index `file`.
#[must_use]
pub fn endless(flows: &[Flow], trace: &Trace, source: &Source, file: usize) -> Option<Diagnostic> {
    let (run, line) = match trace.truncated? {
        Truncated::Endless(run, line) => (Some(run), line),
        Truncated::Spent(_, run) => (run, None),
        Truncated::Horizon | Truncated::Events => return None,
    };
    let flow = run.map_or(flows.first()?, |run| trace.flow_of(flows, trace.run(run).execution));
    if flow.file != file {
        return None;
    }
    let task = run.map(|run| trace.task_of(flows, run));
    let at = task.map_or(flow.span, |task| task.span);
    let text = source.text.get(at.range())?;
    let is_loop = |line: &&str| ["while ", "until ", "for ", "{%", "{{"].iter().any(|word| line.contains(word));
    let line = line.zip(task).and_then(|(nth, task)| line_of_script(task, text, nth as usize)).or(text.lines().find(is_loop));
    let line = line.or(text.lines().next())?;
    // A slice of the text knows its place in it.
    let from = at.start + (line.as_ptr() as usize - text.as_ptr() as usize) as u32;
    let indent = (line.len() - line.trim_start().len()) as u32;
    let span = Span::new((from + indent) as usize, from as usize + line.trim_end().len());
    let stopped = tr!("the run was stopped here, at {time}", time = human(trace.end));
    Some(match trace.truncated? {
        Truncated::Spent(resource, run) => {
            let found = Diagnostic::warning("budget", span, spent_by(flows, trace, resource, run));
            found.label(stopped).help(tr!("give it fewer values, shorter loops, or smaller texts"))
        }
        _ => {
            let found = Diagnostic::warning("endless", span, tr!("the script of `{task}` never ends", task = task?.title()));
            found.label(stopped).help(tr!("let the loop end, or give the task a `timeout`"))
        }
    })
}

/// What used up the budget of a run: a taskrun of the task that used most of it, or the execution itself.
#[must_use]
pub fn spent_by(flows: &[Flow], trace: &Trace, resource: Resource, run: Option<RunIdx>) -> String {
    let name = run.map_or_else(|| tr!("this flow"), |run| format!("`{}`", trace.task_of(flows, run).title()));
    match resource {
        Resource::Work => tr!("{name} takes more work than a run may", name),
        Resource::Bytes => tr!("{name} keeps more outputs, logs and executions than a run may", name),
    }
}

/// The line of the text of a task that has the nth line of its script, from 0. `None` where the text writes it in another way.
fn line_of_script<'a>(task: &Task, text: &'a str, nth: usize) -> Option<&'a str> {
    let Kind::Shell(shell) = &task.kind else { return None };
    let lines = || shell.0.before.iter().chain(&shell.0.commands).flat_map(|command| command.split('\n')).map(str::trim);
    let wanted = lines().nth(nth)?;
    let n_before = lines().take(nth).filter(|line| *line == wanted).count();
    text.lines().filter(|line| line.contains(wanted)).nth(n_before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{BYTES, WORK};
    use crate::sim::scenario::Scenario;
    use crate::sim::simulate;

    /// The words that are marked, for a task with these commands.
    fn marked(commands: &str) -> String {
        let text =
            format!("id: f\nnamespace: n\ntasks:\n  - id: t\n    type: io.kestra.plugin.scripts.shell.Commands\n    commands:\n{commands}");
        let source = Source::new("flow.yaml", &*text);
        let (document, _) = crate::syntax::parse(&source);
        let (flows, _) = crate::flow::read(&document, &source, None);
        let trace = simulate(&flows, &Scenario::default());
        let found = endless(&flows, &trace, &source, 0).expect("it never ends");
        format!("{}: {}", source.position(found.span.start).line, &text[found.span.range()])
    }

    #[test]
    fn the_loop_that_never_ends_is_marked() {
        assert_eq!(
            marked("      - for i in 1 2; do echo $i; done\n      - while true; do echo yes; done\n"),
            "8: - while true; do echo yes; done"
        );
        let nested = "      - |\n        until false; do\n          for i in 1 2 3; do\n            true\n          done\n        done\n";
        assert_eq!(marked(nested), "8: until false; do");
        let inner = "      - |\n        for i in 1 2 3; do\n          while true\n          do :; done\n        done\n";
        assert_eq!(marked(inner), "9: while true");
        let twice = "      - while false; do :; done\n      - x=1\n      - while [ $x = 1 ]; do :; done\n";
        assert_eq!(marked(twice), "9: - while [ $x = 1 ]; do :; done");
        assert_eq!(marked("      - f() { f; }\n      - f\n"), "4: id: t");
    }

    /// What is said of a run of ForEach over so many values, with this task, and the words that are marked.
    fn spent(n: u32, task: &str) -> String {
        let text = format!(
            "id: f\nnamespace: n\ntasks:\n  - id: small\n    type: io.kestra.plugin.core.log.Log\n    message: \"{{{{ flow.id }}}}\"\n  - id: e\n    \
             type: io.kestra.plugin.core.flow.ForEach\n    values: \"{{{{ range(1, {n}) }}}}\"\n    concurrencyLimit: 0\n    tasks:\n      - id: t\n{task}"
        );
        let source = Source::new("flow.yaml", &*text);
        let (document, _) = crate::syntax::parse(&source);
        let (flows, _) = crate::flow::read(&document, &source, None);
        // A hundredth of what a run may use.
        let (max_work, max_bytes) = (WORK / 100, BYTES / 100);
        let trace = simulate(&flows, &Scenario { max_work, max_bytes, ..Scenario::default() });
        let Some(found) = endless(&flows, &trace, &source, 0) else { return "it ends".to_owned() };
        format!("{} | {}: {}", found.message, source.position(found.span.start).line, &text[found.span.range()])
    }

    fn spent_by_text(n: u32, format: &str) -> String {
        spent(n, &format!("        type: io.kestra.plugin.core.debug.Return\n        format: '{format}'\n"))
    }

    fn spent_by_script(n: u32, script: &str) -> String {
        spent(
            n,
            &format!("        type: io.kestra.plugin.scripts.shell.Script\n        script: |\n          echo begin\n          {script}\n"),
        )
    }

    #[test]
    fn a_run_has_one_budget_of_work_and_of_bytes() {
        let large = r#"{% set a = "aaaaaaaaaaaaaaaa" %}{% for i in range(1,10) %}{% set a = a ~ a %}{% endfor %}"#;
        let of_work = "`t` takes more work than a run may";
        let expressions = [
            "{% for i in range(1,3000) %}{% endfor %}".to_owned(),
            r#"{{ "1" | jq("[range(1000)]|length") }}"#.to_owned(),
            large.to_owned() + r#"{{ a | replace({"(a|aa)+b": "x"}, regexp=true) | length }}"#,
            large.to_owned() + "{{ a | sha256 }}",
        ];
        for format in expressions {
            let wanted = format!("{of_work} | 14: format: '{format}'");
            assert_eq!(spent_by_text(300, &format), wanted);
        }
        let script = "for i in $(seq 1 1000); do :; done";
        assert_eq!(spent_by_script(300, script), format!("{of_work} | 16: {script}"));
        assert!(spent_by_script(300, "seq 1 3000 | grep -c '[1-3]*4'").starts_with(of_work));
        let kept = "`t` keeps more outputs, logs and executions than a run may";
        assert!(spent_by_text(300, &(large.to_owned() + "{{ a }}")).starts_with(kept));
        assert!(spent_by_script(300, "seq 1 500").starts_with(kept));
    }

    #[test]
    fn a_run_of_very_many_plain_tasks_does_not_meet_its_budget() {
        assert_eq!(spent_by_text(1000, "{{ taskrun.value }} of {{ flow.id | upper }}"), "it ends");
        assert_eq!(spent_by_script(1000, "for i in 1 2 3; do echo $i; done; sleep 1"), "it ends");
    }
}
