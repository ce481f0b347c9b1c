//! An execution as it goes on: each change that the server reports, over connections that may be lost.

use std::io::Read;
use std::num::NonZeroUsize;
use std::thread::sleep;
use std::time::Duration;

use parallelogram::syntax::LONGEST_TEXT_BYTES;
use parallelogram::time::{SimTime, human};
use sse_core::{SseDecoder, SseEvent};

use super::client::{Client, Failure, Trouble};

/// The waits before a connection is tried again, in milliseconds: twice as long each time, up to the second.
const WAIT_MS: (u64, u64) = (250, 5000);

/// How a stream of events ended.
enum Cut {
    /// By the event that says so.
    Ended,
    /// The server closed it, or nothing came for a long time.
    Quiet,
    Lost(Trouble),
}

/// Calls `take` with the JSON of the execution, each time that the server reports a change, until it has ended. `take` says whether it was
/// news; what a server repeats after a new connection comes again. `note` is called when the connection was lost and when it is back.
///
/// # Errors
/// The connection did not come back within the patience of the client, or the server has no such execution.
pub fn follow(client: &Client, id: &str, take: &mut dyn FnMut(&str) -> bool, note: &dyn Fn(&str)) -> Result<(), Trouble> {
    let address = client.address.api(&["executions", id, "follow"]);
    let (mut wait_ms, mut waited_ms) = (WAIT_MS.0, 0);
    let mut is_lost = false;
    loop {
        let mut on_event = |name: &str, json: &str| {
            if is_lost {
                note("the connection is back");
            }
            (is_lost, waited_ms) = (false, 0);
            if name != "start" && take(json) {
                wait_ms = WAIT_MS.0;
            }
        };
        match stream(client, &address, &mut on_event) {
            Cut::Ended => return Ok(()),
            Cut::Quiet => {}
            Cut::Lost(trouble) if !trouble.is_passing() => return Err(trouble),
            Cut::Lost(trouble) if waited_ms >= client.patience.0 => {
                let what = format!("{}, and was tried again for {}", trouble.what, human(SimTime(waited_ms)));
                return Err(Trouble { what, ..trouble });
            }
            Cut::Lost(_) => {
                if !is_lost {
                    note("the connection was lost; it is tried again");
                }
                is_lost = true;
            }
        }
        sleep(Duration::from_millis(wait_ms));
        waited_ms += wait_ms;
        wait_ms = (wait_ms * 2).min(WAIT_MS.1);
    }
}

/// Asks again while the connection is lost, as long as the client has patience. Only for what may be asked twice.
pub fn patiently<T>(client: &Client, mut ask: impl FnMut() -> Result<T, Trouble>) -> Result<T, Trouble> {
    let (mut wait_ms, mut waited_ms) = (WAIT_MS.0, 0);
    loop {
        match ask() {
            Err(trouble) if trouble.is_passing() && waited_ms < client.patience.0 => {}
            done => return done,
        }
        sleep(Duration::from_millis(wait_ms));
        waited_ms += wait_ms;
        wait_ms = (wait_ms * 2).min(WAIT_MS.1);
    }
}

/// One connection: calls `on_event` with the name and the data of each event. Kestra says in the id of an event what it is.
fn stream(client: &Client, address: &str, on_event: &mut dyn FnMut(&str, &str)) -> Cut {
    let mut reader = match client.events(address) {
        Ok(reader) => reader,
        Err(trouble) => return Cut::Lost(trouble),
    };
    let mut decoder = SseDecoder::with_limit(NonZeroUsize::new(LONGEST_TEXT_BYTES).unwrap_or(NonZeroUsize::MAX));
    let mut bytes = vec![0; 1 << 14];
    loop {
        let n = match reader.read(&mut bytes) {
            Ok(0) => return Cut::Quiet,
            Ok(n) => n,
            Err(error) => {
                return match ureq::Error::from(error) {
                    ureq::Error::Timeout(_) => Cut::Quiet,
                    error => Cut::Lost(Trouble { kind: Failure::Lost, ..client.trouble(error) }),
                };
            }
        };
        let mut rest = bytes.get(..n).unwrap_or_default();
        while let Some(event) = decoder.next(&mut rest) {
            let Ok(SseEvent::Message(event)) = event else { continue };
            let name = event.last_event_id.as_deref().unwrap_or(&event.event);
            on_event(name, &event.data);
            if name == "end" {
                return Cut::Ended;
            }
        }
    }
}
