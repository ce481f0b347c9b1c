//! `parallelogram check` from outside: what it reports of pages, what it fixes, and the pictures beside them.
#![cfg(feature = "cli")]

#[path = "support/tool.rs"]
mod tool;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tool::{folder, printed};

const FLOW: &str = "id: f\nnamespace: n\ntasks:\n  - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n  - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n";

/// The exit code and all that is printed, by the tool in that folder.
fn check(folder: &Path, arguments: &[&str]) -> String {
    printed(folder, "check", arguments)
}

fn fence(words: &str) -> String {
    format!("```yaml flow {words}\n{FLOW}```\n")
}

#[test]
fn each_claim_that_does_not_hold_is_reported_at_its_line() {
    let page = format!("# Page\n\n{}\n{}", fence("expect=\"makespan=2s order=a,b\""), fence("expect=\"makespan=9s overlap=a,b\""));
    let html = format!("<p>\n<pre><code>\n{FLOW}</code></pre>\n<flow-playground for=\"prev\" expect=\"at=b:2s\"></flow-playground>\n");
    let rst = format!("Title\n=====\n\n.. flow::\n   :expect: state=FAILED\n\n{}", FLOW.replace("\n", "\n   ").replacen("id", "   id", 1));
    let files = [
        ("docs/page.md", page),
        ("docs/a.html", html),
        ("docs/sub/c.rst", rst),
        ("docs/flow.yaml", format!("# expect: makespan=1s\n{FLOW}")),
        ("docs/other.yaml", "not: a flow\n".to_owned()),
        ("docs/node_modules/no.md", fence("expect=\"makespan=9s\"")),
    ];
    let folder = folder("check-reports", &files);
    insta::assert_snapshot!(check(&folder, &["docs"]), @"
    docs/a.html:9: expected b at 2 s, got 1 s
    docs/flow.yaml:1: expected makespan 1 s, got 2 s
    docs/page.md:11: expected makespan 9 s, got 2 s
    docs/page.md:11: expected a, b at the same time, got a 0 s to 1 s, b 1 s to 2 s
    docs/sub/c.rst:4: expected state FAILED, got SUCCESS
    5 flows in 5 files: 5 differences
    exit 1
    ");
    insta::assert_snapshot!(check(&folder, &["docs/flow.yaml", "--format", "github"]), @"
    ::error file=docs/flow.yaml,line=1::expected makespan 1 s, got 2 s
    1 flow in 1 file: 1 difference
    exit 1
    ");
    insta::assert_snapshot!(check(&folder, &["docs/flow.yaml", "--format", "json"]), @r#"
    {
      "files": 1,
      "flows": 1,
      "differences": [
        {
          "file": "docs/flow.yaml",
          "line": 1,
          "expected": "makespan=1s",
          "actual": "makespan=2s",
          "message": "expected makespan 1 s, got 2 s"
        }
      ]
    }
    1 flow in 1 file: 1 difference
    exit 1
    "#);
}

#[test]
fn settings_of_a_fence_count() {
    let parallel = "id: f\nnamespace: n\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n      - {id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n      - {id: b, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}\n";
    let page = |words: &str| format!("```yaml flow {words}\n{parallel}```\n");
    let text =
        [page("expect=makespan=1s"), page("expect=makespan=2s c=p:1"), page("expect=makespan=2s cores=1"), page("cores=none")].concat();
    let folder = folder("check-settings", &[("a.md", text)]);
    insta::assert_snapshot!(check(&folder, &["a.md"]), @"
    a.md:31: `cores` has a value that can't be read
    4 flows in 1 file: 1 difference
    exit 1
    ");
}

#[test]
fn what_is_no_flow_is_reported_at_the_line_of_its_fault() {
    let text = "Text\n\n```yaml flow\nid: f\nnamespace: n\ntasks:\n  - {id: a, type: io.kestra.plugin.core.flow.Slep}\n  - {id: a\n```\n\n<flow-playground for=\"gone\"></flow-playground>\n";
    let folder = folder("check-faults", &[("a.md", text.to_owned()), ("b.md", fence("expect=\"length=2s\""))]);
    insta::assert_snapshot!(check(&folder, &["a.md", "b.md"]), @"
    a.md:8: this is not valid YAML: did not find expected ',' or '}'
    a.md:11: there is no element with the id `gone`
    b.md:1: nothing is called `length`: there are makespan, state, order, overlap, at, end, last and never
    3 flows in 2 files: 3 differences
    exit 1
    ");
    insta::assert_snapshot!(check(&folder, &["c.md"]), @"
    error: c.md can't be read: No such file or directory (os error 2)
    exit 2
    ");
}

#[test]
fn fix_writes_what_holds_and_nothing_else() {
    let page = |claim: &str| {
        format!(
            "Tèxt\r\n\n> {}\n\n<flow-playground yaml='{}' expect='{claim}'></flow-playground>\n",
            fence(&format!("title=\"makespan=9s\" expect=\"{claim}\"")).replace('\n', "\n> "),
            FLOW.replace('\n', "&#10;")
        )
    };
    let folder = folder(
        "check-fix",
        &[("a.md", page("makespan=PT9S;order=b,a at=b:0.5s state=success")), ("b.md", fence("expect=\"overlap=a,b\""))],
    );
    assert_eq!(check(&folder, &["--fix", "a.md"]), "2 flows in 1 file: all is as expected\nexit 0");
    let fixed = fs::read_to_string(folder.join("a.md")).expect("it is there");
    assert_eq!(fixed, page("makespan=2s;order=a,b at=b:1s state=success"));
    // No other value would make these two overlap.
    insta::assert_snapshot!(check(&folder, &["--fix", "b.md"]), @"
    b.md:1: expected a, b at the same time, got a 0 s to 1 s, b 1 s to 2 s
    1 flow in 1 file: 1 difference
    exit 1
    ");
}

#[test]
fn pictures_are_written_and_compared() {
    let folder = folder("check-pictures", &[("docs/a.md", [fence(""), fence("")].concat())]);
    insta::assert_snapshot!(check(&folder, &["docs", "--verify-svg", "pictures"]), @"
    docs/a.md:1: there is no picture pictures/docs-a-1.svg
    docs/a.md:8: there is no picture pictures/docs-a-2.svg
    2 flows in 1 file: 2 differences
    exit 1
    ");
    assert_eq!(
        check(&folder, &["docs", "--write-svg", "pictures", "--verify-svg", "pictures"]),
        "2 flows in 1 file: all is as expected\nexit 0"
    );
    assert!(fs::read_to_string(folder.join("pictures/docs-a-2.svg")).expect("it is there").starts_with("<svg"));
    fs::write(folder.join("docs/a.md"), fence("").replace("PT1S", "PT2S")).expect("it can be written");
    insta::assert_snapshot!(check(&folder, &["docs", "--verify-svg", "pictures"]), @"
    docs/a.md:1: the picture pictures/docs-a-1.svg is not that of this flow
    1 flow in 1 file: 1 difference
    exit 1
    ");
}

#[test]
fn figures_are_written_by_page_and_number() {
    let page = format!("```sh\nls\n```\n\n{}", fence("title=One"));
    let old =
        ["figures/content-a-b-7.html", "figures/content-a-b-x.html", "figures/content-a-b-c-1.html"].map(|name| (name, String::new()));
    let folder = folder("check-figures", &[&[("content/a/b.md", page)][..], &old].concat());
    assert_eq!(check(&folder, &["content", "--write-html", "figures"]), "1 flow in 1 file: all is as expected\nexit 0");
    let figure = fs::read_to_string(folder.join("figures/content-a-b-1.html")).expect("it is there");
    assert!(figure.starts_with("<div><flow-playground for=\"prev\" title=\"One\" height=\"272\">"), "{figure}");
    let is_there = |name: &str| folder.join(name).exists();
    assert_eq!(old.map(|(name, _)| is_there(name)), [false, true, true], "only what was written for this page before is removed");
}

#[test]
fn our_own_docs_hold() {
    let project = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let said = check(&project, &["docs", "README.md", "ARCHITECTURE.md"]);
    assert!(said.ends_with(": all is as expected\nexit 0"), "{said}");
    assert!(!said.starts_with("0 flows"), "{said}");
}

/// What the preprocessor makes of a book with one chapter, and a chapter within it.
fn mdbook(chapter: &str) -> (i32, String, String) {
    let book = serde_json::json!([
        {"root": "/book", "config": {"book": {"src": "text"}, "preprocessor": {"parallelogram": {"base": "https://play.example/"}}}, "renderer": "html"},
        {"sections": [{"Chapter": {"name": "One", "content": "No flow.\n", "path": "one.md", "sub_items": [
            {"Chapter": {"name": "Two", "content": chapter, "path": "two.md", "sub_items": []}}, "Separator"]}}]}
    ]);
    let mut tool = Command::new(env!("CARGO_BIN_EXE_parallelogram"));
    let mut tool = tool.arg("mdbook").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the tool starts");
    tool.stdin.take().expect("it reads").write_all(book.to_string().as_bytes()).expect("it reads all");
    let output = tool.wait_with_output().expect("it ends");
    let content = serde_json::from_slice::<serde_json::Value>(&output.stdout).map(|book| {
        assert_eq!(book["sections"][0]["Chapter"]["content"], "No flow.\n");
        book["sections"][0]["Chapter"]["sub_items"][0]["Chapter"]["content"].as_str().expect("it is text").to_owned()
    });
    (output.status.code().expect("it ends by itself"), content.unwrap_or_default(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// What `figures` answers.
fn figures(request: &serde_json::Value) -> serde_json::Value {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_parallelogram"));
    let mut tool = tool.arg("figures").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the tool starts");
    tool.stdin.take().expect("it reads").write_all(request.to_string().as_bytes()).expect("it reads all");
    serde_json::from_slice(&tool.wait_with_output().expect("it ends").stdout).expect("it answers in JSON")
}

#[test]
fn integrations_get_a_figure_and_the_faults_of_each_flow() {
    let page = format!("# Page\n\n- item\n\n  {}\n```{{flow}}\n{FLOW}```\n", fence("expect=makespan=3s load=click").replace('\n', "\n  "));
    let found = figures(&serde_json::json!({"page": page}));
    let shape = |figure: &serde_json::Value| (figure["line"].as_u64(), figure["endLine"].as_u64(), figure["faults"].to_string());
    let false_claim = r#"[{"line":5,"message":"expected makespan 3 s, got 2 s"}]"#.to_owned();
    let shapes: Vec<_> = found.as_array().expect("a list").iter().map(shape).collect();
    assert_eq!(shapes, [(Some(5), Some(11), false_claim), (Some(13), None, "[]".to_owned())]);
    assert!(found[0]["html"].as_str().expect("it can be run").contains(" load=\"click\""), "{found}");

    let flow = |text: &str, options: serde_json::Value| {
        figures(&serde_json::json!({"text": text, "line": 5, "textLine": 8, "words": "yaml flow title=Two", "options": options}))
    };
    let claims = flow(FLOW, serde_json::json!({"expect": "state=FAILED"}));
    assert_eq!(claims[0]["faults"].to_string(), r#"[{"line":5,"message":"expected state FAILED, got SUCCESS"}]"#);
    assert!(claims[0]["html"].as_str().expect("it can be run").contains("title=\"Two\""), "{claims}");
    let wrong = flow(&FLOW.replace("Sleep", "Slep"), serde_json::json!({}));
    assert_eq!((&wrong[0]["html"], &wrong[0]["faults"][0]["line"]), (&serde_json::Value::Null, &11.into()), "{wrong}");
}

/// The page that a test in the browser opens without script: a block, and the figure that the tool puts below it.
#[test]
fn the_page_without_script_has_the_figure_of_the_tool() {
    let (_, drawn, _) = mdbook(&fence("title=\"Two tasks\""));
    let figure = drawn.lines().find(|line| line.starts_with("<div>")).expect("there is a figure");
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><link rel=\"icon\" href=\"data:,\"><title>Without script</title></head>\n<body>\n\
        <pre><code class=\"language-yaml\">{FLOW}</code></pre>\n{figure}\n</body>\n</html>\n"
    );
    let path = "tests/e2e/fixtures/figure.html";
    if fs::read_to_string(path).unwrap_or_default() != page {
        let now = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("figure.html");
        fs::write(&now, page).expect("it can be written");
        panic!("{path} is not what the tool makes: look at {} and copy it there", now.display());
    }
}

#[test]
fn a_book_gets_a_figure_below_each_flow_and_stops_at_a_false_claim() {
    let page = format!("- item\n\n  {}\nText\n", fence("expect=\"makespan=2s\" title=\"Two & \"").trim_end().replace('\n', "\n  "));
    let (code, drawn, said) = mdbook(&page);
    assert_eq!((code, &*said), (0, ""));
    let (picture, rest) =
        drawn.split_once("base64,").and_then(|(before, rest)| Some((before, rest.split_once('"')?.1))).expect("there is a picture");
    let plain = page.replace(" flow expect=\"makespan=2s\" title=\"Two & \"", "");
    let before = picture.strip_prefix(plain.trim_end_matches("Text\n")).expect("the page stays as it is, but for the words of the fence");
    insta::assert_snapshot!(format!("{before}…{rest}"), @r#"
      
      <div><flow-playground for="prev" title="Two &amp; " expect="makespan=2s" height="272"><img slot="fallback" src="data:image/svg+xml;… alt="Timeline of Two &amp; : 2.0 s"></flow-playground><details><summary>Two &amp;  in numbers: 2.0 s</summary><table><thead><tr><th>task</th><th>began</th><th>ended</th><th>state</th></tr></thead><tbody><tr><td>a</td><td>0 s</td><td>1.0 s</td><td>SUCCESS</td></tr><tr><td>b</td><td>1.0 s</td><td>2.0 s</td><td>SUCCESS</td></tr></tbody></table></details></div>

    Text


    <script type="module" src="https://play.example/flow-playground.js"></script>
    "#);
    let (code, _, said) = mdbook(&page.replace("makespan=2s", "makespan=3s"));
    assert_eq!((code, &*said), (1, "text/two.md:3: expected makespan 3 s, got 2 s\n"));
    for (renderer, code) in [("html", 0), ("latex", 1)] {
        let status = Command::new(env!("CARGO_BIN_EXE_parallelogram")).args(["mdbook", "supports", renderer]).status();
        assert_eq!(status.expect("the tool runs").code(), Some(code));
    }
}
