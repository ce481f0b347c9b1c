//! An error in the YAML text as a person sees it: which line does not fit, and what would fit.

use std::cmp::Reverse;

use crate::diag::Diagnostic;
use crate::language::plain;
use crate::source::{Source, Span};
use crate::tr;

/// An error of `serde_yaml` as a diagnostic on the line that a person would change.
pub(super) fn fault(error: &serde_yaml::Error, source: &Source) -> Diagnostic {
    let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text).trim_start_matches(['.', ' ', ':']);
    let at = word_at(source, line, column);
    if reason.contains("recursion limit") {
        return too_deep(at);
    }
    if reason.contains("repetition limit") {
        return Diagnostic::error("aliases", at, tr!("the aliases of this text unfold to far more than is written"))
            .help(tr!("write the values out instead of repeating aliases of aliases"));
    }
    if reason.contains("unknown anchor") {
        return Diagnostic::error("alias", at, tr!("this alias has no anchor before it"))
            .help(tr!("define the anchor with `&name` above, or write the value out"));
    }
    tab(source, line)
        .or_else(|| misaligned(source, line))
        .unwrap_or_else(|| Diagnostic::error("syntax", at, tr!("this is not valid YAML: {reason}", reason)).help(hint(reason)))
}

/// More levels than are read.
pub(super) fn too_deep(at: Span) -> Diagnostic {
    Diagnostic::error("nesting", at, tr!("this is nested deeper than the 128 levels that are read"))
        .help(tr!("use fewer levels of lists and maps"))
}

/// More values than there is room for.
pub(super) fn too_heavy() -> Diagnostic {
    Diagnostic::error("too-many-values", Span::default(), tr!("this text holds more values than are read"))
        .help(tr!("split it into several files"))
}

/// More documents than are read.
pub(super) fn too_many_documents(at: Span) -> Diagnostic {
    Diagnostic::error("documents", at, tr!("this text has more documents than are read")).help(tr!("split it into several files"))
}

/// More declarations of tags than are read.
pub(super) fn too_many_tags(at: Span) -> Diagnostic {
    Diagnostic::error("directives", at, tr!("this text declares more tags than are read"))
        .help(tr!("take the lines that begin with `%TAG` out: no flow needs them"))
}

/// A tab where spaces are required, in the reported line or a line next to it.
fn tab(source: &Source, line: usize) -> Option<Diagnostic> {
    let tabbed = |line: &usize| leading(source.line(*line)).contains('\t');
    let line = [line, line.saturating_sub(1), line.saturating_add(1)]
        .into_iter()
        .filter(|line| (1..=source.n_lines()).contains(line))
        .find(tabbed)?;
    let indent = leading(source.line(line));
    let place = source.line_span(line).part(0, indent.len());
    let n_spaces = indent.find('\t').unwrap_or(0);
    let n_tabs = indent.chars().filter(|c| *c == '\t').count();
    let tabs = Span { start: place.part(n_spaces, 0).start, ..place };
    let found = Diagnostic::error("tabs", tabs, tr!("line {line} is indented with a tab, YAML wants spaces", line));
    let found = found.fix(place, indent.replace('\t', "  "));
    Some(found.label(tr!("a tab" | "{n} tabs" % n_tabs)).help(tr!("put two spaces in place of each tab")))
}

/// A key that lines up with no open block: it is indented more than the block around it and less than the keys beside it.
fn misaligned(source: &Source, reported: usize) -> Option<Diagnostic> {
    let candidates = [reported, reported.saturating_sub(1), reported.saturating_add(1), reported.saturating_sub(2)];
    candidates.into_iter().filter(|line| (1..=source.n_lines()).contains(line)).find_map(|line| {
        let key = key_of(source.line(line))?;
        let indent = key_indent(source.line(line));
        let levels = open_levels(source, line);
        let last = *levels.last()?;
        if levels.contains(&indent) {
            return None;
        }
        let expected = *levels.iter().min_by_key(|level| (level.abs_diff(indent), Reverse(**level)))?;
        // A deeper indent than in the line above is only wrong when that line has a value already.
        if indent > last && !above_has_value(source, line) {
            return None;
        }
        let place = source.line_span(line);
        let off = expected.abs_diff(indent);
        let help = match expected > indent {
            true => tr!("add one space before `{key}`" | "add {n} spaces before `{key}`" % off, key),
            false => tr!("take one space away before `{key}`" | "take {n} spaces away before `{key}`" % off, key),
        };
        let found =
            Diagnostic::error("indentation", place.part(indent, key.len()), tr!("`{key}` does not line up with the keys beside it", key));
        // The whole line moves.
        let found = if expected > indent {
            found.fix(place.part(0, 0), " ".repeat(off))
        } else if leading(source.line(line)).len() >= off {
            found.fix(place.part(0, off), "")
        } else {
            found
        };
        let label = tr!("indented by {n} space, expected {expected}" | "indented by {n} spaces, expected {expected}" % indent, expected);
        Some(found.label(label).help(help))
    })
}

