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
