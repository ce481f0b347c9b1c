//! Real executions against simulated ones, in this order: which there are and how they end; their task runs and how they
//! end; when each began and ended, within what a server takes beside the work itself; then the details.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;

use super::Strictness;
use super::case::{Execution, History, Key, Part, TaskRun, shown};

// A server is late by some time at the start, by a share of the time that has passed, since each hand-over costs it some
// milliseconds, and by a little for each retry, pause and queueing before.
const BASE_MS: f64 = 650.0;
const SHARE: f64 = 0.04;
const TIMER_MS: f64 = 150.0;
/// The states that a timer or a queue ends.
const TIMED: [&str; 3] = ["RETRYING", "PAUSED", "QUEUED"];

/// Sentences about what differs, the weightiest first. Times are not compared when it is not `timed`.
pub fn differences(real: &[Execution], simulated: &[Execution], strictness: Strictness, timed: bool) -> Vec<String> {
    let mut found = Vec::new();
    let [theirs, ours] = [real, simulated].map(shape);
    if theirs != ours {
        found.push(format!("executions: real {}, simulated {}", beyond(&theirs, &ours), beyond(&ours, &theirs)));
    }
    let clock = timed.then(|| Clock::of(real));
    for (place, real, simulated) in in_pairs(real, simulated) {
        found.extend(execution(real, simulated, strictness, clock.as_ref()).into_iter().map(|sentence| format!("{place}: {sentence}")));
    }
    found
}

/// Sentences about groups whose task runs came to be in another order.
pub fn orders(real: &[Execution], simulated: &[Execution]) -> Vec<String> {
    let differ = |(place, real, simulated): (String, &Execution, &Execution)| {
        let [theirs, ours] = [real, simulated].map(children);
        let differs = |(group, children): (&&[Part], &Vec<String>)| {
            let others = ours.get(group)?;
            (children != others).then(|| format!("{place}: in the order {}, simulated {}", children.join(", "), others.join(", ")))
        };
        theirs.iter().filter_map(differs).collect::<Vec<_>>()
    };
    in_pairs(real, simulated).into_iter().flat_map(differ).collect()
}

/// Task runs that have not ended in executions that have.
pub fn left_open(executions: &[Execution]) -> Vec<String> {
    const ENDS: [&str; 7] = ["SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED", "SKIPPED", "RETRIED"];
    let is_over = |state: &str| ENDS.contains(&state);
    let ended = executions.iter().filter(|one| is_over(&one.state));
    let open = ended.flat_map(|one| one.runs.iter().filter(|run| !is_over(&run.state)));
    open.map(|run| format!("{} {}", name(&run.key), run.state)).collect()
}

/// How long the engine took from a leaf's creation to its work, in the middle, in milliseconds; 0 without leaves.
pub fn hand_over(executions: &[Execution]) -> i64 {
    let of_run = |run: &TaskRun| {
        let at = |wanted: &str| run.history.iter().find(|(state, _)| state == wanted).map(|(_, ms)| *ms);
        at("SUBMITTED").and(Some(at("RUNNING")? - at("CREATED")?))
    };
    let mut all: Vec<i64> = executions.iter().flat_map(|one| one.runs.iter().filter_map(of_run)).collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(0)
}

/// The names of the task runs of each group, in the order of the list.
fn children(execution: &Execution) -> BTreeMap<&[Part], Vec<String>> {
    let mut children: BTreeMap<&[Part], Vec<String>> = BTreeMap::new();
    for run in &execution.runs {
        let (last, group) = run.key.split_last().expect("a key has at least its task");
        children.entry(group).or_default().push(name(std::slice::from_ref(last)));
    }
    children
}

