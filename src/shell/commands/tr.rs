//! `tr`.

use super::options::{Known, Options};
use crate::shell::escape::unescape;
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

/// A longer set is cut off.
const MOST_CHARACTERS: usize = 4096;

/// What `tr` does to a character.
struct Change {
    from: Vec<char>,
    is_inverted: bool,
    to: Vec<char>,
    deletes: bool,
    /// The characters that do not follow themselves, and whether it is all others.
    squeezed: Option<(Vec<char>, bool)>,
}

impl Shell<'_> {
    pub(super) fn tr(&mut self, words: &[Text], io: &Io) -> Flow {
        let known = Known("d(delete)s(squeeze-repeats)c(complement)Ct(truncate-set1)");
        let options = Options::known(words.get(1..).unwrap_or_default(), known, true);
        let n_sets = options.operands.len();
        if options.has_other || n_sets > 2 {
            return self.not_simulated(words, io);
        }
        if n_sets == 0 || n_sets == 1 && !options.has('d') && !options.has('s') {
            return self.fail(io, 1, "tr: missing operand");
        }
        let set = |nth: usize| options.operands.get(nth).map(characters).unwrap_or_default();
        let (mut from, to, is_inverted) = (set(0), set(1), options.has('c') || options.has('C'));
        if options.has('t') {
            from.truncate(to.len());
        }
        let squeezed = options.has('s').then(|| if n_sets == 2 { (to.clone(), false) } else { (from.clone(), is_inverted) });
        let change = Change { from, is_inverted, to: if options.has('d') { Vec::new() } else { to }, deletes: options.has('d'), squeezed };
        let input = self.take_input();
        let mut last = None;
        let text = input.map_known(&mut |known| change.applied(known, &mut last));
        self.print(&io.out, &text);
        Flow::Next
    }
}

/// The characters of a set with ranges and classes.
fn characters(set: &Text) -> Vec<char> {
    let mut all = Vec::new();
    let mut chars = set.chars().peekable();
    while let Some(c) = chars.next().filter(|_| all.len() < MOST_CHARACTERS) {
        if c == '[' && chars.peek() == Some(&':') {
            let mut ahead = chars.clone();
            let name: String = ahead.by_ref().skip(1).take_while(|c| *c != ':').collect();
            if ahead.next() == Some(']')
                && let Some(class) = class(&name)
            {
                all.extend((0..=127u8).map(char::from).filter(class));
                chars = ahead;
                continue;
            }
        }
        let from = if c == '\\' { escaped(&mut chars) } else { c };
        let mut ahead = chars.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(to)) => {
                let to = if to == '\\' { escaped(&mut ahead) } else { to };
                all.extend((from..=to).take(MOST_CHARACTERS));
                chars = ahead;
            }
            _ => all.push(from),
        }
    }
    all
}

/// The character behind a backslash.
fn escaped(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> char {
    let digits: String = chars.clone().take(3).take_while(|c| c.is_digit(8)).collect();
    if let Some(c) = u32::from_str_radix(&digits, 8).ok().and_then(char::from_u32) {
        digits.chars().for_each(|_| _ = chars.next());
        return c;
    }
    let Some(c) = chars.next() else { return '\\' };
    let (text, _) = unescape(&format!("\\{c}").into());
    let mut resolved = text.chars();
    match (resolved.next(), resolved.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

fn class(name: &str) -> Option<fn(&char) -> bool> {
    Some(match name {
        "lower" => char::is_ascii_lowercase,
        "upper" => char::is_ascii_uppercase,
        "digit" => char::is_ascii_digit,
        "alpha" => char::is_ascii_alphabetic,
        "alnum" => char::is_ascii_alphanumeric,
        "punct" => char::is_ascii_punctuation,
        "space" => |c| matches!(c, ' ' | '\t'..='\r'),
        "blank" => |c| matches!(c, ' ' | '\t'),
        "cntrl" => char::is_ascii_control,
        "print" => |c| matches!(c, ' '..='~'),
        "graph" => char::is_ascii_graphic,
        "xdigit" => char::is_ascii_hexdigit,
        _ => return None,
    })
}

impl Change {
    fn applied(&self, input: &str, last: &mut Option<char>) -> String {
        let mut out = String::new();
        for c in input.chars() {
            let place = self.from.iter().rposition(|known| *known == c);
            let place = if self.is_inverted { if place.is_none() { Some(usize::MAX) } else { None } } else { place };
            if self.deletes && place.is_some() {
                continue;
            }
            let c = place.and_then(|at| self.to.get(at).or(self.to.last())).copied().unwrap_or(c);
            let is_squeezed = self.squeezed.as_ref().is_some_and(|(set, is_inverted)| set.contains(&c) != *is_inverted);
            if !(is_squeezed && *last == Some(c)) {
                out.push(c);
            }
            *last = Some(c);
        }
        out
    }
}
