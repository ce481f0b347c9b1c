//! What compares files line by line: `diff`, `cmp`, `comm`, `join`.

use std::cmp::Ordering;

use super::options::{Known, Options};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    /// The texts of two files; the command ends with 2 when one is missing.
    fn two_files(&mut self, name: &str, files: &[Text], io: &Io) -> Option<(Text, Text)> {
        let [first, second, ..] = files else {
            self.fail(io, 2, &format!("{name}: missing operand"));
            return None;
        };
        let texts = (self.read_or_fail(name, first, io), self.read_or_fail(name, second, io));
        let (Some(first), Some(second)) = texts else {
            self.state.status = if name == "comm" || name == "join" { 1 } else { 2 };
            return None;
        };
        Some((first, second))
    }

    pub(super) fn diff(&mut self, words: &[Text], io: &Io) -> Flow {
        let name = words.first().map_or("diff", |name| name);
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("q(brief)s(silent)(quiet)"), false);
        if options.has_other || options.operands.iter().any(|file| self.is_directory(file)) {
            return self.not_simulated(words, io);
        }
        let Some((first, second)) = self.two_files(name, &options.operands, io) else { return Flow::Next };
        // What is unknown is taken to be equal.
        if first == second || self.is_unknown(&first) || self.is_unknown(&second) {
            return Flow::Next;
        }
        self.state.status = 1;
        let names = Text::join(options.operands.get(..2).unwrap_or_default(), if name == "cmp" { " " } else { " and " });
        if name == "cmp" {
            let at = first.bytes().zip(second.bytes()).position(|(a, b)| a != b);
            if let (Some(at), false) = (at, options.has('s')) {
                let line = first.bytes().take(at).filter(|byte| *byte == b'\n').count().saturating_add(1);
                self.print_line(&io.out, &format!("{names} differ: byte {}, line {line}", at.saturating_add(1)));
            }
            return Flow::Next;
        }
        if options.has('q') {
            self.print_line(&io.out, &format!("Files {names} differ"));
            return Flow::Next;
        }
        let (a, b): (Vec<&str>, Vec<&str>) = (str::lines(&first).collect(), str::lines(&second).collect());
        if !self.steps(a.len().saturating_mul(b.len()) / 16) {
            return Flow::Stop;
        }
        self.print(&io.out, &changes(&a, &b).into());
        Flow::Next
    }

    pub(super) fn comm(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), Known(""), false);
        let is_hidden = |column: char| options.has(column);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let Some((first, second)) = self.two_files("comm", &options.operands, io) else { return Flow::Next };
        let indent = |columns: &str| columns.chars().filter(|column| !is_hidden(*column)).map(|_| '\t').collect::<String>();
        let mut out = String::new();
        let (mut a, mut b) = (str::lines(&first).peekable(), str::lines(&second).peekable());
        loop {
            let order = match (a.peek(), b.peek()) {
                (Some(a), Some(b)) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let line = if order.is_le() { a.next() } else { None };
            let line = if order.is_ge() { b.next() } else { line };
            let (column, before) = match order {
                Ordering::Less => ('1', ""),
                Ordering::Greater => ('2', "1"),
                Ordering::Equal => ('3', "12"),
            };
            if !is_hidden(column) {
                out.extend([&*indent(before), line.unwrap_or(""), "\n"]);
            }
        }
        self.print(&io.out, &out.into());
        Flow::Next
    }

    pub(super) fn join(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("t:1:2:j:a:v:o:"), false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let Some((first, second)) = self.two_files("join", &options.operands, io) else { return Flow::Next };
        let by = options.value('t').map_or(" ", |by| by);
        let field = |flag: char| options.number_of(flag).or(options.number_of('j')).unwrap_or(1).saturating_sub(1);
        let read = |text: &Text, key: usize| -> Vec<(String, Vec<String>)> {
            let fields = |line: &str| -> Vec<String> {
                if by == " " { line.split_whitespace().map(str::to_owned).collect() } else { line.split(by).map(str::to_owned).collect() }
            };
            str::lines(text).map(fields).map(|fields| (fields.get(key).cloned().unwrap_or_default(), fields)).collect()
        };
        let (key_a, key_b) = (field('1'), field('2'));
        let (a, b) = (read(&first, key_a), read(&second, key_b));
        if !self.steps(a.len().saturating_mul(b.len()) / 16) {
            return Flow::Stop;
        }
        let shown = |key: &str, a: Option<&Vec<String>>, b: Option<&Vec<String>>| -> String {
            let chosen: Vec<String> = match options.value('o') {
                Some(list) => str::split(list, [',', ' '])
                    .map(|place| match place.split_once('.') {
                        Some((file, nth)) => {
                            let nth = nth.parse::<usize>().unwrap_or(1).saturating_sub(1);
                            if file == "1" { a } else { b }.and_then(|fields| fields.get(nth)).cloned().unwrap_or_default()
                        }
                        None => key.to_owned(),
                    })
                    .collect(),
                None => {
                    let others = |fields: Option<&Vec<String>>, key: usize| -> Vec<String> {
                        fields.into_iter().flatten().enumerate().filter(|(nth, _)| *nth != key).map(|(_, field)| field.clone()).collect()
                    };
                    [vec![key.to_owned()], others(a, key_a), others(b, key_b)].concat()
                }
            };
            chosen.join(by) + "\n"
        };
        let wants = |flag: char, file: &str| options.values_of(flag).any(|value| *value == file);
        let pairs = options.values_of('v').next().is_none();
        let mut out = String::new();
        let mut rest = b.iter().peekable();
        for (key, fields) in &a {
            while let Some((other, more)) = rest.next_if(|(other, _)| other < key) {
                let is_alone = !a.iter().any(|(known, _)| known == other);
                if is_alone && (wants('a', "2") || wants('v', "2")) {
                    out += &shown(other, None, Some(more));
                }
            }
            let mut is_alone = true;
            for (_, more) in b.iter().filter(|(other, _)| other == key) {
                is_alone = false;
                if pairs {
                    out += &shown(key, Some(fields), Some(more));
                }
            }
            if is_alone && (wants('a', "1") || wants('v', "1")) {
                out += &shown(key, Some(fields), None);
            }
        }
        for (other, more) in rest.filter(|(other, _)| !a.iter().any(|(known, _)| known == other)) {
            if wants('a', "2") || wants('v', "2") {
                out += &shown(other, None, Some(more));
            }
        }
        self.print(&io.out, &out.into());
        Flow::Next
    }
}

