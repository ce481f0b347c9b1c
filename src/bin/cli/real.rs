//! `real`: a flow on Kestra's own engine, on this machine, and laid over its simulation.

mod engine;
mod install;
mod lacks;
mod record;
mod tools;

use std::path::PathBuf;

use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use parallelogram::diag::{Severity, has_errors};
use parallelogram::flow::Version;
use parallelogram::sim::written;
use parallelogram::source::Source;
use parallelogram::time::SimTime;
use serde_json::{Value, json};

use crate::files::{print, read};
use crate::interrupt::at_each_interrupt;
use crate::outcome::{Kept, print_over_simulated, refuse_template};
use crate::report::{Stop, print_diagnostic, print_sentence, say};
use crate::settings::{Loaded, Settings, read_by};
use crate::states;
use engine::{Engine, Input};
use install::{RELEASES, Release};
use lacks::lacks;
pub use record::Record;

/// A run on a person's machine has no limit of time but this.
const LONGEST_MS: u64 = 7 * 24 * 3_600_000;

#[derive(clap::Args)]
pub struct Real {
    /// A flow in YAML; `-` is standard input.
    file: PathBuf,
    /// The engine: 1.3.31 or 2.0.0; without it the one that the text is for.
    #[arg(long, value_name = "VERSION", value_parser = versions())]
    kestra: Option<Version>,
    /// Give an input its value.
    #[arg(long, value_name = "KEY=VALUE")]
    input: Vec<String>,
    /// A further flow that may be called as a subflow.
    #[arg(long, value_name = "FLOW-FILE")]
    with: Vec<PathBuf>,
    /// When a pause without a length is resumed.
    #[arg(long, value_name = "D", value_parser = read_by(written::duration))]
    resume_after: Option<SimTime>,
    #[command(flatten)]
    kept: Kept,
}

/// The settings of a simulation, as a command line of their own.
#[derive(Parser)]
struct Simulated {
    #[command(flatten)]
    settings: Settings,
}

impl Real {
    /// Runs the flow. [`Stop::Different`] when the engine refuses it.
    pub fn run(&self) -> Result<(), Stop> {
        let source = read(&self.file)?;
        // What the simulation refuses is reported, and the engine is asked all the same.
        let loaded = match self.settings().load_source(source.clone()) {
            Ok(loaded) => Some(loaded),
            Err(Stop::Reported) => None,
            Err(stop) => return Err(stop),
        };
        let release = self.release(loaded.as_ref())?;
        let mut texts = vec![source];
        for path in &self.with {
            texts.push(read(path)?);
        }
        self.report_lacks(&texts)?;
        let mut engine = Engine::start(release, 0, &say)?;
        stop_when_interrupted(engine.input())?;
        engine.wait()?;
        let record = engine.run(&self.request(&texts), &mut |line| {
            // Nobody reads any more: the run goes on, for its record.
            let _ = print(&shown(line));
        })?;
        drop(engine);
        self.finish(loaded, &record)
    }

    fn settings(&self) -> Settings {
        let mut arguments = vec!["real".to_owned()];
        let mut add = |flag: &str, value: String| arguments.push(format!("{flag}={value}"));
        self.kestra.iter().for_each(|version| add("--kestra", version.as_str().to_owned()));
        self.input.iter().for_each(|input| add("--input", input.clone()));
        self.with.iter().for_each(|path| add("--with", path.display().to_string()));
        self.resume_after.iter().for_each(|after| add("--resume-after", format!("{}ms", after.0)));
        Simulated::parse_from(arguments).settings
    }

