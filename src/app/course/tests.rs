use super::*;
use crate::source::Source;

fn begin() -> App {
    let source = Source::new("window", include_str!("../../../lessons/02-window.yaml"));
    let lesson = crate::lesson::read(&source).expect("it is a lesson");
    App::open().update(super::super::Msg::Course(Msg::Begin(Rc::new(lesson), 0)))
}

fn after(app: App, msg: Msg) -> App {
    app.update(super::super::Msg::Course(msg))
}

fn course(app: &App) -> &Course {
    app.course.as_deref().expect("a lesson is under way")
}

fn end(app: &App) -> SimTime {
    app.run.as_ref().expect("the flow can be run").end()
}

#[test]
fn the_run_is_hidden_until_a_guess_is_made() {
    let app = begin();
    assert!(app.hides() && course(&app).is_asking() && !app.is_step_done());
    let guess = course(&app).question().expect("it asks").wrong[0].guess.clone();
    let app = after(app, Msg::Guess(guess));
    assert!(!course(&app).is_asking() && app.is_step_done());
    assert!(matches!(course(&app).verdict(), Some(Verdict::Wrong(_))));
    assert_eq!(course(&app).marks(), Some((SimTime(3_000), SimTime(1_000))));
    // A second guess changes nothing.
    let answer = course(&app).question().expect("it asks").answer.clone();
    let app = after(app, Msg::Guess(answer));
    assert!(matches!(course(&app).verdict(), Some(Verdict::Wrong(_))));
}

#[test]
fn while_it_asks_nothing_gives_the_answer_away() {
    let app = begin();
    assert_eq!(app.playback.now(), SimTime::ZERO);
    let moved = app.clone().update(super::super::Msg::Play(playback::Msg::End)).update(super::super::Msg::Select(Some("t4".into())));
    assert_eq!((moved.playback, &moved.selected, moved.asked().as_deref()), (app.playback, &None, Some("t4")));
    let presented = after(app.update(super::super::Msg::Stage(Stage::Present)), Msg::Guess(Expectation::At("t4".to_owned(), SimTime(1))));
    assert!(presented.hides() && course(&presented).verdict().is_none() && course(&presented).marks().is_none());
    let shown = after(presented, Msg::Answer);
    assert!(!shown.hides() && course(&shown).verdict() == Some(Verdict::Other) && shown.asked().is_none());
    let far = Msg::Guess(Expectation::At("t4".to_owned(), SimTime(9_000)));
    assert_eq!((shown.span(), after(begin(), far).span()), (end(&shown), SimTime(9_000)));
}

#[test]
fn a_question_that_comes_back_has_its_own_flow() {
    let first = begin();
    let other = first.clone().update(super::super::Msg::SetConcurrent("parent".into(), Some(6)));
    assert_ne!(end(&other), end(&first));
    let back = after(after(other, Msg::Go(1)), Msg::Go(0));
    assert_eq!((end(&back), back.playback.now()), (end(&first), SimTime::ZERO));
}

