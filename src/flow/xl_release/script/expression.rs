//! Expressions of a script: a text and the known variables to a value.

use std::vec::IntoIter;

use crate::cursor::Cursor;
use crate::value::{Map, Value};

/// The most tokens of an expression that is read: it may be nested as deep.
const MOST_TOKENS: usize = 500;

/// Calls that change nothing about how a task goes on.
const HARMLESS: [&str; 8] = [
    "getCurrentTask",
    "getCurrentPhase",
    "getCurrentRelease",
    "taskApi.newComment",
    "taskApi.commentTask",
    "taskApi.addComment",
    "logger.info",
    "time.sleep",
];

/// What a script does to its task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called {
    Skip,
    Retry,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Name(String),
    /// `${name}`.
    Variable(String),
    Value(Value),
    Sign(&'static str),
}

const SIGNS: [&str; 20] = ["==", "!=", "<>", "<=", ">=", "<", ">", "(", ")", "[", "]", "{", "}", ",", ".", "+", "-", ":", "*", "%"];

/// The key of a variable that is assigned to: `releaseVariables['key']`, `${key}`.
pub fn variable_name(target: &str) -> Option<String> {
    let unknown = Map::new();
    let tokens = Expression::new(target, &unknown, &unknown)?.tokens;
    match tokens.as_slice() {
        [Token::Variable(name)] => Some(name.clone()),
        [Token::Name(variables), Token::Sign("["), Token::Value(Value::Text(key)), Token::Sign("]")] if is_variables(variables) => {
            Some(key.to_string())
        }
        _ => None,
    }
}

fn is_variables(name: &str) -> bool {
    matches!(name, "releaseVariables" | "release.variables")
}

/// Whether Python takes a value as true; `None` when it is not known.
pub fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Null => Some(false),
        Value::Bool(is) => Some(*is),
        Value::Int(number) => Some(*number != 0),
        Value::Text(text) => Some(!text.is_empty()),
        Value::List(items) => Some(!items.is_empty()),
        Value::Map(map) => Some(!map.is_empty()),
        Value::Float(_) | Value::Date(_) | Value::Unknown(_) => None,
    }
}

/// The sum or difference of two values; `None` when there is none.
pub fn calculate(operator: char, left: &Value, right: &Value) -> Option<Value> {
    match (operator, left, right) {
        ('+', Value::Int(left), Value::Int(right)) => left.checked_add(*right).map(Value::Int),
        ('-', Value::Int(left), Value::Int(right)) => left.checked_sub(*right).map(Value::Int),
        ('+', Value::Text(left), Value::Text(right)) => Some(Value::text(&format!("{left}{right}"))),
        _ => None,
    }
}

/// An expression that is read from left to right. Each method returns `None` when the value is not known.
pub struct Expression<'a> {
    /// Those that are still to be read.
    tokens: IntoIter<Token>,
    variables: &'a Map,
    locals: &'a Map,
    /// What a call in it does to the task.
    pub called: Option<Called>,
}

impl<'a> Expression<'a> {
    /// `None` when the text has a sign that is not read.
    pub fn new(text: &str, variables: &'a Map, locals: &'a Map) -> Option<Self> {
        Some(Self { tokens: tokens(text, variables)?.into_iter(), variables, locals, called: None })
    }

    /// The value of the whole text.
    pub fn whole(&mut self) -> Option<Value> {
        let value = self.any_of()?;
        self.tokens.as_slice().is_empty().then_some(value)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is = match self.tokens.as_slice() {
            [Token::Sign(found), ..] => *found == sign,
            [Token::Name(found), ..] => found == sign,
            _ => false,
        };
        is && self.tokens.next().is_some()
    }

    fn any_of(&mut self) -> Option<Value> {
        let mut value = self.all_of()?;
        while self.takes("or") {
            let right = self.all_of()?;
            value = if truth(&value)? { value } else { right };
        }
        Some(value)
    }

