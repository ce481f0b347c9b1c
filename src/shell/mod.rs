//! The simulated shell: what a script prints and how long it takes, on the virtual clock.
//!
//! So far `echo` and `sleep` (GNU: fractions, suffixes s m h d, several lengths are added), joined by new lines, `;` and
//! `&&`. Any other command takes no time, prints nothing, succeeds, and says so in a note.

use crate::time::SimTime;

/// What a script did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// What it printed, and when.
    pub lines: Vec<Line>,
    /// When it ended, from its own start.
    pub ends: SimTime,
    /// Its exit code.
    pub exit_code: i32,
    pub stopped: Option<Stopped>,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    Deadline,
    Steps,
}
pub struct Setup<'a> {
    pub env: &'a [(String, String)],
    pub start_epoch_ms: i64,
    pub deadline: SimTime,
    pub max_steps: usize,
    pub command_time: &'a dyn Fn(&str) -> Option<SimTime>,
    pub errexit: bool,
    pub seed: u64,
}

/// One line of a script's output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When it was printed, from the start of the script.
    pub at: SimTime,
    /// Where to.
    pub stream: Stream,
    /// The line, without its ending.
    pub text: String,
}

/// Where a line goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
    /// Not the script's own words: what the simulation has to say of it.
    Note,
}

/// Runs a script that stops at its first failing command (`set -e`).
#[must_use]
pub fn run(script: &str, _setup: &Setup<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    for command in commands(script) {
        match command {
            Command::Simple(words) => run_simple(&words, &mut outcome),
            Command::Other(text) => note(&mut outcome, &text),
        }
        if outcome.exit_code != 0 {
            break;
        }
    }
    outcome
}

fn run_simple(words: &[String], outcome: &mut Outcome) {
    let Some((name, arguments)) = words.split_first() else { return };
    match name.as_str() {
        "echo" => {
            let arguments = if arguments.first().is_some_and(|first| first == "-n") { &arguments[1..] } else { arguments };
            outcome.lines.extend(arguments.join(" ").lines().map(|text| Line {
                at: outcome.ends,
                stream: Stream::Out,
                text: text.to_owned(),
            }));
        }
        "sleep" => match arguments.iter().map(|argument| sleep_length(argument).ok_or(argument)).collect::<Result<Vec<_>, _>>() {
            Ok(lengths) if lengths.is_empty() => fail(outcome, "sleep: missing operand".to_owned()),
            Ok(lengths) => outcome.ends = lengths.into_iter().fold(outcome.ends, |ends, length| ends + length),
            Err(argument) => fail(outcome, format!("sleep: invalid time interval '{argument}'")),
        },
        _ => note(outcome, &words.join(" ")),
    }
}

fn fail(outcome: &mut Outcome, text: String) {
    outcome.lines.push(Line { at: outcome.ends, stream: Stream::Err, text });
    outcome.exit_code = 1;
}

fn note(outcome: &mut Outcome, command: &str) {
    let first_line = command.lines().next().unwrap_or("");
    outcome.lines.push(Line { at: outcome.ends, stream: Stream::Note, text: format!("`{first_line}` is not simulated, it takes 0 s") });
}

/// The length of a `sleep`: `1`, `0.5`, `.5`, `2s`, `1.5m`, `1h`, `1d`.
#[must_use]
pub fn sleep_length(text: &str) -> Option<SimTime> {
    let (number, unit_seconds) = match text.char_indices().last()? {
        (at, 's') => (&text[..at], 1.0),
        (at, 'm') => (&text[..at], 60.0),
        (at, 'h') => (&text[..at], 3600.0),
        (at, 'd') => (&text[..at], 86_400.0),
        _ => (text, 1.0),
    };
    let plain = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    number.parse::<f64>().ok().filter(|_| plain).map(|number| SimTime::from_seconds(number * unit_seconds))
}

#[derive(Debug, PartialEq, Eq)]
enum Command {
    /// Words, quotes taken off.
    Simple(Vec<String>),
    /// A line in a grammar that is not simulated.
    Other(String),
}

/// Words that begin shell grammar.
const KEYWORDS: &[&str] = &["if", "then", "elif", "else", "fi", "for", "while", "until", "do", "done", "case", "esac", "function", "!"];

/// Cuts a script into commands; a line with shell grammar beyond words and quotes stays whole.
fn commands(script: &str) -> Vec<Command> {
    let mut found = Vec::new();
    let mut rest = script;
    while !rest.is_empty() {
        let (command, behind) = next_command(rest);
        match command.filter(|words| words.first().is_none_or(|first| !KEYWORDS.contains(&first.as_str()))) {
            Some(words) if words.is_empty() => {}
            Some(words) => found.push(Command::Simple(words)),
            None => {
                let end = rest.find('\n').unwrap_or(rest.len());
                found.push(Command::Other(rest[..end].trim().to_owned()));
                rest = &rest[end..];
                continue;
            }
        }
        rest = behind;
    }
    found
}

/// The words of the first command and the text behind it; `None` when it is more than words.
fn next_command(text: &str) -> (Option<Vec<String>>, &str) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let finish = |word: Option<String>, mut words: Vec<String>| {
            words.extend(word);
            Some(words)
        };
        match c {
            '\n' | ';' => return (finish(word, words), &text[at + 1..]),
            '&' if text[at..].starts_with("&&") => return (finish(word, words), &text[at + 2..]),
            '$' | '`' | '|' | '&' | '<' | '>' | '(' | ')' | '{' | '}' | '*' | '?' | '[' | '='
                if word.is_none() || c != '=' || words.is_empty() =>
            {
                return (None, text);
            }
            '#' if word.is_none() => {
                let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
                return (finish(word, words), &text[end..]);
            }
            ' ' | '\t' | '\r' => words.extend(word.take()),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        None => return (None, text),
                        Some((_, end)) if end == c => break,
                        Some((_, '$' | '`')) if c == '"' => return (None, text),
                        Some((_, '\\')) if c == '"' && chars.peek().is_some_and(|(_, next)| "\"\\$`".contains(*next)) => {
                            word.extend(chars.next().map(|(_, escaped)| escaped));
                        }
                        Some((_, other)) => word.push(other),
                    }
                }
            }
            '\\' => {
                if let Some((_, escaped)) = chars.next().filter(|(_, escaped)| *escaped != '\n') {
                    word.get_or_insert_default().push(escaped);
                }
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    (Some(words), "")
}
