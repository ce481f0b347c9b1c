//! Requests and answers. Each failure is one sentence that says what to do; none has a header in it, so no password either.

use std::io::{self, Read};
use std::time::Duration;

use parallelogram::syntax::LONGEST_TEXT_BYTES;
use parallelogram::time::{SimTime, human};
use serde_json::Value;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Timeout, http};

use super::address::query;
use super::{Address, Authorization};
use crate::states::printable;

/// Why there is no answer of use.
#[derive(Debug)]
pub struct Trouble {
    /// What happened.
    pub what: String,
    /// What to do.
    pub advice: String,
    pub kind: Failure,
}

/// What becomes of a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The same request would fail again.
    Lasting,
    /// It did not reach the server, and may do so a moment later.
    Unreached,
    /// The server may have got it, and may answer it a moment later.
    Lost,
}

impl Trouble {
    pub fn new(kind: Failure, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what: what.into(), advice: advice.into(), kind }
    }

    pub fn lasting(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(Failure::Lasting, what, advice)
    }

    /// Whether the same request may succeed a moment later.
    pub fn is_passing(&self) -> bool {
        self.kind != Failure::Lasting
    }

    pub fn sentence(&self) -> String {
        format!("{}: {}", self.what, self.advice)
    }
}

/// The advice where something else than Kestra seems to have answered.
const BETWEEN: &str = "check the address, and what is between it and here";

/// The advice before an execution was started.
pub const CORRECT: &str = "correct the flow or its inputs; nothing was started";

/// What a server said.
pub struct Answer {
    pub status: u16,
    pub text: String,
}

/// A server, and who asks it.
pub struct Client {
    agent: Agent,
    pub address: Address,
    authorization: Option<Authorization>,
    /// How long an answer is waited for, and how long a lost connection is tried again.
    pub patience: SimTime,
}

impl Client {
    pub fn new(address: Address, authorization: Option<Authorization>, patience: SimTime) -> Self {
        let longest = Some(Duration::from_millis(patience.0));
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        // A redirect leads to a page for signing in, or would send the password elsewhere: it is reported.
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(longest)
            .timeout_recv_response(longest)
            .timeout_per_read(longest)
            .timeout_per_write(longest)
            .tls_config(tls)
            .user_agent(concat!("parallelogram/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.into(), address, authorization, patience }
    }

    pub fn with_address(self, address: Address) -> Self {
        Self { address, ..self }
    }

    /// What stands at an address, as JSON; `None` when there is nothing.
    pub fn json(&self, address: &str, pairs: &[(&str, &str)]) -> Result<Option<Value>, Trouble> {
        let answer = self.get(address, pairs)?;
        if answer.status == 404 { Ok(None) } else { self.expect(answer).map(Some) }
    }

    pub fn get(&self, address: &str, pairs: &[(&str, &str)]) -> Result<Answer, Trouble> {
        self.read(self.send("GET", &format!("{address}{}", query(pairs)), "application/json", None)?)
    }

    /// Sends a body of this media type.
    pub fn put(&self, method: &str, address: &str, media_type: &str, body: &[u8]) -> Result<Answer, Trouble> {
        self.read(self.send(method, address, "application/json", Some((media_type, body)))?)
    }

    /// A stream of events, as it comes.
    pub fn events(&self, address: &str) -> Result<impl Read, Trouble> {
        let response = self.send("GET", address, "text/event-stream", None)?;
        if response.status() != 200 || !media_type(&response).starts_with("text/event-stream") {
            let answer = self.read(response)?;
            return Err(match answer.status {
                404 => Trouble::lasting(format!("{} does not have the execution any more (404)", self.address), "look for it there"),
                200 => Trouble::lasting(format!("{} answered without a stream of events", self.address), BETWEEN),
                _ => self.refusal("to follow the execution", &answer, "look for it there"),
            });
        }
        Ok(response.into_body().into_reader())
    }

    fn send(&self, method: &str, address: &str, accept: &str, body: Option<(&str, &[u8])>) -> Result<http::Response<Body>, Trouble> {
        let mut request = http::Request::builder().method(method).uri(address).header("Accept", accept);
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization.header());
        }
        let sent = match body {
            Some((media_type, body)) => request.header("Content-Type", media_type).body(body).map(|request| self.agent.run(request)),
            None => request.body(()).map(|request| self.agent.run(request)),
        };
        let Ok(sent) = sent else {
            return Err(Trouble::lasting("KESTRA_TOKEN has characters that no token has", "copy it again"));
        };
        let response = sent.map_err(|error| self.trouble(error))?;
        self.expected(response)
    }

    /// An answer, unless its status says that no request can succeed, or that one may a moment later.
    fn expected(&self, response: http::Response<Body>) -> Result<http::Response<Body>, Trouble> {
        let at = &self.address;
        let status = response.status().as_u16();
        let (what, advice) = match status {
            401 if self.authorization.is_none() => (
                format!("{at} asks who you are (401)"),
                "give `--user NAME` with the password in KESTRA_PASSWORD, or a token in KESTRA_TOKEN".to_owned(),
            ),
            401 => (
                format!("{at} does not know this user with this password, or this token (401)"),
                "check `--user`, KESTRA_PASSWORD and KESTRA_TOKEN".to_owned(),
            ),
            403 => (
                format!("{at} does not allow you to do so (403)"),
                "ask for the right to write flows and to run them, or be another `--user`".to_owned(),
            ),
            300..=399 => (
                format!("{at} sends requests on{} ({status})", self.target(&response)),
                "if that is the server, give its address; if it is a page to sign in, give an address that does without".to_owned(),
            ),
            500.. => {
                let what = format!("{at} failed ({status}{})", reason(&self.read_any(response)?.text));
                return Err(Trouble::new(Failure::Lost, what, "try again, or look into its log"));
            }
            _ => return Ok(response),
        };
        Err(Trouble::lasting(what, advice))
    }

