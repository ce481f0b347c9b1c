//! A short run of each target of `fuzz/`: the texts that were once found, the examples, and random changes of both. `make fuzz` runs
//! the same targets for long, guided by what the program does.

#[allow(dead_code)] // Other tests use the rest.
mod claim_checker;
#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;

/// The texts in a folder and in those within it.
fn texts(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it is there").path()).collect();
    paths.sort();
    paths
        .iter()
        .flat_map(|path| {
            if path.is_dir() { texts(path) } else { vec![String::from_utf8_lossy(&fs::read(path).expect("it can be read")).into_owned()] }
        })
        .collect()
}

fn corpus(target: &str) -> Vec<String> {
    ["examples", "tests/flows", "tests/pairs", "tests/upgrade"]
        .iter()
        .flat_map(|folder| texts(Path::new(folder)))
        .chain(texts(&Path::new("fuzz/corpus").join(target)))
        .collect()
}

/// What is put into a text: what the languages of the program are made of, and what is hard about text.
const PIECES: &[&str] = &[
    "\n",
    "  ",
    "\t",
    "\r\n",
    ": ",
    "- ",
    "{{",
    "}}",
    "{%",
    "%}",
    "${",
    "$((",
    "`",
    "|",
    "||",
    "&&",
    ";",
    "\"",
    "'",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "*a",
    "&a ",
    "!!str ",
    "<<: ",
    "#",
    "é",
    "👩‍👩‍👧",
    "\u{202e}",
    "\u{0}",
    "\u{feff}",
    "0",
    "-1",
    "999999999999999999999",
    "1e400",
    "PT1S",
    "concurrent: 2",
    "id: a",
    "tasks:",
    "type: io.kestra.plugin.core.flow.Parallel",
    "while true; do",
    "done",
    "sleep 1",
    "| jq('.[]')",
    "..",
    "a",
];

proptest! {
    #[test]
    fn no_target_fails_on_a_changed_text(which in any::<Index>(), changes in prop::collection::vec((any::<Index>(), any::<Index>(), 0usize..30), 0..6)) {
        for (name, target) in targets::TARGETS {
            let corpus = corpus(name);
            let mut text: Vec<char> = which.get(&corpus).chars().take(4_000).collect();
            for (at, piece, n_cut) in &changes {
                let at = at.index(text.len() + 1);
                text.splice(at..(at + n_cut).min(text.len()), PIECES[piece.index(PIECES.len())].chars());
            }
            target(&text.iter().collect::<String>());
        }
    }
}

#[test]
fn no_target_fails_on_a_text_that_once_made_it_fail() {
    for (name, target) in targets::TARGETS {
        corpus(name).iter().for_each(|text| target(text));
    }
}
