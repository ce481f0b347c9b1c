//! The values of expressions, and what is assigned.

use std::rc::Rc;

use super::run::{Cell, Halt, Outcome, Run};
use super::tree::{self, Expr, Name};
use super::value::Value;

impl Run<'_, '_> {
    pub fn eval(&mut self, expr: &Expr) -> Outcome<Value> {
        self.deeper(|run| run.value(expr))
    }

    pub fn truth(&mut self, expr: &Expr) -> Outcome<bool> {
        Ok(self.eval(expr)?.is_true())
    }

    pub fn number(&mut self, expr: &Expr) -> Outcome<f64> {
        Ok(self.eval(expr)?.number())
    }

    /// The text of an expression; it counts as work.
    pub fn text(&mut self, expr: &Expr) -> Outcome<Rc<str>> {
        let value = self.eval(expr)?;
        let text = self.text_of(&value);
        self.work(text.len())?;
        Ok(text)
    }

    pub fn text_of(&self, value: &Value) -> Rc<str> {
        match value {
            Value::Number(_) => value.text(&self.special(tree::CONVFMT)),
            value => value.text(""),
        }
    }

    /// The text of a variable that means something.
    pub fn special(&self, at: usize) -> Rc<str> {
        match self.globals.get(at) {
            Some(Cell::Value(value)) => value.text("%.6g"),
            _ => Rc::from(""),
        }
    }

