//! What is refused: every rule of Kestra's validation, on the text as it is written.
//!
//! In: the root of a YAML document. Out: diagnostics, each on its own place. The `label` of an error is what Kestra says, its
//! path and all (`para.tasks: must not be empty`); where Kestra finds several faults in one place, its lines are joined by
//! [`ALSO`]. [`messages`] gives Kestra's lines alone, with its habit to stop at the first fault that keeps it from reading;
//! here one fault hides no other. Rules and words: Kestra, "Validation".

mod flow_rules;
mod inputs;
mod properties;
mod tasks;

use crate::diag::{Diagnostic, Fix};
use crate::flow::kestra::defaults;
use crate::source::{Source, Span};
use crate::syntax::{Node, Value};

/// What stands between two lines of Kestra's in one label.
pub const ALSO: &str = "; also: ";

/// The codes of what Kestra finds once it has read the whole flow; what has another code keeps it from reading on.
const VIOLATIONS: &[&str] = &[
    "missing-property",
    "id",
    "duplicate-id",
    "recursion",
    "depends-on",
    "dag",
    "switch",
    "working-directory",
    "worker-group",
    "retry",
    "input",
    "system-label",
    "plugin-default",
    "limit",
];

/// Checks a flow. What is wrong goes to `diagnostics`; a root that is no map is left to the reader.
pub fn check_flow(root: &Node, source: &Source, diagnostics: &mut Vec<Diagnostic>) {
    let text = |key: &str| root.get(key).and_then(|node| node.scalar_text(source)).unwrap_or("");
    let flow = (text("id"), text("namespace"));
    let mut checker = Checker { source, root, flow, path: Vec::new(), found: diagnostics, ids: Vec::new(), calls_itself: Vec::new() };
    checker.flow();
}

/// Kestra's lines for these diagnostics, `PATH: MESSAGE` each: all it says of a flow that it could read, or the lines of the
/// first fault that keeps it from reading. Warnings and notes don't count.
#[must_use]
pub fn messages(diagnostics: &[Diagnostic]) -> Vec<String> {
    let errors = || diagnostics.iter().filter(|found| found.is_error());
    let unreadable = errors().filter(|found| !VIOLATIONS.contains(&found.code)).min_by_key(|found| found.span.start);
    let lines = |found: &Diagnostic| {
        let says = match found.code {
            "unknown-property" | "unknown-type" | "missing-type" => &found.label,
            code if VIOLATIONS.contains(&code) => &found.label,
            _ => &found.message,
        };
        let mut lines: Vec<String> = says.split(ALSO).map(str::to_owned).collect();
        if let ("unknown-type", Some(name)) = (found.code, says.strip_prefix("Invalid type: ")) {
            lines.push(format!("Could not resolve type id '{name}'"));
        }
        lines
    };
    unreadable.map_or_else(|| errors().flat_map(lines).collect(), lines)
}

/// A part of the path to a value.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    At(usize),
}

/// What a value belongs to, in Kestra's paths: its id stands for `tasks[0]` or `inputs[0]`.
#[derive(Debug, Clone, Copy)]
pub struct PathLeaf<'a> {
    list: &'static str,
    id: &'a str,
}

/// Something with properties, and the words for it.
#[derive(Debug, Clone, Copy)]
struct Owner<'a> {
    /// What a person calls it: `` `Parallel` ``.
    said: &'a str,
    /// What Kestra calls its class.
    class: &'a str,
    leaf: Option<PathLeaf<'a>>,
    /// Whether properties that are not known are taken.
    is_open: bool,
}

