//! The flows in the fenced code blocks of a Markdown text, so that a whole page of docs can be pasted.

use crate::flow::{is_sign, read_text};
use crate::source::Source;

/// A flow in a code block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The id of the flow, when it can be read.
    pub name: Option<String>,
    /// The line of its first line in the Markdown, from 1.
    pub line: usize,
    /// Its text, without the indent of the block.
    pub text: String,
}

/// The flows in the fenced code blocks of a text, in order. Blocks of other languages and blocks without flows are left out; a
/// flow with errors is kept. A block that is never closed ends with the text. Rule: CommonMark, "Fenced code blocks".
#[must_use]
pub fn flows(text: &str) -> Vec<Block> {
    let (mut found, mut open) = (Vec::new(), None::<(Fence<'_>, Block)>);
    for (at, line) in text.split_inclusive('\n').enumerate() {
        match (&mut open, Fence::of(line)) {
            (Some((fence, _)), Some(end)) if end.closes(fence) => found.extend(open.take()),
            (Some((fence, block)), _) => block.text.push_str(without_indent(line, fence.indent)),
            (None, Some(fence)) => open = Some((fence, Block { name: None, line: at + 2, text: String::new() })),
            (None, None) => {}
        }
    }
    found.extend(open);
    found.into_iter().filter(|(fence, _)| fence.may_hold_yaml()).filter_map(|(_, block)| named(block)).collect()
}

/// A line of three or more backticks or tildes.
struct Fence<'a> {
    indent: usize,
    mark: char,
    len: usize,
    info: &'a str,
}

impl<'a> Fence<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let rest = line.trim_start_matches([' ', '\t', '>']);
        let mark = rest.chars().next().filter(|first| matches!(first, '`' | '~'))?;
        let info = rest.trim_start_matches(mark);
        let len = rest.len() - info.len();
        // Backticks around code within a line are not a fence.
        (len >= 3 && !(mark == '`' && info.contains('`'))).then(|| Self { indent: line.len() - rest.len(), mark, len, info: info.trim() })
    }

    fn closes(&self, open: &Fence<'_>) -> bool {
        self.info.is_empty() && self.mark == open.mark && self.len >= open.len
    }

    fn may_hold_yaml(&self) -> bool {
        let language = self.info.split([' ', ',', '{']).next().unwrap_or("");
        ["", "yaml", "yml"].iter().any(|known| language.eq_ignore_ascii_case(known))
    }
}

/// A line without the indent of its block, as far as the line is indented.
fn without_indent(line: &str, indent: usize) -> &str {
    let n_blanks = line.bytes().take(indent).take_while(|byte| matches!(byte, b' ' | b'\t' | b'>')).count();
    &line[n_blanks..]
}

/// The block with the name of its flow; `None` when it holds no flow. A flow with errors is recognized by its lines.
fn named(block: Block) -> Option<Block> {
    let (_, flows, _) = read_text(&Source::new("", &*block.text));
    let line_with = |key: &str| block.text.lines().find_map(|line| line.strip_prefix(key));
    let looks_like_one = || block.text.lines().any(is_sign);
    match flows.first() {
        Some(flow) => Some(Block { name: Some(flow.id.to_string()), ..block }),
        None if looks_like_one() => Some(Block { name: line_with("id:").map(|id| id.trim().to_owned()), ..block }),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = "id: a\nnamespace: n\ntasks:\n  - id: t\n    type: io.kestra.plugin.core.log.Log\n    message: hi\n";

    fn names(text: &str) -> Vec<(String, usize)> {
        flows(text).into_iter().map(|block| (block.name.unwrap_or_default(), block.line)).collect()
    }

    #[test]
    fn a_page_of_docs_gives_its_flows_by_name_and_as_they_are() {
        let text = format!(
            "# Docs\n\n```yaml\n{FLOW}```\n\n```bash\nls\n```\n~~~~ YML title=\"b\"\n{}~~~\n~~~~\n",
            FLOW.replace("id: a", "id: b")
        );
        assert_eq!(names(&text), [("a".to_owned(), 4), ("b".to_owned(), 16)]);
        assert_eq!(flows(&text)[0].text, FLOW);
    }

    #[test]
    fn a_block_in_a_list_or_a_quote_loses_their_indent() {
        for indent in ["   ", "> ", "\t"] {
            let text: String = format!("```yaml\n{FLOW}```\n").split_inclusive('\n').map(|line| format!("{indent}{line}")).collect();
            assert_eq!(flows(&text)[0].text, FLOW, "after {indent:?}");
        }
    }

    #[test]
    fn what_is_no_flow_is_left_out_and_a_flow_with_faults_is_not() {
        assert_eq!(names("```yaml\nservices:\n  db: 1\n```\n"), []);
        assert_eq!(names("```python\ntasks:\n```\n"), []);
        assert_eq!(names("a ```yaml tasks:``` b\n"), []);
        assert_eq!(names("```yaml\nid: broken\ntasks: [\n```\n"), [("broken".to_owned(), 2)]);
        assert_eq!(names(&format!("```yaml\n{FLOW}")), [("a".to_owned(), 2)]);
        let template = include_str!("../examples/release-flat.yaml");
        assert_eq!(names(&format!("```\n{template}```")), [("release-flat".to_owned(), 2)]);
        assert_eq!(names(""), []);
    }
}
