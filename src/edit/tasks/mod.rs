//! What can be changed on a bar: how long its task takes, whether it fails, whether it is tried again, and whether a group
//! is Parallel or Sequential.

use super::{Edit, TOO_UNUSUAL, insert_after_type, proved};
use crate::flow::plan::Dialect;
use crate::flow::{Flow, Kind, SimNote, TaskIdx, read_text};
use crate::source::Source;
use crate::syntax::{Document, Node, Value};
use crate::time::{SimTime, iso_duration, parse_duration, parse_iso_duration, seconds};

/// What is to become of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// It takes so many milliseconds more, or less.
    Longer(i64),
    /// It fails, or no longer does, by a `# sim:` note.
    Fails(bool),
    /// A failure is tried again, three times in all.
    Retry,
    /// A Parallel becomes a Sequential, a Sequential a Parallel.
    Switch,
}

/// The edit that makes it so; `None` when it is so already.
///
/// # Errors
/// One sentence that says why the text can't be changed safely from the chart.
pub fn edit(source: &Source, document: &Document, flow: &Flow, idx: TaskIdx, intent: Intent) -> Result<Option<Edit>, String> {
    planned(source, document, flow, idx, intent, true)
}

fn planned(source: &Source, document: &Document, flow: &Flow, idx: TaskIdx, intent: Intent, prove: bool) -> Result<Option<Edit>, String> {
    let task = flow.task(idx);
    let node =
        document.roots.iter().find_map(|root| root.map_at(task.span)).ok_or("this task is written with an alias: change it in the text")?;
    let context = Place { source, document, flow, idx, node, prove };
    match intent {
        Intent::Longer(by) => context.longer(by),
        Intent::Fails(fails) => context.note(SimNote { fails_percent: if fails { 100 } else { 0 }, ..task.sim_note.unwrap_or(NO_NOTE) }),
        Intent::Retry if node.get("retry").is_some() => Err("this task has a retry already".to_owned()),
        Intent::Retry if task.is_group() => Err("a group is not tried again: give its tasks a retry".to_owned()),
        Intent::Retry => context.retry().map(Some),
        Intent::Switch => context.switch().map(Some),
    }
}

/// Whether [`edit`] has a way to make it so. Its proof, which reads the whole text anew, is left to the edit itself.
///
/// # Errors
/// One sentence that says why not.
pub fn can_edit(source: &Source, document: &Document, flow: &Flow, idx: TaskIdx, intent: Intent) -> Result<(), String> {
    planned(source, document, flow, idx, intent, false).map(|_| ())
}

/// The step by which the written length changes: one unit of its last digit, in milliseconds.
///
/// # Errors
/// As [`edit`].
pub fn step_ms(source: &Source, document: &Document, flow: &Flow, idx: TaskIdx) -> Result<u64, String> {
    let task = flow.task(idx);
    let node = document.roots.iter().find_map(|root| root.map_at(task.span)).ok_or("this task is written with an alias")?;
    Ok(Place { source, document, flow, idx, node, prove: false }.written()?.map_or(1000, |written| written.step_ms))
}

const NO_NOTE: SimNote = SimNote { takes: None, fails_percent: 0 };

struct Place<'a> {
    source: &'a Source,
    document: &'a Document,
    flow: &'a Flow,
    idx: TaskIdx,
    node: &'a Node,
    prove: bool,
}

/// A length that stands in the text.
struct Written {
    /// The number with its unit.
    range: std::ops::Range<usize>,
    ms: u64,
    step_ms: u64,
    is_iso: bool,
}

