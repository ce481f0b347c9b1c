//! Plans that were kept to compare them: a table of all, and where two of them differ.

use std::rc::Rc;

use super::App;
use super::controls::GroupControl;
use super::result::{efficiency, speed_up, total_text};
use super::run::Run;
use super::table::{Cells, time};
use super::terms::Term;
use super::uncertain::Uncertain;
use crate::analysis::makespan::Numbers;
use crate::analysis::segments::SegmentKind;
use crate::analysis::spread::Spread;
use crate::flow::Version;
use crate::language::decimal_mark;
use crate::sim::scenario::Scenario;
use crate::time::{SimTime, human};
use crate::timeline::rows::Row;
use crate::tr;

/// A plan that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// `A` for the first one. A letter is never used again.
    pub name: Rc<str>,
    pub(super) text: Rc<str>,
    pub(super) version: Option<Version>,
    pub(super) chosen: Option<Rc<str>>,
    pub(super) scenario: Rc<Scenario>,
    /// What it comes to.
    pub run: Rc<Run>,
    /// How long it takes over many runs; `None` when nothing in it is drawn.
    pub(super) uncertain: Option<Rc<Uncertain>>,
}

/// All plans that were kept, and the two that are compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trials {
    /// In the order in which they were kept.
    pub all: Vec<Trial>,
    pub(super) n_kept: u32,
    /// The name of the first of the two; one that is not kept is the plan on show.
    pub first: Rc<str>,
    /// The name of the second.
    pub second: Rc<str>,
}

/// What is done with the plans.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Keep the plan on show.
    Pin,
    /// Forget this one.
    Drop(Rc<str>),
    /// Show this one again.
    Show(Rc<str>),
    /// Compare these two.
    Compare(Rc<str>, Rc<str>),
}

/// What the plan on show is called.
pub const NOW: &str = "now";

/// The name of a plan for people.
#[must_use]
pub fn shown(name: &str) -> String {
    if name == NOW { tr!("plan" => "now") } else { name.to_owned() }
}

/// The heads of the table of all plans.
fn heads() -> [String; 9] {
    let [makespan, work, speed_up, efficiency, parallelism] =
        [Term::Makespan, Term::Work, Term::SpeedUp, Term::Efficiency, Term::MeanParallelism].map(Term::word);
    let (plan, limits, changed) = (tr!("column" => "plan"), tr!("column" => "limits"), tr!("column" => "changed"));
    [plan, limits, makespan, tr!("9 of 10 runs"), work, speed_up, efficiency, parallelism, changed]
}

/// The column that is there when lengths are drawn.
const SPREAD: usize = 3;

/// Why nothing is said of an efficiency.
#[must_use]
pub fn no_efficiency() -> String {
    tr!("An efficiency is given of a successful run in which one group has limited slots.")
}

impl Trial {
    /// The plan on show; `None` when there is none.
    pub(super) fn of(name: Rc<str>, app: &App) -> Option<Self> {
        Some(Self {
            name,
            text: Rc::from(&*app.reading.source.text),
            version: app.reading.version,
            chosen: app.reading.chosen.clone(),
            scenario: Rc::clone(&app.scenario),
            run: app.run.clone().filter(|_| !app.is_stale())?,
            uncertain: app.uncertain.clone(),
        })
    }
}

impl Trials {
    fn find(&self, name: &str) -> Option<&Trial> {
        self.all.iter().find(|trial| *trial.name == *name)
    }

    /// The plans of a flow, by its id.
    pub fn of<'a>(&'a self, flow: &'a str) -> impl Iterator<Item = &'a Trial> {
        self.all.iter().filter(move |trial| *trial.run.flow().id == *flow)
    }

    /// The run of the first of the two, when that is a plan that was kept: it stays under the chart.
    #[must_use]
    pub fn ghost(&self) -> Option<&Rc<Run>> {
        self.find(&self.first).map(|trial| &trial.run)
    }
}

