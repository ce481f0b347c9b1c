use super::*;
use crate::flow::kestra::versions::Version;
use crate::source::Source;
use crate::syntax;

/// What the lookup of a type name finds.
fn check(name: &str) -> String {
    match lookup(name, Version::V0_21) {
        Known::Simulated(known) => known.name.trim_start_matches("io.kestra.").to_owned(),
        Known::Opaque(_) => "Opaque".to_owned(),
        other => format!("{other:?}"),
    }
}

#[test]
fn old_names_lead_to_the_current_types() {
    let core = |class: &str| check(&format!("io.kestra.core.tasks.{class}"));
    assert_eq!(core("flows.Flow"), "plugin.core.flow.Subflow");
    assert_eq!(core("flows.Worker"), "plugin.core.flow.WorkingDirectory");
    assert_eq!(core("flows.EachParallel"), "plugin.core.flow.EachParallel");
    assert_eq!(core("debugs.Echo"), "plugin.core.debug.Echo");
    assert_eq!(core("executions.Counts"), "Opaque");
    assert_eq!(core("storages.LocalFiles"), "Opaque");
    assert_eq!(core("scripts.Bash"), "Opaque");
    assert_eq!(check("io.kestra.plugin.core.flow.WaitFor"), "plugin.core.flow.LoopUntil");
    assert_eq!(check("io.kestra.plugin.fs.http.Download"), "plugin.core.http.Download");
    assert_eq!(check("io.kestra.plugin.scripts.node.Script"), "plugin.scripts.python.Script");
    assert_eq!(check("io.kestra.plugin.scripts.groovy.Eval"), "Plugin");
    assert_eq!(check("io.kestra.plugin.core.flow.Paralel"), "NoSuchType");
    assert_eq!(check("io.kestra.plugin.core.flows.Parallel"), "NoSuchType");
    assert_eq!(check("io.kestra.plugin.core.json.JsonReader"), "Plugin");
    assert_eq!(check("Log"), "NotAName");
    assert_eq!(check("a. b"), "NotAName");
}

#[test]
fn triggers_and_conditions_have_old_names_too() {
    assert_eq!(current_name("io.kestra.core.models.conditions.types.DayWeekCondition"), "io.kestra.plugin.core.condition.DayWeekCondition");
    for name in ["io.kestra.core.models.triggers.types.Schedule", "io.kestra.plugin.fs.http.Trigger", "org.acme.Trigger"] {
        assert!(is_trigger_type(name, Version::V0_21), "{name}");
    }
    assert!(!is_trigger_type("io.kestra.plugin.core.trigger.Shedule", Version::V0_21));
}

#[test]
fn shapes_take_what_kestra_takes() {
    let fits = |shape: Shape, text: &str| {
        let source = Source::new("value", text);
        let (document, _) = syntax::parse(&source);
        let root = &document.roots[0];
        // Of `[&n 3, *n]` the alias.
        let node = if text.contains('&') { &root.items()[1] } else { root };
        shape.misfit(node, &source, Reading::Any).is_none()
    };
    let words = Shape::OneOf(&["QUEUE", "FAIL"]);
    for (shape, text) in [
        (Shape::Duration, "PT1S"),
        (Shape::Duration, "-P1DT2H"),
        (Shape::Duration, "90"),
        (Shape::Duration, "\"{{ inputs.d }}\""),
        (Shape::Count, "\"3\""),
        (Shape::Count, "\"{{ inputs.n }}\""),
        (Shape::Bool, "\"False\""),
        (words, "queue"),
        (Shape::Texts, "[a, 1, true]"),
        (Shape::Texts, "\"{{ inputs.all }}\""),
        (Shape::TextOrTexts, "a"),
        (Shape::Labels, "[{key: a, value: b}]"),
        (Shape::Values, "{a: 1}"),
        (Shape::Number, "1.5"),
        (Shape::Count, "[&n 3, *n]"),
        (Shape::Bool, "[&n true, *n]"),
        (Shape::Duration, "[&n 3, *n]"),
    ] {
        assert!(fits(shape, text), "{shape:?} {text}");
    }
    for (shape, text) in [
        (Shape::Duration, "3 seconds"),
        (Shape::Count, "-1"),
        (Shape::Count, "1.5"),
        (Shape::Bool, "maybe"),
        (words, "KEEP"),
        (Shape::Texts, "[[a]]"),
        (Shape::Texts, "a"),
        (Shape::Text, "[a]"),
        (Shape::Map, "[a]"),
        (Shape::Tasks, "{id: a}"),
        (Shape::Cases, "[a]"),
    ] {
        assert!(!fits(shape, text), "{shape:?} {text}");
    }
}

#[test]
fn no_table_names_a_property_twice() {
    for known in crate::flow::kinds::types() {
        let names: Vec<&str> = EVERY_TASK.iter().chain(known.properties).map(|property| property.name).collect();
        for (n, name) in names.iter().enumerate() {
            assert!(!names[..n].contains(name), "{} {name}", known.name);
        }
    }
}
