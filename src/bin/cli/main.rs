//! The command line tool: arguments in, bytes out. What it does is the library's.
//!
//! Exit code 0: it ran, whatever state the execution ended in. 2: bad usage, or an input that is not valid.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use parallelogram::analysis::curve::curve;
use parallelogram::diag::{self, Diagnostic, Severity};
use parallelogram::flow::kestra::inputs::InputError;
use parallelogram::flow::plan::Dialect;
use parallelogram::flow::{Flow, Kind, read_text};
use parallelogram::render::{self, sweep};
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::{input_errors, simulate};
use parallelogram::source::{Source, Span};
use parallelogram::syntax::{self, LONGEST_TEXT_BYTES};
use parallelogram::time::{SimTime, parse_duration, parse_iso_instant};
use parallelogram::value::Value;

/// See what running in parallel and in sequence does to time.
#[derive(Parser)]
#[command(name = "parallelogram", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Simulate a flow and print what happened.
    Simulate(Box<Simulate>),
    /// Simulate a flow with each of several numbers of slots for one group.
    Sweep(Sweep),
    /// Write a flow as a template of XL Release, or a template as a Kestra flow; what is lost is told.
    Convert(Convert),
}

#[derive(clap::Args)]
struct Convert {
    /// A flow or a template in YAML; `-` is standard input.
    file: PathBuf,
    /// The dialect to write.
    #[arg(long)]
    to: To,
    /// Write to this file instead of standard output: whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum To {
    Kestra,
    XlRelease,
}

#[derive(clap::Args)]
struct Sweep {
    /// A flow in YAML; `-` is standard input.
    file: PathBuf,
    /// The group whose slots are tried.
    #[arg(long, value_name = "ID")]
    group: String,
    /// The smallest number of slots.
    #[arg(long, default_value_t = 1)]
    from: u32,
    /// The largest; by itself as many as the group has leaves.
    #[arg(long)]
    to: Option<u32>,
    #[arg(long, value_enum, default_value_t = SweepFormat::Text)]
    format: SweepFormat,
    /// Write to a file.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum SweepFormat {
    Text,
    Json,
    Csv,
}

#[derive(clap::Args)]
struct Simulate {
    /// A flow in YAML; `-` is standard input.
    file: PathBuf,
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
    /// What to take for a value, or a choice, that only a real server knows.
    #[arg(long, value_name = "PATH=JSON")]
    assume: Vec<String>,
    /// What random draws and ids come from.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The virtual date of the start.
    #[arg(long, value_name = "ISO-DATE", default_value = "2024-01-01T00:00:00.000Z", value_parser = instant)]
    start: i64,
    /// How long a task waits for a worker, such as 500ms.
    #[arg(long, value_name = "D", default_value = "0", value_parser = duration)]
    dispatch_delay: SimTime,
    /// How many tasks the workers of the server can run at once; unlimited when not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    workers: Option<u32>,
    /// How many executions are started, and how long after each other.
    #[arg(long, value_name = "N[@EVERY]", default_value = "1", value_parser = executions)]
    executions: (u32, SimTime),
    /// How many batches a ForEachItem has.
    #[arg(long, value_name = "TASK=N")]
    batches: Vec<String>,
    /// Virtual time after which the run is stopped.
    #[arg(long, value_name = "D", default_value = "365d", value_parser = duration)]
    horizon: SimTime,
    /// Number of events after which the run is stopped.
    #[arg(long, value_name = "N", default_value_t = 2_000_000)]
    max_events: usize,
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

/// Why nothing was simulated.
enum Stop {
    /// The diagnostics have said it.
    Told,
    /// This sentence says it.
    Because(String),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Simulate(arguments) => run(&arguments),
        Command::Sweep(arguments) => sweep(&arguments),
        Command::Convert(arguments) => convert(&arguments),
    };
    match done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Stop::Told) => {}
        Err(Stop::Because(sentence)) => print_error(Severity::Error, &format!(": {sentence}")),
    }
    ExitCode::from(2)
}

fn run(arguments: &Simulate) -> Result<(), Stop> {
    let mut sources = vec![read(&arguments.file)?];
    let mut flows = flows_of(&sources[0], 0)?;
    for path in &arguments.with {
        let source = read(path)?;
        flows.extend(flows_of(&source, sources.len())?);
        sources.push(source);
    }
    let scenario = scenario(arguments, &flows[0])?;
    let errors = input_errors(&flows, &scenario);
    let is_told = |error: &&InputError| !(arguments.sample_inputs && error.is_missing());
    for error in errors.iter().filter(is_told) {
        let input = flows[0].inputs.iter().find(|input| input.id == error.id);
        let found = Diagnostic::error("input", input.map_or(flows[0].span, |input| input.span), error.message.clone());
        let help = format!("give it with `--input {}=VALUE`, or take samples with `--sample-inputs`", error.id);
        print_diagnostic(&if error.is_missing() { found.help(help) } else { found }, &sources[0]);
    }
    if errors.iter().any(|error| is_told(&error)) {
        return Err(Stop::Told);
    }
    let trace = simulate(&flows, &scenario);
    let printed = match arguments.format {
        Format::Text => render::text::text(&flows, &trace),
        Format::Json => render::json::json(&flows, &trace, &sources),
        Format::Events => render::events::events(&flows, &trace),
        Format::Csv => render::csv::csv(&flows, &trace),
        Format::Svg => render::svg::svg(&flows, &trace),
    };
    write_out(arguments.output.as_deref(), &printed)
}

