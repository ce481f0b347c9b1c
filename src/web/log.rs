//! The log: the entries up to the playhead.

use std::rc::Rc;

use yew::prelude::*;

use super::sentence::code_in;
use super::store::OnMsg;
use crate::app::log::LogRange;
use crate::app::run::Run;
use crate::app::{Msg, playback};
use crate::flow::Level;
use crate::sim::names::{run_key, run_name};
use crate::sim::trace::LogEntry;
use crate::time::{SimTime, human};
use crate::tr;

#[derive(Properties, PartialEq)]
pub struct LogProps {
    pub run: Rc<Run>,
    pub range: LogRange,
    pub selected: Option<Rc<str>>,
    pub on_msg: OnMsg,
}

#[component]
pub fn Log(LogProps { run, range, selected, on_msg }: &LogProps) -> Html {
    let shown = &run.trace.logs[range.from..range.to];
    let line = |entry: &LogEntry| {
        let key = entry.run.map(|task_run| run_key(&run.flows, &run.trace, task_run));
        let name = entry.run.map_or_else(|| tr!("execution").into(), |task_run| run_name(&run.flows, &run.trace, task_run));
        let onclick = {
            let (key, on_msg, at) = (key.clone(), on_msg.clone(), entry.at);
            Callback::from(move |event: MouseEvent| {
                event.stop_propagation();
                on_msg.emit(Msg::Play(playback::Msg::Seek(at)));
                on_msg.emit(Msg::Select(key.clone()));
            })
        };
        let class = classes!(
            "pg-log__line",
            (key.is_some() && *selected == key).then_some("pg-log__line--selected"),
            (Some(entry.at) == range.highlighted).then_some("pg-log__line--now"),
            (entry.level >= Level::Warn).then_some("pg-log__line--loud")
        );
        html! {
            <li {class} data-at-ms={entry.at.0.to_string()} onclick={onclick.clone()}>
                <time>{ if entry.at == SimTime::ZERO { "0 s".to_owned() } else { human(entry.at) } }</time>
                <button class="pg-log__task" {onclick}>{ name.to_string() }</button>
                <span class="pg-log__level">{ entry.level.as_str() }</span>
                <span>{ code_in(&entry.message) }</span>
            </li>
        }
    };
    html! {
        <ol class="pg-log" data-testid="log">
            if shown.is_empty() { <li class="pg-muted">{ tr!("Nothing was logged so far.") }</li> }
            { for shown.iter().map(line) }
        </ol>
    }
}
