//! What runs other scripts: `eval`, `source`, `bash`.

use crate::collections::Sorted;
use crate::shell::parser;
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn eval(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let text = Text::join(arguments, " ");
        self.holding(text.len().saturating_mul(parser::HELD), |shell| {
            let (node, error) = parser::parse(&text);
            if let Some(error) = error {
                return shell.fail(io, 2, &format!("bash: eval: {error}"));
            }
            shell.exec(&node, io)
        })
    }

    pub(super) fn source(&mut self, words: &[Text], io: &Io) -> Flow {
        let [_, file, arguments @ ..] = words else { return self.not_simulated(words, io) };
        let Some(text) = self.file(file).cloned() else { return self.not_simulated(words, io) };
        self.run_text(&text, (!arguments.is_empty()).then(|| arguments.to_vec()), io)
    }

    /// `bash -c TEXT`, `bash FILE`, or a shell that reads its input.
    pub(super) fn shell(&mut self, words: &[Text], io: &Io) -> Flow {
        let Some((name, arguments)) = words.split_first() else { return Flow::Next };
        let mut rest = arguments.iter().skip_while(|word| word.starts_with('-') && !word.ends_with('c'));
        let mut name = name.clone();
        let text = match rest.next() {
            Some(flag) if flag.starts_with('-') => {
                let text = rest.next().cloned().unwrap_or_default();
                name = rest.next().cloned().unwrap_or(name);
                text
            }
            Some(file) => match self.file(file).cloned() {
                Some(text) => {
                    name = file.clone();
                    text
                }
                None => return self.not_simulated(words, io),
            },
            None => (*self.take_input()).clone(),
        };
        let arguments: Vec<Text> = rest.cloned().collect();
        let errexit = std::mem::take(&mut self.state.errexit);
        let flow = self.subshell(io, |shell| {
            shell.state.name = name;
            // Only what is exported is known to it.
            shell.state.vars.retain(|var| var.exported);
            (shell.state.n_made, shell.state.n_calls) = (0, 0);
            shell.state.functions = Sorted::default();
            (shell.state.nounset, shell.state.pipefail) = (false, false);
            shell.run_text(&text, Some(arguments), io)
        });
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