impl Place<'_> {
    fn proved(&self, change: &dyn Fn(&mut Node), edit: Edit) -> Result<Edit, String> {
        if self.prove { proved(self.source, self.document, self.node, change, edit) } else { Ok(edit) }
    }

    fn longer(&self, by: i64) -> Result<Option<Edit>, String> {
        let task = self.flow.task(self.idx);
        if task.is_group() {
            return Err("a group takes as long as what it holds".to_owned());
        }
        if let Some(SimNote { takes: Some((shortest, longest)), .. }) = task.sim_note {
            if shortest != longest {
                return Err("its length is a range: change it in the text".to_owned());
            }
            return self.note(SimNote { takes: Some((added(shortest.0, by), added(shortest.0, by))), ..task.sim_note.unwrap_or(NO_NOTE) });
        }
        if self.flow.dialect == Dialect::XlRelease {
            return self.planned(by);
        }
        let Some(written) = self.written()? else {
            let takes = added(1000, by);
            return self.note(SimNote { takes: Some((takes, takes)), ..task.sim_note.unwrap_or(NO_NOTE) });
        };
        let length = added(written.ms, by);
        let old = &self.source.text[written.range.clone()];
        let text = if written.is_iso { iso_duration(length) } else { in_unit_of(old, length) };
        if text == old {
            return Ok(None);
        }
        let edit = Edit { range: written.range.clone(), text };
        let change = |node: &mut Node| replace_within(node, &written.range, old, &edit.text);
        self.proved(&change, edit.clone()).map(Some)
    }

    /// Writes the `plannedDuration` of an item of a template, in whole seconds.
    fn planned(&self, by: i64) -> Result<Option<Edit>, String> {
        const KEY: &str = "plannedDuration";
        let usual = self.flow.task(self.idx).plan.as_ref().and_then(|plan| plan.usual_length()).map_or(0, |length| length.0 / 1000);
        let entry = self.node.entry(KEY);
        let now = match entry.map(|entry| &entry.value.value) {
            Some(Value::Int(seconds)) => u64::try_from(*seconds).unwrap_or(0),
            Some(_) => return Err("its planned duration is no number: change it in the text".to_owned()),
            None => usual,
        };
        let seconds = u32::try_from((added(now * 1000, by).0 + 500) / 1000).map_err(|_| TOO_UNUSUAL)?;
        if u64::from(seconds) == now {
            return Ok(None);
        }
        let edit = match entry {
            Some(entry) => super::replace_value(self.source, entry, &seconds.to_string())?,
            None => insert_after_type(self.source, self.node, &format!("{KEY}: {seconds}"))?,
        };
        self.proved(&|node| super::set_property(node, KEY, seconds), edit).map(Some)
    }

    /// Where the length of the task stands; `None` for a task whose length a note has to say.
    fn written(&self) -> Result<Option<Written>, String> {
        let value = |key: &str| self.node.get(key).ok_or_else(|| TOO_UNUSUAL.to_owned());
        match &self.flow.task(self.idx).kind {
            Kind::Sleep { .. } => {
                let node = value("duration")?;
                let text = node.as_str().ok_or(TOO_UNUSUAL)?;
                let ms = parse_iso_duration(text).ok_or("its length is an expression: change it in the text")?.0;
                let at = self.source.slice(node.span).find(text).ok_or(TOO_UNUSUAL)? + node.span.start as usize;
                let step_ms = if ms.is_multiple_of(1000) { 1000 } else { 100 };
                Ok(Some(Written { range: at..at + text.len(), ms, step_ms, is_iso: true }))
            }
            Kind::Shell(_) => {
                let node = self.node.get("commands").or(self.node.get("script")).ok_or(TOO_UNUSUAL)?;
                let text = self.source.slice(node.span);
                let found = sleeps(text);
                match found[..] {
                    [] => Ok(None),
                    [(from, to)] => {
                        let from_text = &text[from..to];
                        let ms = parse_duration(from_text).ok_or("its length is an expression: change it in the text")?.0;
                        let start = node.span.start as usize;
                        Ok(Some(Written { range: start + from..start + to, ms, step_ms: step_of(from_text), is_iso: false }))
                    }
                    _ => Err("this task sleeps more than once: change it in the text".to_owned()),
                }
            }
            _ => Ok(None),
        }
    }

    /// Writes a `# sim:` note: in place of the one that stands there, else at the end of the first line of the task.
    fn note(&self, note: SimNote) -> Result<Option<Edit>, String> {
        let task = self.flow.task(self.idx);
        if task.sim_note.unwrap_or(NO_NOTE) == note {
            return Ok(None);
        }
        if task.is_group() {
            return Err("a note is for a task, not for a group".to_owned());
        }
        let text = note_text(note);
        let near = self.source.text[..task.span.start as usize]
            .rfind('\n')
            .map_or(0, |line| self.source.text[..line].rfind('\n').unwrap_or(0)) as u32;
        let is_near =
            |comment: &&crate::syntax::Comment| comment.text.starts_with("sim:") && (near..=task.span.end).contains(&comment.span.start);
        let is_own = |comment: &&crate::syntax::Comment| task.sim_note.is_some() && is_near(comment) && self.note_is_at(comment.span.start);
        let edit = match self.document.comments.iter().find(is_own) {
            Some(comment) if text.is_empty() => {
                let before = self.source.text[..comment.span.start as usize].trim_end_matches(' ').len();
                let start = if comment.own_line { comment.span.start as usize } else { before };
                Edit { range: start..comment.span.end as usize, text }
            }
            Some(comment) => Edit { range: comment.span.range(), text },
            None => {
                let start = task.span.start as usize;
                let end = start + self.source.text[start..].find(['\n', '\r']).unwrap_or(self.source.text.len() - start);
                if self.document.comments.iter().any(|comment| (start..end).contains(&(comment.span.start as usize))) {
                    // The line has a comment already: the note gets one above it.
                    let line = self.source.text[..start].rfind('\n').map_or(0, |at| at + 1);
                    let indent: String = self.source.text[line..].chars().take_while(|c| *c == ' ').collect();
                    Edit { range: line..line, text: format!("{indent}{text}\n") }
                } else {
                    Edit { range: end..end, text: format!(" {text}") }
                }
            }
        };
        if !self.prove {
            return Ok(Some(edit));
        }
        let edited = Source::new(self.source.name.clone(), edit.apply(&self.source.text));
        let (_, flows, _) = read_text(&edited);
        let expected = |(at, before): (usize, &crate::flow::Task)| {
            if at == self.idx.0 as usize { (note != NO_NOTE).then_some(note) } else { before.sim_note }
        };
        let is_so = flows.first().is_some_and(|after| {
            after.tasks.len() == self.flow.tasks.len()
                && self.flow.tasks.iter().enumerate().zip(&after.tasks).all(|(before, after)| after.sim_note == expected(before))
        });
        if !is_so {
            return Err(TOO_UNUSUAL.to_owned());
        }
        self.proved(&|_| {}, edit).map(Some)
    }

    /// Whether a note at this place is the one of this task: without it the task has none.
    fn note_is_at(&self, start: u32) -> bool {
        let at = start as usize;
        let without = [&self.source.text[..at], "#     ", self.source.text.get(at + 6..).unwrap_or("")].concat();
        let (_, flows, _) = read_text(&Source::new("", without));
        flows.first().and_then(|flow| flow.tasks.get(self.idx.0 as usize)).is_some_and(|task| task.sim_note.is_none())
    }

    fn retry(&self) -> Result<Edit, String> {
        const RETRY: &str = "retry: {type: constant, interval: PT1S, maxAttempts: 3}";
        let edit = insert_after_type(self.source, self.node, RETRY)?;
        let value = crate::syntax::parse(&Source::new("", RETRY)).0;
        let entry = value.roots.first().and_then(|root| root.entry("retry")).cloned().ok_or(TOO_UNUSUAL)?;
        let change = |node: &mut Node| {
            let Value::Map(entries) = &mut node.value else { return };
            let after = entries.iter().position(|entry| entry.key == "type").map_or(entries.len(), |at| at + 1);
            entries.insert(after, entry.clone());
        };
        self.proved(&change, edit)
    }

    fn switch(&self) -> Result<Edit, String> {
        let (from, to) = match self.flow.task(self.idx).kind {
            Kind::Parallel { .. } => ("Parallel", "Sequential"),
            Kind::Sequential => ("Sequential", "Parallel"),
            _ => return Err("only a Parallel and a Sequential can be switched".to_owned()),
        };
        let kind = self.node.entry("type").filter(|entry| !entry.value.aliased).ok_or(TOO_UNUSUAL)?;
        let name = self.source.slice(kind.value.span);
        let start = kind.value.span.start as usize + name.rfind(from).ok_or(TOO_UNUSUAL)?;
        let limit = self
            .node
            .entry("concurrent")
            .map(|entry| self.without(entry.key_span.start as usize, entry.value.span.end as usize))
            .transpose()?;
        // Both changes as one edit: from the first byte that changes to the last.
        let text = match limit {
            Some(removed) if removed.start >= start + from.len() => {
                let kept = &self.source.text[start + from.len()..removed.start];
                Edit { range: start..removed.end, text: [to, kept].concat() }
            }
            Some(removed) => Edit { range: removed.start..start + from.len(), text: [&self.source.text[removed.end..start], to].concat() },
            None => Edit { range: start..start + from.len(), text: to.to_owned() },
        };
        let new_name = name.replace(from, to);
        let change = |node: &mut Node| {
            let Value::Map(entries) = &mut node.value else { return };
            entries.retain(|entry| entry.key != "concurrent");
            for entry in entries.iter_mut().filter(|entry| entry.key == "type") {
                entry.value.value = Value::Text(new_name.trim_matches(['"', '\'']).into());
            }
        };
        self.proved(&change, text)
    }

    /// The bytes of a whole entry: its line, or in flow style up to the next comma.
    fn without(&self, start: usize, end: usize) -> Result<std::ops::Range<usize>, String> {
        let text = &self.source.text;
        if self.source.text[self.node.span.start as usize..].starts_with('{') {
            let comma = text[..start].trim_end().strip_suffix(',').ok_or(TOO_UNUSUAL)?;
            return Ok(comma.len()..end);
        }
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let next = end + text[end..].find('\n').map_or(text.len() - end, |at| at + 1);
        if text[line..start].trim().is_empty() { Ok(line..next) } else { Err(TOO_UNUSUAL.to_owned()) }
    }
}

