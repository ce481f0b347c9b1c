//! A leaf of an XL Release template: it takes the time it is planned to take. Rule: XL Release, "Planned time of an item".

use super::{Context, Work};
use crate::flow::plan::Doer;
use crate::flow::{Flow, Task};
use crate::time::{SimTime, parse_duration};
use crate::value::Value;

/// Its planned length; else until it is due; else what is usual. A gate may be approved earlier: `tasks.<id>.approve` is
/// the time until then, or `true` for at once.
pub fn work(task: &Task, context: &Context<'_, '_>) -> Result<Work, String> {
    let Some(plan) = &task.plan else { return Ok(Work::default()) };
    let due = || until(plan.due_at?, context.flow(), context);
    let planned = plan.length.or_else(due).or(plan.usual_length()).unwrap_or_default();
    let approved = || match context.known(&format!("tasks.{}.approve", context.row_id()))? {
        Value::Bool(at_once) => at_once.then_some(SimTime::ZERO),
        after => parse_duration(&after.print()),
    };
    let duration = if plan.doer == Doer::Gate { approved().unwrap_or(planned) } else { planned };
    Ok(Work { duration, ..Work::default() })
}

/// How long it is until a date; `None` when it is past, or when the template says nothing of when it starts.
pub fn until(date: i64, flow: &Flow, context: &Context<'_, '_>) -> Option<SimTime> {
    flow.starts_at?;
    u64::try_from(date.checked_sub(context.date(context.now()))?).ok().filter(|ms| *ms > 0).map(SimTime)
}
