//! What changes in the run.
