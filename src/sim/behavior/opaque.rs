//! A task that is not simulated: one second, then success. The page marks it "not simulated".

use super::Work;
use crate::time::SimTime;

/// Takes one second.
pub fn work() -> Result<Work, String> {
    Ok(Work { duration: SimTime(1000), ..Work::default() })
}
