//! A lesson under way: the step on show, what was guessed in each, and what the page has to say to it.

use std::rc::Rc;

use super::link::{link_of, opened, run_of};
use super::{App, Stage, playback};
use crate::analysis::expectation::Expectation;
use crate::lesson::{Lesson, Question, Scene, Step, Task, Words, in_language};
use crate::quiz::may_ask;
use crate::share::Link;
use crate::time::{SimTime, human, parse_duration};
use crate::tr;

/// A lesson, and how far someone has come in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// The lesson.
    pub lesson: Rc<Lesson>,
    /// The step on show, from 0.
    pub at: usize,
    /// By step: what was guessed there.
    pub guesses: Vec<Option<Expectation>>,
    /// By step: whether the answer to its question is shown.
    pub is_shown: Vec<bool>,
    /// The time in seconds that is written, or dragged to, before it is a guess.
    pub draft: String,
    /// In a quiz, the page as it was, which comes back.
    pub own: Option<Rc<App>>,
}

/// A guess of a time that is not made yet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Draft {
    /// The time that is written; `None` when that is no time.
    pub at: Option<SimTime>,
    /// Whether it is that of an end.
    pub is_end: bool,
    /// How far it can be dragged: a round time that is not the answer.
    pub most: SimTime,
}

impl Draft {
    /// How far apart the times are to which it can be dragged.
    #[must_use]
    pub fn step(&self) -> SimTime {
        SimTime((self.most.0 / 200).max(1))
    }
}

/// What a person does in a lesson.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// Begin a lesson, with this step, from 0.
    Begin(Rc<Lesson>, usize),
    /// Begin a quiz about this text under these settings; nothing when the page has others by now.
    Quiz(Rc<Scene>, Rc<Lesson>),
    /// Show another step; one after the last is the last.
    Go(usize),
    /// Write a time in seconds, without a guess as yet.
    Draft(String),
    /// Commit to a guess. The answer is shown at once, unless the chart is presented.
    Guess(Expectation),
    /// Show the answer.
    Answer,
    /// Leave the lesson. The flow stays; after a quiz the page is as it was.
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
    fn begin(lesson: Rc<Lesson>, at: usize, own: Option<Rc<App>>) -> Self {
        let n_steps = lesson.steps.len();
        let (guesses, is_shown) = (vec![None; n_steps], vec![false; n_steps]);
        Self { at: at.min(n_steps - 1), lesson, guesses, is_shown, draft: String::new(), own }
    }

    /// Whether it is a quiz about a flow of the reader.
    #[must_use]
    pub fn is_quiz(&self) -> bool {
        self.own.is_some()
    }

    /// In a quiz, how many of all questions were answered rightly, once the last one is answered.
    #[must_use]
    pub fn score(&self) -> Option<(usize, usize)> {
        let is_over = self.is_quiz() && self.is_last() && !self.is_asking();
        let is_right = |(step, guess): &(&Step, &Option<Expectation>)| match &step.task {
            Some(Task::Guess(question)) => guess.as_ref() == Some(&question.answer),
            Some(Task::Do(..)) | None => false,
        };
        let steps = &self.lesson.steps;
        is_over.then(|| (steps.iter().zip(&self.guesses).filter(is_right).count(), steps.len()))
    }

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

    /// Whether a question is asked whose answer is not shown yet: the run is hidden as long.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.question().is_some() && self.is_shown.get(self.at) != Some(&true)
    }

    /// Whether the step on show is the last one.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.at + 1 >= self.lesson.steps.len()
    }

    /// What is said of the guess in the step on show, once the answer is shown.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let (question, guess) = (self.question().filter(|_| !self.is_asking())?, self.guess()?);
        let wrong = question.wrong.iter().find(|wrong| wrong.guess == *guess);
        Some(match wrong {
            _ if *guess == question.answer => Verdict::Right,
            Some(wrong) => Verdict::Wrong(wrong.why.clone()),
            None => Verdict::Other,
        })
    }

    /// The moments of a guess and of the answer, when they are times: for marks on the axis, once the answer is shown.
    #[must_use]
    pub fn marks(&self) -> Option<(SimTime, SimTime)> {
        Some((self.guess()?.moment()?, self.question().filter(|_| !self.is_asking())?.answer.moment()?))
    }

    /// Whether the question on show is answered by a time that is written.
    #[must_use]
    pub fn asks_for_time(&self) -> bool {
        self.question().is_some_and(Question::is_written)
    }

    /// The guess that someone writes, in seconds: `1.5`, `1,5 s`. `None` for what is no time.
    #[must_use]
    pub fn guess_at(&self, text: &str) -> Option<Expectation> {
        let number = text.trim().trim_end_matches('s').trim_end().replace(',', ".");
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let at = parse_duration(&[&number, "s"].concat()).filter(|_| is_number)?;
        match &self.question()?.answer {
            Expectation::Makespan(_) => Some(Expectation::Makespan(at)),
            Expectation::At(task, _) => Some(Expectation::At(task.clone(), at)),
            Expectation::End(task, _) => Some(Expectation::End(task.clone(), at)),
            _ => None,
        }
    }

    /// All answers to the question on show, in an order that tells nothing.
    #[must_use]
    pub fn choices(&self) -> Vec<&Expectation> {
        let Some(question) = self.question() else { return Vec::new() };
        let mut all: Vec<&Expectation> = question.wrong.iter().map(|wrong| &wrong.guess).chain([&question.answer]).collect();
        all.sort_by_key(|claim| (claim.moment(), claim.to_string()));
        all
    }

    /// The link to the step on show. It brings its own flow.
    #[must_use]
    pub fn link(&self) -> Link {
        let mut link = Link::default();
        link.set("lesson", &*self.lesson.id);
        link.set("step", (self.at + 1).to_string());
        link
    }

    /// The title of the lesson and the number of the step, from 1: `The limit is a window, 2 of 4`.
    #[must_use]
    pub fn place(&self, language: &str) -> String {
        tr!("{title}, {n} of {of}", title = in_language(&self.lesson.title, language), n = self.at + 1, of = self.lesson.steps.len())
    }
}