impl App {
    /// The page after something was done with the plans.
    pub(super) fn with_trials(self, act: Act) -> Self {
        let mut trials = (*self.trials).clone();
        match act {
            Act::Pin => {
                let Some(trial) = Trial::of(letters(trials.n_kept), &self) else { return self };
                trials.n_kept += 1;
                trials.first = if trials.all.is_empty() { Rc::clone(&trial.name) } else { trials.first };
                trials.all.push(trial);
                if trials.second.is_empty() {
                    trials.second = NOW.into();
                }
            }
            Act::Drop(name) => {
                trials.all.retain(|trial| trial.name != name);
                let first = trials.all.first().map(|trial| Rc::clone(&trial.name));
                trials.first = Some(trials.first).filter(|kept| *kept != name).or(first).unwrap_or_default();
                trials.second = Some(trials.second).filter(|kept| *kept != name).unwrap_or_else(|| NOW.into());
            }
            Act::Compare(first, second) => (trials.first, trials.second) = (first, second),
            Act::Show(name) => {
                let Some(trial) = trials.find(&name).cloned() else { return self };
                return self.with_plan(&trial.text, trial.version, trial.chosen, trial.scenario);
            }
        }
        Self { trials: Rc::new(trials), ..self }.with_kept_ghost()
    }

    /// The page with the first of the two plans under the chart, when it was kept and is one of the flow on show.
    pub(super) fn with_kept_ghost(self) -> Self {
        let ghost = self.trials.ghost().filter(|ghost| self.is_of_this_flow(ghost)).cloned();
        Self { ghost, ..self }
    }

    /// Whether a run is one of the flow on show, so that it can be compared with it.
    pub(super) fn is_of_this_flow(&self, run: &Run) -> bool {
        self.run.as_ref().is_some_and(|now| now.flow().id == run.flow().id)
    }

    /// The plans that were kept of the flow on show.
    pub fn plans(&self) -> impl Iterator<Item = &Trial> {
        self.run.iter().flat_map(|now| self.trials.of(&now.flow().id))
    }

    /// The ids of other flows of which plans were kept: with such a flow its plans are back.
    #[must_use]
    pub fn other_flows(&self) -> Vec<&Rc<str>> {
        let others = self.trials.all.iter().filter(|trial| !self.is_of_this_flow(&trial.run));
        let mut ids: Vec<&Rc<str>> = others.map(|trial| &trial.run.flow().id).collect();
        ids.dedup();
        ids
    }

    /// The names of the two plans that are compared: those that were chosen, as far as they are of the flow on show.
    #[must_use]
    pub fn compared(&self) -> Option<[Rc<str>; 2]> {
        let first = self.plans().next()?;
        let known = |name: &Rc<str>| &**name == NOW || self.plans().any(|trial| trial.name == *name);
        let or = |name: &Rc<str>, other: Rc<str>| if known(name) { Rc::clone(name) } else { other };
        Some([or(&self.trials.first, Rc::clone(&first.name)), or(&self.trials.second, NOW.into())])
    }

    /// The run of the plan with this name; of another name that on show.
    #[must_use]
    pub fn plan(&self, name: &str) -> Option<&Rc<Run>> {
        self.trials.find(name).map(|trial| &trial.run).or(self.run.as_ref())
    }

    /// A line for each plan of the flow on show, and one for the page as it is; the heads first.
    #[must_use]
    pub fn plan_table(&self) -> Cells {
        let first = self.plans().next().map(|trial| (&*trial.text, &*trial.run));
        let kept = self.plans().map(|trial| line(&trial.name, &trial.run, trial.uncertain.as_deref(), &trial.text, first));
        let now = self.run.iter().map(|run| line(NOW, run, self.uncertain.as_deref(), self.text(), first));
        let mut lines: Cells = std::iter::once(heads().to_vec()).chain(kept).chain(now).collect();
        if lines.iter().skip(1).all(|line| line[SPREAD].is_empty()) {
            lines.iter_mut().for_each(|line| _ = line.remove(SPREAD));
        }
        lines
    }
}

