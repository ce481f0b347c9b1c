//! Facts about traces: no drawing, no pixels. Every number the page shows comes from here.

pub mod critical_path;
pub mod makespan;
pub mod segments;
pub mod slots;

#[cfg(test)]
mod tests;
