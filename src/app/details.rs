//! What the details panel says: of the selected row what its task did and why, else what is wrong with the text.

use std::rc::Rc;

use super::App;
use super::course::{Course, Verdict};
use super::menu::{Menu, menu};
use super::run::Run;
use super::terms::Term;
use super::times::{given, times};
use crate::analysis::claims::Claim;
use crate::analysis::segments::{SegmentKind, earlier_attempt};
use crate::analysis::sentence::Piece;
use crate::analysis::slots::{first_free, iterations, slots_taken};
use crate::analysis::why::Why;
use crate::diag::{self, Diagnostic};
use crate::edit::{self, Intent};
use crate::flow::plan::{Doer, Precondition};
use crate::flow::state::State;
use crate::flow::{FlowIdx, Kind, Level, Task};
use crate::sim::trace::{ExecutionIdx, RunIdx};
use crate::time::{SimTime, human, minute};
use crate::timeline::axis_start;
use crate::timeline::rows::{About, Row};
use crate::tr;
use crate::value::Value;

/// More diagnostics than this are counted, not shown.
const MOST_DIAGNOSTICS: usize = 50;

/// The way back to the start of the flow is shown for so many sentences.
const MOST_STEPS: usize = 20;

/// The content of the panel.
#[derive(Debug, Clone)]
pub enum Details {
    /// What is wrong with the text, or to know about it.
    Diagnostics {
        /// The first ones, as the command line tool prints them.
        shown: Vec<Rendered>,
        /// How many are not shown.
        n_more: usize,
        /// Which tasks have no known time, and what each takes, sentences; empty when all have one.
        times: String,
    },
    /// What the task of the selected row did.
    Task(Box<TaskDetails>),
    /// No row is selected, and there is nothing to know about the text.
    Nothing,
}

/// A diagnostic as text.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// Its lines, each in two parts: the code or the margin, and the rest.
    pub lines: Vec<(String, String)>,
}

/// What the task of a row did.
#[derive(Debug, Clone)]
pub struct TaskDetails {
    /// Its name.
    pub name: String,
    /// What it did, in order: `waiting for a slot, then running`.
    pub doing: String,
    /// Whether it waits for a person to resume it.
    pub waits_for_person: bool,
    /// Why it waited, or never started, and ended as it did: sentences.
    pub reasons: Vec<Vec<Piece>>,
    /// Why what it waited for started when it did, when there is such a thing.
    pub and_why_that: Option<AndWhyThat>,
    /// What is to know about its text; names in backticks.
    pub note: Option<String>,
    /// What a server does instead at this place: sentences.
    pub faults: Vec<String>,
    /// Whether a person may approve it.
    pub is_gate: bool,
    /// Whether its precondition is taken to be met; `None` when it has none that could be set.
    pub precondition: Option<bool>,
    /// What can be done with it.
    pub menu: Option<Rc<Menu>>,
    /// How long it takes, by a field; `None` for a group.
    pub takes: Option<TakesField>,
    /// The limit of a group, 0 without one; `None` where there can be none.
    pub limit: Option<u32>,
    /// Its times and properties.
    pub facts: Vec<Fact>,
    /// The line of the text it begins on, from 1.
    pub line: usize,
}

/// Why what a taskrun waited for started when it did, and so on, back to the start of the flow: looked up once it is asked for, as
/// that takes a look at all that ran beside each of them.
#[derive(Debug, Clone)]
pub struct AndWhyThat {
    run: Rc<Run>,
    of: RunIdx,
}

impl PartialEq for AndWhyThat {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.run, &other.run) && self.of == other.of
    }
}

impl AndWhyThat {
    /// The sentences.
    #[must_use]
    pub fn reasons(&self) -> Vec<Vec<Piece>> {
        let Self { run, of } = self;
        let claims = Why::new(&run.flows, &run.trace).and_why_that(*of);
        claims.iter().take(MOST_STEPS).map(|claim| claim.sentence(&run.flows, &run.trace)).collect()
    }
}

/// How long a task takes and how it ends, as fields.
#[derive(Debug, Clone)]
pub struct TakesField {
    /// The length that it is given, as it is written; empty where the text gives none.
    pub text: String,
    /// What it took.
    pub took: String,
    /// In how many of 100 runs it is made to fail.
    pub fails_percent: u32,
    /// Why it can't be changed.
    pub why_not: Option<String>,
}

/// A name with a value.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The value.
    pub text: String,
    /// Where a planned value comes from; `None` for what really happened.
    pub origin: Option<Origin>,
    /// The value in full.
    pub tip: Option<String>,
}

