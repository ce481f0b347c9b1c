//! The rules of Kestra's executor, one small flow each. What is expected was worked out by hand from the rules, not taken from
//! a run.

mod rules;
