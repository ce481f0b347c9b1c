//! `checks`: conditions that must be true for an execution of a flow to be made. Rule: Kestra, "Checks".

use super::inputs::InputError;
use crate::flow::Check;
use crate::value::Value;

/// The error when one of the checks keeps an execution from being made: it counts as an error of the inputs. `evaluate` knows
/// the inputs. A condition is met by the value `true` alone, not by the text, and one that depends on what only a server knows is met. One
/// that can't be evaluated blocks, whatever its behavior. The messages of all checks that are not met are named.
#[must_use]
pub fn blocked(checks: &[Check], evaluate: &dyn Fn(&str) -> Result<Value, String>) -> Option<InputError> {
    let failed: Vec<Unmet> = checks.iter().filter_map(|check| unmet(check, evaluate)).collect();
    let words: Vec<&str> = failed.iter().map(|unmet| &*unmet.message).collect();
    let blocks = failed.iter().any(|unmet| unmet.blocks);
    blocks.then(|| InputError::new("checks", format!("blocked by checks: {}", words.join(", "))))
}

/// Whether one of the checks makes an execution FAILED as it begins.
pub fn fails(checks: &[Check], evaluate: &dyn Fn(&str) -> Result<Value, String>) -> bool {
    checks.iter().any(|check| check.fails_execution && unmet(check, evaluate).is_some_and(|unmet| !unmet.blocks))
}

/// A check that is not met.
struct Unmet {
    message: String,
    blocks: bool,
}

fn unmet(check: &Check, evaluate: &dyn Fn(&str) -> Result<Value, String>) -> Option<Unmet> {
    match evaluate(&check.condition) {
        Ok(Value::Unknown(_) | Value::Bool(true)) => None,
        Ok(_) => Some(Unmet { message: check.message.to_string(), blocks: check.blocks_execution }),
        Err(error) => Some(Unmet { message: format!("Failed to evaluate check condition. Cause: {error}"), blocks: true }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(condition: &str, message: &str, blocks_execution: bool) -> Check {
        Check { condition: condition.into(), message: message.into(), fails_execution: !blocks_execution, blocks_execution }
    }

    fn says(checks: &[Check]) -> String {
        let render = |text: &str| match text {
            "{{ 1 }}" => Ok(Value::Int(1)),
            "{{ true }}" => Ok(Value::Bool(true)),
            "{{ false }}" => Ok(Value::Bool(false)),
            "{{ kv('k') }}" => Ok(Value::unknown("kv.k")),
            text if text.contains("{{") => Err("Unable to find `nope`".to_owned()),
            text => Ok(Value::text(text)),
        };
        blocked(checks, &render).map(|error| error.message).unwrap_or_default()
    }

    #[test]
    fn a_check_blocks_unless_it_renders_to_true() {
        for met in ["{{ true }}", "{{ kv('k') }}"] {
            assert_eq!(says(&[check(met, "m", true)]), "", "{met}");
        }
        for unmet in ["{{ false }}", "{{ 1 }}", "abc", "", "true"] {
            assert_eq!(says(&[check(unmet, "m {{ x }}", true)]), "blocked by checks: m {{ x }}", "{unmet}");
            assert_eq!(says(&[check(unmet, "m", false)]), "", "{unmet}");
        }
        let error = "blocked by checks: Failed to evaluate check condition. Cause: Unable to find `nope`";
        for blocks in [true, false] {
            assert_eq!(says(&[check("{{ nope.x }}", "m", blocks)]), error);
        }
        let both = [check("{{ false }}", "one", false), check("{{ false }}", "two", true)];
        assert_eq!(says(&both), "blocked by checks: one, two");
    }
}