/// Where a planned value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is written in the text.
    Set,
    /// It was calculated.
    Calculated,
}

impl Fact {
    fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), origin: None, tip: None }
    }

    /// A planned value: as written in the text, else as calculated; `None` where neither is known.
    fn planned(name: String, set: Option<String>, calculated: Option<String>) -> Option<Self> {
        let (text, origin) = set.map(|text| (text, Origin::Set)).or(calculated.map(|text| (text, Origin::Calculated)))?;
        Some(Self { origin: Some(origin), ..Self::new(name, text) })
    }
}

/// The content of the details panel.
#[must_use]
pub fn details(app: &App) -> Details {
    let all = diag::merged(&app.reading.diagnostics);
    if app.is_stale() {
        return diagnostics(app, &all.iter().filter(|found| found.is_error()).collect::<Vec<_>>());
    }
    if let Some((run, row)) = app.run.as_ref().zip(app.selected_row()) {
        return Details::Task(Box::new(of_row(app, run, row)));
    }
    let endless = app.run.as_ref().filter(|run| !run.is_over()).and_then(|run| app.reading.endless(run));
    let in_text = app.run.iter().flat_map(|run| run.faults_in_text());
    let faults: Vec<Diagnostic> = endless.into_iter().chain(in_text).collect();
    let all: Vec<&Diagnostic> = all.iter().chain(&faults).collect();
    if all.is_empty() { Details::Nothing } else { diagnostics(app, &all) }
}

impl App {
    /// Why the task of the selected row waited, and ended as it did: sentences. Empty without a selection.
    #[must_use]
    pub fn reasons(&self) -> Vec<Vec<Piece>> {
        self.run.as_ref().zip(self.selected_row()).map_or_else(Vec::new, |(run, row)| reasons_of(run, row))
    }
}

fn diagnostics(app: &App, found: &[&Diagnostic]) -> Details {
    let shown = found.iter().take(MOST_DIAGNOSTICS).map(|found| rendered(app, found)).collect();
    Details::Diagnostics {
        shown,
        n_more: found.len().saturating_sub(MOST_DIAGNOSTICS),
        times: times(&app.reading, app.run.as_deref()).assumed(),
    }
}

fn rendered(app: &App, found: &Diagnostic) -> Rendered {
    let split = |(n, line): (usize, &str)| {
        let at = match (n, line.find(" | ")) {
            (0, _) => line.find("]: ").map_or(0, |at| at + 1),
            (_, Some(at)) => at + 2,
            (_, None) if line.trim_start().starts_with("-->") => line.len(),
            (_, None) => 0,
        };
        let (first, rest) = line.split_at(at);
        (first.to_owned(), rest.to_owned())
    };
    let text = diag::render(found, &app.reading.source);
    Rendered { severity: found.severity.as_str(), lines: text.lines().enumerate().map(split).collect() }
}

