//! The files and directories that a script knows, by their places.

use std::rc::Rc;

use crate::collections::Sorted;
use crate::text::Text;

#[derive(Debug, Default)]
pub struct Disk {
    pub files: Sorted<Rc<str>, Text>,
    /// The directories that were made.
    pub directories: Sorted<Rc<str>, ()>,
    /// The files that may be run.
    pub executables: Sorted<Rc<str>, ()>,
}

/// What changes at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The file holds this; `None` when it is gone.
    File(Rc<str>, Option<Text>),
    Append(Rc<str>, Text),
    /// What was appended behind so many bytes is gone.
    Cut(Rc<str>, usize),
    /// Whether it is a directory that was made.
    Directory(Rc<str>, bool),
    /// Whether it may be run.
    Executable(Rc<str>, bool),
}

impl Change {
    /// How many bytes it takes, about.
    pub fn size(&self) -> usize {
        let text = if let Self::File(_, Some(text)) | Self::Append(_, text) = self { text.len() } else { 0 };
        text.saturating_add(size_of::<Self>())
    }
}

impl Disk {
    /// How many files and directories there are.
    pub fn size(&self) -> usize {
        self.files.size().saturating_add(self.directories.size())
    }

    /// Makes a change, and gives back the one that undoes it.
    pub fn apply(&mut self, change: Change) -> Change {
        match change {
            Change::File(place, text) => {
                let before = self.files.remove(&*place);
                if let Some(text) = text {
                    self.files.insert(Rc::clone(&place), text);
                }
                Change::File(place, before)
            }
            Change::Append(place, text) => match self.files.get_mut(&*place) {
                Some(known) => {
                    let n_bytes = known.len();
                    known.push(&text);
                    Change::Cut(place, n_bytes)
                }
                None => {
                    self.files.insert(Rc::clone(&place), text);
                    Change::File(place, None)
                }
            },
            Change::Cut(place, n_bytes) => {
                if let Some(text) = self.files.get_mut(&*place) {
                    text.truncate(n_bytes);
                }
                Change::Cut(place, n_bytes)
            }
            Change::Directory(place, is_there) => {
                let was_there = set(&mut self.directories, &place, is_there);
                Change::Directory(place, was_there)
            }
            Change::Executable(place, may_run) => {
                let might_run = set(&mut self.executables, &place, may_run);
                Change::Executable(place, might_run)
            }
        }
    }
}

/// Puts a place into a set or takes it out, and tells whether it was in it.
fn set(places: &mut Sorted<Rc<str>, ()>, place: &Rc<str>, is_in: bool) -> bool {
    let was_in = places.remove(&**place).is_some();
    if is_in {
        places.insert(Rc::clone(place), ());
    }
    was_in
}
