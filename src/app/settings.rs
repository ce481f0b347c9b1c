//! The settings of a run as a form shows them: what to ask for, what stands there, what is wrong with it; and each change
//! as a new [`Scenario`].

use std::rc::Rc;

use super::App;
use crate::flow::inputs::{self, Input, InputType};
use crate::sim::input_errors;
use crate::sim::scenario::Scenario;
use crate::sim::state::State;
use crate::sim::trace::Trace;
use crate::time::{SimTime, iso_duration};
use crate::timeline::lanes::Row;
use crate::value::Value;

/// A field for an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The id of the input.
    pub id: Rc<str>,
    /// What kind of field.
    pub kind: FieldKind,
    /// What stands there.
    pub value: Rc<str>,
    /// Whether that is a sample, as nothing is given and there is no default.
    pub is_sample: bool,
    /// What Kestra says of it, when it is wrong.
    pub error: Option<String>,
}

/// A kind of field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A line of text; the `type` of its HTML element.
    Line(&'static str),
    /// One of several.
    Choice(Vec<Rc<str>>),
    /// Several lines.
    Text,
}

/// The fields for the inputs of the flow, in their order.
#[must_use]
pub fn fields(app: &App) -> Vec<Field> {
    let flows = &app.reading.flows;
    let Some(flow) = flows.first() else { return Vec::new() };
    let errors = if flow.inputs.is_empty() { Vec::new() } else { input_errors(flows, &app.scenario) };
    let field = |input: &Input| {
        let given = app.scenario.inputs.iter().find(|(id, _)| **id == *input.id).map(|(_, value)| value.clone());
        let is_sample = given.is_none() && input.defaults.is_none() && input.required;
        let value = given.or(input.defaults.clone()).unwrap_or_else(|| if is_sample { inputs::sample(input) } else { Value::Null });
        let error = errors.iter().find(|error| error.id == input.id && !is_sample);
        Field {
            id: Rc::clone(&input.id),
            kind: kind(input),
            value: if let Value::Unknown(_) = value { inputs::print(input.kind, &value).into() } else { value.print() },
            is_sample,
            error: error.map(|error| error.message.clone()),
        }
    };
    flow.inputs.iter().map(field).collect()
}

fn kind(input: &Input) -> FieldKind {
    match input.kind {
        InputType::Bool => FieldKind::Choice(["true", "false"].map(Rc::from).to_vec()),
        InputType::Select if !input.values.is_empty() && !input.allow_custom => FieldKind::Choice(input.values.clone()),
        InputType::Int | InputType::Float => FieldKind::Line("number"),
        InputType::Date => FieldKind::Line("date"),
        InputType::Json | InputType::Yaml => FieldKind::Text,
        _ => FieldKind::Line("text"),
    }
}

/// The settings with another value for an input; nothing at all takes it back.
#[must_use]
pub fn with_input(scenario: &Scenario, id: &str, text: &str) -> Scenario {
    let mut inputs = scenario.inputs.clone();
    inputs.retain(|(known, _)| known != id);
    if !text.is_empty() {
        inputs.push((id.to_owned(), Value::text(text)));
    }
    Scenario { inputs, ..scenario.clone() }
}

/// The settings with another assumption; `None` takes it back.
#[must_use]
pub fn with_assumption(scenario: &Scenario, path: &str, value: Option<Value>) -> Scenario {
    let mut assumptions = scenario.assumptions.clone();
    match value {
        Some(value) => assumptions.insert(path.to_owned(), value),
        None => _ = assumptions.remove(path),
    }
    Scenario { assumptions, ..scenario.clone() }
}

/// Whether a row stands still until a person resumes it.
#[must_use]
pub fn waits_for_person(trace: &Trace, row: &Row) -> bool {
    row.run().is_some_and(|run| trace.run(run).waits_for_person && trace.state(run) == State::Paused)
}

