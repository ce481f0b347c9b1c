//! The critical path as it is shown: its runs, what is said of it, and the times that no schedule can beat.

use std::rc::Rc;

use super::run::Run;
use crate::analysis::bounds::lower_bounds;
use crate::analysis::claims::{Claim, Limit};
use crate::analysis::critical_path::path;
use crate::analysis::sentence::{Piece, plain};
use crate::sim::trace::{RunIdx, Trace};
use crate::time::SimTime;
use crate::timeline::rows::Row;

/// The critical path of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Critical {
    trace: Rc<Trace>,
    /// Its runs, in order of time.
    pub runs: Vec<RunIdx>,
    /// Which runs it goes through, and what else is as long.
    pub sentence: Vec<Piece>,
    /// The times that no schedule can beat, the largest first, with a sentence each.
    pub bounds: Vec<(SimTime, String)>,
}

impl Critical {
    /// That of a run. `last` is kept while it still holds.
    #[must_use]
    #[inline(never)] // So that it can be fetched later.
    pub fn of(run: &Run, last: Option<&Rc<Self>>) -> Rc<Self> {
        if let Some(last) = last.filter(|last| Rc::ptr_eq(&last.trace, &run.trace)) {
            return Rc::clone(last);
        }
        let found = path(&run.flows, &run.trace);
        // The largest, and what holds whatever the limits are; `explain` prints all.
        let bound = |claim: Claim| match &claim {
            Claim::Bound(bound) if bound.is_best || bound.limit == Limit::Chain => {
                Some((bound.at, plain(&claim.sentence(&run.flows, &run.trace))))
            }
            _ => None,
        };
        let bounds = lower_bounds(run.flow(), &run.trace).claims(&run.trace).into_iter().filter_map(bound).collect();
        Rc::new(Self {
            trace: Rc::clone(&run.trace),
            runs: found.runs.clone(),
            sentence: Claim::Path(found).sentence(&run.flows, &run.trace),
            bounds,
        })
    }

    /// Whether the run of a row is on it.
    #[must_use]
    pub fn has(&self, row: &Row) -> bool {
        row.run().is_some_and(|run| self.runs.contains(&run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{App, Msg};

    #[test]
    fn the_path_is_there_while_it_is_shown() {
        assert!(App::open().path.is_none());
        let open = App::open().update(Msg::Critical);
        let path = open.path.as_ref().expect("it is shown");
        insta::assert_snapshot!(plain(&path.sentence), @"The critical path is t1, t4 and last, each from the end of the one before. Also on paths just as long: t2, t3, t5 and t6.");
        insta::assert_snapshot!(path.bounds.iter().map(|(_, text)| &**text).collect::<Vec<_>>().join("\n"), @"
        No schedule takes less than 2.0 s with these limits: 6.0 s of work share 3 slots.
        With any limits the flow takes at least 1.0 s: so long is the longest chain of tasks that run one after another.
        ");
        let b = open.clone().update(Msg::Example("sequential"));
        insta::assert_snapshot!(plain(&b.path.as_ref().expect("it is shown").sentence), @"The critical path is t1, t2, t3 and last, each from the end of the one before. Also on paths just as long: t4, t5 and t6.");
        let graham = open.clone().update(Msg::Example("graham")).update(Msg::SetConcurrent("graph".into(), Some(4)));
        let said = plain(&graham.path.as_ref().expect("it is shown").sentence);
        assert!(said.ends_with("t4, t5 and t9, each from the end of the one before. Also on paths just as long: t6 and t7."), "{said}");
        assert!(open.update(Msg::Critical).path.is_none());
    }
}
