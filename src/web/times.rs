//! The panel of times: a field for all tasks of a type whose time is not known, and one for each of them.

use std::rc::Rc;

use yew::prelude::*;

use super::field::{TextField, taken};
use super::sentence::code_in;
use super::store::OnMsg;
use crate::app::Msg;
use crate::app::times::{TaskTime, Times, TypeTimes, how};
use crate::flow::TaskIdx;
use crate::tr;

/// Of a type with more tasks than this only the first can be set one by one.
const MOST_TASKS: usize = 200;

/// The types with their tasks.
pub fn times(times: &Times, on_msg: &OnMsg) -> Html {
    let Times { types, n_unknown } = times;
    if types.is_empty() {
        return html! { <p class="pg-muted">{ tr!("The text says how long each task takes.") }</p> };
    }
    let head = if *n_unknown == 0 { tr!("All of these tasks that ran have a time.") } else { times.text() };
    let assumed = times.assumed();
    let rest = assumed.strip_prefix(&*head).unwrap_or_default();
    let write = tr!("Write {how}. It becomes a comment in the text, `# sim:`, which a server does not read.", how = how());
    html! {
        <div class="pg-times" data-testid="times">
            <p class="pg-times__head" data-tip={head.clone() + rest}>
                <b class="pg-strong">{ head.clone() }</b>{ rest.to_owned() }
            </p>
            <p class="pg-details__why">
                { code_in(&write) }
            </p>
            { for types.iter().map(|one| of_type(one, on_msg)) }
        </div>
    }
}

fn of_type(of_type: &TypeTimes, on_msg: &OnMsg) -> Html {
    let label = of_type.label();
    let hint = if of_type.text.is_none() { tr!("different") } else { tr!("not known") };
    let task = |task: &TaskTime| {
        html! { <li>{ line(&task.name, &task.text, tr!("not known"), Rc::from([task.idx]), on_msg) }</li> }
    };
    html! {
        <div class="pg-times__type" key={label.clone()}>
            { line(&label, of_type.text.as_deref().unwrap_or_default(), hint, of_type.idxs(), on_msg) }
            if of_type.tasks.len() > 1 {
                <details>
                    <summary class="pg-times__more">{ tr!("one by one") }</summary>
                    <ul>{ for of_type.tasks.iter().take(MOST_TASKS).map(task) }</ul>
                </details>
            }
        </div>
    }
}

/// A field for the length of some tasks.
fn line(label: &str, text: &str, hint: String, tasks: Rc<[TaskIdx]>, on_msg: &OnMsg) -> Html {
    let set = move |text: String| Msg::SetTimes(Rc::clone(&tasks), text);
    html! {
        <label class="pg-times__line">
            <span>{ label.to_owned() }</span>
            { length_field(text, &hint, None, set, &format!("time-{label}"), on_msg) }
        </label>
    }
}

/// A field for a length. `set` makes the message of what was typed.
pub fn length_field(
    text: &str,
    hint: &str,
    why_not: Option<&String>,
    set: impl Fn(String) -> Msg + 'static,
    testid: &str,
    on_msg: &OnMsg,
) -> Html {
    let on_text = taken(&on_msg.reform(set));
    html! {
        <TextField value={text.to_owned()} hint={hint.to_owned()} disabled={why_not.is_some()}
            title={why_not.cloned().map(AttrValue::from)} testid={testid.to_owned()} {on_text} />
    }
}