    fn value(&mut self, expr: &Expr) -> Outcome<Value> {
        let truth = |truth: bool| Value::Number(f64::from(u8::from(truth)));
        Ok(match expr {
            Expr::Number(number) => Value::Number(*number),
            Expr::Text(text) => Value::Text(Rc::clone(text)),
            Expr::Regex(regex) => {
                let record = self.whole_record();
                truth(self.matches(&record, regex)?)
            }
            Expr::Name(Name::Global(tree::NF)) => Value::Number(self.split_fields()?.len() as f64),
            Expr::Name(name) => match self.cell(*name) {
                Some(Cell::Value(value)) => value.clone(),
                _ => return Err(Halt::Fault("an array is used as a variable".to_owned())),
            },
            Expr::Field(nth) => {
                let nth = self.number(nth)?;
                self.field(nth)?
            }
            Expr::Item(name, key) => {
                let (array, key) = (self.array(*name)?, self.key(key)?);
                let found = array.borrow().get(&*key).cloned();
                match found {
                    Some(value) => value,
                    None => {
                        self.insert(&array, key, Value::Unset)?;
                        Value::Unset
                    }
                }
            }
            Expr::Key(_) => Value::Text(self.key(expr)?),
            Expr::Assign(to, sign, value) => {
                let mut value = self.eval(value)?;
                if let Some(sign) = sign {
                    let before = self.number(to)?;
                    value = Value::Number(calculated(*sign, before, value.number())?);
                }
                self.assign(to, value.clone())?;
                value
            }
            Expr::Step(operand, by, is_prefix) => {
                let before = self.number(operand)?;
                let after = Value::Number(before + by);
                self.assign(operand, after.clone())?;
                if *is_prefix { after } else { Value::Number(before) }
            }
            Expr::Not(operand) => truth(!self.truth(operand)?),
            Expr::Negate(operand) => Value::Number(-self.number(operand)?),
            Expr::Plus(operand) => Value::Number(self.number(operand)?),
            Expr::Calculate(sign, left, right) => {
                let left = self.number(left)?;
                Value::Number(calculated(*sign, left, self.number(right)?)?)
            }
            Expr::Compare(sign, left, right) => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                let order = left.compare(&right, &self.special(tree::CONVFMT));
                truth(match *sign {
                    "<" => order.is_some_and(|order| order.is_lt()),
                    "<=" => order.is_some_and(|order| order.is_le()),
                    ">" => order.is_some_and(|order| order.is_gt()),
                    ">=" => order.is_some_and(|order| order.is_ge()),
                    "==" => order.is_some_and(|order| order.is_eq()),
                    _ => order.is_none_or(|order| order.is_ne()),
                })
            }
            Expr::Match(wanted, text, regex) => {
                let text = self.text(text)?;
                let regex = self.pattern(regex)?;
                truth(self.matches(&text, &regex)? == *wanted)
            }
            Expr::And(left, right) => truth(self.truth(left)? && self.truth(right)?),
            Expr::Or(left, right) => truth(self.truth(left)? || self.truth(right)?),
            Expr::Choice(condition, yes, no) => return if self.truth(condition)? { self.eval(yes) } else { self.eval(no) },
            Expr::Concat(parts) => {
                let mut out = String::new();
                for part in parts {
                    out += &*self.text(part)?;
                }
                self.work(out.len())?;
                Value::Text(out.into())
            }
            Expr::In(key, array) => {
                let (key, array) = (self.key(key)?, self.array(*array)?);
                let is_there = array.borrow().get(&*key).is_some();
                truth(is_there)
            }
            Expr::Call(at, arguments) => return self.call(*at, arguments),
            Expr::Builtin(name, arguments) => return self.builtin(name, arguments),
            Expr::Getline(from, to) => return self.getline(from, to.as_deref()),
        })
    }

    /// The key of an item: several have `$SUBSEP` between them.
    pub fn key(&mut self, expr: &Expr) -> Outcome<Rc<str>> {
        let Expr::Key(parts) = expr else { return self.text(expr) };
        let between = self.special(tree::SUBSEP);
        let mut out = String::new();
        for (nth, part) in parts.iter().enumerate() {
            if nth > 0 {
                out += &*between;
            }
            out += &*self.text(part)?;
        }
        Ok(out.into())
    }

    /// The regular expression that an operand is: as it is written, or its text.
    pub fn pattern(&mut self, expr: &Expr) -> Outcome<Rc<str>> {
        if let Expr::Regex(regex) = expr { Ok(Rc::clone(regex)) } else { self.text(expr) }
    }

    /// Sets an item. Behind a new one all others move.
    pub fn insert(&mut self, array: &std::cell::RefCell<super::value::Array>, key: Rc<str>, value: Value) -> Outcome<()> {
        let mut array = array.borrow_mut();
        match array.get_mut(&*key) {
            Some(item) => *item = value,
            None => {
                self.work(array.size().saturating_mul(8))?;
                array.insert(key, value);
            }
        }
        Ok(())
    }

    /// Assigns to a variable, an item or a field.
    pub fn assign(&mut self, to: &Expr, value: Value) -> Outcome<()> {
        if let Value::Text(text) | Value::Read(text) = &value {
            self.work(text.len())?;
        }
        match to {
            Expr::Name(name) => self.assign_name(*name, value),
            Expr::Item(name, key) => {
                let (array, key) = (self.array(*name)?, self.key(key)?);
                self.insert(&array, key, value)
            }
            Expr::Field(nth) => {
                let nth = self.number(nth)?;
                self.set_field(nth, value)
            }
            _ => Err(Halt::Unsupported),
        }
    }

    pub fn assign_name(&mut self, name: Name, value: Value) -> Outcome<()> {
        match name {
            Name::Global(tree::NF) => return self.set_n_fields(value.number()),
            // The record keeps the separators it was read with.
            Name::Global(tree::FS | tree::RS) => _ = self.split_fields()?,
            _ => {}
        }
        if matches!(self.cell(name), Some(Cell::Array(_))) {
            return Err(Halt::Fault("an array is used as a variable".to_owned()));
        }
        self.put(name, Cell::Value(value));
        Ok(())
    }
}

/// The power of a number: whole ones by multiplication, so that every machine gives the same.
fn power(base: f64, exponent: f64) -> Outcome<f64> {
    if exponent == 0.5 {
        return Ok(base.sqrt());
    }
    if exponent.fract() != 0.0 || exponent.abs() > 1024.0 {
        return Err(Halt::Unsupported);
    }
    let product = (0..exponent.abs() as u32).fold(1.0, |product, _| product * base);
    Ok(if exponent < 0.0 { 1.0 / product } else { product })
}

fn calculated(sign: char, left: f64, right: f64) -> Outcome<f64> {
    Ok(match sign {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' | '%' if right == 0.0 => return Err(Halt::Fault("division by zero".to_owned())),
        '/' => left / right,
        '%' => left % right,
        _ => power(left, right)?,
    })
}
