use super::*;
use crate::flow::read_text_for;
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
use crate::source::Source;
use crate::time::SimTime;

/// The faults of a flow with these lines below its namespace, in a version: `line: what the version does`. `!NAME ID` stands for a
/// task.
fn check(version: Version, executions: u32, lines: &str) -> String {
    let core = "type: io.kestra.plugin.core";
    let retry = "retry: {type: constant, interval: PT1S, maxAttempts: 2}";
    let text = lines
        .replace("!nap", &format!("{core}.flow.Sleep, duration: PT1S"))
        .replace("!flow.", &format!("{core}.flow."))
        .replace("!log", &format!("{core}.log.Log, message: x"))
        .replace("!bad", &format!("{core}.execution.Fail"))
        .replace("!retry", retry);
    let source = Source::new("flow.yaml", format!("id: f\nnamespace: n\n{text}"));
    let (_, flows, diagnostics) = read_text_for(&source, Some(version));
    assert!(!flows.is_empty(), "{diagnostics:#?}");
    let scenario = Scenario { executions, horizon: SimTime(600_000), ..Scenario::default() };
    let found = faults(&flows, &simulate(&flows, &scenario));
    found.iter().map(|fault| format!("{}: {}", source.position(fault.span.start).line, fault.text)).collect::<Vec<_>>().join("\n")
}

fn on_2_0(lines: &str) -> String {
    check(Version::V2_0, 1, lines)
}

fn on_1_3(lines: &str) -> String {
    check(Version::V1_3, 1, lines)
}

#[test]
fn retries() {
    let second = "tasks:\n  - {id: a, !nap}\n  - {id: b, !bad, !retry}\n";
    insta::assert_snapshot!(on_2_0(second), @"5: Kestra 2.0.0 starts a task that is tried again a second time when it is not the first of its list, and tries both again (kestra#18909)");
    assert_eq!(on_1_3(second), "");
    assert_eq!(on_2_0("tasks:\n  - {id: b, !bad, !retry}\n"), "", "it is the first");
    assert_eq!(
        on_2_0("tasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks: [{id: a, !nap}, {id: b, !bad, !retry}]\n"),
        ""
    );
    let after = "tasks: [{id: b, !bad, !retry}]\nafterExecution: [{id: a, !log}]\n";
    insta::assert_snapshot!(on_2_0(after), @"3: Kestra 2.0.0 runs `afterExecution` when a task that is tried again fails for the first time, and not at the end");
    insta::assert_snapshot!(on_1_3("retry: {type: constant, interval: PT1S, maxAttempts: 2}\ntasks:\n  - id: s\n    !flow.Sequential\n    tasks: [{id: b, !bad}]\n    errors: [{id: e, !log}]\n".replace("!flow", "type: io.kestra.plugin.core.flow").as_str()), @"7: Kestra 1.3.31 never ends a group with `errors` whose task is tried again by a retry that it did not write itself");
}

