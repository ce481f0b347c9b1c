// Random expressions, inputs and values of loops, for random flows. All are valid on both versions unless asked otherwise.

const TEXT_FILTERS = ["upper", "lower", "capitalize", "length", "trim", "slugify", "md5", "title", "urlencode", "reverse", "abbreviate(4)", "replace({'l': 'L'})", "substringBefore('l')", "substringAfterLast('l')", "startsWith('h')", "endsWith('o')", "split('l')", "first", "last", "default('none')", "slice(0, 2)", "toJson", "className", "sha1"];
const NUMBER_FORMS = ["{} + 1", "{} * 2 - 1", "{} % 2", "{} / 2", "{} > 2", "{} == 3", "-{}", "{} ~ '!'", "{} | number", "max({}, 2)", "min({}, 2)", "{} is odd", "{} is even", "({} + 1) * 2", "{} >= 3 and {} < 9", "{} > 2 ? 'big' : 'small'"];
const LIST_FORMS = ["{} | length", "{} | first", "{} | last", "{} | join('-')", "{} | reverse", "{} | sort", "{}[0]", "{} contains 'x'", "{} | toJson", "{} | slice(0, 1)", "{} | distinct", "{} | chunk(1)", "{} is empty", "{}"];
const ALONE = ["flow.id", "flow.namespace", "task.id", "flow.id | upper", "vars.missing ?? 'none'", "inputs.missing ?? 'none'", "outputs.missing.value ?? 1", "'a' ~ 1", "1 + 2 * 3", "7 / 2", "7 % 4", "[1, 2, 3] | length", "{'a': 1}.a", "true and not false", "range(1, 3)", "null ?? 'b'", "'2024-02-29' | date('yyyy')", "fromJson('[1, 2]') | last", "[3, 1, 2] | sort | first", "'a,b' | split(',') | last", "1 == 1.0", "'b' in 'abc' ? 1 : 2", "labels.team ?? 'no team'", "taskrun.attemptsCount", "{'b': 1, 'a': 2} | keys", "'x' is empty", "[1, [2, 3]] | flatten", "'{\"a\": [1, 2]}' | jq('.a[1]') | first", "errorLogs() | length", "dateAdd('2024-01-31', 1, 'MONTHS') ?? 'no'", "'2024-01-31' | dateAdd(1, 'DAYS') | date('yyyy-MM-dd')", "randomInt(1, 2)"];
const BROKEN = ["vars.missing", "inputs.missing.deep", "1 / 0", "'a' + 1", "nofunction()", "'a' | nofilter", "fromJson('{')", "'abc' | number"];

const fill = (form, name) => form.replaceAll("{}", name);

/** An expression in braces, at times with text around it. */
export function expression(chance, names) {
  const inner = term(chance, names);
  if (chance.percent(6)) return chance.one(["plain text", "{% if vars.base > 2 %}yes{% else %}no{% endif %}", "{% for i in vars.list %}{{ i }}{{ loop.index }}{% endfor %}", "{% set z = 2 %}{{ z + vars.base }}"]);
  return chance.percent(20) ? `say {{ ${inner} }} now` : `{{ ${inner} }}`;
}

function term(chance, names) {
  if (chance.percent(4)) return chance.one(BROKEN);
  if (names.values.length > 0 && chance.percent(45)) return chance.percent(50) ? names.values[0] : `${names.values[0]} | ${chance.one(TEXT_FILTERS)}`;
  if (names.outputs.length > 0 && chance.percent(30)) {
    const output = chance.one(names.outputs);
    return chance.one([output, `${output} | length`, `${output} ~ '.'`, `${output} ?? 'none'`]);
  }
  if (names.inputs.length > 0 && chance.percent(40)) {
    const name = chance.one(names.inputs);
    return chance.percent(45) ? name : typed(chance, name);
  }
  const n = chance.between(0, 3);
  if (names.variables.length > 0 && n === 0) return fill(chance.one(NUMBER_FORMS), "vars.base");
  if (names.variables.length > 0 && n === 1) return `vars.word | ${chance.one(TEXT_FILTERS)}`;
  if (names.variables.length > 0 && n === 2) return fill(chance.one(LIST_FORMS), "vars.list");
  return chance.one(ALONE);
}

function typed(chance, name) {
  const forms = { count: NUMBER_FORMS, part: ["{} * 2", "{} > 1", "{}"], list: ["{} | length", "{} | first", "{} | join('+')"], many: ["{} | length", "{} contains 'x'", "{} | join('+')"], data: ["{}.a", "{}.b | length", "{} | toJson", "{} | keys"], tree: ["{}.k", "{} | toJson"], flag: ["{} ? 'on' : 'off'", "not {}", "{} == true"], day: ["{} | date('yyyy/MM')", "{} | dateAdd(1, 'DAYS') | date('dd')"], moment: ["{} | date('HH:mm')"], length: ["{}", "{} ~ ''"] }[name.replace("inputs.", "")];
  return forms ? fill(chance.one(forms), name) : `${name} | ${chance.one(TEXT_FILTERS)}`;
}

