//! `Template`, deprecated: puts the tasks of a stored template in its place. There is no store here: it fails as it does on
//! a server that does not have the template.

use super::Work;

/// Fails.
pub fn work(called: &str) -> Result<Work, String> {
    Err(format!("Can't find flow template '{called}'"))
}
