//! The path to a place of the text, found from lines and indents alone, so that it works in texts that are broken or unfinished.
//!
//! In: a text and a byte offset. Out: the keys and list items that lead there from the root of the YAML document that the offset
//! is in. Flow collections (`{id: a}`, `[a, b]`) are followed within the line of the offset only.

use crate::source::{Source, Span};

/// A step of the path from the root of a document to a place in it.
#[derive(Debug)]
pub enum Step<'a> {
    /// Into a map.
    Map(Keys<'a>),
    /// To the value of a key.
    Key(&'a str),
    /// To an item of a list.
    Item,
}

/// The keys of a map, which are looked for when they are asked for: the map of a long text may end far below.
#[derive(Debug)]
pub enum Keys<'a> {
    /// Those at a column, in bytes, from a line on.
    Below(&'a Source, usize, usize),
    /// Those of a map in braces, with their values.
    Inline(Vec<(&'a str, &'a str)>),
}

impl<'a> Keys<'a> {
    /// Each key, and the rest of the line after it or the value.
    pub fn iter(&self) -> Box<dyn Iterator<Item = (&'a str, &'a str)> + '_> {
        match self {
            Self::Below(source, line, column) => Box::new(keys(source, *line, *column)),
            Self::Inline(entries) => Box::new(entries.iter().copied()),
        }
    }
}

/// A place and the path to it.
#[derive(Debug)]
pub struct Context<'a> {
    /// From the root inwards. It ends with a map where a key stands or may be written.
    pub path: Vec<Step<'a>>,
    /// The word up to the place: what is being written.
    pub word: Span,
    /// Whether the place is in a block of text, which is not YAML.
    pub in_text: bool,
}

/// A part of a line that gives it structure, at its column in bytes: the dash of an item, or a key with its value.
#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    Dash(usize),
    Key(usize, &'a str, &'a str),
}

impl Part<'_> {
    fn column(&self) -> usize {
        match self {
            Self::Dash(column) | Self::Key(column, ..) => *column,
        }
    }
}

/// A line: its parts, and what follows its dashes, with its column.
struct Line<'a> {
    parts: Vec<Part<'a>>,
    column: usize,
    content: &'a str,
}

/// The path to `offset`.
#[must_use]
pub fn context(source: &Source, offset: u32) -> Context<'_> {
    let number = source.position(offset).line;
    let span = source.line_span(number);
    let text = source.slice(span);
    let cursor = offset.clamp(span.start, span.end);
    let column = (cursor - span.start) as usize;
    let line = read(text);
    let mut inner = Vec::new();
    // Parts of this line from this column on are after the place.
    let mut before = column;
    let key = line.parts.last().copied().filter(|part| matches!(part, Part::Key(..)));
    if let Some(Part::Key(at, key, value)) = key.filter(|part| matches!(part, Part::Key(at, key, _) if column > at + key.len())) {
        inner.push(Step::Key(key));
        inner.extend(within(value, column.saturating_sub(text.len() - value.len())));
        before = at;
    } else if line.column <= column {
        before = line.column;
        let inline = within(line.content, column - line.column);
        let is_inline = !inline.is_empty();
        inner.extend(inline);
        if is_inline {
            let (mut path, in_text) = around(source, number, before, true);
            path.extend(inner);
            return Context { path, word: word(source, cursor), in_text };
        }
    }
    let (mut path, in_text) = around(source, number, before, false);
    path.extend(inner);
    Context { path, word: word(source, cursor), in_text }
}

/// The characters of a name before `offset`.
fn word(source: &Source, offset: u32) -> Span {
    let before = &source.text[..offset as usize];
    let start = before.trim_end_matches(|c: char| c.is_alphanumeric() || "_.$-".contains(c)).len();
    // A dash with a space before it begins an item.
    let length = before[start..].trim_start_matches('-').len();
    Span::new(offset as usize - length, offset as usize)
}

