//! A scene with its run, and the runs of scenes that differ from it in one respect.

use std::rc::Rc;

use crate::analysis::expectation::{Expectation, differences};
use crate::analysis::help::Help;
use crate::analysis::makespan::{makespan, running_time};
use crate::edit::{Intent, edit};
use crate::flow::state::State;
use crate::flow::{Flow, Kind, TaskIdx};
use crate::lesson::Scene;
use crate::share::{limits_text, read_settings};
use crate::sim::names::run_key;
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
use crate::sim::trace::{ExecutionIdx, RunIdx, TaskRun, Trace};
use crate::source::Source;
use crate::syntax::parse;
use crate::time::SimTime;

/// A run that came to its end.
pub struct Ran {
    /// The text and the settings.
    pub scene: Scene,
    /// Whether a server would run the scene like this. Otherwise this is how some think that it does.
    pub is_real: bool,
    /// The flow, and those it may call.
    pub flows: Rc<Vec<Flow>>,
    /// What happened.
    pub trace: Trace,
}

/// A task of the flow that ran, and has no other run with its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its run.
    pub run: RunIdx,
    /// Its task.
    pub task: TaskIdx,
    /// Its id.
    pub id: Rc<str>,
    /// When it began.
    pub began: SimTime,
    /// When it ended.
    pub ended: SimTime,
    /// How long it ran, over all its attempts.
    pub took: SimTime,
}

/// A group that has more to do than slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its task.
    pub task: TaskIdx,
    /// Its id.
    pub id: Rc<str>,
    /// Its slots, at least one.
    pub slots: u32,
    /// The most tasks or iterations that a run of it had.
    pub n_children: u32,
}

impl Ran {
    /// The run of a scene; `None` for a scene that can't be run, and for a run that does not end.
    pub fn of(scene: Scene) -> Option<Self> {
        let (flows, trace) = scene.run().ok()?;
        Self { scene, is_real: true, flows: Rc::new(flows), trace }.over()
    }

    /// The same flow with other limits of groups; 0 is no limit.
    pub fn with_slots<'a>(&self, limits: impl Iterator<Item = (&'a str, u32)>) -> Option<Self> {
        let mut scenario = self.scenario();
        scenario.concurrent.extend(limits.map(|(id, n)| (id.to_owned(), n)));
        let mut scene = self.scene.clone();
        scene.settings.set("c", limits_text(&scenario.concurrent));
        let trace = simulate(&self.flows, &scenario);
        Self { scene, is_real: true, flows: Rc::clone(&self.flows), trace }.over()
    }

    /// The same flow with a change of one task, as its bar offers it.
    pub fn with(&self, task: TaskIdx, intent: Intent) -> Option<Self> {
        let source = Source::new("", &*self.scene.flow);
        let (document, _) = parse(&source);
        let edit = edit(&source, &document, self.flow(), task, intent).ok()??;
        Self::of(Scene { flow: edit.apply(&source.text).into(), settings: self.scene.settings.clone() })
    }

    /// The run if limits were batches: the next tasks of a Parallel begin once all of those before have ended.
    pub fn in_batches(&self) -> Option<Self> {
        let (mut flows, mut scenario) = ((*self.flows).clone(), self.scenario());
        for group in self.groups() {
            let task = flows.first_mut()?.tasks.get_mut(group.task.at())?;
            if !matches!(task.kind, Kind::Parallel(_)) {
                continue;
            }
            let (n, slots) = (task.lists.tasks.len() as u32, group.slots);
            let before = |nth: u32| (nth / slots).checked_sub(1).map(|batch| (batch * slots..(batch + 1) * slots).collect());
            let mut kind = Kind::Dag(Box::default());
            if let Kind::Dag(dag) = &mut kind {
                dag.depends_on = (0..n).map(|nth| before(nth).unwrap_or_default()).collect();
            }
            task.kind = kind;
            scenario.concurrent.insert(group.id.to_string(), 0);
        }
        let trace = simulate(&flows, &scenario);
        Self { scene: self.scene.clone(), is_real: false, flows: Rc::new(flows), trace }.over()
    }

    /// Itself, unless the run goes on after what was simulated.
    fn over(self) -> Option<Self> {
        let last = self.trace.execution_history(ExecutionIdx::FIRST).last()?;
        (last.1.is_terminal() && self.trace.truncated.is_none()).then_some(self)
    }

    fn scenario(&self) -> Scenario {
        let mut scenario = Scenario::default();
        read_settings(&self.scene.settings, &mut scenario);
        scenario
    }

    /// The flow that is run.
    pub fn flow(&self) -> &Flow {
        self.trace.flow_of(&self.flows, ExecutionIdx::FIRST)
    }

    /// How long it takes.
    pub fn makespan(&self) -> SimTime {
        makespan(&self.trace)
    }

    /// The state it ends in.
    pub fn state(&self) -> State {
        self.trace.execution_history(ExecutionIdx::FIRST).last().map_or(State::Created, |(_, state)| *state)
    }

    /// Whether a claim holds.
    pub fn holds(&self, claim: &Expectation) -> bool {
        differences(std::slice::from_ref(claim), &self.flows, &self.trace).is_empty()
    }

    /// The tasks that ran, in the order of the text.
    pub fn leaves(&self) -> Vec<Leaf> {
        let mut leaves: Vec<Leaf> = self.trace.iter().filter_map(|(run, about)| self.leaf(run, about)).collect();
        leaves.sort_by_key(|leaf| self.flow().task(leaf.task).span.start);
        leaves
    }

    fn leaf(&self, run: RunIdx, about: &TaskRun) -> Option<Leaf> {
        let is_single = about.execution == ExecutionIdx::FIRST && about.nth == 1 && !about.dropped && about.value.is_none();
        let task = self.flow().task(about.task);
        if !is_single || task.is_group() || !self.trace.state(run).is_terminal() {
            return None;
        }
        let (began, ended, took) = (self.trace.began(run)?, self.trace.ended(run), running_time(&self.trace, run));
        Some(Leaf { run, task: about.task, id: Rc::clone(&task.id), began, ended, took })
    }

    /// The task with this id, if it ran.
    pub fn find(&self, id: &str) -> Option<Leaf> {
        let is_it = |(run, _): &(RunIdx, &TaskRun)| *run_key(&self.flows, &self.trace, *run) == *id;
        self.trace.iter().find(is_it).and_then(|(run, about)| self.leaf(run, about))
    }

    /// The groups that have more to do than slots, in the order of the text.
    pub fn groups(&self) -> Vec<Group> {
        let scenario = self.scenario();
        let help = Help::new(&self.flows, &scenario, &self.trace);
        let began = self.trace.began_tasks(self.flow());
        let group = |task: TaskIdx| {
            let (slots, n_children) = (help.limit(task), help.n_children(task));
            Group { task, id: Rc::clone(&self.flow().task(task).id), slots, n_children }
        };
        let with_slots = self.flow().iter().filter(|(idx, task)| task.has_slots() && began.get(idx.at()) == Some(&true));
        let mut groups: Vec<Group> =
            with_slots.map(|(idx, _)| group(idx)).filter(|group| group.slots > 0 && group.n_children > group.slots).collect();
        groups.sort_by_key(|group| self.flow().task(group.task).span.start);
        groups
    }
}
