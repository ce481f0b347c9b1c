//! The options of a run, as a script gives them: the flags of the command line tool, in camelCase.

use std::collections::BTreeMap;

use parallelogram::diag::Diagnostic;
use parallelogram::flow::plan::BLACKOUTS;
use parallelogram::flow::{Flow, Kind, Version, choose, read_text_for};
use parallelogram::sim::input_errors;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::written;
use parallelogram::source::Source;
use parallelogram::syntax::{LONGEST_TEXT_BYTES, too_long};
use parallelogram::time::SimTime;
use parallelogram::value::{Map, Value};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Options {
    /// Slots of groups in place of their `concurrent`; 0 is no limit.
    set: BTreeMap<String, u32>,
    inputs: serde_json::Map<String, serde_json::Value>,
    sample_inputs: bool,
    /// The texts of further flows.
    with: Vec<String>,
    template: Option<String>,
    blackout: Vec<String>,
    assume: serde_json::Map<String, serde_json::Value>,
    seed: u64,
    start: Option<String>,
    dispatch_delay: Option<String>,
    workers: Option<u32>,
    cores: Option<u32>,
    /// `3`, or `3@1s` for one each second.
    executions: Option<String>,
    batches: BTreeMap<String, u32>,
    kestra: Option<String>,
    kill_after: Option<String>,
    resume_after: Option<String>,
    horizon: Option<String>,
    max_events: Option<usize>,
    runs: u32,
}

/// What is to be simulated.
pub struct Loaded {
    /// The texts; [`Flow::file`] is an index of them.
    pub sources: Vec<Source>,
    /// The flow that is run, then those it may call.
    pub flows: Vec<Flow>,
    pub scenario: Scenario,
    /// How often it is simulated for its spread.
    pub runs: u32,
}

/// Why a text or options are refused.
#[derive(Serialize)]
pub struct Refused {
    message: String,
    /// What is wrong with a text; empty when an option is refused.
    diagnostics: Vec<Found>,
}

