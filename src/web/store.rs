//! All that Yew needs to know of the app: a message in, the next value out.

use std::rc::Rc;

use yew::{Callback, Reducible};

use crate::app::{App, Msg};

/// The app as Yew holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Store(pub App);

/// How views send messages to the store.
pub type OnMsg = Callback<Msg>;

/// What changes the store.
pub enum Act {
    /// A message that is answered at once.
    Answer(Msg),
    /// What came of messages that were answered elsewhere.
    Become(Box<App>),
}

impl Reducible for Store {
    type Action = Act;

    /// Returning the same `Rc` means that nothing is drawn again.
    fn reduce(self: Rc<Self>, act: Act) -> Rc<Self> {
        let next = match act {
            Act::Answer(msg) => Self(self.0.clone().update(msg)),
            Act::Become(app) => Self(*app),
        };
        if next == *self { self } else { Rc::new(next) }
    }
}
