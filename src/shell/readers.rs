//! Commands that read what another command writes: `>( ... )`.

use std::mem::replace;
use std::rc::Rc;

use super::state::{Input, Io, Reader, Shell, Sink};
use super::tree::Node;
use crate::text::Text;

impl Shell<'_> {
    /// Lets commands read what is written from here on. What is written goes to the sink.
    #[inline(never)] // So that it can be fetched later.
    pub fn open_reader(&mut self, node: &Rc<Node>, io: &Io) -> Sink {
        let name = format!("/dev/fd/{}", 62_usize.saturating_sub(self.readers.len())).into();
        self.readers.push(Reader { node: Rc::clone(node), io: io.clone(), began: self.state.clock, name, pieces: Vec::new() });
        Sink::Reader(self.readers.len().saturating_sub(1))
    }

    /// The name of what commands read from here on.
    pub fn reader_of(&mut self, node: &Rc<Node>, io: &Io) -> Text {
        self.open_reader(node, io);
        self.readers.last().map_or_else(Text::new, |reader| (&*reader.name).into())
    }

    /// Where what is written to a name goes, when commands read it.
    pub fn sink_of_reader(&self, name: &str) -> Option<Sink> {
        self.readers.iter().rposition(|reader| &*reader.name == name).map(Sink::Reader)
    }

    /// Runs the commands that were let read after so many others. Nobody waits for them.
    #[inline(never)] // So that it can be fetched later.
    pub fn close_readers(&mut self, n_before: usize) {
        while self.readers.len() > n_before {
            let Some(Reader { node, io, began, pieces, .. }) = self.readers.pop() else { return };
            let (clock, status) = (replace(&mut self.state.clock, began), self.state.status);
            let input = replace(&mut self.state.input, Input::of_pipe(&pieces, clock));
            if self.stopped.is_none() && self.state.fault.is_none() {
                self.subshell(&io, |shell| shell.exec(&node, &io));
            }
            (self.state.clock, self.state.status, self.state.input) = (clock, status, input);
        }
    }
}
