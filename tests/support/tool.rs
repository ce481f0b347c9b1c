//! Shared by tests of the command line tool: a folder with files, and what the tool prints there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An empty folder for one test, with these files.
pub fn folder(name: &str, files: &[(&str, impl AsRef<str>)]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    for (name, text) in files {
        let file = path.join(name);
        fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("the folder can be made");
        fs::write(file, text.as_ref()).expect("the file can be written");
    }
    path
}

/// The exit code and all that is printed, by a command of the tool in that folder.
pub fn printed(folder: &Path, command: &str, arguments: &[&str]) -> String {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_parallelogram"));
    let output = tool.arg(command).args(arguments).current_dir(folder).env_remove("CLICOLOR_FORCE").output().expect("the tool runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}exit {}", text(&output.stdout), text(&output.stderr), output.status.code().expect("it ends by itself"))
}
