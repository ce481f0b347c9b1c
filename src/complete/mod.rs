//! What may be written at a place of the text, and what a word of it means, from the tables that validation uses.
//!
//! In: a text, which may be broken, and a byte offset. Out: completions, or a sentence. Nothing is offered where any text is
//! allowed, nor in texts that are not Kestra flows.

mod context;

use crate::flow::Version;
use crate::flow::kestra::schema::{self, Known, Property, Shape};
use crate::language;
use crate::source::{Source, Span};
use crate::tr;
use context::{Context, Keys, Step, bare, context};

/// Something that may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is offered, and what the characters written so far are compared with.
    pub label: String,
    /// What replaces the text from `from` to the cursor.
    pub insert: String,
    /// What it means; may be empty.
    pub detail: String,
    /// The first byte that it replaces.
    pub from: u32,
}

/// What is expected at a place.
#[derive(Debug, Clone, Copy)]
enum Slot {
    /// A value of this shape.
    Value(Shape),
    /// An input of a flow.
    Input,
    /// A trigger of a flow.
    Trigger,
    /// Something that no table describes.
    Unknown,
}

/// A map with known properties, and its name for people.
struct Table<'a> {
    owner: &'a str,
    tables: [&'static [Property]; 2],
    version: Version,
}

impl Table<'_> {
    fn properties(&self) -> impl Iterator<Item = &'static Property> + use<> {
        let version = self.version;
        self.tables.into_iter().flatten().filter(move |property| property.versions.has(version))
    }

    fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties().find(|property| property.name == name)
    }
}

/// The end of a path: the property whose value stands there, the map of that property, and what is expected.
struct End<'a> {
    table: Option<Table<'a>>,
    key: &'a str,
    slot: Slot,
    /// Whether the path ends with the map itself, so that a key stands there.
    is_map: bool,
}

/// What a `# sim:` note may say.
const NOTES: [(&str, &str); 4] = [
    ("# sim: 3s", tr!(const "takes 3 s in the simulation")),
    ("# sim: 2s..5s", tr!(const "takes 2 s to 5 s, drawn from the seed")),
    ("# sim: fail", tr!(const "fails")),
    ("# sim: 3s fail=20%", tr!(const "takes 3 s and fails in 20 of 100 runs")),
];

/// The variables that expressions begin with.
const ROOTS: [(&str, &str); 9] = [
    ("outputs", tr!(const "the outputs of the tasks before it")),
    ("inputs", tr!(const "what the flow was started with")),
    ("vars", tr!(const "the variables of the flow")),
    ("taskrun", tr!(const "this run of the task: `value`, `iteration`")),
    ("parent", tr!(const "the loop around it")),
    ("task", tr!(const "this task")),
    ("flow", tr!(const "this flow")),
    ("execution", tr!(const "this execution")),
    ("trigger", tr!(const "what started it")),
];

/// What may be written at `offset` for a version of Kestra, in order of the tables; without one, for the version that the text
/// is for. Nothing within a character.
#[must_use]
pub fn completions(source: &Source, offset: u32, version: Option<Version>) -> Vec<Completion> {
    if !source.text.is_char_boundary(offset as usize) {
        return Vec::new();
    }
    let version = version.unwrap_or_else(|| version_of(source, offset));
    let here = context(source, offset);
    let position = source.position(offset);
    let span = source.line_span(position.line);
    let before = source.slice(Span { start: span.start, end: offset.min(span.end) });
    if is_foreign(&here) {
        return Vec::new();
    }
    let offer = |from: u32, label: &str, insert: String, detail: &str| Completion {
        label: label.to_owned(),
        insert,
        detail: language::plain(detail),
        from,
    };
    let plain = |label: &str, detail: &str| offer(here.word.start, label, label.to_owned(), detail);
    if let Some(expression) = expression(before) {
        let word = source.slice(here.word);
        let Some((root, _)) = word.rsplit_once('.') else {
            let is_start = !expression.contains('|');
            return ROOTS.iter().filter(|_| is_start).map(|(name, detail)| plain(name, detail)).collect();
        };
        let section = match root {
            "outputs" => "tasks",
            "inputs" => "inputs",
            _ => return Vec::new(),
        };
        let from = here.word.end - Span::new(0, word.len() - root.len() - 1).end;
        return ids(source, section).map(|(id, _)| offer(from, id, id.to_owned(), "")).collect();
    }
    if let Some(at) = comment(before).filter(|_| !here.in_text) {
        let from = span.start + Span::new(at, at).start;
        return NOTES.iter().map(|(note, detail)| offer(from, note, (*note).to_owned(), detail)).collect();
    }
    if here.in_text {
        return Vec::new();
    }
    let end = end(&here.path, version);
    match (here.path.last(), &end.table) {
        (Some(Step::Map(present)), Some(table)) if end.is_map => {
            let after = source.text[offset as usize..].chars().next();
            let present: Vec<&str> = present.iter().map(|(key, _)| key).collect();
            let is_new = |name: &str| !present.contains(&name) || source.slice(here.word) == name;
            let key = |property: &'static Property| {
                let name = property.name;
                let insert = match after {
                    Some(':') => name.to_owned(),
                    _ if is_single(property.shape) => format!("{name}: "),
                    _ => format!("{name}:"),
                };
                let words = if property.words.is_empty() { property.shape.wanted() } else { property.words };
                offer(here.word.start, name, insert, words)
            };
            // The properties of the type itself come first.
            let [every, own] = table.tables;
            let known = |property: &&Property| property.versions.has(version) && is_new(property.name);
            own.iter().chain(every).filter(known).map(key).collect()
        }
        _ => values(source, offset, &end, version).into_iter().map(|(value, detail)| plain(value, detail)).collect(),
    }
}

