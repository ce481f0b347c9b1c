use proptest::prelude::*;

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
    insta::assert_snapshot!(check("# top\nid: a # right\nlist: [1, 2.50, 'x']\nbase: &b\n  k: yes\nuse: *b\ntext: |\n  two\n  lines\nnone:\n"), @r#"
    .id = Text("a") from "a"
    .list[0] = Int(1) from "1"
    .list[1] = Float(2.5) from "2.50"
    .list[2] = Text("x") from "'x'"
    .base.k = Bool(true) from "yes"
    .use.k = Text("yes") from "*b" (alias)
    .text = Text("two\nlines\n") from "|\n  two\n  lines"
    .none = Null from ""
    # "top"
    #> "right"
    "#);
}

#[test]
fn every_line_break_of_yaml_ends_a_comment() {
    for line_break in ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}"] {
        let text = format!("# top{line_break}id: a{line_break}# next{line_break}b: 1");
        assert_eq!(check(&text), ".id = Text(\"a\") from \"a\"\n.b = Int(1) from \"1\"\n# \"top\"\n# \"next\"", "{line_break:?}");
    }
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
fn an_error_at_the_end_of_a_text_marks_a_whole_character() {
    insta::assert_snapshot!(check("{ä"), @"
    error[syntax]: this is not valid YAML: did not find expected ',' or '}'
      --> flow.yaml:1:2
    1 | {ä
      |  ^
      = help: close the map with `}`, and put commas between its entries
    ");
}

#[test]
fn a_text_may_hold_several_documents_and_custom_tags() {
    insta::assert_snapshot!(check("a: 1\n---\nb: !value key\n---\n"), @r#"
    .a = Int(1) from "1"
    .b = Text("key") from "key"
    "#);
}

#[test]
fn a_value_that_is_all_tag_stands_behind_its_tag() {
    let (document, _) = parse(&Source::new("flow.yaml", "a:\n  - !!str\n  - b\nc: !!str # d\n"));
    let entries = document.roots[0].entries();
    let places = [&entries[0].value.items()[0], &entries[0].value.items()[1], &entries[1].value].map(|node| node.span.range());
    assert_eq!(places, [12..12, 17..18, 27..27]);
}

#[test]
fn an_empty_value_is_not_the_first_word_of_the_next_key() {
    let (document, _) = parse(&Source::new("flow.yaml", "a:\n~ b: c\n"));
    let places: Vec<_> = document.roots[0].entries().iter().map(|entry| (entry.key_span.range(), entry.value.span.range())).collect();
    assert_eq!(places, [(0..1, 2..2), (3..6, 8..9)]);
}

#[test]
fn misalignment_is_reported_on_the_line_that_is_off() {
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
      --> flow.yaml:6:10
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

/// A second parser, which is too large for the page, must find the same place for each node.
fn marks(text: &str) -> Vec<(usize, usize)> {
    use granit_parser::{Event, Parser, StructureStyle};
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut last_end = 0;
    for event in Parser::new_from_str(text) {
        let (event, at) = event.expect("both parsers read it");
        let bytes = at.byte_range().expect("it was parsed from a text");
        match event {
            Event::Alias(_) | Event::Scalar(..) => {
                let end = bytes.start + text[bytes.clone()].trim_end().len();
                last_end = if end > bytes.start { end } else { last_end };
                found.push((bytes.start, end));
            }
            Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => {
                open.push((found.len(), style == StructureStyle::Flow));
                found.push((bytes.start, 0));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let (opened, flow) = open.pop().expect("what ends was begun");
                last_end = if flow { bytes.end } else { last_end };
                found[opened].1 = last_end;
            }
            _ => {}
        }
    }
    found
}

fn ours(node: &Node, found: &mut Vec<(usize, usize)>) {
    found.push((node.span.range().start, node.span.range().end));
    if !node.aliased {
        node.items().iter().for_each(|item| ours(item, found));
        for entry in node.entries() {
            found.push((entry.key_span.range().start, entry.key_span.range().end));
            ours(&entry.value, found);
        }
    }
}

/// Compares all places, except for those of empty values and the starts of block texts and lists, where the parsers differ.
fn assert_same_places(text: &str) {
    let source = Source::new("flow.yaml", text);
    let (document, diagnostics) = parse(&source);
    assert!(!diag::has_errors(&diagnostics), "{diagnostics:?} in\n{text}");
    let mut places = Vec::new();
    document.roots.iter().for_each(|root| ours(root, &mut places));
    let theirs = marks(text);
    assert_eq!(places.len(), theirs.len(), "in\n{text}");
    for (ours, theirs) in places.into_iter().zip(theirs).filter(|(_, theirs)| theirs.0 < theirs.1) {
        let starts_elsewhere = text[ours.0..].starts_with(['|', '>', '-']);
        assert!(
            ours == theirs || (starts_elsewhere && ours.1 == theirs.1),
            "{:?} but {:?} in\n{text}",
            &text[ours.0..ours.1],
            &text[theirs.0..theirs.1]
        );
    }
}

#[test]
fn places_agree_with_another_parser_on_the_corners_of_yaml() {
    for text in [
        "a: 1\nb:\n  - x\n  -  y  # c\n  - - 1\n    - 2\nc: {d: [1, 2, {e: f}], 'g': \"h\", i, j: }\n",
        "%YAML 1.2\n---\n# top\na: &x\n  k: v\nb: *x\nc: !t v\n",
        "a: two\n  lines here\nb: \"quo\\\"ted\n  twice\"\nc: 'it''s'\n",
        "a: |\n  one\n   two\n\n  three\nb: >-\n  x\n  y\nc: |+\n  z\n\nd: 1\n",
        "? a\n: 1\n? [b]\n: 2\n".replace("[b]", "b").as_str(),
        "- a: 1\n  b: 2\n-\n  c: 3\n- [a: 1, b]\n- url: http://x.y/z?a=b#c\n- a:b\n- -1\n",
        "a: # comment\n  b: null\n  c: ~\n  d:\n  e: ''\nf: 2024-01-01T00:00:00Z\n",
        "\u{feff}a: 1\nä: ö\n",
        "a: 1\r\nb: |\r\n  x\r\n  y\r\nc: [1,\r\n 2]\r\n",
        "key with blanks : value with blanks\n\"quoted key\": 1\n'other': 2\n{flow: key}: 3\n".replace("{flow: key}", "flow").as_str(),
        "a: 1\n---\nb: 2\n...\n---\n- 3\n",
        "list:\n- a\n- b\nafter: c\n",
        "a: 'x' # one\n# two\nb: [ # three\n  1 ]\n",
        "a: |2\n    deep\n  text\nb: |  # why\n  x\n",
    ] {
        assert_same_places(text);
    }
    crate::examples::EXAMPLES.iter().for_each(|example| assert_same_places(example.text));
}

proptest::proptest! {
    /// Random trees, written in all the ways of YAML.
    #[test]
    fn places_agree_with_another_parser(tree in tree()) {
        assert_same_places(&(tree.block(0).trim_start_matches('\n').to_owned() + "\n"));
    }
}

#[derive(Debug, Clone)]
enum Tree {
    Scalar(&'static str),
    List(Vec<Tree>, bool),
    Map(Vec<Tree>, bool),
}

fn tree() -> impl proptest::strategy::Strategy<Value = Tree> {
    use proptest::prelude::*;
    const SCALARS: &[&str] =
        &["1", "-2.5", "true", "null", "plain", "two words", "'it''s'", "\"q # \\\" q\"", "a:b", "http://x.y/#z", "~", "ü"];
    let leaf = prop::sample::select(SCALARS).prop_map(Tree::Scalar);
    let tree = leaf.prop_recursive(4, 24, 4, |inner| {
        let some = prop::collection::vec(inner, 1..4);
        prop_oneof![
            (some.clone(), any::<bool>()).prop_map(|(items, flow)| Tree::List(items, flow)),
            (some, any::<bool>()).prop_map(|(items, flow)| Tree::Map(items, flow))
        ]
    });
    prop::collection::vec(tree, 1..4).prop_map(|items| Tree::Map(items, false))
}

impl Tree {
    fn block(&self, indent: usize) -> String {
        let pad = " ".repeat(indent);
        match self {
            Self::Scalar(text) => format!(" {text}  # says {text}"),
            Self::List(_, true) | Self::Map(_, true) => format!(" {}", self.flow()),
            Self::List(items, false) => items.iter().map(|item| format!("\n\n{pad}-{}", item.block(indent + 2))).collect(),
            Self::Map(items, false) => {
                items.iter().enumerate().map(|(n, item)| format!("\n{pad}# key {n}\n{pad}k{n}:{}", item.block(indent + 2))).collect()
            }
        }
    }

    fn flow(&self) -> String {
        match self {
            Self::Scalar(text) => (*text).to_owned(),
            Self::List(items, _) => format!("[ {} ]", items.iter().map(Self::flow).collect::<Vec<_>>().join(" , ")),
            Self::Map(items, _) => format!(
                "{{{}}}",
                items.iter().enumerate().map(|(n, item)| format!("\"k{n}\": {}", item.flow())).collect::<Vec<_>>().join(",")
            ),
        }
    }
}

/// Texts of lists of all kinds, also with lines that only look like items.
fn listed() -> impl Strategy<Value = String> {
    let head = prop::sample::select(vec![
        "",
        "a: 1\n",
        "k:\n",
        "k: &x\n",
        "s: |\n",
        "s: 'q\n",
        "k: [\n",
        "---\n",
        "k: !t\n",
        "? k\n",
        "p: text\n",
    ]);
    let line = prop::sample::select(vec![
        "- a",
        "- b: 1",
        "- - c",
        "-",
        "- |",
        "- >+",
        "- 'q",
        "q'",
        "- \"d",
        "d\"",
        "- [1,",
        "2]",
        "- {x: 1}",
        "x: 2",
        "k:",
        "# note",
        "",
        "- &x y",
        "- *x",
        "- !t z",
        "---",
        "...",
        "text",
        "- ? k",
        ": v",
        "- a # note",
        "-\tb",
        "- é\r- f",
        "- k: |2",
        "\u{85}- n",
    ]);
    let lines = prop::collection::vec((0_usize..4, line), 0..14);
    (head, lines)
        .prop_map(|(head, lines)| lines.iter().fold(head.to_owned(), |text, (indent, line)| text + &" ".repeat(2 * indent) + line + "\n"))
}

/// What is put into a text.
const PUT: [&str; 27] = [
    "",
    "x",
    " ",
    "\n",
    "- ",
    "  - b\n",
    "- b\n",
    "k: v\n",
    "  k: v\n",
    ": ",
    "#",
    "# c\n",
    "'",
    "\"",
    "|\n",
    "---\n",
    "...",
    "[",
    "}",
    "é",
    "\r",
    "null",
    "*x",
    "&x ",
    "è",
    "\u{feff}",
    "\u{feff}\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]
    #[test]
    fn a_change_is_read_as_the_whole_text_is(
        text in listed(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..8, prop::sample::select(&PUT[..])), 1..8),
    ) {
        let mut source = Source::new("flow.yaml", text);
        let mut document = parse(&source).0;
        for (at, n_removed, put) in changes {
            let places: Vec<usize> = source.text.char_indices().map(|(at, _)| at).chain([source.text.len()]).collect();
            let n = at.index(places.len());
            let (start, end) = (places[n], places[(n + n_removed).min(places.len() - 1)]);
            let after = Source::new("flow.yaml", [&source.text[..start], put, &source.text[end..]].concat());
            let changed = parse_changed(&source, &document, &after);
            prop_assert_eq!(&changed, &parse(&after));
            (source, document) = (after, changed.0);
        }
    }

    #[test]
    fn pieces_are_read_as_the_whole_text_is(text in listed()) {
        // That both read the same is asserted where they are read.
        let source = Source::new("flow.yaml", text);
        let (document, found) = parse(&source);
        prop_assert!(!document.roots.is_empty() || !found.is_empty());
    }
}

#[test]
fn a_mark_before_a_letter_that_begins_with_the_same_byte_is_no_part_of_it() {
    let [before, after] = ["\u{fffd}:", "\u{feff}\n\u{fffd}:"].map(|text| Source::new("flow.yaml", text));
    let changed = parse_changed(&before, &parse(&before).0, &after);
    assert_eq!(changed, parse(&after));
    assert_eq!(changed.0.roots[0].span.start, 4);
}

#[test]
fn nothing_in_a_list_has_its_place_wherever_a_document_begins() {
    insta::assert_snapshot!(check("---\n- ~\n- a\n-\n---\n-\n- null\n- b: c\n"), @r#"
    [0] = Null from "~"
    [1] = Text("a") from "a"
    [2] = Null from ""
    [0] = Null from ""
    [1] = Null from "null"
    [2].b = Text("c") from "c"
    "#);
}

#[test]
fn texts_that_unfold_and_documents_without_end_are_refused() {
    let code = |text: &str| parse(&Source::new("flow.yaml", text)).1.first().map(|found| found.code);
    let long = format!("a: &a {}\n", "x".repeat(1 << 20));
    let uses = |n: usize| (0..n).map(|nth| format!("b{nth}: *a\n")).collect::<String>();
    assert_eq!(code(&format!("{long}{}", uses(20))), None);
    assert_eq!(code(&format!("{long}{}", uses(40))), Some("aliases"));
    let tags = |n: usize| (0..n).map(|nth| format!("%TAG !e{nth}! tag:x,{nth}:\n")).collect::<String>();
    assert_eq!(code(&format!("{}---\na: b\n", tags(20))), None);
    assert_eq!(code(&format!("{}---\na: b\n", tags(2000))), Some("directives"));
    assert_eq!(code(&"---\n".repeat(100_010)), Some("documents"));
}
