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
    /// `@(a|b)`, `?(…)`, `*(…)`, `+(…)`, `!(…)`: which of them, and the choices.
    Group(char, Vec<Vec<Atom>>),
}

/// Reads a pattern from pieces of text, each with whether it was quoted.
pub fn read<'a>(pieces: impl Iterator<Item = (&'a str, bool)>) -> Vec<Atom> {
    read_within(pieces, 0)
}

/// Groups may nest so deeply.
const DEEPEST: usize = 16;

/// Reads a pattern within so many groups.
fn read_within<'a>(pieces: impl Iterator<Item = (&'a str, bool)>, depth: usize) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for (text, quoted) in pieces {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            atoms.push(match c {
                c if quoted => Atom::Char(c),
                c @ ('@' | '?' | '*' | '+' | '!') if chars.peek() == Some(&'(') && depth < DEEPEST => {
                    chars.next();
                    Atom::Group(c, choices(&mut chars, depth.saturating_add(1)))
                }
                '*' => Atom::Any,
                '?' => Atom::One,
                '[' => class(&mut chars).unwrap_or(Atom::Char('[')),
                c => Atom::Char(c),
            });
        }
    }
    atoms
}

/// The choices of a group, up to the parenthesis that closes it.
fn choices(chars: &mut Peekable<Chars<'_>>, depth: usize) -> Vec<Vec<Atom>> {
    let (mut choices, mut open) = (vec![String::new()], 0usize);
    for c in chars.by_ref() {
        match c {
            ')' if open == 0 => break,
            '|' if open == 0 => {
                choices.push(String::new());
                continue;
            }
            '(' => open = open.saturating_add(1),
            ')' => open = open.saturating_sub(1),
            _ => {}
        }
        choices.last_mut().into_iter().for_each(|choice| choice.push(c));
    }
    choices.iter().map(|choice| read_within(Some((&**choice, false)).into_iter(), depth)).collect()
}

/// As [`matches`], where there are groups. All ways are tried, but no more than so many steps, and none that is deeper than `depth`.
fn matches_groups(mut atoms: &[Atom], mut text: &str, steps: &mut usize, depth: usize) -> bool {
    loop {
        *steps = steps.saturating_sub(1);
        let Some((atom, behind)) = atoms.split_first().filter(|_| *steps > 0 && depth > 0) else {
            return atoms.is_empty() && text.is_empty();
        };
        let deeper = depth.saturating_sub(1);
        let places = || text.char_indices().map(|(at, _)| at).chain([text.len()]).filter_map(|at| text.split_at_checked(at));
        match atom {
            Atom::Any => return places().any(|(_, rest)| matches_groups(behind, rest, steps, deeper)),
            Atom::Group(kind, choices) => {
                if matches!(kind, '?' | '*') && matches_groups(behind, text, steps, deeper) {
                    return true;
                }
                let again = [vec![Atom::Group('*', choices.clone())], behind.to_vec()].concat();
                return places().any(|(part, rest)| {
                    let fits = choices.iter().any(|choice| matches_groups(choice, part, steps, deeper));
                    match kind {
                        '!' => !fits && matches_groups(behind, rest, steps, deeper),
                        '*' | '+' => fits && !part.is_empty() && matches_groups(&again, rest, steps, deeper),
                        _ => fits && matches_groups(behind, rest, steps, deeper),
                    }
                });
            }
            atom => {
                let mut chars = text.chars();
                if !chars.next().is_some_and(|c| fits(atom, c)) {
                    return false;
                }
                (atoms, text) = (behind, chars.as_str());
            }
        }
    }
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
        Atom::Any | Atom::Group(..) => false,
        Atom::One => true,
        Atom::Char(wanted) => *wanted == c,
        Atom::Class(negated, ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *negated,
    }
}

/// Whether the whole text matches. Only the last star is tried again, so time grows with the product of both lengths.
pub fn matches(mut atoms: &[Atom], text: &str) -> bool {
    if atoms.iter().any(|atom| matches!(atom, Atom::Group(..))) {
        return matches_groups(atoms, text, &mut 100_000, 200);
    }
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