/// What is shown for one of Kestra's own types that is not simulated.
const NOT_SIMULATED: &str = tr!(const "not simulated: takes no time, unless a `# sim:` comment says otherwise");

/// The values that may stand at the end of a path, each with what it means.
fn values<'a>(source: &'a Source, offset: u32, end: &End<'_>, version: Version) -> Vec<(&'a str, &'static str)> {
    let owner = end.table.as_ref().map_or("", |table| table.owner);
    let each = |names: &[&'static str]| names.iter().map(|name| (*name, "")).collect();
    match (end.key, end.slot) {
        ("type", _) if owner == "input" => schema::input_types(version).map(|name| (name, "")).collect(),
        ("type", _) if owner == "retry" => schema::RETRY_KINDS.iter().map(|(name, _)| (*name, "")).collect(),
        (_, Slot::Value(Shape::OneOf(words))) => each(words),
        (_, Slot::Value(Shape::Bool)) => each(&["true", "false"]),
        ("type", _) if owner == "trigger" => schema::trigger_names(version).map(|name| (name, "")).collect(),
        ("type", Slot::Value(Shape::Text)) => {
            schema::all_names(version).map(|name| (name, schema::type_words(name).unwrap_or(NOT_SIMULATED))).collect()
        }
        ("dependsOn", _) if owner != "input" => siblings(source, offset).into_iter().map(|id| (id, "")).collect(),
        ("taskId", _) => ids(source, "tasks").map(|(id, _)| (id, "")).collect(),
        _ => Vec::new(),
    }
}

/// What the word at `offset` means: a property, a type, or a `# sim:` note; the version as in [`completions`].
#[must_use]
pub fn hover(source: &Source, offset: u32, version: Option<Version>) -> Option<String> {
    let text = source.text.get(offset as usize..)?;
    let is_of_word = |c: char| c.is_alphanumeric() || "_.$-".contains(c);
    let word_end = offset + Span::new(0, text.find(|c: char| !is_of_word(c)).unwrap_or(text.len())).end;
    let span = source.line_span(source.position(offset).line);
    let line_before = source.slice(Span { start: span.start, end: offset });
    if let Some(at) = comment(line_before) {
        let note = source.slice(span).get(at..)?.strip_prefix('#')?.trim_start();
        return note.strip_prefix("sim:").map(|_| {
            tr!("how long the task takes in the simulation, and how often it fails: `# sim: 2s..5s fail=20%`; Kestra does not read it")
        });
    }
    let version = version.unwrap_or_else(|| version_of(source, offset));
    let here = context(source, word_end);
    let word = source.slice(here.word).trim_end_matches('.');
    if here.in_text || word.is_empty() || is_foreign(&here) {
        return None;
    }
    let end = end(&here.path, version);
    let table = end.table.as_ref()?;
    let key = if end.is_map { word } else { end.key };
    if key == "type" && key != word {
        let meaning =
            schema::type_words(word).or_else(|| matches!(schema::lookup(word, version), Known::Opaque(_)).then_some(NOT_SIMULATED))?;
        return Some(format!("`{}`: {}", class(word), language::plain(meaning)));
    }
    let property = table.property(key).filter(|_| key == word || matches!(end.slot, Slot::Value(Shape::OneOf(_) | Shape::Bool)))?;
    let mut facts = vec![format!("`{key}`")];
    if let Shape::OneOf(words) = property.shape {
        facts.push(tr!("one of {names}", names = words.join(", ")));
    } else if !property.shape.wanted().is_empty() {
        facts.push(language::plain(property.shape.wanted()));
    }
    if property.is_required() {
        facts.push(tr!("must be there"));
    }
    if !property.default.is_empty() && version != Version::V0_21 {
        facts.push(tr!("{value} unless written", value = property.default));
    }
    if property.is_old && version == Version::V1_3 {
        facts.push(tr!("deprecated"));
    }
    let mut text = facts.join(", ");
    if !property.words.is_empty() {
        text += ": ";
        text += &language::plain(property.words);
    }
    Some(text)
}

