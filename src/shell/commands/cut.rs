//! `cut`.

use super::options::Options;
use crate::shell::state::{Flow, Io, Shell};
use crate::text::Text;

impl Shell<'_> {
    pub(super) fn cut(&mut self, arguments: &[Text], io: &Io) -> Flow {
        let options = Options::read(arguments, "dfc");
        let Some(input) = self.input_of("cut", &options.operands, io) else { return Flow::Next };
        let (by, by_character) = (options.value('d').map_or("\t", |by| by), options.value('c').is_some());
        if self.is_unknown(&input) {
            let unknown = if by_character { Text::join(&[Text::unknown("cut"), Text::new()], "\n") } else { input };
            self.print(&io.out, &unknown);
            return Flow::Next;
        }
        let fields = options.value('f').or(options.value('c')).map_or("", |fields| fields);
        let lines: String = Iterator::map(str::lines(&input), |line| chosen(line, by, fields, by_character) + "\n").collect();
        self.print(&io.out, &lines.into());
        Flow::Next
    }
}

/// The fields of a line: `1`, `2-`, `1,3`.
fn chosen(line: &str, by: &str, fields: &str, by_character: bool) -> String {
    let parts: Vec<String> =
        if by_character { line.chars().map(String::from).collect() } else { line.split(by).map(str::to_owned).collect() };
    if parts.len() == 1 && !by_character {
        return line.to_owned();
    }
    let wanted = |n: usize| {
        fields.split(',').any(|range| match range.split_once('-') {
            Some((from, to)) => n >= from.parse().unwrap_or(1) && n <= to.parse().unwrap_or(usize::MAX),
            None => range.parse() == Ok(n),
        })
    };
    let chosen: Vec<&str> = parts.iter().enumerate().filter(|(n, _)| wanted(n + 1)).map(|(_, part)| part.as_str()).collect();
    chosen.join(if by_character { "" } else { by })
}