    /// Where a redirect leads, without what may be secret there.
    fn target(&self, response: &http::Response<Body>) -> String {
        let to = response.headers().get("Location").and_then(|to| to.to_str().ok()).unwrap_or_default();
        Address::read(to.split(['?', '#']).next().unwrap_or_default()).map(|to| format!(" to {to}")).unwrap_or_default()
    }

    fn read(&self, response: http::Response<Body>) -> Result<Answer, Trouble> {
        let is_page = media_type(&response).starts_with("text/html");
        let answer = self.read_any(response)?;
        if is_page || answer.text.trim_start().starts_with('<') {
            return Err(Trouble::lasting(
                format!("{} answered with a web page, as Kestra's API never does", self.address),
                "check the address, it is that of the server itself, such as http://localhost:8080",
            ));
        }
        Ok(answer)
    }

    fn read_any(&self, response: http::Response<Body>) -> Result<Answer, Trouble> {
        let status = response.status().as_u16();
        let body = response.into_body().into_with_config().limit(LONGEST_TEXT_BYTES as u64).lossy_utf8(true).read_to_string();
        let text = body.map_err(|error| self.trouble(error))?;
        let is_refusal = status >= 400;
        let text = match self.authorization.as_ref().filter(|_| is_refusal) {
            Some(authorization) => authorization.hidden(text),
            None => text,
        };
        Ok(Answer { status, text })
    }

    /// The JSON of an answer that is no refusal.
    pub fn expect(&self, answer: Answer) -> Result<Value, Trouble> {
        if answer.status >= 400 {
            return Err(self.refusal("a request", &answer, "check that it is a Kestra of version 1.3 or 2.0"));
        }
        let at = &self.address;
        serde_json::from_str(&answer.text).map_err(|_| Trouble::lasting(format!("{at} answered with what is not JSON"), BETWEEN))
    }

    /// What the server refused, and its reason.
    pub fn refusal(&self, what: &str, answer: &Answer, advice: &str) -> Trouble {
        let what = format!("{} refused {what} ({}{})", self.address, answer.status, reason(&answer.text));
        Trouble::lasting(what, advice)
    }

    /// A failure on the way.
    pub fn trouble(&self, error: ureq::Error) -> Trouble {
        let at = &self.address;
        let not_safe = |error: &dyn std::fmt::Display| {
            Trouble::lasting(
                format!("there is no safe connection to {at} ({error})"),
                "write `http://` if it has no TLS; if its certificate is of your own authority, add that to those of the system, or name \
                its file in SSL_CERT_FILE",
            )
        };
        match error {
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => Trouble::new(
                Failure::Unreached,
                format!("{at} can't be reached within {}", human(self.patience)),
                "check the address, and whether a firewall is between",
            ),
            ureq::Error::Timeout(_) => Trouble::new(
                Failure::Lost,
                format!("{at} did not answer within {}", human(self.patience)),
                "try again, or wait longer with `--timeout`",
            ),
            ureq::Error::HostNotFound => self.unknown_host(),
            // The resolver of the system says so in words alone.
            ureq::Error::Io(error) if error.to_string().starts_with("failed to lookup address") => self.unknown_host(),
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => not_safe(&error),
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                Trouble::new(Failure::Unreached, format!("nothing answers at {at}"), "start the server, or check host and port")
            }
            ureq::Error::Rustls(error) => not_safe(&error),
            ureq::Error::Tls(error) => not_safe(&error),
            ureq::Error::Io(error) => {
                Trouble::new(Failure::Lost, format!("the connection to {at} was lost ({error})"), "try again, or check the address")
            }
            ureq::Error::ConnectionFailed => {
                Trouble::new(Failure::Unreached, format!("{at} can't be reached"), "check the address, and whether a proxy is set")
            }
            ureq::Error::BodyExceedsLimit(_) => Trouble::lasting(
                format!("an answer of {at} is longer than the 32 MB that are read"),
                "give an execution of fewer task runs",
            ),
            ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => Trouble::lasting(
                format!("what answers at {at} does not speak HTTP as Kestra does"),
                "check the port, and whether the address begins with `https://`",
            ),
            other => Trouble::lasting(format!("the request to {at} failed ({other})"), "check the address"),
        }
    }

    fn unknown_host(&self) -> Trouble {
        Trouble::new(Failure::Unreached, format!("the name of the host in {} is not known", self.address), "check the address")
    }
}

fn media_type(response: &http::Response<Body>) -> &str {
    response.headers().get("Content-Type").and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What an error of the API says, in one line: `: Flow id already exists`; nothing when it says nothing.
fn reason(text: &str) -> String {
    let json: Value = serde_json::from_str(text).unwrap_or_default();
    let further = json["_embedded"]["errors"].as_array().into_iter().flatten();
    let mut said: Vec<&str> = further.chain([&json]).filter_map(|error| error["message"].as_str()).collect();
    said.dedup();
    let line = printable(&said.join("; ")).split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { line } else { format!(": {}", line.trim_end_matches('.')) }
}
