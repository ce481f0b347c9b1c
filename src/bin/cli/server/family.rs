//! An execution with those that it started: of subflows, and of the iterations of a Loop.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::client::{Client, Failure, Trouble};

/// The most executions that are fetched.
pub const MOST: usize = 1000;

/// How many executions a search lists at once.
const PAGE: usize = 100;

/// The execution first, then those below it, as far as they are no more than [`MOST`]. `has_loops`: whether iterations are executions.
pub fn family(client: &Client, id: &str, has_loops: bool) -> Result<Vec<Value>, Trouble> {
    let mut known: BTreeSet<String> = [id.to_owned()].into();
    let mut found = vec![execution(client, id)?];
    let mut iterations: BTreeMap<(String, String), Vec<Value>> = BTreeMap::new();
    let mut at = 0;
    while let Some(one) = found.get(at).filter(|_| found.len() < MOST) {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let (id, namespace, flow) = (text("id"), text("namespace"), text("flowId"));
        let mut below = search(client, &[("filters[triggerExecutionId][EQUALS]", &id)])?;
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
                Entry::Vacant(new) => new.insert(search(client, &filters)?),
            };
            below.extend(of_flow.iter().filter(|other| other["parentId"] == id.as_str()).cloned());
        }
        let ids = below.iter().filter_map(|other| other["id"].as_str()).filter(|other| known.insert((*other).to_owned()));
        for other in ids.take(MOST.saturating_sub(found.len())).collect::<Vec<_>>() {
            found.push(execution(client, other)?);
        }
        at += 1;
    }
    Ok(found)
}

fn execution(client: &Client, id: &str) -> Result<Value, Trouble> {
    let found = client.json(&client.address.api(&["executions", id]), &[])?;
    // The server writes what is searched a moment after what runs.
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
