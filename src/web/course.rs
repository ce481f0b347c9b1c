//! The card of a lesson, above the chart: what to read, what to do or to guess, and what is said of a guess.

use std::rc::Rc;

use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

use super::bridge::set_address;
use super::effects::{focus_by_id, in_next_frame, is_embed, language, remember, remembered, wants_stillness};
use super::icon::{Glyph, icon};
use super::lessons::PROGRESS;
use super::sentence::{code_in, explained_in, sentence};
use super::store::OnMsg;
use crate::analysis::expectation::Expectation;
use crate::app::course::{self, Course, Verdict, choice};
use crate::app::details::reasons_of_answer;
use crate::app::progress::Progress;
use crate::app::run::Run;
use crate::app::{App, Msg, Stage, playback};
use crate::lesson::{Question, Task, in_language};
use crate::tr;

/// The id of the heading of the card.
const TITLE: &str = "pg-course-title";
/// The id of the button that leads on.
const NEXT: &str = "pg-course-next";

/// The card of the lesson under way; nothing without one.
#[inline(never)] // So that it can be fetched later.
pub fn course_card(app: &App, on_lessons: &Callback<()>, on_msg: &OnMsg) -> Html {
    let Some(course) = &app.course else { return html! {} };
    html! {
        <Card course={course.clone()} is_done={app.is_step_done()} is_presented={app.stage == Stage::Present}
            run={app.run.clone()} on_lessons={on_lessons.clone()} on_msg={on_msg.clone()} />
    }
}

#[derive(Properties, PartialEq)]
struct CardProps {
    course: Rc<Course>,
    /// Whether what the step asks for is done.
    is_done: bool,
    is_presented: bool,
    run: Option<Rc<Run>>,
    on_lessons: Callback<()>,
    on_msg: OnMsg,
}

#[component]
fn Card(CardProps { course, is_done, is_presented, run, on_lessons, on_msg }: &CardProps) -> Html {
    use_place(course, *is_done);
    let (lesson, step) = (&course.lesson, course.step());
    let go = |at: usize| on_msg.reform(move |_: MouseEvent| Msg::Course(course::Msg::Go(at)));
    let (is_last, n_steps, is_quiz) = (course.is_last(), lesson.steps.len(), course.is_quiz());
    let say = in_language(&step.say, language());
    // The button that leads on from the last question of a quiz is the one that leaves it.
    let leave = classes!("pg-button", course.score().map(|_| "pg-button--primary"));
    let is_open = step.task.is_some() && !is_done;
    let class = classes!("pg-button", if is_open { "pg-button--outline" } else { "pg-button--primary" });
    html! {
        <section class="pg-course" data-testid="course" aria-labelledby={TITLE}>
            <h2 class="pg-course__title" id={TITLE} tabindex="-1">
                <b class="pg-strong">{ in_language(&lesson.title, language()) }</b>
                <span class="pg-course__place" data-testid="course-place">
                    { place(course.at + 1, n_steps, is_quiz) }
                </span>
            </h2>
            if !say.is_empty() { <p class="pg-course__say">{ explained_in(say) }</p> }
            { task(course, *is_done, *is_presented, on_msg) }
            <p class="pg-course__verdict" aria-live="polite" data-testid="verdict">
                { for verdict(course, run.as_deref(), on_msg) }
                if let Some((n_right, n)) = course.score() {
                    <b class="pg-strong" data-testid="score">{ tr!("{n_right} of {n} right.", n_right, n) }</b>
                }
            </p>
            <div class="pg-course__buttons">
                if course.at > 0 {
                    <button class="pg-button pg-button--outline" data-testid="course-back" onclick={go(course.at - 1)}>
                        { tr!("Back") }
                    </button>
                }
                if !is_last {
                    <button id={NEXT} {class} data-testid="course-next" onclick={go(course.at + 1)}>
                        { if is_open { tr!("Skip") } else { tr!("Next") } }
                    </button>
                } else if !is_embed() && !is_quiz {
                    <button id={NEXT} {class} data-testid="course-more" onclick={on_lessons.reform(|_| ())}>
                        { tr!("More lessons") }
                    </button>
                }
                if !is_embed() {
                    <button class="pg-button" data-testid="course-print"
                        onclick={|_| { let _ = web_sys::window().map(|window| window.print()); }}>
                        { tr!("Print") }
                    </button>
                }
                <button class={leave} id={(is_quiz && is_last).then_some(NEXT)} data-testid="course-leave"
                    onclick={on_msg.reform(|_| Msg::Course(course::Msg::Leave))}>
                    { tr!("Leave") }
                </button>
            </div>
        </section>
    }
}

