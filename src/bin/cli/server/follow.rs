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

/// The waits since something last went well.
struct Waits {
    next_ms: u64,
    waited_ms: u64,
}

impl Waits {
    fn new() -> Self {
        Self { next_ms: WAIT_MS.0, waited_ms: 0 }
    }

    fn wait(&mut self) {
        sleep(Duration::from_millis(self.next_ms));
        self.waited_ms += self.next_ms;
        self.next_ms = (self.next_ms * 2).min(WAIT_MS.1);
    }

    /// Whether a failure is to be reported, rather than that the request is sent again.
    fn are_over(&self, client: &Client, trouble: &Trouble) -> bool {
        !trouble.is_passing() || self.waited_ms >= client.patience.0
    }
}

/// How a stream of events ended.
enum Cut {
    /// By the event that says so, with the JSON of the execution.
    Ended(String),
    /// Nothing came for as long as the client has patience.
    Quiet,
    /// The server or a proxy closed it.
    Closed,
    Lost(Trouble),
}

/// Calls `take` with the JSON of the execution, each time that the server reports a change, until it has ended. `take` says whether it was
/// news; what a server repeats after a new connection comes again. `note` is called when the connection was lost and when it is back. The
/// result is the last JSON.
///
/// # Errors
/// The connection did not come back within the patience of the client, or the server has no such execution.
pub fn follow(client: &Client, id: &str, take: &mut dyn FnMut(&str) -> bool, note: &dyn Fn(&str)) -> Result<String, Trouble> {
    let address = client.address.api(&["executions", id, "follow"]);
    let mut waits = Waits::new();
    let mut is_lost = false;
    loop {
        let mut is_there = false;
        let mut on_change = |json: &str| {
            if is_lost {
                note("the connection is back");
            }
            (is_lost, is_there, waits.waited_ms) = (false, true, 0);
            if take(json) {
                waits.next_ms = WAIT_MS.0;
            }
        };
        let mut cut = stream(client, &address, &mut on_change);
        if matches!(cut, Cut::Quiet | Cut::Closed) && !is_there {
            // A server begins with the state in which the execution is, if it has it.
            let what = format!("{} said nothing of the execution {id}", client.address);
            cut = Cut::Lost(Trouble::new(Failure::Lost, what, "look for it there"));
        }
        match cut {
            Cut::Ended(json) => return Ok(json),
            Cut::Quiet => waits = Waits::new(),
            Cut::Closed => waits.wait(),
            Cut::Lost(trouble) if waits.are_over(client, &trouble) && trouble.is_passing() => {
                let what = format!("{}, and was tried again for {}", trouble.what, human(SimTime(waits.waited_ms)));
                return Err(Trouble { what, ..trouble });
            }
            Cut::Lost(trouble) if waits.are_over(client, &trouble) => return Err(trouble),
            Cut::Lost(_) => {
                if !is_lost {
                    note("the connection was lost; it is tried again");
                }
                is_lost = true;
                waits.wait();
            }
        }
    }
}

/// Asks again while the connection is lost, as long as the client has patience. Only for what may be asked twice.
pub fn patiently<T>(client: &Client, mut ask: impl FnMut() -> Result<T, Trouble>) -> Result<T, Trouble> {
    let mut waits = Waits::new();
    loop {
        match ask() {
            Err(trouble) if !waits.are_over(client, &trouble) => waits.wait(),
            done => return done,
        }
    }
}

/// One connection: calls `on_change` with the data of each event but the first, which says only that the stream begins. Kestra says in the
/// id of an event what it is.
fn stream(client: &Client, address: &str, on_change: &mut dyn FnMut(&str)) -> Cut {
    let mut reader = match client.events(address) {
        Ok(reader) => reader,
        Err(trouble) => return Cut::Lost(trouble),
    };
    let mut decoder = SseDecoder::with_limit(NonZeroUsize::new(LONGEST_TEXT_BYTES).unwrap_or(NonZeroUsize::MAX));
    let mut bytes = vec![0; 1 << 14];
    loop {
        let n = match reader.read(&mut bytes) {
            Ok(0) => return Cut::Closed,
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
            match event.last_event_id.as_deref().unwrap_or(&event.event) {
                "start" => {}
                "end" => {
                    on_change(&event.data);
                    return Cut::Ended(event.data);
                }
                _ => on_change(&event.data),
            }
        }
    }
}