/// Changes the text of the scalar that stands at these bytes.
fn replace_within(node: &mut Node, range: &std::ops::Range<usize>, old: &str, new: &str) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| replace_within(item, range, old, new)),
        Value::Map(entries) => entries.iter_mut().for_each(|entry| replace_within(&mut entry.value, range, old, new)),
        Value::Text(text) if node.span.range().start <= range.start && range.end <= node.span.range().end => {
            let pattern = if text.contains("sleep ") { ["sleep ", old].concat() } else { old.to_owned() };
            let replaced = if text.contains("sleep ") { ["sleep ", new].concat() } else { new.to_owned() };
            *text = text.replacen(&pattern, &replaced, 1);
        }
        _ => {}
    }
}

/// The lengths behind the word `sleep`, as ranges of the text.
fn sleeps(text: &str) -> Vec<(usize, usize)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let mut found = Vec::new();
    for (at, word) in text.match_indices("sleep ") {
        let from = at + word.len();
        let length = text[from..]
            .find(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | ';' | '&' | '|' | ')' | ']' | ','))
            .unwrap_or(text.len() - from);
        if !text[..at].ends_with(is_word) {
            found.push((from, from + length));
        }
    }
    found
}

fn added(ms: u64, by: i64) -> SimTime {
    SimTime(ms.saturating_add_signed(by))
}

