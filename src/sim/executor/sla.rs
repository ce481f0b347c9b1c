//! What a flow demands of its executions: SLA and checks. Rules: Kestra, "SLA" and "Checks".

use std::rc::Rc;

use super::moment::ticks;
use super::view::Context;
use super::{Due, Executor};
use crate::flow::kestra::checks;
use crate::flow::state::State;
use crate::flow::{Level, SlaEnd, SlaRule};
use crate::sim::trace::ExecutionIdx;
use crate::time::iso_duration;
use crate::tr;

impl<'f> Executor<'f> {
    /// An execution has run as long as a rule of its flow lets it.
    pub(super) fn sla_is_over(&mut self, idx: ExecutionIdx, nth: usize) {
        let execution = self.execution(idx);
        let lasted = self.now.at - execution.started_at.at;
        let SlaRule::MaxDuration(longest) = self.flow_of(idx).sla[nth].rule else { return };
        let reason = format!("execution duration of {} exceed the maximum duration of {}.", iso_duration(lasted), iso_duration(longest));
        self.break_sla(idx, nth, &reason);
    }

    /// Looks at what the flow asserts of its executions.
    pub(super) fn check_assertions(&mut self, idx: ExecutionIdx) {
        let flow = self.flow_of(idx);
        for (nth, sla) in flow.sla.iter().enumerate() {
            let SlaRule::Assertion(text) = &sla.rule else { continue };
            let execution = self.execution(idx);
            if execution.state.is_terminal() || execution.broken.contains(&nth) {
                continue;
            }
            let why = tr!(const "an assertion that depends on what only a real server knows holds");
            let truth = Context::new(self, idx, None).view().truth(text, "assert", true, why);
            match truth {
                Ok(true) => {}
                Ok(false) => {
                    self.execution_mut(idx).broken.push(nth);
                    self.break_sla(idx, nth, &format!("assertion is false: {text}."));
                }
                Err(error) if self.rules.assertion_errors_violate => {
                    self.execution_mut(idx).broken.push(nth);
                    let message = format!("SLA '{}' could not be evaluated and is treated as violated: {error}", sla.id);
                    self.log_execution(idx, Level::Error, message);
                    self.break_sla(idx, nth, &format!("SLA could not be evaluated: {error}"));
                }
                Err(error) if self.rules.in_passes => {
                    self.log_execution(idx, Level::Error, format!("Ignoring SLA '{}' because of the error: {error}", sla.id));
                }
                Err(_) => {}
            }
        }
    }

    fn break_sla(&mut self, idx: ExecutionIdx, nth: usize, reason: &str) {
        let sla = &self.flow_of(idx).sla[nth];
        let labels = sla.labels.iter().map(|(key, value)| (Rc::clone(key), value.print())).collect();
        self.set_labels(idx, labels);
        self.log_execution(idx, Level::Warn, format!("SLA '{}' violated: {reason}", sla.id));
        let state = match sla.end {
            Some(SlaEnd::Fail) => {
                self.log_execution(idx, Level::Error, format!("Execution failed due to SLA '{}' violated: {reason}", sla.id));
                State::Failed
            }
            Some(SlaEnd::Cancel) => State::Cancelled,
            None => return,
        };
        if self.rules.sla_stops {
            let last =
                self.runs_in_execution(idx).into_iter().rfind(|run| !self.state(*run).is_terminal() && self.state(*run) != State::Paused);
            if let Some(run) = last {
                self.change_with_attempt(run, state);
            }
        }
        self.change_execution(idx, state);
        if self.rules.sla_stops {
            self.soon(ticks::INTERRUPT, Due::KillWorkers(idx));
        }
        self.has_changed(idx);
    }

    /// Looks at the checks of a flow as an execution of it starts. Those that only a server could evaluate pass.
    pub(super) fn check_flow(&mut self, idx: ExecutionIdx) {
        let flow = self.flow_of(idx);
        let fails = {
            let context = Context::new(self, idx, None);
            checks::fails(&flow.checks, &|text| context.view().evaluate(text))
        };
        if fails {
            self.execution_mut(idx).is_over_known = true;
            self.change_execution(idx, State::Failed);
            let root = self.execution(idx).root;
            self.group_mut(root).after = super::group::List::in_sequence(&[], &|_| true);
        }
    }
}
