//! What sets options and declares variables: `set`, `export`, `declare`, `local`, `unset`.

use std::rc::Rc;

use crate::shell::state::{Held, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn set_options(&mut self, arguments: &[Text]) {
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let on = argument.starts_with('-');
            if *argument == "--" {
                self.state.arguments = rest.cloned().collect();
                return;
            }
            if !on && !argument.starts_with('+') {
                self.state.arguments = std::iter::once(argument).chain(rest).cloned().collect();
                return;
            }
            for flag in argument[1..].chars() {
                match flag {
                    'e' => self.state.errexit = on,
                    'u' => self.state.nounset = on,
                    'o' => match rest.next().map(|name| &**name) {
                        Some("pipefail") => self.state.pipefail = on,
                        Some("errexit") => self.state.errexit = on,
                        Some("nounset") => self.state.nounset = on,
                        _ => {}
                    },
                    _ => {}
                }
            }
        }
    }

    pub(super) fn declare(&mut self, how: &str, arguments: &[Text]) {
        let is_map = arguments.iter().any(|flag| flag.starts_with('-') && flag.contains('A'));
        for argument in arguments.iter().filter(|argument| !argument.starts_with('-')) {
            let (name, value) = argument.split_once(&|c| c == '=').map_or((argument.clone(), None), |(name, value)| (name, Some(value)));
            if is_map {
                self.set_local(&name, Held::Map(Vec::new()));
                continue;
            }
            if how == "local" {
                self.set_local(&name, Held::Text(value.unwrap_or_default()));
                continue;
            }
            if let Some(value) = value {
                self.set(&name, value);
            }
            if how == "export" {
                self.export(&name);
            }
        }
    }

    /// Clears the names and keeps the entries: the position of an entry tells whether it is global.
    pub(super) fn unset(&mut self, arguments: &[Text]) {
        let is_unset = |name: &str| arguments.iter().any(|unset| *unset == name);
        self.state.vars.iter_mut().filter(|var| is_unset(&var.name)).for_each(|var| var.name = Rc::from(""));
    }
}
