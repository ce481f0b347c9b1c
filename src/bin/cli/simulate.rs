//! `simulate`: one run, printed.

use std::path::PathBuf;

use clap::ValueEnum;
use parallelogram::actual::{self, Execution, Overlay};
use parallelogram::analysis::endless::endless;
use parallelogram::analysis::faults::faults;
use parallelogram::analysis::spread::spread;
use parallelogram::flow::Flow;
use parallelogram::render;
use parallelogram::render::json::write_json;
use parallelogram::render::spread::spread_text;
use parallelogram::sim::simulate;
use parallelogram::sim::trace::Trace;
use parallelogram::source::Source;

use crate::files::{Output, read};
use crate::report::{Stop, print_diagnostic};
use crate::settings::{Loaded, MOST_RUNS, Settings};

#[derive(clap::Args)]
pub struct Simulate {
    /// A flow in YAML; `-` is standard input.
    file: PathBuf,
    #[command(flatten)]
    settings: Settings,
    /// How often the flow is simulated, with seeds from that of the settings up: prints how long most runs take.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=MOST_RUNS))]
    runs: u32,
    /// A real execution of the flow, as the JSON of Kestra's API, to lay over the simulated one; again for those of its subflows.
    #[arg(long, value_name = "FILE")]
    actual: Vec<PathBuf>,
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
        if self.play && !self.actual.is_empty() {
            return Err(Stop::Because("a picture with a real run can't play: give `--play` or `--actual`".to_owned()));
        }
        if !self.actual.is_empty() && !matches!(self.format, Format::Text | Format::Json | Format::Svg) {
            return Err(Stop::Because("a real run is shown as text, json or svg".to_owned()));
        }
        let Loaded { sources, flows, scenario } = self.settings.load(&self.file)?;
        let trace = simulate(&flows, &scenario);
        let overlay = overlay(&flows, &trace, &self.actual)?;
        report(&flows, &trace, &sources);
        let spread = spread(&flows, &scenario, self.runs);
        let printed = match self.format {
            Format::Text => {
                let spread = spread.map_or(String::new(), |spread| spread_text(&spread) + "\n");
                let actual = overlay.map_or(String::new(), |overlay| below(&flows, &trace, &overlay));
                render::text::text(&flows, &trace) + &spread + &actual
            }
            Format::Json => {
                return self.output.write_by(|out| write_json(out, &flows, &trace, &sources, spread.as_ref(), overlay.as_ref()));
            }
            Format::Events => render::events::events(&flows, &trace),
            Format::Csv => render::csv::csv(&flows, &trace),
            Format::Svg if self.play => render::play::playing(&flows, &trace),
            Format::Svg => match &overlay {
                Some(overlay) => render::actual::svg(&flows, &trace, overlay),
                None => render::svg::svg(&flows, &trace),
            },
            Format::Trace => render::chrome_trace::chrome_trace(&flows, &trace),
            Format::Mermaid => render::mermaid::mermaid(&flows, &trace),
            Format::Markdown => render::markdown::markdown(&flows, &trace),
        };
        self.output.write(&printed)
    }
}

/// Prints what is to be known of a run: loops that do not end, and where a server does something else.
pub fn report(flows: &[Flow], trace: &Trace, sources: &[Source]) {
    for (file, source) in sources.iter().enumerate() {
        endless(flows, trace, source, file).iter().for_each(|found| print_diagnostic(found, source));
    }
    for fault in faults(flows, trace) {
        if let Some(source) = sources.get(fault.file) {
            print_diagnostic(&fault.diagnostic(), source);
        }
    }
}

/// Real executions out of files, on one clock.
///
/// # Errors
/// A file that is no execution, which is reported.
pub fn executions(paths: &[PathBuf]) -> Result<Vec<Vec<Execution>>, Stop> {
    let executions = |path: &PathBuf| {
        let source = read(path)?;
        actual::read(&source.text).map_err(|found| {
            print_diagnostic(&found, &source);
            Stop::Reported
        })
    };
    paths.iter().map(executions).collect()
}

/// The real run over the simulated one; `None` when no file is given.
fn overlay(flows: &[Flow], trace: &Trace, paths: &[PathBuf]) -> Result<Option<Overlay>, Stop> {
    let Some(first) = paths.first() else { return Ok(None) };
    let real = actual::together(executions(paths)?);
    lay_over(flows, trace, real, &Source::new(first.display().to_string(), "")).map(Some)
}

/// Real executions over the simulated run.
///
/// # Errors
/// Executions of another flow, which are reported with the name of their source.
pub fn lay_over(flows: &[Flow], trace: &Trace, real: Vec<Execution>, source: &Source) -> Result<Overlay, Stop> {
    Overlay::new(flows, trace, real).map_err(|found| {
        print_diagnostic(&found, source);
        Stop::Reported
    })
}

/// The simulated run as a text, and below it the real one.
pub fn overlaid(flows: &[Flow], trace: &Trace, overlay: &Overlay) -> String {
    render::text::text(flows, trace) + &below(flows, trace, overlay)
}

fn below(flows: &[Flow], trace: &Trace, overlay: &Overlay) -> String {
    "\n".to_owned() + &render::actual::text(flows, trace, overlay)
}
