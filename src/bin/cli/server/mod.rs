//! Kestra's HTTP API. What comes in: an address, a flow, inputs. What goes out: executions and logs as JSON, or one sentence about what
//! went wrong and what to do. Both lines of Kestra, 1.3 and 2.0, answer the requests that are sent here.

mod address;
mod client;
mod family;
mod flows;
mod follow;
mod form;
mod login;
mod logs;

pub use address::Address;
pub use client::{CORRECT, Client, Failure, Trouble};
pub use family::{MOST, ended, family};
pub use flows::{Document, documents, store, validate};
pub use follow::{follow, patiently};
pub use form::Form;
pub use login::{Authorization, authorization};
pub use logs::Logs;
