//! What differs by the version of the server.

use crate::budget::Budget;
use std::cell::Cell;

use insta::assert_snapshot;

use super::{Place, render, say};
use crate::flow::kestra::versions::Version;

/// What an expression gives on a version; `…` stands for its text.
fn on(version: Version, expression: &str) -> String {
    let text = format!("{{{{ {expression} }}}}");
    let place = Place { budget: Budget::default(), drawn: Cell::new(0), dialect: &version.rules().expressions };
    say(render(&text, &place)).replace(&text, "…").replace("io.pebbletemplates.pebble.error.", "")
}

/// What expressions give on versions, in this order; one line where all agree.
fn check_on(versions: &[Version], expressions: &str) -> String {
    let mut out = String::new();
    for line in expressions.trim().lines().map(str::trim) {
        let results: Vec<String> = versions.iter().map(|version| on(*version, line)).collect();
        let all_agree = results.windows(2).all(|pair| pair[0] == pair[1]);
        let results = if all_agree { format!(" {}", results[0]) } else { format!("\n    {}", results.join("\n    ")) };
        out.extend([line, " =>", &results, "\n"]);
    }
    out
}

/// What expressions give on 0.21, 1.3 and 2.0.
fn check_versions(expressions: &str) -> String {
    check_on(&Version::ALL, expressions)
}

