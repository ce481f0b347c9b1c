//! Interrupts from the keyboard: Ctrl-C.

use std::process;

/// The exit code of a command that was interrupted.
pub const INTERRUPTED: u8 = 130;

/// Calls `ends` at each interrupt; the command ends at once where it returns true.
///
/// # Errors
/// No handler can be set: then an interrupt ends the command as the system does it.
pub fn at_each_interrupt(mut ends: impl FnMut() -> bool + Send + 'static) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(move || {
        if ends() {
            process::exit(INTERRUPTED.into());
        }
    })
}
