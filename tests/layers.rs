//! The rooms of `src` hold, as ARCHITECTURE.md draws them: a file imports only what stands above it.
//!
//! Read are all paths that start with `crate` or `super`, in `use` items and in the code, without what is compiled for
//! tests only.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use parallelogram::graph::Graph;
use regex_lite::Regex;

/// The rooms whose files import each other in one direction only, apart from a parent and what is below it.
const WITHOUT_CYCLES: [&str; 14] =
    ["syntax", "expr", "shell", "flow", "sim", "analysis", "timeline", "render", "edit", "convert", "upgrade", "complete", "app", "web"];

/// What the simulation may import of the rooms of the dialects: inputs are typed and checked when an execution starts, and a
/// version of Kestra decides how it runs.
const OPEN_TO_SIM: [&str; 3] = ["flow::kestra::checks", "flow::kestra::inputs", "flow::kestra::versions"];

/// The files outside its own room that know XL Release: they list the dialects, or are the door to its room.
const KNOW_XL_RELEASE: [&str; 6] =
    ["convert/mod.rs", "edit/mod.rs", "examples.rs", "flow/dialect.rs", "flow/kinds/planned.rs", "flow/mod.rs"];

#[test]
fn a_room_imports_only_rooms_above_it() {
    let lib = fs::read_to_string("src/lib.rs").expect("src/lib.rs can be read");
    let rooms: Vec<&str> = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let place = |module: &str| rooms.iter().position(|room| is_within(module, room));
    // The engine stands below `flow`, so this also keeps the task kinds from importing it.
    assert_no_imports(|from, to| place(from).is_some() && place(to) > place(from));
}

#[test]
fn the_simulation_imports_no_task_kind_and_no_dialect() {
    let is_hidden = |to: &str| ["flow::kinds", "flow::kestra", "flow::xl_release"].iter().any(|room| is_within(to, room));
    let is_open = |to: &str| OPEN_TO_SIM.iter().any(|module| is_within(to, module));
    assert_no_imports(|from, to| is_within(from, "sim") && is_hidden(to) && !is_open(to));
}

#[test]
fn files_of_a_room_import_each_other_in_one_direction() {
    let imports = imports(&sources());
    let modules: Vec<&String> = imports.keys().filter(|module| WITHOUT_CYCLES.iter().any(|room| is_within(module, room))).collect();
    let is_family = |one: &str, other: &str| is_within(one, other) || is_within(other, one);
    let place = |from: &str, to: &String| if is_family(from, to) { None } else { modules.binary_search(&to).ok() };
    let edges: Vec<Vec<usize>> = modules.iter().map(|from| imports[*from].iter().filter_map(|to| place(from, to)).collect()).collect();
    let cycle = Graph { n_nodes: modules.len(), edge: &|from, nth| edges[from].get(nth).copied() }.cycle();
    let names: Vec<&str> = cycle.into_iter().flatten().map(|at| modules[at].as_str()).collect();
    assert!(names.is_empty(), "these import each other in a cycle: {}", names.join(" -> "));
}

#[test]
fn only_a_few_files_know_xl_release() {
    let words = Regex::new(r"(?i)xl.?release|\bxlr\b").expect("the pattern is valid");
    let sources = sources();
    let outside = sources.values().filter(|(path, _)| !path.contains("xl_release"));
    let know: BTreeSet<&str> = outside.filter(|(_, text)| words.is_match(text)).map(|(path, _)| path.as_str()).collect();
    assert_eq!(know, BTreeSet::from(KNOW_XL_RELEASE));
}

/// Whether a module is another one, or below it.
fn is_within(module: &str, other: &str) -> bool {
    module.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn assert_no_imports(is_wrong: impl Fn(&str, &str) -> bool) {
    let imports = imports(&sources());
    let all = imports.iter().flat_map(|(from, targets)| targets.iter().map(move |to| (from, to)));
    let wrong: Vec<String> = all.filter(|(from, to)| is_wrong(from, to)).map(|(from, to)| format!("{from} imports {to}")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Path and text of each file, by the path of its module such as `flow::kinds::log`; without `bin`, `lib.rs` and tests.
fn sources() -> BTreeMap<String, (String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut sources, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder can be listed") {
            let path = entry.expect("a folder can be listed").path();
            let name = path.strip_prefix(&root).expect("it is in src").to_str().expect("names are ASCII").to_owned();
            if name.starts_with("bin") || name == "lib.rs" || name.ends_with("tests") || name.ends_with("tests.rs") {
            } else if path.is_dir() {
                folders.push(path);
            } else if let Some(module) = name.strip_suffix(".rs") {
                let module = module.trim_end_matches("/mod").replace('/', "::");
                sources.insert(module, (name, fs::read_to_string(path).expect("a source file can be read")));
            }
        }
    }
    sources
}

/// The modules from which each module imports.
fn imports(sources: &BTreeMap<String, (String, String)>) -> BTreeMap<String, BTreeSet<String>> {
    let of = |(module, (_, text)): (&String, &(String, String))| {
        let (text, mut paths) = (without_tests(text), Vec::new());
        for start in ["crate::", "super::"] {
            // Of `super::super::` the second is read with the first.
            let starts = text.match_indices(start).filter(|(at, _)| !text[..*at].ends_with([':', '_']));
            starts.for_each(|(at, _)| _ = read_path(&text[at..], "", &mut paths));
        }
        (module.clone(), paths.iter().filter_map(|path| resolve(path, module, sources)).filter(|to| to != module).collect())
    };
    sources.iter().map(of).collect()
}

/// A Rust text without comments and without the items below `#[cfg(test)]`.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    while let Some(line) = lines.next() {
        let Some(indent) = line.strip_suffix("#[cfg(test)]") else {
            kept.extend([line, "\n"]);
            continue;
        };
        // The item ends at a semicolon in its first line, or at a brace that is indented as much as the item is.
        let _ = lines
            .find(|line| line.strip_prefix(indent).is_some_and(|rest| rest == "}" || rest.starts_with(['m', 'u']) && rest.ends_with(';')));
    }
    kept
}

/// Reads a path with its braces opened: `crate::{a, b::c}` is two. Returns the rest of the text.
fn read_path<'a>(text: &'a str, prefix: &str, paths: &mut Vec<String>) -> &'a str {
    let end = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | ':')).unwrap_or(text.len());
    let path = format!("{prefix}{}", &text[..end]);
    let Some(mut rest) = text[end..].strip_prefix('{').filter(|_| path.ends_with("::")) else {
        paths.push(path);
        return &text[end..];
    };
    while let Some(item) = Some(rest.trim_start_matches([' ', '\n', ','])).filter(|item| !item.starts_with('}')) {
        // Behind an item ` as name` may stand.
        rest = read_path(item, &path, paths).trim_start_matches(|c| !matches!(c, ',' | '}'));
    }
    rest.trim_start().trim_start_matches('}')
}

/// The module in which the target of a path is; `None` when that is the crate itself.
fn resolve(path: &str, module: &str, sources: &BTreeMap<String, (String, String)>) -> Option<String> {
    let mut target: Vec<&str> = module.split("::").collect();
    for part in path.split("::") {
        match part {
            "crate" => target.clear(),
            "super" => drop(target.pop()),
            name => target.push(name),
        }
    }
    while !target.is_empty() && !sources.contains_key(&target.join("::")) {
        target.pop();
    }
    (!target.is_empty()).then(|| target.join("::"))
}
