//! The virtual device's shell against mksh and dash: pure language, same output, same status.
//!
//! Where neither is installed the tests say so and pass.

use std::io::Write;
use std::process::{Command, Stdio as Pipe};
use std::sync::Arc;

use appwitness::clock::Clock;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::process::Stdio;
use appwitness::virtual_device::shell;
use proptest::prelude::*;
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

/// Output and exit status; error texts differ between shells and are left out.
type Ran = (String, i32);

fn virtual_shell(runtime: &tokio::runtime::Runtime, script: &str) -> Ran {
    runtime.block_on(async {
        let machine = Machine::boot(Profile::new("agreement"), Clock::real());
        let (_, stdin) = mpsc::channel(1);
        let (stdout, mut out) = mpsc::channel::<Vec<u8>>(4);
        let (stderr, mut err) = mpsc::channel::<Vec<u8>>(4);
        let stdio = Stdio { stdin: Arc::new(Mutex::new(stdin)), stdout, stderr, hangup: CancellationToken::new() };
        let running = shell::run(machine, script.to_owned(), stdio, 2000);
        let collect = async {
            let mut all = Vec::new();
            while let Some(bytes) = out.recv().await {
                all.extend(bytes);
            }
            String::from_utf8_lossy(&all).into_owned()
        };
        let drain = async { while err.recv().await.is_some() {} };
        let (status, output, ()) = tokio::join!(running, collect, drain);
        (output, status)
    })
}

fn real_shell(program: &str, script: &str) -> Option<Ran> {
    // A random script may read what it writes, without end: it is given two seconds of processor and 10 MiB of a file.
    let bounded = "ulimit -t 2; ulimit -f 20480; exec \"$0\" -c \"$1\"";
    let mut command = Command::new("sh");
    command
        .args(["-c", bounded, program, script])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", "/")
        .current_dir("/");
    let output = command.stdin(Pipe::null()).stderr(Pipe::null()).output().ok()?;
    Some((String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code()?))
}

/// The shells installed here. One that is missing is told past the test's own output, which is shown of failing tests
/// only; where everything must be there, it is a failure.
fn judges() -> Vec<&'static str> {
    let (found, missing): (Vec<&str>, Vec<&str>) =
        ["mksh", "dash"].into_iter().partition(|name| real_shell(name, ":").is_some_and(|(_, status)| status == 0));
    for name in missing {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no {name}");
        std::io::stderr().write_all(format!("skipped: no {name}\n").as_bytes()).unwrap();
    }
    found
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

