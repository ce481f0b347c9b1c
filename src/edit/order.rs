//! Another order of the tasks of a group.

use super::Edit;
use super::chains::blocks;
use super::proof::proved;
use super::text::node_of;
use crate::flow::{Flow, TaskIdx};
use crate::source::Source;
use crate::syntax::{Document, Node, Value};

/// Puts the tasks of a group into the order of these places, each with its lines and the comments above them; `None` when they
/// stand so already.
///
/// # Errors
/// One sentence that says why not.
pub fn reorder(source: &Source, document: &Document, flow: &Flow, group: TaskIdx, order: &[usize]) -> Result<Option<Edit>, String> {
    if order.iter().enumerate().all(|(n, place)| n == *place) {
        return Ok(None);
    }
    let node = node_of(document, flow, group)?;
    let (tasks, _) = blocks(source, node, &flow.task(group).lists.tasks)?;
    let (Some(first), Some(last)) = (tasks.first(), tasks.last()) else { return Ok(None) };
    let text = order.iter().map(|place| &source.text[tasks[*place].block.clone()]).collect();
    let edit = Edit { range: first.block.start..last.block.end, text };
    let reordered = |node: &mut Node| {
        let Value::Map(entries) = &mut node.value else { return };
        for entry in entries.iter_mut().filter(|entry| &*entry.key == "tasks") {
            if let Value::List(items) = &mut entry.value.value {
                *items = order.iter().filter_map(|place| items.get(*place).cloned()).collect();
            }
        }
    };
    proved(source, document, edit, |edited| edited.differs_by(document, node, &reordered)).map(Some)
}

#[cfg(test)]
mod tests {
    use super::super::text::too_unusual;
    use super::*;
    use crate::flow::read_text;

    fn check(tasks: &str, order: &[usize]) -> String {
        let head = "id: f\nnamespace: n\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n";
        let source = Source::new("flow.yaml", head.to_owned() + tasks);
        let (document, flows, diagnostics) = read_text(&source);
        let flow = flows.first().unwrap_or_else(|| panic!("{diagnostics:#?}"));
        match reorder(&source, &document, flow, TaskIdx(0), order) {
            Ok(Some(edit)) => edit.apply(&source.text)[head.len()..].to_owned(),
            Ok(None) => "as it is".to_owned(),
            Err(why) => why,
        }
    }

    #[test]
    fn tasks_move_with_their_comments() {
        let one = "      # the first\n      - id: a # one\n        type: io.kestra.plugin.core.debug.Return\n";
        let two = "      - {id: b, type: io.kestra.plugin.core.debug.Return}\n";
        assert_eq!(check(&(one.to_owned() + two), &[1, 0]), two.to_owned() + one);
        assert_eq!(check(&(one.to_owned() + two), &[0, 1]), "as it is");
        assert_eq!(
            check(&two.replace("- {", "[{").replace("}\n", "}, {id: c, type: io.kestra.plugin.core.debug.Return}]\n"), &[1, 0]),
            too_unusual()
        );
    }
}
