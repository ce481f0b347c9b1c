use super::*;

const FLOW: &str = "\
id: a
namespace: b.c
tasks:
  - id: parent
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 3
    tasks:
      - id: t1
        type: io.kestra.plugin.core.log.Log
        message: hi
";

/// What is offered at `|`: up to eight labels, and what is inserted for the first.
fn offered(text: &str) -> String {
    offered_in(text, Some(Version::V0_21))
}

/// The same for a version, or for the version that the text is for.
fn offered_in(text: &str, version: Option<Version>) -> String {
    let at = text.find('|').expect("the place is marked");
    let source = Source::new("flow.yaml", text.replacen('|', "", 1));
    let found = completions(&source, Span::new(at, at).start, version);
    let labels: Vec<&str> = found.iter().take(8).map(|one| &*one.label).collect();
    let first = found
        .first()
        .map_or(String::new(), |one| format!(" | `{}` for `{}`: {}", one.insert, &source.text[one.from as usize..at], one.detail));
    format!("{}{first}", labels.join(" "))
}

/// What hovering over the word after `|` shows.
fn shown(text: &str) -> String {
    shown_in(text, Some(Version::V0_21))
}

fn shown_in(text: &str, version: Option<Version>) -> String {
    let at = text.find('|').expect("the place is marked");
    let source = Source::new("flow.yaml", text.replacen('|', "", 1));
    hover(&source, Span::new(at, at).start, version).unwrap_or_default()
}

#[test]
fn keys_are_those_of_the_task_around_and_not_there_yet() {
    insta::assert_snapshot!(offered(&FLOW.replace("concurrent: 3", "con|")), @"errors finally concurrent failFast onChildFailure childFailurePolicy description disabled | `errors:` for `con`: tasks that run when one of its tasks has failed");
    insta::assert_snapshot!(offered(&FLOW.replace("message: hi", "me|")), @"message level description disabled runIf timeout retry allowFailure | `message: ` for `me`: what to write");
    insta::assert_snapshot!(offered(&FLOW.replace("message: hi", "|message: hi")), @"level description disabled runIf timeout retry allowFailure allowWarning | `level: ` for ``: how important it is");
    insta::assert_snapshot!(offered("id: a\n|"), @"namespace tasks errors finally afterExecution listeners revision description | `namespace: ` for ``: groups flows, as folders do");
    insta::assert_snapshot!(offered("id: a\ninputs:\n  - id: x\n    type: INT\n    m|"), @"min max name description displayName required defaults prefill | `min:` for `m`: the least");
    insta::assert_snapshot!(offered("tasks:\n  - id: x\n    retry:\n      ty|"), @"type interval maxInterval minInterval delayFactor maxAttempt maxAttempts maxDuration | `type: ` for `ty`: how the wait grows: constant, exponential or random");
    insta::assert_snapshot!(offered(&DAG.replace("type: x.Y}", "type: io.kestra.plugin.core.log.Log, |}")), @"message level description disabled runIf timeout retry allowFailure | `message: ` for ``: what to write");
    insta::assert_snapshot!(offered("tasks:\n  - id: x\n    type: io.kestra.plugin.core.flow.Switch\n    cases:\n      A:\n        - i|"), @"id type description disabled runIf timeout retry allowFailure | `id: ` for `i`: names it; unique within the flow");
}

#[test]
fn values_are_those_that_are_taken() {
    insta::assert_snapshot!(offered(&FLOW.replace("core.log.Log", "core.|")), @"io.kestra.plugin.core.flow.Sequential io.kestra.plugin.core.flow.Parallel io.kestra.plugin.core.log.Log io.kestra.plugin.core.debug.Return io.kestra.plugin.scripts.shell.Commands io.kestra.plugin.scripts.shell.Script io.kestra.plugin.scripts.python.Commands io.kestra.plugin.scripts.python.Script | `io.kestra.plugin.core.flow.Sequential` for `io.kestra.plugin.core.`: runs its tasks one after another");
    insta::assert_snapshot!(offered("concurrency:\n  behavior: |"), @"QUEUE CANCEL FAIL | `QUEUE` for ``:");
    insta::assert_snapshot!(offered("tasks:\n  - id: x\n    disabled: |"), @"true false | `true` for ``:");
    insta::assert_snapshot!(offered("tasks:\n  - id: x\n    retry: {type: |}"), @"constant exponential random | `constant` for ``:");
    insta::assert_snapshot!(offered("inputs:\n  - id: x\n    type: S|"), @"STRING ENUM SELECT MULTISELECT INT FLOAT BOOLEAN BOOL | `STRING` for `S`:");
    insta::assert_snapshot!(offered("id: |"), @"");
    insta::assert_snapshot!(offered("tasks:\n  - id: x\n    script: >\n      type: |"), @"");
}

