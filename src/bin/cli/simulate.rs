//! `simulate`: one run, printed.

use std::path::PathBuf;

use clap::ValueEnum;
use parallelogram::analysis::endless::endless;
use parallelogram::analysis::faults::faults;
use parallelogram::analysis::spread::spread;
use parallelogram::render;
use parallelogram::render::spread::spread_text;
use parallelogram::sim::simulate;

use crate::files::Output;
use crate::report::{Stop, print_diagnostic};
use crate::settings::{Loaded, Settings};

#[derive(clap::Args)]
pub struct Simulate {
    /// A flow in YAML; `-` is standard input.
    file: PathBuf,
    #[command(flatten)]
    settings: Settings,
    /// How often the flow is simulated, with seeds from that of the settings up: prints how long most runs take.
    #[arg(long, value_name = "N", default_value_t = 0)]
    runs: u32,
    /// What to print.
    #[arg(long, default_value = "text")]
    format: Format,
    /// With `--format svg`: a picture that plays the run by itself, without script.
    #[arg(long)]
    play: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Events,
    Csv,
    Svg,
    /// Chrome's trace events, for Perfetto.
    Trace,
    /// A Gantt chart of Mermaid.
    Mermaid,
    /// A table.
    Markdown,
}

impl Simulate {
    /// Simulates and prints.
    pub fn run(&self) -> Result<(), Stop> {
        if self.play && !matches!(self.format, Format::Svg) {
            return Err(Stop::Because("only a picture can play: add `--format svg`".to_owned()));
        }
        let Loaded { sources, flows, scenario } = self.settings.load(&self.file)?;
        let trace = simulate(&flows, &scenario);
        for (file, source) in sources.iter().enumerate() {
            endless(&flows, &trace, source, file).iter().for_each(|found| print_diagnostic(found, source));
        }
        for fault in faults(&flows, &trace) {
            if let Some(source) = sources.get(fault.file) {
                print_diagnostic(&fault.diagnostic(), source);
            }
        }
        let spread = spread(&flows, &scenario, self.runs);
        let printed = match self.format {
            Format::Text => render::text::text(&flows, &trace) + &spread.map_or(String::new(), |spread| spread_text(&spread) + "\n"),
            Format::Json => render::json::json_with_spread(&flows, &trace, &sources, spread.as_ref()),
            Format::Events => render::events::events(&flows, &trace),
            Format::Csv => render::csv::csv(&flows, &trace),
            Format::Svg if self.play => render::play::playing(&flows, &trace),
            Format::Svg => render::svg::svg(&flows, &trace),
            Format::Trace => render::chrome_trace::chrome_trace(&flows, &trace),
            Format::Mermaid => render::mermaid::mermaid(&flows, &trace),
            Format::Markdown => render::markdown::markdown(&flows, &trace),
        };
        self.output.write(&printed)
    }
}