fn of_row(app: &App, run: &Rc<Run>, row: &Row) -> TaskDetails {
    let why = Why::new(&run.flows, &run.trace);
    let task = row.task(&run.flows);
    let span = task.map_or(run.flow().span, |task| task.span);
    let line = app.reading.source.position(span.start).line;
    let dialect = run.flow().dialect;
    let segments = row.segments(&run.trace);
    let outcome = row.outcome(&run.trace).map(|state| SegmentKind::State(state).label(dialect));
    // What a task came to says more than that it ran at last.
    let at_last = segments.split_last().filter(|(last, _)| outcome.is_some() && last.kind == SegmentKind::State(State::Running));
    let before = at_last.map_or(&segments[..], |(_, before)| before);
    let mut doing: Vec<String> = before.iter().map(|segment| segment.kind.label(dialect)).chain(outcome.clone()).collect();
    doing.dedup();
    let note = app.reading.diagnostics.iter().find(|found| span.contains(found.span) && !row.is_group);

    let time = |time: SimTime| if time == SimTime::ZERO { "0".to_owned() } else { human(time) };
    let mut facts: Vec<Fact> = Vec::new();
    let mut n_attempts = 0;
    for segment in &segments {
        let is_moment = segment.from == segment.to;
        let mut text = match is_moment {
            true => tr!("at {time}", time = time(segment.to)),
            false => tr!("{from} to {to}", from = time(segment.from), to = time(segment.to)),
        };
        let earlier = row.run().and_then(|run_idx| earlier_attempt(&run.trace, run_idx, segment));
        let is_last_attempt = n_attempts > 0 && segment.kind == SegmentKind::State(State::Running);
        let is_attempt = earlier.is_some() || is_last_attempt;
        let last_failed = row.outcome(&run.trace).filter(|state| is_last_attempt && *state == State::Failed);
        if let Some(state) = earlier.or(last_failed) {
            text += ", ";
            text += &SegmentKind::State(state).label(dialect);
        }
        n_attempts += usize::from(is_attempt);
        let name = match segment.kind {
            _ if is_attempt => tr!("attempt {n}", n = n_attempts),
            kind => kind.label(dialect),
        };
        facts.push(Fact::new(name, text));
    }
    facts.extend(flow_limit(run, row));
    facts.extend(planned(run, row));
    facts.extend(slots_used(run, row));
    let no_outcome = || if row.length.is_some() { tr!("not ended") } else { tr!("never started") };
    facts.push(Fact::new(tr!("outcome"), outcome.unwrap_or_else(no_outcome)));
    facts.extend(task.map(|task| Fact { tip: Some(task.type_name.to_string()), ..Fact::new(tr!("type"), task.short_type()) }));

    let plan = task.and_then(|task| task.plan.as_ref().map(|plan| (task, plan)));
    let precondition = plan.filter(|(_, plan)| plan.precondition == Precondition::Script).map(|(task, _)| {
        let path = format!("tasks.{}.precondition", task.id);
        app.scenario.assumptions.get(&path) != Some(&Value::Bool(false))
    });
    TaskDetails {
        name: row.name.to_string(),
        doing: in_turn(doing),
        waits_for_person: row.waits_for_person(&run.trace),
        reasons: reasons(&why, run, row),
        and_why_that: row
            .run()
            .filter(|of| row.length.is_some() && why.before(*of).is_some())
            .map(|of| AndWhyThat { run: Rc::clone(run), of }),
        note: note.map(|note| format!("{}: {}", note.message, note.label)).or_else(|| foreign_command(run, row)),
        faults: run.faults.iter().filter(|fault| fault.run.is_some() && fault.run == row.run()).map(|fault| fault.text.clone()).collect(),
        is_gate: plan.is_some_and(|(_, plan)| plan.doer == Doer::Gate),
        precondition,
        menu: menu(app, &row.key),
        takes: task.filter(|task| !task.is_group()).map(|task| takes_field(app, row, task)),
        limit: run.limit_in(row),
        facts,
        line,
    }
}

/// What came one after another: `waiting for a slot, then running`.
fn in_turn(doing: Vec<String>) -> String {
    let all = doing.into_iter().reduce(|first, then| tr!("{first}, then {then}", first, then));
    all.unwrap_or_default()
}

/// What its first command is that is not simulated, if its task has one.
fn foreign_command(run: &Run, row: &Row) -> Option<String> {
    let idx = row.run()?;
    let is_of_script = row.task(&run.flows).is_some_and(|task| matches!(task.kind, Kind::Shell(_)));
    let mut logs = run.trace.logs.iter().filter(|entry| is_of_script && entry.run == Some(idx) && entry.level == Level::Debug);
    let (command, takes) = logs.find_map(|entry| entry.message.split_once(" is not simulated, it takes "))?;
    Some(match takes.strip_suffix(" and fails") {
        Some(time) => tr!("{command} is not simulated, it takes {time} and fails. The settings set another time.", command, time),
        None => tr!("{command} is not simulated, it takes {time}. The settings set another time.", command, time = takes),
    })
}

fn takes_field(app: &App, row: &Row, task: &Task) -> TakesField {
    let written = app.reading.flows.first().zip(row.task_idx());
    let written = written.and_then(|(flow, idx)| edit::written_length(&app.reading.source, &app.reading.document, flow, idx));
    let given = given(task);
    TakesField {
        text: if given.is_empty() { written.unwrap_or_default() } else { given },
        took: match (row.length, task.assumed_length(&app.reading.flows)) {
            (Some(took), Some(_)) => tr!("{time}, assumed", time = human(took)),
            (took, _) => took.map(human).unwrap_or_default(),
        },
        fails_percent: task.sim_note.map_or(0, |note| note.fails_percent),
        why_not: app.can_change(&row.key, Intent::Takes(None)).err(),
    }
}

/// Why the answer to the question of a lesson is so: sentences, for one that names a task and was not guessed wrongly.
#[must_use]
pub fn reasons_of_answer(course: &Course, run: &Run) -> Vec<Vec<Piece>> {
    let is_so = !course.is_asking() && matches!(course.verdict(), None | Some(Verdict::Right));
    let answered = course.question().filter(|_| is_so).and_then(|question| question.answer.task());
    answered.and_then(|key| run.row(key)).map_or_else(Vec::new, |row| reasons_of(run, row))
}

