//! The playhead: a cursor on a finished trace. Play, pause, step and scrub only move it.

use crate::language::decimal_mark;
use crate::time::{SimTime, human, seconds};
use crate::tr;

/// A run longer than this is played faster than the clock, so that 1× takes this time.
const LONGEST_PLAY_MS: u64 = 20_000;

/// The playhead: where it is, and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Playback {
    /// What it does.
    pub phase: Phase,
    /// How fast it moves.
    pub speed: Speed,
    /// The end of the run. The cursor never passes it.
    pub end: SimTime,
    /// The cursor in microseconds: slow motion moves less than a millisecond between frames.
    now_us: u64,
    /// Whether a step led here from rest: then a step back from the start leads to rest again.
    stepped_from_rest: bool,
}

/// What the playhead does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// At rest: the whole run is shown as it ends.
    Idle,
    /// Moving.
    Running,
    /// Paused.
    Paused,
    /// Arrived at the end.
    Ended,
}

/// How fast it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Speed {
    Quarter,
    Half,
    Normal,
    Double,
    Four,
    Eight,
    Sixteen,
    /// Run shows the end at once.
    Instant,
}

/// What moves the playhead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Msg {
    /// From the start; at once to the end if the person wants no motion.
    Run {
        /// Whether the person wants no motion.
        still: bool,
    },
    /// Play or pause.
    Toggle {
        /// Whether the person wants no motion.
        still: bool,
    },
    /// Pause.
    Pause,
    /// So many milliseconds went by on the clock.
    Tick(f64),
    /// Move to this time and pause.
    Seek(SimTime),
    /// Move by this many milliseconds.
    Nudge(i64),
    /// To the next moment at which anything happens.
    Next,
    /// To the one before.
    Previous,
    /// To the start.
    Start,
    /// To the end.
    End,
    /// Back to rest.
    Reset,
    /// Move this fast from now on.
    Speed(Speed),
}

impl Phase {
    /// `idle`, `running`, `paused` or `ended`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

impl Speed {
    /// All speeds, slowest first.
    pub const ALL: [Self; 8] =
        [Self::Quarter, Self::Half, Self::Normal, Self::Double, Self::Four, Self::Eight, Self::Sixteen, Self::Instant];

    /// Its label in the menu.
    #[must_use]
    pub fn label(self) -> String {
        let times = match self {
            Self::Quarter => "0.25×",
            Self::Half => "0.5×",
            Self::Normal => "1×",
            Self::Double => "2×",
            Self::Four => "4×",
            Self::Eight => "8×",
            Self::Sixteen => "16×",
            Self::Instant => return tr!("instant"),
        };
        times.replace('.', &decimal_mark())
    }

    /// How much faster than the clock it is; infinite for no time at all.
    #[must_use]
    pub fn factor(self) -> f64 {
        match self {
            Self::Quarter => 0.25,
            Self::Half => 0.5,
            Self::Normal => 1.0,
            Self::Double => 2.0,
            Self::Four => 4.0,
            Self::Eight => 8.0,
            Self::Sixteen => 16.0,
            Self::Instant => f64::INFINITY,
        }
    }
}

impl Playback {
    /// At rest on a run that ends at `end`.
    #[must_use]
    pub fn at_rest(end: SimTime) -> Self {
        Self { phase: Phase::Idle, speed: Speed::Normal, end, now_us: end.0 * 1000, stepped_from_rest: false }
    }

    /// The same at this speed.
    #[must_use]
    pub fn with_speed(self, speed: Speed) -> Self {
        Self { speed, ..self }
    }

    /// What the menu says of a speed; of a run that is played faster than the clock how long that takes: `2×, in 10 s`.
    #[must_use]
    pub fn speed_text(&self, speed: Speed) -> String {
        match self.end.0 {
            ..=LONGEST_PLAY_MS => speed.label(),
            _ if speed == Speed::Instant => speed.label(),
            _ => tr!("{speed}, in {n} s", speed = speed.label(), n = (LONGEST_PLAY_MS as f64 / speed.factor() / 1000.0).ceil()),
        }
    }

    /// The cursor. At rest it is the end.
    #[must_use]
    pub fn now(&self) -> SimTime {
        SimTime(self.now_us / 1000)
    }

    /// Whether the whole plan is shown, without a playhead.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.phase == Phase::Idle
    }

    /// How far an arrow key moves the cursor: about a hundredth of the run in a step that people read; 0.1 s of a run of a few seconds.
    #[must_use]
    pub fn nudge(&self) -> SimTime {
        const STEPS_MS: [u64; 12] = [10, 100, 1000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000];
        let least = if self.end.0 < 1000 { 1 } else { 100 };
        let step = STEPS_MS.into_iter().rfind(|step| *step <= self.end.0 / 100);
        SimTime(step.unwrap_or(least).max(least))
    }

