//! Checks of the page's sources: short lines in `html!`, no dead style, and no import cycles in the rooms of the page.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The critical path is not drawn yet; its look is settled.
const NOT_YET_USED: [&str; 2] = ["pg-bar--critical", "--critical"];

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the file can be read")
}

/// The words that begin with `prefix`, each with what follows it.
fn words<'a>(text: &'a str, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    text.match_indices(prefix).map(move |(at, _)| {
        let rest = &text[at..];
        let is_over = |c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_';
        let end = rest[prefix.len()..].find(is_over).map_or(rest.len(), |at| prefix.len() + at);
        rest.split_at(end)
    })
}

/// Style sheets, the styles of the text editor among them.
fn styles() -> Vec<PathBuf> {
    let mut styles = files("styles", "css");
    styles.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("js/editor/theme.js"));
    styles
}

/// All that makes elements of the page.
fn makers() -> String {
    let rust = ["src/web", "src/timeline"].iter().flat_map(|folder| files(folder, "rs"));
    let js = files("js", "js").into_iter().filter(|path| !path.ends_with("editor/theme.js"));
    let html = ["index.html", "embed.html"].map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
    let mut text: String = rust.chain(js).chain(html).map(|path| read(&path)).collect();
    let svg = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/svg.rs"));
    let patterns = svg.find("PATTERNS").expect("the patterns are there");
    text += &svg[patterns..patterns + svg[patterns..].find(";\n").expect("it ends")];
    text
}

#[test]
fn lines_of_html_are_at_most_120_columns_long() {
    let mut long = Vec::new();
    for path in files("src/web", "rs") {
        let mut depth = 0usize;
        for (n, line) in read(&path).lines().enumerate() {
            let opens = if depth == 0 { line.find("html! {").map(|at| &line[at..]) } else { Some(line) };
            let Some(part) = opens else { continue };
            if line.chars().count() > 120 {
                long.push(format!("{}:{}", path.display(), n + 1));
            }
            depth = (depth + part.matches('{').count()).saturating_sub(part.matches('}').count());
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_class_in_the_styles_is_made_somewhere() {
    let makers = makers();
    let mut whole = BTreeSet::new();
    let mut stems = BTreeSet::new();
    for (word, next) in words(&makers, "pg-") {
        if next.starts_with('{') || next.starts_with("${") {
            stems.insert(word);
        } else {
            whole.insert(word);
        }
    }
    // What follows a stem stands somewhere as a string of its own, or is a shade of the heat map.
    let ends: BTreeSet<&str> = makers.split('"').chain(["error", "warning", "note"]).chain(["1", "2", "3", "4", "5", "6", "7"]).collect();
    let is_made =
        |class: &str| whole.contains(class) || stems.iter().any(|stem| class.strip_prefix(stem).is_some_and(|end| ends.contains(end)));
    let mut dead = Vec::new();
    for path in styles() {
        for (word, _) in words(&read(&path), ".pg-") {
            let class = &word[1..];
            if !is_made(class) && !NOT_YET_USED.contains(&class) {
                dead.push(format!("{}: .{class}", path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn every_attribute_in_the_styles_is_made_somewhere() {
    let makers = makers();
    let mut dead = Vec::new();
    for path in styles() {
        for (word, _) in words(&read(&path), "[data-") {
            let name = &word[1..];
            // In JS `data-not-kept` may be written `dataset.notKept`.
            let in_js = name["data-".len()..].split('-').collect::<String>();
            if !makers.contains(name) && !makers.to_lowercase().contains(&format!("dataset.{in_js}")) {
                dead.push(format!("{}: {word}]", path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn every_custom_property_is_used() {
    let styles: String = styles().iter().map(|path| read(path)).chain([makers()]).collect();
    let tokens = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("styles/tokens.css"));
    let unused: BTreeSet<&str> = words(&tokens, "--")
        .filter(|(_, next)| next.starts_with(':'))
        .map(|(name, _)| name)
        .filter(|name| !words(&styles, name).any(|(word, next)| word == *name && next.starts_with([')', ','])))
        .filter(|name| !NOT_YET_USED.contains(name))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// The module that a file is, from the crate's root.
fn module_of(path: &Path) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let path = path.strip_prefix(root).expect("it is a source").with_extension("");
    let mut parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// The paths in the `use` items of a source, without `{}`.
fn imports(text: &str) -> Vec<Vec<String>> {
    fn open(prefix: &str, tree: &str, found: &mut Vec<Vec<String>>) {
        let (mut depth, mut start) = (0, 0);
        for (at, c) in tree.char_indices().chain([(tree.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    let item = tree[start..at].trim();
                    start = at + 1;
                    match item.split_once('{') {
                        Some((head, rest)) => open(&[prefix, head.trim()].concat(), rest.strip_suffix('}').unwrap_or(rest), found),
                        None if item.is_empty() => {}
                        None => found.push([prefix, item].concat().split("::").map(|part| part.trim().to_owned()).collect()),
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    for item in text.split(';') {
        let item = item.trim_start_matches(|c: char| c.is_whitespace());
        let line = item.rfind("\nuse ").map(|at| &item[at + 5..]).or(item.strip_prefix("use ")).or(item.strip_prefix("pub use "));
        if let Some(tree) = line {
            open("", tree, &mut found);
        }
    }
    found
}

#[test]
fn no_files_of_the_page_import_each_other() {
    let rooms = ["app", "web", "timeline", "analysis"];
    let sources: Vec<(Vec<String>, String)> = rooms
        .iter()
        .flat_map(|room| files(&format!("src/{room}"), "rs"))
        .filter(|path| !path.ends_with("tests.rs"))
        .map(|path| (module_of(&path), read(&path)))
        .collect();
    let modules: BTreeSet<&Vec<String>> = sources.iter().map(|(module, _)| module).collect();
    let mut edges: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for (module, text) in &sources {
        for import in imports(text) {
            let n_up = import.iter().take_while(|part| *part == "super").count();
            let mut path = match import[0].as_str() {
                "crate" => import[1..].to_vec(),
                "super" => [&module[..module.len() - n_up], &import[n_up..]].concat(),
                _ => continue,
            };
            while !path.is_empty() && !modules.contains(&path) {
                path.pop();
            }
            let is_family = path.starts_with(module) || module.starts_with(&path);
            if !is_family {
                edges.entry(module).or_default().insert(path);
            }
        }
    }
    let reaches = |from: &Vec<String>, to: &Vec<String>| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(at) = next.pop() {
            for target in edges.get(at).into_iter().flatten() {
                if target == to {
                    return true;
                }
                if seen.insert(target) {
                    next.push(target);
                }
            }
        }
        false
    };
    let in_cycles: Vec<String> = modules.iter().filter(|module| reaches(module, module)).map(|module| module.join("::")).collect();
    assert!(in_cycles.is_empty(), "these import each other: {}", in_cycles.join(", "));
    assert!(edges.len() > 40, "the imports are read");
}
