//! Operators and tests: how they bind and what they give.

use insta::assert_snapshot;

use super::check_bare;

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