fn line(name: &str, run: &Run, uncertain: Option<&Uncertain>, text: &str, first: Option<(&str, &Run)>) -> Vec<String> {
    let numbers: &Numbers = &run.numbers;
    let parallelism = numbers.speedup_hundredths();
    let limits: Vec<String> = run.controls.iter().map(|group| format!("{}: {}", group.id, group.limit_text())).collect();
    let changed = first.map_or_else(Vec::new, |(first_text, first)| {
        let mut changed = changed_limits(first, run);
        let n_lines = n_changed(first_text, text).saturating_sub(changed.len());
        let lines = match changed.is_empty() {
            true => tr!("{n} line" | "{n} lines" % n_lines),
            false => tr!("{n} other line" | "{n} other lines" % n_lines),
        };
        changed.extend((n_lines > 0).then_some(lines));
        changed
    });
    let spread = match uncertain.map(Uncertain::known) {
        None => String::new(),
        Some(None) => "…".to_owned(),
        Some(Some(spread)) => Spread::nine_of_ten(spread),
    };
    vec![
        name.to_owned(),
        limits.join(", "),
        total_text(run),
        spread,
        human(numbers.work),
        speed_up(*numbers),
        efficiency(run).unwrap_or_else(|| "–".to_owned()),
        format!("{}{}{:02}", parallelism / 100, decimal_mark(), parallelism % 100),
        if changed.is_empty() { tr!("changed" => "nothing") } else { changed.join(", ") },
    ]
}

/// The limits that differ between two plans: `extract 3 → 6`.
#[must_use]
pub fn changed_limits(first: &Run, second: &Run) -> Vec<String> {
    let change = |now: &GroupControl| {
        let before = first.controls.iter().find(|group| group.id == now.id)?.limit_text();
        (before != now.limit_text()).then(|| format!("{} {before} → {}", now.id, now.limit_text()))
    };
    second.controls.iter().filter_map(change).collect()
}

/// How many lines of a text another one does not have.
fn n_changed(before: &str, now: &str) -> usize {
    let mut known: Vec<&str> = before.lines().collect();
    known.sort_unstable();
    now.lines().filter(|line| known.binary_search(line).is_err()).count()
}

/// `A` to `Z`, then `AA`.
pub(super) fn letters(n: u32) -> Rc<str> {
    let letter = |n: u32| char::from(b'A' + (n % 26) as u8);
    let text: String = (n / 26).checked_sub(1).map(letter).into_iter().chain([letter(n)]).collect();
    text.into()
}

/// Which of them has this name: the inverse of [`letters`].
pub(super) fn nth_of(name: &str) -> u32 {
    name.bytes().fold(0, |n, byte| n * 26 + u32::from(byte - b'A' + 1)) - 1
}

/// Where a row differs between two plans. `None` in one of them: it is not there.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The name of the row.
    pub name: Rc<str>,
    /// In the first plan, and in the second.
    pub sides: [Option<Side>; 2],
}

/// What a row did in one plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// When it began, after all waits; `None` when it never did.
    pub start: Option<SimTime>,
    /// When it ended.
    pub end: Option<SimTime>,
    /// How it ended.
    pub state: String,
}

/// Two plans beside each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The rows that differ, in the order of the second plan; behind them those that only the first one has.
    pub rows: Vec<Difference>,
    /// How many rows are alike.
    pub n_alike: usize,
    /// The makespans.
    pub makespans: [SimTime; 2],
    /// The scale of both: the later of the two ends.
    pub span: SimTime,
}

/// Compares two plans row by row.
#[must_use]
pub fn compare(first: &Run, second: &Run) -> Comparison {
    let pair = |row: &Row| (row.name.clone(), [first.row(&row.key).map(|row| side(first, row)), Some(side(second, row))]);
    let only_first = first.rows.iter().filter(|row| second.row(&row.key).is_none());
    let pairs = second.rows.iter().map(pair).chain(only_first.map(|row| (row.name.clone(), [Some(side(first, row)), None])));
    let (mut rows, mut n_alike) = (Vec::new(), 0);
    for (name, sides) in pairs {
        if sides[0] == sides[1] { n_alike += 1 } else { rows.push(Difference { name, sides }) }
    }
    let makespans = [first.numbers.makespan, second.numbers.makespan];
    Comparison { rows, n_alike, makespans, span: first.end().max(second.end()).max(SimTime(1)) }
}

