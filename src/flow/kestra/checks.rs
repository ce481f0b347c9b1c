//! `checks`: conditions that must be true for an execution of a flow to be made. Rule: Kestra, "Checks".

use super::inputs::InputError;
use crate::flow::Check;
use crate::value::Value;

/// The error when one of the checks keeps an execution from being made: it counts as an error of the inputs. `render` knows the
/// inputs. A condition that can't be evaluated is not met, nor is anything but `true`; one that depends on what only a server knows is
/// met. The messages of all checks that are not met are named, not only of those that block.
#[must_use]
pub fn blocked(checks: &[Check], render: &dyn Fn(&str) -> Result<Value, String>) -> Option<InputError> {
    let words = |check: &Check| match render(&check.condition) {
        Ok(Value::Unknown(_)) => None,
        Ok(value) if &*value.print() == "true" => None,
        Ok(_) => Some(check.message.to_string()),
        Err(error) => Some(format!("Failed to evaluate check condition. Cause: {error}")),
    };
    let failed: Vec<(&Check, String)> = checks.iter().filter_map(|check| Some((check, words(check)?))).collect();
    let words: Vec<&str> = failed.iter().map(|(_, words)| &**words).collect();
    let blocks = failed.iter().any(|(check, _)| check.blocks_execution);
    blocks.then(|| InputError::new("checks", format!("blocked by checks: {}", words.join(", "))))
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
        for met in ["{{ true }}", "true", "{{ kv('k') }}"] {
            assert_eq!(says(&[check(met, "m", true)]), "", "{met}");
        }
        for unmet in ["{{ false }}", "{{ 1 }}", "abc", ""] {
            assert_eq!(says(&[check(unmet, "m {{ x }}", true)]), "blocked by checks: m {{ x }}", "{unmet}");
            assert_eq!(says(&[check(unmet, "m", false)]), "", "{unmet}");
        }
        let error = "blocked by checks: Failed to evaluate check condition. Cause: Unable to find `nope`";
        assert_eq!(says(&[check("{{ nope.x }}", "m", true)]), error);
        let both = [check("{{ false }}", "one", false), check("{{ false }}", "two", true)];
        assert_eq!(says(&both), "blocked by checks: one, two");
    }
}
