//! The virtual device's text and file programs against busybox's: the same script in an empty folder, the same output and
//! the same status. Where there is no busybox the test says so.

use std::process::{Command, Stdio as Pipe};
use std::sync::Arc;

use appwitness::clock::Clock;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::process::Stdio;
use appwitness::virtual_device::shell;
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

/// What both are asked; each runs in an empty folder.
const SCRIPTS: &[&str] = &[
    "seq 5 >a; split -l 2 a p; ls p*; cat pab; split -b 3 a q; ls q*; cat qaa; printf 12 | split -a 3 -b 1 - z; ls z*",
    "printf 'hello' | cksum; printf '123456789' >a; cksum a; : >b; cksum b a",
    "printf 'ab\\001hello\\000worlds\\nxy\\n' >a; strings a; strings -n 6 a; strings -t d a; printf x >b; unlink b; test -e b; echo $?; unlink b 2>/dev/null; echo $?",
    "printf 'a;b;c' | awk 'BEGIN{RS=\";\"}{print NR, $0}'; printf 'a 1\\nb\\n\\n\\nc 2\\n' | awk -v RS= '{print NR, $1, NF}'; printf 'x12y3z' >f; awk -v 'RS=[0-9]+' '{print FNR, $0}' f",
    "printf 'a 1\\nb 2\\n' | awk '{print $2, $1; s += $2} END {print s, NR, s/4}'",
    "printf 'a:1\\nb:2\\n' | awk -F: -v k=3 '$2 > 1 {printf \"%s=%05.1f|%-4s|%x\\n\", $1, $2 * k, $1, 255}'",
    "printf 'x\\na\\nb\\nc\\nd\\n' | awk '/a/,/c/ {n[length($0)]++; print NR \":\" $0} END {for (k in n) print k, n[k]}'",
    "printf 'k=v=w\\n' | awk '{n = split($0, p, \"=\"); print n, p[1], p[3]; gsub(/=/, \"<&>\"); print; print substr($0, 2, 3), index($0, \"v\")}'",
    "printf 'a b c\\n' | awk '{$2 = \"x\"; print; NF = 2; print; $5 = \"e\"; print NF, $0}' OFS=-",
    "awk 'BEGIN {while (i < 3) {i++; if (i == 2) continue; print i}; do print \"d\"; while (0); for (;;) break; exit 3}'; echo $?",
    "awk 'function f(n) {return n < 2 ? 1 : n * f(n - 1)} BEGIN {print f(10), -7 % 3, 1e6, 0.1 + 0.2, 100000 * 100000, 1/3}'",
    "awk 'BEGIN {print length(\"abc\"), toupper(\"ab\"), match(\"foobar\", /o+/), RSTART, RLENGTH, (\"a\" < \"b\"), (10 < 9), (\"10\" < \"9\")}'",
    "printf 'b 2\\na 1\\n' >t; awk '{print $1 >\"o\"} END {close(\"o\"); while ((getline l <\"o\") > 0) print \"<\" l \">\"}' t; awk 'NR==FNR{next} {print FILENAME, FNR}' t o",
    "printf '10\\n9\\nx\\n' | awk '$1 > 5; $1 ~ /^[0-9]+$/ && !/9/ {print \"n\"} $1 == \"x\" {print \"is x\"; next} {print -$1}'",
    "mkdir -p d/e; echo 1 >d/a; echo 2 >d/e/b; ln -s a d/l; tar -cf x.tar d; mkdir o; tar -xf x.tar -C o; cat o/d/e/b; readlink o/d/l; tar -xOf x.tar d/a; tar -tf x.tar | sort; tar -czf y.tgz d && tar -tzf y.tgz d/a",
    "printf '1\\n2\\n3\\n' >a; printf '1\\n3\\n' >b; diff -q a a; echo $?; diff a b >/dev/null; echo $?; diff -U0 a b | tail -n +3",
    "printf 'a b\\nc d\\n' | sed 's/b/X/'",
    "printf 'aaa\\nbab\\n' | sed 's/a/<&>/2; s/b/[&]/g'",
    "printf 'one two\\n' | sed -E 's/(\\w+) (\\w+)/\\2 \\1/'",
    "printf 'one two\\n' | sed 's/\\([a-z]*\\) \\([a-z]*\\)/\\2-\\1/'",
    "printf '1\\n2\\n3\\n4\\n5\\n' | sed -n '2,4p'",
    "printf '1\\n2\\n3\\n4\\n5\\n' | sed '2,4!d'",
    "printf '1\\n2\\n3\\n4\\n5\\n' | sed -n '/2/,/4/p;$='",
    "printf '1\\n2\\n3\\n4\\n5\\n' | sed '2,+1d'",
    "printf '1\\n2\\n3\\n4\\n5\\n' | sed '4,2d;3q'",
    "printf 'a\\nb\\nc\\n' | sed '1!G;h;$!d'",
    "printf 'a\\nb\\nc\\n' | sed ':a;N;$!ba;s/\\n/,/g'",
    "printf 'a\\nb\\n' | sed -e '1i\\' -e 'before' -e '$a\\' -e 'after'",
    "printf 'a\\nb\\nc\\n' | sed '2c\\\nnew'",
    "printf 'key=value\\n' | sed 's#=#/#;s/\\//:/'",
    "printf 'x1\\ny2\\n' | sed '/x/{s/1/one/;p;};y/xy/XY/'",
    "printf 'abc' | sed 's/b/-/'",
    "printf 'a.b\\n' | sed 's/[.]/\\n/'",
    "printf 'foo bar\\n' | sed -n 's/.*\\(b.r\\).*/\\1/p'",
    "printf 'a\\nb\\n' | sed 5q; printf 'a\\nb\\n' | sed 1q",
    "printf 'xa\\nxb\\n' >f; sed -i 's/x/y/' f; cat f",
    "printf 'a\\n' | sed 's/b/c/;t end;s/a/d/;:end'",
    "printf 'hello' | md5sum; printf 'hello' | sha1sum; printf 'hello' | sha256sum",
    "printf 'x' >a; md5sum a; sha1sum a",
    "printf 'abc\\ndef' | od -c; printf 'abc' | od -A x -t x1; printf 'abcdefgh' | od -An -tx4",
    "printf '\\001\\377' | od -An -tu1; printf 'aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb' | od -A d -b -j 2 -N 9",
    "yes a | head -n 40 | od -tx1",
    "printf 'Hello, world! 0123456789\\n' | xxd; printf 'Hello' | xxd -p; printf 48656c6c6f | xxd -r -p",
    "printf 'Hello, world! 0123456789' | xxd -g 1 -l 20",
    "printf 'abc' >a; printf 'abd' >b; cmp a b; echo $?; cmp -s a b; echo $?; cmp a a; echo $?",
    "printf 'a\\nbc' >a; printf 'a\\nbd' >b; cmp -l a b",
    "printf '0123456789' | dd bs=1 skip=2 count=3 2>/dev/null; dd if=/dev/zero bs=16 count=2 2>/dev/null | wc -c",
    "printf '0123456789' >f; printf 'ab' | dd of=f bs=1 seek=3 conv=notrunc 2>/dev/null; cat f",
    "printf '0123456789' >f; printf 'ab' | dd of=f bs=1 seek=3 2>/dev/null; cat f",
    "printf 'abc' >f; dd if=f of=g bs=4 conv=sync 2>/dev/null; wc -c <g",
    "mkdir -p d/e/g; echo 1 >d/a.txt; echo 2 >d/e/b.txt; echo 3 >d/e/g/c.log; find d | sort; find d -type f -name '*.txt' | sort",
    "mkdir -p d/e/g; echo 1 >d/a; : >d/e/b; find d -maxdepth 1 | sort; find d -mindepth 2 | sort; find d -empty | sort",
    "mkdir -p d/e; echo 1 >d/a; echo 22 >d/e/b; find d -type f -exec cat {} \\; | sort; find d -type f -exec echo {} + | wc -l",
    "mkdir -p d/e d/f; echo x >d/e/1; echo y >d/f/2; find d -path d/e -prune -o -type f -print",
    "mkdir d; echo x >d/1; echo xx >d/2; find d -type f ! -name 1; find d \\( -name 1 -o -name 2 \\) -size -2c; find d -name 3",
    "mkdir -p d; echo abc >d/1; echo xyz >d/2; find d -type f -exec grep -q abc {} \\; -print",
    "mkdir -p d; ln -s nowhere d/l; find d -type l; find d -iname L; find . -name d -type d",
    "find d -nosuch 2>/dev/null; echo $?",
    "seq 3; seq 2 4; seq 5 -2 1; seq -w 8 11; seq -s , 3; seq 1 0.5 2; seq 3 1",
    "printf 'b 2\na 10\nc 1\n' | sort -k2n; printf 'b 2\na 10\nc 2\n' | sort -k2,2nr -k1,1; printf 'a:3\nb:1\n' | sort -t: -k2",
    "printf '3\n10\n2\n' | sort -n; printf '3\n10\n2\n' | sort -rn; printf 'b\na\nb\n' | sort -u; printf 'b\nA\na\n' | sort -f",
    "printf 'Mar\nJan\nfeb\n' | sort -M; printf 'v1.10\nv1.9\n' | sort -V; printf 'b\na\n' | sort -c 2>/dev/null; echo $?",
    "printf 'x b\ny a\nx a\n' | sort -k2 -s; printf 'b\\0a\\0' | sort -z | tr '\\0' .; printf 'abc1\nabb9\n' | sort -k1.4n",
    "printf 'b\na\n' >f; sort -o f f; cat f; printf '1 x\n1 y\n0 z\n' | sort -u -k1,1n",
    "seq 5 | head -n -3; seq 5 | head -n 2; seq 5 | head -2; printf abcdef | head -c 3; printf abcdef | head -c -2; seq 5 | head -n -9",
    "printf 'A\na\nb\n' | uniq -i; printf 'A\na\nb\n' | uniq -ci; printf 'abc\nab\n' | wc -L",
    "printf 'a\nb\nc\n' | tac; printf 'abc\nde\n' | rev; printf 'a\n\nb\n' | nl; printf 'a\n\nb\n' | nl -ba -w 2 -s :",
    "seq 3 >a; printf 'x\ny\nz\n' >b; paste b a; paste -s a; paste -d, b a a; paste -s -d + a; seq 4 | paste - -",
    "printf '1\n2\n4\n' >a; printf '2\n3\n' >b; comm a b; comm -12 a b; comm -3 a b; comm -23 a b",
    "expr 1 + 2; expr 7 / 2; expr 7 % 4; expr 2 \\* 3 + 1; expr 2 \\* \\( 3 + 1 \\); expr 10 \\> 9; expr abc \\< abd; expr 0; echo $?",
    "expr abc : 'a\\(.*\\)'; expr abcd : 'ab'; expr abc : x; echo $?; expr '' \\| d; expr a \\& b; expr 1 - 1; echo $?; expr a + 1 2>/dev/null; echo $?",
    "truncate -s 10 t; wc -c <t; printf abc >t; truncate -s 2 t; cat t; truncate -s 1K t; wc -c <t",
    "printf x | sha512sum; printf x >a; sha256sum a >s; sha256sum -c s; printf y >a; sha256sum -c s 2>/dev/null; echo $?",
    "date -u -d @1600000000 +%F; date -u -d '2020-01-02 03:04:05' +%s; date -u -d '2020-01-02 03:04' '+%Y%m%d %H%M%S %a %j'",
    "touch -d '2020-01-02 03:04:05' a; date -u -r a '+%F %T'; touch -t 202103040506.07 b; date -u -r b '+%F %T'; touch -r a b; date -u -r b +%F",
    "f=$(mktemp -p . tmp.XXXXXX); test -f $f; echo $?; stat -c %a $f; d=$(mktemp -d ./dXXXXXX); test -d $d; echo $?; mktemp -u | wc -l",
    "X=1 printenv X; printenv NO_SUCH_NAME; echo $?; nice -n 5 echo nice; mkdir -p v/w; mkdir -v v/x 2>&1 | wc -l",
];

