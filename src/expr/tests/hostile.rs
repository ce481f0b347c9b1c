//! Texts that cost too much or make no sense: they are refused, and nothing panics.

use crate::budget::Budget;
use insta::assert_snapshot;
use proptest::prelude::*;

use super::{place, say};
use crate::expr::{check, evaluate, jq, paths, render};
use crate::value::Value;

#[test]
fn what_costs_too_much_is_refused() {
    let of = |text: &str| say(render(text, &place())).chars().take(60).collect::<String>();
    assert_snapshot!(of("{% for a in 1..1000 %}{% for b in 1..1000 %}{{ b }}{% endfor %}{% endfor %}"), @r#"error: more than 1000000 steps ({% for a in 1..1000 %}{% for"#);
    assert_snapshot!(of("{% set a = 'aaaaaaaa' %}{% for i in 1..100 %}{% set a = a ~ a %}{% endfor %}"), @r#"error: a value is too large ({% set a = 'aaaaaaaa' %}{% for"#);
    assert_snapshot!(of("{% set a = [1] %}{% for i in 1..1000 %}{% set a = [a] %}{% endfor %}"), @r#"error: a value is too large ({% set a = [1] %}{% for i in 1."#);
    assert_snapshot!(of("{% set a = [1] %}{% for i in 1..99 %}{% set a = [a, a] %}{% endfor %}"), @r#"error: more than 1000000 steps ({% set a = [1] %}{% for i in"#);
    assert_snapshot!(of(&format!("{{{{ {}1{} }}}}", "(".repeat(1000), ")".repeat(1000))), @r#"error: more than 100 expressions within each other ({{ ((((("#);
    assert_snapshot!(of(&format!("{{{{ {}1 }}}}", "not ".repeat(100_000))), @r#"error: more than 100 expressions within each other ({{ not n"#);
    assert_snapshot!(of(&"{% if true %}".repeat(1000)), @r#"error: more than 100 expressions within each other ({% if tr"#);
    assert_snapshot!(of(&"{% block a %}".repeat(1000)), @r#"error: more than 100 tags within each other ({% block a %}{%"#);
    assert_snapshot!(of(&format!("{{{{ [1] | jq('{}') }}}}", "[".repeat(10_000))), @"error: Unable to parse jq value '[1]' with type 'java.util.A");
    assert_eq!(of(&format!("{{{{ 0{} }}}}", " + 1".repeat(10_000))), "10000");
}

#[test]
fn deep_jq_programs_are_refused() {
    let run = |program: &str| jq::filter(&Value::Int(1), &[Some(Value::text(program))], &Budget::default()).is_ok();
    for deep in ["try ", "(", "[", "1 // ", "1 | ", "1 as $x | ", "reduce ", "if 1 then 1 elif ", "def f: 1; ", "\"\\("] {
        assert!(!run(&deep.repeat(100_000)), "{deep}");
        assert!(!run(&(deep.repeat(100_000) + "1")), "{deep}");
    }
    assert!(run(&("(".repeat(50) + "1" + &")".repeat(50))));
}

#[test]
fn parts_of_long_lists_are_changed_in_place() {
    let of = |program: &str| say(render(&format!("{{{{ [1] | jq('{program}') }}}}"), &place()));
    assert_eq!(of("[range(50000)] | .[] |= . + 1 | add"), "[1250025000]");
    assert_eq!(of("[range(50000)] | .[7] = null | .[7].a[2] = 1 | .[7]"), of("null | .a[2] = 1"));
    assert_eq!(of("[range(50000)] | del(.[range(1; 50000)])"), "[[0]]");
    assert_eq!(of("[1, [2, 3]] as $x | ($x | .[1][0] = 9), $x"), "[[1,[9,3]],[1,[2,3]]]");
    assert_eq!(of("[1, {\"a\": 2, \"b\": 3}] | del(.[1].a, .[5], .[1].c.d)"), "[[1,{\"b\":3}]]");
}

#[test]
fn comparing_each_item_of_two_long_lists_costs_what_it_takes() {
    let of = |text: &str| say(render(text, &place())).chars().take(30).collect::<String>();
    assert_eq!(of("{{ (range(1, 1000) - range(2, 1000)) | length }} {{ range(1, 100) contains range(1, 100) }}"), "1 true");
    assert_eq!(of("{{ range(1, 90000) contains range(1, 90000) }}"), "error: more than 1000000 steps");
}

proptest! {
    /// Whatever a jq program says, it is refused or run.
    #[test]
    fn no_jq_program_makes_it_panic(program in r#"(\PC|[\[\]{}()"|,.:;$#@?/\\ -]|\\\(|#\n|"•|\\•|\.[a-z]|[0-9.e+]+|def f: |try |reduce |foreach | as |if |then |else |elif |end|limit\()*"#) {
        let _ = jq::filter(&Value::text("{\"a\": [1, \"•é\"]}"), &[Some(Value::text(&program))], &Budget::default());
    }

    /// Whatever a text says, it is refused or printed.
    #[test]
    fn no_text_makes_it_panic(text in r#"(\PC|[{}%#\-'"| ]|\{\{|\}\}|\{% (if|for|set|endif|endfor|raw|endraw) |%\}|inputs\.|[0-9.]+| \?\? | ~ |[a-z]+\()*"#) {
        let _ = render(&text, &place());
        let _ = evaluate(&text, &place());
        let _ = (check(&text), paths(&text));
    }
}
