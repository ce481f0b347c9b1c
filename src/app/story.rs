//! What happens at the moment of the playhead.

use std::rc::Rc;

use super::run::Run;
use crate::analysis::sentence::Piece;
use crate::analysis::story::story;
use crate::sim::trace::Trace;
use crate::time::{SimTime, human};
use crate::tr;

/// The sentence for a moment of a run. It holds until the playhead reaches the next moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The last moment up to the playhead at which anything happened.
    pub at: SimTime,
    /// The sentence.
    pub pieces: Vec<Piece>,
    /// What comes next: `next event at 1.0 s`, `end of the run`.
    pub next: String,
    trace: Rc<Trace>,
}

impl Story {
    /// The story of a run at `now`; `None` when nothing has happened yet. `last` is given back while it still holds.
    #[must_use]
    pub fn at(run: &Run, now: SimTime, last: Option<&Rc<Self>>) -> Option<Rc<Self>> {
        let n_past = run.moments.partition_point(|moment| *moment <= now);
        let at = *run.moments.get(n_past.checked_sub(1)?)?;
        if let Some(last) = last.filter(|last| last.at == at && Rc::ptr_eq(&last.trace, &run.trace)) {
            return Some(Rc::clone(last));
        }
        let next = run.moments.get(n_past).map_or_else(|| tr!("end of the run"), |next| tr!("next event at {time}", time = human(*next)));
        let pieces = story(&run.flows, &run.trace, at);
        Some(Rc::new(Self { at, pieces, next, trace: Rc::clone(&run.trace) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sentence::plain;
    use crate::app::{App, Msg, playback};

    #[test]
    fn the_story_changes_only_when_the_playhead_reaches_a_moment() {
        let play = |app: App, msg| app.update(Msg::Play(msg));
        let story = |app: &App| app.story.clone().expect("something happened");
        let start = play(play(App::open(), playback::Msg::Run { still: false }), playback::Msg::Tick(400.0));
        let (first, later) = (story(&start), play(start, playback::Msg::Tick(400.0)));
        assert!(Rc::ptr_eq(&first, &story(&later)));
        assert_eq!((first.at, &*first.next), (SimTime::ZERO, "next event at 1.0 s"));
        let second = story(&play(later, playback::Msg::Tick(400.0)));
        assert_eq!(
            (second.at, plain(&second.pieces)),
            (SimTime(1000), "t1, t2 and t3 end together; t4, t5 and t6 take their slots.".to_owned())
        );
    }
}
