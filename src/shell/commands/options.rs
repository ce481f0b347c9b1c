//! The options of a command, as `getopt` reads them.

use crate::text::Text;

/// The options that a command has: each letter, a colon behind those with a value, then in parentheses its long name, as in
/// `r(reverse)k:(key)`.
#[derive(Debug, Clone, Copy)]
pub struct Known(pub &'static str);

/// Options and operands.
#[derive(Debug, Default)]
pub struct Options {
    flags: String,
    values: Vec<(char, Text)>,
    /// What is not an option.
    pub operands: Vec<Text>,
    /// Whether there is an option that the command is not known to have.
    pub has_other: bool,
}

impl Known {
    /// Whether it has this option; if so, whether that has a value.
    fn short(self, flag: char) -> Option<bool> {
        let mut chars = self.0.chars().peekable();
        while let Some(c) = chars.next() {
            let has_value = chars.next_if_eq(&':').is_some();
            while chars.next_if_eq(&'(').is_some() {
                while chars.next().is_some_and(|c| c != ')') {}
            }
            if c == flag {
                return Some(has_value);
            }
        }
        None
    }

    /// The letter of a long option.
    fn long(self, name: &str) -> Option<char> {
        let at = self.0.find(&["(", name, ")"].concat())?;
        self.0.get(..at)?.chars().rev().find(|c| *c != ':')
    }
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
                options.letters(argument, &mut rest, |flag| Some(with_value.contains(flag)));
            } else {
                options.operands.push(argument.clone());
            }
        }
        options
    }

    /// As [`Options::read`], of the options that a command is known to have. With `leading` the first operand ends them.
    pub fn known(arguments: &[Text], known: Known, leading: bool) -> Self {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if *argument == "--" {
                options.operands.extend(rest.by_ref().cloned());
            } else if let Some(long) = argument.strip_prefix("--") {
                let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
                match known.long(name) {
                    Some(flag) if known.short(flag) == Some(true) => {
                        let given = value.map(|value| argument.slice_from(argument.len().saturating_sub(value.len())));
                        options.values.push((flag, given.or_else(|| rest.next().cloned()).unwrap_or_default()));
                    }
                    Some(flag) => options.flags.push(flag),
                    // Colors are not simulated.
                    None => options.has_other |= !matches!(name, "color" | "colour"),
                }
            } else if argument.len() > 1 && argument.starts_with('-') {
                options.letters(argument, &mut rest, |flag| known.short(flag).or_else(|| flag.is_ascii_digit().then_some(false)));
            } else {
                options.operands.push(argument.clone());
                if leading {
                    options.operands.extend(rest.by_ref().cloned());
                }
            }
        }
        options
    }

    /// Options of one letter behind a minus; `has_value` knows those there are.
    fn letters(&mut self, argument: &Text, rest: &mut std::slice::Iter<'_, Text>, has_value: impl Fn(char) -> Option<bool>) {
        for (at, flag) in argument.char_indices().skip(1) {
            match has_value(flag) {
                Some(true) => {
                    let behind = argument.slice_from(at.saturating_add(flag.len_utf8()));
                    let value = if behind.is_empty() { rest.next().cloned().unwrap_or_default() } else { behind };
                    return self.values.push((flag, value));
                }
                Some(false) => self.flags.push(flag),
                None => self.has_other = true,
            }
        }
    }

    /// Whether it has an option without a value.
    pub fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    /// The last one given of some options without a value.
    pub fn last_of(&self, flags: &str) -> Option<char> {
        self.flags.chars().rev().find(|flag| flags.contains(*flag))
    }

    /// The value of an option: the last one.
    pub fn value(&self, flag: char) -> Option<&Text> {
        self.values_of(flag).last()
    }

    /// The number that is the value of an option.
    pub fn number_of(&self, flag: char) -> Option<usize> {
        self.value(flag)?.parse().ok()
    }

    /// All values of an option.
    pub fn values_of(&self, flag: char) -> impl Iterator<Item = &Text> {
        self.values.iter().filter(move |(known, _)| *known == flag).map(|(_, value)| value)
    }

    /// The number that stands as an option of its own: `head -5`.
    pub fn number(&self) -> Option<usize> {
        self.flags.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()
    }
}