/// Which real execution is which simulated one, with what it is called. Which of several executions of a flow gets a slot first is a race on
/// a server: they are paired in the order in which they began.
fn in_pairs<'a>(real: &'a [Execution], simulated: &'a [Execution]) -> Vec<(String, &'a Execution, &'a Execution)> {
    let flows: BTreeSet<&str> = real.iter().map(|one| one.flow.as_str()).collect();
    let of_flow = |flow: &'a str| {
        let [theirs, ours] = [real, simulated].map(|all| in_order(all, flow));
        let pairs = theirs.into_iter().zip(ours).enumerate();
        pairs.map(move |(nth, (real, simulated))| {
            let place = if nth == 0 { flow.to_owned() } else { format!("{flow}#{}", nth + 1) };
            (place, real, simulated)
        })
    };
    flows.into_iter().flat_map(of_flow).collect()
}

/// How many executions there are of each flow and state.
fn shape(executions: &[Execution]) -> BTreeMap<(&str, &str), usize> {
    let mut shape = BTreeMap::new();
    executions.iter().for_each(|one| *shape.entry((one.flow.as_str(), one.state.as_str())).or_default() += 1);
    shape
}

/// What the one has more of than the other.
fn beyond(one: &BTreeMap<(&str, &str), usize>, other: &BTreeMap<(&str, &str), usize>) -> String {
    let more = one.iter().map(|(kind, n)| (kind, n.saturating_sub(other.get(kind).copied().unwrap_or(0)))).filter(|(_, n)| *n > 0);
    let more: Vec<String> = more.map(|((flow, state), n)| format!("{n} × {flow} {state}")).collect();
    if more.is_empty() { "none".to_owned() } else { more.join(", ") }
}

fn in_order<'a>(all: &'a [Execution], flow: &str) -> Vec<&'a Execution> {
    let mut of_flow: Vec<&Execution> = all.iter().filter(|one| one.flow == flow).collect();
    of_flow.sort_by_key(|one| (began(&one.history).is_none(), began(&one.history)));
    of_flow
}

/// When it left the states before the work.
fn began(history: &History) -> Option<i64> {
    history.iter().find(|(state, _)| !["CREATED", "QUEUED", "SUBMITTED"].contains(&state.as_str())).map(|(_, at)| *at)
}

fn ended(history: &History) -> Option<i64> {
    history.last().map(|(_, at)| *at)
}

/// How late a server may be.
struct Clock {
    /// When something began to wait for a timer, each moment once.
    waits: BTreeSet<i64>,
}

impl Clock {
    fn of(real: &[Execution]) -> Self {
        let histories = real.iter().flat_map(|one| std::iter::once(&one.history).chain(one.runs.iter().map(|run| &run.history)));
        let waits = histories.flatten().filter(|(state, _)| TIMED.contains(&state.as_str())).map(|(_, at)| *at).collect();
        Self { waits }
    }

    /// Whether the two may be the same moment.
    fn agree(&self, real: Option<i64>, simulated: Option<i64>) -> bool {
        let (Some(real), Some(simulated)) = (real, simulated) else { return real.is_none() == simulated.is_none() };
        let n_waits = self.waits.range(..real).count() as f64;
        (real - simulated).abs() as f64 <= BASE_MS + SHARE * real.max(simulated) as f64 + TIMER_MS * n_waits
    }
}

fn agree(clock: Option<&Clock>, real: Option<i64>, simulated: Option<i64>) -> bool {
    clock.is_none_or(|clock| clock.agree(real, simulated))
}

