//! The versions of Kestra whose rules a run can follow, and every value in which those rules differ.
//!
//! A run reads the fields of [`Rules`]. Only what reads, checks and completes a text asks for the version itself.

mod signs;
mod switched;

use crate::expr::{Dialect, HidesFaults, Wording};
pub use switched::Rule;

/// A version of Kestra.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// As 0.21 of December 2024 does it.
    V0_21,
    /// The long-term line: as 1.3.31 does it.
    V1_3,
    /// As 2.0.0 does it, but for its faults.
    V2_0,
}

/// Some of the versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions(u8);

impl Versions {
    /// All of them.
    pub const ALL: Self = Self(7);
    /// The rules of December 2024 only.
    pub const ONLY_0_21: Self = Self(1);
    /// The long-term line only.
    pub const ONLY_1_3: Self = Self(2);
    /// 2.0 only.
    pub const ONLY_2_0: Self = Self(4);
    /// All but 2.0.
    pub const BEFORE_2_0: Self = Self(3);
    /// None of them.
    pub const NONE: Self = Self(0);
    /// 1.3 and 2.0.
    pub const SINCE_1_3: Self = Self(6);

    /// One version.
    #[must_use]
    pub const fn only(version: Version) -> Self {
        Self(1 << version as u8)
    }

    /// Whether this version is one of them.
    #[must_use]
    pub fn has(self, version: Version) -> bool {
        self.0 & (1 << version as u8) != 0
    }

    /// Those that either has.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that both have.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The newest of them.
    #[must_use]
    pub fn newest(self) -> Option<Version> {
        Version::ALL.into_iter().rfind(|version| self.has(*version))
    }
}

/// What a version decides about how executions run.
#[derive(Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether the executor is the newer one, in what has no field of its own: ticks are carried from one millisecond to the
    /// next, only its own retry keeps a failure from being for good, and `errors` and `finally` run anew for a retry.
    pub in_passes: bool,
    /// Whether a leaf is SUBMITTED before a worker takes it.
    pub submits: bool,
    /// Whether new taskruns take their place in the list at the end of a pass rather than at once.
    pub enters_late: bool,
    /// Whether a group is looked at only while it has no child, or one that has ended.
    pub waits_for_an_ended_child: bool,
    /// Whether a child holds its slot until it has ended; otherwise while it is RUNNING or KILLING.
    pub slots_held_until_ended: bool,
    /// Whether a task of a Dag never starts when one it depends on is disabled.
    pub disabled_dependency_blocks: bool,
    /// Whether a ForEach with a disabled task runs all one after another.
    pub lanes_need_all_enabled: bool,
    /// Whether a failed Parallel or Dag interrupts its other children.
    pub interrupts_children: bool,
    /// Whether a group without any task to run ends at once, whatever its `finally`.
    pub empty_group_ends_at_once: bool,
    /// Whether a group that has ended closes the groups among its open children.
    pub closes_groups: bool,
    /// Whether it closes the leaves among them, too.
    pub closes_leaves: bool,
    /// Whether groups that are open when their execution ends are KILLED.
    pub kills_leftovers: bool,
    /// Whether a CANCELLED child makes its group CANCELLED.
    pub cancelled_counts: bool,
    /// Whether a killed execution stays KILLING until all its taskruns have ended.
    pub killing_lasts: bool,
    /// Whether a RETRYING taskrun stays so when its execution is killed.
    pub leaves_retrying: bool,
    /// Whether groups have attempts.
    pub groups_have_attempts: bool,
    /// Whether a skipped taskrun has an attempt.
    pub skipped_has_attempt: bool,
    /// Whether `allowFailure` does not count for a `runIf` that can't be rendered.
    pub run_if_error_is_final: bool,
    /// Whether only one taskrun of an execution is RETRYING at a time.
    pub one_retry_at_a_time: bool,
    /// Whether a retry that a group hands down waits for the group's `errors` and `finally`.
    pub retry_waits_for_handlers: bool,
    /// Whether an exponential retry grows by powers of its factor; otherwise in steps.
    pub exponential: bool,
    /// Whether `warningOnRetry` of a group's or the flow's retry counts.
    pub warns_by_inherited_retry: bool,
    /// How many attempts a success may have had without being a warning.
    pub attempts_without_warning: usize,
    /// Whether `allowFailure` ends a taskrun before a retry that a group or the flow hands down.
    pub allow_failure_first: bool,
    /// What a LoopUntil does when nothing is written.
    pub until: UntilDefaults,
    /// Whether the condition of a LoopUntil also sees the count of the round to come.
    pub until_looks_ahead: bool,
    /// Whether a Sleep, and the interval of a LoopUntil, must take some time.
    pub sleeps_must_last: bool,
    /// Whether an execution stays PAUSED until all its pauses have ended.
    pub waits_for_all_pauses: bool,
    /// Whether an execution is RESTARTED after a pause.
    pub restarts_after_pause: bool,
    /// Whether a Pause tells in its outputs how it ended.
    pub gives_resumed: bool,
    /// Whether a resume without answers leaves `onResume` out of the outputs.
    pub resume_gives_no_answers: bool,
    /// Whether `allowFailure` counts for the end of a Pause without lists.
    pub pause_result_is_allowed: bool,
    /// Whether an execution without any task is RUNNING before it ends.
    pub ends_from_running: bool,
    /// Whether an execution whose outputs can't be rendered comes to its own end before it is FAILED.
    pub fails_after_its_state: bool,
    /// Whether `allowFailure` and retries count for a call that can't start.
    pub allowed_call_failure: bool,
    /// Whether an error of the executor itself fails the group around, or the execution.
    pub executor_errors_fail: bool,
    /// Whether a call comes into the state of the execution it called before its own.
    pub call_shows_state: bool,
    /// Whether a call logs the execution it started.
    pub logs_calls: bool,
    /// Whether a script that has written to standard error is a WARNING.
    pub warns_by_std_err: bool,
    /// Whether a broken SLA stops what runs.
    pub sla_stops: bool,
    /// Whether an assertion of an SLA that can't be evaluated counts as violated.
    pub assertion_errors_violate: bool,
    /// Whether the values of a ForEach must be a list, and its items texts, integers or maps.
    pub checks_each_values: bool,
    /// Whether the tasks of a WorkingDirectory carry the value it runs for.
    pub directory_hands_value_on: bool,
    /// How expressions are read.
    pub expressions: Dialect,
    /// What expressions see besides.
    pub context: Context,
}

