//! Cores: the tasks that workers run share them. A setting of the simulation, as
//! docs/fidelity.md says.
//!
//! While no more of them run than there are cores, each takes the time it takes alone. While there are more, all go on at the
//! same speed, cores / tasks. So one clock of work is enough: what a task will do lies at a point of that clock, and the clock
//! alone runs faster or slower.

use std::collections::BTreeMap;

use super::moment::{Moment, ticks};
use super::{Due, Executor};
use crate::flow::Level;
use crate::flow::behavior::Effect;
use crate::flow::state::State;
use crate::sim::trace::RunIdx;
use crate::time::SimTime;

/// Parts of a millisecond on the clock of work: a multiple of 1 to 15, so that it is exact for as many tasks.
const PARTS: u64 = 720_720;

/// The cores, and what the tasks that share them are still to do.
#[derive(Debug)]
pub(super) struct Cores {
    n: u64,
    /// The tasks on them, with the clock of work and the time at which each began.
    busy: BTreeMap<RunIdx, (u64, SimTime)>,
    /// The clock of work, in parts of a millisecond, and when it was read.
    worked: u64,
    read_at: SimTime,
    /// What is due on the clock of work, by its time there and its place in the queue, with the tick it is due at. Tasks that
    /// nothing slows down so keep the order they have without cores.
    milestones: BTreeMap<(u64, u64), (u32, Due)>,
    /// The plan in force: when the next milestone comes changes with each task that begins or ends.
    plan: u32,
}

impl Cores {
    pub fn new(n: u32) -> Self {
        let (busy, milestones) = Default::default();
        Self { n: u64::from(n.max(1)), busy, worked: 0, read_at: SimTime::ZERO, milestones, plan: 0 }
    }

    /// Reads the clock of work.
    fn read(&mut self, now: SimTime) {
        let length = now.0.saturating_sub(self.read_at.0);
        let tasks = self.n.max(self.busy.len() as u64);
        self.worked += (u128::from(length) * u128::from(PARTS) * u128::from(self.n) / u128::from(tasks)) as u64;
        self.read_at = now;
    }

    /// Whether this plan is still in force, and something is left to do.
    pub fn follows(&self, plan: u32) -> bool {
        self.plan == plan && !self.busy.is_empty()
    }

    /// When the next milestone comes, if nothing changes.
    fn next(&self) -> Option<SimTime> {
        let ((at, _), _) = self.milestones.first_key_value()?;
        let tasks = self.n.max(self.busy.len() as u64);
        let length = (u128::from(at.saturating_sub(self.worked)) * u128::from(tasks)).div_ceil(u128::from(PARTS) * u128::from(self.n));
        Some(self.read_at + SimTime(length as u64))
    }
}

impl Executor<'_> {
    /// A task begins on a core.
    pub(super) fn enter_core(&mut self, run: RunIdx) {
        if let Some(cores) = &mut self.cores {
            cores.read(self.now.at);
            cores.busy.insert(run, (cores.worked, self.now.at));
        }
    }

    /// A task is done, or was stopped: those that go on may do so faster.
    pub(super) fn leave_core(&mut self, run: RunIdx) {
        let Some(cores) = &mut self.cores else { return };
        cores.read(self.now.at);
        let Some((worked, began)) = cores.busy.remove(&run) else { return };
        let alone = SimTime((cores.worked - worked).div_ceil(PARTS));
        let slowed = self.now.at - began - alone;
        if let Some(attempt) = self.taskrun_mut(run).attempts.last_mut() {
            attempt.slowed = slowed;
        }
        self.plan_cores();
    }

    /// Something is due once a task on a core has worked for a length of time, and some ticks later.
    pub(super) fn after_work(&mut self, length: SimTime, ticks: u32, due: Due) {
        let at = self.later(length).after(ticks);
        match &mut self.cores {
            Some(cores) if length > SimTime::ZERO => {
                let point = cores.worked.saturating_add(length.0.saturating_mul(PARTS));
                cores.milestones.insert((point, self.queue.reserve()), (at.tick, due));
            }
            _ => self.queue.push(at, due),
        }
    }

    /// Plans the next milestone anew.
    pub(super) fn plan_cores(&mut self) {
        let Some(cores) = &mut self.cores else { return };
        cores.plan += 1;
        if let Some(at) = cores.next() {
            // Before anything else of its millisecond, unless that is under way.
            let moment = if at == self.now.at { self.now } else { Moment::at(at) };
            self.queue.push(moment, Due::Cores(cores.plan));
        }
    }

    /// The next milestones are reached.
    pub(super) fn cores_reach(&mut self) {
        let Some(cores) = &mut self.cores else { return };
        cores.read(self.now.at);
        let later = cores.milestones.split_off(&(cores.worked + 1, 0));
        for ((_, nth), (tick, due)) in std::mem::replace(&mut cores.milestones, later) {
            self.queue.push_reserved(Moment { at: self.now.at, tick: tick.max(self.now.tick) }, nth, due);
        }
        self.plan_cores();
    }

    /// A job has taken longer than its task lets it, as it shared its core.
    pub(super) fn time_out(&mut self, run: RunIdx, job: u32, timeout: SimTime) {
        let live = self.live_mut(run);
        if live.job != Some(job) {
            return;
        }
        live.stopped_job = live.job.take();
        live.effect = None;
        self.taskrun_mut(run).outputs = None;
        // Of the job that is stopped nothing more is logged: this is no entry of it.
        let entry = Box::new((run, 0, Level::Error, super::worker::timeout_message(timeout).into()));
        self.soon(ticks::REPORT - ticks::WORK, Due::Log(entry));
        self.report(run, self.now, State::Failed, Effect::None);
    }

    /// The time-out of an attempt counts the time on a clock, however slowly the work goes on.
    pub(super) fn watch_timeout(&mut self, run: RunIdx, job: u32) {
        if let (true, Ok(Some(timeout))) = (self.cores.is_some(), self.timeout_of(run)) {
            self.queue.push(self.later(timeout).after(ticks::WORK), Due::TimeOut(run, job, timeout));
        }
    }
}
