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

#[test]
fn jobs_and_programs_do_so() {
    for (script, printed) in [
        (
            r#"sleep 5 & pid=$!; kill $pid; wait $pid || echo "killed $?"; kill -0 $pid 2>/dev/null || echo gone; (sleep 0.3; exit 1) & (sleep 0.1; exit 0) & wait -n; echo "first $?"; wait -n || echo "second $?"; wait -n || echo "none $?"; timeout --signal=KILL 0.2 sleep 1 || echo $?"#,
            r#"killed 143|gone|first 0|second 1|none 127|137"#,
        ),
        (
            r#"{ for i in 1 2 3; do echo "tick $i"; sleep 0.2; done; } & sleep 0.3; kill %1; wait; echo over; jobs -p; kill -TERM $$; echo never"#,
            r#"tick 1|tick 2|over"#,
        ),
        (
            r#"[[ 08 -eq 8 ]] 2>/dev/null || echo octal; x=5; [[ x+1 -eq 6 ]] && echo sum; [[ foo.txt == *.@(txt|md) ]] && echo text; [[ ab12 == +([a-z])+([0-9]) && abc != !(a*) ]] && echo groups
shopt -s extglob nullglob nocasematch dotglob
x=000123; echo "${x##+(0)}"; touch a.txt b.log .c; echo !(*.txt) none*; case YES in y?(es)) echo yes;; esac; [[ FOO == foo ]] && echo same"#,
            r#"octal|sum|text|groups|123|.c b.log|yes|same"#,
        ),
        (
            r#"select o in red green; do echo "$REPLY is ${o:-nothing}"; [ -z "$o" ] && break; done <<< $'2\n7' 2>/dev/null; bash -e -c 'false; echo no' || echo "e $?"; bash -s x <<< 'echo "s $1"'; bash -euo pipefail -c 'false | true; echo no' || echo "p $?""#,
            r#"2 is green|7 is nothing|e 1|s x|p 1"#,
        ),
        (
            r#"export A=1 B=2; printenv A; printenv NOPE || echo $?; env -i C=3 env; env X=y bash -c 'echo $X$A'; export -n A; env | grep -c '^A=' || true; command -v cat cd; type -t if cd cat; f() { :; }; type -t f; type cd; which ls"#,
            r#"1|1|C=3|y1|0|/usr/bin/cat|cd|keyword|builtin|file|function|cd is a shell builtin|/usr/bin/ls"#,
        ),
    ] {
        assert_eq!(printed_by(script), printed, "{script}");
    }
}

