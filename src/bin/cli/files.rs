//! Texts in and out: files, standard input and standard output.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use parallelogram::diag::{self, Diagnostic};
use parallelogram::flow::{Flow, Version, read_text_for};
use parallelogram::source::{Source, Span};
use parallelogram::syntax::{self, LONGEST_TEXT_BYTES};

use crate::report::{Stop, because, print_diagnostic};

/// The text of a file; `-` is standard input. Reports bytes that are not UTF-8, and a text that is too long.
pub fn read(path: &Path) -> Result<Source, Stop> {
    let (name, bytes) = if path == Path::new("-") {
        ("stdin".to_owned(), read_up_to_limit(io::stdin()))
    } else {
        (path.display().to_string(), fs::File::open(path).and_then(read_up_to_limit))
    };
    let bytes = bytes.map_err(|error| because(&name, "read", &error))?;
    if bytes.len() > LONGEST_TEXT_BYTES {
        print_diagnostic(&syntax::too_long(), &Source::new(name, ""));
        return Err(Stop::Reported);
    }
    String::from_utf8(bytes).map(|text| Source::new(name.clone(), text)).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let source = Source::new(name, String::from_utf8_lossy(error.as_bytes()));
        let found = Diagnostic::error("not-utf-8", Span::new(at, at + 1), "this byte is not UTF-8 text");
        print_diagnostic(&found.help("save the file as UTF-8"), &source);
        Stop::Reported
    })
}

/// Reads no more than one byte beyond the longest text.
fn read_up_to_limit(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LONGEST_TEXT_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The flows of a text without errors. Prints all its diagnostics.
pub fn flows_of(source: &Source, file: usize, version: Option<Version>) -> Result<Vec<Flow>, Stop> {
    let (_, mut flows, diagnostics) = read_text_for(source, version);
    diag::merged(&diagnostics).iter().for_each(|found| print_diagnostic(found, source));
    flows.iter_mut().for_each(|flow| flow.file = file);
    if flows.is_empty() { Err(Stop::Reported) } else { Ok(flows) }
}

/// Where a command writes.
#[derive(clap::Args)]
pub struct Output {
    /// Write to this file instead of standard output: whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Output {
    /// Writes a text to the file, or to standard output when no file is given.
    pub fn write(&self, text: &str) -> Result<(), Stop> {
        self.write_by(|out| out.write_all(text.as_bytes()))
    }

    /// The same with what a function writes.
    pub fn write_by(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
        match &self.output {
            Some(path) => write_whole_by(path, write).map_err(|error| because(path.display(), "written", &error)),
            None => print_by(write).map_err(|error| because("standard output", "written", &error)),
        }
    }
}

/// A closed pipe is no error: its reader needs no more.
pub fn print(text: &str) -> io::Result<()> {
    print_by(|out| out.write_all(text.as_bytes()))
}

fn print_by(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes a file next to the target and renames it, so that nobody sees half of it. A link is followed. A target that is not a
/// file, such as `/dev/null`, is written to directly.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    write_whole_by(path, |out| out.write_all(text.as_bytes()))
}

fn write_whole_by(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let write_to = |path: &Path| {
        let mut out = BufWriter::new(fs::File::create(path)?);
        write(&mut out)?;
        out.flush()
    };
    if path.exists() && !path.is_file() {
        return write_to(&path);
    }
    let mut beside: OsString = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let written = write_to(beside.as_ref()).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // The incomplete file is of no use, and a failure to remove it adds nothing to the first error.
        let _ = fs::remove_file(&beside);
    }
    written
}