/// `Step 2 of 4`, of a quiz `Question 2 of 4`.
fn place(n: usize, of: usize, is_quiz: bool) -> String {
    if is_quiz { tr!("Question {n} of {of}", n, of) } else { tr!("Step {n} of {of}", n, of) }
}

/// The address names the step on show, progress is kept, and the focus goes to the heading of a new step.
#[hook]
fn use_place(course: &Rc<Course>, is_done: bool) {
    // A quiz has no address: it is about a text that the reader has.
    use_effect_with((course.link(), !course.is_quiz()), |(link, has_address)| {
        let has_address = *has_address && !is_embed();
        if has_address {
            set_address(&link.fragment(), "");
        }
        if !is_embed() {
            focus_by_id(TITLE);
        }
        move || {
            if has_address {
                set_address("", "lesson=");
            }
        }
    });
    let course = Rc::clone(course);
    use_effect_with((Rc::clone(&course.lesson.id), course.at, is_done), move |_| {
        if !is_embed() && !course.is_quiz() {
            let before = remembered(PROGRESS).unwrap_or_default();
            remember(PROGRESS, &Progress::read(&before).after(&course, is_done).text());
        }
    });
}

/// What there is to do or to guess.
fn task(course: &Rc<Course>, is_done: bool, is_presented: bool, on_msg: &OnMsg) -> Html {
    match &course.step().task {
        None => html! {},
        Some(Task::Do(words, _)) => html! {
            <p class={classes!("pg-course__task", is_done.then_some("pg-course__task--done"))} data-testid="course-do"
                aria-live="polite">
                if is_done {
                    { icon(Glyph::Check) }{ tr!("Done:") }{ " " }
                } else {
                    <span class="pg-course__mark">{ "→" }</span>
                }
                <span>{ code_in(in_language(words, language())) }</span>
            </p>
        },
        Some(Task::Guess(question)) => html! {
            <div class="pg-course__task" data-testid="course-ask">
                <span class="pg-strong" id="pg-course-ask">{ code_in(in_language(&question.ask, language())) }</span>
                if course.is_asking() { { answers(course, is_presented, on_msg) } }
            </div>
        },
    }
}

/// The ways to answer. The answer is shown at once, but to many people only when it is asked for.
fn answers(course: &Rc<Course>, is_presented: bool, on_msg: &OnMsg) -> Html {
    let guess = on_msg.reform(|guess: Expectation| Msg::Course(course::Msg::Guess(guess)));
    let show = {
        let on_msg = on_msg.clone();
        move || {
            on_msg.emit(Msg::Play(playback::Msg::Run { still: wants_stillness() }));
            in_next_frame(|| focus_by_id(NEXT));
        }
    };
    let commit = {
        let show = show.clone();
        Callback::from(move |claim: Expectation| {
            guess.emit(claim);
            if !is_presented {
                show();
            }
        })
    };
    let on_show = on_msg.reform(|_: MouseEvent| Msg::Course(course::Msg::Answer));
    let on_show = Callback::from(move |event: MouseEvent| {
        on_show.emit(event);
        show();
    });
    html! {
        <>
            if course.asks_for_time() {
                <TimeAnswer course={course.clone()} {commit} on_msg={on_msg.clone()} />
            } else {
                <span class="pg-course__choices" role="group" aria-labelledby="pg-course-ask">
                    { for course.choices().into_iter().map(|claim| choice_button(claim, course.guess(), &commit)) }
                </span>
            }
            if is_presented || course.guess().is_some() {
                if let Some(guess) = course.guess() {
                    <span data-testid="course-guess">{ code_in(&tr!("Guess: {guess}", guess = choice(guess))) }</span>
                }
                <button class="pg-button pg-button--primary" data-testid="course-answer" onclick={on_show}>
                    { tr!("Show the answer") }
                </button>
            }
        </>
    }
}