/// A diagnostic with its place in the text, from 1.
#[derive(Serialize)]
struct Found {
    code: &'static str,
    message: String,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl Refused {
    pub fn because(message: impl Into<String>) -> Self {
        Self { message: message.into(), diagnostics: Vec::new() }
    }

    /// The errors among some diagnostics of a text.
    fn of(diagnostics: &[Diagnostic], source: &Source) -> Self {
        let found = |error: &Diagnostic| {
            let place = source.position(error.span.start);
            Found { code: error.code, message: error.message.clone(), line: place.line, column: place.column, help: error.help.clone() }
        };
        let diagnostics: Vec<Found> = diagnostics.iter().filter(|found| found.is_error()).map(found).collect();
        let message = diagnostics.first().map_or_else(
            || "there is no flow in this text".to_owned(),
            |first| format!("{}:{}: {}", first.line, first.column, first.message),
        );
        Self { message, diagnostics }
    }

    pub fn json(&self) -> String {
        super::json(self)
    }
}

/// Reads a text, and the options as a JSON object.
///
/// # Errors
/// Why one of them is refused.
pub fn load(text: &str, options: &str) -> Result<Loaded, Refused> {
    let options: Options = serde_json::from_str(options).map_err(|error| Refused::because(error.to_string()))?;
    let version = options.kestra.as_deref().map(version).transpose()?;
    let mut sources = vec![Source::new("", text)];
    let mut flows = flows_of(&sources[0], 0, version)?;
    if let Some(name) = &options.template
        && !choose(&mut flows, name)
    {
        return Err(Refused::because(format!("template {name}: there is none")));
    }
    for text in &options.with {
        let source = Source::new("", text.clone());
        flows.extend(flows_of(&source, sources.len(), Some(flows[0].version))?);
        sources.push(source);
    }
    let scenario = options.scenario(&flows[0])?;
    let errors = input_errors(&flows, &scenario);
    let place = |id: &str| flows[0].inputs.iter().find(|input| *input.id == *id).map_or(flows[0].span, |input| input.span);
    let errors = errors.iter().filter(|error| !(options.sample_inputs && error.is_missing()));
    let errors: Vec<Diagnostic> = errors.map(|error| Diagnostic::error("input", place(&error.id), error.message.clone())).collect();
    if errors.is_empty() { Ok(Loaded { sources, flows, scenario, runs: options.runs }) } else { Err(Refused::of(&errors, &sources[0])) }
}

fn flows_of(source: &Source, file: usize, version: Option<Version>) -> Result<Vec<Flow>, Refused> {
    if source.text.len() > LONGEST_TEXT_BYTES {
        return Err(Refused::of(&[too_long()], source));
    }
    let (_, mut flows, diagnostics) = read_text_for(source, version);
    flows.iter_mut().for_each(|flow| flow.file = file);
    if flows.is_empty() { Err(Refused::of(&diagnostics, source)) } else { Ok(flows) }
}

impl Options {
    fn scenario(&self, flow: &Flow) -> Result<Scenario, Refused> {
        let usual = Scenario::default();
        let inputs = values(&self.inputs);
        if let Some((id, _)) = inputs.iter().find(|(id, _)| flow.inputs.iter().all(|input| *input.id != **id)) {
            return Err(Refused::because(format!("inputs {id}: there is no such input")));
        }
        for id in self.set.keys() {
            flow.group_with_slots(id).map_err(|why| Refused::because(format!("set {id}: {why}")))?;
        }
        for id in self.batches.keys() {
            let has_batches = flow.find(id).is_some_and(|task| matches!(flow.task(task).kind, Kind::ForEachItem(_)));
            has_batches.then_some(()).ok_or_else(|| Refused::because(format!("batches {id}: there is no ForEachItem `{id}`")))?;
        }
        let mut assumptions: Map = values(&self.assume).into_iter().map(|(path, value)| (path.into(), value)).collect();
        if !self.blackout.is_empty() {
            for period in &self.blackout {
                written::period(period).map_err(|form| refused("blackout", period, form))?;
            }
            assumptions.insert(BLACKOUTS, Value::list(self.blackout.iter().map(|period| Value::text(period))));
        }
        let (executions, every) = read("executions", self.executions.as_deref(), written::executions, (1, SimTime::ZERO))?;
        let duration = |name, text: &Option<String>, usual| read(name, text.as_deref(), written::duration, usual);
        let after = |name, text: &Option<String>| text.as_ref().map(|_| duration(name, text, SimTime::ZERO)).transpose();
        Ok(Scenario {
            seed: self.seed,
            start_epoch_ms: read("start", self.start.as_deref(), written::instant, usual.start_epoch_ms)?,
            dispatch_delay: duration("dispatchDelay", &self.dispatch_delay, usual.dispatch_delay)?,
            workers: at_least_one("workers", self.workers)?,
            cores: at_least_one("cores", self.cores)?,
            concurrent: self.set.clone(),
            batches: self.batches.clone(),
            inputs,
            assumptions,
            unseen_flows: self.sample_inputs,
            executions,
            every,
            kill_after: after("killAfter", &self.kill_after)?,
            resume_after: after("resumeAfter", &self.resume_after)?,
            horizon: duration("horizon", &self.horizon, usual.horizon)?,
            max_events: self.max_events.unwrap_or(usual.max_events),
            ..usual
        })
    }
}

/// JSON values as a flow sees them.
fn values(json: &serde_json::Map<String, serde_json::Value>) -> Vec<(String, Value)> {
    json.iter().filter_map(|(name, value)| Some((name.clone(), Value::from_json(&value.to_string())?))).collect()
}

fn refused(name: &str, value: &str, form: &str) -> Refused {
    Refused::because(format!("{name} {value}: write {form}"))
}

fn version(text: &str) -> Result<Version, Refused> {
    Version::from_name(text).ok_or_else(|| refused("kestra", text, &Version::ALL.map(Version::as_str).join(" or ")))
}

/// An option that is written as a text, or what it is without one.
fn read<T>(name: &str, text: Option<&str>, read: fn(&str) -> Result<T, &'static str>, usual: T) -> Result<T, Refused> {
    text.map_or(Ok(usual), |text| read(text).map_err(|form| refused(name, text, form)))
}

fn at_least_one(name: &str, n: Option<u32>) -> Result<Option<u32>, Refused> {
    if n == Some(0) { Err(refused(name, "0", "a number from 1 up")) } else { Ok(n) }
}
