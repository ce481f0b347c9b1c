//! What `cargo test` may hand to a test binary: filters and options of libtest. Only filters change what is run.

/// Which cases are asked for.
#[derive(Debug, Default)]
pub struct Args {
    filters: Vec<String>,
    skipped: Vec<String>,
    exact: bool,
    ignored: bool,
    /// Whether the cases are only to be named.
    pub list: bool,
}

/// Reads the arguments behind the program's name; unknown options are passed over.
pub fn read(arguments: impl IntoIterator<Item = String>) -> Args {
    const WITH_VALUE: [&str; 6] = ["--test-threads", "--format", "--color", "--logfile", "--shuffle-seed", "-Z"];
    let mut args = Args::default();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--list" => args.list = true,
            "--exact" => args.exact = true,
            "--ignored" => args.ignored = true,
            "--skip" => args.skipped.extend(arguments.next()),
            option if WITH_VALUE.contains(&option) => drop(arguments.next()),
            option if option.starts_with("--skip=") => args.skipped.push(option["--skip=".len()..].to_owned()),
            option if option.starts_with('-') => {}
            _ => args.filters.push(argument),
        }
    }
    args
}

impl Args {
    /// Whether a test of this name is to be run. There are no ignored ones.
    pub fn asks_for(&self, name: &str) -> bool {
        let is_meant = |filter: &String| if self.exact { name == filter } else { name.contains(filter.as_str()) };
        !self.ignored && (self.filters.is_empty() || self.filters.iter().any(is_meant)) && !self.skipped.iter().any(is_meant)
    }
}
