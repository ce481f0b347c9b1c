//! `run`: the flow on a Kestra server, and what it did there over the simulated run.
//!
//! The states and the result go to standard output, and what happens besides to standard error.

use std::path::{Path, PathBuf};

use parallelogram::actual;
use parallelogram::diag::Severity;
use parallelogram::flow::kestra::inputs::InputType;
use parallelogram::flow::{Flow, Kind, Version};
use parallelogram::sim::scenario::Scenario;
use parallelogram::sim::written;
use parallelogram::time::SimTime;
use serde_json::Value;

use crate::files::print;
use crate::interrupt::at_each_interrupt;
use crate::outcome::{Kept, print_over_simulated, refuse_template};
use crate::report::{Stop, because, print_sentence, say};
use crate::server::{
    Address, CORRECT, Client, Document, Failure, Form, Logs, MOST, Trouble, authorization, documents, ended, family, follow, patiently,
    store, validate,
};
use crate::settings::{Loaded, Settings, read_by};
use crate::states::{States, printable};

#[derive(clap::Args)]
pub struct Run {
    /// A flow in YAML; `-` is standard input.
    file: PathBuf,
    /// The address of a Kestra server, such as `http://localhost:8080`.
    #[arg(long, value_name = "URL")]
    server: String,
    /// Who runs it; the password is in the variable KESTRA_PASSWORD, or is asked for. Without it a token in KESTRA_TOKEN is used.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// The tenant on the server; `main` when not given, none for versions without tenants.
    #[arg(long, value_name = "ID")]
    tenant: Option<String>,
    /// How long an answer is waited for, and a lost connection tried again.
    #[arg(long, value_name = "D", default_value = "30s", value_parser = read_by(written::duration))]
    timeout: SimTime,
    /// Print the logs as well.
    #[arg(long)]
    logs: bool,
    #[command(flatten)]
    kept: Kept,
    #[command(flatten)]
    settings: Settings,
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Failed(trouble.sentence())
    }
}

impl Run {
    /// Validates, stores, starts and follows the flow, then lays what it did over its simulation.
    pub fn run(&self) -> Result<(), Stop> {
        let address = Address::read(&self.server).map_err(Stop::Because)?;
        let authorization = authorization(self.user.as_deref()).map_err(Stop::Because)?;
        if address.is_open() && authorization.is_some() {
            warn(&format!("the password or token goes to {address} in the clear: use `https://` where the server has it"));
        }
        let client = Client::new(address, authorization, self.timeout);
        let (client, version) = self.at_tenant(client)?;
        let loaded = self.settings.for_version(version).load(&self.file)?;
        let Loaded { sources, flows, scenario } = &loaded;
        refuse_template(&flows[0])?;
        let stored: Vec<Document> = sources.iter().flat_map(|source| documents(&source.text)).collect();
        let Some(first) = stored.iter().find(|one| *one.id == *flows[0].id && *one.namespace == *flows[0].namespace) else {
            return Err(Stop::Because(format!("there is no flow in {}", self.file.display())));
        };
        let form = form(&flows[0], scenario)?;

        for warning in validate(&client, &stored)? {
            say(&format!("warning of the server: {warning}"));
        }
        // Those that are called come first, so that the one that runs finds them.
        for flow in stored.iter().rev() {
            say(&store(&client, flow)?);
        }
        let id = start(&client, first, &form)?;
        let page = client.address.page(&["executions", &first.namespace, &first.id, &id]);
        say(&format!("started {page}"));
        leave_alone_when_interrupted(page.clone());
        let executions = self.followed(&client, &id, version, flows).map_err(|trouble| {
            Stop::Failed(match trouble.kind {
                Failure::Lasting => format!("{}; the execution is at {page}", trouble.sentence()),
                Failure::Unreached | Failure::Lost => format!("{}: the execution may still be running, see {page}", trouble.what),
            })
        })?;
        let executions = match <[Value; 1]>::try_from(executions) {
            Ok([one]) => one,
            Err(all) => Value::Array(all),
        };
        print_over_simulated(&loaded, &self.kept.write(&executions)?, "the answer of the server")
    }

    /// The same client with its tenant, and the version whose rules the server follows.
    fn at_tenant(&self, client: Client) -> Result<(Client, Version), Stop> {
        let at = client.address.clone();
        let Some(configs) = client.json(&at.common(&["configs"]), &[])?.filter(Value::is_object) else {
            return Err(Stop::Failed(format!("what answers at {at} is no Kestra server: check host, port and path of the address")));
        };
        let said = configs["version"].as_str().unwrap_or_default();
        let Some(version) = followed_rules(said).or(self.settings.version()) else {
            return Err(Stop::Failed(format!("{at} does not say which version of Kestra it is: name it, as in `--kestra 2.0`")));
        };
        let tenant = self.tenant.clone().or_else(|| (version > Version::V0_21).then(|| "main".to_owned()));
        let place = tenant.as_ref().map(|tenant| format!(", tenant {tenant}")).unwrap_or_default();
        say(&format!("{at}: Kestra {}{place}", if said.is_empty() { version.as_str().to_owned() } else { printable(said) }));
        Ok((client.with_address(at.with_tenant(tenant)), version))
    }

