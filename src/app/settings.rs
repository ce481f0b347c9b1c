//! The settings of a run as a form: its fields with their values and what is wrong with them, and each change as a new
//! [`Scenario`].

use std::rc::Rc;

use super::App;
use crate::budget::Budget;
use crate::flow::kestra::inputs::{self, Input, InputType};
use crate::flow::plan::{BLACKOUTS, blackouts, periods};
use crate::language::plain;
use crate::sim::input_form;
use crate::sim::scenario::Scenario;
use crate::sim::server::{HAND_OVER, HAND_OVER_HALF, RECORDINGS, ServerModel, TIMER};
use crate::sim::trace::{Assumption, NOT_USED};
use crate::time::{SimTime, human, iso_duration, iso_instant, parse_duration, parse_iso_instant, seconds};
use crate::timeline::rows::Row;
use crate::tr;
use crate::value::Value;

/// A field for an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The id of the input.
    pub id: Rc<str>,
    /// The control for it.
    pub kind: FieldKind,
    /// Its value as text.
    pub value: Rc<str>,
    /// An example of how values of its type are written; empty for plain types.
    pub hint: &'static str,
    /// Whether the value is a sample, because none was given and there is no default.
    pub is_sample: bool,
    /// What Kestra says about a wrong value.
    pub error: Option<String>,
}

/// A kind of field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A line of text; the `type` of its HTML element.
    Line(&'static str),
    /// One of several.
    Choice(Vec<Rc<str>>),
    /// Any of several: the value is a JSON list.
    Choices(Vec<Rc<str>>),
    /// A line of text, with proposals.
    Proposals(Vec<Rc<str>>),
    /// Several lines.
    Text,
}

impl Field {
    /// The choices that are taken.
    #[must_use]
    pub fn chosen(&self) -> Vec<Rc<str>> {
        let list = Value::from_json(&self.value).unwrap_or_default();
        list.as_list().unwrap_or_default().iter().map(Value::print).collect()
    }

    /// The value with this choice taken, or no longer taken.
    #[must_use]
    pub fn with_choice(&self, choice: &str, is_taken: bool) -> String {
        let FieldKind::Choices(choices) = &self.kind else { return self.value.to_string() };
        let before = self.chosen();
        let taken = |of: &&Rc<str>| if ***of == *choice { is_taken } else { before.contains(of) };
        Value::list(choices.iter().filter(taken).cloned().map(Value::Text)).to_json()
    }

    /// The value for what a person wrote: to an HTML date with time the zone is added.
    #[must_use]
    pub fn given(&self, text: &str) -> String {
        match self.kind {
            FieldKind::Line("datetime-local") if text.len() == "2024-01-01T00:00".len() => format!("{text}:00Z"),
            FieldKind::Line("datetime-local") if !text.is_empty() => format!("{text}Z"),
            _ => text.to_owned(),
        }
    }
}

/// The fields for the inputs of the flow, in their order. Those whose `dependsOn` is not met have none.
#[must_use]
pub fn fields(app: &App) -> Vec<Field> {
    let flows = &app.reading.flows;
    let Some(flow) = flows.first() else { return Vec::new() };
    if flow.inputs.is_empty() {
        return Vec::new();
    }
    let (errors, absent) = input_form(flows, &app.scenario);
    let field = |input: &Input| {
        let given = app.scenario.inputs.iter().find(|(id, _)| **id == *input.id).map(|(_, value)| value.clone());
        let is_sample = given.is_none() && input.defaults.is_none() && input.required;
        let value = given
            .or(input.defaults.clone())
            .unwrap_or_else(|| if is_sample { inputs::sample(input, &Budget::default()) } else { Value::Null });
        let error = errors.iter().find(|error| error.id == input.id && !is_sample);
        let value = inputs::print(input.kind, &value);
        Field {
            id: Rc::clone(&input.id),
            kind: kind(input, &value),
            value: shown(input, &value),
            hint: hint(input.kind),
            is_sample,
            error: error.map(|error| error.message.clone()),
        }
    };
    flow.inputs.iter().filter(|input| !absent.contains(&input.id)).map(field).collect()
}

/// The value as the field shows it: an HTML date with time has no zone, so the `Z` is left out.
fn shown(input: &Input, value: &str) -> Rc<str> {
    let instant = parse_iso_instant(value).filter(|_| input.kind == InputType::DateTime).map(iso_instant);
    match &instant {
        Some(instant) => instant.strip_suffix(".000Z").or(instant.strip_suffix('Z')).unwrap_or(instant).into(),
        None => value.into(),
    }
}

