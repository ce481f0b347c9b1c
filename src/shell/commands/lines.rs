//! What takes lines and prints lines: `head`, `tail`, `wc`, `sort`, `uniq`, `rev`, `tac`.

use std::cmp::Ordering;

use super::options::Options;
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn head_or_tail(&mut self, name: &str, arguments: &[Text], io: &Io) -> Flow {
        let options = Options::read(arguments, "nc");
        let Some(input) = self.input_of(name, &options.operands, io) else { return Flow::Next };
        if let Some(n) = options.value('c') {
            let n_chars = n.parse().unwrap_or(0);
            let end = input.char_indices().nth(n_chars).map_or(input.len(), |(at, _)| at);
            self.print(&io.out, &input.slice(0..end));
            return Flow::Next;
        }
        let lines = input.lines();
        let n = options.value('n').and_then(|n| n.parse().ok()).or(options.number()).unwrap_or(10).min(lines.len());
        self.print_lines(io, if name == "head" { &lines[..n] } else { &lines[lines.len() - n..] })
    }

    pub(super) fn wc(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let options = Options::read(arguments, "");
        let Some(input) = self.input_of("wc", &options.operands, io) else { return Flow::Next };
        if self.is_unknown(&input) {
            self.print_line_of(io, Text::unknown("wc"));
            return Flow::Next;
        }
        let counts = [input.lines().len(), input.split_whitespace().count(), input.len()];
        match [('l', 0), ('w', 1), ('c', 2)].into_iter().find(|(flag, _)| options.has(*flag)) {
            Some((_, at)) => self.print_line(&io.out, &counts[at].to_string()),
            None => self.print_line(&io.out, &format!("{:7} {:7} {:7}", counts[0], counts[1], counts[2])),
        }
        Flow::Next
    }

    pub(super) fn sort(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let options = Options::read(arguments, "kt");
        let Some(input) = self.input_of("sort", &options.operands, io) else { return Flow::Next };
        let mut lines = input.lines();
        let number = |line: &str| {
            let digits = line.trim_start().split(|c: char| !(c.is_ascii_digit() || c == '-')).next();
            digits.filter(|_| options.has('n')).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0)
        };
        // Stable within equal numbers. One comparison for both orders: the page would carry another sort for each.
        lines.sort_by(|a, b| number(a).cmp(&number(b)).then_with(|| if options.has('n') { Ordering::Equal } else { str::cmp(a, b) }));
        if options.has('r') {
            lines.reverse();
        }
        if options.has('u') {
            lines.dedup();
        }
        self.print_lines(io, &lines)
    }

    pub(super) fn uniq(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let options = Options::read(arguments, "");
        let Some(input) = self.input_of("uniq", &options.operands, io) else { return Flow::Next };
        let mut counted: Vec<(Text, usize)> = Vec::new();
        for line in input.lines() {
            match counted.last_mut() {
                Some((last, n)) if *last == line => *n += 1,
                _ => counted.push((line, 1)),
            }
        }
        for (line, n) in &mut counted {
            if options.has('c') {
                let mut counted = Text::from(format!("{n:7} "));
                counted.push(line);
                *line = counted;
            }
        }
        self.print_lines(io, counted.iter().map(|(line, _)| line))
    }

    /// `rev` and `tac`.
    pub(super) fn reversed(&mut self, name: &str, arguments: &[Text], io: &Io) -> Flow {
        let Some(input) = self.input_of(name, &Options::read(arguments, "").operands, io) else { return Flow::Next };
        let lines = input.lines();
        if name == "tac" {
            return self.print_lines(io, lines.iter().rev());
        }
        let reverse = |line: &Text| if line.has_unknown() { line.clone() } else { line.chars().rev().collect::<String>().into() };
        self.print_lines(io, &lines.iter().map(reverse).collect::<Vec<_>>())
    }
}
