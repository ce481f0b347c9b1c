use super::super::{link, unlink};
use super::*;
use crate::flow::read_text;

type Change = fn(&Source, &Document, &Flow, TaskIdx, TaskIdx) -> Result<Edit, String>;

fn changed(text: &str, change: Change, from: &str, to: &str) -> Result<String, String> {
    let source = Source::new("flow.yaml", text);
    let (document, flows, diagnostics) = read_text(&source);
    let flow = flows.first().unwrap_or_else(|| panic!("{diagnostics:#?}\n{text}"));
    let find = |id: &str| flow.find(id).expect("it is there");
    change(&source, &document, flow, find(from), find(to)).map(|edit| edit.apply(text))
}

const HEAD: &str =
    "id: f\nnamespace: n\ntasks:\n  - id: g\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 2 # slots\n    tasks:\n";
const TAIL: &str = "  - {id: z, type: io.kestra.plugin.core.debug.Return}\n";

fn tasks(ids: &[&str]) -> String {
    let one = |id: &&str| {
        format!(
            "      # about {id}\n      - id: {id}\n        type: io.kestra.plugin.core.log.Log\n        message: |\n          of\n\n          {id}\n"
        )
    };
    [HEAD, &ids.iter().map(one).collect::<String>(), TAIL].concat()
}

#[test]
fn a_sequential_for_two_tasks_is_removed_when_they_are_unlinked() {
    let text = tasks(&["a", "b", "c"]);
    let linked = changed(&text, link, "a", "c").expect("it can be linked");
    insta::assert_snapshot!(linked, @"
    id: f
    namespace: n
    tasks:
      - id: g
        type: io.kestra.plugin.core.flow.Parallel
        concurrent: 2 # slots
        tasks:
          - id: a-then-c
            type: io.kestra.plugin.core.flow.Sequential
            tasks:
              # about a
              - id: a
                type: io.kestra.plugin.core.log.Log
                message: |
                  of

                  a
              # about c
              - id: c
                type: io.kestra.plugin.core.log.Log
                message: |
                  of

                  c
          # about b
          - id: b
            type: io.kestra.plugin.core.log.Log
            message: |
              of

              b
      - {id: z, type: io.kestra.plugin.core.debug.Return}
    ");
    let alone = changed(&linked, unlink, "a", "c").expect("it can be unlinked");
    assert_eq!(alone, tasks(&["a", "c", "b"]), "c stays where it was put");
}

#[test]
fn chains_grow_at_both_ends_and_are_joined_and_split() {
    let text = tasks(&["a", "b", "c", "d", "e"]);
    let steps: [(Change, &str, &str); 5] = [(link, "b", "c"), (link, "a", "b"), (link, "d", "e"), (link, "c", "d"), (unlink, "b", "c")];
    let mut now = text.clone();
    let mut orders = Vec::new();
    for (change, from, to) in steps {
        now = changed(&now, change, from, to).unwrap_or_else(|why| panic!("{from} to {to}: {why}\n{now}"));
        let flow = read_text(&Source::new("f", now.as_str())).1.remove(0);
        let group = flow.find("g").expect("it is there");
        let ids = |chain: &&[TaskIdx]| chain.iter().map(|idx| flow.task(*idx).id.to_string()).collect::<Vec<_>>().join("-");
        orders.push(chains(&flow, group).iter().map(ids).collect::<Vec<_>>().join(" "));
    }
    assert_eq!(orders, ["a b-c d e", "a-b-c d e", "a-b-c d-e", "a-b-c-d-e", "a-b c-d-e"]);
    assert_eq!(now.matches("# about").count(), 5);
}

#[test]
fn links_that_form_no_chain_become_a_dag_and_cycles_are_named() {
    let linked = changed(&tasks(&["a", "b", "c"]), link, "a", "b").expect("it can be linked");
    assert_eq!(changed(&linked, link, "b", "a"), Err("this would close a cycle: a → b → a".to_owned()));
    assert_eq!(changed(&linked, link, "a", "b"), Err("`b` waits for `a` already".to_owned()));
    assert_eq!(changed(&linked, link, "a", "z"), Err("only tasks of one group can be linked".to_owned()));
    insta::assert_snapshot!(changed(&linked, link, "a", "c").expect("it can be linked"), @"
    id: f
    namespace: n
    tasks:
      - id: g
        type: io.kestra.plugin.core.flow.Dag
        concurrent: 2 # slots
        tasks:
          # about a
          - task:
              id: a
              type: io.kestra.plugin.core.log.Log
              message: |
                of

                a
          # about b
          - task:
              id: b
              type: io.kestra.plugin.core.log.Log
              message: |
                of

                b
            dependsOn: [a]
          # about c
          - task:
              id: c
              type: io.kestra.plugin.core.log.Log
              message: |
                of

                c
            dependsOn: [a]
      - {id: z, type: io.kestra.plugin.core.debug.Return}
    ");
}

#[test]
fn a_sequential_with_other_properties_is_kept() {
    let sequential = "      - id: s\n        type: io.kestra.plugin.core.flow.Sequential\n        timeout: PT1H\n        tasks:\n          - {id: a, type: io.kestra.plugin.core.debug.Return}\n          - {id: b, type: io.kestra.plugin.core.debug.Return}\n      - {id: c, type: io.kestra.plugin.core.debug.Return}\n";
    let text = [HEAD, sequential, TAIL].concat();
    let longer = changed(&text, link, "b", "c").expect("it can be linked");
    assert_eq!(longer, [HEAD, &sequential.replace("      - {id: c", "          - {id: c"), TAIL].concat());
    assert_eq!(changed(&text, link, "s", "c").as_deref(), Ok(&*longer), "a group stands for its last task");
    let why = "the Sequential around this task has `timeout`, which would be lost: change it in the text";
    assert_eq!(changed(&text, unlink, "a", "b"), Err(why.to_owned()));
    assert_eq!(changed(&text, link, "a", "c"), Err(why.to_owned()));
}

#[test]
fn changed_lines_leave_out_what_only_moves() {
    let text = tasks(&["a", "b"]);
    let linked = changed(&text, link, "a", "b").expect("it can be linked");
    let lines = super::super::changed_lines(&text, &Edit::between(&text, &linked));
    assert_eq!(lines, ["+ - id: a-then-b", "+   type: io.kestra.plugin.core.flow.Sequential", "+   tasks:"]);
}

#[test]
fn unusual_texts_are_left_alone() {
    let flow = "id: f\nnamespace: n\ntasks:\n  - {id: g, type: io.kestra.plugin.core.flow.Parallel, tasks: [{id: a, type: io.kestra.plugin.core.debug.Return}, {id: b, type: io.kestra.plugin.core.debug.Return}]}\n";
    assert_eq!(changed(flow, link, "a", "b"), Err(too_unusual()));
    assert_eq!(changed(&tasks(&["a", "b"]).replace('\n', "\r\n"), link, "a", "b"), Err(too_unusual()));
}
