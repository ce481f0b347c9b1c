//! Comments cite the pages in `docs/rules` by section: `Kestra, "Retry"`, `XL Release, "State names"`, or
//! `docs/rules/kestra.md, "Retry"`. Every cited section must exist there as a heading.
//!
//! Several sections of a page follow each other as `Kestra, "Parallel" and "Dag"` or `Kestra, "Parallel" (picking), "Dag"`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// How a page is named in comments, and where it is.
const PAGES: [(&str, &str); 4] = [
    ("docs/rules/kestra.md, \"", "docs/rules/kestra.md"),
    ("docs/rules/xl-release.md, \"", "docs/rules/xl-release.md"),
    ("XL Release, \"", "docs/rules/xl-release.md"),
    ("Kestra, \"", "docs/rules/kestra.md"),
];

#[test]
fn every_cited_section_exists() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches"] {
        rust_files(&project.join(folder), &mut files);
    }
    let mut wrong = Vec::new();
    let mut n_cited = 0;
    for path in files.iter().filter(|path| !path.ends_with("rules_cited.rs")) {
        let text = fs::read_to_string(path).expect("a source file can be read");
        for (line, comment) in comments(&text) {
            for (page, section) in citations(&comment) {
                n_cited += 1;
                if !headings(&project.join(page)).contains(&section) {
                    let path = path.strip_prefix(project).unwrap_or(path).display();
                    wrong.push(format!("{path}:{line}: {page} has no section \"{section}\""));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(n_cited > 30, "only {n_cited} citations found: has their form changed?");
}

#[test]
fn citations_are_found_in_every_form() {
    let check = |comment: &str| citations(comment).into_iter().map(|(_, section)| section).collect::<Vec<_>>();
    assert_eq!(check("Rule: Kestra, \"Retry\"."), ["Retry"]);
    assert_eq!(check("Rules: Kestra, \"Parallel\", \"Dag\" and \"ForEach\"; \"quoted\""), ["Parallel", "Dag", "ForEach"]);
    assert_eq!(check("Kestra, \"States\" (names), \"Kill\". XL Release, \"Gate\""), ["Gate", "States", "Kill"]);
    assert_eq!(check("docs/rules/xl-release.md, \"Failure\""), ["Failure"]);
    let block = "/// As there. Rule: XL\n    /// Release, \"State\n    /// names\".\nfn f() {} // Kestra, \"Kill\"\n";
    let found: Vec<_> = comments(block).iter().flat_map(|(line, comment)| citations(comment).into_iter().map(|it| (*line, it.1))).collect();
    assert_eq!(found, [(1, "State names".to_owned()), (4, "Kill".to_owned())]);
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The comments of a Rust text, each with its first line from 1; whole lines that follow each other are one comment.
fn comments(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (line, code) in text.lines().enumerate() {
        let Some((before, comment)) = code.split_once("//") else {
            is_open = false;
            continue;
        };
        let is_whole = before.trim().is_empty();
        let comment = comment.trim_start_matches(['/', '!']).trim();
        match found.last_mut().filter(|_| is_open && is_whole) {
            Some((_, block)) => block.extend([" ", comment]),
            None => found.push((line + 1, comment.to_owned())),
        }
        is_open = is_whole;
    }
    found
}

/// The sections that a comment cites, each with its page.
fn citations(comment: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (name, page) in PAGES {
        for (at, _) in comment.match_indices(name) {
            let mut rest = &comment[at + name.len()..];
            while let Some((section, behind)) = rest.split_once('"') {
                found.push((page, section.to_owned()));
                let behind = behind.strip_prefix(" (").and_then(|note| note.split_once(')')).map_or(behind, |(_, behind)| behind);
                let Some(next) = [", \"", " and \"", ", and \""].iter().find_map(|mark| behind.strip_prefix(mark)) else { break };
                rest = next;
            }
        }
    }
    found
}

/// The headings of a page of Markdown, those in code blocks left out.
fn headings(page: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(page).expect("the page can be read");
    let outside = text.split("\n```").step_by(2).flat_map(str::lines);
    outside.filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim().to_owned()).collect()
}
