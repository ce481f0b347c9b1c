//! What bash itself does: the scripts were run by bash 5.2, with `set -e` before them and `|` between the lines.

use super::Stream;
use super::tests::run_until;
use crate::time::SimTime;

/// What a script prints to standard output, with `|` between the lines.
fn printed_by(script: &str) -> String {
    let lines = run_until(script, SimTime(60_000)).lines;
    lines.iter().filter(|line| line.stream == Stream::Out).map(|line| line.text.as_str()).collect::<Vec<_>>().join("|")
}

#[test]
fn bash_does_so() {
    for (script, printed) in [
        (
            r#"set +e; false; rc=$?; echo $rc; x=$(exit 4); echo $?; $(exit 3); echo $?; x=$(exit 3) y=1; echo $? $y; trap 'rc=$?; echo "ends with $rc"; exit 7' EXIT; exit 5"#,
            r#"1|4|3|3 1|ends with 5"#,
        ),
        (
            r#"trap 'echo "failed on line $LINENO with $?"' ERR
f() { false; echo inner; }
set +e
f
(exit 3)
false | true
if false; then :; fi; false || true
grep -q x /dev/null
set -E
f"#,
            r#"inner|failed on line 6 with 3|failed on line 9 with 1|failed on line 3 with 1|inner"#,
        ),
        (
            r#"declare -A m=([a]=1 ["b c"]=2); ((m[a]++)) || true; k="b c"; m[$k]=$((m[$k] + 5)); echo "${m[a]} ${m[b c]}"; [[ -v m[a] ]] && echo has; [[ -v m[z] ]] || echo not; a=(4 5); ((a[1] *= 2, a[2] = a[0] + 1)); i=0; echo "${a[@]}" $((a[i++] + i)) $((a[-1]))"#,
            r#"2 7|has|not|4 10 5 5 5"#,
        ),
        (
            r#"case abc in a*) echo one;;& *c) echo two;; *) echo three;; esac; case abc in a*) echo one;;& z) echo z;& y) echo y;; *) echo end;; esac"#,
            r#"one|two|one|end"#,
        ),
        (
            r#"x="it's"; y=hello; echo "${x@Q} ${y@U} ${y@u} ${y^^[eo]} ${y/#/pre-} ${y/%/-post} ${y//l/$'\t'}"; set -- a b c; echo "${!#}"; ab_1=1 ab_2=2; echo ${!ab_@}; v=y; w='l[1]'; l=(p q); echo ${!v} ${!w}"#,
            r#"'it'\''s' HELLO Hello hEllO pre-hello hello-post he		o|c|ab_1 ab_2|hello q"#,
        ),
        (
            r#"echo {a,b{1,2}} x{1..2}{,.bak} {"a b",c}d {$((1 + 1)),3}.txt {1..} {single} "{a,b}" {a,b}{c,d}"#,
            r#"a b1 b2 x1 x1.bak x2 x2.bak a bd cd 2.txt 3.txt {1..} {single} {a,b} ac ad bc bd"#,
        ),
        (
            r#"printf 'a b\\c\nlast' > f; while read -r l || [[ -n $l ]]; do echo "<$l>"; done < f; printf 'x\0y z\0' | while IFS= read -r -d '' n; do echo "[$n]"; done; read -n 3 t <<< abcdef; echo $t; IFS=, read -ra p <<< 'a,,b'; echo ${#p[@]}; mapfile -t -s 1 -n 2 q < <(seq 5); echo "${q[@]}"; read -r g < /dev/null || echo "end $?""#,
            r#"<a b\c>|<last>|[x]|[y z]|abc|3|2 3|end 1"#,
        ),
        (
            r#"exec 3> log; echo one >&3; exec 3>&-; exec 4< log; read -r l <&4; echo "read $l"; while read -r n <&5; do echo "n$n"; done 5< <(seq 2); { echo out; echo err >&2; } 3>&1 1>&2 2>&3 | sed 's/^/: /'; exec 6>&1 > file; echo hidden; exec 1>&6; cat file; exec > >(tee copy); echo both"#,
            r#"read one|n1|n2|: err|hidden|both"#,
        ),
        (
            r#"f() { local -n ref=$1; ref+=" more"; local -i n=2+3; declare inner=1; echo $n; }; v=some; f v; echo "$v ${inner:-none}"; declare -u up=abc; up+=d; declare -l low=ABC; declare -i n=5; n+=3; n=n*2; echo $up $low $n; declare -A k=([x]=1); k=([y]=2); echo "${!k[@]}"; export E=1; declare -r R=2; a=(1 2); declare -p E R n a k; g() { echo "${FUNCNAME[0]} from ${FUNCNAME[1]}"; }; h() { g; }; h"#,
            r#"5|some more none|ABCD abc 16|y|declare -x E="1"|declare -r R="2"|declare -i n="16"|declare -a a=([0]="1" [1]="2")|declare -A k=([y]="2" )|g from h"#,
        ),
        (
            r#"readonly X=1; (X=2) 2>/dev/null || echo "rc $?"; unset X 2>/dev/null || echo "kept $X"; set -a; EXPORTED=1; set +a; bash -c 'echo $EXPORTED'; SECONDS=10; echo $SECONDS $UID $LINENO ${BASH_VERSION%%.*}; (X=3; echo never) 2>/dev/null; echo never"#,
            r#"rc 1|kept 1|1|10 0 2 5"#,
        ),
    ] {
        assert_eq!(printed_by(script), printed, "{script}");
    }
}
