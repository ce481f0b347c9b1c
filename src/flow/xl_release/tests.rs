use super::*;
use crate::diag;
use crate::flow::read_text;

/// The tasks of each template, indented below their groups, and all diagnostics.
fn check(text: &str) -> String {
    let source = Source::new("release.yaml", text);
    let (_, flows, diagnostics) = read_text(&source);
    let mut lines: Vec<String> = diagnostics.iter().map(|found| diag::render(found, &source)).collect();
    for flow in &flows {
        lines.push(format!("{}.{}", flow.namespace, flow.id));
        lines.extend(flow.iter().map(|(idx, task)| {
            let plan = task.plan.as_ref().expect("every item of a template has a plan");
            let length = plan.length.map_or("-".to_owned(), |length| format!("{} s", length.0 / 1000));
            format!("{}{} `{}` {:?} {:?} {length}", "  ".repeat(flow.depth(idx) + 1), task.id, plan.title, task.kind, plan.doer)
        }));
    }
    lines.join("\n")
}

const HEAD: &str = "apiVersion: xl-release/v1\nkind: Templates\nspec:\n- template: T\n  phases:\n  - phase: P\n    tasks:\n";

/// The diagnostics for these links in a group of A, B, C and two tasks called D.
fn links(links: &str) -> String {
    let titles = ["A", "B", "C", "D", "D"];
    let tasks: String = titles.map(|title| format!("      - {{name: {title}, type: xlrelease.Task}}\n")).concat();
    let group = format!("    - name: G\n      type: xlrelease.ParallelGroup\n      tasks:\n{tasks}      links:\n{links}");
    let text = format!("{HEAD}{group}    - {{name: Other, type: xlrelease.Task}}\n");
    check(&text).split("\nrelease.t").next().unwrap_or_default().to_owned()
}