/// The version that a text is for, without the line at `offset`, which may be half written.
fn version_of(source: &Source, offset: u32) -> Version {
    let line = source.line_span(source.position(offset).line).range();
    let others = Source::new("", [&source.text[..line.start], &source.text[line.end..]].concat());
    let (document, _) = crate::syntax::parse(&others);
    Version::of_text(&document, &others)
}

/// Whether the text is not a Kestra flow.
fn is_foreign(here: &Context<'_>) -> bool {
    matches!(here.path.first(), Some(Step::Map(keys)) if keys.iter().any(|(key, _)| key == "apiVersion"))
}

/// Follows a path through the tables.
fn end<'a>(path: &[Step<'a>], version: Version) -> End<'a> {
    let mut end = End { table: None, key: "", slot: Slot::Value(Shape::Object(schema::FLOW)), is_map: false };
    let mut owner = "flow";
    for (at, step) in path.iter().enumerate() {
        end.is_map = false;
        match step {
            Step::Map(keys) => {
                let found = table(end.slot, owner, keys, version);
                // A word where a single value is expected is that value.
                if found.is_none() && at + 1 == path.len() && keys.iter().next().is_none() {
                    break;
                }
                end.is_map = found.is_some();
                end.table = found;
            }
            Step::Key(key) => {
                let property = end.table.as_ref().and_then(|table| table.property(key));
                end.slot = match (property, end.slot) {
                    (Some(property), _) => Slot::Value(property.shape),
                    // Each key of the cases is a value, with a list of tasks below it.
                    (None, Slot::Value(Shape::Cases)) => Slot::Value(Shape::Tasks),
                    (None, _) => Slot::Unknown,
                };
                (end.key, owner) = (key, key);
            }
            Step::Item => {
                end.slot = match end.slot {
                    Slot::Value(Shape::Tasks) => Slot::Value(Shape::Task),
                    Slot::Value(Shape::DagTasks) => Slot::Value(Shape::Object(schema::DAG_TASK)),
                    Slot::Value(Shape::Objects(table)) => Slot::Value(Shape::Object(table)),
                    Slot::Value(Shape::Inputs) => Slot::Input,
                    Slot::Value(Shape::Triggers) if version != Version::V0_21 => Slot::Trigger,
                    Slot::Value(Shape::Texts | Shape::TextOrTexts) => Slot::Value(Shape::Text),
                    _ => Slot::Unknown,
                };
            }
        }
    }
    end
}

/// The properties of a map where `slot` is expected; `owner` is the key above it.
fn table<'a>(slot: Slot, owner: &'a str, keys: &Keys<'a>, version: Version) -> Option<Table<'a>> {
    let type_name = || keys.iter().find(|(key, _)| *key == "type").map_or("", |(_, value)| bare(value));
    let (owner, tables) = match slot {
        Slot::Value(Shape::Object(table)) => (owner, [table, &[]]),
        Slot::Value(Shape::Retry) => ("retry", [schema::RETRY, &[]]),
        Slot::Value(Shape::Task) => {
            let type_name = type_name();
            let own = match schema::lookup(type_name, version) {
                Known::Simulated(known) => schema::properties_of(known),
                Known::Opaque(Some(core)) => core.properties,
                _ => &[],
            };
            (class(type_name), [schema::EVERY_TASK, own])
        }
        Slot::Input => ("input", [schema::EVERY_INPUT, schema::input_properties(type_name(), version).unwrap_or_default()]),
        Slot::Trigger => {
            let current = schema::current_name(type_name());
            ("trigger", [schema::EVERY_TRIGGER, schema::trigger_properties(&current, version).unwrap_or_default()])
        }
        _ => return None,
    };
    Some(Table { owner, tables, version })
}