/// The control for an input. A value that the control for its type can't show gets a line of text, to be fixed there.
fn kind(input: &Input, value: &str) -> FieldKind {
    let fits = |kind: &'static str, is_fit: bool| FieldKind::Line(if is_fit || value.is_empty() { kind } else { "text" });
    let choice = |mut choices: Vec<Rc<str>>| {
        if choices.iter().all(|choice| **choice != *value) {
            choices.insert(0, value.into());
        }
        FieldKind::Choice(choices)
    };
    let is_open = input.values.is_empty() || input.allow_custom;
    match input.kind {
        InputType::Bool => choice(["true", "false"].map(Rc::from).to_vec()),
        InputType::Select if !is_open => choice(input.values.clone()),
        InputType::Select if input.allow_custom => FieldKind::Proposals(input.values.clone()),
        InputType::Multiselect if !is_open => FieldKind::Choices(input.values.clone()),
        InputType::Int | InputType::Float => fits("number", inputs::is_of(InputType::Float, value)),
        InputType::Date => fits("date", inputs::is_of(input.kind, value)),
        InputType::Time => fits("time", inputs::is_of(input.kind, value)),
        InputType::DateTime => fits("datetime-local", inputs::is_of(input.kind, value)),
        InputType::Secret => FieldKind::Line("password"),
        InputType::Email => FieldKind::Line("email"),
        InputType::Uri => FieldKind::Line("url"),
        InputType::Json | InputType::Yaml | InputType::Array | InputType::Multiselect => FieldKind::Text,
        _ => FieldKind::Line("text"),
    }
}

fn hint(kind: InputType) -> &'static str {
    match kind {
        InputType::Duration => "PT1H30M",
        InputType::File => "kestra:///file.txt",
        InputType::Json => "{\"a\": 1}",
        InputType::Yaml => "a: 1",
        InputType::Array | InputType::Multiselect => "[\"a\", \"b\"]",
        InputType::Email => "name@example.org",
        InputType::Uri => "https://example.org",
        _ => "",
    }
}

/// The settings with another value for an input. An empty text removes the value.
#[must_use]
pub fn with_input(scenario: &Scenario, id: &str, text: &str) -> Scenario {
    let mut inputs = scenario.inputs.clone();
    inputs.retain(|(known, _)| known != id);
    if !text.is_empty() {
        inputs.push((id.to_owned(), Value::text(text)));
    }
    Scenario { inputs, ..scenario.clone() }
}

/// The settings with another assumption; `None` removes it.
#[must_use]
pub fn with_assumption(scenario: &Scenario, path: &str, value: Option<Value>) -> Scenario {
    let mut assumptions = scenario.assumptions.clone();
    match value {
        Some(value) => assumptions.insert(path.to_owned(), value),
        None => _ = assumptions.remove(path),
    }
    Scenario { assumptions, ..scenario.clone() }
}

/// What a person wrote for an assumption: JSON, or else a plain text.
#[must_use]
pub fn assumed(text: &str) -> Value {
    Value::from_json(text).unwrap_or_else(|| Value::text(text.trim()))
}

/// An assumption as [`assumed`] reads it.
#[must_use]
pub fn written(value: &Value) -> String {
    let plain = value.as_str().filter(|text| !text.is_empty() && assumed(text) == *value);
    plain.map_or_else(|| value.to_json(), str::to_owned)
}

/// The settings in which a person resumes a row at the playhead, or a second after it paused if that is later.
#[must_use]
pub fn resumed(app: &App, row: &Row) -> Scenario {
    let history = app.run.as_ref().zip(row.run()).map_or(&[][..], |(run, idx)| run.trace.history(idx));
    let paused = history.last().map_or(SimTime::ZERO, |(at, _)| *at);
    let now = app.playback.now();
    let after = if now > paused { now - paused } else { SimTime(1000) };
    with_assumption(&app.scenario, &format!("tasks.{}.resume", row.key), Some(Value::text(&iso_duration(after))))
}

/// The settings in which a person approves the gate of a row at the playhead, or at once if the playhead is not after its
/// start.
#[must_use]
pub fn approved(app: &App, row: &Row) -> Scenario {
    let began = app.run.as_ref().and_then(|run| run.trace.began(row.run()?)).unwrap_or_default();
    let now = app.playback.now();
    let is_later = !app.playback.is_at_rest() && now > began;
    let after = if is_later { Value::text(&iso_duration(now - began)) } else { Value::Bool(true) };
    with_assumption(&app.scenario, &format!("tasks.{}.approve", row.key), Some(after))
}

