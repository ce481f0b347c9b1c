use super::*;
use crate::flow::kestra::schema::{CONCURRENCY, EVERY_INPUT, EVERY_TASK, FLOW, RETRY, RETRY_KINDS, input_properties, input_types, lookup};
use crate::flow::kestra::versions::Version;

/// The names that a version knows, in order.
fn names<'a>(properties: impl IntoIterator<Item = &'a Property>, version: Version) -> Vec<&'a str> {
    let mut names: Vec<&str> =
        properties.into_iter().filter(|property| property.versions.has(version)).map(|property| property.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The list that the script writes beside that of the types, by the name of each part of a flow.
fn part(name: &str) -> Option<(Versions, Vec<Property>)> {
    let (mark, listed) = include_str!("../core_parts.txt").lines().find_map(|line| {
        let (known, properties) = line.split_once(' ')?;
        (known.trim_start_matches(['<', '>']) == name).then_some((known, properties))
    })?;
    Some((marked(mark).0, listed.split_whitespace().map(property).collect()))
}

#[test]
fn each_version_knows_the_types_of_its_schema() {
    let n = |version| core_types().filter(|core| core.versions.has(version)).count();
    // Four classes of the schema of 1.3 are parts of ForEachItem and Template.
    assert_eq!((n(Version::V1_3), n(Version::V2_0)), (61, 49));
    for core in core_types() {
        for version in [Version::V1_3, Version::V2_0] {
            let found = lookup(core.name, version);
            assert_eq!(
                matches!(found, crate::flow::kestra::schema::Known::OtherVersion(_)),
                !core.versions.has(version),
                "{} {found:?}",
                core.name
            );
        }
    }
}

#[test]
fn the_tables_of_a_flow_and_its_parts_agree_with_the_schema() {
    for version in [Version::V1_3, Version::V2_0] {
        let (_, flow) = part("flow").expect("it is listed");
        // The schema leaves out what the server itself adds, and what it never sees.
        let ours: Vec<&str> = names(FLOW, version).into_iter().filter(|name| !["source", "tenantId", "extend"].contains(name)).collect();
        assert_eq!(ours, names(&flow, version), "flow {version:?}");
        let (_, task) = part("task").expect("it is listed");
        // It is written from a Sleep, and without the type.
        let ours: Vec<&str> = names(EVERY_TASK, version).into_iter().filter(|name| *name != "type").collect();
        let theirs: Vec<&str> = names(&task, version).into_iter().filter(|name| *name != "duration").collect();
        assert_eq!(ours, theirs, "task {version:?}");
        let (_, concurrency) = part("concurrency").expect("it is listed");
        assert_eq!(names(CONCURRENCY, version), names(&concurrency, version));
        for (kind, own) in RETRY_KINDS {
            let (_, listed) = part(&format!("retry_{}{}", kind[..1].to_ascii_uppercase(), &kind[1..])).expect("it is listed");
            let of_others = |name: &str| RETRY_KINDS.iter().any(|(_, other)| other.iter().any(|(known, _)| *known == name));
            let is_own = |name: &str| own.iter().any(|(known, _)| *known == name);
            let ours: Vec<&str> = names(RETRY, version)
                .into_iter()
                .filter(|name| *name != "type" && (!of_others(name) || is_own(name)))
                // An alias of 1.3, which the schema does not list.
                .filter(|name| *name != "maxAttempt")
                .collect();
            assert_eq!(ours, names(&listed, version), "{kind} {version:?}");
        }
        for kind in input_types(version) {
            let Some((versions, listed)) = part(&format!("input_{kind}")) else { panic!("{kind} is not listed") };
            assert!(versions.has(version), "{kind} {version:?}");
            let own = input_properties(kind, version).unwrap_or_default();
            let ours: Vec<&str> = names(EVERY_INPUT.iter().chain(own), version).into_iter().filter(|name| *name != "type").collect();
            assert_eq!(ours, names(&listed, version), "{kind} {version:?}");
        }
    }
}

#[test]
fn a_simulated_type_has_its_own_words_and_the_properties_of_each_version() {
    let pause = core_type("io.kestra.plugin.core.flow.Pause").expect("it is listed");
    let known = |version| names(pause.properties, version).join(" ");
    assert_eq!(known(Version::V1_3), "behavior delay errors finally onPause onResume pauseDuration tasks");
    assert_eq!(known(Version::V2_0), "behavior errors finally onPause onResume pauseDuration");
    let parallel = core_type("io.kestra.plugin.core.flow.Parallel").expect("it is listed");
    assert!(names(parallel.properties, Version::V0_21).contains(&"failFast"));
    assert_eq!(names(parallel.properties, Version::V1_3).join(" "), "concurrent errors finally tasks");
    let concurrent = parallel.properties.iter().find(|property| property.name == "concurrent").expect("it is listed");
    assert!(concurrent.is_rendered && concurrent.default == "0" && !concurrent.words.is_empty());
    let interrupts = parallel.properties.iter().find(|property| property.name == "onChildFailure").expect("it is listed");
    assert_eq!((interrupts.default, interrupts.versions.has(Version::V1_3)), ("FAIL", false));
}
