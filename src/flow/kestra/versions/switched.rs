//! The rules of 1.3 and 2.0, each with one of them as the other version has it: what a run does under these shows which rule makes it
//! differ.

use super::{Rules, V1_3, V2_0};

/// The rules with the fields of each, which are switched together.
macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident: $($field:ident),+;)+) => {
        /// A rule in which 2.0 differs from 1.3.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[$doc])* $rule,)+
        }

        impl Rule {
            /// All of them, those first that change most.
            pub const ALL: &[Self] = &[$(Self::$rule),+];

            /// The rules of 2.0 with this one as in 1.3, and those of 1.3 with this one as in 2.0.
            #[must_use]
            pub fn switched(self) -> [&'static Rules; 2] {
                match self {
                    $(Self::$rule => {
                        static BACK: Rules = Rules { $($field: V1_3.$field,)+ ..V2_0 };
                        static FORTH: Rules = Rules { $($field: V2_0.$field,)+ ..V1_3 };
                        [&BACK, &FORTH]
                    })+
                }
            }
        }

        /// All of them as in 1.3: nothing is left out when these are the rules of 1.3.
        #[cfg(test)]
        const ALL_BACK: Rules = Rules { $($($field: V1_3.$field,)+)+ ..V2_0 };
    };
}

rules! {
    /// Whether a failed child interrupts the others of a Parallel or Dag.
    Interrupts: interrupts_children;
    /// What a group closes when it ends.
    Closing: closes_leaves;
    /// What a retry that a group hands down waits for.
    Retry: retry_waits_for_handlers;
    /// Which rounds the condition of a LoopUntil sees.
    Until: until_looks_ahead;
    /// What is CANCELLED within a group.
    Cancelled: cancelled_counts;
    /// How long an execution that is killed stays so, and which of its tasks are killed.
    Kill: killing_lasts, leaves_retrying;
    /// Whether a Sleep or an interval may take no time.
    Lasting: sleeps_must_last;
    /// What comes of an error of the executor itself.
    ExecutorErrors: executor_errors_fail;
    /// What comes of an assertion that can't be evaluated.
    Assertions: assertion_errors_violate;
    /// What a Pause gives out.
    Resume: resume_gives_no_answers;
    /// How expressions are read.
    Expressions: expressions;
    /// What expressions see.
    Context: context;
    /// In which order things happen within a moment.
    Order: enters_late, waits_for_an_ended_child;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rule_is_left_out_and_each_makes_a_difference() {
        assert_eq!(ALL_BACK, V1_3);
        for rule in Rule::ALL {
            let [back, forth] = rule.switched();
            assert!(*back != V2_0 && *forth != V1_3, "{rule:?}");
        }
    }
}
