//! `optimize`: the best next change, and the fewest slots for the best time.

use std::path::PathBuf;

use parallelogram::analysis::help::Help;
use parallelogram::analysis::optimize::optimize;
use parallelogram::render::explain;
use parallelogram::sim::simulate;

use crate::explain::Format;
use crate::files::Output;
use crate::language::Language;
use crate::report::Stop;
use crate::settings::{Loaded, Settings};

#[derive(clap::Args)]
pub struct Optimize {
    /// A flow in YAML; `-` is standard input.
    file: PathBuf,
    /// No group gets more slots than this.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_slots: Option<u32>,
    #[command(flatten)]
    settings: Settings,
    /// What to print.
    #[arg(long, default_value = "text")]
    format: Format,
    /// The language of the sentences.
    #[arg(long, value_name = "TAG", default_value = "en")]
    lang: Language,
    #[command(flatten)]
    output: Output,
}

/// All limits that are tried may take so many events.
const MOST_EVENTS: usize = 8_000_000;
/// With fewer runs than these no plan is looked for.
const FEWEST_RUNS: usize = 50;

fn too_long(n_events: usize) -> String {
    let n_runs = MOST_EVENTS / n_events;
    format!(
        "a run takes {n_events} events, and no plan is found with the {n_runs} runs that fit into {MOST_EVENTS} events; give a smaller `--max-slots`, or `explain` the run"
    )
}

impl Optimize {
    /// Simulates the combinations of limits, and prints the plan.
    pub fn run(&self) -> Result<(), Stop> {
        self.lang.speak();
        let Loaded { flows, scenario, .. } = self.settings.load(&self.file)?;
        let trace = simulate(&flows, &scenario);
        let (help, n_events) = (Help::new(&flows, &scenario, &trace), trace.events.len().max(1));
        let n_runs = Some(MOST_EVENTS / n_events).filter(|n_runs| *n_runs >= FEWEST_RUNS);
        let plan = n_runs.and_then(|n_runs| help.within(n_runs, |help| optimize(&flows, &trace, help, self.max_slots)));
        let plan = plan.ok_or_else(|| Stop::Because(too_long(n_events)))?;
        let printed = match self.format {
            Format::Text => explain::plan_text(&flows, &trace, &plan),
            Format::Json => explain::plan_json(&flows, &trace, &plan),
            Format::Markdown => explain::plan_markdown(&flows, &trace, &plan),
        };
        self.output.write(&printed)
    }
}
