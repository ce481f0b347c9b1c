//! Functions, and `render` of a text within a text.

use insta::assert_snapshot;

use super::check_bare;

#[test]
fn functions() {
    assert_snapshot!(check_bare(r##"
        now()
        now(format='yyyy-MM-dd HH:mm')
        now(timeZone='America/New_York')
        json('{"a": [1, 2.5]}').a
        fromJson('{"a": 1}').a
        json('{a')
        json(null)
        json(1)
        yaml('a: [1, x]').a[1]
        yaml("a: b: c")
        yaml('')
        currentEachOutput(outputs.each).value
        currentEachOutput(outputs.nope)
        currentEachOutput(1)
        currentEachOutput()
        currentEachOutput({'b': {'b': 1}})
        errorLogs()[0].message
        tasksWithState('SUCCESS')
        uuid()
        id()
        randomInt(lower=5, upper=8)
        randomInt(1, 1)
        randomInt(2, 1)
        randomInt('a', 1)
        randomPort() > 1023
        max(1, 3, 2)
        min(1.5, 3)
        max()
        range(1, 9, 3)
        range(3, 1, -1)
        range(1, 3, 0)
        range(1, 'a')
        range(0, 1000000)
        printContext()
        http(uri='x')
        secret(key='X')
        now(1, 2, 3, 4, 5)
        now(zone='x')
    "##), @r#"
    now() => 2024-07-03T09:46:40.456000Z
    now(format='yyyy-MM-dd HH:mm') => 2024-07-03 09:46
    now(timeZone='America/New_York') => 2024-07-03T05:46:40.456000-04:00
    json('{"a": [1, 2.5]}').a => [1,2.5]
    fromJson('{"a": 1}').a => 1
    json('{a') => error: Invalid json: it cannot be read (…:1)
    json(null) => 
    json(1) => error: The 'fromJson' function expects an argument 'json' with type string. (…:1)
    yaml('a: [1, x]').a[1] => x
    yaml("a: b: c") => error: Invalid yaml: this is not valid YAML: mapping values are not allowed in this context (…:1)
    yaml('') => 
    currentEachOutput(outputs.each).value => ab
    currentEachOutput(outputs.nope) => error: Unable to find `nope` used in the expression `…` at line 1
    currentEachOutput(1) => error: The 'currentEachOutput' function expects an argument 'outputs' with type map. (…:1)
    currentEachOutput() => error: The 'currentEachOutput' function expects an argument 'outputs'. (…:1)
    currentEachOutput({'b': {'b': 1}}) => error: No execution outputs for the current task runs path (…:1)
    errorLogs()[0].message => boom
    tasksWithState('SUCCESS') => [{"taskId":"t1","state":"SUCCESS"},{"taskId":"t2","state":"SUCCESS","value":"b"}]
    uuid() => 9e3779b9-7f4a-4c15-bc6e-f372fe94f82a
    id() => DaBOThvysi55BgVNOlnTru
    randomInt(lower=5, upper=8) => 6
    randomInt(1, 1) => 1
    randomInt(2, 1) => error: In 'randomIn()' upper is less than lower (…:1)
    randomInt('a', 1) => error: The 'randomIn()' function expects an argument lower of type Long. (…:1)
    randomPort() > 1023 => true
    max(1, 3, 2) => 3
    min(1.5, 3) => 1.5
    max() => 
    range(1, 9, 3) => [1,4,7]
    range(3, 1, -1) => [3,2,1]
    range(1, 3, 0) => error: The increment of the range function must be different than 0 (…:1)
    range(1, 'a') => error: Arguments of range function must be of type Number or String with a length of 1 (…:1)
    range(0, 1000000) => error: the range has more than 1000000 items (…:1)
    printContext() => {"execution":{"id":"e1","startDate":"2024-01-01T00:00:00.123Z"},"flow":{"id":"hello","namespace":"company.team"},"inputs":{"name":"Ada","n":3,"half":0.5,"yes":true,"empty":"","list":[3,1,2],"map":{"b":1,"a":{"c":[true]}}},"outputs":{"my-task":{"value":"dash"},"each":{"a":{"b":{"value":"ab"}},"x":{"b":{"value":"xb"}}},"query":"⟨outputs.query⟩","mixed":[1,"⟨outputs.mixed[1]⟩"]},"parent":{"outputs":{"o":1}},"parents":[{"outputs":{"o":1}},{"taskrun":{"value":"a"}}],"task":{"id":"log","type":"io.kestra.plugin.core.log.Log"},"taskrun":{"id":"1","value":"b","attemptsCount":0},"tasks":{"t1":{"state":"SUCCESS"},"t2":{"b":{"state":"SUCCESS"},"c":{"state":"FAILED"}}},"vars":{"greeting":"Hi {{ inputs.name }}","twice":"{{ vars.greeting }}!","forever":"{{ vars.forever }}.","plain":"x"}} (unknown: outputs.query)
    http(uri='x') => ⟨http('x')⟩ (unknown: http('x'))
    secret(key='X') => ⟨secret('X')⟩ (unknown: secret('X'))
    now(1, 2, 3, 4, 5) => error: The argument at position 5 is not allowed. Only 4 argument(s) are allowed. (…:1)
    now(zone='x') => error: The following named argument does not exist: zone (…:1)
    "#);
}

#[test]
fn texts_within_texts() {
    assert_snapshot!(check_bare(r##"
        render(vars.greeting)
        render(vars.twice)
        renderOnce(vars.twice)
        render(vars.twice, recursive=false)
        render(vars.forever)
        render(vars.plain)
        render('{{ inputs.nope }}')
        render('{{ inputs.nope }}') ?? 'not caught'
        render(1)
        render()
        renderOnce(null)
    "##), @r#"
    render(vars.greeting) => Hi Ada
    render(vars.twice) => Hi Ada!
    renderOnce(vars.twice) => Hi {{ inputs.name }}!
    render(vars.twice, recursive=false) => Hi {{ inputs.name }}!
    render(vars.forever) => error: Too many rendering attempts (…:1)
    render(vars.plain) => x
    render('{{ inputs.nope }}') => error: Unable to find `nope` used in the expression `{{ inputs.nope }}` at line 1
    render('{{ inputs.nope }}') ?? 'not caught' => error: Unable to find `nope` used in the expression `{{ inputs.nope }}` at line 1
    render(1) => error: The 'render' function expects an argument 'template' with type string. (…:1)
    render() => error: The 'render' function expects an argument 'template'. (…:1)
    renderOnce(null) =>
    "#);
}
