//! What takes time: `sleep`, `timeout` and `wait`.

use super::behind_options;
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
        let rest = behind_options(arguments, |word| word.starts_with('-'));
        let Some((length, command)) = rest.split_first().and_then(|(length, command)| sleep_length(length).map(|length| (length, command)))
        else {
            return self.fail(io, 125, "timeout: invalid time interval");
        };
        let began = self.state.clock;
        let flow = self.wrapped(command, io);
        if self.state.clock > began + length {
            self.state.clock = began + length;
            self.state.status = 124;
            if self.stopped == Some(Stopped::Deadline) {
                self.stopped = None;
            }
            return Flow::Next;
        }
        flow
    }

    pub(super) fn wait_command(&mut self, arguments: &[Text]) -> Flow {
        let job = arguments.first().filter(|text| !text.starts_with('-'));
        self.wait_for(job.map(|text| text.parse::<usize>().unwrap_or(0).wrapping_sub(4243)))
    }
}
