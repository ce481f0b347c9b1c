//! A lesson under way: the step on show, what was guessed in each, and what the page has to say to it.

use std::rc::Rc;

use super::link::{link_of, opened};
use super::{App, playback};
use crate::analysis::expectation::Expectation;
use crate::lesson::{Lesson, Question, Step, Task, Words, in_language};
use crate::share::Link;
use crate::time::SimTime;

/// A lesson, and how far someone has come in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// The lesson.
    pub lesson: Rc<Lesson>,
    /// The step on show, from 0.
    pub at: usize,
    /// By step: what was guessed there.
    pub guesses: Vec<Option<Expectation>>,
}

/// What a person does in a lesson.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// Begin a lesson, with this step, from 0.
    Begin(Rc<Lesson>, usize),
    /// Show another step; one after the last is the last.
    Go(usize),
    /// Commit to a guess.
    Guess(Expectation),
    /// Leave the lesson. The flow stays.
    Leave,
}

/// What is said of a guess.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It is right.
    Right,
    /// It is one of the wrong answers: what was taken for granted.
    Wrong(Words),
    /// Nothing is known of it but that it is wrong.
    Other,
}

impl Course {
    /// The step on show.
    #[must_use]
    pub fn step(&self) -> &Step {
        &self.lesson.steps[self.at.min(self.lesson.steps.len() - 1)]
    }

    /// The question of the step on show.
    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        if let Some(Task::Guess(question)) = &self.step().task { Some(question) } else { None }
    }

    /// What was guessed in the step on show.
    #[must_use]
    pub fn guess(&self) -> Option<&Expectation> {
        self.guesses.get(self.at)?.as_ref()
    }

    /// Whether a guess is asked for, and not made yet: the run is hidden as long.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.question().is_some() && self.guess().is_none()
    }

    /// What is said of the guess in the step on show.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let (question, guess) = (self.question()?, self.guess()?);
        let wrong = question.wrong.iter().find(|wrong| wrong.guess == *guess);
        Some(match wrong {
            _ if *guess == question.answer => Verdict::Right,
            Some(wrong) => Verdict::Wrong(wrong.why.clone()),
            None => Verdict::Other,
        })
    }

    /// The moments of a guess and of the answer, when they are times: for marks on the axis.
    #[must_use]
    pub fn marks(&self) -> Option<(SimTime, SimTime)> {
        Some((moment(self.guess()?)?, moment(&self.question()?.answer)?))
    }

    /// All answers to the question on show, in an order that tells nothing.
    #[must_use]
    pub fn choices(&self) -> Vec<&Expectation> {
        let Some(question) = self.question() else { return Vec::new() };
        let mut all: Vec<&Expectation> = question.wrong.iter().map(|wrong| &wrong.guess).chain([&question.answer]).collect();
        all.sort_by_key(|claim| (moment(claim), claim.to_string()));
        all
    }

    /// The title of the lesson and the number of the step, from 1: `The limit is a window, 2 of 4`.
    #[must_use]
    pub fn place(&self, language: &str) -> String {
        format!("{}, {} of {}", in_language(&self.lesson.title, language), self.at + 1, self.lesson.steps.len())
    }
}

/// The time that a claim is about.
fn moment(claim: &Expectation) -> Option<SimTime> {
    match claim {
        Expectation::Makespan(at) | Expectation::At(_, at) | Expectation::End(_, at) => Some(*at),
        Expectation::State(_) | Expectation::Order(_) | Expectation::Overlap(_) | Expectation::Last(_) | Expectation::Never(_) => None,
    }
}

