//! Literals, values that are not known, and how a value is printed or taken for true.

use insta::assert_snapshot;

use super::{check, check_bare, place};
use crate::expr::{evaluate, render_value, truth};
use crate::value::Value;

#[test]
fn literals() {
    assert_snapshot!(check_bare(r##"
        'a "b" \' c'
        "a 'b' \" c"
        "1 #{1 + 1} #{inputs.name ~ "!"} #"
        12
        12L
        1.50
        99999999999999999999
        true
        FALSE
        null
        none
        [1, 'a', [true, null]]
        {'k': 1, "l": {'m': []}}
        []
        {}
    "##), @r#"
    'a "b" ' c' => a "b" ' c
    "a 'b' " c" => a 'b' " c
    "1 #{1 + 1} #{inputs.name ~ "!"} #" => 1 2 Ada! #
    12 => 12
    12L => 12
    1.50 => 1.5
    99999999999999999999 => error: For input string: "99999999999999999999" (…:1)
    true => true
    FALSE => false
    null => 
    none => 
    [1, 'a', [true, null]] => [1,"a",[true,null]]
    {'k': 1, "l": {'m': []}} => {"l":{"m":[]},"k":1}
    [] => []
    {} => {}
    "#);
}

#[test]
fn printing() {
    assert_snapshot!(check(r##"
        {{ inputs.list }} {{ inputs.map }} {{ [] }} {{ {} }}
        {{ inputs.none }}|{{ inputs.yes }}|{{ inputs.half }}|{{ 2.0 }}
        {{ execution.startDate }}
        {{ [execution.startDate, null, 'a"b'] }}
        {{ '<b>' }}
        {{ vars.greeting }}
    "##), @r#"
    {{ inputs.list }} {{ inputs.map }} {{ [] }} {{ {} }} => [3,1,2] {"b":1,"a":{"c":[true]}} [] {}
    {{ inputs.none }}|{{ inputs.yes }}|{{ inputs.half }}|{{ 2.0 }} => |true|0.5|2.0
    {{ execution.startDate }} => 2024-01-01T00:00:00.123Z
    {{ [execution.startDate, null, 'a"b'] }} => ["2024-01-01T00:00:00.123Z",null,"a\\"b"]
    {{ '<b>' }} => <b>
    {{ vars.greeting }} => Hi {{ inputs.name }}
    "#);
}

#[test]
fn unknown_values() {
    assert_snapshot!(check(r##"
        {{ outputs.query }}
        a {{ outputs.query.rows }} b
        {{ outputs.query.rows[0].name }} {{ outputs.query['x-y'] }}
        {{ outputs.query.size + 1 }}
        {{ outputs.query.rows | upper | length }}
        {{ [1] | join(outputs.query.by) }}
        {{ outputs.query.n + 1 }} {{ 1 == outputs.query.n }} {{ not outputs.query.n }} {{ -outputs.query.n }}
        {{ 'a' ~ outputs.query.n ~ 'b' }} {{ 'a' + outputs.query.n }}
        {{ "x #{outputs.query.n} y" }}
        {{ outputs.query.n ?? 'd' }} {{ outputs.query.n | default('d') }}
        {{ outputs.query.n ? 'a' : nope }} {% if outputs.query.n %}a{% else %}b{% endif %}
        {{ outputs.query.n is defined }} {{ outputs.query.n is even }}
        {{ true and outputs.query.n }} {{ false and outputs.query.n }} {{ outputs.query.n or true }}
        {% for row in outputs.query.rows %}{{ row.id }} {% endfor %}
        {{ outputs.mixed }}
        {{ outputs.mixed | length }} {{ outputs.mixed | first }} {{ outputs.mixed | join('-') }}
        {{ outputs.mixed contains 1 }} {{ outputs.mixed contains 2 }}
        {{ outputs.each[outputs.query.key].value }}
        {{ outputs.query.rows.size() }} {{ max(1, outputs.query.n) }}
        {{ secret('X') }} {{ secret('KNOWN') + 1 }} {{ kv('k') | upper }} {{ read(outputs.query.uri) }} {{ fileSize('kestra:///a') }}
        {{ render(outputs.query.text) }} {{ 1..outputs.query.n }}
    "##), @r#"
    {{ outputs.query }} => ⟨outputs.query⟩ (unknown: outputs.query)
    a {{ outputs.query.rows }} b => a ⟨outputs.query.rows⟩ b (unknown: outputs.query.rows)
    {{ outputs.query.rows[0].name }} {{ outputs.query['x-y'] }} => ⟨outputs.query.rows[0].name⟩ ⟨outputs.query.x-y⟩ (unknown: outputs.query.rows[0].name)
    {{ outputs.query.size + 1 }} => 8
    {{ outputs.query.rows | upper | length }} => ⟨outputs.query.rows⟩ (unknown: outputs.query.rows)
    {{ [1] | join(outputs.query.by) }} => ⟨outputs.query.by⟩ (unknown: outputs.query.by)
    {{ outputs.query.n + 1 }} {{ 1 == outputs.query.n }} {{ not outputs.query.n }} {{ -outputs.query.n }} => ⟨outputs.query.n⟩ ⟨outputs.query.n⟩ ⟨outputs.query.n⟩ ⟨outputs.query.n⟩ (unknown: outputs.query.n)
    {{ 'a' ~ outputs.query.n ~ 'b' }} {{ 'a' + outputs.query.n }} => a⟨outputs.query.n⟩b a⟨outputs.query.n⟩ (unknown: outputs.query.n)
    {{ "x #{outputs.query.n} y" }} => x ⟨outputs.query.n⟩ y (unknown: outputs.query.n)
    {{ outputs.query.n ?? 'd' }} {{ outputs.query.n | default('d') }} => ⟨outputs.query.n⟩ ⟨outputs.query.n⟩ (unknown: outputs.query.n)
    {{ outputs.query.n ? 'a' : nope }} {% if outputs.query.n %}a{% else %}b{% endif %} => a a
    {{ outputs.query.n is defined }} {{ outputs.query.n is even }} => true ⟨outputs.query.n⟩ (unknown: outputs.query.n)
    {{ true and outputs.query.n }} {{ false and outputs.query.n }} {{ outputs.query.n or true }} => ⟨outputs.query.n⟩ false ⟨outputs.query.n⟩ (unknown: outputs.query.n)
    {% for row in outputs.query.rows %}{{ row.id }} {% endfor %} => ⟨outputs.query.rows[0].id⟩ ⟨outputs.query.rows[1].id⟩ ⟨outputs.query.rows[2].id⟩  (unknown: outputs.query.rows[0].id)
    {{ outputs.mixed }} => [1,"⟨outputs.mixed[1]⟩"] (unknown: outputs.mixed[1])
    {{ outputs.mixed | length }} {{ outputs.mixed | first }} {{ outputs.mixed | join('-') }} => 2 1 1-⟨outputs.mixed[1]⟩ (unknown: outputs.mixed[1])
    {{ outputs.mixed contains 1 }} {{ outputs.mixed contains 2 }} => true ⟨outputs.mixed[1]⟩ (unknown: outputs.mixed[1])
    {{ outputs.each[outputs.query.key].value }} => ⟨outputs.query.key.value⟩ (unknown: outputs.query.key.value)
    {{ outputs.query.rows.size() }} {{ max(1, outputs.query.n) }} => ⟨outputs.query.rows⟩ ⟨outputs.query.n⟩ (unknown: outputs.query.rows)
    {{ secret('X') }} {{ secret('KNOWN') + 1 }} {{ kv('k') | upper }} {{ read(outputs.query.uri) }} {{ fileSize('kestra:///a') }} => ⟨secret('X')⟩ 8 ⟨kv('k')⟩ ⟨read(outputs.query.uri)⟩ ⟨fileSize('kestra:///a')⟩ (unknown: secret('X'))
    {{ render(outputs.query.text) }} {{ 1..outputs.query.n }} => ⟨outputs.query.text⟩ ⟨outputs.query.n⟩ (unknown: outputs.query.text)
    "#);
}

#[test]
fn one_expression_alone_keeps_its_type() {
    let of = |text: &str| evaluate(text, &place()).map(|value| value.to_json());
    for (text, json) in [
        ("{{ inputs.list }}", "[3,1,2]"),
        (" {{ inputs.n + 1 }}\n", "4"),
        ("{{ inputs.none }}", "null"),
        ("{{ 'a' }} ", r#""a ""#),
        ("a{{ inputs.list }}", r#""a[3,1,2]""#),
        ("{{ 1 }}{{ 2 }}", r#""12""#),
        ("plain", r#""plain""#),
        ("{{ outputs.query }}", r#""⟨outputs.query⟩""#),
    ] {
        assert_eq!(of(text).as_deref(), Ok(json), "{text}");
    }
    assert!(of("{{ nope }}").is_err() && of("{{ 1").is_err());
}

#[test]
fn all_texts_of_a_value_are_rendered() {
    let value = Value::from_json(r#"{"{{ task.id }}": ["{{ inputs.n }}", 1, {"a": "{{ inputs.list }}"}], "log": 2}"#).unwrap_or_default();
    assert_eq!(render_value(&value, &place()).map(|value| value.to_json()).as_deref(), Ok(r#"{"log":["3",1,{"a":"[3,1,2]"}]}"#));
    assert!(render_value(&Value::list([Value::text("{{ nope }}")]), &place()).is_err());
}

#[test]
fn only_four_texts_and_nothing_are_false() {
    for text in ["", "0", "-0", "false"] {
        assert_eq!(truth(&Value::text(text)), Some(false));
    }
    for text in ["no", "null", "0.0", " ", "False", "true"] {
        assert_eq!(truth(&Value::text(text)), Some(true));
    }
    assert_eq!([Value::Null, Value::Int(0), Value::Bool(false)].map(|value| truth(&value)), [Some(false); 3]);
    assert_eq!([Value::Int(1), Value::list([]), Value::Bool(true)].map(|value| truth(&value)), [Some(true); 3]);
    assert_eq!(truth(&Value::unknown("x")), None);
}

#[test]
fn an_entry_of_a_map_is_no_map() {
    assert_snapshot!(check(r"
        {% for e in {'s': 1} %}{{ e }} {{ e.key }} {{ e.value }} {{ e | toJson }} {{ e | jq('.') }} {{ e ~ '' }}{% endfor %}
        {% for e in {'s': {'b': 1}} %}{{ e }}{% endfor %}
        {% for e in {'s': 1} %}{{ e | keys }}{% endfor %}
        {% for e in {'s': outputs.query} %}{{ e }}{% endfor %}
        {{ {'s': 1, 't': 2} | first }}
    "), @r#"
    {% for e in {'s': 1} %}{{ e }} {{ e.key }} {{ e.value }} {{ e | toJson }} {{ e | jq('.') }} {{ e ~ '' }}{% endfor %} => s=1 s 1 {"s":1} [{"s":1}] s=1
    {% for e in {'s': {'b': 1}} %}{{ e }}{% endfor %} => s={b=1}
    {% for e in {'s': 1} %}{{ e | keys }}{% endfor %} => error: 'keys' filter can only be applied to List, Map, Array. Actual type was: java.util.HashMap$Node ({% for e in {'s': 1} %}{{ e | keys }}{% endfor %}:1)
    {% for e in {'s': outputs.query} %}{{ e }}{% endfor %} => s=⟨outputs.query⟩ (unknown: outputs.query)
    {{ {'s': 1, 't': 2} | first }} => t=2
    "#);
}

#[test]
fn a_map_that_is_written_out_has_places_by_its_size() {
    assert_snapshot!(check(r"
        {{ {'s': 1} }}
        {{ {'s': 1, 't': 2} }}
        {{ {'s': 1, 't': 2, 'u': 3, 'v': 4} | keys }}
        {{ {'key1': 1, 'key2': 2, 'key3': 3} }}
    "), @r#"
    {{ {'s': 1} }} => {"s":1}
    {{ {'s': 1, 't': 2} }} => {"t":2,"s":1}
    {{ {'s': 1, 't': 2, 'u': 3, 'v': 4} | keys }} => ["s","t","u","v"]
    {{ {'key1': 1, 'key2': 2, 'key3': 3} }} => {"key1":1,"key2":2,"key3":3}
    "#);
}