#[test]
fn processes_meet_what_others_do_when_they_do_it() {
    for (script, printed) in [
        (
            r#"(sleep 0.5; echo 42 > result) & n=0; while [ ! -s result ]; do n=$((n+1)); sleep 0.2; done; echo $n; cat result; touch a.lock; (sleep 0.3; rm a.lock) & while [ -e a.lock ]; do echo locked; sleep 0.2; done; echo free"#,
            r#"3|42|locked|locked|free"#,
        ),
        (
            r#"(for i in 1 2 3; do echo "line $i" >> log; sleep 0.2; done) & sleep 0.3; cat log; wait; wc -l < log; for i in 3 1 2; do (sleep 0.$i; echo "$i" >> order) & done; wait; cat order; (echo a > f; sleep 0.3; echo b >> f) & sleep 0.1; echo c >> f; wait; cat f"#,
            r#"line 1|line 2|3|1|2|3|a|c|b"#,
        ),
        (
            r#"(until [ -f go ]; do sleep 0.1; done; echo went; mv go gone) & sleep 0.35; touch go; wait; ls; (while true; do echo tick >> ticks; sleep 0.1; done) & p=$!; sleep 0.35; kill $p; wait $p 2>/dev/null || echo "rc $?"; sleep 1; wc -l < ticks"#,
            r#"went|gone|rc 143|4"#,
        ),
        (
            r#"player() { while [ $(wc -l < ball) -lt 5 ]; do if [ "$(tail -1 ball)" = "$1" ]; then sleep 0.1; echo "$2" >> ball; else sleep 0.03; fi; done; }; echo ping > ball; player ping pong & player pong ping & wait; cat ball"#,
            r#"ping|pong|ping|pong|ping"#,
        ),
        (
            r#"lock() { while ! mkdir held 2>/dev/null; do sleep 0.05; done; }; w() { sleep 0.0$1; lock; echo "$1 in"; sleep 0.2; echo "$1 out"; rmdir held; }; w 1 & w 3 & wait; ls"#,
            r#"1 in|1 out|3 in|3 out"#,
        ),
        (
            r#"((sleep 0.3; touch late) & sleep 0.1; [ -e late ] && echo early || echo later; wait; ls) & wait; a() { until [ -f a.go ]; do sleep 0.1; done; touch b.go; }; b() { until [ -f b.go ]; do sleep 0.1; done; touch c.go; }; a & b & sleep 0.25; touch a.go; until [ -f c.go ]; do sleep 0.1; done; wait; echo all"#,
            r#"later|late|all"#,
        ),
        (
            r#"limited() { "$@" & local p=$!; (sleep 0.3; kill $p 2>/dev/null) & local w=$!; if wait $p 2>/dev/null; then echo in time; else echo "over $?"; fi; kill $w 2>/dev/null || true; }; limited sleep 0.1; limited sleep 3"#,
            r#"in time|over 143"#,
        ),
        (
            r#"count=0; trap 'count=$((count+1))' USR1; (for i in 1 2 3; do sleep 0.1; kill -USR1 $$; done) & while [ $count -lt 3 ]; do sleep 0.05; done; echo $count; trap 'echo got it' USR2; (sleep 0.2; kill -USR2 $$) & sleep 3 & wait || echo "rc $?"; bash -c 'kill $$; echo never' || echo "rc $?""#,
            r#"3|got it|rc 140|rc 143"#,
        ),
        (
            r#"trap 'echo bye' EXIT; (trap 'echo child; exit 0' TERM; while :; do sleep 0.1; done) & p=$!; sleep 0.25; kill $p; wait $p && echo clean; (trap '' TERM; sleep 0.4; echo survived) & p=$!; sleep 0.1; kill $p; wait $p; trap 'echo err' ERR; (false; echo no) & wait; (sleep 0.2; kill $$) & wait; echo never"#,
            r#"child|clean|survived|bye"#,
        ),
        (
            r#"(echo a; sleep 0.3; echo b) | while read -r l; do echo "$l"; echo "$l" >> log; done & sleep 0.1; cat log; wait; (echo 1; sleep 0.3; echo 2) | tee copy | cat > other & sleep 0.1; cat copy other; wait; cat copy"#,
            r#"a|a|b|1|1|1|2"#,
        ),
    ] {
        assert_eq!(printed_by(script), printed, "{script}");
    }
}

#[test]
fn commands_read_what_another_one_writes() {
    for (script, printed) in [
        (
            r#"printf 'b\na\n' | tee >(wc -l > n) >(sort > sorted) > /dev/null; sleep 0.2; cat n sorted; { echo d; echo c; } > >(sort) 2>&1; sleep 0.2; seq 10 > >(tail -n 1); sleep 0.2"#,
            r#"2|a|b|c|d|10"#,
        ),
        (
            r#"f() { echo out; echo err >&2; return 3; }; f > >(sed 's/^/O: /') 2> >(sleep 0.1; sed 's/^/E: /') || true; sleep 0.3; (echo a; sleep 0.3; echo b) > >(while read l; do echo "got $l"; done); sleep 0.2; echo x > y; cp y >(cat -n | tr '\t ' '.-'); sleep 0.2"#,
            r#"O: out|O: E: err|got a|got b|-----1.x"#,
        ),
        (
            r#"x=1; echo hi > >(read y; echo "$y $x"; x=2); sleep 0.2; echo $x; v=$(echo a | tee >(tr a b >&2)); sleep 0.2; echo "v=$v"; (echo q; echo p) > >(sort) & wait; sleep 0.2; set -e; echo a > >(false); sleep 0.1; echo b"#,
            r#"hi 1|1|v=a|p|q|b"#,
        ),
        (
            r#"f() { echo a | tee "$1" | cat; }; f >(tr a b); sleep 0.2; x=$(for f in >(cat); do echo in; done); echo "x=$x $(echo ok)"; for f in >(tr a c); do echo a > $f; done; sleep 0.2; f() { v=$(echo q | tee "$1"); echo "v=$v"; }; f >(tr q Q); sleep 0.2"#,
            r#"a|b|x=in ok|c|v=q|Q"#,
        ),
    ] {
        assert_eq!(printed_by(script), printed, "{script}");
    }
}

