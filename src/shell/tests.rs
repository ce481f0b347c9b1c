use proptest::prelude::*;

use super::*;

pub fn run_until(script: &str, deadline: SimTime) -> Outcome {
    let env = [("NAME".to_owned(), "World".into())];
    let command = |name: &str| (if name == "curl" { SimTime(2000) } else { SimTime::ZERO }, name == "helm");
    let start_epoch_ms = 1_704_067_200_000;
    run(
        &script_of(script),
        &Setup {
            env: &env,
            start_epoch_ms,
            deadline,
            max_steps: 100_000,
            budget: &Budget::default(),
            command: &command,
            errexit: true,
            seed: 0,
            files: &[],
            other_files: false,
        },
    )
}

/// A script in which `{{ path }}` is an unknown value, as it is in a flow.
fn script_of(written: &str) -> Text {
    let mut text = Text::new();
    for (nth, part) in written.split("{{ ").enumerate() {
        let (path, known) = part.split_once(" }}").filter(|_| nth > 0).unwrap_or(("", part));
        text.push(&if path.is_empty() { Text::new() } else { Text::unknown(path) });
        text.push_str(known);
    }
    text
}

pub fn check(script: &str) -> String {
    let outcome = run_until(script, SimTime(86_400_000));
    let lines = outcome.lines.iter().map(|line| format!("{} {:?} {}", line.at.0, line.stream, line.text));
    let stopped = outcome.stopped.map(|why| format!(", stopped by {why:?}")).unwrap_or_default();
    lines.chain([format!("{} exit {}{stopped}", outcome.ends.0, outcome.exit_code)]).collect::<Vec<_>>().join("\n")
}

