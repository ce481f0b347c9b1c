//! Globs, the patterns of file names, `case`, `[[` and `${x#...}`: `*`, `?`, `[a-z]`, `[!a-z]`. What was quoted stands for itself.

use std::iter::Peekable;
use std::str::Chars;

/// One element of a pattern.
#[derive(Debug, Clone)]
pub enum Atom {
    /// `*`: any characters, or none.
    Any,
    /// `?`: any character.
    One,
    /// This character.
    Char(char),
    /// `[a-z]`: whether it is negated, and the first and last of each range.
    Class(bool, Vec<(char, char)>),
}

/// Reads a pattern from pieces of text, each with whether it was quoted.
pub fn read<'a>(pieces: impl Iterator<Item = (&'a str, bool)>) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for (text, quoted) in pieces {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            atoms.push(match c {
                c if quoted => Atom::Char(c),
                '*' => Atom::Any,
                '?' => Atom::One,
                '[' => class(&mut chars).unwrap_or(Atom::Char('[')),
                c => Atom::Char(c),
            });
        }
    }
    atoms
}

fn class(chars: &mut Peekable<Chars<'_>>) -> Option<Atom> {
    let mut ahead = chars.clone();
    let negated = ahead.next_if(|c| *c == '!' || *c == '^').is_some();
    let mut ranges = Vec::new();
    loop {
        let from = ahead.next()?;
        if from == ']' && !ranges.is_empty() {
            break;
        }
        if from == '[' && ahead.peek() == Some(&':') {
            let name: String = ahead.by_ref().skip(1).take_while(|c| *c != ':').collect();
            ahead.next_if(|c| *c == ']');
            ranges.extend_from_slice(match name.as_str() {
                "digit" => &[('0', '9')],
                "alpha" => &[('a', 'z'), ('A', 'Z')],
                "alnum" => &[('a', 'z'), ('A', 'Z'), ('0', '9')],
                "upper" => &[('A', 'Z')],
                "lower" => &[('a', 'z')],
                "space" => &[(' ', ' '), ('\t', '\r')],
                _ => return None,
            });
            continue;
        }
        let is_range = ahead.peek() == Some(&'-') && ahead.clone().nth(1).is_some_and(|c| c != ']');
        let to = if is_range { ahead.nth(1)? } else { from };
        ranges.push((from, to));
    }
    *chars = ahead;
    Some(Atom::Class(negated, ranges))
}

fn fits(atom: &Atom, c: char) -> bool {
    match atom {
        Atom::Any => false,
        Atom::One => true,
        Atom::Char(wanted) => *wanted == c,
        Atom::Class(negated, ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *negated,
    }
}

/// Whether the whole text matches. Only the last star is tried again, so time grows with the product of both lengths.
pub fn matches(mut atoms: &[Atom], text: &str) -> bool {
    let mut chars = text.chars();
    // What follows the last star, and the text from where that is tried.
    let mut star: Option<(&[Atom], Chars<'_>)> = None;
    loop {
        let mut ahead = chars.clone();
        let Some(c) = ahead.next() else { return atoms.iter().all(|atom| matches!(atom, Atom::Any)) };
        match (atoms, &mut star) {
            ([Atom::Any, behind @ ..], _) => {
                star = Some((behind, chars.clone()));
                atoms = behind;
            }
            ([atom, behind @ ..], _) if fits(atom, c) => (atoms, chars) = (behind, ahead),
            (_, Some((behind, from))) => {
                from.next();
                (atoms, chars) = (*behind, from.clone());
            }
            (_, None) => return false,
        }
    }
}
