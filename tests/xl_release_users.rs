//! Situations from people who use XL Release, each with what the product does.

mod support;

use parallelogram::analysis::makespan::makespan;
use parallelogram::app::link::{link_of, opened};
use parallelogram::app::settings::BLACKOUT_FIELD;
use parallelogram::app::{App, Msg};
use parallelogram::convert::convert;
use parallelogram::flow::plan::BLACKOUTS;
use parallelogram::flow::{choose, read_text};
use parallelogram::render;
use parallelogram::share::Link;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::source::Source;
use parallelogram::value::Value;

/// The text of a situation.
macro_rules! situation {
    ($name:literal) => {
        include_str!(concat!("releases/users/", $name))
    };
}

/// The chart of a template, with what is below it.
fn chart(text: &str) -> String {
    chart_with(text, &Scenario::default())
}

fn chart_with(text: &str, scenario: &Scenario) -> String {
    let flows = support::flows(text);
    let chart = render::text::text(&flows, &simulate(&flows, scenario));
    chart.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The changes of state in a run of a template, in seconds.
fn states(text: &str) -> String {
    let flows = support::flows(text);
    let events = render::events::events(&flows, &simulate(&flows, &Scenario::default()));
    let shown = events.lines().filter(|line| !line.contains("\tlog\t") && !line.ends_with("\tPLANNED"));
    shown.map(|line| line.replace("000\t", " ").replace('\t', " ") + "\n").collect()
}

fn json(text: &str) -> serde_json::Value {
    let flows = support::flows(text);
    let source = Source::new("release.yaml", text);
    serde_json::from_str(&render::json::json(&flows, &simulate(&flows, &Scenario::default()), &[source])).expect("the output is JSON")
}

/// The code, place and message of each diagnostic.
fn found(name: &str, text: &str) -> String {
    let source = Source::new(name, text);
    let (_, flows, diagnostics) = read_text(&source);
    assert!(flows.is_empty());
    let line = |at| source.position(at).line;
    diagnostics.iter().map(|found| format!("{}: {}: {}\n", found.code, line(found.span.start), found.message)).collect()
}

/// The text in the other dialect, and what is lost.
fn converted(text: &str) -> String {
    let source = Source::new("flow.yaml", text);
    let (document, flows, _) = read_text(&source);
    let converted = convert(&source, &document, &flows, flows[0].dialect.other());
    let line = |at| source.position(at).line;
    let lost: String =
        converted.lost.iter().map(|lost| format!("{}: {} ({})\n", line(lost.span.start), lost.message, lost.label)).collect();
    format!("{}---\n{lost}", converted.text)
}

#[test]
fn a_task_is_held_only_when_it_waits_for_its_date() {
    insta::assert_snapshot!(chart(situation!("wait-false.yaml")), @"
    Hold or not

    2026-03-02, UTC            09:00       09:20      09:40       10:00      10:20
    P                 1 h 20 m =============================================S
      Early               10 m ####S
      Held                10 m .....-----------------------------#####S
      Not held            10 m ........................................#####S
    Q                     10 m ..............................................=====S
      After               10 m                                               #####S

    total 1 h 30 m   work 40 m   speed-up 0.4x
    ");
    let runs = json(situation!("wait-false.yaml"));
    let held = runs["taskRunList"].as_array().and_then(|runs| runs.iter().find(|run| run["title"] == "Held"));
    assert_eq!(held.map(|held| &held["state"]["duration"]), Some(&"PT10M".into()));
}

#[test]
fn simple_preconditions_are_evaluated() {
    insta::assert_snapshot!(chart(situation!("preconditions.yaml")), @"
    Preconditions

                                 0            30 s        1 m          1 m 30 s  2 m
    P                        2 m =================================================S
      never                  0 s *
      never with remark      0 s *
      flag off               0 s *
      flag on                1 m ########################S
      not flag               0 s .........................*
      same                   1 m .........................########################S
      other                  0 s ..................................................*
      many lines             0 s ..................................................*

    total 2 m   work 2 m   speed-up 1.0x
    ");
}

#[test]
fn the_tasks_of_a_skipped_group_are_skipped() {
    insta::assert_snapshot!(states(situation!("precondition-group.yaml")), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 skipped-group state SKIPPED
    0 inner state SKIPPED
    0 g state IN_PROGRESS
    0 a state IN_PROGRESS
    100 a state COMPLETED
    100 b state SKIPPED
    100 c state IN_PROGRESS
    200 c state COMPLETED
    200 g state COMPLETED
    200 p state COMPLETED
    200 - execution COMPLETED
    ");
}

#[test]
fn abort_on_failure_ends_what_runs() {
    insta::assert_snapshot!(chart(situation!("abort-on-failure.yaml")), @"
    Abort

                               0         20         40        60         80    100 s
    P                 1 m 40 s ===================================================K
      G               1 m 40 s ===================================================K
        a             1 m 40 s ###################################################F
        b             1 m 40 s ###################################################K

    total 1 m 40 s   work 3 m 20 s   speed-up 2.0x
    the execution ended ABORTED
    a failed at 1 m 40 s: Failed by its `# sim:` comment
    ");
    let run = json(situation!("abort-on-failure.yaml"));
    assert_eq!(run["simulation"]["lastEndMs"], 100_000);
}

#[test]
fn a_handler_that_skips_is_run() {
    insta::assert_snapshot!(states(situation!("script-handler-skips.yaml")), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 t state IN_PROGRESS
    100 t state FAILURE_HANDLER_IN_PROGRESS
    100 t state SKIPPED
    100 next state IN_PROGRESS
    160 next state COMPLETED
    160 p state COMPLETED
    160 - execution COMPLETED
    ");
}

#[test]
fn a_handler_that_retries_and_then_skips_is_run() {
    insta::assert_snapshot!(chart(situation!("retry-once.yaml")), @"
    Retry

                               0             2 m          4 m           6 m
    P                 7 m 40 s ===================================================S
      t               6 m 40 s ##########F##########F##########F############
      next                 1 m .............................................######S

    total 7 m 40 s   work 7 m 40 s   speed-up 1.0x
    ");
    insta::assert_snapshot!(states(situation!("retry-once.yaml")), @"
    0 - execution IN_PROGRESS
    0 p state IN_PROGRESS
    0 t state IN_PROGRESS
    100 t state FAILURE_HANDLER_IN_PROGRESS
    100 t state IN_PROGRESS
    200 t state FAILURE_HANDLER_IN_PROGRESS
    200 t state IN_PROGRESS
    300 t state FAILURE_HANDLER_IN_PROGRESS
    300 t state IN_PROGRESS
    400 t state FAILURE_HANDLER_IN_PROGRESS
    400 t state SKIPPED
    400 next state IN_PROGRESS
    460 next state COMPLETED
    460 p state COMPLETED
    460 - execution COMPLETED
    ");
}

#[test]
fn a_task_waits_for_the_end_of_a_blackout_period() {
    let text = situation!("blackout.yaml");
    let periods = ["2023-12-31T00:00:00Z/2024-01-01T01:00:00Z", "2024-01-01T02:00:00Z/2024-01-01T03:00:00Z"];
    let mut scenario = Scenario::default();
    scenario.assumptions.insert(BLACKOUTS, Value::list(periods.map(Value::text)));
    let run = |text| makespan(&simulate(&support::flows(text), &scenario)).0 / 1000;
    assert_eq!(run(text), 3660);
    assert_eq!(run(&text.replace("delayDuringBlackout: true", "delayDuringBlackout: false")), 60);
    insta::assert_snapshot!(chart(text), @"
    Blackout

                               0        10      20       30       40      50    60 s
    P                      1 m ===================================================S
      t                    1 m ###################################################S

    total 1 m   work 1 m   speed-up 1.0x
    assumed: blackouts = [] (blackout periods are a setting of the run: there are none unless you give them)
    ");
}

#[test]
fn a_phase_is_restarted_and_goes_on() {
    // It fails in half of the runs, with this seed in the first.
    let text = situation!("restart-phase.yaml").replace("# sim: fail", "# sim: fail=50%");
    insta::assert_snapshot!(chart(&text), @"
    Restart

                               0                1 m               2 m            3 m
    P                      3 m ===================================================S
      t                    1 m ################F
      t~2                  1 m .................################S
      u                    1 m ..................................#################S

    total 3 m (one run, seed 0)   work 3 m   speed-up 1.0x
    ");
    // A task that always fails halts the release in the end.
    insta::assert_snapshot!(chart(situation!("restart-phase.yaml")), @"
    Restart

                               0            1 m          2 m          3 m        4 m
    P                      4 m ===================================================F
      t                    1 m ############F
      t~2                  1 m .............############F
      t~3                  1 m ..........................############F
      t~4                  1 m .......................................############F
      u                  never

    total 4 m   work 4 m   speed-up 1.0x
    the execution ended FAILED
    t failed at 4 m: Failed by its `# sim:` comment
    ");
    // What runs beside it is aborted, and all of the phase runs again.
    let beside = "apiVersion: xl-release/v1\nkind: Templates\nspec:\n- template: T\n  phases:\n  - phase: P\n    tasks:\n    - {name: first, type: xlrelease.Task, plannedDuration: 60}\n    - name: both\n      type: xlrelease.ParallelGroup\n      tasks:\n      - {name: a, type: xlrelease.ScriptTask, plannedDuration: 60, taskFailureHandlerEnabled: true, taskRecoverOp: RESTART_PHASE} # sim: fail=50%\n      - {name: b, type: xlrelease.Task, plannedDuration: 120}\n";
    insta::assert_snapshot!(chart_with(beside, &Scenario { seed: 2, ..Scenario::default() }), @"
    T

                               0                    2 m                  4 m
    P                      5 m ===================================================S
      first                1 m #########S
      first~2              1 m ....................##########S
      both                 1 m ..........=========K
        a                  1 m           #########F
        b                  1 m           #########K
      both~2               2 m ...............................====================S
        a~2                1 m                                #########S
        b~2                2 m                                ####################S

    total 5 m (one run, seed 2)   work 7 m   speed-up 1.4x
    ");
}

#[test]
fn other_forms_are_named() {
    insta::assert_snapshot!(found("a.groovy", situation!("groovy-dsl.groovy")), @"other-form: 2: this is a template in XL Release's Groovy language, which is not read");
    insta::assert_snapshot!(found("a.tmpl", situation!("blueprint.yaml.tmpl")), @"other-form: 1: this is a blueprint that is not rendered: `{{ }}` is not YAML");
    let faulty =
        |title: &str| format!("apiVersion: xl-release/v1\nkind: Templates\nspec:\n- template: \"{title}\"\n  phases: []\n  phases: []\n");
    assert!(found("a.yaml", &faulty("{{ .App }}")).starts_with("other-form: 4: "));
    assert!(!found("a.yaml", &faulty("{{other}} braces {{ }}")).contains("other-form"), "its fault is the number");
    insta::assert_snapshot!(found("blueprint.yaml", "apiVersion: xl/v2\nkind: Blueprint\nspec:\n  parameters: []\n"), @"other-form: 2: this is a blueprint: it asks questions and writes templates, and holds none itself");
}

#[test]
fn any_template_of_a_text_can_be_run() {
    let mut flows = support::flows(situation!("multi-template.yaml"));
    let run = |flows: &[_]| makespan(&simulate(flows, &Scenario::default())).0 / 1000;
    assert_eq!(run(&flows), 60);
    assert!(choose(&mut flows, "Second"));
    assert_eq!(run(&flows), 120);
    assert!(choose(&mut flows, "first"), "by its id");
    assert_eq!(run(&flows), 60);
    assert!(!choose(&mut flows, "Third"));
}

#[test]
fn the_page_runs_the_template_that_is_chosen_and_holds_it_in_blackout_periods() {
    let makespan = |app: &App| app.run.as_ref().map_or(0, |run| run.numbers.makespan.0 / 1000);
    let text = situation!("multi-template.yaml").replace("120}", "120, delayDuringBlackout: true}");
    let app = App::with_text(&text, None);
    assert_eq!(app.reading.choices().iter().map(|(_, title)| title.to_string()).collect::<Vec<_>>(), ["First", "Second"]);
    let second = app.update(Msg::Choose("second".into()));
    assert_eq!((makespan(&second), second.ghost.is_none()), (120, true));
    let scenario = BLACKOUT_FIELD.changed(&second.scenario, "2023-12-31 12:00/2024-01-01 00:05");
    let held = second.update(Msg::Set(Box::new(scenario.expect("it is a period"))));
    assert_eq!(makespan(&held), 420);
    let fragment = link_of(&held).fragment();
    assert_eq!(fragment, "blackout=2023-12-31%2012:00/2024-01-01%2000:05&template=second");
    let (opened, notes) = opened(&Link::parse(&fragment).0, Some(&text), false);
    assert_eq!((makespan(&opened), notes), (420, Vec::new()));
    // An edit keeps the choice, and the first template is the usual one.
    let edited = held.update(Msg::Edit(text.replace("120,", "180,").into()));
    assert_eq!(makespan(&edited), 480);
    assert_eq!(link_of(&edited.update(Msg::Choose("First".into()))).get("template"), None);
}

#[test]
fn what_ends_after_its_due_date_is_late() {
    insta::assert_snapshot!(chart(situation!("late-due-date.yaml")), @"
    Late

    2026-03-02, UTC            09:00       10:00      11:00       12:00      13:00
    P                 4 h 30 m ===================================================S
      a                    2 h ######################S
      b                    1 h .......................##########S
      c                    1 h ..................................------###########S

    total 4 h 30 m   work 4 h   speed-up 0.9x
    late: Late ended at 2026-03-02 13:30, 3 h 30 m after its due date 2026-03-02 10:00
    late: P ended at 2026-03-02 13:30, 4 h after its due date 2026-03-02 09:30
    late: b ended at 2026-03-02 12:00, 2 h after its due date 2026-03-02 10:00
    ");
    insta::assert_snapshot!(json(situation!("late-due-date.yaml"))["simulation"]["late"].to_string(), @r#"[{"dueDate":"2026-03-02T10:00:00.000Z","endDate":"2026-03-02T13:30:00.000Z","lateMs":12600000,"title":"Late"},{"dueDate":"2026-03-02T09:30:00.000Z","endDate":"2026-03-02T13:30:00.000Z","lateMs":14400000,"taskRunId":"6shBnJN7RNkCKIkwwF7j4R","title":"P"},{"dueDate":"2026-03-02T10:00:00.000Z","endDate":"2026-03-02T12:00:00.000Z","lateMs":7200000,"taskRunId":"0pN5PEZCT3w88ZCX41Xkmy","title":"b"}]"#);
}

#[test]
fn conversion_keeps_the_times_of_tasks_that_did_not_run() {
    insta::assert_snapshot!(converted(situation!("kestra-unreached.yaml")), @"
    apiVersion: xl-release/v1
    kind: Templates
    metadata:
      home: a/b
    spec:
    - template: f
      phases:
      - phase: Tasks
        tasks:
        - name: first # sim: fail
          type: xlrelease.ScriptTask
          plannedDuration: 0
        - name: second
          type: xlrelease.ScriptTask
          plannedDuration: 600
    ---
    4: a task of type `Fail` becomes a script task (that takes as long as it did in the simulation)
    6: a task of type `Sleep` becomes a script task (that takes as long as it does when it runs alone, as it was not reached)
    ");
}

#[test]
fn conversion_names_what_is_written_of_a_release_that_is_created() {
    let text = |keys: &str| situation!("create-release-same-file.yaml").replace("newReleaseTitle: Child run, template: Child, ", keys);
    let lost = |text: &str| converted(text).lines().filter(|line| line.contains("the release that a task creates")).count();
    assert_eq!(
        [lost(&text("newReleaseTitle: Child run, template: Child, ")), lost(&text("newReleaseTitle: Child run, ")), lost(&text(""))],
        [1, 1, 1]
    );
}

#[test]
fn conversion_keeps_descriptions() {
    insta::assert_snapshot!(converted(situation!("description.yaml")), @r#"
    id: with-words
    namespace: release
    description: "With words\n\nFor the web shop"
    tasks:
      - id: p
        description: "P\n\nFirst part"
        type: io.kestra.plugin.core.flow.Sequential
        tasks:
          - id: a
            description: Ask the store first
            type: io.kestra.plugin.core.flow.Sleep
            duration: PT1M
    ---
    4: titles become ids (the title is kept as `description`)
    4: title and description become one `description` (the title is its first line)
    6: `tags` has no counterpart (left out)
    11: how long a person takes is a guess (becomes a sleep of its planned time)
    11: `owner` has no counterpart (left out)
    "#);
}

#[test]
fn titles_stay_as_they_are_written() {
    insta::assert_snapshot!(chart(situation!("non-ascii.yaml")), @"
    Déploiement

                               0                1 m               2 m            3 m
    Überprüfung            3 m ===================================================S
      部署                 1 m ################S
      検証                 1 m .................################S
      Déployer             1 m ..................................#################S

    total 3 m   work 3 m   speed-up 1.0x
    ");
    let flows = support::flows(situation!("non-ascii.yaml"));
    let svg = render::svg::svg(&flows, &simulate(&flows, &Scenario::default()));
    for title in ["Überprüfung", "部署", "検証", "Déployer"] {
        assert!(svg.contains(title), "{title}");
    }
}

#[test]
fn the_column_of_names_fits_the_longest() {
    insta::assert_snapshot!(chart(situation!("long-titles.yaml")), @"
    Long titles

                                                0           1 m        2 m       3 m
    Deploy                                  3 m ==================================S
      Production servers                    3 m ==================================S
        Deploy application to server 1      1 m ##########S
        Deploy application to server 2      2 m ######################S
        Deploy application to server 3      3 m ##################################S

    total 3 m   work 6 m   speed-up 2.0x
    ");
}

#[test]
fn a_gate_waits_for_the_release_that_a_task_creates() {
    let text = situation!("create-release-same-file.yaml");
    insta::assert_snapshot!(chart(text), @"
    Parent

                               0            30 m         1 h         1 h 30 m    2 h
    P                  2 h 2 m ===================================================S
      Start child          1 m S
        Child run          2 h ==================================================S
          Q                2 h ==================================================S
            Work           2 h ##################################################S
      Wait for child       2 h ##################################################S
      Last                 1 m ...................................................S

    total 2 h 2 m   work 2 h 2 m   speed-up 1.0x
    no known time, taken as 1 m: Start child
    ");
    // A release that does not complete fails the gate.
    let failed = text.replace("plannedDuration: 7200}", "plannedDuration: 7200} # sim: fail");
    insta::assert_snapshot!(chart(&failed), @"
    Parent

                               0            30 m         1 h          1 h 30 m   2 h
    P                  2 h 1 m ===================================================F
      Start child          1 m S
        Child run          2 h ===================================================F
          Q                2 h ===================================================F
            Work           2 h ###################################################F
      Wait for child       2 h ###################################################F
      Last               never

    total 2 h 1 m   work 2 h 1 m   speed-up 1.0x
    the execution ended FAILED
    Wait for child failed at 2 h 1 m: A release that it waits for ended FAILED
    x2.Work failed at 2 h 1 m: Failed by its `# sim:` comment
    no known time, taken as 1 m: Start child
    ");
    // A condition of the gate is waited for as well; one on another release is not simulated.
    let condition =
        text.replace("      dependencies:", "      plannedDuration: 10000\n      conditions: [{name: ok}]\n      dependencies:");
    let other = text.replace("createdReleaseId: \"${childId}\"", "createdReleaseId: other");
    let run = |text: &str| makespan(&simulate(&support::flows(text), &Scenario::default())).0 / 1000;
    assert_eq!([run(text), run(&condition), run(&other)], [7320, 10_120, 3720]);
}
