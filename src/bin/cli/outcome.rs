//! What `run` and `real` share: what Kestra does not run, and what becomes of the executions that it ran.

use std::path::PathBuf;

use parallelogram::actual;
use parallelogram::flow::Flow;
use parallelogram::sim::simulate;
use parallelogram::source::Source;
use serde_json::Value;

use crate::files::{print, write_whole};
use crate::report::{Stop, because, print_diagnostic};
use crate::settings::Loaded;
use crate::simulate::{lay_over, overlaid, report};

/// Where the executions are kept.
#[derive(clap::Args)]
pub struct Kept {
    /// Write what ran to this file, as JSON that `simulate --actual` and `calibrate` read.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Kept {
    /// Writes the executions if a file is given, and returns the text.
    pub fn write(&self, executions: &Value) -> Result<String, Stop> {
        let json = format!("{executions:#}\n");
        if let Some(path) = &self.output {
            write_whole(path, &json).map_err(|error| because(path.display(), "written", &error))?;
        }
        Ok(json)
    }
}

/// Stops at what Kestra does not run.
pub fn refuse_template(flow: &Flow) -> Result<(), Stop> {
    match flow.plan {
        Some(_) => Err(Stop::Because("Kestra does not run templates of XL Release: `parallelogram convert` writes a flow".to_owned())),
        None => Ok(()),
    }
}

/// Simulates the flow, and prints the executions over that run. `from` is whose answer the JSON is.
pub fn print_over_simulated(loaded: &Loaded, json: &str, from: &str) -> Result<(), Stop> {
    let Loaded { sources, flows, scenario } = loaded;
    let trace = simulate(flows, scenario);
    report(flows, &trace, sources);
    let source = Source::new(from, "");
    let real = actual::read(json).map_err(|found| {
        print_diagnostic(&found, &source);
        Stop::Reported
    })?;
    let overlay = lay_over(flows, &trace, real, &source)?;
    print(&("\n".to_owned() + &overlaid(flows, &trace, &overlay))).map_err(|error| because("standard output", "written", &error))
}
