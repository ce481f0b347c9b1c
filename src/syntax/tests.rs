use super::*;
use crate::diag;

/// The text of every node with its path, or the diagnostics.
fn check(text: &str) -> String {
    let source = Source::new("flow.yaml", text);
    let (document, diagnostics) = parse(&source);
    let mut lines: Vec<String> = diagnostics.iter().map(|found| diag::render(found, &source)).collect();
    for root in &document.roots {
        describe(root, "", &source, &mut lines);
    }
    lines.extend(document.comments.iter().map(|comment| format!("#{} {:?}", if comment.own_line { "" } else { ">" }, comment.text)));
    lines.join("\n")
}

fn describe(node: &Node, path: &str, source: &Source, lines: &mut Vec<String>) {
    let alias = if node.aliased { " (alias)" } else { "" };
    match &node.value {
        Value::List(items) => items.iter().enumerate().for_each(|(n, item)| describe(item, &format!("{path}[{n}]"), source, lines)),
        Value::Map(entries) => entries.iter().for_each(|entry| describe(&entry.value, &format!("{path}.{}", entry.key), source, lines)),
        value => lines.push(format!("{path} = {value:?} from {:?}{alias}", source.slice(node.span))),
    }
}

#[test]
fn every_value_knows_its_place_and_every_comment_is_kept() {
    insta::assert_snapshot!(check("# top\nid: a # right\nlist: [1, 2.50, 'x']\nbase: &b\n  k: yes\nuse: *b\ntext: |\n  two\n  lines\nnone:\n"), @r##"
    .id = Text("a") from "a"
    .list[0] = Int(1) from "1"
    .list[1] = Float(2.5) from "2.50"
    .list[2] = Text("x") from "'x'"
    .base.k = Text("yes") from "yes"
    .use.k = Text("yes") from "*b" (alias)
    .text = Text("two\nlines\n") from "two\n  lines"
    .none = Null from ""
    # "top"
    #> "right"
    "##);
}

#[test]
fn blocks_end_where_their_last_value_ends() {
    let source = Source::new("flow.yaml", "a:\n  b: 1\n  c: {d: 2}\n\n# after\ne: 3\n");
    let (document, _) = parse(&source);
    let a = document.roots[0].get("a").expect("a is there");
    assert_eq!(source.slice(a.span), "b: 1\n  c: {d: 2}");
    assert_eq!(document.roots[0].map_at(a.span), Some(a));
}

#[test]
fn a_text_may_hold_several_documents_and_custom_tags() {
    insta::assert_snapshot!(check("a: 1\n---\nb: !value key\n---\n"), @r#"
    .a = Int(1) from "1"
    .b = Text("key") from "key"
    "#);
}

#[test]
fn misalignment_is_told_on_the_line_that_is_off() {
    insta::assert_snapshot!(check("id: parallel\ntasks:\n  - id: parent\n    type: x.Parallel\n   concurrent: 3\n    tasks:\n      - id: t1\n"), @r"
    error[indentation]: `concurrent` does not line up with the keys beside it
      --> flow.yaml:5:4
    5 |    concurrent: 3
      |    ^^^^^^^^^^ indented by 3 spaces, expected 4
      = help: add one space before `concurrent`
    ");
    insta::assert_snapshot!(check("id: a\n  namespace: b\n"), @r"
    error[indentation]: `namespace` does not line up with the keys beside it
      --> flow.yaml:2:3
    2 |   namespace: b
      |   ^^^^^^^^^ indented by 2 spaces, expected 0
      = help: take 2 spaces away before `namespace`
    ");
}

#[test]
fn hostile_texts_get_one_clear_answer_each() {
    let nested = "[".repeat(10_000);
    let mut bomb = "a0: &a0 [x]\n".to_owned();
    (1..12).for_each(|n| bomb += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", ")));
    let first_lines = |text: &str| check(text).lines().take(2).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(first_lines(""), @r"
    error[empty]: there is no flow in this text
      --> flow.yaml:1:1
    ");
    insta::assert_snapshot!(first_lines("# only a comment\n"), @r"
    error[empty]: there is no flow in this text
      --> flow.yaml:1:1
    ");
    insta::assert_snapshot!(first_lines("id: a\ntasks:\n\t- id: b\n"), @r"
    error[tabs]: line 3 is indented with a tab, YAML wants spaces
      --> flow.yaml:3:1
    ");
    insta::assert_snapshot!(first_lines(&nested), @"
    error[nesting]: this is nested deeper than the 128 levels that are read
      --> flow.yaml:1:129
    ");
    insta::assert_snapshot!(first_lines(&bomb), @"
    error[aliases]: the aliases of this text unfold to far more than is written
      --> flow.yaml:1:1
    ");
    insta::assert_snapshot!(first_lines("a: 1\na: 2\n"), @"
    error[duplicate-field]: Duplicate field 'a'
      --> flow.yaml:2:1
    ");
    insta::assert_snapshot!(first_lines("a: 'open\n"), @"
    error[syntax]: this is not valid YAML: found unexpected end of stream
      --> flow.yaml:1:8
    ");
    insta::assert_snapshot!(first_lines("a: *b\n"), @"
    error[alias]: this alias has no anchor before it
      --> flow.yaml:1:4
    ");
}
