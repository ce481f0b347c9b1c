//! Who asks: a user with a password, or a token. Neither is an argument, and neither is ever printed.

use std::env;
use std::io::{IsTerminal, stdin};

use parallelogram::encoding::Base64;

/// The value of the header `Authorization`. It is no text that can be printed, on purpose.
pub struct Authorization(String);

impl Authorization {
    pub fn header(&self) -> &str {
        &self.0
    }
}

/// The password of this user, out of `KESTRA_PASSWORD` or as it is typed; without a user the token in `KESTRA_TOKEN`, if there is one.
///
/// # Errors
/// A sentence when there is a user without a password.
pub fn authorization(user: Option<&str>) -> Result<Option<Authorization>, String> {
    let from_environment = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let Some(user) = user else {
        return Ok(from_environment("KESTRA_TOKEN").map(|token| Authorization(format!("Bearer {}", token.trim()))));
    };
    if user.contains(':') {
        return Err("--user is a name alone: give the password in KESTRA_PASSWORD, or when it is asked for".to_owned());
    }
    let password = match from_environment("KESTRA_PASSWORD") {
        Some(password) => password,
        None if stdin().is_terminal() => {
            let asked = rpassword::prompt_password(format!("password of {user}: "));
            asked.map_err(|error| format!("the password can't be read ({error}): give it in KESTRA_PASSWORD"))?
        }
        None => return Err(format!("there is no password for {user}: give it in KESTRA_PASSWORD, or run the command in a terminal")),
    };
    Ok(Some(Authorization(format!("Basic {}", Base64::Standard.encode(format!("{user}:{password}").as_bytes())))))
}
