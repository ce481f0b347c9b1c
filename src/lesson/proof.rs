//! The proof of a lesson: each of its flows is run.

use super::{Lesson, Question, Scene, Step, Task};
use crate::analysis::expectation::{Expectation, differences};
use crate::diag::Diagnostic;
use crate::docs::run_text;
use crate::flow::Flow;
use crate::share::Link;
use crate::sim::trace::Trace;
use crate::source::Span;

/// What does not hold of a lesson, each at its step: claims, answers that are not right, and guesses that are not wrong, or for
/// another reason.
#[must_use]
pub fn prove(lesson: &Lesson) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for step in &lesson.steps {
        let mut report = |span: Span, message: String| found.push(Diagnostic::error("lesson", span, message));
        prove_step(step, &mut report);
    }
    found
}

fn prove_step(step: &Step, report: &mut dyn FnMut(Span, String)) {
    let scene = match &step.task {
        Some(Task::Do(_, done)) => step.scene.after(done),
        Some(Task::Guess(_)) | None => step.scene.clone(),
    };
    let (flows, trace) = match scene.run() {
        Ok(ran) => ran,
        Err(why) => return report(step.span, why),
    };
    for difference in differences(&step.holds, &flows, &trace) {
        report(step.span, difference.message);
    }
    if let Some(Task::Do(_, done)) = &step.task
        && done.values().all(|(name, value)| step.scene.settings.get(name) == Some(value))
    {
        report(step.span, "this is done from the start".to_owned());
    }
    if let Some(Task::Guess(question)) = &step.task {
        prove_question(question, step.span, &flows, &trace, report);
    }
}

fn prove_question(question: &Question, span: Span, flows: &[Flow], trace: &Trace, report: &mut dyn FnMut(Span, String)) {
    let unmet = |claim: &Expectation, flows: &[Flow], trace: &Trace| differences(std::slice::from_ref(claim), flows, trace).pop();
    if let Some(difference) = unmet(&question.answer, flows, trace) {
        report(span, format!("the answer is wrong: {}", difference.message));
    }
    if let Expectation::Order(tasks) = &question.answer {
        for pair in tasks.windows(2) {
            let back = Expectation::Order(pair.iter().rev().cloned().collect());
            if pair.first().is_some_and(|first| start_together(first, pair.last(), flows, trace)) {
                report(span, format!("`{back}` is right as well: both start together"));
            }
        }
    }
    for (nth, wrong) in question.wrong.iter().enumerate() {
        if question.wrong.iter().take(nth).any(|before| before.guess == wrong.guess) {
            report(wrong.span, format!("the guess `{}` is there already", wrong.guess));
        }
        if !wrong.guess.is_like(&question.answer) {
            report(wrong.span, format!("`{}` is no answer to the question that `{}` answers", wrong.guess, question.answer));
            continue;
        }
        if unmet(&wrong.guess, flows, trace).is_none() {
            report(wrong.span, format!("the guess `{}` is right", wrong.guess));
        }
        match wrong.scene.as_ref().map(Scene::run) {
            None => {}
            Some(Err(why)) => report(wrong.span, why),
            Some(Ok((flows, trace))) => {
                if let Some(difference) = unmet(&wrong.guess, &flows, &trace) {
                    report(wrong.span, format!("the guess is wrong where it should be right: {}", difference.message));
                }
            }
        }
    }
}

/// Whether two tasks start at the same time.
fn start_together(one: &str, other: Option<&String>, flows: &[Flow], trace: &Trace) -> bool {
    let began = |task: &str| trace.iter().find(|(run, _)| *trace.task_of(flows, *run).id == *task).and_then(|(run, _)| trace.began(run));
    other.is_some_and(|other| began(one) == began(other))
}

impl Scene {
    /// The scene once something is done.
    fn after(&self, done: &Link) -> Self {
        let mut settings = self.settings.clone();
        for (name, value) in done.values() {
            settings.set(name, value);
        }
        Self { settings, ..self.clone() }
    }

    /// Its run, as that of a flow in a page of docs.
    ///
    /// # Errors
    /// The first error of its text, or the setting that can't be read.
    pub fn run(&self) -> Result<(Vec<Flow>, Trace), String> {
        run_text(&self.flow, &self.settings).map_err(|(_, message)| message)
    }
}
