//! `sort`.

use std::cmp::Ordering;

use super::date_words::MONTHS;
use super::options::{Known, Options};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

const KNOWN: Known = Known(
    "n(numeric-sort)r(reverse)u(unique)k:(key)t:(field-separator)h(human-numeric-sort)V(version-sort)f(ignore-case)c(check)C\
     Ro:(output)b(ignore-leading-blanks)s(stable)g(general-numeric-sort)d(dictionary-order)M(month-sort)z(zero-terminated)S:T:m(merge)",
);

/// How keys compare.
#[derive(Debug, Clone, Default)]
struct How(String);

/// A key: its first and last field and character, from 1, and how it compares.
#[derive(Debug, Clone)]
struct Key {
    from: (usize, usize),
    to: Option<(usize, usize)>,
    how: How,
}

impl Shell<'_> {
    pub(super) fn sort(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), KNOWN, false);
        let keys: Option<Vec<Key>> = options.values_of('k').map(|key| read_key(key, &options)).collect();
        let Some(keys) = keys.filter(|_| !options.has_other && !options.has('R')) else {
            return self.not_simulated(words, io);
        };
        let Some(input) = self.input_of("sort", &options.operands, io) else { return Flow::Next };
        let mut lines = if options.has('z') {
            let mut lines = input.split(&|c| c == '\0');
            lines.pop_if(|last| last.is_empty());
            lines
        } else {
            input.lines()
        };
        let by = options.value('t').and_then(|by| by.chars().next());
        let whole = how_of("", &options);
        let is_stable = options.has('s') || options.has('u');
        let by_keys = |a: &Text, b: &Text| {
            let order = keys.iter().map(|key| {
                let order = key.how.compare(key.of(a, by), key.of(b, by));
                if key.how.has('r') { order.reverse() } else { order }
            });
            let order = order.reduce(Ordering::then);
            order.unwrap_or_else(|| if whole.has('r') { whole.compare(a, b).reverse() } else { whole.compare(a, b) })
        };
        // Of equal lines the bytes decide.
        let compare = |a: &Text, b: &Text| {
            let last = || if options.has('r') { str::cmp(b, a) } else { str::cmp(a, b) };
            by_keys(a, b).then_with(|| if is_stable { Ordering::Equal } else { last() })
        };
        self.work(input.len().saturating_mul(8));
        if options.has('c') || options.has('C') {
            let is_wrong = |a: &Text, b: &Text| if options.has('u') { by_keys(a, b).is_ge() } else { compare(a, b).is_gt() };
            let wrong = lines.iter().zip(lines.iter().skip(1)).enumerate().find(|(_, (a, b))| is_wrong(a, b));
            if let Some((nth, (_, line))) = wrong {
                let name = options.operands.first().map_or("-", |name| name);
                let message = format!("sort: {name}:{}: disorder: {line}", nth.saturating_add(2));
                return if options.has('c') { self.fail(io, 1, &message) } else { self.ends_with(1) };
            }
            return Flow::Next;
        }
        lines.sort_by(compare);
        if options.has('u') {
            lines.dedup_by(|a, b| by_keys(a, b).is_eq());
        }
        if options.has('z') {
            lines.push(Text::new());
            self.print(&io.out, &Text::join(&lines, "\0"));
            return Flow::Next;
        }
        let Some(file) = options.value('o') else { return self.print_lines(io, &lines) };
        lines.push(Text::new());
        self.write_file(file, Text::join(&lines, "\n"));
        Flow::Next
    }
}

/// The letters that say how a key compares; without any those of the command count.
fn how_of(letters: &str, options: &Options) -> How {
    if !letters.is_empty() {
        return How(letters.to_owned());
    }
    How("nrhVfbgdM".chars().filter(|flag| options.has(*flag)).collect())
}

/// `2`, `2,3`, `2n`, `1.3,1.5r`.
fn read_key(text: &str, options: &Options) -> Option<Key> {
    let mut letters = String::new();
    let mut place = |text: &str| {
        let n_digits = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (numbers, flags) = text.split_at_checked(n_digits)?;
        letters += flags;
        let (field, character) = numbers.split_once('.').unwrap_or((numbers, "0"));
        Some((field.parse::<usize>().ok().filter(|field| *field > 0)?, character.parse::<usize>().ok()?))
    };
    let (from, to) = match text.split_once(',') {
        Some((from, to)) => (place(from)?, Some(place(to)?)),
        None => (place(text)?, None),
    };
    Some(Key { from, to, how: how_of(&letters, options) })
}

impl Key {
    /// The part of a line that is compared.
    fn of<'l>(&self, line: &'l str, by: Option<char>) -> &'l str {
        let start = self.start(line, by, self.from.0, self.from.1.max(1));
        let end = match self.to {
            None => line.len(),
            Some((field, 0)) => field_at(line, by, field).1,
            Some((field, character)) => self.start(line, by, field, character.saturating_add(1)),
        };
        line.get(start..end.max(start)).unwrap_or("")
    }

    /// Where a character of a field begins.
    fn start(&self, line: &str, by: Option<char>, field: usize, character: usize) -> usize {
        let (mut start, end) = field_at(line, by, field);
        let inside = line.get(start..).unwrap_or("");
        if self.how.has('b') {
            start = start.saturating_add(inside.len().saturating_sub(inside.trim_start_matches([' ', '\t']).len()));
        }
        let rest = line.get(start..end.max(start)).unwrap_or("");
        rest.char_indices().nth(character.saturating_sub(1)).map_or(end, |(at, _)| start.saturating_add(at))
    }
}

