//! Diagnostics: what is wrong, where, and how to help.
//!
//! Bad input is never an `Err` here: it is a [`Diagnostic`]. Wording: lower case, no full stop, names in backticks.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

use std::collections::BTreeMap;

use crate::source::{Source, Span};
use crate::tr;

/// How bad it is. Only an error keeps a flow from being simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The flow can't be run as it is.
    Error,
    /// It runs, but perhaps not as meant.
    Warning,
    /// Something to know, such as what is not simulated.
    Note,
}

/// One finding about a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable name of the kind of finding: `unknown-property`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where: the exact key or value.
    pub span: Span,
    /// The words under the marked text; may be empty.
    pub label: String,
    /// What can be done about it.
    pub help: Option<String>,
    /// A change of the text that is likely what was meant, where one is known.
    pub fix: Option<Box<Fix>>,
}

/// A change of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The bytes to replace.
    pub span: Span,
    /// The text that replaces them.
    pub text: String,
}

impl Diagnostic {
    /// An error at `span`.
    #[must_use]
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, message: message.into(), span, label: String::new(), help: None, fix: None }
    }

    /// A warning at `span`.
    #[must_use]
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// A note at `span`.
    #[must_use]
    pub fn note(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, span, message) }
    }

    /// The diagnostic with a label under the marked text.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// The diagnostic with help.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The diagnostic with a change of the text that fixes it.
    #[must_use]
    pub fn fix(self, span: Span, text: impl Into<String>) -> Self {
        Self { fix: Some(Box::new(Fix { span, text: text.into() })), ..self }
    }

    /// Whether it keeps the flow from being simulated.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl Severity {
    /// `error`, `warning` or `note`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// So many findings are kept of a text: nobody reads more, and a text may have millions.
pub const MOST_FINDINGS: usize = 10_000;
/// So many findings name what was likely meant.
const MOST_HELPED: usize = 1000;

/// Adds a finding, unless there are [`MOST_FINDINGS`] already. One error more is kept, as without it the flow would seem to be valid.
pub fn report(found: &mut Vec<Diagnostic>, one: Diagnostic) {
    if found.len() < MOST_FINDINGS || (found.len() == MOST_FINDINGS && one.is_error()) {
        found.push(one);
    }
}

/// Whether so much was found that what was likely meant is not looked for any more.
#[must_use]
pub fn is_beyond_help(found: &[Diagnostic]) -> bool {
    found.len() > MOST_HELPED
}

/// Whether one of them keeps the flow from being simulated.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}

/// Notes that say the same as one, at the place of the first, with how many there are. All others as they are.
#[must_use]
pub fn merged(diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut merged: Vec<(Diagnostic, u32)> = Vec::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for found in diagnostics {
        if found.severity == Severity::Note
            && let Some((_, n)) = known.get(&(found.code, &*found.message)).and_then(|first| merged.get_mut(*first))
        {
            *n = n.saturating_add(1);
        } else {
            known.insert((found.code, &found.message), merged.len());
            merged.push((found.clone(), 1));
        }
    }
    let counted = |(found, n): (Diagnostic, u32)| match n {
        1 => found,
        n => Diagnostic { message: tr!("{message} (one time)" | "{message} ({n} times)" % n, message = found.message), ..found },
    };
    merged.into_iter().map(counted).collect()
}

/// The diagnostic as text with the marked line, without colors and without a line break at the end:
///
/// ```text
/// error[unknown-property]: `concurent` is not a property of `Parallel`
///   --> flow.yaml:5:5
/// 5 |     concurent: 3
///   |     ^^^^^^^^^ no such property
///   = help: did you mean `concurrent`?
/// ```
#[must_use]
pub fn render(diagnostic: &Diagnostic, source: &Source) -> String {
    const WIDEST_CHARS: usize = 160;
    let Diagnostic { code, severity, message, span, label, help, .. } = diagnostic;
    let at = source.position(span.start);
    let end = source.position(span.end);
    let line: String = source.line(at.line).chars().map(shown).take(WIDEST_CHARS).collect();
    let end_column = if end.line == at.line { end.column } else { line.chars().count().max(at.column).saturating_add(1) };
    let n_marks = end_column.saturating_sub(at.column);
    let marks = "^".repeat(n_marks.clamp(1, WIDEST_CHARS));
    let number = at.line.to_string();
    let pad = " ".repeat(number.len());
    let indent = " ".repeat(at.column.saturating_sub(1).min(WIDEST_CHARS));
    let mut lines = vec![
        format!("{}[{code}]: {message}", severity.as_str()),
        format!("{pad} --> {}:{}:{}", source.name, at.line, at.column),
        format!("{number} | {line}"),
        format!("{pad} | {indent}{marks} {label}").trim_end().to_owned(),
    ];
    lines.extend(help.iter().map(|help| format!("{pad} = {}", tr!("help: {help}", help))));
    lines.iter().map(|line| line.chars().map(shown).collect()).collect::<Vec<String>>().join("\n")
}