#[test]
fn both_spellings_and_folders_say_the_same() {
    let short = check(
        "apiVersion: xl-release/v1
kind: Templates
metadata: {home: Shop}
spec:
- directory: Web shop
  children:
  - template: T
    phases:
    - phase: P
      tasks:
      - {name: A, type: xlrelease.Task, plannedDuration: 60}
",
    );
    let long = check(
        "apiVersion: xl-release/v1
kind: Templates
metadata: {home: Shop}
spec:
- name: Web shop
  type: xlrelease.Folder
  children:
  - name: T
    type: xlrelease.Release
    phases:
    - name: P
      type: xlrelease.Phase
      tasks:
      - {title: A, type: xlrelease.Task, plannedDuration: 60}
",
    );
    assert_eq!(short, long);
    insta::assert_snapshot!(short, @"
    shop.web-shop.t
      p `P` Sequential Children -
        a `A` Planned Person 60 s
    ");
}

#[test]
fn unknown_types_tags_and_documents_are_taken_as_they_come() {
    insta::assert_snapshot!(check(
        "---
apiVersion: xl-deploy/v1
kind: Applications
spec: []
---
apiVersion: xl-release/v1
kind: Permissions
spec: []
---
apiVersion: xl-release/v1
kind: Templates
spec:
- name: Settings
  type: xlrelease.DashboardTemplate
- template: Deploy ${what} to ${where}
  variables:
  - {type: xlrelease.StringVariable, key: what, value: shop}
  - {type: xlrelease.StringVariable, key: where, value: !value server}
  phases:
  - phase: !format '%s-phase'
    tasks:
    - {name: Deploy, type: acme.Deploy, password: !secret key, server: !value server, made: {up: [1, 2]}}
    - {name: Deploy, type: xlrelease.CustomScriptTask, pythonScript: {type: jenkins.Build}}
    - {name: Größe, type: xlrelease.UserInputTask, plannedDuration: !value length}
    - {name: Gate, type: xlrelease.GateTask, dependencies: [{targetId: Release1}], scheduledStartDate: soon}
    - {name: Nothing said}
    -
    - name: Empty
      type: xlrelease.SequentialGroup
"
    ), @"
    note[not-a-template]: `Applications` is not a release template
      --> release.yaml:3:7
    3 | kind: Applications
      |       ^^^^^^^^^^^^ ignored
    note[not-a-template]: `Permissions` is not a release template
      --> release.yaml:7:7
    7 | kind: Permissions
      |       ^^^^^^^^^^^ ignored
    note[not-a-template]: `xlrelease.DashboardTemplate` is not a release template
       --> release.yaml:14:9
    14 |   type: xlrelease.DashboardTemplate
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^ ignored
    warning[planned-duration]: `plannedDuration` is not a whole number of seconds
       --> release.yaml:24:76
    24 |     - {name: Größe, type: xlrelease.UserInputTask, plannedDuration: !value length}
       |                                                                            ^^^^^^ ignored
       = help: write seconds, such as `plannedDuration: 3600` for an hour
    note[not-simulated]: a dependency of this gate is on a release that is not in this text
       --> release.yaml:25:46
    25 |     - {name: Gate, type: xlrelease.GateTask, dependencies: [{targetId: Release1}], scheduledStartDate: soon}
       |                                              ^^^^^^^^^^^^ it takes its planned time instead
    warning[date]: `scheduledStartDate` can't be read as a date
       --> release.yaml:25:104
    25 |     - {name: Gate, type: xlrelease.GateTask, dependencies: [{targetId: Release1}], scheduledStartDate: soon}
       |                                                                                                        ^^^^ ignored
       = help: write a date such as `2026-01-12T08:00:00Z`
    warning[no-type]: this task has no `type`
       --> release.yaml:26:7
    26 |     - {name: Nothing said}
       |       ^^^^^^^^^^^^^^^^^^^^ treated as a task that a person does
       = help: add `type: xlrelease.Task`
    warning[not-an-item]: this is nothing, not a task
       --> release.yaml:26:27
    26 |     - {name: Nothing said}
       |                           ^ ignored
    release.deploy-shop-to-where
      s-phase `%s-phase` Sequential Children -
        deploy `Deploy` Planned Machine -
        deploy-2 `Deploy` Planned Machine -
        grose `Größe` Planned Person -
        gate `Gate` Planned Gate -
        nothing-said `Nothing said` Planned Person -
        empty `Empty` Sequential Children -
    ");
}

#[test]
fn links_in_all_their_forms() {
    insta::assert_snapshot!(check(&format!(
        "{HEAD}    - name: G
      type: xlrelease.ParallelGroup
      tasks:
      - {{name: A, type: xlrelease.Task}}
      - {{name: B, type: xlrelease.Task, id: Applications/Release1/Phase2/Task3}}
      - {{name: C, type: xlrelease.Task}}
      - {{name: D, type: xlrelease.Task}}
      links:
      - {{source: A, target: B}}
      - {{name: L, type: xlrelease.Link, sourceId: Applications/Release1/Phase2/Task3, targetId: P/G/C}}
      - {{source: Task3, target: D}}
      - {{source: A, target: B}}
"
    )), @"
    note[repeated-link]: `A` is linked to `B` already
       --> release.yaml:19:9
    19 |       - {source: A, target: B}
       |         ^^^^^^^^^^^^^^^^^^^^^^ changes nothing
    release.t
      p `P` Sequential Children -
        g `G` Dag { concurrent: 0, on_child_failure: None, depends_on: [[], [0], [1], [1]] } Children -
          a `A` Planned Person -
          b `B` Planned Person -
          c `C` Planned Person -
          d `D` Planned Person -
    ");
}

#[test]
fn every_fault_of_a_link_is_reported() {
    insta::assert_snapshot!(links("      - {source: A, target: Bee}\n"), @"
    error[unknown-task]: there is no task `Bee` in this group
       --> release.yaml:17:29
    17 |       - {source: A, target: Bee}
       |                             ^^^ no task of this group has this name
    ");
    insta::assert_snapshot!(links("      - {source: A, target: D}\n"), @"
    error[ambiguous-link]: several tasks of this group are called `D`
       --> release.yaml:17:29
    17 |       - {source: A, target: D}
       |                             ^ which of them?
       = help: give each task of the group a name of its own
    ");
    insta::assert_snapshot!(links("      - {source: A, target: A}\n"), @"
    error[self-link]: `A` is linked to itself
       --> release.yaml:17:9
    17 |       - {source: A, target: A}
       |         ^^^^^^^^^^^^^^^^^^^^^^ it would never start
       = help: take this link out
    ");
    insta::assert_snapshot!(links("      - {source: A, target: P}\n"), @"
    error[outside-link]: `P` is not a task of this group
       --> release.yaml:17:29
    17 |       - {source: A, target: P}
       |                             ^ it is elsewhere in the template
       = help: links join the tasks of one group; link the groups that hold them instead
    ");
    insta::assert_snapshot!(links("      - {source: A}\n"), @"
    error[link-end]: this link has no `target`
       --> release.yaml:17:9
    17 |       - {source: A}
       |         ^^^^^^^^^^^
       = help: a link is `{source: TASK, target: TASK}`
    ");
    insta::assert_snapshot!(links("      - {source: A, target: B}\n      - {source: A, target: B}\n"), @"
    note[repeated-link]: `A` is linked to `B` already
       --> release.yaml:18:9
    18 |       - {source: A, target: B}
       |         ^^^^^^^^^^^^^^^^^^^^^^ changes nothing
    ");
    insta::assert_snapshot!(
        links("      - {source: A, target: B}\n      - {source: B, target: C}\n      - {source: C, target: A}\n"),
        @"
    error[cycle]: these links form a cycle: `A` → `B` → `C` → `A`
       --> release.yaml:16:7
    16 |       links:
       |       ^^^^^ none of them would ever start
       = help: take one of these links out
    "
    );
    let elsewhere = format!("{HEAD}    - {{name: A, type: xlrelease.SequentialGroup, tasks: [], links: [{{source: A, target: B}}]}}\n");
    insta::assert_snapshot!(check(&elsewhere), @"
    error[links-here]: only a parallel group has links
      --> release.yaml:8:61
    8 |     - {name: A, type: xlrelease.SequentialGroup, tasks: [], links: [{source: A, target: B}]}
      |                                                             ^^^^^
      = help: write them beside the `tasks` of an `xlrelease.ParallelGroup`
    ");
}

#[test]
fn a_date_before_the_end_of_a_source_is_a_warning() {
    let text = format!(
        "{HEAD}    - name: G
      type: xlrelease.ParallelGroup
      tasks:
      - {{name: A, type: xlrelease.Task, plannedDuration: 7200, scheduledStartDate: 2026-01-12T08:00:00+0200}}
      - {{name: B, type: xlrelease.Task, scheduledStartDate: 2026-01-12T07:00:00}}
      links: [{{source: A, target: B}}]
"
    );
    insta::assert_snapshot!(check(&text), @"
    warning[date-before-link]: `B` is planned to start before `A` ends, which it is linked to
       --> release.yaml:13:15
    13 |       links: [{source: A, target: B}]
       |               ^^^^^^^^^^^^^^^^^^^^^^ the link wins
       = help: move its `scheduledStartDate`, or take the link out
    release.t
      p `P` Sequential Children -
        g `G` Dag { concurrent: 0, on_child_failure: None, depends_on: [[], [0]] } Children -
          a `A` Planned Person 7200 s
          b `B` Planned Person -
    ");
}

#[test]
fn what_is_not_a_template_is_reported() {
    insta::assert_snapshot!(check("apiVersion: xl-release/v1\nkind: Release\nspec: {}\n"), @"
    error[no-template]: there is not a release template in this text
      --> release.yaml:1:1
    1 | apiVersion: xl-release/v1
      | ^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: write `- template: NAME` with `phases:` below `spec:`
    note[not-a-template]: `Release` is not a release template
      --> release.yaml:2:7
    2 | kind: Release
      |       ^^^^^^^ ignored
    ");
    insta::assert_snapshot!(check(&format!("{HEAD}    - {{name: A, type: xlrelease.Task, plannedDuration: 1h}}\n")), @"
    warning[planned-duration]: `plannedDuration` is not a whole number of seconds
      --> release.yaml:8:56
    8 |     - {name: A, type: xlrelease.Task, plannedDuration: 1h}
      |                                                        ^^ ignored
      = help: write seconds, such as `plannedDuration: 3600` for an hour
    release.t
      p `P` Sequential Children -
        a `A` Planned Person -
    ");
    insta::assert_snapshot!(check(&format!("{HEAD}    - {{name: A, type: xlrelease.Task}} # sim: 5x\n")), @"
    warning[sim-note]: this note on the simulation can't be read
      --> release.yaml:8:39
    8 |     - {name: A, type: xlrelease.Task} # sim: 5x
      |                                       ^^^^^^^^^
      = help: write `# sim: 3s`, `# sim: 2s..5s`, `# sim: 2s..3s..9s`, `# sim: 3s fail=20%` or `# sim: fail`
    release.t
      p `P` Sequential Children -
        a `A` Planned Person -
    ");
}

#[test]
fn ids_are_unique_and_made_of_titles() {
    let mut names = Names::default();
    let ids = ["a", "a", "a-2", "a", "b"].map(|id| names.unique(id).to_string());
    assert_eq!(ids, ["a", "a-2", "a-2-2", "a-3", "b"]);
    let titles = [" Déploy: code!", "??", "نشر الشيفرة", "Развёртывание кода", "פריסת קוד", "Ανάπτυξη κώδικα", "検証 100%", "検証"];
    insta::assert_snapshot!(titles.map(|title| slug(title, "task")).join("\n"), @"
    deploy-code
    task
    nshr-alshifra
    razvertyvanie-koda
    prist-kvd
    anaptuxi-kodika
    100
    task
    ");
}

#[test]
fn many_links_take_no_time() {
    let n = 3000;
    let tasks: String = (0..n).map(|k| format!("      - {{name: T{k}, type: xlrelease.Task}}\n")).collect();
    let chain: String = (1..n).map(|k| format!("      - {{source: T{}, target: T{k}}}\n", k - 1)).collect();
    let text = format!("{HEAD}    - name: G\n      type: xlrelease.ParallelGroup\n      tasks:\n{tasks}      links:\n{chain}");
    let back = format!("{text}      - {{source: T{}, target: T0}}\n", n - 1);
    assert!(check(&text).contains("T2999"));
    assert!(check(&back).contains("form a cycle"));
}

#[test]
fn variables_are_put_in_one_after_the_other_and_not_without_end() {
    let text = |n: usize| {
        let variables: String = (0..n).map(|nth| format!("  - {{key: v{nth}, value: '${{v{}}}${{v{}}}'}}\n", nth + 1, nth + 1)).collect();
        format!(
            "apiVersion: xl-release/v1\nkind: Templates\nspec:\n- template: T\n  variables:\n{variables}  - {{key: v{n}, value: x}}\n  \
             phases:\n  - phase: P\n    tasks:\n    - {{name: 'a ${{v0}} ${{none}}', type: xlrelease.Task}}\n"
        )
    };
    assert!(check(&text(2)).contains("`a xxxx ${none}`"), "{}", check(&text(2)));
    assert!(check(&text(60)).contains("error[variables]: the values of these variables make longer texts than are read"));
}
