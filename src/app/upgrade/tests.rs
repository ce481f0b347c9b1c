use super::*;
use crate::app::Msg;
use crate::app::link::{link_of, opened};
use crate::share::Link;

const OLD: &str = "\
id: f
namespace: n
tasks:
  - id: regions # all of them
    type: io.kestra.plugin.core.flow.ForEach
    values: [eu, us]
    concurrencyLimit: 0
    tasks:
      - {id: load, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: show, type: io.kestra.plugin.core.log.Log, message: \"{{ taskrun.value | json }}\"}
  - id: both
    type: io.kestra.plugin.core.flow.Parallel
    tasks:
      - {id: bad, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S} # sim: 1s fail
      - {id: long, type: io.kestra.plugin.core.flow.Sleep, duration: PT3S}
";

fn act(app: App, act: Act) -> App {
    app.update(Msg::Upgrade(act))
}

fn shown(app: &App) -> Changes {
    changes(app.upgrading.as_ref().expect("the view is open"), &app.reading, &app.scenario)
}

/// Each row: what differs has a mark, and what is drawn twice as well.
fn drawn(compared: &Compared) -> String {
    let row = |pair: &Pair| {
        let [old, new] = [0, 1].map(|side| pair.sides[side].as_ref().map_or("-", |row| &row.name));
        format!("{}{} {old} | {new}\n", if pair.differs { '≠' } else { ' ' }, pair.lanes.len())
    };
    compared.rows.iter().map(row).collect()
}

#[test]
fn rewrites_are_steps_of_the_one_history() {
    let app = act(App::with_text(OLD, None), Act::Open);
    let first = shown(&app);
    assert!(first.items.len() >= 2 && first.items.iter().all(|item| item.text.is_some() && !item.lines.is_empty()));
    let one = act(app.clone(), Act::Write(first.items[0].text.clone().expect("it can be made alone")));
    assert!(one.text() != OLD && shown(&one).items.len() < first.items.len());
    let all = act(app, Act::Write(first.all_and_kept.expect("there is something to keep")));
    assert!(all.text().contains("flow.Loop") && all.text().contains("onChildFailure: CONTINUE") && !all.is_stale());
    let last = shown(&all);
    assert_eq!((last.items, last.keeps, last.all), (Vec::new(), Vec::new(), None));
    let back = all.update(Msg::Undo);
    assert_eq!(back.text(), OLD);
    assert_eq!(back.update(Msg::Undo).text(), OLD, "there is one step");
}

#[test]
fn both_runs_stand_row_by_row_however_far_the_text_is_rewritten() {
    let app = act(App::with_text(OLD, None), Act::Open);
    let Changes { compared, all, .. } = shown(&app);
    let before = compared.expect("both can be run");
    insta::assert_snapshot!(drawn(&before), @"
     1 regions | regions
     1 - | eu
     1 load [eu] | load
     1 show [eu] | show
     1 - | us
     1 load [us] | load
     1 show [us] | show
     1 both | both
     1 bad | bad
    ≠2 long | long
    ");
    insta::assert_snapshot!(format!("{}\n{}", before.summary(), before.story()), @"
    2.0 s, failed in both versions.
    The first difference: in 1.3 `long` ends at 4.0 s as success, in 2.0 at 2.0 s as failed. The rule: a failed child of `both` interrupts its other children.
    ");
    let written = act(app, Act::Write(all.expect("there is something to rewrite")));
    let after = shown(&written).compared.expect("both can be run");
    assert_eq!((drawn(&after), after.cells()), (drawn(&before), before.cells()));
    let kept = shown(&written).all_and_kept.expect("there is something to keep");
    let same = shown(&act(written, Act::Write(kept))).compared.expect("both can be run");
    assert_eq!(same.runs.rows, []);
    insta::assert_snapshot!(same.story(), @"2.0 runs it as 1.3 does: each task begins and ends at the same moment and in the same state.");
}

#[test]
fn a_version_that_was_chosen_does_not_refuse_what_is_written() {
    let app = act(App::with_text(OLD, None).update(Msg::Version(Some(FROM))), Act::Open);
    let all = shown(&app).all.expect("there is something to rewrite");
    let all = act(app, Act::Write(all));
    assert_eq!((all.is_stale(), all.reading.version), (false, None));
}

#[test]
fn what_one_version_refuses_is_said() {
    let app = act(App::with_text(&OLD.replace("ForEach", "Loop"), None), Act::Open);
    let why = shown(&app).compared.expect_err("1.3 knows no Loop");
    insta::assert_snapshot!(why, @"Kestra 1.3 can't run it, so there is nothing to compare: `io.kestra.plugin.core.flow.Loop` is not known to Kestra 1.3");
    let other = act(App::with_text(OLD, None), Act::Open).update(Msg::Edit(OLD.replace("id: f\n", "id: g\n").into()));
    assert_eq!(shown(&other).compared.expect("both can be run").runs.flow.as_ref(), "g", "another flow is compared with itself");
}

#[test]
fn a_link_opens_it_and_is_checked() {
    let app = act(App::with_text(OLD, None), Act::Open);
    assert_eq!(link_of(&app).get("upgrade"), Some("2.0"));
    let (other, notes) = opened(&link_of(&app), Some(OLD), false);
    assert!(other.upgrading.is_some_and(|before| &*before.source.text == OLD) && notes.is_empty());
    assert_eq!(link_of(&act(app.clone(), Act::Close)).get("upgrade"), None);
    let gone = act(app, Act::GoTo(20));
    assert_eq!((gone.upgrading, gone.jump.offset), (None, 20));
    let (other, notes) = opened(&Link::parse("upgrade=3.0").0, Some(OLD), false);
    assert!(other.upgrading.is_none());
    assert_eq!(notes, ["`upgrade` of the link has a value that can't be read"]);
}
