//! Pages in files and folders, and places in them as GitHub shows them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use parallelogram::docs::{Format, too_many_lines};
use parallelogram::source::Source;

use crate::files::read;
use crate::report::{Stop, because, print_diagnostic};

/// Folders that hold no docs of the author.
const NOT_LOOKED_INTO: [&str; 3] = ["node_modules", "target", "__pycache__"];

/// A page, and what its pictures are called after.
pub struct Page {
    /// Where it is.
    pub path: PathBuf,
    /// How it is written.
    pub format: Format,
    /// Its path without an ending, with dashes.
    pub name: String,
}

/// The pages of a file or a folder, in order of their names. A file that is named has to be a page.
pub fn find_pages(path: &Path, is_named: bool, pages: &mut Vec<Page>) -> Result<(), Stop> {
    let because_of = |error: &std::io::Error| because(path.display(), "read", error);
    if fs::metadata(path).map_err(|error| because_of(&error))?.is_dir() {
        let entries: Result<Vec<_>, _> = fs::read_dir(path).map_err(|error| because_of(&error))?.collect();
        let mut entries: Vec<PathBuf> = entries.map_err(|error| because_of(&error))?.into_iter().map(|entry| entry.path()).collect();
        entries.sort();
        let is_hidden = |name: &str| name.starts_with('.') || NOT_LOOKED_INTO.contains(&name);
        for entry in entries.iter().filter(|entry| !entry.file_name().and_then(OsStr::to_str).is_some_and(is_hidden)) {
            find_pages(entry, false, pages)?;
        }
        return Ok(());
    }
    match Format::of(&path.to_string_lossy()) {
        Some(format) => {
            let stem = path.with_extension("");
            let parts: Vec<String> =
                stem.iter().map(|part| part.to_string_lossy().into_owned()).filter(|part| !matches!(&**part, "." | ".." | "/")).collect();
            pages.push(Page { path: path.to_owned(), format, name: parts.join("-") });
            Ok(())
        }
        None if is_named => Err(Stop::Because(format!("{}: a page ends with md, mdx, rst, html, yaml or yml", path.display()))),
        None => Ok(()),
    }
}

/// The text of a page. Reports one with more lines than are read.
pub fn read_page(page: &Page) -> Result<Source, Stop> {
    let source = read(&page.path)?;
    within_lines(&source, page.format)?;
    Ok(source)
}

/// Reports a page with more lines than are read.
pub fn within_lines(source: &Source, format: Format) -> Result<(), Stop> {
    too_many_lines(&source.text, format).map_or(Ok(()), |found| {
        print_diagnostic(&found, source);
        Err(Stop::Reported)
    })
}

/// A line that GitHub's workflows show at a place.
pub fn annotation(file: &str, line: usize, message: &str) -> String {
    let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    format!("::error file={},line={line}::{}\n", escaped(file).replace(':', "%3A").replace(',', "%2C"), escaped(message))
}