/// Where a field begins and ends. Without a separator a field has the blanks before it.
fn field_at(line: &str, by: Option<char>, field: usize) -> (usize, usize) {
    let mut start = 0usize;
    for nth in 1usize.. {
        let rest = line.get(start..).unwrap_or("");
        let end = match by {
            Some(by) => rest.find(by),
            None => {
                let blanks = rest.find(|c| c != ' ' && c != '\t').unwrap_or(rest.len());
                rest.get(blanks..).and_then(|rest| rest.find([' ', '\t'])).map(|end| blanks.saturating_add(end))
            }
        };
        let end = end.map(|end| start.saturating_add(end));
        if nth == field {
            return (start, end.unwrap_or(line.len()));
        }
        let Some(end) = end else { break };
        start = end.saturating_add(by.map_or(0, char::len_utf8));
    }
    (line.len(), line.len())
}

impl How {
    fn has(&self, flag: char) -> bool {
        self.0.contains(flag)
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        let trimmed = |text: &'_ str| if self.has('b') { text.trim_start_matches([' ', '\t']).to_owned() } else { text.to_owned() };
        if self.has('g') {
            // With an exponent.
            let number = |text: &str| {
                let text = text.trim_start();
                let end = text.find(|c: char| !c.is_ascii_digit() && !"+-.eE".contains(c)).unwrap_or(text.len());
                text.get(..end).and_then(|text| text.parse::<f64>().ok()).unwrap_or(number(text))
            };
            return number(a).total_cmp(&number(b));
        }
        if self.has('n') {
            return number(a).total_cmp(&number(b));
        }
        if self.has('h') {
            return size(a).partial_cmp(&size(b)).unwrap_or(Ordering::Equal);
        }
        if self.has('M') {
            let month = |text: &str| {
                let name: String = text.trim_start().chars().take(3).collect::<String>().to_lowercase();
                MONTHS.iter().position(|month| month.to_lowercase().starts_with(&name) && name.len() == 3)
            };
            return month(a).cmp(&month(b));
        }
        if self.has('V') {
            return versions(a, b);
        }
        if !self.has('b') && !self.has('f') && !self.has('d') {
            return a.cmp(b);
        }
        let kept = |text: &str| {
            let text: String = trimmed(text).chars().filter(|c| !self.has('d') || c.is_alphanumeric() || *c == ' ' || *c == '\t').collect();
            if self.has('f') { text.to_uppercase() } else { text }
        };
        kept(a).cmp(&kept(b))
    }
}

/// The number a text begins with, and what follows it.
fn leading(text: &str) -> (f64, &str) {
    let text = text.trim_start_matches([' ', '\t']);
    let (sign, digits) = text.strip_prefix('-').map_or((1.0, text), |digits| (-1.0, digits));
    let mut has_point = false;
    let end = digits.find(|c: char| !(c.is_ascii_digit() || c == '.' && !std::mem::replace(&mut has_point, true))).unwrap_or(digits.len());
    let number: f64 = digits.get(..end).and_then(|digits| digits.parse().ok()).unwrap_or(0.0);
    // Minus nothing is nothing.
    (sign * number + 0.0, digits.get(end..).unwrap_or(""))
}

fn number(text: &str) -> f64 {
    leading(text).0
}

/// A size such as `2.5M`: its sign, its unit, and the number before it.
fn size(text: &str) -> (f64, f64, f64) {
    let (number, behind) = leading(text);
    let unit = behind.chars().next().and_then(|c| "KMGTPEZY".find(c.to_ascii_uppercase())).map_or(0.0, |at| at as f64 + 1.0);
    let sign = if number == 0.0 { 0.0 } else { number.signum() };
    (sign, sign * unit, number)
}

/// Versions: what is no digit by its characters, digits by their number.
fn versions(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        for is_number in [false, true] {
            let split = |text: &str| text.find(|c: char| c.is_ascii_digit() != is_number).unwrap_or(text.len());
            let (Some((first, behind_a)), Some((second, behind_b))) = (a.split_at_checked(split(a)), b.split_at_checked(split(b))) else {
                return Ordering::Equal;
            };
            let order = if is_number {
                let (first, second) = (first.trim_start_matches('0'), second.trim_start_matches('0'));
                first.len().cmp(&second.len()).then_with(|| first.cmp(second))
            } else {
                // The end and letters come before other characters, `~` before all.
                let weight = |text: &str| -> Vec<i64> {
                    let weight = |c: char| match c {
                        '~' => -1,
                        c if c.is_alphabetic() => i64::from(u32::from(c)),
                        c => i64::from(u32::from(c)).saturating_add(1 << 24),
                    };
                    text.chars().map(weight).chain([0]).collect()
                };
                weight(first).cmp(&weight(second))
            };
            if order.is_ne() {
                return order;
            }
            (a, b) = (behind_a, behind_b);
        }
        if a.is_empty() && b.is_empty() {
            return Ordering::Equal;
        }
    }
}
