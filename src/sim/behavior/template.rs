//! `Template`, deprecated: puts the tasks of a stored template in its place. There is no store here: the template is taken to
//! be on the server, or the task fails as it does where it is not.

use super::{Context, Work};
use crate::time::SimTime;

/// Takes one second, or fails.
pub fn work(called: &str, context: &Context<'_, '_>) -> Result<Work, String> {
    if context.is_unseen(&format!("templates.{called}")) {
        return Ok(Work { duration: SimTime(1000), ..Work::default() });
    }
    Err(format!("Can't find flow template '{called}'"))
}
