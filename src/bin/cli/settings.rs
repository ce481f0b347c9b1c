//! The flags for the settings of a run, shared by the commands that simulate.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use parallelogram::collections::Index;
use parallelogram::diag::Diagnostic;
use parallelogram::flow::kestra::inputs::InputError;
use parallelogram::flow::plan::BLACKOUTS;
use parallelogram::flow::{Flow, Kind, TaskIdx, Version, choose, not_called};
use parallelogram::sim::input_errors;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::server::ServerModel;
use parallelogram::sim::written;
use parallelogram::source::Source;
use parallelogram::time::SimTime;
use parallelogram::value::Value;

use crate::files::{flows_of, read};
use crate::report::{Stop, print_diagnostic};

/// A flow is simulated no more often than this.
pub const MOST_RUNS: i64 = 1_000_000;

#[derive(clap::Args, Clone)]
pub struct Settings {
    /// Use N slots for a group instead of its `concurrent`; 0 is no limit.
    #[arg(long, value_name = "GROUP=N")]
    set: Vec<String>,
    /// Give an input its value.
    #[arg(long, value_name = "KEY=VALUE")]
    input: Vec<String>,
    /// Inputs as a JSON object in a file.
    #[arg(long, value_name = "FILE")]
    inputs_json: Option<PathBuf>,
    /// Take a sample for each required input that is not given, and take flows that are called and not given to be there.
    #[arg(long)]
    sample_inputs: bool,
    /// A further flow that may be called as a subflow.
    #[arg(long, value_name = "FLOW-FILE")]
    with: Vec<PathBuf>,
    /// Run the template with this title or id, when a text holds several.
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// A blackout period, as two dates: tasks that avoid it wait for its end.
    #[arg(long, value_name = "FROM/TO", value_parser = read_by(written::period))]
    blackout: Vec<String>,
    /// What to take for a value, or a choice, that only a real server knows.
    #[arg(long, value_name = "PATH=JSON")]
    assume: Vec<String>,
    /// What random draws and ids come from.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The virtual date of the start.
    #[arg(long, value_name = "ISO-DATE", default_value = "2024-01-01T00:00:00.000Z", value_parser = read_by(written::instant))]
    start: i64,
    /// How long a task waits for a worker, such as 500ms; when not given, what the server model adds.
    #[arg(long, value_name = "D", value_parser = read_by(written::duration))]
    dispatch_delay: Option<SimTime>,
    /// What the server adds: nothing, or the hand-over of each task and the look at timers once a second, as they were measured.
    #[arg(long, value_name = "MODEL", default_value = "ideal", value_parser = server_models())]
    server_model: ServerModel,
    /// How many tasks the workers of the server can run at once; unlimited when not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    workers: Option<u32>,
    /// How many cores the running tasks share: with more tasks than cores each goes on more slowly; none is slowed when not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    cores: Option<u32>,
    /// How many executions are started, and how long after each other.
    #[arg(long, value_name = "N[@EVERY]", default_value = "1", value_parser = read_by(written::executions))]
    executions: (u32, SimTime),
    /// How many batches a ForEachItem has.
    #[arg(long, value_name = "TASK=N")]
    batches: Vec<String>,
    /// The version of Kestra whose rules hold; without it the one that the text is for.
    #[arg(long, value_name = "VERSION", value_parser = version)]
    kestra: Option<Version>,
    /// When the executions that are started are killed.
    #[arg(long, value_name = "D", value_parser = read_by(written::duration))]
    kill_after: Option<SimTime>,
    /// When a person resumes their pauses.
    #[arg(long, value_name = "D", value_parser = read_by(written::duration))]
    resume_after: Option<SimTime>,
    /// Virtual time after which the run is stopped.
    #[arg(long, value_name = "D", default_value = "365d", value_parser = read_by(written::duration))]
    horizon: SimTime,
    /// Number of events after which the run is stopped.
    #[arg(long, value_name = "N", default_value_t = 2_000_000)]
    max_events: usize,
}