#[test]
fn what_very_many_jobs_write_is_all_there() {
    let script = "for i in $(seq 1200); do (sleep 0.$((i % 7)); echo $i >> f; touch g$i) & done; wait; wc -l < f; ls | wc -l";
    assert_eq!(printed_by(script), "1200|1201");
}

#[test]
fn tools_of_a_machine_do_so() {
    for (script, printed) in [
        (
            r#"printf 'a\nb\nc\n' > x; printf 'a\nd\nc\ne\n' > y; diff x y || echo $?; diff -q x y || true; cmp x y || true; diff x x && echo same; comm x <(sort y); comm -12 x <(sort y); comm -3 x <(printf 'b\nz\n')"#,
            r#"2c2|< b|---|> d|3a4|> e|1|Files x and y differ|x y differ: byte 3, line 2|same|		a|b|		c|	d|	e|a|c|a|c|	z"#,
        ),
        (
            r#"printf '1 a\n2 b\n3 c\n' > l; printf '1 x\n3 z\n4 w\n' > r; join l r; join -a1 -a2 l r; join -v1 l r; join -o 1.2,2.2 l r; join -t, -1 2 <(echo q,k) <(echo k,v)"#,
            r#"1 a x|3 c z|1 a x|2 b|3 c z|4 w|2 b|a x|c z|k,q,v"#,
        ),
        (
            r#"echo 'the quick brown fox' | fold -w 8; echo 'the quick brown fox' | fold -sw 8; printf 'name age\nbobby 5\n' | column -t; printf 'a,bb\nccc,d\n' | column -t -s, -o '|'; printf 'a\n\nb\n' | nl -nrz -w3 -i5 -v10; basename -s .txt -a x/a.txt b.txt; dirname a/b/c /x y; seq -f 'f%02g' 2; printf 'Mar\nJan\n' | sort -M; printf '10\n1e3\n' | sort -g; printf 'b\0a\0' | sort -z | tr '\0' '\n'"#,
            r#"the quic|k brown |fox|the |quick |brown |fox|name   age|bobby  5|a  |bb|ccc|d|010	a|    |015	b|a|b|a/b|/|.|f01|f02|Jan|Mar|10|1e3|a|b"#,
        ),
        (
            r#"echo -n 'user:pass' | base64; echo dXNlcjpwYXNz | base64 -d; echo; echo hello | md5sum; echo -n hello | sha256sum | cut -c1-16; echo hi > f; sha1sum f > s; sha1sum -c s; echo no > f; sha1sum -c s 2>/dev/null || echo $?"#,
            r#"dXNlcjpwYXNz|user:pass|b1946ac92492d2347c6235b4d2611184  -|2cf24dba5fb0a30e|f: OK|f: FAILED|1"#,
        ),
        (
            r#"expr 3 + 4 \* 2; expr length hello; expr substr hello 2 3; expr abc123 : '[a-z]*\([0-9]*\)'; expr a \< b; expr 1 - 1 || echo $?; expr \( 1 + 2 \) \* 3; expr '' \| other; expr x + 1 2>/dev/null || echo $?; echo 'scale=2; 10/3; 2^10; 5 > 3; -1/3; 1.5*2; x=7; x%4; (1+2)*3' | bc; echo '22/7' | bc -l"#,
            r#"11|5|ell|123|1|0|1|9|other|2|3.33|1024|1|-.33|3.0|0|9|3.14285714285714285714"#,
        ),
        (
            r#"jq -r '.items[] | "\(.id):\(.name)"' <<< '{"items":[{"id":1,"name":"a"},{"id":2,"name":"b"}]}'; echo '{"a":{"b":[1,null,"x"]}}' | jq .; echo '{"a":1}{"a":2}' | jq -s -c 'map(.a)'; jq -n --arg n bob --argjson k 5 -c '{name: $n, k: $k}'; echo '{"a":null}' | jq -e .a || echo $?; echo '[1]' | jq .a 2>/dev/null || echo $?; echo '{"b":1,"a":[]}' | jq -S -c ."#,
            r#"1:a|2:b|{|  "a": {|    "b": [|      1,|      null,|      "x"|    ]|  }|}|[1,2]|{"name":"bob","k":5}|null|1|5|{"a":[],"b":1}"#,
        ),
        (
            r#"date -u -d '2024-01-15 + 3 days' +%F; date -u -d 'Jan 5 2024' +%d/%m; date -u -d '15 January 2024 10:30 PM' '+%T %l %k %P'; date -u -d '2024-01-15 12:00 UTC + 90 minutes' +%R; date -u -d '2024-02-05 03:04' '+%-d.%-m %j %_d %^a %U %V %G %q'; date -u -d '2021-01-03' '+%G-W%V'; date -u -R -d 2024-01-15; printf '%(%Y-%m-%d)T\n' 86400"#,
            r#"2024-01-18|05/01|22:30:00 10 22 pm|13:30|5.2 036  5 MON 05 06 2024 1|2020-W53|Mon, 15 Jan 2024 00:00:00 +0000|1970-01-02"#,
        ),
        (
            r#"printf 'key=old\nother=1\n' > c; sed -i.bak -e 's/old/new/' -e '/other/d' c; cat c c.bak; printf 'a\nb\n' | sed -z 's/\n/;/g'; echo; printf 'foo\n' | sed '/foo/s//bar/'; printf 'x\n' > ins; printf 'a\nb\n' | sed '/a/r ins'; printf 'a\nb\n' | sed -n 's/a/c/w out'; cat out; printf 's/x/y/\n' > p.sed; sed -f p.sed ins; echo a | sed --expression='s/a/\t|/'; printf 'a\n' | sed -e '1i\' -e '  in'"#,
            r#"key=new|key=old|other=1|a;b;|bar|a|x|b|c|y|	||  in|a"#,
        ),
        (
            r#"mkdir -p d/e; echo hi > d/f; touch d/e/g; chmod +x d/f; ls -R d; ls -F d; ls -m d; ls -Q d; stat -c '%n %s %a %F' d/f; [ -x d/f ] && echo runs; find d -type f -printf '%f %s %h\n' | sort; find d -regex '.*/[eg]' | sort; find d -executable -type f; echo d/*/; printf 'a\tb\001\n' | cat -A"#,
            r#"d:|e|f||d/e:|g|e/|f*|e, f|"e"|"f"|d/f 3 755 regular file|runs|f 3 d|g 0 d/e|d/e|d/e/g|d/f|d/e/|a^Ib^A$"#,
        ),
        (
            r#"grep -oP 'v\K[0-9.]+' <<< 'x v1.25'; grep -oP '(?<=id=)\w+' <<< 'id=abc y'; grep -oP '\w+(?=@)' <<< bob@x; mkdir -p l/x; echo E > l/a; echo E > l/x/b; grep -r E --exclude-dir=x l; grep E l 2>/dev/null || echo $?; printf '%d\n' abc 2>/dev/null || echo $?; printf '\101 %d\n' 7; yes | head -2"#,
            r#"1.25|abc|bob|l/a:E|2|0|1|A 7|y|y"#,
        ),
    ] {
        assert_eq!(printed_by(script), printed, "{script}");
    }
}

