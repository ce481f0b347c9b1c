//! stub
use crate::value::Value;
use std::rc::Rc;
pub trait Scope {
    fn variable(&self, name: &str) -> Option<Value>;
    fn assumed(&self, path: &str) -> Option<Value>;
    fn now_epoch_ms(&self) -> i64;
    fn draw(&self) -> u64;
    fn error_logs(&self) -> Value;
}
pub fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Unknown(_) => None,
        v => Some(!matches!(&*v.print(), "" | "0" | "-0" | "false")),
    }
}
pub fn render(text: &str, scope: &dyn Scope) -> Result<Value, String> {
    if !text.contains('{') {
        return Ok(Value::text(text));
    }
    let mut out = String::new();
    let mut unknown = None;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out += before;
        let Some((inside, behind)) = after.split_once("}}") else { break };
        let mut names = inside.trim().split('.');
        let root = names.next().unwrap_or("");
        let missing = |n: &str| format!("Unable to find `{n}` used in the expression `{text}` at line 1");
        let mut value = scope.variable(root).ok_or_else(|| missing(root))?;
        let mut path = root.to_owned();
        for name in names {
            path = format!("{path}.{name}");
            value = match &value {
                Value::Unknown(_) => scope.assumed(&path).unwrap_or_else(|| Value::unknown(&path)),
                v => v.get(name).cloned().ok_or_else(|| missing(name))?,
            };
        }
        if let Value::Unknown(u) = &value {
            unknown = Some(Rc::clone(&u.path));
        }
        out += &value.print();
        rest = behind;
    }
    out += rest;
    Ok(match unknown {
        Some(path) => Value::Unknown(Rc::new(crate::value::Unknown { path, text: out.into() })),
        None => Value::text(&out),
    })
}
pub fn render_value(value: &Value, scope: &dyn Scope) -> Result<Value, String> {
    Ok(match value {
        Value::Text(t) => render(t, scope)?,
        Value::List(l) => Value::List(Rc::new(l.iter().map(|v| render_value(v, scope)).collect::<Result<_, _>>()?)),
        Value::Map(m) => {
            Value::Map(Rc::new(m.iter().map(|(k, v)| Ok((Rc::clone(k), render_value(v, scope)?))).collect::<Result<_, String>>()?))
        }
        v => v.clone(),
    })
}
