//! `io.kestra.plugin.core.flow.Sleep`: waits in a worker, for `duration`.

use super::Work;
use crate::time::SimTime;

/// Takes exactly its duration.
pub fn work(duration: SimTime) -> Result<Work, String> {
    Ok(Work { duration, ..Work::default() })
}
