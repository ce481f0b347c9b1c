//! The page: thin views of [`crate::app::App`], one file each, and the effects that follow its state.
//!
//! Views take props and a callback and do no arithmetic on time; the layout step has done it. Geometry goes into SVG
//! attributes, never into `style`: the page's policy forbids it.

mod bridge;
mod effects;
mod store;

mod after;
mod axis;
mod banner;
mod curve;
mod details;
mod dialogs;
mod editor;
mod embed;
mod groups;
mod handover;
mod header;
mod icon;
mod keys;
mod legend;
mod log;
mod menu;
mod metrics;
mod notice;
mod open;
mod page;
mod panel;
mod result;
mod row;
mod sentence;
mod settings;
mod shape;
mod share;
mod slices;
mod slots;
mod table;
mod timeline;
mod transport;

pub use bridge::open_fragment;
pub use open::{Opening, open_first};
pub use page::{Page, PageProps};
