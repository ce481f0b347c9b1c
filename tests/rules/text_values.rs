//! A number, a flag or a duration in quotes is read as without: for every property of every task type, of a flow and of its parts, in
//! every version. Rule: Kestra, "Versions", Values.

use parallelogram::flow::kestra::schema::{
    CONCURRENCY, EVERY_INPUT, EVERY_TASK, FLOW, Property, RETRY, SLA, Shape, core_types, input_properties, input_types,
};
use parallelogram::flow::kinds;
use parallelogram::flow::{Version, read_text_for};
use parallelogram::source::Source;
use regex_lite::Regex;

const LEAF: &str = "{id: z, type: io.kestra.plugin.core.debug.Return}";

/// Values to write without quotes and with them.
fn values(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Bool => &["true", "false"],
        Shape::Count => &["2", "0", "1"],
        Shape::Number => &["2", "2.5"],
        Shape::Duration => &["PT2S", "2"],
        _ => &[],
    }
}

/// A value that a property of this shape takes.
fn sample(property: &Property) -> String {
    let of = |properties: &[Property]| {
        let needed = properties.iter().filter(|property| property.is_required());
        format!("{{{}}}", needed.map(|property| format!("{}: {}", property.name, sample(property))).collect::<Vec<_>>().join(", "))
    };
    match property.shape {
        Shape::Bool => "true".to_owned(),
        Shape::Count | Shape::Number => "2".to_owned(),
        Shape::Duration => "PT2S".to_owned(),
        Shape::OneOf(words) => words[0].to_owned(),
        Shape::Texts | Shape::TextOrTexts | Shape::Values => "[x]".to_owned(),
        Shape::Map | Shape::Labels => "{x: y}".to_owned(),
        Shape::Tasks => format!("[{LEAF}]"),
        Shape::Task => LEAF.to_owned(),
        Shape::DagTasks => format!("[{{task: {LEAF}}}]"),
        Shape::Cases => format!("{{x: [{LEAF}]}}"),
        Shape::Inputs => "[{id: x, type: STRING}]".to_owned(),
        Shape::Triggers => "[{id: x, type: io.kestra.plugin.core.trigger.Webhook, key: x}]".to_owned(),
        Shape::Retry => "{type: constant, interval: PT2S}".to_owned(),
        Shape::Object(properties) => of(properties),
        Shape::Objects(properties) => format!("[{}]", of(properties)),
        Shape::Any | Shape::Text => "x".to_owned(),
    }
}

/// A flow with one value, without quotes and with them, and what the value is of.
struct Pair {
    name: String,
    texts: [String; 2],
}

/// A pair for each value of each of these properties, and of those within them. `whole` gives the text for what stands in the map.
fn pairs(of: &str, properties: &[Property], given: &[(&str, &str)], whole: &dyn Fn(&str) -> String, found: &mut Vec<Pair>) {
    for property in properties {
        let is_other = |other: &&Property| other.name != property.name && given.iter().all(|(name, _)| *name != other.name);
        let others = properties.iter().filter(|other| other.is_required()).filter(is_other);
        let mut rest: Vec<String> =
            given.iter().filter(|(name, _)| *name != property.name).map(|(name, value)| format!("{name}: {value}")).collect();
        rest.extend(others.map(|other| format!("{}: {}", other.name, sample(other))));
        let name = format!("{of}.{}", property.name);
        let with = |value: &str| whole(&format!("{}: {value}, {}", property.name, rest.join(", ")));
        for value in values(property.shape) {
            let texts = [with(value), with(&format!("\"{value}\""))];
            found.push(Pair { name: format!("{name}: {value}"), texts });
        }
        match property.shape {
            Shape::Object(inner) => pairs(&name, inner, &[], &|map| with(&format!("{{{map}}}")), found),
            Shape::Objects(inner) => pairs(&name, inner, &[], &|map| with(&format!("[{{{map}}}]")), found),
            _ => {}
        }
    }
}