#[test]
fn loops() {
    let of = |rest: &str, tasks: &str| {
        format!("tasks:\n  - id: l\n    type: io.kestra.plugin.core.flow.Loop\n    values: [1, 2, 3]\n{rest}    tasks: [{tasks}]\n")
    };
    let fails =
        "{id: i, type: io.kestra.plugin.core.flow.Sleep, duration: 'PT{{ item.value }}S'}, {id: b, !bad, runIf: '{{ item.index == 0 }}'}";
    insta::assert_snapshot!(on_2_0(&of("    concurrencyLimit: 0\n", fails)), @"4: Kestra 2.0.0 makes one more iteration of a Loop that has failed when an iteration that still ran has ended, and with no limit turns the Loop into a SUCCESS (kestra#19372)");
    assert_eq!(on_2_0(&of("", fails)), "", "no iteration is left");
    insta::assert_snapshot!(on_2_0(&of("    runIf: '{{ false }}'\n", "{id: i, !nap}")), @"4: Kestra 2.0.0 runs the iterations of a skipped Loop all the same, and then calls it a SUCCESS");
    insta::assert_snapshot!(on_2_0(&("concurrency: {limit: 2}\n".to_owned() + &of("", "{id: i, !nap}"))), @"5: Kestra 2.0.0 counts an iteration as an execution of the flow: at the limit of its `concurrency` it stays QUEUED (kestra#19705)");
    insta::assert_snapshot!(on_2_0(&of("", "{id: i, type: io.kestra.plugin.core.flow.Pause, pauseDuration: PT1S}")), @"7: Kestra 2.0.0 leaves an execution PAUSED for ever when a Pause pauses an iteration of its Loop");
    let until = |condition: &str, rest: &str| {
        format!(
            "tasks:\n  - id: u\n    type: io.kestra.plugin.core.flow.LoopUntil\n    condition: '{{{{ {condition} }}}}'\n    checkFrequency: {{interval: PT1S{rest}}}\n    tasks: [{{id: i, !log}}]\n"
        )
    };
    insta::assert_snapshot!(on_2_0(&until("false", ", maxIterations: 2")), @"4: Kestra 2.0.0 runs one round more than `maxIterations` (kestra PR 19209)");
    insta::assert_snapshot!(on_1_3(&until("outputs.u.iterationCount == 3", "")), @"4: Kestra 1.3.31 never ends a LoopUntil whose condition holds in one round only, since it looks at the count of the next round");
}

#[test]
fn ends() {
    let exit = "tasks:\n  - {id: x, type: io.kestra.plugin.core.execution.Exit, state: WARNING}\n  - {id: a, !log}\nafterExecution: [{id: z, !log}]\n";
    insta::assert_snapshot!(on_2_0(exit), @"4: Kestra 2.0.0 goes on with the flow's own tasks beside `afterExecution` when the execution has ended here");
    assert_eq!(on_2_0(&exit.replace("afterExecution", "finally")), "");
    let pause = "tasks:\n  - {id: p, type: io.kestra.plugin.core.flow.Pause, pauseDuration: PT1S, behavior: CANCEL}\n  - {id: a, !log}\nafterExecution: [{id: z, !log}]\n";
    insta::assert_snapshot!(on_1_3(pause), @"4: Kestra 1.3.31 goes on with the flow's own tasks beside `afterExecution` when the execution has ended here");
    let queue = "concurrency: {limit: 1, behavior: CANCEL}\ntasks: [{id: a, !nap}]\nafterExecution: [{id: z, !log}]\n";
    insta::assert_snapshot!(check(Version::V1_3, 2, queue), @"1: Kestra 1.3.31 goes on with the flow's own tasks beside `afterExecution` when its `concurrency` ends the execution");
    let on_pause = "tasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Pause\n    pauseDuration: PT1S\n    onPause: {id: o, !log}\n    finally: [{id: z, !log}]\n";
    insta::assert_snapshot!(on_2_0(on_pause), @"4: Kestra 2.0.0 runs `onPause` two or three times when the Pause has other lists, too");
    insta::assert_snapshot!(on_1_3(on_pause), @"4: Kestra 1.3.31 runs `onPause` again when the Pause has other lists, too, and then fails the execution with `Can't find taskrun`");
    insta::assert_snapshot!(on_1_3(&on_pause.replace("    onPause: {id: o, !log}\n    finally", "    errors")), @"4: Kestra 1.3.31 never ends a Pause that is resumed and has lists, but neither `tasks` nor `finally` to run");
}

#[test]
fn what_is_as_documented_says_nothing() {
    for example in crate::examples::EXAMPLES {
        let source = Source::new("", example.text);
        let (_, flows, _) = crate::flow::read_text(&source);
        assert_eq!(faults(&flows, &simulate(&flows, &example.scenario())), [], "{}", example.id);
    }
}