fn reasons_of(run: &Run, row: &Row) -> Vec<Vec<Piece>> {
    reasons(&Why::new(&run.flows, &run.trace), run, row)
}

/// Why a row's task waited, or did not run, and why it ended as it did; of an execution when it began and why it ended.
fn reasons(why: &Why<'_>, run: &Run, row: &Row) -> Vec<Vec<Piece>> {
    let words = |claim: Claim| claim.sentence(&run.flows, &run.trace);
    match row.about {
        About::Run(_, _, idx) => why.of(idx).into_iter().map(words).collect(),
        About::Execution(execution) => why.of_execution(execution).into_iter().map(Claim::Ended).map(words).collect(),
        About::Task(FlowIdx::FIRST, task) => {
            let flow = run.flow();
            let mut around = std::iter::successors(Some(task), |task| flow.task(*task).parent);
            let found = around.find_map(|task| why.of_task(ExecutionIdx::FIRST, task)).map(Claim::Ended);
            found.map(words).into_iter().collect()
        }
        About::Task(..) | About::Value { .. } => Vec::new(),
    }
}

/// How many executions of its flow may run at once.
fn flow_limit(run: &Run, row: &Row) -> Option<Fact> {
    let About::Execution(execution) = row.about else { return None };
    let limit = run.trace.flow_of(&run.flows, execution).concurrency.as_ref()?.limit;
    Some(Fact::new(tr!("limit"), tr!("{n} execution at once" | "{n} executions at once" % limit)))
}

/// When an item of a template is planned to start, how long it is to take, and when it is due.
fn planned(run: &Run, row: &Row) -> Vec<Fact> {
    let Some(plan) = row.task(&run.flows).and_then(|task| task.plan.as_ref()) else { return Vec::new() };
    // In a plan without dates nothing is calculated from them.
    let dates = axis_start(run.flow(), &run.trace);
    let date = |at: SimTime| dates.map(|start| minute(at.epoch_ms(start)));
    let began = row.run().map(|idx| run.trace.created(idx));
    let length = row.length.filter(|_| plan.doer != Doer::Children).or(plan.usual_length());
    let late = row.late(&run.flows, &run.trace).map(|late| Fact::new(tr!("late"), tr!("late" => "by {time}", time = human(late.by))));
    let facts = [
        Fact::planned(tr!("planned" => "start"), plan.starts_at.map(minute), began.and_then(date)),
        Fact::planned(tr!("planned" => "length"), plan.length.map(human), length.map(human)),
        Fact::planned(tr!("planned" => "end"), None, row.run().and_then(|idx| date(run.trace.ended(idx)))),
        Fact::planned(tr!("planned" => "due"), plan.due_at.map(minute), None),
        late,
    ];
    facts.into_iter().flatten().collect()
}