/// A claim as one of several answers, with names in backticks: `` `long` ``.
#[must_use]
pub fn choice(claim: &Expectation) -> String {
    match claim {
        Expectation::Makespan(at) | Expectation::At(_, at) | Expectation::End(_, at) => human(*at),
        Expectation::State(state) => state.clone(),
        Expectation::Order(tasks) | Expectation::Overlap(tasks) => tasks.iter().map(|task| named(task)).collect::<Vec<_>>().join(", "),
        Expectation::Last(task) | Expectation::Never(task) => named(task),
    }
}

/// A claim as a sentence, with names in backticks: `` `t4` starts at 1.0 s. ``
#[must_use]
pub fn sentence(claim: &Expectation) -> String {
    let what = choice(claim);
    match claim {
        Expectation::Makespan(_) => tr!("The flow takes {what}.", what),
        Expectation::At(task, _) => tr!("{task} starts at {what}.", task = named(task), what),
        Expectation::End(task, _) => tr!("{task} ends at {what}.", task = named(task), what),
        Expectation::State(_) => tr!("The flow ends as {what}.", what),
        Expectation::Order(_) => tr!("They start in this order: {what}.", what),
        Expectation::Overlap(_) => tr!("At some moment these run together: {what}.", what),
        Expectation::Last(_) => tr!("{what} ends last.", what),
        Expectation::Never(_) => tr!("{what} never starts.", what),
    }
}

/// The name of a task; `x2.load` is `load` of execution 2.
fn named(task: &str) -> String {
    let of = task.strip_prefix('x').and_then(|rest| rest.split_once('.'));
    match of.filter(|(nth, _)| !nth.is_empty() && nth.bytes().all(|digit| digit.is_ascii_digit())) {
        Some((nth, task)) => tr!("`{task}` of execution {n}", task, n = nth),
        None => ["`", task, "`"].concat(),
    }
}

impl App {
    /// The page after something was done in a lesson.
    pub(super) fn learned(self, msg: Msg) -> Self {
        match (msg, self.course.clone()) {
            (Msg::Begin(lesson, at), _) => self.at_step(Course::begin(lesson, at, None), None),
            (Msg::Quiz(scene, lesson), None) if self.scene() == *scene => {
                let own = Rc::new(self.clone());
                self.at_step(Course::begin(lesson, 0, Some(own)), None)
            }
            (Msg::Go(at), Some(course)) => {
                let at = at.min(course.lesson.steps.len() - 1);
                let before = course.step().scene.clone();
                self.at_step(Course { at, draft: String::new(), ..(*course).clone() }, Some(before))
            }
            (Msg::Draft(draft), Some(course)) => Self { course: Some(Rc::new(Course { draft, ..(*course).clone() })), ..self },
            (Msg::Guess(guess), Some(course)) if course.is_asking() => {
                let mut course = (*course).clone();
                course.guesses[course.at] = Some(guess);
                course.is_shown[course.at] = self.stage != Stage::Present;
                Self { course: Some(Rc::new(course)), ..self }
            }
            (Msg::Answer, Some(course)) => {
                let mut course = (*course).clone();
                course.is_shown[course.at] = true;
                Self { course: Some(Rc::new(course)), ..self }
            }
            (Msg::Leave, Some(course)) => match &course.own {
                Some(own) => {
                    let mut page = (**own).clone();
                    (page.stage, page.tab, page.jump) = (self.stage, self.tab, self.jump);
                    page
                }
                None => Self { course: None, ..self },
            },
            (Msg::Quiz(..) | Msg::Go(_) | Msg::Draft(_) | Msg::Guess(_) | Msg::Answer | Msg::Leave, _) => self,
        }
    }

