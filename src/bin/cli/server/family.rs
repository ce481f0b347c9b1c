//! An execution with those that it started: of subflows, and of the iterations of a Loop.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::client::{Client, Failure, Trouble};
use super::follow::patiently;

/// The most executions that are fetched.
pub const MOST: usize = 1000;

/// How many executions a search lists at once.
const PAGE: usize = 100;

/// The execution as the server has it after it has ended; `end` is how it was in the last event. A server writes down what runs a moment
/// later: that is waited for.
pub fn ended(client: &Client, id: &str, end: &Value) -> Result<Value, Trouble> {
    let whole = || {
        let found = execution(client, id)?;
        let late = || Trouble::new(Failure::Lost, format!("{} has not yet written down {id}", client.address), "fetch it there");
        if n_states(&found) < n_states(end) { Err(late()) } else { Ok(found) }
    };
    patiently(client, whole).or_else(|trouble| if trouble.is_passing() { execution(client, id) } else { Err(trouble) })
}

/// How many states an execution and its taskruns have passed through.
fn n_states(one: &Value) -> usize {
    let runs = one["taskRunList"].as_array().into_iter().flatten();
    runs.chain([one]).filter_map(|of| of["state"]["histories"].as_array()).map(Vec::len).sum()
}

/// The execution first, then those below it, as far as they are no more than [`MOST`]. `has_loops`: whether iterations are executions.
pub fn family(client: &Client, first: Value, has_loops: bool) -> Result<Vec<Value>, Trouble> {
    let mut known: BTreeSet<String> = first["id"].as_str().map(str::to_owned).into_iter().collect();
    let mut found = vec![first];
    let mut iterations: BTreeMap<(String, String), Vec<Value>> = BTreeMap::new();
    let mut at = 0;
    while let Some(one) = found.get(at).filter(|_| found.len() < MOST) {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let (id, namespace, flow) = (text("id"), text("namespace"), text("flowId"));
        let mut below = patiently(client, || search(client, &[("filters[triggerExecutionId][EQUALS]", &id)]))?;
        if has_loops {
            let of_flow = iterations.entry((namespace.clone(), flow.clone()));
            let since = found.first().and_then(|first| first["state"]["histories"][0]["date"].as_str()).unwrap_or_default();
            let filters = [
                ("filters[kind][EQUALS]", "LOOP"),
                ("filters[namespace][EQUALS]", &namespace),
                ("filters[flowId][EQUALS]", &flow),
                ("filters[startDate][GREATER_THAN_OR_EQUAL_TO]", since),
            ];
            let of_flow = match of_flow {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(patiently(client, || search(client, &filters))?),
            };
            below.extend(of_flow.iter().filter(|other| other["parentId"] == id.as_str()).cloned());
        }
        let ids = below.iter().filter_map(|other| other["id"].as_str()).filter(|other| known.insert((*other).to_owned()));
        for other in ids.take(MOST.saturating_sub(found.len())).collect::<Vec<_>>() {
            found.push(patiently(client, || execution(client, other))?);
        }
        at += 1;
    }
    Ok(found)
}

fn execution(client: &Client, id: &str) -> Result<Value, Trouble> {
    let found = client.json(&client.address.api(&["executions", id]), &[])?;
    let gone = || Trouble::new(Failure::Lost, format!("{} does not have the execution {id} (404)", client.address), "look for it there");
    found.ok_or_else(gone)
}

/// All executions that a search finds, page by page.
fn search(client: &Client, filters: &[(&str, &str)]) -> Result<Vec<Value>, Trouble> {
    let mut found = Vec::new();
    for page in 1.. {
        let (page, size) = (page.to_string(), PAGE.to_string());
        let mut pairs = vec![("page", page.as_str()), ("size", size.as_str()), ("sort", "state.startDate:asc")];
        pairs.extend(filters);
        let answer = client.json(&client.address.api(&["executions", "search"]), &pairs)?.unwrap_or_default();
        let listed = answer["results"].as_array().cloned().unwrap_or_default();
        let is_last = listed.len() < PAGE;
        found.extend(listed);
        if is_last || found.len() >= MOST {
            break;
        }
    }
    Ok(found)
}
