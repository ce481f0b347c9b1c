//! Tags, comments and the white space around them.

use insta::assert_snapshot;

use super::{check, place, say};
use crate::expr::render;

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
fn lines_are_moved_in_and_counted() {
    let of = |text: &str| say(render(text, &place()));
    assert_eq!(of("{{ 'a\nb' | indent(2) }}|{{ 'a\nb' | nindent(2, '-') }}"), "a\n  b|\n--a\n--b");
    assert_eq!(of("{% if true %}\na\n{% endif %}\nb"), "\na\n\nb");
    assert_eq!(of("{%- if true -%}\n a\n{%- endif %}\nb"), "a\nb");
    assert_eq!(of("x\n{{ nope }}"), "error: Unable to find `nope` used in the expression `x\n{{ nope }}` at line 2");
    assert_eq!(of("x\n\n{{ 1 | nope }}"), "error: Filter [nope] does not exist. (x\n\n{{ 1 | nope }}:3)");
    assert_eq!(of("{% raw %}\n{{ a }}\n{% endraw %}"), "\n{{ a }}\n");
    assert_eq!(of("{{ ['a\nb', {'k': 'c\n'}] | yaml }}"), " - |-\n  a\n  b\n -\n  k: |\n    c\n");
}
