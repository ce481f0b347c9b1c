//! `# sim: 2s..5s fail=20%`: a comment that sets how long a task takes in the simulation and how it ends, and that means
//! nothing to a server.
//!
//! A comment on a line of a task, or alone on the line above it, is for that task. A length is `3s`, `500ms`, `1.5m`, `2h`,
//! `1m 30s` or ISO-8601. Between two lengths, `2s..5s`, one is drawn from the seed; of three, `2s..3s..9s`, the middle one is the most
//! likely. `fail` fails always, `fail=20%` in 20 of 100 runs.

use crate::diag::Diagnostic;
use crate::flow::{Kind, SimNote, Takes, Task};
use crate::source::Source;
use crate::syntax::Comment;
use crate::time::parse_duration;
use crate::tr;

/// Sets the note of each task that has one, and takes back what is reported of a type that is not simulated: the note says how
/// its task is to be taken. Reports a note that can't be read, or that is at no task.
pub fn attach(tasks: &mut [Task], comments: &[Comment], source: &Source, diagnostics: &mut Vec<Diagnostic>) {
    for comment in comments {
        let Some(words) = comment.text.strip_prefix("sim:") else { continue };
        let Some(note) = read(words) else {
            let found = Diagnostic::warning("sim-note", comment.span, tr!("this note on the simulation can't be read"));
            diagnostics
                .push(found.help(tr!("write `# sim: 3s`, `# sim: 2s..5s`, `# sim: 2s..3s..9s`, `# sim: 3s fail=20%` or `# sim: fail`")));
            continue;
        };
        if let Some(task) = task_of(tasks, comment, source).and_then(|at| tasks.get_mut(at)) {
            task.sim_note = Some(note);
            if matches!(task.kind, Kind::Opaque(_)) {
                diagnostics.retain(|found| found.code != "not-simulated" || !task.span.contains(found.span));
            }
        } else {
            let found = Diagnostic::warning("sim-note", comment.span, tr!("this note on the simulation belongs to no task"));
            diagnostics.push(found.help(tr!("write it on the first line of a task, or on the line above it")));
        }
    }
}

/// The index of the task that a comment is for: the task whose first line follows, or the innermost task on its line.
pub fn task_of(tasks: &[Task], comment: &Comment, source: &Source) -> Option<usize> {
    let start = comment.span.range().start;
    let line_start = source.line_span(source.position(comment.span.start).line).range().start;
    if comment.own_line {
        // Only spaces, the dash of the list, the `task:` of a Dag and further comments may be between the comment and the task.
        let (next, task) = tasks.iter().enumerate().find(|(_, task)| task.span.range().start >= start)?;
        let between = source.text.get(comment.span.range().end..task.span.range().start)?;
        let mut lines = between.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        if lines.all(|line| matches!(line, "-" | "- task:")) {
            return Some(next);
        }
    }
    let on_line = |task: &Task| task.span.range().start < start && task.span.range().end > line_start;
    tasks.iter().rposition(on_line)
}

/// Reads a note without its `sim:`.
pub fn read(words: &str) -> Option<SimNote> {
    let mut note = SimNote::default();
    let mut length = Vec::new();
    for word in words.split_whitespace() {
        if word == "fail" {
            note.fails_percent = 100;
        } else if let Some(percent) = word.strip_prefix("fail=") {
            note.fails_percent = percent.strip_suffix('%').unwrap_or(percent).parse().ok().filter(|percent| *percent <= 100)?;
        } else {
            length.push(word);
        }
    }
    if !length.is_empty() {
        note.takes = Some(takes(&length.join(" "))?);
    }
    (!words.trim().is_empty()).then_some(note)
}

/// Reads `3s`, `2s..5s` or `2s..3s..9s`, where the middle one is the most likely. Spaces do not matter.
#[must_use]
pub fn takes(text: &str) -> Option<Takes> {
    let lengths: Vec<_> = text.split("..").map(parse_duration).collect::<Option<_>>()?;
    let takes = match lengths[..] {
        [only] => Takes::always(only),
        [shortest, longest] => Takes { shortest, likeliest: None, longest },
        [shortest, likeliest, longest] => Takes { shortest, likeliest: Some(likeliest), longest },
        _ => return None,
    };
    lengths.is_sorted().then_some(takes)
}