impl App {
    /// The page after something was done in a lesson.
    pub(super) fn learned(self, msg: Msg) -> Self {
        match (msg, self.course.clone()) {
            (Msg::Begin(lesson, at), _) => {
                let guesses = vec![None; lesson.steps.len()];
                self.at_step(Course { at: at.min(lesson.steps.len() - 1), lesson, guesses }, None)
            }
            (Msg::Go(at), Some(course)) => {
                let at = at.min(course.lesson.steps.len() - 1);
                let before = course.step().scene.clone();
                self.at_step(Course { at, ..(*course).clone() }, Some(before))
            }
            (Msg::Guess(guess), Some(course)) if course.is_asking() => {
                let mut guesses = course.guesses.clone();
                guesses[course.at] = Some(guess);
                Self { course: Some(Rc::new(Course { guesses, ..(*course).clone() })), ..self }
            }
            (Msg::Leave, _) => Self { course: None, ..self },
            (Msg::Go(_) | Msg::Guess(_), _) => self,
        }
    }

    /// The page with a step of a lesson. Its scene is set anew, unless the step before had the same.
    fn at_step(self, course: Course, before: Option<crate::lesson::Scene>) -> Self {
        let scene = course.step().scene.clone();
        let course = Some(Rc::new(course));
        if before.as_ref() == Some(&scene) {
            return Self { course, ..self };
        }
        let (fresh, _) = opened(&scene.settings, Some(&scene.flow), true);
        let shown = self.update(super::Msg::Show(Box::new(fresh)));
        let is_asking = course.as_ref().is_some_and(|course| course.is_asking());
        let shown = if is_asking { shown.update(super::Msg::Play(playback::Msg::Start)) } else { shown };
        Self { course, ..shown }
    }

    /// Whether what the step on show asks for is done; true where it asks for nothing.
    #[must_use]
    pub fn is_step_done(&self) -> bool {
        let Some(course) = &self.course else { return true };
        match &course.step().task {
            Some(Task::Do(_, done)) => self.is_as(done),
            Some(Task::Guess(_)) => course.guess().is_some(),
            None => true,
        }
    }

    /// Whether the page is as a link says.
    fn is_as(&self, wanted: &Link) -> bool {
        let now = link_of(self);
        wanted.values().all(|(name, value)| match name {
            "c" => value.split(',').all(|pair| self.has_limit(pair)),
            "view" if value == "gantt" => now.get(name).is_none(),
            "kestra" => self.reading.kestra().is_some_and(|version| version.as_str() == value),
            _ => now.get(name) == Some(value),
        })
    }

    /// Whether a group has a limit, `parent:4`, by the text or by the settings.
    fn has_limit(&self, pair: &str) -> bool {
        let Some((group, limit)) = pair.rsplit_once(':') else { return false };
        let controls = self.run.iter().flat_map(|run| run.group_controls());
        controls.into_iter().any(|control| *control.id == *group && control.concurrent.to_string() == limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn begin() -> App {
        let source = Source::new("window", include_str!("../../lessons/02-window.yaml"));
        let lesson = crate::lesson::read(&source).expect("it is a lesson");
        App::open().update(super::super::Msg::Course(Msg::Begin(Rc::new(lesson), 0)))
    }

    fn after(app: App, msg: Msg) -> App {
        app.update(super::super::Msg::Course(msg))
    }

    fn course(app: &App) -> &Course {
        app.course.as_deref().expect("a lesson is under way")
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
    fn something_to_do_is_done_once_the_page_is_so() {
        let app = after(begin(), Msg::Go(2));
        assert!(!app.is_step_done());
        let app = app.update(super::super::Msg::View(super::super::View::Slots));
        assert!(app.is_step_done());
        let left = after(app, Msg::Leave);
        assert!(left.course.is_none() && left.is_step_done());
    }

    #[test]
    fn the_text_from_before_a_lesson_comes_back_by_undo() {
        let before = App::open().update(super::super::Msg::Edit("id: mine\nnamespace: n\ntasks: []\n".to_owned()));
        let text = before.text().to_owned();
        let source = Source::new("window", include_str!("../../lessons/02-window.yaml"));
        let lesson = Rc::new(crate::lesson::read(&source).expect("it is a lesson"));
        let app = after(before, Msg::Begin(lesson, 1));
        assert_ne!(app.text(), text);
        assert_eq!(app.update(super::super::Msg::Undo).text(), text);
    }
}
