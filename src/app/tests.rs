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
    let broken = open.clone().update(Msg::Edit(good.replace("    concurrent: 3", "   concurrent: 3")));
    assert!(broken.is_stale());
    assert_eq!(state_name(&broken), "error");
    assert_eq!(broken.run, open.run);
    assert_eq!(broken.clone().update(Msg::Play(playback::Msg::Next)), broken, "a stale chart does not play");
    let mended = broken.update(Msg::Edit(good));
    assert_eq!((state_name(&mended), mended.ghost.is_none()), ("idle", true));
}

#[test]
fn an_edit_that_changes_no_event_keeps_the_ghost() {
    let six = App::open().update(Msg::SetConcurrent("parent".into(), Some(6)));
    let text = format!("{}# a comment\n", six.text());
    let commented = six.update(Msg::Edit(text));
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
    let typed = open.clone().update(Msg::Edit(long.clone()));
    assert_eq!((makespan(&typed), typed.text()), (2000, long.as_str()));
    assert_eq!(makespan(&typed.clone().update(Msg::Settle)), 1000);
    let slid = typed.update(Msg::SetConcurrent("parent".into(), Some(2)));
    assert_eq!(makespan(&slid), 3000);
    assert_eq!(slid.text(), long.replace("concurrent: 6", "concurrent: 2"));
}