/// Whether a value of this shape is written on the line of its key.
fn is_single(shape: Shape) -> bool {
    use Shape::{Bool, Count, Duration, Number, OneOf, Text, TextOrTexts};
    matches!(shape, Text | Bool | Count | Number | Duration | OneOf(_) | TextOrTexts)
}

/// The part of a type name after its last dot.
fn class(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The expression that is open at the end of `before`.
fn expression(before: &str) -> Option<&str> {
    let open = before.rfind("{{")?;
    Some(&before[open + 2..]).filter(|rest| !rest.contains("}}"))
}

/// The byte at which the comment begins that `before` ends in, when it ends in a comment.
fn comment(before: &str) -> Option<usize> {
    let mut quote = None;
    let mut last = ' ';
    for (at, c) in before.char_indices() {
        match (quote, c) {
            (None, '#') if last == ' ' => return Some(at),
            (None, '"' | '\'') if " [{:,-".contains(last) => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        last = c;
    }
    None
}

/// The ids of the inputs or of the tasks, with their lines. It looks at single lines only, so that it works in broken texts.
fn ids<'a>(source: &'a Source, section: &'static str) -> impl Iterator<Item = (&'a str, usize)> {
    const OTHERS: [&str; 7] = ["inputs", "outputs", "triggers", "labels", "variables", "sla", "concurrency"];
    let mut now = "";
    (1..=source.n_lines()).filter_map(move |number| {
        let line = source.line(number);
        if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            now = line.split(':').next().unwrap_or("");
            return None;
        }
        let is_there = if section == "inputs" { now == section } else { !OTHERS.contains(&now) };
        let at = line.find("id: ").filter(|_| is_there)?;
        // The key begins here and is not the end of a longer key.
        if !line[..at].ends_with([' ', '{', ',']) {
            return None;
        }
        let value = line[at + 4..].split([',', '}']).next()?;
        Some((bare(value), number)).filter(|(id, _)| !id.is_empty())
    })
}

/// The first id in each of the other items of the list that `offset` is in.
fn siblings(source: &Source, offset: u32) -> Vec<&str> {
    let number = source.position(offset).line;
    let dash = |number: usize| {
        let line = source.line(number);
        let indent = line.len() - line.trim_start().len();
        (line[indent..].starts_with("- ")).then_some(indent)
    };
    let indent = |number: usize| source.line(number).len() - source.line(number).trim_start().len();
    let is_empty = |number: usize| source.line(number).trim().is_empty();
    // The nearest dash further left than the place opens the item; within brackets it may be on the same line.
    let own = |at: &usize| dash(*at).is_some_and(|column| column < indent(number) || *at == number);
    // A dash right before the place belongs to the list of ids itself.
    let from = if dash(number).is_some() && !source.line(number).contains("dependsOn") { number - 1 } else { number };
    let Some(first) = (1..=from).rev().find(own) else { return Vec::new() };
    let column = indent(first);
    let is_inside = |at: &usize| is_empty(*at) || indent(*at) >= column && (indent(*at) > column || dash(*at).is_some());
    let top = (1..first).rev().take_while(is_inside).last().unwrap_or(first);
    let mut found = Vec::new();
    let mut item = 0;
    let mut taken = 0;
    let bottom = (first + 1..=source.n_lines()).take_while(is_inside).last().unwrap_or(first);
    let mut all = ids(source, "tasks").skip_while(|(_, at)| *at < top).peekable();
    for at in top..=bottom {
        if dash(at) == Some(column) {
            item = at;
        }
        while let Some((id, _)) = all.next_if(|(_, line)| *line == at) {
            if item != taken && item != first {
                found.push(id);
            }
            taken = item;
        }
    }
    found
}

#[cfg(test)]
mod tests;
