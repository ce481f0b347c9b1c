//! The language of what the tool says. It is an argument and nothing of the environment: the same command prints the same bytes.

use clap::ValueEnum;
use parallelogram::language::{Catalog, speak};

const GERMAN: &str = concat!(
    include_str!("../../../languages/de/analysis.po"),
    "\n",
    include_str!("../../../languages/de/diagnostics.po"),
    "\n",
    include_str!("../../../languages/de/timeline.po"),
);

/// A language, by its tag.
#[derive(Clone, Copy, ValueEnum)]
pub enum Language {
    /// English
    En,
    /// German
    De,
}

impl Language {
    /// From now on the tool speaks it.
    pub fn speak(self) {
        speak(match self {
            Self::En => None,
            Self::De => Some(Catalog::read(GERMAN)),
        });
    }
}
