//! The tools that scripts call, against what those of a machine print.

use proptest::prelude::*;

use super::tests::{check, prints, run_until};
use super::{Stopped, Stream};
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

/// What the tools of GNU print, with `|` between lines; `find` goes by name.
#[test]
fn tools_print_what_they_print_on_a_machine() {
    for (script, printed) in [
        (
            r#"printf 'a b\nc\n' | xargs; printf '1 2 3\n' | xargs -n2 echo x; printf 'a\nb c\n' | xargs -I{} echo '<{}>'; printf 'x\0y z\0' | xargs -0 -n1 echo"#,
            "a b c|x 1 2|x 3|<a>|<b c>|x|y z",
        ),
        (
            r#"printf '' | xargs echo none; printf '' | xargs -r echo never; echo "'a b' c\\ d" | xargs -n1; echo 1 2 | xargs -n1 sh -c 'exit 3'; echo $?"#,
            "none|a b|c d|123",
        ),
        (
            r#"mkdir -p d/e; touch d/a.txt d/e/c.txt; find d -name '*.txt'; find d -mindepth 1 -type d; find d -maxdepth 1 -type f; find d -type f -exec echo got {} +; find d -name c.txt -delete; find d ! -name '*.txt'"#,
            "d/a.txt|d/e/c.txt|d/e|d/a.txt|got d/a.txt d/e/c.txt|d|d/e",
        ),
        (
            r#"touch d; find d -name 'x' -o -name d -print; find nodir || echo $?; ls nothing || echo $?; mkdir e; touch e/z; ls d e"#,
            "d|1|2|d||e:|z",
        ),
        (
            r#"printf 'Ab\nab\ncab\n' > f; grep -in ab f; grep -vc ab f; grep -o b f; grep -w ab f; grep -x cab f; grep -m1 a f; grep -l a f; grep -q z f || echo $?; grep -F -e Ab -e c f; grep b f nofile; echo $?"#,
            "1:Ab|2:ab|3:cab|1|b|b|b|ab|cab|ab|f|1|Ab|cab|f:Ab|f:ab|f:cab|2",
        ),
        (
            r#"seq 7 > f; grep -n -A1 -B1 '[26]' f; seq 2 > g; grep -c . f g; mkdir d; cp g d/; grep -rh 2 d; grep -H 1 g"#,
            "1-1|2:2|3-3|--|5-5|6:6|7-7|f:7|g:2|2|g:1",
        ),
        (
            r#"printf '10\n9\n2\n10\n' | sort; printf '10\n9\n2\n10\n' | sort -nru; printf 'b,2\na,10\nc,1\n' | sort -t, -k2,2n -k1; printf '2M\n1K\n1G\n' | sort -h; printf 'v1.10\nv1.9\n' | sort -V; printf 'b\nB\na\n' | sort -f; printf '2\n1\n' | sort -c; echo $?"#,
            "10|10|2|9|10|9|2|c,1|b,2|a,10|1K|2M|1G|v1.9|v1.10|a|B|b|1",
        ),
        (
            r#"printf 'a\na\nb\nB\n' | uniq -c; printf 'a\na\nb\n' | uniq -d; printf 'a\na\nb\nB\n' | uniq -ui; printf '1 a\n2 a\n' | uniq -f1"#,
            "      2 a|      1 b|      1 B|a|1 a",
        ),
        (
            r#"echo a:b:c:d | cut -d: -f2-3; echo abcdef | cut -c-2,5; echo a:b:c | cut -d: --complement -f2 --output-delimiter=+; printf 'x\na:b\n' | cut -d: -sf2; cut -d: || echo $?"#,
            "b:c|abe|a+c|b|1",
        ),
        (
            r#"echo Hello | tr a-zA-Z A-Za-z; echo aabbc | tr -s a-b; echo a1b2 | tr -cd '[:digit:]\n'; echo abc | tr abc x-y; printf 'a\nb\n' | tr '\n' ','"#,
            "hELLO|abc|12|xyy|a,b,",
        ),
        (
            r#"seq 5 > f; head -n -3 f; tail -n +4 f; tail -2 f; wc f; wc -lc < f; paste -sd+ f; nl f | head -1; head -qn1 f f; cat -n f | tail -1"#,
            "1|2|4|5|4|5| 5  5 10 f| 5 10|1+2+3+4+5|     1\t1|1|1|     5\t5",
        ),
        (
            r#"mkdir -p a/b; cd a/b; echo x > ../f; cat ../f; cd ../..; cat a/f; echo a/*; ls a; cd none || echo $?; rm a || echo $?; rm -r a; ls; echo y > a/f || echo $?; [ -d . ] && [ ! -e a ] && echo gone"#,
            "x|x|a/b a/f|b|f|1|1|1|gone",
        ),
        (r#"printf '1\n2\n3\n' | while read l; do echo "[$l]"; cat; done; bash -c 'echo $0 $1' n x"#, "[1]|2|3|n x"),
    ] {
        let outcome = run_until(&format!("set +e; {script}"), SimTime(1));
        let lines = outcome.lines.iter().filter(|line| line.stream == Stream::Out).map(|line| line.text.as_str());
        assert_eq!(lines.collect::<Vec<_>>().join("|"), printed, "{script}");
    }
}

#[test]
fn xargs_runs_so_many_commands_at_a_time() {
    insta::assert_snapshot!(check("seq 3 | xargs -n1 -P2 sh -c 'sleep $0; echo $0'; find /var/log -name '*.gz' -delete; sort --random-sort f"), @r"
    1000 Out 1
    2000 Out 2
    4000 Out 3
    4000 Note `find /var/log -name *.gz -delete` is not simulated, it takes 0 s
    4000 Note `sort --random-sort f` is not simulated, it takes 0 s
    4000 exit 0
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