#[test]
fn a_time_is_written_in_seconds() {
    let app = begin();
    let read = |text: &str| course(&app).guess_at(text).map_or("no time".to_owned(), |guess| guess.to_string());
    insta::assert_snapshot!(["1", "1.5", " 1,5 s", "0.25s", ".5", "", "s", "-1", "soon", "1m", "1e9", "9999999999999999999999"].map(read).join("\n"), @"
    at=t4:1s
    at=t4:1.5s
    at=t4:1.5s
    at=t4:0.25s
    at=t4:0.5s
    no time
    no time
    no time
    no time
    no time
    no time
    at=t4:18446744073709551.615s
    ");
}

#[test]
fn an_answer_is_a_sentence_and_a_choice() {
    let said = |claim: &str| {
        let claim = &crate::analysis::expectation::parse(claim).expect("it is a claim")[0];
        format!("{} | {}", choice(claim), sentence(claim))
    };
    let claims = ["makespan=1.5s", "at=x2.load:3s", "end=t:0s", "state=FAILED", "order=a,b", "overlap=a,b", "last=x.y", "never=t"];
    insta::assert_snapshot!(claims.map(said).join("\n"), @"
    1.5 s | The flow takes 1.5 s.
    3.0 s | `load` of execution 2 starts at 3.0 s.
    0 s | `t` ends at 0 s.
    FAILED | The flow ends as FAILED.
    `a`, `b` | They start in this order: `a`, `b`.
    `a`, `b` | At some moment these run together: `a`, `b`.
    `x.y` | `x.y` ends last.
    `t` | `t` never starts.
    ");
}

#[test]
fn something_to_do_is_done_once_the_page_is_so() {
    let app = after(begin(), Msg::Go(2));
    assert!(!app.is_step_done());
    let app = app.update(super::super::Msg::View(super::super::View::Slots));
    assert!(app.is_step_done());
    let left = after(app, Msg::Leave);
    assert!(left.course.is_none() && left.is_step_done());
}

#[test]
fn another_page_ends_the_lesson() {
    assert!(begin().update(super::super::Msg::Example("sequential")).course.is_none());
    assert!(begin().update(super::super::Msg::Show(Box::new(App::open()))).course.is_none());
    assert!(begin().update(super::super::Msg::Undo).course.is_some());
}

#[test]
fn the_text_from_before_a_lesson_comes_back_by_undo() {
    let before = App::open().update(super::super::Msg::Edit("id: mine\nnamespace: n\ntasks: []\n".into()));
    let text = before.text().to_owned();
    let source = Source::new("window", include_str!("../../../lessons/02-window.yaml"));
    let lesson = Rc::new(crate::lesson::read(&source).expect("it is a lesson"));
    let app = after(before, Msg::Begin(lesson, 1));
    assert_ne!(app.text(), text);
    assert_eq!(app.update(super::super::Msg::Undo).text(), text);
}

/// The page of an example in which the first group has a slot fewer, and the same page with a quiz about it.
fn asked() -> (App, App) {
    let before =
        App::open().update(super::super::Msg::SetConcurrent("parent".into(), Some(2))).update(super::super::Msg::Select(Some("t2".into())));
    let scene = before.scene();
    let lesson = crate::quiz::quiz(&scene.flow, &scene.settings).expect("there is something to ask");
    let asked = after(before.clone(), Msg::Quiz(Rc::new(scene), Rc::new(lesson)));
    (before, asked)
}

/// The page with the step of a quiz whose text is not that of the reader.
fn with_other_text() -> (App, App) {
    let (before, asked) = asked();
    let is_other = |step: &Step| *step.scene.flow != *before.text();
    let at = course(&asked).lesson.steps.iter().position(is_other).expect("a task is changed by the text");
    let asked = after(asked, Msg::Go(at));
    assert_ne!(asked.text(), before.text());
    (before, asked)
}

#[test]
fn a_quiz_is_about_the_text_and_the_settings_and_leaves_the_page_as_it_was() {
    let (before, asked) = asked();
    assert!(asked.hides() && course(&asked).is_quiz() && asked.story.is_none() && !asked.can_be_asked());
    assert_eq!((asked.text(), &asked.scenario, asked.own_page()), (before.text(), &before.scenario, &before));
    let n = course(&asked).lesson.steps.len();
    let mut page = asked;
    for at in 0..n {
        page = after(page, Msg::Go(at));
        let Some(question) = course(&page).question().cloned() else { panic!("each step asks") };
        // All answers but the first are right.
        let guess = if at == 0 { question.wrong[0].guess.clone() } else { question.answer };
        assert_eq!(course(&page).score(), None);
        page = after(page, Msg::Guess(guess));
    }
    assert_eq!(course(&page).score(), Some((n - 1, n)));
    let left = after(page, Msg::Leave);
    assert_eq!(left.history, before.history);
    assert_eq!((left.text(), &left.selected, &left.scenario), (before.text(), &before.selected, &before.scenario));
    assert!(left.course.is_none() && left.can_be_asked());
}

#[test]
fn a_quiz_about_an_older_text_does_not_begin() {
    let (before, _) = asked();
    let scene = before.scene();
    let lesson = Rc::new(crate::quiz::quiz(&scene.flow, &scene.settings).expect("there is something to ask"));
    let changed = before.update(super::super::Msg::Edit("id: mine".into()));
    assert!(after(changed, Msg::Quiz(Rc::new(scene), lesson)).course.is_none());
}

#[test]
fn whatever_ends_a_quiz_undo_leads_back_to_the_text_of_the_reader() {
    let (before, asked) = with_other_text();
    let typed = format!("{}# more\n", asked.text());
    let long = "# long\n".repeat(20_000);
    let other = App::with_text("id: other\nnamespace: n\ntasks: []\n", None);
    let ends = [
        super::super::Msg::Edit(typed.into()),
        super::super::Msg::Edit(long.into()),
        super::super::Msg::Example("sequential"),
        super::super::Msg::Show(Box::new(other)),
        super::super::Msg::Load(Rc::new(super::super::run::Reading::of("id: loaded", None)), None),
        super::super::Msg::Course(Msg::Begin(Rc::clone(&course(&begin()).lesson), 0)),
    ];
    for end in ends {
        let ended = asked.clone().update(end.clone());
        assert!(ended.course.as_ref().is_none_or(|course| !course.is_quiz()), "{end:?}");
        let mut page = ended.update(super::super::Msg::Settle);
        for _ in 0..2 {
            page = if page.text() == before.text() { page } else { page.update(super::super::Msg::Undo) };
        }
        assert_eq!((page.text(), &page.scenario), (before.text(), &before.scenario), "{end:?}");
    }
}

#[test]
fn what_is_tried_in_a_quiz_is_gone_with_it() {
    let (before, asked) = asked();
    let tried = asked.update(super::super::Msg::SetConcurrent("parent".into(), Some(6)));
    assert!(course(&tried).is_quiz() && tried.text() != before.text() && tried.history.can().0);
    assert_eq!(after(tried, Msg::Leave).history, before.history);
}
