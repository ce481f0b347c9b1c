//! What the tool says in German, and how times are written.
#![cfg(feature = "cli")]

use std::fs;
use std::process::Command;

use parallelogram::diag::render;
use parallelogram::flow::read_text;
use parallelogram::language::{Catalog, speak};
use parallelogram::source::Source;
use parallelogram::time::{SimTime, human, iso_duration, seconds, spoken};

/// What the tool prints in German about an example.
fn printed(command: &str, example: &str, arguments: &[&str]) -> String {
    let file = format!("{}/examples/{example}.yaml", env!("CARGO_MANIFEST_DIR"));
    let mut tool = Command::new(env!("CARGO_BIN_EXE_parallelogram"));
    let output = tool.arg(command).arg(file).args(arguments).args(["--lang", "de"]).output().expect("the tool ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

#[test]
fn german_says_why_each_task_waited_and_what_would_help() {
    insta::assert_snapshot!(printed("explain", "parallel", &["--all"]), @"
    parent
      parent begann bei 0 s; nichts hielt sie auf.
      parent endete bei 2,0 s, als t4, t5 und t6 endeten.

    t1
      t1 begann bei 0 s, sobald `parent` begann; nichts hielt sie auf.

    t2
      t2 begann bei 0 s, sobald `parent` begann; nichts hielt sie auf.

    t3
      t3 begann bei 0 s, sobald `parent` begann; nichts hielt sie auf.

    t4
      t4 wartete 1,0 s, weil t1, t2 und t3 alle 3 Plätze von `parent` belegten. Sie begann, als diese bei 1,0 s endeten.
      Mit `concurrent: 4` würde sie bei 0 s beginnen, aber der Flow würde immer noch 2,0 s dauern.
      Wenn `t3` 0,5 s bräuchte, würde t4 bei 0,5 s beginnen, aber der Flow würde immer noch 2,0 s dauern.

    t5
      t5 wartete 1,0 s, weil t1, t2 und t3 alle 3 Plätze von `parent` belegten. Sie begann, als diese bei 1,0 s endeten.
      Mit `concurrent: 4` würde sie immer noch bei 1,0 s beginnen, und der Flow würde immer noch 2,0 s dauern.
      Mit `concurrent: 5` würde sie bei 0 s beginnen, aber der Flow würde immer noch 2,0 s dauern.

    t6
      t6 wartete 1,0 s, weil t1, t2 und t3 alle 3 Plätze von `parent` belegten. Sie begann, als diese bei 1,0 s endeten.
      Mit `concurrent: 4` würde sie immer noch bei 1,0 s beginnen, und der Flow würde immer noch 2,0 s dauern.
      Mit `concurrent: 6` würde sie bei 0 s beginnen, und der Flow würde 1,0 s statt 2,0 s dauern.

    last
      last wartete 2,0 s, weil parent vor ihr kommt. Sie begann, als parent bei 2,0 s endete.
      Mit `concurrent: 4` würde sie immer noch bei 2,0 s beginnen, und der Flow würde immer noch 2,0 s dauern.
      Mit `concurrent: 6` würde sie bei 1,0 s beginnen, und der Flow würde 1,0 s statt 2,0 s dauern.

    Flow
      Die Ausführung endete bei 2,0 s, als parent und last endeten.
      Der kritische Pfad ist t1, t4 und last, jede ab dem Ende der davor. Auch auf ebenso langen Pfaden: t2, t3, t5 und t6.
      Mit diesen Grenzen dauert kein Ablauf weniger als 2,0 s, denn 6,0 s Arbeit verteilen sich auf 3 Plätze.
      Mit beliebigen Grenzen dauert der Flow mindestens 1,0 s, denn so lang ist die längste Kette von Aufgaben, die nacheinander laufen.
      Mit `concurrent: 6` würde der Flow 1,0 s statt 2,0 s dauern.
    ");
    insta::assert_snapshot!(printed("explain", "retry-slot", &["--task", "c"]), @"
    c
      c wartete 4,0 s, weil shaky, a bis 2,0 s und b beide Plätze von `parent` belegten. Sie begann, als b bei 4,0 s endete.
      Mit `concurrent: 3` würde sie bei 2,0 s beginnen, aber der Flow würde immer noch 7,0 s dauern.
      Wenn `b` 1,0 s bräuchte, würde c bei 3,0 s beginnen, aber der Flow würde immer noch 7,0 s dauern.
      c könnte 1,0 s länger dauern, und nichts würde später enden. Das ist ihr Puffer.
    ");
}

#[test]
fn german_says_why_something_ended() {
    insta::assert_snapshot!(printed("explain", "error-branch", &["--all", "--format", "markdown"]), @"
    ## parent

    - parent begann bei 0 s; nichts hielt sie auf.
    - parent schlug bei 1,0 s fehl, weil breaks bei 1,0 s fehlschlug.

    ## long

    - long begann bei 0 s, sobald `parent` begann; nichts hielt sie auf.
    - long wurde bei 1,0 s gestoppt, weil breaks bei 1,0 s fehlschlug.

    ## breaks

    - breaks begann bei 0 s, sobald `parent` begann; nichts hielt sie auf.
    - breaks schlug bei 1,0 s fehl: Command failed with exit code 1.
    - Wenn `breaks` 0,5 s bräuchte, würde breaks immer noch bei 0 s beginnen, aber der Flow würde bei 1,5 s statt bei 2,0 s enden.

    ## alarm

    - alarm wartete 1,0 s, weil sie erst läuft, wenn eine Aufgabe fehlgeschlagen ist. parent schlug bei 1,0 s fehl.
    - Wenn `alarm` 0,5 s bräuchte, würde alarm immer noch bei 1,0 s beginnen, aber der Flow würde bei 1,5 s statt bei 2,0 s enden.

    ## Der Flow

    - Die Ausführung schlug bei 2,0 s fehl, weil parent bei 1,0 s fehlschlug.
    - `never` lief nicht, weil breaks bei 1,0 s fehlschlug.
    - Der kritische Pfad ist long und alarm, jede ab dem Ende der davor. Auch auf ebenso langen Pfaden: breaks.
    - Kein Ablauf dauert weniger als 2,0 s, denn so lang ist die längste Kette von Aufgaben, die nacheinander laufen.
    ");
    insta::assert_snapshot!(printed("explain", "pause", &["--task", "b2"]), @"
    b2
      b2 wartete 1,0 s, weil b1 in `b` vor ihr kommt. Sie war an der Reihe, als b1 bei 1,0 s endete.
      b2 wartete 2,5 s, weil hold die ganze Ausführung anhielt. Sie ging bei 3,5 s weiter.
      Mehr Plätze würden nicht helfen, denn mit `concurrent: 2` würde sie immer noch bei 3,5 s beginnen, und der Flow würde immer noch 4,5 s dauern.
      Wenn `b` ihre Aufgaben parallel laufen ließe, würde b2 bei 0 s beginnen, und der Flow würde 3,5 s statt 4,5 s dauern.
      Wenn `b1` 0,5 s bräuchte, würde b2 bei 0,5 s beginnen, und der Flow würde 3,5 s statt 4,5 s dauern.
      Wenn `b2` 0,5 s bräuchte, würde b2 immer noch bei 3,5 s beginnen, aber der Flow würde 4,0 s statt 4,5 s dauern.
    ");
}

#[test]
fn german_speaks_of_executions_workers_and_cores() {
    insta::assert_snapshot!(printed("explain", "flow-concurrency", &["--task", "x2.left", "--executions", "3"]), @"
    left in Ausführung 2
      left in Ausführung 2 begann bei 2,0 s, sobald `work` begann; nichts hielt sie auf.
      Wenn `left` 1,0 s bräuchte, würde left in Ausführung 2 bei 1,0 s beginnen, und alle 3 Ausführungen würden 3,0 s statt 6,0 s dauern.
    ");
    insta::assert_snapshot!(printed("explain", "graham", &["--task", "t8", "--workers", "2"]), @"
    t8
      t8 wartete 5,0 s, weil sie t4 voraussetzt. Sie war an der Reihe, als t4 bei 5,0 s endete.
      t8 wartete 8,0 s, weil t9, t5, t6 und 1 weitere alle 3 Plätze von `graph` belegten. Sie begann, als t9 und t6 bei 13,0 s endeten.
      Mehr Plätze würden nicht helfen, denn mit `concurrent: 9` würde sie immer noch bei 13,0 s beginnen, und der Flow würde immer noch 17,0 s dauern.
      Wenn `t8` nicht von `t4` abhinge, würde t8 bei 4,0 s beginnen, und der Flow würde 18,0 s statt 17,0 s dauern.
    ");
    insta::assert_snapshot!(printed("explain", "longest-first", &["--task", "short4", "--cores", "2"]), @"
    short4
      short4 wartete 1,5 s, weil short1, short2 und short3 alle 3 Plätze von `parent` belegten. Sie begann, als diese bei 1,5 s endeten.
      short4 lief 1,5 s und leistete, was auf einem eigenen Kern 1,0 s dauert, denn zeitweise liefen mehr Aufgaben, als der Server Kerne hat (2).
      Mit `concurrent: 4` würde sie bei 0 s beginnen, aber der Flow würde immer noch 5,0 s dauern.
      Mit den längsten Aufgaben von `parent` zuerst würde short4 immer noch bei 1,5 s beginnen, aber der Flow würde 4,0 s statt 5,0 s dauern.
      Wenn `short3` 0,5 s bräuchte, würde short4 bei 0,75 s beginnen, und der Flow würde 4,75 s statt 5,0 s dauern.
      Wenn `short4` 0,5 s bräuchte, würde short4 immer noch bei 1,5 s beginnen, aber der Flow würde 4,75 s statt 5,0 s dauern.
      Mit 3 Kernen würde short4 bei 1,0 s beginnen, und der Flow würde 4,0 s statt 5,0 s dauern.
      short4 könnte 2,0 s mehr Arbeit leisten, und nichts würde später enden. Doch ihre Länge zählt: Würde sie 1,0 s weniger Arbeit leisten, würde der Flow 4,5 s statt 5,0 s dauern.
    ");
}

#[test]
fn a_time_has_a_comma_where_people_read_it_and_a_point_in_files() {
    let catalog = fs::read_to_string("languages/de/timeline.po").expect("the catalog can be read");
    let mark = "msgctxt \"decimal mark\"\nmsgid \".\"\nmsgstr \",\"";
    let (short, long, day) = (SimTime(1500), SimTime(90_000), SimTime(86_400_000));
    speak(Some(Catalog::read(&[&catalog, mark].join("\n"))));
    let read = [human(short), human(long), spoken(short), spoken(SimTime(1000)), spoken(day)];
    let in_files = [seconds(short, 1), iso_duration(short)];
    speak(None);
    assert_eq!(read, ["1,5 s", "1 m 30 s", "1,5 Sekunden", "1 Sekunde", "1 Tag"]);
    assert_eq!(in_files, ["1.5", "PT1.5S"]);
}

#[test]
fn german_finds_the_best_next_change() {
    insta::assert_snapshot!(printed("optimize", "parallel", &[]), @"
    Der Flow dauert 2,0 s. Mit beliebigen Grenzen dauert er mindestens 1,0 s.
    Beste nächste Änderung: Mit `concurrent: 6` würde der Flow 1,0 s statt 2,0 s dauern.
    Die wenigsten Plätze für die beste Zeit: parent=6. Der Flow würde 1,0 s dauern, höchstens 1 % mehr als das.

    Gruppe                     jetzt  dann   unverändert
    parent                        3     6         2,0 s
    ");
}

#[test]
fn german_says_what_is_wrong_with_a_text() {
    let catalog = fs::read_to_string("languages/de/diagnostics.po").expect("the catalog can be read");
    speak(Some(Catalog::read(&catalog)));
    let text = "id: f\nnamespace: n\ntasks:\n  - id: p\n    type: io.kestra.plugin.core.flow.Parallel\n    concurent: 3\n    tasks: 5\n";
    let source = Source::new("flow.yaml", text);
    let (_, _, found) = read_text(&source);
    let tabs = Source::new("tabs.yaml", "id: f\n\t\tnamespace: n\n");
    let (_, _, of_tabs) = read_text(&tabs);
    let said = found.iter().map(|found| render(found, &source)).chain(of_tabs.iter().map(|found| render(found, &tabs)));
    let said = said.collect::<Vec<String>>().join("\n\n");
    speak(None);
    insta::assert_snapshot!(said, @r#"
    error[unknown-property]: `Parallel` hat keine Eigenschaft `concurent`
      --> flow.yaml:6:5
    6 |     concurent: 3
      |     ^^^^^^^^^ Unrecognized field "concurent" (class io.kestra.plugin.core.flow.Parallel), not marked as ignorable
      = Hilfe: ist `concurrent` gemeint?

    error[value]: für `tasks` erwartet: eine Liste von Aufgaben
      --> flow.yaml:7:12
    7 |     tasks: 5
      |            ^ das ist eine Zahl

    error[tabs]: Zeile 2 ist mit einem Tabulator eingerückt, YAML will Leerzeichen
      --> tabs.yaml:2:1
    2 |   namespace: n
      | ^^ 2 Tabulatoren
      = Hilfe: jeden Tabulator durch zwei Leerzeichen ersetzen
    "#);
}
