//! What runs other scripts: `eval`, `source`, `bash`.

use crate::collections::Sorted;
use crate::shell::parser;
use crate::shell::state::{Fault, Flow, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn eval(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let text = Text::join(arguments, " ");
        self.holding(text.len().saturating_mul(parser::HELD), |shell| {
            let (node, error) = parser::parse(&text);
            if let Some(error) = error {
                return shell.fail(io, 2, &format!("bash: eval: {error}"));
            }
            let flow = shell.within_text(|shell| shell.exec(&node, io));
            shell.caught(flow)
        })
    }

    /// Runs another text: `set -x` shows that its commands are within one.
    pub fn within_text(&mut self, run: impl FnOnce(&mut Self) -> Flow) -> Flow {
        let inner = self.n_texts.saturating_add(1);
        let outer = std::mem::replace(&mut self.n_texts, inner);
        let flow = run(self);
        self.n_texts = outer;
        flow
    }

    /// How commands that another text gave end: what is wrong in a line of it ends that text, and not the script.
    fn caught(&mut self, flow: Flow) -> Flow {
        if self.state.fault == Some(Fault::Line) && self.stopped.is_none() {
            self.state.fault = None;
            return self.ends_with(1);
        }
        flow
    }

    pub(super) fn source(&mut self, words: &[Text], io: &Io) -> Flow {
        let [_, file, arguments @ ..] = words else { return self.not_simulated(words, io) };
        let Some(text) = self.file(file).cloned() else { return self.not_simulated(words, io) };
        let flow = self.within_text(|shell| shell.run_text(&text, (!arguments.is_empty()).then(|| arguments.to_vec()), io));
        self.caught(flow)
    }

    /// `bash -c TEXT`, `bash FILE`, or a shell that reads its input.
    pub(super) fn shell(&mut self, words: &[Text], io: &Io) -> Flow {
        let Some((name, mut rest)) = words.split_first() else { return Flow::Next };
        let mut name = name.clone();
        let (mut flags, mut is_pipefail, mut is_text) = (String::new(), false, false);
        while let Some((flag, behind)) = rest.split_first().filter(|(flag, _)| flag.starts_with(['-', '+'])) {
            rest = behind;
            match flag.strip_prefix('-') {
                Some("-" | "") => break,
                // `--login`, `--norc`.
                Some(letters) if !letters.starts_with('-') => {
                    flags += letters;
                    is_text |= letters.contains('c');
                    if let Some((option, behind)) = behind.split_first().filter(|_| letters.ends_with('o')) {
                        is_pipefail |= *option == "pipefail";
                        flags += match &**option {
                            "errexit" => "e",
                            "nounset" => "u",
                            _ => "",
                        };
                        rest = behind;
                    }
                }
                _ => {}
            }
        }
        let text = match rest.split_first().filter(|_| is_text || !flags.contains('s')) {
            Some((text, behind)) if is_text => {
                rest = behind;
                if let Some((first, behind)) = rest.split_first() {
                    (name, rest) = (first.clone(), behind);
                }
                text.clone()
            }
            Some((file, behind)) => {
                (name, rest) = (file.clone(), behind);
                match self.file(file).cloned() {
                    Some(text) => text,
                    None => return self.not_simulated(words, io),
                }
            }
            None => (*self.take_input()).clone(),
        };
        let arguments: Vec<Text> = rest.to_vec();
        let errexit = std::mem::replace(&mut self.state.errexit, flags.contains('e'));
        let is_tested = std::mem::take(&mut self.is_tested);
        let flow = self.subshell(io, |shell| {
            shell.state.name = name;
            shell.state.first_line = 1;
            shell.state.is_other_shell = true;
            // Only what is exported is known to it.
            shell.state.vars.retain(|var| var.exported);
            (shell.state.n_made, shell.state.n_calls) = (0, 0);
            shell.state.functions = Sorted::default();
            (shell.state.nounset, shell.state.pipefail) = (flags.contains('u'), is_pipefail);
            (shell.state.xtrace, shell.state.noclobber, shell.state.noglob) =
                (flags.contains('x'), flags.contains('C'), flags.contains('f'));
            shell.run_text(&text, Some(arguments), io)
        });
        self.is_tested = is_tested;
        self.state.errexit = errexit;
        flow
    }

    /// Runs the text of another script.
    fn run_text(&mut self, text: &Text, arguments: Option<Vec<Text>>, io: &Io) -> Flow {
        self.holding(text.len().saturating_mul(parser::HELD), |shell| shell.run_held(text, arguments, io))
    }

    fn run_held(&mut self, text: &Text, arguments: Option<Vec<Text>>, io: &Io) -> Flow {
        let (node, error) = parser::parse(text);
        let before = arguments.map(|arguments| std::mem::replace(&mut self.state.arguments, arguments));
        let flow = self.exec(&node, io);
        if let Some(before) = before {
            self.state.arguments = before;
        }
        if let Some(error) = error.filter(|_| flow == Flow::Next) {
            self.complain(io, &error);
            self.state.status = 2;
        }
        if flow == Flow::Return { Flow::Next } else { flow }
    }
}
