//! The pages of documentation agree with the repository: their links lead somewhere, `docs/dependencies.md` names every
//! dependency, and `docs/fidelity.md` every simulated task type.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use parallelogram::flow::kestra::schema::{Runner, TaskType};
use parallelogram::flow::kinds::types;

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut n_links = 0;
    for page in pages(project) {
        let text = fs::read_to_string(&page).expect("the page can be read");
        // What begins with `../#` opens the playground, which has the docs in a folder of its own.
        for target in links(&text).into_iter().filter(|target| !target.contains("://") && !target.starts_with("../#")) {
            n_links += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = if file.is_empty() { page.clone() } else { page.parent().expect("a page is in a folder").join(file) };
            let is_there = match anchor {
                "" => path.exists(),
                anchor => fs::read_to_string(&path).is_ok_and(|text| anchors(&text).contains(anchor)),
            };
            if !is_there {
                wrong.push(format!("{}: {target}", page.strip_prefix(project).unwrap_or(&page).display()));
            }
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
    assert!(n_links > 10, "only {n_links} links found");
}

/// A block of YAML that could be run is run, so that no example rots.
#[test]
fn every_flow_in_the_docs_is_a_live_fence() {
    let mut dead = Vec::new();
    for page in pages(Path::new(env!("CARGO_MANIFEST_DIR"))) {
        let text = fs::read_to_string(&page).expect("the page can be read");
        let blocks = text.split("\n```").skip(1).step_by(2);
        let is_dead = |block: &&str| block.starts_with("yaml\n") && block.contains("\ntasks:");
        dead.extend(blocks.filter(is_dead).map(|block| format!("{}: {}", page.display(), block.lines().nth(1).unwrap_or_default())));
    }
    assert!(dead.is_empty(), "these blocks are flows, so they begin with ```yaml flow:\n{}", dead.join("\n"));
}

#[test]
fn every_page_of_the_docs_is_in_the_book() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let summary = fs::read_to_string(docs.join("SUMMARY.md")).expect("there is a summary");
    let listed: BTreeSet<PathBuf> = links(&summary).into_iter().map(|target| docs.join(target)).collect();
    let is_missing = |page: &PathBuf| page.starts_with(&docs) && !page.ends_with("SUMMARY.md") && !listed.contains(page);
    let missing: Vec<PathBuf> = pages(Path::new(env!("CARGO_MANIFEST_DIR"))).into_iter().filter(is_missing).collect();
    assert!(missing.is_empty(), "docs/SUMMARY.md does not list {missing:?}");
}

#[test]
fn every_dependency_has_a_row() {
    let read = |file: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("the file can be read");
    let page = read("docs/dependencies.md");
    let cargo = read("Cargo.toml");
    let mut is_list = false;
    let mut names = Vec::new();
    for line in cargo.lines() {
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            is_list = section == "dependencies" || section == "dev-dependencies";
            names.extend(section.strip_prefix("dependencies.").map(str::to_owned));
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| is_list) {
            names.push(name.to_owned());
        }
    }
    let npm: serde_json::Value = serde_json::from_str(&read("package.json")).expect("package.json is JSON");
    for list in ["dependencies", "devDependencies"] {
        names.extend(npm[list].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    }
    assert!(names.len() > 30, "only {names:?} found");
    names.retain(|name| !page.contains(&format!("`{name}`")));
    assert!(names.is_empty(), "docs/dependencies.md does not name {names:?}");
}

/// `node scripts/unsafe.mjs` writes the table.
#[test]
fn the_unsafe_of_every_version_in_use_is_counted() {
    let read = |file: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("the file can be read");
    let (page, lock) = (read("docs/dependencies.md"), read("Cargo.lock"));
    let (_, table) = page.split_once("| in | crates, with the number of lines |").expect("the page has the table");
    let (table, _) = table.split_once("\n\n").expect("text follows the table");
    let crates: Vec<&str> = table.split('`').skip(1).step_by(2).collect();
    assert!(crates.len() > 30, "only {crates:?} found");
    let is_old = |found: &&str| {
        let (name, version) = found.split_once(' ').expect("a version follows the name");
        !lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"\n"))
    };
    let old: Vec<&str> = crates.into_iter().filter(is_old).collect();
    assert!(old.is_empty(), "Cargo.lock has other versions of {old:?}; `node scripts/unsafe.mjs` writes the table");
}

#[test]
fn the_map_names_every_room() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let map = fs::read_to_string(project.join("ARCHITECTURE.md")).expect("the page can be read");
    let rooms = ["src", "src/flow", "tests"].into_iter().flat_map(|folder| entries(&project.join(folder)));
    let is_named = |path: &PathBuf| {
        let name = path.file_name().expect("an entry has a name").to_string_lossy();
        map.contains(&if path.is_dir() { format!("{name}/") } else { name.into_owned() })
    };
    let is_room = |path: &PathBuf| path.is_dir() || path.starts_with(project.join("src")) && !path.ends_with("mod.rs");
    let missing: Vec<PathBuf> = rooms.filter(|path| is_room(path) && !is_named(path)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md does not name {missing:?}");
}

/// `UPDATE_DOCS=1` writes the table.
#[test]
fn every_simulated_task_type_has_its_row() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/fidelity.md");
    let page = fs::read_to_string(&path).expect("the page can be read");
    let (before, rest) = page.split_once(TABLE_HEAD).expect("the page has the table");
    let (table, after) = rest.split_once("\n\n").expect("text follows the table");
    let expected: Vec<String> = types().map(row).collect();
    let expected = expected.join("\n");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, [before, TABLE_HEAD, &expected, "\n\n", after].concat()).expect("the page can be written");
    } else {
        let command = "UPDATE_DOCS=1 cargo test --test docs row";
        assert_eq!(table, expected, "the table of task types in docs/fidelity.md is out of date; `{command}` writes it");
    }
}

const TABLE_HEAD: &str = "| type | what it does | runs in |\n| --- | --- | --- |\n";

fn row(known: &TaskType) -> String {
    let runner = match known.runner {
        Runner::Worker => "a worker",
        Runner::Executor => "the executor",
    };
    // Types that are the same but for their name have the same class in another package.
    let packages: Vec<&str> = known.same.iter().filter_map(|name| name.rsplit('.').nth(1)).collect();
    let also = if packages.is_empty() { String::new() } else { format!(", also below {}", packages.join(", ")) };
    format!("| `{}`{also} | {} | {runner} |", known.name, known.words)
}

/// The Markdown pages at the top, and all in `docs`.
fn pages(project: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = entries(project).into_iter().filter(|path| path.is_file()).collect();
    let mut folders = vec![project.join("docs")];
    while let Some(folder) = folders.pop() {
        let (inner, files): (Vec<_>, Vec<_>) = entries(&folder).into_iter().partition(|path| path.is_dir());
        folders.extend(inner);
        found.extend(files);
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    found
}

/// What a folder holds.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    entries.map(|entry| entry.expect("the folder can be listed").path()).collect()
}

/// The lines outside of code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n```").step_by(2).flat_map(str::lines)
}

/// The targets of links such as `[text](target)`.
fn links(text: &str) -> Vec<String> {
    let after = prose(text).flat_map(|line| line.split("](").skip(1));
    after.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_owned()).collect()
}

/// What the headings of a page can be linked by: lower case, without punctuation, dashes for blanks.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |heading: &str| {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
    };
    headings.map(anchor).collect()
}
