//! Texts for XL Release that are not YAML templates: its Groovy language, and blueprints that are not yet rendered.

use super::is_sign;
use crate::diag::Diagnostic;
use crate::source::{Source, Span};
use crate::tr;

/// Names a text in another form than the YAML of templates. Rule: XL Release, "Other forms".
#[must_use]
pub fn other_form(source: &Source) -> Option<Diagnostic> {
    let has = |words: &str| source.text.contains(words);
    // Only a line that is looked for gets its place.
    let line = |is_wanted: &dyn Fn(&str) -> bool| {
        let at = source.text.split('\n').position(|line| is_wanted(line.strip_suffix('\r').unwrap_or(line)))?.saturating_add(1);
        Some((source.line_span(at), source.line(at)))
    };
    let error = |(span, line): (Span, &str), message: String, help: String| {
        let indent = line.len().saturating_sub(line.trim_start().len());
        Diagnostic::error("other-form", span.part(indent, line.trim().len()), message).help(help)
    };
    let is_passed_over = |line: &str| line.is_empty() || ["//", "/*", "*", "#!", "import "].iter().any(|sign| line.starts_with(sign));
    if let Some(first) = line(&|line| !is_passed_over(line.trim()))
        && is_groovy(first.1.trim())
    {
        let help = tr!("export the template as YAML: `xl generate xl-release`, or `Export` as YAML in the server");
        return Some(error(first, tr!("this is a template in XL Release's Groovy language, which is not read"), help));
    }
    if has("kind: Blueprint")
        && let Some(kind) = line(&|line| line.trim_end() == "kind: Blueprint")
    {
        let help = tr!("render it with `xl blueprint`, and open one of the files it writes");
        return Some(error(kind, tr!("this is a blueprint: it asks questions and writes templates, and holds none itself"), help));
    }
    let action = if has("{{") { line(&has_action)? } else { return None };
    line(&is_sign)?;
    let message = tr!("this is a blueprint that is not rendered: `{braces}` is not YAML", braces = "{{ }}");
    Some(error(action, message, tr!("render it first with `xl blueprint`")))
}

/// Whether a line has an action of a Go template: `{{.App}}`, `{{$app := .App}}`, `{{- end}}`. A title may hold other braces.
fn has_action(line: &str) -> bool {
    line.split("{{").skip(1).any(|rest| {
        let action = rest.split("}}").next().unwrap_or(rest).trim_start_matches('-').trim();
        let word = action.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(action);
        let is_keyword = ["if", "range", "end", "else", "with", "define", "template", "block"].contains(&word);
        is_keyword || action.starts_with(['.', '$']) || action.contains(" .") || action.contains(" $")
    })
}

/// Whether the first line of a text begins a template in Groovy: `xlr {`, `template('Name') {`.
fn is_groovy(line: &str) -> bool {
    let is_block = line.strip_prefix("xlr").is_some_and(|rest| rest.trim_start().starts_with('{') || rest.trim().is_empty());
    is_block || ["template(", "release(", "folder("].iter().any(|call| line.starts_with(call))
}
