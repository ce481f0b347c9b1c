//! `convert`: a text in another dialect.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use parallelogram::diag;
use parallelogram::flow::Dialect;
use parallelogram::flow::read_text;

use crate::files::{Output, read};
use crate::report::{Stop, print_diagnostic};

#[derive(clap::Args)]
pub struct Convert {
    /// A flow or a template in YAML; `-` is standard input.
    file: PathBuf,
    /// The dialect to write.
    #[arg(long, value_parser = dialects())]
    to: Dialect,
    #[command(flatten)]
    output: Output,
}

impl Convert {
    /// Writes the text in the other dialect, and reports what is lost.
    pub fn run(&self) -> Result<(), Stop> {
        let source = read(&self.file)?;
        let (document, flows, diagnostics) = read_text(&source);
        diag::merged(&diagnostics).iter().for_each(|found| print_diagnostic(found, &source));
        if flows.is_empty() {
            return Err(Stop::Reported);
        }
        let converted = parallelogram::convert::convert(&source, &document, &flows, self.to);
        converted.lost.iter().for_each(|lost| print_diagnostic(lost, &source));
        self.output.write(&converted.text)
    }
}

/// Reads the name of a dialect.
fn dialects() -> impl TypedValueParser<Value = Dialect> {
    let find = |name: String| Dialect::ALL.into_iter().find(|dialect| dialect.as_str() == name).unwrap_or_default();
    PossibleValuesParser::new(Dialect::ALL.map(Dialect::as_str)).map(find)
}
