//! Parallelogram simulates flow YAML and draws what running in parallel and in sequence does to time.
//!
//! The program is one line of values; each arrow is a plain function, and no step reads a clock, the network or a global:
//!
//! ```text
//! text ─syntax→ Document ─flow→ Flow ─sim→ Trace ─timeline→ Layout ─render→ SVG, JSON
//!                                                               └─web──→ DOM
//! ```

// In reading order: a module uses those above it, never those below.
pub mod collections;
pub mod graph;
pub mod source;
pub mod time;
pub mod diag;
pub mod syntax;
pub mod value;
pub mod expr;
pub mod shell;
pub mod flow;
pub mod sim;
pub mod analysis;
pub mod timeline;
pub mod render;
pub mod edit;
pub mod convert;
pub mod complete;
pub mod examples;
pub mod markdown;
pub mod share;
pub mod app;
#[cfg(feature = "web")]
pub mod web;
