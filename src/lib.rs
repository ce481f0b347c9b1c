//! Parallelogram.
