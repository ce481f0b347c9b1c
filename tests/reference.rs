//! The reference in `docs/reference/` is written from the tables of the code: the properties and task types that validation and
//! completion use, and the parameters of a link. `UPDATE_DOCS=1` writes its pages anew. That of the commands is written by
//! `src/bin/cli/reference.rs`.

use std::path::Path;

#[path = "../src/web/key_list.rs"]
mod key_list;

use parallelogram::docs::PARAMETER_WORDS;
use parallelogram::flow::Version;
use parallelogram::flow::kestra::schema::{self, Property, Runner, Shape, TaskType};
use parallelogram::flow::kestra::versions::Versions;
use parallelogram::flow::kinds::types;
use parallelogram::lesson::{Lesson, in_language, read};
use parallelogram::share::{About, PARAMETERS};
use parallelogram::source::Source;
use parallelogram::tr;

/// Compares a page with what it should be, or writes it.
fn check(name: &str, page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, page).expect("the page can be written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "docs/reference/{name} is out of date: `UPDATE_DOCS=1 cargo test --test reference` writes it");
}

/// A text within a cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn value(shape: Shape) -> String {
    match shape {
        Shape::OneOf(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Shape::Any => "anything".to_owned(),
        _ => shape.wanted().to_owned(),
    }
}

/// The versions that know something; empty for all of them.
fn only(versions: Versions) -> String {
    if versions == Versions::ALL {
        return String::new();
    }
    Version::ALL.into_iter().filter(|version| versions.has(*version)).map(Version::as_str).collect::<Vec<_>>().join(", ")
}

/// A table without the columns that would be empty.
fn table(properties: &[Property]) -> String {
    let row = |property: &Property| {
        let name = format!("`{}`{}", property.name, if property.is_required() { ", required" } else { "" });
        let default = if property.default.is_empty() { String::new() } else { format!("`{}`", property.default) };
        let old = if property.is_old { "old in 1.3" } else { "" };
        let words = [property.words, old].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("; ");
        [name, value(property.shape), default, only(property.versions), words]
    };
    let rows: Vec<[String; 5]> = properties.iter().map(row).collect();
    let heads = ["property", "value", "default", "only in", "what it does"];
    let shown: Vec<usize> = (0..heads.len()).filter(|at| rows.iter().any(|row| !row[*at].is_empty())).collect();
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let head = line(shown.iter().map(|at| heads[*at].to_owned()).collect());
    let under = line(shown.iter().map(|_| "---".to_owned()).collect());
    let rows: String = rows.iter().map(|row| line(shown.iter().map(|at| cell(&row[*at])).collect())).collect();
    [head, under, rows].concat()
}

/// The class of a type, with its package where several types have this class.
fn short_name(known: &TaskType) -> String {
    let parts: Vec<&str> = known.name.rsplit('.').collect();
    let is_class = |other: &TaskType| other.name.rsplit('.').next() == Some(parts[0]);
    if types().filter(|other| is_class(other)).count() > 1 { [parts[1], ".", parts[0]].concat() } else { parts[0].to_owned() }
}

#[test]
fn the_page_of_task_kinds_is_up_to_date() {
    let section = |known: &TaskType| {
        let more = known.same.iter().map(|name| format!("\nThe same: `{name}`\n"));
        let former = known.former.iter().map(|name| format!("\nFormerly: `{name}`\n"));
        let runner = match known.runner {
            Runner::Worker => "a worker",
            Runner::Executor => "the executor",
        };
        let own = if known.properties.is_empty() { "It has no properties of its own.\n".to_owned() } else { table(known.properties) };
        format!(
            "\n## {}\n\n`{}` {}. It runs in {runner}.\n{}\n{own}",
            short_name(known),
            known.name,
            known.words,
            more.chain(former).collect::<String>()
        )
    };
    let sections: String = types().map(section).collect();
    let page = format!(
        "# Task kinds\n\n<!-- Written from the code: see tests/reference.rs. -->\n\nThe types that are simulated, each with its own properties. \
        [Those of every task](properties.md#every-task) come on top. Any other type runs as an opaque task: see \
        [Task types](../fidelity.md#task-types).\n{sections}"
    );
    check("tasks.md", &page);
}

