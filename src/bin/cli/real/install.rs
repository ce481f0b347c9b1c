//! Kestra's engine in the cache: its jars, which Maven fetches once, and our program around it, which is compiled when it has changed.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use parallelogram::flow::Version;

use super::tools::{Jdk, maven};
use crate::report::{Stop, because};

macro_rules! source {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../../integrations/kestra-engine/", $name)))
    };
}

/// What both versions share, by path.
const BOTH: [(&str, &str); 9] = [
    source!("both/Case.java"),
    source!("both/Engine.java"),
    source!("both/Lines.java"),
    source!("both/Main.java"),
    source!("both/Names.java"),
    source!("both/Recording.java"),
    source!("both/Request.java"),
    source!("both/States.java"),
    source!("both/Tables.java"),
];
/// Where the engine's own warnings go.
const LOGBACK: (&str, &str) = source!("both/logback.xml");
const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

/// An engine that can be run.
pub struct Release {
    /// The version whose rules it has.
    pub version: Version,
    /// Its own version.
    pub name: &'static str,
    pom: (&'static str, &'static str),
    kestra: (&'static str, &'static str),
}

/// All of them.
pub const RELEASES: [Release; 2] = [
    Release { version: Version::V1_3, name: "1.3.31", pom: source!("1.3/pom.xml"), kestra: source!("1.3/Kestra.java") },
    Release { version: Version::V2_0, name: "2.0.0", pom: source!("2.0/pom.xml"), kestra: source!("2.0/Kestra.java") },
];

/// An engine in the cache.
pub struct Installed {
    pub class_path: OsString,
    pub logback: PathBuf,
    /// Where its own warnings are written.
    pub log: PathBuf,
}

impl Release {
    /// Fetches and compiles what is missing. `say` gets a sentence before what takes long.
    ///
    /// # Errors
    /// What to install, or why Maven or the compiler failed.
    pub fn install(&self, jdk: &Jdk, say: &dyn Fn(&str)) -> Result<Installed, Stop> {
        let folder = cache()?.join(self.name);
        let failed = |error: io::Error| because(folder.display(), "written", &error);
        fs::create_dir_all(&folder).map_err(failed)?;
        let jars = folder.join("lib");
        if !folder.join("complete").is_file() {
            let mut maven = maven()?;
            say(&format!("fetching Kestra {}, about 100 MB, the first time only", self.name));
            fs::write(folder.join("pom.xml"), self.pom.1).map_err(failed)?;
            let output = maven.args(["-q", "-B", COPY, "-DoutputDirectory=lib"]).current_dir(&folder).stdin(Stdio::null()).output();
            succeeded("Maven", output, &|line| line.starts_with("[ERROR]"))?;
            fs::write(folder.join("complete"), "").map_err(failed)?;
        }
        let classes = self.compiled(jdk, &folder, &jars)?;
        let logback = classes.join("logback.xml");
        let class_path =
            env::join_paths([classes, jars.join("*")]).map_err(|error| Stop::Because(format!("{}: {error}", folder.display())))?;
        Ok(Installed { class_path, logback, log: folder.join(format!("engine-{}.log", std::process::id())) })
    }

    /// The folder of our compiled program, which is named by what it was compiled from.
    fn compiled(&self, jdk: &Jdk, folder: &Path, jars: &Path) -> Result<PathBuf, Stop> {
        let sources = || BOTH.iter().chain([&self.kestra]);
        let mut hasher = DefaultHasher::new();
        sources().chain([&LOGBACK]).for_each(|source| source.hash(&mut hasher));
        jdk.version.hash(&mut hasher);
        let classes = folder.join(format!("classes-{:016x}", hasher.finish()));
        if classes.is_dir() {
            return Ok(classes);
        }
        // Whoever compiles the same at the same time finds it whole or not at all.
        let fresh = folder.join(format!("fresh-{}", std::process::id()));
        let failed = |error: io::Error| because(fresh.display(), "written", &error);
        let mut javac = jdk.program("javac");
        javac.args(["-nowarn", "-proc:none", "-cp"]).arg(jars.join("*")).arg("-d").arg(&fresh);
        for (path, text) in sources() {
            let file = fresh.join(path);
            file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&file, text)).map_err(failed)?;
            javac.arg(file);
        }
        fs::write(fresh.join("logback.xml"), LOGBACK.1).map_err(failed)?;
        succeeded("the Java compiler", javac.stdin(Stdio::null()).output(), &|line| line.contains(": error: "))?;
        fs::rename(&fresh, &classes).or_else(|error| if classes.is_dir() { Ok(()) } else { Err(failed(error)) })?;
        Ok(classes)
    }

    /// The engine's Java process.
    pub fn java(&self, jdk: &Jdk, installed: &Installed) -> Command {
        let mut java = jdk.program("java");
        let mut logback = OsString::from("-Dlogback.configurationFile=");
        logback.push(&installed.logback);
        java.args(["-Xmx2g", "-Duser.timezone=UTC", "--enable-native-access=ALL-UNNAMED"]);
        if jdk.version >= 23 {
            java.arg("--sun-misc-unsafe-memory-access=allow");
        }
        java.arg(logback).arg("-cp").arg(&installed.class_path).arg("Main");
        java
    }
}

/// `KESTRA_REAL_CACHE`, or a folder of the user.
fn cache() -> Result<PathBuf, Stop> {
    let own = env::var_os("KESTRA_REAL_CACHE").map(PathBuf::from);
    let of_user = || env::home_dir().map(|home| home.join(".cache/kestra-real"));
    own.or_else(of_user).ok_or_else(|| Stop::Because("KESTRA_REAL_CACHE is not set, and there is no home folder".to_owned()))
}

/// Whether a program ended well; else the first line of what it said that is about the error.
fn succeeded(what: &str, output: io::Result<Output>, is_error: &dyn Fn(&str) -> bool) -> Result<(), Stop> {
    let output = output.map_err(|error| because(what, "run", &error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let line = said.lines().find(|line| is_error(line)).or_else(|| said.lines().find(|line| !line.trim().is_empty()));
    Err(Stop::Because(format!("{what} failed: {}", line.unwrap_or("it said nothing").trim())))
}
