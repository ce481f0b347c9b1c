//! The command line tool: arguments in, bytes out. What it does is the library's.
//!
//! Exit code 0: it ran, whatever state the execution ended in. 2: bad usage, or an input that is not valid.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use parallelogram::diag::{self, Diagnostic, Severity};
use parallelogram::flow::{Flow, Kind, read_text};
use parallelogram::render;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::source::{Source, Span};
use parallelogram::syntax::LONGEST_TEXT_BYTES;
use parallelogram::time::{SimTime, parse_duration, parse_iso_instant};

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
    Simulate(Simulate),
}

#[derive(clap::Args)]
struct Simulate {
    /// A flow in YAML; `-` is standard input.
    file: PathBuf,
    /// Use N slots for a group instead of its `concurrent`; 0 is no limit.
    #[arg(long, value_name = "GROUP=N", value_parser = group_and_slots)]
    set: Vec<(String, u32)>,
    /// What random draws and ids come from.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The virtual date of the start.
    #[arg(long, value_name = "ISO-DATE", default_value = "2024-01-01T00:00:00.000Z", value_parser = instant)]
    start: i64,
    /// How long a task waits for a worker, such as 500ms.
    #[arg(long, value_name = "D", default_value = "0", value_parser = duration)]
    dispatch_delay: SimTime,
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

fn main() -> ExitCode {
    let Command::Simulate(arguments) = Arguments::parse().command;
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Diagnostics have been printed where they were found; what is left to say is one sentence.
            if !message.is_empty() {
                anstream::eprintln!("\x1b[1;31merror\x1b[0m: {message}");
            }
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Simulate) -> Result<(), String> {
    let source = read(&arguments.file)?;
    let (_, flows, diagnostics) = read_text(&source);
    diagnostics.iter().for_each(|found| print_diagnostic(found, &source));
    let flow = flows.first().ok_or("")?;
    check_groups(&arguments.set, flow)?;
    let scenario = Scenario {
        seed: arguments.seed,
        start_epoch_ms: arguments.start,
        dispatch_delay: arguments.dispatch_delay,
        concurrent: arguments.set.iter().cloned().collect(),
        horizon: arguments.horizon,
        max_events: arguments.max_events,
    };
    let trace = simulate(&flows, &scenario);
    let printed = match arguments.format {
        Format::Text => render::text::text(flow, &trace),
        Format::Json => render::json::json(&flows, &trace, &source),
        Format::Events => render::events::events(&flows, &trace),
        Format::Csv => render::csv::csv(&flows, &trace),
        Format::Svg => render::svg::svg(flow, &trace),
    };
    match &arguments.output {
        Some(path) => write_whole(path, &printed),
        None => print(&printed),
    }
}

fn read(path: &Path) -> Result<Source, String> {
    let (name, bytes) = if path == Path::new("-") {
        ("stdin".to_owned(), read_up_to_limit(io::stdin()).map_err(|error| format!("standard input can't be read: {error}"))?)
    } else {
        let read = fs::File::open(path).and_then(read_up_to_limit);
        (path.display().to_string(), read.map_err(|error| format!("`{}` can't be read: {error}", path.display()))?)
    };
    String::from_utf8(bytes).map(|text| Source::new(name.clone(), text)).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let source = Source::new(name, String::from_utf8_lossy(error.as_bytes()));
        let found = Diagnostic::error("not-utf-8", Span::new(at, at + 1), "this byte is not UTF-8 text");
        print_diagnostic(&found.help("save the file as UTF-8"), &source);
        String::new()
    })
}

/// Reads no more than one byte beyond the longest text: the reader of the text says what is wrong with that.
fn read_up_to_limit(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LONGEST_TEXT_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    // What is cut off must not end in the middle of a character.
    if bytes.len() > LONGEST_TEXT_BYTES {
        bytes.fill(b' ');
    }
    Ok(bytes)
}

fn print_diagnostic(found: &Diagnostic, source: &Source) {
    let text = diag::render(found, source);
    let word = found.severity.as_str();
    let colour = if found.severity == Severity::Error { "1;31" } else { "1;34" };
    let rest = text.strip_prefix(word).unwrap_or(&text);
    anstream::eprintln!("\x1b[{colour}m{word}\x1b[0m{rest}");
}

fn check_groups(set: &[(String, u32)], flow: &Flow) -> Result<(), String> {
    let groups: Vec<&str> = flow.tasks.iter().filter(|task| matches!(task.kind, Kind::Parallel { .. })).map(|task| &*task.id).collect();
    match set.iter().find(|(name, _)| !groups.contains(&name.as_str())) {
        None => Ok(()),
        Some((name, _)) if groups.is_empty() => Err(format!("`--set {name}=…`: this flow has no group with slots")),
        Some((name, _)) => Err(format!("`--set {name}=…`: there is no group `{name}`; the groups with slots are {}", groups.join(", "))),
    }
}

/// A closed pipe is no error: the reader has had enough.
fn print(text: &str) -> Result<(), String> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("standard output can't be written: {error}")),
        _ => Ok(()),
    }
}

/// Writes beside the file, then puts it in its place, so that nobody sees half of it.
fn write_whole(path: &Path, text: &str) -> Result<(), String> {
    let mut beside: OsString = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // What was begun is of no use; that it can't be removed either adds nothing.
        let _ = fs::remove_file(&beside);
        format!("`{}` can't be written: {error}", path.display())
    })
}

fn group_and_slots(text: &str) -> Result<(String, u32), String> {
    let (group, slots) = text.split_once('=').ok_or("write GROUP=N")?;
    let slots = slots.parse().map_err(|_| format!("`{slots}` is not a whole number, 0 or more"))?;
    Ok((group.to_owned(), slots))
}

fn instant(text: &str) -> Result<i64, String> {
    parse_iso_instant(text).ok_or_else(|| "write a date such as 2024-01-01T00:00:00Z".to_owned())
}

fn duration(text: &str) -> Result<SimTime, String> {
    parse_duration(text).ok_or_else(|| "write a length of time such as 500ms, 2s, 1.5m or PT2S".to_owned())
}
