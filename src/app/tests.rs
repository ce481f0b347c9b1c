use super::*;

fn makespan(app: &App) -> u64 {
    app.run.as_ref().expect("there is a run").numbers.makespan.0
}

fn ghost(app: &App) -> Option<u64> {
    app.ghost.as_ref().map(|run| run.numbers.makespan.0)
}

#[test]
fn the_slider_edits_the_text_and_undo_takes_it_back() {
    let open = App::open();
    let six = open.clone().update(Msg::SetConcurrent("parent".into(), Some(6)));
    assert_eq!((makespan(&six), ghost(&six)), (1000, Some(2000)));
    assert_eq!(six.text(), open.text().replace("concurrent: 3", "concurrent: 6"));
    let back = six.update(Msg::Undo);
    assert_eq!((makespan(&back), back.text()), (2000, open.text()));
    assert_eq!(makespan(&back.update(Msg::Redo)), 1000);
    let none = open.update(Msg::SetConcurrent("parent".into(), None));
    assert!(none.text().contains("concurrent: 0"));
}

#[test]
fn a_broken_text_keeps_the_last_run_and_mending_it_restores() {
    let open = App::open();
    let good = open.text().to_owned();
    let broken = open.clone().update(Msg::Edit(good.replace("    concurrent: 3", "   concurrent: 3").into()));
    assert!(broken.is_stale());
    assert_eq!(broken.state_name(), "error");
    assert_eq!(broken.run, open.run);
    assert_eq!(broken.clone().update(Msg::Play(playback::Msg::Next)), broken, "a stale chart does not play");
    let fixed = broken.update(Msg::Edit(good.into()));
    assert_eq!((fixed.state_name(), fixed.ghost.is_none()), ("idle", true));
}

#[test]
fn an_edit_that_changes_no_event_keeps_the_ghost() {
    let six = App::open().update(Msg::SetConcurrent("parent".into(), Some(6)));
    let text = format!("{}# a comment\n", six.text());
    let commented = six.update(Msg::Edit(text.into()));
    assert_eq!(ghost(&commented), Some(2000));
}

#[test]
fn an_example_starts_afresh_and_can_be_undone() {
    let open = App::open();
    let other = open.clone().update(Msg::Example("sequential"));
    assert_eq!((makespan(&other), ghost(&other), other.example), (3000, None, Some("sequential")));
    assert_eq!(makespan(&other.update(Msg::Undo)), 2000);
}

#[test]
fn a_long_text_is_read_when_typing_rests_and_is_never_lost() {
    let open = App::open();
    let long = format!("{}{}", open.text().replace("concurrent: 3", "concurrent: 6"), "# long\n".repeat(10_000));
    let typed = open.clone().update(Msg::Edit(long.clone().into()));
    assert_eq!((makespan(&typed), typed.text()), (2000, long.as_str()));
    assert_eq!(makespan(&typed.clone().update(Msg::Settle)), 1000);
    let slid = typed.update(Msg::SetConcurrent("parent".into(), Some(2)));
    assert_eq!(makespan(&slid), 3000);
    assert_eq!(slid.text(), long.replace("concurrent: 6", "concurrent: 2"));
}

#[test]
fn what_may_take_long_is_known_before_it_is_done() {
    let short = App::open();
    let long = App::with_text(&format!("{}{}", short.text(), "# long\n".repeat(10_000)), None);
    let slide = Msg::SetConcurrent("parent".into(), Some(2));
    assert!(!short.is_long_for(&slide) && long.is_long_for(&slide) && long.is_long_for(&Msg::Undo));
    assert!(short.is_long_for(&Msg::Show(Box::new(long.clone()))), "the page that is shown is long");
    assert!(!long.is_long_for(&Msg::Edit("id: f".into())), "a typed text is read later");
    let zoom = Msg::Zoom(super::zoom::Zoom::Whole);
    assert!(!long.is_long_for(&zoom), "it only says what is drawn");
    assert!(
        long.update(Msg::Edit(format!("{}# long\n", "# long\n".repeat(10_000)).into())).is_long_for(&zoom),
        "what is pending is read first"
    );
}

