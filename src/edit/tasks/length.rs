//! How long a task takes, where the text says so: the duration of a Sleep, a `sleep` in a script, a planned length; else a
//! `# sim:` note.

use super::super::text::{set_number, too_unusual};
use super::super::{Edit, template};
use super::Target;
use crate::flow::plan::Plan;
use crate::flow::{Kind, SimNote, Takes};
use crate::syntax::{Node, Value};
use crate::time::{SimTime, iso_duration, parse_duration, parse_iso_duration, seconds};
use crate::tr;

/// A length that stands in the text.
pub struct Written {
    /// The number with its unit.
    range: std::ops::Range<usize>,
    ms: u64,
    /// One unit of its last digit.
    pub step_ms: u64,
    is_iso: bool,
}

impl Target<'_> {
    /// Makes the task take so many milliseconds more.
    pub fn longer(&self, by: i64) -> Result<Option<Edit>, String> {
        let task = self.flow.task(self.idx);
        if task.is_group() {
            return Err(tr!("a group takes as long as what it holds"));
        }
        if let Some(SimNote { takes: Some(takes), .. }) = task.sim_note {
            return self.note_takes(Some(takes.map(|length| added(length.0, by))));
        }
        if let Some(plan) = &task.plan {
            return self.planned_longer(plan, by);
        }
        let Some(written) = self.written()? else {
            return self.note_takes(Some(Takes::always(added(1000, by))));
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

    /// Makes the task take this long: in place of a length that is written, else by a note.
    pub fn takes(&self, takes: Option<Takes>) -> Result<Option<Edit>, String> {
        let task = self.flow.task(self.idx);
        let has_note = task.sim_note.is_some_and(|note| note.takes.is_some());
        let only = takes.and_then(|takes| takes.only()).filter(|_| !has_note && !task.is_group());
        let written = match &task.plan {
            Some(plan) => template::length_s(self.node, plan).ok().map(|seconds| seconds * 1000),
            None => self.written_ms(),
        };
        match only.zip(written) {
            Some((only, written)) if task.plan.is_none() || only.0.is_multiple_of(1000) => self.longer(only.0 as i64 - written as i64),
            _ => self.note_takes(takes),
        }
    }

    /// How long the text says that the task takes, in milliseconds; `None` when it does not.
    pub fn written_ms(&self) -> Option<u64> {
        match &self.flow.task(self.idx).plan {
            Some(plan) if plan.length.is_some() => template::length_s(self.node, plan).ok().map(|seconds| seconds * 1000),
            Some(_) => None,
            None => self.written().ok().flatten().map(|written| written.ms),
        }
    }

    fn note_takes(&self, takes: Option<Takes>) -> Result<Option<Edit>, String> {
        self.note(SimNote { takes, ..self.flow.task(self.idx).sim_note.unwrap_or_default() })
    }

    /// Changes a planned length, to the nearest second.
    fn planned_longer(&self, plan: &Plan, by: i64) -> Result<Option<Edit>, String> {
        let now = template::length_s(self.node, plan)?;
        let seconds = u32::try_from((added(now * 1000, by).0 + 500) / 1000).map_err(|_| too_unusual())?;
        if u64::from(seconds) == now {
            return Ok(None);
        }
        let edit = template::set_length(self.source, self.node, seconds)?;
        self.proved(&|node| set_number(node, template::LENGTH, seconds), edit).map(Some)
    }

    /// Where the length of the task stands; `None` for a task whose length only a note can give.
    pub fn written(&self) -> Result<Option<Written>, String> {
        let value = |key: &str| self.node.get(key).ok_or_else(too_unusual);
        match &self.flow.task(self.idx).kind {
            Kind::Sleep { .. } => {
                let node = value("duration")?;
                let text = node.as_str().ok_or_else(too_unusual)?;
                let ms = parse_iso_duration(text).ok_or_else(|| tr!("its length is an expression: change it in the text"))?.0;
                let at = self.source.slice(node.span).find(text).ok_or_else(too_unusual)? + node.span.range().start;
                let step_ms = if ms.is_multiple_of(1000) { 1000 } else { 100 };
                Ok(Some(Written { range: at..at + text.len(), ms, step_ms, is_iso: true }))
            }
            Kind::Shell(_) => {
                let node = self.node.get("commands").or(self.node.get("script")).ok_or_else(too_unusual)?;
                let text = self.source.slice(node.span);
                match sleeps(text)[..] {
                    [] => Ok(None),
                    [(from, to)] => {
                        let from_text = &text[from..to];
                        let ms = parse_duration(from_text).ok_or_else(|| tr!("its length is an expression: change it in the text"))?.0;
                        let start = node.span.range().start;
                        Ok(Some(Written { range: start + from..start + to, ms, step_ms: step_of(from_text), is_iso: false }))
                    }
                    _ => Err(tr!("this task sleeps more than once: change it in the text")),
                }
            }
            _ => Ok(None),
        }
    }
}

/// Changes the text of the scalar that stands at these bytes.
fn replace_within(node: &mut Node, range: &std::ops::Range<usize>, old: &str, new: &str) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| replace_within(item, range, old, new)),
        Value::Map(entries) => entries.iter_mut().for_each(|entry| replace_within(&mut entry.value, range, old, new)),
        Value::Text(text) if node.span.range().start <= range.start && range.end <= node.span.range().end => {
            let word = if text.contains("sleep ") { "sleep " } else { "" };
            *text = text.replacen(&[word, old].concat(), &[word, new].concat(), 1);
        }
        _ => {}
    }
}

/// The lengths after the word `sleep`, as ranges of the text.
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
pub fn step_of(text: &str) -> u64 {
    let number = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = parse_duration(&["1", &text[number.len()..]].concat()).map_or(1000, |unit| unit.0);
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32);
    (unit / 10u64.saturating_pow(decimals)).max(1)
}

/// A length in the unit of the old text when three decimals are enough, else in seconds.
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
