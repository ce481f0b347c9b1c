//! What a program of `awk` prints, to files and commands too, and the commands it runs.

use std::rc::Rc;

use super::run::{Halt, Outcome, Run};
use super::tree::{self, Expr, To};
use super::value::formatted;
use crate::shell::Stopped;
use crate::shell::parser;
use crate::shell::state::{Flow, Input, Io, MOST_BYTES, Shell, Sink};
use crate::text::Text;

/// A command that a program runs is nested as deeply as this many others.
const DEPTH: usize = 40;
/// Deeper ones stop the script.
const MOST_DEPTH: usize = 150;

impl Run<'_, '_> {
    /// Prints a text, and the end of a record behind it.
    pub fn prints(&mut self, text: &str, ends: bool) -> Outcome<()> {
        self.out += text;
        if ends {
            self.out += &*self.special(tree::ORS);
        }
        self.work(text.len().saturating_add(8))?;
        self.bounded()
    }

    /// Stops the script when it prints too much.
    fn bounded(&mut self) -> Outcome<()> {
        if self.out.len() > MOST_BYTES { self.work(usize::MAX) } else { Ok(()) }
    }

    pub fn print_statement(&mut self, values: &[Expr], to: Option<&(To, Expr)>) -> Outcome<()> {
        let mut text = String::new();
        if values.is_empty() {
            text += &*self.whole_record();
        }
        let (between, format) = (self.special(tree::OFS), self.special(tree::OFMT));
        for (nth, value) in values.iter().enumerate() {
            if nth > 0 {
                text += &*between;
            }
            text += &*self.eval(value)?.text(&format);
        }
        text += &*self.special(tree::ORS);
        self.writes_to(&text, to)
    }

    pub fn printf_statement(&mut self, values: &[Expr], to: Option<&(To, Expr)>) -> Outcome<()> {
        let text = self.formatted(values)?;
        self.writes_to(&text, to)
    }

    /// `sprintf`: the first value is the format.
    pub fn formatted(&mut self, values: &[Expr]) -> Outcome<String> {
        let Some((format, values)) = values.split_first() else { return Ok(String::new()) };
        let format = self.text(format)?;
        let mut filled = Vec::with_capacity(values.len());
        for value in values {
            filled.push(self.eval(value)?);
        }
        let text = formatted(&format, &filled);
        self.work(text.len())?;
        Ok(text)
    }

    fn writes_to(&mut self, text: &str, to: Option<&(To, Expr)>) -> Outcome<()> {
        let Some((how, name)) = to else { return self.prints(text, false) };
        let name = self.text(name)?;
        self.work(text.len())?;
        match (how, &*name) {
            (To::Command, _) => {
                match self.pipes.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, input)) => *input += text,
                    None => self.pipes.push((name, text.to_owned())),
                }
                return Ok(());
            }
            (_, "/dev/stdout" | "-") => return self.prints(text, false),
            (_, "/dev/stderr") => {
                self.flushes();
                self.shell.print(&self.io.err.clone(), &text.into());
                return Ok(());
            }
            (_, "/dev/null") => return Ok(()),
            _ => {}
        }
        let name = self.shell.place(&name);
        let sink = Sink::File(Rc::clone(&name));
        if !self.files.contains(&name) {
            if *how == To::File {
                self.shell.make_file(&name, false);
            }
            self.files.push(name);
        }
        self.shell.print(&sink, &text.into());
        Ok(())
    }

    pub fn flushes(&mut self) {
        let out = std::mem::take(&mut self.out);
        self.shell.print(&self.io.out.clone(), &out.into());
    }

    /// Ends what goes to a command or comes from one, and runs the command; its status, or -1.
    pub fn closes(&mut self, name: &str) -> Outcome<f64> {
        let mut status = -1.0;
        if let Some(at) = self.readers.iter().position(|(known, _)| **known == *name) {
            self.readers.remove(at);
            status = 0.0;
        }
        if let Some(at) = self.files.iter().position(|known| *known == self.shell.place(name)) {
            self.files.remove(at);
            status = 0.0;
        }
        if let Some(at) = self.pipes.iter().position(|(known, _)| **known == *name) {
            let (command, input) = self.pipes.remove(at);
            status = f64::from(self.runs(&command, Some(input.into()))?);
        }
        Ok(status)
    }

    pub fn closes_all(&mut self) -> Outcome<()> {
        while let Some((name, _)) = self.pipes.first().cloned() {
            self.closes(&name)?;
        }
        Ok(())
    }

    /// Runs a command of the shell; its status.
    pub fn runs(&mut self, command: &str, input: Option<Text>) -> Outcome<i32> {
        self.flushes();
        let flow = runs(self.shell, command, input, &self.io.clone());
        let status = std::mem::take(&mut self.shell.state.status);
        if flow == Flow::Stop { Err(Halt::Stopped) } else { Ok(status) }
    }

    /// What a command prints.
    pub fn output_of(&mut self, command: &str) -> Outcome<Text> {
        self.flushes();
        let io = self.io.clone();
        let (out, flow) = self.shell.gather(&io, |shell, io| runs(shell, command, None, io));
        self.shell.state.status = 0;
        if flow == Flow::Stop { Err(Halt::Stopped) } else { Ok(out) }
    }
}

/// Runs the text of a command in a subshell.
fn runs(shell: &mut Shell<'_>, command: &str, input: Option<Text>, io: &Io) -> Flow {
    let (node, error) = parser::parse(&command.into());
    if error.is_some() || !shell.work(command.len()) {
        shell.state.status = 2;
        return Flow::Next;
    }
    let before = input.map(|input| std::mem::replace(&mut shell.state.input, Input::new(input)));
    let errexit = std::mem::take(&mut shell.state.errexit);
    shell.depth = shell.depth.saturating_add(DEPTH);
    let flow = if shell.depth < MOST_DEPTH { shell.subshell(io, |shell| shell.exec(&node, io)) } else { shell.stop(Stopped::Steps) };
    shell.depth = shell.depth.saturating_sub(DEPTH);
    shell.state.errexit = errexit;
    if let Some(before) = before {
        shell.state.input = before;
    }
    flow
}
