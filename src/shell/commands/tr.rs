//! `tr`.

use super::options::Options;
use crate::shell::escape::unescape;
use crate::shell::state::{Io, Shell};
use crate::text::Text;

/// A longer set is cut off.
const MOST_CHARACTERS: usize = 4096;

impl Shell<'_> {
    pub(super) fn tr(&mut self, arguments: &[Text], io: &Io) {
        let options = Options::read(arguments, "");
        let set = |nth: usize| options.operands.get(nth).map(characters).unwrap_or_default();
        let (from, to) = (set(0), set(1));
        let input = self.take_input();
        let text = input.map_known(&mut |known| translated(known, &from, &to, options.has('d'), options.has('s')));
        self.print(&io.out, &text);
    }
}

/// The characters of a set with ranges and classes.
fn characters(set: &Text) -> Vec<char> {
    let mut set = unescape(set).0.to_string();
    for (class, ranges) in
        [("lower", "a-z"), ("upper", "A-Z"), ("digit", "0-9"), ("alpha", "A-Za-z"), ("alnum", "0-9A-Za-z"), ("space", " \t\n")]
    {
        set = set.replace(&format!("[:{class}:]"), ranges);
    }
    let chars: Vec<char> = set.chars().collect();
    let mut all = Vec::new();
    let mut at = 0;
    while at < chars.len() && all.len() < MOST_CHARACTERS {
        if at + 2 < chars.len() && chars[at + 1] == '-' {
            all.extend((chars[at]..=chars[at + 2]).take(MOST_CHARACTERS));
            at += 3;
        } else {
            all.push(chars[at]);
            at += 1;
        }
    }
    all
}

fn translated(input: &str, from: &[char], to: &[char], deletes: bool, squeezes: bool) -> String {
    let mut out = String::new();
    for c in input.chars() {
        let place = from.iter().position(|known| *known == c);
        if deletes && place.is_some() {
            continue;
        }
        let c = place.and_then(|at| to.get(at).or(to.last())).copied().unwrap_or(c);
        let again = squeezes && out.ends_with(c) && (place.is_some() || to.contains(&c));
        if !again {
            out.push(c);
        }
    }
    out
}