/// How a group with slots used them: the most tasks at once, the most that took the same slot, and for how much of the time they were held.
fn slots_used(run: &Run, row: &Row) -> Vec<Fact> {
    let Some(group) = row.run().filter(|_| row.task(&run.flows).is_some_and(Task::has_slots)) else { return Vec::new() };
    let children = run.trace.children();
    let lasted = |of: RunIdx| (run.trace.created(of), run.trace.ended(of));
    let siblings = children.of(group);
    // The slots of a Loop are held by its iterations, which are executions, and those of a ForEach by its values.
    let iterations: Vec<(SimTime, SimTime)> = iterations(&run.trace, &children, group);
    let slots = if iterations.is_empty() { slots_taken(&run.trace, siblings) } else { first_free(&iterations) };
    let stays = if iterations.is_empty() { siblings.iter().map(|of| lasted(*of)).collect() } else { iterations };
    let n_slots = slots.iter().max().map_or(0, |last| last + 1);
    let rounds = (0..n_slots).map(|slot| slots.iter().filter(|taken| **taken == slot).count()).max().unwrap_or(0);
    let used = stays.iter().fold(SimTime::ZERO, |sum, (from, to)| sum + (*to - *from));
    let limit = u64::from(run.trace.run(group).concurrent);
    let (began, ended) = lasted(group);
    let there = (ended - began).0.saturating_mul(limit);
    let share = (used.0 * 100).checked_div(there).map(|percent| {
        let free = human(SimTime(there.saturating_sub(used.0)));
        Fact::new(Term::SlotsHeld.word(), tr!("{percent} % of the time, free for {free}", percent, free))
    });
    let counts = [Fact::new(tr!("at once"), tr!("{n} at most", n = n_slots)), Fact::new(tr!("rounds"), rounds.to_string())];
    counts.into_iter().filter(|_| n_slots > 0).chain(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sentence::plain;
    use crate::app::Msg;

    fn text_of(app: &App) -> String {
        match details(app) {
            Details::Nothing => "nothing".to_owned(),
            Details::Diagnostics { shown, n_more, .. } => format!("{} {} and {n_more} more", shown.len(), shown[0].lines[0].0),
            Details::Task(task) => {
                let facts = task.facts.iter().map(|fact| format!("{}: {}{}", fact.name, fact.text, origin(fact)));
                let head = format!("{}, {}, line {}", task.name, task.doing, task.line);
                std::iter::once(head).chain(task.reasons.iter().map(|reason| plain(reason))).chain(facts).collect::<Vec<_>>().join("\n")
            }
        }
    }

    fn origin(fact: &Fact) -> &'static str {
        match fact.origin {
            Some(Origin::Set) => " (set)",
            Some(Origin::Calculated) => " (calculated)",
            None => "",
        }
    }

    #[test]
    fn the_selected_task_says_what_it_did_and_why() {
        let open = App::open();
        assert_eq!(text_of(&open), "nothing");
        insta::assert_snapshot!(text_of(&open.clone().update(Msg::Select(Some("t4".into())))), @"
        t4, waiting for a slot, then success, line 30
        t4 waited 1.0 s because all 3 slots of `parent` were taken by t1, t2 and t3. It started when they ended at 1.0 s.
        waiting for a slot: 0 to 1.0 s
        running: 1.0 s to 2.0 s
        outcome: success
        type: Commands
        ");
        let broken = open.update(Msg::Edit("tasks: [".into()));
        assert!(text_of(&broken).ends_with("and 0 more"));
    }

    #[test]
    fn each_attempt_is_listed_with_its_own_end() {
        let app = App::open().update(Msg::Example("retry-slot")).update(Msg::Select(Some("shaky".into())));
        insta::assert_snapshot!(text_of(&app), @"
        shaky, running, then retrying, then running, then retrying, then success, line 13
        shaky started at 0 s, as soon as `parent` did: nothing held it up.
        shaky failed at 1.0 s and was tried again 2.0 s later, at 3.0 s.
        shaky failed at 4.0 s and was tried again 2.0 s later, at 6.0 s.
        attempt 1: 0 to 1.0 s, failed
        retrying: 1.0 s to 3.0 s
        attempt 2: 3.0 s to 4.0 s, failed
        retrying: 4.0 s to 6.0 s
        attempt 3: 6.0 s to 7.0 s
        outcome: success
        type: Commands
        ");
    }

    #[test]
    fn a_command_that_is_not_simulated_is_named() {
        let script = |rest: &str| {
            let text =
                format!("id: f\nnamespace: n\ntasks:\n  - id: t\n    type: io.kestra.plugin.scripts.shell.Script\n    script: {rest}\n");
            match details(&App::with_text(&text, None).update(Msg::Select(Some("t".into())))) {
                Details::Task(task) => task.note,
                other => panic!("{other:?}"),
            }
        };
        insta::assert_debug_snapshot!(script("echo a; git clone x"), @r#"
        Some(
            "`git clone x` is not simulated, it takes 0 s. The settings set another time.",
        )
        "#);
        assert_eq!(script("echo a"), None);
    }

    #[test]
    fn an_item_of_a_template_says_what_was_planned() {
        let template = crate::examples::find("release-flat").expect("it is there").text;
        let app = App::with_text(template, None);
        let key = app.run.as_ref().expect("it runs").rows[2].key.clone();
        insta::assert_snapshot!(text_of(&app.update(Msg::Select(Some(key)))), @"
        Deploy code to server 1, completed, line 13
        Deploy code to server 1 started at 0 s, as soon as `Concurrent Server Deployments` did: nothing held it up.
        in progress: 0 to 15 m
        length: 15 m (set)
        outcome: completed
        type: Task
        ");
    }

    #[test]
    fn the_slots_of_a_loop_are_held_by_its_iterations() {
        let mut app = App::of_example(crate::examples::find("loop").expect("it is an example"));
        app.selected = Some("regions".into());
        let said = text_of(&app);
        let slots: Vec<&str> =
            said.lines().filter(|line| ["at once", "rounds", "slots held"].iter().any(|name| line.starts_with(name))).collect();
        assert_eq!(slots, ["at once: 2 at most", "rounds: 2", "slots held: 100 % of the time, free for 0 s"]);
    }
}
