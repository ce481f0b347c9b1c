use html5gum::{Token, Tokenizer};
use proptest::prelude::*;

use super::*;

/// A line for each place: where it is, what it claims, its settings, and its text.
fn check(page: &str, format: Format) -> String {
    let one = |place: Place| {
        if let Some((value, range)) = &place.expect {
            assert_eq!(value, &page[range.clone()], "the claim stands where it is said to stand");
        }
        let expect = place.expect.map_or("-".to_owned(), |(value, _)| value);
        let text_line = place.text_line.map_or("-".to_owned(), |line| line.to_string());
        let text = place.text.unwrap_or_else(|why| format!("NONE, {why}"));
        let n_more = text.lines().count().saturating_sub(3);
        let lines =
            text.lines().take(3).collect::<Vec<_>>().join("⏎") + &if n_more > 0 { format!(" and {n_more} more") } else { String::new() };
        format!("{} expects {expect} | {} | text from {text_line}: {lines}", place.line, place.settings.fragment())
    };
    places(page, format).into_iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_fence_with_the_word_flow_is_a_flow_and_others_are_not() {
    let page = r#"# Page

```yaml flow expect="makespan=2s state=SUCCESS" c="parent:4" title="Six"
id: a
```

```yaml
id: plain
```

- in a list:

  ~~~ {.yml .flow expect=makespan=1s}
  id: b
    c: d
  ~~~

> ```yaml,flow
> id: quoted
> ```

`<flow-playground>` in a sentence is code, and so is

    <flow-playground for="prev"></flow-playground>
"#;
    insta::assert_snapshot!(check(page, Format::Markdown), @"
    3 expects makespan=2s state=SUCCESS | expect=makespan%3D2s%20state%3DSUCCESS&c=parent:4 | text from 4: id: a
    13 expects makespan=1s | expect=makespan%3D1s | text from 14: id: b⏎  c: d
    18 expects - |  | text from 19: id: quoted
    ");
}

#[test]
fn a_fence_in_a_block_of_mkdocs_is_a_flow() {
    let page = "\
=== \"One\"

    ```yaml flow expect=makespan=2s
    id: a
    ```

=== \"Two\"

    !!! note

        ```yaml flow load=click
        id: b
        ```

    ```yaml flow
    id: c
    ```

Text

    ```yaml flow
    id: code
    ```
";
    insta::assert_snapshot!(check(page, Format::Markdown), @"
    3 expects makespan=2s | expect=makespan%3D2s | text from 4: id: a
    11 expects - |  | text from 12: id: b
    15 expects - |  | text from 16: id: c
    ");
}

#[test]
fn an_element_runs_the_block_before_it_or_the_one_it_names() {
    let page = r#"```yaml
id: a
```

<flow-playground for="prev" expect="makespan=2s" view="slots">
  <img slot="fallback" src="a.svg" alt="">
</flow-playground>

<pre id="one"><code>
id: b &amp; c
</code></pre>
<flow-playground for='one' expect='makespan=3s'></flow-playground>
<flow-playground for="none"></flow-playground>

<flow-playground example="parallel"></flow-playground>

<flow-playground yaml="id: x&#10;" kestra="1.3" />
"#;
    insta::assert_snapshot!(check(page, Format::Markdown), @"
    5 expects makespan=2s | expect=makespan%3D2s&view=slots | text from 2: id: a
    12 expects makespan=3s | expect=makespan%3D3s | text from 10: id: b & c
    13 expects - |  | text from -: NONE, there is no element with the id `none`
    15 expects - | example=parallel | text from -: id: parallel # for Kestra 2.0⏎namespace: company.team⏎ and 50 more
    17 expects - | kestra=1.3&yaml=id:%20x%0A | text from -: id: x
    ");
    let (_, html) = page.split_once("\n\n").expect("the fence is over");
    insta::assert_snapshot!(check(html, Format::Html), @"
    1 expects makespan=2s | expect=makespan%3D2s&view=slots | text from -: NONE, there is no code block before it
    8 expects makespan=3s | expect=makespan%3D3s | text from 6: id: b & c
    9 expects - |  | text from -: NONE, there is no element with the id `none`
    11 expects - | example=parallel | text from -: id: parallel # for Kestra 2.0⏎namespace: company.team⏎ and 50 more
    13 expects - | kestra=1.3&yaml=id:%20x%0A | text from -: id: x
    ");
}

#[test]
fn a_directive_has_options_and_a_text_with_its_own_indent() {
    let page = "
Title
=====

.. flow::
   :expect: makespan=2s
   :c: parent:4

   id: a
   tasks:
     - id: b

.. code-block:: yaml

   id: c

.. raw:: html

   <flow-playground for=\"prev\" expect=\"makespan=1s\"></flow-playground>

.. note::

   .. flow::

      id: d
";
    insta::assert_snapshot!(check(page, Format::Rst), @"
    5 expects makespan=2s | expect=makespan%3D2s&c=parent:4 | text from 9: id: a⏎tasks:⏎  - id: b
    19 expects makespan=1s | expect=makespan%3D1s | text from 15: id: c
    23 expects - |  | text from 25: id: d
    ");
    insta::assert_snapshot!(check("```{flow}\n:expect: makespan=2s\n:kestra: 1.3\n\nid: a\n```\n", Format::Markdown), @"1 expects makespan=2s | expect=makespan%3D2s&kestra=1.3 | text from 5: id: a");
}

#[test]
fn a_file_with_a_flow_claims_in_a_comment_before_it() {
    insta::assert_snapshot!(check("# A flow\n# expect: makespan=9s state=FAILED\nid: a\n", Format::Yaml), @"2 expects makespan=9s state=FAILED |  | text from 1: # A flow⏎# expect: makespan=9s state=FAILED⏎id: a");
    assert_eq!(check("id: a\n# expect: makespan=9s\n", Format::Yaml), "");
}

#[test]
fn no_page_is_too_strange() {
    for page in [
        "```yaml flow",
        "~~~ yaml flow expect=\"",
        "<flow-playground expect",
        "<flow-playground for=prev expect=\"é",
        "<pre id=é>",
        ".. flow::",
        ".. flow::\n   :expect:",
        "```{flow}\n:expect: x",
        "# expect:",
    ] {
        for format in [Format::Markdown, Format::Html, Format::Rst, Format::Yaml] {
            check(page, format);
        }
    }
}

/// What would be markup, or an expression of a template language, if it were not escaped.
const HOSTILE: [&str; 18] = [
    "<script>alert(1)</script>",
    "\"",
    "'",
    ">",
    "</div>",
    "<img src=x onerror=alert(1)>",
    " onclick=alert(1) ",
    "{{7*7}}",
    "{%x%}",
    "-->",
    "]]>",
    "\u{202e}\u{2066}",
    "&quot;",
    "&#60;",
    "javascript:alert(1)",
    "\\",
    "\0",
    "](x)",
];

/// The elements and attributes of a piece of HTML, but for the text within quotes; fails when one is not a figure's.
fn assert_is_figure(html: &str) {
    let known = ["div", "flow-playground", "img", "details", "summary", "table", "thead", "tbody", "tr", "th", "td"];
    for Ok(token) in Tokenizer::new(html) {
        let Token::StartTag(tag) = token else { continue };
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        assert!(known.contains(&&*name), "<{name}> in {html}");
        for (attribute, value) in &tag.attributes {
            let (attribute, value) = (String::from_utf8_lossy(attribute), String::from_utf8_lossy(value));
            let is_parameter = crate::share::PARAMETERS.iter().any(|(known, _)| *known == attribute);
            assert!(is_parameter || ["for", "title", "load", "slot", "src", "alt"].contains(&&*attribute), "{attribute} in {html}");
            assert!(attribute != "src" || value.starts_with("data:image/svg+xml;base64,"), "{value}");
        }
    }
    assert!(!html.contains("{{") && !html.contains("{%") && !html.contains('\n'), "{html}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nothing_of_an_author_becomes_markup(parts in proptest::collection::vec((0..HOSTILE.len(), "[a-z ]{0,3}"), 1..6), n_more in 0..2000_usize) {
        let hostile: String = parts.iter().flat_map(|(at, more)| [HOSTILE[*at], more]).collect::<String>() + &"a".repeat(n_more);
        let written = serde_json::to_string(&hostile).expect("a text can be written");
        let text = format!(
            "id: f\nnamespace: n\ntasks:\n  - id: each\n    type: io.kestra.plugin.core.flow.ForEach\n    values: [{written}]\n    tasks:\n      - \
            {{id: a, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}}\n"
        );
        let values = ["title", "sel", "expect", "load", "fold"].map(|name| (name, &*hostile));
        let drawn = draw(&Place::named(&text, 1, 2, values.into_iter()));
        if let Some(html) = &drawn.html {
            assert_is_figure(html);
        }
        // In a page the text has to stay within its block, whatever the words say.
        let page = format!("```yaml flow title={hostile}\n{text}```\n\nEnd\n");
        if let Ok(page) = with_figures(&page, "") {
            page.lines().filter(|line| line.starts_with("<div>")).for_each(assert_is_figure);
        }
    }
}

#[test]
fn a_page_with_too_many_lines_is_refused_before_it_is_read() {
    let flow = "```yaml flow\nid: a\n```\n";
    let page = |n_lines: usize| flow.to_owned() + &"\n".repeat(n_lines - 3);
    let most = 1_000_000;
    assert!([Format::Markdown, Format::Rst, Format::Html].iter().all(|format| too_many_lines(&page(most), *format).is_none()));
    assert_eq!(places(&page(most), Format::Markdown).len(), 1);
    let more = page(most + 1);
    let found = too_many_lines(&more, Format::Markdown).expect("it has a line too many");
    assert_eq!((found.code, found.span.start as usize), ("too-many-lines", more.len() - 1));
    assert_eq!(places(&more, Format::Markdown), []);
    let faults = with_figures(&more, "").expect_err("it is refused");
    assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [most + 1]);
    assert_eq!(too_many_lines(&more, Format::Yaml), None);
}
