//! The states of executions and taskruns, and which may follow which. Rule: Kestra, "States".

/// A state, as Kestra spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum State {
    Created,
    Submitted,
    Queued,
    Running,
    Paused,
    Breakpoint,
    Restarted,
    Retrying,
    Killing,
    /// A part of it has failed, and other parts still run.
    Failing,
    Success,
    Warning,
    Failed,
    Killed,
    Cancelled,
    Retried,
    Skipped,
}

impl State {
    /// All states.
    pub const ALL: [Self; 17] = [
        Self::Created,
        Self::Submitted,
        Self::Queued,
        Self::Running,
        Self::Paused,
        Self::Breakpoint,
        Self::Restarted,
        Self::Retrying,
        Self::Killing,
        Self::Failing,
        Self::Success,
        Self::Warning,
        Self::Failed,
        Self::Killed,
        Self::Cancelled,
        Self::Retried,
        Self::Skipped,
    ];

    /// Its name in capitals.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Submitted => "SUBMITTED",
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Paused => "PAUSED",
            Self::Breakpoint => "BREAKPOINT",
            Self::Restarted => "RESTARTED",
            Self::Retrying => "RETRYING",
            Self::Killing => "KILLING",
            Self::Failing => "FAILING",
            Self::Success => "SUCCESS",
            Self::Warning => "WARNING",
            Self::Failed => "FAILED",
            Self::Killed => "KILLED",
            Self::Cancelled => "CANCELLED",
            Self::Retried => "RETRIED",
            Self::Skipped => "SKIPPED",
        }
    }

    /// Whether no state follows.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Failed | Self::Warning | Self::Success | Self::Killed | Self::Cancelled | Self::Retried | Self::Skipped)
    }

    /// Whether it was created but has not started.
    #[must_use]
    pub fn is_created(self) -> bool {
        matches!(self, Self::Created | Self::Restarted)
    }

    /// Whether it counts as running when slots are handed out: PAUSED and RETRYING do not.
    #[must_use]
    pub fn is_running(self) -> bool {
        matches!(self, Self::Running | Self::Killing | Self::Failing)
    }

    /// Whether a history may go on from `self` to `next`.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (
                Self::Created | Self::Submitted | Self::Queued | Self::Restarted,
                Self::Running | Self::Cancelled | Self::Killed | Self::Failed,
            ) => true,
            (Self::Created, Self::Submitted | Self::Queued | Self::Skipped | Self::Breakpoint) | (Self::Submitted, Self::Skipped) => true,
            // A task that may fail, with a `runIf` that does.
            (Self::Created, Self::Warning | Self::Success) => true,
            // A leaf that its group closes before a worker has it.
            (Self::Submitted, Self::Warning | Self::Success) => true,
            (Self::Running, Self::Paused | Self::Killing | Self::Retrying | Self::Breakpoint | Self::Failing) => true,
            (Self::Queued | Self::Retrying, Self::Skipped) => true,
            (Self::Running | Self::Killing | Self::Failing | Self::Paused | Self::Breakpoint | Self::Retrying, next)
                if next.is_terminal() && next != Self::Skipped =>
            {
                true
            }
            (Self::Paused | Self::Breakpoint | Self::Retrying, Self::Running | Self::Killing | Self::Created | Self::Restarted) => true,
            (Self::Failed, Self::Retrying | Self::Retried) | (Self::Retrying, Self::Paused) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_follows_a_terminal_state_but_a_retry_of_a_failed_one() {
        for state in State::ALL.into_iter().filter(|state| state.is_terminal()) {
            let next: Vec<State> = State::ALL.into_iter().filter(|next| state.may_become(*next)).collect();
            let expected = if state == State::Failed { vec![State::Retrying, State::Retried] } else { vec![] };
            assert_eq!(next, expected, "after {state:?}");
        }
    }
}
