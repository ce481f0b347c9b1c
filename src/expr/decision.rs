//! Whether an expression decides: whether it gives true or false, whatever its values are.

use super::dialect::Dialect;
use super::template;
use super::tree::{Args, Expr, First, Op, Piece, Step, StepKind};
use crate::value::Value;

/// Functions that give true or false.
const FUNCTIONS: [&str; 4] = ["isWeekend", "isPublicHoliday", "isDayWeekInMonth", "isLastWorkingDay"];
/// Filters that do.
const FILTERS: [&str; 2] = ["startsWith", "endsWith"];

/// What an expression that decides is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Whether it calls functions or methods.
    pub calls: bool,
    /// Whether it asks which of two texts is greater, which only 2.0 can answer.
    pub orders_texts: bool,
}

/// The one expression of a text, when it gives true or false.
pub(super) fn decision(text: &str) -> Option<Decision> {
    let template = template::parse(text, &Dialect::OLDEST).ok()?;
    let is_written = |piece: &&Piece<'_>| !matches!(piece, Piece::Text(text) if text.trim().is_empty());
    let pieces: Vec<&Piece<'_>> = template.body.iter().filter(is_written).collect();
    let [Piece::Print(expr)] = pieces[..] else { return None };
    decides(expr).then(|| Decision { calls: has(expr, &calls), orders_texts: has(expr, &orders_texts) })
}

fn decides(expr: &Expr<'_>) -> bool {
    match expr.steps.last().map(|step| &step.kind) {
        None => match &expr.first {
            First::Literal(Value::Bool(_)) | First::Not(_) => true,
            First::Group(inner) => decides(inner),
            First::Call(name, _) => FUNCTIONS.contains(name),
            _ => false,
        },
        Some(StepKind::Test(..)) => true,
        Some(StepKind::Filter(name, _)) => FILTERS.contains(name),
        Some(StepKind::Binary(op, _)) => {
            matches!(op, Op::Or | Op::And | Op::Contains | Op::In | Op::NotIn | Op::Equal | Op::Unequal) || orders(*op)
        }
        Some(_) => false,
    }
}

fn orders(op: Op) -> bool {
    matches!(op, Op::Greater | Op::GreaterEqual | Op::Less | Op::LessEqual)
}

fn calls(expr: &Expr<'_>) -> bool {
    matches!(expr.first, First::Call(..)) || expr.steps.iter().any(|step| matches!(step.kind, StepKind::Method(..)))
}

fn orders_texts(expr: &Expr<'_>) -> bool {
    let is_text = |expr: &Expr<'_>| matches!(expr.first, First::Literal(Value::Text(_)) | First::Joined(_));
    expr.steps.iter().any(|step| matches!(&step.kind, StepKind::Binary(op, right) if orders(*op) && (is_text(right) || is_text(expr))))
}

/// Whether something holds for an expression or for a part of it.
fn has(expr: &Expr<'_>, holds: &dyn Fn(&Expr<'_>) -> bool) -> bool {
    let any = |exprs: &[Expr<'_>]| exprs.iter().any(|expr| has(expr, holds));
    let any_of = |args: &Args<'_>| any(&args.positional) || args.named.iter().any(|(_, expr)| has(expr, holds));
    let within = |step: &Step<'_>| match &step.kind {
        StepKind::Index(expr) | StepKind::Binary(_, expr) => has(expr, holds),
        StepKind::Method(_, exprs) => any(exprs),
        StepKind::Filter(_, args) | StepKind::Test(_, _, args) => any_of(args),
        StepKind::Field(_) => false,
    };
    let at_first = match &expr.first {
        First::List(exprs) | First::Joined(exprs) => any(exprs),
        First::Map(entries) => entries.iter().any(|(key, value)| has(key, holds) || has(value, holds)),
        First::Call(_, args) => any_of(args),
        First::Group(inner) | First::Not(inner) | First::Sign(_, inner) => has(inner, holds),
        First::Choice(choice) => has(&choice.0.expr, holds) || has(&choice.1, holds) || has(&choice.2, holds),
        First::Literal(_) | First::Name(_) => false,
    };
    holds(expr) || at_first || expr.steps.iter().any(within)
}