#[test]
fn the_page_of_properties_is_up_to_date() {
    let parts: [(&str, &str, &[Property]); 12] = [
        ("Flow", "What stands at the top of a flow.", schema::FLOW),
        ("Every task", "What every task may have, whatever its type.", schema::EVERY_TASK),
        ("Retry", "The value of `retry`, of a task or of a flow.", schema::RETRY),
        ("Task of a Dag", "An item of the `tasks` of a Dag.", schema::DAG_TASK),
        ("Every input", "What every input may have, whatever its type.", schema::EVERY_INPUT),
        ("Output", "An item of the `outputs` of a flow.", schema::OUTPUT),
        ("Concurrency", "The `concurrency` of a flow: how many of its executions may run at once.", schema::CONCURRENCY),
        ("SLA", "An item of `sla`: what a flow demands of its executions.", schema::SLA),
        ("Plugin default", "An item of `pluginDefaults`.", schema::PLUGIN_DEFAULT),
        ("Check", "An item of `checks`.", schema::CHECK),
        ("Listener", "An item of `listeners`.", schema::LISTENER),
        ("Every trigger", "What every trigger may have. Triggers are read, and start nothing.", schema::EVERY_TRIGGER),
    ];
    let sections: String =
        parts.iter().map(|(name, words, properties)| format!("\n## {name}\n\n{words}\n\n{}", table(properties))).collect();
    let kinds = schema::RETRY_KINDS.iter().map(|(name, own)| {
        let own = own.iter().map(|(name, is_required)| format!("`{name}`{}", if *is_required { ", required" } else { "" }));
        format!("| `{name}` | {} |\n", own.collect::<Vec<_>>().join("; "))
    });
    let page = format!(
        "# Properties\n\n<!-- Written from the code: see tests/reference.rs. -->\n\nWhat a flow may hold beside [its tasks](tasks.md). A property \
        that only some versions of Kestra know names them. A value may be an expression where Kestra renders it.\n{sections}\n\
        ## Types of a retry\n\n| type | its properties |\n| --- | --- |\n{}\n## Types of inputs\n\n{}.\n",
        kinds.collect::<String>(),
        schema::INPUT_TYPES.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    );
    check("properties.md", &page);
}

#[test]
fn the_page_of_keys_is_up_to_date() {
    let keys = |what: &str| what.split(' ').map(|key| format!("<kbd>{key}</kbd>")).collect::<Vec<_>>().join(" ");
    let rows: String = key_list::list().iter().map(|(what, does)| format!("| {} | {} |\n", keys(what), cell(does))).collect();
    let page = format!(
        "# Keys\n\n<!-- Written from the code: see tests/reference.rs. -->\n\nThe keys of the timeline: they work while it has the focus, and \
        wherever the focus is while the chart is presented. <kbd>?</kbd> shows this list on the page, where keys without <kbd>Ctrl</kbd> can be \
        turned off. <kbd>Tab</kbd> from the top of the page first reaches *Skip to the timeline*.\n\n| key | what it does |\n| --- | --- |\n{rows}"
    );
    check("keys.md", &page);
}

#[test]
fn the_page_of_link_parameters_is_up_to_date() {
    assert!(PARAMETERS.iter().map(|(name, _)| *name).eq(PARAMETER_WORDS.iter().map(|(name, _)| *name)), "each parameter has its words");
    let of = |about: About| {
        let words = PARAMETERS.iter().zip(PARAMETER_WORDS).filter(|((_, found), _)| *found == about).map(|(_, words)| words);
        let rows: String = words.map(|(name, words)| format!("| `{name}` | {} |\n", cell(words))).collect();
        format!("| name | value |\n| --- | --- |\n{rows}")
    };
    let page = format!(
        "# Parameters of a link\n\n<!-- Written from the code: see tests/reference.rs. -->\n\nThe page and an embed take them in the fragment of \
        their address, the element as attributes, a fence as words behind `yaml flow`, and a directive as options: see \
        [Links and embeds](../embedding.md).\n\n## The flow\n\n{}\n## Its run\n\n{}\n## What is shown\n\n{}\n## What the page keeps\n\n{}\n## The frame of an embed\n\n{}\n\
        ## What is claimed\n\n{}\n[The claims](../embedding.md#claims-that-are-checked) that can be made.\n",
        of(About::Text),
        of(About::Run),
        of(About::View),
        of(About::Page),
        of(About::Frame),
        of(About::Claim),
    );
    check("link.md", &page);
}

#[test]
fn the_page_of_lessons_lists_them_all() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("there are lessons").map(|file| file.expect("it is a file").path()).collect();
    files.sort();
    let row = |file: &std::path::PathBuf| {
        let source = Source::new("lesson", std::fs::read_to_string(file).expect("it can be read"));
        let Lesson { id, title, idea, .. } = read(&source).expect("it is a lesson");
        format!("| [{}](../#lesson={id}) | {} |\n", cell(in_language(&title, "en")), cell(in_language(&idea, "en")))
    };
    let rows: String = files.iter().map(row).collect();
    let page = format!(
        "# Lessons\n\n<!-- Written from the code: see tests/reference.rs. -->\n\nEach takes a few minutes and has one idea. You guess what a flow will \
        do, run it, and meet the difference. How far you are stays on your device; [the list on the page](../#lessons) shows it.\n\n\
        | lesson | what it is about |\n| --- | --- |\n{rows}\nOn paper a lesson is its flow with empty charts to draw into, and the answers on a page of \
        their own: open it and print the page. How to [write one](howto/teach.md#write-a-lesson).\n"
    );
    check("../lessons.md", &page);
}
