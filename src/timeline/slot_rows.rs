//! The slots of a run: below each group a row for each of its slots with who stays in it, and who waited for one.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::labels::group_text;
use super::rows::{About, Row};
use super::scale::Scale;
use super::shapes::{LETTER_PX, labelled_px};
use super::{Bar, bar};
use crate::analysis::ends::stopped;
use crate::analysis::segments::{Segment, SegmentKind, earlier_attempt, execution_segments, segments};
use crate::analysis::slots::slots_taken;
use crate::flow::state::State;
use crate::flow::{Flow, FlowIdx, Kind};
use crate::sim::names::{execution_name, local_name, run_key};
use crate::sim::trace::{Children, ExecutionIdx, RunIdx, Trace};
use crate::time::{SimTime, human};
use crate::tr;

/// One row of the view of slots.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotRow {
    /// Its test id: `lane-{group}-{n}`, n from 1, else the key of the run.
    pub key: String,
    /// Its name.
    pub label: String,
    /// What stands beside its name.
    pub meta: String,
    /// How many groups it is in.
    pub depth: usize,
    /// Whether it is a group itself.
    pub is_group: bool,
    /// Who was in it, in order of time.
    pub stays: Vec<Stay>,
}

/// The time that a run was in a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    /// The run; `None` for an execution, and for those that wait.
    pub run: Option<RunIdx>,
    /// The key of the run, or of the execution; `None` for those that wait.
    pub key: Option<Rc<str>>,
    /// The name of the run, or the names of those that wait.
    pub name: Rc<str>,
    /// What it says.
    pub text: String,
    /// The time.
    pub segment: Segment,
    /// The final state.
    pub outcome: Option<State>,
    /// Whether it is a group.
    pub is_group: bool,
    /// Whether another run handed the slot over to it.
    pub handed_over: bool,
    /// Whether the failure of another run stopped it.
    pub is_stopped: bool,
}

impl Stay {
    /// Its bar.
    #[must_use]
    pub fn bar(&self, scale: &Scale) -> Bar {
        Bar { is_stopped: self.is_stopped, ..bar(self.segment, self.is_group, self.outcome, scale) }
    }

    /// What its bar of this width says: all of it, else as much of its name as has room.
    #[must_use]
    pub fn words(&self, width_px: f64) -> String {
        const LEAST_LETTERS: usize = 3;
        /// Some letters, and the sign for those left out, are wider than most.
        const SPARE_PX: f64 = 10.0;
        if width_px >= labelled_px(&self.text) {
            return self.text.clone();
        }
        let name = &*self.name;
        let n_letters = name.chars().count();
        let room =
            (0..=n_letters).rev().find(|n| labelled_px(name) - LETTER_PX * (n_letters - n) as f64 + SPARE_PX <= width_px).unwrap_or(0);
        match room {
            _ if room == n_letters => name.to_owned(),
            room if room > LEAST_LETTERS => name.chars().take(room - 1).chain(['…']).collect(),
            _ => String::new(),
        }
    }
}

impl SlotRow {
    /// Who is drawn: of very many only those that are a pixel wide.
    pub fn drawn(&self, scale: &Scale) -> impl Iterator<Item = &Stay> {
        const MANY: usize = 300;
        self.stays.iter().filter(|stay| self.stays.len() <= MANY || scale.length_px(stay.segment) >= 1.0)
    }

    /// What is read out of it: its name and the first runs in it, with their times.
    #[must_use]
    pub fn sentence(&self) -> String {
        const MOST_NAMES: usize = 20;
        let stay = |stay: &Stay| {
            let times = tr!("{from} to {to}", from = human(stay.segment.from), to = human(stay.segment.to));
            if *stay.name == *self.label { times } else { format!("{} {times}", stay.name) }
        };
        let stays: Vec<String> = self.stays.iter().take(MOST_NAMES).map(stay).collect();
        format!("{}: {}", self.label, stays.join(", "))
    }
}

/// More slots of a group than this are not drawn.
const MOST_SLOTS: usize = 200;

