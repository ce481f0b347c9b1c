//! How much room the values of a text would take, seen before it is read: `serde_yaml` keeps all of a document at once.
//!
//! Marks are counted, not values, so this is a guess: texts in quotes count as if they held values. Block texts do not.

use super::lines::indent_of;
use super::pieces::Pieces;
use crate::pace::give_way;

/// A shorter text never holds too many values.
const SHORT_BYTES: usize = 1 << 20;
/// The bytes that the values of a text may take.
const MOST_BYTES: usize = 400 << 20;

/// The bytes that an entry of a map takes, and an item of a list, about.
const ENTRY: usize = 420;
const ITEM: usize = 300;

/// Whether a text, which may be read in pieces, holds more values than there is room for.
pub(super) fn is_too_heavy(text: &str, pieces: Option<&Pieces>) -> bool {
    let n_marks = || text.bytes().filter(|byte| matches!(byte, b',' | b':' | b'-' | b'?')).count();
    if text.len() < SHORT_BYTES || n_marks().saturating_mul(ENTRY) <= MOST_BYTES {
        return false;
    }
    let all = weight(text);
    let at_once = pieces.map_or(all, |pieces| weight(&pieces.frame));
    // Of what is read in pieces only the values remain.
    at_once.saturating_add(all.saturating_sub(at_once) / 3) > MOST_BYTES
}

/// The bytes that the values of a text take while all of it is read, about.
fn weight(text: &str) -> usize {
    let mut weight = 0_usize;
    // The indent of the line that began a block text.
    let mut block = None;
    for line in text.split_inclusive('\n') {
        give_way();
        let indent = indent_of(line);
        if block.is_some_and(|outer| indent > outer || line.trim().is_empty()) {
            continue;
        }
        block = begins_block(line).then_some(indent);
        weight = weight.saturating_add(of_line(line.get(indent..).unwrap_or_default()));
    }
    weight
}

/// Whether a line ends with `|`, `>-` and the like, and not with a comment.
fn begins_block(line: &str) -> bool {
    let head = line.trim_end().trim_end_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
    head.ends_with(['|', '>']) && !line.contains('#')
}

fn of_line(line: &str) -> usize {
    let is_item = line.starts_with("- ") || line.starts_with("-\n") || line.starts_with("? ");
    let bytes = line.as_bytes();
    let after = bytes.iter().skip(1).copied().chain([b'\n']);
    let before = [b' '].into_iter().chain(bytes.iter().copied());
    let marks = bytes.iter().zip(before).zip(after).map(|((byte, before), after)| match byte {
        b',' => ITEM,
        b':' if matches!(after, b' ' | b'\n' | b'\r') || matches!(before, b'"' | b'\'') => ENTRY,
        _ => 0,
    });
    marks.fold(if is_item { ITEM } else { 0 }, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_and_items_weigh_and_texts_do_not() {
        let weights = ["a: 1\n", "{\"a\":1}\n", "- a\n", "[1,2]\n", "# a\n", "a b c\n"].map(|text| weight(text) > 0);
        assert_eq!(weights, [true, true, true, true, false, false]);
        assert_eq!(weight("a: |\n  b: 1\n\n  - c\n"), weight("a: 1\n"));
        assert_eq!(weight("a: |\n  b: 1\nc: >-\n   d: 1\n"), 2 * weight("a: 1\n"));
        assert_eq!(weight("# |\n  b: 1\n"), weight("a: 1\n"));
    }

    #[test]
    fn a_text_of_a_million_entries_is_too_heavy_unless_it_is_read_in_pieces() {
        assert!(is_too_heavy(&"a: 1\n".repeat(1_000_000), None));
        assert!(!is_too_heavy(&"a: 1\n".repeat(500_000), None));
        let pieces = Pieces { frame: String::new(), lists: Vec::new() };
        assert!(!is_too_heavy(&"- a: 1\n".repeat(1_000_000), Some(&pieces)));
    }
}
