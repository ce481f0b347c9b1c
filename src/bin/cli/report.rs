//! What goes to standard error: diagnostics, and why a command stopped.

use std::io::{self, Write};

use parallelogram::diag::{self, Diagnostic, Severity};
use parallelogram::source::Source;

/// Why a command stopped.
pub enum Stop {
    /// The diagnostics that were printed say why.
    Reported,
    /// It did its work, and what it checked is not as it should be.
    Different,
    /// A person interrupted it.
    Interrupted,
    /// A server, or what is between, failed; this sentence says what to do.
    Failed(String),
    /// This sentence says why.
    Because(String),
}

pub fn because(what: impl std::fmt::Display, done: &str, error: &io::Error) -> Stop {
    Stop::Because(format!("{what} can't be {done}: {error}"))
}

pub fn print_diagnostic(found: &Diagnostic, source: &Source) {
    let text = diag::render(found, source);
    print_error(found.severity, text.strip_prefix(found.severity.as_str()).unwrap_or(&text));
}

/// A sentence that is no diagnostic of a text: `warning: ...`.
pub fn print_sentence(severity: Severity, sentence: &str) {
    print_error(severity, &format!(": {sentence}"));
}

/// What a command does meanwhile. A standard error that is closed is no error.
pub fn say(sentence: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{sentence}");
}

/// The word of the severity in bold color, then the rest. A standard error that is closed is no error.
fn print_error(severity: Severity, rest: &str) {
    let color = match severity {
        Severity::Error => 31,
        Severity::Warning => 33,
        Severity::Note => 34,
    };
    let _ = writeln!(anstream::stderr().lock(), "\x1b[1;{color}m{}\x1b[0m{rest}", severity.as_str());
}
