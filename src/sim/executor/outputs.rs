//! What expressions see as `outputs` while an execution runs. Rule: Kestra, "Outputs".

use std::cell::RefCell;
use std::rc::Rc;

use super::Executor;
use crate::flow::kestra::versions::EmptyOutputs;
use crate::sim::outputs::{add, add_empty, remove};
use crate::sim::trace::{ExecutionIdx, RunIdx};
use crate::value::{Map, Value};

/// The outputs of the tasks of an execution, merged when they are asked for.
#[derive(Debug, Default, Clone)]
pub(super) struct Outputs(RefCell<Merged>);

#[derive(Debug, Default, Clone)]
struct Merged {
    map: Rc<Map>,
    /// What is not in the map yet, in the order in which it came.
    pending: Vec<News>,
}

/// What has become known of a taskrun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    /// It is there, without outputs so far.
    Is(RunIdx),
    /// It has given its outputs.
    Gave(RunIdx),
    /// It was removed, and its outputs with it.
    Gone(RunIdx),
}

impl Executor<'_> {
    /// A taskrun gives outputs.
    pub(super) fn set_outputs(&mut self, run: RunIdx, outputs: Value) {
        self.taskrun_mut(run).outputs = Some(outputs);
        self.note_outputs(run);
    }

    /// A taskrun has outputs, which others see later.
    pub(super) fn hold_outputs(&mut self, run: RunIdx, outputs: Value) {
        self.keep(run, std::slice::from_ref(&outputs));
        self.taskrun_mut(run).outputs = Some(outputs);
    }

    /// A taskrun keeps values.
    pub(super) fn keep(&self, run: RunIdx, values: &[Value]) {
        let size = values.iter().map(Value::size).sum();
        let budget = self.budget_of(Some(run));
        budget.keep(size);
        budget.work(size / 256);
    }

    /// The outputs of a taskrun are there for others to see.
    pub(super) fn note_outputs(&self, run: RunIdx) {
        if self.trace.run(run).outputs.is_some() {
            self.note(run, News::Gave(run));
        }
    }

    /// A taskrun has come to where a version may begin to show its outputs, be they empty.
    pub(super) fn note_empty_outputs(&self, run: RunIdx, since: EmptyOutputs) {
        if self.rules.context.empty_outputs == since {
            self.note(run, News::Is(run));
        }
    }

    /// The outputs of a taskrun that was removed are gone.
    pub(super) fn forget_outputs(&self, run: RunIdx) {
        self.note(run, News::Gone(run));
    }

    fn note(&self, run: RunIdx, news: News) {
        let pending = &mut self.execution(self.execution_of(run)).outputs.0.borrow_mut().pending;
        // A Loop gives its outputs anew with each iteration.
        if pending.last() != Some(&news) {
            pending.push(news);
        }
    }

    /// What an iteration begins with: the outputs of the execution that holds its Loop.
    pub(super) fn inherited_outputs(&self, holder: ExecutionIdx) -> Outputs {
        /// So many news are copied for each iteration rather than merged for all.
        const FEW: usize = 64;
        let n_pending = self.execution(holder).outputs.0.borrow().pending.len();
        if n_pending > FEW {
            self.outputs(holder);
        }
        self.execution(holder).outputs.clone()
    }

    /// The outputs of all tasks of an execution so far, by task id, and below that by the values of the groups around it.
    pub(super) fn outputs(&self, idx: ExecutionIdx) -> Rc<Map> {
        let mut merged = self.execution(idx).outputs.0.borrow_mut();
        let Merged { map, pending } = &mut *merged;
        for news in pending.drain(..) {
            let known = Rc::make_mut(map);
            match news {
                News::Is(run) => add_empty(known, self.flows, &self.trace, run),
                News::Gave(run) => add(known, self.flows, &self.trace, run),
                News::Gone(run) => remove(known, self.flows, &self.trace, run),
            }
        }
        Rc::clone(map)
    }
}
