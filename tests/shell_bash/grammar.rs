//! Random scripts, made from a grammar: each ends soon, and none says anything that depends on the machine.

use parallelogram::random::mix;

/// How deep commands nest.
const DEEPEST: usize = 3;

/// The script with this number.
pub fn script(seed: u64, nth: u64) -> String {
    let mut grammar = Grammar {
        state: mix(seed.wrapping_mul(1_000_003).wrapping_add(nth)),
        depth: 0,
        n_loops: 0,
        in_function: false,
        writes_file: false,
        is_substituted: false,
        n_names: 0,
    };
    let mut lines = vec!["a=3 b=7 c=-2 s='hello world' t=abc.tar.gz u=".to_owned(), "arr=(one 'two 2' three)".to_owned()];
    if grammar.one_in(4) {
        lines.push(
            grammar.pick(&["set -e", "set -u", "set -o pipefail", "trap 'echo bye $?' EXIT", "trap 'echo bye; exit 3' EXIT"]).to_owned(),
        );
    }
    lines.push("f() { echo \"f:$#:$1\"; local x=$1; return ${2:-0}; }".to_owned());
    if grammar.one_in(2) {
        grammar.in_function = true;
        let body = grammar.commands(2);
        grammar.in_function = false;
        lines.push(format!("g() {{\n{body}\n}}"));
    } else {
        lines.push("g() { for w in \"$@\"; do echo \"[$w]\"; done; }".to_owned());
    }
    for _ in 0..=grammar.below(5) {
        let command = grammar.command();
        lines.push(command);
    }
    lines.join("\n")
}

struct Grammar {
    state: u64,
    depth: usize,
    /// How many loops are around.
    n_loops: usize,
    in_function: bool,
    /// Whether what is printed goes to a file.
    writes_file: bool,
    /// Whether it is within `$( ... )`, where bash 5.2 misreads some here-documents.
    is_substituted: bool,
    /// How many counters have been used.
    n_names: usize,
}

