//! `upgrade`: flows for a newer version of Kestra, in files, folders and pages.

mod words;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use parallelogram::diag::has_errors;
use parallelogram::docs::{Format as PageFormat, Place, places, with_text};
use parallelogram::flow::{Version, is_sign, read_text_for};
use parallelogram::lesson;
use parallelogram::sim::scenario::Scenario;
use parallelogram::source::Source;
use parallelogram::syntax;
use parallelogram::upgrade::runs::{Runs, compare};
use parallelogram::upgrade::{Move, Upgrade as Upgraded, upgrade};

use crate::files::{print, read, write_whole};
use crate::pages::{Page, find_pages, read_page};
use crate::report::{Stop, because};

/// From so many files on, progress is shown.
const MANY_FILES: usize = 20;

#[derive(clap::Args)]
pub struct Upgrade {
    /// Flows in YAML, pages with flows in Markdown, MDX, reStructuredText or HTML, and folders with any of these.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The version that the flows are written for.
    #[arg(long, value_name = "VERSION", default_value = "1.3", value_parser = versions())]
    from: Version,
    /// The version to write them for.
    #[arg(long, value_name = "VERSION", default_value = "2.0", value_parser = versions())]
    to: Version,
    /// Write the rewritten texts into the files.
    #[arg(long)]
    write: bool,
    /// Also write what keeps the old behavior: `onChildFailure: CONTINUE` on each Parallel.
    #[arg(long)]
    keep: bool,
    /// What to print.
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// What changes by place, with the lines before and after, and a table of the run.
    Text,
    Json,
    /// A report for a pull request.
    Markdown,
    /// Annotations of GitHub's workflows, of what is left for a person.
    Github,
}

/// A flow of a page, and what became of it.
pub struct Found {
    /// The flow as it stands in the file.
    pub source: Source,
    /// What is added to its lines to give those of the file.
    pub lines_before: usize,
    /// Its rewritten text, and what has to change.
    pub upgraded: Upgraded,
    /// What changes in the run; `None` when it can't be run in one of the versions.
    pub runs: Option<Runs>,
    /// Whether both versions refuse it.
    pub is_refused: bool,
}

impl Upgrade {
    /// Rewrites all flows. [`Stop::Different`] when something is left for a person.
    pub fn run(&self) -> Result<(), Stop> {
        if self.from >= self.to {
            return Err(Stop::Because(format!(
                "--to must be newer than --from: {} is not newer than {}",
                self.to.as_str(),
                self.from.as_str()
            )));
        }
        let mut files = Vec::new();
        self.paths.iter().try_for_each(|path| find_pages(path, true, &mut files))?;
        let shows_progress = files.len() >= MANY_FILES && std::io::stderr().is_terminal();
        let mut found = Vec::new();
        for (n, file) in files.iter().enumerate() {
            if shows_progress {
                let _ = write!(anstream::stderr().lock(), "\r{} of {} files", n + 1, files.len());
            }
            self.upgrade_page(file, &mut found)?;
        }
        if shows_progress {
            let _ = writeln!(anstream::stderr().lock());
        }
        let printed = match self.format {
            Format::Text => words::text(&found),
            Format::Json => words::json(self.from, self.to, files.len(), &found),
            Format::Markdown => words::markdown(self.from, self.to, &found),
            Format::Github => words::github(&found),
        };
        print(&printed).map_err(|error| because("standard output", "written", &error))?;
        anstream::eprintln!("{}", words::summary(files.len(), &found, self.write));
        if found.iter().any(|found| found.upgraded.is_unfinished()) { Err(Stop::Different) } else { Ok(()) }
    }

    /// Rewrites the flows of one page.
    fn upgrade_page(&self, file: &Page, found: &mut Vec<Found>) -> Result<(), Stop> {
        let source = read_page(file)?;
        let mut page = source.text.to_string();
        if file.format == PageFormat::Yaml {
            if is_flow(&source) {
                let one = self.upgrade_text(source, 0);
                page.clone_from(&one.upgraded.text);
                found.push(one);
            }
        } else {
            let before = found.len();
            // From the last one on, so that the places of the others stay.
            for place in places(&source.text, file.format).iter().rev() {
                let Some((text, line)) = self.is_meant(place) else { continue };
                let one = self.upgrade_text(Source::new(source.name.clone(), text), line - 1);
                if one.upgraded.text != text {
                    page = with_text(&page, place, &one.upgraded.text, [self.from.as_str(), self.to.as_str()]).unwrap_or(page);
                }
                found.push(one);
            }
            found[before..].reverse();
        }
        if self.write && *page != *read(&file.path)?.text {
            write_whole(&file.path, &page).map_err(|error| because(file.path.display(), "written", &error))?;
        }
        Ok(())
    }

    /// The text of a flow in a page and its first line, unless the page says that it is for another version.
    fn is_meant<'p>(&self, place: &'p Place) -> Option<(&'p str, usize)> {
        let is_meant = place.settings.get("kestra").is_none_or(|version| version == self.from.as_str());
        place.text.as_deref().ok().zip(place.text_line).filter(|_| is_meant)
    }

    fn upgrade_text(&self, source: Source, lines_before: usize) -> Found {
        let versions = Move { from: self.from, to: self.to, keep: self.keep };
        let upgraded = upgrade(&source, versions);
        let after = Source::new(source.name.clone(), upgraded.text.clone());
        let runs = compare(&source, self.from, &after, self.to, &Scenario::default());
        let refuses = |source: &Source, version| has_errors(&read_text_for(source, Some(version)).2);
        let is_refused = runs.is_none() && refuses(&after, self.to) && refuses(&source, self.from);
        Found { source, lines_before, upgraded, runs, is_refused }
    }
}

/// Whether a file holds flows, and no lesson or anything else in YAML.
fn is_flow(source: &Source) -> bool {
    let (document, diagnostics) = syntax::parse(source);
    if has_errors(&diagnostics) {
        return source.text.lines().any(is_sign);
    }
    let has = |key: &str| document.roots.first().is_some_and(|root| root.get(key).is_some());
    !lesson::is_lesson(&source.text) && has("id") && has("namespace") && has("tasks")
}

/// Reads the name of a version.
fn versions() -> impl TypedValueParser<Value = Version> {
    let find = |name: String| Version::from_name(&name).unwrap_or(Version::V2_0);
    PossibleValuesParser::new(Version::ALL.map(Version::as_str)).map(find)
}