fn virtual_device(runtime: &tokio::runtime::Runtime, script: &str) -> (String, i32) {
    runtime.block_on(async {
        let machine = Machine::boot(Profile::new("agreement"), Clock::real());
        let (_, stdin) = mpsc::channel(1);
        let (stdout, mut out) = mpsc::channel::<Vec<u8>>(4);
        let (stderr, mut err) = mpsc::channel::<Vec<u8>>(4);
        let stdio = Stdio { stdin: Arc::new(Mutex::new(stdin)), stdout, stderr, hangup: CancellationToken::new() };
        let script = format!("mkdir /data/local/tmp/empty; cd /data/local/tmp/empty; {script}");
        let collect = async {
            let mut all = Vec::new();
            while let Some(bytes) = out.recv().await {
                all.extend(bytes);
            }
            String::from_utf8_lossy(&all).into_owned()
        };
        let drain = async { while err.recv().await.is_some() {} };
        let (status, output, ()) = tokio::join!(shell::run(machine, script, stdio, 2000), collect, drain);
        (output, status)
    })
}

fn busybox(number: usize, script: &str) -> Option<(String, i32)> {
    let folder = std::env::temp_dir().join(format!("appwitness-toys-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let ran = Command::new("busybox").args(["sh", "-c", script]).current_dir(&folder).stdin(Pipe::null()).output();
    let _ = std::fs::remove_dir_all(&folder);
    let output = ran.ok()?;
    Some((String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code()?))
}

#[test]
fn text_and_file_programs_agree_with_busybox() {
    if busybox(0, ":").is_none() {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no busybox");
        eprintln!("skipped: no busybox");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut wrong = Vec::new();
    for (number, script) in SCRIPTS.iter().enumerate() {
        let (ours, theirs) = (virtual_device(&runtime, script), busybox(number + 1, script).unwrap());
        if ours != theirs {
            wrong.push(format!("{script}\n  ours    {ours:?}\n  busybox {theirs:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), SCRIPTS.len(), wrong.concat());
}