#[test]
fn rows_are_found_by_name_by_type_and_by_state() {
    let text = "id: f\nnamespace: n\ntasks:\n  - id: g\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n      - {id: nap, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n      - {id: bad, type: io.kestra.plugin.core.execution.Fail}\n  - {id: after, type: io.kestra.plugin.core.log.Log, message: x}\n";
    let found = |find: &str| {
        let app = App::with_text(text, None).update(Msg::Find(find.into()));
        app.run.expect("it runs").rows.iter().map(|row| row.key.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("NA"), ["g", "nap"]);
    assert_eq!(found("sleep"), ["g", "nap"]);
    assert_eq!(found("failed"), ["g", "nap", "bad"]);
    assert_eq!(found("x"), [""; 0]);
}

#[test]
fn a_run_that_is_long_waits_for_typing_to_rest_and_what_was_run_elsewhere_counts_only_for_the_latest_text() {
    let text = "id: many\nnamespace: n\ntasks:\n  - id: loop\n    type: io.kestra.plugin.core.flow.ForEach\n    values: \"{{ range(1, 20000) }}\"\n    tasks:\n      - {id: t, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n";
    let typed = App::open().update(Msg::Edit(text.into()));
    assert_eq!((makespan(&typed), typed.text()), (2000, text), "the last run stays on show");

    let ready = |app: &App| {
        let reading = Rc::new(Reading::of(app.text(), None));
        let run = Run::of(&reading, &app.scenario, &app.toggled, &app.find).map(Rc::new);
        Msg::Ready(app.pending.clone().expect("a text is pending"), reading, run)
    };
    let done = typed.clone().update(ready(&typed));
    assert_eq!((makespan(&done), done.pending.as_deref(), done.text()), (20_000_000, None, text));
    assert_eq!(makespan(&done.update(Msg::Undo)), 2000);

    let later = typed.clone().update(Msg::Edit(text.replace("PT1S", "PT2S").into()));
    assert_eq!(makespan(&later.clone().update(ready(&typed))), 2000, "what is ready is not the latest");
    assert_eq!(makespan(&later.update(Msg::Settle)), 40_000_000);
}

#[test]
fn a_break_on_a_line_stops_the_playhead_where_its_task_begins() {
    let open = App::open();
    let line = 1 + open.text().lines().position(|line| line.contains("id: t4")).expect("the example has t4");
    let set = open.clone().update(Msg::BreakAt(line + 1));
    assert_eq!(set.break_lines(), [line], "it shows on the first line of the task");
    let run = Msg::Play(playback::Msg::Run { still: false });
    let stopped = set.clone().update(run).update(Msg::Play(playback::Msg::Tick(1500.0)));
    assert_eq!((stopped.playback.phase, stopped.playback.now()), (playback::Phase::Paused, SimTime(1000)));
    let moved = set.clone().update(Msg::Edit(format!("# first\n{}", open.text()).into()));
    assert_eq!(moved.break_lines(), [line + 1], "it stays with its task");
    assert!(set.update(Msg::BreakAt(line)).break_lines().is_empty());
    assert_eq!(open.clone().update(Msg::BreakAt(1)), open, "no task is written there");
}

#[test]
fn a_fix_is_an_edit_like_any_other() {
    let open = App::open();
    let broken = open.clone().update(Msg::Edit(open.text().replace("concurrent", "concurent").into()));
    let fix = broken.reading.diagnostics.iter().find_map(|found| found.fix.as_deref()).expect("there is a fix").clone();
    let fixed = broken.clone().update(Msg::Fix(fix));
    assert_eq!(fixed.text(), open.text());
    assert_eq!(fixed.update(Msg::Undo).text(), broken.text());
    let outside = crate::diag::Fix { span: crate::source::Span::new(9000, 9001), text: String::new() };
    assert_eq!(open.clone().update(Msg::Fix(outside)), open);
}

#[test]
fn lines_say_what_their_tasks_did() {
    let text_of = |text: &str| {
        let app = App::with_text(text, None);
        let run = app.run.as_ref().expect("it runs");
        hints::hints(&app.reading.source, run).into_iter().map(|(line, hint)| format!("{line} {hint}")).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(text_of(App::open().text()), @"
    5 → 2.0 s, 6 tasks on 3 slots
    9 → 1.0 s, starts at 0 s
    16 → 1.0 s, starts at 0 s
    23 → 1.0 s, starts at 0 s
    30 → 1.0 s, starts at 1.0 s
    37 → 1.0 s, starts at 1.0 s
    44 → 1.0 s, starts at 1.0 s
    51 → 0 s, starts at 2.0 s
    ");
    insta::assert_snapshot!(text_of("id: a
namespace: b
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [1, 2]
    tasks: [{id: s, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}]
  - {id: last, type: io.kestra.plugin.core.log.Log, message: hi, runIf: 'false'}
errors:
  - {id: never, type: io.kestra.plugin.core.log.Log, message: hi}
"), @"
    4 → 4.0 s, starts at 0 s
    7 → 2 runs, the first starts at 0 s
    8 → skipped
    10 → does not run
    ");
}

#[test]
fn the_version_is_kept_through_edits_and_in_links() {
    use crate::flow::Version;
    let version = |app: &App| app.run.as_ref().map(|run| run.flow().version);
    let old = App::open().update(Msg::Version(Some(Version::V1_3)));
    let edited = old.clone().update(Msg::SetConcurrent("parent".into(), Some(4)));
    assert_eq!((version(&old), version(&edited)), (Some(Version::V1_3), Some(Version::V1_3)));
    assert_eq!(super::link::link_of(&edited).fragment(), "example=parallel&kestra=1.3");
    let (opened, notes) = super::link::opened(&super::link::link_of(&edited), None, true);
    assert_eq!((version(&opened), notes.len()), (Some(Version::V1_3), 0));
    assert_eq!(edited.update(Msg::Version(None)).reading.version, None);
}

#[test]
fn search_counts_rows_and_goes_from_one_to_the_next() {
    let mut app = App::open().update(Msg::Find("t".into()));
    assert_eq!(app.found_text(), "8 rows");
    app = app.update(Msg::Find("t5".into())).update(Msg::FindNext);
    assert_eq!((app.found_text().as_str(), app.selected.as_deref()), ("1 row", Some("t5")));
    assert_eq!(app.clone().update(Msg::FindNext).selected, app.selected);
    assert_eq!(app.update(Msg::Find("nobody".into())).found_text(), "no row");
}

#[test]
fn the_queue_opens_with_three_executions_and_its_numbers_are_of_all() {
    let app = App::open().update(Msg::Example("flow-concurrency"));
    let run = app.run.as_ref().expect("it runs");
    let names: Vec<&str> = run.rows.iter().filter(|row| row.depth == 0).map(|row| &*row.name).collect();
    assert_eq!(names, ["Execution 1", "Execution 2", "Execution 3"]);
    assert_eq!(run.numbers.makespan, run.end());
    assert!(run.numbers.speedup_hundredths() <= 200, "one execution of two tasks at a time");
}

#[test]
fn another_flow_is_not_compared_with_the_one_before() {
    let text = App::open().text().replace("concurrent: 3", "concurrent: 6");
    let same = App::open().update(Msg::Edit(text.clone().into()));
    let other = App::open().update(Msg::Edit(text.replacen("id: parallel", "id: other", 1).into()));
    assert_eq!((ghost(&same), ghost(&other)), (Some(2000), None));
}
