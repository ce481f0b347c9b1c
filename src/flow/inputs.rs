//! placeholder
use crate::diag::Diagnostic;
use crate::source::{Source, Span};
use crate::syntax::Node;
use crate::value::{Map, Value};
use std::rc::Rc;
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub id: Rc<str>,
    pub required: bool,
    pub defaults: Option<Value>,
    pub span: Span,
}
pub struct InputError {
    pub id: Rc<str>,
    pub message: String,
}
pub fn read_inputs(node: &Node, source: &Source, _d: &mut Vec<Diagnostic>) -> Vec<Input> {
    node.items()
        .iter()
        .map(|i| Input {
            id: Rc::from(i.get("id").and_then(Node::as_str).unwrap_or("")),
            required: true,
            defaults: i.get("defaults").map(|n| Value::from_node(n, source)),
            span: i.span,
        })
        .collect()
}
pub fn resolve(inputs: &[Input], given: &[(String, Value)], _r: &dyn Fn(&str) -> Result<Value, String>) -> (Map, Vec<InputError>) {
    let mut m = Map::new();
    for i in inputs {
        let v = given.iter().find(|(k, _)| **k == *i.id).map(|(_, v)| v.clone()).or(i.defaults.clone());
        m.insert(Rc::clone(&i.id), v.unwrap_or_default());
    }
    (m, Vec::new())
}
pub fn sample(_i: &Input) -> Value {
    Value::text("sample")
}

pub fn typed_output(_t: &str, v: Value) -> Result<Value, String> {
    Ok(v)
}

impl InputError {
    pub fn is_missing(&self) -> bool {
        self.message.contains("missing required input")
    }
}