/// Scripts in which dash and mksh agree.
const BOTH: &[&str] = &[
    "echo hi; exit 3",
    "a='x y'; for i in $a \"$a\"; do echo \"[$i]\"; done",
    "set -- a 'b c' d; echo $# \"$2\" \"$@\" $*; shift; echo $1; for x; do echo \"<$x>\"; done",
    "set -- 'a b' c; for x in \"$@\" p\"$@\"q; do echo \"<$x>\"; done; IFS=-; echo \"$*\"",
    "f() { local x=1; echo $1 $x; return 4; }; f z; echo $? ${x:-unset}",
    "x=a.b.c; echo ${x#*.} ${x##*.} ${x%.*} ${x%%.*} ${#x}",
    "echo ${u:-d} ${u-e} ${u:+f} ${u=g} $u ${u:+h}; (: ${v:?gone}; echo no); echo $?",
    "if false; then echo a; elif true; then echo b; else echo c; fi",
    "i=0; while [ $i -lt 5 ]; do i=$((i+1)); [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done; echo end $i",
    "i=3; until [ $i -eq 0 ]; do i=$((i-1)); done; echo $i",
    "case abc in a*) echo star;; *) echo other;; esac; case 'a*' in a\\*) echo literal;; esac",
    "case x in y) ;; [!a-w]) echo class;; esac",
    "echo a | { read x; echo \"got $x\"; }; printf '%s\\n' one two | while read l; do echo \"-$l\"; done",
    "x=$(echo 'a  b'; echo c); echo \"$x\"; echo $x; echo `echo back`",
    "cat <<E\na $((1+1)) $(echo c) \\$x\nE\ncat <<'E'\n$x\nE\ncat <<-E\n\ttabs\n\tE",
    "(exit 5); echo $?; ! true; echo $?; true && echo y || echo n; false || echo z",
    "trap 'echo bye' EXIT; echo hi; exit 2",
    "trap 'echo usr' USR1; kill -USR1 $$; echo after",
    "(trap 'echo sub' EXIT; echo in); echo out",
    "set -e; false || true; if false; then :; fi; echo on; false; echo never",
    "set -u; echo ${x-}; echo $x; echo never",
    "set -e; if y=$(false; echo in); then echo \"<$y>\"; else echo \"else <$y>\"; fi; echo \"$(false; echo no)\" && echo on",
    "echo $((2*3+4%3)) $((1<2&&2<1)) $((5>3?10:20)) $((x=7)) $x $((x+=2)) $((-7/2)) $((0x1f))",
    "f() { f2; echo $?; }; f2() { return 7; }; f",
    "x=1; (x=2; echo $x); echo $x; { x=3; }; echo $x",
    "x=5 eval 'echo $x'; y=1; y=2 true; echo $y",
    "eval 'echo a; exit 3'; echo b",
    "exec 3>&1; echo three >&3; exec 3>&-; echo done",
    "echo out 2>/dev/null; echo err >&2; { echo a; echo b >&2; } 2>&1 | cat",
    "sleep 0.01 & wait $!; echo $?; (exit 9) & wait $!; echo $?",
    "for i in 1 2 3; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done",
    "for i in 1 2; do for j in a b; do break 2; done; echo no; done; echo yes",
    "IFS=:; x=a:b::c; set -- $x; echo $#; for i; do echo \"<$i>\"; done",
    "x='*'; echo \"$x\" '*' \\*",
    "unset x; x=${x:-a}${x}b; echo $x; readonly r=1; echo $r",
    "echo \"a\\$b\\\"c\\\\d\\`e\" 'f\\g' h\\ i",
    "echo 'a\\tb\\nc'; echo -n x; echo y",
    "test -n a -a -z ''; echo $?; [ a = b -o 1 -lt 2 ]; echo $?; [ ! -e /nope ]; echo $?",
    "read a b <<E\none two three\nE\necho \"$a|$b\"; IFS=, read a b c <<E\n1,2,,3\nE\necho \"$a|$b|$c\"",
    "read -r x <<'E'\na\\b\nE\necho $x; read x <<'E'\na\\\nb\nE\necho $x",
    "while read x; do echo \"[$x]\"; done <<E\n a b \n\nlast\nE",
    "getopts ab: o -b val; echo $o $OPTARG $OPTIND",
    "command -v cd; command echo hi; type nosuchthing >/dev/null 2>&1; echo $?",
    "nosuchcommand_; echo $?; /dev/null; echo $?; /; echo $?",
    "echo > /nope/x; echo $?; cat < /nope; echo $?",
    ". /nope; echo never",
    "f() { echo f; unset -f f; }; f; f; echo $?",
    "x=\"a'b\"; echo \"${x%\\'*}\" \"${x#*\"'\"}\"",
    "echo ${x:-\"a  b\"} \"${x:-a b}\" ${x:-a b} \"${x:-'q'}\"",
    "a=1 b=2; echo $a$b; a=$b b=$a; echo $a$b",
    "return 3; echo no",
    "true; echo $?; false; echo $?; echo $?",
    "set -- ; echo $# \"$@\" x\"$@\"y; for i in \"$@\"; do echo no; done",
    "x=abc; case $x in ?b?) echo q;; esac; case '' in '') echo e;; esac",
    "{ echo a; exit 3; } | cat; echo $?; false | true; echo $?",
    "echo $(echo $(echo deep) \"$(echo 'q q')\")",
    "y=$(case abc in a*) echo star;; *) echo other;; esac); echo \"$y\"",
    "echo \"$(read x <<E\n) case\nE\necho \"<$x>\")\"; echo $(cat <<'E'\n$(\nE\n)",
    "echo a;echo b&&echo c||echo d;! false&&echo e",
    "kill -TERM $$; sleep 1; echo no",
    "x=~; echo $x ~/a '~' \"~\"",
    "echo \"$(printf 'a\\n\\n')\"x",
    "printf '%d %s %x %5s|%-5s|%05d\\n' 12 str 255 ab cd 42; printf '%s-' a b c; printf '%%\\n'; printf '%b' 'x\\ty\\n'",
];

