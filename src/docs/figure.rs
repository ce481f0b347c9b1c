//! What stands below the block of a flow in a page: the live diagram with its picture, and the numbers as a table.

use crate::analysis::expectation::unmet;
use crate::analysis::makespan::numbers;
use crate::encoding::Base64;
use crate::flow::{Flow, Version, choose, read_text_for};
use crate::render::svg::{escape, svg};
use crate::share::{Link, read_settings};
use crate::sim::names::run_name;
use crate::sim::scenario::Scenario;
use crate::sim::simulate;
use crate::sim::trace::Trace;
use crate::source::Source;
use crate::time::human;
use crate::timeline::embed_height_px;
use crate::timeline::rows::rows;
use crate::tr;

use serde::Serialize;

use super::Place;

/// Why a flow of a page can't be shown, or what its author claims and does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The line of the page, from 1.
    pub line: usize,
    /// What is wrong, in a clause.
    pub message: String,
}

/// The run of a flow in a page, under its settings.
///
/// # Errors
/// The first error of its text, or the setting that can't be read.
pub fn run(place: &Place) -> Result<(Vec<Flow>, Trace), Fault> {
    let at = |line: usize, message: String| Fault { line, message };
    let text = place.text.as_ref().map_err(|why| at(place.line, why.clone()))?;
    let line = |of_text: Option<usize>| of_text.zip(place.text_line).map_or(place.line, |(line, first)| first + line - 1);
    run_text(text, &place.settings).map_err(|(of_text, message)| at(line(of_text), message))
}

/// The run of a text under its settings.
///
/// # Errors
/// As [`run`], with the line of the text when the error is in it.
pub fn run_text(text: &str, settings: &Link) -> Result<(Vec<Flow>, Trace), (Option<usize>, String)> {
    let wrong = |name: &str, value: &str| (None, tr!("`{name}` can't be `{value}`", name, value));
    let version = settings.get("kestra").map(|name| Version::from_name(name).ok_or_else(|| wrong("kestra", name))).transpose()?;
    let source = Source::new("", text);
    let (_, mut flows, diagnostics) = read_text_for(&source, version);
    if let Some(error) = diagnostics.iter().find(|found| found.is_error()) {
        return Err((Some(source.position(error.span.start).line), error.message.clone()));
    }
    if let Some(name) = settings.get("template")
        && !choose(&mut flows, name)
    {
        return Err(wrong("template", name));
    }
    if flows.is_empty() {
        return Err((None, tr!("there is no flow in it")));
    }
    let mut scenario = Scenario::default();
    if let Some(name) = read_settings(settings, &mut scenario).first() {
        return Err((None, tr!("`{name}` has a value that can't be read", name)));
    }
    let trace = simulate(&flows, &scenario);
    Ok((flows, trace))
}

/// What stands below a flow, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drawn {
    /// One line of HTML; `None` for a flow that can't be run.
    pub html: Option<String>,
    /// Why it can't be run, or each claim of its author that does not hold.
    pub faults: Vec<Fault>,
}

/// Runs a flow of a page and draws it: the one function behind each integration.
#[must_use]
pub fn draw(place: &Place) -> Drawn {
    match run(place) {
        Err(fault) => Drawn { html: None, faults: vec![fault] },
        Ok((flows, trace)) => {
            let messages = place.expect.as_ref().map_or_else(Vec::new, |(claims, _)| unmet(claims, &flows, &trace));
            let faults = messages.into_iter().map(|message| Fault { line: place.line, message }).collect();
            Drawn { html: Some(figure(place, &flows, &trace)), faults }
        }
    }
}

/// The element for the block before it, with its picture, and the numbers for those who have no script; one line of HTML.
fn figure(place: &Place, flows: &[Flow], trace: &Trace) -> String {
    let (numbers, title) = (numbers(&flows[0], trace), place.title.as_deref().unwrap_or(flows[0].title()));
    let values = place.settings.values().chain(place.load.as_deref().map(|load| ("load", load)));
    let height = height_px(flows, trace).to_string();
    let values = values.chain(place.settings.get("height").is_none().then_some(("height", &*height)));
    let attributes: String = values.map(|(name, value)| format!(" {name}=\"{}\"", escaped(value))).collect();
    let picture = Base64::Standard.encode(svg(flows, trace).as_bytes());
    let alt = tr!("Timeline of {title}: {time}", title, time = human(numbers.makespan));
    let heads: String =
        [tr!("task"), tr!("began"), tr!("ended"), tr!("state")].iter().map(|head| format!("<th>{}</th>", escaped(head))).collect();
    let row = |(run, about): (_, &crate::sim::trace::TaskRun)| {
        let state = trace.flow_of(flows, about.execution).dialect.state_name(trace.state(run));
        let (began, ended) = (trace.began(run).map(human).unwrap_or_default(), human(trace.ended(run)));
        format!("<tr><td>{}</td><td>{began}</td><td>{ended}</td><td>{state}</td></tr>", escaped(&run_name(flows, trace, run)))
    };
    let lines: String = trace.iter().filter(|(_, about)| !about.dropped).map(row).collect();
    format!(
        "<div><flow-playground for=\"prev\" title=\"{}\"{attributes}><img slot=\"fallback\" src=\"data:image/svg+xml;base64,{picture}\" alt=\"{}\">\
        </flow-playground><details><summary>{}</summary><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></details></div>",
        escaped(title),
        escaped(&alt),
        escaped(&tr!("{title} in numbers: {time}", title, time = human(numbers.makespan))),
    )
}

/// How high the diagram has to be, in pixels: it has the slots of up to two groups, and room for a claim.
fn height_px(flows: &[Flow], trace: &Trace) -> usize {
    let n_controls = flows[0].tasks.iter().filter(|task| task.slots().is_some()).count().clamp(1, 2);
    embed_height_px(n_controls, rows(flows, trace, &|_| false).len(), 20)
}

/// A text as HTML shows it, also within quotes, and as no template language of a generator reads it.
pub fn escaped(text: &str) -> String {
    escape(text).replace('{', "&#123;").replace('}', "&#125;")
}
