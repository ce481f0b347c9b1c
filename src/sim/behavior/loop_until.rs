//! `LoopUntil` (once `WaitFor`): its tasks again and again until a condition is true. Rule: Kestra, "LoopUntil". Between two
//! rounds the whole execution is PAUSED.

use super::{Closing, Context};
use crate::expr;
use crate::flow::LoopUntil;
use crate::flow::state::State;
use crate::time::{SimTime, parse_iso_duration};
use crate::value::Value;
use std::rc::Rc;

/// How many rounds a loop has whose condition hangs on something unknown.
const ASSUMED_ROUNDS: i64 = 2;

/// What it gives out in its n-th round, from 1.
pub fn outputs(n: i64) -> Value {
    Value::map([("iterationCount", Value::Int(n))])
}

/// Its round is through: it ends, or goes on after a while.
pub fn close(properties: &LoopUntil, state: State, context: &Context<'_, '_>) -> Result<Closing, String> {
    if matches!(state, State::Failed | State::Killed) {
        return Ok(Closing::End(state));
    }
    let n = context.round() + 1;
    let value = context.render(&properties.condition)?;
    let rounds = || Value::Int(ASSUMED_ROUNDS);
    let is_met = match expr::truth(&value) {
        Some(truth) => truth,
        None => {
            let path = format!("tasks.{}.rounds", context.task_id()).into();
            match context.chosen(&path, "a loop whose condition only a real server can know ends after its second round", rounds) {
                Value::Int(rounds) => n >= rounds,
                other => n >= ASSUMED_ROUNDS || expr::truth(&other) == Some(true),
            }
        }
    };
    if is_met {
        return Ok(Closing::End(state));
    }
    let length = |text: &Option<Rc<str>>, otherwise: SimTime| match text {
        Some(text) => context.length(text, "checkFrequency"),
        None => Ok(otherwise),
    };
    let most = match &properties.max_iterations {
        Some(text) => context.print(text)?.trim().parse().unwrap_or(100),
        None => 100,
    };
    let longest = length(&properties.max_duration, parse_iso_duration("PT1H").unwrap_or_default())?;
    if n >= most || context.now() > context.created_at() + longest {
        return Ok(Closing::End(if properties.fail_on_max_reached { State::Failed } else { state }));
    }
    Ok(Closing::Again(length(&properties.interval, SimTime(1000))?, outputs(n + 1)))
}
