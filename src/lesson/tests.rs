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
"), @"
    17: expected makespan 3 s, got 2 s
    19: the answer is wrong: expected t3 at 2 s, got 1 s
    23: the guess `at=t3:1s` is right
    23: the guess is wrong where it should be right: expected t3 at 1 s, got 0 s
    24: the guess is wrong where it should be right: expected t3 at 0 s, got 3 s
    25: `makespan=1s` is no answer to the question that `at=t3:2s` answers
    ");
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
"), @"
    17: there is no text for the language `de`
    18: the title has no language `fr`
    19: `makespan` is no claim: write name=value
    20: something to do has no `done`
    21: `answer` is one claim
    21: a question has wrong answers
    22: nothing shows where this guess would be right
    23: a step has no `whith`
    23: a link has no `cc`
    ");
}

#[test]
fn all_that_the_lessons_say_is_so() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("it is a folder").map(|entry| entry.expect("it is a file").path()).collect();
    files.sort();
    assert!(files.len() >= 12, "{files:?}");
    for file in files {
        let source = Source::new(file.to_string_lossy(), std::fs::read_to_string(&file).expect("it is a text"));
        let found = read(&source).map_or_else(|found| found, |lesson| prove(&lesson));
        assert!(found.is_empty(), "{}", found.iter().map(|found| crate::diag::render(found, &source)).collect::<String>());
    }
}

#[test]
fn the_list_that_the_build_makes_has_every_lesson() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("it is a folder").map(|entry| entry.expect("it is a file").path()).collect();
    files.sort();
    let name = |file: &std::path::PathBuf| file.file_name().expect("it has a name").to_string_lossy().into_owned();
    // As scripts/assets.sh does.
    let head = |file: &std::path::PathBuf| {
        let text = std::fs::read_to_string(file).expect("it is a text");
        let (head, _) = text.split_once("\nflow:").expect("its flow stands below what the list needs");
        format!("---\nfile: {}\n{head}\n", name(file))
    };
    let list = read_list(&Source::new("index.yaml", files.iter().map(head).collect::<String>()));
    assert_eq!(list.iter().map(|entry| entry.file.to_string()).collect::<Vec<_>>(), files.iter().map(name).collect::<Vec<_>>());
    for (entry, file) in list.iter().zip(&files) {
        let lesson = read(&Source::new("lesson", std::fs::read_to_string(file).expect("it is a text"))).expect("it is a lesson");
        assert_eq!((&entry.id, &entry.title, &entry.idea), (&lesson.id, &lesson.title, &lesson.idea));
        assert_eq!(entry.title.len(), 2);
    }
    assert_eq!(read_list(&Source::new("index.yaml", "--- {lesson: a}\n--- [}")), []);
}
