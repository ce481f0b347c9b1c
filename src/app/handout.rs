//! A lesson on paper: its flows and an empty chart to draw into for each question; the answers are on a page of their own.

use serde::Serialize;

use super::course::{Course, sentence};
use super::editor::to_json;
use crate::lesson::{Lesson, Question, Scene, Task, in_language};
use crate::render::svg::{blank, svg};
use crate::time::SimTime;
use crate::tr;

/// The sheets of a lesson.
#[derive(Debug, Serialize)]
pub struct Handout<'a> {
    title: &'a str,
    idea: &'a str,
    /// The title of the page with the answers.
    answers: String,
    sheets: Vec<Sheet<'a>>,
}

/// A question and its answer. Names are in backticks.
#[derive(Debug, Serialize)]
struct Sheet<'a> {
    /// The text of the flow; `None` if it is that of the question before.
    flow: Option<&'a str>,
    say: &'a str,
    ask: &'a str,
    /// The picture without its bars.
    chart: String,
    answer: String,
    /// The picture of the run.
    solution: String,
}

/// The sheets of a lesson in a language.
#[must_use]
pub fn handout<'a>(lesson: &'a Lesson, language: &str) -> Handout<'a> {
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut before = None;
    for step in &lesson.steps {
        let Some(Task::Guess(question)) = &step.task else { continue };
        let Some((chart, solution)) = charts(&step.scene, question) else { continue };
        let flow = Some(&*step.scene.flow).filter(|flow| before != Some(*flow));
        before = Some(&*step.scene.flow);
        sheets.push(Sheet {
            flow,
            say: in_language(&step.say, language),
            ask: in_language(&question.ask, language),
            chart,
            answer: sentence(&question.answer),
            solution,
        });
    }
    Handout { title: in_language(&lesson.title, language), idea: in_language(&lesson.idea, language), answers: tr!("Answers"), sheets }
}

/// The sheets of the lesson under way, as JSON.
#[must_use]
#[inline(never)] // So that it can be fetched later.
pub fn handout_json(course: &Course, language: &str) -> String {
    to_json(&handout(&course.lesson, language))
}

/// The chart to draw into, in which there is room for every guess and which does not show where the run ends; and the run.
fn charts(scene: &Scene, question: &Question) -> Option<(String, String)> {
    let (flows, trace) = scene.run().ok()?;
    let guesses = question.wrong.iter().filter_map(|wrong| wrong.guess.moment());
    let last = guesses.fold(trace.end, SimTime::max);
    let room = SimTime(last.0.saturating_add(last.0 / 4).max(1_000));
    Some((blank(&flows, &trace, room), svg(&flows, &trace)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn texts(chart: &str) -> Vec<&str> {
        chart.split("<text").skip(1).filter_map(|text| text.split_once('>')?.1.split_once('<')).map(|(text, _)| text).collect()
    }

    #[test]
    fn a_question_has_an_empty_chart_with_room_and_a_solution() {
        let source = Source::new("window", include_str!("../../lessons/02-window.yaml"));
        let lesson = crate::lesson::read(&source).expect("it is a lesson");
        let Handout { title, sheets, .. } = handout(&lesson, "en");
        assert_eq!(title, "The limit is a window, not a batch");
        let first = &sheets[0];
        assert_eq!((first.ask, first.answer.as_str()), ("When does `t4` start?", "`t4` starts at 1.0 s."));
        assert_eq!(first.flow, Some(&*lesson.steps[0].scene.flow));
        assert_eq!(
            texts(&first.chart),
            ["0", "1.0", "2.0", "3.0", "4.0", "5.0", "6.0", "7.0 s", "time", "parent", "t1", "t2", "t3", "t4", "t5", "t6"]
        );
        assert!(!first.chart.contains("<rect class=\"pg-bar"), "no bar is drawn");
        assert!(first.solution.contains("<rect class=\"pg-bar"));
    }

    #[test]
    fn every_lesson_has_sheets_in_each_language() {
        for file in std::fs::read_dir("lessons").expect("there are lessons") {
            let path = file.expect("it is a file").path();
            let source = Source::new("lesson", std::fs::read_to_string(&path).expect("it can be read"));
            let lesson = crate::lesson::read(&source).expect("it is a lesson");
            let n_questions = lesson.steps.iter().filter(|step| matches!(step.task, Some(Task::Guess(_)))).count();
            for language in ["en", "de"] {
                let handout = handout(&lesson, language);
                assert!(n_questions > 0 && handout.sheets.len() == n_questions, "{}", path.display());
                assert!(
                    handout.sheets[0].flow.is_some() && handout.sheets.iter().all(|sheet| !sheet.say.is_empty() && !sheet.ask.is_empty())
                );
            }
        }
    }
}
