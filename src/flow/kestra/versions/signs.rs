//! Which version a text is written for, judged by what only that version takes. Rule: Kestra, "Versions".

use super::{Version, Versions};
use crate::diag::{Diagnostic, has_errors};
use crate::flow::kestra::validate::check_flow;
use crate::source::Source;
use crate::syntax::{Document, Value};

impl Version {
    /// The version that a text is written for: 1.3 when it knows something in the text that 2.0 does not, and 2.0 knows nothing
    /// more, or when only 2.0 refuses the text; else 2.0.
    #[must_use]
    pub fn of_text(document: &Document, source: &Source) -> Self {
        Self::with_checks(document, source).0
    }

    /// The same, with what is wrong with the text in that version.
    #[must_use]
    pub fn with_checks(document: &Document, source: &Source) -> (Self, Vec<Diagnostic>) {
        let (not_in_2_0, found) = Self::V2_0.check(document, source);
        let is_refused = has_errors(&found);
        if !is_refused && !not_in_2_0.has(Self::V1_3) {
            return (Self::V2_0, found);
        }
        let (not_in_1_3, found_too) = Self::V1_3.check(document, source);
        let has_signs = not_in_2_0.has(Self::V1_3) && !not_in_1_3.has(Self::V2_0);
        if has_signs || is_refused && !has_errors(&found_too) { (Self::V1_3, found_too) } else { (Self::V2_0, found) }
    }

    /// Checks the flows of a text: the versions that know something in it that this one does not, and what is wrong.
    #[must_use]
    pub fn check(self, document: &Document, source: &Source) -> (Versions, Vec<Diagnostic>) {
        let mut found = Vec::new();
        let flows = document.roots.iter().filter(|root| matches!(root.value, Value::Map(_)));
        let known_to = flows.fold(Versions::NONE, |all, root| all.or(check_flow(root, source, self, &mut found)));
        (known_to, found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(rest: &str) -> &'static str {
        let text = format!("id: f\nnamespace: n\n{rest}\n");
        let source = Source::new("", &*text);
        Version::of_text(&crate::syntax::parse(&source).0, &source).as_str()
    }

    fn with_task(task: &str) -> &'static str {
        version(&format!("tasks:\n  - {{id: t, {task}}}"))
    }

    #[test]
    fn what_only_1_3_takes_shows_it() {
        let log = "type: io.kestra.plugin.core.log.Log, message: hi";
        let pause = "type: io.kestra.plugin.core.flow.Pause";
        let tasks = [
            log.replace("plugin.core", "core.tasks"),
            format!("{log}, workerGroup: {{key: a}}"),
            format!("{log}, retry: {{type: constant, interval: PT1S, maxAttempt: 2}}"),
            format!("{pause}, delay: PT1S"),
            format!("{pause}, onResume: [{{id: a, type: BOOLEAN}}]"),
            "type: io.kestra.plugin.core.flow.Subflow, namespace: n, flowId: g, outputs: {a: b}".to_owned(),
            "type: io.kestra.plugin.core.flow.ForEach, values: [1], tasks: [{id: u}]".to_owned(),
            "type: io.kestra.plugin.core.log.Log, message: \"{{ {'a': 1} | json }}\"".to_owned(),
            "type: io.kestra.plugin.core.log.Log, message: \"{{ json('1') }}\"".to_owned(),
            "type: io.kestra.plugin.core.http.Request, uri: a, allowFailed: true".to_owned(),
            "type: io.kestra.plugin.core.http.Download, uri: a, sslOptions: {}".to_owned(),
            "type: io.kestra.plugin.core.kv.PurgeKV, expiredOnly: false".to_owned(),
            format!("{pause}, tasks: [{{id: u, {log}}}]"),
        ];
        for task in &tasks {
            assert_eq!(with_task(task), "1.3", "{task}");
        }
        let schedule = "type: io.kestra.plugin.core.trigger.Schedule, cron: '0 0 * * *'";
        let triggers = [
            "type: io.kestra.plugin.core.trigger.Flow, preconditions: {id: p}".to_owned(),
            "type: io.kestra.core.models.triggers.types.Schedule, cron: '0 0 * * *'".to_owned(),
            format!("{schedule}, backfill: {{start: a}}"),
            format!("{schedule}, conditions: []"),
            format!("{schedule}, scheduleConditions: [{{type: a}}]"),
        ];
        let task = format!("tasks: [{{id: t, {log}}}]");
        for trigger in &triggers {
            assert_eq!(version(&format!("{task}\ntriggers: [{{id: s, {trigger}}}]")), "1.3", "{trigger}");
        }
        let inputs = ["id: a, type: ENUM, values: [a]", "name: a, type: STRING", "id: a, type: ARRAY, itemType: BOOLEAN"];
        for input in inputs {
            assert_eq!(version(&format!("{task}\ninputs: [{{{input}}}]")), "1.3", "{input}");
        }
        for more in ["listeners: []", "taskDefaults: [{type: a}]", "pluginDefaults: []"] {
            assert_eq!(version(&format!("{task}\n{more}")), "1.3", "{more}");
        }
    }

    #[test]
    fn what_2_0_takes_or_neither_is_for_2_0() {
        let looped = "type: io.kestra.plugin.core.flow.Loop, values: [1], tasks: []";
        let texts = [
            "type: io.kestra.plugin.core.log.Log, message: hi",
            "type: io.kestra.plugin.core.log.Log, foo: hi",
            "type: io.kestra.plugin.core.log.Logg",
            "type: a.Plugin, foo: hi",
            looped,
            &format!("{looped}, workerGroup: {{key: a}}"),
            "type: io.kestra.plugin.core.flow.Parallel, onChildFailure: CANCEL, tasks: []",
        ];
        for task in texts {
            assert_eq!(with_task(task), "2.0", "{task}");
        }
        assert_eq!(version("tasks: []\nextend: {title: a}"), "2.0");
        assert_eq!(version(""), "2.0");
    }

    #[test]
    fn a_value_that_only_2_0_refuses_shows_1_3() {
        assert_eq!(with_task("type: io.kestra.plugin.core.log.Log, message: hi, retry: {type: constant, interval: P4000D}"), "1.3");
    }
}
