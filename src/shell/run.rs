//! Runs the tree of a script on a virtual clock.
//!
//! The stages of a pipe have clocks of their own, as jobs in the background: in the end the lines they print are sorted by time.

use std::rc::Rc;

use super::processes::{Event, News};
use super::simple::DECLARES;
use super::state::{Fault, Flow, Held, Input, Io, Shell, State, Var};
use super::tree::{Assign, Assigned, Node, Part, Redirect, Target, Word};
use super::{Line, Outcome, Setup, Stopped, Stream, glob};
use super::{jobs, parser};
use crate::text::Text;
use crate::time::SimTime;

/// How deep commands may nest, calls of functions among them.
const DEEPEST: usize = 160;

/// A script that was read, and what is wrong behind it.
type Tree = (Node, Option<String>);

/// Runs a script.
pub fn run(script: &Text, setup: &Setup<'_>) -> Outcome {
    let tree = parser::parse(script);
    let new = || Shell {
        notes_pipes: script.contains("PIPESTATUS"),
        notes_calls: script.contains("FUNCNAME"),
        notes_command: script.contains("BASH_COMMAND"),
        ..Shell::new(setup)
    };
    let mut shell = new();
    shell.run_tree(&tree);
    if shell.has_jobs() { run_again(&tree, shell, &new) } else { shell.finish() }
}

/// Runs a script again while its jobs have missed what others did.
#[inline(never)] // So that it can be fetched later.
fn run_again<'a>(tree: &Tree, mut shell: Shell<'a>, new: &dyn Fn() -> Shell<'a>) -> Outcome {
    /// How often a script is run at most.
    const MOST_PASSES: usize = 12;
    let most_steps = shell.setup.max_steps.saturating_mul(2);
    let (mut n_steps, mut known) = (0_usize, Vec::<Rc<Event>>::new());
    let mut before: Option<Outcome> = None;
    for pass in 1.. {
        n_steps = n_steps.saturating_add(shell.n_steps);
        let n_met = shell.n_met;
        let is_cut = n_met >= jobs::MOST_MET;
        let is_last = pass == MOST_PASSES || is_cut || n_steps > most_steps || shell.setup.budget.spent().is_some();
        let mut record = std::mem::take(&mut shell.record);
        record.sort_by_key(|event| event.key());
        let is_settled = record == known || !shell.has_missed(&record);
        let launchers = shell.processes.iter().map(|process| process.launcher).collect();
        let outcome = shell.finish();
        // A pass that was cut short tells less than a whole one.
        if let Some(before) = before.filter(|before| is_cut || before.stopped.is_none() && outcome.stopped == Some(Stopped::Steps)) {
            return before;
        }
        if is_last || is_settled {
            return outcome;
        }
        (known, before) = (record, Some(outcome));
        shell = new();
        shell.events = known.iter().map(|event| News { event: Rc::clone(event), is_known: true }).collect();
        (shell.launchers, shell.n_met) = (launchers, n_met);
        shell.run_tree(tree);
    }
    Outcome::default()
}