/// The columns at which a key may begin on line `line`: those of the blocks that are open there, outermost first.
fn open_levels(source: &Source, line: usize) -> Vec<usize> {
    let mut levels: Vec<usize> = Vec::new();
    for above in 1..line {
        let text = source.line(above);
        if key_of(text).is_none() {
            continue;
        }
        let dash = leading(text).len();
        let indent = key_indent(text);
        levels.retain(|level| *level <= dash);
        levels.extend([dash, indent].into_iter().filter(|level| !levels.contains(level)).collect::<Vec<_>>());
        levels.dedup();
    }
    levels
}

fn above_has_value(source: &Source, line: usize) -> bool {
    let above = (1..line).rev().map(|above| source.line(above)).find(|text| !text.trim().is_empty() && !text.trim_start().starts_with('#'));
    above.is_some_and(|text| !text.trim_end().ends_with(':'))
}

/// The white space at the start of a line.
fn leading(line: &str) -> &str {
    line.strip_suffix(line.trim_start()).unwrap_or_default()
}

/// The column of the key of a line, after the dashes of lists.
fn key_indent(line: &str) -> usize {
    line.len().saturating_sub(after_dashes(line).len())
}

fn after_dashes(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(after) = rest.strip_prefix("- ") {
        rest = after.trim_start();
    }
    rest
}

/// The plain key that a line begins with.
fn key_of(line: &str) -> Option<&str> {
    let (key, after) = after_dashes(line).split_once(':')?;
    let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "._-".contains(c));
    (plain && (after.is_empty() || after.starts_with(' ') || after.starts_with('\r'))).then_some(key)
}

/// The word at a position, or the last character before it when only white space follows.
fn word_at(source: &Source, line: usize, column: usize) -> Span {
    let last = (1..=line.clamp(1, source.n_lines())).rev().find(|line| !source.line(*line).trim().is_empty()).unwrap_or(1);
    let start = if last < line { source.offset(last, source.line(last).chars().count()) } else { source.offset(line, column) };
    let rest = source.text.get(start as usize..).unwrap_or("");
    let length = rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len()).min(60);
    let ends = rest.char_indices().map(|(at, c)| at.saturating_add(c.len_utf8()));
    Span::sized(start as usize, ends.take_while(|end| *end <= length.max(1)).last().unwrap_or(0))
}

/// Help for an error message of libyaml.
fn hint(reason: &str) -> String {
    let hints = [
        ("mapping values are not allowed", tr!(const "put quotes around a text that has `: ` in it, or check the indentation")),
        ("did not find expected key", tr!(const "check the indentation of this line and the one above")),
        ("could not find expected ':'", tr!(const "a key needs `:` and a space after it")),
        ("did not find expected '-'", tr!(const "the items of a list begin with `- ` in the same column")),
        ("did not find expected ',' or ']'", tr!(const "close the list with `]`, and put commas between its items")),
        ("did not find expected ',' or '}'", tr!(const "close the map with `}`, and put commas between its entries")),
        ("found unexpected end of stream", tr!(const "close the quotes, brackets or braces that are open")),
        ("cannot start any token", tr!(const "put quotes around a text that begins with this character")),
        ("unknown escape", tr!(const "in double quotes write `\\\\` for a backslash, or use single quotes")),
    ];
    let found = hints.iter().find(|(words, _)| reason.contains(words));
    plain(found.map_or(tr!(const "compare this line with the ones above and below"), |(_, help)| help))
}
