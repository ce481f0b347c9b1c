//! Kestra's tutorial on tasks in parallel and in sequence, a page of Markdown outside the repository: the two flows in it take
//! the times that it states. `TUTORIAL` names the file.

use std::path::{Path, PathBuf};
use std::{env, fs};

use parallelogram::analysis::makespan::makespan;
use parallelogram::flow::read_text;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;
use parallelogram::source::Source;

/// Where the page is.
pub fn path(project: &Path) -> PathBuf {
    env::var_os("TUTORIAL").map_or_else(|| project.join("../shared/seeds/000_2312c687d9e53869.txt"), PathBuf::from)
}

/// What is wrong with the times of its flows: three slots for six tasks of a second, then three tasks of a second in sequence.
pub fn check(path: &Path) -> Vec<String> {
    let Ok(page) = fs::read_to_string(path) else { return vec![format!("a text in {}", path.display())] };
    let flows = page.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("yaml\n"));
    let times: Vec<u64> = flows.map(|flow| makespan(&simulate(&read_text(&Source::new("", flow)).1, &Scenario::default())).0).collect();
    if times == [2000, 3000] { Vec::new() } else { vec![format!("flows of 2000 and 3000 ms, came {times:?}")] }
}
