//! Words to texts: variables, substitutions, arithmetic, braces, and the split into fields.

use super::Stopped;
use super::escape::{quoted, unescape};
use super::glob::{self, Atom};
use super::processes::{MAIN, pid};
use super::state::{Fault, Held, Io, MOST_BYTES, Shell};
use super::tree::{Change, Part, Variable, Word};
use crate::cursor::Cursor;
use crate::text::Text;

/// The most fields of one command.
const MOST_FIELDS: usize = 1_000_000;

impl Shell<'_> {
    /// A word as one text: assignments, `case`, redirections.
    pub fn expand_one(&mut self, word: &Word, io: &Io) -> Text {
        if let [Part::Text(text, _)] = word.as_slice() {
            return text.clone();
        }
        let mut out = Text::new();
        self.pieces(word, io).iter().for_each(|(text, _)| out.push(text));
        out
    }

    /// The pieces of a word, each with whether it was quoted; they are not split.
    pub fn pieces(&mut self, word: &Word, io: &Io) -> Vec<(Text, bool)> {
        let mut pieces = Vec::new();
        let mut n_bytes = 0_usize;
        for part in word {
            let piece = match part {
                Part::Text(text, quoted) => (text.clone(), *quoted),
                Part::Variable(variable, quoted) => (self.joined(variable, io), *quoted),
                Part::Command(node, quoted) => (self.substitute(node, io), *quoted),
                Part::Arithmetic(word, quoted) => (self.calculated(word, io), *quoted),
                Part::File(node) => (self.file_of(node, io), true),
                Part::Reader(node) => (self.reader_of(node, io), true),
            };
            n_bytes = n_bytes.saturating_add(piece.0.len());
            if n_bytes > MOST_BYTES {
                self.stop(Stopped::Steps);
                return Vec::new();
            }
            pieces.push(piece);
        }
        pieces
    }

    /// The fields of words: what was expanded without quotes is split at `$IFS`, and `"$@"` gives a field for each argument.
    pub fn expand_all(&mut self, words: &[Word], io: &Io) -> Vec<Text> {
        let mut fields = Vec::with_capacity(words.len());
        for word in words {
            if let [Part::Text(text, quoted)] = word.as_slice()
                && (*quoted || !text.contains(['{', '*', '?', '[', '(']))
            {
                fields.push(text.clone());
                continue;
            }
            let mut open = vec![word.clone()];
            while let Some(word) = open.pop() {
                let Some(braces) = Braces::first(&word) else {
                    self.fields(&word, io, &mut fields);
                    if fields.len() > MOST_FIELDS {
                        break;
                    }
                    continue;
                };
                if !self.work(braces.choices.len().saturating_mul(size(&word))) {
                    return Vec::new();
                }
                open.extend(braces.words().rev());
            }
            if fields.len() > MOST_FIELDS || self.stopped.is_some() {
                self.stop(Stopped::Steps);
                return Vec::new();
            }
        }
        self.steps(fields.len() / 16);
        fields
    }

    fn fields(&mut self, word: &Word, io: &Io, fields: &mut Vec<Text>) {
        if !self.state.noglob && word.iter().any(|part| matches!(part, Part::Text(text, false) if text.contains(['*', '?', '[', '(']))) {
            let atoms = self.pattern(word, io);
            if atoms.iter().any(|atom| !matches!(atom, Atom::Char(_))) {
                let found = self.names_like(&atoms);
                if !found.is_empty() || self.has_shopt("nullglob") {
                    return fields.extend(found.into_iter().map(Text::from));
                }
            }
        }
        let mut field: Option<Text> = None;
        for part in word {
            let (text, quoted) = match part {
                Part::Text(text, _) => {
                    field.get_or_insert_default().push(text);
                    continue;
                }
                Part::Variable(variable, quoted) => {
                    let values = self.value(variable, io);
                    let many = is_all(variable) && !(*quoted && is_joined(variable));
                    if many && *quoted {
                        for (nth, value) in values.iter().enumerate() {
                            if nth > 0 {
                                fields.extend(field.take());
                            }
                            field.get_or_insert_default().push(value);
                        }
                        continue;
                    }
                    let between = self.between(variable);
                    (Text::join(&values, &between), *quoted)
                }
                Part::Command(node, quoted) => (self.substitute(node, io), *quoted),
                Part::Arithmetic(word, quoted) => (self.calculated(word, io), *quoted),
                Part::File(node) => (self.file_of(node, io), true),
                Part::Reader(node) => (self.reader_of(node, io), true),
            };
            if !self.work(text.len()) {
                return;
            }
            if quoted {
                field.get_or_insert_default().push(&text);
                continue;
            }
            let separators = self.separators();
            // Whether the field before ended with a blank: a separator behind it belongs to that field.
            let mut after_blank = false;
            for (piece, end) in text.pieces(&|c| separators.contains(c)) {
                match &mut field {
                    _ if piece.is_empty() => {}
                    Some(field) => field.push(&piece),
                    None => field = Some(piece),
                }
                match end {
                    Some(end) if field.is_some() => {
                        fields.extend(field.take());
                        after_blank = end.is_whitespace();
                    }
                    // Between two separators that are no blanks is an empty field.
                    Some(end) if !end.is_whitespace() => fields.extend((!std::mem::take(&mut after_blank)).then(Text::new)),
                    _ => {}
                }
            }
        }
        fields.extend(field);
    }

    /// All values of a variable as one text.
    fn joined(&mut self, variable: &Variable, io: &Io) -> Text {
        let values = self.value(variable, io);
        Text::join(&values, &self.between(variable))
    }

    /// What stands between the values of `$*`: the first of `$IFS`.
    fn between(&self, variable: &Variable) -> String {
        if is_joined(variable) { self.separators().chars().take(1).collect() } else { " ".to_owned() }
    }

    /// `$(( ... ))` as text; one that is wrong ends the script.
    fn calculated(&mut self, word: &Word, io: &Io) -> Text {
        let value = self.calculate(word, io);
        if value.is_none() {
            self.end_by_fault(Fault::Line);
        }
        value.map_or_else(Text::new, |value| value.to_string().into())
    }

    /// The values of `$name` or `${name...}`: one, or all of a list.
    fn value(&mut self, variable: &Variable, io: &Io) -> Vec<Text> {
        let Variable { name, index, change } = variable;
        if matches!(change, Change::Unknown) {
            self.complain(io, &format!("${{{name}}}: bad substitution"));
            self.end_by_fault(Fault::Line);
            return Vec::new();
        }
        let all = is_all(variable);
        let one = |text: &str| Some(vec![Text::from(text)]);
        if !self.work_of_name(self.get(name).map_or(0, Held::size)) {
            return Vec::new();
        }
        let mut held: Option<Vec<Text>> = match name.as_str() {
            "#" if matches!(change, Change::Named) => Some(Vec::new()),
            "@" | "*" => Some(self.state.arguments.clone()),
            "#" => one(&self.state.arguments.len().to_string()),
            "?" => one(&self.state.status.to_string()),
            "$" => one(&pid(MAIN)),
            "!" => Some(self.latest_job().into_iter().collect()),
            "-" => one(if self.state.errexit { "ehB" } else { "hB" }),
            "0" => Some(vec![self.state.name.clone()]),
            name if name.starts_with(|c: char| c.is_ascii_digit()) => {
                let n: usize = name.parse().unwrap_or(usize::MAX);
                self.state.arguments.get(n.wrapping_sub(1)).map(|value| vec![value.clone()])
            }
            name => match (self.get(name).cloned(), index) {
                (Some(Held::Map(entries)), Some(_)) if all && matches!(change, Change::Named) => {
                    return entries.into_iter().map(|(key, _)| key).collect();
                }
                (Some(Held::Map(entries)), Some(_)) if all => Some(entries.into_iter().map(|(_, value)| value).collect()),
                (Some(Held::Map(entries)), index) => {
                    let key = index.as_ref().map(|index| self.expand_one(index, io)).unwrap_or_default();
                    entries.into_iter().find(|(known, _)| *known == key).map(|(_, value)| vec![value])
                }
                (Some(Held::List(items)), Some(_)) if all && matches!(change, Change::Named) => {
                    return items.into_iter().map(|(at, _)| at.to_string().into()).collect();
                }
                (Some(Held::List(items)), Some(_)) if all && matches!(change, Change::Slice(..)) => {
                    let Change::Slice(from, length) = change else { return Vec::new() };
                    let from = self.calculate(from, io).unwrap_or(0);
                    let end = items.last().map_or(0, |(last, _)| last.saturating_add(1));
                    let from = if from < 0 { end.saturating_add(from) } else { from };
                    let length = length.as_ref().map_or(usize::MAX, |length| self.calculate(length, io).unwrap_or(0).max(0) as usize);
                    return items.into_iter().filter(|(at, _)| *at >= from && from >= 0).take(length).map(|(_, item)| item).collect();
                }
                (Some(Held::List(items)), Some(_)) if all => Some(items.into_iter().map(|(_, item)| item).collect()),
                (Some(Held::List(items)), Some(index)) => {
                    let at = self.calculate(index, io).unwrap_or(0);
                    let end = items.last().map_or(0, |(last, _)| last.saturating_add(1));
                    let at = if at < 0 { end.saturating_add(at) } else { at };
                    items.into_iter().find(|(known, _)| *known == at).map(|(_, item)| vec![item])
                }
                (Some(Held::List(items)), None) => items.into_iter().find(|(at, _)| *at == 0).map(|(_, item)| vec![item]),
                (Some(Held::Text(text)), _) => Some(vec![text]),
                (None, _) => match name {
                    "PWD" => one(&self.working_directory()),
                    name => self.special(name).map(|value| vec![value.into()]),
                },
            },
        };
        if held.is_none() && self.state.nounset && !all && !matches!(change, Change::Default(..) | Change::Names) {
            self.complain(io, &format!("{name}: unbound variable"));
            self.state.status = 1;
            self.end_by_fault(Fault::Script);
            return Vec::new();
        }
        match change {
            Change::None => held.unwrap_or_default(),
            Change::Named if all => (0..held.map_or(0, |items| items.len())).map(|at| at.to_string().into()).collect(),
            Change::Named => {
                let target =
                    if name == "#" { self.state.arguments.len().to_string().into() } else { Text::join(&held.unwrap_or_default(), "") };
                let (name, index) = match target.strip_suffix(']').and_then(|target| target.split_once('[')) {
                    Some((name, index)) => (name, Some(vec![Part::known(index, false)])),
                    None => (&*target, None),
                };
                let is_there = name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
                let variable = Variable { name: name.to_owned(), index, change: Change::None };
                if is_there { self.value(&variable, io) } else { Vec::new() }
            }
            Change::Names => {
                let mut names: Vec<Text> =
                    self.state.vars.iter().filter(|var| var.name.starts_with(&**name)).map(|var| (*var.name).into()).collect();
                names.sort_by(|a, b| str::cmp(a, b));
                names.dedup();
                names
            }
            Change::Length if all => vec![held.map_or(0, |items| items.len()).to_string().into()],
            Change::Length => vec![Text::join(&held.unwrap_or_default(), "").chars().count().to_string().into()],
            Change::Default(sign, or_empty, word) => {
                let is_unset =
                    held.as_ref().is_none_or(|items| *or_empty && items.iter().all(|item| item.is_empty()) || all && items.is_empty());
                match (sign, is_unset) {
                    ('+', false) | ('-', true) => vec![self.expand_one(word, io)],
                    ('+', true) => Vec::new(),
                    ('=', true) => {
                        let value = self.expand_one(word, io);
                        self.set(name, value.clone());
                        vec![value]
                    }
                    ('?', true) => {
                        let message = self.expand_one(word, io);
                        let message = if message.is_empty() { "parameter null or not set" } else { &message };
                        self.complain(io, &format!("{name}: {message}"));
                        self.state.status = 1;
                        self.end_by_fault(Fault::Script);
                        Vec::new()
                    }
                    _ => held.take().unwrap_or_default(),
                }
            }
            Change::Slice(from, length) if all => {
                let items = held.unwrap_or_default();
                let from = self.calculate(from, io).unwrap_or(0);
                let shift = i64::from(matches!(name.as_str(), "@" | "*"));
                let from = if from < 0 { from.saturating_add(items.len() as i64) } else { from.saturating_sub(shift) }.max(0) as usize;
                let length = length.as_ref().map_or(usize::MAX, |length| self.calculate(length, io).unwrap_or(0).max(0) as usize);
                items.into_iter().skip(from).take(length).collect()
            }
            change => held.unwrap_or_default().into_iter().map(|text| self.changed(text, change, io)).collect(),
        }
    }

    /// Changes a value; one that is unknown as a whole stays as it is.
    fn changed(&mut self, text: Text, change: &Change, io: &Io) -> Text {
        if text.is_unknown() {
            return text;
        }
        match change {
            Change::Cut { from_end, longest, pattern } => {
                let atoms = self.pattern(pattern, io);
                // Where it may be cut, in order of preference.
                let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                if from_end != longest {
                    places.reverse();
                }
                let mut fits = |at: &usize| {
                    let (before, behind) = text.split_at_checked(*at).unwrap_or_default();
                    let cut = if *from_end { behind } else { before };
                    !self.work(cut.len() / 6) || glob::matches(&atoms, cut)
                };
                match places.into_iter().find(|at| fits(at)) {
                    Some(at) if *from_end => text.slice(0..at),
                    Some(at) => text.slice_from(at),
                    None => text,
                }
            }
            Change::Replace { all, pattern, with } => {
                let (atoms, with) = (self.pattern(pattern, io), self.pieces(with, io));
                let (anchor, atoms) = match atoms.as_slice() {
                    [Atom::Char(anchor @ ('#' | '%')), atoms @ ..] => (Some(*anchor), atoms),
                    atoms => (None, atoms),
                };
                self.replace(&text, atoms, &with, *all, anchor)
            }
            Change::Case { upper, all, pattern } => {
                let mut is_first = true;
                let atoms = if pattern.is_empty() { vec![Atom::One] } else { self.pattern(pattern, io) };
                text.map_known(&mut |known| {
                    let change = |c: char| match (std::mem::take(&mut is_first) || *all, upper) {
                        (false, _) => c,
                        _ if !glob::matches(&atoms, c.encode_utf8(&mut [0; 4])) => c,
                        (_, true) => c.to_ascii_uppercase(),
                        (_, false) => c.to_ascii_lowercase(),
                    };
                    known.chars().map(change).collect()
                })
            }
            Change::At('Q') if text.has_unknown() => text,
            Change::At('Q') => quoted(&text),
            Change::At('E') => unescape(&text).0,
            Change::At(case) => {
                let upper = *case != 'L';
                self.changed(text, &Change::Case { upper, all: *case != 'u', pattern: Word::new() }, io)
            }
            Change::Slice(from, length) => {
                let n = text.chars().count() as i64;
                let from = self.calculate(from, io).unwrap_or(0);
                let from = if from < 0 { n.saturating_add(from) } else { from };
                if !(0..=n).contains(&from) {
                    return Text::new();
                }
                let to = match length.as_ref().map(|length| self.calculate(length, io).unwrap_or(0)) {
                    Some(length) if length < 0 && n.saturating_add(length) < from => {
                        self.complain(io, &format!("{length}: substring expression < 0"));
                        self.end_by_fault(Fault::Line);
                        return Text::new();
                    }
                    Some(length) if length < 0 => n.saturating_add(length),
                    Some(length) => from.saturating_add(length),
                    None => n,
                };
                let place = |nth: i64| text.char_indices().nth(nth as usize).map_or(text.len(), |(at, _)| at);
                text.slice(place(from)..place(to.clamp(from, n)))
            }
            _ => text,
        }
    }

    /// At each place the longest text that matches is replaced. `anchor` is `#` for a match at the start, `%` for one at the end.
    /// Unknown parts stay.
    fn replace(&mut self, text: &Text, atoms: &[Atom], with: &[(Text, bool)], all: bool, anchor: Option<char>) -> Text {
        // `&` without quotes is what was found.
        let with = |found: &str| {
            let piece = |(piece, quoted): &(Text, bool)| {
                let is_plain = *quoted || !piece.contains('&');
                if is_plain { piece.clone() } else { piece.map_known(&mut |known| known.replace('&', found)) }
            };
            Text::join(&with.iter().map(piece).collect::<Vec<_>>(), "")
        };
        let mut out = Text::new();
        // An empty pattern is found where it is anchored.
        if let (true, Some(anchor)) = (atoms.is_empty(), anchor) {
            let both = if anchor == '#' { [with(""), text.clone()] } else { [text.clone(), with("")] };
            return Text::join(&both, "");
        }
        let (mut cursor, mut done) = (Cursor::new(text), false);
        while !cursor.is_at_end() && self.stopped.is_none() {
            let start = cursor.at();
            if let Some(end) = text.unknown_end(start) {
                out.push(&text.slice(start..end));
                cursor = Cursor::at_byte(text, end);
                continue;
            }
            let rest = cursor.rest();
            let shorter = rest.char_indices().rev().filter_map(|(at, _)| rest.get(..at));
            let mut candidates = std::iter::once(rest).chain(shorter).filter(|candidate| !candidate.is_empty());
            let may = !done && (anchor != Some('#') || start == 0);
            let found = may.then(|| {
                candidates.find(|candidate| {
                    let may = self.work(candidate.len() / 6) && (anchor != Some('%') || candidate.len() == rest.len());
                    may && glob::matches(atoms, candidate)
                })
            });
            match found.flatten() {
                Some(found) => {
                    out.push(&with(found));
                    cursor.skip(found.len());
                    done = !all;
                }
                None => {
                    cursor.bump();
                    out.push_str(cursor.since(start));
                }
            }
        }
        out
    }

    fn pattern(&mut self, word: &Word, io: &Io) -> Vec<Atom> {
        let pieces = self.pieces(word, io);
        glob::read(pieces.iter().map(|(text, quoted)| (&**text, *quoted)))
    }
}

