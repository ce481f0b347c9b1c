//! What the tasks of a loop call its value: `taskrun.value` of a ForEach is `item.value` of a Loop, and what a task of the same value
//! gave out is no longer under that value. Rules: Kestra, "ForEach", "Loop" and "Context".

use std::collections::BTreeMap;
use std::ops::Range;

use super::pen::Left;
use crate::expr;
use crate::tr;

/// The loops around a task, each by a number, the outermost first.
pub type Loops = Vec<u32>;

/// By id, the loops around each task that is in one.
pub type Inside = BTreeMap<String, Loops>;

/// A group around a task, as `parents` of 1.3 has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// It runs for a value: that of the loop with this index, the outermost being 0.
    Valued(usize),
    /// It has outputs, and so an entry.
    WithOutputs,
    /// It has none.
    Plain,
    /// Only the run decides.
    Unsure,
}

/// Where a text stands.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The loops around it.
    pub loops: Loops,
    /// The index of the loop for whose value the task itself runs.
    pub own: Option<usize>,
    /// Whether the task also has the index of that value.
    pub has_index: bool,
    /// The groups around the task, the outermost first.
    pub around: Vec<Around>,
}

/// What to replace in a text, in bytes of what is read. The text stands in a loop.
///
/// # Errors
/// Where a name has no counterpart.
pub fn parts(text: &str, place: &Place, inside: &Inside) -> Result<Vec<(Range<usize>, String)>, Left> {
    let mut parts: Vec<(Range<usize>, String)> = Vec::new();
    for (path, range) in expr::paths(text) {
        if parts.iter().any(|(done, _)| done.start <= range.start && range.end <= done.end) {
            continue;
        }
        let mut names = path.split('.');
        match names.next().unwrap_or("") {
            "taskrun" | "parent" | "parents" => {
                if let Some((level, field, length)) = named(&text[range.clone()], place)? {
                    parts.push((range.start..range.start + length, [&item(level, place), field].concat()));
                }
            }
            "outputs" => {
                let Some((id, loops)) = names.next().and_then(|id| inside.get_key_value(id)) else { continue };
                let is_around = loops.len() <= place.loops.len() && place.loops[..loops.len()] == **loops;
                if !is_around {
                    return Err(read_elsewhere(id));
                }
                let called = text[..range.start].trim_end();
                if let Some(before) =
                    called.strip_suffix('(').map(str::trim_end).and_then(|before| before.strip_suffix("currentEachOutput"))
                {
                    let rest = &text[range.end..];
                    let close = rest.find(')').filter(|at| rest[..*at].trim().is_empty()).ok_or_else(Left::unusual)?;
                    parts.push((before.len()..range.end + close + 1, text[range].to_owned()));
                    continue;
                }
                if names.next().is_some() {
                    return Err(by_literal(id));
                }
                let end = values_end(text, range.end, loops.len(), place).ok_or_else(|| by_literal(id))?;
                parts.push((range.end..end, String::new()));
            }
            _ => {}
        }
    }
    Ok(parts)
}

/// Whether a text reads what a task in a loop gives out: the id of the first such task.
pub fn reads<'a>(text: &str, inside: &'a Inside) -> Option<&'a str> {
    let of_task = |path: &str| path.strip_prefix("outputs.").and_then(|rest| rest.split('.').next()).map(str::to_owned);
    let ids = expr::paths(text).into_iter().filter_map(|(path, _)| of_task(&path));
    ids.into_iter().find_map(|id| inside.get_key_value(&id)).map(|(id, _)| id.as_str())
}

/// Why the outputs of a task can't be read elsewhere.
pub fn read_elsewhere(id: &str) -> Left {
    let why = tr!("`outputs.{id}` is read outside of the loop, where a Loop does not show what its tasks gave out", id);
    let choices = [
        tr!("declare it under `outputs:` of the Loop, and read the list `loopOutputs(outputs.LOOP.outputs, 'ID')`"),
        tr!("move the task that reads it into the loop"),
    ];
    Left::because(why, choices)
}

