//! Jobs in the background, and what the processes of a script do to each other: they change files and send signals.
//!
//! A job runs to its end where it is launched, on a clock of its own. What it did to others is undone then, and happens again
//! when the clock of another process has come so far. What others do in the meantime is known from the pass before: a script runs
//! again until each of its jobs has met what the others did.

use std::mem::{replace, take};
use std::rc::Rc;

use super::Stopped;
use super::disk::Change;
use super::processes::{Deed, Event, FIRST_PID, Job, MAIN, News, Process, pid};
use super::state::{Flow, Input, Io, Shell, State};
use super::tree::Node;
use crate::text::Text;
use crate::time::SimTime;

/// How many changes of others the jobs of a script meet at most, in all its passes.
pub const MOST_MET: usize = 500_000;

impl Shell<'_> {
    /// The process with this number: of `$!` or `%1`.
    pub fn process_of(&self, id: &str) -> Option<usize> {
        let process = match id.strip_prefix('%') {
            Some(nth) => self.state.jobs.get(nth.parse::<usize>().ok()?.checked_sub(1)?)?.process,
            None => id.parse::<usize>().ok()?.checked_sub(FIRST_PID)?,
        };
        (process < self.processes.len()).then_some(process)
    }

    /// Whether a process runs now.
    pub fn runs(&self, process: usize) -> bool {
        self.processes.get(process).is_some_and(|process| process.ends.is_none_or(|ends| ends > self.state.clock))
    }

    /// Changes a file, for this process now and for others once their clocks have come so far.
    pub fn change(&mut self, change: Change) {
        if self.has_jobs() {
            self.record(Deed::Change(change.clone()));
        }
        self.change_here(change);
    }

    fn change_here(&mut self, change: Change) {
        let undo = self.disk.apply(change);
        if self.state.process != MAIN {
            self.undo.push(undo);
        }
    }

    /// Whether there is anyone to notice what happens.
    pub fn has_jobs(&self) -> bool {
        self.processes.len() > 1
    }

    #[inline(never)] // So that it can be fetched later.
    fn record(&mut self, deed: Deed) {
        let (at, by) = (self.state.clock, self.state.process);
        let size = if let Deed::Change(change) = &deed { change.size() } else { 0 };
        if !self.setup.budget.keep(size.saturating_add(size_of::<Event>())) {
            self.stop(Stopped::Steps);
        }
        let nth = self.processes.get(by).map_or(0, |process| process.n_events);
        self.processes.get_mut(by).into_iter().for_each(|process| process.n_events = nth.saturating_add(1));
        self.record.push(Rc::new(Event { at, by, nth, deed }));
    }

    /// Whether others do anything that has not happened by now.
    pub fn has_news(&self) -> bool {
        self.n_seen < self.events.len()
    }

    /// Whether what a process did does not happen any more: it is this one, this one was launched after it, or it was known from
    /// the pass before and the process has run since.
    fn is_past(&self, news: &News) -> bool {
        let News { event, is_known } = news;
        event.by == self.state.process
            || self
                .processes
                .get(event.by)
                .is_some_and(|process| if self.running.contains(&event.by) { event.nth < process.n_events } else { *is_known })
    }

    /// Whether this process is known to do something that it has not done yet, or a job that it has not launched yet.
    fn is_ahead(&self, event: &Event) -> bool {
        let this = self.state.process;
        match self.processes.get(event.by) {
            Some(process) => event.by == this && event.nth >= process.n_events,
            None => std::iter::successors(Some(event.by), |job| self.launchers.get(*job).copied().filter(|launcher| launcher < job))
                .any(|process| process == this),
        }
    }

    /// Lets happen what other processes have done by now.
    #[inline(never)] // So that it can be fetched later.
    pub fn settle(&mut self, io: &Io) -> Flow {
        while let Some(news) = self.events.get(self.n_seen).filter(|news| news.event.at <= self.state.clock).cloned() {
            self.n_seen = self.n_seen.saturating_add(1);
            let process = self.state.process;
            let event = &news.event;
            match &event.deed {
                _ if self.is_past(&news) || self.is_ahead(event) => {}
                Deed::Change(change) if process == MAIN || self.n_met < MOST_MET => {
                    self.n_met = self.n_met.saturating_add(1);
                    self.change_here(change.clone());
                }
                Deed::Signal(to, number) if *to == process && self.meets(event) => {
                    let flow = self.take_signal(*number, io);
                    if flow != Flow::Next {
                        return flow;
                    }
                }
                _ => {}
            }
        }
        Flow::Next
    }

    /// Notes that this process meets a signal. False when it has met it already.
    fn meets(&mut self, signal: &Event) -> bool {
        let Some(process) = self.processes.get_mut(self.state.process) else { return false };
        let is_new = !process.met.contains(&(signal.by, signal.nth));
        process.met.extend(is_new.then_some((signal.by, signal.nth)));
        is_new
    }

    /// The first signal to this process until then, and its number: of those that a trap is set for, or of those that end it.
    fn signal_until(&self, until: SimTime, is_trapped: bool) -> Option<(Rc<Event>, i32)> {
        let events = self.events.get(self.n_seen..).unwrap_or_default();
        events.iter().take_while(|news| news.event.at <= until).find_map(|news| match news.event.deed {
            Deed::Signal(to, number) if to == self.state.process && !self.is_past(news) && !self.is_ahead(&news.event) => {
                (self.action_of(number).is_some() == is_trapped).then_some((Rc::clone(&news.event), number))
            }
            _ => None,
        })
    }

    /// Whether a signal ends this process until then; it is over at once.
    #[inline(never)] // So that it can be fetched later.
    pub fn is_ended_by_signal(&mut self, until: SimTime) -> bool {
        let Some((signal, number)) = self.signal_until(until, false) else { return false };
        if self.meets(&signal) {
            self.dying = Some(number.saturating_add(128));
            self.state.clock = self.state.clock.max(signal.at);
        }
        self.dying.is_some()
    }

    /// Sends a signal to a process. `None` when it does not run.
    pub fn send(&mut self, to: usize, number: i32, io: &Io) -> Option<Flow> {
        let now = self.state.clock;
        if to == self.state.process {
            return Some(match number {
                0 => Flow::Next,
                _ if self.state.is_other_shell && self.action_of(number).is_none() => {
                    self.state.status = number.saturating_add(128);
                    Flow::Exit
                }
                _ => self.take_signal(number, io),
            });
        }
        // A process around this one has not come so far yet.
        if self.running.contains(&to) {
            if number != 0 {
                self.record(Deed::Signal(to, number));
            }
            return Some(Flow::Next);
        }
        let sent = (self.state.process, self.processes.get(self.state.process)?.n_events);
        let has_met = self.processes.get(to)?.met.contains(&sent);
        if !self.runs(to) && !has_met {
            return None;
        }
        if number != 0 {
            self.record(Deed::Signal(to, number));
        }
        if number != 0 && !has_met {
            let process = self.processes.get_mut(to)?;
            (process.ends, process.status) = (Some(now), number.saturating_add(128));
            let lines = process.lines.clone();
            self.killed.push((lines, now));
            let mut later = self.events.split_off(self.n_seen.min(self.events.len()));
            later.retain(|news| news.event.by != to || news.event.at <= now);
            self.events.append(&mut later);
        }
        Some(Flow::Next)
    }

    /// Launches a job.
    #[inline(never)] // So that it can be fetched later.
    pub fn background(&mut self, node: &Node, io: &Io) -> Flow {
        /// Which part of the commands of a script one job may run.
        const PART: usize = 8;
        let number = self.processes.len();
        let n_lines = self.lines.len();
        // What is known of others moves, and the state is copied, at times the list of jobs.
        let n_moved = self.events.len().saturating_add(self.state.jobs.len());
        if !self.steps(n_moved / 256) || !self.work(self.state.size() / 16) {
            return Flow::Stop;
        }
        self.processes.push(Process { launcher: self.state.process, ..Process::default() });
        // What this process is known to do from here on is news to the job.
        let seen = self.events.get(..self.n_seen).unwrap_or_default().iter();
        let ahead: Vec<News> = seen.filter(|news| self.is_ahead(&news.event)).cloned().collect();
        if self.state.process == MAIN {
            // Nobody goes back to what the script itself has met.
            self.events.drain(..self.n_seen.min(self.events.len()));
            self.n_seen = 0;
        }
        let n_seen = self.n_seen;
        self.add_news(ahead);
        let before = self.state.clone();
        self.enter_subshell();
        self.state.process = number;
        self.state.input = Input::default();
        let is_tested = take(&mut self.is_tested);
        let (n_undo, n_record, n_readers) = (self.undo.len(), self.record.len(), self.readers.len());
        let most = self.n_steps.saturating_add(self.setup.max_steps / PART).min(self.most_steps);
        let outer_most = replace(&mut self.most_steps, most);
        self.running.push(number);
        let flow = match node {
            // `( ... ) &` is one process.
            Node::Subshell { body, redirects } => self.redirected(redirects, io, |shell, io| shell.exec(body, io)),
            node => self.exec(node, io),
        };
        self.close_readers(n_readers);
        let flow = self.end_process(flow, io);
        self.running.pop();
        self.most_steps = outer_most;
        self.is_tested = is_tested;
        let State { clock, status, .. } = replace(&mut self.state, before);
        if self.stopped.is_some() && self.n_steps <= most {
            return Flow::Stop;
        }
        // Others may still end a job that has run very many commands.
        let is_over = take(&mut self.stopped).is_none() && flow != Flow::Stop;
        let endless_line = take(&mut self.endless_line);
        if let Some(process) = self.processes.get_mut(number) {
            (process.ends, process.status) = (is_over.then_some(clock), status);
            (process.lines, process.endless_line) = (n_lines..self.lines.len(), endless_line);
        }
        for change in self.undo.split_off(n_undo.min(self.undo.len())).into_iter().rev() {
            self.disk.apply(change);
        }
        self.n_seen = n_seen;
        let own = self.record.get(n_record..).unwrap_or_default().iter().filter(|event| event.by == number);
        let own = own.map(|event| News { event: Rc::clone(event), is_known: false }).collect();
        self.add_news(own);
        Rc::make_mut(&mut self.state.jobs).push(Job { process: number, is_reported: false });
        self.state.status = 0;
        Flow::Next
    }

    /// Adds to what other processes do from here on.
    fn add_news(&mut self, news: Vec<News>) {
        if !news.is_empty() {
            self.steps(self.events.len() / 64);
            self.events.extend(news);
            let rest = self.events.get_mut(self.n_seen..).unwrap_or_default();
            rest.sort_by_key(|news| news.event.key());
        }
    }

    /// What happens when the last command of a process has run: the signals that came meanwhile, and `trap ... EXIT`.
    pub fn end_process(&mut self, flow: Flow, io: &Io) -> Flow {
        let flow = if flow == Flow::Next && self.has_news() { self.settle(io) } else { flow };
        if let Some(status) = self.dying.take() {
            self.state.status = status;
            // Nothing runs after `KILL`.
            self.state.trap = self.state.trap.take().filter(|_| status != 137);
        }
        self.run_trap(flow, io);
        flow
    }

    /// `wait`: for jobs by their places, or for all that this shell has launched. The last one tells the status; a signal that
    /// is trapped ends it.
    #[inline(never)] // So that it can be fetched later.
    pub fn wait_for(&mut self, named: &[Option<usize>], io: &Io) -> Flow {
        self.state.status = 0;
        self.steps(self.state.jobs.len() / 16);
        let all: Vec<Option<usize>> = (self.state.n_inherited_jobs..self.state.jobs.len()).map(Some).collect();
        for nth in if named.is_empty() { &all } else { named } {
            let job = nth.and_then(|nth| Rc::make_mut(&mut self.state.jobs).get_mut(nth));
            let process = job.and_then(|job| {
                job.is_reported = true;
                self.processes.get(job.process)
            });
            let Some((ends, status, endless_line)) = process.map(|process| (process.ends, process.status, process.endless_line)) else {
                self.state.status = 127;
                continue;
            };
            if let Some((signal, number)) = self.signal_until(ends.unwrap_or(SimTime(u64::MAX)), true) {
                let flow = self.wait_until(signal.at);
                let flow = if flow == Flow::Next { self.settle(io) } else { flow };
                self.state.status = number.saturating_add(128);
                return flow;
            }
            let flow = match ends {
                Some(at) => self.wait_until(at),
                None if endless_line.is_some() && self.state.process == MAIN => {
                    let flow = self.stop(Stopped::Steps);
                    self.endless_line = endless_line;
                    flow
                }
                None => self.wait_until(SimTime(u64::MAX)),
            };
            if flow != Flow::Next {
                return flow;
            }
            if !named.is_empty() {
                self.state.status = status;
            }
        }
        Flow::Next
    }

    /// What `$!` is.
    pub fn latest_job(&self) -> Option<Text> {
        self.state.jobs.last().map(|job| pid(job.process).into())
    }

    /// Whether a job may have missed what another process did while it ran.
    pub fn has_missed(&self, record: &[Rc<Event>]) -> bool {
        let ends = |process: &Process| process.ends.unwrap_or(SimTime(u64::MAX));
        let mut jobs: Vec<(SimTime, usize)> = self.processes.iter().enumerate().skip(1).map(|(nth, job)| (ends(job), nth)).collect();
        jobs.sort_by(|a, b| b.cmp(a));
        record.iter().any(|event| jobs.iter().take(2).any(|(ends, job)| *job != event.by && event.at <= *ends))
    }
}
