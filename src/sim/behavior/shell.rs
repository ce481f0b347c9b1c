//! `io.kestra.plugin.scripts.shell.Commands`. Rule: Kestra, "Runnable tasks", scripts.

use std::rc::Rc;

use super::{Context, Work};
use crate::flow::Level;
use crate::shell::{self, Stream};
use crate::sim::trace::Outputs;

/// Standard output is logged at INFO, standard error at ERROR; a failing command fails the task.
pub fn work(commands: &[Rc<str>], context: &Context<'_>) -> Result<Work, String> {
    let rendered = commands.iter().map(|command| context.render(command)).collect::<Result<Vec<_>, _>>()?;
    let outcome = shell::run(&rendered.join("\n"));
    let level = |stream| match stream {
        Stream::Out => Level::Info,
        Stream::Err => Level::Error,
        Stream::Note => Level::Debug,
    };
    let warned = outcome.lines.iter().any(|line| line.stream == Stream::Err);
    let mut logs: Vec<_> = outcome.lines.into_iter().map(|line| (line.at, level(line.stream), line.text.into())).collect();
    let failed = outcome.exit_code != 0;
    if failed {
        logs.push((outcome.ends, Level::Error, format!("Command failed with exit code {}", outcome.exit_code).into()));
    }
    Ok(Work { logs, duration: outcome.ends, failed, warned, outputs: Outputs::Script { exit_code: outcome.exit_code } })
}