#[test]
fn scripts_end_and_print_so() {
    for (script, printed) in [
        (
            r#"cleanup() { local rc=$?; echo "ends with $rc"; exit $rc; }; trap cleanup EXIT; f() { return; }; false || f && echo f; g() { local y; echo "[${y-unset}]"; y=1; echo $y; }; g; export LATER; LATER=7; bash -c 'echo $LATER'; echo "readonly R=1" > lib; . ./lib; . ./lib 2>/dev/null || echo "again $?"; readonly R=2 2>/dev/null || echo never"#,
            r#"[unset]|1|7|again 1|ends with 1"#,
        ),
        (
            r#"trap 'echo "line $LINENO: $BASH_COMMAND"' ERR
set +e
false"#,
            r#"line 4: false"#,
        ),
        (
            r#"s=abc; echo "${s/b/[&]} ${s/b/"&"} ${s/b/\&}"; printf '%#x %#o %.3d|% d\n' 255 8 5 5; echo "${n:-'s'} ${n:-"d q"}" ${n:-'s t'}; HOME=/tmp; echo ~ ~/x "~" a~; echo hi > f; echo "$(< f)"; declare -F s || echo none; nice -n 5 echo nice"#,
            r#"a[b]c a&c a&c|0xff 010 005| 5|'s' d q s t|/tmp /tmp/x ~ a~|hi|none|nice"#,
        ),
        (
            r#"HOME=/tmp; (cd; pwd); pushd /tmp > /dev/null; pwd; popd > /dev/null; mkdir -p a/b/c; rmdir a/b/c; ls a; touch f g; cp f g h 2>/dev/null || echo "no target $?"; timeout 0.2 bash -c 'echo early; sleep 5; echo late' || echo $?; timeout --preserve-status 0.1 sleep 1 || echo $?"#,
            r#"/tmp|/tmp|b|no target 1|early|124|143"#,
        ),
        (
            r#"{ echo one; echo two; } > >(sed 's/^/: /'); sleep 0.1; exec > >(while read -r l; do echo "[$l]"; done) 2>&1; echo out; echo err >&2; sleep 0.1"#,
            r#": one|: two|[out]|[err]"#,
        ),
        (
            r#"timeout 0.3 bash -c 'until [ -f never ]; do echo try; sleep 0.2; done; echo no' || echo "over $?"; timeout 1 bash -c 'sleep 0.1; echo in time'; x=$(timeout 0.2 sh -c 'echo a; sleep 1; echo b') || echo "$x $?""#,
            r#"try|try|over 124|in time|a 124"#,
        ),
        (
            r#"date -d 2024-02-30 2>/dev/null || echo $?; date -u -d 12/25/2024 +%j; date -u -d '2024-03-10 23:00 + 2 hours' +%R; sed -n '/a/,/c/{//!p}' <<< $'a\nb\nc'; sed '0,/a/s//b/' <<< $'a\na'; sed '/x/{s//y/;s/y/z/}' <<< x"#,
            r#"1|360|22:00|b|b|a|z"#,
        ),
        (
            r#"declare -a z=([2]=c [0]=a); echo "${z[@]}" "${!z[@]}"; echo a > f; exec 5<>f; read -r l <&5; echo "rw $l"; sleep 0.2 & jobs | wc -l; wait; [[ -o errexit ]] && echo errexit; [ -c /dev/null ] && [ ! -f /dev/null ] && echo device"#,
            r#"a c 0 2|rw a|1|errexit|device"#,
        ),
        (
            r#"cat > s.sh <<'S'
set -Ee
trap 'echo "failed at line $LINENO with $?"' ERR
step() { echo "$1"; shift; "$@"; }
step one true
step two false
S
bash s.sh || echo "rc $?""#,
            r#"one|two|failed at line 3 with 1|rc 1"#,
        ),
    ] {
        assert_eq!(printed_by(script), printed, "{script}");
    }
}