impl Shell<'_> {
    /// Runs the lines of a script.
    fn run_tree(&mut self, (node, error): &Tree) {
        let io = Io::of_script();
        let mut flow = Flow::Next;
        for line in if let Node::List(lines) = node { lines.as_slice() } else { std::slice::from_ref(node) } {
            flow = self.exec(line, &io);
            match self.state.fault.take() {
                // The next line runs in spite of arithmetic that is wrong.
                Some(Fault::Line) if !self.state.errexit => flow = Flow::Next,
                // As `bash -c` does.
                Some(Fault::Script) if !self.state.errexit => self.state.status = 127,
                _ => {}
            }
            if flow != Flow::Next {
                break;
            }
        }
        if let Some(error) = error.as_ref().filter(|_| flow == Flow::Next) {
            self.complain(&io, error);
            (self.state.status, flow) = (2, Flow::Exit);
        }
        self.end_process(flow, &io);
    }

    fn finish(mut self) -> Outcome {
        for (text, stream) in self.open.into_iter().zip([Stream::Out, Stream::Err]) {
            if !text.is_empty() {
                self.lines.push(Line { at: self.state.clock, stream, text });
            }
        }
        for (lines, at) in std::mem::take(&mut self.killed) {
            // They are put behind all others, and left out.
            self.lines.get_mut(lines).into_iter().flatten().filter(|line| line.at > at).for_each(|line| line.at = SimTime(u64::MAX));
        }
        self.lines.retain(|line| line.at != SimTime(u64::MAX));
        self.lines.sort_by_key(|line| line.at);
        Outcome {
            lines: self.lines,
            ends: self.state.clock,
            exit_code: self.state.status & 0xff,
            stopped: self.stopped,
            endless_line: self.endless_line,
            is_foreign: self.is_foreign,
            is_guessed: self.n_guesses > 0,
        }
    }

    /// The file that `<( ... )` names.
    pub fn file_of(&mut self, node: &Node, io: &Io) -> Text {
        let (text, _) = self.gather(io, |shell, io| shell.subshell(io, |shell| shell.exec(node, io)));
        let name = format!("/dev/fd/{}", self.disk.files.size().saturating_add(63));
        self.disk.files.insert(Rc::from(name.as_str()), text);
        name.into()
    }

    /// Runs what `trap ... EXIT` has set, unless the script was stopped.
    pub fn run_trap(&mut self, flow: Flow, io: &Io) {
        let Some(trap) = self.state.trap.take().filter(|_| flow != Flow::Stop) else { return };
        self.state.fault = None;
        self.run_actions(&trap, io);
    }

    /// Runs the commands of a trap; unless they exit, the status stays what it was.
    pub fn run_actions(&mut self, trap: &Text, io: &Io) -> Flow {
        let status = self.state.status;
        let outer = std::mem::replace(&mut self.is_in_trap, true);
        let (node, _) = parser::parse(trap);
        let flow = self.exec(&node, io);
        self.is_in_trap = outer;
        if flow != Flow::Exit {
            self.state.status = status;
        }
        flow
    }

    /// Runs something that does not change the variables; time passes.
    pub fn subshell(&mut self, io: &Io, run: impl FnOnce(&mut Self) -> Flow) -> Flow {
        // The copy is as much work as its bytes.
        let size = self.state.size();
        if !self.work(size / 16) {
            return Flow::Stop;
        }
        self.holding(size, |shell| shell.subshell_of(io, run))
    }

    /// What a shell within another one, or in the background, does not take over.
    pub fn enter_subshell(&mut self) {
        self.state.trap = None;
        // Only those that are ignored stay so.
        self.state.signals.retain(|(_, action)| action.is_empty());
        if !self.state.errtrace {
            self.state.trap_err = None;
        }
        self.state.n_inherited_jobs = self.state.jobs.len();
    }

    fn subshell_of(&mut self, io: &Io, run: impl FnOnce(&mut Self) -> Flow) -> Flow {
        let before = self.state.clone();
        self.enter_subshell();
        // Loops around it are none of its own.
        let n_loops = std::mem::replace(&mut self.n_loops_outside, self.loops.len());
        let flow = run(self);
        self.run_trap(flow, io);
        self.n_loops_outside = n_loops;
        let State { clock, status, input, line, .. } = std::mem::replace(&mut self.state, before);
        (self.state.clock, self.state.status, self.state.input, self.state.line) = (clock, status, input, line);
        if flow == Flow::Stop { flow } else { Flow::Next }
    }

    /// The output of `$( ... )`.
    pub fn substitute(&mut self, node: &Node, io: &Io) -> Text {
        let reads = match node {
            Node::List(nodes) => match nodes.as_slice() {
                [Node::Simple { assigns, words, redirects, .. }] if assigns.is_empty() && words.is_empty() => redirects.as_slice(),
                _ => &[],
            },
            _ => &[],
        };
        let (mut text, _) = self.gather(io, |shell, io| {
            // `$(< file)` is what the file holds.
            if let [Redirect { to: Target::Read(_), .. }] = reads {
                return shell.redirected(reads, io, |shell, io| {
                    let text = shell.take_input();
                    shell.print(&io.out, &text);
                    Flow::Next
                });
            }
            // In bash `set -e` has no effect within substitutions.
            shell.within_text(|shell| shell.subshell(io, |shell| shell.test(node, io)))
        });
        text.truncate(text.trim_end_matches('\n').len());
        self.substituted = Some(self.state.status);
        text
    }

    /// Runs something within another command; a script that goes too deep is stopped.
    pub fn deeper(&mut self, run: impl FnOnce(&mut Self) -> Flow) -> Flow {
        if self.depth >= DEEPEST {
            return self.stop(Stopped::Steps);
        }
        let inner = self.depth.saturating_add(1);
        let outer = std::mem::replace(&mut self.depth, inner);
        let flow = run(self);
        self.depth = outer;
        flow
    }

    pub fn exec(&mut self, node: &Node, io: &Io) -> Flow {
        if !self.steps(1) {
            return Flow::Stop;
        }
        if self.dying.is_some() || self.has_news() && self.settle(io) != Flow::Next {
            return Flow::Exit;
        }
        let (n_loops, n_readers) = (self.loops.len(), self.readers.len());
        self.loops.extend(node.loop_line().map(|line| (line, 0)));
        let flow = self.deeper(|shell| shell.exec_node(node, io));
        self.loops.truncate(n_loops);
        if self.readers.len() > n_readers {
            self.close_readers(n_readers);
        }
        match flow {
            _ if self.stopped.is_some() => Flow::Stop,
            _ if self.state.fault.is_some() => {
                self.state.status = 1;
                Flow::Exit
            }
            flow => flow,
        }
    }

    fn exec_node(&mut self, node: &Node, io: &Io) -> Flow {
        match node {
            Node::Simple { line, assigns, words, redirects } => {
                if !self.is_in_trap {
                    self.state.line = *line;
                }
                self.simple(assigns, words, redirects, io)
            }
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
                let runs_second = (self.state.status == 0) == matches!(node, Node::And(..));
                if flow != Flow::Next || !runs_second { flow } else { self.exec(second, io) }
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
                if let Some(body) = otherwise {
                    return self.exec(body, io);
                }
                self.state.status = 0;
                Flow::Next
            }
            Node::While { until, condition, body, .. } => {
                let mut status = 0;
                let mut n_rounds = 0_u32;
                loop {
                    let n_guesses = self.n_guesses;
                    let flow = self.decide(condition, io);
                    // A loop ends after its second round when its condition depends on something unknown, after a hundred
                    // when anything within it does.
                    n_rounds = n_rounds.saturating_add(1);
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
                    let flow = self.round(body, io);
                    status = self.state.status;
                    if let Some(flow) = after_round(flow) {
                        return flow;
                    }
                }
            }
            Node::For { head, name, words, selects, body, .. } => {
                let values = match words {
                    Some(words) => self.expand_all(words, io),
                    None => self.state.arguments.clone(),
                };
                self.state.status = 0;
                if *selects {
                    return self.select(name, &values, body, io);
                }
                for value in values {
                    self.trace_head(head, io);
                    self.set(name, value);
                    if let Some(flow) = after_round(self.round(body, io)) {
                        return flow;
                    }
                }
                Flow::Next
            }
            Node::ForArithmetic { parts: [first, condition, step], body, .. } => {
                self.calculate_command(first, true, io);
                self.state.status = 0;
                loop {
                    let is_empty = condition.iter().all(|part| matches!(part, Part::Text(text, _) if str::trim(text).is_empty()));
                    if !is_empty && self.calculate_command(condition, true, io).unwrap_or(0) == 0 || self.stopped.is_some() {
                        return Flow::Next;
                    }
                    if let Some(flow) = after_round(self.round(body, io)) {
                        return flow;
                    }
                    self.calculate_command(step, true, io);
                }
            }
            Node::Case { head, word, arms } => {
                let text = self.expand_one(word, io);
                self.trace_head(head, io);
                self.state.status = 0;
                if let (true, Some((_, body, _))) = (self.is_unknown(&text), arms.first()) {
                    return self.exec(body, io);
                }
                let mut falls = false;
                for (patterns, body, end) in arms {
                    for wanted in patterns {
                        let pieces = self.pieces(wanted, io);
                        falls |= self.fits(&pieces, &text);
                    }
                    if falls {
                        match self.exec(body, io) {
                            Flow::Next if *end == ";&" => {}
                            Flow::Next if *end == ";;&" => falls = false,
                            flow => return flow,
                        }
                    }
                }
                Flow::Next
            }
            Node::Group { body, redirects } => self.redirected(redirects, io, |shell, io| shell.exec(body, io)),
            Node::Subshell { body, redirects } => {
                let flow = self.redirected(redirects, io, |shell, io| shell.subshell(io, |shell| shell.exec(body, io)));
                self.checked(flow, io)
            }
            Node::Function { name, body } => {
                self.state.functions.insert(name.clone(), Rc::clone(body));
                self.state.status = 0;
                Flow::Next
            }
            Node::Arithmetic(word) => {
                let value = self.calculate_command(word, false, io);
                self.state.status = i32::from(value.is_none_or(|value| value == 0));
                self.checked(Flow::Next, io)
            }
            Node::Test(words) => {
                self.state.status = self.double_bracket(words, io);
                self.checked(Flow::Next, io)
            }
        }
    }

    /// Whether a text fits a pattern, in pieces that are quoted or not.
    pub fn fits(&self, pieces: &[(Text, bool)], text: &Text) -> bool {
        let fits =
            |pieces: &[(Text, bool)], text: &str| glob::matches(&glob::read(pieces.iter().map(|(text, quoted)| (&**text, *quoted))), text);
        if !self.has_shopt("nocasematch") {
            return fits(pieces, text);
        }
        let small: Vec<(Text, bool)> = pieces.iter().map(|(piece, quoted)| (piece.to_lowercase().into(), *quoted)).collect();
        fits(&small, &text.to_lowercase())
    }

    /// `select`: shows the choices, and takes the one whose number is read, until there is nothing to read.
    fn select(&mut self, name: &str, values: &[Text], body: &Node, io: &Io) -> Flow {
        for (nth, value) in values.iter().enumerate() {
            self.print_line(&io.err, &format!("{}) {value}", nth.saturating_add(1)));
        }
        loop {
            let mut line = Text::new();
            if !self.state.input.read_to('\n', None, &mut line) {
                self.state.status = 1;
                return Flow::Next;
            }
            let chosen = str::trim(&line).parse::<usize>().ok().and_then(|nth| values.get(nth.checked_sub(1)?)).cloned();
            self.set(name, chosen.unwrap_or_default());
            self.set("REPLY", line);
            if let Some(flow) = after_round(self.round(body, io)) {
                return flow;
            }
        }
    }

    /// Runs the body of the innermost loop.
    fn round(&mut self, body: &Node, io: &Io) -> Flow {
        if let Some((_, n_rounds)) = self.loops.last_mut() {
            *n_rounds = n_rounds.saturating_add(1);
        }
        self.exec(body, io)
    }

    /// Runs a condition: a failure in it does not end the script.
    fn test(&mut self, node: &Node, io: &Io) -> Flow {
        let outer = std::mem::replace(&mut self.is_tested, true);
        let flow = self.exec(node, io);
        self.is_tested = outer;
        flow
    }

    /// Runs the condition of a choice: one that depends on a command that is not simulated is a guess.
    fn decide(&mut self, node: &Node, io: &Io) -> Flow {
        self.is_foreign_status = false;
        let flow = self.test(node, io);
        self.guess_if(self.is_foreign_status);
        flow
    }

    /// Runs what `trap ... ERR` has set when the last command failed, and ends the script under `set -e`.
    pub fn checked(&mut self, flow: Flow, io: &Io) -> Flow {
        if flow != Flow::Next || self.state.status == 0 || self.is_tested {
            return flow;
        }
        let trap = self.state.trap_err.clone().filter(|_| !self.is_in_trap && (self.state.n_calls == 0 || self.state.errtrace));
        if let Some(trap) = trap
            && self.run_actions(&trap, io) != Flow::Next
        {
            return Flow::Exit;
        }
        if self.state.errexit { Flow::Exit } else { flow }
    }

    /// The stages begin together; the output of each is the input of the next. The pipe ends when its last stage does.
    fn pipe(&mut self, stages: &[Node], negated: bool, io: &Io) -> Flow {
        let began = self.state.clock;
        let (mut ended, mut failed) = (began, 0);
        let mut statuses = Vec::new();
        let before = self.state.input.clone();
        let Some((last, others)) = stages.split_last() else { return Flow::Next };
        // Each stage ends at what fails in it, unless the pipe is a condition.
        let outer = self.is_tested;
        self.is_tested |= negated || others.is_empty();
        for stage in others {
            let (pieces, flow) = self.gather_pieces(io, |shell, io| shell.subshell(io, |shell| shell.exec(stage, io)));
            if flow == Flow::Stop && self.stopped.is_some() {
                self.is_tested = outer;
                return flow;
            }
            failed = if self.state.status != 0 { self.state.status } else { failed };
            statuses.push(self.state.status);
            ended = ended.max(self.state.clock);
            self.state.input = Input::of_pipe(&pieces, self.state.clock);
            self.state.clock = began;
        }
        let flow = if others.is_empty() { self.exec(last, io) } else { self.subshell(io, |shell| shell.exec(last, io)) };
        self.is_tested = outer;
        self.state.clock = self.state.clock.max(ended);
        self.state.input = before;
        if !others.is_empty() {
            statuses.push(self.state.status);
            self.note_pipe(&statuses);
        }
        if self.state.pipefail && self.state.status == 0 {
            self.state.status = failed;
        }
        if negated {
            self.state.status = i32::from(self.state.status == 0);
            return flow;
        }
        self.checked(flow, io)
    }

    /// `PIPESTATUS`: how the stages of the last pipe ended, in a script that asks for it.
    fn note_pipe(&mut self, statuses: &[i32]) {
        if self.notes_pipes {
            self.set_list("PIPESTATUS", statuses.iter().map(|status| status.to_string().into()).collect());
        }
    }

    fn simple(&mut self, assigns: &[Assign], words: &[Word], redirects: &[Redirect], io: &Io) -> Flow {
        let flow = self.simple_command(assigns, words, redirects, io);
        self.note_pipe(&[self.state.status]);
        flow
    }

    fn simple_command(&mut self, assigns: &[Assign], words: &[Word], redirects: &[Redirect], io: &Io) -> Flow {
        let status = self.state.status;
        self.substituted = None;
        let words = self.expand_all(words, io);
        if self.stopped.is_some() || self.state.fault.is_some() {
            return Flow::Exit;
        }
        let Some((name, arguments)) = words.split_first().map(|(name, arguments)| (&**name, arguments)) else {
            assigns.iter().for_each(|assign| self.assign(assign, io));
            // Without a command the last substitution counts.
            self.state.status = self.substituted.take().unwrap_or(0);
            let flow = self.redirected(redirects, io, |_, _| Flow::Next);
            return self.checked(flow, io);
        };
        let declares = DECLARES.contains(&name);
        // Assignments before a command are shown before it.
        if assigns.is_empty() || declares {
            self.trace_words(&words, io);
        }
        if self.notes_command && !self.is_in_trap {
            self.latest_command = Text::join(&words, " ");
        }
        if name == "exec" && arguments.is_empty() {
            self.state.status = 0;
            return self.redirect_for_good(redirects, io);
        }
        if declares {
            let flow = self.redirected(redirects, io, |shell, io| shell.command(&words, io));
            assigns.iter().for_each(|assign| self.assign(assign, io));
            self.make_readonly(&words);
            return self.checked(flow, io);
        }
        // Assignments before a command are for that command alone.
        let mark = self.mark_variables();
        for assign in assigns {
            let value = if let Assigned::Word(word) = &assign.value { self.expand_one(word, io) } else { Text::new() };
            self.trace_assign(assign, None, std::slice::from_ref(&value), false, io);
            self.state.vars.push(Var { exported: true, ..Var::new(Rc::from(assign.name.as_str()), Held::Text(value)) });
        }
        if !assigns.is_empty() {
            self.trace_words(&words, io);
        }
        self.state.status = status;
        let flow = self.redirected(redirects, io, |shell, io| match shell.state.functions.get(name).cloned() {
            Some(body) => shell.call(name, &body, arguments, io),
            None => shell.command(&words, io),
        });
        if !assigns.is_empty() {
            self.forget_variables(mark);
        }
        if matches!(words.first().map(|name| &**name), Some("exit" | "return" | "break" | "continue")) {
            flow
        } else {
            self.checked(flow, io)
        }
    }

    fn call(&mut self, name: &str, body: &Node, arguments: &[Text], io: &Io) -> Flow {
        let arguments = std::mem::replace(&mut self.state.arguments, arguments.to_vec());
        let mark = self.mark_variables();
        if self.notes_calls {
            let outer = if let Some(Held::List(names)) = self.get("FUNCNAME") { names.clone() } else { Vec::new() };
            let names = std::iter::once(name.into()).chain(outer.into_iter().map(|(_, name)| name));
            self.set_local("FUNCNAME", Held::List((0..).zip(names).collect()));
        }
        self.state.n_calls = self.state.n_calls.saturating_add(1);
        let n_loops = std::mem::replace(&mut self.n_loops_outside, self.loops.len());
        let flow = self.exec(body, io);
        self.n_loops_outside = n_loops;
        self.state.n_calls = self.state.n_calls.saturating_sub(1);
        self.state.arguments = arguments;
        self.forget_variables(mark);
        if flow == Flow::Return { Flow::Next } else { flow }
    }
}

/// What ends a loop after a round; `None` when it continues.
fn after_round(flow: Flow) -> Option<Flow> {
    match flow {
        Flow::Next | Flow::Continue(0 | 1) => None,
        flow => Some(out_of_loop(flow)),
    }
}

fn out_of_loop(flow: Flow) -> Flow {
    match flow {
        Flow::Break(0 | 1) => Flow::Next,
        Flow::Break(n) => Flow::Break(n.saturating_sub(1)),
        Flow::Continue(0 | 1) => Flow::Next,
        Flow::Continue(n) => Flow::Continue(n.saturating_sub(1)),
        flow => flow,
    }
}
