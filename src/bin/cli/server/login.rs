//! Who asks: a user with a password, or a token. Neither is an argument, and neither is ever printed.

use std::env;
use std::io::{IsTerminal, stdin};

use parallelogram::encoding::Base64;

/// The value of the header `Authorization`. It is no text that can be printed, on purpose.
pub struct Authorization {
    header: String,
    /// The password or the token, as it was given and as it is sent.
    secrets: [String; 2],
}

impl Authorization {
    fn new(scheme: &str, given: &str, sent: &str) -> Self {
        Self { header: format!("{scheme} {sent}"), secrets: [given.to_owned(), sent.to_owned()] }
    }

    pub fn header(&self) -> &str {
        &self.header
    }

    /// A text in which a server may have repeated the secret, without it.
    pub fn hidden(&self, text: String) -> String {
        self.secrets.iter().fold(text, |text, secret| text.replace(secret, "***"))
    }
}

/// The password of this user, out of `KESTRA_PASSWORD` or as it is typed; without a user the token in `KESTRA_TOKEN`, if there is one.
///
/// # Errors
/// A sentence when there is a user without a password.
pub fn authorization(user: Option<&str>) -> Result<Option<Authorization>, String> {
    let from_environment = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
    let Some(user) = user else {
        return Ok(from_environment("KESTRA_TOKEN").map(|token| Authorization::new("Bearer", token.trim(), token.trim())));
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
    Ok(Some(Authorization::new("Basic", &password, &Base64::Standard.encode(format!("{user}:{password}").as_bytes()))))
}
