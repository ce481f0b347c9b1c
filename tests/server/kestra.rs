//! Kestra's API over a recording: a server that takes the flow that was recorded, and runs it as the engine did.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde_json::{Value, json};

use super::loopback::{Loopback, Reply, Request};
use super::records::Case;

pub const USER: &str = "admin@example.org";
pub const PASSWORD: &str = "Zebra-4711-quagga";
/// `USER:PASSWORD` in Base64.
pub const ENCODED: &str = "YWRtaW5AZXhhbXBsZS5vcmc6WmVicmEtNDcxMS1xdWFnZ2E=";

/// What the server holds.
#[derive(Default)]
struct Store {
    /// The texts of flows, by `NAMESPACE/ID`.
    flows: BTreeMap<String, Vec<String>>,
    /// The bodies with which an execution was started.
    forms: Vec<String>,
}

/// A server with one recorded run.
pub struct Kestra {
    executions: Vec<Value>,
    version: &'static str,
    store: Mutex<Store>,
}

/// What a test makes of a request instead; `None` is what Kestra does.
pub type Fault = fn(&Kestra, &Request, usize) -> Option<Reply>;

impl Kestra {
    pub fn new(case: &Case) -> Self {
        let version = if case.version == "2.0" { "2.0.3" } else { "1.3.31" };
        Self { executions: case.as_api(), version, store: Mutex::default() }
    }

    /// The same with a flow that is there already.
    pub fn with_flow(self, name: &str, text: &str) -> Self {
        self.store.lock().expect("no thread panics").flows.insert(name.to_owned(), vec![text.to_owned()]);
        self
    }

    pub fn start(self, fault: Fault) -> Loopback {
        Loopback::start(move |request, nth| fault(&self, request, nth).unwrap_or_else(|| self.reply(request)))
    }

    fn reply(&self, request: &Request) -> Reply {
        if request.line == "GET /api/v1/configs" {
            return ok(&json!({"version": self.version, "edition": "OSS", "isBasicAuthInitialized": true}));
        }
        if request.header("Authorization") != format!("Basic {ENCODED}") {
            return Reply::Answer(401, "application/json", String::new());
        }
        let Some((method, path)) = request.line.split_once(" /api/v1/main/") else { return refused(404, "Page Not Found") };
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let mut store = self.store.lock().expect("no thread panics");
        match (method, path.split('/').collect::<Vec<_>>().as_slice()) {
            ("POST", ["flows", "validate"]) if request.header("Content-Type") == "application/x-yaml" => {
                ok(&json!([{"index": 0, "flow": "f", "outdated": false, "deprecationPaths": [], "warnings": [], "infos": []}]))
            }
            ("POST", ["flows"]) => {
                let property = |name: &str| body.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
                let name = format!("{}/{}", property("namespace:"), property("id:"));
                if store.flows.contains_key(&name) {
                    return refused(422, "Invalid entity: flow.id: Flow id already exists");
                }
                store.flows.insert(name, vec![body]);
                ok(&json!({"revision": 1}))
            }
            ("PUT", ["flows", namespace, id]) => {
                let texts = store.flows.entry(format!("{namespace}/{id}")).or_default();
                texts.push(body);
                ok(&json!({"revision": texts.len()}))
            }
            ("GET", ["flows", namespace, id]) => match store.flows.get(&format!("{namespace}/{id}")) {
                Some(texts) => ok(&json!({"source": texts.last(), "revision": texts.len()})),
                None => refused(404, "Not Found: Flow not found"),
            },
            ("POST", ["executions", ..]) if !request.header("Content-Type").starts_with("multipart/form-data") => {
                refused(415, "Unsupported")
            }
            ("POST", ["executions", namespace, id]) if store.flows.contains_key(&format!("{namespace}/{id}")) => {
                store.forms.push(body);
                ok(&json!({"id": self.executions[0]["id"], "state": {"current": "CREATED"}, "url": "http://elsewhere/"}))
            }
            ("GET", ["executions", id, "follow"]) if *id == self.executions[0]["id"] => Reply::Events(self.events(0, true)),
            ("GET", ["executions", "search"]) => ok(&self.found(&request.query)),
            ("GET", ["executions", id]) => match self.executions.iter().find(|one| one["id"] == *id) {
                Some(one) => ok(one),
                None => refused(404, "Not Found"),
            },
            ("GET", ["logs", _]) => ok(&json!([
                {"taskId": "extract", "timestamp": "2026-03-01T08:00:00.500Z", "level": "INFO", "message": "taken\u{1b}[2J over"},
                {"taskId": "extract", "timestamp": "2026-03-01T08:00:00.500Z", "level": "INFO", "message": "taken\u{1b}[2J over"},
            ])),
            _ => refused(404, "Page Not Found"),
        }
    }

    /// What a search lists: the light executions of 2.0.
    fn found(&self, query: &str) -> Value {
        let has =
            |name: &str, value: &Value| value.as_str().is_some_and(|value| query.contains(&format!("filters[{name}][EQUALS]={value}")));
        let is_meant = |one: &&Value| {
            has("triggerExecutionId", &one["trigger"]["variables"]["executionId"])
                || has("kind", &one["kind"]) && has("flowId", &one["flowId"])
        };
        let light = |one: &Value| {
            let mut one = one.clone();
            one.as_object_mut().map(|one| one.remove("taskRunList"));
            one
        };
        let results: Vec<Value> = self.executions.iter().filter(is_meant).map(light).collect();
        json!({"total": results.len(), "results": results})
    }

    /// The events of a stream from one change on, with the event at the end, or without.
    pub fn events(&self, from: usize, is_whole: bool) -> String {
        let one = &self.executions[0];
        let event = |id: &str, data: &Value| format!("id: {id}\ndata: {data}\n\n");
        let mut out = event("start", &json!({"id": one["id"]}));
        out.extend(moments(one).iter().skip(from).map(|date| event("progress", &until(one, date))));
        if is_whole { out + ": keep alive\n\n" + &event("end", one) } else { out }
    }

    /// How many changes the stream has.
    pub fn n_changes(&self) -> usize {
        moments(&self.executions[0]).len()
    }

    /// The bodies with which executions were started.
    pub fn forms(&self) -> Vec<String> {
        self.store.lock().expect("no thread panics").forms.clone()
    }
}

/// When something changed.
fn moments(one: &Value) -> BTreeSet<String> {
    let runs = one["taskRunList"].as_array().into_iter().flatten();
    let histories = runs.chain([one]).flat_map(|of| of["state"]["histories"].as_array().into_iter().flatten());
    histories.filter_map(|entry| entry["date"].as_str().map(str::to_owned)).collect()
}

/// An execution as it was at a date.
fn until(one: &Value, date: &str) -> Value {
    let cut = |of: &mut Value| {
        let histories = of["state"]["histories"].as_array_mut()?;
        histories.retain(|entry| entry["date"].as_str().is_some_and(|at| at <= date));
        let last = histories.last()?["state"].clone();
        of["state"]["current"] = last;
        Some(())
    };
    let mut one = one.clone();
    let _ = cut(&mut one);
    one["taskRunList"].as_array_mut().into_iter().for_each(|runs| runs.retain_mut(|run| cut(run).is_some()));
    one
}

pub fn ok(json: &Value) -> Reply {
    Reply::Answer(200, "application/json", json.to_string())
}

/// An error as Micronaut writes it.
pub fn refused(status: u16, message: &str) -> Reply {
    Reply::Answer(
        status,
        "application/json",
        json!({"message": message, "_links": {"self": {"href": "/", "templated": false}}}).to_string(),
    )
}
