//! Flows on a server: validated, and stored when they are not there as they are.

use parallelogram::source::Source;
use parallelogram::syntax::parse;
use serde_json::Value;

use super::client::{CORRECT, Client, Trouble};
use crate::states::printable;

const YAML: &str = "application/x-yaml";

/// A flow as it is written.
#[derive(Debug, PartialEq, Eq)]
pub struct Document {
    pub namespace: String,
    pub id: String,
    pub text: String,
}

impl Document {
    pub fn name(&self) -> String {
        format!("{}.{}", self.namespace, self.id)
    }
}

/// The flows of a text with one or more YAML documents. What is no flow is left out.
pub fn documents(text: &str) -> Vec<Document> {
    let mut parts = vec![String::new()];
    for line in text.split_inclusive('\n') {
        // No scalar can have such a line: it always begins a document.
        match line.strip_prefix("---").filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) {
            Some(rest) => parts.push(rest.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n').unwrap_or(rest).to_owned()),
            None => parts.last_mut().into_iter().for_each(|part| part.push_str(line)),
        }
    }
    let read = |text: String| {
        let source = Source::new("", text);
        let (document, _) = parse(&source);
        let property = |name: &str| document.roots.first()?.get(name)?.scalar_text(&source).map(str::to_owned);
        Some(Document { namespace: property("namespace")?, id: property("id")?, text: source.text.to_string() })
    };
    parts.into_iter().filter_map(read).collect()
}

/// What the server warns of, after it has found the flows valid.
///
/// # Errors
/// The first flow that it refuses, in its words; or there is no such tenant.
pub fn validate(client: &Client, flows: &[Document]) -> Result<Vec<String>, Trouble> {
    let mut warnings = Vec::new();
    for flow in flows {
        let answer = client.put("POST", &client.address.api(&["flows", "validate"]), YAML, flow.text.as_bytes())?;
        if answer.status == 404 {
            let at = &client.address;
            return Err(match at.tenant() {
                Some(tenant) => {
                    let advice = "give the one that stands in the addresses of its pages as `--tenant`";
                    Trouble::lasting(format!("{at} has no tenant `{tenant}` (404)"), advice)
                }
                None => Trouble::lasting(format!("{at} can't validate flows (404)"), "check the address, or give a `--tenant`"),
            });
        }
        let found = client.expect(answer)?;
        let texts = |key: &'static str| found.as_array().into_iter().flatten().map(move |one| &one[key]);
        if let Some(why) = texts("constraints").filter_map(Value::as_str).find(|why| !why.trim().is_empty()) {
            let why = printable(why).split_whitespace().collect::<Vec<_>>().join(" ");
            let what = format!("{} refuses {} ({})", client.address, flow.name(), why.trim_end_matches('.'));
            return Err(Trouble::lasting(what, "correct it; nothing was stored or started"));
        }
        warnings.extend(texts("warnings").filter_map(Value::as_array).flatten().filter_map(Value::as_str).map(printable));
    }
    Ok(warnings)
}

/// Stores a flow, unless the server has it with this very text. What was done: `stored`, `updated` or `unchanged`, with the revision.
pub fn store(client: &Client, flow: &Document) -> Result<String, Trouble> {
    let (all, one) = (client.address.api(&["flows"]), client.address.api(&["flows", &flow.namespace, &flow.id]));
    let known = client.json(&one, &[("source", "true")])?;
    if known.as_ref().is_some_and(|known| known["source"].as_str().is_some_and(|source| source.trim_end() == flow.text.trim_end())) {
        return Ok(format!("{} is unchanged{}", flow.name(), revision(&known.unwrap_or_default())));
    }
    let is_known = known.is_some();
    let (method, address, done) = if is_known { ("PUT", &one, "updated") } else { ("POST", &all, "stored") };
    let mut answer = client.put(method, address, YAML, flow.text.as_bytes())?;
    let mut done = done;
    if !is_known && answer.status == 422 && answer.text.contains("already exists") {
        // Someone else stored it in this moment, or this user may not read it.
        (answer, done) = (client.put("PUT", &one, YAML, flow.text.as_bytes())?, "updated");
    }
    if answer.status >= 400 {
        return Err(client.refusal(&format!("to store {}", flow.name()), &answer, CORRECT));
    }
    Ok(format!("{done} {}{}", flow.name(), revision(&client.expect(answer)?)))
}

fn revision(flow: &Value) -> String {
    flow["revision"].as_u64().map(|revision| format!(", revision {revision}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::documents;

    #[test]
    fn documents_are_cut_as_yaml_does() {
        let text =
            "# about\n---\nid: a\nnamespace: n\ndescription: |\n  ---\n  text\n--- # second\nid: b\nnamespace: n\n---\nnothing: here\n";
        let found: Vec<String> = documents(text).iter().map(|flow| format!("{}: {:?}", flow.name(), flow.text)).collect();
        insta::assert_snapshot!(found.join("\n"), @r#"
        n.a: "id: a\nnamespace: n\ndescription: |\n  ---\n  text\n"
        n.b: " # second\nid: b\nnamespace: n\n"
        "#);
    }
}