/// What `diff` says of lines that differ.
fn changes(a: &[&str], b: &[&str]) -> String {
    // How many lines are the same from each place on, by the longest way.
    let width = b.len().saturating_add(1);
    let mut same = vec![0u32; a.len().saturating_add(1).saturating_mul(width)];
    let at = |i: usize, j: usize| i.saturating_mul(width).saturating_add(j);
    let of = |same: &[u32], i: usize, j: usize| same.get(at(i, j)).copied().unwrap_or(0);
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let next = |i: usize, j: usize| of(&same, i.saturating_add(1), j.saturating_add(1));
            let n = if a.get(i) == b.get(j) {
                next(i, j).saturating_add(1)
            } else {
                of(&same, i.saturating_add(1), j).max(of(&same, i, j.saturating_add(1)))
            };
            same.get_mut(at(i, j)).into_iter().for_each(|place| *place = n);
        }
    }
    let (mut i, mut j, mut out) = (0usize, 0usize, String::new());
    while i < a.len() || j < b.len() {
        if a.get(i).is_some() && a.get(i) == b.get(j) {
            (i, j) = (i.saturating_add(1), j.saturating_add(1));
            continue;
        }
        let (from_a, from_b) = (i, j);
        while (i < a.len() || j < b.len()) && (a.get(i) != b.get(j) || a.get(i).is_none()) {
            let takes_first = i < a.len() && (j >= b.len() || of(&same, i.saturating_add(1), j) >= of(&same, i, j.saturating_add(1)));
            if takes_first { i = i.saturating_add(1) } else { j = j.saturating_add(1) }
        }
        let range = |from: usize, to: usize| match to.saturating_sub(from) {
            0 | 1 => to.max(from).to_string(),
            _ => format!("{},{to}", from.saturating_add(1)),
        };
        let kind = if i == from_a {
            'a'
        } else if j == from_b {
            'd'
        } else {
            'c'
        };
        out += &format!("{}{kind}{}\n", range(from_a, i), range(from_b, j));
        a.get(from_a..i).into_iter().flatten().for_each(|line| out.extend(["< ", *line, "\n"]));
        if kind == 'c' {
            out += "---\n";
        }
        b.get(from_b..j).into_iter().flatten().for_each(|line| out.extend(["> ", *line, "\n"]));
    }
    out
}