/// The tenant of a server that has only one.
pub const TENANT: &str = "main";

/// What expressions see in some versions only.
#[derive(Debug, PartialEq, Eq)]
pub struct Context {
    /// Whether there is `flow.tenantId`.
    pub tenant: bool,
    /// Whether `execution.outputs` is null before the execution has outputs; otherwise it is absent.
    pub outputs_before_end: bool,
    /// Whether `errorLogs()` gives all fields of a line of the log.
    pub whole_log_lines: bool,
    /// Whether every group around a run is in `parents`, with the id of its task.
    pub names_groups: bool,
    /// Whether dates are texts with six digits of a second, and inputs of type DURATION numbers of seconds.
    pub dates_in_micros: bool,
    /// Which taskruns without outputs have an entry in `outputs`, an empty map.
    pub empty_outputs: EmptyOutputs,
}

/// Which taskruns without outputs have an entry in `outputs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyOutputs {
    /// None of them.
    OfNone,
    /// Groups that have begun or were skipped, and leaves that a worker has run.
    OfWhatHasRun,
    /// All of them, and those that are about to run.
    OfAll,
}

/// What a LoopUntil does when nothing is written.
#[derive(Debug, PartialEq, Eq)]
pub struct UntilDefaults {
    /// How long it waits between two rounds.
    pub interval_ms: u64,
    /// How many rounds there may be; `None` is any number.
    pub max_iterations: Option<u32>,
    /// How long it may take; `None` is any time.
    pub max_duration_ms: Option<u64>,
}

const V0_21: Rules = Rules {
    in_passes: false,
    submits: false,
    enters_late: false,
    waits_for_an_ended_child: false,
    slots_held_until_ended: false,
    disabled_dependency_blocks: false,
    lanes_need_all_enabled: false,
    interrupts_children: false,
    empty_group_ends_at_once: false,
    closes_groups: false,
    closes_leaves: false,
    kills_leftovers: true,
    cancelled_counts: false,
    killing_lasts: false,
    leaves_retrying: false,
    groups_have_attempts: false,
    skipped_has_attempt: false,
    run_if_error_is_final: false,
    one_retry_at_a_time: false,
    retry_waits_for_handlers: false,
    exponential: false,
    warns_by_inherited_retry: true,
    attempts_without_warning: 2,
    allow_failure_first: false,
    until: UntilDefaults { interval_ms: 1000, max_iterations: Some(100), max_duration_ms: Some(3_600_000) },
    until_looks_ahead: false,
    sleeps_must_last: false,
    waits_for_all_pauses: false,
    restarts_after_pause: false,
    gives_resumed: false,
    resume_gives_no_answers: false,
    pause_result_is_allowed: true,
    ends_from_running: true,
    fails_after_its_state: false,
    allowed_call_failure: true,
    executor_errors_fail: false,
    call_shows_state: false,
    logs_calls: false,
    warns_by_std_err: true,
    sla_stops: false,
    assertion_errors_violate: false,
    checks_each_values: false,
    directory_hands_value_on: false,
    expressions: Dialect::OLDEST,
    context: CONTEXT_0_21,
};

