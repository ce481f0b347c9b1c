//! `explain`: why each task waited and ended as it did, and what would have helped.

use std::path::PathBuf;

use clap::ValueEnum;
use parallelogram::analysis::explanation::{of_flow, rows};
use parallelogram::render::explain;
use parallelogram::sim::names::{run_key, run_name};
use parallelogram::sim::simulate;
use parallelogram::sim::trace::RunIdx;

use crate::files::Output;
use crate::language::Language;
use crate::report::Stop;
use crate::settings::{Loaded, Settings};

#[derive(clap::Args)]
pub struct Explain {
    /// A flow in YAML; `-` is standard input.
    file: PathBuf,
    #[command(flatten)]
    which: Which,
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

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// The task to explain, by its id or its name in the chart; of a task that runs more than once `ID~K` is its k-th run.
    #[arg(long, value_name = "ID")]
    task: Option<String>,
    /// Explain every taskrun, and the flow as a whole.
    #[arg(long)]
    all: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Markdown,
}

impl Explain {
    /// Simulates, and prints the sentences.
    pub fn run(&self) -> Result<(), Stop> {
        self.lang.speak();
        let Loaded { flows, scenario, .. } = self.settings.load(&self.file)?;
        let trace = simulate(&flows, &scenario);
        let runs = trace.iter().filter(|(_, run)| !run.dropped).map(|(idx, _)| idx);
        let printed = if let Some(task) = &self.which.task {
            let is_named =
                |run: &RunIdx| [run_key(&flows, &trace, *run), run_name(&flows, &trace, *run)].iter().any(|name| **name == **task);
            let runs: Vec<RunIdx> = runs.filter(is_named).take(1).collect();
            let rows = rows(&flows, &scenario, &trace, &runs);
            let row = rows.first().ok_or_else(|| Stop::Because(format!("--task {task}: no taskrun has this name")))?;
            match self.format {
                Format::Text => explain::text(&flows, &trace, &rows, &[]),
                Format::Json => explain::json_of_row(&flows, &trace, row),
                Format::Markdown => explain::markdown(&flows, &trace, &rows, &[]),
            }
        } else {
            let runs: Vec<RunIdx> = runs.collect();
            let (rows, flow) = (rows(&flows, &scenario, &trace, &runs), of_flow(&flows, &scenario, &trace));
            match self.format {
                Format::Text => explain::text(&flows, &trace, &rows, &flow),
                Format::Json => explain::json(&flows, &trace, &rows, &flow),
                Format::Markdown => explain::markdown(&flows, &trace, &rows, &flow),
            }
        };
        self.output.write(&printed)
    }
}