    /// The engine to run.
    fn release(&self, loaded: Option<&Loaded>) -> Result<&'static Release, Stop> {
        let flow = loaded.and_then(|loaded| loaded.flows.first());
        flow.map_or(Ok(()), refuse_template)?;
        let version = self.kestra.or(flow.map(|flow| flow.version)).unwrap_or(Version::V2_0);
        let missing =
            || Stop::Because(format!("this flow is for Kestra {}: the engines here are 1.3 and 2.0, see --kestra", version.as_str()));
        RELEASES.iter().find(|release| release.version == version).ok_or_else(missing)
    }

    /// Lists what the engine does not have; stops when it would refuse the flow for it.
    fn report_lacks(&self, texts: &[Source]) -> Result<(), Stop> {
        let mut is_refused = false;
        for source in texts {
            let found = lacks(source);
            found.iter().for_each(|one| print_diagnostic(one, source));
            is_refused |= has_errors(&found);
        }
        if is_refused { Err(Stop::Different) } else { Ok(()) }
    }

    fn request(&self, texts: &[Source]) -> Value {
        let name = self.file.display().to_string();
        let documents: Vec<&str> = texts.iter().map(|source| &*source.text).collect();
        let inputs: serde_json::Map<String, Value> =
            self.input.iter().filter_map(|input| input.split_once('=')).map(|(id, value)| (id.to_owned(), json!(value))).collect();
        let settings = json!({"inputs": inputs, "resumeAfterMs": self.resume_after.map(|after| after.0), "timeoutMs": LONGEST_MS});
        json!({"name": name, "flow": documents.join("\n---\n"), "settings": settings})
    }

    /// Writes the record, and lays it over the simulation.
    fn finish(&self, loaded: Option<Loaded>, record: &Value) -> Result<(), Stop> {
        let said: Vec<&str> = ["refused", "inputErrors"].iter().flat_map(|key| texts(&record[*key])).collect();
        if !said.is_empty() {
            said.iter().for_each(|sentence| print_sentence(Severity::Error, &format!("Kestra refuses this flow: {sentence}")));
            return Err(Stop::Different);
        }
        texts(&record["warnings"]).for_each(|sentence| print_sentence(Severity::Warning, sentence));
        let json = self.kept.write(record)?;
        if record["stopped"].as_bool().unwrap_or(false) {
            say("the execution was killed");
            return Err(Stop::Interrupted);
        }
        if let Some(why) = record["stillRunning"].as_str() {
            let help = "a pause without a length waits for a person, see --resume-after";
            print_sentence(Severity::Warning, &format!("the execution does not end by itself ({why}): {help}"));
        }
        loaded.map_or(Ok(()), |loaded| print_over_simulated(&loaded, &json, "the record of the engine"))
    }
}

/// At the first interrupt the engine kills what runs, and its record is awaited; at the second nothing is.
fn stop_when_interrupted(input: Input) -> Result<(), Stop> {
    let ends = move || {
        let is_first = input.close();
        if is_first {
            say("interrupted: the engine ends");
        }
        !is_first
    };
    at_each_interrupt(ends).map_err(|error| Stop::Because(format!("interrupts can't be awaited: {error}")))
}

/// A state as it came: ` 1.203 s  RUNNING    extract`, with the item of a Loop and the value it is for; nothing for another line.
fn shown(line: &Value) -> String {
    let (Some(ms), Some(state)) = (line["ms"].as_u64(), line["state"].as_str()) else { return String::new() };
    let flow = line["flow"].as_str().unwrap_or_default();
    let mut name = line["task"].as_str().unwrap_or("execution").to_owned();
    for value in [&line["item"], &line["value"]].into_iter().filter(|value| !value.is_null()) {
        name += &format!(" [{}]", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    if line["task"].is_null() || line["execution"] != 0 && line["item"].is_null() {
        name += &format!(" of {flow}");
    }
    states::line(SimTime(ms), state, &name) + "\n"
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// Reads the name of a version that there is an engine of.
fn versions() -> impl TypedValueParser<Value = Version> {
    let find = |name: String| Version::from_name(&name).unwrap_or(Version::V2_0);
    PossibleValuesParser::new(RELEASES.map(|release| release.version.as_str())).map(find)
}