    fn all_of(&mut self) -> Option<Value> {
        let mut value = self.negation()?;
        while self.takes("and") {
            let right = self.negation()?;
            value = if truth(&value)? { right } else { value };
        }
        Some(value)
    }

    fn negation(&mut self) -> Option<Value> {
        if self.takes("not") {
            return Some(Value::Bool(!truth(&self.negation()?)?));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Option<Value> {
        let left = self.sum()?;
        let is_negated = self.takes("not");
        if self.takes("in") {
            let right = self.sum()?;
            return Some(Value::Bool(is_in(&left, &right)? != is_negated));
        }
        if is_negated {
            return None;
        }
        if self.takes("is") {
            let is_negated = self.takes("not");
            let right = self.sum()?;
            return Some(Value::Bool((known(left)? == known(right)?) != is_negated));
        }
        let Some(sign) = ["==", "!=", "<>", "<=", ">=", "<", ">"].into_iter().find(|sign| self.takes(sign)) else {
            return Some(left);
        };
        let (left, right) = (known(left)?, known(self.sum()?)?);
        let order = match (&left, &right) {
            (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
            (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
            _ => None,
        };
        Some(Value::Bool(match sign {
            "==" => left == right,
            "!=" | "<>" => left != right,
            "<=" => order?.is_le(),
            ">=" => order?.is_ge(),
            "<" => order?.is_lt(),
            _ => order?.is_gt(),
        }))
    }

    fn sum(&mut self) -> Option<Value> {
        let mut value = self.single()?;
        loop {
            let operator = match (self.takes("+"), self.takes("-")) {
                (true, _) => '+',
                (_, true) => '-',
                _ => return Some(value),
            };
            let right = self.single()?;
            value = calculate(operator, &value, &right)?;
        }
    }

    /// A single value with the methods called on it.
    fn single(&mut self) -> Option<Value> {
        let mut value = self.primary()?;
        while self.takes(".") {
            let Some(Token::Name(method)) = self.tokens.next() else { return None };
            if !self.takes("(") {
                value = Value::unknown(&method);
                continue;
            }
            let arguments = self.list(")")?;
            value = method_of(&value, &method, &arguments).unwrap_or_else(|| Value::unknown(&method));
        }
        Some(value)
    }

    fn primary(&mut self) -> Option<Value> {
        match self.tokens.next()? {
            Token::Value(value) => Some(value),
            Token::Variable(name) => self.variables.get(&name).cloned(),
            Token::Sign("(") => {
                let value = self.any_of()?;
                self.takes(")").then_some(value)
            }
            Token::Sign("[") => self.list("]").map(Value::list),
            Token::Sign("-") => calculate('-', &Value::Int(0), &self.primary()?),
            Token::Sign(_) => None,
            Token::Name(name) => self.name(name),
        }
    }

    fn name(&mut self, mut name: String) -> Option<Value> {
        match &*name {
            "True" | "true" => return Some(Value::Bool(true)),
            "False" | "false" => return Some(Value::Bool(false)),
            "None" => return Some(Value::Null),
            _ => {}
        }
        if let Some(local) = self.locals.get(&name) {
            return Some(local.clone());
        }
        // A dotted name of a function or of a map.
        while let [Token::Sign("."), Token::Name(next), ..] = self.tokens.as_slice() {
            if is_variables(&name) {
                break;
            }
            name = format!("{name}.{next}");
            self.tokens.nth(1);
        }
        if is_variables(&name) {
            if self.takes("[") {
                let key = self.any_of()?;
                return self.takes("]").then(|| self.variables.get(key.as_str()?).cloned()).flatten();
            }
            if self.takes(".") && self.takes("get") && self.takes("(") {
                let arguments = self.list(")")?;
                let key = arguments.first()?.as_str()?;
                return self.variables.get(key).cloned().or(arguments.get(1).cloned());
            }
            return None;
        }
        let arguments = self.takes("(").then(|| self.list(")")).flatten()?;
        match (&*name, &arguments[..]) {
            ("taskApi.skipTask", _) => self.called = Some(Called::Skip),
            ("taskApi.retryTask", _) => self.called = Some(Called::Retry),
            ("len", [Value::Text(text)]) => return Some(Value::Int(text.chars().count() as i64)),
            ("len", [Value::List(items)]) => return Some(Value::Int(items.len() as i64)),
            ("str", [value @ (Value::Text(_) | Value::Int(_))]) => return Some(Value::text(&value.print())),
            ("int", [value @ (Value::Text(_) | Value::Int(_))]) => return value.print().trim().parse().ok().map(Value::Int),
            ("bool", [value]) => return truth(value).map(Value::Bool),
            (name, _) if HARMLESS.contains(&name) => {}
            _ => return None,
        }
        Some(Value::unknown(&name))
    }

    /// Values up to a closing sign.
    fn list(&mut self, end: &str) -> Option<Vec<Value>> {
        let mut values = Vec::new();
        while !self.takes(end) {
            values.push(self.any_of()?);
            if !self.takes(",") {
                return self.takes(end).then_some(values);
            }
        }
        Some(values)
    }
}

fn known(value: Value) -> Option<Value> {
    value.first_unknown().is_none().then_some(value)
}

fn is_in(item: &Value, of: &Value) -> Option<bool> {
    match (item, of) {
        (Value::Text(part), Value::Text(whole)) => Some(whole.contains(&**part)),
        (item, Value::List(items)) if known(item.clone()).is_some() => Some(items.contains(item)),
        _ => None,
    }
}

fn method_of(value: &Value, method: &str, arguments: &[Value]) -> Option<Value> {
    let text = value.as_str()?;
    let argument = || arguments.first()?.as_str();
    Some(match method {
        "lower" => Value::text(&text.to_lowercase()),
        "upper" => Value::text(&text.to_uppercase()),
        "strip" => Value::text(text.trim()),
        "startswith" => Value::Bool(text.starts_with(argument()?)),
        "endswith" => Value::Bool(text.ends_with(argument()?)),
        _ => return None,
    })
}

/// The tokens of an expression. `${name}` within a text stands for the value of the variable.
fn tokens(text: &str, variables: &Map) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut cursor = Cursor::new(text);
    loop {
        cursor.skip_space();
        let Some(first) = cursor.peek() else { return Some(tokens) };
        let token = match first {
            '$' if cursor.eat("${") => {
                let name = cursor.take_until("}")?;
                cursor.bump();
                Token::Variable(name.trim().to_owned())
            }
            '0'..='9' => Token::Value(Value::Int(cursor.take_while(|c| c.is_ascii_digit()).parse().ok()?)),
            '\'' | '"' => Token::Value(filled_in(&quoted(&mut cursor)?, variables)?),
            c if c.is_alphabetic() || c == '_' => Token::Name(cursor.take_while(|c| c.is_alphanumeric() || c == '_').to_owned()),
            _ => Token::Sign(SIGNS.into_iter().find(|sign| cursor.eat(sign))?),
        };
        tokens.push(token);
        if tokens.len() > MOST_TOKENS {
            return None;
        }
    }
}

/// Moves over a text in quotes, and returns what it means.
fn quoted(cursor: &mut Cursor<'_>) -> Option<String> {
    let quote = cursor.bump()?;
    let mut text = String::new();
    loop {
        match cursor.bump()? {
            c if c == quote => return Some(text),
            '\\' => match cursor.bump()? {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                c => text.push(c),
            },
            c => text.push(c),
        }
    }
}

fn filled_in(text: &str, variables: &Map) -> Option<Value> {
    let mut parts = text.split("${");
    let mut filled = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        match variables.get(name.trim()).map(|value| (value, value.print())) {
            Some((Value::Unknown(_), _)) | None => return Some(Value::unknown(name)),
            Some((_, value)) => filled.extend([&*value, rest]),
        }
    }
    Some(Value::text(&filled))
}