/// Scripts in mksh's own language.
const MKSH: &[&str] = &[
    "set -- a b; for e in; do echo $e; done; for e in\ndo echo $e; done; for e; do echo $e; done",
    "trap 'echo bye' EXIT; trap 'echo term; exit 5' TERM; false; kill $$; echo never",
    "y=$(alias al='echo al '\nal x\n)\necho \"<$y>\"; alias al=echo\ny=$(al in); echo $y",
    "alias e=echo\ne hi; e there\nif true; then e yes; fi; \\e no; echo $?",
    "alias x='echo a '\nalias y=b\nx y y\nunalias x; unalias x; echo $?\nalias y; alias nope; echo $?",
    "alias lo='for i in 1 2; do echo $i; done'\nlo\nalias endif=fi\nif true; then echo t; endif",
    "alias a='b x' b='echo y'\na z\nalias q=q\nf() { alias g=echo; }; f\ng hi",
    "alias e=echo\neval 'e hi'; y=$(e hi); echo $y; echo `e back`; command -v e; type e",
    "x='{a,b}'; echo $x; y='a,b'; echo {$y} x{$y,c} {$(echo 1,2),3}; z='p q'; echo {$z,c}; v={a,b}; echo $v",
    "i=0; echo {$((i++)),b} $i; echo {{a,b}} {{a,b},c} {a,b{c,d}}e {} {a} {a,b a,b}; set -- {,}; echo $#; set +o braceexpand; echo {a,b}",
    "echo '{a,b}' \"{a,b}\" \\{a,b} {a\\,b,c} {\"a,b\",c} \"$x\"{1,2}; for i in {a,b}{1,2}; do echo $i; done; a=({x,y}z); echo ${#a[*]}",
    "typeset -n r=x; x=5; echo $r; r=6; echo $x ${!r}; ((r++)); echo $x; read r <<<9; echo $x; for r in a b; do :; done; echo $x; unset r; echo ${x-unset}",
    "f() { nameref v=$1; v=hello; v[2]=two; }; f zz; echo ${zz[*]} ${v-none}; x=1; typeset -n r=x; typeset +n r; echo $r",
    "set -- -ab foo -- -c; while getopts ab:c o; do echo \"$o [$OPTARG] $OPTIND\"; done; shift $((OPTIND-1)); echo $*",
    "set -- +a -b; while getopts ab o; do echo \"$o\"; done; set -- -b; OPTIND=1; getopts :b: o; echo \"$o $OPTARG $OPTIND\"",
    "printf 'abc\\ndef\\n' | { read -n 2 x; echo \"<$x>\"; read -N 3 y; echo \"<$y>\"; }; read -n 9 x <<<abc; echo $? $x; exec 4<<<one; read -u4 x; echo $x",
    "trap 'echo err $?' ERR; if false; then :; fi; false || true; ! true; echo on; f() { false; }; f; false; trap; trap - ERR; false; echo end",
    "trap 'echo u' USR1; trap USR1; kill -USR1 $$; trap 10; trap; echo over",
    "false | true | false; echo \"${PIPESTATUS[@]}\"; true | false; echo ${PIPESTATUS[1]}; (exit 3); echo $PIPESTATUS",
    "PATH=~:~/x:a~:\"~\":~; echo $PATH; x=a:~; echo $x; export y=~:~; echo $y; echo a:~",
    "echo $-; set -u; echo $-; set -o noglob; echo $-; (set -e; echo $-)",
    "x=hello; echo ${x:1:-1} ${x: -2:-1} ${x:0:2}; echo $((1#a)) $((1#Z)) $((36#Az)) $((10#09)) $((37#1))",
    "[[ -v x ]]; echo $?; x=1; [[ -v x ]]; echo $?; test -v x; echo $?; [ 0x10 -eq 16 ]; echo $?; [ 010 -eq 10 ]; echo $?",
    "print -l a 'b c'; print -l; print -rl 'a\\b' c; SECONDS=100; echo $SECONDS; kill -l TERM; echo $?; builtin nosuch; echo never",
    "echo a\nif\necho never",
    "printf '%e %g %G %.2e %g %g\\n' 1234.5 0.0001 1e20 0.00012 100000 1000000",
    "[[ abc == a* && ! -e /nope ]]; echo $?; [[ -n '' || x != x ]]; echo $?; [[ 2 -lt 10 ]]; echo $?",
    "x=abcabc; echo ${x/b/X} ${x//b/X} ${x/#a/Y} ${x/%c/Z} ${x:1:2} ${x: -2}",
    "echo a{b,c}d{1,2} {x} $'t\\tn'",
    "case foo in @(foo|bar)) echo yes;; esac; case 123 in +([0-9])) echo num;; esac",
    "echo $((2147483647+1)) $((010)) $((16#ff)) $((1<<31))",
    "(( 1 + 1 == 2 )) && echo y; let 'x = 3 * 4'; echo $x",
    "print -r 'a\\b'; print a b; print -n c; echo",
    "x=1; x+=2; echo $x; typeset y=3; echo $y",
    "echo foo >/dev/null 2>&1; cat <<<'here string'",
    "set -o pipefail; false | true; echo $?",
    "cd /proc; cd /; cd -; echo $? $PWD $OLDPWD",
    "set -C; echo a >/dev/null; echo $?; echo b >>/dev/null; set +C; echo $?",
    "sleep 9 & kill %1; echo $?; wait; sleep 9 & sleep 8 & kill %- %%; echo $?; wait; echo over",
    "times | wc -l; ulimit -c >/dev/null; echo $?",
    "function f { echo \"f $1\"; }; f x",
    "type cd kill if; whence -v echo | head -c 4; echo",
    "kill -l 15; kill -l 137; echo $?",
    "a[0]=x; a[3]=y; echo ${a[0]} ${a[3]} ${#a[*]} ${!a[*]} ${a[*]}",
    r#"set -A a x y 'z w'; echo ${a[1]} "${a[2]}" ${#a[@]}; for i in "${a[@]}"; do echo "<$i>"; done"#,
    r#"a=(x y "z w"); echo ${a[2]}; a+=(q); echo ${#a[*]} ${a[3]}; unset 'a[1]'; echo ${a[*]} ${!a[@]}"#,
    "a=(1 2 3); echo $((a[0]+a[2])) $((a[1]*10)); ((a[1]=7)); echo ${a[1]}; ((a[1]++)); echo ${a[1]}; i=2; echo ${a[i]} ${a[i-1]} ${a[$i]}",
    r#"a=(1 2 3); echo $a ${a} ${#a}; a=z; echo ${a[*]}; unset a; echo "<${a[*]}>" ${#a[*]}"#,
    "set -A a; echo ${#a[*]}; set +A a 1 2 3; set +A a 9; echo ${a[*]}",
    r#"a=(x y); echo "${a[*]}"; IFS=-; echo "${a[*]}"; echo ${a[*]/x/Q} ; echo ${a[0]#x}"#,
    r#"a=(foo bar); echo ${a[1]:1} ${a[1]%r} ${#a[1]} ${a[5]:-def} "${a[@]:-n}""#,
    "typeset -i x=3; x=x+4; echo $x; x=abc; echo $x; x=2#101; echo $x",
    "typeset -i16 x=255; echo $x; typeset -i2 y=5; echo $y; typeset -Uui h=4294967295; echo $h",
    "typeset -u x=abc; echo $x; typeset -l x; echo $x; x=XyZ; echo $x",
    r#"typeset -L5 x=abcdefg; echo "<$x>"; typeset -R5 y=ab; echo "<$y>"; typeset -Z5 z=42; echo "<$z>"; typeset -L4 q='  ab'; echo "<$q>""#,
    "typeset -r c=5; c=6; echo no",
    r#"f() { typeset -i n=5; n=n+1; echo $n; typeset l=1; }; f; echo "<$n$l>""#,
    "integer n=3; n=n*2; echo $n",
    "[ 1 -eq 1+0 ]; echo $?; [ 3 -gt a ]; echo $?; a=5; [ a -eq 5 ]; echo $?; test ' 7 ' -eq 7; echo $?",
    "[ 1 -eq b@d ]; echo $?",
    r#"read -r x <<<'a\b c'; echo "$x"; read -d : y <<<'p q:r'; echo "$y"; read -A arr <<<'one two three'; echo ${arr[1]} ${#arr[*]}"#,
    "trap 'echo x' INT TERM; trap; trap - INT; trap -p TERM; trap '' HUP; trap",
    r#"echo {a,b}{1,2} x{1..3}y {a} {a,} a{b,c{d,e}}f "{a,b}""#,
    "x=5; echo $((x++ + ++x)) $x $((x+=3)) $((x**2))",
    r#"echo ${#} ${1-none} ${@:-none} "${*-n}"; set -- a b c d; echo ${@:2} ${@:2:2} ${*:1:1} "$#""#,
    "whence -v fn cd; type nosuch; echo $?; command -v if cd fn; command -V cd",
    r#"eval "x=(1 2)"; echo ${x[1]}; b[1+1]=q; echo ${b[2]}; b[i=3]=r; echo ${b[3]} $i"#,
    "typeset -A m; echo $?",
    "typeset -i i; i='1+2'; echo $i; typeset +i i; i=1+2; echo $i",
    "export x=1 y; readonly z=3; typeset -p x z; typeset x y=3; typeset -p y",
    "set -u; a=(1); echo ${a[0]}; echo ${a[4]}; echo never",
    r#"echo $'a\'b' "$'x'" $"abc""#,
    r#"a[1]=x b=y; echo ${a[1]} $b; a[1]+=z; echo ${a[1]}; a[2]=q eval 'echo ${a[2]}'; echo "<${a[2]}>""#,
    "a=([2]=x [5]=y z); echo ${!a[*]} ${a[*]}; a=(); echo ${#a[*]}",
    "x[99999999]=1; echo ${#x[*]}; x[-1]=2; echo ${!x[*]}; x[4294967296]=3; echo ${!x[*]}",
    "readonly a=(1 2); a[0]=3; echo no",
    "local x=5; echo $x $?",
    ": ${x[2]:=5}; echo ${x[2]}; echo ${x[2]+set} ${x[3]-unset} ${x[*]:+some}",
    r#"for i in "${a[@]}"; do echo no; done; a=('' b); for i in "${a[@]}"; do echo "<$i>"; done; for i in ${a[@]}; do echo "<$i>"; done; echo pre"${a[@]}"post"#,
    "set -A a 3 1 2; set -sA a; echo ${a[*]}; set -s c a b; echo $*",
    r#"a=(x y z); echo ${a[@]:1} ; echo ${a[*]#x} "${a[@]/y/w}" ${#a[@]} ${a[-1]}"#,
    r#"printf '%s\n' "${a[@]}"; a=(1 2); printf '%s,' "${a[@]}"; echo; b=("${a[@]}" 3); echo ${#b[@]}"#,
    r#"read a[1] b <<<'x y'; echo ${a[1]} $b; unset a b; a[0]=5; unset a[0]; echo "<$a>" ${#a[*]}"#,
    "typeset x[3]=4; echo ${x[3]}; typeset -i n[2]=1+1; echo ${n[2]}; export e[1]=2; echo ${e[1]}",
    "f() { typeset a; a=(1 2); echo ${#a[*]}; }; a=(9); f; echo ${a[*]}",
    r#"[ -z "$x" ] ; echo $?; [ "a" \< "b" ]; echo $?; [ ! a = b ]; echo $?; [ a = a -a b = b ]; echo $?; test; echo $?; [ -o errexit ]; echo $?"#,
    "umask 022; umask; umask -S; umask 077; umask -S; umask u=rwx,g=rx,o=; umask; umask g+w; umask 8; echo $?; umask xyz; echo $?",
    "readonly r=1; unset r; echo $?; (r=2; echo no); echo $?; read r <<<x; echo $?; (: $((r=3)); echo no); echo $?; f() { local r=2; echo $r; }; f; echo $r",
    r#"x=abc; echo "${x@Q}"; y="a b'c"; echo "${y@Q}"; set -- a b; (echo ${@#a}); echo $?; (echo ${*:-n} ${@:1}); echo $?"#,
    r#"x=$'a\tb\nc'; typeset -p x; echo "${x@Q}"; a[0]=q; typeset -p a; b=(z); typeset -p b; set -A c; typeset -p c"#,
    "for ((i=0; i<2; i++)); do echo $i; done",
    r#"set -A a -- -x y; echo ${a[*]}; echo ${!a} ${!a[1]} "${!a[@]}"; unset 'a[0]'; echo "<$a>" ${!a[*]}; unset 'a[*]'; echo ${#a[*]}"#,
    r#"typeset -Z3 x=7; echo $x; x=12345; echo $x; typeset -LZ4 w=0050; echo "<$w>"; typeset -iZ4 n=7; echo $n; typeset -p w n; typeset +Z x; echo $x"#,
];

