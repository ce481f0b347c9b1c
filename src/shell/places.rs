//! Where files are: names from the working directory on, directories, and the patterns of names.

use std::rc::Rc;

use super::disk::Change;
use super::glob::{self, Atom};
use super::state::Shell;
use crate::text::Text;

/// The directory that a script begins in. The files in it and below are known by their names from here on.
const HOME: &str = "/tmp/work";

impl Shell<'_> {
    /// The name under which a file is known, whatever the working directory is.
    pub fn place(&self, name: &str) -> Rc<str> {
        let mut parts: Vec<&str> = Vec::new();
        let directory = &*self.state.directory;
        let from = match () {
            () if name.starts_with('/') => ["", ""],
            () if directory.starts_with('/') => ["", directory],
            () => [HOME, directory],
        };
        for part in from.into_iter().flat_map(|part| part.split('/')).chain(name.split('/')) {
            match part {
                "" | "." => {}
                ".." => _ = parts.pop(),
                part => parts.push(part),
            }
        }
        match parts.as_slice() {
            ["tmp", "work", rest @ ..] => rest.join("/").into(),
            parts => ["/", &parts.join("/")].concat().into(),
        }
    }

    /// The working directory.
    pub fn working_directory(&self) -> String {
        match &*self.state.directory {
            "" => HOME.to_owned(),
            path if path.starts_with('/') => path.to_owned(),
            path => [HOME, "/", path].concat(),
        }
    }

    /// Whether a name is that of a directory that is known.
    pub fn is_directory(&self, name: &str) -> bool {
        let place = self.place(name);
        matches!(&*place, "" | "/" | "/tmp") || self.disk.directories.get(&*place).is_some() || self.below(&place).next().is_some()
    }

    /// The files in a directory and below, each with its name from there on.
    fn below<'s>(&'s self, directory: &str) -> impl Iterator<Item = &'s str> {
        let from = inside(directory);
        let first = from.clone();
        let rest = move |name: &'s Rc<str>| name.strip_prefix(&*from);
        let (files, directories) = (self.disk.files.keys_from(&*first), self.disk.directories.keys_from(&*first));
        let names = files.map_while(rest.clone()).chain(directories.map_while(rest));
        names.filter(|rest| !rest.is_empty() && !rest.starts_with('/'))
    }

    /// The names in a directory, in order.
    pub fn names_in(&mut self, name: &str) -> Vec<String> {
        self.steps(self.disk.size() / 8);
        let mut names: Vec<String> = self.below(&self.place(name)).filter_map(|rest| rest.split('/').next()).map(str::to_owned).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Whether a file can be made here: its directory is there, or may be.
    pub fn may_make(&mut self, name: &Text) -> bool {
        match name.trim_end_matches('/').rsplit_once('/') {
            Some((directory, _)) if !directory.starts_with('/') && !directory.is_empty() && !name.has_unknown() => {
                self.is_directory(directory) || self.is_elsewhere(&directory.into())
            }
            _ => true,
        }
    }

    /// Removes a file or a directory with all in it.
    pub fn remove_all(&mut self, name: &str) {
        let place = self.place(name);
        let within = inside(&place);
        let is_within = |known: &str| if place.is_empty() { !known.starts_with('/') } else { known.starts_with(&within) };
        let goes = |known: &&Rc<str>| **known == place || is_within(known);
        let files: Vec<Rc<str>> = self.disk.files.keys().filter(goes).cloned().collect();
        let directories: Vec<Rc<str>> = self.disk.directories.keys().filter(goes).cloned().collect();
        self.steps(self.disk.size() / 8);
        files.into_iter().for_each(|place| self.change(Change::File(place, None)));
        directories.into_iter().for_each(|place| self.change(Change::Directory(place, false)));
    }

    /// Writes a file, or to commands that read what is written there.
    pub fn write_file(&mut self, name: &str, text: Text) {
        if let Some(sink) = self.sink_of_reader(name) {
            return self.print(&sink, &text);
        }
        self.change(Change::File(self.place(name), Some(text)));
    }

    /// Makes a file, empty unless it is there and is kept.
    pub fn make_file(&mut self, name: &str, keeps: bool) {
        if !keeps {
            self.write_file(name, Text::new());
        } else if self.file(name).is_none() {
            // What others have added by the time stays.
            self.append(&self.place(name), &Text::new());
        }
    }

    /// Adds a text to a file.
    pub fn append(&mut self, place: &Rc<str>, text: &Text) {
        self.change(Change::Append(Rc::clone(place), text.clone()));
    }

    /// Makes a directory.
    pub fn make_directory(&mut self, place: &Rc<str>) {
        self.change(Change::Directory(Rc::clone(place), true));
    }

    /// The names that a pattern stands for, in order.
    pub fn names_like(&mut self, pattern: &[Atom]) -> Vec<String> {
        let mut found = vec![String::new()];
        let parts = pattern.split(|atom| matches!(atom, Atom::Char('/')));
        for (nth, part) in parts.enumerate() {
            let plain: Option<String> = part.iter().map(|atom| if let Atom::Char(c) = atom { Some(*c) } else { None }).collect();
            let mut longer = Vec::new();
            for before in found {
                let before = if nth == 0 { before } else { before + "/" };
                match &plain {
                    Some(plain) => longer.push(before + plain),
                    None => {
                        let shows_hidden = matches!(part.first(), Some(Atom::Char('.'))) || self.has_shopt("dotglob");
                        for name in self.names_in(if before.is_empty() { "." } else { &before }) {
                            let fits = (shows_hidden || !name.starts_with('.')) && glob::matches(part, &name);
                            longer.extend(fits.then(|| [&*before, &name].concat()));
                        }
                    }
                }
            }
            found = longer;
        }
        found.retain(|name| self.file(name).is_some() && !name.ends_with('/') || self.is_directory(name));
        found
    }
}

/// What the names of all files in a directory begin with.
fn inside(directory: &str) -> String {
    if directory.is_empty() || directory.ends_with('/') { directory.to_owned() } else { [directory, "/"].concat() }
}
