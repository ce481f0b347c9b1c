//! One pass of marked events: where each node and each comment stands, in the order of the text.

use std::collections::HashMap;

use granit_parser::{Event, Parser, Placement, StructureStyle};

use super::Comment;
use crate::source::Span;

/// What the marked pass saw.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The nodes of all documents in order; a collection is opened and closed.
    pub marks: Vec<Mark>,
    /// Where in `marks` each document begins.
    pub documents: Vec<usize>,
    /// All comments.
    pub comments: Vec<Comment>,
}

/// One node, or the end of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub kind: MarkKind,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    Scalar,
    /// An alias of the node whose mark has this index.
    Alias(usize),
    List,
    Map,
    End,
}

/// Reads as far as the text can be understood; what follows a fault has no marks.
pub(super) fn read(text: &str) -> Marks {
    let mut marks = Marks::default();
    let mut anchors = HashMap::new();
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut last_end = 0;
    for event in Parser::new_from_str(text) {
        let Ok((event, at)) = event else { break };
        let Some(bytes) = at.byte_range() else { break };
        let span = Span::new(bytes.start, bytes.end);
        let here = marks.marks.len();
        let (kind, anchor) = match event {
            Event::DocumentStart(..) => {
                marks.documents.push(here);
                continue;
            }
            Event::Comment(comment, placement) => {
                let own_line = placement != Placement::Right;
                marks.comments.push(Comment { span, text: comment.trim().to_owned(), own_line });
                continue;
            }
            Event::Alias(id) => (MarkKind::Alias(anchors.get(&id).copied().unwrap_or(here)), 0),
            Event::Scalar(_, _, anchor, _) => (MarkKind::Scalar, anchor),
            Event::SequenceStart(style, anchor, _) => {
                open.push((here, style == StructureStyle::Flow));
                (MarkKind::List, anchor)
            }
            Event::MappingStart(style, anchor, _) => {
                open.push((here, style == StructureStyle::Flow));
                (MarkKind::Map, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some((opened, flow)) = open.pop() else { break };
                // A block has no mark at its end: it ends where its last node does.
                let end = if flow { bytes.end } else { last_end };
                marks.marks[opened].span = Span::new(marks.marks[opened].span.start as usize, end);
                last_end = end;
                marks.marks.push(Mark { kind: MarkKind::End, span: Span::new(end, end) });
                continue;
            }
            _ => continue,
        };
        if anchor > 0 {
            anchors.insert(anchor, here);
        }
        let span = trim_end(text, span);
        if !span.range().is_empty() {
            last_end = span.range().end;
        }
        marks.marks.push(Mark { kind, span });
    }
    marks
}

/// Block scalars end after their last line break; their text does not.
fn trim_end(text: &str, span: Span) -> Span {
    let slice = text.get(span.range()).unwrap_or("");
    Span::new(span.start as usize, span.start as usize + slice.trim_end_matches(['\n', '\r', ' ']).len())
}
