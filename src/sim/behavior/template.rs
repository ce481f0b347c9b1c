//! `Template`, deprecated: puts the tasks of a stored template in its place. There is no store here: it is one task, or fails as
//! it does on a server that does not have the template.

use super::{Context, Work, opaque};

/// Takes one second, as long as the template is taken to be there.
pub fn work(called: &str, context: &Context<'_, '_>) -> Result<Work, String> {
    if context.takes_for_there("templates", called) { opaque::work(context) } else { Err(format!("Can't find flow template '{called}'")) }
}
