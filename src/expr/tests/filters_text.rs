//! Filters of texts, numbers and encodings.

use insta::assert_snapshot;

use super::check_bare;

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
    {'a': 1, 'b': ['x', {'c': null, 'd': 'y: z'}], 'e': {}, 'f': [], 'g': {'h': '12'}} | yaml => a: 1\nb:\n - x\n -\n  d: "y: z"\n  c: null\ne: {}\nf: []\ng:\n  h: "12"\n
    [1, [2, 3]] | yaml =>  - 1\n -\n   - 2\n   - 3\n
    'a' | yaml => a\n
    null | yaml => null
    "#);
}
