//! What is not an expression, and what is found in a text before it is evaluated.

use insta::assert_snapshot;

use super::check;
use crate::expr::paths;

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
fn faults_of_a_text_are_found_before_it_is_evaluated() {
    let of = |text: &str| crate::expr::check(text).map(|(message, span)| format!("{message} at {:?}", text.get(span).unwrap_or("nowhere")));
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
