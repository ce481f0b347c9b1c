//! `awk`, as POSIX has it, with `gensub`, `strftime` and `systime` of GNU's. What it reads from something unknown is unknown.

mod builtins;
mod eval;
mod lexer;
mod operators;
mod parser;
mod records;
mod run;
mod tree;
mod value;
mod write;

use super::options::{Known, Options};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;
use run::{Halt, Run};

/// Why a program can't be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No `awk` runs it.
    Syntax,
    /// It is not simulated.
    Unsupported,
}

impl Shell<'_> {
    pub(super) fn awk(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("f:v:F:"), true);
        let mut operands = options.operands.as_slice();
        let mut sources = Vec::new();
        for file in options.values_of('f') {
            match self.read_file(file) {
                Some(text) => sources.push(text),
                None => return self.fail(io, 2, &format!("awk: cannot open {file} (No such file or directory)")),
            }
        }
        if sources.is_empty() {
            let Some((source, rest)) = operands.split_first() else {
                return self.fail(io, 2, "usage: awk [-F fs][-v var=value] 'prog' [file ...]");
            };
            sources.push(source.clone());
            operands = rest;
        }
        let source = Text::join(&sources, "\n");
        if source.has_unknown() || options.values_of('v').chain(options.value('F')).any(Text::has_unknown) {
            self.is_unknown(&Text::unknown("awk"));
            self.print_line_of(io, Text::unknown("awk"));
            return Flow::Next;
        }
        if !self.work(source.len()) {
            return Flow::Stop;
        }
        let program = match parser::parse(&source) {
            Ok(program) if !options.has_other => program,
            Err(Fault::Syntax) => return self.fail(io, 2, "awk: syntax error"),
            _ => return self.not_simulated(words, io),
        };
        let mut run = Run::new(self, io, &program, operands);
        for value in options.values_of('v') {
            run.assigns(value);
        }
        if let Some(separator) = options.value('F') {
            run.separates_by(separator);
        }
        let end = run.whole();
        let out = std::mem::take(&mut run.out);
        match end {
            Err(Halt::Unknown) => {
                self.guess_if(true);
                self.print_line_of(io, Text::unknown("awk"));
            }
            Err(Halt::Unsupported) => return self.not_simulated(words, io),
            Err(Halt::Fault(message)) => {
                self.print(&io.out, &out.into());
                return self.fail(io, 2, &format!("awk: {message}"));
            }
            Err(_) => return Flow::Stop,
            Ok(status) => {
                self.print(&io.out, &out.into());
                self.state.status = status;
            }
        }
        Flow::Next
    }
}