const DAG: &str = "\
inputs:
  - id: who
    type: STRING
tasks:
  - id: before
    type: io.kestra.plugin.core.log.Log
  - id: dag
    type: io.kestra.plugin.core.flow.Dag
    tasks:
      - task: {id: extract, type: x.Y}
      - task:
          id: load
          type: x.Y
        dependsOn: [HERE]
      - task:
          id: group
          type: io.kestra.plugin.core.flow.Sequential
          tasks:
            - id: inner
              type: x.Y
";

#[test]
fn ids_are_those_that_can_be_meant() {
    insta::assert_snapshot!(offered(&DAG.replace("HERE", "ex|")), @"extract group | `extract` for `ex`:");
    insta::assert_snapshot!(offered(&DAG.replace(" [HERE]", "\n          - e|")), @"extract group | `extract` for `e`:");
    insta::assert_snapshot!(offered(&DAG.replace("type: x.Y}", "type: x.Y}\n        dependsOn: [|]")), @"load group | `load` for ``:");
    insta::assert_snapshot!(offered(&format!("{DAG}      - id: z\n        message: \"{{{{ outputs.e|\"")), @"before dag extract load group inner z | `before` for `e`:");
    insta::assert_snapshot!(offered(&format!("{DAG}      - id: z\n        message: \"{{{{ inputs.|\"")), @"who | `who` for ``:");
    insta::assert_snapshot!(offered(&format!("{DAG}      - id: z\n        message: \"{{{{ o|\"")), @"outputs inputs vars taskrun parent task flow execution | `outputs` for `o`: the outputs of the tasks before it");
}

#[test]
fn notes_on_the_simulation_are_offered_in_comments() {
    insta::assert_snapshot!(offered("tasks:\n  - id: x #|"), @"# sim: 3s # sim: 2s..5s # sim: fail # sim: 3s fail=20% | `# sim: 3s` for `#`: takes 3 s in the simulation");
    insta::assert_snapshot!(offered("tasks:\n  - id: 'x #|"), @"");
}

#[test]
fn hover_explains_keys_types_and_notes() {
    insta::assert_snapshot!(shown(&FLOW.replace("concurrent", "con|current")), @"`concurrent`, a whole number, 0 or more: the slots: how many run at the same time; 0 is no limit");
    insta::assert_snapshot!(shown(&FLOW.replace("core.flow.Parallel", "core.flow.Par|allel")), @"`Parallel`: runs its tasks at the same time, as many as it has slots");
    insta::assert_snapshot!(shown("concurrency:\n  behavior: QU|EUE\n"), @"`behavior`, one of QUEUE, CANCEL, FAIL: what happens to a further execution: it waits, is cancelled, or fails");
    insta::assert_snapshot!(shown("tasks:\n  - id: x # s|im: 3s\n"), @"how long the task takes in the simulation, and how often it fails: `# sim: 2s..5s fail=20%`; Kestra does not read it");
    insta::assert_snapshot!(shown(&DAG.replace("type: x.Y}", "ti|meout: PT1S}")), @"`timeout`, an ISO-8601 duration such as `PT1.5S`: fails when it takes longer than this");
    insta::assert_snapshot!(shown("tasks:\n  - id: som|e\n"), @"");
    insta::assert_snapshot!(shown("apiVersion: v1\nki|nd: Templates\n"), @"");
}

#[test]
fn every_type_and_most_properties_have_words() {
    let types: Vec<_> = crate::flow::kinds::types().collect();
    assert!(types.iter().all(|known| !known.words.is_empty()));
    let groups = types.iter().filter(|known| known.runner == schema::Runner::Executor);
    let properties: Vec<_> = groups.flat_map(|known| known.properties).chain(schema::EVERY_TASK).chain(schema::FLOW).collect();
    let n_words = properties.iter().filter(|property| !property.words.is_empty()).count();
    assert!(n_words * 3 >= properties.len() * 2, "{n_words} of {}", properties.len());
}

#[test]
fn no_place_of_any_text_is_too_much() {
    let texts = [FLOW, DAG, "{[{", "- - -\n -", "a: {b: [c, 'd", "---\n---", "ä: ö # ü\n  - ß", "\t- a:\r\n\tb", ""];
    for text in texts {
        let source = Source::new("flow.yaml", text);
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let offset = Span::new(at, at).start;
            let _ = (completions(&source, offset, None), hover(&source, offset, None));
        }
    }
}

