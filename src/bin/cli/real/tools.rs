//! What runs Kestra's engine: a JDK and Maven, as they are on this machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::report::Stop;

/// The oldest Java that runs the engine.
const OLDEST_JAVA: u32 = 22;

/// A JDK that is new enough.
pub struct Jdk {
    /// The folder of `java` and `javac`.
    bin: PathBuf,
    /// Such as 25.
    pub version: u32,
}

impl Jdk {
    /// The first that is new enough: that of `JAVA_HOME`, one on the `PATH`, or one where systems keep them.
    ///
    /// # Errors
    /// What to install.
    pub fn find() -> Result<Self, Stop> {
        let mut too_old: Option<Self> = None;
        for bin in folders() {
            let Some(version) = version(&bin) else { continue };
            let found = Self { bin, version };
            if version >= OLDEST_JAVA {
                return Ok(found);
            }
            too_old = too_old.filter(|other| other.version >= version).or(Some(found));
        }
        let there = match too_old {
            Some(Self { bin, version }) => format!("the newest one here is {version}, in {}", bin.display()),
            None => "there is none".to_owned(),
        };
        let install = "install one, such as Temurin 25, and set JAVA_HOME to its folder";
        Err(Stop::Because(format!("Kestra's engine needs a JDK of version {OLDEST_JAVA} or newer, and {there}: {install}")))
    }

    /// One of its programs.
    pub fn program(&self, name: &str) -> Command {
        Command::new(self.bin.join(name))
    }
}

/// Maven.
///
/// # Errors
/// What to install.
pub fn maven() -> Result<Command, Stop> {
    let program = if cfg!(windows) { "mvn.cmd" } else { "mvn" };
    let found = path_folders().map(|folder| folder.join(program)).find(|file| file.is_file());
    let missing = || Stop::Because("Kestra's engine is fetched by Maven, and there is no `mvn`: install Maven 3.8 or newer".to_owned());
    found.map(Command::new).ok_or_else(missing)
}

fn path_folders() -> impl Iterator<Item = PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default().into_iter()
}

/// Folders that may hold a JDK's programs, in the order in which they are tried.
fn folders() -> Vec<PathBuf> {
    let home = env::var_os("JAVA_HOME").map(|home| PathBuf::from(home).join("bin"));
    // A link leads to where the other programs of the same JDK are.
    let on_path = path_folders().map(|folder| match fs::canonicalize(folder.join("javac")) {
        Ok(javac) => javac.parent().map_or(folder, Path::to_owned),
        Err(_) => folder,
    });
    let kept = env::var_os("KESTRA_REAL_JDKS").map_or_else(usual_folders, |folders| env::split_paths(&folders).collect());
    let mut inside: Vec<PathBuf> =
        kept.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten()).map(|entry| entry.path()).collect();
    inside.sort();
    let inside = inside.into_iter().rev().map(|home| {
        let on_mac = home.join("Contents/Home");
        if on_mac.is_dir() { on_mac } else { home }.join("bin")
    });
    home.into_iter().chain(on_path).chain(inside).collect()
}

/// Where systems keep JDKs, a folder each.
fn usual_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        ["/usr/lib/jvm", "/Library/Java/JavaVirtualMachines", "C:\\Program Files\\Java"].map(PathBuf::from).into();
    folders.extend(env::home_dir().map(|home| home.join(".sdkman/candidates/java")));
    folders
}

/// Which Java the compiler in a folder is of; `None` without one.
fn version(bin: &Path) -> Option<u32> {
    let javac = bin.join(if cfg!(windows) { "javac.exe" } else { "javac" });
    if !javac.is_file() {
        return None;
    }
    let output = Command::new(javac).arg("-version").stdin(Stdio::null()).output().ok()?;
    // Java 8 says it on standard error: `javac 1.8.0_402`.
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let mut numbers = said.split(|character: char| !character.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    match numbers.next()? {
        1 => numbers.next(),
        version => Some(version),
    }
}
