//! `calibrate`: times out of real executions.

use std::path::PathBuf;

use parallelogram::actual::fit::quantile;
use parallelogram::actual::learn::{Halves, Learned, Timing, apart, halves, learn};
use parallelogram::actual::together;
use parallelogram::edit::{note_text, set_notes};
use parallelogram::flow::Flow;
use parallelogram::render::actual::{columns, signed};
use parallelogram::syntax::parse;
use parallelogram::time::{SimTime, human};

use crate::files::{Output, write_whole};
use crate::report::{Stop, because};
use crate::settings::{Loaded, Settings};
use crate::simulate::executions;

/// How many simulations predict the executions that were held back.
const RUNS: u32 = 200;

#[derive(clap::Args)]
pub struct Calibrate {
    /// A flow in YAML.
    file: PathBuf,
    /// Executions of it, as the JSON of Kestra's API: one each, or lists of them.
    #[arg(required = true, value_name = "EXECUTION")]
    real: Vec<PathBuf>,
    /// Write the times into the flow, as `# sim:` comments.
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    output: Output,
}

impl Calibrate {
    /// Learns, and prints or writes what was learned.
    pub fn run(&self) -> Result<(), Stop> {
        let Loaded { sources, flows, scenario } = self.settings.load(&self.file)?;
        let mut runs = apart(together(executions(&self.real)?));
        let flow = &flows[0];
        runs.retain(|run| run.first().is_some_and(|one| *one.flow == *flow.id));
        if runs.is_empty() {
            return Err(Stop::Because(format!("none of these executions is one of `{}`", flow.id)));
        }
        let found = learn(&flows, &scenario, &runs);
        self.output.write(&learned(flow, &found, halves(&flows, &scenario, &runs, RUNS).as_ref()))?;
        if !self.write {
            return Ok(());
        }
        let source = &sources[flow.file];
        let edit = set_notes(source, &parse(source).0, flow, &found.notes()).map_err(Stop::Because)?;
        let Some(edit) = edit else { return Ok(()) };
        write_whole(&self.file, &edit.apply(&source.text)).map_err(|error| because(self.file.display(), "written", &error))
    }
}

const HEAD: [&str; 6] = ["task", "attempts", "median", "from .. to", "failed", "note"];

/// A line for each task with its times and the note that it needs, then the settings of the server, then how well half of the executions
/// predicted the others. With a line break at the end.
fn learned(flow: &Flow, found: &Learned, halves: Option<&Halves>) -> String {
    let rows: Vec<[String; 6]> = found.tasks.iter().map(|timing| row(flow, timing)).collect();
    let from = if found.n_runs == 1 { "1 execution".to_owned() } else { format!("{} executions", found.n_runs) };
    let mut lines = vec![format!("learned from {from} of {}", flow.id), String::new()];
    lines.extend(columns(&HEAD.map(str::to_owned), &rows));
    lines.push(String::new());
    if let Some(hand_over) = spread(&found.hand_overs) {
        lines.push(format!("hand-over to a worker: {hand_over}; --dispatch-delay {}ms", found.dispatch_delay().0));
    }
    lines.push(match found.workers() {
        Some(workers) => format!("{} waits while {workers} tasks ran: --workers {workers}", found.n_waits),
        None => format!("no task waited for a worker; at most {} ran at once", found.most_at_once),
    });
    lines.extend(halves.map(checked));
    lines.join("\n") + "\n"
}

fn row(flow: &Flow, timing: &Timing) -> [String; 6] {
    let at = |thousandths| quantile(&timing.lengths, thousandths).map_or_else(String::new, human);
    let failed = if timing.n_failed == 0 { String::new() } else { timing.n_failed.to_string() };
    let (from, to) = (at(0), at(1000));
    let range = if from == to { from } else { format!("{from} .. {to}") };
    let note = timing.note.map(note_text).unwrap_or_default();
    [flow.task(timing.task).id.to_string(), timing.n_attempts.to_string(), at(500), range, failed, note]
}

/// The middle and where half of all lie; `None` of none.
fn spread(ordered: &[SimTime]) -> Option<String> {
    let at = |thousandths| quantile(ordered, thousandths).map(human);
    Some(format!("{}, half of them {} to {}", at(500)?, at(250)?, at(750)?))
}

fn checked(halves: &Halves) -> String {
    let (real, simulated) = (halves.real.percentile(50), halves.simulated.percentile(50));
    let (n, error) = (halves.real.n_runs(), halves.error_thousandths());
    let off = i64::try_from(simulated.0).unwrap_or(i64::MAX).saturating_sub(i64::try_from(real.0).unwrap_or(i64::MAX));
    format!(
        "check by halves: {n} executions that were held back took {} in the middle, predicted {} ({}, {}.{} %); {} of {n} within what was predicted",
        human(real),
        human(simulated),
        signed(off),
        error / 10,
        error % 10,
        halves.n_within,
    )
}
