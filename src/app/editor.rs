//! What the text editor is given: problems, completions, and the words around the text. Offsets are UTF-16 code units, as the
//! browser counts.

use serde::Serialize;

use super::run::{Reading, Run};
use crate::analysis::endless::endless;
use crate::complete::{Completion, completions, hover};
use crate::diag::{Diagnostic, Fix, Severity, merged};
use crate::edit::difference;
use crate::flow::{Dialect, Version};
use crate::source::{Source, Span};
use crate::tr;

impl Reading {
    /// The dialect of the text; Kestra's while nothing of it can be read.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.flows.first().map_or(Dialect::Kestra, |flow| flow.dialect)
    }

    /// The version of Kestra that the text is read for; `None` for a template.
    #[must_use]
    pub fn kestra(&self) -> Option<Version> {
        match self.flows.first() {
            Some(flow) => Some(flow.version).filter(|_| flow.dialect == Dialect::Kestra),
            None => Some(self.version.unwrap_or_else(|| Version::of_text(&self.document, &self.source))),
        }
    }

    /// `1 line`, `7 lines`.
    #[must_use]
    pub fn lines_text(&self) -> String {
        tr!("{n} line" | "{n} lines" % self.source.n_lines())
    }

    /// What the editor's head says of problems. `run` is the run of the text.
    #[must_use]
    pub fn status(&self, run: Option<&Run>) -> Status {
        let all = self.problems(run);
        let all = merged(&all);
        let count = |severity| all.iter().filter(|found| found.severity == severity).count();
        let (n_errors, n_others) = (count(Severity::Error), count(Severity::Warning) + count(Severity::Note));
        match (n_errors, n_others) {
            (0, n) if let Some(run) = run.filter(|run| !run.is_over()) => self.stopped(run, n),
            (0, 0) => Status::NoProblems,
            (0, n) => Status::Notes(notes_text(n)),
            (n, _) => Status::Problems(tr!("{n} problem" | "{n} problems" % n)),
        }
    }

    /// What is wrong with the text or to know about it, and where its run comes to faults of a version.
    fn problems(&self, run: Option<&Run>) -> Vec<Diagnostic> {
        let mut found = self.diagnostics.clone();
        if let Some(run) = run.filter(|_| !self.has_errors()) {
            if !run.is_over() {
                found.extend(self.endless(run));
            }
            found.extend(run.faults_in_text());
        }
        found
    }

    /// The script that has no end, when a run was stopped by one.
    #[inline(never)]
    pub(super) fn endless(&self, run: &Run) -> Option<Diagnostic> {
        endless(&run.flows, &run.trace, &self.source, 0)
    }

    /// What is said of a run that was stopped, beside so many notes.
    #[inline(never)]
    fn stopped(&self, run: &Run, n_notes: usize) -> Status {
        let line = self.endless(run).map(|found| self.source.position(found.span.start).line);
        let stopped = line.map_or_else(|| tr!("Stopped"), |line| tr!("Stopped at line {line}", line));
        let others = n_notes - usize::from(line.is_some());
        Status::Problems(if others > 0 { [stopped, notes_text(others)].join(", ") } else { stopped })
    }

    /// The first error as the banner over a stale chart shows it: its line from 1, and what follows `Line 7` with names in
    /// backticks.
    #[must_use]
    pub fn banner(&self) -> Option<(usize, String, Option<&Fix>)> {
        let found = self.diagnostics.iter().find(|found| found.is_error())?;
        let line = self.source.position(found.span.start).line;
        // Only the message of this one begins with its line.
        let after_line = found.message.split_once(&format!(" {line} ")).filter(|_| found.code == "tabs");
        let message = match after_line {
            Some((_, rest)) => format!(" {rest}"),
            None => format!(": {}", found.message),
        };
        Some((line, message, found.fix.as_deref()))
    }

    /// The problems as JSON: a list of `{from, to, severity, message, help, fix}`.
    #[must_use]
    pub fn problems_json(&self, run: Option<&Run>) -> String {
        let text = &self.source.text;
        let problem = |found: &'_ Diagnostic| {
            let fix = found.fix.as_deref().map(|fix| FixJson {
                from: utf16_offset(text, fix.span.start),
                to: utf16_offset(text, fix.span.end),
                text: fix.text.clone(),
                label: fix_label(fix),
            });
            ProblemJson {
                from: utf16_offset(text, found.span.start),
                to: utf16_offset(text, found.span.end),
                severity: match found.severity {
                    Severity::Error | Severity::Warning => found.severity.as_str(),
                    Severity::Note => "info",
                },
                message: found.message.clone(),
                help: found.help.clone().or((!found.label.is_empty()).then(|| found.label.clone())),
                fix,
            }
        };
        to_json(&self.problems(run).iter().map(problem).collect::<Vec<_>>())
    }
}

/// What the editor's head says of problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Nothing is wrong.
    NoProblems,
    /// `2 notes`: the text can be run.
    Notes(String),
    /// `1 problem`: the text can't be run.
    Problems(String),
}

fn notes_text(n: usize) -> String {
    tr!("{n} note" | "{n} notes" % n)
}

