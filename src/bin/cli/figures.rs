//! `figures`: what stands below the flows of a page, for the packages in `integrations/`. It reads one request as JSON from standard
//! input and writes a list of figures as JSON.
//!
//! ```text
//! {"page": "# …"}                                              the flows of a page in Markdown
//! {"text": "id: …", "line": 5, "textLine": 8, "options": {}}   one flow, with the lines of its directive and of its text
//! {"text": "id: …", "line": 5, "textLine": 6, "words": "yaml flow view=slots"}
//!
//! [{"line": 5, "endLine": 20, "html": "<div>…", "faults": [{"line": 5, "message": "expected makespan 2 s, got 4 s"}]}]
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use parallelogram::docs::{Drawn, Format, Place, draw, named_words, places};
use parallelogram::source::Source;
use serde::{Deserialize, Serialize};

use crate::files::{print, read};
use crate::pages::within_lines;
use crate::report::{Stop, because};

#[derive(Deserialize)]
#[serde(untagged)]
enum Request {
    Page { page: String },
    Flow(Flow),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Flow {
    text: String,
    line: usize,
    text_line: usize,
    #[serde(default)]
    words: String,
    #[serde(default)]
    options: BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figure {
    line: usize,
    /// The last line of a fence; `None` for elements and directives, which say by themselves where their figure is.
    end_line: Option<usize>,
    #[serde(flatten)]
    drawn: Drawn,
}

/// Answers the request. Flows with faults are part of the answer.
pub fn run() -> Result<(), Stop> {
    let request = read(Path::new("-"))?;
    let request = serde_json::from_str(&request.text).map_err(|error| Stop::Because(format!("the request can't be read: {error}")))?;
    let figures: Vec<Figure> = match request {
        Request::Page { page } => {
            within_lines(&Source::new("page", &*page), Format::Markdown)?;
            places(&page, Format::Markdown).iter().map(|place| figure(place, end_line(&page, place))).collect()
        }
        Request::Flow(flow) => {
            let words = named_words(&flow.words);
            let options = flow.options.iter().map(|(name, value)| (&**name, &**value));
            let place = Place::named(&flow.text, flow.line, flow.text_line, words.into_iter().chain(options));
            vec![figure(&place, None)]
        }
    };
    let printed = serde_json::to_string(&figures).expect("strings and numbers can always be written") + "\n";
    print(&printed).map_err(|error| because("standard output", "written", &error))
}

fn figure(place: &Place, end_line: Option<usize>) -> Figure {
    Figure { line: place.line, end_line, drawn: draw(place) }
}

/// The last line of a fence that is no directive.
fn end_line(page: &str, place: &Place) -> Option<usize> {
    let fence = page.get(place.fence.clone()?)?.trim_end();
    let is_directive = fence.lines().next()?.contains("{flow}");
    (!is_directive).then(|| place.line + fence.lines().count() - 1)
}
