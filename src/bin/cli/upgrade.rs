//! `upgrade`: flows for a newer version of Kestra.

use std::path::PathBuf;

use parallelogram::flow::Version;
use parallelogram::upgrade::{Move, upgrade};

use crate::files::{print, read, write_whole};
use crate::report::{Stop, because};

#[derive(clap::Args)]
pub struct Upgrade {
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[arg(long)]
    write: bool,
    #[arg(long)]
    keep: bool,
}

impl Upgrade {
    pub fn run(&self) -> Result<(), Stop> {
        let mut left = false;
        for path in &self.paths {
            let source = read(path)?;
            let upgraded = upgrade(&source, Move { from: Version::V1_3, to: Version::V2_0, keep: self.keep });
            for change in &upgraded.changes {
                let line = source.position(change.span.start).line;
                print(&format!("{}:{line}: {} {} [{}] {:?}\n", source.name, if change.rewrite.is_some() { "ok" } else { "LEFT" }, change.message, change.why, change.choices)).ok();
            }
            left |= upgraded.is_unfinished();
            if self.write {
                write_whole(path, &upgraded.text).map_err(|error| because(path.display(), "written", &error))?;
            }
        }
        if left { Err(Stop::Different) } else { Ok(()) }
    }
}