/// What the button of a fix says.
#[must_use]
pub fn fix_label(fix: &Fix) -> String {
    if fix.text.trim().is_empty() { tr!("Fix the indent") } else { tr!("Change to {text}", text = fix.text.trim()) }
}

#[derive(Serialize)]
struct ProblemJson {
    from: u32,
    to: u32,
    severity: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixJson>,
}

#[derive(Serialize)]
struct FixJson {
    from: u32,
    to: u32,
    text: String,
    label: String,
}

#[derive(Serialize)]
struct CompletionJson {
    label: String,
    insert: String,
    detail: String,
    from: u32,
}

/// A change of a text as the editor counts: what stands in place of the code units from `from` to before `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Change<'t> {
    pub from: u32,
    pub to: u32,
    pub text: &'t str,
}

impl<'t> Change<'t> {
    /// What makes one text of another; `None` where they are the same.
    #[must_use]
    pub fn between(before: &str, after: &'t str) -> Option<Self> {
        if before == after {
            return None;
        }
        let (range, text) = difference(before, after);
        let [from, to] = [range.start, range.end].map(|at| utf16_offset(before, Span::new(at, at).start));
        Some(Self { from, to, text })
    }

    /// Changes a text.
    pub fn apply(&self, source: &mut Source) {
        let [start, end] = [self.from, self.to].map(|at| byte_offset(&source.text, at));
        source.replace(Span { start, end }, self.text);
    }
}

/// What may be written at an offset of a text for a version of Kestra, by default the one that the text is for. As JSON: a list of
/// `{label, insert, detail, from}`.
#[must_use]
pub fn completions_json(source: &Source, offset: u32, version: Option<Version>) -> String {
    let at = byte_offset(&source.text, offset);
    let json = |found: Completion| CompletionJson {
        from: utf16_offset(&source.text, found.from),
        label: found.label,
        insert: found.insert,
        detail: found.detail,
    };
    to_json(&completions(source, at, version).into_iter().map(json).collect::<Vec<_>>())
}

/// What the word at an offset of a text means; the version as in [`completions_json`].
#[must_use]
pub fn explanation(source: &Source, offset: u32, version: Option<Version>) -> Option<String> {
    hover(source, byte_offset(&source.text, offset), version)
}

/// A value as JSON.
pub(super) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings and numbers can always be written")
}

/// An offset in UTF-16 code units as an offset in bytes.
fn byte_offset(text: &str, utf16: u32) -> u32 {
    if text.as_bytes().get(..utf16 as usize).unwrap_or(text.as_bytes()).is_ascii() {
        return text.len().min(utf16 as usize) as u32;
    }
    let mut n_units = 0;
    let found = text.char_indices().find(|(_, c)| {
        let is_here = n_units >= utf16 as usize;
        n_units += c.len_utf16();
        is_here
    });
    found.map_or(text.len(), |(at, _)| at) as u32
}

/// An offset in bytes as an offset in UTF-16 code units.
#[must_use]
pub fn utf16_offset(text: &str, byte: u32) -> u32 {
    let before = text.get(..byte as usize).unwrap_or(text);
    if before.is_ascii() {
        return before.len() as u32;
    }
    // Each character has one byte that begins it, and two units if it has four bytes.
    before.bytes().map(|byte| u32::from(byte & 0xc0 != 0x80) + u32::from(byte >= 0xf0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_utf16_code_units() {
        let text = "aä😀b";
        for (bytes, units) in [(0, 0), (1, 1), (3, 2), (7, 4), (8, 5)] {
            assert_eq!((utf16_offset(text, bytes), byte_offset(text, units)), (units, bytes));
        }
    }

    #[test]
    fn a_change_makes_one_text_of_another() {
        let texts = ["", "id: ä😀", "id: ä😀\nb", "id: ö😁\r\nb", "😀😀\n"];
        for (before, after) in texts.iter().flat_map(|before| texts.map(|after| (*before, after))) {
            let mut source = Source::new("flow.yaml", before);
            if let Some(change) = Change::between(before, after) {
                change.apply(&mut source);
            }
            assert_eq!(source, Source::new("flow.yaml", after));
        }
        assert_eq!(Change::between("ä😀b", "ä😁b"), Some(Change { from: 1, to: 3, text: "😁" }));
    }

    #[test]
    fn problems_have_places_help_and_fixes() {
        let text = "id: f\nnamespace: n\ntasks:\n  - {id: ä, type: io.kestra.plugin.core.flow.Paralel, tasks: []}\n";
        let reading = Reading::of(text, None);
        assert!(matches!(reading.status(None), Status::Problems(_) | Status::Notes(_)));
        insta::assert_snapshot!(reading.problems_json(None), @r#"[{"from":35,"to":36,"severity":"error","message":"`ä` can't be a task id","help":"use letters, digits, `-` and `_`, and begin with a letter or digit"},{"from":44,"to":78,"severity":"error","message":"there is no task type `io.kestra.plugin.core.flow.Paralel`","help":"did you mean `io.kestra.plugin.core.flow.Parallel`?","fix":{"from":44,"to":78,"text":"io.kestra.plugin.core.flow.Parallel","label":"Change to io.kestra.plugin.core.flow.Parallel"}}]"#);
    }
}
