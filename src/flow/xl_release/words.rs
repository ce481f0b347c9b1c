//! The single values of a template: titles, ids made from them, variables, dates and plans.

use std::cell::Cell;
use std::rc::Rc;

use super::{Reader, script};
use crate::collections::Index;
use crate::diag::{Diagnostic, report};
use crate::flow::xl_release::plan::{Doer, Plan, Precondition, Recovery, instant};
use crate::source::Source;
use crate::syntax::{Node, Value as Yaml};
use crate::time::SimTime;
use crate::tr;
use crate::value::{Map, Value};

/// The longest id that is made of a title, in characters.
const LONGEST_ID: usize = 80;

/// The title of an item: below the word for its kind (`template`, `phase`), or below `name` or `title`.
pub fn title(node: &Node, short: &str, source: &Source) -> Option<String> {
    let written = [short, "name", "title"].iter().find_map(|key| node.get(key)?.scalar_text(source));
    written.map(str::to_owned)
}

/// An id made of a title: ASCII letters in lower case and digits, with single dashes for everything between. Letters lose their
/// accents; Greek, Cyrillic, Arabic and Hebrew ones are spelled as they sound. `otherwise` when nothing is left.
#[must_use]
pub fn slug(title: &str, otherwise: &str) -> String {
    let mut id = String::new();
    for c in title.chars() {
        if id.len() >= LONGEST_ID {
            break;
        }
        if c.is_ascii_alphanumeric() {
            id.push(c.to_ascii_lowercase());
        } else if let Some(spelled) = spelled(c) {
            id.push_str(spelled);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    id.truncate(id.trim_end_matches('-').len());
    if id.is_empty() { otherwise.to_owned() } else { id }
}

/// A letter of another alphabet, or with an accent, in ASCII; nothing for a sign that only changes how another one sounds. `None` for any
/// other character.
fn spelled(c: char) -> Option<&'static str> {
    const LETTERS: [(&str, &str); 39] = [
        ("àáâãäåāăąæаάαاأإآىةעא", "a"),
        ("бبב", "b"),
        ("çćĉċčц", "c"),
        ("ďđðдδدضד", "d"),
        ("èéêëēĕėęěеёэєέε", "e"),
        ("фφفף", "f"),
        ("ĝğġģгґγגگ", "g"),
        ("ĥħهحהח", "h"),
        ("ìíîïĩīĭįıиійїίήιηϊيئי", "i"),
        ("ĵج", "j"),
        ("ķкκكکקכך", "k"),
        ("ĺļľłлλلל", "l"),
        ("мμمמם", "m"),
        ("ñńņňнνنנן", "n"),
        ("òóôõöøōŏőœоόοώω", "o"),
        ("пπپפ", "p"),
        ("ق", "q"),
        ("ŕŗřрρرר", "r"),
        ("śŝşšșßсσςسصס", "s"),
        ("ţťŧțþтτتطטת", "t"),
        ("ùúûüũūŭůűųуύυϋؤ", "u"),
        ("вβו", "v"),
        ("ŵو", "w"),
        ("ýÿŷы", "y"),
        ("źżžзζزظז", "z"),
        ("ŋ", "n"),
        ("ж", "zh"),
        ("хχخ", "kh"),
        ("чچ", "ch"),
        ("шщشש", "sh"),
        ("ю", "yu"),
        ("я", "ya"),
        ("θث", "th"),
        ("ذ", "dh"),
        ("غ", "gh"),
        ("ξ", "x"),
        ("ψ", "ps"),
        ("צץ", "ts"),
        ("ъьءـ\u{64b}\u{64c}\u{64d}\u{64e}\u{64f}\u{650}\u{651}\u{652}", ""),
    ];
    let lower = c.to_lowercase().next().unwrap_or(c);
    LETTERS.iter().find(|(letters, _)| !c.is_ascii() && letters.contains(lower)).map(|(_, spelled)| *spelled)
}

/// The ids in use, each with the last number that was added to make it unique.
#[derive(Default)]
pub struct Names(Index);

impl Names {
    /// The id itself, or the id with the first number that makes it unique.
    pub fn unique(&mut self, id: &str) -> Rc<str> {
        let mut nth = self.0.get(id).unwrap_or(1);
        let mut free = Rc::from(id);
        while self.0.get(&free).is_some() {
            nth = nth.saturating_add(1);
            free = format!("{id}-{nth}").into();
        }
        self.0.set(Rc::from(id), nth);
        self.0.get_or_insert(&free, 1);
        free
    }
}

/// The variables of a template that have a value.
pub struct Variables {
    /// The key of each, with its value.
    texts: Vec<(String, String)>,
    /// Where each key stands first in them.
    places: Index,
    /// Each with its value as scripts see it.
    pub values: Map,
    /// How many bytes may still be gone through to fill in values, which may hold variables.
    n_left: Cell<usize>,
}

impl Variables {
    pub fn read(template: &Node, source: &Source) -> Self {
        const MOST_BYTES: usize = 64 << 20;
        let mut variables = Self { texts: Vec::new(), places: Index::default(), values: Map::new(), n_left: Cell::new(MOST_BYTES) };
        for item in template.get("variables").map(Node::items).unwrap_or_default() {
            let text = |key| item.get(key).filter(|node| node.tag.is_none()).and_then(|node| node.scalar_text(source));
            let Some((key, value)) = text("key").zip(text("value")) else { continue };
            variables.places.get_or_insert(key, variables.texts.len());
            variables.texts.push((key.to_owned(), value.to_owned()));
            variables.values.insert(key, typed(value, text("type").unwrap_or_default()));
        }
        variables
    }

    /// A text with the values of its variables, which are put in one after the other; a variable without a value stays as it is, and
    /// so does what would make the texts of a template too long.
    pub fn fill_in(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let mut next = 0;
        while let Some(at) = keys(&text).filter_map(|key| self.places.get(key)).filter(|at| *at >= next).min()
            && let Some((key, value)) = self.texts.get(at)
        {
            let name = format!("${{{key}}}");
            let n_bytes = text.len().saturating_add(text.matches(&name).count().saturating_mul(value.len()));
            let Some(n_left) = self.n_left.get().checked_sub(n_bytes) else {
                self.n_left.set(0);
                return text;
            };
            self.n_left.set(n_left);
            text = text.replace(&name, value);
            next = at.saturating_add(1);
        }
        text
    }

    /// Whether filling in values was given up.
    pub fn are_too_long(&self) -> bool {
        self.n_left.get() == 0
    }
}

/// The keys of the variables in a text: `${key}`.
fn keys(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.match_indices('}').scan(0, |from, (end, _)| {
        let before = text.get(*from..end);
        *from = end.saturating_add(1);
        before
    });
    ends.filter_map(|before| before.rsplit_once("${").map(|(_, key)| key))
}

/// The value of a variable by its type.
fn typed(value: &str, type_name: &str) -> Value {
    match type_name {
        "xlrelease.BooleanVariable" => value.to_lowercase().parse().map_or(Value::text(value), Value::Bool),
        "xlrelease.IntegerVariable" => value.trim().parse().map_or(Value::text(value), Value::Int),
        _ => Value::text(value),
    }
}

impl Reader<'_, '_> {
    pub(super) fn text<'n>(&'n self, node: &'n Node, key: &str) -> Option<&'n str> {
        node.get(key).and_then(|node| node.scalar_text(self.source))
    }

    pub(super) fn flag(&self, node: &Node, key: &str, otherwise: bool) -> bool {
        self.text(node, key).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    }

    /// A date in milliseconds since 1970-01-01T00:00:00Z. Reports a date that can't be read.
    pub(super) fn date(&mut self, node: &Node, key: &str) -> Option<i64> {
        let written = node.get(key).filter(|written| written.value != Yaml::Null)?;
        let date = written.scalar_text(self.source).and_then(instant);
        if date.is_none() {
            let found = Diagnostic::warning("date", written.span, tr!("`{key}` can't be read as a date", key));
            report(self.diagnostics, found.label(tr!("ignored")).help(tr!("write a date such as `2026-01-12T08:00:00Z`")));
        }
        date
    }

    /// The plan of an item with this title.
    pub(super) fn plan(&mut self, node: &Node, title: Rc<str>, doer: Doer) -> Plan {
        let is_on = self.flag(node, "taskFailureHandlerEnabled", false);
        Plan {
            title,
            doer,
            length: self.planned_duration(node),
            starts_at: self.date(node, "scheduledStartDate"),
            is_held: self.flag(node, "waitForScheduledStartDate", true),
            due_at: self.date(node, "dueDate"),
            precondition: self.text(node, "precondition").map_or(Precondition::Met, |script| self.precondition(script)),
            recovery: if is_on { self.recovery(node) } else { Recovery::Halt },
            avoids_blackouts: self.flag(node, "delayDuringBlackout", false),
            creates: None,
            creates_title: None,
            awaits: Vec::new(),
        }
    }

    fn planned_duration(&mut self, node: &Node) -> Option<SimTime> {
        let written = node.get("plannedDuration").filter(|written| written.value != Yaml::Null)?;
        let seconds = written.scalar_text(self.source).and_then(|text| text.trim().parse::<u64>().ok());
        if seconds.is_none() {
            let found = Diagnostic::warning("planned-duration", written.span, tr!("`plannedDuration` is not a whole number of seconds"));
            report(self.diagnostics, found.label(tr!("ignored")).help(tr!("write seconds, such as `plannedDuration: 3600` for an hour")));
        }
        seconds.map(|seconds| SimTime(seconds.saturating_mul(1000)))
    }

    /// What a failure handler does, when it is enabled.
    fn recovery(&mut self, node: &Node) -> Recovery {
        match self.text(node, "taskRecoverOp") {
            Some("RUN_SCRIPT") => self.handler(node),
            Some("RESTART_PHASE") => Recovery::RestartPhase,
            None if node.get("failureHandler").is_some() => self.handler(node),
            _ => Recovery::Skip,
        }
    }

    fn handler(&self, node: &Node) -> Recovery {
        let handling = script::handling(self.text(node, "failureHandler").unwrap_or_default(), &self.variables.values);
        handling.map_or(Recovery::Script, Recovery::Handler)
    }

    fn precondition(&self, script: &str) -> Precondition {
        match script::condition(script, &self.variables.values) {
            Some(true) => Precondition::Met,
            Some(false) => Precondition::NotMet,
            None => Precondition::Script,
        }
    }
}
