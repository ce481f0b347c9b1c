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
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
use crate::sim::trace::{ExecutionIdx, RunIdx, Trace};
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

/// A task of the flow that ran, and has no other run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// Its run.
    pub run: RunIdx,
    /// Its task.
    pub task: TaskIdx,
    /// When it began.
    pub began: SimTime,
    /// When it ended.
    pub ended: SimTime,
    /// How long it ran, over all its attempts.
    pub took: SimTime,
}

/// By what tasks are put in order: numbers, the second one among those with the same first.
pub type Key<'a> = &'a dyn Fn(&Leaf) -> (u64, u64);

/// Tasks in another order.
pub fn sorted(mut leaves: Vec<Leaf>, key: Key<'_>) -> Vec<Leaf> {
    leaves.sort_by_key(key);
    leaves
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
}

impl Ran {
    /// The run of a scene; `None` for a scene that can't be run, and for a run that does not end.
    pub fn of(scene: Scene) -> Option<Self> {
        let (flows, trace) = scene.run().ok()?;
        Self { scene, is_real: true, flows: Rc::new(flows), trace }.over()
    }

    /// The same flow with this limit for each of these groups; 0 is no limit.
    pub fn with_slots(&self, groups: &[Group], slots: u32) -> Option<Self> {
        let mut scenario = self.scenario();
        for group in groups {
            scenario.concurrent.insert(group.id.to_string(), slots);
        }
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
        let mut leaves = Vec::new();
        for (run, about) in self.trace.iter() {
            let is_single = about.execution == ExecutionIdx::FIRST && about.nth == 1 && !about.dropped && about.value.is_none();
            if let (true, Some(began)) = (is_single && self.trace.state(run).is_terminal(), self.trace.began(run))
                && !self.flow().task(about.task).is_group()
            {
                let (ended, took) = (self.trace.ended(run), running_time(&self.trace, run));
                leaves.push(Leaf { run, task: about.task, began, ended, took });
            }
        }
        sorted(leaves, &|leaf| (self.flow().task(leaf.task).span.start.into(), 0))
    }

    /// The id of a task.
    pub fn id(&self, leaf: Leaf) -> &str {
        &self.flow().task(leaf.task).id
    }

    /// The same task in this run, if it ran.
    pub fn find(&self, leaf: Leaf) -> Option<Leaf> {
        self.leaves().into_iter().find(|found| found.task == leaf.task)
    }

    /// The groups that have more to do than slots.
    pub fn groups(&self) -> Vec<Group> {
        let scenario = self.scenario();
        let help = Help::new(&self.flows, &scenario, &self.trace);
        let began = self.trace.began_tasks(self.flow());
        let mut groups = Vec::new();
        for (task, about) in self.flow().iter() {
            let slots = help.limit(task);
            if about.has_slots() && slots > 0 && began.get(task.at()) == Some(&true) && help.n_children(task) > slots {
                groups.push(Group { task, id: Rc::clone(&about.id), slots });
            }
        }
        groups
    }
}
