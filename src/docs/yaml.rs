//! A flow in a file of its own, with `# expect: makespan=9s` among the comments before it.

use super::Place;
use crate::share::Link;

/// The flow of a file that claims something; `None` for other files.
pub fn place(page: &str) -> Option<Place> {
    let mut start = 0;
    for (n, line) in page.split_inclusive('\n').enumerate() {
        if !line.trim().is_empty() && !line.starts_with('#') {
            return None;
        }
        if let Some(claim) = line.trim_start_matches(['#', ' ', '\t']).strip_prefix("expect:") {
            let value = claim.trim();
            let at = start + line.len() - claim.len() + (claim.len() - claim.trim_start().len());
            return Some(Place {
                line: n + 1,
                fence: None,
                text: Ok(page.to_owned()),
                text_line: Some(1),
                title: None,
                settings: Link::default(),
                expect: Some((value.to_owned(), at..at + value.len())),
            });
        }
        start += line.len();
    }
    None
}