/// The settings in which a person resumes a row at `now`, or a second after it paused when that is not later.
#[must_use]
pub fn resumed(scenario: &Scenario, trace: &Trace, row: &Row, now: SimTime) -> Scenario {
    let paused = row.run().and_then(|run| trace.history(run).last()).map_or(SimTime::ZERO, |(at, _)| *at);
    let after = if now > paused { now - paused } else { SimTime(1000) };
    with_assumption(scenario, &format!("tasks.{}.resume", row.key), Some(Value::text(&iso_duration(after))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Msg;

    fn app(rest: &str) -> App {
        App::with_text(&format!("id: f\nnamespace: n\n{rest}"), None)
    }

    fn check(app: &App) -> String {
        let line = |field: Field| {
            let sample = if field.is_sample { " (sample)" } else { "" };
            format!("{} {:?} = {}{sample} {}", field.id, field.kind, field.value, field.error.unwrap_or_default())
        };
        fields(app).into_iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_input_has_a_field_with_its_value_or_a_sample() {
        let app = app(
            "inputs:\n  - {id: n, type: INT, min: 5, max: 9}\n  - {id: s, type: STRING, defaults: hi}\n  - {id: b, type: BOOLEAN}\n  - {id: c, type: SELECT, values: [x, y]}\ntasks:\n  - {id: t, type: io.kestra.plugin.core.log.Log, message: '{{ inputs.n }}'}\n",
        );
        insta::assert_snapshot!(check(&app), @r#"
        n Line("number") = 5 (sample) 
        s Line("text") = hi 
        b Choice(["true", "false"]) = true (sample) 
        c Choice(["x", "y"]) = x (sample)
        "#);
        let app = app.clone().update(Msg::Set(Box::new(with_input(&app.scenario, "n", "12"))));
        insta::assert_snapshot!(check(&app).lines().next().unwrap_or(""), @r#"n Line("number") = 12 n: Invalid input for `n`, it must be less than `9`, but received `12`"#);
    }

    #[test]
    fn a_person_resumes_where_the_playhead_stands() {
        let app = app(
            "tasks:\n  - {id: w, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}\n  - {id: p, type: io.kestra.plugin.core.flow.Pause}\n  - {id: l, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n",
        );
        let run = app.run.clone().expect("it runs");
        let row = run.row("p").expect("there is a row");
        assert!(waits_for_person(&run.trace, row));
        let app = app.clone().update(Msg::Set(Box::new(resumed(&app.scenario, &run.trace, row, SimTime(5000)))));
        let run = app.run.clone().expect("it runs");
        assert_eq!(run.numbers.makespan, SimTime(6000));
        assert!(!waits_for_person(&run.trace, run.row("p").expect("there is a row")));
        assert_eq!(run.trace.assumptions.iter().map(|known| &*known.path).collect::<Vec<_>>(), ["tasks.p.resume"]);
    }

    #[test]
    fn a_person_resumes_a_later_run_in_a_later_execution() {
        let mut app = app(
            "tasks:\n  - id: e\n    type: io.kestra.plugin.core.flow.ForEach\n    values: [a, b]\n    tasks: [{id: p, type: io.kestra.plugin.core.flow.Pause}]\n",
        );
        app = app.clone().update(Msg::Set(Box::new(Scenario { executions: 2, ..(*app.scenario).clone() })));
        for key in ["x2.p", "x2.p~2"] {
            let run = app.run.clone().expect("it runs");
            let row = run.row(key).expect("there is a row");
            assert!(waits_for_person(&run.trace, row));
            app = app.clone().update(Msg::Set(Box::new(resumed(&app.scenario, &run.trace, row, SimTime::ZERO))));
        }
        let run = app.run.expect("it runs");
        assert_eq!(run.trace.execution_history(1).last(), Some(&(SimTime(2000), State::Success)));
        assert_eq!(run.trace.execution_history(0).last(), Some(&(SimTime::ZERO, State::Paused)));
    }
}
