//! Recordings of random flows that `make test-kestra` has just made, against our runs: the first argument is their folder. It is no part of
//! `cargo test`, as it needs the real engine.

#[allow(dead_code, reason = "the tests of the records that are kept use the rest")]
#[path = "kestra/real/mod.rs"]
mod real;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = std::env::args().nth(1).expect("the first argument is the folder of the recordings");
    if real::fresh::check_fresh(Path::new(&folder)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