/// Writes the text in the other dialect, and says what is lost.
fn sweep(arguments: &Sweep) -> Result<(), Stop> {
    let source = read(&arguments.file)?;
    let flows = flows_of(&source, 0)?;
    let group = flows[0].find(&arguments.group).filter(|idx| flows[0].task(*idx).has_slots());
    let group = group.ok_or_else(|| Stop::Because(format!("`{}` is no group of this flow that has slots", arguments.group)))?;
    let to = arguments.to.unwrap_or_else(|| flows[0].leaves_below(group).max(1));
    let points = curve(&flows, &Scenario::default(), &arguments.group, arguments.from.max(1)..=to);
    let text = match arguments.format {
        SweepFormat::Json => sweep::json(&arguments.group, &points),
        SweepFormat::Csv => sweep::csv(&points),
        SweepFormat::Text => sweep::text(&arguments.group, &points),
    };
    write_out(arguments.output.as_deref(), &text)
}

fn convert(arguments: &Convert) -> Result<(), Stop> {
    let source = read(&arguments.file)?;
    let (document, flows, diagnostics) = read_text(&source);
    diagnostics.iter().for_each(|found| print_diagnostic(found, &source));
    if flows.is_empty() {
        return Err(Stop::Told);
    }
    let to = match arguments.to {
        To::Kestra => Dialect::Kestra,
        To::XlRelease => Dialect::XlRelease,
    };
    let converted = parallelogram::convert::convert(&source, &document, &flows, to);
    converted.lost.iter().for_each(|lost| print_diagnostic(lost, &source));
    write_out(arguments.output.as_deref(), &converted.text)
}

fn write_out(path: Option<&Path>, text: &str) -> Result<(), Stop> {
    match path {
        Some(path) => write_whole(path, text).map_err(|error| because(path.display(), "written", &error)),
        None => print(text).map_err(|error| because("standard output", "written", &error)),
    }
}

fn because(what: impl std::fmt::Display, done: &str, error: &io::Error) -> Stop {
    Stop::Because(format!("{what} can't be {done}: {error}"))
}

/// The text of a file. What is no text, or too much of it, is told.
fn read(path: &Path) -> Result<Source, Stop> {
    let (name, bytes) = if path == Path::new("-") {
        ("stdin".to_owned(), read_up_to_limit(io::stdin()))
    } else {
        (path.display().to_string(), fs::File::open(path).and_then(read_up_to_limit))
    };
    let bytes = bytes.map_err(|error| because(&name, "read", &error))?;
    if bytes.len() > LONGEST_TEXT_BYTES {
        print_diagnostic(&syntax::too_long(), &Source::new(name, ""));
        return Err(Stop::Told);
    }
    String::from_utf8(bytes).map(|text| Source::new(name.clone(), text)).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let source = Source::new(name, String::from_utf8_lossy(error.as_bytes()));
        let found = Diagnostic::error("not-utf-8", Span::new(at, at + 1), "this byte is not UTF-8 text");
        print_diagnostic(&found.help("save the file as UTF-8"), &source);
        Stop::Told
    })
}