fn side(run: &Run, row: &Row) -> Side {
    let segments = row.segments(&run.trace);
    let start = segments.iter().find(|segment| !segment.kind.is_wait()).map(|segment| segment.from);
    let end = row.length.and_then(|_| segments.last()).map(|last| last.to);
    let state = row.outcome(&run.trace).map(SegmentKind::State).or(segments.last().map(|last| last.kind));
    Side { start, end, state: state.map_or_else(|| tr!("did not run"), |kind| kind.label(run.flow().dialect)) }
}

impl Comparison {
    /// The rows that differ as a table, the heads first.
    #[must_use]
    pub fn cells(&self) -> Cells {
        let head = vec![tr!("column" => "task"), tr!("column" => "starts"), tr!("column" => "ends"), tr!("column" => "ended as")];
        let row = |row: &Difference| vec![row.name.to_string(), row.starts(), row.ends(), row.states()];
        std::iter::once(head).chain(self.rows.iter().map(row)).collect()
    }
}

impl Difference {
    /// What `get` gives of both sides: once when it is the same, else with an arrow between.
    #[must_use]
    pub fn text(&self, get: impl Fn(&Side) -> String) -> String {
        let [first, second] = self.sides.each_ref().map(|side| side.as_ref().map_or_else(|| "–".to_owned(), &get));
        if first == second { first } else { format!("{first} → {second}") }
    }

    /// The starts.
    #[must_use]
    pub fn starts(&self) -> String {
        self.text(|side| time(side.start))
    }

    /// The ends.
    #[must_use]
    pub fn ends(&self) -> String {
        self.text(|side| time(side.end))
    }

    /// The states.
    #[must_use]
    pub fn states(&self) -> String {
        self.text(|side| side.state.clone())
    }

