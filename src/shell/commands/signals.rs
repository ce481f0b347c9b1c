//! `kill` and `trap`.

use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

const SIGNALS: &[(&str, i32)] = &[("HUP", 1), ("INT", 2), ("QUIT", 3), ("KILL", 9), ("USR1", 10), ("USR2", 12), ("PIPE", 13), ("TERM", 15)];

/// The number of a signal: of `TERM`, `SIGTERM`, `sigterm` or `15`.
fn signal(name: &str) -> Option<i32> {
    let upper = name.to_uppercase();
    let known = SIGNALS.iter().find(|(known, _)| *known == upper.strip_prefix("SIG").unwrap_or(&upper));
    known.map(|(_, number)| *number).or_else(|| name.parse().ok())
}

impl Shell<'_> {
    /// `trap`: what runs when the script ends, a command fails, or a signal comes. `DEBUG` and `RETURN` are not simulated.
    pub(super) fn trap(&mut self, words: &[Text], io: &Io) -> Flow {
        let arguments = words.get(1..).unwrap_or_default();
        let (action, names) = match arguments.strip_prefix(&["--".into()]).unwrap_or(arguments) {
            // Alone, a name is set back.
            [name] if *name != "-p" => (None, std::slice::from_ref(name)),
            [action, names @ ..] => (Some(action.clone()).filter(|action| *action != "-"), names),
            [] => return Flow::Next,
        };
        for name in names {
            match name.to_uppercase().trim_start_matches("SIG") {
                "EXIT" | "0" => self.state.trap.clone_from(&action),
                "ERR" => self.state.trap_err.clone_from(&action),
                _ => {
                    let Some(number) = signal(name) else { return self.not_simulated(words, io) };
                    self.state.signals.retain(|(known, _)| *known != number);
                    self.state.signals.extend(action.clone().map(|action| (number, action)));
                }
            }
        }
        Flow::Next
    }

    /// `kill`: sends a signal to jobs or to the script itself. Other processes are not there.
    pub(super) fn kill(&mut self, words: &[Text], io: &Io) -> Flow {
        let mut rest = words.get(1..).unwrap_or_default();
        let mut number = 15;
        if let Some((flag, behind)) = rest.split_first().filter(|(flag, _)| flag.starts_with('-')) {
            let (name, behind) = match behind.split_first().filter(|_| *flag == "-s") {
                Some((name, behind)) => (name, behind),
                None => (flag, behind),
            };
            let Some(known) = signal(name.trim_start_matches('-')) else { return self.not_simulated(words, io) };
            (number, rest) = (known, behind);
        }
        for id in rest {
            if id.has_unknown() {
                return self.not_simulated(words, io);
            }
            match self.process_of(id).and_then(|to| self.send(to, number, io)) {
                Some(Flow::Next) => {}
                Some(flow) => return flow,
                // One that is not simulated may still run.
                None if self.is_foreign => {}
                None => _ = self.fail(io, 1, &format!("bash: kill: ({id}) - No such process")),
            }
        }
        Flow::Next
    }

    /// What a trap has set for a signal. Nothing stops `KILL`.
    pub fn action_of(&self, number: i32) -> Option<&Text> {
        self.state.signals.iter().find(|(known, _)| *known == number && number != 9).map(|(_, action)| action)
    }

    /// What a signal to the process that runs does: what is set for it, or its end.
    pub fn take_signal(&mut self, number: i32, io: &Io) -> Flow {
        match self.action_of(number).cloned() {
            Some(action) => self.run_actions(&action, io),
            None => {
                self.dying = Some(number.saturating_add(128));
                Flow::Exit
            }
        }
    }
}