/// The settings in which the precondition of a row's item is met, as is usual, or not.
#[must_use]
pub fn with_precondition(app: &App, row: &Row, is_met: bool) -> Scenario {
    let id = app.run.as_ref().and_then(|run| row.task(&run.flows)).map_or(&row.key, |task| &task.id);
    with_assumption(&app.scenario, &format!("tasks.{id}.precondition"), (!is_met).then_some(Value::Bool(false)))
}

/// A field for what a run is given besides its inputs.
#[derive(Debug, Clone, Copy)]
pub struct ServerField {
    /// Its name in test ids: `set-{name}`.
    pub name: &'static str,
    /// What stands beside it.
    pub label: fn() -> String,
    /// The `type` of its HTML element.
    pub kind: &'static str,
    /// What it shows while it is empty.
    pub hint: fn() -> String,
    /// What it sets, and what may be written.
    pub help: fn() -> String,
    print: fn(&Scenario) -> String,
    set: fn(&mut Scenario, &str) -> Option<()>,
}

impl ServerField {
    /// Its value as text.
    #[must_use]
    pub fn value(&self, scenario: &Scenario) -> String {
        (self.print)(scenario)
    }

    /// The settings after a person wrote this text; `None` when it can't be read.
    #[must_use]
    pub fn changed(&self, scenario: &Scenario, text: &str) -> Option<Scenario> {
        let mut scenario = scenario.clone();
        (self.set)(&mut scenario, text.trim()).map(|()| scenario)
    }
}

/// The settings after a person wrote this text for the setting with this name; `None` when it can't be read.
#[must_use]
pub fn with_server_field(scenario: &Scenario, name: &str, text: &str) -> Option<Scenario> {
    SERVER_FIELDS.iter().chain([&MODEL_FIELD, &BLACKOUT_FIELD]).find(|field| field.name == name)?.changed(scenario, text)
}

/// The field for the server model, a choice of [`MODELS`].
pub const MODEL_FIELD: ServerField = ServerField {
    name: "server",
    label: || tr!("Server model"),
    kind: "select",
    hint: String::new,
    help: || tr!("What the server adds to the work of the tasks"),
    print: |scenario| ServerModel::of(scenario).as_str().to_owned(),
    set: |scenario, text| ServerModel::from_name(text).map(|model| model.apply(scenario)),
};

/// The server models, each with its name for people.
pub const MODELS: [(ServerModel, fn() -> String); 2] =
    [(ServerModel::Ideal, || tr!("server" => "ideal")), (ServerModel::Measured, || tr!("server" => "as measured"))];

/// What servers were measured to add, and below it, with such a server, which delay counts.
#[must_use]
pub fn server_words(scenario: &Scenario) -> Vec<String> {
    let [low, high] = HAND_OVER_HALF.map(human);
    let (mean, n, every) = (human(HAND_OVER), RECORDINGS.to_string(), human(TIMER));
    let figures = tr!(
        "As measured: in about {n} recordings of the real engine a task is handed over in {mean} on average, half of them in {low} to {high}. Retries and pauses end when the server looks next, every {every}.",
        n,
        mean,
        low,
        high,
        every
    );
    let delay = scenario.dispatch_delay;
    let counts = match ServerModel::of(scenario) {
        ServerModel::Ideal => None,
        ServerModel::Measured if delay == HAND_OVER => {
            Some(tr!("The dispatch delay is this average. Another one counts in its place; the timers stay."))
        }
        ServerModel::Measured => {
            let delay = human(delay);
            Some(tr!("The dispatch delay of {delay} counts in place of the average; the timers stay as measured.", delay))
        }
    };
    [figures].into_iter().chain(counts).collect()
}

/// A number from 1, or nothing for no limit; the outer `None` for anything else.
fn limit(text: &str) -> Option<Option<u32>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().filter(|n| *n > 0).map(Some) }
}

