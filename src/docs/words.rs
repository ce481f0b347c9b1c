//! The words behind the language of a fence, and the options of a directive.

use std::ops::Range;

use crate::share::{Link, PARAMETERS};

/// A word: its name, its value if it has one, and where that value stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Word<'a> {
    pub name: &'a str,
    pub value: Option<(&'a str, Range<usize>)>,
}

/// The words of the line behind a fence. Blanks or commas separate them; a value may be quoted. Braces around them, and a dot
/// before a word, mean nothing: `{.yaml .flow expect="makespan=2s"}`.
pub fn words(line: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(start) = line[at..].find(|c: char| !is_between(c)).map(|start| at + start) {
        let name_end = line[start..].find(|c| is_between(c) || c == '=').map_or(line.len(), |end| start + end);
        let name = line[start..name_end].trim_start_matches('.');
        let value = line[name_end..].starts_with('=').then(|| value(line, name_end + 1));
        at = value.as_ref().map_or(name_end, |(_, end)| *end);
        words.push(Word { name, value: value.map(|(range, _)| (&line[range.clone()], range)) });
    }
    words
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '{' | '}')
}

/// Where a value stands that begins at a byte, without its quotes, and where it ends with them.
fn value(line: &str, at: usize) -> (Range<usize>, usize) {
    let quote = line[at..].chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => {
            let end = line[at + 1..].find(quote).map_or(line.len(), |end| at + 1 + end);
            (at + 1..end, (end + 1).min(line.len()))
        }
        None => {
            let end = line[at..].find(|c: char| c.is_whitespace() || c == '}').map_or(line.len(), |end| at + end);
            (at..end, end)
        }
    }
}

/// The settings among some named values, and the claim.
pub fn settings<'a>(values: impl Iterator<Item = (&'a str, &'a str)>) -> Link {
    let mut link = Link::default();
    for (name, value) in values {
        if let Some((known, _)) = PARAMETERS.iter().find(|(known, _)| *known == name) {
            link.set(known, value);
        }
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_commas_and_braces_separate_words_and_values_may_be_quoted() {
        let shown = |line: &str| {
            let one = |word: Word| format!("{}{}", word.name, word.value.map(|(value, _)| format!("<{value}>")).unwrap_or_default());
            words(line).into_iter().map(one).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            shown(r#"yaml flow expect="makespan=2s state=SUCCESS" view=slots c='parent:4,inner:2'"#),
            "yaml flow expect<makespan=2s state=SUCCESS> view<slots> c<parent:4,inner:2>"
        );
        assert_eq!(shown("{.yaml .flow expect=makespan=2s;order=t1,t2}"), "yaml flow expect<makespan=2s;order=t1,t2>");
        assert_eq!(shown("yaml,flow"), "yaml flow");
        assert_eq!(shown("yaml title=\"é"), "yaml title<é>");
        assert_eq!(shown("a= b"), "a<> b");
        assert_eq!(shown(""), "");
    }
}