/// What is to be simulated.
pub struct Loaded {
    /// The texts; [`Flow::file`] is an index of them.
    pub sources: Vec<Source>,
    /// The flow that is run, then those it may call.
    pub flows: Vec<Flow>,
    pub scenario: Scenario,
}

impl Settings {
    /// Reads the file and those of `--with`. Reports inputs that are missing or wrong.
    pub fn load(&self, file: &Path) -> Result<Loaded, Stop> {
        self.load_source(read(file)?)
    }

    /// As [`Settings::load`], for a text that is there.
    pub fn load_source(&self, source: Source) -> Result<Loaded, Stop> {
        let mut sources = vec![source];
        let mut flows = flows_of(&sources[0], 0, self.kestra)?;
        self.choose(&mut flows, &sources[0])?;
        for path in &self.with {
            let source = read(path)?;
            flows.extend(flows_of(&source, sources.len(), Some(flows[0].version))?);
            sources.push(source);
        }
        let scenario = self.scenario(&flows[0])?;
        let errors = input_errors(&flows, &scenario);
        let is_reported = |error: &&InputError| !(self.sample_inputs && error.is_missing());
        let mut places = Index::default();
        flows[0].inputs.iter().enumerate().for_each(|(at, input)| _ = places.get_or_insert(&input.id, at));
        for error in errors.iter().filter(is_reported) {
            let input = places.get(&error.id).map(|at| &flows[0].inputs[at]);
            let found = Diagnostic::error("input", input.map_or(flows[0].span, |input| input.span), error.message.clone());
            let help = format!("give it with `--input {}=VALUE`, or take samples with `--sample-inputs`", error.id);
            print_diagnostic(&if error.is_missing() { found.help(help) } else { found }, &sources[0]);
        }
        if errors.iter().any(|error| is_reported(&error)) {
            return Err(Stop::Reported);
        }
        Ok(Loaded { sources, flows, scenario })
    }

    /// The version that `--kestra` names.
    pub fn version(&self) -> Option<Version> {
        self.kestra
    }

    /// The same for another version.
    pub fn for_version(&self, version: Version) -> Self {
        Self { kestra: Some(version), ..self.clone() }
    }

    /// Puts the flow that is to run first, and reports those that nothing runs.
    fn choose(&self, flows: &mut [Flow], source: &Source) -> Result<(), Stop> {
        let titles = |flows: &[Flow]| flows.iter().map(|flow| flow.title().to_string()).collect::<Vec<_>>().join(", ");
        if let Some(name) = &self.template {
            let known = choose(flows, name);
            return known
                .then_some(())
                .ok_or_else(|| Stop::Because(format!("--template {name}: there is none; templates: {}", titles(flows))));
        }
        let idle: Vec<&Flow> = not_called(flows).collect();
        if let Some(first) = idle.first().filter(|flow| flow.plan.is_some()) {
            let message = format!("this text holds {} templates: `{}` is run", flows.len(), flows[0].title());
            let found = Diagnostic::note("several-templates", source.first_line(first.span), message).label("not run");
            print_diagnostic(&found.help(format!("`--template NAME` runs another: {}", titles(&flows[1..]))), source);
        }
        Ok(())
    }

