//! The rules of Kestra's executor, one small flow each. The expected results were worked out by hand from the rules, not taken
//! from a run.

mod rules;