fn is_all(variable: &Variable) -> bool {
    let index = variable.index.as_deref();
    matches!(variable.name.as_str(), "@" | "*") || matches!(index, Some([Part::Text(sign, _)]) if sign == "@" || sign == "*")
}

/// Whether a variable is one text within quotes: `$*`.
fn is_joined(variable: &Variable) -> bool {
    let index = variable.index.as_deref();
    variable.name == "*" || matches!(index, Some([Part::Text(sign, _)]) if sign == "*")
}

/// How many bytes the texts of a word have.
fn size(word: &Word) -> usize {
    word.iter().map(|part| if let Part::Text(text, _) = part { text.len() } else { 0 }).sum()
}

/// A place in a word: a part, and a byte of it.
type Place = (usize, usize);

/// A pair of braces in a word, `{b,c}` or `{1..5}`, with what is before, behind, and what they stand for. Braces in quotes are plain.
struct Braces {
    before: Word,
    behind: Word,
    choices: Vec<Word>,
}

impl Braces {
    /// The first pair of a word, `None` when there is none.
    fn first(word: &Word) -> Option<Self> {
        // Where braces open that are not closed yet, and the commas in each.
        let mut open: Vec<(Place, Vec<Place>)> = Vec::new();
        // Of pairs within each other the outer one counts: the last that closes before another opens.
        let mut found: Option<(Vec<Place>, Place)> = None;
        for (nth, part) in word.iter().enumerate() {
            let Part::Text(text, false) = part else { continue };
            for (at, c) in text.char_indices() {
                match c {
                    '{' if open.is_empty() && found.is_some() => break,
                    '{' => open.push(((nth, at), Vec::new())),
                    ',' => open.last_mut().into_iter().for_each(|(_, commas)| commas.push((nth, at))),
                    '}' => {
                        let Some((start, commas)) = open.pop() else { continue };
                        let is_near = start.0 == nth && at.saturating_sub(start.1) < 64;
                        let is_range = || {
                            is_near
                                && matches!(cut(word, after(start), (nth, at)).as_slice(), [Part::Text(text, false)] if !choices(text).is_empty())
                        };
                        if !commas.is_empty() || is_range() {
                            found = Some((std::iter::once(start).chain(commas).collect(), (nth, at)));
                        }
                    }
                    _ => {}
                }
            }
            if open.is_empty() && found.is_some() {
                break;
            }
        }
        let (signs, end) = found?;
        let choices = match signs.as_slice() {
            [start] => match cut(word, after(*start), end).as_slice() {
                [Part::Text(text, _)] => choices(text).iter().map(|choice| vec![Part::known(choice, false)]).collect(),
                _ => return None,
            },
            signs => signs.iter().zip(signs.iter().skip(1).chain([&end])).map(|(from, to)| cut(word, after(*from), *to)).collect(),
        };
        let start = signs.first().copied()?;
        Some(Self { before: cut(word, (0, 0), start), behind: cut(word, after(end), (word.len(), 0)), choices })
    }