/// Rules: Kestra, "Expressions", by version.
#[test]
fn functions_and_filters_by_version() {
    assert_snapshot!(check_versions(r##"
        json('[1]')
        fromJson('[1]')
        [1] | json
        [1] | toJson
        '<b>' | escape
        '<b>' | raw
        [1, 1] | uniq
        'abc' | regexReplace('b', 'x')
        'abc' | regexMatch('b')
        'a1b22' | regexExtract('([a-z])([0-9]+)', 2)
        currentEachOutput(outputs.each)
        appLink()
        [1, 2] | string
        render(202403)
        render(['{{ 1 + 1 }}', 2])
        render(toRender='{{ 1 }}')
        render('{{ nope }}')
        1 is sameAs(1)
    "##), @r#"
    json('[1]') =>
        [1]
        [1]
        error: PebbleException: Function or Macro [json] does not exist. (…:1)
    fromJson('[1]') => [1]
    [1] | json =>
        [1]
        [1]
        error: PebbleException: Filter [json] does not exist. (…:1)
    [1] | toJson => [1]
    '<b>' | escape =>
        &lt;b&gt;
        error: PebbleException: Filter [escape] does not exist. (…:1)
        error: PebbleException: Filter [escape] does not exist. (…:1)
    '<b>' | raw =>
        <b>
        error: PebbleException: Filter [raw] does not exist. (…:1)
        error: PebbleException: Filter [raw] does not exist. (…:1)
    [1, 1] | uniq =>
        [1]
        error: PebbleException: Filter [uniq] does not exist. (…:1)
        error: PebbleException: Filter [uniq] does not exist. (…:1)
    'abc' | regexReplace('b', 'x') =>
        axc
        error: PebbleException: Filter [regexReplace] does not exist. (…:1)
        axc
    'abc' | regexMatch('b') =>
        true
        error: PebbleException: Filter [regexMatch] does not exist. (…:1)
        true
    'a1b22' | regexExtract('([a-z])([0-9]+)', 2) =>
        1
        error: PebbleException: Filter [regexExtract] does not exist. (…:1)
        1
    currentEachOutput(outputs.each) =>
        {"value":"ab"}
        {"value":"ab"}
        error: PebbleException: Function or Macro [currentEachOutput] does not exist. (…:1)
    appLink() =>
        ⟨appLink()⟩ (unknown: appLink())
        error: PebbleException: Function or Macro [appLink] does not exist. (…:1)
        error: PebbleException: Function or Macro [appLink] does not exist. (…:1)
    [1, 2] | string =>
        error: 'string' filter expects a Number (INT, FLOAT, DOUBLE, etc.) or numeric String. Received: java.util.ArrayList (…:1)
        [1, 2]
        [1, 2]
    render(202403) =>
        error: The 'render' function expects an argument 'template' with type string. (…:1)
        202403
        202403
    render(['{{ 1 + 1 }}', 2]) =>
        error: The 'render' function expects an argument 'template' with type string. (…:1)
        ["2",2]
        ["2",2]
    render(toRender='{{ 1 }}') =>
        error: The following named argument does not exist: toRender (…:1)
        1
        1
    render('{{ nope }}') =>
        error: Unable to find `nope` used in the expression `{{ nope }}` at line 1
        error: PebbleException: Unable to find `nope` used in the expression `{{ nope }}` at line 1 (?:?)
        error: PebbleException: Unable to find `nope` used in the expression `{{ nope }}` at line 1 (?:?)
    1 is sameAs(1) =>
        error: Test [sameAs] does not exist. (…:1)
        error: PebbleException: Test [sameAs] does not exist. (…:1)
        error: PebbleException: Test [sameAs] does not exist. (…:1)
    "#);
}

/// Rules: Kestra, "Expressions", by version.
#[test]
fn operators_by_version() {
    assert_snapshot!(check_versions(r##"
        nope ?? 'x' | upper
        inputs.name ?? 'x' | upper
        inputs.name ?? 'b' ~ 'c'
        'a' ~ inputs.nope ?? 'b'
        1 + inputs.nope ?? 5
        'b' == inputs.nope ?? 'b'
        inputs.n ?? 0 > 2
        'x' isIn ['x'] ~ ''
        'a' isNotIn ['b']
        'a' < 'b'
        'Z' < 'a'
        1 < '2'
        1 >= '2'
        5 % 0
        nope + 1
        nope == 1
        nope > 1
        nope ~ 'x'
        '3' * 2
        '7.5' - 1
        'x' * 2
        1 + 2 * 3 ~ 4
        max('a', 'b')
        [1, 2
        'abc' | reverse
        'x' | date('yyyy')
    "##), @r#"
    nope ?? 'x' | upper => X
    inputs.name ?? 'x' | upper =>
        ADA
        ADA
        Ada
    inputs.name ?? 'b' ~ 'c' =>
        Adac
        Adac
        Ada
    'a' ~ inputs.nope ?? 'b' =>
        ab
        ab
        b
    1 + inputs.nope ?? 5 =>
        6
        6
        error: PebbleException: Could not perform addition (…:1)
    'b' == inputs.nope ?? 'b' =>
        true
        true
        error: PebbleException: Could not perform equals comparison (…:1)
    inputs.n ?? 0 > 2 => true
    'x' isIn ['x'] ~ '' =>
        false
        true
        false
    'a' isNotIn ['b'] =>
        true
        error: ParserException: Unexpected token of value "isNotIn" and type NAME, expected token of type PRINT_END (…:1)
        error: ParserException: Unexpected token of value "isNotIn" and type NAME, expected token of type PRINT_END (…:1)
    'a' < 'b' =>
        true
        error: PebbleException: Could not perform greater modulus (…:1)
        true
    'Z' < 'a' =>
        true
        error: PebbleException: Could not perform greater modulus (…:1)
        true
    1 < '2' =>
        error: Could not perform less than comparison (…:1)
        error: PebbleException: Could not perform greater modulus (…:1)
        error: PebbleException: Could not perform less than comparisonPebb (…:1)
    1 >= '2' =>
        error: Could not perform greater than or equal to comparison (…:1)
        error: PebbleException: Could not perform greater than or equals comparison (…:1)
        error: PebbleException: Could not perform greater than or equals comparison (…:1)
    5 % 0 =>
        error: Could not perform modulus (…:1)
        error: PebbleException: Could not perform greater modulus (…:1)
        error: PebbleException: Could not perform greater modulus (…:1)
    nope + 1 =>
        error: Unable to find `nope` used in the expression `…` at line 1
        error: PebbleException: Could not perform addition (…:1)
        error: PebbleException: Could not perform addition (…:1)
    nope == 1 =>
        error: Unable to find `nope` used in the expression `…` at line 1
        error: PebbleException: Could not perform equals comparison (…:1)
        error: PebbleException: Could not perform equals comparison (…:1)
    nope > 1 =>
        error: Unable to find `nope` used in the expression `…` at line 1
        error: PebbleException: Could not perform greater than comparison (…:1)
        error: Unable to find `nope` used in the expression `…` at line 1
    nope ~ 'x' => error: Unable to find `nope` used in the expression `…` at line 1
    '3' * 2 => 6
    '7.5' - 1 => 6.5
    'x' * 2 =>
        error: Could not perform multiplication (…:1)
        error: PebbleException: Could not perform multiplication (…:1)
        error: PebbleException: Could not perform multiplication (…:1)
    1 + 2 * 3 ~ 4 => 69
    max('a', 'b') =>
        b
        error: invalid operands for mathematical comparison [GREATER_THAN]
        error: java.lang.RuntimeException: invalid operands for mathematical comparison [GREATER_THAN]
    [1, 2 =>
        error: Unexpected token of value "}" and type PUNCTUATION, expected token of type PUNCTUATION with value "," (…:1)
        error: ParserException: Unexpected token of value "}" and type PUNCTUATION, expected token of type PUNCTUATION (…:1)
        error: ParserException: Unexpected token of value "}" and type PUNCTUATION, expected token of type PUNCTUATION (…:1)
    'abc' | reverse =>
        error: class java.lang.String cannot be cast to class java.util.List (java.lang.String and java.util.List are in module java.base of loader 'bootstrap') (…:1)
        error: class java.lang.String cannot be cast to class java.util.List (java.lang.String and java.util.List are in module java.base of loader 'bootstrap')
        error: java.lang.ClassCastException: class java.lang.String cannot be cast to class java.util.List (java.lang.String and java.util.List are in module java.base of loader 'bootstrap')
    'x' | date('yyyy') =>
        error: Text 'x' could not be parsed at index 0 (…:1)
        error: Text 'x' could not be parsed at index 0
        error: java.time.format.DateTimeParseException: Text 'x' could not be parsed at index 0
    "#);
}

/// Functions that 1.3 does not have. Rules: Kestra, "Functions", days.
#[test]
fn days() {
    let expressions = r##"
        isWeekend('2024-03-02')
        isWeekend('2024-03-04T10:00:00Z')
        isWeekend('x')
        isWeekend('2024-03-02 10:00:00')
        isWeekend()
        dayOfWeek('2024-03-02')
        dayOfWeek('1969-12-31')
        dayOfMonth('2024-03-04T23:30:00-02:00')
        monthOfYear('2024-03-04')
        hourOfDay('2024-03-04T23:30:00+02:00')
        hourOfDay('2024-03-04')
        isLastWorkingDay('2024-02-29')
        isLastWorkingDay('2024-03-29')
        isLastWorkingDay('2024-03-31')
        isLastWorkingDay('2024-02-28', 2)
        isDayWeekInMonth('2024-03-25', 'MONDAY', 'LAST')
        isDayWeekInMonth('2024-03-18', 'monday', 'third')
        isDayWeekInMonth('2024-03-04', 'MONDAY', '1')
        isDayWeekInMonth('2024-03-04', 'NODAY', 'FIRST')
        loopOutputs([{'outputs': {'value': 1}}, {}], 'value')
        loopOutputs('x')
    "##;
    for line in expressions.trim().lines().map(str::trim) {
        let name = line.split('(').next().unwrap_or_default();
        assert_eq!(on(Version::V1_3, line), format!("error: PebbleException: Function or Macro [{name}] does not exist. (…:1)"));
    }
    assert_snapshot!(check_on(&[Version::V0_21, Version::V2_0], expressions), @"
    isWeekend('2024-03-02') => true
    isWeekend('2024-03-04T10:00:00Z') => false
    isWeekend('x') =>
        error: The 'isWeekend()' function could not parse 'date': java.time.format.DateTimeParseException: Text 'x' could not be parsed at index 0 (…:1)
        error: PebbleException: The 'isWeekend()' function could not parse 'date': java.time.format.DateTimeParseException: Text 'x' could not be parsed at index 0 (…:1)
    isWeekend('2024-03-02 10:00:00') =>
        error: The 'isWeekend()' function could not parse 'date': java.time.format.DateTimeParseException: Text '2024-03-02 10:00:00' could not be parsed at index 10 (…:1)
        error: PebbleException: The 'isWeekend()' function could not parse 'date': java.time.format.DateTimeParseException: Text '2024-03-02 10:00:00' could not be parsed at index 10 (…:1)
    isWeekend() =>
        error: The 'isWeekend()' function expects a 'date' argument. (…:1)
        error: PebbleException: The 'isWeekend()' function expects a 'date' argument. (…:1)
    dayOfWeek('2024-03-02') => SATURDAY
    dayOfWeek('1969-12-31') => WEDNESDAY
    dayOfMonth('2024-03-04T23:30:00-02:00') => 4
    monthOfYear('2024-03-04') => 3
    hourOfDay('2024-03-04T23:30:00+02:00') => 23
    hourOfDay('2024-03-04') =>
        error: The 'hourOfDay()' function could not parse 'date': Text '2024-03-04' could not be parsed at index 10 (…:1)
        error: PebbleException: The 'hourOfDay()' function could not parse 'date': Text '2024-03-04' could not be parsed at index 10 (…:1)
    isLastWorkingDay('2024-02-29') => true
    isLastWorkingDay('2024-03-29') => true
    isLastWorkingDay('2024-03-31') => false
    isLastWorkingDay('2024-02-28', 2) =>
        error: The 'isLastWorkingDay()' function received an invalid 'workingDays' value: '2'. Expected day names like MONDAY, TUESDAY, etc. (…:1)
        error: PebbleException: The 'isLastWorkingDay()' function received an invalid 'workingDays' value: '2'. Expected day names like MONDAY, TUESDAY, etc. (…:1)
    isDayWeekInMonth('2024-03-25', 'MONDAY', 'LAST') => true
    isDayWeekInMonth('2024-03-18', 'monday', 'third') => true
    isDayWeekInMonth('2024-03-04', 'MONDAY', '1') =>
        error: The 'isDayWeekInMonth()' function received an invalid 'position' value: '1'. Expected one of: FIRST, SECOND, THIRD, FOURTH, LAST. (…:1)
        error: PebbleException: The 'isDayWeekInMonth()' function received an invalid 'position' value: '1'. Expected one of: FIRST, SECOND, THIRD, FOURTH, LAST. (…:1)
    isDayWeekInMonth('2024-03-04', 'NODAY', 'FIRST') =>
        error: The 'isDayWeekInMonth()' function received an invalid 'dayOfWeek' value: 'NODAY'. Expected one of: MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY. (…:1)
        error: PebbleException: The 'isDayWeekInMonth()' function received an invalid 'dayOfWeek' value: 'NODAY'. Expected one of: MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY. (…:1)
    loopOutputs([{'outputs': {'value': 1}}, {}], 'value') => [1,null]
    loopOutputs('x') =>
        error: The 'loopOutputs' function expects 'outputs' to be a list. (…:1)
        error: PebbleException: The 'loopOutputs' function expects 'outputs' to be a list. (…:1)
    ");
    assert_snapshot!(check_versions(r##"
        '2024-02-29' | date('w W e F Y')
        '2024-12-30' | date('YYYY-ww')
    "##), @"
    '2024-02-29' | date('w W e F Y') => 9 5 5 5 2024
    '2024-12-30' | date('YYYY-ww') => 2025-01
    ");
}
