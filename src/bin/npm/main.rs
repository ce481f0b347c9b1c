//! The core of the npm package: texts in, texts out, for `integrations/npm/`. It knows neither DOM nor files.
//!
//! Each function throws a text: JSON of [`Refused`].

mod options;

use parallelogram::analysis::expectation::{differences, parse};
use parallelogram::analysis::explanation::{of_flow, rows};
use parallelogram::analysis::spread::spread;
use parallelogram::docs::{Place, draw};
use parallelogram::render;
use parallelogram::sim::simulate as run;
use parallelogram::sim::trace::{RunIdx, Trace};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use options::{Loaded, Refused, load};

fn main() {}

/// The JSON of `simulate --format json`.
///
/// # Errors
/// Why the text or the options are refused.
#[wasm_bindgen]
pub fn simulate(text: &str, options: &str) -> Result<String, String> {
    with_run(text, options, |loaded, trace| {
        let spread = spread(&loaded.flows, &loaded.scenario, loaded.runs);
        render::json::json_with(&loaded.flows, trace, &loaded.sources, spread.as_ref(), None)
    })
}

/// The picture of `simulate --format svg`.
///
/// # Errors
/// Why the text or the options are refused.
#[wasm_bindgen]
pub fn svg(text: &str, options: &str) -> Result<String, String> {
    with_run(text, options, |loaded, trace| render::svg::svg(&loaded.flows, trace))
}

/// The JSON of `explain --all --format json`.
///
/// # Errors
/// Why the text or the options are refused.
#[wasm_bindgen]
pub fn explain(text: &str, options: &str) -> Result<String, String> {
    with_run(text, options, |Loaded { flows, scenario, .. }, trace| {
        let runs: Vec<RunIdx> = trace.iter().filter(|(_, run)| !run.dropped).map(|(idx, _)| idx).collect();
        render::explain::json(flows, trace, &rows(flows, scenario, trace, &runs), &of_flow(flows, scenario, trace))
    })
}

/// The claims that do not hold, as a list in JSON.
///
/// # Errors
/// Why the text, the claims or the options are refused.
#[wasm_bindgen]
pub fn check(text: &str, claims: &str, options: &str) -> Result<String, String> {
    let expectations = parse(claims).map_err(|message| Refused::because(message).json())?;
    with_run(text, options, |loaded, trace| json(&differences(&expectations, &loaded.flows, trace)))
}

/// What stands below a fence with these words behind its ticks, as JSON; `null` when they do not say that it is a flow. Its lines
/// count from that of the fence, which is 1.
#[wasm_bindgen]
pub fn figure(text: &str, words: &str) -> String {
    json(&Place::of_fence(text, words).map(|place| draw(&place)))
}

fn with_run(text: &str, options: &str, printed: impl FnOnce(&Loaded, &Trace) -> String) -> Result<String, String> {
    let loaded = load(text, options).map_err(|refused| refused.json())?;
    let trace = run(&loaded.flows, &loaded.scenario);
    Ok(printed(&loaded, &trace))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings and numbers can always be written")
}
