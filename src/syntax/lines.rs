//! Lines of YAML, as far as they can be distinguished without reading it.

/// A line that is neither empty nor a comment, which may have any indent.
pub(super) struct Line {
    pub indent: usize,
    /// Whether it begins an item of a list.
    pub is_item: bool,
}

impl Line {
    /// A line with its break, if it is one.
    pub fn of(line: &str) -> Option<Self> {
        let indent = indent_of(line);
        let rest = line.get(indent..).unwrap_or_default();
        let is_item = rest.strip_prefix('-').is_some_and(|item| item.starts_with([' ', '\r', '\n']));
        (!rest.starts_with(['\r', '\n', '#']) && !rest.is_empty()).then_some(Self { indent, is_item })
    }
}

/// Whether a line of YAML ends anywhere but before a line feed: then there are lines that are not seen here.
pub(super) fn has_other_breaks(text: &str) -> bool {
    let feeds = |line: &str| line.strip_suffix("\r\n").unwrap_or(line).contains('\r');
    let is_usual = text.bytes().all(|byte| byte.is_ascii() && byte != b'\r');
    !is_usual && (text.contains(['\u{85}', '\u{2028}', '\u{2029}']) || text.split_inclusive('\n').any(feeds))
}

/// Whether a line is a mark between documents, or begins with one.
pub(super) fn is_mark(line: &str) -> bool {
    line.starts_with("---") || line.starts_with("...")
}

/// How many spaces a line begins with.
pub(super) fn indent_of(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b' ').count()
}
