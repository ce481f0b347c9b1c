//! The settings of a run: everything that can change its result and is not in the text.

use std::collections::BTreeMap;

use crate::budget::{BYTES, WORK};
use crate::flow::Flow;
use crate::time::SimTime;
use crate::value::{Map, Value};

/// The settings of a run. The same flows and the same scenario give the same trace, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// What random draws and ids come from.
    pub seed: u64,
    /// The virtual date of the start, in milliseconds since 1970-01-01T00:00:00Z.
    pub start_epoch_ms: i64,
    /// How long a taskrun is CREATED before a worker takes it.
    pub dispatch_delay: SimTime,
    /// How often the server looks whether a retry or a pause is over; 0 is at once. When it looks first is drawn.
    pub timer: SimTime,
    /// How many leaves may run at once on the whole server; `None` is no limit.
    pub workers: Option<u32>,
    /// How many cores the tasks that workers run share; `None` lets none slow another down.
    pub cores: Option<u32>,
    /// `concurrent` of groups, by task id, in place of what is written; 0 is no limit.
    pub concurrent: BTreeMap<String, u32>,
    /// The inputs that are given, by id.
    pub inputs: Vec<(String, Value)>,
    /// Whether inputs are checked and typed by their declarations; else they are taken as they are given, and no others.
    pub typed_inputs: bool,
    /// Labels that are given at the start.
    pub labels: Vec<(String, String)>,
    /// What `envs` and `globals` hold in expressions.
    pub context: Map,
    /// Values in place of unknown ones and of choices, by path: `outputs.query.rows`, `tasks.decide.condition`.
    pub assumptions: Map,
    /// Whether flows and templates that are called, and are not among the texts, are taken to be on the server; else calling
    /// them fails.
    pub unseen_flows: bool,
    /// How many executions of the flow are started.
    pub executions: u32,
    /// The time between their starts.
    pub every: SimTime,
    /// How many batches a ForEachItem has, by task id.
    pub batches: BTreeMap<String, u32>,
    /// When the executions that the settings start are killed.
    pub kill_after: Option<SimTime>,
    /// When a person resumes their pauses.
    pub resume_after: Option<SimTime>,
    /// Virtual time at which a run that has not ended is stopped.
    pub horizon: SimTime,
    /// How many events a run may have before it is stopped.
    pub max_events: usize,
    /// How many steps its expressions and scripts may take before it is stopped.
    pub max_work: u64,
    /// How many bytes it may keep before it is stopped.
    pub max_bytes: u64,
}

/// When a run starts that nobody gave a date: 2024-01-01T00:00:00Z.
pub const USUAL_START_EPOCH_MS: i64 = 1_704_067_200_000;

impl Scenario {
    /// The virtual date of the start: the one that was set; else the one the first flow is planned for.
    #[must_use]
    pub fn start_of(&self, flows: &[Flow]) -> i64 {
        let planned = flows.first().and_then(|flow| flow.starts_at).filter(|_| self.start_epoch_ms == USUAL_START_EPOCH_MS);
        planned.unwrap_or(self.start_epoch_ms)
    }
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            seed: 0,
            start_epoch_ms: USUAL_START_EPOCH_MS,
            dispatch_delay: SimTime::ZERO,
            timer: SimTime::ZERO,
            workers: None,
            cores: None,
            concurrent: BTreeMap::new(),
            inputs: Vec::new(),
            typed_inputs: true,
            labels: Vec::new(),
            context: Map::new(),
            assumptions: Map::new(),
            unseen_flows: true,
            executions: 1,
            every: SimTime::ZERO,
            batches: BTreeMap::new(),
            kill_after: None,
            resume_after: None,
            horizon: SimTime(365 * 86_400_000),
            max_events: 2_000_000,
            max_work: WORK,
            max_bytes: BYTES,
        }
    }
}
