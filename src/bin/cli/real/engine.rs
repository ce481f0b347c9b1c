//! A Java process with Kestra's engine. Each case is a line to it; it answers with a line of JSON for each state as it comes, and with the
//! record. When its standard input closes, it kills what runs and ends, whatever becomes of us.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::install::Release;
use super::tools::Jdk;
use crate::report::{Stop, because};

/// The engine's process. It ends when this value does.
pub struct Engine {
    name: &'static str,
    child: Child,
    input: Input,
    lines: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
    /// Whether it ended by itself.
    keeps_log: bool,
}

/// The standard input of the process, until it is closed.
#[derive(Clone)]
pub struct Input(Arc<Mutex<Option<ChildStdin>>>);

impl Input {
    /// Lets the engine kill what runs, and end. Returns whether it was still open.
    pub fn close(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().is_some()
    }

    fn is_closed(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    fn send(&self, line: &Value) -> std::io::Result<()> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(input) => writeln!(input, "{line}").and_then(|()| input.flush()),
            None => Ok(()),
        }
    }
}

impl Engine {
    /// Starts the engine of a release. It looks at its timers each `tick_ms`; 0 is its own second.
    ///
    /// # Errors
    /// What to install, or why it did not start.
    pub fn start(release: &Release, tick_ms: u32, say: &dyn Fn(&str)) -> Result<Self, Stop> {
        let jdk = Jdk::find()?;
        let installed = release.install(&jdk, say)?;
        let log = File::create(&installed.log).map_err(|error| because(installed.log.display(), "written", &error))?;
        let mut java = release.java(&jdk, &installed);
        java.arg(tick_ms.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        // An interrupt from the keyboard is for us: the engine is asked by its input.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut java, 0);
        say(&format!("starting Kestra {}", release.name));
        let mut child = java.spawn().map_err(|error| because("Java", "started", &error))?;
        let input = Input(Arc::new(Mutex::new(child.stdin.take())));
        let out = child.stdout.take().ok_or_else(|| Stop::Because("Java has no standard output".to_owned()))?;
        Ok(Self { name: release.name, child, input, lines: BufReader::new(out).lines(), log: installed.log, keeps_log: false })
    }

    /// What ends it early.
    pub fn input(&self) -> Input {
        self.input.clone()
    }

    /// Waits until it is up.
    ///
    /// # Errors
    /// Why it did not come up.
    pub fn wait(&mut self) -> Result<(), Stop> {
        self.until("engine", &mut |_| {}).map(drop)
    }

    /// Runs a case, and returns its record. `line` gets each other line.
    ///
    /// # Errors
    /// Why the engine ended before.
    pub fn run(&mut self, request: &Value, line: &mut dyn FnMut(&Value)) -> Result<Value, Stop> {
        self.input.send(request).map_err(|error| because("the engine", "reached", &error))?;
        self.until("record", line)
    }

    /// The value of the first line that has the key.
    fn until(&mut self, key: &str, line: &mut dyn FnMut(&Value)) -> Result<Value, Stop> {
        while let Some(Ok(text)) = self.lines.next() {
            let Ok(mut found) = serde_json::from_str::<Value>(&text) else { continue };
            match found.get_mut(key) {
                Some(value) => return Ok(value.take()),
                None => line(&found),
            }
        }
        if self.input.is_closed() {
            return Err(Stop::Interrupted);
        }
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        self.keeps_log = true;
        // The cause that a trace names last is the first one.
        let is_cause = |line: &&str| line.contains("Caused by: ");
        let is_error = |line: &&str| line.contains("Exception") || line.contains("Error") || line.contains("ERROR");
        let lines = || log.lines().map(str::trim).filter(|line| !line.starts_with("at ") && !line.starts_with("..."));
        let why = lines().rfind(is_cause).or_else(|| lines().rfind(is_error)).or_else(|| lines().next_back()).unwrap_or("it said nothing");
        Err(Stop::Because(format!("Kestra {} ended by itself: {why} (see {})", self.name, self.log.display())))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.input.close();
        // What it says now is of no use, and neither is how it ends.
        self.lines.by_ref().for_each(drop);
        let _ = self.child.wait();
        if !self.keeps_log {
            let _ = fs::remove_file(&self.log);
        }
    }
}