#[test]
fn what_is_offered_is_known_to_the_version() {
    let group = FLOW.replace("concurrent: 3", "con|");
    let in_both = |text: &str| [Version::V1_3, Version::V2_0].map(|version| offered_in(text, Some(version))).join("\n");
    insta::assert_snapshot!(in_both(&group), @"
    errors finally concurrent description disabled runIf timeout retry | `errors:` for `con`: tasks that run when one of its tasks has failed
    errors finally concurrent onChildFailure description disabled runIf timeout | `errors:` for `con`: tasks that run when one of its tasks has failed
    ");
    insta::assert_snapshot!(in_both("tasks:\n  - id: x\n    type: io.kestra.plugin.core.flow.Pause\n    p|"), @"
    tasks errors finally onPause delay pauseDuration behavior onResume | `tasks:` for `p`: the tasks it runs
    errors finally onPause pauseDuration behavior onResume description disabled | `errors:` for `p`: tasks that run when one of its tasks has failed
    ");
    insta::assert_snapshot!(in_both("tasks:\n  - id: x\n    type: io.kestra.plugin.core.kv.Set\n    k|"), @"
    key kvDescription kvType namespace overwrite ttl value description | `key: ` for `k`: text
    key kvDescription kvType namespace overwrite ttl value description | `key: ` for `k`: text
    ");
    insta::assert_snapshot!(in_both("tasks:\n  - id: x\n    type: io.kestra.plugin.core.kv.Set\n    kvType: |"), @"
    STRING NUMBER BOOLEAN DATETIME DATE DURATION JSON | `STRING` for ``: 
    STRING NUMBER BOOLEAN DATETIME DATE DURATION JSON | `STRING` for ``:
    ");
    insta::assert_snapshot!(in_both("inputs:\n  - id: x\n    type: |"), @"
    STRING ENUM SELECT MULTISELECT INT FLOAT BOOLEAN BOOL | `STRING` for ``: 
    STRING SELECT MULTISELECT INT FLOAT BOOL DATETIME DATE | `STRING` for ``:
    ");
    insta::assert_snapshot!(in_both("triggers:\n  - id: x\n    type: |"), @"
    io.kestra.plugin.core.trigger.Schedule io.kestra.plugin.core.trigger.Webhook io.kestra.plugin.core.trigger.Flow io.kestra.plugin.core.trigger.ScheduleOnDates | `io.kestra.plugin.core.trigger.Schedule` for ``: 
    io.kestra.plugin.core.trigger.Schedule io.kestra.plugin.core.trigger.Webhook io.kestra.plugin.core.trigger.Flow io.kestra.plugin.core.trigger.ScheduleOnDates io.kestra.plugin.core.trigger.McpToolTrigger | `io.kestra.plugin.core.trigger.Schedule` for ``:
    ");
    insta::assert_snapshot!(in_both("triggers:\n  - id: x\n    type: io.kestra.plugin.core.trigger.Flow\n    |"), @"
    states preconditions description disabled conditions inputs labels stopAfter | `states:` for ``: the states of the other execution
    states dependsOn mode minSatisfied window description disabled when | `states:` for ``: the states of the other execution
    ");
    let has = |version, name: &str| {
        let source = Source::new("flow.yaml", "tasks:\n  - type: ");
        completions(&source, 17, Some(version)).iter().any(|one| one.label == name)
    };
    let of = |name: &str| Version::ALL.map(|version| has(version, name));
    assert_eq!(of("io.kestra.plugin.core.flow.ForEach"), [true, true, false]);
    assert_eq!(of("io.kestra.plugin.core.flow.Loop"), [true, false, true]);
    assert_eq!(of("io.kestra.plugin.core.kv.Get"), [true, true, true]);
    // Without a version it is that of the text.
    assert_eq!(offered_in(&group, None), offered_in(&group, Some(Version::V2_0)));
    let old = format!("pluginDefaults: []\n{group}");
    assert_eq!(offered_in(&old, None), offered_in(&old, Some(Version::V1_3)));
}

#[test]
fn hovering_says_what_a_property_is_unless_written() {
    let parallel = FLOW.replace("concurrent: 3", "|concurrent: 3");
    insta::assert_snapshot!(shown_in(&parallel, Some(Version::V2_0)), @"`concurrent`, a whole number, 0 or more, 0 unless written: the slots: how many run at the same time; 0 is no limit");
    let set = "tasks:\n  - id: x\n    type: io.kestra.plugin.core.kv.Set\n    |overwrite: true";
    insta::assert_snapshot!(shown_in(set, Some(Version::V1_3)), @"`overwrite`, true or false, true unless written");
    let pause = "tasks:\n  - id: x\n    type: io.kestra.plugin.core.flow.Pause\n    |delay: PT1S";
    insta::assert_snapshot!(shown_in(pause, Some(Version::V1_3)), @"`delay`, an ISO-8601 duration such as `PT1.5S`, deprecated: resumes by itself after this time (old name)");
    assert_eq!(shown_in(pause, Some(Version::V2_0)), "");
}
