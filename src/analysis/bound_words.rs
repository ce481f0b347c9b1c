//! The sentences of bounds: what no schedule can beat.

use super::claims::{Bound, Limit};
use super::sentence::{Names, Pieces, n_whole, say, text, time, whole, whole_of};
use crate::tr;

impl Bound {
    pub(super) fn sentence(&self, names: Names<'_>) -> Pieces {
        let trace = names.trace;
        let of = whole_of(trace).filter(|_| trace.has_drawn);
        let has_several_groups = names.flows.first().is_some_and(|flow| flow.tasks.iter().filter(|task| task.has_slots()).count() > 1);
        let message = match (self.limit, of.is_some()) {
            _ if !self.is_best => return self.lesser(names, has_several_groups),
            (Limit::Chain, false) => tr!("No schedule takes less than {at}: {reason}."),
            (Limit::Chain, true) => tr!("With the lengths {of} no schedule takes less than {at}: {reason}."),
            (Limit::Workers(_) | Limit::Cores(_), false) => tr!("No schedule takes less than {at} on this server: {reason}."),
            (Limit::Workers(_) | Limit::Cores(_), true) => {
                tr!("With the lengths {of} no schedule takes less than {at} on this server: {reason}.")
            }
            (Limit::Groups | Limit::Slots(..) | Limit::Held(..), false) => {
                tr!("No schedule takes less than {at} with these limits: {reason}.")
            }
            (Limit::Groups | Limit::Slots(..) | Limit::Held(..), true) => {
                tr!("With the lengths {of} no schedule takes less than {at} with these limits: {reason}.")
            }
        };
        let reason = match self.limit {
            Limit::Chain | Limit::Groups => self.of_chain(),
            Limit::Held(_, n) => tr!("what runs in {group} holds its one slot for at least {time} in all"
                | "what runs in {group} holds its {n} slots for at least {time} in all" % n),
            Limit::Slots(_, n) if has_several_groups => {
                tr!("{time} of work on one slot of {group}" | "{time} of work share {n} slots of {group}" % n)
            }
            Limit::Slots(_, n) => tr!("{time} of work on one slot" | "{time} of work share {n} slots" % n),
            Limit::Workers(n) => tr!("{time} of work on one worker" | "{time} of work share {n} workers" % n),
            Limit::Cores(n) => tr!("{time} of work on one core" | "{time} of work share {n} cores" % n),
        };
        say(&message, &[("of", text(&of.unwrap_or_default())), ("at", time(self.at)), ("reason", self.say(names, &reason))])
    }

    /// The sentence of a bound below the largest.
    fn lesser(&self, names: Names<'_>, has_several_groups: bool) -> Pieces {
        let message = match self.limit {
            Limit::Chain | Limit::Groups => {
                let message = tr!("With any limits {whole} takes at least {at}: {reason}."
                    | "With any limits {whole} take at least {at}: {reason}." % n_whole(names.trace));
                let reason = self.say(names, &self.of_chain());
                return say(&message, &[("whole", text(&whole(names.trace))), ("at", time(self.at)), ("reason", reason)]);
            }
            Limit::Held(_, n) => tr!("What runs in {group} holds its one slot for at least {time} in all, so it takes at least {at}."
                | "What runs in {group} holds its {n} slots for at least {time} in all, so it takes at least {at}." % n),
            Limit::Slots(_, n) if has_several_groups => tr!("{time} of work on one slot of {group} takes at least {at}."
                | "{time} of work on {n} slots of {group} take at least {at}." % n),
            Limit::Slots(_, n) => {
                tr!("{time} of work on one slot takes at least {at}." | "{time} of work on {n} slots take at least {at}." % n)
            }
            Limit::Workers(n) => {
                tr!("{time} of work on one worker takes at least {at}." | "{time} of work on {n} workers take at least {at}." % n)
            }
            Limit::Cores(n) => {
                tr!("{time} of work on one core takes at least {at}." | "{time} of work on {n} cores take at least {at}." % n)
            }
        };
        self.say(names, &message)
    }

    /// What a chain of tasks shows, as a main clause.
    fn of_chain(&self) -> String {
        match self.limit {
            Limit::Chain => tr!("so long is the longest chain of tasks that run one after another"),
            _ => tr!("tasks and groups that run one after another last so long even with every slot always in use"),
        }
    }

    fn say(&self, names: Names<'_>, message: &str) -> Pieces {
        let group = match self.limit {
            Limit::Slots(group, _) | Limit::Held(group, _) => names.run(group),
            _ => Pieces::new(),
        };
        say(message, &[("group", group), ("at", time(self.at)), ("time", time(self.time))])
    }
}
