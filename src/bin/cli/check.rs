//! `check`: the flows in docs and in lessons, run, and compared with what their authors claim and with the pictures beside them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use parallelogram::analysis::expectation::{self, Difference};
use parallelogram::diag::Diagnostic;
use parallelogram::docs::{Fault, Format as PageFormat, draw, places, run};
use parallelogram::flow::Flow;
use parallelogram::lesson;
use parallelogram::render;
use parallelogram::sim::trace::Trace;
use parallelogram::source::Source;
use serde::Serialize;

use crate::files::{print, write_whole};
use crate::pages::{Page, annotation, find_pages, read_page};
use crate::report::{Stop, because};

#[derive(clap::Args)]
pub struct Check {
    /// Pages in Markdown, MDX, reStructuredText or HTML, flows and lessons in YAML, and folders with any of these.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Write what holds in place of what does not.
    #[arg(long)]
    fix: bool,
    /// What to print.
    #[arg(long, default_value = "text")]
    format: Format,
    /// Write a picture of each flow into this folder; it is light or dark as its page is.
    #[arg(long, value_name = "DIR")]
    write_svg: Option<PathBuf>,
    /// Write what stands below each fence into this folder, as `PAGE-N.html` with N fences of any kind before it: for Hugo.
    #[arg(long, value_name = "DIR")]
    write_html: Option<PathBuf>,
    /// Report the pictures of this folder that are not as they would be written.
    #[arg(long, value_name = "DIR")]
    verify_svg: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// `file:line: message`
    Text,
    /// Annotations of GitHub's workflows.
    Github,
    Json,
}

/// Something that is not as it should be.
#[derive(Serialize)]
struct Finding {
    file: String,
    line: usize,
    expected: Option<String>,
    actual: Option<String>,
    message: String,
}

#[derive(Serialize)]
struct Report<'a> {
    files: usize,
    flows: usize,
    differences: &'a [Finding],
}

impl Check {
    /// Checks all pages. [`Stop::Different`] when something is left that does not hold.
    pub fn run(&self) -> Result<(), Stop> {
        let mut files = Vec::new();
        for path in &self.paths {
            find_pages(path, true, &mut files)?;
        }
        let (mut n_flows, mut found) = (0, Vec::new());
        for file in &files {
            n_flows += self.check_page(file, &mut found)?;
        }
        let printed = match self.format {
            Format::Text => found.iter().map(|at| format!("{}:{}: {}\n", at.file, at.line, at.message)).collect(),
            Format::Github => found.iter().map(|at| annotation(&at.file, at.line, &at.message)).collect(),
            Format::Json => {
                let report = Report { files: files.len(), flows: n_flows, differences: &found };
                serde_json::to_string_pretty(&report).expect("strings and numbers can always be written") + "\n"
            }
        };
        print(&printed).map_err(|error| because("standard output", "written", &error))?;
        let counted = |n: usize, thing: &str| format!("{n} {thing}{}", if n == 1 { "" } else { "s" });
        anstream::eprintln!(
            "{} in {}: {}",
            counted(n_flows, "flow"),
            counted(files.len(), "file"),
            if found.is_empty() { "all is as expected".to_owned() } else { counted(found.len(), "difference") }
        );
        if found.is_empty() { Ok(()) } else { Err(Stop::Different) }
    }