/** A condition in braces. */
export function condition(chance, names) {
  const forms = ["true", "false", "vars.base > 2", "vars.base == 4", "vars.word == 'hello'", "vars.list contains 'y'", "vars.missing ?? false", "1 > 2 or 2 > 1", "flow.id is not empty", "vars.word matches 'h.*'", "not (vars.base is odd)", "vars.word | startsWith('x')", "'' ", "0", "'no'"];
  if (names.variables.length === 0) return chance.one(["{{ true }}", "{{ false }}", "{{ inputs.text == 'word' }}", "true", "false"]);
  if (chance.percent(2)) return `{{ ${chance.one(BROKEN)} }}`;
  if (names.inputs.includes("inputs.flag") && chance.percent(30)) return "{{ inputs.flag }}";
  if (names.values.length > 0 && chance.percent(30)) return `{{ ${names.values[0]} == '${chance.one(["a", "b", "1"])}' }}`;
  return chance.percent(10) ? chance.one(["true", "false"]) : `{{ ${chance.one(forms)} }}`;
}

/** Inputs of a flow, how they may be named, and what is given at the start. */
export function inputs(chance, isNew) {
  const all = [
    [{ id: "flag", type: "BOOL", defaults: chance.percent(50) }, true],
    [{ id: "count", type: "INT", defaults: chance.between(1, 3), ...(chance.percent(30) && { min: 0, max: 5 }) }, chance.one([2, "3", 9])],
    [{ id: "text", type: "STRING", defaults: "hello", ...(chance.percent(20) && { validator: "h.*" }) }, chance.one(["hi", "you"])],
    [{ id: "part", type: "FLOAT", defaults: 1.5 }, "2.5"],
    [{ id: "pick", type: "SELECT", values: ["x", "y"], defaults: "y", ...(chance.percent(20) && { allowCustomValue: true }) }, chance.one(["x", "z"])],
    [{ id: "many", type: "MULTISELECT", values: ["x", "y"], defaults: ["x"] }, ["x", "y"]],
    [{ id: "list", type: "ARRAY", itemType: "INT", defaults: [1, 2] }, [3]],
    [{ id: "data", type: "JSON", defaults: '{"a": 1, "b": [1, 2]}' }, { a: 2, b: [] }],
    [{ id: "tree", type: "YAML", defaults: "k: v" }, "k: w"],
    [{ id: "day", type: "DATE", defaults: "2024-02-28" }, "2024-12-31"],
    [{ id: "moment", type: "DATETIME", defaults: "2024-02-28T10:20:30Z" }, "2024-03-01T00:00:00Z"],
    [{ id: "clock", type: "TIME", defaults: "10:20:30" }, "01:02:03"],
    [{ id: "length", type: "DURATION", defaults: "PT90S" }, "PT2M"],
    [{ id: "link", type: "URI", defaults: "https://example.com/a" }, "https://example.com/b"],
    [{ id: "mail", type: "EMAIL", defaults: "a@example.com" }, chance.one(["b@example.com", "b"])],
    [{ id: "maybe", type: "STRING", required: false }, "given"],
  ];
  if (!isNew) all.push([{ id: "old", type: "ENUM", values: ["x", "y"], defaults: "x" }, "y"], [{ id: "both", type: "BOOLEAN", defaults: true }, false]);
  const taken = chance.shuffled(all).slice(0, chance.between(0, 4));
  const needed = taken.find(([input]) => input.id === "flag");
  if (needed && taken.length > 1 && chance.percent(30)) {
    const [other] = taken.find(([input]) => input.id !== "flag");
    other.dependsOn = { inputs: ["flag"], condition: chance.one(["{{ inputs.flag }}", "{{ not inputs.flag }}"]) };
  }
  if (taken.length > 0 && chance.percent(12)) delete taken[0][0].defaults;
  const given = Object.fromEntries(taken.filter(() => chance.percent(25)).map(([input, value]) => [input.id, value]));
  return { inputs: taken.map(([input]) => input), names: taken.map(([input]) => `inputs.${input.id}`), given };
}

/** What a loop goes over. */
export function values(chance, names) {
  const kinds = [["a", "b"], ["a", "b", "c"], [1, 2, 3], ["x"], '["a", "b"]', "[1, 2]", "{{ vars.list }}", "{{ [1, 2, 3] }}", ["{{ vars.word }}", "b"], [{ k: 1 }, { k: "{{ vars.base }}" }], "{{ range(1, 2) }}", ["a", "a", "b"], [true, "b"]];
  if (names.isNew) kinds.push({ one: "a", two: 2 }, '{"one": 1}', [], "plain", "[[1], 2]");
  if (names.inputs.includes("inputs.list")) kinds.push("{{ inputs.list }}");
  return { values: chance.one(kinds) };
}
