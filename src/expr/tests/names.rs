//! Names, keys, attributes and methods.

use insta::assert_snapshot;

use super::{check, check_bare};

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
