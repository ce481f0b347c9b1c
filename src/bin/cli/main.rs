//! The command line tool: arguments in, bytes out. What it does is the library's.
//!
//! Exit code 0: it ran, whatever state the execution ended in. 1: `check` found a difference, `upgrade` left
//! something, a server could not be used, or Kestra's engine refused a flow. 2: bad usage, or an input that is not
//! valid. 130: interrupted from the keyboard.

mod calibrate;
mod check;
mod convert;
mod explain;
mod figures;
mod files;
mod interrupt;
mod language;
mod mdbook;
mod optimize;
mod outcome;
mod pages;
mod real;
#[cfg(test)]
mod reference;
mod report;
mod run;
mod server;
mod settings;
mod simulate;
mod states;
mod sweep;
mod upgrade;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use interrupt::INTERRUPTED;
use parallelogram::diag::Severity;
use report::{Stop, print_sentence};

/// See what running in parallel and in sequence does to time.
#[derive(Parser)]
#[command(name = "parallelogram", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// One line and one file for each command.
#[derive(Subcommand)]
enum Command {
    /// Simulate a flow and print what happened.
    Simulate(Box<simulate::Simulate>),
    /// Simulate a flow with each of several numbers of slots for one group, or for two.
    Sweep(sweep::Sweep),
    /// Say why each task waited and ended as it did, and what would have helped.
    Explain(Box<explain::Explain>),
    /// Find the best next change, and the fewest slots for the best time.
    Optimize(Box<optimize::Optimize>),
    /// Run the flows in docs, and report each claim of their authors that does not hold.
    Check(check::Check),
    /// Draw the flows of a page: what the packages for MkDocs and Sphinx call.
    #[command(hide = true)]
    Figures,
    /// Draw the flows of a book: a preprocessor for mdBook.
    Mdbook(mdbook::Mdbook),
    /// Learn from real executions of a flow how long its tasks take, how often they fail, and what the server adds.
    Calibrate(Box<calibrate::Calibrate>),
    /// Run a flow on Kestra's own engine, on this machine, and lay the run over the simulated one.
    Real(real::Real),
    /// Run a flow on a Kestra server, and lay what it did there over the simulated run.
    Run(Box<run::Run>),
    /// Record what Kestra's own engine does with the flows of a folder: what `make test-kestra` calls.
    #[command(hide = true)]
    Record(real::Record),
    /// Write a flow as a template, or a template as a Kestra flow, and report what is lost.
    Convert(convert::Convert),
    /// Write flows for a newer version of Kestra, and show what changes in their runs.
    Upgrade(upgrade::Upgrade),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Simulate(arguments) => arguments.run(),
        Command::Sweep(arguments) => arguments.run(),
        Command::Explain(arguments) => arguments.run(),
        Command::Optimize(arguments) => arguments.run(),
        Command::Check(arguments) => arguments.run(),
        Command::Figures => figures::run(),
        Command::Mdbook(arguments) => arguments.run(),
        Command::Calibrate(arguments) => arguments.run(),
        Command::Real(arguments) => arguments.run(),
        Command::Run(arguments) => arguments.run(),
        Command::Record(arguments) => arguments.run(),
        Command::Convert(arguments) => arguments.run(),
        Command::Upgrade(arguments) => arguments.run(),
    };
    match done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Stop::Different) => return ExitCode::from(1),
        Err(Stop::Interrupted) => return ExitCode::from(INTERRUPTED),
        Err(Stop::Failed(sentence)) => {
            print_sentence(Severity::Error, &sentence);
            return ExitCode::from(1);
        }
        Err(Stop::Reported) => {}
        Err(Stop::Because(sentence)) => print_sentence(Severity::Error, &sentence),
    }
    ExitCode::from(2)
}
