//! `cut`.

use super::options::{Known, Options};
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

const KNOWN: Known = Known("d:(delimiter)f:(fields)c:(characters)b:(bytes)s(only-delimited)C(complement)O:(output-delimiter)n");

impl Shell<'_> {
    pub(super) fn cut(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), KNOWN, false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let characters = options.value('c').or(options.value('b'));
        let Some(list) = options.value('f').or(characters) else {
            return self.fail(io, 1, "cut: you must specify a list of bytes, characters, or fields");
        };
        let Some(ranges) = ranges(list) else { return self.fail(io, 1, &format!("cut: invalid field value '{list}'")) };
        let by = options.value('d').map_or("\t", |by| by);
        if by.chars().count() > 1 {
            return self.fail(io, 1, "cut: the delimiter must be a single character");
        }
        let Some(input) = self.input_of("cut", &options.operands, io) else { return Flow::Next };
        if self.is_unknown(&input) {
            let unknown = if characters.is_some() { Text::join(&[Text::unknown("cut"), Text::new()], "\n") } else { input };
            self.print(&io.out, &unknown);
            return Flow::Next;
        }
        let is_in = |n: usize| ranges.get(ranges.partition_point(|(_, to)| *to < n)).is_some_and(|(from, _)| *from <= n);
        let is_wanted = |n: usize| is_in(n) != options.has('C');
        let mut out = String::new();
        for line in str::lines(&input) {
            let (parts, between): (Vec<&str>, &str) = if characters.is_some() {
                (line.split("").filter(|part| !part.is_empty()).collect(), "")
            } else {
                (line.split(by).collect(), by)
            };
            if parts.len() == 1 && characters.is_none() {
                if !options.has('s') {
                    out.extend([line, "\n"]);
                }
                continue;
            }
            let between = options.value('O').map_or(between, |between| between);
            let chosen = parts.iter().zip(1usize..).filter(|(_, n)| is_wanted(*n));
            let mut last: Option<usize> = None;
            for (part, n) in chosen {
                // Characters that follow each other have nothing between them.
                if last.is_some_and(|last| characters.is_none() || last.saturating_add(1) < n) {
                    out += between;
                }
                out += part;
                last = Some(n);
            }
            out.push('\n');
        }
        self.print(&io.out, &out.into());
        Flow::Next
    }
}

/// `1`, `2-`, `-3`, `1,3-5`: in order, and apart.
fn ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    let number = |text: &str| text.parse::<usize>().ok().filter(|n| *n > 0);
    let range = |range: &str| match range.split_once('-') {
        Some(("", "")) => None,
        Some(("", to)) => Some((1, number(to)?)),
        Some((from, "")) => Some((number(from)?, usize::MAX)),
        Some((from, to)) => Some((number(from)?, number(to)?)).filter(|(from, to)| from <= to),
        None => number(range).map(|n| (n, n)),
    };
    let mut all: Vec<(usize, usize)> = list.split([',', ' ']).map(range).collect::<Option<_>>()?;
    all.sort_unstable();
    let mut apart: Vec<(usize, usize)> = Vec::new();
    for (from, to) in all {
        match apart.last_mut().filter(|(_, last)| from <= *last) {
            Some((_, last)) => *last = to.max(*last),
            None => apart.push((from, to)),
        }
    }
    Some(apart)
}
