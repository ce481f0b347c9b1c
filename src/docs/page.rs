//! Pages of documentation: where their flows are, and Markdown with a figure below each of them.

use super::figure::escaped;
use super::{Drawn, Fault, Place, draw, html, markdown, rst, yaml};
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::tr;

/// How a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Markdown and MDX.
    Markdown,
    /// reStructuredText.
    Rst,
    /// HTML.
    Html,
    /// A flow with a comment `# expect:`.
    Yaml,
}

impl Format {
    /// The format of a file, by how its name ends; `None` for a file that is no page.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match &*ending.to_ascii_lowercase() {
            "md" | "mdx" | "markdown" => Some(Self::Markdown),
            "rst" => Some(Self::Rst),
            "html" | "htm" => Some(Self::Html),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// So many lines of a page are read: a reader of Markdown takes a hundred bytes for each.
const MOST_LINES: usize = 1_000_000;

/// The diagnostic for a page with more lines than are read, at the first line too many; `None` for all others. A page that is a flow in
/// YAML has limits of its own.
#[must_use]
pub fn too_many_lines(page: &str, format: Format) -> Option<Diagnostic> {
    let (at, _) = page.match_indices('\n').nth(MOST_LINES - 1).filter(|(at, _)| format != Format::Yaml && at + 1 < page.len())?;
    let found = Diagnostic::error(
        "too-many-lines",
        Span::new(at + 1, at + 1),
        tr!("this page has more than the {n} lines that are read", n = MOST_LINES),
    );
    Some(found.help(tr!("split it into several pages")))
}

/// The flows of a page, in order. One with too many lines has none.
#[must_use]
pub fn places(page: &str, format: Format) -> Vec<Place> {
    if too_many_lines(page, format).is_some() {
        return Vec::new();
    }
    let mut places = match format {
        Format::Markdown => markdown::places(page),
        Format::Rst => rst::places(page),
        Format::Html => html::places(page, page, &[]),
        Format::Yaml => yaml::place(page).into_iter().collect(),
    };
    places.sort_by_key(|place| place.line);
    places
}

/// A page in Markdown with a figure below each fence that is a flow, and the script of the element if there is any. `base` is the
/// address of the playground, with a `/` at its end.
///
/// # Errors
/// All that is wrong with its flows, and what their authors claim and does not hold.
pub fn with_figures(page: &str, base: &str) -> Result<String, Vec<Fault>> {
    if let Some(found) = too_many_lines(page, Format::Markdown) {
        return Err(vec![Fault { line: MOST_LINES + 1, message: found.message }]);
    }
    let (mut out, mut faults, mut copied) = (String::new(), Vec::new(), 0);
    for place in places(page, Format::Markdown) {
        let Drawn { html, faults: found } = draw(&place);
        faults.extend(found);
        let (Some(html), Some(fence)) = (html, &place.fence) else { continue };
        let line = page[..fence.start].rfind('\n').map_or(0, |end| end + 1);
        // Within a list or a quote the figure begins as the fence does.
        let indent: String = page[line..fence.start].chars().map(|c| if c == '>' { '>' } else { ' ' }).collect();
        let info = page[fence.start..].trim_start_matches(['`', '~']);
        let info_at = page.len() - info.len();
        let info_end = info_at + info.find(['\r', '\n']).unwrap_or(info.len());
        // A host might read the words otherwise: what is left is a plain block.
        let words = if info.trim_start().starts_with('{') { &page[info_at..info_end] } else { "yaml" };
        out.push_str(&[&page[copied..info_at], words].concat());
        out.push_str(page[info_end..fence.end].trim_end_matches('\n'));
        out.push_str(&["\n", &indent, "\n", &indent, &html, "\n"].concat());
        copied = fence.end;
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    if copied > 0 {
        out.push_str(&page[copied..]);
        out.push_str(&["\n\n<script type=\"module\" src=\"", &escaped(base), "flow-playground.js\"></script>\n"].concat());
        return Ok(out);
    }
    Ok(page.to_owned())
}

/// A page with another text in one of its flows, and with the name of the version that the flow says it is for exchanged. Lines that
/// stay the same keep every byte. `None` when the text does not stand in the page line by line.
#[must_use]
pub fn with_text(page: &str, place: &Place, text: &str, [from, to]: [&str; 2]) -> Option<String> {
    let (first, old) = (place.text_line? - 1, place.text.as_ref().ok()?);
    let mut lines: Vec<String> = page.split_inclusive('\n').map(str::to_owned).collect();
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), text.lines().collect());
    // What stands before each line: the indent of a list, or the mark of a quote.
    let indent = |line: &str, text: &str| line.trim_end_matches(['\n', '\r']).strip_suffix(text).map(str::to_owned);
    let written = lines.get(first..first + old.len())?;
    let pad = written.iter().zip(&old).find(|(_, text)| !text.trim().is_empty()).and_then(|(line, text)| indent(line, text))?;
    let is_there = |(line, text): (&String, &&str)| indent(line, text).is_some_and(|before| before == pad || text.trim().is_empty());
    if !written.iter().zip(&old).all(is_there) {
        return None;
    }
    let n_before = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let n_most = old.len().min(new.len()) - n_before;
    let n_after = old.iter().rev().zip(new.iter().rev()).take(n_most).take_while(|(old, new)| old == new).count();
    let ending = if written.first().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
    let whole = |line: &&str| if line.is_empty() { ending.to_owned() } else { [&pad, *line, ending].concat() };
    let inserted: Vec<String> = new.get(n_before..new.len() - n_after)?.iter().map(whole).collect();
    lines.splice(first + n_before..first + old.len() - n_after, inserted);
    if place.settings.get("kestra") == Some(from) {
        let heads = lines.get_mut(place.line - 1..first)?;
        let is_named = |line: &&mut String| line.contains("kestra");
        let head = heads.iter_mut().find(is_named)?;
        let at = head.find("kestra")?;
        *head = [&head[..at], &head[at..].replacen(from, to, 1)].concat();
    }
    Some(lines.concat())
}