    /// Left edge and width of both bars in a picture of this width, in pixels.
    #[must_use]
    pub fn bars(&self, span: SimTime, width_px: f64) -> [Option<(f64, f64)>; 2] {
        let x = |time: SimTime| time.0 as f64 / span.0 as f64 * width_px;
        let bar = |side: &Side| Some((x(side.start?), x(side.end?) - x(side.start?)));
        self.sides.each_ref().map(|side| side.as_ref().and_then(bar))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::study::all_studied;
    use crate::app::table::{csv, markdown};
    use crate::app::{Msg, Panel};

    fn act(app: App, act: Act) -> App {
        app.update(Msg::Trials(act))
    }

    fn three() -> App {
        let a = act(App::open(), Act::Pin);
        let b = act(a.update(Msg::SetConcurrent("parent".into(), Some(6))), Act::Pin);
        b.update(Msg::SetConcurrent("parent".into(), None))
    }

    #[test]
    fn plans_are_kept_and_copied_as_a_table() {
        let lines = three().plan_table();
        insta::assert_snapshot!(markdown(&lines), @"
        | plan | limits | makespan | work | speed-up | efficiency | mean parallelism | changed |
        | --- | --- | --- | --- | --- | --- | --- | --- |
        | A | parent: 3 | 2.0 s | 6.0 s | 3.0× | 100 % | 3.00 | nothing |
        | B | parent: 6 | 1.0 s | 6.0 s | 6.0× | 100 % | 6.00 | parent 3 → 6 |
        | now | parent: no limit | 1.0 s | 6.0 s | 6.0× | – | 6.00 | parent 3 → no limit |
        ");
        insta::assert_snapshot!(csv(&lines), @"
        plan,limits,makespan,work,speed-up,efficiency,mean parallelism,changed
        A,parent: 3,2.0 s,6.0 s,3.0×,100 %,3.00,nothing
        B,parent: 6,1.0 s,6.0 s,6.0×,100 %,6.00,parent 3 → 6
        now,parent: no limit,1.0 s,6.0 s,6.0×,–,6.00,parent 3 → no limit
        ");
    }

    #[test]
    fn the_plans_of_another_flow_are_not_compared_with_this_one() {
        let app = three();
        let other = app.clone().update(Msg::Edit(app.text().replace("id: parallel", "id: other").into()));
        assert_eq!((other.plans().count(), other.compared(), other.plan_table().len()), (0, None, 2));
        assert_eq!(other.other_flows().len(), 1);
        let own = act(other, Act::Pin);
        assert_eq!(own.compared(), Some(["C".into(), NOW.into()]));
        let back = own.update(Msg::Edit(app.text().into()));
        assert_eq!((back.plans().count(), back.compared()), (2, Some(["A".into(), NOW.into()])));
    }

    #[test]
    fn plans_with_lengths_that_are_drawn_say_how_long_most_runs_take() {
        let text = App::open().text().replace("- id: t1", "- id: t1 # sim: 2s..5s");
        let a = act(App::with_text(&text, None), Act::Pin).update(Msg::Panel(Panel::Compare));
        assert_eq!(a.plan_table()[1][3], "…", "it is not known at once");
        let known = all_studied(a.update(Msg::SetConcurrent("parent".into(), Some(2))));
        let table = known.plan_table();
        assert_eq!(table[0][SPREAD], "9 of 10 runs");
        assert_eq!([&*table[1][3], &*table[2][3]], ["under 4.7 s", "at most 5.0 s"]);
    }

    #[test]
    fn two_plans_are_compared_row_by_row() {
        let app = three();
        assert_eq!((&*app.trials.first, &*app.trials.second), ("A", NOW));
        let compared = compare(app.plan("A").expect("it is kept"), app.plan("B").expect("it is kept"));
        let rows = compared.rows.iter().map(|row| format!("{} | {} | {} | {}\n", row.name, row.starts(), row.ends(), row.states()));
        insta::assert_snapshot!(rows.collect::<String>(), @"
        parent | 0 | 2.0 s → 1.0 s | success
        t4 | 1.0 s → 0 | 2.0 s → 1.0 s | success
        t5 | 1.0 s → 0 | 2.0 s → 1.0 s | success
        t6 | 1.0 s → 0 | 2.0 s → 1.0 s | success
        last | 2.0 s → 1.0 s | 2.0 s → 1.0 s | success
        ");
        assert_eq!((compared.n_alike, compared.makespans, compared.span), (3, [SimTime(2000), SimTime(1000)], SimTime(2000)));
        assert_eq!(compared.rows[1].bars(compared.span, 100.0), [Some((50.0, 50.0)), Some((0.0, 50.0))]);
        let same = compare(app.plan("A").expect("it is kept"), app.plan("A").expect("it is kept"));
        assert!(same.rows.is_empty() && same.n_alike == 8);
    }

    #[test]
    fn a_plan_that_is_kept_stays_under_the_chart_and_comes_back() {
        let app = three();
        assert_eq!(app.ghost.as_ref().map(|ghost| ghost.numbers.makespan.0), Some(2000));
        let back = act(app.clone(), Act::Show("A".into()));
        assert_eq!((back.text(), back.run.as_ref().map(|run| run.numbers.makespan.0)), (App::open().text(), Some(2000)));
        assert_eq!(back.update(Msg::Undo).text(), app.text());
        let without = act(act(app.clone(), Act::Drop("A".into())), Act::Drop("B".into()));
        assert!(without.trials.all.is_empty() && without.ghost.is_none());
        let again = act(without, Act::Pin);
        assert_eq!(&*again.trials.all[0].name, "C");
        let other = act(app, Act::Compare("B".into(), "A".into()));
        assert_eq!(other.ghost.as_ref().map(|ghost| ghost.numbers.makespan.0), Some(1000));
        assert_eq!((&*letters(25), &*letters(26)), ("Z", "AA"));
        assert!([0, 25, 26, 701].into_iter().all(|n| nth_of(&letters(n)) == n));
    }
}
