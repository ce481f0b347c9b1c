//! Expressions in texts: `{{ task.id }}`. Rules: Kestra, "Expressions" (Pebble, strict).
//!
//! So far paths of names are rendered. What else stands between braces is not evaluated: it prints as `⟨…⟩`.

/// What a name in an expression leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// A value, as it prints.
    Value(String),
    /// It exists on a real server, but no simulation can know it: it prints as `⟨path⟩`.
    Unknown,
    /// There is no such thing: this part of the path is missing.
    Missing(String),
}

/// Renders a text. Names are looked up by their path; a missing one fails with Kestra's own words.
///
/// # Errors
/// ``Unable to find `NAME` used in the expression `TEXT` at line N``, where N counts from 1.
pub fn render(text: &str, lookup: &dyn Fn(&[&str]) -> Lookup) -> Result<String, String> {
    // Most texts hold none: looking for one letter is many times as fast as for two.
    if !text.contains('{') {
        return Ok(text.to_owned());
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out += before;
        let Some((inside, behind)) = after.split_once("}}") else {
            return Ok(out + "{{" + after);
        };
        let expression = inside.trim_matches(['-', ' ', '\n', '\t']);
        match path(expression).map_or(Lookup::Unknown, |path| lookup(&path)) {
            Lookup::Value(value) => out += &value,
            Lookup::Unknown => out.extend(["⟨", expression, "⟩"]),
            Lookup::Missing(name) => {
                let line = text[..text.len() - after.len()].matches('\n').count() + 1;
                return Err(format!("Unable to find `{name}` used in the expression `{text}` at line {line}"));
            }
        }
        rest = behind;
    }
    Ok(out + rest)
}

/// The names of a dotted path; `None` for any other expression.
fn path(expression: &str) -> Option<Vec<&str>> {
    let is_name = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let names: Vec<&str> = expression.split('.').map(str::trim).collect();
    names.iter().all(is_name).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        let lookup = |path: &[&str]| match path {
            ["task", "id"] => Lookup::Value("t1".to_owned()),
            ["outputs", ..] => Lookup::Unknown,
            _ => Lookup::Missing(path[0].to_owned()),
        };
        render(text, &lookup).unwrap_or_else(|error| format!("error: {error}"))
    }

    #[test]
    fn names_are_filled_in_and_missing_ones_fail_in_kestras_words() {
        assert_eq!(check("a {{task.id}} b {{ task.id }}"), "a t1 b t1");
        assert_eq!(check("no braces"), "no braces");
        assert_eq!(check("{{ outputs.q.rows }} {{ 1 + 1 }}"), "⟨outputs.q.rows⟩ ⟨1 + 1⟩");
        assert_eq!(check("x\n{{ nope }}"), "error: Unable to find `nope` used in the expression `x\n{{ nope }}` at line 2");
        assert_eq!(check("open {{ brace"), "open {{ brace");
    }
}
