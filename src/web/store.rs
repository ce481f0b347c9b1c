//! All that Yew needs to know of the app: a message in, the next value out.

use std::rc::Rc;

use yew::{Callback, Reducible};

use crate::app::{App, Msg};

/// The app as Yew holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Store(pub App);

/// How views send messages to the store.
pub type OnMsg = Callback<Msg>;

impl Reducible for Store {
    type Action = Msg;

    /// Returning the same `Rc` means that nothing is drawn again.
    fn reduce(self: Rc<Self>, msg: Msg) -> Rc<Self> {
        let next = Self(self.0.clone().update(msg));
        if next == *self { self } else { Rc::new(next) }
    }
}
