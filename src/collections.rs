//! Two plain maps. The compiler generates the maps of the standard library again for each pair of types, which makes the page
//! larger.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

/// Values in order of their keys: a list with binary search. It is meant for few keys, or for keys that are inserted in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorted<K, V>(Vec<(K, V)>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Sorted<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::default();
        entries.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

impl<K: Ord, V> Sorted<K, V> {
    fn position<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.binary_search_by(|(known, _)| known.borrow().cmp(key))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.position(key).ok().map(|at| &self.0[at].1)
    }

    /// The value of a key, mutable.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.position(key).ok().map(|at| &mut self.0[at].1)
    }

    /// Sets a key.
    pub fn insert(&mut self, key: K, value: V) {
        match self.position(&key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// The value of a key, which is inserted when it is absent.
    pub fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let at = match self.position(&key) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key, V::default()));
                at
            }
        };
        &mut self.0[at].1
    }

    /// Removes a key.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.position(key).ok().map(|at| self.0.remove(at).1)
    }

    /// How many keys there are.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// The keys from this one on, in order.
    pub fn keys_from<'a, Q: Ord + ?Sized>(&'a self, first: &Q) -> impl Iterator<Item = &'a K> + use<'a, K, V, Q>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.iter().skip(self.position(first).unwrap_or_else(|at| at)).map(|(key, _)| key)
    }

    /// Removes the keys of which this is not so.
    pub fn retain(&mut self, stays: impl Fn(&K) -> bool) {
        self.0.retain(|(key, _)| stays(key));
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }
}

/// Texts, each with its index in some list.
#[derive(Debug, Clone, Default)]
pub struct Index(HashMap<Rc<str>, u32, BuildHasherDefault<Fnv>>);

impl Index {
    /// The index of a text.
    #[must_use]
    pub fn get(&self, text: &str) -> Option<usize> {
        self.0.get(text).map(|at| *at as usize)
    }

    /// The index of a text; a text without one gets this index.
    pub fn get_or_insert(&mut self, text: &str, at: usize) -> usize {
        self.get(text).unwrap_or_else(|| {
            self.set(Rc::from(text), at);
            at
        })
    }

    /// Adds a text; false when it was there already.
    pub fn insert(&mut self, text: &str) -> bool {
        let n = self.0.len();
        self.get_or_insert(text, n) == n
    }

    /// Gives a text this index.
    pub fn set(&mut self, text: Rc<str>, at: usize) {
        self.0.insert(text, at as u32);
    }
}

/// Values by names that the program knows from the start.
pub type Named<V> = HashMap<&'static str, V, BuildHasherDefault<Fnv>>;

/// The hash of Fowler, Noll and Vo: short texts, no seed, the same everywhere.
#[derive(Debug, Clone, Copy)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