fn choice_button(claim: &Expectation, guess: Option<&Expectation>, commit: &Callback<Expectation>) -> Html {
    let (words, is_guess) = (choice(claim), guess == Some(claim));
    let onclick = {
        let claim = claim.clone();
        commit.reform(move |_: MouseEvent| claim.clone())
    };
    let class = classes!("pg-button", "pg-button--outline", is_guess.then_some("pg-button--pressed"));
    html! { <button {class} data-claim={claim.to_string()} {onclick}>{ code_in(&words) }</button> }
}

#[derive(Properties, PartialEq)]
struct TimeAnswerProps {
    course: Rc<Course>,
    commit: Callback<Expectation>,
    on_msg: OnMsg,
}

/// A field for a time in seconds.
#[component]
fn TimeAnswer(TimeAnswerProps { course, commit, on_msg }: &TimeAnswerProps) -> Html {
    let is_wrong = use_state_eq(|| false);
    let oninput =
        on_msg.reform(|event: InputEvent| Msg::Course(course::Msg::Draft(event.target_unchecked_into::<HtmlInputElement>().value())));
    let onsubmit = {
        let (is_wrong, course, commit) = (is_wrong.setter(), Rc::clone(course), commit.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let guess = course.guess_at(&course.draft);
            is_wrong.set(guess.is_none());
            let _ = guess.map(|guess| commit.emit(guess));
        }
    };
    html! {
        <form class="pg-course__choices" {onsubmit}>
            <input class="pg-settings__input pg-course__time" value={course.draft.clone()} {oninput}
                inputmode="decimal" autocomplete="off"
                data-testid="course-time" aria-labelledby="pg-course-ask pg-course-unit"
                aria-invalid={is_wrong.then_some("true")} />
            <span id="pg-course-unit">{ tr!("seconds") }</span>
            <button class="pg-button pg-button--outline" data-testid="course-commit">{ tr!("Commit") }</button>
            <span role="status">{ for is_wrong.then(|| tr!("Write seconds, such as 1.5")) }</span>
        </form>
    }
}

/// What is said of a guess, and what is so; nothing until that is shown.
fn verdict(course: &Course, run: Option<&Run>, on_msg: &OnMsg) -> Option<Html> {
    let Question { answer, .. } = course.question().filter(|_| !course.is_asking())?;
    let truth = course::sentence(answer);
    let said = course.verdict();
    let reasons = run.map_or_else(Vec::new, |run| reasons_of_answer(course, run));
    let reasons = || reasons.iter().map(|reason| html! { <>{ " " }{ sentence(reason, None, on_msg) }</> });
    let (glyph, word) = match &said {
        None => return Some(html! { <span>{ code_in(&truth) }{ for reasons() }</span> }),
        Some(Verdict::Right) => (Glyph::Check, tr!("Right.")),
        Some(Verdict::Wrong(_) | Verdict::Other) => (Glyph::Close, tr!("Not quite.")),
    };
    let why = if let Some(Verdict::Wrong(why)) = &said { [in_language(why, language()), " "].concat() } else { String::new() };
    let guess = course.guess().filter(|guess| *guess != answer);
    let guess = guess.map_or(String::new(), |guess| [" ", &tr!("Your guess: {guess}.", guess = choice(guess))].concat());
    let said = [why, truth, guess].concat();
    let said = html! { <span><b class="pg-strong">{ word }{ " " }</b>{ code_in(&said) }{ for reasons() }</span> };
    Some(html! { <>{ icon(glyph) }{ said }</> })
}
