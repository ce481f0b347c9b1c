//! What a server decides about expressions, besides what all servers have in common.

/// The rules of a server in which its expressions differ from those of others.
#[derive(Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Names of the tables of functions that it does not know.
    pub without_functions: &'static [&'static str],
    /// Names of the table of filters that it does not know.
    pub without_filters: &'static [&'static str],
    /// How tightly `??` and `???` bind: 30 as the comparisons, 120 tighter than all others.
    pub fallback: u8,
    /// How tightly `isIn` binds.
    pub membership: u8,
    /// Whether `isNotIn` is an operator.
    pub is_not_in: bool,
    /// Whether `<`, `<=`, `>` and `>=` take two texts.
    pub compares_texts: bool,
    /// Whether `render` takes values of any type.
    pub renders_values: bool,
    /// Whether the filter `string` takes values of any type.
    pub writes_any_value: bool,
    /// Whether filters that change or hash a text refuse anything else.
    pub takes_texts_only: bool,
    /// How messages are worded.
    pub wording: Wording,
    /// Which operators say only that they could not be performed where an operand has a fault.
    pub hides_faults: HidesFaults,
    /// Whether `fallback` of `envs.x ?? fallback` counts where nobody says what only a server knows.
    pub falls_back: bool,
}

impl Dialect {
    /// The oldest one: what others differ from.
    pub const OLDEST: Self = Self {
        without_functions: &[],
        without_filters: &[],
        fallback: 120,
        membership: 30,
        is_not_in: true,
        compares_texts: true,
        renders_values: false,
        writes_any_value: false,
        takes_texts_only: false,
        wording: Wording::Plain,
        hides_faults: HidesFaults::Nowhere,
        falls_back: false,
    };

    /// What a message begins with.
    pub(super) fn class(&self, class: &str) -> String {
        if self.wording == Wording::Plain { String::new() } else { format!("io.pebbletemplates.pebble.error.{class}: ") }
    }
}

/// How messages are worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// In words alone.
    Plain,
    /// With the class of the error, where it is one of the language.
    Classes,
    /// With the class of every error.
    AllClasses,
}

/// Which operators hide the faults of their operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HidesFaults {
    /// None of them.
    Nowhere,
    /// `+ - * / %`, `==` and `!=`.
    InArithmetic,
    /// Comparisons, too.
    InComparisons,
}