    /// Checks the flows of one page: how many there are. What is fixed is not reported.
    fn check_page(&self, file: &Page, found: &mut Vec<Finding>) -> Result<usize, Stop> {
        let source = read_page(file)?;
        if file.format == PageFormat::Yaml && lesson::is_lesson(&source.text) {
            return Ok(check_lesson(&source, found));
        }
        let places = places(&source.text, file.format);
        if let Some(folder) = &self.write_html {
            remove_figures(folder, &file.name).map_err(|error| because(folder.display(), "emptied", &error))?;
        }
        let mut edits = Vec::new();
        for (nth, place) in places.iter().enumerate() {
            let mut report = |line: usize, expected: Option<String>, actual: Option<String>, message: String| {
                found.push(Finding { file: source.name.clone(), line, expected, actual, message });
            };
            let (flows, trace) = match run(place) {
                Ok(ran) => ran,
                Err(Fault { line, message }) => {
                    report(line, None, None, message);
                    continue;
                }
            };
            if let Some((claim, range)) = &place.expect {
                match expectation::parse(claim) {
                    Err(message) => report(place.line, Some(claim.clone()), None, message),
                    Ok(expectations) => {
                        let mut fixed = claim.clone();
                        for Difference { expected, actual, message } in expectation::differences(&expectations, &flows, &trace) {
                            match written(&expectations, claim, &expected).zip(actual.as_ref()).filter(|_| self.fix) {
                                Some((before, actual)) => fixed = fixed.replacen(before, actual, 1),
                                None => report(place.line, Some(expected), actual, message),
                            }
                        }
                        if fixed != *claim {
                            edits.push((range.clone(), fixed));
                        }
                    }
                }
            }
            if let Some((folder, n)) = self.write_html.as_deref().zip(place.n_before) {
                let html = draw(place).html.expect("a flow that has run can be drawn");
                write_into(folder, &format!("{}-{n}.html", file.name), &html)?;
            }
            self.pictures(file, nth, &flows, &trace, &mut |message| report(place.line, None, None, message))?;
        }
        if !edits.is_empty() {
            let mut text = source.text.to_string();
            edits.sort_by_key(|(range, _)| range.start);
            edits.into_iter().rev().for_each(|(range, fixed)| text.replace_range(range, &fixed));
            write_whole(&file.path, &text).map_err(|error| because(file.path.display(), "written", &error))?;
        }
        Ok(places.len())
    }

    /// Writes the pictures of a flow, or compares them.
    fn pictures(&self, file: &Page, nth: usize, flows: &[Flow], trace: &Trace, report: &mut dyn FnMut(String)) -> Result<(), Stop> {
        if self.write_svg.is_none() && self.verify_svg.is_none() {
            return Ok(());
        }
        let name = format!("{}-{}.svg", file.name, nth + 1);
        let picture = render::svg::svg(flows, trace);
        if let Some(folder) = &self.write_svg {
            write_into(folder, &name, &picture)?;
        }
        if let Some(folder) = &self.verify_svg {
            let path = folder.join(&name);
            match fs::read_to_string(&path) {
                Ok(there) if there == picture => {}
                Ok(_) => report(format!("the picture {} is not that of this flow", path.display())),
                Err(_) => report(format!("there is no picture {}", path.display())),
            }
        }
        Ok(())
    }
}

/// Checks a lesson: how many scenes it has.
fn check_lesson(source: &Source, found: &mut Vec<Finding>) -> usize {
    let (n_steps, wrong) = match lesson::read(source) {
        Ok(lesson) => (lesson.steps.len(), lesson::prove(&lesson)),
        Err(wrong) => (0, wrong),
    };
    let finding = |wrong: Diagnostic| {
        let help = wrong.help.map_or_else(String::new, |help| format!(": {help}"));
        let line = source.position(wrong.span.start).line;
        Finding { file: source.name.clone(), line, expected: None, actual: None, message: wrong.message + &help }
    };
    found.extend(wrong.into_iter().map(finding));
    n_steps
}

/// Writes a file into a folder, which need not be there yet.
fn write_into(folder: &Path, name: &str, text: &str) -> Result<(), Stop> {
    fs::create_dir_all(folder).map_err(|error| because(folder.display(), "made", &error))?;
    let path = folder.join(name);
    write_whole(&path, text).map_err(|error| because(path.display(), "written", &error))
}

/// Removes what an earlier check has written for a page: `PAGE-N.html`.
fn remove_figures(folder: &Path, page: &str) -> std::io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let n = name.strip_prefix(page).and_then(|rest| rest.strip_prefix('-')?.strip_suffix(".html"));
        if n.is_some_and(|n| n.parse::<usize>().is_ok()) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// How one of the claims is written in the page.
fn written<'a>(expectations: &[expectation::Expectation], claim: &'a str, expected: &str) -> Option<&'a str> {
    expectation::parts(claim).zip(expectations).find(|(_, expectation)| expectation.to_string() == expected).map(|(part, _)| part)
}