/// The rules of a task type of its own: checks a task that is written at a node and has its type at a span.
pub type Check = for<'a, 'c, 'd, 'l> fn(&'c mut Checker<'a, 'd>, &'a Node, Option<PathLeaf<'l>>, Span);

/// Goes through a flow as Kestra's validation does, and collects what is wrong.
pub struct Checker<'a, 'd> {
    pub(in crate::flow) source: &'a Source,
    root: &'a Node,
    /// Its id and its namespace.
    pub(in crate::flow) flow: (&'a str, &'a str),
    path: Vec<Step<'a>>,
    found: &'d mut Vec<Diagnostic>,
    /// The ids of all tasks, in the order in which Kestra goes through them.
    ids: Vec<(&'a str, Span)>,
    /// The tasks that start the flow they stand in.
    pub(in crate::flow) calls_itself: Vec<Span>,
}

impl<'a> Checker<'a, '_> {
    /// Kestra's line: a path that may end in a property, and the words.
    pub(in crate::flow) fn line(&self, leaf: Option<PathLeaf<'_>>, property: &str, words: &str) -> String {
        let mut line = String::new();
        let mut steps = self.path.iter().peekable();
        while let Some(step) = steps.next() {
            match (step, steps.peek(), leaf) {
                (Step::Key(key), Some(Step::At(_)), Some(leaf)) if *key == leaf.list && !leaf.id.is_empty() => {
                    dot(&mut line);
                    line += leaf.id;
                    steps.next();
                }
                (Step::Key(key), ..) => {
                    dot(&mut line);
                    line += key;
                }
                (Step::At(at), ..) => line += &format!("[{at}]"),
            }
        }
        if !property.is_empty() {
            dot(&mut line);
            line += property;
        }
        format!("{line}: {words}")
    }

    pub(in crate::flow) fn error(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        line: String,
        help: impl Into<String>,
    ) {
        let help = help.into();
        let found = Diagnostic::error(code, span, message).label(line);
        self.found.push(if help.is_empty() { found } else { found.help(help) });
    }

    /// Offers this word in place of what was told last.
    pub(in crate::flow) fn meant(&mut self, word: Option<&str>) {
        if let Some((word, told)) = word.zip(self.found.last_mut()) {
            told.fix = Some(Box::new(Fix { span: told.span, text: word.to_owned() }));
        }
    }

    /// Adds what Kestra says of a whole task to what it says of a property of it, which has been told just now.
    pub(in crate::flow) fn also(&mut self, leaf: Option<PathLeaf<'_>>, words: &str) {
        let line = self.line(leaf, "", words);
        if let Some(told) = self.found.last_mut() {
            told.label += ALSO;
            told.label += &line;
        }
    }

    /// Does something one step further down.
    fn within(&mut self, step: Step<'a>, work: impl FnOnce(&mut Self)) {
        self.path.push(step);
        work(self);
        self.path.pop();
    }

    pub(in crate::flow) fn text(&self, node: &'a Node, key: &str) -> Option<&'a str> {
        node.get(key).and_then(|value| value.scalar_text(self.source))
    }

    /// A task with the defaults of its type, when there are any.
    fn filled_in(&self, task: &'a Node) -> Option<Node> {
        match defaults::filled_in(task, self.root, self.source) {
            std::borrow::Cow::Owned(filled) => Some(filled),
            std::borrow::Cow::Borrowed(_) => None,
        }
    }

    fn line_of(&self, span: Span) -> usize {
        self.source.position(span.start).line
    }

    /// The first line of a node: marks for a whole task would hide the text.
    pub(in crate::flow) fn head(&self, node: &Node) -> Span {
        let text = self.source.slice(node.span);
        let length = text.find(['\n', '\r']).unwrap_or(text.len());
        Span::new(node.span.start as usize, node.span.start as usize + length)
    }
}

fn dot(line: &mut String) {
    if !line.is_empty() {
        line.push('.');
    }
}

/// Whether a value is there and holds something.
pub(in crate::flow) fn is_filled(node: Option<&Node>) -> bool {
    match node.map(|node| &node.value) {
        None | Some(Value::Null) => false,
        Some(Value::Text(text)) => !text.is_empty(),
        Some(Value::List(items)) => !items.is_empty(),
        Some(Value::Map(entries)) => !entries.is_empty(),
        Some(_) => true,
    }
}

pub(in crate::flow) fn is_there(node: Option<&Node>) -> bool {
    node.is_some_and(|node| node.value != Value::Null)
}

#[cfg(test)]
mod tests;
