//! The log: what was said up to the playhead.

use std::rc::Rc;

use yew::prelude::*;

use super::store::OnMsg;
use crate::app::run::Run;
use crate::app::{App, Msg};
use crate::flow::Level;
use crate::sim::trace::LogEntry;
use crate::sim::trace::{run_key, run_name};
use crate::time::{SimTime, human};

/// Lines that are shown at the most: the last ones.
const MOST: usize = 500;

/// The log up to `now`; lines of that very moment stand out, but not at rest.
pub fn log(run: &Rc<Run>, app: &App, on_msg: &OnMsg) -> Html {
    let (now, at_rest) = (app.playback.now(), app.playback.is_at_rest());
    let n_said = run.trace.logs.partition_point(|entry| entry.at <= now);
    // Between two entries nothing changes: the list is drawn from their number alone.
    let last = run.trace.logs[..n_said].last().map(|entry| entry.at).filter(|_| !at_rest);
    html! { <Lines run={run.clone()} {n_said} {last} selected={app.selected.clone()} on_msg={on_msg.clone()} /> }
}

#[derive(Properties, PartialEq)]
struct LinesProps {
    run: Rc<Run>,
    n_said: usize,
    last: Option<SimTime>,
    selected: Option<Rc<str>>,
    on_msg: OnMsg,
}

#[component]
fn Lines(LinesProps { run, n_said, last, selected, on_msg }: &LinesProps) -> Html {
    let shown = &run.trace.logs[n_said.saturating_sub(MOST)..*n_said];
    let line = |entry: &LogEntry| {
        let key = run_key(&run.flows, &run.trace, entry.run);
        let onclick = {
            let key = Rc::clone(&key);
            on_msg.reform(move |_| Msg::Select(Some(Rc::clone(&key))))
        };
        let class = classes!(
            "pg-log__line",
            (selected.as_ref() == Some(&key)).then_some("pg-log__line--selected"),
            (Some(entry.at) == *last).then_some("pg-log__line--now"),
            (entry.level >= Level::Warn).then_some("pg-log__line--loud")
        );
        html! {
            <li {class} data-at-ms={entry.at.0.to_string()}>
                <time>{ if entry.at == SimTime::ZERO { "0 s".to_owned() } else { human(entry.at) } }</time>
                <button class="pg-log__task" {onclick}>{ run_name(&run.flows, &run.trace, entry.run).to_string() }</button>
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
