use super::*;
use crate::app::{Msg, playback};
use crate::flow::state::State;

fn app(rest: &str) -> App {
    App::with_text(&format!("id: f\nnamespace: n\n{rest}"), None)
}

fn check(app: &App) -> String {
    let line = |field: Field| {
        let hint = if field.hint.is_empty() { String::new() } else { format!(" [{}]", field.hint) };
        let sample = if field.is_sample { " (sample)" } else { "" };
        format!("{} {:?}{hint} = {}{sample} {}", field.id, field.kind, field.value, field.error.unwrap_or_default())
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
    insta::assert_snapshot!(check(&app).lines().next().unwrap_or(""), @r#"n Line("number") = 12 Invalid value for input `n`. Cause: it must be less than `9`"#);
}

#[test]
fn each_type_has_a_control_that_fits() {
    let inputs = "
  - {id: at, type: DATETIME, defaults: '2024-02-03T04:05:06Z'}
  - {id: day, type: DATE, defaults: '2024-02-03'}
  - {id: hour, type: TIME, defaults: '04:05'}
  - {id: length, type: DURATION}
  - {id: some, type: MULTISELECT, values: [x, y, z], defaults: [x, z]}
  - {id: any, type: MULTISELECT, values: [x, y], allowCustomValue: true}
  - {id: maybe, type: BOOLEAN, required: false}
  - {id: own, type: SELECT, values: [x, y], allowCustomValue: true}
  - {id: key, type: SECRET}
  - {id: file, type: FILE}
  - {id: json, type: JSON}
  - {id: list, type: ARRAY, itemType: INT}
  - {id: later, type: DATE, defaults: '{{ now() }}'}
";
    let text = format!("inputs:{inputs}tasks:\n  - {{id: t, type: io.kestra.plugin.core.log.Log, message: x}}\n");
    let app = app(&text);
    insta::assert_snapshot!(check(&app), @r#"
    at Line("datetime-local") = 2024-02-03T04:05:06 
    day Line("date") = 2024-02-03 
    hour Line("time") = 04:05:00 
    length Line("text") [PT1H30M] = PT1M (sample) 
    some Choices(["x", "y", "z"]) [["a", "b"]] = ["x","z"] 
    any Text [["a", "b"]] = ["x"] (sample) 
    maybe Choice(["", "true", "false"]) =  
    own Proposals(["x", "y"]) = x (sample) 
    key Line("password") = key (sample) 
    file Line("text") [kestra:///file.txt] = kestra:///sample.txt (sample) 
    json Text [{"a": 1}] = {} (sample) 
    list Text [["a", "b"]] = [1] (sample) 
    later Line("text") = {{ now() }} Invalid value for input `later`. Cause: Text '2024-01-01T00:00:00.000000Z' could not be parsed at index 0
    "#);
    let fields = fields(&app);
    let some = &fields[4];
    assert_eq!(
        (some.chosen().join(" "), some.with_choice("y", true), some.with_choice("x", false)),
        ("x z".to_owned(), "[\"x\",\"y\",\"z\"]".to_owned(), "[\"z\"]".to_owned())
    );
    assert_eq!((fields[0].given("2024-01-01T00:00"), fields[0].given("")), ("2024-01-01T00:00:00Z".to_owned(), String::new()));
}

#[test]
fn an_input_is_asked_for_only_when_what_it_depends_on_is_met() {
    let app = app(
        "inputs:\n  - {id: a, type: BOOLEAN}\n  - {id: b, type: STRING, dependsOn: {inputs: [a], condition: '{{ inputs.a }}'}}\n  - {id: c, type: STRING, dependsOn: {inputs: [b]}}\n  - {id: d, type: STRING, dependsOn: {inputs: [a], condition: '{{ not inputs.a }}'}}\ntasks:\n  - {id: t, type: io.kestra.plugin.core.log.Log, message: x}\n",
    );
    let ids = |app: &App| fields(app).iter().map(|field| field.id.to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(ids(&app), "a b c");
    let app = app.clone().update(Msg::Set(Box::new(with_input(&app.scenario, "a", "false"))));
    assert_eq!(ids(&app), "a d");
    assert_eq!(ids(&app.update(Msg::Undo)), "a b c", "settings are undone as edits are");
}

#[test]
fn a_person_resumes_where_the_playhead_stands() {
    let app = app(
        "tasks:\n  - id: both\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n      - {id: p, type: io.kestra.plugin.core.flow.Pause}\n      - {id: w, type: io.kestra.plugin.core.flow.Sleep, duration: PT9S}\n",
    );
    let waits = |app: &App| app.run.as_ref().is_some_and(|run| run.row("p").is_some_and(|row| row.waits_for_person(&run.trace)));
    assert!(waits(&app));
    let app = app.update(Msg::Play(playback::Msg::Seek(SimTime(5000)))).update(Msg::Resume("p".into()));
    assert!(!waits(&app));
    let run = app.run.expect("it runs");
    assert_eq!(run.row("p").and_then(|row| row.length), Some(SimTime(5000)));
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
        assert!(row.waits_for_person(&run.trace));
        app = app.update(Msg::Play(playback::Msg::Start)).update(Msg::Resume(key.into()));
    }
    let run = app.run.expect("it runs");
    assert_eq!(run.trace.execution_history(crate::sim::trace::ExecutionIdx(1)).last(), Some(&(SimTime(2000), State::Success)));
    assert_eq!(run.trace.execution_history(crate::sim::trace::ExecutionIdx::FIRST).last(), Some(&(SimTime::ZERO, State::Paused)));
}

#[test]
fn the_server_says_what_was_measured_and_which_delay_counts() {
    let set = |scenario: &Scenario, name, text| with_server_field(scenario, name, text).expect("it can be set");
    let measured = set(&Scenario::default(), "server", "measured");
    assert_eq!(with_server_field(&measured, "server", "real"), None);
    let own = set(&measured, "delay", "0.5");
    let [ideal, average, other] = [&Scenario::default(), &measured, &own].map(server_words);
    assert_eq!((&ideal[..], ideal.first()), (&average[..1], other.first()));
    insta::assert_snapshot!([average, other[1..].to_vec()].concat().join("\n"), @"
    As measured: in about 870 recordings of the real engine a task is handed over in 41 ms on average, half of them in 20 ms to 54 ms. Retries and pauses end when the server looks next, every 1.0 s.
    The dispatch delay is this average. Another one counts in its place; the timers stay.
    The dispatch delay of 0.5 s counts in place of the average; the timers stay as measured.
    ");
    let delay = SERVER_FIELDS.iter().find(|field| field.name == "delay").expect("there is a field");
    assert_eq!(
        (delay.value(&measured), delay.value(&own), delay.value(&set(&own, "server", "ideal"))),
        ("0.041".into(), "0.5".into(), "0.5".into())
    );
}
