//! What takes time: `sleep`, `timeout` and `wait`.

use super::options::{Known, Options};
use crate::shell::processes::{Job, pid};
use crate::shell::state::{Flow, Io, Shell};
use crate::shell::{Stopped, sleep_length};
use crate::text::Text;
use crate::time::SimTime;

impl Shell<'_> {
    pub(super) fn sleep(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let mut time = SimTime::ZERO;
        for argument in arguments {
            match sleep_length(argument) {
                _ if argument.has_unknown() => {
                    self.note(format!("`sleep {argument}` depends on an unknown value, it takes 1 s"));
                    time = time + SimTime(1000);
                }
                Some(length) => time = time + length,
                None if *argument == "infinity" || *argument == "inf" => time = SimTime(u64::MAX),
                None => return self.fail(io, 1, &format!("sleep: invalid time interval '{argument}'")),
            }
        }
        if arguments.is_empty() {
            return self.fail(io, 1, "sleep: missing operand");
        }
        self.wait(time)
    }

    pub(super) fn timeout(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let options = Options::known(arguments, Known("s:(signal)k:(kill-after)v(verbose)f(foreground)p(preserve-status)"), true);
        let status = if options.has('p') {
            143
        } else if options.value('s').is_some_and(|signal| signal.ends_with("KILL") || *signal == "9") {
            137
        } else {
            124
        };
        let rest = options.operands.as_slice();
        let Some((length, command)) = rest.split_first().and_then(|(length, command)| sleep_length(length).map(|length| (length, command)))
        else {
            return self.fail(io, 125, "timeout: invalid time interval");
        };
        let over = self.state.clock + length;
        let n_lines = self.lines.len();
        let outer = self.state.limit;
        self.state.limit = over.min(outer);
        let flow = self.wrapped(command, io);
        self.state.limit = outer;
        if self.state.clock < over {
            return flow;
        }
        // What it would have printed since then.
        self.killed.push((n_lines..self.lines.len(), over));
        self.gathered.iter_mut().for_each(|pieces| pieces.retain(|(at, _)| *at <= over));
        if self.stopped == Some(Stopped::Deadline) {
            self.stopped = None;
        }
        self.state.clock = over;
        self.ends_with(status)
    }

    pub(super) fn wait_command(&mut self, arguments: &[Text], io: &Io) -> Flow {
        self.steps(self.state.jobs.len() / 16);
        let jobs = self.state.jobs.iter().enumerate();
        if arguments.first().is_some_and(|flag| *flag == "-n") {
            let untold = jobs.skip(self.state.n_inherited_jobs).filter(|(_, job)| !job.is_reported);
            let ends = |job: &Job| self.processes.get(job.process).and_then(|process| process.ends).unwrap_or(SimTime(u64::MAX));
            let Some((next, _)) = untold.min_by_key(|(_, job)| ends(job)) else { return self.ends_with(127) };
            return self.wait_for(&[Some(next)], io);
        }
        let place = |process: usize| jobs.clone().find(|(_, job)| job.process == process).map(|(nth, _)| nth);
        let names = arguments.iter().filter(|text| !text.starts_with('-'));
        let named: Vec<Option<usize>> = names.map(|name| self.process_of(name).and_then(place)).collect();
        self.wait_for(&named, io)
    }

    /// `jobs`: the jobs that run; with `-p` their numbers.
    pub(super) fn jobs(&mut self, words: &[Text], io: &Io) -> Flow {
        let has_numbers = words.iter().any(|flag| flag.starts_with('-') && flag.contains('p'));
        self.steps(self.state.jobs.len() / 16);
        let jobs = self.state.jobs.iter().enumerate().filter(|(_, job)| self.runs(job.process));
        let shown = |(nth, job): (usize, &Job)| match has_numbers {
            true => pid(job.process),
            false => format!("[{}]   Running                 job &", nth.saturating_add(1)),
        };
        let numbers: Vec<Text> = jobs.map(|job| shown(job).into()).collect();
        self.print_lines(io, &numbers)
    }
}