#[test]
fn a_parameter_that_is_not_known_ends_its_line_and_not_before_it_is_reached() {
    for (script, printed) in [
        ("echo a ${é} b; echo c\necho d $?", "d 1"),
        ("f() { echo ${1!}; echo in; }\nf; echo same\necho next $?", "next 1"),
        ("(echo ${.}; echo sub); echo after $?", "after 1"),
        ("y=$(echo ${.}; echo z); echo \"[$y] $?\"", "[] 1"),
        ("eval 'echo ${é}'; echo ev $?", "ev 1"),
        ("eval 'echo $((1/0))'; echo ev $?", "ev 1"),
        ("x=1; echo ${x:-${é}} ${y:-${é}}\nif false; then echo ${é}; fi; echo fine", "fine"),
        ("trap 'echo bye' EXIT\necho ${a\"}\"b} z", "bye"),
        ("echo ${x!${y}} no\necho ${x!$(echo \"}\")} no\necho ${x:}\necho ${ x}\necho ${#x!}\necho ${x}}", "}"),
        ("for i in 1 2; do echo $i ${é}; done\nx=${é}\ncat <<E\na ${é}\nE\necho ${a.b:-c} | cat; echo s", "s"),
        ("set -e\necho ${é}\necho d", ""),
    ] {
        assert_eq!(printed_by(&format!("set +e\n{script}")), printed, "{script}");
    }
}

#[test]
fn an_index_within_an_index_has_a_last_level() {
    let script = format!("echo {}", "${x[$(echo ${y[".repeat(20_000));
    assert_eq!(printed_by(&format!("set +e\neval '{script}'; echo $?")), "2");
}

