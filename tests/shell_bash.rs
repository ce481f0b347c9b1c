//! The simulated shell against the bash of the machine: random scripts must print the same and end with the same exit code.
//!
//! `SHELL_SEED=N` and `SHELL_SCRIPTS=N` try other scripts and more of them, as `PROPTEST_RNG_SEED` does. Without a bash 5 the
//! test is counted as ignored.

#[path = "shell_bash/grammar.rs"]
mod grammar;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs};

use libtest_mimic::{Arguments, Completion, Trial};
use parallelogram::budget::Budget;
use parallelogram::shell::{self, Setup, Stream};
use parallelogram::time::SimTime;

/// How many scripts are tried.
const N_SCRIPTS: u64 = 2000;
/// Jobs in the background may be late on a busy machine: a script that differs runs again, so often.
const N_TRIES: usize = 3;
/// How many differences are shown.
const MOST_SHOWN: usize = 20;

fn main() -> ExitCode {
    let mut args = Arguments::from_args();
    args.quiet |= args.format.is_none();
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("SHELL_SEED").or(number("PROPTEST_RNG_SEED")).unwrap_or(1);
    let n_scripts = number("SHELL_SCRIPTS").unwrap_or(N_SCRIPTS);
    let trial = Trial::ignorable_test("random_scripts_do_what_they_do_in_bash", move || {
        if !has_bash() {
            println!("random scripts: ignored, there is no bash 5");
            return Ok(Completion::ignored_with("there is no bash 5"));
        }
        let wrong = differences(seed, n_scripts);
        if wrong.is_empty() {
            return Ok(Completion::Completed);
        }
        let shown: Vec<String> = wrong.iter().take(MOST_SHOWN).cloned().collect();
        Err(format!("{} of {n_scripts} scripts differ\n{}", wrong.len(), shown.join("\n")).into())
    });
    libtest_mimic::run(&args, vec![trial]).exit_code()
}

fn has_bash() -> bool {
    let version = Command::new("bash").arg("--version").output();
    version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("version 5."))
}

/// What differs, script by script.
fn differences(seed: u64, n_scripts: u64) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let folder = env::temp_dir().join(format!("parallelogram-shell-{}", std::process::id()));
    let run = |worker: usize| {
        let folder = folder.join(worker.to_string());
        let mut wrong = Vec::new();
        loop {
            let nth = next.fetch_add(1, Ordering::Relaxed) as u64;
            if nth >= n_scripts {
                return wrong;
            }
            let script = grammar::script(seed, nth);
            let ours = simulated(&script);
            let mut theirs = real(&script, &folder);
            for _ in 1..N_TRIES {
                if theirs != ours && script.contains("sleep") {
                    theirs = real(&script, &folder);
                }
            }
            if theirs != ours {
                wrong.push((nth, format!("--- {nth}\n{script}\n  bash: {theirs:?}\n  ours: {ours:?}")));
            }
        }
    };
    let mut wrong: Vec<(u64, String)> = std::thread::scope(|scope| {
        let n_workers = std::thread::available_parallelism().map_or(2, usize::from);
        let workers: Vec<_> = (0..n_workers).map(|worker| scope.spawn(move || run(worker))).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker does not panic")).collect()
    });
    let _ = fs::remove_dir_all(&folder);
    wrong.sort();
    wrong.into_iter().map(|(_, text)| text).collect()
}

/// What bash prints, and its exit code, in an empty folder.
fn real(script: &str, folder: &Path) -> (String, i32) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("a folder can be made");
    let path = env::var_os("PATH").unwrap_or_default();
    let mut bash = Command::new("bash");
    bash.args(["-c", script]).current_dir(folder).env_clear().env("PATH", path).env("HOME", "/root").env("LC_ALL", "C.UTF-8");
    let output = bash.stdin(Stdio::null()).output().expect("bash runs");
    (String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned(), output.status.code().unwrap_or(-1))
}

/// The same of the simulated shell.
fn simulated(script: &str) -> (String, i32) {
    let setup = Setup {
        env: &[],
        start_epoch_ms: 1_704_067_200_000,
        deadline: SimTime(60_000),
        max_steps: 1_000_000,
        budget: &Budget::default(),
        command: &|_| (SimTime::ZERO, false),
        errexit: false,
        seed: 0,
        files: &[],
        other_files: false,
    };
    let outcome = shell::run(&script.into(), &setup);
    let mut out = String::new();
    for line in outcome.lines.iter().filter(|line| line.stream == Stream::Out) {
        out += &line.text;
        out.push('\n');
    }
    // A last line is the same with and without its end.
    (out.trim_end_matches('\n').to_owned(), outcome.exit_code)
}
