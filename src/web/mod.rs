//! The page: thin views of [`crate::app::App`], one file each, and the effects that follow its state.
//!
//! Views take props and a callback, and compute nothing: [`crate::app`] and [`crate::timeline`] have done it. Geometry goes into
//! SVG attributes, never into `style`: the page's policy forbids it.

mod bridge;
mod effects;
mod pace;
mod store;

mod advice;
mod axis;
mod banner;
mod calls;
mod course;
mod curve;
mod details;
mod dialogs;
mod edge;
mod editor;
mod embed;
mod empty;
mod field;
mod gestures;
mod groups;
mod header;
mod heat;
mod host;
mod icon;
mod key_list;
mod keys;
mod legend;
mod lessons;
mod links;
mod log;
mod menu;
mod minimap;
mod notice;
mod open;
mod overlay;
mod page;
mod panel;
mod parts;
mod playground;
mod real;
mod result;
mod row;
mod send;
mod sentence;
mod settings;
mod shape;
mod share;
mod slices;
mod slots;
mod splitter;
mod study;
mod table;
mod tabs;
mod term;
mod timeline;
mod times;
mod transport;
mod trials;
mod upgrade;

pub use bridge::{link_later, need_later, open_first};
pub use open::{Opening, first_opening};
pub use pace::{Paced, next_work};
pub use page::{Page, PageProps};
