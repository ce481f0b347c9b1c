//! What a kind asks of the run in terms of its own properties: rendered texts, and assumptions for unknown values.

use std::borrow::Cow;
use std::rc::Rc;

use super::View;
use crate::expr;
use crate::flow::{Lists, sim_note};
use crate::time::{SimTime, parse_iso_duration, parse_seconds};
use crate::tr;
use crate::value::Value;

impl<'f> dyn View<'f> + '_ {
    /// The id of the task; empty for the execution as a whole.
    #[must_use]
    pub fn task_id(&self) -> &'f str {
        self.task().map_or("", |task| &task.id)
    }

    /// The lists of the task, or of the flow.
    #[must_use]
    pub fn lists(&self) -> &'f Lists {
        self.task().map_or(&self.flow().lists, |task| &task.lists)
    }

    /// Renders a property. A text with an unknown value in it is unknown.
    ///
    /// # Errors
    /// As [`expr::render`].
    pub fn render(&self, text: &str) -> Result<Value, String> {
        expr::render(text, self.scope())
    }

    /// As `render`, but the value of a text that is one expression alone keeps its type.
    ///
    /// # Errors
    /// As [`expr::render`].
    pub fn evaluate(&self, text: &str) -> Result<Value, String> {
        expr::evaluate(text, self.scope())
    }

    /// Renders a property to text; an unknown value prints as `⟨path⟩`.
    ///
    /// # Errors
    /// As [`expr::render`].
    pub fn print(&self, text: &str) -> Result<Rc<str>, String> {
        self.render(text).map(|value| value.print())
    }

    /// Renders all texts in a value.
    ///
    /// # Errors
    /// As [`expr::render_value`].
    pub fn render_value(&self, value: &Value) -> Result<Value, String> {
        expr::render_value(value, self.scope())
    }

    /// Renders a condition. A condition that depends on an unknown value counts as `assumed`.
    ///
    /// # Errors
    /// As [`expr::render`].
    pub fn truth(&self, text: &str, property: &str, assumed: bool, why: &'static str) -> Result<bool, String> {
        let value = self.render(text)?;
        let known = self.assume(&value, property, &|_| Value::Bool(assumed), why);
        Ok(expr::truth(&known).unwrap_or(assumed))
    }

    /// Renders a duration. One that depends on an unknown value is a second.
    ///
    /// # Errors
    /// As [`expr::render`], and when the text is not a duration.
    pub fn length(&self, text: &str, property: &str) -> Result<SimTime, String> {
        read_length(&self.duration(text, property)?)
    }

    /// The length of a wait: a negative one takes no time. Rule: Kestra, "Runnable tasks".
    ///
    /// # Errors
    /// As `length`, and when the version refuses a wait that takes no time.
    pub fn wait(&self, text: &str, property: &str) -> Result<SimTime, String> {
        let text = self.duration(text, property)?;
        let is_negative = text.contains('-');
        let length = if is_negative { read_length(&text.replace('-', "")).map(|_| SimTime::ZERO) } else { read_length(&text) };
        let is_positive = || !is_negative && text.contains(|digit| ('1'..='9').contains(&digit));
        match length {
            Ok(SimTime::ZERO) if self.rules().sleeps_must_last && !is_positive() => Err(format!("{property}: must be a positive duration")),
            length => length,
        }
    }

    /// Renders a duration to text.
    fn duration<'t>(&self, text: &'t str, property: &str) -> Result<Cow<'t, str>, String> {
        if !text.contains('{') {
            return Ok(Cow::Borrowed(text));
        }
        let value = self.render(text)?;
        let known = self.assume(
            &value,
            property,
            &|_| Value::text("PT1S"),
            tr!(const "one second stands for a duration that only a real server knows"),
        );
        Ok(Cow::Owned(known.print().to_string()))
    }

    /// A known value as it is. For an unknown value, what the user assumes: for its path, or for this property when the
    /// unknown value is only part of an expression. Without an assumption of the user it is `default`, called with the
    /// unknown path. Each assumption is recorded.
    #[must_use]
    pub fn assume(&self, value: &Value, property: &str, default: &dyn Fn(&str) -> Value, why: &'static str) -> Value {
        let Value::Unknown(unknown) = value else { return value.clone() };
        let is_whole = !unknown.derived;
        let path = if is_whole { Rc::clone(&unknown.path) } else { Rc::from(format!("tasks.{}.{property}", self.task_id())) };
        self.choose(&path, default(&unknown.path), why)
    }

    /// What the user assumes for `tasks.ID.PROPERTY`, or `default`; either is recorded.
    #[must_use]
    pub fn choose_for_task(&self, property: &str, default: Value, why: &'static str) -> Value {
        self.choose(&format!("tasks.{}.{property}", self.task_id()), default, why)
    }

    /// What the user assumes for a path, or `otherwise`.
    #[must_use]
    pub fn assumed_or(&self, path: &str, otherwise: Value) -> Value {
        self.assumed(path).unwrap_or(otherwise)
    }

    /// The output `name` of the task: what the user assumes for it, or an unknown value.
    #[must_use]
    pub fn unknown_output(&self, name: &str) -> Value {
        let path = format!("outputs.{}.{name}", self.task_id());
        self.assumed_or(&path, Value::unknown(&path))
    }

    /// How long a command takes that the shell does not simulate, and whether it fails: the assumption `commands.NAME`, written
    /// as in a `# sim:` comment.
    #[must_use]
    pub fn command(&self, name: &str) -> (SimTime, bool) {
        let why = tr!(const "a command that is not simulated: how long it takes, and with `fail` that it fails");
        let assumed = self.choose(&format!("commands.{name}"), Value::text("0s"), why);
        let note = sim_note::read(&assumed.print());
        note.map_or((SimTime::ZERO, false), |note| (note.length(self).unwrap_or_default(), note.fails(self)))
    }
}

/// Reads a rendered duration.
///
/// # Errors
/// When the text is not a duration.
fn read_length(text: &str) -> Result<SimTime, String> {
    parse_iso_duration(text).or_else(|| parse_seconds(text)).ok_or_else(|| format!("`{text}` is not an ISO-8601 duration"))
}