/// The path to the map whose keys stand at `column` of a line; with `bare` to the item there.
fn around(source: &Source, number: usize, column: usize, bare: bool) -> (Vec<Step<'_>>, bool) {
    let mut path = Vec::new();
    let mut in_text = false;
    let (mut number, mut column) = (number, column);
    // Whether the key of a list is searched for, which may stand right above its dash.
    let mut in_list = false;
    let mut map_line = number;
    let mut is_map = !bare;
    'upwards: loop {
        let text = source.line(number);
        if number != map_line && text.starts_with("---") {
            break;
        }
        // What stands further right, or is another item of the same list, leads elsewhere.
        let begins = indent(text);
        let is_aside = if in_list { begins > column || begins == column && text[begins..].starts_with("- ") } else { begins >= column };
        let parts = if is_aside { Vec::new() } else { read(text).parts };
        for part in parts.iter().rev() {
            let at = part.column();
            let opens = match part {
                Part::Dash(_) => at < column,
                Part::Key(..) => at < column || in_list && at == column,
            };
            if !opens {
                continue;
            }
            if is_map && !in_list {
                path.push(Step::Map(Keys::Below(source, number, column)));
            }
            match part {
                Part::Dash(_) => {
                    path.push(Step::Item);
                    in_list = true;
                }
                Part::Key(_, key, value) => {
                    path.push(Step::Key(key));
                    let value = value.trim_start_matches(['&', '!']);
                    in_text |= value.starts_with(['|', '>']);
                    in_list = false;
                }
            }
            is_map = true;
            column = at;
            map_line = number;
            if column == 0 && !in_list {
                break 'upwards;
            }
        }
        if number == 1 {
            break;
        }
        number -= 1;
    }
    if is_map && !in_list {
        path.push(Step::Map(Keys::Below(source, first_line(source, number), column)));
    }
    path.reverse();
    (path, in_text)
}

/// The first line of the YAML document that line `number` belongs to.
fn first_line(source: &Source, number: usize) -> usize {
    (1..=number).rev().find(|at| source.line(*at).starts_with("---")).map_or(1, |at| (at + 1).min(source.n_lines()))
}

/// The keys at `column` from line `number` on, up to the end of their map.
fn keys(source: &Source, number: usize, column: usize) -> impl Iterator<Item = (&str, &str)> {
    let of_document =
        (number..=source.n_lines()).map(|at| (at, source.line(at))).take_while(move |(at, text)| *at == number || !text.starts_with("---"));
    // What stands further right is in a value.
    let read = of_document.filter(move |(_, text)| indent(text) <= column).map(|(at, text)| (at, read(text).parts));
    // What opens the map stands further left, on the map's first line too.
    let is_inside = move |(at, parts): &(usize, Vec<Part<'_>>)| *at == number || parts.first().is_none_or(|first| first.column() >= column);
    read.take_while(is_inside).flat_map(|(_, parts)| parts).filter_map(move |part| match part {
        Part::Key(at, key, value) if at == column => Some((key, value)),
        _ => None,
    })
}

/// The bytes of white space that a line begins with.
fn indent(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// Splits a line into its parts. A comment or an empty line has none.
fn read(text: &str) -> Line<'_> {
    let mut parts = Vec::new();
    let mut content = text.trim_start_matches([' ', '\t']);
    while let Some(rest) = content.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
        parts.push(Part::Dash(text.len() - content.len()));
        content = rest.trim_start_matches(' ');
    }
    let column = text.len() - content.len();
    if let Some((key, value)) = split_key(content) {
        parts.push(Part::Key(column, key, value));
    }
    Line { parts, column, content }
}

/// A key and what follows its colon, without the spaces around it and without a comment.
fn split_key(content: &str) -> Option<(&str, &str)> {
    if content.starts_with(['#', '{', '[', '\'', '"', '|', '>', '%']) {
        return None;
    }
    let colon =
        content.match_indices(':').map(|(at, _)| at).find(|at| content[at + 1..].is_empty() || content[at + 1..].starts_with(' '))?;
    let value = content[colon + 1..].trim_start();
    let value = if value.starts_with('#') { "" } else { value };
    (!content[..colon].contains(" #")).then_some((&content[..colon], value))
}

/// The value without its comment and quotes.
#[must_use]
pub fn bare(value: &str) -> &str {
    let value = value.split(" #").next().unwrap_or("").trim();
    value.trim_matches(['"', '\''])
}

/// What a bracket or brace opens: its kind, and the keys and values in it.
struct Frame<'a> {
    is_map: bool,
    entries: Vec<(&'a str, &'a str)>,
}

