//! Parallelogram simulates flow YAML and draws what running in parallel and in sequence does to time.
//!
//! The program is one line of values; each arrow is a plain function, and no step reads a clock, the network or a global:
//!
//! ```text
//! text ─syntax→ Document ─flow→ Flow ─sim→ Trace ─timeline→ Layout ─render→ SVG, JSON
//!                                                               └─web──→ DOM
//! ```

pub mod analysis;
pub mod diag;
pub mod edit;
pub mod examples;
pub mod expr;
pub mod flow;
pub mod render;
pub mod shell;
pub mod sim;
pub mod source;
pub mod syntax;
pub mod time;
pub mod timeline;
