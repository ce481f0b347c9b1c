//! In: a line of `cases.jsonl` and the folder it stands in. Out: the case with its texts. Form: the README beside the cases.

use std::fs;
use std::path::{Path, PathBuf};

use parallelogram::flow::Version;
use parallelogram::source::Source;
use serde_json::{Map, Value};

/// All fields of a case.
const FIELDS: [&str; 15] = [
    "id",
    "versions",
    "kind",
    "stratum",
    "fixture",
    "test",
    "testSource",
    "inputs",
    "inputsTypeChecked",
    "overrides",
    "executionLabels",
    "context",
    "extraFlows",
    "steps",
    "expect",
];
/// The folder of Kestra's fixtures, as cases name it; here the files are in `flows/` beside the cases.
const FIXTURES: &str = "core/src/test/resources/flows/";

/// A case with the texts of its flows.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: String,
    pub fields: Map<String, Value>,
    /// The names and texts of the flow that is started, then those that it may call.
    pub files: Vec<[String; 2]>,
    /// The versions of Kestra in which it holds.
    pub versions: Vec<Version>,
}

/// Whether a field is a comment: `notes`, `inputsNote`.
pub fn is_comment(field: &str) -> bool {
    field == "notes" || field == "note" || field.ends_with("Note") || field.ends_with("Notes")
}

/// A complaint for each field of `map` that is neither known nor a comment.
pub fn unknown(map: &Map<String, Value>, known: &[&str], place: &str) -> Vec<String> {
    let strange = map.keys().filter(|key| !is_comment(key) && !known.contains(&key.as_str()));
    strange.map(|key| format!("a field that the harness knows, came `{key}` in {place}")).collect()
}

/// The cases of a folder in order; for a line that is not a case, its name and what is wrong with it.
pub fn read_all(folder: &Path) -> Vec<Result<Case, (String, String)>> {
    let text = fs::read_to_string(folder.join("cases.jsonl")).unwrap_or_default();
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| read(line, folder).map_err(|(id, why)| (id.unwrap_or_else(|| format!("line {}", at + 1)), why))).collect()
}

/// The case of a line; otherwise its id, if it has one, and what is wrong with it.
pub fn read(line: &str, folder: &Path) -> Result<Case, (Option<String>, String)> {
    let json: Value = serde_json::from_str(line).map_err(|error| (None, format!("a case in JSON, came {error}")))?;
    let Value::Object(fields) = json else { return Err((None, "a case, came JSON that is no object".to_owned())) };
    let Some(id) = fields.get("id").and_then(Value::as_str).map(str::to_owned) else { return Err((None, "an `id`, came none".to_owned())) };
    let files = files(&fields, folder).map_err(|why| (Some(id.clone()), why))?;
    let versions = versions(&id, fields.get("versions")).map_err(|why| (Some(id.clone()), why))?;
    Ok(Case { id, fields, files, versions })
}

/// The versions that a case names. One that names none is of the base, and holds in those that `versions.txt` adds.
fn versions(id: &str, named: Option<&Value>) -> Result<Vec<Version>, String> {
    let version = |name: &str| Version::from_name(name).ok_or_else(|| format!("a version of Kestra in `versions`, came `{name}`"));
    match named {
        Some(Value::Array(names)) => names.iter().map(|name| version(name.as_str().unwrap_or_default())).collect(),
        Some(_) => Err("a list in `versions`, came something else".to_owned()),
        None => {
            let lines = include_str!("versions.txt").lines().map(|line| line.split('#').next().unwrap_or_default());
            let added = lines.filter_map(|line| line.trim().strip_prefix(id)?.strip_prefix(' ')).next().unwrap_or("0.21");
            added.split_ascii_whitespace().map(version).collect()
        }
    }
}

fn files(fields: &Map<String, Value>, folder: &Path) -> Result<Vec<[String; 2]>, String> {
    let fixture = fields.get("fixture").and_then(Value::as_str).ok_or("a `fixture`, came none")?;
    let extra = match fields.get("extraFlows") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(names)) => {
            names.iter().map(|name| name.as_str().ok_or("names in `extraFlows`, came others")).collect::<Result<_, _>>()?
        }
        Some(_) => return Err("a list in `extraFlows`, came something else".to_owned()),
    };
    std::iter::once(fixture).chain(extra).map(|name| file(folder, name)).collect()
}

fn file(folder: &Path, name: &str) -> Result<[String; 2], String> {
    let path: PathBuf = folder.join("flows").join(name.strip_prefix(FIXTURES).unwrap_or(name));
    let text = fs::read_to_string(&path).map_err(|error| format!("the file {}, came {error}", path.display()))?;
    Ok([name.to_owned(), text])
}

impl Case {
    /// The flow that is started, then those that it may call.
    pub fn sources(&self) -> Vec<Source> {
        self.files.iter().map(|[name, text]| Source::new(name, &**text)).collect()
    }

    /// The value of a field.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.fields.get(field)
    }

    /// `run`, `inputs` or `invalid`.
    pub fn kind(&self) -> &str {
        self.get("kind").and_then(Value::as_str).unwrap_or("")
    }

    /// A field that is a map; empty when it is not there.
    pub fn map(&self, field: &str) -> Map<String, Value> {
        self.get(field).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// The inputs of the run: `overrides` is the part of `inputs` that matters.
    pub fn inputs(&self) -> Map<String, Value> {
        let mut inputs = self.map("inputs");
        inputs.extend(self.map("overrides"));
        inputs
    }

    /// The steps, in order.
    pub fn steps(&self) -> &[Value] {
        self.get("steps").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// What is wrong with the form of the case, apart from `expect` and `steps`.
    pub fn complaints(&self) -> Vec<String> {
        let commits = ["fixtureCommit", "testCommit"];
        let known: Vec<&str> = FIELDS.into_iter().chain(commits).collect();
        let mut wrong = unknown(&self.fields, &known, "the case");
        if !["run", "inputs", "invalid"].contains(&self.kind()) {
            wrong.push(format!("a kind that the harness knows, came `{}`", self.kind()));
        }
        for field in ["inputs", "overrides", "executionLabels", "context"] {
            if self.get(field).is_some_and(|value| !value.is_object()) {
                wrong.push(format!("a map in `{field}`, came something else"));
            }
        }
        wrong.extend(unknown(&self.map("context"), &["envs", "globals"], "`context`"));
        if !self.get("expect").is_some_and(Value::is_object) {
            wrong.push("a map in `expect`, came something else".to_owned());
        }
        wrong
    }
}
