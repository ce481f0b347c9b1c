//! Parallelogram simulates flow YAML and draws what running in parallel and in sequence does to time.
//!
//! The program is one line of values; each arrow is a plain function, and no step reads a clock, the network or a global:
//!
//! ```text
//! text ─syntax→ Document ─flow→ Flow ─sim→ Trace ─timeline→ Layout ─render→ SVG, JSON
//!                                                               └─web──→ DOM
//! ```
//!
//! Two tasks of two seconds, at the same time:
//!
//! ```
//! use parallelogram::analysis::makespan::makespan;
//! use parallelogram::flow::read_text;
//! use parallelogram::sim::scenario::Scenario;
//! use parallelogram::sim::simulate;
//! use parallelogram::source::Source;
//! use parallelogram::time::human;
//!
//! let source = Source::new("flow.yaml", "
//! id: two
//! namespace: docs
//! tasks:
//!   - id: both
//!     type: io.kestra.plugin.core.flow.Parallel
//!     tasks:
//!       - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
//!       - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
//! ");
//! let (_, flows, diagnostics) = read_text(&source);
//! assert!(diagnostics.is_empty());
//! let trace = simulate(&flows, &Scenario::default());
//! println!("{}", human(makespan(&trace)));
//! # assert_eq!(human(makespan(&trace)), "2.0 s");
//! ```

#![cfg_attr(not(feature = "web"), forbid(unsafe_code))]

// In reading order: a module uses those above it, never those below.
pub mod pace;
pub mod language;
pub mod collections;
pub mod encoding;
pub mod budget;
pub mod regex;
pub mod graph;
pub mod source;
pub mod cursor;
pub mod text;
pub mod time;
pub mod diag;
pub mod syntax;
pub mod random;
pub mod value;
pub mod expr;
pub mod shell;
pub mod flow;
pub mod sim;
pub mod analysis;
pub mod actual;
pub mod timeline;
pub mod render;
pub mod edit;
pub mod convert;
pub mod upgrade;
pub mod complete;
pub mod examples;
pub mod markdown;
pub mod share;
pub mod docs;
pub mod lesson;
pub mod quiz;
pub mod app;
#[cfg(feature = "web")]
pub mod web;
