//! `set -x`: each command is printed before it runs, as bash prints it.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::string_slice))]

use super::escape::quoted;
use super::state::{Io, Shell};
use super::tree::Assign;
use crate::text::Text;

impl Shell<'_> {
    /// Prints the words of a command.
    pub fn trace_words(&mut self, words: &[Text], io: &Io) {
        if self.state.xtrace {
            self.trace(&joined(words), io);
        }
    }

    /// Prints an assignment of one value, or of a list of them.
    pub fn trace_assign(&mut self, assign: &Assign, index: Option<i64>, values: &[Text], is_list: bool, io: &Io) {
        if self.state.xtrace {
            self.trace(&assignment(assign, index, values, is_list), io);
        }
    }

    /// Prints the head of a compound command.
    pub fn trace_head(&mut self, head: &str, io: &Io) {
        if self.state.xtrace {
            self.trace(&head.into(), io);
        }
    }

    /// Prints a command, behind a `+` and one more for each text that it is within: `$(...)`, `eval`.
    #[inline(never)] // So that it can be fetched later.
    fn trace(&mut self, command: &Text, io: &Io) {
        let mut line = Text::from("+".repeat(self.n_texts.saturating_add(1)));
        line.push_str(" ");
        line.push(command);
        line.push_str("\n");
        self.print(&io.err, &line);
    }
}

#[inline(never)] // So that it can be fetched later.
fn assignment(assign: &Assign, index: Option<i64>, values: &[Text], is_list: bool) -> Text {
    let index = index.filter(|_| assign.index.is_some()).map_or_else(String::new, |index| format!("[{index}]"));
    let mut text = Text::from([&*assign.name, &*index, if assign.append { "+=" } else { "=" }].concat());
    match values {
        _ if is_list => text.push(&Text::join(&["(".into(), joined(values), ")".into()], "")),
        [value] if value.is_empty() => {}
        values => text.push(&joined(values)),
    }
    text
}

#[inline(never)] // So that it can be fetched later.
fn joined(words: &[Text]) -> Text {
    let words: Vec<Text> = words.iter().map(|word| if needs_quotes(word) { quoted(word) } else { word.clone() }).collect();
    Text::join(&words, " ")
}

/// Whether a word means something else to the shell unless it is quoted.
fn needs_quotes(word: &str) -> bool {
    word.is_empty()
        || word.starts_with(['~', '#'])
        || word.contains([' ', '\t', '\n', '\'', '"', '\\', '|', '&', ';', '(', ')', '<', '>'])
        || word.contains(['!', '{', '}', '*', '[', '?', ']', '^', '$', '`'])
}
