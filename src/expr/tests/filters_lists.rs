//! Filters of lists and maps, and `jq`.

use insta::assert_snapshot;

use super::check_bare;

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
        1 | jq('"•", "é\(. + 1)•", "\u2022", {"ü": "•"}["ü"]')
        {'a': 1} | jq('.a # comment')
        1 | jq('"\•"')
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
    ['b', 'a', 'b'] | jq('unique, sort, min, max, reverse, index("x")?') => [["a","b"],["a","b","b"],"a","b",["b","a","b"],null]
    [[1, [2]], 3] | jq('flatten, flatten(1), (.. | numbers)?') => [[1,2,3],[1,[2],3],1,2,3]
    '"a,b"' | jq('split(","), startswith("a"), test("b"), ascii_upcase, length, type') => [["a","b"],true,true,"A,B",3,"string"]
    '1' | jq('tostring, (. == 1 and true), (null // "d"), not, if . > 0 then "p" else "n" end') => ["1",true,"d",false,"p"]
    '"12"' | jq('tonumber + 1') => [13]
    [3, 1] | jq('any(. > 2), all(. > 2), contains([1])') => [true,false,true]
    [1] | jq('range(3), [range(1; 3)], [limit(2; range(9))], {a: .[0], b}?') => [0,1,2,[1,2],[0,1]]
    [1] | jq('.a') => error: Unable to parse jq value '[1]' with type 'java.util.ArrayList' (…:1)
    [1] | jq('.a?') => []
    1 | jq('"•", "é\(. + 1)•", "\u2022", {"ü": "•"}["ü"]') => ["•","é2•","•","•"]
    {'a': 1} | jq('.a # comment') => [1]
    1 | jq('"\•"') => error: Unable to parse jq value '1' with type 'java.lang.Long' (…:1)
    [1] | jq('reduce .[] as $x (0; . + $x)') => [1]
    [1] | jq('[') => error: Unable to parse jq value '[1]' with type 'java.util.ArrayList' (…:1)
    '"a.b"' | jq('test("a.b")') => [true]
    1 | jq => error: The 'jq' filter expects an argument 'expression'. (…:1)
    null | jq('.') => 
    inputs.n | jq('[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]|[.,.]') | length => error: Unable to parse jq value '3' with type 'java.lang.Long' (…:1)
    "#);
}
