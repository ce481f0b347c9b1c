//! The tools that scripts call, against what those of a machine print.

use proptest::prelude::*;

use super::Stopped;
use super::tests::{check, prints, run_until};
use crate::time::SimTime;

#[test]
fn awk_runs_programs() {
    let of = |arguments: &str| prints(&format!("printf 'ann,3,x\\nbob,10,y\\ncy,7,x\\n' > f; awk {arguments} f")).replace('\n', "|");
    for (arguments, printed) in [
        ("-F, '{ s += $2 } END { print s, s / NR, NF }'", "20 6.66667 3"),
        ("-F, 'NR == 1, /bob/ { print NR \": \" $1 }'", "1: ann|2: bob"),
        ("-F, -v least=5 -v OFS=- '$2 > least { $3 = \"\"; print; next } { print \"few\" }'", "few|bob-10-|cy-7-"),
        ("-F, '{ n[$3]++ } END { for (k in n) print k, n[k]; print length(n), (\"z\" in n) }'", "x 2|y 1|2 0"),
        ("-F'[,x]+' '{ printf \"%-4s|%03d\\n\", toupper(substr($1, 1, 2)), $2; exit }'", "AN  |003"),
        ("'{ gsub(/,/, \"<&>\"); sub(\"x$\", \"\\\\&\"); print } /y/ { exit } END { print NR }'", "ann<,>3<,>&|bob<,>10<,>y|2"),
        ("'BEGIN { while (i++ < 5) { if (i == 2) continue; if (i == 4) break; print i } do print \"d\"; while (0) }'", "1|3|d"),
        ("'function f(n,  m) { m = n < 2 ? 1 : n * f(n - 1); return m } BEGIN { print f(10), m \"\" }'", "3628800 "),
        (
            "'BEGIN { n = split(\"a:b:c\", p, \":\"); print n p[3], index(\"abc\", \"c\"), match(\"xooy\", /o+/), RSTART, RLENGTH }'",
            "3c 3 2 2 2",
        ),
        (
            "'BEGIN { print 2 ^ 3 ^ 2, -2 ^ 2, 7 % 4, 1e3, 0.1 + 0.2, \"10\" < \"9\", 10 < 9, 1 == 1.0, \"3x\" + 1 }'",
            "512 -4 3 1000 0.3 1 0 1 4",
        ),
        ("-F, '{ print $2, $1 | \"sort -n | tail -1\" } END { \"echo in\" | getline x; print x }'", "in|10 bob"),
        ("-F, '{ print > $3 \".txt\" } END { close(\"x.txt\"); while ((getline l < \"x.txt\") > 0) print \"-\" l }'", "-ann,3,x|-cy,7,x"),
        ("'BEGIN { RS = \"\"; FS = \"\\n\" } { print NF, $2 }'", "3 bob,10,y"),
        ("-F, 'NR == FNR { seen[$1]; next } $1 in seen { n++ } END { print n, NR, FNR }' f", "3 6 3"),
    ] {
        assert_eq!(of(arguments), printed, "{arguments}");
    }
    insta::assert_snapshot!(check("awk 'BEGIN { system(\"sleep 2; echo slept\"); exit 1 }' || awk '{ print' || awk 1 gone || awk 'BEGIN { print 1 / 0 }' || echo $?"), @r"
    2000 Out slept
    2000 Err awk: syntax error
    2000 Err awk: cannot open gone (No such file or directory)
    2000 Err awk: division by zero
    2000 Out 2
    2000 exit 0
    ");
    insta::assert_snapshot!(check("kubectl get pods | awk '/Running/ { print $1 }'; n=$(awk -v a={{ n }} 'BEGIN { print a }'); echo $n; awk 'BEGIN { print exp(1) }'"), @r"
    0 Note `kubectl get pods` is not simulated, it takes 0 s
    0 Out ⟨awk⟩
    0 Out ⟨awk⟩
    0 Note `awk BEGIN { print exp(1) }` is not simulated, it takes 0 s
    0 exit 0
    ");
}

#[test]
fn awk_is_stopped_when_it_does_too_much() {
    for program in [
        "BEGIN { while (1) x++ }",
        "BEGIN { x = \"aaaaaaaa\"; while (1) x = x x }",
        "function f() { return f() } BEGIN { f() }",
        "BEGIN { while (1) a[n++] = n }",
        "BEGIN { while (1) print \"yes\" }",
        "BEGIN { while (1) gsub(/x*/, \"&&&&\") ; }",
        "BEGIN { $0 = \"x\"; while (1) gsub(/x/, \"&&&&\") ; }",
    ] {
        assert_eq!(run_until(&format!("awk '{program}'"), SimTime(1)).stopped, Some(Stopped::Steps), "{program}");
    }
    for program in
        [format!("BEGIN {{ x = {}1 }}", "1 + ".repeat(100_000)), format!("BEGIN {{ x = {}1 }}", "(".repeat(100_000)), "-".repeat(100_000)]
    {
        assert_ne!(run_until(&format!("awk '{program}'; exit 1"), SimTime(1)).exit_code, 0, "{}", &program[..20]);
    }
}

proptest! {
    #[test]
    fn no_program_of_awk_makes_it_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "(", ")", "[", "]", "$", "1", "x", "é", "\"é\"", "/é/", "/[/", "+", "++", "-", "^", "!", "~", "<", ">", "|", "=", "==", ",", ";", "\n", " in ", " ", "?", ":", "BEGIN", "END",
        "print ", "printf ", "\"%*.3d%c\"", "getline ", "for", "while", "do ", "if", "else ", "function f(a)", "f(", "NF", "FS", "RS", "$0", "substr(", "split(", "gsub(", "sub(", "match(", "-1", "9999999999", "0.5",
        "length ", "delete ", "next", "exit ", "return ", "sprintf(", "\\", "#",
    ]), 0..24)) {
        let outcome = run_until(&format!("printf 'a é\\nb c\\n' | awk '{}'", parts.concat()), SimTime(10_000));
        prop_assert!(outcome.ends <= SimTime(10_000));
    }
}
