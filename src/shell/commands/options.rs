//! The options of a command, as `getopt` reads them.

use crate::text::Text;

/// Options and operands.
#[derive(Debug, Default)]
pub struct Options {
    flags: String,
    values: Vec<(char, Text)>,
    /// What is not an option.
    pub operands: Vec<Text>,
}

impl Options {
    /// Reads arguments; options of one letter among `with_value` take what follows them. Long options are left out.
    pub fn read(arguments: &[Text], with_value: &str) -> Self {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if *argument == "--" {
                options.operands.extend(rest.by_ref().cloned());
            } else if argument.starts_with("--") {
            } else if argument.len() > 1 && argument.starts_with('-') {
                for (at, flag) in argument.char_indices().skip(1) {
                    if with_value.contains(flag) {
                        let behind = argument.slice_from(at + flag.len_utf8());
                        let value = if behind.is_empty() { rest.next().cloned().unwrap_or_default() } else { behind };
                        options.values.push((flag, value));
                        break;
                    }
                    options.flags.push(flag);
                }
            } else {
                options.operands.push(argument.clone());
            }
        }
        options
    }

    /// As [`Options::read`], but the first operand ends the options.
    pub fn leading(arguments: &[Text], with_value: &str) -> Self {
        let mut n_options = 0usize;
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next().filter(|argument| argument.len() > 1 && argument.starts_with('-')) {
            n_options = n_options.saturating_add(1);
            if *argument == "--" {
                break;
            }
            // A value of its own follows when the first letter that takes one is the last.
            let takes = argument.char_indices().skip(1).find(|(_, flag)| with_value.contains(*flag));
            if !argument.starts_with("--")
                && takes.is_some_and(|(at, flag)| argument.len() == at.saturating_add(flag.len_utf8()))
                && rest.next().is_some()
            {
                n_options = n_options.saturating_add(1);
            }
        }
        let (options, operands) = arguments.split_at_checked(n_options).unwrap_or((arguments, &[]));
        let mut read = Self::read(options, with_value);
        read.operands.extend_from_slice(operands);
        read
    }

    /// Whether it has an option without a value.
    pub fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    /// The value of an option: the last one.
    pub fn value(&self, flag: char) -> Option<&Text> {
        self.values_of(flag).last()
    }

    /// All values of an option.
    pub fn values_of(&self, flag: char) -> impl Iterator<Item = &Text> {
        self.values.iter().filter(move |(known, _)| *known == flag).map(|(_, value)| value)
    }

    /// The number that stands as an option of its own: `head -5`.
    pub fn number(&self) -> Option<usize> {
        self.flags.parse().ok()
    }
}
