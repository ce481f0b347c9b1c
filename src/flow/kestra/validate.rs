//! Every rule of Kestra's validation, on the text as written.
//!
//! In: the root of a YAML document. Out: diagnostics with their places. The `label` of an error is Kestra's message with its
//! path (`para.tasks: must not be empty`). Where Kestra reports several faults in one place, the messages are joined by
//! [`ALSO`]. One fault hides no other, while Kestra stops at the first fault that keeps it from reading; [`messages`] returns
//! what Kestra would report. Rules and messages: Kestra, "Validation".

mod flow_rules;
mod inputs;
mod properties;
mod tasks;
mod versions;
mod warnings;

use crate::budget::Budget;
use crate::diag::{Diagnostic, Fix, MOST_FINDINGS, is_beyond_help, nearest, report};
use crate::flow::kestra::defaults::Defaults;
use crate::flow::kestra::versions::{Version, Versions};
use crate::source::{Source, Span};
use crate::syntax::{Node, Value};

/// Separates two of Kestra's messages in one label.
pub const ALSO: &str = "; also: ";

/// The codes of faults that Kestra finds once it has read the whole flow. Any other fault keeps it from reading the flow.
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
    "dashed-reference",
    "enterprise",
];

/// Checks a flow. What is wrong goes to `diagnostics`; the reader reports a root that is not a map. Returns the versions that
/// know something in the flow that this one does not.
pub fn check_flow(root: &Node, source: &Source, version: Version, diagnostics: &mut Vec<Diagnostic>) -> Versions {
    let text = |key: &str| root.get(key).and_then(|node| node.scalar_text(source)).unwrap_or("");
    let flow = (text("id"), text("namespace"));
    let mut checker = Checker {
        source,
        root,
        version,
        flow,
        path: Vec::new(),
        found: diagnostics,
        ids: Vec::new(),
        task_ids: Vec::new(),
        enterprise: Vec::new(),
        calls_itself: Vec::new(),
        known_to: Versions::NONE,
        budget: Budget::default(),
        defaults: Defaults::of(root, source),
    };
    checker.flow();
    checker.known_to
}

/// Kestra's messages for these diagnostics, as `PATH: MESSAGE`: all of them when it can read the flow, or those of the first
/// fault that keeps it from reading. Warnings and notes don't count.
#[must_use]
pub fn messages(diagnostics: &[Diagnostic]) -> Vec<String> {
    let errors = || diagnostics.iter().filter(|found| found.is_error());
    let unreadable = errors().filter(|found| !VIOLATIONS.contains(&found.code)).min_by_key(|found| found.span.start);
    let lines = |found: &Diagnostic| {
        let text = match found.code {
            "unknown-property" | "unknown-type" | "missing-type" => &found.label,
            code if VIOLATIONS.contains(&code) => &found.label,
            _ => &found.message,
        };
        let mut lines: Vec<String> = text.split(ALSO).map(str::to_owned).collect();
        if let ("unknown-type", Some(name)) = (found.code, text.strip_prefix("Invalid type: ")) {
            lines.push(format!("Could not resolve type id '{name}'"));
        }
        lines
    };
    unreadable.map_or_else(|| errors().flat_map(lines).collect(), lines)
}

/// One of the faults that Kestra joins in one message.
struct Finding {
    code: &'static str,
    span: Span,
    /// Our message.
    message: String,
    /// Kestra's message.
    words: String,
    /// Further places, and what helps.
    help: String,
    /// What to write at its place instead.
    fix: Option<String>,
}

/// A part of the path to a value.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    At(usize),
}

/// The task or input that a value belongs to. In Kestra's paths its id replaces `tasks[0]` or `inputs[0]`.
#[derive(Debug, Clone, Copy)]
pub struct PathLeaf<'a> {
    list: &'static str,
    id: &'a str,
}