impl Grammar {
    fn below(&mut self, n: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (mix(self.state) % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    /// Some commands, each on a line.
    fn commands(&mut self, most: usize) -> String {
        (0..=self.below(most)).map(|_| self.command()).collect::<Vec<_>>().join("\n")
    }

    fn command(&mut self) -> String {
        self.depth += 1;
        let command = if self.depth > DEEPEST { self.simple() } else { self.any() };
        self.depth -= 1;
        command
    }

    fn any(&mut self) -> String {
        match self.below(22) {
            0 => format!("if {}; then\n{}\nelse\n{}\nfi", self.condition(), self.commands(2), self.commands(1)),
            1 => format!("if {}; then {}; elif {}; then {}; fi", self.condition(), self.simple(), self.condition(), self.simple()),
            2 => self.loops(),
            3 => format!("for v in {}; do\n{}\ndone", self.words(3), self.body()),
            4 => {
                let pattern = self.pick(&["*.gz", "h*", "[a-c]*", "?", "'*'", "\"$t\"", "o|two*", "+(x)"]).replace("+(x)", "x*");
                let end = self.pick(&[";;", ";;", ";&"]);
                format!("case {} in\n{pattern}) {} {end}\n*) {} ;;\nesac", self.word(), self.simple(), self.simple())
            }
            5 => format!("( {}\n)", self.commands(2)),
            6 => {
                let before = std::mem::replace(&mut self.writes_file, true);
                let group = format!("{{ {}\n}} {}", self.commands(2), self.redirect()).replace("group", &format!("group{}", self.depth));
                self.writes_file = before;
                group
            }
            7 => format!("{} {} {}", self.simple(), self.pick(&["&&", "||"]), self.simple()),
            8 => format!("{} && {} || {}", self.condition(), self.simple(), self.simple()),
            9 => self.pipe(),
            10 => self.pipe(),
            11 => format!("! {}; echo $?", self.condition()),
            12 if !self.writes_file => self.background(),
            13 => {
                let before = std::mem::replace(&mut self.is_substituted, true);
                let command = format!("x=$( {}\n); echo \"<$x>\" $?", self.commands(1));
                self.is_substituted = before;
                command
            }
            14 if !self.is_substituted => {
                format!("cat <<{}\n{} $a ${{s}} $((a+1)) \\$t `echo q`\nE", self.pick(&["E", "'E'", "\"E\""]), self.plain())
            }
            15 => format!("while read -r p q; do echo \"$q-$p\"; done <<< {}", self.quoted()),
            16 => format!("while IFS= read -r l; do {}; done < <(printf '%s\\n' {})", self.simple(), self.words(3)),
            _ => self.simple(),
        }
    }

    fn body(&mut self) -> String {
        self.n_loops += 1;
        let body = self.commands(2);
        self.n_loops -= 1;
        body
    }

    fn loops(&mut self) -> String {
        self.n_names += 1;
        let (i, n) = (format!("i{}", self.n_names), self.below(4));
        let body = self.body();
        match self.below(4) {
            0 => format!("for (({i}=0; {i}<{n}; {i}++)); do\n{body}\ndone; echo ${i}"),
            1 => format!("{i}=0; while [ ${i} -lt {n} ]; do {i}=$(({i}+1))\n{body}\ndone"),
            2 => format!("{i}={n}; until (( {i} <= 0 )); do (({i}--))\n{body}\ndone; echo \"${i}\""),
            _ => format!("{i}=0; while (( {i}++ < {n} )); do\n{body}\ndone"),
        }
    }

    /// Jobs in the background; they write to no file, as those of the simulation are written at once.
    fn background(&mut self) -> String {
        match self.below(4) {
            0 => format!("( sleep 0.04; echo {} ) & echo {}; wait", self.words(2), self.words(2)),
            1 => format!("( sleep 0.02; exit {} ) & wait $!; echo $?", self.below(4)),
            2 => "( sleep 0.06; echo slow ) & ( sleep 0.02; echo fast ) & wait; echo all".to_owned(),
            _ => format!("{{ f {}; }} & wait", self.words(2)),
        }
    }

    fn simple(&mut self) -> String {
        match self.below(26) {
            0..=6 => format!("echo {}", self.words(3)),
            7 => format!(
                "printf {} {}",
                self.pick(&["'%s\\n'", "'<%s>\\n'", "'%5s|%-4s|\\n'", "'%s-%s\\n'", "\"%s\\t%s\\n\""]),
                self.words(3)
            ),
            8 => format!(
                "printf {} {} {}",
                self.pick(&["'%d %x\\n'", "'%03d|%+d\\n'", "'%o %5d\\n'", "'%c%d\\n'"]),
                self.below(300),
                self.below(20)
            ),
            9 => format!("{}={}", self.pick(&["s", "t", "u"]), self.word()),
            10 => format!("{}=$(({}))", self.pick(&["a", "b", "c"]), self.arithmetic(2)),
            11 => format!("{}+={}", self.pick(&["s", "u", "arr[1]"]), self.word()),
            12 => match self.below(4) {
                0 => format!("arr+=({})", self.words(2)),
                1 => format!("arr[{}]={}", self.below(5), self.word()),
                2 => format!("arr=({})", self.words(3)),
                _ => "unset arr[1]; echo \"${arr[@]}\" ${#arr[@]}".replace("unset arr[1]; ", ""),
            },
            13 => format!("f {}", self.words(2)),
            14 if !self.in_function => format!("g {}", self.words(2)),
            15 if self.n_loops > 0 => self.pick(&["break", "continue", "[ $a -gt 2 ] && break", "continue 2"]).to_owned(),
            16 if self.in_function => format!("return {}", self.below(3)),
            17 => format!("(( {} )) && echo yes || echo no", self.arithmetic(2)),
            18 => format!("{}; echo $?", self.condition()),
            19 => format!("set -- {}; echo $# \"$*\" $1", self.words(3)),
            20 => self
                .pick(&[
                    "shift; echo $#",
                    "false",
                    "true",
                    ": ${n:=5}; echo $n",
                    "IFS=, read -r x y <<< \"1,2,3\"; echo \"$y\"",
                    "eval 'echo $a'",
                    "let a=b+1; echo $a",
                    "unset u; echo ${u-unset}",
                    "local q=1 2>/dev/null; echo ${q:-none}",
                    "export s; bash -c 'echo $s'",
                    "readonly r=1; echo $r",
                    "declare -A m=([k]=v [j]=w); echo ${m[k]} ${#m[@]}",
                    "printf -v s '%s!' x; echo $s",
                    "mapfile -t arr < <(seq 3); echo ${arr[2]}",
                    "exit 2",
                    "( exit 3 ); echo $?",
                    "trap 'echo trapped' EXIT",
                    "set +e",
                    "a=5 eval 'echo $a'",
                    "echo $(( $(echo 2) + 3 ))",
                    "type f >/dev/null && echo is",
                    "IFS=:; echo $t; IFS=' '",
                    "echo ${arr[*]}; IFS=-; echo \"${arr[*]}\"; unset IFS",
                    "for k in \"${!arr[@]}\"; do echo $k; done",
                    "cd . && echo in",
                    "n=0; n=$((n+1)); echo $n",
                    "test -n \"$s\" && echo full",
                ])
                .to_owned(),
            21 => format!("echo {} > o; cat o; wc -l < o", self.words(2)),
            22 => format!("echo {} >> o; cat o", self.word()),
            23 => format!("echo {} 2>&1 | tr a-z A-Z", self.words(2)),
            _ => format!("echo {}", self.word()),
        }
    }

    fn redirect(&mut self) -> String {
        self.pick(&["", "> group; cat group", "2>/dev/null", "> /dev/null", ">> group", "| cat", "< /dev/null"]).to_owned()
    }

    fn pipe(&mut self) -> String {
        let first = match self.below(6) {
            0 => format!("seq {}", self.below(12)),
            1 => format!("printf '%s\\n' {}", self.words(4)),
            2 => format!("{{ {}; }}", self.simple()),
            3 => format!("echo {}", self.words(3)),
            4 => "printf 'b 2\\na 10\\nb 1\\nc 2\\n'".to_owned(),
            _ => format!("( {} )", self.simple()),
        };
        let filters: Vec<String> = (0..=self.below(2)).map(|_| self.filter()).collect();
        let end = self.pick(&["", "; echo $?", "", " || echo failed"]);
        format!("{first} | {}{end}", filters.join(" | "))
    }

    fn filter(&mut self) -> String {
        self.pick(&[
            "sort",
            "sort -r",
            "sort -n",
            "sort -u",
            "sort -k2",
            "sort -k2,2n -k1,1r",
            "uniq -c",
            "uniq",
            "uniq -d",
            "tr a-z A-Z",
            "tr -d aeiou",
            "tr -s a-z",
            "tr ' ' '\\n'",
            "tr -c 'a-z\\n' _",
            "cut -c1-3",
            "cut -d' ' -f2",
            "cut -d' ' -f1 -s",
            "grep -v a",
            "grep -c .",
            "grep -n o",
            "grep -E '^[a-z]+'",
            "grep -o '[0-9]*'",
            "grep -w two",
            "grep -q o",
            "sed 's/o/0/g'",
            "sed -n '2p'",
            "sed '1d'",
            "sed 's/\\(.\\)\\(.\\)/\\2\\1/'",
            "sed -E 's/[0-9]+/<&>/'",
            "awk '{print $2, NF}'",
            "awk '{s+=$2} END{print s+0}'",
            "awk 'NR>1'",
            "awk '{print length($0)}'",
            "awk -F: '{print $1}'",
            "awk '{n[$1]++} END{for(k in n) print k, n[k]}' | sort",
            "awk '/o/{print NR\":\"$0}'",
            "head -n 2",
            "tail -n 1",
            "tail -n +2",
            "head -c 5; echo",
            "wc -l",
            "wc -w",
            "wc -c",
            "cat",
            "cat -n",
            "rev",
            "tac",
            "nl",
            "paste -sd,",
            "xargs",
            "xargs -n1 echo -",
            "xargs -I{} echo '<{}>'",
            "tee copy",
            "while read -r x y; do echo \"$y $x\"; done",
            "{ read -r x; echo \"first $x\"; cat; }",
            "(cat; echo end)",
            "while read -r n; do a=$n; done; echo $a",
        ])
        .to_owned()
    }

    fn condition(&mut self) -> String {
        match self.below(16) {
            0 => format!("[ {} -{} {} ]", self.number(), self.pick(&["lt", "gt", "eq", "ne", "le", "ge"]), self.number()),
            1 => format!("[ {} {} {} ]", self.quoted(), self.pick(&["=", "!=", "=="]), self.quoted()),
            2 => format!(
                "[[ {} {} {} ]]",
                self.word(),
                self.pick(&["==", "!=", "=", "<", ">"]),
                self.pick(&["h*", "*o*", "\"$s\"", "$t", "a?c*", "[[:alpha:]]*", "abc"])
            ),
            3 => format!(
                "[[ {} =~ {} ]] && echo \"${{BASH_REMATCH[0]}}\"",
                self.word(),
                self.pick(&["^h", "[0-9]+", "o.*d$", "^(.)(.)", "a|o", "\\.tar", "x$"])
            ),
            4 => format!("[[ -n {} && {} -gt 2 ]]", self.word(), self.number()),
            5 => "[[ ! -z $u || ( $a == 3 && $b != 3 ) ]]".to_owned(),
            6 => format!("(( {} ))", self.arithmetic(2)),
            7 => format!("[ -z {} ]", self.quoted()),
            8 => format!("[ {} -gt 1 -a {} -lt 5 ]", self.number(), self.number()),
            9 => "[ -f o ]".to_owned(),
            10 => format!("test {} = {}", self.quoted(), self.quoted()),
            11 => "echo \"$s\" | grep -q o".to_owned(),
            12 => "true".to_owned(),
            13 => "false".to_owned(),
            14 => format!("f {} {}", self.word(), self.below(2)),
            _ => "[[ -v u ]]".to_owned(),
        }
    }

    fn number(&mut self) -> String {
        match self.below(3) {
            0 => self.below(6).to_string(),
            1 => self.pick(&["$a", "$b", "$c", "${#s}", "${#arr[@]}", "$#"]).to_owned(),
            _ => format!("$(({}))", self.arithmetic(1)),
        }
    }

    fn arithmetic(&mut self, depth: usize) -> String {
        if depth == 0 || self.one_in(4) {
            return match self.below(5) {
                0 | 1 => self.below(20).to_string(),
                2 => self.pick(&["0x1f", "010", "2#101", "-4", "1"]).to_owned(),
                _ => self.pick(&["a", "b", "c", "$a", "${#s}", "nope", "arr"]).replace("arr", "a"),
            };
        }
        let depth = depth - 1;
        match self.below(12) {
            0..=5 => {
                let sign = self.pick(&["+", "-", "*", "<", ">", "==", "!=", "&&", "||", "&", "|", "^", "<<", "<=", ">="]);
                let right = self.arithmetic(depth);
                format!("{} {sign} {right}", self.arithmetic(depth)).replace("<< -4", "<< 2")
            }
            6 => format!("{} {} {}", self.arithmetic(depth), self.pick(&["/", "%"]), 1 + self.below(5)),
            7 => format!("({})", self.arithmetic(depth)),
            8 => format!("{} ? {} : {}", self.arithmetic(depth), self.arithmetic(depth), self.arithmetic(depth)),
            9 => self.pick(&["a++", "--b", "++a", "b--", "(a+=2)", "(c=4)", "(b*=2)"]).to_owned().replace("--b", "-b"),
            10 => format!("!{}", self.below(3)),
            _ => format!("{} ** {}", self.below(4), self.below(4)),
        }
    }

    fn words(&mut self, most: usize) -> String {
        (0..=self.below(most)).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn plain(&mut self) -> &'static str {
        self.pick(&["one", "two", "x", "hello", "a1", "7", "-3", "o.k", "foo/bar", "UP"])
    }

    fn quoted(&mut self) -> String {
        match self.below(4) {
            0 => format!("\"{}\"", self.expansion()),
            1 => format!("'{} {}'", self.plain(), self.plain()),
            2 => format!("\"{} {}\"", self.plain(), self.expansion()),
            _ => self.pick(&["\"$s\"", "\"$u\"", "\"$t\"", "''"]).to_owned(),
        }
    }

    fn word(&mut self) -> String {
        match self.below(14) {
            0..=3 => self.plain().to_owned(),
            4 | 5 => self.quoted(),
            6..=8 => self.expansion(),
            9 => self
                .pick(&[
                    "{a,b}",
                    "{1..3}",
                    "x{1,2}y",
                    "{c..a}",
                    "{01..03}",
                    "$'a\\tb'",
                    "a\\ b",
                    "\"a\\\"b\"",
                    "~x",
                    "'it'\\''s'",
                    "{a,b}{1,2}",
                    "{1..7..3}",
                    "a{b",
                    "{}",
                ])
                .to_owned(),
            10 => format!("{}{}", self.plain(), self.expansion()),
            11 => format!(
                "$({})",
                self.pick(&["echo sub", "echo a b", "printf 'x\\ny\\n'", "f q", "seq 2", "true", "echo $(echo deep)", "echo \"$s\""])
            ),
            12 => format!("$(({}))", self.arithmetic(2)),
            _ => self.pick(&["`echo back`", "$a$b", "\"$a\"'$b'", "${a}x", "$?", "$#", "\"$@\"", "$*", "\"$*\""]).to_owned(),
        }
    }

    fn expansion(&mut self) -> String {
        self.pick(&[
            "$a",
            "$s",
            "$t",
            "$u",
            "${s}",
            "${u:-def}",
            "${u-def}",
            "${s:+alt}",
            "${nope:-$a}",
            "${#s}",
            "${#t}",
            "${t%.*}",
            "${t%%.*}",
            "${t#*.}",
            "${t##*.}",
            "${s/o/0}",
            "${s//o/0}",
            "${s/#h/H}",
            "${s/%d/D}",
            "${s//[aeiou]/}",
            "${s:1:3}",
            "${s: -3}",
            "${s:2}",
            "${s:0:-2}",
            "${s^}",
            "${s^^}",
            "${s,,}",
            "${arr[0]}",
            "${arr[@]}",
            "${arr[*]}",
            "${#arr[@]}",
            "${arr[-1]}",
            "${arr[@]:1}",
            "${arr[@]:0:2}",
            "${!arr[@]}",
            "${arr[@]/o/0}",
            "${#arr[1]}",
            "${s%%w*}",
            "${s#*l}",
            "${t/./-}",
            "${t//./}",
            "${u:=new}",
            "${arr[a-2]}",
            "${@:1:1}",
            "${#}",
            "${1:-none}",
            "${s@U}",
            "${t##*/}",
            "${s%o*}",
            "${arr[@]^}",
            "${s// /_}",
        ])
        .replace("${s@U}", "${s}")
    }
}
