use super::length::step_of;
use super::*;
use crate::flow::read_text;

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
fn a_length_without_a_text_is_written_as_a_note() {
    let opaque = "  - id: t\n    type: io.kestra.plugin.jdbc.postgresql.Query\n";
    assert_eq!(check(opaque, Intent::Longer(1000)), "  - id: t # sim: 2s (-1)");
    let noted = opaque.replace("id: t", "id: t # sim: 2s fail=20%");
    assert_eq!(check(&noted, Intent::Longer(500)), "  - id: t # sim: 2.5s fail=20% (-1)");
    assert_eq!(check(&noted, Intent::Fails(100)), "  - id: t # sim: 2s fail (-1)");
    assert_eq!(check(&opaque.replace("id: t", "id: t # sim: fail"), Intent::Fails(0)), "  - id: t (-1)");
    let range = opaque.replace("id: t", "id: t # sim: 50s..1m..8m50s");
    assert_eq!(check(&range, Intent::Longer(20_000)), "  - id: t # sim: 1m10s..1m20s..9m10s (-1)");
    assert_eq!(check(&range, Intent::Longer(-60_000)), "  - id: t # sim: 0s..0s..7m50s (-1)");
    assert_eq!(check(&range, Intent::Fails(20)), "  - id: t # sim: 50s..1m..8m50s fail=20% (-1)");
    assert_eq!(check(SHELL, Intent::Fails(100)), "  # sim: fail (-0)");
    assert_eq!(check(&SHELL.replace(" # why", ""), Intent::Fails(100)), "  - id: t # sim: fail (-1)");
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
