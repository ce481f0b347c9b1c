//! The reference of the commands, `docs/reference/commands.md`, is written from their definitions. `UPDATE_DOCS=1` writes it anew.

use clap::{Arg, ArgAction, Command, CommandFactory};

use crate::Arguments;

/// The page.
fn page() -> String {
    let mut tool = Arguments::command();
    tool.build();
    let sections: String =
        tool.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help").map(section).collect();
    format!("# Commands\n\n<!-- Written from the code: see src/bin/cli/reference.rs. -->\n\n{}\n{sections}", introduction())
}

fn introduction() -> &'static str {
    "`FILE` is a text of any dialect that the page reads; `-` is standard input. A length of time (`D`) is `PT1.5S` or `1.5s`. Results go to \
    standard output, diagnostics to standard error. The exit code is 0 when the command did its work, 1 when `check` found a difference, \
    `upgrade` left something, a server could not be used or Kestra's engine refused a flow, 2 for an input that is not valid or a program \
    that is missing, and 130 after Ctrl-C."
}

fn section(command: &Command) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
    let arguments: Vec<&Arg> = command.get_arguments().filter(|arg| !arg.is_hide_set() && arg.get_id() != "help").collect();
    let rows: String = arguments.into_iter().map(row).collect();
    let table = if rows.is_empty() { rows } else { format!("\n| | what | default |\n| --- | --- | --- |\n{rows}") };
    format!("\n## {}\n\n{about}.\n\n    {usage}\n{table}", command.get_name())
}

fn row(arg: &Arg) -> String {
    let value = arg.get_value_names().map(|names| names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")).unwrap_or_default();
    let takes_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    let name = match arg.get_long() {
        Some(long) if takes_value => format!("--{long} {value}"),
        Some(long) => format!("--{long}"),
        None => value,
    };
    let short = arg.get_short().map(|short| format!("`-{short}`, ")).unwrap_or_default();
    let words = arg.get_help().map_or("One of these".to_owned(), ToString::to_string);
    let choices: Vec<String> =
        arg.get_possible_values().iter().filter(|_| takes_value).map(|choice| format!("`{}`", choice.get_name())).collect();
    let choices = if choices.is_empty() { String::new() } else { format!(": {}", choices.join(", ")) };
    let defaults: Vec<String> =
        arg.get_default_values().iter().filter(|_| takes_value).map(|value| format!("`{}`", value.to_string_lossy())).collect();
    format!("| {short}`{name}` | {}{choices} | {} |\n", words.replace('|', "\\|"), defaults.join(" "))
}

#[test]
fn the_page_of_commands_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/commands.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, page()).expect("the page can be written");
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    let command = "UPDATE_DOCS=1 cargo test --features cli --bin parallelogram";
    assert!(there == page(), "docs/reference/commands.md is out of date: `{command}` writes it");
}