/// The owner of properties, as messages call it.
#[derive(Debug, Clone, Copy)]
struct Owner<'a> {
    /// In our messages: `` `Parallel` ``.
    noun: &'a str,
    /// In Kestra's messages: its class.
    class: &'a str,
    leaf: Option<PathLeaf<'a>>,
    /// Whether unknown properties are accepted.
    is_open: bool,
}

/// The own rules of a task type: checks the task at a node, whose type is at a span.
pub type Check = for<'a, 'c, 'd, 'l> fn(&'c mut Checker<'a, 'd>, &'a Node, Option<PathLeaf<'l>>, Span);

/// Checks a flow in the order of Kestra's validation, and collects what is wrong.
pub struct Checker<'a, 'd> {
    pub(in crate::flow) source: &'a Source,
    root: &'a Node,
    /// The version whose rules it must keep.
    pub(in crate::flow) version: Version,
    /// Its id and its namespace.
    pub(in crate::flow) flow: (&'a str, &'a str),
    path: Vec<Step<'a>>,
    found: &'d mut Vec<Diagnostic>,
    /// The ids of all tasks, in the order in which Kestra checks them.
    ids: Vec<(&'a str, Span)>,
    /// The same without their places, once all were seen.
    task_ids: Vec<&'a str>,
    /// What only the Enterprise Edition takes.
    enterprise: Vec<Finding>,
    /// The tasks that start their own flow.
    pub(in crate::flow) calls_itself: Vec<Span>,
    /// The versions that know what this one does not.
    known_to: Versions,
    /// What matching the values of inputs may use.
    budget: Budget,
    defaults: Defaults<'a>,
}

impl<'a> Checker<'a, '_> {
    /// Kestra's message with its path, which may end in a property.
    pub(in crate::flow) fn line(&self, leaf: Option<PathLeaf<'_>>, property: &str, words: &str) -> String {
        let mut line = String::new();
        let mut steps = self.path.iter().peekable();
        while let Some(step) = steps.next() {
            match (step, steps.peek(), leaf) {
                (Step::Key(key), Some(Step::At(_)), Some(leaf)) if *key == leaf.list && !leaf.id.is_empty() => {
                    dot(&mut line);
                    line += &if self.version == Version::V2_0 { format!("{key}[{}]", leaf.id) } else { leaf.id.to_owned() };
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
        report(self.found, if help.is_empty() { found } else { found.help(help) });
    }

    /// The candidate that was likely meant by a word, while few enough faults were found to look for it.
    pub(in crate::flow) fn nearest<'w>(&self, word: &str, candidates: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
        if is_beyond_help(self.found) { None } else { nearest(word, candidates) }
    }

    /// The last diagnostic, while all are kept.
    fn last(&mut self) -> Option<&mut Diagnostic> {
        if self.found.len() > MOST_FINDINGS { None } else { self.found.last_mut() }
    }

    /// Offers this word as a fix for the last diagnostic.
    pub(in crate::flow) fn meant(&mut self, word: Option<&str>) {
        if let Some((word, last)) = word.zip(self.last()) {
            last.fix = Some(Box::new(Fix { span: last.span, text: word.to_owned() }));
        }
    }

    /// Adds Kestra's message for a whole task to the last diagnostic, which is about one of its properties.
    pub(in crate::flow) fn also(&mut self, leaf: Option<PathLeaf<'_>>, words: &str) {
        let line = self.line(leaf, "", words);
        if let Some(last) = self.last() {
            last.label += ALSO;
            last.label += &line;
        }
    }

    /// Runs `work` with the path one step longer.
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
        match self.defaults.filled_in(task) {
            std::borrow::Cow::Owned(filled) => Some(filled),
            std::borrow::Cow::Borrowed(_) => None,
        }
    }

    fn line_of(&self, span: Span) -> usize {
        self.source.position(span.start).line
    }

    /// The first line of a node.
    pub(in crate::flow) fn head(&self, node: &Node) -> Span {
        self.source.first_line(node.span)
    }
}

fn dot(line: &mut String) {
    if !line.is_empty() {
        line.push('.');
    }
}

/// Whether a value is there and not empty.
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