/// One unit of the last digit that is written: `1` is 1 s, `0.5` is 0.1 s.
fn step_of(text: &str) -> u64 {
    let number = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = parse_duration(&["1", &text[number.len()..]].concat()).map_or(1000, |unit| unit.0);
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32);
    (unit / 10u64.saturating_pow(decimals)).max(1)
}

/// A length in the unit of the old text, where three digits behind the point will do, else in seconds.
fn in_unit_of(old: &str, length: SimTime) -> String {
    let unit = old.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let unit_ms = parse_duration(&["1", unit].concat()).map_or(1000, |unit| unit.0).max(1);
    let thousandths = length.0.saturating_mul(1000);
    if thousandths.is_multiple_of(unit_ms) {
        [&seconds(SimTime(thousandths / unit_ms), 0), unit].concat()
    } else {
        seconds(length, 0) + if unit.is_empty() { "" } else { "s" }
    }
}

/// `# sim: 3s fail`; nothing for a note that says nothing.
fn note_text(note: SimNote) -> String {
    let mut text = String::new();
    if let Some((shortest, longest)) = note.takes {
        text = format!("{}s", seconds(shortest, 0));
        if shortest != longest {
            text += &format!("..{}s", seconds(longest, 0));
        }
    }
    match note.fails_percent {
        0 => {}
        100 => text += " fail",
        n => text += &format!(" fail={n}%"),
    }
    if text.is_empty() { text } else { format!("# sim: {}", text.trim_start()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that differ after an intent for task `t`, or the reason why not; and that running the text still works.
    fn check(text: &str, intent: Intent) -> String {
        let source = Source::new("flow.yaml", format!("id: f\nnamespace: n\ntasks:\n{text}"));
        let (document, flows, diagnostics) = read_text(&source);
        let flow = flows.first().unwrap_or_else(|| panic!("{diagnostics:#?}"));
        let idx = flow.find("t").expect("there is a task `t`");
        match edit(&source, &document, flow, idx, intent) {
            Ok(Some(edit)) => {
                let after = edit.apply(&source.text);
                let old: Vec<&str> = source.text.lines().collect();
                let new: Vec<&str> = after.lines().filter(|line| !old.contains(line)).collect();
                let gone = old.iter().filter(|line| !after.lines().any(|kept| kept == **line)).count();
                format!("{} (-{gone})", new.join("\n"))
            }
            Ok(None) => "no edit".to_owned(),
            Err(why) => why,
        }
    }

    const SHELL: &str =
        "  - id: t # why\n    type: io.kestra.plugin.scripts.shell.Commands\n    commands:\n      - 'echo 1'\n      - 'sleep 0.5'\n";

    #[test]
    fn the_written_length_changes_in_its_own_unit() {
        assert_eq!(check(SHELL, Intent::Longer(100)), "      - 'sleep 0.6' (-1)");
        assert_eq!(check(SHELL, Intent::Longer(1500)), "      - 'sleep 2' (-1)");
        assert_eq!(check(SHELL, Intent::Longer(-9000)), "      - 'sleep 0' (-1)");
        assert_eq!(check(SHELL, Intent::Longer(0)), "no edit");
        assert_eq!(check(&SHELL.replace("0.5", "2m"), Intent::Longer(30_000)), "      - 'sleep 2.5m' (-1)");
        assert_eq!(check(&SHELL.replace("0.5", "{{ inputs.n }}"), Intent::Longer(1)), "its length is an expression: change it in the text");
        assert_eq!(check(&SHELL.replace("echo 1", "sleep 1"), Intent::Longer(1)), "this task sleeps more than once: change it in the text");
        let sleep = "  - {id: t, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n";
        assert_eq!(check(sleep, Intent::Longer(500)), "  - {id: t, type: io.kestra.plugin.core.flow.Sleep, duration: PT1.5S} (-1)");
        assert_eq!([step_of("1"), step_of("0.5"), step_of("2m"), step_of("500ms")], [1000, 100, 60_000, 1]);
    }

    #[test]
    fn what_no_text_says_is_said_in_a_note() {
        let opaque = "  - id: t\n    type: io.kestra.plugin.jdbc.postgresql.Query\n";
        assert_eq!(check(opaque, Intent::Longer(1000)), "  - id: t # sim: 2s (-1)");
        let noted = opaque.replace("id: t", "id: t # sim: 2s fail=20%");
        assert_eq!(check(&noted, Intent::Longer(500)), "  - id: t # sim: 2.5s fail=20% (-1)");
        assert_eq!(check(&noted, Intent::Fails(true)), "  - id: t # sim: 2s fail (-1)");
        assert_eq!(check(&opaque.replace("id: t", "id: t # sim: fail"), Intent::Fails(false)), "  - id: t (-1)");
        assert_eq!(
            check(&opaque.replace("id: t", "id: t # sim: 1s..2s"), Intent::Longer(1)),
            "its length is a range: change it in the text"
        );
        assert_eq!(check(SHELL, Intent::Fails(true)), "  # sim: fail (-0)");
        assert_eq!(check(&SHELL.replace(" # why", ""), Intent::Fails(true)), "  - id: t # sim: fail (-1)");
    }

    #[test]
    fn a_retry_is_added_and_groups_are_switched() {
        assert_eq!(check(SHELL, Intent::Retry), "    retry: {type: constant, interval: PT1S, maxAttempts: 3} (-0)");
        let group = "  - id: t\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 2\n    tasks:\n      - {id: a, type: io.kestra.plugin.core.debug.Return}\n";
        assert_eq!(check(group, Intent::Switch), "    type: io.kestra.plugin.core.flow.Sequential (-2)");
        let sequential =
            "  - {id: t, type: io.kestra.plugin.core.flow.Sequential, tasks: [{id: a, type: io.kestra.plugin.core.debug.Return}]}\n";
        assert_eq!(check(sequential, Intent::Switch), sequential.replace("Sequential", "Parallel").trim_end().to_owned() + " (-1)");
        assert_eq!(check(SHELL, Intent::Switch), "only a Parallel and a Sequential can be switched");
    }
}