const CONTEXT_0_21: Context = Context {
    tenant: false,
    outputs_before_end: true,
    whole_log_lines: false,
    names_groups: false,
    dates_in_micros: false,
    empty_outputs: EmptyOutputs::OfNone,
};

const V1_3: Rules = Rules {
    in_passes: true,
    submits: true,
    enters_late: true,
    slots_held_until_ended: true,
    disabled_dependency_blocks: true,
    lanes_need_all_enabled: true,
    empty_group_ends_at_once: true,
    closes_groups: true,
    closes_leaves: true,
    kills_leftovers: false,
    leaves_retrying: true,
    groups_have_attempts: true,
    skipped_has_attempt: true,
    run_if_error_is_final: true,
    one_retry_at_a_time: true,
    exponential: true,
    warns_by_inherited_retry: false,
    attempts_without_warning: 1,
    allow_failure_first: true,
    until: UntilDefaults { interval_ms: 60_000, max_iterations: None, max_duration_ms: None },
    until_looks_ahead: true,
    waits_for_all_pauses: true,
    restarts_after_pause: true,
    gives_resumed: true,
    pause_result_is_allowed: false,
    ends_from_running: false,
    fails_after_its_state: true,
    allowed_call_failure: false,
    executor_errors_fail: true,
    call_shows_state: true,
    logs_calls: true,
    warns_by_std_err: false,
    sla_stops: true,
    checks_each_values: true,
    expressions: DIALECT_1_3,
    context: CONTEXT_1_3,
    ..V0_21
};

const DIALECT_1_3: Dialect = Dialect {
    without_functions: &[
        "appLink",
        "dayOfMonth",
        "dayOfWeek",
        "env",
        "fileEmpty",
        "hourOfDay",
        "ionDecode",
        "isDateAfter",
        "isDateBefore",
        "isDateBetween",
        "isDayWeekInMonth",
        "isLastWorkingDay",
        "isPublicHoliday",
        "isWeekend",
        "iterationOutput",
        "iterationOutputs",
        "jsonDecode",
        "loopOutputs",
        "monthOfYear",
        "parentOutput",
    ],
    without_filters: &["e", "escape", "jsonEncode", "numberformat", "raw", "regexExtract", "regexMatch", "regexReplace", "uniq"],
    membership: 120,
    is_not_in: false,
    compares_texts: false,
    renders_values: true,
    writes_any_value: true,
    takes_texts_only: true,
    wording: Wording::Classes,
    hides_faults: HidesFaults::InComparisons,
    falls_back: true,
    ..Dialect::OLDEST
};

const CONTEXT_1_3: Context = Context {
    tenant: true,
    outputs_before_end: false,
    whole_log_lines: true,
    dates_in_micros: true,
    empty_outputs: EmptyOutputs::OfWhatHasRun,
    ..CONTEXT_0_21
};

const V2_0: Rules = Rules {
    resume_gives_no_answers: true,
    enters_late: false,
    waits_for_an_ended_child: true,
    interrupts_children: true,
    closes_leaves: false,
    cancelled_counts: true,
    killing_lasts: true,
    leaves_retrying: false,
    retry_waits_for_handlers: true,
    until_looks_ahead: false,
    sleeps_must_last: true,
    executor_errors_fail: false,
    assertion_errors_violate: true,
    expressions: DIALECT_2_0,
    context: Context { names_groups: true, empty_outputs: EmptyOutputs::OfAll, ..CONTEXT_1_3 },
    ..V1_3
};

const DIALECT_2_0: Dialect = Dialect {
    without_functions: &[
        "appLink",
        "currentEachOutput",
        "fileEmpty",
        "ionDecode",
        "isDateAfter",
        "isDateBefore",
        "isDateBetween",
        "iterationOutput",
        "iterationOutputs",
        "json",
        "jsonDecode",
        "parentOutput",
    ],
    without_filters: &["e", "escape", "json", "jsonEncode", "numberformat", "raw", "uniq"],
    fallback: 30,
    membership: 30,
    compares_texts: true,
    wording: Wording::AllClasses,
    hides_faults: HidesFaults::InArithmetic,
    ..DIALECT_1_3
};

impl Version {
    /// All versions, the oldest first.
    pub const ALL: [Self; 3] = [Self::V0_21, Self::V1_3, Self::V2_0];

    /// Its name in flags, links and files: `2.0`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V0_21 => "0.21",
            Self::V1_3 => "1.3",
            Self::V2_0 => "2.0",
        }
    }

    /// The version with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.as_str() == name)
    }

    /// What it decides about how executions run.
    #[must_use]
    pub fn rules(self) -> &'static Rules {
        match self {
            Self::V0_21 => &V0_21,
            Self::V1_3 => &V1_3,
            Self::V2_0 => &V2_0,
        }
    }
}
