//! Facts about traces: no drawing, no pixels. Every number the page shows comes from here.

pub mod bounds;
mod bound_words;
mod change_words;
mod claim_words;
pub mod claims;
pub mod critical_path;
pub mod curve;
mod end_words;
pub mod endless;
pub mod ends;
pub mod expectation;
pub mod explanation;
pub mod faults;
pub mod floats;
pub mod help;
pub mod late;
pub mod makespan;
pub mod optimize;
pub mod segments;
pub mod sentence;
pub mod slack;
pub mod slots;
pub mod spread;
pub mod story;
pub mod why;

#[cfg(test)]
mod tests;
