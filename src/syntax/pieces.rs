//! A long text in pieces: the items of its long lists, some at a time, each of which is read as a text of its own.
//!
//! `serde_yaml` keeps all that happens in a document until its end. In pieces that is no more than what a piece needs, and the page can
//! rest after each. What remains of the text, the *frame*, has an empty text for all items of such a list.
//!
//! Lines are looked at, not YAML: a list that only seems to be one is never met by who reads the frame, and a piece that cuts through a
//! value is no valid YAML, as its value has no end. Whoever reads must then read the text as a whole.

use std::ops::Range;

use super::lines::{Line, has_other_breaks};
use crate::pace::give_way;

/// Whether short texts are cut as well, and read as a whole too to compare: in unit tests, and where any text is tried.
pub(super) const IS_TRIED: bool = cfg!(any(test, fuzzing));

/// A shorter text is read as a whole.
const LONG_TEXT_BYTES: usize = if IS_TRIED { 1 } else { 64 << 10 };
/// A list whose items are shorter than this together stays in the frame.
const LONG_LIST_BYTES: usize = if IS_TRIED { 1 } else { 32 << 10 };
/// A piece ends with the item that makes it as long as this.
const PIECE_BYTES: usize = if IS_TRIED { 40 } else { 8 << 10 };

/// A long text, cut.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pieces {
    /// The text with an empty text in place of all items of each of the lists.
    pub frame: String,
    /// The lists, in order.
    pub lists: Vec<LongList>,
}

/// A list whose items are read in pieces.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LongList {
    /// The first byte of its first item, a hyphen.
    pub start: usize,
    /// The bytes of each piece: whole lines, of which the first begins an item.
    pub pieces: Vec<Range<usize>>,
}

/// A list, by its lines.
struct Found {
    indent: usize,
    /// Where each item begins: the first byte of its line.
    items: Vec<usize>,
    /// The first byte after its last item.
    end: usize,
}

impl Found {
    fn start(&self) -> usize {
        self.items.first().copied().unwrap_or(self.end)
    }
}

/// A long text in pieces; `None` when it is short, or has no long list.
pub(super) fn cut(text: &str) -> Option<Pieces> {
    if text.len() < LONG_TEXT_BYTES { None } else { cut_long(text) }
}

#[inline(never)] // So that it can be fetched later.
fn cut_long(text: &str) -> Option<Pieces> {
    let (mut frame, mut from) = (String::new(), 0);
    let mut cut = Vec::new();
    for list in lists(text)? {
        let start = list.start();
        frame.push_str(text.get(from..start)?);
        frame.extend(std::iter::repeat_n(' ', list.indent));
        frame.push_str("- ''\n");
        cut.push(LongList { start: start.saturating_add(list.indent), pieces: pieces(&list.items, list.end) });
        from = list.end;
    }
    frame.push_str(text.get(from..)?);
    (!cut.is_empty()).then_some(Pieces { frame, lists: cut })
}

/// The long lists, in order. Of one within another, that with more items. `None` where there are lines that are not seen here.
fn lists(text: &str) -> Option<Vec<Found>> {
    let mut open: Vec<Found> = Vec::new();
    let mut found = Vec::new();
    let mut at = 0_usize;
    for line in text.split_inclusive('\n') {
        give_way();
        if has_other_breaks(line) {
            return None;
        }
        if let Some(Line { indent, is_item }) = Line::of(line) {
            while let Some(list) = open.pop_if(|list| list.indent > indent || list.indent == indent && !is_item) {
                close(Found { end: at, ..list }, &mut found);
            }
            if is_item {
                match open.last_mut().filter(|list| list.indent == indent) {
                    Some(list) => list.items.push(at),
                    None => open.push(Found { indent, items: vec![at], end: at }),
                }
            }
        }
        at = at.saturating_add(line.len());
    }
    while let Some(list) = open.pop() {
        close(Found { end: text.len(), ..list }, &mut found);
    }
    Some(found)
}

/// Adds a list that has ended, if it is long, in place of the lists in it; or leaves these, if one of them has as many items.
fn close(list: Found, found: &mut Vec<Found>) {
    let start = list.start();
    if list.end.saturating_sub(start) < LONG_LIST_BYTES {
        return;
    }
    let within = || found.iter().rev().take_while(|inner| inner.start() > start);
    if within().all(|inner| inner.items.len() < list.items.len()) {
        found.truncate(found.len().saturating_sub(within().count()));
        found.push(list);
    }
}

/// Items that begin at these bytes, together in pieces.
fn pieces(items: &[usize], end: usize) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let ends = items.iter().skip(1).copied().chain([end]);
    for (start, end) in items.iter().copied().zip(ends) {
        match pieces.last_mut().filter(|piece| piece.len() < PIECE_BYTES) {
            Some(piece) => piece.end = end,
            None => pieces.push(start..end),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_a_list_become_pieces_and_the_frame_has_an_empty_one() {
        let text =
            "id: a\ntasks:\n  - {id: a, type: a_long_enough_name_here}\n\n  # note\n  - id: b\n    steps:\n      - one\n# end\nlast: 1\n";
        let cut = cut(text).expect("it has a list");
        assert_eq!(cut.frame, "id: a\ntasks:\n  - ''\nlast: 1\n");
        let pieces: Vec<&str> = cut.lists[0].pieces.iter().map(|piece| &text[piece.clone()]).collect();
        assert_eq!(pieces, ["  - {id: a, type: a_long_enough_name_here}\n\n  # note\n", "  - id: b\n    steps:\n      - one\n# end\n"]);
        assert!(text[cut.lists[0].start..].starts_with("- {id: a,"));
    }

    #[test]
    fn of_lists_in_lists_that_with_more_items_is_cut() {
        let of = |text: &str| cut(text).map(|cut| (cut.frame, cut.lists.len()));
        let inner = "- a\n- list:\n    - b\n    - c\n    - d\n- list:\n    - e\n    - f\n";
        assert_eq!(of(inner), Some(("- a\n- list:\n    - ''\n- list:\n    - ''\n".to_owned(), 2)));
        assert_eq!(of(&format!("{inner}- g\n- h\n")), Some(("- ''\n".to_owned(), 1)));
    }
}