/// The fields for the server and for how often the flow is run.
pub const SERVER_FIELDS: [ServerField; 7] = [
    ServerField {
        name: "delay",
        label: || tr!("Dispatch delay, s"),
        kind: "number",
        hint: || "0".to_owned(),
        help: || tr!("How long a server takes to hand a task to a worker: 0 or more seconds"),
        print: |scenario| seconds(scenario.dispatch_delay, 0),
        set: |scenario, text| parse_duration(text).map(|delay| scenario.dispatch_delay = delay),
    },
    ServerField {
        name: "workers",
        label: || tr!("Workers"),
        kind: "number",
        hint: || tr!("no limit"),
        help: || tr!("How many tasks run at once on all workers: 1 or more; empty is no limit"),
        print: |scenario| scenario.workers.map_or(String::new(), |n| n.to_string()),
        set: |scenario, text| limit(text).map(|workers| scenario.workers = workers),
    },
    ServerField {
        name: "cores",
        label: || tr!("Cores"),
        kind: "number",
        hint: || tr!("enough"),
        help: || {
            tr!("How many cores the running tasks share: 1 or more. With more tasks than cores each goes on more slowly; empty slows none")
        },
        print: |scenario| scenario.cores.map_or(String::new(), |n| n.to_string()),
        set: |scenario, text| limit(text).map(|cores| scenario.cores = cores),
    },
    ServerField {
        name: "seed",
        label: || tr!("Seed"),
        kind: "number",
        hint: || "0".to_owned(),
        help: || tr!("What random lengths and failures are drawn from: a whole number"),
        print: |scenario| scenario.seed.to_string(),
        set: |scenario, text| text.parse().ok().map(|seed| scenario.seed = seed),
    },
    ServerField {
        name: "start",
        label: || tr!("Start"),
        kind: "text",
        hint: String::new,
        help: || tr!("A date such as 2024-01-01T00:00:00Z"),
        print: |scenario| iso_instant(scenario.start_epoch_ms).replace(".000Z", "Z"),
        set: |scenario, text| parse_iso_instant(text).map(|start| scenario.start_epoch_ms = start),
    },
    ServerField {
        name: "executions",
        label: || tr!("Executions"),
        kind: "number",
        hint: || "1".to_owned(),
        help: || tr!("How many executions of the flow start: 1 to 1000"),
        print: |scenario| scenario.executions.to_string(),
        set: |scenario, text| text.parse().ok().filter(|n| (1..=1000).contains(n)).map(|n| scenario.executions = n),
    },
    ServerField {
        name: "every",
        label: || tr!("Time between starts, s"),
        kind: "number",
        hint: || "0".to_owned(),
        help: || tr!("How long after one execution the next starts: 0 or more seconds"),
        print: |scenario| seconds(scenario.every, 0),
        set: |scenario, text| parse_duration(text).map(|every| scenario.every = every),
    },
];

/// The field for the blackout periods of a dialect that has them.
pub const BLACKOUT_FIELD: ServerField = ServerField {
    name: "blackout",
    label: || tr!("Blackout periods"),
    kind: "text",
    help: || tr!("Tasks that avoid them wait for their end. Dates without an offset are UTC."),
    hint: || "2026-03-02 18:00/2026-03-03 06:00".to_owned(),
    print: |scenario| scenario.assumptions.get(BLACKOUTS).map_or(String::new(), blackouts),
    set: |scenario, text| {
        let given = Some(periods(text)?).filter(|_| !text.is_empty());
        *scenario = with_assumption(scenario, BLACKOUTS, given);
        Some(())
    },
};

impl App {
    /// Whether blackout periods can delay a task of the flow.
    #[must_use]
    pub fn has_blackouts(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.flow().plan.is_some())
    }
}

/// An assumption of the run on show, as the drawer shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownAssumption {
    /// What is assumed about.
    pub path: Rc<str>,
    /// The same for people: in a template the title of an item with what it is about it.
    pub name: String,
    /// What is assumed.
    pub value: Value,
    /// Why it has to be assumed.
    pub why: String,
    /// The line of the text that needs it, from 1; `None` for an assumption that nothing needs.
    pub line: Option<usize>,
    /// Whether a person gave it.
    pub is_given: bool,
}

fn assumption_name(app: &App, path: &str) -> String {
    let task = || {
        let (id, what) = path.strip_prefix("tasks.")?.rsplit_once('.')?;
        let flow = app.reading.flows.first().filter(|flow| flow.plan.is_some())?;
        let what = if what == "failureHandler" { tr!("failure handler") } else { what.to_owned() };
        Some(format!("{}: {what}", flow.task(flow.find(id)?).title()))
    };
    task().unwrap_or_else(|| path.to_owned())
}

/// The assumptions of the run on show. Inputs and blackout periods have fields of their own.
#[must_use]
pub fn assumptions(app: &App) -> Vec<ShownAssumption> {
    let all: &[Assumption] = app.run.as_ref().map_or(&[], |run| &run.trace.assumptions);
    let has_field = |path: &str| path.starts_with("inputs.") || path == BLACKOUTS && app.has_blackouts();
    let shown = all.iter().filter(|known| !has_field(&known.path) || known.why == NOT_USED && &*known.path != BLACKOUTS);
    let shown = shown.map(|known| ShownAssumption {
        path: Rc::clone(&known.path),
        name: assumption_name(app, &known.path),
        value: known.value.clone(),
        why: plain(known.why),
        line: (known.why != NOT_USED).then(|| app.reading.source.position(known.span.start).line),
        is_given: app.scenario.assumptions.get(&known.path).is_some(),
    });
    shown.collect()
}

#[cfg(test)]
mod tests;
