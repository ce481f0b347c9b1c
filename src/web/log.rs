//! The log: what was said up to the playhead.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::run::Run;
use crate::flow::Level;
use crate::sim::trace::LogEntry;
use crate::sim::trace::run_key;
use crate::time::{SimTime, human};

/// Lines that are shown at the most: the last ones.
const MOST: usize = 500;

/// The log up to `now`; lines of that very moment stand out, but not at rest.
pub fn log(run: &Rc<Run>, now: SimTime, at_rest: bool) -> Html {
    let n_said = run.trace.logs.partition_point(|entry| entry.at <= now);
    // Between two entries nothing changes: the list is drawn from their number alone.
    let last = run.trace.logs[..n_said].last().map(|entry| entry.at).filter(|_| !at_rest);
    html! { <Lines run={run.clone()} {n_said} {last} /> }
}

#[derive(Properties, PartialEq)]
struct LinesProps {
    run: Rc<Run>,
    n_said: usize,
    last: Option<SimTime>,
}

#[component]
fn Lines(LinesProps { run, n_said, last }: &LinesProps) -> Html {
    let shown = &run.trace.logs[n_said.saturating_sub(MOST)..*n_said];
    let line = |entry: &LogEntry| {
        let class = classes!(
            "pg-log__line",
            (Some(entry.at) == *last).then_some("pg-log__line--now"),
            (entry.level >= Level::Warn).then_some("pg-log__line--loud")
        );
        html! {
            <li {class} data-at-ms={entry.at.0.to_string()}>
                <time>{ if entry.at == SimTime::ZERO { "0 s".to_owned() } else { human(entry.at) } }</time>
                <span class="pg-log__task">{ run_key(&run.flows, &run.trace, entry.run).to_string() }</span>
                <span class="pg-log__level">{ entry.level.as_str() }</span>
                <span class="pg-log__message">{ entry.message.to_string() }</span>
            </li>
        }
    };
    html! {
        <ol class="pg-log" data-testid="log">
            if shown.is_empty() { <li class="pg-muted">{ "Nothing was said so far." }</li> }
            { for shown.iter().map(line) }
        </ol>
    }
}
