//! What fits lines to a width: `fold`, `column`.

use super::options::{Known, Options};
use crate::shell::Stopped;
use crate::shell::state::{Flow, Io, MOST_BYTES, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn fold(&mut self, words: &[Text], io: &Io) -> Flow {
        let options = Options::known(words.get(1..).unwrap_or_default(), Known("w:(width)s(spaces)b(bytes)"), false);
        if options.has_other {
            return self.not_simulated(words, io);
        }
        let Some(input) = self.input_of("fold", &options.operands, io) else { return Flow::Next };
        let width = options.number_of('w').or(options.number()).unwrap_or(80).max(1);
        let mut lines = Vec::new();
        for line in input.lines() {
            if line.has_unknown() {
                lines.push(line);
                continue;
            }
            let chars: Vec<char> = line.chars().collect();
            let mut rest = chars.as_slice();
            while rest.len() > width {
                let space = rest.iter().take(width).rposition(|c| *c == ' ').filter(|_| options.has('s'));
                let Some((part, behind)) = rest.split_at_checked(space.map_or(width, |at| at.saturating_add(1))) else { break };
                lines.push(part.iter().collect::<String>().into());
                rest = behind;
            }
            lines.push(rest.iter().collect::<String>().into());
        }
        self.print_lines(io, &lines)
    }

    /// `column -t`: each column as wide as its widest cell.
    pub(super) fn column(&mut self, words: &[Text], io: &Io) -> Flow {
        let known = Known("t(table)s:(separator)o:(output-separator)");
        let options = Options::known(words.get(1..).unwrap_or_default(), known, false);
        if options.has_other || !options.has('t') {
            return self.not_simulated(words, io);
        }
        let Some(input) = self.input_of("column", &options.operands, io) else { return Flow::Next };
        if self.is_unknown(&input) {
            self.print(&io.out, &input);
            return Flow::Next;
        }
        let rows: Vec<Vec<&str>> = str::lines(&input)
            .filter(|line| !line.trim().is_empty())
            .map(|line| match options.value('s') {
                Some(by) => line.split(|c| by.contains(c)).collect(),
                None => line.split_whitespace().collect(),
            })
            .collect();
        let mut widths: Vec<usize> = Vec::new();
        for row in &rows {
            for (nth, cell) in row.iter().enumerate() {
                let n = cell.chars().count();
                match widths.get_mut(nth) {
                    Some(width) => *width = n.max(*width),
                    None => widths.push(n),
                }
            }
        }
        // Each row may be as wide as all columns together.
        let width = widths.iter().fold(0usize, |sum, width| sum.saturating_add(*width));
        if width.saturating_mul(rows.len()) > MOST_BYTES {
            return self.stop(Stopped::Steps);
        }
        let between = options.value('o').map_or("  ", |between| between);
        let mut lines = Vec::new();
        for row in &rows {
            let mut line = String::new();
            for (nth, cell) in row.iter().enumerate() {
                line += cell;
                if nth.saturating_add(1) < row.len() {
                    let missing = widths.get(nth).copied().unwrap_or(0).saturating_sub(cell.chars().count());
                    line.extend([&*" ".repeat(missing), between]);
                }
            }
            lines.push(line.into());
        }
        self.print_lines(io, &lines)
    }
}