#[test]
fn signals_do_what_their_traps_say() {
    for (script, printed) in [
        ("trap 'echo usr; x=2' USR1; x=1; kill -USR1 $$; echo after $x $?; trap - SIGUSR1; kill -10 $$; echo never", "usr|after 2 0"),
        ("bash -c 'trap \"echo term; exit 3\" TERM; kill $$; echo never' || echo rc $?", "term|rc 3"),
        (
            "trap -- '' INT; kill -s INT $$; echo on; (trap 'echo sub' EXIT); trap 'echo bye' EXIT HUP; trap EXIT; kill -HUP $$; exit 2",
            "on|sub|bye",
        ),
        (
            r#"exec 2>&1; set -x; x=5; y='a b' z=; echo "$x" "it's" '' a{b '~' "x=y z"; FOO="1 2" true; x+=7; a[1]=q; for i in 1 $(echo 2) "3 4"; do :; done; for ((k=0; k<1; k++)); do :; done; case "$x" in 5*) echo five;; esac; [[ $x == 5* ]]; (( x > 3 )); v=$(echo "in $(echo deeper)"); eval 'echo ev'; (echo sub); f() { local q=1; echo in; }; f a; if [ -f nope ]; then :; elif true; then :; fi; echo out > /dev/null; ! false; { set +x; } 2>/dev/null; bash -xc 'echo b'"#,
            r#"+ x=5|+ y='a b'|+ z=|+ echo 5 'it'\''s' '' 'a{b' '~' 'x=y z'|5 it's  a{b ~ x=y z|+ FOO='1 2'|+ true|+ x+=7|+ a[1]=q|++ echo 2|+ for i in 1 $(echo 2) "3 4"|+ :|+ for i in 1 $(echo 2) "3 4"|+ :|+ for i in 1 $(echo 2) "3 4"|+ :|+ (( k=0 ))|+ (( k<1 ))|+ :|+ (( k++ ))|+ (( k<1 ))|+ case "$x" in|+ echo five|five|+ [[ 57 == 5* ]]|+ ((  x > 3  ))|+++ echo deeper|++ echo 'in deeper'|+ v='in deeper'|+ eval 'echo ev'|++ echo ev|ev|+ echo sub|sub|+ f a|+ local q=1|+ echo in|in|+ '[' -f nope ']'|+ true|+ :|+ echo out|+ false|+ echo b|b"#,
        ),
        (
            r#"exec 2> /dev/null; echo 1 > f; set -C; echo 2 > f || echo held; echo 3 >| f; echo 4 >> f; cat f; (set -o noclobber; echo 2 > f) || echo again; set +C; echo 5 > f; cat f; set -f; echo f*; set +f; echo f*; [[ -o errexit && ! -o xtrace ]] && echo as set"#,
            r#"held|3|4|again|5|f*|f|as set"#,
        ),
        ("trap 'echo over $?' EXIT; trap 'exit 5' TERM; kill -TERM $$", "over 5"),
    ] {
        assert_eq!(printed_by(script), printed, "{script}");
    }
}

#[test]
fn a_sed_that_is_wrong_fails_and_brackets_hold_separators() {
    for (script, printed) in [
        (
            "set +e; for s in 's/a/b' 's/a/b/x' k '1,' '{p' '}' 's/a/b/gg' 's/a/\\1/' : w a 's/\\(/x/'; do sed \"$s\" <<< a; echo $?; done 2>/dev/null | sort | uniq -c | tr -s ' '",
            " 12 1",
        ),
        (
            "printf 'abc\\nx/\\n' | sed 's/[]/]/1/;s/[[:alpha:]/]/2/;s/[^/]x*/3/'; sed ':a s/x/y/;ta' <<< xxx; sed -n '1 , 2p' <<< q",
            "3bc|31|yyy|q",
        ),
        (
            "printf 'a\\nb' | sed '$a end'; printf 'a\\nb' | sed '1!d'; printf 'a\\nb' | sed -n '$p;$p'; echo; printf 'a\\nb' | sed '$d'",
            "a|b|end|a|b|b|a",
        ),
        ("echo $[1+2] $[ $[2*3] ] \"$[4-1]th\"", "3 6 3th"),
        (
            "((echo a); echo b); ((1 + (2 * 3))) && echo $((echo c); (echo d)) $(((1 + 2) * 3)) \"$((echo 'e)f'); echo g)\"",
            "a|b|c d 9 e)f|g",
        ),
    ] {
        assert_eq!(printed_by(script), printed, "{script}");
    }
}
