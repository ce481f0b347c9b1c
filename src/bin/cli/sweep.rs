//! `sweep`: a run for each of several numbers of slots.

use std::path::PathBuf;

use clap::ValueEnum;
use parallelogram::analysis::curve::{Point, curve, pairs};
use parallelogram::analysis::sentence::of_whole;
use parallelogram::analysis::spread::{Spread, spread};
use parallelogram::flow::Version;
use parallelogram::render::sweep;
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::simulate;

use crate::files::{Output, flows_of, read};
use crate::report::Stop;
use crate::settings::{MOST_RUNS, version};

/// The largest number of slots that is tried.
const MOST_SLOTS: i64 = 100_000;

/// All runs, one for each number of slots, have about so many events.
const MOST_EVENTS: u64 = 20_000_000;

#[derive(clap::Args)]
pub struct Sweep {
    /// A flow in YAML; `-` is standard input.
    file: PathBuf,
    /// The group whose slots are tried; given twice, all pairs of two groups are tried.
    #[arg(long, value_name = "ID", required = true)]
    group: Vec<String>,
    /// The smallest number of slots.
    #[arg(long, default_value_t = 1)]
    from: u32,
    /// The largest number of slots; by default as many as the group has leaves.
    #[arg(long, value_parser = clap::value_parser!(u32).range(..=MOST_SLOTS))]
    to: Option<u32>,
    /// How often each number is simulated, with seeds from 0 up, when something in the flow is drawn: prints how long most runs take.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=MOST_RUNS))]
    runs: u32,
    /// The version of Kestra whose rules hold; without it the one that the text is for.
    #[arg(long, value_name = "VERSION", value_parser = version)]
    kestra: Option<Version>,
    #[arg(long, value_enum, default_value_t = SweepFormat::Text)]
    format: SweepFormat,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, ValueEnum)]
enum SweepFormat {
    Text,
    Json,
    Csv,
}

impl Sweep {
    /// Simulates once for each number of slots and prints how long each run took.
    pub fn run(&self) -> Result<(), Stop> {
        let source = read(&self.file)?;
        let flows = flows_of(&source, 0, self.kestra)?;
        let most = |id: &String| {
            let group = flows[0].group_with_slots(id).map_err(|why| Stop::Because(format!("--group {id}: {why}")))?;
            Ok::<_, Stop>(self.to.unwrap_or_else(|| flows[0].leaves_below(group).max(1)))
        };
        let (from, scenario) = (self.from.max(1), Scenario::default());
        let trace = simulate(&flows, &scenario);
        let (of, n_events) = (of_whole(&trace), trace.events.len());
        let numbers = self.group.iter().map(|id| Ok(u64::from(most(id)?.saturating_add(1).saturating_sub(from))));
        let n_runs = numbers.collect::<Result<Vec<u64>, Stop>>()?.into_iter().fold(1, u64::saturating_mul);
        if n_runs.saturating_mul(n_events as u64) > MOST_EVENTS {
            return Err(Stop::Because(format!(
                "{n_runs} runs of {n_events} events are more than the {MOST_EVENTS} events that are simulated; give `--from` and a smaller `--to`"
            )));
        }
        let text = match &self.group[..] {
            [group] => {
                let points = curve(&flows, &scenario, group, from..=most(group)?);
                let spread = |point: &Point| -> Option<Spread> {
                    let concurrent = [(group.clone(), point.concurrent)].into();
                    spread(&flows, &Scenario { concurrent, ..scenario.clone() }, self.runs)
                };
                let spreads: Vec<Spread> = points.iter().filter_map(spread).collect();
                match self.format {
                    SweepFormat::Json => sweep::json(group, &points, &spreads),
                    SweepFormat::Csv => sweep::csv(&points, &spreads),
                    SweepFormat::Text => sweep::text(group, &of, &points, &spreads),
                }
            }
            [first, second] if first != second => {
                let points = pairs(&flows, &scenario, [first, second], [most(first)?, most(second)?], from);
                match self.format {
                    SweepFormat::Json => sweep::json_of_pairs([first, second], &points),
                    SweepFormat::Csv => sweep::csv_of_pairs([first, second], &points),
                    SweepFormat::Text => sweep::text_of_pairs(&of, [first, second], &points),
                }
            }
            _ => return Err(Stop::Because("--group: give one group, or two different ones".to_owned())),
        };
        self.output.write(&text)
    }
}
