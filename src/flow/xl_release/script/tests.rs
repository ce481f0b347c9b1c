use super::*;

fn variables() -> Map {
    let mut map = Map::new();
    map.insert("off", Value::Bool(false));
    map.insert("on", Value::Bool(true));
    map.insert("os", Value::text("Linux"));
    map.insert("n", Value::Int(2));
    map
}

#[test]
fn conditions_over_known_variables_are_evaluated() {
    let is = |script: &str| condition(script, &variables());
    let met = [
        "",
        "# only a remark",
        "True # always",
        "${on}",
        "not ${off}",
        "${on} and not ${off}",
        "${off} or ${on}",
        "releaseVariables['os'] == 'Linux'",
        "'${os}' == \"Linux\"",
        "'${os}'.lower() in ['linux', 'mac']",
        "result = len(releaseVariables['os']) > 0",
        "releaseVariables['n'] + 1 >= 3",
        "x = 'a'\nif x == 'b':\n    result = False\nelif x == 'a':\n    result = True\nelse:\n    result = False",
        "releaseVariables.get('none', 'x') == 'x'",
        "result = (releaseVariables['os'] == 'Linux' and\n  releaseVariables['n'] != 3)",
        "'#' in 'a#b'",
    ];
    assert_eq!(met.map(is), [Some(true); 16], "{met:?}");
    let not_met = [
        "False ## take this line out",
        "result = False",
        "result=False # never",
        "${off}",
        "not ${on}",
        "releaseVariables['os'] == 'Windows'",
        "if releaseVariables['os'] == 'Windows':\n    result = True\nelse:\n    result = False",
        "result = True\nif ${n} < 5: result = False",
        "import time\nresult = ${n} not in [1, 2]",
        "''",
    ];
    assert_eq!(not_met.map(is), [Some(false); 10], "{not_met:?}");
}

#[test]
fn what_is_not_known_stays_open() {
    let unknown = [
        "${unknown}",
        "releaseVariables['unknown'] == 'x'",
        "'${unknown}' == 'x'",
        "folderVariables['x']",
        "requests.get('https://example.org').ok",
        "for x in [1]: result = False",
        "while True:\n    pass",
        "result = (1",
        "'open",
        "if ${on}:\nresult = True",
        "def f():\n  return True",
    ];
    assert_eq!(unknown.map(|script| condition(script, &variables())), [None; 11], "{unknown:?}");
}

#[test]
fn handlers_skip_or_retry() {
    let handling = |script: &str| super::handling(script, &variables());
    let skip = "taskApi.skipTask(getCurrentTask().getId(), taskApi.newComment('no matter'))";
    let retry = "taskApi.retryTask(getCurrentTask().getId(), taskApi.newComment(\"again\"))";
    assert_eq!(handling(skip), Some(Handling { retries: Some(0), skips: true }));
    assert_eq!(handling("taskApi.skipTask(getCurrentTask().id, 'x')"), Some(Handling { retries: Some(0), skips: true }));
    assert_eq!(handling(retry), Some(Handling { retries: None, skips: false }));
    let counts = |step: &str| format!("if releaseVariables['n'] < 5:\n  {step}\n  {retry}\nelse:\n  {skip}");
    assert_eq!(handling(&counts("releaseVariables['n'] = releaseVariables['n'] + 1")), Some(Handling { retries: Some(3), skips: true }));
    assert_eq!(handling(&counts("releaseVariables['n'] += 1")), Some(Handling { retries: Some(3), skips: true }));
    assert_eq!(handling(&format!("if ${{n}} == 3:\n  {retry}")), Some(Handling { retries: Some(0), skips: false }));
    assert_eq!(handling("releaseApi.abort('Release1', 'why')"), None);
    assert_eq!(handling(&format!("if random() < 1:\n  {skip}")), None);
}

#[test]
fn deep_and_long_scripts_are_not_read() {
    let deep = format!("{}True{}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(condition(&deep, &variables()), None);
    assert_eq!(condition(&"not ".repeat(100_000), &variables()), None);
    assert_eq!(condition(&"x = 1\n".repeat(1000), &variables()), None);
}