fn all_pairs(version: Version) -> Vec<Pair> {
    let mut found = Vec::new();
    let flow = |rest: String| format!("id: f\nnamespace: n\ntasks: [{LEAF}]\n{rest}");
    let task = |map: &str| format!("id: f\nnamespace: n\ntasks: [{{{map}}}]\n");
    let simulated = kinds::types().map(|known| (known.name, known.properties));
    let core = core_types().map(|known| (known.name, known.properties));
    for (name, own) in simulated.chain(core) {
        let properties: Vec<Property> = EVERY_TASK.iter().chain(own).copied().collect();
        pairs(name, &properties, &[("id", "a"), ("type", name)], &task, &mut found);
    }
    pairs("flow", FLOW, &[("id", "f"), ("namespace", "n")], &|map| format!("{{{map}}}"), &mut found);
    pairs("concurrency", CONCURRENCY, &[], &|map| flow(format!("concurrency: {{{map}}}\n")), &mut found);
    pairs("sla", SLA, &[("id", "s")], &|map| flow(format!("sla: [{{{map}}}]\n")), &mut found);
    for kind in ["constant", "exponential", "random"] {
        let given = [("type", kind), ("interval", "PT2S"), ("maxInterval", "PT9S"), ("minInterval", "PT1S")];
        pairs(&format!("retry {kind}"), RETRY, &given, &|map| flow(format!("retry: {{{map}}}\n")), &mut found);
    }
    for kind in input_types(version) {
        let own = input_properties(kind, version).unwrap_or_default().iter();
        // What a range begins and ends with is read by the type of the input.
        let own = own.map(
            |property| if matches!(property.name, "min" | "max") { Property { shape: Shape::Number, ..*property } } else { *property },
        );
        let properties: Vec<Property> = EVERY_INPUT.iter().copied().chain(own).collect();
        pairs(
            &format!("input {kind}"),
            &properties,
            &[("id", "i"), ("type", kind)],
            &|map| flow(format!("inputs: [{{{map}}}]\n")),
            &mut found,
        );
    }
    found
}

/// What a text is read as, without its places: the messages, and the flow.
fn read(text: &str, version: Version) -> (Vec<String>, String) {
    let (_, flows, diagnostics) = read_text_for(&Source::new("flow.yaml", text), Some(version));
    let places = Regex::new(r"(start|end): \d+").expect("it is a pattern");
    let messages = diagnostics.iter().map(|found| found.message.replace('"', "")).collect();
    (messages, places.replace_all(&format!("{flows:?}"), "").into_owned())
}

#[test]
fn quotes_change_nothing() {
    for version in Version::ALL {
        let pairs = all_pairs(version);
        assert!(pairs.len() > 500, "{}", pairs.len());
        let differs = |pair: &&Pair| read(&pair.texts[0], version) != read(&pair.texts[1], version);
        let wrong: Vec<String> = pairs.iter().filter(differs).map(|pair| format!("{} in {}", pair.name, version.as_str())).collect();
        assert_eq!(wrong, Vec::<String>::new());
    }
}

/// What `FLOW` and the others say is read: a limit, a flag and a duration that are in quotes take effect.
#[test]
fn numbers_in_quotes_take_effect() {
    let text = |quote: &str| {
        let q = |value: &str| format!("{quote}{value}{quote}");
        format!(
            "id: f\nnamespace: n\nconcurrency: {{limit: {}}}\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: {}\n    allowFailure: {}\n    tasks:\n      - {{id: a, type: io.kestra.plugin.core.flow.Sleep, duration: {}}}\n      - {{id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S, disabled: {}}}\n      - {{id: c, type: io.kestra.plugin.core.execution.Fail, retry: {{type: constant, interval: {}, maxAttempts: {}}}}}\n",
            q("1"),
            q("1"),
            q("true"),
            q("PT2S"),
            q("true"),
            q("PT3S"),
            q("3"),
        )
    };
    for version in Version::ALL {
        let run = |text: String| {
            let (_, flows, diagnostics) = read_text_for(&Source::new("flow.yaml", text), Some(version));
            assert!(!flows.is_empty(), "{diagnostics:?}");
            super::simulate(&flows, &super::Scenario::default()).end
        };
        assert_eq!(run(text("\"")), run(text("")));
        assert_eq!(run(text("'")).0, 8000, "{}", version.as_str());
    }
}
