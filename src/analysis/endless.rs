//! The script that has no end, and so stopped a run.

use crate::diag::Diagnostic;
use crate::flow::{Flow, Kind, Task};
use crate::sim::trace::{Trace, Truncated};
use crate::source::{Source, Span};
use crate::time::human;

/// A warning at the loop that has no end, or else at the first of its script; `None` for a run that was not stopped by one, or that is of
/// another text than `source`, the file with the index `file`.
#[must_use]
pub fn endless(flows: &[Flow], trace: &Trace, source: &Source, file: usize) -> Option<Diagnostic> {
    let Some(Truncated::Endless(run, line)) = trace.truncated else { return None };
    let task = trace.task_of(flows, run);
    if trace.flow_of(flows, trace.run(run).execution).file != file {
        return None;
    }
    let text = source.text.get(task.span.range())?;
    let is_loop = |line: &&str| ["while ", "until ", "for "].iter().any(|word| line.contains(word));
    let line = line.and_then(|nth| line_of_script(task, text, nth as usize)).or(text.lines().find(is_loop));
    let line = line.unwrap_or(text.lines().next()?);
    // A slice of the text knows its place in it.
    let from = task.span.start + (line.as_ptr() as usize - text.as_ptr() as usize) as u32;
    let indent = (line.len() - line.trim_start().len()) as u32;
    let span = Span::new((from + indent) as usize, from as usize + line.trim_end().len());
    let found = Diagnostic::warning("endless", span, format!("the script of `{}` never ends", task.title()));
    Some(found.label(format!("the run was stopped here, at {}", human(trace.end))).help("let the loop end, or give the task a `timeout`"))
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
    use crate::sim::scenario::Scenario;
    use crate::sim::simulate;

    /// The words that are marked, for a task with these commands.
    fn marked(commands: &str) -> String {
        let text =
            format!("id: f\nnamespace: n\ntasks:\n  - id: t\n    type: io.kestra.plugin.scripts.shell.Commands\n    commands:\n{commands}");
        let source = Source::new("flow.yaml", &text);
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
}
