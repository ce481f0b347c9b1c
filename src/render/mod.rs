//! Traces to files: JSON, event lines, CSV, SVG and text. The same input gives the same bytes, everywhere.

pub mod actual;
pub mod chrome_trace;
pub mod csv;
pub mod events;
pub mod explain;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub mod play;
pub mod spread;
pub mod svg;
pub mod sweep;
pub mod text;

#[cfg(test)]
mod tests;