/// The rows of all executions that no task started.
#[must_use]
pub fn slot_rows(flows: &[Flow], trace: &Trace) -> Vec<SlotRow> {
    let children = trace.children();
    let mut walk = Walk { flows, trace, children: &children, stopped: stopped(flows, trace), rows: Vec::new() };
    let roots: Vec<ExecutionIdx> = trace.roots().collect();
    for execution in &roots {
        if roots.len() > 1 {
            walk.execution(*execution);
        }
        children.at_top(*execution).iter().for_each(|run| walk.run(*run, usize::from(roots.len() > 1)));
    }
    walk.rows
}

struct Walk<'a> {
    flows: &'a [Flow],
    trace: &'a Trace,
    children: &'a Children,
    stopped: BTreeMap<RunIdx, Rc<str>>,
    rows: Vec<SlotRow>,
}

impl Walk<'_> {
    fn is_group(&self, run: RunIdx) -> bool {
        self.flows[0].task(self.trace.run(run).task).is_group()
    }

    /// The row of an execution beside others.
    fn execution(&mut self, execution: ExecutionIdx) {
        let key: Rc<str> = Rc::from(format!("x{}", execution.number()));
        let segments = execution_segments(self.trace, execution);
        let outcome = self.trace.execution_history(execution).last().map(|(_, state)| *state).filter(|state| state.is_terminal());
        let stay = |segment: Segment| Stay {
            run: None,
            key: Some(Rc::clone(&key)),
            name: execution_name(self.flows, self.trace, execution),
            text: String::new(),
            segment,
            outcome,
            is_group: !segment.kind.is_wait(),
            handed_over: false,
            is_stopped: false,
        };
        let meta = segments.last().map_or(String::new(), |last| human(last.to - segments[0].from));
        let (label, stays) = (execution_name(self.flows, self.trace, execution).to_string(), segments.iter().copied().map(stay).collect());
        self.rows.push(SlotRow { key: key.to_string(), label, meta, depth: 0, is_group: true, stays });
    }

    fn run(&mut self, run: RunIdx, depth: usize) {
        let key = run_key(self.flows, self.trace, run);
        let name = local_name(self.flows, self.trace, run);
        let is_group = self.is_group(run);
        let row = Row {
            key: Rc::clone(&key),
            name: Rc::clone(&name),
            about: About::Run(FlowIdx::FIRST, self.trace.run(run).task, run),
            depth,
            is_group,
            is_folded: false,
            length: None,
            stopped_by: None,
        };
        let text = if is_group { group_text(self.flows, self.trace, &row) } else { String::new() };
        let parts = segments(self.trace, run);
        let stay = |segment| {
            let whole = self.stay(run);
            let outcome = earlier_attempt(self.trace, run, &segment).or(whole.outcome);
            Stay { segment, outcome, text: text.clone(), handed_over: false, ..whole }
        };
        let stays = parts.into_iter().map(stay).collect();
        let meta = human(self.trace.ended(run) - self.trace.created(run));
        self.rows.push(SlotRow { key: key.to_string(), label: name.to_string(), meta, depth, is_group, stays });
        if is_group {
            self.slots(run, &key, depth + 1);
        }
    }

    /// The slots of a group, who waited for one, and the groups that took them.
    fn slots(&mut self, group: RunIdx, key: &str, depth: usize) {
        let siblings = self.children.of(group);
        let slots = slots_taken(self.trace, siblings);
        let limit = self.trace.run(group).concurrent as usize;
        let n = slots.iter().map(|slot| slot + 1).max().unwrap_or(0).max(limit.min(siblings.len())).min(MOST_SLOTS);
        let mut rows: Vec<(usize, Vec<Stay>)> = vec![(0, Vec::new()); n];
        for (run, slot) in siblings.iter().zip(&slots).filter(|(_, slot)| **slot < n) {
            let (n_tasks, stays) = &mut rows[*slot];
            *n_tasks += 1;
            self.attempts(*run, stays);
        }
        let in_turn = matches!(self.flows[0].task(self.trace.run(group).task).kind, Kind::Sequential(_));
        for (at, (n_tasks, stays)) in rows.into_iter().enumerate() {
            let label = if in_turn { tr!("in turn") } else { tr!("slot {n}", n = at + 1) };
            let meta = tr!("{n} task" | "{n} tasks" % n_tasks);
            self.rows.push(SlotRow { key: format!("lane-{key}-{}", at + 1), label, meta, depth, is_group: false, stays });
        }
        let waiting = self.waiting(siblings);
        if !waiting.is_empty() {
            let meta = tr!("{n} at most", n = waiting.iter().map(|(_, n)| *n).max().unwrap_or(0));
            let stays = waiting.into_iter().map(|(stay, _)| stay).collect();
            self.rows.push(SlotRow { key: format!("waiting-{key}"), label: tr!("waiting"), meta, depth, is_group: false, stays });
        }
        for run in siblings.iter().copied() {
            if self.is_group(run) {
                self.run(run, depth);
            }
        }
    }

    /// The time that a run took a slot; of one that was tried again each attempt, and the times between them.
    fn attempts(&self, run: RunIdx, stays: &mut Vec<Stay>) {
        let whole = self.stay(run);
        let mut parts = segments(self.trace, run);
        parts.retain(|part| !part.kind.is_wait());
        if whole.is_group || parts.iter().all(|part| part.kind != SegmentKind::State(State::Retrying)) {
            return stays.push(whole);
        }
        stays.extend(parts.into_iter().enumerate().map(|(nth, segment)| Stay {
            segment,
            outcome: earlier_attempt(self.trace, run, &segment).or(whole.outcome),
            text: if nth == 0 { whole.text.clone() } else { String::new() },
            handed_over: whole.handed_over && nth == 0,
            ..whole.clone()
        }));
    }

    /// The time that a run took a slot: from its creation to its end.
    fn stay(&self, run: RunIdx) -> Stay {
        let taskrun = self.trace.run(run);
        let (key, name) = (run_key(self.flows, self.trace, run), local_name(self.flows, self.trace, run));
        let segment = Segment { kind: SegmentKind::State(State::Running), from: self.trace.created(run), to: self.trace.ended(run) };
        let by = self.stopped.get(&run);
        Stay {
            text: format!(
                "{name}  {}{}",
                human(segment.to - segment.from),
                by.map_or_else(String::new, |by| tr!(", stopped by {run}", run = by))
            ),
            run: Some(run),
            key: Some(key),
            name,
            segment,
            outcome: Some(self.trace.state(run)).filter(|state| state.is_terminal()),
            is_group: self.is_group(run),
            handed_over: taskrun.released_by.is_some() && segment.from > SimTime::ZERO,
            is_stopped: by.is_some(),
        }
    }

    /// Who waited for a slot: an entry for each time in which the same runs waited, with their number.
    fn waiting(&self, siblings: &[RunIdx]) -> Vec<(Stay, usize)> {
        /// More runs than this are counted, not named.
        const MOST_NAMES: usize = 4;
        let waits: Vec<(RunIdx, SimTime, SimTime)> = siblings
            .iter()
            .flat_map(|run| {
                segments(self.trace, *run)
                    .into_iter()
                    .filter(|part| part.kind == SegmentKind::WaitSlot)
                    .map(|part| (*run, part.from, part.to))
            })
            .collect();
        let mut moments: Vec<SimTime> = waits.iter().flat_map(|(_, from, to)| [*from, *to]).collect();
        moments.sort_unstable();
        moments.dedup();
        let mut found = Vec::new();
        // Waits end in the order in which they are listed, so that all of a moment stand together.
        let mut first = 0;
        for pair in moments.windows(2) {
            while first < waits.len() && waits[first].2 <= pair[0] {
                first += 1;
            }
            let n = waits[first..].iter().filter(|(_, from, to)| *from <= pair[0] && *to >= pair[1]).count();
            let names = waits[first..].iter().filter(|(_, from, to)| *from <= pair[0] && *to >= pair[1]).take(MOST_NAMES);
            let names: Vec<Rc<str>> = names.map(|(run, ..)| local_name(self.flows, self.trace, *run)).collect();
            if n > 0 {
                let text = if n > MOST_NAMES { tr!("{n} task" | "{n} tasks" % n) } else { names.join(", ") };
                let segment = Segment { kind: SegmentKind::WaitSlot, from: pair[0], to: pair[1] };
                let name = Rc::from(&*text);
                let stay = Stay {
                    run: None,
                    key: None,
                    name,
                    text,
                    segment,
                    outcome: None,
                    is_group: false,
                    handed_over: false,
                    is_stopped: false,
                };
                found.push((stay, n));
            }
        }
        found
    }
}
