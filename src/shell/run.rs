//! Runs the tree of a script on a virtual clock.
//!
//! A job in the background and the stages of a pipe have clocks of their own: the lines they print are put in order of
//! time in the end.

use std::rc::Rc;

use super::arithmetic::{self, Names};
use super::tree::{Assign, Assigned, Node, Part, Redirect, Target, Word};
use super::{Line, Outcome, Setup, Stopped, Stream, glob};
use crate::collections::Sorted;
use crate::random::mix;
use crate::time::SimTime;

/// More than this is not printed.
pub const MOST_BYTES: usize = 4 << 20;
/// How deep commands may stand within each other: functions that call themselves, too.
const DEEPEST: usize = 160;

/// How a command ends, for those round it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Next,
    Break(usize),
    Continue(usize),
    Return,
    Exit,
    Stop,
}

/// Where output goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sink {
    Out,
    Err,
    Nowhere,
    /// The n-th text that is being gathered.
    Gather(usize),
    File(Rc<str>),
}

/// Input and outputs of a command.
#[derive(Debug, Clone)]
pub struct Io {
    pub out: Sink,
    pub err: Sink,
}

/// A variable.
#[derive(Debug, Clone)]
pub struct Var {
    pub name: Rc<str>,
    pub value: Held,
    pub exported: bool,
}

#[derive(Debug, Clone)]
pub enum Held {
    Text(String),
    List(Vec<String>),
    /// By key: `declare -A`.
    Map(Vec<(String, String)>),
}

/// What a subshell has of its own.
#[derive(Debug, Clone)]
pub struct State {
    /// Those of everybody, then those of the functions that run.
    pub vars: Vec<Var>,
    /// How many came to be everybody's since the start.
    n_made: usize,
    pub functions: Sorted<String, Rc<Node>>,
    pub arguments: Vec<String>,
    pub clock: SimTime,
    pub status: i32,
    pub errexit: bool,
    pub nounset: bool,
    pub pipefail: bool,
    /// Standard input that is left to read.
    pub input: Rc<str>,
    /// When all of it is there: the stage of the pipe that prints it has ended.
    pub input_at: SimTime,
    pub trap: Option<Rc<str>>,
    /// Whether a word could not be expanded: that ends a script.
    pub faulted: bool,
    /// Background jobs: when each ends and with what, `None` when it never does.
    jobs: Vec<Option<(SimTime, i32)>>,
    is_job: bool,
}

/// A script under way.
pub struct Shell<'a> {
    pub setup: &'a Setup<'a>,
    pub state: State,
    pub files: Sorted<Rc<str>, String>,
    pub stopped: Option<Stopped>,
    lines: Vec<Line>,
    /// A line of each stream that is not ended yet.
    open: [String; 2],
    gathered: Vec<String>,
    n_bytes: usize,
    n_steps: usize,
    n_draws: u64,
    depth: usize,
    /// Above 0 a failing command ends nothing: it is a condition.
    tested: usize,
    /// Whether anything ran that is not simulated.
    pub is_foreign: bool,
    /// Whether the last command that ran is one.
    pub is_foreign_status: bool,
    /// How often its way hung on something unknown.
    pub n_guesses: usize,
}

pub fn run(node: &Node, error: Option<String>, setup: &Setup<'_>) -> Outcome {
    let vars =
        setup.env.iter().map(|(name, value)| Var { name: Rc::from(name.as_str()), value: Held::Text(value.clone()), exported: true });
    let state = State {
        vars: vars.collect(),
        n_made: 0,
        functions: Sorted::default(),
        arguments: Vec::new(),
        clock: SimTime::ZERO,
        status: 0,
        errexit: setup.errexit,
        nounset: false,
        pipefail: false,
        input: Rc::from(""),
        input_at: SimTime::ZERO,
        trap: None,
        faulted: false,
        jobs: Vec::new(),
        is_job: false,
    };
    let mut shell = Shell {
        setup,
        state,
        files: setup.files.iter().map(|(name, text)| (Rc::from(name.as_str()), text.clone())).collect(),
        stopped: None,
        lines: Vec::new(),
        open: [String::new(), String::new()],
        gathered: Vec::new(),
        n_bytes: 0,
        n_steps: 0,
        n_draws: 0,
        depth: 0,
        tested: 0,
        is_foreign: false,
        is_foreign_status: false,
        n_guesses: 0,
    };
    let io = Io { out: Sink::Out, err: Sink::Err };
    let mut flow = shell.exec(node, &io);
    if let Some(error) = error.filter(|_| flow == Flow::Next) {
        shell.print(&Sink::Err, &format!("bash: {error}\n"));
        (shell.state.status, flow) = (2, Flow::Exit);
    }
    if let Some(trap) = shell.state.trap.take().filter(|_| flow != Flow::Stop) {
        let status = shell.state.status;
        let (node, _) = super::parser::parse(&trap);
        if shell.exec(&node, &io) != Flow::Exit {
            shell.state.status = status;
        }
    }
    shell.finish()
}