/// A character as it is printed: a tab takes one column, and other control characters are replaced.
fn shown(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// The help that names the word that was likely meant.
#[must_use]
pub fn did_you_mean(word: &str) -> String {
    tr!("did you mean `{word}`?", word)
}

/// The candidate most similar to `word`, when it is similar enough to be what was meant.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let n_chars = word.chars().count();
    let allowed = (n_chars / 3).max(1);
    let may_be_near = |candidate: &&str| candidate.chars().count().abs_diff(n_chars) <= allowed;
    let scored = candidates.into_iter().filter(may_be_near).map(|candidate| (edit_distance(word, candidate), candidate));
    scored.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// How many characters have to be inserted, removed, replaced or swapped with their neighbor to get from `a` to `b`, ignoring case.
fn edit_distance(a: &str, b: &str) -> usize {
    let fold = |text: &str| text.chars().map(|c| c.to_ascii_lowercase()).collect::<Vec<_>>();
    let (a, b) = (fold(a), fold(b));
    // What both begin and end with costs nothing.
    let n_same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(n_same..).unwrap_or_default(), b.get(n_same..).unwrap_or_default());
    let n_same = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(..a.len().saturating_sub(n_same)).unwrap_or_default(), b.get(..b.len().saturating_sub(n_same)).unwrap_or_default());
    // From the start of `a` up to the character before, and the one before that, to each start of `b`.
    let (mut last, mut before_last): (Vec<usize>, Vec<usize>) = ((0..=b.len()).collect(), Vec::new());
    let mut a_before = None;
    for (nth, from) in (1..).zip(a) {
        let mut row = Vec::with_capacity(last.len());
        row.push(nth);
        let (mut left, mut b_before, mut two_before) = (nth, None, before_last.iter());
        for (to, pair) in b.iter().zip(last.windows(2)) {
            let [diagonal, above] = *pair else { continue };
            let changed = diagonal.saturating_add(usize::from(from != to));
            left = changed.min(above.min(left).saturating_add(1));
            if let Some(before) = b_before.replace(to)
                && let Some(two_before) = two_before.next()
                && (before, a_before) == (from, Some(to))
            {
                left = left.min(two_before.saturating_add(1));
            }
            row.push(left);
        }
        a_before = Some(from);
        before_last = std::mem::replace(&mut last, row);
    }
    last.pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_marks_the_exact_word() {
        let source = Source::new("flow.yaml", "id: a\n    concurent: 3\n");
        let found = Diagnostic::error("unknown-property", Span::new(10, 19), "`concurent` is not a property of `Parallel`")
            .label("no such property")
            .help("did you mean `concurrent`?");
        insta::assert_snapshot!(render(&found, &source), @r"
        error[unknown-property]: `concurent` is not a property of `Parallel`
          --> flow.yaml:2:5
        2 |     concurent: 3
          |     ^^^^^^^^^ no such property
          = help: did you mean `concurrent`?
        ");
    }

    #[test]
    fn text_of_a_flow_does_not_control_the_terminal() {
        let source = Source::new("flow.yaml", "id: \u{1b}[31m\tred\n");
        let found = Diagnostic::error("id", Span::new(4, 13), "`\u{1b}[31m\nred` can't be a flow id");
        insta::assert_snapshot!(render(&found, &source), @"
        error[id]: `�[31m�red` can't be a flow id
          --> flow.yaml:1:5
        1 | id: �[31m red
          |     ^^^^^^^^^
        ");
    }

    #[test]
    fn nearest_forgives_a_slip_but_not_another_word() {
        let names = ["concurrent", "tasks", "description"];
        assert_eq!(nearest("concurent", names), Some("concurrent"));
        assert_eq!(nearest("taks", names), Some("tasks"));
        assert_eq!(nearest("Concurrent", names), Some("concurrent"));
        assert_eq!(nearest("retry", names), None);
        assert_eq!(["tsaks", "asks", "taskss", "tasky", "TASKS"].map(|word| edit_distance(word, "tasks")), [1, 1, 1, 1, 0]);
    }

    #[test]
    fn of_millions_of_findings_some_are_kept_and_one_error() {
        let mut found = Vec::new();
        let note = || Diagnostic::note("alias", Span::default(), "a note");
        (0..MOST_FINDINGS + 5).for_each(|_| report(&mut found, note()));
        assert_eq!((found.len(), has_errors(&found)), (MOST_FINDINGS, false));
        (0..5).for_each(|_| report(&mut found, Diagnostic::error("id", Span::default(), "an error")));
        report(&mut found, note());
        assert_eq!((found.len(), has_errors(&found)), (MOST_FINDINGS + 1, true));
    }
}
