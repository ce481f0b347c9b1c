use super::*;

/// The values, as JSON, of inputs that are declared in YAML, given values by a map in JSON; then a line for each fault.
fn check(declared: &str, given: &str) -> String {
    let source = Source::new("inputs.yaml", declared);
    let (document, _) = syntax::parse(&source);
    let inputs = read_inputs(&document.roots[0], &source, &mut Vec::new());
    let given = Value::from_json(given).expect("the test gives JSON");
    let given: Vec<(String, Value)> =
        given.as_map().expect("it is a map").iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    let render = |text: &str| if text == "{{ vars.n }}" { Ok(Value::Int(7)) } else { Err(format!("no `{text}`")) };
    let (typed, errors) = resolve(&inputs, &given, &render, None, &Budget::default());
    let mut lines = vec![Value::Map(Rc::new(typed)).to_json()];
    lines.extend(errors.iter().map(|error| format!("{}{}", error.message, if error.is_missing() { " (missing)" } else { "" })));
    lines.join("\n")
}

#[test]
fn what_depends_on_an_input_that_is_not_given_sees_what_stands_for_it() {
    let source = Source::new(
        "inputs.yaml",
        "
- {id: kind, type: SELECT, values: [vm, disk]}
- {id: size, type: INT, dependsOn: {inputs: [kind], condition: \"{{ inputs.kind == 'disk' }}\"}}
- {id: name, type: STRING, dependsOn: {inputs: [kind], condition: \"{{ inputs.kind == 'vm' }}\"}}",
    );
    let inputs = read_inputs(&syntax::parse(&source).0.roots[0], &source, &mut Vec::new());
    let (typed, errors) = resolve(
        &inputs,
        &[],
        &|text| Err(format!("no `{text}`")),
        Some(&|input: &Input| sample(input, &Budget::default())),
        &Budget::default(),
    );
    assert_eq!(Value::Map(Rc::new(typed)).to_json(), r#"{"kind":"vm","name":"name"}"#);
    assert!(errors.len() == 2 && errors.iter().all(InputError::is_missing), "{errors:?}");
}

/// One input of a type, with more properties, given a text: its value, or the fault without Kestra's first words.
fn one(properties: &str, given: &str) -> String {
    let said = check(&format!("[{{id: x, {properties}}}]"), &Value::map([("x", Value::text(given))]).to_json());
    let said = said.strip_prefix("{}\nx: Invalid input for `x`, ").unwrap_or(&said);
    said.strip_prefix("{\"x\":").and_then(|rest| rest.strip_suffix('}')).unwrap_or(said).to_owned()
}

#[test]
fn texts_become_values_of_their_type() {
    assert_eq!(one("type: STRING", "a"), r#""a""#);
    assert_eq!(one("type: INT", "42"), "42");
    assert_eq!(one("type: FLOAT", "42.42"), "42.42");
    assert_eq!(one("type: BOOL", "TRUE"), "true");
    assert_eq!(one("type: BOOLEAN", "no"), "false");
    assert_eq!(one("type: DATETIME", "2019-10-06T18:27:49Z"), r#""2019-10-06T18:27:49.000Z""#);
    assert_eq!(one("type: DATE", "2019-10-06"), r#""2019-10-06""#);
    assert_eq!(one("type: TIME", "18:27"), r#""18:27:00""#);
    assert_eq!(one("type: DURATION", "PT306S"), r#""PT5M6S""#);
    assert_eq!(one("type: JSON", "{\"a\": [1, null]}"), r#"{"a":[1,null]}"#);
    assert_eq!(one("type: YAML", "some: property\nlist:\n- of\n- values"), r#"{"some":"property","list":["of","values"]}"#);
    assert_eq!(one("type: ARRAY, itemType: INT", "[1, \"2\"]"), "[1,2]");
    assert_eq!(one("type: MULTISELECT, values: [a, b]", "[\"b\"]"), r#"["b"]"#);
    for uri in ["https://www.google.com", "ftp://my-bucket.s3.org/a.txt?x=1#y", "http://u:p@a.b_c.io:80/(x)"] {
        assert_eq!(one("type: URI", uri), format!("{uri:?}"));
    }
    assert_eq!(one("type: SELECT, values: [a], allowCustomValue: true", "c"), r#""c""#);
}

#[test]
fn a_value_of_another_type_has_kestras_message() {
    insta::assert_snapshot!([
        one("type: INT", "4.5"),
        one("type: INT", "3000000000"),
        one("type: FLOAT", "x"),
        one("type: DATETIME", "yesterday"),
        one("type: DATE", "2019-02-30"),
        one("type: TIME", "25:00"),
        one("type: DURATION", "5 s"),
        one("type: JSON", "{a"),
        one("type: URI", "here"),
        one("type: URI", "http:/example.org"),
        one("type: URI", "http://localhost:8080/a"),
        one("type: URI", "https://example.org/a b"),
        one("type: EMAIL", "a@b@c"),
        one("type: ARRAY, itemType: INT", r#"["s1", "s2"]"#),
        one("type: ARRAY, itemType: INT", "1"),
        one("type: ENUM, values: [ENUM_VALUE, OTHER_ONE]", "INVALID"),
        one("type: MULTISELECT, values: [a, b]", r#"["a", "c"]"#),
        one(r"type: STRING, validator: 'A\d+'", "foo"),
        one("type: INT, min: 10, max: 20", "9"),
        one("type: INT, min: 10, max: 20", "21"),
        one("type: FLOAT, max: 0.5", "1.01"),
        one("type: DATE, after: 2023-01-01", "2022-01-01"),
        one("type: TIME, before: '11:59:00'", "12:00:00"),
        one("type: DATETIME, after: '2023-01-01T00:00:00Z'", "2022-01-01T00:00:00Z"),
        one("type: DURATION, min: PT10S", "PT1S"),
        one("type: DURATION, max: PT20S", "PT30S"),
    ].join("\n"), @r#"
    For input string: "4.5", but received `4.5`
    For input string: "3000000000", but received `3000000000`
    For input string: "x", but received `x`
    Expected `DATETIME` but received `yesterday`, but received `yesterday`
    Expected `DATE` but received `2019-02-30`, but received `2019-02-30`
    Expected `TIME` but received `25:00`, but received `25:00`
    Expected `DURATION` but received `5 s`, but received `5 s`
    Expected `JSON` but received `{a`, but received `{a`
    Expected `URI` but received `here`, but received `here`
    Expected `URI` but received `http:/example.org`, but received `http:/example.org`
    Expected `URI` but received `http://localhost:8080/a`, but received `http://localhost:8080/a`
    Expected `URI` but received `https://example.org/a b`, but received `https://example.org/a b`
    The input must be a valid email, but received `a@b@c`
    Unable to parse array element as `INT` on `s1`, but received `["s1", "s2"]`
    Expected `ARRAY` but received `1`, but received `1`
    it must match the values `[ENUM_VALUE, OTHER_ONE]`, but received `INVALID`
    it must match the values `[a, b]`, but received `["a", "c"]`
    it must match the pattern `A\d+`, but received `foo`
    it must be more than `10`, but received `9`
    it must be less than `20`, but received `21`
    it must be less than `0.5`, but received `1.01`
    it must be after `2023-01-01`, but received `2022-01-01`
    it must be before `11:59`, but received `12:00:00`
    it must be after `2023-01-01T00:00:00Z`, but received `2022-01-01T00:00:00Z`
    It must be more than `PT10S`, but received `PT1S`
    It must be less than `PT20S`, but received `PT30S`
    "#);
}

#[test]
fn defaults_are_used_and_missing_values_are_reported() {
    insta::assert_snapshot!(check(
        "- {id: a, type: STRING}
- {id: b, type: INT, required: false}
- {id: c, type: INT, defaults: '{{ vars.n }}'}
- {id: d, type: INT, defaults: '{{ inputs.c + 1 }}'}
- {name: e, type: STRING, defaults: ''}
- {id: f, type: YAML, defaults: {k: ['{{ vars.n }}']}}
- {id: g, type: STRING, defaults: '{{ nope }}'}",
        r#"{"other": 1, "b": null}"#,
    ), @r#"
    {"b":null,"c":7,"d":8,"e":"","f":{"k":[7]}}
    a: Invalid input for `a`, missing required input, but received `null` (missing)
    g: Invalid input for `g`, no `{{ nope }}`, but received `null`
    "#);
}

#[test]
fn dots_nest_and_nested_values_are_found() {
    let declared = "- {id: n.s, type: STRING}\n- {id: n.more.int, type: INT}\n- {id: n.b, type: BOOL}\n";
    assert_eq!(check(declared, r#"{"n.s": "x", "n": {"more": {"int": "1"}, "b": true}}"#), r#"{"n":{"s":"x","more":{"int":1},"b":true}}"#);
    let form = "- {id: env, type: FORM, inputs: [{id: region, type: STRING}]}\n";
    assert_eq!(check(form, r#"{"env": {"region": "eu"}}"#), r#"{"env":{"region":"eu"}}"#);
}

#[test]
fn an_input_whose_condition_is_not_met_is_absent() {
    let declared = "- {id: size, type: INT, dependsOn: {inputs: [cloud], condition: '{{ inputs.cloud == \"aws\" }}'}}
- {id: cloud, type: SELECT, values: [aws, none]}
- {id: disk, type: STRING, dependsOn: {inputs: [size]}}
";
    assert_eq!(check(declared, r#"{"cloud": "none", "size": "x"}"#), r#"{"cloud":"none"}"#);
    assert_eq!(check(declared, r#"{"cloud": "aws", "size": "3", "disk": "d"}"#), r#"{"size":3,"cloud":"aws","disk":"d"}"#);
    // The validation reports a cycle; here it must only end.
    let cycle = "- {id: a, type: INT, dependsOn: {inputs: [b]}}\n- {id: b, type: INT, dependsOn: {inputs: [a]}}\n";
    assert_eq!(check(cycle, r#"{"a": 1, "b": 2}"#), r#"{"a":1,"b":2}"#);
}

#[test]
fn a_sample_is_a_valid_value() {
    for declared in [
        "type: STRING",
        r"type: STRING, validator: 'A\d+'",
        "type: INT, min: 10",
        "type: INT, max: -3",
        "type: FLOAT, min: 0.1, max: 0.5",
        "type: BOOL",
        "type: DATETIME, before: '2020-01-01T00:00:00Z'",
        "type: DATE, after: 2030-01-01",
        "type: TIME, before: '01:00:00'",
        "type: DURATION, min: PT1H",
        "type: FILE",
        "type: JSON",
        "type: YAML",
        "type: URI",
        "type: EMAIL",
        "type: SECRET",
        "type: SELECT, values: [a, b]",
        "type: MULTISELECT, values: [a, b]",
        "type: ARRAY, itemType: DATE",
        "type: ION",
    ] {
        let source = Source::new("inputs.yaml", format!("[{{id: x, {declared}}}]"));
        let (document, _) = syntax::parse(&source);
        let inputs = read_inputs(&document.roots[0], &source, &mut Vec::new());
        let value = sample(&inputs[0], &Budget::default());
        let printed = print(inputs[0].kind, &value);
        assert!(!printed.contains('⟨'), "{declared}: what stands in the form can be given");
        for given in [value, Value::text(&printed)] {
            let (_, errors) = resolve(&inputs, &[("x".to_owned(), given)], &|_| Err(String::new()), None, &Budget::default());
            assert_eq!(errors.first().map(|error| &*error.message), None, "{declared}");
        }
    }
}

#[test]
fn an_alias_stands_for_its_value() {
    let declared = "- {id: a, type: INT, max: &n 3, required: &no false}\n- {id: b, type: INT, max: *n, required: *no}\n";
    assert_eq!(check(declared, r#"{"b": "4"}"#), "{\"a\":null}\nb: Invalid input for `b`, it must be less than `3`, but received `4`");
    assert_eq!(check(declared, "{}"), r#"{"a":null,"b":null}"#);
}

#[test]
fn outputs_are_typed_too() {
    let said =
        |kind: &str, value: Value| typed_output("o", kind, value, &Dialect::OLDEST).map_or_else(|error| error, |value| value.to_json());
    assert_eq!(said("STRING", Value::map([("a", Value::Int(1))])), r#""{\"a\":1}""#);
    assert_eq!(said("INT", Value::text("3")), "3");
    assert_eq!(said("INT", Value::text("x")), "For input string: \"x\"");
    assert_eq!(said("", Value::Bool(true)), "true");
    assert_eq!(said("ARRAY", Value::text("[1]")), "[1]");
    assert_eq!(said("INT", Value::unknown("outputs.q.n")), r#""⟨outputs.q.n⟩""#);
}

#[test]
fn a_condition_on_an_input_without_a_value_is_wrong_for_want_of_that_value() {
    let source = Source::new(
        "inputs.yaml",
        "- {id: t, type: SELECT, values: [A, B]}\n- {id: m, type: STRING, dependsOn: {inputs: [t], condition: \"{{ inputs.t equals 'A' }}\"}}\n",
    );
    let (document, _) = syntax::parse(&source);
    let inputs = read_inputs(&document.roots[0], &source, &mut Vec::new());
    let (_, errors) = resolve(&inputs, &[], &|_| Err("not here".to_owned()), None, &Budget::default());
    assert_eq!(errors.iter().map(|error| (&*error.id, error.is_missing())).collect::<Vec<_>>(), [("t", true), ("m", true)]);
}