    /// Whether to play on from where the cursor stands, not from the start.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.phase == Phase::Paused && self.now_us > 0 && self.now() < self.end
    }

    /// The cursor after `msg`, on a run in which something happens at `moments` (in order). It never passes the end, and
    /// scrubbing pauses.
    #[must_use]
    pub fn update(self, msg: Msg, moments: &[SimTime]) -> Self {
        match msg {
            Msg::Run { still } => self.start(still),
            Msg::Toggle { .. } if self.phase == Phase::Running => self.paused(),
            Msg::Toggle { still } if self.phase == Phase::Paused && self.now() < self.end && !still => {
                Self { phase: Phase::Running, ..self }
            }
            Msg::Toggle { still } => self.start(still),
            Msg::Pause => self.paused(),
            Msg::Tick(ms) if self.phase == Phase::Running => self.moved(ms),
            Msg::Tick(_) => self,
            Msg::Seek(to) => self.seek(to),
            Msg::Nudge(by) => self.seek(SimTime(self.now().0.saturating_add_signed(by))),
            Msg::Next if self.phase == Phase::Idle => {
                Self { stepped_from_rest: true, ..self.at(moments.first().copied().unwrap_or_default()) }
            }
            Msg::Next => self.at(moments.iter().copied().find(|moment| *moment > self.now()).unwrap_or(self.end)),
            Msg::Previous if self.phase == Phase::Idle => self.at(before(moments, self.end)),
            Msg::Previous if self.stepped_from_rest && self.now_us == 0 => self.reset(),
            Msg::Previous => self.at(before(moments, self.now())),
            Msg::Start => self.seek(SimTime::ZERO),
            Msg::End => self.seek(self.end),
            Msg::Reset => self.reset(),
            Msg::Speed(speed) => self.with_speed(speed),
        }
    }

    /// The same, paused if it was running.
    #[must_use]
    pub fn paused(self) -> Self {
        if self.phase == Phase::Running { Self { phase: Phase::Paused, ..self } } else { self }
    }

    /// The same on a run with another end. The cursor moves only if it is past the end, or was at the old end.
    #[must_use]
    pub fn with_end(self, end: SimTime) -> Self {
        let now_us = if self.phase == Phase::Idle || self.phase == Phase::Ended { end.0 * 1000 } else { self.now_us.min(end.0 * 1000) };
        Self { end, now_us, ..self }
    }

    /// The same, paused at the first of these moments that the movement from `before` passed.
    #[must_use]
    pub fn stopped_at(self, before: Self, stops: &[SimTime]) -> Self {
        let passed = |stop: &&SimTime| (before.now_us + 1..=self.now_us).contains(&(stop.0 * 1000));
        match stops.iter().filter(passed).min().filter(|_| before.phase == Phase::Running) {
            Some(stop) => self.at(*stop),
            None => self,
        }
    }

    fn start(self, still: bool) -> Self {
        let at_once = still || self.speed == Speed::Instant || self.end == SimTime::ZERO;
        let (phase, now_us) = if at_once { (Phase::Ended, self.end.0 * 1000) } else { (Phase::Running, 0) };
        Self { phase, now_us, stepped_from_rest: false, ..self }
    }

    fn moved(self, clock_ms: f64) -> Self {
        let rate = (self.end.0 as f64 / LONGEST_PLAY_MS as f64).max(1.0);
        let by_us = (clock_ms.max(0.0) * 1000.0 * rate * self.speed.factor()) as u64;
        let now_us = self.now_us.saturating_add(by_us).min(self.end.0 * 1000);
        let phase = if now_us == self.end.0 * 1000 { Phase::Ended } else { Phase::Running };
        Self { phase, now_us, ..self }
    }

    fn seek(self, to: SimTime) -> Self {
        Self { stepped_from_rest: false, ..self.at(to) }
    }

    fn at(self, to: SimTime) -> Self {
        Self { phase: Phase::Paused, now_us: to.min(self.end).0 * 1000, ..self }
    }

    fn reset(self) -> Self {
        Self::at_rest(self.end).with_speed(self.speed)
    }
}

/// A time as the page's clock shows it: to the hundredth of a second, in words in runs of a minute or longer.
#[must_use]
pub fn clock_text(time: SimTime, end: SimTime) -> String {
    match end.0 {
        0..500 => format!("{} ms", time.0),
        500..60_000 => format!("{} s", seconds(SimTime(time.0 / 10 * 10), 2).replace('.', &decimal_mark())),
        _ => human(SimTime(time.0 / 100 * 100)),
    }
}

/// A time of the page's clock in front of another: without its unit where both have the same.
#[must_use]
pub fn clock_number(time: SimTime, end: SimTime) -> String {
    let text = clock_text(time, end);
    match end.0 {
        0..60_000 => text.trim_end_matches([' ', 'm', 's']).to_owned(),
        _ => text,
    }
}