    /// The words that the word with these braces stands for.
    fn words(&self) -> impl DoubleEndedIterator<Item = Word> {
        self.choices.iter().map(|choice| {
            let mut word: Word = Vec::new();
            for part in self.before.iter().chain(choice).chain(&self.behind) {
                match (word.last_mut(), part) {
                    (Some(Part::Text(before, false)), Part::Text(text, false)) => before.push(text),
                    _ => word.push(part.clone()),
                }
            }
            word
        })
    }
}

fn after((nth, at): Place) -> Place {
    (nth, at.saturating_add(1))
}

/// The part of a word between two places.
fn cut(word: &Word, (first, from): Place, (last, to): Place) -> Word {
    let parts = word.iter().enumerate().take(last.saturating_add(1)).skip(first);
    let cut = parts.filter_map(|(nth, part)| match part {
        Part::Text(text, false) => {
            let text = text.slice(if nth == first { from } else { 0 }..if nth == last { to } else { text.len() });
            (!text.is_empty()).then_some(Part::Text(text, false))
        }
        part => (nth != last).then(|| part.clone()),
    });
    cut.collect()
}

/// What `1..5` and `a..e..2` stand for.
fn choices(text: &str) -> Vec<String> {
    text.split_once("..").map_or_else(Vec::new, |(from, to)| range(from, to))
}

fn range(from: &str, to: &str) -> Vec<String> {
    let (to, step) = to.split_once("..").map_or((to, 1), |(to, step)| (to, step.parse::<i64>().unwrap_or(1).unsigned_abs().max(1)));
    if let (Ok(a), Ok(b)) = (from.parse::<i64>(), to.parse::<i64>()) {
        let width = if from.starts_with('0') && from.len() > 1 { from.len().min(20) } else { 0 };
        let next = |value: &i64| if a <= b { value.checked_add_unsigned(step) } else { value.checked_sub_unsigned(step) };
        let values = std::iter::successors(Some(a), next).take_while(|value| (a.min(b)..=a.max(b)).contains(value));
        return values.take(100_000).map(|value| format!("{value:0width$}")).collect();
    }
    match (from.as_bytes(), to.as_bytes()) {
        ([a], [b]) if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            let letters = |from: u8, to: u8| (from..=to).step_by(step.min(255) as usize).map(|c| char::from(c).to_string());
            if a <= b { letters(*a, *b).collect() } else { letters(*b, *a).rev().collect() }
        }
        _ => Vec::new(),
    }
}