/// The steps from the start of a flow collection to `at` in its text; empty when the text is not a flow collection, or has ended
/// before `at`.
fn within(text: &str, at: usize) -> Vec<Step<'_>> {
    if !text.starts_with(['{', '[']) || at == 0 {
        return Vec::new();
    }
    let mut frames: Vec<Frame<'_>> = Vec::new();
    // The open frames, each with its index, the key that has been read, and the start of what is being read.
    let mut open: Vec<(usize, Option<&str>, usize)> = Vec::new();
    let mut there: Option<Vec<(usize, Option<&str>, usize)>> = None;
    let mut quote = None;
    for (i, c) in text.char_indices() {
        if i >= at && there.is_none() {
            there = Some(open.clone());
        }
        if quote.is_some() {
            quote = quote.filter(|quote| *quote != c);
            continue;
        }
        match c {
            '"' | '\'' => quote = Some(c),
            '{' | '[' => {
                open.push((frames.len(), None, i + 1));
                frames.push(Frame { is_map: c == '{', entries: Vec::new() });
            }
            ',' | '}' | ']' => {
                if let Some((frame, key, start)) = open.last_mut() {
                    frames[*frame].entries.extend(key.map(|key| (key, text[*start..i].trim())));
                    (*key, *start) = (None, i + 1);
                }
                if c != ',' {
                    open.pop();
                    if open.is_empty() {
                        break;
                    }
                }
            }
            ':' => {
                if let Some((frame, key, start)) = open.last_mut().filter(|(frame, key, _)| frames[*frame].is_map && key.is_none()) {
                    *key = Some(text[*start..i].trim());
                    let _ = frame;
                    *start = i + 1;
                }
            }
            _ => {}
        }
    }
    // A collection that is not closed yet.
    for (frame, key, start) in &open {
        frames[*frame].entries.extend(key.map(|key| (key, text[*start..].trim())));
    }
    let Some(there) = there.or_else(|| (at >= text.len()).then_some(open)) else { return Vec::new() };
    let mut path = Vec::new();
    for (frame, key, _) in there {
        if frames[frame].is_map {
            path.push(Step::Map(Keys::Inline(std::mem::take(&mut frames[frame].entries))));
            path.extend(key.map(Step::Key));
        } else {
            path.push(Step::Item);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path to `|`, as `tasks/-/{id type}`.
    fn way(text: &str) -> String {
        let at = text.find('|').expect("the place is marked");
        let source = Source::new("flow.yaml", text.replacen('|', "", 1));
        let found = context(&source, Span::new(at, at).start);
        let step = |step: &Step<'_>| match step {
            Step::Map(keys) => format!("{{{}}}", keys.iter().map(|(key, _)| key).collect::<Vec<_>>().join(" ")),
            Step::Key(key) => (*key).to_owned(),
            Step::Item => "-".to_owned(),
        };
        let steps: Vec<String> = found.path.iter().map(step).collect();
        format!("{} `{}`{}", steps.join("/"), source.slice(found.word), if found.in_text { " in text" } else { "" })
    }

    #[test]
    fn indents_give_the_path() {
        assert_eq!(way("id: a\nta|"), "{id} `ta`");
        assert_eq!(way("id: a\ntasks:\n  - id: x\n    con|\n    type: T\n"), "{id tasks}/tasks/-/{id type} `con`");
        assert_eq!(way("id: a\ntasks:\n- id: x\n  type: T|\nerrors: []\n"), "{id tasks errors}/tasks/-/{id type}/type `T`");
        assert_eq!(way("tasks:\n  - i|"), "{tasks}/tasks/-/{} `i`");
        assert_eq!(way("tasks:\n  - id: a\n  - |"), "{tasks}/tasks/-/{} ``");
        assert_eq!(way("tasks:\n  - id: a\n    script: x\n   |"), "{tasks}/tasks/-/{} ``");
        assert_eq!(way("tasks:\n  - id: a\n    retry:\n      ty|\n"), "{tasks}/tasks/-/{id retry}/retry/{} `ty`");
        assert_eq!(way("id: a\n---\nid: b\nta|"), "{id} `ta`");
    }

    #[test]
    fn brackets_are_followed_within_a_line() {
        assert_eq!(way("tasks:\n  - task: {id: a, ty|}\n"), "{tasks}/tasks/-/{task}/task/{id} `ty`");
        assert_eq!(way("tasks:\n  - task: {id: a, type: x.Y|, c: d}\n"), "{tasks}/tasks/-/{task}/task/{id type c}/type `x.Y`");
        assert_eq!(way("tasks:\n  - task: a\n    dependsOn: [a, b|"), "{tasks}/tasks/-/{task dependsOn}/dependsOn/- `b`");
        assert_eq!(way("tasks:\n  - {id: a, |"), "{tasks}/tasks/-/{id} ``");
        assert_eq!(way("tasks: [{id: a, tasks: [{id: b, d|}]}]"), "{tasks}/tasks/-/{id tasks}/tasks/-/{id} `d`");
    }

    #[test]
    fn blocks_of_text_are_known() {
        // `|` marks the place in this test, so the block is a folded one.
        assert_eq!(way("tasks:\n  - id: a\n    script: >\n      foo: b|"), "{tasks}/tasks/-/{id script}/script/{foo}/foo `b` in text");
    }
}
