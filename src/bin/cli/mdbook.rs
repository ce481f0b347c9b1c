//! `mdbook`: a preprocessor for mdBook. It reads the context and the book as JSON, and writes the book with a figure below each
//! flow. Source: mdBook, "Preprocessors".

use std::io::{self, Read};
use std::path::Path;

use clap::{Args, Subcommand};
use parallelogram::docs::with_figures;
use serde_json::Value;

use crate::files::print;
use crate::report::{Stop, because};

#[derive(Args)]
pub struct Mdbook {
    #[command(subcommand)]
    asked: Option<Asked>,
}

#[derive(Subcommand)]
enum Asked {
    /// Whether books are drawn by this renderer: exit code 0 or 1.
    Supports { renderer: String },
}

impl Mdbook {
    /// Answers what mdBook asks. Claims that do not hold are reported with file and line, and stop the build.
    pub fn run(&self) -> Result<(), Stop> {
        if let Some(Asked::Supports { renderer }) = &self.asked {
            return if renderer == "html" { Ok(()) } else { Err(Stop::Different) };
        }
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map_err(|error| because("stdin", "read", &error))?;
        let not_a_book = || Stop::Because("stdin is no book of mdBook: [context, book] in JSON".to_owned());
        let input: Value = serde_json::from_str(&text).map_err(|_| not_a_book())?;
        let [context, book] = input.as_array().map(Vec::as_slice).ok_or_else(not_a_book)? else { return Err(not_a_book()) };
        let config = &context["config"];
        let base = config["preprocessor"]["parallelogram"]["base"].as_str().unwrap_or("");
        let folder = config["book"]["src"].as_str().unwrap_or("src");
        let (mut book, mut n_faults) = (book.clone(), 0);
        draw(&mut book, base, &mut |path, line, message| {
            n_faults += 1;
            anstream::eprintln!("{}:{line}: {message}", Path::new(folder).join(path).display());
        });
        if n_faults > 0 {
            return Err(Stop::Different);
        }
        print(&book.to_string()).map_err(|error| because("standard output", "written", &error))
    }
}

/// Draws all chapters of a part of a book, those within chapters too.
fn draw(part: &mut Value, base: &str, report: &mut dyn FnMut(&str, usize, &str)) {
    match part {
        Value::Array(parts) => parts.iter_mut().for_each(|part| draw(part, base, report)),
        Value::Object(fields) => {
            if let Some(Value::Object(chapter)) = fields.get_mut("Chapter") {
                let base = from_chapter(base, chapter.get("path").and_then(Value::as_str).unwrap_or_default());
                let drawn = chapter.get("content").and_then(Value::as_str).map(|content| with_figures(content, &base));
                match drawn {
                    Some(Ok(drawn)) => _ = chapter.insert("content".to_owned(), Value::String(drawn)),
                    Some(Err(faults)) => {
                        let path = chapter.get("path").and_then(Value::as_str).unwrap_or("a chapter").to_owned();
                        faults.iter().for_each(|fault| report(&path, fault.line, &fault.message));
                    }
                    None => {}
                }
            }
            fields.values_mut().filter(|value| value.is_array() || value.is_object()).for_each(|part| draw(part, base, report));
        }
        _ => {}
    }
}

/// The address of the playground as a chapter needs it: one that begins neither with `/` nor with a scheme is below the book.
fn from_chapter(base: &str, path: &str) -> String {
    let is_below = !base.starts_with('/') && !base.contains("://");
    if is_below { "../".repeat(path.matches('/').count()) + base } else { base.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::from_chapter;

    #[test]
    fn a_base_without_host_is_below_the_book() {
        assert_eq!(from_chapter("../", "one.md"), "../");
        assert_eq!(from_chapter("play/", "a/b/one.md"), "../../play/");
        assert_eq!(from_chapter("/play/", "a/one.md"), "/play/");
        assert_eq!(from_chapter("https://play.example/", "a/one.md"), "https://play.example/");
    }
}
