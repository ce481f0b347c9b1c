//! Variables that name the value of a loop, and are rendered by its tasks. Rules: Kestra, "ForEach" and "Loop".

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::names::{Inside, is_of_loop};
use super::pen::{Done, Left, Pen};
use super::walk::{each_text, entries_mut};
use crate::expr;
use crate::syntax::{Entry, Node};
use crate::tr;

/// The variables of a flow that name values of a loop, or what its tasks give out.
pub struct Variables<'a> {
    /// Their values, by name.
    of_loops: BTreeMap<&'a str, &'a Node>,
    /// For each variable those that it comes to when it is rendered, itself and through others.
    reached: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// So many variables are followed, and so many steps from one to the next.
const MOST_VARIABLES: usize = 100;
const MOST_STEPS: usize = 8;

/// What to replace in the text of a variable, by its name.
pub type Changed = BTreeMap<String, Vec<(Range<usize>, String)>>;

/// Writes the variables that name the value of a loop anew.
pub fn rewrite(root: &mut Node, changed: &Changed, pen: &mut Pen<'_>) -> Done {
    let written = entries_mut(root).iter_mut().find(|entry| entry.key == "variables");
    let entries = written.map(|entry| entries_mut(&mut entry.value)).unwrap_or_default();
    entries.iter_mut().try_for_each(|entry| match changed.get(&entry.key) {
        Some(parts) => pen.change_text(&mut entry.value, parts.clone()),
        None => Ok(()),
    })
}

impl<'a> Variables<'a> {
    /// Those of a flow, given the tasks in the loop.
    ///
    /// # Errors
    /// When there are too many to follow them all.
    pub fn of(flow: &'a Node, inside: &Inside) -> Result<Self, Left> {
        let all = flow.get("variables").map(Node::entries).unwrap_or_default();
        let of_loops: BTreeMap<&str, &Node> =
            all.iter().filter(|entry| is_any_of_loop(&entry.value, inside)).map(|entry| (&*entry.key, &entry.value)).collect();
        let mut reached: BTreeMap<&str, BTreeSet<&str>> = of_loops.keys().map(|name| (*name, BTreeSet::from([*name]))).collect();
        if of_loops.len() > MOST_VARIABLES {
            return Err(by_hand(all.first().map_or("", |entry| &entry.key)));
        }
        let named = |entry: &'a Entry| {
            let mut names = Vec::new();
            each_text(&entry.value, &|_| false, &mut |text| names.append(&mut named_in(text)));
            (&*entry.key, names)
        };
        let named: Vec<(&str, Vec<String>)> = all.iter().filter(|_| !of_loops.is_empty()).map(named).collect();
        for _ in 0..MOST_STEPS {
            for (name, names) in &named {
                let more: BTreeSet<&str> = names.iter().filter_map(|name| reached.get(&**name)).flatten().copied().collect();
                reached.entry(name).or_default().extend(more);
            }
        }
        Ok(Self { of_loops, reached })
    }

    /// The variables of these that a text comes to.
    pub fn rendered_in(&self, text: &str) -> BTreeSet<&'a str> {
        let names = if self.of_loops.is_empty() { Vec::new() } else { named_in(text) };
        names.iter().filter_map(|name| self.reached.get(&**name)).flatten().copied().collect()
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.of_loops.keys().copied()
    }

    /// The text of one of them.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.of_loops.get(name)?.as_str()
    }
}

/// The variables that a text names.
fn named_in(text: &str) -> Vec<String> {
    let paths = if text.contains("vars") { expr::paths(text) } else { Vec::new() };
    paths.into_iter().filter_map(|(path, _)| Some(path.strip_prefix("vars.")?.split('.').next()?.to_owned())).collect()
}

fn is_any_of_loop(variable: &Node, inside: &Inside) -> bool {
    let mut is_of = false;
    each_text(variable, &|_| false, &mut |text| is_of |= is_of_loop(text, inside));
    is_of
}

/// Why a variable can't be written anew.
pub fn by_hand(name: &str) -> Left {
    let why = tr!("the variable `{name}` names the value of a loop, and is not only for tasks right in one loop", name);
    Left::because(why, [tr!("write what the variable says into the tasks"), tr!("write `item.value` in it, as a Loop calls its value")])
}