    /// What the flags set.
    fn scenario(&self, flow: &Flow) -> Result<Scenario, Stop> {
        let mut inputs = Vec::new();
        if let Some(path) = &self.inputs_json {
            let source = read(path)?;
            let not_a_map = || Stop::Because(format!("{} is not a JSON object of inputs", path.display()));
            let json = Value::from_json(&source.text).ok_or_else(not_a_map)?;
            inputs.extend(json.as_map().ok_or_else(not_a_map)?.iter().map(|(id, value)| (id.to_string(), value.clone())));
        }
        for argument in &self.input {
            let (id, value) = pair("--input", argument, "KEY=VALUE")?;
            inputs.retain(|(known, _)| known != id);
            inputs.push((id.to_owned(), Value::text(value)));
        }
        if let Some((id, _)) = inputs.iter().find(|(id, _)| flow.inputs.iter().all(|input| *input.id != **id)) {
            let known: Vec<&str> = flow.inputs.iter().map(|input| &*input.id).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(Stop::Because(format!("--input {id}: there is no such input; inputs: {known}")));
        }
        let mut assumptions = parallelogram::value::Map::new();
        for argument in &self.assume {
            let (_, json) = pair("--assume", argument, "PATH=JSON")?;
            // An assumed path may be an expression with a `=` in it: `outputs.query.n == 3=false`.
            let mut parts =
                argument.match_indices('=').filter_map(|(at, _)| Some((&argument[..at], Value::from_json(&argument[at + 1..])?)));
            let (path, value) =
                parts.next().ok_or_else(|| Stop::Because(format!("--assume {argument}: `{json}` is not JSON; texts need quotes")))?;
            assumptions.insert(path, value);
        }
        if !self.blackout.is_empty() {
            assumptions.insert(BLACKOUTS, Value::list(self.blackout.iter().map(|period| Value::text(period))));
        }
        let has_batches: Vec<&str> =
            flow.tasks.iter().filter(|task| matches!(task.kind, Kind::ForEachItem(_))).map(|task| &*task.id).collect();
        let (executions, every) = self.executions;
        let mut server = Scenario::default();
        self.server_model.apply(&mut server);
        Ok(Scenario {
            seed: self.seed,
            start_epoch_ms: self.start,
            dispatch_delay: self.dispatch_delay.unwrap_or(server.dispatch_delay),
            workers: self.workers,
            cores: self.cores,
            concurrent: numbers("--set", "GROUP", &self.set, &|id| flow.group_with_slots(id))?,
            batches: numbers("--batches", "TASK", &self.batches, &|id| {
                let known = if has_batches.is_empty() { "none".to_owned() } else { has_batches.join(", ") };
                let found = flow.find(id).filter(|_| has_batches.contains(&id));
                found.ok_or_else(|| format!("there is no task `{id}`; tasks with batches: {known}"))
            })?,
            inputs,
            assumptions,
            unseen_flows: self.sample_inputs,
            executions,
            every,
            kill_after: self.kill_after,
            resume_after: self.resume_after,
            horizon: self.horizon,
            max_events: self.max_events,
            ..server
        })
    }
}

/// Reads the name of a server model.
fn server_models() -> impl TypedValueParser<Value = ServerModel> {
    let find = |name: String| ServerModel::from_name(&name).unwrap_or_default();
    PossibleValuesParser::new(ServerModel::ALL.map(ServerModel::as_str)).map(find)
}

/// A version of Kestra.
pub fn version(text: &str) -> Result<Version, String> {
    let known = Version::ALL.map(Version::as_str).join(", ");
    Version::from_name(text).ok_or_else(|| format!("known versions are {known}"))
}

fn pair<'a>(flag: &str, argument: &'a str, form: &str) -> Result<(&'a str, &'a str), Stop> {
    argument.split_once('=').ok_or_else(|| Stop::Because(format!("{flag} {argument}: write {form}")))
}

/// Numbers for tasks of the flow.
fn numbers(
    flag: &str,
    what: &str,
    arguments: &[String],
    find: &dyn Fn(&str) -> Result<TaskIdx, String>,
) -> Result<BTreeMap<String, u32>, Stop> {
    let refuse = |argument: &str, why: String| Stop::Because(format!("{flag} {argument}: {why}"));
    let read = |argument: &String| {
        let (task, n) = argument.split_once('=').ok_or_else(|| refuse(argument, format!("write {what}=N")))?;
        find(task).map_err(|why| refuse(argument, why))?;
        let n = n.parse().map_err(|_| refuse(argument, format!("`{n}` is not a whole number from 0 to {}", u32::MAX)))?;
        Ok((task.to_owned(), n))
    };
    arguments.iter().map(read).collect()
}

/// A reader of an argument of the command line.
pub fn read_by<T>(read: fn(&str) -> Result<T, &'static str>) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| read(text).map_err(|form| format!("write {form}"))
}
