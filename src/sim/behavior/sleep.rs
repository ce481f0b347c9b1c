//! `io.kestra.plugin.core.flow.Sleep`: waits in a worker, for `duration`.

use super::{Context, Work};

/// Takes exactly its duration.
pub fn work(duration: &str, context: &Context<'_, '_>) -> Result<Work, String> {
    Ok(Work { duration: context.length(duration, "duration")?, ..Work::default() })
}
