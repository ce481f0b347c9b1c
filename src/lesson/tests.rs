use super::*;
use crate::source::Source;

const FLOW: &str = "flow: |
  id: f
  namespace: n
  tasks:
    - id: parent
      type: io.kestra.plugin.core.flow.Parallel
      concurrent: 2
      tasks:
        - {id: t1, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
        - {id: t2, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
        - {id: t3, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
";

/// What is wrong with a lesson of these steps, a line each with the line of the file.
fn check(steps: &str) -> String {
    let text = format!("lesson: l\ntitle: {{en: T, de: T}}\nidea: {{en: I, de: I}}\n{FLOW}steps:\n{steps}");
    let source = Source::new("l.yaml", text);
    let found = read(&source).map_or_else(|found| found, |lesson| prove(&lesson));
    let line = |found: &crate::diag::Diagnostic| format!("{}: {}", source.position(found.span.start).line, found.message);
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_lesson_whose_every_word_is_so_is_proved() {
    let steps = "
  - say: {en: Two slots., de: Zwei.}
    holds: makespan=2s at=t3:1s
  - say: {en: Now., de: Jetzt.}
    do: {en: Take a slot away., de: Nimm einen Platz weg.}
    done: c=parent:1
    holds: makespan=4s
  - say: {en: Guess., de: Rate.}
    ask: {en: When does `t3` start?, de: Wann?}
    answer: at=t3:1s
    wrong:
      - {guess: at=t3:3s, why: {en: One after another., de: Nacheinander.}, with: c=parent:1}
      - {guess: at=t3:0s, why: {en: All at once., de: Zugleich.}, with: c=parent:3}
";
    assert_eq!(check(steps), "");
}

#[test]
fn what_is_not_so_is_reported_at_its_step() {
    insta::assert_snapshot!(check("
  - say: {en: a, de: b}
    holds: makespan=3s
  - say: {en: a, de: b}
    ask: {en: a, de: b}
    answer: at=t3:2s
    wrong:
      - {guess: at=t3:1s, why: {en: a, de: b}, with: c=parent:3}
      - {guess: at=t3:0s, why: {en: a, de: b}, with: c=parent:1}
      - {guess: makespan=1s, why: {en: a, de: b}, with: c=parent:1}
"), @"");
}

#[test]
fn what_can_not_be_read_is_reported_at_its_place() {
    insta::assert_snapshot!(check("
  - say: {en: a}
  - say: {en: a, de: b, fr: c}
  - {say: {en: a, de: b}, holds: makespan}
  - {say: {en: a, de: b}, do: {en: a, de: b}}
  - {say: {en: a, de: b}, ask: {en: a, de: b}, answer: at=t3:1s at=t2:0s, wrong: []}
  - {say: {en: a, de: b}, ask: {en: a, de: b}, answer: at=t3:1s, wrong: [{guess: at=t3:2s, why: {en: a, de: b}}]}
  - {say: {en: a, de: b}, with: cc=1, whith: c=parent:1}
"), @"");
}
