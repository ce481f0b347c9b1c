//! `# sim: 2s..5s fail=20%`: a comment that sets how long a task takes in the simulation and how it ends, and that means
//! nothing to a server.
//!
//! A comment on a line of a task, or alone on the line above it, is for that task. A length is `3s`, `500ms`, `1.5m`, `2h`,
//! `1m 30s` or ISO-8601. Between two lengths, `2s..5s`, one is drawn from the seed; of three, `2s..3s..9s`, the middle one is the most
//! likely. `fail` fails always, `fail=20%` in 20 of 100 runs.

use crate::diag::{Diagnostic, report};
use crate::flow::{Kind, SimNote, Takes, Task};
use crate::source::{Source, Span};
use crate::syntax::Comment;
use crate::time::parse_duration;
use crate::tr;

/// Sets the note of each task that has one, and takes back what is reported of a type that is not simulated: the note says how
/// its task is to be taken. Reports a note that can't be read, or that is at no task.
pub fn attach(tasks: &mut [Task], comments: &[Comment], source: &Source, diagnostics: &mut Vec<Diagnostic>) {
    let mut noted: Vec<Span> = Vec::new();
    let notes = comments.iter().filter_map(|comment| Some((comment, comment.text.strip_prefix("sim:")?)));
    let mut places: Option<Places> = None;
    for (comment, words) in notes {
        let Some(note) = read(words) else {
            let found = Diagnostic::warning("sim-note", comment.span, tr!("this note on the simulation can't be read"));
            let help = tr!("write `# sim: 3s`, `# sim: 2s..5s`, `# sim: 2s..3s..9s`, `# sim: 3s fail=20%` or `# sim: fail`");
            report(diagnostics, found.help(help));
            continue;
        };
        let at = places.get_or_insert_with(|| Places::of(tasks)).task_of(tasks, comment, source);
        if let Some(task) = at.and_then(|at| tasks.get_mut(at)) {
            task.sim_note = Some(note);
            noted.extend(matches!(task.kind, Kind::Opaque(_)).then_some(task.span));
        } else {
            let found = Diagnostic::warning("sim-note", comment.span, tr!("this note on the simulation belongs to no task"));
            report(diagnostics, found.help(tr!("write it on the first line of a task, or on the line above it")));
        }
    }
    noted.sort_unstable();
    let last_before = |found: &Diagnostic| noted.get(noted.partition_point(|span| span.start <= found.span.start).checked_sub(1)?);
    diagnostics.retain(|found| found.code != "not-simulated" || last_before(found).is_none_or(|span| !span.contains(found.span)));
}

/// The index of the task that a comment is for: the task whose first line follows, or the innermost task on its line.
pub fn task_of(tasks: &[Task], comment: &Comment, source: &Source) -> Option<usize> {
    Places::of(tasks).task_of(tasks, comment, source)
}

/// A comment so many bytes above a task is not for it.
const FAR: usize = 4096;

/// The indices of tasks, in the order in which they begin in the text.
struct Places(Vec<usize>);

impl Places {
    fn of(tasks: &[Task]) -> Self {
        let mut places: Vec<usize> = (0..tasks.len()).collect();
        places.sort_by_key(|at| tasks.get(*at).map(|task| task.span.start));
        Self(places)
    }

    fn task_of(&self, tasks: &[Task], comment: &Comment, source: &Source) -> Option<usize> {
        let start = comment.span.range().start;
        let line_start = source.line_span(source.position(comment.span.start).line).range().start;
        let n_before = self.0.partition_point(|at| tasks.get(*at).is_some_and(|task| task.span.range().start < start));
        if comment.own_line {
            // Only spaces, the dash of the list, the `task:` of a Dag and further comments may be between the comment and the task.
            let next = *self.0.get(n_before)?;
            let between = source.text.get(comment.span.range().end..tasks.get(next)?.span.range().start)?;
            let mut lines = between.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            if between.len() < FAR && lines.all(|line| matches!(line, "-" | "- task:")) {
                return Some(next);
            }
        }
        // A task that began before and does not go on to this line has nothing around it that ends there but its groups.
        let last = self.0.get(n_before.checked_sub(1)?).copied();
        let around = |at: &usize| Some(tasks.get(*at)?.parent?.at());
        std::iter::successors(last, around).find(|at| tasks.get(*at).is_some_and(|task| task.span.range().end > line_start))
    }
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
