//! A lesson under way: the step on show, what was guessed in each, and what the page has to say to it.

use std::rc::Rc;

use super::link::{link_of, opened};
use super::{App, Stage, playback};
use crate::analysis::expectation::Expectation;
use crate::lesson::{Lesson, Question, Step, Task, Words, in_language};
use crate::share::Link;
use crate::time::{SimTime, human, parse_duration};

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
}

/// What a person does in a lesson.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// Begin a lesson, with this step, from 0.
    Begin(Rc<Lesson>, usize),
    /// Show another step; one after the last is the last.
    Go(usize),
    /// Commit to a guess. The answer is shown at once, unless the chart is presented.
    Guess(Expectation),
    /// Show the answer.
    Answer,
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
        format!("{}, {} of {}", in_language(&self.lesson.title, language), self.at + 1, self.lesson.steps.len())
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
        Expectation::Makespan(_) => ["The flow takes ", &what, "."].concat(),
        Expectation::At(task, _) => [&*named(task), " starts at ", &what, "."].concat(),
        Expectation::End(task, _) => [&*named(task), " ends at ", &what, "."].concat(),
        Expectation::State(_) => ["The flow ends as ", &what, "."].concat(),
        Expectation::Order(_) => ["They start in this order: ", &what, "."].concat(),
        Expectation::Overlap(_) => ["At some moment these run together: ", &what, "."].concat(),
        Expectation::Last(_) => [&what, " ends last."].concat(),
        Expectation::Never(_) => [&what, " never starts."].concat(),
    }
}

/// The name of a task; `x2.load` is `load` of execution 2.
fn named(task: &str) -> String {
    let of = task.strip_prefix('x').and_then(|rest| rest.split_once('.'));
    match of.filter(|(nth, _)| !nth.is_empty() && nth.bytes().all(|digit| digit.is_ascii_digit())) {
        Some((nth, task)) => ["`", task, "` of execution ", nth].concat(),
        None => ["`", task, "`"].concat(),
    }
}

impl App {
    /// The page after something was done in a lesson.
    pub(super) fn learned(self, msg: Msg) -> Self {
        match (msg, self.course.clone()) {
            (Msg::Begin(lesson, at), _) => {
                let n_steps = lesson.steps.len();
                let fresh = Course { at: at.min(n_steps - 1), lesson, guesses: vec![None; n_steps], is_shown: vec![false; n_steps] };
                self.at_step(fresh, None)
            }
            (Msg::Go(at), Some(course)) => {
                let at = at.min(course.lesson.steps.len() - 1);
                let before = course.step().scene.clone();
                self.at_step(Course { at, ..(*course).clone() }, Some(before))
            }
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
            (Msg::Leave, _) => Self { course: None, ..self },
            (Msg::Go(_) | Msg::Guess(_) | Msg::Answer, _) => self,
        }
    }

    /// The page with a step of a lesson. Its scene is set anew, unless the step before had the same and nothing is asked.
    fn at_step(self, course: Course, before: Option<crate::lesson::Scene>) -> Self {
        let scene = course.step().scene.clone();
        let is_asking = course.is_asking();
        let course = Some(Rc::new(course));
        if before.as_ref() == Some(&scene) && !is_asking {
            return Self { course, ..self };
        }
        let (fresh, _) = opened(&scene.settings, Some(&scene.flow), true);
        let shown = self.update(super::Msg::Show(Box::new(fresh)));
        let shown = if is_asking { shown.update(super::Msg::Play(playback::Msg::Start)) } else { shown };
        Self { course, ..shown }
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
        use super::Msg::{CursorAt, FindNext, Menu, Play, Select};
        let shows = matches!(msg, Play(_) | Select(_) | FindNext | CursorAt(_) | Menu(_));
        shows && self.is_asking()
    }

    /// Whether a lesson asks what the run will do.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.course.as_ref().is_some_and(|course| course.is_asking())
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
        assert_eq!((moved.playback, &moved.selected), (app.playback, &None));
        let presented =
            after(app.update(super::super::Msg::Stage(Stage::Present)), Msg::Guess(Expectation::At("t4".to_owned(), SimTime(1))));
        assert!(presented.hides() && course(&presented).verdict().is_none() && course(&presented).marks().is_none());
        let shown = after(presented, Msg::Answer);
        assert!(!shown.hides() && course(&shown).verdict() == Some(Verdict::Other));
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
        let before = App::open().update(super::super::Msg::Edit("id: mine\nnamespace: n\ntasks: []\n".to_owned()));
        let text = before.text().to_owned();
        let source = Source::new("window", include_str!("../../lessons/02-window.yaml"));
        let lesson = Rc::new(crate::lesson::read(&source).expect("it is a lesson"));
        let app = after(before, Msg::Begin(lesson, 1));
        assert_ne!(app.text(), text);
        assert_eq!(app.update(super::super::Msg::Undo).text(), text);
    }
}