    /// The page with a step of a lesson. Its scene is set anew, unless nothing is asked and the run on show is that of the step before,
    /// which had the same scene.
    fn at_step(self, course: Course, before: Option<Scene>) -> Self {
        let scene = course.step().scene.clone();
        let is_asking = course.is_asking();
        let own = course.own.clone();
        let course = Some(Rc::new(course));
        let (fresh, _) = opened(&scene.settings, Some(&scene.flow), true);
        if before.as_ref() == Some(&scene) && !is_asking && fresh.scene() == self.scene() {
            return Self { course, ..self };
        }
        let shown = match own {
            // What is done in a quiz has a history of its own.
            Some(own) => {
                let mut shown = fresh;
                (shown.example, shown.jump, shown.stage) = (own.example, self.jump, self.stage);
                shown.trials = Rc::clone(&own.trials);
                shown
            }
            None => self.update(super::Msg::Show(Box::new(fresh))),
        };
        let shown = if is_asking { shown.update(super::Msg::Play(playback::Msg::Start)) } else { shown };
        Self { course, ..shown }
    }

    /// The text and the settings of the run on show.
    #[must_use]
    pub fn scene(&self) -> Scene {
        let mut settings = Link::default();
        run_of(&mut settings, &self.scenario, self.reading.chosen.as_deref(), self.reading.version);
        Scene { flow: self.text().into(), settings }
    }

    /// Whether a quiz about the run on show can be made.
    #[must_use]
    pub fn can_be_asked(&self) -> bool {
        let is_free = self.course.is_none() && !self.is_stale();
        is_free && self.run.as_ref().is_some_and(|run| may_ask(run.flow(), &run.trace, &run.numbers))
    }

    /// The page that is the reader's own: in a quiz as it was before.
    #[must_use]
    pub fn own_page(&self) -> &Self {
        self.course.as_ref().and_then(|course| course.own.as_deref()).unwrap_or(self)
    }

    /// To be called after something was done in a quiz. Typing ends it, as another flow does, and the reader's own text comes back by undo.
    pub(super) fn see_to_quiz(&mut self, own: &Self, is_typed: bool) {
        let is_under_way = self.course.as_ref().is_some_and(|course| course.is_quiz());
        if is_typed || !is_under_way {
            self.course.take_if(|course| course.is_quiz());
            self.history = own.recorded(&self.reading.source.text, &self.scenario);
        }
    }

    /// Whether what the step on show asks for is done; true where it asks for nothing.
    #[must_use]
    pub fn is_step_done(&self) -> bool {
        let Some(course) = &self.course else { return true };
        match &course.step().task {
            Some(Task::Do(_, done)) => self.is_as(done),
            Some(Task::Guess(_)) => !course.is_asking(),
            None => true,
        }
    }

    /// Whether a message would show the answer to a question before there is a guess.
    pub(super) fn gives_away(&self, msg: &super::Msg) -> bool {
        use super::Msg::{CursorAt, FindNext, Menu, Play, Select, Upgrade};
        let shows = matches!(msg, Play(_) | Select(_) | FindNext | CursorAt(_) | Menu(_) | Upgrade(_));
        shows && self.is_asking()
    }

    /// Whether a lesson asks what the run will do.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.course.as_ref().is_some_and(|course| course.is_asking())
    }

    /// The guess of a time that is being made.
    #[must_use]
    pub fn draft(&self) -> Option<Draft> {
        let (course, run) = (self.course.as_ref().filter(|course| course.is_asking() && course.asks_for_time())?, self.run.as_ref()?);
        let at = course.guess_at(&course.draft).and_then(|guess| guess.moment());
        let is_end = !matches!(course.question()?.answer, Expectation::At(..));
        // More than both the run and all its work one after another, so that it gives neither away.
        let least = run.end().max(run.numbers.work).0 + 1;
        let round = (0..16).flat_map(|zeros| [1, 2, 5].map(|digit| digit * 10_u64.pow(zeros))).find(|round| *round > least);
        Some(Draft { at, is_end, most: SimTime(round.unwrap_or(least)) })
    }

    /// The key of the row that an open question is about.
    #[must_use]
    pub fn asked(&self) -> Option<Rc<str>> {
        let question = self.course.as_ref().filter(|course| course.is_asking())?.question()?;
        Some(Rc::clone(&self.run.as_ref()?.row(question.answer.task()?)?.key))
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
        let mut controls = self.run.iter().flat_map(|run| run.controls.iter());
        controls.any(|control| *control.id == *group && control.concurrent.to_string() == limit)
    }
}

#[cfg(test)]
mod tests;
