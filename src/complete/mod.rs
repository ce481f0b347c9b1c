//! What may be written next, and what a word of the text means.

pub mod context;