fn before(moments: &[SimTime], now: SimTime) -> SimTime {
    moments.iter().rev().copied().find(|moment| *moment < now).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENTS: [SimTime; 3] = [SimTime(0), SimTime(1000), SimTime(2000)];

    fn play(msgs: &[Msg]) -> Playback {
        msgs.iter().fold(Playback::at_rest(SimTime(2000)), |playback, msg| playback.update(*msg, &MOMENTS))
    }

    fn place(msgs: &[Msg]) -> (Phase, u64) {
        let playback = play(msgs);
        (playback.phase, playback.now().0)
    }

    const RUN: Msg = Msg::Run { still: false };

    #[test]
    fn running_moves_to_the_end_and_stays_there() {
        assert_eq!(place(&[]), (Phase::Idle, 2000));
        assert_eq!(place(&[RUN]), (Phase::Running, 0));
        assert_eq!(place(&[RUN, Msg::Tick(500.0)]), (Phase::Running, 500));
        assert_eq!(place(&[RUN, Msg::Tick(500.0), Msg::Pause, Msg::Tick(500.0)]), (Phase::Paused, 500));
        assert_eq!(place(&[RUN, Msg::Tick(5000.0), Msg::Tick(1.0)]), (Phase::Ended, 2000));
        assert_eq!(place(&[RUN, Msg::Speed(Speed::Quarter), Msg::Tick(1.0), Msg::Tick(1.0), Msg::Tick(2.0)]), (Phase::Running, 1));
        assert_eq!(place(&[Msg::Run { still: true }]), (Phase::Ended, 2000));
    }

    #[test]
    fn steps_go_from_moment_to_moment_and_back() {
        let next = [Msg::Next; 3];
        assert_eq!(place(&next), (Phase::Paused, 2000));
        let there_and_back = [next, [Msg::Previous; 3]].concat();
        assert_eq!(play(&there_and_back), play(&[]), "from rest");
        let from_start = [vec![Msg::Start], there_and_back].concat();
        assert_eq!(place(&from_start), (Phase::Paused, 0), "from the start");
        assert_eq!(place(&[Msg::Seek(SimTime(1500)), Msg::Previous]), (Phase::Paused, 1000));
    }

    #[test]
    fn a_new_end_moves_the_cursor_only_when_it_lies_past_it() {
        let end = SimTime(1000);
        assert_eq!(play(&[]).with_end(end).now(), end);
        assert_eq!(play(&[Msg::Seek(SimTime(500))]).with_end(end).now().0, 500);
        assert_eq!(play(&[Msg::Seek(SimTime(1500))]).with_end(end).now(), end);
        assert_eq!(play(&[RUN, Msg::Tick(9e9)]).with_end(SimTime(9000)).now().0, 9000);
    }

    #[test]
    fn a_break_stops_what_moves_and_lets_it_go_on() {
        let tick = |playback: Playback, ms| playback.update(Msg::Tick(ms), &MOMENTS).stopped_at(playback, &[SimTime(1000)]);
        let stopped = tick(play(&[RUN]), 1500.0);
        assert_eq!((stopped.phase, stopped.now().0), (Phase::Paused, 1000));
        let on = stopped.update(Msg::Toggle { still: false }, &MOMENTS).stopped_at(stopped, &[SimTime(1000)]);
        assert_eq!((on.phase, tick(on, 200.0).now().0), (Phase::Running, 1200));
    }

    #[test]
    fn an_arrow_key_moves_by_a_hundredth_of_the_run() {
        let steps = [13, 500, 2000, 60_000, 1_513_000, 5_640_000, 9 * 86_400_000].map(|end| Playback::at_rest(SimTime(end)).nudge().0);
        assert_eq!(steps, [1, 1, 100, 100, 10_000, 30_000, 3_600_000]);
        assert!(play(&[Msg::Next, Msg::Next]).goes_on() && !play(&[Msg::Start]).goes_on() && !play(&[RUN]).goes_on());
    }

    #[test]
    fn long_runs_are_played_in_twenty_seconds() {
        let texts = |end| Speed::ALL.map(|speed| Playback::at_rest(SimTime(end)).speed_text(speed)).join(" ");
        assert_eq!(texts(2000), "0.25× 0.5× 1× 2× 4× 8× 16× instant");
        assert_eq!(texts(86_400_000), "0.25×, in 80 s 0.5×, in 40 s 1×, in 20 s 2×, in 10 s 4×, in 5 s 8×, in 3 s 16×, in 2 s instant");
        let day = Playback::at_rest(SimTime(86_400_000)).update(RUN, &[]).update(Msg::Tick(10_000.0), &[]);
        assert_eq!(day.now().0, 43_200_000);
    }
}