/// Reads no more than one byte beyond the longest text.
fn read_up_to_limit(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LONGEST_TEXT_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The flows of a text, when it has no errors; all that is to be said of it is printed.
fn flows_of(source: &Source, file: usize) -> Result<Vec<Flow>, Stop> {
    let (_, mut flows, diagnostics) = read_text(source);
    diagnostics.iter().for_each(|found| print_diagnostic(found, source));
    flows.iter_mut().for_each(|flow| flow.file = file);
    if flows.is_empty() { Err(Stop::Told) } else { Ok(flows) }
}

/// What the arguments set.
fn scenario(arguments: &Simulate, flow: &Flow) -> Result<Scenario, Stop> {
    let mut inputs = Vec::new();
    if let Some(path) = &arguments.inputs_json {
        let source = read(path)?;
        let not_a_map = || Stop::Because(format!("{} is not a JSON object of inputs", path.display()));
        let json = Value::from_json(&source.text).ok_or_else(not_a_map)?;
        inputs.extend(json.as_map().ok_or_else(not_a_map)?.iter().map(|(id, value)| (id.to_string(), value.clone())));
    }
    for argument in &arguments.input {
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
    for argument in &arguments.assume {
        let (_, json) = pair("--assume", argument, "PATH=JSON")?;
        // What is assumed may be an expression, with a `=` of its own: `outputs.query.n == 3=false`.
        let mut parts = argument.match_indices('=').filter_map(|(at, _)| Some((&argument[..at], Value::from_json(&argument[at + 1..])?)));
        let (path, value) =
            parts.next().ok_or_else(|| Stop::Because(format!("--assume {argument}: `{json}` is not JSON; texts need quotes")))?;
        assumptions.insert(path, value);
    }
    let has_slots: Vec<&str> = flow.tasks.iter().filter(|task| task.has_slots()).map(|task| &*task.id).collect();
    let has_batches: Vec<&str> = flow.tasks.iter().filter(|task| task.kind == Kind::ForEachItem).map(|task| &*task.id).collect();
    let (executions, every) = arguments.executions;
    Ok(Scenario {
        seed: arguments.seed,
        start_epoch_ms: arguments.start,
        dispatch_delay: arguments.dispatch_delay,
        workers: arguments.workers,
        concurrent: numbers("--set", &arguments.set, &has_slots, "groups with slots")?,
        batches: numbers("--batches", &arguments.batches, &has_batches, "tasks with batches")?,
        inputs,
        assumptions,
        unseen_flows: arguments.sample_inputs,
        executions,
        every,
        horizon: arguments.horizon,
        max_events: arguments.max_events,
        ..Scenario::default()
    })
}

fn pair<'a>(flag: &str, argument: &'a str, form: &str) -> Result<(&'a str, &'a str), Stop> {
    argument.split_once('=').ok_or_else(|| Stop::Because(format!("{flag} {argument}: write {form}")))
}

/// Numbers for tasks that there are.
fn numbers(flag: &str, arguments: &[String], tasks: &[&str], what: &str) -> Result<BTreeMap<String, u32>, Stop> {
    let known = if tasks.is_empty() { "none".to_owned() } else { tasks.join(", ") };
    let refuse = |argument: &str, why: String| Stop::Because(format!("{flag} {argument}: {why}; {what}: {known}"));
    let read = |argument: &String| {
        let (task, n) = argument
            .split_once('=')
            .ok_or_else(|| refuse(argument, format!("write {}=N", if flag == "--set" { "GROUP" } else { "TASK" })))?;
        if !tasks.contains(&task) {
            return Err(refuse(argument, format!("there is no {} `{task}`", if flag == "--set" { "group" } else { "task" })));
        }
        let n = n.parse().map_err(|_| refuse(argument, format!("`{n}` is not a whole number from 0 to {}", u32::MAX)))?;
        Ok((task.to_owned(), n))
    };
    arguments.iter().map(read).collect()
}

fn print_diagnostic(found: &Diagnostic, source: &Source) {
    let text = diag::render(found, source);
    print_error(found.severity, text.strip_prefix(found.severity.as_str()).unwrap_or(&text));
}

/// The word of the severity in bold colour, then the rest. That nobody listens on standard error is no error.
fn print_error(severity: Severity, rest: &str) {
    let colour = match severity {
        Severity::Error => 31,
        Severity::Warning => 33,
        Severity::Note => 34,
    };
    let _ = writeln!(anstream::stderr().lock(), "\x1b[1;{colour}m{}\x1b[0m{rest}", severity.as_str());
}

/// A closed pipe is no error: the reader has had enough.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes beside the file, then puts it in its place, so that nobody sees half of it. A link is followed; what is there
/// and no file, such as `/dev/null`, is written to as it is.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if path.exists() && !path.is_file() {
        return fs::write(path, text);
    }
    let mut beside: OsString = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // What was begun is of no use; that it can't be removed either adds nothing.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// A date alone is its midnight, UTC.
fn instant(text: &str) -> Result<i64, String> {
    let read = parse_iso_instant(text).or_else(|| parse_iso_instant(&format!("{text}T00:00:00Z")));
    read.ok_or_else(|| "write a date such as 2024-01-01 or 2024-01-01T00:00:00Z".to_owned())
}

fn executions(text: &str) -> Result<(u32, SimTime), String> {
    let (n, every) = text.split_once('@').unwrap_or((text, "0"));
    let n = n.parse().ok().filter(|n| (1..=10_000).contains(n));
    n.zip(parse_duration(every)).ok_or_else(|| "write a number from 1 to 10000, such as 3, or 3@1s for one each second".to_owned())
}

fn duration(text: &str) -> Result<SimTime, String> {
    parse_duration(text).ok_or_else(|| "write a length of time such as 500ms, 2s, 1.5m or PT2S".to_owned())
}