fn agree(shells: &[&str], scripts: &[&str]) {
    let runtime = runtime();
    let mut wrong = Vec::new();
    for script in scripts {
        let ours = virtual_shell(&runtime, script);
        for shell in shells {
            let Some(theirs) = real_shell(shell, script) else { continue };
            if ours != theirs {
                wrong.push(format!("{script}\n  {shell}: {theirs:?}\n  ours: {ours:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), scripts.len(), wrong.join("\n"));
}

#[test]
fn the_shell_agrees_with_mksh_on_what_every_shell_knows() {
    agree(&judges().into_iter().filter(|name| *name == "mksh").collect::<Vec<_>>(), BOTH);
}

#[test]
fn the_shell_agrees_with_mksh_on_what_only_ksh_knows() {
    agree(&judges().into_iter().filter(|name| *name == "mksh").collect::<Vec<_>>(), MKSH);
}

/// Words of pure language.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c]{1,3}",
        Just("$x".to_owned()),
        Just("\"$x\"".to_owned()),
        Just("'q q'".to_owned()),
        Just("${x:-d e}".to_owned()),
        Just("\"${y:-d e}\"".to_owned()),
        Just("${x#a}".to_owned()),
        Just("${x%%b*}".to_owned()),
        Just("${#x}".to_owned()),
        Just("$((1+2*3))".to_owned()),
        Just("$((${#x}-2))".to_owned()),
        Just("$(echo n m)".to_owned()),
        Just("\"$(echo n; echo m)\"".to_owned()),
        Just("\\$x".to_owned()),
        Just("\"\"".to_owned()),
        Just("$?".to_owned()),
        Just("$#".to_owned()),
        Just("\"$@\"".to_owned()),
        Just("$*".to_owned()),
        Just("$1".to_owned()),
    ]
}

fn simple() -> impl Strategy<Value = String> {
    let words = || proptest::collection::vec(word(), 0..4).prop_map(|words| words.join(" "));
    prop_oneof![
        6 => words().prop_map(|words| format!("echo {words}")),
        1 => word().prop_map(|word| format!("x={word}")),
        1 => word().prop_map(|word| format!("y={word}; echo \"$y\"")),
        1 => words().prop_map(|words| format!("set -- {words}")),
        1 => Just("true".to_owned()),
        1 => Just("false".to_owned()),
        1 => Just("unset x".to_owned()),
        1 => Just("f a b".to_owned()),
        1 => (word(), word()).prop_map(|(a, b)| format!("test {a} = {b}")),
        // With a space: two parentheses in a row may be arithmetic (POSIX 2.9.4.1 asks scripts to keep them apart).
        1 => Just("( exit 3)".to_owned()),
        // Here-documents: expanded, taken as they are, with tabs taken off.
        1 => words().prop_map(|words| format!("{READ} <<E\n {words} \\$x\nE")),
        1 => words().prop_map(|words| format!("{READ} <<'E'\n {words} \\$x\nE")),
        1 => words().prop_map(|words| format!("{READ} <<-E\n\t\t{words}\n\tE")),
        // Files and descriptors.
        1 => words().prop_map(|words| format!("echo {words} >@T/f")),
        1 => words().prop_map(|words| format!("echo {words} >>@T/f")),
        1 => Just(format!("{READ} <@T/f")),
        1 => Just("echo to err >&2".to_owned()),
        1 => Just("echo nowhere >@T/none/f".to_owned()),
        1 => words().prop_map(|words| format!("exec 4>@T/g; echo {words} >&4; exec 4>&-; {READ} <@T/g")),
        // Traps. Signals come at the top only: within a part that runs beside the shell they come at any time.
        1 => word().prop_map(|word| format!("trap 'echo bye {}' EXIT", word.replace('\'', "\""))),
        1 => Just("trap - EXIT".to_owned()),
        1 => Just("wait".to_owned()),
    ]
}

/// Shows each line of its input, without any program.
const READ: &str = "while read -r l; do echo \"<$l>\"; done";

/// Words of ksh's language alone.
fn korn_word() -> impl Strategy<Value = String> {
    let fixed = proptest::sample::select(vec![
        "${a[0]}",
        "$a",
        "${a[1]}",
        "\"${a[1]}\"",
        "${a[i]}",
        "${a[i+1]}",
        "\"${a[@]}\"",
        "\"${a[*]}\"",
        "${a[*]}",
        "${a[@]}",
        "${#a[*]}",
        "${#a[1]}",
        "${!a[*]}",
        "\"${!a[@]}\"",
        "${a[1]#a}",
        "${a[2]%b*}",
        "${a[2]:-d e}",
        "\"${a[3]-d e}\"",
        "${a[1]+s t}",
        "${a[*]:-n o}",
        "${x:1:2}",
        "${x/b/_}",
        "${x//[ab]/-}",
        "${x/#a/_}",
        "${x: -1}",
        "{a,b}c",
        "a{,b}",
        "$'a\\tb'",
        "\"${x@Q}\"",
        "$((${#a[*]}*2))",
        "$((i+1))",
        "pre\"${a[@]}\"post",
        "${a[1]:0:1}",
        "$(echo ${a[*]})",
        "{$x,c}",
        "$b",
        "{$b}",
        "{\"$x\",'q q'}",
        "${PIPESTATUS[*]}",
        "${x:1:-1}",
        "$-",
    ]);
    prop_oneof![2 => fixed.prop_map(str::to_owned), 1 => word()]
}

/// Commands of ksh's language alone.
fn korn() -> impl Strategy<Value = String> {
    let words = || proptest::collection::vec(korn_word(), 0..4).prop_map(|words| words.join(" "));
    let shapes = vec!["-u", "-l", "-L3", "-R3", "-Z3", "-L", "-RZ4"];
    prop_oneof![
        4 => words().prop_map(|words| format!("echo {words}")),
        2 => words().prop_map(|words| format!("for e in {words}\ndo echo \"<$e>\"\ndone")),
        1 => words().prop_map(|words| format!("set -A a {words}")),
        1 => words().prop_map(|words| format!("set +A a -- {words}")),
        2 => words().prop_map(|words| format!("a=({words})")),
        1 => words().prop_map(|words| format!("a+=({words})")),
        1 => (0..4, korn_word()).prop_map(|(place, word)| format!("a[{place}]={word}")),
        1 => korn_word().prop_map(|word| format!("a[i+1]+={word}")),
        1 => korn_word().prop_map(|word| format!("a+={word}")),
        1 => (0..4).prop_map(|place| format!("unset 'a[{place}]'")),
        1 => Just("unset a".to_owned()),
        1 => Just("typeset -p a".to_owned()),
        1 => (proptest::sample::select(shapes), korn_word())
            .prop_map(|(shape, word)| format!("typeset {shape} s={word}; echo \"<$s>\"; s=Ab1; echo \"<$s>\"; unset s")),
        1 => Just("typeset -i n=i+2; echo $n; n=n*3; echo $n; ((n+=1)); echo $n; typeset +i n; n=1+1; echo $n".to_owned()),
        1 => Just("i=$((i+1)); ((a[i+2]=i, a[i+2]++)); echo $? ${a[i+2]}".to_owned()),
        // An expansion to nothing without quotes is no line to mksh, now and then.
        1 => korn_word().prop_map(|word| format!("read -A a <<<\"z \"{word}")),
        1 => korn_word().prop_map(|word| format!("read -r a[1] a[2] <<<\"z \"{word}")),
        1 => korn_word().prop_map(|word| format!("[[ {word} = a* ]]; echo $?")),
        1 => Just("[ i+1 -gt 1 ]; echo $?".to_owned()),
        1 => korn_word().prop_map(|word| format!("b='p,q {{r,s}}'{word}")),
        1 => words().prop_map(|words| format!("typeset -n v=a; v=({words}); echo ${{#a[*]}}; typeset +n v; unset v")),
        1 => Just("trap 'echo failed $?' ERR".to_owned()),
        1 => Just("trap - ERR".to_owned()),
        1 => words().prop_map(|words| format!("alias al='echo al '\nal {words}\nunalias al")),
        1 => Just("set -- -ab i -c +a; OPTIND=1; while getopts ab:c o; do echo \"$o $OPTARG $OPTIND\"; done".to_owned()),
        1 => words().prop_map(|words| format!("print -r -- {words}")),
        1 => Just("umask 0$((i%8))7; umask; umask -S".to_owned()),
        1 => words().prop_map(|words| format!("g() {{ typeset a; a=({words}); echo ${{#a[*]}}; }}; g")),
    ]
}

fn script(simple: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    // Parts end with a newline, not with a semicolon: a here-document may stand in each.
    let compound = simple.prop_recursive(4, 24, 3, |inner| {
        let pair = (inner.clone(), inner.clone());
        let three = (inner.clone(), inner.clone(), inner.clone());
        // A function that calls itself, or a loop that goes on for ever, is no test.
        let tame = |text: String| text.replace("f a b", ":");
        prop_oneof![
            pair.clone().prop_map(|(a, b)| format!("{a}\n{b}")),
            pair.clone().prop_map(|(a, b)| format!("{{ {a}\n}} && {{ {b}\n}}")),
            pair.clone().prop_map(|(a, b)| format!("{{ {a}\n}} || {{ {b}\n}}")),
            pair.clone().prop_map(|(a, b)| format!("{{ {a}\n}} | {{ {READ}; {b}\n}}")),
            three.prop_map(|(a, b, c)| format!("if {a}\nthen {b}\nelse {c}\nfi")),
            (word(), inner.clone()).prop_map(|(w, a)| format!("for x in {w} z; do {a}\ndone")),
            (word(), pair.clone()).prop_map(|(w, (a, b))| format!("case {w} in a*) {a}\n;; *b|\"q q\") {b}\n;; esac")),
            inner.clone().prop_map(|a| format!("( {a}\n)")),
            inner.clone().prop_map(|a| format!("! {{ {a}\n}}")),
            inner.clone().prop_map(move |a| tame(format!("f() {{ echo in \"$1\" $#\n{a}\nreturn 2\n}}"))),
            inner.clone().prop_map(|a| format!("y=$({a}\n)\necho \"$y\"")),
            inner.clone().prop_map(|a| format!("while {a}\ndo {a}\nbreak\ndone")),
            inner.clone().prop_map(|a| format!("{{ {a}\n}} >@T/h 2>&1\n{READ} <@T/h")),
            inner.clone().prop_map(|a| format!("{{ {a}\n}} 3>&1 >/dev/null")),
            inner.clone().prop_map(|a| format!("{{ {{ {a}\n}} >&3; }} 3>&1")),
            inner.clone().prop_map(|a| format!("{{ {a}\n}} &\nwait $!\necho \"ended $?\"")),
            inner.clone().prop_map(|a| format!("( trap 'echo sub' EXIT\n{a}\n)")),
            pair.prop_map(move |(a, b)| tame(format!("i=0; while [ $i -lt 3 ]; do i=$((i+1))\n{a}\n{b}\ndone"))),
        ]
    });
    let signal = prop_oneof![
        Just("trap 'echo usr $?' USR1; kill -USR1 $$".to_owned()),
        Just("trap '' USR2; kill -USR2 $$".to_owned()),
        Just("trap 'echo term; exit 5' TERM; kill $$; echo never".to_owned()),
    ];
    let line = prop_oneof![8 => compound, 1 => signal];
    (proptest::collection::vec(line, 1..4), any::<bool>()).prop_map(|(lines, strict)| {
        let head = if strict { "set -e\n" } else { "" };
        format!("{head}x=abab i=0\n: >@T/f\nf() {{ echo f $#; }}\n{}", lines.join("\n"))
    })
}

/// How many generators of scripts there are, and scripts of each: more on demand.
fn seeds() -> (u64, u32) {
    let asked = std::env::var("APPWITNESS_SHELL_SEEDS").ok().and_then(|text| text.parse().ok());
    (asked.unwrap_or(4), 192)
}

#[test]
fn random_scripts_come_to_the_same() {
    come_to_the_same("posix", &judges(), || simple().boxed());
}

#[test]
fn random_scripts_of_arrays_and_attributes_come_to_the_same() {
    let judges: Vec<&str> = judges().into_iter().filter(|name| *name == "mksh").collect();
    come_to_the_same("korn", &judges, || prop_oneof![1 => simple(), 2 => korn()].boxed());
}

/// Most bytes a script says that comes to its end.
const LONGEST: usize = 64 << 10;

fn come_to_the_same(name: &str, judges: &[&str], simple: impl Fn() -> BoxedStrategy<String>) {
    let runtime = runtime();
    let folder = std::env::temp_dir().join(format!("appwitness-shell-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let real = folder.to_str().unwrap();
    let (count, cases) = seeds();
    let mut failed = Vec::new();
    for number in 0..count {
        let mut seed = [0x5a; 32];
        seed[..8].copy_from_slice(&number.to_le_bytes());
        let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
        let rng = proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &seed);
        let mut runner = proptest::test_runner::TestRunner::new_with_rng(config, rng);
        let done = runner.run(&script(simple()), |script| {
            let there = script.replace("@T", real);
            // One that does not come to its end says nothing.
            let theirs: Option<Vec<Ran>> = judges.iter().map(|shell| real_shell(shell, &there)).collect();
            let Some(theirs) = theirs else { return Ok(()) };
            let Some(first) = theirs.first() else { return Ok(()) };
            // A file that is read while it is written goes on until the bound.
            // Words of errors differ.
            if theirs.iter().any(|(said, _)| said.len() > LONGEST || said.contains(": mksh: ")) {
                return Ok(());
            }
            // What the real shells do not agree on is nobody's rule.
            if theirs.iter().all(|other| other == first) {
                let here = script.replace("@T", "/data/local/tmp");
                prop_assert_eq!(&virtual_shell(&runtime, &here), first, "{}", script);
            }
            Ok(())
        });
        failed.extend(done.err().map(|error| format!("seed {number}: {error}")));
    }
    let _ = std::fs::remove_dir_all(&folder);
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
