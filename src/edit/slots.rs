//! The slots of a group.

use super::proof::{Proof, proof};
use super::text::{insert_after_type, replace_value, set_number};
use crate::flow::{Flow, TaskIdx};
use crate::source::Source;
use crate::syntax::Document;
use crate::tr;

/// Sets `concurrent` of a group, or `concurrencyLimit` of a ForEach. `None` is "no limit": 0 where the key is written, else
/// no edit is needed.
///
/// A value that is written is replaced. Where the key is absent its line comes after `type:` with the same indent, in flow
/// style after a comma.
///
/// # Errors
/// One sentence that says why a control can't change the text safely.
pub fn set_concurrent(
    source: &Source,
    document: &Document,
    flow: &Flow,
    group: TaskIdx,
    limit: Option<u32>,
) -> Result<Option<Proof>, String> {
    let task = flow.task(group);
    let node = document
        .roots
        .iter()
        .find_map(|root| root.map_at(task.span))
        .ok_or_else(|| tr!("this group is written with an alias: change it in the text"))?;
    let (property, n) = (task.limit_property(), limit.unwrap_or(0));
    let edit = match node.entry(property) {
        Some(entry) => replace_value(source, entry, &n.to_string())?,
        None if limit.is_none() && task.limit() == 0 => return Ok(None),
        None => insert_after_type(source, node, &format!("{property}: {n}"))?,
    };
    if edit.text == source.text[edit.range.clone()] {
        return Ok(None);
    }
    proof(source, document, edit, |edited| edited.differs_by(document, node, &|node| set_number(node, property, n))).map(Some)
}

/// Sets how many executions of a flow may run at once: the `limit` of its `concurrency`, where that is written.
///
/// # Errors
/// One sentence that says why a control can't change the text safely.
pub fn set_queue(source: &Source, document: &Document, flow: &Flow, limit: u32) -> Result<Proof, String> {
    let unwritten = || tr!("the limit of the executions is not written in this flow: change it in the text");
    let root = document.roots.iter().find(|root| root.span == flow.span).ok_or_else(unwritten)?;
    let node = root.get("concurrency").ok_or_else(unwritten)?;
    let edit = replace_value(source, node.entry("limit").ok_or_else(unwritten)?, &limit.to_string())?;
    proof(source, document, edit, |edited| edited.differs_by(document, node, &|node| set_number(node, "limit", limit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Edit;
    use crate::flow::{Version, read_text_for};

    /// The text after setting `concurrent` of `p`, only the lines that differ, or the reason why not.
    fn check(text: &str, limit: Option<u32>) -> String {
        let source = Source::new("flow.yaml", text);
        let (document, flows, diagnostics) = read_text_for(&source, Some(Version::V0_21));
        let flow = flows.first().unwrap_or_else(|| panic!("{diagnostics:#?}"));
        let group = flow.find("p").expect("there is a group `p`");
        match set_concurrent(&source, &document, flow, group, limit) {
            Ok(Some(Proof { edit, edited })) => {
                let after = edit.apply(text);
                assert_eq!(after, *edited.source.text);
                assert_eq!(Edit::between(text, &after).apply(text), after);
                let old: Vec<&str> = text.lines().collect();
                after.lines().filter(|line| !old.contains(line)).collect::<Vec<_>>().join("\n")
            }
            Ok(None) => "no edit".to_owned(),
            Err(why) => why,
        }
    }

    fn block(group: &str) -> String {
        format!("id: f\nnamespace: n\ntasks:\n{group}      - {{id: a, type: io.kestra.plugin.core.debug.Return}}\n")
    }

    #[test]
    fn the_limit_of_executions_is_replaced_where_it_is_written() {
        let check = |concurrency: &str| {
            let text = format!("id: f\nnamespace: n\n{concurrency}tasks:\n  - {{id: a, type: io.kestra.plugin.core.debug.Return}}\n");
            let source = Source::new("flow.yaml", &*text);
            let (document, flows, _) = read_text_for(&source, None);
            let after = set_queue(&source, &document, &flows[0], 3).map(|proof| proof.edited.source.text);
            after.map(|after| after.lines().skip(2).take(2).collect::<Vec<_>>().join("|"))
        };
        assert_eq!(check("concurrency:\n  limit: 1 # one\n"), Ok("concurrency:|  limit: 3 # one".to_owned()));
        assert_eq!(
            check("concurrency: {behavior: QUEUE, limit: 12}\n").as_deref().map(|text| &text[..41]),
            Ok("concurrency: {behavior: QUEUE, limit: 3}|")
        );
        assert!(check("").is_err());
    }

    #[test]
    fn a_value_is_replaced_and_all_else_stays() {
        let text = block("  - id: p # group\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent:   3   # slots\n    tasks:\n");
        assert_eq!(check(&text, Some(6)), "    concurrent:   6   # slots");
        assert_eq!(check(&text, None), "    concurrent:   0   # slots");
        assert_eq!(check(&text, Some(3)), "no edit");
    }

    #[test]
    fn an_absent_key_comes_after_the_type() {
        let text = block("  - id: p\n    type: io.kestra.plugin.core.flow.Parallel # a comment\n    tasks:\n");
        assert_eq!(check(&text, Some(2)), "    concurrent: 2");
        assert_eq!(check(&text, None), "no edit");
        let crlf = text.replace('\n', "\r\n");
        assert_eq!(check(&crlf, Some(2)), "    concurrent: 2");
    }

    #[test]
    fn flow_style_and_empty_values_are_edited_in_place() {
        let inline = "id: f\nnamespace: n\ntasks:\n  - {id: p, type: io.kestra.plugin.core.flow.Parallel, tasks: [{id: a, type: io.kestra.plugin.core.debug.Return}]}\n";
        let expected = "  - {id: p, type: io.kestra.plugin.core.flow.Parallel, concurrent: 2, tasks: [{id: a, type: io.kestra.plugin.core.debug.Return}]}";
        assert_eq!(check(inline, Some(2)), expected);
        let empty = block("  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent:\n    tasks:\n");
        assert_eq!(check(&empty, Some(2)), "    concurrent: 2");
    }

    #[test]
    fn what_is_shared_by_aliases_is_left_alone() {
        let text = block("  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: &n 3\n    timeout: PT1S\n    tasks:\n");
        assert_eq!(check(&text, Some(2)), "    concurrent: &n 2");
        let alias = text.replace("concurrent: &n 3", "concurrent: *n").replace("namespace: n", "namespace: n\nrevision: &n 3");
        assert_eq!(check(&alias, Some(2)), "the value is an alias: change it in the text");
        let shared = text.replace("timeout: PT1S", "timeout: PT1S\n    assets: {key: *n}");
        assert_eq!(check(&shared, Some(2)), "the text around this value is too unusual to change it safely: change it in the text");
    }
}
