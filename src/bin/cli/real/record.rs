//! What `make test-kestra` calls: each flow of a folder on Kestra's own engine, in one process, and its record as a file.

use std::fs;
use std::path::{Path, PathBuf};

use parallelogram::flow::Version;
use serde_json::{Value, json};

use super::engine::Engine;
use super::install::{RELEASES, Release};
use super::versions;
use crate::files::read;
use crate::report::{Stop, because, say};

/// How often the engine looks at its timers, so that a record has the dates that it meant.
const TICK_MS: u32 = 20;

#[derive(clap::Args)]
pub struct Record {
    /// A folder with `NAME.yaml`, and beside it `NAME.run.json` where a run has settings.
    flows: PathBuf,
    /// Where `NAME.json` is written.
    records: PathBuf,
    /// The engine.
    #[arg(long, value_name = "VERSION", value_parser = versions())]
    kestra: Version,
}

impl Record {
    /// Records all flows of the folder. An engine that breaks down is started anew for the next flow.
    pub fn run(&self) -> Result<(), Stop> {
        let release = RELEASES.iter().find(|release| release.version == self.kestra);
        let release = release.ok_or_else(|| Stop::Because("there is no such engine".to_owned()))?;
        let failed = |path: &Path| because(path.display(), "read", &std::io::Error::other("it is no folder of flows"));
        let entries = fs::read_dir(&self.flows).map_err(|error| because(self.flows.display(), "read", &error))?;
        let mut files: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
        files.sort();
        fs::create_dir_all(&self.records).map_err(|error| because(self.records.display(), "written", &error))?;
        let mut engine = None;
        for (n, file) in files.iter().enumerate() {
            let name = file.file_stem().ok_or_else(|| failed(file))?.to_string_lossy().into_owned();
            let settings = match fs::read_to_string(file.with_extension("run.json")) {
                Ok(text) => serde_json::from_str(&text).map_err(|error| Stop::Because(format!("{name}.run.json: {error}")))?,
                Err(_) => Value::Null,
            };
            let request = json!({"name": name, "flow": &*read(file)?.text, "settings": settings});
            let record = recorded(release, &mut engine, &request)?;
            let path = self.records.join(format!("{name}.json"));
            fs::write(&path, record.to_string() + "\n").map_err(|error| because(path.display(), "written", &error))?;
            say(&format!("{} {name}: {} of {}", self.kestra.as_str(), n + 1, files.len()));
        }
        Ok(())
    }
}

/// The record of one case, by the engine that is there or a fresh one.
fn recorded(release: &Release, engine: &mut Option<Engine>, request: &Value) -> Result<Value, Stop> {
    let running = match engine {
        Some(running) => running,
        None => {
            // On a busy machine a part of the engine may come up too late for another.
            let fresh = up(release).or_else(|stop| {
                if let Stop::Because(sentence) = &stop {
                    say(sentence);
                    return up(release);
                }
                Err(stop)
            })?;
            engine.insert(fresh)
        }
    };
    match running.run(request, &mut |_| {}) {
        Ok(record) => Ok(record),
        Err(Stop::Because(sentence)) => {
            say(&sentence);
            *engine = None;
            Ok(json!({"case": request["name"], "engineDied": true, "executions": []}))
        }
        Err(stop) => Err(stop),
    }
}

fn up(release: &Release) -> Result<Engine, Stop> {
    let mut engine = Engine::start(release, TICK_MS, &say)?;
    engine.wait().map(|()| engine)
}
