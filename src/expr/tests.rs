//! Each line of a case is a text of its own; beside it stands what it prints, or the error.

use std::cell::Cell;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

mod versions;

struct Place {
    drawn: Cell<u64>,
    dialect: &'static Dialect,
}

impl Scope for Place {
    fn variable(&self, name: &str) -> Option<Value> {
        let json = |text| Value::from_json(text);
        match name {
            "flow" => json(r#"{"id":"hello","namespace":"company.team"}"#),
            "task" => json(r#"{"id":"log","type":"io.kestra.plugin.core.log.Log"}"#),
            "taskrun" => json(r#"{"id":"1","value":"b","attemptsCount":0}"#),
            "execution" => Some(Value::map([("id", Value::text("e1")), ("startDate", Value::Date(1_704_067_200_123))])),
            "inputs" => {
                json(r#"{"name":"Ada","n":3,"half":0.5,"yes":true,"none":null,"empty":"","list":[3,1,2],"map":{"b":1,"a":{"c":[true]}}}"#)
            }
            "vars" => {
                json(r#"{"greeting":"Hi {{ inputs.name }}","twice":"{{ vars.greeting }}!","forever":"{{ vars.forever }}.","plain":"x"}"#)
            }
            "outputs" => {
                let each = json(r#"{"a":{"b":{"value":"ab"}},"x":{"b":{"value":"xb"}}}"#).unwrap_or_default();
                Some(Value::map([
                    ("my-task", Value::map([("value", Value::text("dash"))])),
                    ("each", each),
                    ("query", Value::unknown("outputs.query")),
                    ("mixed", Value::list([Value::Int(1), Value::unknown("outputs.mixed[1]")])),
                ]))
            }
            "parents" => json(r#"[{"outputs":{"o":1}},{"taskrun":{"value":"a"}}]"#),
            "parent" => json(r#"{"outputs":{"o":1}}"#),
            "tasks" => json(r#"{"t1":{"state":"SUCCESS"},"t2":{"b":{"state":"SUCCESS"},"c":{"state":"FAILED"}}}"#),
            _ => None,
        }
    }

    fn assumed(&self, path: &str) -> Option<Value> {
        (path == "outputs.query.size" || path == "secret('KNOWN')").then_some(Value::Int(7))
    }

    fn now_epoch_ms(&self) -> i64 {
        1_720_000_000_456
    }

    fn draw(&self) -> u64 {
        self.drawn.set(self.drawn.get() + 1);
        self.drawn.get().wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn error_logs(&self) -> Value {
        Value::list([Value::map([("taskId", Value::text("t")), ("message", Value::text("boom"))])])
    }

    fn dialect(&self) -> &'static Dialect {
        self.dialect
    }
}

fn place() -> Place {
    Place { drawn: Cell::new(0), dialect: &Dialect::OLDEST }
}

fn say(value: Result<Value, String>) -> String {
    match value {
        Ok(Value::Text(text)) => text.to_string(),
        Ok(Value::Unknown(unknown)) => format!("{} (unknown: {})", unknown.text, unknown.path),
        Ok(other) => format!("{other:?}"),
        Err(error) => format!("error: {error}"),
    }
}

fn check(texts: &str) -> String {
    let lines = texts.trim().lines().map(|line| format!("{} => {}\n", line.trim(), say(render(line.trim(), &place())).escape_debug()));
    lines.collect::<String>().replace("\\\"", "\"").replace("\\'", "'")
}

/// As `check`, for expressions without their braces.
fn check_bare(expressions: &str) -> String {
    let lines = expressions.trim().lines().map(|line| {
        let text = format!("{{{{ {} }}}}", line.trim());
        let said = say(render(&text, &place())).replace(&text, "…");
        format!("{} => {}\n", line.trim(), said.escape_debug())
    });
    lines.collect::<String>().replace("\\\"", "\"").replace("\\'", "'")
}

#[test]
fn names_keys_and_attributes() {
    assert_snapshot!(check_bare(r##"
        task.id
        inputs.map.a.c[0]
        outputs['my-task'].value
        outputs["my-task"]['value']
        outputs.my-task.value
        inputs.list[0]
        inputs.list['1']
        inputs.list[9]
        inputs.list.nope
        inputs.nope
        nope
        nope.x
        inputs.none
        inputs.none.x
        inputs.map.b.x
        inputs.map[0]
        outputs.each[taskrun.value].value
        parent.outputs.o
    "##), @r#"
    task.id => log
    inputs.map.a.c[0] => true
    outputs['my-task'].value => dash
    outputs["my-task"]['value'] => dash
    outputs.my-task.value => error: Unable to find `my` used in the expression `…` at line 1
    inputs.list[0] => 3
    inputs.list['1'] => 1
    inputs.list[9] => error: Unable to find `9` used in the expression `…` at line 1
    inputs.list.nope => error: Unable to find `nope` used in the expression `…` at line 1
    inputs.nope => error: Unable to find `nope` used in the expression `…` at line 1
    nope => error: Unable to find `nope` used in the expression `…` at line 1
    nope.x => error: Unable to find `nope` used in the expression `…` at line 1
    inputs.none => 
    inputs.none.x => error: Unable to find `x` used in the expression `…` at line 1
    inputs.map.b.x => error: Unable to find `x` used in the expression `…` at line 1
    inputs.map[0] => error: type class java.lang.String not supported for key 0 (…:1)
    outputs.each[taskrun.value].value => error: Unable to find `b` used in the expression `…` at line 1
    parent.outputs.o => 1
    "#);
}

#[test]
fn a_missing_name_says_where() {
    assert_snapshot!(check(r##"
        {{ inputs.nope }}
        a {{ nope.x }} {{ task.id }}
    "##), @r#"
    {{ inputs.nope }} => error: Unable to find `nope` used in the expression `{{ inputs.nope }}` at line 1
    a {{ nope.x }} {{ task.id }} => error: Unable to find `nope` used in the expression `a {{ nope.x }} {{ task.id }}` at line 1
    "#);
}

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
    {'k': 1, "l": {'m': []}} => {"k":1,"l":{"m":[]}}
    [] => []
    {} => {}
    "#);
}

#[test]
fn operators_bind_as_in_pebble() {
    assert_snapshot!(check_bare(r##"
        1 + 2 * 3 - 4
        (1 + 2) * 3
        7 / 2
        -7 / 2
        7 % 4
        -7 % 4
        7.0 / 2
        0.1 + 0.2
        1 / 0
        1.0 / 0
        9223372036854775807 + 1
        'a' + 1 + 2
        1 + 2 + 'a'
        null + 'a'
        [1] + 2 + [3]
        [1, 2, 3] - 2
        true + 1
        -inputs.n
        +inputs.n
        - 'a'
        'a' ~ 1 ~ null ~ [1, null] ~ {'k': 'v'}
        1 ~ 2 | length
        inputs.none ?? 'x' ~ 'y'
        inputs.name ?? 'x' | upper
        1..3
        3..1
        'a'..'c'
        2 * 3..4
    "##), @r#"
    1 + 2 * 3 - 4 => 3
    (1 + 2) * 3 => 9
    7 / 2 => 3
    -7 / 2 => -3
    7 % 4 => 3
    -7 % 4 => -3
    7.0 / 2 => 3.5
    0.1 + 0.2 => 0.30000000000000004
    1 / 0 => error: Could not perform division (…:1)
    1.0 / 0 => Infinity
    9223372036854775807 + 1 => -9223372036854775808
    'a' + 1 + 2 => a12
    1 + 2 + 'a' => 3a
    null + 'a' => nulla
    [1] + 2 + [3] => [1,2,3]
    [1, 2, 3] - 2 => [1,3]
    true + 1 => error: Could not perform addition (…:1)
    -inputs.n => -3
    +inputs.n => 3
    - 'a' => error: Could not perform multiplication (…:1)
    'a' ~ 1 ~ null ~ [1, null] ~ {'k': 'v'} => a1[1, null]{k=v}
    1 ~ 2 | length => 2
    inputs.none ?? 'x' ~ 'y' => xy
    inputs.name ?? 'x' | upper => ADA
    1..3 => [1,2,3]
    3..1 => []
    'a'..'c' => ["a","b","c"]
    2 * 3..4 => error: Could not perform multiplication (…:1)
    "#);
}

#[test]
fn comparisons() {
    assert_snapshot!(check_bare(r##"
        1 == 1.0
        1 == '1'
        'a' equals 'a'
        1 != 2
        [1] == [1]
        2 > 1 and 1 >= 1
        'b' > 'a'
        '10' < '9'
        '10' < 9
        null < 1
        null == inputs.none
        not true
        not inputs.n == 3
        not (inputs.n == 4)
        true and false or true
        'false' and 'x'
        '' or 0
        0.0 or 1
        null and true
        [1] and true
        inputs.list contains 3
        inputs.list contains [1, 2]
        inputs.list contains '3'
        inputs.map contains 'b'
        inputs.name contains 'd'
        inputs.none contains 1
        3 contains 1
        '1' isIn inputs.list
        '9' isNotIn inputs.list
        1 isIn inputs.map
        order_of_and ?? 'a name'
    "##), @r#"
    1 == 1.0 => true
    1 == '1' => false
    'a' equals 'a' => true
    1 != 2 => true
    [1] == [1] => true
    2 > 1 and 1 >= 1 => true
    'b' > 'a' => true
    '10' < '9' => true
    '10' < 9 => error: Could not perform less than comparison (…:1)
    null < 1 => false
    null == inputs.none => true
    not true => false
    not inputs.n == 3 => false
    not (inputs.n == 4) => true
    true and false or true => true
    'false' and 'x' => true
    '' or 0 => false
    0.0 or 1 => true
    null and true => error: null value used in and operator and strict variables is set to true (…:1)
    [1] and true => error: Wrong operand(s) type in conditional expression (…:1)
    inputs.list contains 3 => true
    inputs.list contains [1, 2] => true
    inputs.list contains '3' => false
    inputs.map contains 'b' => true
    inputs.name contains 'd' => true
    inputs.none contains 1 => false
    3 contains 1 => error: Contains operator can only be used on Collections, Maps and arrays. Actual type was: java.lang.Long (…:1)
    '1' isIn inputs.list => true
    '9' isNotIn inputs.list => true
    1 isIn inputs.map => true
    order_of_and ?? 'a name' => a name
    "#);
}

#[test]
fn what_is_missing_or_nothing() {
    assert_snapshot!(check_bare(r##"
        inputs.none ?? 'd'
        inputs.nope ?? 'd'
        nope.a.b ?? 'd'
        inputs.empty ?? 'd'
        inputs.none ??? 'd'
        inputs.nope ??? 'd'
        (inputs.nope | upper) ?? 'd'
        inputs.nope ?? nope ?? 'e'
        inputs.nope ?? inputs.nope
        inputs.nope is defined
        inputs.none is defined
        inputs.n is defined
        inputs.nope is not defined
        inputs.nope | default('d')
        inputs.none | default('d')
        inputs.empty | default('d')
        inputs.nope | upper | default('d')
        inputs.n | default('d')
        true ? 'ok' : nope
        false ? 'ok' : nope
        inputs.none ? 1 : 2
        'false' ? 1 : 2
        inputs.n > 2 ? inputs.n > 9 ? 'a' : 'b' : 'c'
    "##), @r#"
    inputs.none ?? 'd' => d
    inputs.nope ?? 'd' => d
    nope.a.b ?? 'd' => d
    inputs.empty ?? 'd' => 
    inputs.none ??? 'd' => 
    inputs.nope ??? 'd' => d
    (inputs.nope | upper) ?? 'd' => d
    inputs.nope ?? nope ?? 'e' => e
    inputs.nope ?? inputs.nope => error: Unable to find `nope` used in the expression `…` at line 1
    inputs.nope is defined => false
    inputs.none is defined => false
    inputs.n is defined => true
    inputs.nope is not defined => true
    inputs.nope | default('d') => d
    inputs.none | default('d') => d
    inputs.empty | default('d') => d
    inputs.nope | upper | default('d') => d
    inputs.n | default('d') => 3
    true ? 'ok' : nope => ok
    false ? 'ok' : nope => error: Unable to find `nope` used in the expression `…` at line 1
    inputs.none ? 1 : 2 => 2
    'false' ? 1 : 2 => 1
    inputs.n > 2 ? inputs.n > 9 ? 'a' : 'b' : 'c' => b
    "#);
}

#[test]
fn tests_of_values() {
    assert_snapshot!(check_bare(r##"
        inputs.none is null
        inputs.nope is null
        '' is empty
        '  ' is empty
        [] is empty
        {} is empty
        0 is empty
        2 is even
        3 is odd
        -3 is odd
        'a' is even
        inputs.none is odd
        [1] is iterable
        {'a': 1} is iterable
        {'a': 1} is map
        2 is equalTo(2)
        2 is not equalTo(2)
        '{"a": 1}' is json
        '{a' is json
        [1] is json
        1 is json
        1 is nope
    "##), @r#"
    inputs.none is null => true
    inputs.nope is null => error: Unable to find `nope` used in the expression `…` at line 1
    '' is empty => true
    '  ' is empty => true
    [] is empty => true
    {} is empty => true
    0 is empty => false
    2 is even => true
    3 is odd => true
    -3 is odd => true
    'a' is even => error: java.lang.String is no whole number (…:1)
    inputs.none is odd => error: null value passed to odd() and strict variables is set to true. (…:1)
    [1] is iterable => true
    {'a': 1} is iterable => false
    {'a': 1} is map => true
    2 is equalTo(2) => true
    2 is not equalTo(2) => false
    '{"a": 1}' is json => true
    '{a' is json => false
    [1] is json => true
    1 is json => false
    1 is nope => error: Test [nope] does not exist. (…:1)
    "#);
}

#[test]
fn methods_that_java_has() {
    assert_snapshot!(check_bare(r##"
        inputs.name.length()
        inputs.name.length
        inputs.name.toUpperCase()
        inputs.name.toLowerCase()
        inputs.name.substring(1)
        inputs.name.substring(0, 2)
        inputs.name.substring(9)
        inputs.name.startsWith('A')
        inputs.name.indexOf('a')
        inputs.name.replace('A', 'O')
        inputs.name.split('d')
        inputs.name.isEmpty()
        inputs.list.size()
        inputs.list.get(0)
        inputs.list.isEmpty()
        inputs.map.size()
        inputs.map.keySet()
        inputs.map.get('b')
        inputs.map.containsKey('x')
        inputs.map.getOrDefault('x', 'y')
        inputs.name.contains('A')
        inputs.name.nope()
        inputs.name.substring(from=1)
    "##), @r#"
    inputs.name.length() => 3
    inputs.name.length => 3
    inputs.name.toUpperCase() => ADA
    inputs.name.toLowerCase() => ada
    inputs.name.substring(1) => da
    inputs.name.substring(0, 2) => Ad
    inputs.name.substring(9) => error: Could not call substring (…:1)
    inputs.name.startsWith('A') => true
    inputs.name.indexOf('a') => 2
    inputs.name.replace('A', 'O') => Oda
    inputs.name.split('d') => ["A","a"]
    inputs.name.isEmpty() => false
    inputs.list.size() => 3
    inputs.list.get(0) => 3
    inputs.list.isEmpty() => false
    inputs.map.size() => 2
    inputs.map.keySet() => ["b","a"]
    inputs.map.get('b') => 1
    inputs.map.containsKey('x') => false
    inputs.map.getOrDefault('x', 'y') => y
    inputs.name.contains('A') => error: Unexpected token of value "contains" and type OPERATOR, expected token of type NAME (…:1)
    inputs.name.nope() => error: Unable to find `nope` used in the expression `…` at line 1
    inputs.name.substring(from=1) => error: Can not use named arguments when calling a bean method (…:1)
    "#);
}

#[test]
fn tags() {
    assert_snapshot!(check(r##"
        {% if inputs.n == 3 %}a{% elseif nope %}b{% else %}c{% endif %}
        {% if inputs.n == 4 %}a{% elseif inputs.yes %}b{% else %}c{% endif %}
        {% if '' %}a{% else %}c{% endif %}
        {% if inputs.none %}a{% endif %}
        {% if inputs.list %}a{% endif %}
        {% for x in inputs.list %}{{ x }}:{{ loop.index }}/{{ loop.length }}{{ loop.first ? 'F' : '' }}{{ loop.last ? 'L' : '' }}{{ loop.revindex }} {% endfor %}
        {% for x in [] %}a{% else %}none{% endfor %}
        {% for e in inputs.map %}{{ e.key }}={{ e.value }};{% endfor %}
        {% for x in inputs.none %}a{% else %}b{% endfor %}
        {% for x in inputs.name %}a{% endfor %}
        {% for x in 1..2 %}{% for y in 1..2 %}{{ x }}{{ y }} {% endfor %}{% endfor %}
        {% set a = 1 %}{% for x in 1..3 %}{% set a = a + x %}{% set b = x %}{% endfor %}{{ a }} {{ b ?? 'gone' }}
        {% raw %}{{ inputs.name }}{% endraw %} {{ inputs.name }}
        {% verbatim %}{{ inputs.name }}{% endverbatim %}
        {% macro hi(who, mark='!') %}Hi {{ who }}{{ mark }}{% endmacro %}{{ hi('Ada') }} {{ hi('Bob', mark='?') }}
        {% macro m() %}{{ inputs.name }}{% endmacro %}{{ m() }}
        {% macro m(a) %}{{ m(a) }}{% endmacro %}{{ m(1) }}
        {% block 'b' %}in{% endblock %} {{ block('b') }}
        a {# b {{ nope }} #} c
        a {#- b -#} c
        a {{- 1 -}} b
        a {%- if true -%} b {%- endif -%} c
        {{-1}}
        {{ {'a': {'b': 1}} }}
        ${inputs} {x} }} %} #}
    "##), @r#"
    {% if inputs.n == 3 %}a{% elseif nope %}b{% else %}c{% endif %} => a
    {% if inputs.n == 4 %}a{% elseif inputs.yes %}b{% else %}c{% endif %} => b
    {% if '' %}a{% else %}c{% endif %} => c
    {% if inputs.none %}a{% endif %} => error: null value given to if statement and strict variables is set to true ({% if inputs.none %}a{% endif %}:1)
    {% if inputs.list %}a{% endif %} => error: Wrong operand(s) type in conditional expression ({% if inputs.list %}a{% endif %}:1)
    {% for x in inputs.list %}{{ x }}:{{ loop.index }}/{{ loop.length }}{{ loop.first ? 'F' : '' }}{{ loop.last ? 'L' : '' }}{{ loop.revindex }} {% endfor %} => 3:0/3F2 1:1/31 2:2/3L0 
    {% for x in [] %}a{% else %}none{% endfor %} => none
    {% for e in inputs.map %}{{ e.key }}={{ e.value }};{% endfor %} => b=1;a={"c":[true]};
    {% for x in inputs.none %}a{% else %}b{% endfor %} => 
    {% for x in inputs.name %}a{% endfor %} => error: Not an iterable object. Value = [Ada] ({% for x in inputs.name %}a{% endfor %}:1)
    {% for x in 1..2 %}{% for y in 1..2 %}{{ x }}{{ y }} {% endfor %}{% endfor %} => 11 12 21 22 
    {% set a = 1 %}{% for x in 1..3 %}{% set a = a + x %}{% set b = x %}{% endfor %}{{ a }} {{ b ?? 'gone' }} => 7 gone
    {% raw %}{{ inputs.name }}{% endraw %} {{ inputs.name }} => {{ inputs.name }} Ada
    {% verbatim %}{{ inputs.name }}{% endverbatim %} => {{ inputs.name }}
    {% macro hi(who, mark='!') %}Hi {{ who }}{{ mark }}{% endmacro %}{{ hi('Ada') }} {{ hi('Bob', mark='?') }} => Hi Ada! Hi Bob?
    {% macro m() %}{{ inputs.name }}{% endmacro %}{{ m() }} => error: Unable to find `inputs` used in the expression `{% macro m() %}{{ inputs.name }}{% endmacro %}{{ m() }}` at line 1
    {% macro m(a) %}{{ m(a) }}{% endmacro %}{{ m(1) }} => error: more than 150 expressions within each other ({% macro m(a) %}{{ m(a) }}{% endmacro %}{{ m(1) }}:1)
    {% block 'b' %}in{% endblock %} {{ block('b') }} => in in
    a {# b {{ nope }} #} c => a  c
    a {#- b -#} c => ac
    a {{- 1 -}} b => a1b
    a {%- if true -%} b {%- endif -%} c => abc
    {{-1}} => -1
    {{ {'a': {'b': 1}} }} => {"a":{"b":1}}
    ${inputs} {x} }} %} #} => ${inputs} {x} }} %} #}
    "#);
}

#[test]
fn what_is_no_expression() {
    assert_snapshot!(check(r##"
        {{ inputs.name
        {{ }}
        {{ 1 + }}
        {{ (1 }}
        {{ 1) }}
        {{ [1, }}
        {{ 'a }}
        {{ a b }}
        {{ a..b.. }}
        {{ x || y }}
        {{ x && y }}
        {{ x @ }}
        {{ f(a=1, 2) }}
        {{ date(x=1).y(z=2) }}
        {% if true %}
        {% nope %}
        {% 1 %}
        {% for x of y %}{% endfor %}
        {% endif %}
        {# open
        ${#array}
    "##), @r#"
    {{ inputs.name => error: Unexpected token of value "null" and type EOF, expected token of type PRINT_END ({{ inputs.name:1)
    {{ }} => error: Unexpected token "PRINT_END" of value "}}" ({{ }}:1)
    {{ 1 + }} => error: Unexpected token "PRINT_END" of value "}}" ({{ 1 + }}:1)
    {{ (1 }} => error: Unexpected token of value "}" and type PUNCTUATION, expected token of type PUNCTUATION with value ")" ({{ (1 }}:1)
    {{ 1) }} => error: Unexpected ")" ({{ 1) }}:1)
    {{ [1, }} => error: Unexpected token "PUNCTUATION" of value "}" ({{ [1, }}:1)
    {{ 'a }} => error: Unexpected character ['] ({{ 'a }}:1)
    {{ a b }} => error: Unexpected token of value "b" and type NAME, expected token of type PRINT_END ({{ a b }}:1)
    {{ a..b.. }} => error: Unexpected token "PRINT_END" of value "}}" ({{ a..b.. }}:1)
    {{ x || y }} => error: Unexpected token of value "|" and type OPERATOR, expected token of type NAME ({{ x || y }}:1)
    {{ x && y }} => error: Unexpected character [&] ({{ x && y }}:1)
    {{ x @ }} => error: Unexpected character [@] ({{ x @ }}:1)
    {{ f(a=1, 2) }} => error: Positional arguments must be declared before any named arguments. ({{ f(a=1, 2) }}:1)
    {{ date(x=1).y(z=2) }} => error: Can not use named arguments when calling a bean method ({{ date(x=1).y(z=2) }}:1)
    {% if true %} => error: Unexpected end of template. Pebble was looking for the "endif" tag ({% if true %}:1)
    {% nope %} => error: Unexpected tag name "nope" ({% nope %}:1)
    {% 1 %} => error: A block must start with a tag name. ({% 1 %}:1)
    {% for x of y %}{% endfor %} => error: Unexpected token of value "of" and type NAME, expected token of type NAME with value "in" ({% for x of y %}{% endfor %}:1)
    {% endif %} => error: Unexpected tag name "endif" ({% endif %}:1)
    {# open => error: Unclosed comment. ({# open:1)
    ${#array} => error: Unclosed comment. (${#array}:1)
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
fn texts_within_texts() {
    assert_snapshot!(check_bare(r##"
        render(vars.greeting)
        render(vars.twice)
        renderOnce(vars.twice)
        render(vars.twice, recursive=false)
        render(vars.forever)
        render(vars.plain)
        render('{{ inputs.nope }}')
        render('{{ inputs.nope }}') ?? 'not caught'
        render(1)
        render()
        renderOnce(null)
    "##), @r#"
    render(vars.greeting) => Hi Ada
    render(vars.twice) => Hi Ada!
    renderOnce(vars.twice) => Hi {{ inputs.name }}!
    render(vars.twice, recursive=false) => Hi {{ inputs.name }}!
    render(vars.forever) => error: Too many rendering attempts (…:1)
    render(vars.plain) => x
    render('{{ inputs.nope }}') => error: Unable to find `nope` used in the expression `{{ inputs.nope }}` at line 1
    render('{{ inputs.nope }}') ?? 'not caught' => error: Unable to find `nope` used in the expression `{{ inputs.nope }}` at line 1
    render(1) => error: The 'render' function expects an argument 'template' with type string. (…:1)
    render() => error: The 'render' function expects an argument 'template'. (…:1)
    renderOnce(null) =>
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
fn functions() {
    assert_snapshot!(check_bare(r##"
        now()
        now(format='yyyy-MM-dd HH:mm')
        now(timeZone='America/New_York')
        json('{"a": [1, 2.5]}').a
        fromJson('{"a": 1}').a
        json('{a')
        json(null)
        json(1)
        yaml('a: [1, x]').a[1]
        yaml("a: b: c")
        yaml('')
        currentEachOutput(outputs.each).value
        currentEachOutput(outputs.nope)
        currentEachOutput(1)
        currentEachOutput()
        currentEachOutput({'b': {'b': 1}})
        errorLogs()[0].message
        tasksWithState('SUCCESS')
        uuid()
        id()
        randomInt(lower=5, upper=8)
        randomInt(1, 1)
        randomInt(2, 1)
        randomInt('a', 1)
        randomPort() > 1023
        max(1, 3, 2)
        min(1.5, 3)
        max()
        range(1, 9, 3)
        range(3, 1, -1)
        range(1, 3, 0)
        range(1, 'a')
        range(0, 1000000)
        printContext()
        http(uri='x')
        secret(key='X')
        now(1, 2, 3, 4, 5)
        now(zone='x')
    "##), @r#"
    now() => 2024-07-03T09:46:40.456000Z
    now(format='yyyy-MM-dd HH:mm') => 2024-07-03 09:46
    now(timeZone='America/New_York') => 2024-07-03T05:46:40.456000-04:00
    json('{"a": [1, 2.5]}').a => [1,2.5]
    fromJson('{"a": 1}').a => 1
    json('{a') => error: Invalid json: it cannot be read (…:1)
    json(null) => 
    json(1) => error: The 'fromJson' function expects an argument 'json' with type string. (…:1)
    yaml('a: [1, x]').a[1] => x
    yaml("a: b: c") => error: Invalid yaml: this is not valid YAML: mapping values are not allowed in this context (…:1)
    yaml('') => 
    currentEachOutput(outputs.each).value => ab
    currentEachOutput(outputs.nope) => error: Unable to find `nope` used in the expression `…` at line 1
    currentEachOutput(1) => error: The 'currentEachOutput' function expects an argument 'outputs' with type map. (…:1)
    currentEachOutput() => error: The 'currentEachOutput' function expects an argument 'outputs'. (…:1)
    currentEachOutput({'b': {'b': 1}}) => error: No execution outputs for the current task runs path (…:1)
    errorLogs()[0].message => boom
    tasksWithState('SUCCESS') => [{"taskId":"t1","state":"SUCCESS"},{"taskId":"t2","state":"SUCCESS","value":"b"}]
    uuid() => 9e3779b9-7f4a-4c15-bc6e-f372fe94f82a
    id() => DaBOThvysi55BgVNOlnTru
    randomInt(lower=5, upper=8) => 6
    randomInt(1, 1) => 1
    randomInt(2, 1) => error: In 'randomIn()' upper is less than lower (…:1)
    randomInt('a', 1) => error: The 'randomIn()' function expects an argument lower of type Long. (…:1)
    randomPort() > 1023 => true
    max(1, 3, 2) => 3
    min(1.5, 3) => 1.5
    max() => 
    range(1, 9, 3) => [1,4,7]
    range(3, 1, -1) => [3,2,1]
    range(1, 3, 0) => error: The increment of the range function must be different than 0 (…:1)
    range(1, 'a') => error: Arguments of range function must be of type Number or String with a length of 1 (…:1)
    range(0, 1000000) => error: the range has more than 1000000 items (…:1)
    printContext() => ⟨printContext()⟩ (unknown: printContext())
    http(uri='x') => ⟨http('x')⟩ (unknown: http('x'))
    secret(key='X') => ⟨secret('X')⟩ (unknown: secret('X'))
    now(1, 2, 3, 4, 5) => error: The argument at position 5 is not allowed. Only 4 argument(s) are allowed. (…:1)
    now(zone='x') => error: The following named argument does not exist: zone (…:1)
    "#);
}

#[test]
fn filters_of_texts() {
    assert_snapshot!(check_bare(r##"
        'abcdef' | abbreviate(5)
        'abc' | abbreviate(9)
        'aé' | base64encode
        'YcOp' | base64decode
        '%' | base64decode
        ' hello you' | capitalize
        'hello  you' | title
        'Straße Ünïcödé Ωμέγα мир' | upper
        'STRASSE ÜNÏ ΩΜ МИР' | lower
        '  a ' | trim
        'a-b-c' | substringBefore('-')
        'a-b-c' | substringBeforeLast('-')
        'a-b-c' | substringAfter('-')
        'a-b-c' | substringAfterLast('-')
        'abc' | substringBefore('-') ~ '|'
        'abc' | substringAfter('-')
        'a-b' | startsWith('a-')
        'a-b' | endsWith(value='-b')
        'a,b,,' | split(',')
        'a,b,c' | split(',', 2)
        'a.b' | split('\.')
        'ab' | split('')
        'abc' | replace({'a': 'x', 'c': 'z'})
        {'k': ['a', 1]} | replace({'a': 'x'})
        'abc' | replace({'[ab]': 'x$0'}, regexp=true)
        'abc' | replace({'(?=a)': 'x'}, regexp=true)
        'v1.2' | regexMatch('v[0-9.]+')
        'xv1.2' | regexMatch('v[0-9.]+')
        'v1.2' | regexReplace('([0-9])', 'N$1')
        'v1.2' | regexReplace('(', 'N')
        'v1.2' | regexExtract('[0-9]+')
        'a1b22c' | split('[0-9]+')
        'a1b22c'.replaceAll('[0-9]', '') ~ 'ab'.matches('a.')
        'abc' | replace
        "a\"b" | escapeChar('double')
        "it's" | escapeChar('shell')
        "it's" | escapeChar('SINGLE')
        "it's" | escapeChar('nope')
        '<a>' | escape
        '<a>' | raw
        'Hello Wörld_x  --é!' | slugify
        'a b&c/é' | urlencode
        'a+b%26c%C3%A9%zz' | urldecode
        'a b' | indent(2)
        '' | indent(2)
        'a' | nindent(2)
        'a' | indent(-1)
        'a' | indent(99999999999)
        'abc' | slice(1)
        'abc' | slice(1, 2)
        'abc' | slice(2, 9)
        'abc' | slice(2, 1)
        'abc' | first ~ 'abc'
        'abc' | last
        'abc' | length
        5 | upper
        null | upper
    "##), @r#"
    'abcdef' | abbreviate(5) => ab...
    'abc' | abbreviate(9) => abc
    'aé' | base64encode => YcOp
    'YcOp' | base64decode => aé
    '%' | base64decode => error: Illegal base64 character 25 (…:1)
    ' hello you' | capitalize =>  Hello you
    'hello  you' | title => Hello  You
    'Straße Ünïcödé Ωμέγα мир' | upper => STRASSE ÜNÏCÖDÉ ΩΜέΓΑ МИР
    'STRASSE ÜNÏ ΩΜ МИР' | lower => strasse ünï ωμ мир
    '  a ' | trim => a
    'a-b-c' | substringBefore('-') => a
    'a-b-c' | substringBeforeLast('-') => a-b
    'a-b-c' | substringAfter('-') => b-c
    'a-b-c' | substringAfterLast('-') => c
    'abc' | substringBefore('-') ~ '|' => abc|
    'abc' | substringAfter('-') => 
    'a-b' | startsWith('a-') => true
    'a-b' | endsWith(value='-b') => true
    'a,b,,' | split(',') => ["a","b"]
    'a,b,c' | split(',', 2) => ["a","b,c"]
    'a.b' | split('\.') => ["a","b"]
    'ab' | split('') => ["a","b"]
    'abc' | replace({'a': 'x', 'c': 'z'}) => xbz
    {'k': ['a', 1]} | replace({'a': 'x'}) => {"k":["x","1"]}
    'abc' | replace({'[ab]': 'x$0'}, regexp=true) => xaxbc
    'abc' | replace({'(?=a)': 'x'}, regexp=true) => ⟨a regular expression⟩ (unknown: a regular expression)
    'v1.2' | regexMatch('v[0-9.]+') => true
    'xv1.2' | regexMatch('v[0-9.]+') => true
    'v1.2' | regexReplace('([0-9])', 'N$1') => vN1.N2
    'v1.2' | regexReplace('(', 'N') => error: `(` is not a regular expression (…:1)
    'v1.2' | regexExtract('[0-9]+') => 1
    'a1b22c' | split('[0-9]+') => ["a","b","c"]
    'a1b22c'.replaceAll('[0-9]', '') ~ 'ab'.matches('a.') => abctrue
    'abc' | replace => error: The argument 'replace_pairs' is required. (…:1)
    "a"b" | escapeChar('double') => a\\"b
    "it's" | escapeChar('shell') => it'\\''s
    "it's" | escapeChar('SINGLE') => it\\'s
    "it's" | escapeChar('nope') => error: The 'escapeChar' filter expects the value of 'type' to be either 'single', 'double', or 'shell'. (…:1)
    '<a>' | escape => &lt;a&gt;
    '<a>' | raw => <a>
    'Hello Wörld_x  --é!' | slugify => hello-world-x-e
    'a b&c/é' | urlencode => a+b%26c%2F%C3%A9
    'a+b%26c%C3%A9%zz' | urldecode => a b&cé%zz
    'a b' | indent(2) => a b
    '' | indent(2) => 
    'a' | nindent(2) => \n  a
    'a' | indent(-1) => error: The 'indent' filter expects a positive integer >=0 as argument 'amount'. (…:1)
    'a' | indent(99999999999) => error: a value is too large (…:1)
    'abc' | slice(1) => bc
    'abc' | slice(1, 2) => b
    'abc' | slice(2, 9) => error: toIndex must be smaller than input size: 3 (…:1)
    'abc' | slice(2, 1) => error: toIndex must be greater than fromIndex (…:1)
    'abc' | first ~ 'abc' => aabc
    'abc' | last => c
    'abc' | length => 3
    5 | upper => 5
    null | upper =>
    "#);
}

#[test]
fn filters_of_lists_and_maps() {
    assert_snapshot!(check_bare(r##"
        inputs.list | sort
        inputs.list | rsort
        ['b', 'A', 'a'] | sort
        inputs.list | reverse
        inputs.list | first
        inputs.list | last
        [] | first
        inputs.list | length
        null | length
        inputs.list | join(', ')
        inputs.list | join
        'a' | join(',')
        inputs.map | keys
        inputs.list | keys
        inputs.name | keys
        inputs.map | values
        [1, 2, 3] | chunk(2)
        [1] | chunk(0)
        [[1, [2]], 3] | flatten
        [1, 2] | slice(0, 1)
        [1] | merge([2])
        {'a': 1} | merge({'b': 2, 'a': 3})
        {'a': 1} | merge(['x'])
        1 | merge([2])
        [1, '1', 1, [1], [1]] | distinct
        inputs.list | sort | first
        inputs.list | nope
        inputs.list | sort(1)
    "##), @r#"
    inputs.list | sort => [1,2,3]
    inputs.list | rsort => [3,2,1]
    ['b', 'A', 'a'] | sort => ["A","a","b"]
    inputs.list | reverse => [2,1,3]
    inputs.list | first => 3
    inputs.list | last => 2
    [] | first => 
    inputs.list | length => 3
    null | length => 0
    inputs.list | join(', ') => 3, 1, 2
    inputs.list | join => 312
    'a' | join(',') => error: The 'join' filter expects that the input is either a collection or an array. (…:1)
    inputs.map | keys => ["b","a"]
    inputs.list | keys => [0,1,2]
    inputs.name | keys => error: 'keys' filter can only be applied to List, Map, Array. Actual type was: java.lang.String (…:1)
    inputs.map | values => [1,{"c":[true]}]
    [1, 2, 3] | chunk(2) => [[1,2],[3]]
    [1] | chunk(0) => error: 'chunk' filter argument 'size' must be a number. Actual type was: java.lang.Long (…:1)
    [[1, [2]], 3] | flatten => [1,[2],3]
    [1, 2] | slice(0, 1) => [1]
    [1] | merge([2]) => [1,2]
    {'a': 1} | merge({'b': 2, 'a': 3}) => {"a":3,"b":2}
    {'a': 1} | merge(['x']) => {"a":1,"x":"x"}
    1 | merge([2]) => error: The object being filtered is not a Map/List/Array (…:1)
    [1, '1', 1, [1], [1]] | distinct => [1,"1",[1]]
    inputs.list | sort | first => 1
    inputs.list | nope => error: Filter [nope] does not exist. (…:1)
    inputs.list | sort(1) => [1,2,3]
    "#);
}

#[test]
fn filters_of_numbers_and_encodings() {
    assert_snapshot!(check_bare(r##"
        '12' | number
        '1.5' | number
        '12' | number('INT')
        '99999999999' | number('INT')
        '1.1' | number(type='FLOAT')
        '0x1F' | number
        'abc' | number
        'nan' | number
        12 | number
        -3 | abs
        'x' | abs
        5 | string
        1234567.891 | numberFormat('#,##0.00')
        0.5 | numberFormat('0%')
        5 | numberFormat('000')
        1234.5 | numberformat
        -1234 | numberFormat('#,###')
        0.25 | numberFormat('#.##')
        'x' | numberFormat
        inputs.map | json
        'a' | toJson
        null | json
        inputs.map | toIon
        inputs.name | className
        1 | className
        '' | md5
        'abc' | sha1
        'abc' | sha256
        'abc' | sha512
    "##), @r#"
    '12' | number => 12
    '1.5' | number => 1.5
    '12' | number('INT') => 12
    '99999999999' | number('INT') => error: For input string: "99999999999" (…:1)
    '1.1' | number(type='FLOAT') => 1.1
    '0x1F' | number => 31
    'abc' | number => error: abc is not a valid number. (…:1)
    'nan' | number => error: nan is not a valid number. (…:1)
    12 | number => error: 'number' filter can only be applied to String. Actual type was: java.lang.Long (…:1)
    -3 | abs => 3
    'x' | abs => error: 'abs' filter can only be applied to Number. Actual type was: java.lang.String (…:1)
    5 | string => 5
    1234567.891 | numberFormat('#,##0.00') => 1,234,567.89
    0.5 | numberFormat('0%') => 50%
    5 | numberFormat('000') => 005
    1234.5 | numberformat => 1,234.5
    -1234 | numberFormat('#,###') => -1,234
    0.25 | numberFormat('#.##') => 0.25
    'x' | numberFormat => error: The input for the 'NumberFormat' filter has to be a number. (…:1)
    inputs.map | json => {"b":1,"a":{"c":[true]}}
    'a' | toJson => "a"
    null | json => null
    inputs.map | toIon => {b:1,a:{c:[true]}}
    inputs.name | className => java.lang.String
    1 | className => java.lang.Long
    '' | md5 => d41d8cd98f00b204e9800998ecf8427e
    'abc' | sha1 => a9993e364706816aba3e25717850c26c9cd0d89d
    'abc' | sha256 => ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
    'abc' | sha512 => ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
    "#);
}

#[test]
fn yaml_is_written_in_blocks() {
    assert_snapshot!(check_bare(r##"
        {'a': 1, 'b': ['x', {'c': null, 'd': 'y: z'}], 'e': {}, 'f': [], 'g': {'h': '12'}} | yaml
        [1, [2, 3]] | yaml
        'a' | yaml
        null | yaml
    "##), @r#"
    {'a': 1, 'b': ['x', {'c': null, 'd': 'y: z'}], 'e': {}, 'f': [], 'g': {'h': '12'}} | yaml => a: 1\nb:\n  - x\n  - c: null\n    d: "y: z"\ne: {}\nf: []\ng:\n  h: "12"\n
    [1, [2, 3]] | yaml => - 1\n-\n  - 2\n  - 3\n
    'a' | yaml => a\n
    null | yaml => null
    "#);
}

#[test]
fn dates() {
    assert_snapshot!(check_bare(r##"
        execution.startDate | date
        execution.startDate | date('yyyy-MM-dd')
        execution.startDate | date(format='iso_date', timeZone='Asia/Tokyo')
        execution.startDate | date('iso_sec')
        execution.startDate | date('sql')
        execution.startDate | date('sql_seq')
        execution.startDate | date('iso_date_time')
        execution.startDate | date('iso_zoned_date_time', 'Europe/Paris')
        execution.startDate | date('iso_time')
        execution.startDate | date('iso_local_date')
        execution.startDate | date('iso_instant')
        execution.startDate | date('iso_local_date_time')
        execution.startDate | date('iso_local_time')
        execution.startDate | date('iso_offset_time', '+05:30')
        execution.startDate | date('iso_ordinal_date')
        execution.startDate | date('iso_week_date')
        '2023-01-01' | date('iso_week_date')
        execution.startDate | date('rfc_1123_date_time')
        execution.startDate | date('full')
        execution.startDate | date('long')
        execution.startDate | date('medium')
        execution.startDate | date('short')
        execution.startDate | date("EEE EEEE EEEEE MMM MMMM d/M/yy D h:m:s a H k K SSS S n 'o''clock' QQQ G")
        execution.startDate | date('X XX XXX x xxx Z ZZZZ O z VV', 'Europe/Paris')
        execution.startDate | date('Z z', 'UTC')
        execution.startDate | date('w')
        execution.startDate | date('j')
        execution.startDate | date("yyyy 'open")
        execution.startDate | date('HH:mm', timeZone='Mars/Base')
        execution.startDate | date('EEE', locale='fr')
        '2024-07-01T12:00:00+02:00' | date('HH:mm XXX')
        '2024-07-01T12:00:00' | date('HH:mm XXX', timeZone='America/New_York')
        '2024-03-10T02:30:00' | date('HH:mm z', timeZone='America/New_York')
        '2024-11-03T01:30:00' | date('HH:mm z', timeZone='America/New_York')
        '2024-03-31T01:00:00Z' | date('HH:mm z', timeZone='Europe/Paris')
        '2024-10-27T01:00:00Z' | date('HH:mm z', timeZone='Europe/Paris')
        '2024-01-01T00:00:00Z' | date('HH:mm z', timeZone='Australia/Sydney')
        '2024-07-01' | date('iso_sec', timeZone='Europe/Berlin')
        1704067200 | date
        1704067200123 | date
        '03/02/2024 05:06 PM' | date('iso_sec', existingFormat='dd/MM/yyyy hh:mm a')
        '3 Feb 2024' | date('iso_date', existingFormat='d MMM yyyy')
        'soon' | date
        null | date
        execution.startDate | dateAdd(1, 'DAYS')
        execution.startDate | dateAdd(-1, 'MONTHS', 'yyyy-MM-dd')
        '2024-01-31' | dateAdd(1, 'MONTHS', format='yyyy-MM-dd')
        '2024-02-29' | dateAdd(1, 'YEARS', format='yyyy-MM-dd')
        '2024-03-30T12:00:00' | dateAdd(1, 'DAYS', 'iso_sec', 'Europe/Paris')
        '2024-01-01' | dateAdd(1, 'WEEKS', 'iso_date')
        '2024-01-01' | dateAdd(90, 'MINUTES', 'iso_sec')
        '2024-01-01' | dateAdd(1, 'HALF_DAYS', 'iso_sec')
        '2024-01-01' | dateAdd(1, 'CENTURIES', 'iso_date')
        '2024-01-01' | dateAdd(1, 'FORTNIGHTS')
        '2024-01-01' | dateAdd(999999999999999, 'YEARS')
        execution.startDate | timestamp
        execution.startDate | timestampMilli
        execution.startDate | timestampMicro
        execution.startDate | timestampNano
    "##), @r#"
    execution.startDate | date => 2024-01-01T00:00:00.123000Z
    execution.startDate | date('yyyy-MM-dd') => 2024-01-01
    execution.startDate | date(format='iso_date', timeZone='Asia/Tokyo') => 2024-01-01+09:00
    execution.startDate | date('iso_sec') => 2024-01-01T00:00:00Z
    execution.startDate | date('sql') => 2024-01-01 00:00:00.123000
    execution.startDate | date('sql_seq') => 2024-01-01 00:00:00
    execution.startDate | date('iso_date_time') => 2024-01-01T00:00:00.123Z[UTC]
    execution.startDate | date('iso_zoned_date_time', 'Europe/Paris') => 2024-01-01T01:00:00.123+01:00[Europe/Paris]
    execution.startDate | date('iso_time') => 00:00:00.123Z
    execution.startDate | date('iso_local_date') => 2024-01-01
    execution.startDate | date('iso_instant') => 2024-01-01T00:00:00.123Z
    execution.startDate | date('iso_local_date_time') => 2024-01-01T00:00:00.123
    execution.startDate | date('iso_local_time') => 00:00:00.123
    execution.startDate | date('iso_offset_time', '+05:30') => 05:30:00.123+05:30
    execution.startDate | date('iso_ordinal_date') => 2024-001Z
    execution.startDate | date('iso_week_date') => 2024-W01-1Z
    '2023-01-01' | date('iso_week_date') => 2022-W52-7Z
    execution.startDate | date('rfc_1123_date_time') => Mon, 1 Jan 2024 00:00:00 GMT
    execution.startDate | date('full') => Monday, January 1, 2024 at 12:00:00\u{202f}AM Coordinated Universal Time
    execution.startDate | date('long') => January 1, 2024 at 12:00:00\u{202f}AM UTC
    execution.startDate | date('medium') => Jan 1, 2024, 12:00:00\u{202f}AM
    execution.startDate | date('short') => 1/1/24, 12:00\u{202f}AM
    execution.startDate | date("EEE EEEE EEEEE MMM MMMM d/M/yy D h:m:s a H k K SSS S n 'o''clock' QQQ G") => Mon Monday M Jan January 1/1/24 1 12:0:0 AM 0 24 0 123 1 123000000 o'clock Q1 AD
    execution.startDate | date('X XX XXX x xxx Z ZZZZ O z VV', 'Europe/Paris') => +01 +0100 +01:00 +01 +01:00 +0100 GMT+01:00 GMT+01:00 CET Europe/Paris
    execution.startDate | date('Z z', 'UTC') => +0000 UTC
    execution.startDate | date('w') => 1
    execution.startDate | date('j') => error: Unknown pattern letter: j (…:1)
    execution.startDate | date("yyyy 'open") => error: Pattern ends with an incomplete string literal: yyyy 'open (…:1)
    execution.startDate | date('HH:mm', timeZone='Mars/Base') => ⟨date in Mars/Base⟩ (unknown: date in Mars/Base)
    execution.startDate | date('EEE', locale='fr') => ⟨date in fr⟩ (unknown: date in fr)
    '2024-07-01T12:00:00+02:00' | date('HH:mm XXX') => 10:00 Z
    '2024-07-01T12:00:00' | date('HH:mm XXX', timeZone='America/New_York') => 12:00 -04:00
    '2024-03-10T02:30:00' | date('HH:mm z', timeZone='America/New_York') => 03:30 EDT
    '2024-11-03T01:30:00' | date('HH:mm z', timeZone='America/New_York') => 01:30 EDT
    '2024-03-31T01:00:00Z' | date('HH:mm z', timeZone='Europe/Paris') => 03:00 CEST
    '2024-10-27T01:00:00Z' | date('HH:mm z', timeZone='Europe/Paris') => 02:00 CET
    '2024-01-01T00:00:00Z' | date('HH:mm z', timeZone='Australia/Sydney') => 11:00 AEDT
    '2024-07-01' | date('iso_sec', timeZone='Europe/Berlin') => 2024-07-01T00:00:00+02:00
    1704067200 | date => 2024-01-01T00:00:00.000000Z
    1704067200123 | date => 2024-01-01T00:00:00.123000Z
    '03/02/2024 05:06 PM' | date('iso_sec', existingFormat='dd/MM/yyyy hh:mm a') => 2024-02-03T17:06:00Z
    '3 Feb 2024' | date('iso_date', existingFormat='d MMM yyyy') => 2024-02-03Z
    'soon' | date => error: Text 'soon' could not be parsed at index 0 (…:1)
    null | date => 
    execution.startDate | dateAdd(1, 'DAYS') => 2024-01-02T00:00:00.123000Z
    execution.startDate | dateAdd(-1, 'MONTHS', 'yyyy-MM-dd') => 2023-12-01
    '2024-01-31' | dateAdd(1, 'MONTHS', format='yyyy-MM-dd') => 2024-02-29
    '2024-02-29' | dateAdd(1, 'YEARS', format='yyyy-MM-dd') => 2025-02-28
    '2024-03-30T12:00:00' | dateAdd(1, 'DAYS', 'iso_sec', 'Europe/Paris') => 2024-03-31T12:00:00+02:00
    '2024-01-01' | dateAdd(1, 'WEEKS', 'iso_date') => 2024-01-08Z
    '2024-01-01' | dateAdd(90, 'MINUTES', 'iso_sec') => 2024-01-01T01:30:00Z
    '2024-01-01' | dateAdd(1, 'HALF_DAYS', 'iso_sec') => 2024-01-01T12:00:00Z
    '2024-01-01' | dateAdd(1, 'CENTURIES', 'iso_date') => 2124-01-01Z
    '2024-01-01' | dateAdd(1, 'FORTNIGHTS') => error: No enum constant java.time.temporal.ChronoUnit.FORTNIGHTS (…:1)
    '2024-01-01' | dateAdd(999999999999999, 'YEARS') => error: the date is beyond the calendar (…:1)
    execution.startDate | timestamp => 1704067200
    execution.startDate | timestampMilli => 1704067200123
    execution.startDate | timestampMicro => 1704067200123000
    execution.startDate | timestampNano => 1704067200123000000
    "#);
}

#[test]
fn jq() {
    assert_snapshot!(check_bare(r##"
        inputs.map | jq('.a.c[0]')
        inputs.map | jq('.a.c[]')
        '{"a": [1, 2]}' | jq('.a[]')
        '{a' | jq('.')
        inputs.map | jq('keys, length, .nope, ."b", .["b"]')
        [1, 2, 3] | jq('map(. * 2), add, (.[0] + .[1]) / 2, .[-1], .[1:], .[:1]')
        [1, 2, 3] | jq('[.[] | select(. >= 2)] | first')
        [{'n': 'x', 'v': 2}, {'n': 'y', 'v': 1}] | jq('sort_by(.v) | map(.n) | join("-")')
        [{'n': 'x', 'v': 2}, {'n': 'y', 'v': 2}] | jq('(group_by(.v) | map(length)), (.[0] | has("n")), (map({(.n): .v}) | add)')
        inputs.map | jq('to_entries | map(.key)')
        inputs.map | jq('with_entries(select(.key == "b"))')
        ['b', 'a', 'b'] | jq('unique, sort, min, max, reverse, index("x")?')
        [[1, [2]], 3] | jq('flatten, flatten(1), (.. | numbers)?')
        '"a,b"' | jq('split(","), startswith("a"), test("b"), ascii_upcase, length, type')
        '1' | jq('tostring, (. == 1 and true), (null // "d"), not, if . > 0 then "p" else "n" end')
        '"12"' | jq('tonumber + 1')
        [3, 1] | jq('any(. > 2), all(. > 2), contains([1])')
        [1] | jq('range(3), [range(1; 3)], [limit(2; range(9))], {a: .[0], b}?')
        [1] | jq('.a')
        [1] | jq('.a?')
        [1] | jq('reduce .[] as $x (0; . + $x)')
        [1] | jq('[')
        '"a.b"' | jq('test("a.b")')
        1 | jq
        null | jq('.')
        inputs.n | jq('[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]') | length
    "##), @r#"
    inputs.map | jq('.a.c[0]') => [true]
    inputs.map | jq('.a.c[]') => [true]
    '{"a": [1, 2]}' | jq('.a[]') => [1,2]
    '{a' | jq('.') => error: Unable to parse jq value '{a' with type 'java.lang.String' (…:1)
    inputs.map | jq('keys, length, .nope, ."b", .["b"]') => [["a","b"],2,null,1,1]
    [1, 2, 3] | jq('map(. * 2), add, (.[0] + .[1]) / 2, .[-1], .[1:], .[:1]') => [[2,4,6],6,1.5,3,[2,3],[1]]
    [1, 2, 3] | jq('[.[] | select(. >= 2)] | first') => [2]
    [{'n': 'x', 'v': 2}, {'n': 'y', 'v': 1}] | jq('sort_by(.v) | map(.n) | join("-")') => ["y-x"]
    [{'n': 'x', 'v': 2}, {'n': 'y', 'v': 2}] | jq('(group_by(.v) | map(length)), (.[0] | has("n")), (map({(.n): .v}) | add)') => [[2],true,{"x":2,"y":2}]
    inputs.map | jq('to_entries | map(.key)') => [["b","a"]]
    inputs.map | jq('with_entries(select(.key == "b"))') => [{"b":1}]
    ['b', 'a', 'b'] | jq('unique, sort, min, max, reverse, index("x")?') => [["a","b"],["a","b","b"],"a","b",["b","a","b"]]
    [[1, [2]], 3] | jq('flatten, flatten(1), (.. | numbers)?') => ⟨jq('flatten, flatten(1), (.. | numbers)?')⟩ (unknown: jq('flatten, flatten(1), (.. | numbers)?'))
    '"a,b"' | jq('split(","), startswith("a"), test("b"), ascii_upcase, length, type') => [["a","b"],true,true,"A,B",3,"string"]
    '1' | jq('tostring, (. == 1 and true), (null // "d"), not, if . > 0 then "p" else "n" end') => ["1",true,"d",false,"p"]
    '"12"' | jq('tonumber + 1') => [13]
    [3, 1] | jq('any(. > 2), all(. > 2), contains([1])') => [true,false,true]
    [1] | jq('range(3), [range(1; 3)], [limit(2; range(9))], {a: .[0], b}?') => [0,1,2,[1,2],[0,1]]
    [1] | jq('.a') => error: Unable to parse jq value '[1]' with type 'java.util.ArrayList' (…:1)
    [1] | jq('.a?') => []
    [1] | jq('reduce .[] as $x (0; . + $x)') => ⟨jq('reduce .[] as $x (0; . + $x)')⟩ (unknown: jq('reduce .[] as $x (0; . + $x)'))
    [1] | jq('[') => ⟨jq('[')⟩ (unknown: jq('['))
    '"a.b"' | jq('test("a.b")') => [true]
    1 | jq => error: The 'jq' filter expects an argument 'expression'. (…:1)
    null | jq('.') => 
    inputs.n | jq('[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]') | length => error: Unable to parse jq value '3' with type 'java.lang.Long' (…:1)
    "#);
}

#[test]
fn lines_are_moved_in_and_counted() {
    let of = |text: &str| say(render(text, &place()));
    assert_eq!(of("{{ 'a\nb' | indent(2) }}|{{ 'a\nb' | nindent(2, '-') }}"), "a\n  b|\n--a\n--b");
    assert_eq!(of("{% if true %}\na\n{% endif %}\nb"), "\na\n\nb");
    assert_eq!(of("{%- if true -%}\n a\n{%- endif %}\nb"), "a\nb");
    assert_eq!(of("x\n{{ nope }}"), "error: Unable to find `nope` used in the expression `x\n{{ nope }}` at line 2");
    assert_eq!(of("x\n\n{{ 1 | nope }}"), "error: Filter [nope] does not exist. (x\n\n{{ 1 | nope }}:3)");
    assert_eq!(of("{% raw %}\n{{ a }}\n{% endraw %}"), "\n{{ a }}\n");
    assert_eq!(of("{{ ['a\nb', {'k': 'c\n'}] | yaml }}"), "- |-\n  a\n  b\n- k: |\n    c\n");
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
fn faults_of_a_text_are_found_before_it_is_evaluated() {
    let of = |text: &str| super::check(text).map(|(message, span)| format!("{message} at {:?}", text.get(span).unwrap_or("nowhere")));
    assert_eq!(of("no {braces} {{ nope | nope }} {{ f(x, y=1).z[0] }}"), None);
    assert_eq!(
        of("ok {{ a b }}").as_deref(),
        Some("Unexpected token of value \"b\" and type NAME, expected token of type PRINT_END at \"b\"")
    );
    assert_eq!(of("a {% nope %}").as_deref(), Some("Unexpected tag name \"nope\" at \"nope\""));
    assert_eq!(of("{# x").as_deref(), Some("Unclosed comment. at \"{# x\""));
    assert_eq!(of("{% if a %}{{ b }}").as_deref(), Some("Unexpected end of template. Pebble was looking for the \"endif\" tag at \"if\""));
}

#[test]
fn paths_are_found_also_where_the_text_is_wrong() {
    let of = |text: &str| {
        let found = paths(text).into_iter().map(|(path, span)| format!("{path} {}", text.get(span).unwrap_or("nowhere")));
        found.collect::<Vec<String>>().join("; ")
    };
    assert_eq!(of("a.b {{ outputs.a.value }} {{inputs.x}}"), "outputs.a.value outputs.a.value; inputs.x inputs.x");
    assert_eq!(of("{{ outputs['my-task'].value[0] }}"), "outputs.my-task.value.0 outputs['my-task'].value[0]");
    assert_eq!(of("{{ outputs.a[taskrun.value].b }}"), "outputs.a outputs.a; taskrun.value taskrun.value");
    assert_eq!(
        of("{{ inputs.x | default(vars.y) | date(format='x', timeZone=vars.z) }}"),
        "inputs.x inputs.x; vars.y vars.y; vars.z vars.z"
    );
    assert_eq!(of("{{ render(vars.a) is not empty ? inputs.list.size() : null }}"), "vars.a vars.a; inputs.list inputs.list");
    assert_eq!(
        of("{% for x in inputs.l %}{{ x.y }}{{ loop.index }}{% endfor %}{% set a = vars.b %}{{ a }}"),
        "inputs.l inputs.l; vars.b vars.b"
    );
    assert_eq!(of("{% if inputs.a and not inputs.b %}{# {{ c }} #}{% endif %}"), "inputs.a inputs.a; inputs.b inputs.b");
    assert_eq!(of("{{ \"x.y #{inputs.a} z.w\" ~ vars.b }}"), "inputs.a inputs.a; vars.b vars.b");
    assert_eq!(of("{{ outputs. }} {{ inputs.x"), "outputs outputs; inputs.x inputs.x");
    assert_eq!(of("{{ {'k': vars.v} }}"), "vars.v vars.v");
}

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
    assert_snapshot!(of(&format!("{{{{ [1] | jq('{}') }}}}", "[".repeat(10_000))), @r#"⟨jq('[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["#);
    assert_eq!(of(&format!("{{{{ 0{} }}}}", " + 1".repeat(10_000))), "10000");
}

proptest! {
    /// Whatever a text says, it is refused or printed.
    #[test]
    fn no_text_makes_it_panic(text in r#"(\PC|[{}%#\-'"| ]|\{\{|\}\}|\{% (if|for|set|endif|endfor|raw|endraw) |%\}|inputs\.|[0-9.]+| \?\? | ~ |[a-z]+\()*"#) {
        let _ = render(&text, &place());
        let _ = evaluate(&text, &place());
        let _ = (check_syntax(&text), paths(&text));
    }
}

fn check_syntax(text: &str) -> Option<(String, Range<usize>)> {
    super::check(text)
}