/// What a script prints to standard output, for scripts that take no time.
pub fn prints(script: &str) -> String {
    let outcome = run_until(script, SimTime(1));
    outcome.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn echo_and_sleep_share_one_clock() {
    insta::assert_snapshot!(check("echo \"running t1\"\nsleep 1 # a while\necho 'it'\\''s' done; sleep 0.5 && sleep .25s 1m\n"), @"
    0 Out running t1
    1000 Out it's done
    61750 exit 0
    ");
}

#[test]
fn a_failing_command_ends_the_script_unless_it_is_a_condition() {
    insta::assert_snapshot!(check("if false; then :; fi; false || echo on; ! true; false; echo never"), @"
    0 Out on
    0 exit 1
    ");
    insta::assert_snapshot!(check("set +e; false; echo on; exit 7; echo never"), @"
    0 Out on
    0 exit 7
    ");
    insta::assert_snapshot!(check("f() { false; echo in; }; f && echo and; f; echo never"), @"
    0 Out in
    0 Out and
    0 exit 1
    ");
    insta::assert_snapshot!(check("sleep soon\necho never"), @"
    0 Err sleep: invalid time interval 'soon'
    0 exit 1
    ");
    insta::assert_snapshot!(check("echo ${MISSING:?is not set}; echo never"), @"
    0 Err bash: MISSING: is not set
    0 exit 1
    ");
    insta::assert_snapshot!(check("set -u; echo $nope; echo never"), @"
    0 Err bash: nope: unbound variable
    0 exit 1
    ");
    insta::assert_snapshot!(check("echo before; if true; then echo x"), @"
    0 Err bash: syntax error: unexpected end of file
    0 exit 2
    ");
}

#[test]
fn jobs_in_the_background_overlap() {
    insta::assert_snapshot!(check("(sleep 2; echo two) &\n(sleep 1; echo one) &\nsleep 0.5; echo half\nwait; echo all"), @"
    500 Out half
    1000 Out one
    2000 Out two
    2000 Out all
    2000 exit 0
    ");
    insta::assert_snapshot!(check("set +e; (sleep 3; exit 4) & wait $!; echo $?; sleep 9 & echo left"), @"
    3000 Out 4
    3000 Out left
    3000 exit 0
    ");
    insta::assert_snapshot!(check("for n in 1 2 3; do sleep $n & done; wait; date +%T"), @"
    3000 Out 00:00:03
    3000 exit 0
    ");
}

#[test]
fn stages_of_a_pipe_begin_together() {
    insta::assert_snapshot!(check("(sleep 2; echo a) | (sleep 1; cat)"), @"
    2000 Out a
    2000 exit 0
    ");
    insta::assert_snapshot!(check("seq 3 | while read n; do echo got $n; sleep 1; done"), @"
    0 Out got 1
    1000 Out got 2
    2000 Out got 3
    3000 exit 0
    ");
    insta::assert_snapshot!(check("set -o pipefail; false | true; echo never"), @"0 exit 1");
}

#[test]
fn other_commands_take_the_time_they_are_given_and_say_so() {
    insta::assert_snapshot!(check("curl -s https://example.org; x=$(psql -c 'select 1'); echo \"[$x]\""), @"
    0 Note `curl -s https://example.org` is not simulated, it takes 2.0 s
    2000 Note `psql -c select 1` is not simulated, it takes 0 s
    2000 Out [⟨psql⟩]
    2000 exit 0
    ");
    insta::assert_snapshot!(check("/usr/bin/helm upgrade x || echo again; helm test; echo never"), @"
    0 Note `/usr/bin/helm upgrade x` is not simulated, it takes 0 s and fails
    0 Out again
    0 Note `helm test` is not simulated, it takes 0 s and fails
    0 exit 1
    ");
    insta::assert_snapshot!(check("timeout 5 sleep 9 || echo cut $?"), @"
    5000 Out cut 124
    5000 exit 0
    ");
    insta::assert_snapshot!(check("sleep {{ outputs.q.n }}; [ {{ outputs.q.n }} -gt 3 ] && echo more; echo $(({{ n }} + 1))"), @"
    0 Note `sleep ⟨outputs.q.n⟩` depends on an unknown value, it takes 1 s
    1000 Note `⟨outputs.q.n⟩ -gt 3` depends on an unknown value, it is taken as true
    1000 Out more
    1000 Out 2
    1000 exit 0
    ");
}

#[test]
fn scripts_without_end_are_stopped() {
    insta::assert_snapshot!(run_until("while true; do sleep 1; done", SimTime(5500)).ends.0, @"5500");
    assert_eq!(run_until("while true; do sleep 1; done", SimTime(5500)).stopped, Some(Stopped::Deadline));
    for script in
        ["while true; do :; done", "f() { f; }; f", "x=a; while true; do x=$x$x; done", "seq 1 100000000", "while true; do echo yes; done"]
    {
        assert_eq!(run_until(script, SimTime(5500)).stopped, Some(Stopped::Steps), "{script}");
    }
    assert_eq!(run_until("while true; do sleep 1; done & sleep 2; echo $?", SimTime(5500)).ends, SimTime(2000));
    assert_eq!(run_until("while true; do sleep 1; done & wait", SimTime(5500)).stopped, Some(Stopped::Deadline));
}

#[test]
fn what_is_unknown_is_what_it_is_compared_with() {
    insta::assert_snapshot!(check("code=$(curl -s x | jq -r .code); if [ \"$code\" != 200 ]; then exit 1; fi; [[ $code == ok* ]] && echo $code"), @"
    0 Note `curl -s x` is not simulated, it takes 2.0 s
    2000 Note `⟨jq⟩ != 200` depends on an unknown value, it is taken as false
    2000 Out ⟨jq⟩
    2000 exit 0
    ");
    insta::assert_snapshot!(check("until kubectl get x; do sleep 1; done; while [ \"$(kubectl get y)\" = wait ]; do sleep 10; done; echo on"), @"
    0 Note `kubectl get x` is not simulated, it takes 0 s
    0 Note `kubectl get y` is not simulated, it takes 0 s
    0 Note `⟨kubectl⟩ = wait` depends on an unknown value, it is taken as true
    10000 Note `kubectl get y` is not simulated, it takes 0 s
    10000 Note `⟨kubectl⟩ = wait` depends on an unknown value, it is taken as true
    20000 Note `kubectl get y` is not simulated, it takes 0 s
    20000 Note `⟨kubectl⟩ = wait` depends on an unknown value, it is taken as true
    20000 Out on
    20000 exit 0
    ");
    insta::assert_snapshot!(check("while true; do if [ \"$(kubectl get y)\" != ready ]; then sleep 1; continue; fi; break; done"), @"
    0 Note `kubectl get y` is not simulated, it takes 0 s
    0 Note `⟨kubectl⟩ != ready` depends on an unknown value, it is taken as false
    0 exit 0
    ");
    insta::assert_snapshot!(check("kubectl get x > f; n=$(wc -l < f); [ $n -gt 3 ] || exit 1; case $n in 1) echo one;; *) exit 1;; esac; exit $n"), @"
    0 Note `kubectl get x` is not simulated, it takes 0 s
    0 Note `⟨wc⟩ -gt 3` depends on an unknown value, it is taken as true
    0 Out one
    0 exit 0
    ");
    insta::assert_snapshot!(check("./build.sh; cat made.txt | grep -q error && echo found; [ -f made.txt ] && wc -l made.txt"), @"
    0 Note `./build.sh` is not simulated, it takes 0 s
    0 Out found
    0 Out ⟨wc⟩
    0 exit 0
    ");
    let outcome = run_until("if gh api tag; then exit 3; fi", SimTime(1));
    assert!(outcome.is_guessed && outcome.is_foreign && outcome.exit_code == 3);
    assert!(!run_until("gh api tag; exit 3", SimTime(1)).is_guessed);
}

/// What bash 5 prints for the same.
#[test]
fn words_are_expanded_as_in_bash() {
    insta::assert_snapshot!(prints("s=hello.tar.gz; echo ${s%.*} ${s%%.*} ${s#*.} ${s##*.} ${#s} ${s/l/L} ${s//l/L} ${s^^} ${s:1:3} ${s: -2}"), @"hello.tar hello tar.gz gz 12 heLlo.tar.gz heLLo.tar.gz HELLO.TAR.GZ ell gz");
    insta::assert_snapshot!(prints("echo ${u:-def} ${u:=set} $u ${u:+alt} \"$NAME\"; a=(one 'two 2'); a+=(3); for x in \"${a[@]}\"; do echo \"<$x>\"; done; echo ${#a[@]} ${a[-1]}"), @"
    def set set alt World
    <one>
    <two 2>
    <3>
    3 3
    ");
    insta::assert_snapshot!(prints("for i in {1..3} a{x,y}b; do echo $i; done; echo {a,b}{1,2}"), @"
    1
    2
    3
    axb
    ayb
    a1 a2 b1 b2
    ");
    insta::assert_snapshot!(prints("x=3; echo $((x*2+1)) $((0x10 + 010 + 2#11)) $((7/2)) $((-7%3)) $((2**10)) $((x>3?1:2)) $((1<<4|1)) $((x++)) $x"), @"7 27 3 -1 1024 2 17 3 4");
    insta::assert_snapshot!(prints("cat <<EOF\nline $((1+1)) \\$x\nEOF\ncat <<'EOF' | grep two\none $x\ntwo\nEOF"), @"
    line 2 $x
    two
    ");
    insta::assert_snapshot!(prints("case foo.txt in *.md) echo md;; *.txt|*.log) echo txt;; esac; [[ abc == a* && 3 -gt 2 ]] && echo fits"), @"
    txt
    fits
    ");
    insta::assert_snapshot!(prints("printf '%s-%d|%05d|%-5s|%5s|%x|%.2f\\n' a 1 42 ab cd 255 3.14159; printf '%s %s\\n' a b c"), @"
    a-1|00042|ab   |   cd|ff|3.14
    a b
    c
    ");
    insta::assert_snapshot!(prints("echo 'b a c' | tr ' ' '\\n' | sort | head -n 2; echo a:b:c | cut -d: -f1,3; echo aXbX | sed 's/X/-/g'; seq 5 | tail -n 1"), @"
    a
    b
    a:c
    a-b-
    5
    ");
    insta::assert_snapshot!(prints("echo a > f; echo b >> f; cat f; wc -l < f; echo gone > /dev/null; cat none 2>&1 || echo $?"), @"
    a
    b
    2
    cat: none: No such file or directory
    1
    ");
    insta::assert_snapshot!(prints("trap 'echo bye' EXIT; set -- a b c; shift; echo $1 $#; eval 'y=5; echo $y'; for ((i=0;i<3;i++)); do [ $i = 1 ] && continue; echo $i; done"), @"
    b 2
    5
    0
    2
    bye
    ");
    insta::assert_snapshot!(prints("while IFS= read -r l; do echo \"[$l]\"; done < <(printf ' a b\nc\n'); IFS=, read -ra p <<< 1,2; echo ${p[1]}; s=a,b; IFS=,; for x in $s; do echo $x; done"), @"
    [ a b]
    [c]
    2
    a
    b
    ");
    insta::assert_snapshot!(prints("declare -A m=([x]=1); m[\"b c\"]=2; for k in \"${!m[@]}\"; do echo \"$k ${m[$k]}\"; done; v=w; w=3; echo ${!v}; mapfile -t a < <(seq 2); echo ${a[@]}"), @"
    x 1
    b c 2
    3
    1 2
    ");
    insta::assert_snapshot!(prints("a=0; f() { new=1; local q=2; g; }; g() { made=$q; }; f; echo $new $made $a [$q]; log::x() { echo $1; }; log::x on"), @"
    1 2 0 []
    on
    ");
    insta::assert_snapshot!(prints("echo 'h() { echo hi $1; }; h in' > s.sh; . ./s.sh; h you; bash s.sh; sh -c 'echo $1' _ x y; echo 'echo piped' | bash; ls *.sh"), @"
    hi in
    hi you
    hi in
    x
    piped
    s.sh
    ");
    insta::assert_snapshot!(prints("case x in x) echo one;& y) echo two;; z) echo no;; esac; [[ -n x && ( 1 -eq 2 || 2 -eq 2 ) ]] && echo both; expr 2 + 3"), @"
    one
    two
    both
    5
    ");
    insta::assert_snapshot!(prints("date; date +%Y-%m-%d_%H:%M:%S; date +%s"), @"
    Mon Jan  1 00:00:00 UTC 2024
    2024-01-01_00:00:00
    1704067200
    ");
}

#[test]
fn the_smallest_number_divided_by_minus_one_wraps_around() {
    assert_eq!(
        prints("echo $(((1<<63) / -1)) $(((1<<63) % -1)) $((-(1<<63))) $(((1<<63) - 1))"),
        "-9223372036854775808 0 -9223372036854775808 9223372036854775807"
    );
}

proptest! {
    #[test]
    fn nothing_makes_it_panic_or_hang(script in prop::collection::vec(prop::sample::select(vec![
        "echo ", "sleep 1 ", "x=1 ", "$x ", "$(", ")", "((", "))", "[[ ", " ]] ", "if ", "then ", "fi ", "while ", "do ", "done ", "for x in ", "case ", "esac ", ";; ", "; ",
        "&& ", "|| ", "| ", "& ", "\n", "{ ", "} ", "'", "\"", "`", "${x", "}", "[", "]", "<<E\n", "E\n", ">f ", "2>&1 ", "f() ", "#", "\\", "*", "é⟨", "% ", "- ", "1 ", "@ ",
    ]), 0..40)) {
        let outcome = run_until(&script.concat(), SimTime(10_000));
        prop_assert!(outcome.ends <= SimTime(10_000));
    }
}

#[test]
fn an_unknown_value_is_one_word_whatever_it_is_called() {
    assert_eq!(
        prints("echo {{ http('x').a }} '{{ secret('K') }}' \"{{ secret(\"L\") }}\" a{{ f(⟨g('h')⟩) }}b"),
        "⟨http('x').a⟩ ⟨secret('K')⟩ ⟨secret(\"L\")⟩ a⟨f(⟨g('h')⟩)⟩b"
    );
    assert_eq!(prints("x={{ secret('a b') }}; for y in 1 $x; do echo $y; done; set -- $x; echo $#"), "1\n⟨secret('a b')⟩\n1");
    assert_eq!(
        prints("cat <<E\na {{ f('`$') }} b\nE\nprintf '%s|%5d\\n' {{ n }} 1; echo {{ n }} | tr a-z⟨ A-Z_"),
        "a ⟨f('`$')⟩ b\n⟨n⟩|    1\n⟨n⟩"
    );
    assert_eq!(
        prints("x=a-{{ n }}.txt; echo ${x%.txt} ${x#a-} ${x//n/m} ${x^^} ${x:0:2}; y={{ n }}; echo ${y:1:1}"),
        "a-⟨n⟩ ⟨n⟩.txt a-⟨n⟩.txt A-⟨n⟩.TXT a-\n⟨n⟩"
    );
    assert!(check("exit {{ outputs.q.n }}").ends_with("exit 0"));
}

#[test]
fn no_character_is_cut_through() {
    assert_eq!(prints("echo ${é}"), "bash: ${é}: bad substitution");
    assert_eq!(
        prints("x=é; echo $é ${x:-é} ${#x} ${x:0:1} ${x%é}.; echo é | cut -c1; echo aé | tr é-ü x; printf %c é"),
        "$é é 1 é .\né\nax\né"
    );
}

#[test]
fn brackets_that_a_user_writes_are_plain_text() {
    insta::assert_snapshot!(check("x='⟨x⟩'; echo $x ⟨y⟩ ⟨ z; if [ $x = ⟨y⟩ ]; then echo same; else echo other; fi; sleep ⟨x⟩ || cat ⟨x⟩ || case $x in a) ;; ⟨*) echo case;; esac"), @r"
    0 Out ⟨x⟩ ⟨y⟩ ⟨ z
    0 Out other
    0 Err sleep: invalid time interval '⟨x⟩'
    0 Err cat: ⟨x⟩: No such file or directory
    0 Out case
    0 exit 0
    ");
    insta::assert_snapshot!(check("echo ⟨x⟩ > f; grep -c . f; wc -l < f; cut -c2 f; echo $((⟨x⟩ + 1))"), @r#"
    0 Out 1
    0 Out 1
    0 Out x
    0 Err bash: ⟨x⟩ + 1: syntax error: operand expected (error token is "⟨x⟩ + 1")
    0 exit 1
    "#);
    assert!(!run_until("x=⟨x⟩; [ $x = ⟨x⟩ ] && echo ${#x}", SimTime(1)).is_guessed);
    // Beside brackets of a user only the unknown part is unknown.
    insta::assert_snapshot!(check("a='⟨n⟩'; b={{ n }}; [ $a = 1 ] || echo no; [ $b = 1 ] && echo $a$b; case $a in 1) echo one;; *) echo other;; esac"), @r"
    0 Out no
    0 Note `⟨n⟩ = 1` depends on an unknown value, it is taken as true
    0 Out ⟨n⟩⟨n⟩
    0 Out other
    0 exit 0
    ");
}

#[test]
fn regular_expressions_are_matched() {
    insta::assert_snapshot!(check("v=v1.20; if [[ $v =~ ^v([0-9]+)\\.([0-9]+)$ ]]; then echo ${BASH_REMATCH[1]} ${BASH_REMATCH[2]}; fi; [[ $v =~ \"1.2\" ]] && echo plain; re='^w|x$'; [[ $v =~ $re ]] || echo no; [[ a =~ (?=a) ]] || echo $?"), @r"
    0 Out 1 20
    0 Out plain
    0 Out no
    0 Out 2
    0 exit 0
    ");
    insta::assert_snapshot!(check("printf 'a1\\nb22\\nab\\n' > f; grep '[0-9]\\{2\\}' f; grep -Eo '[a-z]+|2' f; grep -vn a f; grep -Fc b2 f; grep -w ab f; grep -iE '^(A|x)b' f; grep -q zz f || echo none"), @r"
    0 Out b22
    0 Out a
    0 Out b
    0 Out 2
    0 Out 2
    0 Out ab
    0 Out 2:b22
    0 Out 1
    0 Out ab
    0 Out ab
    0 Out none
    0 exit 0
    ");
    insta::assert_snapshot!(check("echo /usr/bin:x | sed 's#/#.#g; s/\\(b\\)in/[\\1&]/'; echo aXb | sed -E -e 's/(a)x/\\1-/I' -e 's/$/!/'; echo a > f; sed -i s/a/b/ f; cat f; echo a | sed l"), @r"
    0 Out .usr.[bbin]:x
    0 Out a-b!
    0 Out b
    0 Note `sed l` is not simulated, its input is passed on
    0 Out a
    0 exit 0
    ");
}

/// As the tools of a machine print it.
#[test]
fn sed_works_on_lines_and_ranges() {
    let of =
        |script: &str| prints(&format!("printf 'alpha one\\nbeta two\\nGamma three\\ndelta four\\n' | sed {script}")).replace('\n', "|");
    for (script, printed) in [
        ("-n 's/a/X/2p'", "alphX one|GammX three"),
        ("'2,$d'", "alpha one"),
        ("-n '/beta/,+1p'", "beta two|Gamma three"),
        ("'0,/alpha/s/$/./;3,2s/$/!/;4~2s/four/4/'", "alpha one.|beta two|Gamma three!|delta 4"),
        ("-n '$='", "4"),
        ("'1!G;h;$!d'", "delta four|Gamma three|beta two|alpha one"),
        ("':a;N;$!ba;s/\\n/,/g'", "alpha one,beta two,Gamma three,delta four"),
        ("-e '/beta/{s/two/2/;s/b/B/}' -e '/x/!s/$/;/'", "alpha one;|Beta 2;|Gamma three;|delta four;"),
        ("-e '2i first' -e '2a last' -e '3,4c changed'", "alpha one|first|beta two|last|changed"),
        ("-E 's/(\\w+) (\\w+)/\\u\\2 \\U\\1\\E!/; /GAMMA/Iq7'", "One ALPHA!|Two BETA!|Three GAMMA!"),
        ("'y/abc/xyz/; n; s/t/T/; T; s/$/ T/'", "xlphx one|beTa two T|Gxmmx three|delTa four T"),
    ] {
        assert_eq!(of(script), printed, "{script}");
    }
}

#[test]
fn date_reads_other_dates() {
    for (text, date) in [
        ("2024-03-01 -1 day", "2024-02-29 00:00:00"),
        ("2024-01-31 +1 month", "2024-03-02 00:00:00"),
        ("2024-02-29T10:30:15Z", "2024-02-29 10:30:15"),
        ("20240229 23:59 + 1 week ago", "2024-02-22 22:59:00"),
        ("2024-02-29 10:00 +0200", "2024-02-29 08:00:00"),
        ("@-1", "1969-12-31 23:59:59"),
        ("1 hour ago", "2023-12-31 23:00:00"),
        ("next monday", "2024-01-08 00:00:00"),
        ("friday tomorrow", "2024-01-06 00:00:00"),
    ] {
        assert_eq!(prints(&format!("date -d '{text}' '+%F %T'")), date, "{text}");
    }
    for unread in ["when it rains", "9223372036854775807 monday", "-9223372036854775808 days ago"] {
        assert!(prints(&format!("date -d '{unread}' +%F")).contains("is not simulated"), "{unread}");
    }
}

proptest! {
    /// Tokens of any language within and between those of the shell.
    #[test]
    fn no_text_makes_it_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "${", "}", "é", "日本", "\u{301}", "🦀", "⟨", "⟩", "$", "$'", "'", "\"", "`", "$(", ")", "((", "))", "[[ ", " ]]", " =~ ", "#", "%", "/", "^", ",", ":", "!", "@", "[", "]", "-", "=",
        "\\", "x", "1", " ", "\n", ";", "|", "&", "<<", ">", "echo ", "printf ", "read x", "cut -c2 ", "tr é-", "sed s/é/", "sed /é/,+2{", "}", "date -d ", "grep ", "expr ", "sleep ", "{{ n }}", "{{ é'\"`$( }}", "{a,é}", "*", "?", "let x=",
        "${x%", "${x:1:", "${x/", "case ", " in ", "esac", "for ((",
    ]), 0..24)) {
        let outcome = run_until(&parts.concat(), SimTime(10_000));
        prop_assert!(outcome.ends <= SimTime(10_000));
    }
}

#[test]
fn scripts_that_nest_without_end_are_stopped() {
    for script in [
        format!("echo $(({}1))", "a=".repeat(100_000)),
        format!("echo $(({}2))", "2**".repeat(100_000)),
        format!("echo $(({}1{}))", "1?".repeat(100_000), ":1".repeat(100_000)),
        format!("{}true", "sudo ".repeat(20_000)),
        format!("{}true", "timeout 1 ".repeat(20_000)),
    ] {
        let outcome = run_until(&script, SimTime(1));
        assert!(outcome.stopped.is_some() || outcome.exit_code == 1, "{}", &script[..20]);
    }
}

#[test]
fn braces_give_all_combinations_in_order_and_not_more_than_a_script_may_do() {
    assert_eq!(prints("echo {a,b}{1..3} x{3..1}y {5..1..2} '{a,b}' {a}"), "a1 a2 a3 b1 b2 b3 x3y x2y x1y 5 3 1 {a,b} {a}");
    for script in ["echo ".to_owned() + &"{a,b}".repeat(20_000), format!("echo {{1..99999}}{}", "x".repeat(20_000))] {
        assert_eq!(run_until(&script, SimTime(1)).stopped, Some(Stopped::Steps));
    }
}

#[test]
fn work_on_long_texts_counts_as_commands_do() {
    let double = "x=aaaaaaaa; for i in $(seq 18); do x=$x$x; done\n";
    for script in ["for i in $(seq 2000); do a+=(\"$x\"); done", "while true; do y=$x; done", "echo ${x%%*a*a*a*b} ${x//*a*b/c}"] {
        assert_eq!(run_until(&(double.to_owned() + script), SimTime(1)).stopped, Some(Stopped::Steps), "{script}");
    }
}

#[test]
fn the_stages_of_the_last_pipe_are_known() {
    let script = "set +e; false | true | false; echo ${PIPESTATUS[0]} ${PIPESTATUS[1]} ${PIPESTATUS[@]}; echo ${PIPESTATUS[*]}";
    assert_eq!(prints(script), "1 0 1 0 1\n0");
    assert_eq!(prints("set +e; ! true | false; a=(\"${PIPESTATUS[@]}\"); echo ${#a[@]} ${a[1]} $?"), "2 1 0");
}

#[test]
fn no_more_arguments_are_taken_than_there_are() {
    assert_eq!(prints("set +e; set -- a; shift 2; echo $? $#; shift; echo $? $#; shift; echo $?"), "1 1\n0 0\n1");
}

#[test]
fn what_commands_within_each_other_hold_is_limited() {
    let long = "a ".repeat(1 << 20);
    for script in ["eval ".repeat(20_000) + "true", "echo a | ".to_owned() + &"xargs ".repeat(20_000) + "true", format!("echo {long}")] {
        assert_eq!(run_until(&script, SimTime(1)).stopped, Some(Stopped::Steps), "{}", &script[..20]);
    }
    assert_eq!(prints("eval eval eval 'echo a | xargs xargs echo'"), "a");
}