fn execution(real: &Execution, simulated: &Execution, strictness: Strictness, clock: Option<&Clock>) -> Vec<String> {
    let mut found = Vec::new();
    let [theirs, ours] = [real, simulated].map(by_key);
    let [missing, extra] = [surplus(&theirs, &ours), surplus(&ours, &theirs)];
    if !(missing.is_empty() && extra.is_empty()) {
        found.push(format!("task runs missing: {missing:?}, too many: {extra:?}"));
    }
    let none = Vec::new();
    let pairs: Vec<(&TaskRun, &TaskRun)> =
        theirs.iter().flat_map(|(key, runs)| runs.iter().copied().zip(ours.get(key).unwrap_or(&none).iter().copied())).collect();
    for (theirs, ours) in &pairs {
        if theirs.state != ours.state {
            found.push(format!("{} is {}, simulated {}", name(&theirs.key), theirs.state, ours.state));
        }
    }
    for (theirs, ours) in &pairs {
        for (what, moment) in [("begins", began as fn(&History) -> Option<i64>), ("ends", ended)] {
            let [real, simulated] = [theirs, ours].map(|run| moment(&run.history));
            if !agree(clock, real, simulated) {
                found.push(format!("{} {what} {}, simulated {}", name(&theirs.key), at(real), at(simulated)));
                break;
            }
        }
    }
    let [their_end, our_end] = [real, simulated].map(|one| ended(&one.history));
    if !agree(clock, their_end, our_end) {
        found.push(format!("execution ends {}, simulated {}", at(their_end), at(our_end)));
    }
    if strictness == Strictness::Details {
        found.extend(pairs.iter().flat_map(|(theirs, ours)| details(theirs, ours)));
    }
    found
}

fn by_key(execution: &Execution) -> BTreeMap<&Key, Vec<&TaskRun>> {
    let mut by_key: BTreeMap<&Key, Vec<&TaskRun>> = BTreeMap::new();
    execution.runs.iter().for_each(|run| by_key.entry(&run.key).or_default().push(run));
    by_key
}

/// The names of the keys that the one has more runs of than the other.
fn surplus(one: &BTreeMap<&Key, Vec<&TaskRun>>, other: &BTreeMap<&Key, Vec<&TaskRun>>) -> Vec<String> {
    one.iter().filter(|(key, runs)| other.get(*key).map_or(0, Vec::len) < runs.len()).map(|(key, _)| name(key)).collect()
}

/// What differs in the states passed through, the attempts and the outputs.
fn details(real: &TaskRun, simulated: &TaskRun) -> Vec<String> {
    let name = name(&real.key);
    let mut found = Vec::new();
    let [theirs, ours] = [real, simulated].map(|run| run.history.iter().map(|(state, _)| state.as_str()).collect::<Vec<_>>().join("-"));
    if theirs != ours {
        found.push(format!("{name} passes {theirs}, simulated {ours}"));
    }
    if real.attempts != simulated.attempts {
        found.push(format!("{name} has attempts {:?}, simulated {:?}", real.attempts, simulated.attempts));
    }
    let [theirs, ours] = [real, simulated].map(|run| run.outputs.keys().collect::<BTreeSet<_>>());
    if theirs != ours {
        found.push(format!("{name} has outputs {theirs:?}, simulated {ours:?}"));
    }
    for key in theirs.intersection(&ours) {
        let [theirs, ours] = [real, simulated].map(|run| without_chance(&shown(&run.outputs[*key])));
        // What only a server knows prints in these brackets.
        if theirs != ours && !ours.contains('⟨') {
            found.push(format!("{name} has output {key} {theirs}, simulated {ours}"));
        }
    }
    found
}

/// A text without the dates and ids in it, which are others in each run.
fn without_chance(text: &str) -> String {
    let dates = Regex::new(r"\d{4}-\d\d-\d\dT[\d:.]+Z?").expect("it is a pattern");
    let ids = Regex::new(r"\be\d+(\.t\d+)?\b|\b[0-9A-Za-z]{20,22}\b").expect("it is a pattern");
    ids.replace_all(&dates.replace_all(text, "DATE"), "ID").into_owned()
}

fn at(moment: Option<i64>) -> String {
    moment.map_or_else(|| "never".to_owned(), |ms| format!("at {ms} ms"))
}

fn name(key: &[Part]) -> String {
    let part = |(task, value, _): &Part| match value {
        Some(value) => format!("{task}[{value}]"),
        None => task.clone(),
    };
    key.iter().map(part).collect::<Vec<_>>().join("/")
}