impl Shell<'_> {
    fn finish(mut self) -> Outcome {
        for (at, stream) in [(0, Stream::Out), (1, Stream::Err)] {
            let text = std::mem::take(&mut self.open[at]);
            if !text.is_empty() {
                self.lines.push(Line { at: self.state.clock, stream, text });
            }
        }
        self.lines.sort_by_key(|line| line.at);
        Outcome {
            lines: self.lines,
            ends: self.state.clock,
            exit_code: self.state.status & 0xff,
            stopped: self.stopped,
            is_foreign: self.is_foreign,
            is_guessed: self.n_guesses > 0,
        }
    }

    /// Stops the script for good.
    pub fn stop(&mut self, why: Stopped) -> Flow {
        self.stopped = self.stopped.or(Some(why));
        Flow::Stop
    }

    /// Time goes by. A job in the background that goes beyond the deadline just never ends.
    pub fn wait(&mut self, time: SimTime) -> Flow {
        self.wait_until(self.state.clock + time)
    }

    fn wait_until(&mut self, at: SimTime) -> Flow {
        if at > self.setup.deadline {
            self.state.clock = self.setup.deadline;
            return if self.state.is_job { Flow::Stop } else { self.stop(Stopped::Deadline) };
        }
        self.state.clock = self.state.clock.max(at);
        Flow::Next
    }

    pub fn print(&mut self, sink: &Sink, text: &str) {
        self.n_bytes += text.len();
        if self.n_bytes > MOST_BYTES {
            self.stopped = self.stopped.or(Some(Stopped::Steps));
            return;
        }
        let (at, stream) = match sink {
            Sink::Nowhere => return,
            Sink::Gather(n) => return self.gathered[*n].push_str(text),
            Sink::File(name) => return self.files.or_default(Rc::clone(name)).push_str(text),
            Sink::Out => (0, Stream::Out),
            Sink::Err => (1, Stream::Err),
        };
        let mut rest = text;
        while let Some((line, behind)) = rest.split_once('\n') {
            let text = std::mem::take(&mut self.open[at]) + line;
            self.lines.push(Line { at: self.state.clock, stream, text });
            rest = behind;
        }
        self.open[at] += rest;
    }

    /// The file that `<( ... )` names.
    pub fn file_of(&mut self, node: &Node, io: &Io) -> String {
        let (text, _) = self.gather(io, |shell, io| shell.subshell(|shell| shell.exec(node, io)));
        let name = format!("/dev/fd/{}", 63 + self.files.keys().count());
        self.files.insert(Rc::from(name.as_str()), text);
        name
    }

    /// What separates words: `$IFS`.
    pub fn separators(&self) -> String {
        if let Some(Held::Text(text)) = self.get("IFS") { text.clone() } else { " \t\n".to_owned() }
    }

    /// Runs another script: `source`, `bash -c`, a shell that reads its input.
    pub fn run_text(&mut self, text: &str, arguments: Option<Vec<String>>, io: &Io) -> Flow {
        let (node, error) = super::parser::parse(text);
        let before = arguments.map(|arguments| std::mem::replace(&mut self.state.arguments, arguments));
        let flow = self.exec(&node, io);
        if let Some(before) = before {
            self.state.arguments = before;
        }
        if let Some(error) = error.filter(|_| flow == Flow::Next) {
            self.print(&io.err, &format!("bash: {error}\n"));
            self.state.status = 2;
        }
        if flow == Flow::Return { Flow::Next } else { flow }
    }

    /// Says what is not simulated.
    pub fn note(&mut self, text: String) {
        self.lines.push(Line { at: self.state.clock, stream: Stream::Note, text });
    }

    /// A number for `$RANDOM`.
    pub fn draw(&mut self) -> u64 {
        self.n_draws += 1;
        mix(self.setup.seed.wrapping_add(self.n_draws.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// Runs something and gives back what it printed.
    pub fn gather(&mut self, io: &Io, run: impl FnOnce(&mut Self, &Io) -> Flow) -> (String, Flow) {
        self.gathered.push(String::new());
        let inner = Io { out: Sink::Gather(self.gathered.len() - 1), err: io.err.clone() };
        let flow = run(self, &inner);
        (self.gathered.pop().unwrap_or_default(), flow)
    }

    /// Runs something that leaves no trace in the variables; time goes on.
    pub fn subshell(&mut self, run: impl FnOnce(&mut Self) -> Flow) -> Flow {
        let before = self.state.clone();
        self.state.trap = None;
        let flow = run(self);
        let State { clock, status, input, .. } = std::mem::replace(&mut self.state, before);
        (self.state.clock, self.state.status, self.state.input) = (clock, status, input);
        if flow == Flow::Stop { flow } else { Flow::Next }
    }

    /// The output of `$( ... )`.
    pub fn substitute(&mut self, node: &Node, io: &Io) -> String {
        let (mut text, _) = self.gather(io, |shell, io| {
            shell.subshell(|shell| {
                // Bash does not pass `set -e` on to substitutions.
                shell.tested += 1;
                let flow = shell.exec(node, io);
                shell.tested -= 1;
                flow
            })
        });
        text.truncate(text.trim_end_matches('\n').len());
        text
    }

    pub fn exec(&mut self, node: &Node, io: &Io) -> Flow {
        self.n_steps += 1;
        if self.n_steps > self.setup.max_steps {
            return self.stop(Stopped::Steps);
        }
        if self.stopped.is_some() {
            return Flow::Stop;
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            self.depth -= 1;
            return self.stop(Stopped::Steps);
        }
        let flow = self.exec_node(node, io);
        self.depth -= 1;
        match flow {
            _ if self.stopped.is_some() => Flow::Stop,
            _ if self.state.faulted => Flow::Exit,
            flow => flow,
        }
    }

    fn exec_node(&mut self, node: &Node, io: &Io) -> Flow {
        match node {
            Node::Simple { assigns, words, redirects } => self.simple(assigns, words, redirects, io),
            Node::List(nodes) => {
                for node in nodes {
                    match self.exec(node, io) {
                        Flow::Next => {}
                        flow => return flow,
                    }
                }
                Flow::Next
            }
            Node::And(first, second) | Node::Or(first, second) => {
                let flow = self.test(first, io);
                let goes_on = (self.state.status == 0) == matches!(node, Node::And(..));
                if flow != Flow::Next || !goes_on { flow } else { self.exec(second, io) }
            }
            Node::Pipe { stages, negated } => self.pipe(stages, *negated, io),
            Node::Background(node) => self.background(node, io),
            Node::If { arms, otherwise } => {
                for (condition, body) in arms {
                    match self.decide(condition, io) {
                        Flow::Next if self.state.status == 0 => return self.exec(body, io),
                        Flow::Next => {}
                        flow => return flow,
                    }
                }
                self.state.status = 0;
                otherwise.as_ref().map_or(Flow::Next, |body| self.exec(body, io))
            }
            Node::While { until, condition, body } => {
                let mut status = 0;
                let mut n_rounds = 0;
                loop {
                    let n_guesses = self.n_guesses;
                    let flow = self.decide(condition, io);
                    // A loop that hangs on something unknown ends after its second round, one within which anything does
                    // after a hundred.
                    n_rounds += 1;
                    let is_over = n_rounds > 2 && self.n_guesses > n_guesses || n_rounds > 100 && self.n_guesses > 0;
                    match flow {
                        Flow::Next if is_over => {
                            self.state.status = status;
                            return Flow::Next;
                        }
                        Flow::Next if (self.state.status == 0) != *until => {}
                        Flow::Next => {
                            self.state.status = status;
                            return Flow::Next;
                        }
                        flow => return out_of_loop(flow),
                    }
                    let flow = self.exec(body, io);
                    status = self.state.status;
                    if let Some(flow) = after_round(flow) {
                        return flow;
                    }
                }
            }
            Node::For { name, words, body } => {
                let values = match words {
                    Some(words) => self.expand_all(words, io),
                    None => self.state.arguments.clone(),
                };
                self.state.status = 0;
                for value in values {
                    self.set(name, value);
                    if let Some(flow) = after_round(self.exec(body, io)) {
                        return flow;
                    }
                }
                Flow::Next
            }
            Node::ForArithmetic { parts: [first, condition, step], body } => {
                self.calculate(first, io);
                self.state.status = 0;
                loop {
                    let is_empty = condition.iter().all(|part| matches!(part, Part::Text(text, _) if text.trim().is_empty()));
                    if !is_empty && self.calculate(condition, io).unwrap_or(0) == 0 || self.stopped.is_some() {
                        return Flow::Next;
                    }
                    if let Some(flow) = after_round(self.exec(body, io)) {
                        return flow;
                    }
                    self.calculate(step, io);
                }
            }
            Node::Case { word, arms } => {
                let text = self.expand_one(word, io);
                self.state.status = 0;
                if let (true, Some((_, body, _))) = (self.is_unknown(&text), arms.first()) {
                    return self.exec(body, io);
                }
                let text: Vec<char> = text.chars().collect();
                let mut falls = false;
                for (patterns, body, goes_on) in arms {
                    for wanted in patterns {
                        let pieces = self.pieces(wanted, io);
                        falls |= glob::matches(&glob::read(pieces.iter().map(|(text, quoted)| (text.as_str(), *quoted))), &text);
                    }
                    if falls {
                        match self.exec(body, io) {
                            Flow::Next if *goes_on => {}
                            flow => return flow,
                        }
                    }
                }
                Flow::Next
            }
            Node::Group { body, redirects } => self.redirected(redirects, io, |shell, io| shell.exec(body, io)),
            Node::Subshell { body, redirects } => {
                let flow = self.redirected(redirects, io, |shell, io| shell.subshell(|shell| shell.exec(body, io)));
                self.checked(flow)
            }
            Node::Function { name, body } => {
                self.state.functions.insert(name.clone(), Rc::clone(body));
                self.state.status = 0;
                Flow::Next
            }
            Node::Arithmetic(word) => {
                let value = self.calculate(word, io);
                self.state.status = i32::from(value.is_none_or(|value| value == 0));
                self.checked(Flow::Next)
            }
            Node::Test(words) => {
                self.state.status = self.double_bracket(words, io);
                self.checked(Flow::Next)
            }
        }
    }

    /// Runs a condition: a failure in it ends nothing.
    fn test(&mut self, node: &Node, io: &Io) -> Flow {
        self.tested += 1;
        let flow = self.exec(node, io);
        self.tested -= 1;
        flow
    }

    /// Likewise, for a choice: one that hangs on a command that is not simulated is a guess.
    fn decide(&mut self, node: &Node, io: &Io) -> Flow {
        self.is_foreign_status = false;
        let flow = self.test(node, io);
        self.n_guesses += usize::from(self.is_foreign_status);
        flow
    }

    /// After a command that may have failed under `set -e`.
    pub fn checked(&mut self, flow: Flow) -> Flow {
        if flow == Flow::Next && self.state.status != 0 && self.state.errexit && self.tested == 0 { Flow::Exit } else { flow }
    }

    /// The stages begin together; each has what the one before printed as its input. The pipe ends when the last of them does.
    fn pipe(&mut self, stages: &[Node], negated: bool, io: &Io) -> Flow {
        let began = self.state.clock;
        let (mut ended, mut failed) = (began, 0);
        let before = Rc::clone(&self.state.input);
        let Some((last, others)) = stages.split_last() else { return Flow::Next };
        self.tested += 1;
        for stage in others {
            let (text, flow) = self.gather(io, |shell, io| shell.subshell(|shell| shell.exec(stage, io)));
            if flow == Flow::Stop && self.stopped.is_some() {
                self.tested -= 1;
                return flow;
            }
            failed = if self.state.status != 0 { self.state.status } else { failed };
            ended = ended.max(self.state.clock);
            self.state.clock = began;
            (self.state.input, self.state.input_at) = (Rc::from(text), ended);
        }
        let flow = if others.is_empty() { self.exec(last, io) } else { self.subshell(|shell| shell.exec(last, io)) };
        self.tested -= 1;
        self.state.clock = self.state.clock.max(ended);
        self.state.input = before;
        if self.state.pipefail && self.state.status == 0 {
            self.state.status = failed;
        }
        if negated {
            self.state.status = i32::from(self.state.status == 0);
            return flow;
        }
        self.checked(flow)
    }

    fn background(&mut self, node: &Rc<Node>, io: &Io) -> Flow {
        let before = self.state.clone();
        self.state.is_job = true;
        self.state.trap = None;
        let tested = std::mem::take(&mut self.tested);
        let flow = self.exec(node, io);
        self.tested = tested;
        let State { clock, status, .. } = std::mem::replace(&mut self.state, before);
        let is_over = flow != Flow::Stop;
        if self.stopped.is_some() {
            return Flow::Stop;
        }
        self.state.jobs.push(is_over.then_some((clock, status)));
        self.state.status = 0;
        Flow::Next
    }

    /// `wait`: for one job by its number, or for all.
    pub fn wait_for(&mut self, job: Option<usize>) -> Flow {
        let jobs: Vec<_> = match job {
            Some(n) => self.state.jobs.get(n).copied().into_iter().collect(),
            None => self.state.jobs.clone(),
        };
        if job.is_some() && jobs.is_empty() {
            self.state.status = 127;
            return Flow::Next;
        }
        self.state.status = 0;
        for ended in jobs {
            let Some((at, status)) = ended else {
                self.state.clock = self.setup.deadline;
                return if self.state.is_job { Flow::Stop } else { self.stop(Stopped::Deadline) };
            };
            if self.wait_until(at) == Flow::Stop {
                return Flow::Stop;
            }
            if job.is_some() {
                self.state.status = status;
            }
        }
        Flow::Next
    }

    /// The number of the latest job, as `$!` gives it.
    pub fn latest_job(&self) -> Option<usize> {
        self.state.jobs.len().checked_sub(1)
    }

    fn redirected(&mut self, redirects: &[Redirect], io: &Io, run: impl FnOnce(&mut Self, &Io) -> Flow) -> Flow {
        if redirects.is_empty() {
            return run(self, io);
        }
        let mut inner = io.clone();
        let before = Rc::clone(&self.state.input);
        let mut reads = false;
        for redirect in redirects {
            let sink = match &redirect.to {
                Target::Text(word) => {
                    (self.state.input, reads) = (Rc::from(self.expand_one(word, io)), true);
                    continue;
                }
                Target::Read(word) => {
                    let name = self.expand_one(word, io);
                    match self.read_file(&name) {
                        Some(text) => (self.state.input, reads) = (Rc::from(text), true),
                        None => {
                            self.print(&io.err.clone(), &format!("bash: {name}: No such file or directory\n"));
                            self.state.status = 1;
                            return self.checked(Flow::Next);
                        }
                    }
                    continue;
                }
                Target::Copy(word) => match self.expand_one(word, io).as_str() {
                    "1" => inner.out.clone(),
                    "2" => inner.err.clone(),
                    _ => Sink::Nowhere,
                },
                Target::Write(word, append) => match self.expand_one(word, io).as_str() {
                    "/dev/null" => Sink::Nowhere,
                    "/dev/stdout" => inner.out.clone(),
                    "/dev/stderr" => inner.err.clone(),
                    name => {
                        let name: Rc<str> = Rc::from(name);
                        let file = self.files.or_default(Rc::clone(&name));
                        if !append {
                            file.clear();
                        }
                        Sink::File(name)
                    }
                },
            };
            match redirect.stream {
                Some(1) => inner.out = sink,
                Some(2) => inner.err = sink,
                None => (inner.out, inner.err) = (sink.clone(), sink),
                Some(_) => {}
            }
        }
        let flow = run(self, &inner);
        if reads {
            self.state.input = before;
        }
        flow
    }

    /// What is left of standard input. Who reads it waits until it is there.
    pub fn take_input(&mut self) -> Rc<str> {
        self.state.clock = self.state.clock.max(self.state.input_at);
        Rc::clone(&self.state.input)
    }

    /// What a file holds; `None` when there is none.
    pub fn read_file(&mut self, name: &str) -> Option<String> {
        match name {
            "/dev/null" => Some(String::new()),
            "/dev/stdin" | "-" => Some(self.state.input.to_string()),
            name => {
                let found = self.files.get(name.strip_prefix("./").unwrap_or(name)).cloned();
                found.or_else(|| self.is_elsewhere(name).then(|| format!("⟨{}⟩\n", name.trim_matches(['⟨', '⟩']))))
            }
        }
    }

    /// Whether a file that is not here may be on a real machine; then it is taken to be there, and that is a guess.
    pub fn is_elsewhere(&mut self, name: &str) -> bool {
        let may = self.setup.other_files || self.is_foreign || name.contains('⟨') || name.starts_with(['/', '~']) || name.contains("://");
        self.n_guesses += usize::from(may);
        may
    }

    /// Whether a text is unknown; that is a guess.
    pub fn is_unknown(&mut self, text: &str) -> bool {
        let is = text.contains('⟨');
        self.n_guesses += usize::from(is);
        is
    }

    fn simple(&mut self, assigns: &[Assign], words: &[Word], redirects: &[Redirect], io: &Io) -> Flow {
        let status = self.state.status;
        let words = self.expand_all(words, io);
        if self.stopped.is_some() || self.state.faulted {
            return Flow::Exit;
        }
        let Some(name) = words.first().map(String::as_str) else {
            self.state.status = 0;
            assigns.iter().for_each(|assign| self.assign(assign, io));
            let flow = self.redirected(redirects, io, |_, _| Flow::Next);
            return self.checked(flow);
        };
        if super::parser::DECLARES.contains(&name) {
            let flow = self.redirected(redirects, io, |shell, io| shell.command(&words, io));
            assigns.iter().for_each(|assign| self.assign(assign, io));
            return self.checked(flow);
        }
        // Assignments before a command are for that command alone.
        let own = self.state.vars.len() - self.state.n_made;
        for assign in assigns {
            let value = if let Assigned::Word(word) = &assign.value { self.expand_one(word, io) } else { String::new() };
            self.state.vars.push(Var { name: Rc::from(assign.name.as_str()), value: Held::Text(value), exported: true });
        }
        self.state.status = status;
        let flow = self.redirected(redirects, io, |shell, io| match shell.state.functions.get(name).cloned() {
            Some(body) => shell.call(&body, &words, io),
            None => shell.command(&words, io),
        });
        if !assigns.is_empty() {
            self.state.vars.truncate(own + self.state.n_made);
        }
        if matches!(words.first().map(String::as_str), Some("exit" | "return" | "break" | "continue")) { flow } else { self.checked(flow) }
    }

    fn call(&mut self, body: &Node, words: &[String], io: &Io) -> Flow {
        let arguments = std::mem::replace(&mut self.state.arguments, words[1..].to_vec());
        let own = self.state.vars.len() - self.state.n_made;
        self.state.status = 0;
        let flow = self.exec(body, io);
        self.state.arguments = arguments;
        self.state.vars.truncate(own + self.state.n_made);
        if flow == Flow::Return { Flow::Next } else { flow }
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&Held> {
        self.state.vars.iter().rev().find(|var| &*var.name == name).map(|var| &var.value)
    }

    pub fn set(&mut self, name: &str, value: String) {
        match self.state.vars.iter_mut().rev().find(|var| &*var.name == name) {
            Some(var) => var.value = Held::Text(value),
            // A variable that is new within a function is everybody's: below the function's own.
            None => {
                self.state.vars.insert(0, Var { name: Rc::from(name), value: Held::Text(value), exported: false });
                self.state.n_made += 1;
            }
        }
    }

    fn assign(&mut self, assign: &Assign, io: &Io) {
        if let Some(Held::Map(entries)) = self.get(&assign.name).cloned() {
            return self.assign_entries(assign, entries, io);
        }
        let index = assign.index.as_ref().map(|index| self.calculate(index, io).unwrap_or(0).max(0) as usize);
        match &assign.value {
            Assigned::List(words) => {
                let mut items = self.expand_all(words, io);
                if let (true, Some(Held::List(before))) = (assign.append, self.get(&assign.name)) {
                    items = before.iter().cloned().chain(items).collect();
                }
                self.set(&assign.name, String::new());
                if let Some(var) = self.state.vars.iter_mut().rev().find(|var| *var.name == *assign.name) {
                    var.value = Held::List(items);
                }
            }
            Assigned::Word(word) => {
                let value = self.expand_one(word, io);
                let before = self.get(&assign.name).cloned();
                if let Some(index) = index.filter(|index| *index < 100_000) {
                    let mut items = match before {
                        Some(Held::List(items)) => items,
                        Some(Held::Text(text)) => vec![text],
                        Some(Held::Map(_)) | None => Vec::new(),
                    };
                    if items.len() <= index {
                        items.resize(index + 1, String::new());
                    }
                    items[index] = if assign.append { items[index].clone() + &value } else { value };
                    self.set(&assign.name, String::new());
                    if let Some(var) = self.state.vars.iter_mut().rev().find(|var| *var.name == *assign.name) {
                        var.value = Held::List(items);
                    }
                    return;
                }
                let value = match before {
                    Some(Held::Text(before)) if assign.append => before + &value,
                    _ => value,
                };
                if value.len() > MOST_BYTES {
                    self.stop(Stopped::Steps);
                    return;
                }
                self.set(&assign.name, value);
            }
        }
    }

    /// Sets a key of a map, or all of them: `m[k]=v`, `m=([k]=v ...)`.
    fn assign_entries(&mut self, assign: &Assign, mut entries: Vec<(String, String)>, io: &Io) {
        let mut set = |key: String, value: String| match entries.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = value,
            None => entries.push((key, value)),
        };
        match (&assign.value, &assign.index) {
            (Assigned::List(words), _) => {
                for item in self.expand_all(words, io) {
                    if let Some((key, value)) = item.strip_prefix('[').and_then(|item| item.split_once("]=")) {
                        set(key.to_owned(), value.to_owned());
                    }
                }
            }
            (Assigned::Word(word), index) => {
                let key = index.as_ref().map(|index| self.expand_one(index, io)).unwrap_or_default();
                let value = self.expand_one(word, io);
                set(key, value);
            }
        }
        if let Some(var) = self.state.vars.iter_mut().rev().find(|var| *var.name == *assign.name) {
            var.value = Held::Map(entries);
        }
    }

    /// The value of an arithmetic expression; one that is wrong is told, and fails.
    pub fn calculate(&mut self, word: &Word, io: &Io) -> Option<i64> {
        let text = self.expand_one(word, io);
        self.is_unknown(&text);
        self.calculate_text(&text, io)
    }

    pub fn calculate_text(&mut self, text: &str, io: &Io) -> Option<i64> {
        match arithmetic::evaluate(text, self) {
            Ok(value) => Some(value),
            Err(error) => {
                self.print(&io.err.clone(), &format!("bash: {error}\n"));
                self.state.status = 1;
                None
            }
        }
    }
}

impl Names for Shell<'_> {
    fn get(&self, name: &str) -> String {
        match Shell::get(self, name) {
            Some(Held::Text(text)) => text.clone(),
            Some(Held::List(items)) => items.first().cloned().unwrap_or_default(),
            Some(Held::Map(_)) => String::new(),
            None if name == "SECONDS" => (self.state.clock.0 / 1000).to_string(),
            None => String::new(),
        }
    }

    fn set(&mut self, name: &str, value: i64) {
        Shell::set(self, name, value.to_string());
    }
}

/// What follows a round of a loop; `None` is the next one.
fn after_round(flow: Flow) -> Option<Flow> {
    match flow {
        Flow::Next | Flow::Continue(0 | 1) => None,
        flow => Some(out_of_loop(flow)),
    }
}

fn out_of_loop(flow: Flow) -> Flow {
    match flow {
        Flow::Break(0 | 1) => Flow::Next,
        Flow::Break(n) => Flow::Break(n - 1),
        Flow::Continue(n) if n > 1 => Flow::Continue(n - 1),
        Flow::Continue(_) => Flow::Next,
        flow => flow,
    }
}
