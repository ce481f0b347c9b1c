//! What takes lines and prints lines: `head`, `tail`, `wc`, `uniq`, `rev`, `tac`, `nl`, `paste`.

use super::options::{Known, Options};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn head_or_tail(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("n:(lines)c:(bytes)q(quiet)v(verbose)fF(follow)"), false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let is_head = words.first().is_some_and(|name| *name == "head");
        let names = if options.operands.is_empty() { vec!["-".into()] } else { options.operands.clone() };
        let given = options.value('n').or(options.value('c')).map_or_else(|| options.number().unwrap_or(10).to_string(), Text::to_string);
        let Ok(n) = given.trim_start_matches(['+', '-']).parse::<usize>() else {
            return self.fail(io, 1, &format!("{}: invalid number of lines: '{given}'", if is_head { "head" } else { "tail" }));
        };
        let mut is_first = true;
        for file in &names {
            let Some(text) = self.read_or_fail(if is_head { "head" } else { "tail" }, file, io) else { continue };
            if (names.len() > 1 || options.has('v')) && !options.has('q') {
                let name = if *file == "-" { "standard input" } else { file };
                self.print_line(&io.out, &format!("{}==> {name} <==", if is_first { "" } else { "\n" }));
            }
            is_first = false;
            // Where each line, or each character, begins, and the end.
            let starts = |(at, c): (usize, char)| (options.value('c').is_some() || c == '\n').then(|| at.saturating_add(c.len_utf8()));
            let mut ends: Vec<usize> = std::iter::once(0).chain(text.char_indices().filter_map(starts)).collect();
            if ends.last() != Some(&text.len()) {
                ends.push(text.len());
            }
            let last = ends.len().saturating_sub(1);
            let at = match (is_head, given.chars().next()) {
                (true, Some('-')) | (false, Some('0'..='9' | '-')) => last.saturating_sub(n),
                (false, _) => n.saturating_sub(1),
                (true, _) => n,
            };
            let at = ends.get(at.min(last)).copied().unwrap_or(0);
            let text = if is_head { text.slice(0..at) } else { text.slice_from(at) };
            self.print(&io.out, &text);
        }
        Flow::Next
    }

    pub(super) fn wc(&mut self, words: &[Text], io: &Io) -> Flow {
        let options =
            Options::known(words.get(1..).unwrap_or_default(), Known("l(lines)w(words)c(bytes)m(chars)L(max-line-length)"), false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let wanted: Vec<char> = "lwmcL".chars().filter(|flag| options.has(*flag)).collect();
        let wanted = if wanted.is_empty() { vec!['l', 'w', 'c'] } else { wanted };
        let names = if options.operands.is_empty() { vec!["-".into()] } else { options.operands.clone() };
        let is_file = self.state.input.is_file();
        let mut rows: Vec<(Vec<usize>, Text)> = Vec::new();
        let (mut n_all, mut is_unknown) = (0usize, false);
        for file in &names {
            let Some(text) = self.read_or_fail("wc", file, io) else { continue };
            is_unknown |= self.is_unknown(&text);
            n_all = n_all.saturating_add(text.len());
            let count = |flag: &char| match flag {
                'l' => text.matches('\n').count(),
                'w' => text.split_whitespace().count(),
                'm' => text.chars().count(),
                'c' => text.len(),
                _ => str::lines(&text).map(|line| line.chars().count()).max().unwrap_or(0),
            };
            rows.push((wanted.iter().map(count).collect(), file.clone()));
        }
        if is_unknown {
            self.print_line_of(io, Text::unknown("wc"));
            return Flow::Next;
        }
        if names.len() > 1 {
            let sum = |at: usize| rows.iter().filter_map(|(counts, _)| counts.get(at)).fold(0usize, |sum, n| sum.saturating_add(*n));
            rows.push(((0..wanted.len()).map(sum).collect(), "total".into()));
        }
        // As wide as the size of all files; what is no file is taken to be large.
        let width = match wanted.len() {
            1 if names.len() == 1 => 1,
            _ if !is_file && names.iter().any(|name| *name == "-") => 7,
            _ => n_all.to_string().len(),
        };
        for (counts, file) in rows {
            let counts: Vec<String> = counts.iter().map(|n| format!("{n:width$}")).collect();
            let name = if options.operands.is_empty() { String::new() } else { format!(" {file}") };
            self.print_line(&io.out, &(counts.join(" ") + &name));
        }
        Flow::Next
    }

    pub(super) fn uniq(&mut self, words: &[Text], io: &Io) -> Flow {
        let known = Known("c(count)d(repeated)u(unique)i(ignore-case)f:(skip-fields)s:(skip-chars)w:(check-chars)D");
        let options = Options::known(words.get(1..).unwrap_or_default(), known, false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let Some(input) = self.input_of("uniq", options.operands.get(..1).unwrap_or_default(), io) else { return Flow::Next };
        let key = |line: &str| -> String {
            let mut rest = line;
            for _ in 0..options.number_of('f').unwrap_or(0) {
                rest = rest.trim_start_matches([' ', '\t']).trim_start_matches(|c| c != ' ' && c != '\t');
            }
            let skipped = rest.chars().skip(options.number_of('s').unwrap_or(0)).take(options.number_of('w').unwrap_or(usize::MAX));
            skipped.map(|c| if options.has('i') { c.to_ascii_lowercase() } else { c }).collect()
        };
        let mut counted: Vec<(Text, String, Vec<Text>)> = Vec::new();
        for line in input.lines() {
            let of_line = key(&line);
            match counted.last_mut() {
                Some((_, last, more)) if *last == of_line => more.push(line),
                _ => counted.push((line, of_line, Vec::new())),
            }
        }
        let mut out = Vec::new();
        for (line, _, more) in counted {
            let is_repeated = !more.is_empty();
            if (options.has('d') || options.has('D')) && !is_repeated || options.has('u') && is_repeated {
                continue;
            }
            let mut shown = Text::new();
            if options.has('c') {
                shown.push_str(&format!("{:7} ", more.len().saturating_add(1)));
            }
            shown.push(&line);
            out.push(shown);
            if options.has('D') {
                out.extend(more);
            }
        }
        match options.operands.get(1) {
            Some(file) => {
                out.push(Text::new());
                self.write_file(file, Text::join(&out, "\n"));
                Flow::Next
            }
            None => self.print_lines(io, &out),
        }
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

    pub(super) fn nl(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(
            words.get(1..).unwrap_or_default(),
            Known("b:(body-numbering)w:(number-width)s:(number-separator)v:(starting-line-number)i:(line-increment)n:(number-format)"),
            false,
        );
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let Some(input) = self.input_of("nl", &options.operands, io) else { return Flow::Next };
        let (width, by) = (options.number_of('w').unwrap_or(6).min(1000), options.value('s').map_or("\t", |by| by));
        let (mut number, step) = (options.number_of('v').unwrap_or(1), options.number_of('i').unwrap_or(1));
        let shown = |number: usize| match options.value('n').map_or("rn", |format| format) {
            "ln" => format!("{number:<width$}"),
            "rz" => format!("{number:0width$}"),
            _ => format!("{number:width$}"),
        };
        let mut lines = Vec::new();
        for line in input.lines() {
            let is_counted = !line.is_empty() || options.value('b').is_some_and(|which| *which == "a");
            let mut shown =
                Text::from(if is_counted { [shown(number), by.to_owned()].concat() } else { " ".repeat(width.saturating_add(by.len())) });
            number = number.saturating_add(if is_counted { step } else { 0 });
            shown.push(&line);
            lines.push(shown);
        }
        self.print_lines(io, &lines)
    }

    pub(super) fn paste(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("d:(delimiters)s(serial)"), false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let by = options.value('d').map_or_else(|| vec!['\t'], |by| crate::shell::escape::unescape(by).0.chars().collect());
        let names = if options.operands.is_empty() { vec!["-".into()] } else { options.operands.clone() };
        let mut columns: Vec<Vec<Text>> = Vec::new();
        let n_inputs = names.iter().filter(|name| **name == "-").count().max(1);
        let input = if names.iter().any(|name| *name == "-") { self.take_input().lines() } else { Vec::new() };
        let mut nth_input = 0usize;
        for file in &names {
            if *file == "-" {
                columns.push(input.iter().skip(nth_input).step_by(n_inputs).cloned().collect());
                nth_input = nth_input.saturating_add(1);
            } else if let Some(text) = self.read_or_fail("paste", file, io) {
                columns.push(text.lines());
            }
        }
        if !options.has('s') {
            let n_lines = columns.iter().map(Vec::len).max().unwrap_or(0);
            columns = (0..n_lines).map(|nth| columns.iter().map(|column| column.get(nth).cloned().unwrap_or_default()).collect()).collect();
        }
        let lines: Vec<Text> = columns
            .iter()
            .map(|row| {
                let mut line = Text::new();
                for (cell, by) in row.iter().zip(std::iter::once(None).chain(by.iter().map(Some).cycle())) {
                    line.push_str(&by.map_or_else(String::new, char::to_string));
                    line.push(cell);
                }
                line
            })
            .collect();
        self.print_lines(io, &lines)
    }
}
