//! `simulate`: one run, printed.

use std::path::PathBuf;

use clap::ValueEnum;
use parallelogram::render;
use parallelogram::sim::simulate;

use crate::files::write_out;
use crate::report::Stop;
use crate::settings::{Loaded, Settings};

#[derive(clap::Args)]
pub struct Simulate {
    /// A flow in YAML; `-` is standard input.
    file: PathBuf,
    #[command(flatten)]
    settings: Settings,
    /// What to print.
    #[arg(long, default_value = "text")]
    format: Format,
    /// Write to this file instead of standard output: whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Events,
    Csv,
    Svg,
}

impl Simulate {
    /// Simulates and prints.
    pub fn run(&self) -> Result<(), Stop> {
        let Loaded { sources, flows, scenario } = self.settings.load(&self.file)?;
        let trace = simulate(&flows, &scenario);
        let printed = match self.format {
            Format::Text => render::text::text(&flows, &trace),
            Format::Json => render::json::json(&flows, &trace, &sources),
            Format::Events => render::events::events(&flows, &trace),
            Format::Csv => render::csv::csv(&flows, &trace),
            Format::Svg => render::svg::svg(&flows, &trace),
        };
        write_out(self.output.as_deref(), &printed)
    }
}
