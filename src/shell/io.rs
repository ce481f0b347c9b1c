//! What a script prints and reads: streams, files, redirections, and output that is gathered.

use std::rc::Rc;

use super::state::{Flow, Input, Io, MOST_BYTES, Shell, Sink};
use super::tree::{Mode, Redirect, Target};
use super::{Line, Stopped, Stream};
use crate::text::Text;
use crate::time::SimTime;

impl Shell<'_> {
    /// Prints a text.
    pub fn print(&mut self, sink: &Sink, text: &Text) {
        self.n_bytes = self.n_bytes.saturating_add(text.len());
        if self.n_bytes > MOST_BYTES {
            self.stop(Stopped::Steps);
            return;
        }
        if let Sink::Current(_) = sink {
            return self.print(&self.behind(sink), text);
        }
        if let Sink::Both(sinks) = sink {
            return sinks.iter().for_each(|sink| self.print(sink, text));
        }
        // They read it piece by piece, as it is printed.
        if let Sink::Process(process) = sink {
            let (node, io) = &**process;
            let (input, status) = (std::mem::replace(&mut self.state.input, Input::new(text.clone())), self.state.status);
            self.subshell(io, |shell| shell.exec(node, io));
            (self.state.input, self.state.status) = (input, status);
            return;
        }
        let [out, err] = &mut self.open;
        let (open, stream) = match sink {
            Sink::Current(_) | Sink::Both(_) | Sink::Process(_) => return,
            Sink::Nowhere => return,
            Sink::Gather(_) | Sink::Reader(_) => {
                let now = self.state.clock;
                let pieces = match sink {
                    Sink::Reader(n) => self.readers.get_mut(*n).map(|reader| &mut reader.pieces),
                    Sink::Gather(n) => self.gathered.get_mut(*n),
                    _ => None,
                };
                let Some(pieces) = pieces else { return };
                // Jobs in the background have clocks of their own.
                let at = pieces.partition_point(|(at, _)| *at <= now);
                match at.checked_sub(1).and_then(|last| pieces.get_mut(last)).filter(|(at, _)| *at == now) {
                    Some((_, last)) => last.push(text),
                    None => pieces.insert(at, (now, text.clone())),
                }
                return;
            }
            Sink::File(place) => return self.append(place, text),
            Sink::Out => (out, Stream::Out),
            Sink::Err => (err, Stream::Err),
        };
        let mut rest: &str = text;
        while let Some((line, behind)) = rest.split_once('\n') {
            let text = std::mem::take(open) + line;
            self.lines.push(Line { at: self.state.clock, stream, text });
            rest = behind;
        }
        *open += rest;
    }

    /// Prints a line of known text.
    pub fn print_line(&mut self, sink: &Sink, text: &str) {
        self.print(sink, &format!("{text}\n").into());
    }

    /// Prints an error message of bash.
    pub fn complain(&mut self, io: &Io, message: &str) {
        self.print_line(&io.err, &format!("bash: {message}"));
    }

    /// Notes what is not simulated.
    pub fn note(&mut self, text: String) {
        self.lines.push(Line { at: self.state.clock, stream: Stream::Note, text });
    }

    /// Runs something and gives back what it printed.
    pub fn gather(&mut self, io: &Io, run: impl FnOnce(&mut Self, &Io) -> Flow) -> (Text, Flow) {
        let (pieces, flow) = self.gather_pieces(io, run);
        let mut text = Text::new();
        pieces.iter().for_each(|(_, piece)| text.push(piece));
        (text, flow)
    }

    /// Runs something and gives back what it printed, in pieces, each with its time.
    pub fn gather_pieces(&mut self, io: &Io, run: impl FnOnce(&mut Self, &Io) -> Flow) -> (Vec<(SimTime, Text)>, Flow) {
        let inner = Io { out: Sink::Gather(self.gathered.len()), ..io.clone() };
        self.gathered.push(Vec::new());
        let flow = run(self, &inner);
        (self.gathered.pop().unwrap_or_default(), flow)
    }

    /// What is left of standard input. The reader waits until it is there.
    pub fn take_input(&mut self) -> Rc<Text> {
        self.state.clock = self.state.clock.max(self.state.input.ends());
        let input = std::mem::take(&mut self.state.input).rest();
        // What reads it does something with each byte.
        self.setup.budget.work(input.len() / 8);
        input
    }

    /// Passes the rest of standard input on, piece by piece, as it comes.
    pub fn pass_input(&mut self, mut pass: impl FnMut(&mut Self, &Text)) {
        let input = std::mem::take(&mut self.state.input);
        for (at, piece) in input.pieces() {
            self.state.clock = self.state.clock.max(at);
            self.setup.budget.work(piece.len() / 8);
            pass(self, &piece);
        }
    }

    /// The text of a known file.
    pub fn file(&self, name: &str) -> Option<&Text> {
        self.disk.files.get(&*self.place(name))
    }

    /// The text of a file; `None` when it does not exist.
    pub fn read_file(&mut self, name: &Text) -> Option<Text> {
        match &**name {
            "/dev/null" => Some(Text::new()),
            "/dev/stdin" | "-" => Some((*self.take_input()).clone()),
            _ => {
                let found = self.file(name).cloned();
                found.or_else(|| {
                    self.is_elsewhere(name).then(|| {
                        let mut text = if name.is_unknown() { name.clone() } else { Text::unknown(name) };
                        text.push_str("\n");
                        text
                    })
                })
            }
        }
    }

    /// Whether a real machine may have a file that is not known; if so, it is taken to exist, and that is a guess.
    pub fn is_elsewhere(&mut self, name: &Text) -> bool {
        // What lies in `/tmp` itself only the script has made.
        let is_in_tmp = name.strip_prefix("/tmp/").is_some_and(|rest| !rest.contains('/'));
        let may = self.setup.other_files
            || self.is_foreign
            || name.has_unknown()
            || name.starts_with(['/', '~']) && !is_in_tmp
            || name.contains("://");
        self.guess_if(may)
    }

    /// Runs a command with its redirections.
    pub fn redirected(&mut self, redirects: &[Redirect], io: &Io, run: impl FnOnce(&mut Self, &Io) -> Flow) -> Flow {
        if redirects.is_empty() {
            return run(self, io);
        }
        let (input, inputs) = (self.state.input.clone(), self.state.inputs.clone());
        let Some((inner, reads, from)) = self.redirect(redirects, io, false).filter(|_| self.state.fault.is_none()) else {
            (self.state.input, self.state.inputs) = (input, inputs);
            self.state.status = 1;
            return if self.state.fault.is_some() { Flow::Exit } else { self.checked(Flow::Next, io) };
        };
        let flow = run(self, &inner);
        if reads {
            let read = std::mem::replace(&mut self.state.input, input);
            self.state.inputs = inputs;
            // What was read from a copy of a stream is gone from it.
            self.state.inputs.iter_mut().filter(|(fd, _)| Some(*fd) == from).for_each(|(_, input)| *input = read.clone());
        }
        flow
    }

    /// Redirects the streams of all commands that follow: `exec > file`.
    pub fn redirect_for_good(&mut self, redirects: &[Redirect], io: &Io) -> Flow {
        let Some((inner, ..)) = self.redirect(redirects, io, true) else {
            self.state.status = 1;
            return Flow::Exit;
        };
        self.state.sinks = [self.behind(&inner.out), self.behind(&inner.err)];
        self.state.more_sinks = inner.more;
        Flow::Next
    }

    /// The outputs that redirections make of others, whether any of them changes an input, and the stream that standard input is
    /// a copy of. `None` when a file is not there.
    fn redirect(&mut self, redirects: &[Redirect], io: &Io, for_good: bool) -> Option<(Io, bool, Option<u32>)> {
        let mut inner = io.clone();
        if inner.more.is_empty() {
            inner.more.clone_from(&self.state.more_sinks);
        }
        let (mut reads, mut copied) = (false, None);
        for redirect in redirects {
            let input = match &redirect.to {
                Target::Text(word) => Some(Input::new(self.expand_one(word, io))),
                Target::Read(word) => {
                    let name = self.expand_one(word, io);
                    let Some(text) = self.read_file(&name) else {
                        self.complain(io, &format!("{name}: No such file or directory"));
                        return None;
                    };
                    Some(Input::of_file(text))
                }
                Target::Copy(word, true) => {
                    let from = self.expand_one(word, io).parse().unwrap_or(u32::MAX);
                    copied = Some(from).filter(|_| redirect.stream == Some(0));
                    self.state.inputs.iter().find(|(fd, _)| *fd == from).map(|(_, input)| input.clone())
                }
                _ => None,
            };
            if let Some(input) = input {
                reads = true;
                match redirect.stream {
                    Some(fd) if fd > 0 => {
                        self.state.inputs.retain(|(known, _)| *known != fd);
                        self.state.inputs.push((fd, input));
                    }
                    _ => self.state.input = input,
                }
                continue;
            }
            let sink = match &redirect.to {
                Target::Copy(word, _) => {
                    let from = self.expand_one(word, io);
                    match &*from {
                        "1" => self.behind(&inner.out),
                        "2" => self.behind(&inner.err),
                        from => {
                            let known = from.parse::<u32>().ok().and_then(|from| inner.more.iter().find(|(fd, _)| *fd == from));
                            known.map_or(Sink::Nowhere, |(_, sink)| sink.clone())
                        }
                    }
                }
                Target::Write(word, mode) => {
                    let name = self.expand_one(word, io);
                    match &*name {
                        "/dev/null" => Sink::Nowhere,
                        "/dev/stdout" => inner.out.clone(),
                        "/dev/stderr" => inner.err.clone(),
                        _ if !self.may_make(&name) || self.is_directory(&name) => {
                            let why = if self.is_directory(&name) { "Is a directory" } else { "No such file or directory" };
                            self.complain(io, &format!("{name}: {why}"));
                            return None;
                        }
                        _ if self.state.noclobber && *mode == Mode::Write && self.file(&name).is_some() => {
                            self.complain(io, &format!("{name}: cannot overwrite existing file"));
                            return None;
                        }
                        name => self.sink_of(name, *mode == Mode::Append),
                    }
                }
                Target::Process(node) => {
                    let (out, err) = (self.behind(&inner.out), self.behind(&inner.err));
                    let io = Io { out, err, more: Vec::new() };
                    if for_good { Sink::Process(Rc::new((Rc::clone(node), io))) } else { self.open_reader(node, &io) }
                }
                Target::Tee(words, append) => {
                    let names = self.expand_all(words, io);
                    let mut sink = self.behind(&inner.out);
                    for name in &names {
                        sink = Sink::Both(Rc::new([self.sink_of(name, *append), sink]));
                    }
                    sink
                }
                Target::Read(_) | Target::Text(_) => continue,
            };
            match redirect.stream {
                Some(1) => inner.out = sink,
                Some(2) => inner.err = sink,
                None => (inner.out, inner.err) = (sink.clone(), sink),
                Some(0) => {}
                Some(fd) => {
                    inner.more.retain(|(known, _)| *known != fd);
                    inner.more.push((fd, sink));
                }
            }
        }
        Some((inner, reads, copied))
    }

    /// A file that is written to, empty unless the output is appended.
    pub fn sink_of(&mut self, name: &str, append: bool) -> Sink {
        if let Some(sink) = self.sink_of_reader(name) {
            return sink;
        }
        self.make_file(name, append);
        Sink::File(self.place(name))
    }

    /// Where an output goes, once `exec` has redirected it.
    fn behind(&self, sink: &Sink) -> Sink {
        let [out, err] = &self.state.sinks;
        match sink {
            Sink::Current(1) => out.clone(),
            Sink::Current(_) => err.clone(),
            sink => sink.clone(),
        }
    }
}
