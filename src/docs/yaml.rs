//! A flow in a file of its own, with `# expect: makespan=9s` among the comments before it.

use super::Place;

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
            let expect = Some((value.to_owned(), at..at + value.len()));
            return Some(Place { expect, ..Place::named(page, n + 1, 1, std::iter::empty()) });
        }
        start += line.len();
    }
    None
}
