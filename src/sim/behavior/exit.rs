//! `io.kestra.plugin.core.execution.Exit`: ends its execution in a state.

use super::{Context, Effect, Work};
use crate::flow::state::State;

/// Run by the executor: it takes no time.
pub fn work(state: &str, context: &Context<'_, '_>) -> Result<Work, String> {
    let written = context.print(state)?;
    let state = match &*written.to_ascii_uppercase() {
        "SUCCESS" => State::Success,
        "WARNING" => State::Warning,
        "FAILED" => State::Failed,
        "KILLED" => State::Killed,
        "CANCELED" | "CANCELLED" => State::Cancelled,
        _ => return Err(format!("`{written}` is no state to exit in: SUCCESS, WARNING, KILLED, FAILED or CANCELED")),
    };
    Ok(Work { effect: Effect::Exit(state), ..Work::default() })
}