    /// Prints the states, and the logs if they are asked for, as they come; then the execution with those that it started.
    fn followed(&self, client: &Client, id: &str, version: Version, flows: &[Flow]) -> Result<Vec<Value>, Trouble> {
        let (mut states, mut logs) = (States::default(), Logs::default());
        let mut zero_epoch_ms = None;
        let mut take = |json: &str| {
            let Ok(executions) = actual::read(json) else { return false };
            zero_epoch_ms = executions.first().and_then(|one| one.zero_epoch_ms);
            let news = states.news(&executions);
            news.iter().for_each(|line| show(line));
            if let Some(zero) = zero_epoch_ms.filter(|_| self.logs && !news.is_empty()) {
                // What can't be fetched now is fetched at the end.
                logs.news(client, id, zero).into_iter().flatten().for_each(|line| show(&line));
            }
            !news.is_empty()
        };
        let end = follow(client, id, &mut take, &say)?;
        let has_loops =
            version >= Version::V2_0 && flows.iter().any(|flow| flow.tasks.iter().any(|task| matches!(task.kind, Kind::Loop(_))));
        let first = ended(client, id, &serde_json::from_str(&end).unwrap_or_default())?;
        take(&first.to_string());
        let executions = family(client, first.clone(), has_loops).unwrap_or_else(|trouble| {
            warn(&format!("the executions of subflows and loops are left out: {}", trouble.what));
            vec![first]
        });
        if executions.len() >= MOST {
            warn(&format!("no more than {MOST} executions are fetched"));
        }
        if let Some(zero) = zero_epoch_ms.filter(|_| self.logs) {
            patiently(client, || logs.news(client, id, zero))?.iter().for_each(|line| show(line));
        }
        Ok(executions)
    }
}

/// The version whose rules a server follows, by what it says of itself: `2.0.8`, `1.3.31-SNAPSHOT`.
fn followed_rules(said: &str) -> Option<Version> {
    match said.split('.').next()?.parse().ok()? {
        0 => Some(Version::V0_21),
        1 => Some(Version::V1_3),
        _ => Some(Version::V2_0),
    }
}

/// The inputs that were given. That of the type FILE is the content of a file on this machine.
fn form(flow: &Flow, scenario: &Scenario) -> Result<Form, Stop> {
    let mut form = Form::default();
    for (id, value) in &scenario.inputs {
        let value = value.print();
        let is_file = flow.inputs.iter().any(|input| *input.id == **id && input.kind == InputType::File);
        if is_file && !value.contains("://") {
            let path = Path::new(&*value);
            let content = std::fs::read(path).map_err(|error| because(format!("{value}, the file for the input {id},"), "read", &error))?;
            form.file(id, &path.file_name().unwrap_or_default().to_string_lossy(), content);
        } else {
            form.text(id, &value);
        }
    }
    Ok(form)
}

/// Starts an execution: its id. This is asked once, as each request would start another.
fn start(client: &Client, flow: &Document, form: &Form) -> Result<String, Stop> {
    let (media_type, body) = form.written();
    let address = client.address.api(&["executions", &flow.namespace, &flow.id]);
    let answer = client.put("POST", &address, &media_type, &body).map_err(|trouble| match trouble.kind {
        Failure::Lost => {
            let page = client.address.page(&["executions"]);
            Stop::Failed(format!("{}: {} may have been started, so look at {page} before you run it again", trouble.what, flow.name()))
        }
        Failure::Lasting | Failure::Unreached => trouble.into(),
    })?;
    if answer.status >= 400 {
        return Err(client.refusal(&format!("to start {}", flow.name()), &answer, CORRECT).into());
    }
    let execution = client.expect(answer)?;
    execution["id"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| Stop::Failed(format!("{} did not say which execution it started", client.address)))
}

/// On Ctrl-C the command ends, and says where the execution is.
fn leave_alone_when_interrupted(page: String) {
    // Where no handler can be set the command ends as the system does it.
    let _ = at_each_interrupt(move || {
        say(&format!("the execution goes on at the server, where it can be killed: {page}"));
        true
    });
}

/// A state or a line of a log, as it comes. Where nobody reads any more the execution is followed all the same.
fn show(line: &str) {
    let _ = print(&format!("{line}\n"));
}

fn warn(sentence: &str) {
    print_sentence(Severity::Warning, sentence);
}
