//! What is known of a run only once changes of it have been simulated: what would have helped the selected task, the best next
//! change, and why a slot more brought nothing. It takes many simulations, so the page makes it in slices.

use std::rc::Rc;

use super::run::Run;
use super::{App, Panel, Tab};
use crate::analysis::claims::{Change, Claim, Counterfactual};
use crate::analysis::floats::floats;
use crate::analysis::help::Help;
use crate::analysis::optimize::{optimize, orders};
use crate::analysis::sentence::{Piece, n_whole, say, text, whole, whole_of};
use crate::analysis::slack::slack;
use crate::analysis::why::Why;
use crate::sim::scenario::Scenario;
use crate::time::human;
use crate::tr;

/// Changes of a run are simulated when it has at most so many events.
const MOST_EVENTS: usize = 20_000;

/// More orders than these are not offered.
const MOST_ORDERS: usize = 2;

/// What is asked about a run.
#[derive(Debug, Clone)]
pub struct Question {
    run: Rc<Run>,
    scenario: Rc<Scenario>,
    /// The key of the selected row.
    key: Option<Rc<str>>,
    /// Whether the best next change is asked for.
    asks_best: bool,
}

/// Two questions are equal when they are about one and the same run.
impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.run.trace, &other.run.trace) && self.key == other.key && self.asks_best == other.asks_best
    }
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    question: Question,
    /// Sentences about changes, each with the change that can be made at once.
    pub changes: Vec<(Vec<Piece>, Option<Change>)>,
    /// Why the last slot brought nothing: the question, and a sentence.
    pub alike: Option<(String, Vec<Piece>)>,
}

impl App {
    /// What is to be asked of the run on show; `None` without a run, or while the text can't be run.
    #[must_use]
    pub fn question(&self) -> Option<Question> {
        let run = self.run.as_ref().filter(|_| !self.is_stale() && self.pending.is_none())?;
        let shows_details = self.panel == Panel::Details && (self.is_panel_open || self.tab == Tab::Why);
        Some(Question {
            run: Rc::clone(run),
            scenario: Rc::clone(&self.scenario),
            key: self.selected_row().map(|row| Rc::clone(&row.key)),
            asks_best: shows_details && self.selected_row().is_none(),
        })
    }

    /// The advice, when it answers what is to be asked now.
    #[must_use]
    pub fn advice(&self) -> Option<&Rc<Advice>> {
        let question = self.question()?;
        self.advice.as_ref().filter(|advice| advice.question == question)
    }

    /// The advice that is shown: that of now, else until it is known the last one about the same row, and whether it is that of now.
    #[must_use]
    pub fn shown_advice(&self) -> Option<(&Advice, bool)> {
        let question = self.question()?;
        let is_about = |advice: &&Rc<Advice>| advice.question.key == question.key && advice.question.asks_best == question.asks_best;
        self.advice.as_ref().filter(is_about).map(|advice| (&**advice, advice.question == question))
    }

    /// The page after a change that was advised: all limits at once, another order, another mode, one dependency less.
    pub(super) fn advised(self, change: &Change) -> Self {
        match change {
            Change::Set(limits) => self.with_limits(limits),
            Change::LongestFirst(group) => self.longest_first(group),
            Change::Parallel(group) => self.changed(group, crate::edit::Intent::Switch),
            Change::Without(task, on) => self.linked(on, task, crate::edit::unlink),
            Change::Workers(n) => {
                let scenario = Scenario { workers: Some(*n), ..(*self.scenario).clone() };
                self.with_settings(scenario)
            }
            Change::Cores(n) => {
                let scenario = Scenario { cores: Some(*n), ..(*self.scenario).clone() };
                self.with_settings(scenario)
            }
            Change::Duration(..) => self,
        }
    }
}

impl Question {
    /// What is said of a run that is too long to be asked about.
    #[must_use]
    pub fn refused(&self) -> Option<Advice> {
        let too_long = tr!("This run is too long to try changes of it here: `parallelogram explain` and `optimize` do.");
        let advice = Advice { question: self.clone(), changes: vec![(text(&too_long), None)], alike: None };
        (self.run.trace.events.len() > MOST_EVENTS).then_some(advice)
    }