fn by_literal(id: &str) -> Left {
    let why = tr!("`outputs.{id}` is not read for the current value: in a Loop a task only sees the outputs of its own value", id);
    let choices = [
        tr!("read `outputs.{id}[taskrun.value]`, if the current value is meant: that is rewritten", id),
        tr!("read it after the loop, in `outputs.LOOP.outputs`"),
    ];
    Left::because(why, choices)
}

fn in_group(name: &str) -> Left {
    let why = tr!("`{name}` has no value here, as only the tasks right in a loop have one", name);
    let choices = [
        tr!("name the loop around: `parent.taskrun.value`, or `parents[1].taskrun.value` in an If or a Switch; that is rewritten"),
        tr!("write `item.value` and `item.index`, as a Loop calls them"),
    ];
    Left::because(why, choices)
}

/// Whether a text names a value of a loop or what a task in one gives out.
pub fn is_of_loop(text: &str, inside: &Inside) -> bool {
    let is_value = |path: &str| {
        let last = path.rsplit_once("taskrun.").map(|(_, last)| last);
        path.starts_with(['t', 'p']) && matches!(last, Some("value" | "iteration"))
    };
    text.contains('{') && (reads(text, inside).is_some() || expr::paths(text).iter().any(|(path, _)| is_value(path)))
}

/// The end of so many values in brackets, each that of its loop: `[parent.taskrun.value][taskrun.value]`.
fn values_end(text: &str, mut at: usize, n_loops: usize, place: &Place) -> Option<usize> {
    for level in 0..n_loops {
        let rest = text.get(at..)?;
        let open = rest.strip_prefix('[')?;
        // Up to the bracket that closes it: an index may be within.
        let mut depth = 1;
        let close = open.char_indices().find_map(|(at, c)| {
            match c {
                '[' => depth += 1,
                ']' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(at)
        })?;
        let name = open[..close].trim();
        let (found, field, length) = named(name, place).ok()??;
        if found != level || field != ".value" || length != name.len() {
            return None;
        }
        at += 1 + close + 1;
    }
    Some(at)
}

/// The loop whose value or index is named, the new name of the field, and how many bytes the name takes. `None` for what stays as it is.
fn named(name: &str, place: &Place) -> Result<Option<(usize, &'static str, usize)>, Left> {
    let no_such = || {
        let why = tr!("`{name}` is not the value of a loop around it", name);
        Left::because(
            why,
            [tr!("name the value that is meant: `item.value`, `item.parent.value`, or `item.parents[0].value` for the outermost")],
        )
    };
    let fields = [("taskrun.value", ".value"), ("taskrun.iteration", ".index")];
    let field = |rest: &str| fields.iter().find(|(old, _)| rest.strip_prefix(old).is_some_and(|rest| !rest.starts_with(is_of_name)));
    if name.starts_with("taskrun") {
        let Some((old, new)) = field(name) else { return Ok(None) };
        let own = place.own.filter(|_| *new == ".value" || place.has_index).ok_or_else(|| in_group(old))?;
        return Ok(Some((own, *new, old.len())));
    }
    let (nth, rest) = if let Some(rest) = name.strip_prefix("parents") {
        let (index, rest) = match rest.strip_prefix('.') {
            Some(dotted) => dotted.split_at(dotted.find(|c: char| !c.is_ascii_digit()).unwrap_or(dotted.len())),
            None => rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(no_such)?,
        };
        (index.trim().parse::<usize>().map_err(|_| no_such())?, rest)
    } else {
        (0, name.strip_prefix("parent").ok_or_else(no_such)?)
    };
    let rest = rest.strip_prefix('.').ok_or_else(no_such)?;
    let (old, new) = field(rest).ok_or_else(no_such)?;
    let mut entries = place.around.iter().rev().filter(|around| **around != Around::Plain);
    for _ in 0..nth {
        if matches!(entries.next(), None | Some(Around::Unsure)) {
            return Err(no_such());
        }
    }
    match entries.next() {
        Some(Around::Valued(level)) => Ok(Some((*level, *new, name.len() - rest.len() + old.len()))),
        _ => Err(no_such()),
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What a Loop calls itself at a place in it.
fn item(level: usize, place: &Place) -> String {
    match place.loops.len() - level {
        1 => "item".to_owned(),
        2 => "item.parent".to_owned(),
        _ => format!("item.parents[{level}]"),
    }
}