    /// What can be asked about its run.
    #[must_use]
    pub fn why(&self) -> Why<'_> {
        Why::new(&self.run.flows, &self.run.trace)
    }

    /// What simulates changes of its run.
    #[must_use]
    pub fn help(&self) -> Help<'_> {
        Help::new(&self.run.flows, &self.scenario, &self.run.trace)
    }

    /// The answer. `help` may refuse to simulate more for now: then the answer is to be asked for again.
    #[must_use]
    pub fn answer(&self, why: &Why<'_>, help: &Help<'_>) -> Advice {
        let (flows, trace) = (&self.run.flows, &self.run.trace);
        let mut advice = Advice { question: self.clone(), changes: Vec::new(), alike: None };
        let words = |claim: &Claim| claim.sentence(flows, trace);
        let group = self.run.control_for(self.key.as_deref()).and_then(|control| self.run.flow().find(&control.id));
        if let Some(alike) = group.and_then(|group| help.alike(group)) {
            advice.alike = Some((alike.question(), words(&Claim::Alike(alike))));
        }
        let row = self.key.as_deref().and_then(|key| self.run.row(key)?.run());
        let claims = match row {
            Some(run) => {
                let slack = slack(flows, trace, help, &floats(flows, trace), run).map(Claim::Changed);
                help.of(why, run).into_iter().chain(slack).collect()
            }
            None => Vec::new(),
        };
        let with_change = |claim: &Claim| match claim {
            Claim::Changed(changed) => {
                let is_change = !changed.none_helps && changed.slack.is_none() && !matches!(changed.change, Change::Duration(..));
                let can_be_made = is_change && changed.makespan < changed.now_makespan;
                (words(claim), can_be_made.then(|| changed.change.clone()))
            }
            _ => (words(claim), None),
        };
        advice.changes.extend(claims.iter().map(with_change));
        if self.asks_best {
            self.add_plan(help, &mut advice, with_change);
        }
        advice
    }

    /// The best next change, and the fewest slots for the best time.
    fn add_plan(&self, help: &Help<'_>, advice: &mut Advice, with_change: impl Fn(&Claim) -> (Vec<Piece>, Option<Change>)) {
        let plan = optimize(&self.run.flows, &self.run.trace, help, None);
        let (pieces, change) = match plan.next {
            Some(next) => {
                let (pieces, change) = with_change(&Claim::Changed(next));
                (say(&tr!("Best next change: {change}"), &[("change", pieces)]), change)
            }
            None => {
                let none = tr!(
                    "No single change helps: no limit of a group and no order of its tasks makes {whole} shorter. All were tried.",
                    whole = plan.tried_on
                );
                (text(&none), None)
            }
        };
        let limits: Vec<_> = plan.limits.iter().filter(|limit| limit.limit != limit.now).collect();
        let set = Change::Set(limits.iter().map(|limit| (limit.group.clone(), limit.limit)).collect());
        let is_other = !limits.is_empty() && plan.makespan < plan.now && change.as_ref() != Some(&set);
        advice.changes.push((pieces, change.clone()));
        if is_other {
            let is_near = plan.is_close && plan.makespan > plan.bound;
            let what = match (is_near, whole_of(&self.run.trace)) {
                (true, None) => tr!("Fewest slots within 1 % of the best time"),
                (true, Some(of_whole)) => tr!("Fewest slots within 1 % of the best time {of_whole}", of_whole),
                (false, None) => tr!("Fewest slots for the best time"),
                (false, Some(of_whole)) => tr!("Fewest slots for the best time {of_whole}", of_whole),
            };
            let mut pieces = text(&[&*what, ": "].concat());
            for (n, limit) in limits.iter().enumerate() {
                pieces.extend((n > 0).then(|| Piece::Text(", ".to_owned())));
                pieces.push(Piece::Code(format!("{}: {}", limit.group, limit.limit)));
            }
            let runs = plan.runs.map_or_else(String::new, |runs| format!(" {}", runs.text(&self.run.trace)));
            let (whole, time, now) = (whole(&self.run.trace), human(plan.makespan), human(plan.now));
            let takes = tr!(
                "{whole} would take {time} instead of {now}." | "{whole} would take {time} instead of {now}." % n_whole(&self.run.trace),
                whole,
                time,
                now
            );
            pieces.extend(text(&[": ", &takes, &runs].concat()));
            advice.changes.push((pieces, Some(set)));
        }
        // Without a best change an order is one that shortens this run by chance.
        let orders = orders(self.run.flow()).filter(|_| change.is_some()).filter_map(|order| help.changed(order, None));
        let shortens = |order: &Counterfactual| order.makespan < order.now_makespan && change.as_ref() != Some(&order.change);
        let mut orders: Vec<Counterfactual> = orders.filter(shortens).collect();
        orders.sort_by_key(|order| order.makespan);
        advice.changes.extend(orders.into_iter().take(MOST_ORDERS).map(|order| with_change(&Claim::Changed(order))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sentence::plain;
    use crate::app::Msg;

    fn answer(app: &App) -> (String, Vec<Change>) {
        let question = app.question().expect("it runs");
        let (why, help) = (question.why(), question.help());
        let mut n_slices = 0;
        let advice = loop {
            n_slices += 1;
            if let Some(advice) = help.within(1, |help| question.answer(&why, help)) {
                break advice;
            }
        };
        assert!(n_slices > 0 && advice == question.answer(&why, &help));
        let alike = advice.alike.iter().map(|(asked, said)| format!("{asked} {}", plain(said)));
        let lines = alike.chain(advice.changes.iter().map(|(said, _)| plain(said)));
        (lines.collect::<Vec<_>>().join("\n"), advice.changes.iter().filter_map(|(_, change)| change.clone()).collect())
    }

    fn at(example: &str, slots: u32) -> App {
        let app = App::open().update(Msg::Example(crate::examples::find(example).expect("it is there").id));
        let group = app.run.as_ref().expect("it runs").control_for(None).expect("it has slots").id;
        app.update(Msg::SetConcurrent(group, Some(slots)))
    }

    #[test]
    fn a_slot_that_brings_nothing_is_explained() {
        let asked = |example, slots| answer(&at(example, slots)).0;
        insta::assert_snapshot!(asked("parallel", 4), @"Why no gain at 4? With 3 slots the flow takes 2.0 s as well: six 1 s tasks on 4 slots still need two rounds.");
        assert!(asked("parallel", 5).starts_with("Why no gain at 5?"));
        assert_eq!(asked("parallel", 6), "");
        insta::assert_snapshot!(asked("graham", 4), @"Why slower at 4? With 3 slots the flow takes 12.0 s, with 4 it takes 15.0 s: t9 starts at 6.0 s instead of 3.0 s. With 4, t5, t6, t7 and t8 hold all slots of `graph` at 3.0 s, and it waits 3.0 s for one; with 3 it waits for none.");
    }

    #[test]
    fn the_best_next_change_is_made_at_once() {
        let open = at("graham", 4).update(Msg::Panel(Panel::Details));
        let (said, changes) = answer(&open);
        insta::assert_snapshot!(said, @"
        Why slower at 4? With 3 slots the flow takes 12.0 s, with 4 it takes 15.0 s: t9 starts at 6.0 s instead of 3.0 s. With 4, t5, t6, t7 and t8 hold all slots of `graph` at 3.0 s, and it waits 3.0 s for one; with 3 it waits for none.
        Best next change: With `concurrent: 3` the flow would take 12.0 s instead of 15.0 s.
        With the longest chains of `graph` first, the flow would take 12.0 s instead of 15.0 s.
        ");
        assert_eq!(changes.len(), 2);
        for change in changes {
            let better = open.clone().update(Msg::Make(change));
            assert_eq!(better.run.as_ref().map(|run| run.numbers.makespan.0), Some(12_000), "{}", better.text());
            assert_eq!(better.update(Msg::Undo).text(), open.text());
        }
    }
}
