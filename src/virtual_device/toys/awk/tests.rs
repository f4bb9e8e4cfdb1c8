//! Programs that scripts give to awk, and what comes of them (asked of mawk and busybox once).

use std::collections::VecDeque;

use super::parse::parse;
use super::run::{Machine, Outside, Stop};

/// No files.
struct Nowhere;

impl Outside for Nowhere {
    fn write(&mut self, _: &str, _: bool, _: &str) -> bool {
        false
    }

    fn read(&mut self, _: &str) -> Option<VecDeque<String>> {
        None
    }

    fn now(&self) -> f64 {
        0.0
    }
}

fn ran(program: &str, input: &str) -> String {
    let mut machine = Machine::new(parse(program).unwrap(), Nowhere);
    let mut done = machine.edge(true);
    for line in input.lines() {
        done = done.and_then(|()| match machine.record(line.to_owned()) {
            Err(Stop::Next) => Ok(()),
            other => other,
        });
    }
    if let Err(Stop::Failed(message)) = done {
        return message;
    }
    let _ = machine.edge(false);
    machine.out
}

#[test]
fn programs_of_scripts_do_what_they_do_elsewhere() {
    let table = "shell 244 1 adbd\nroot 1 0 init\nu0_a5 1300 600 com.example.app\n";
    for (program, input, told) in [
        ("{print $2}", table, "244\n1\n1300\n"),
        ("$1 ~ /^u0/ {print $NF}", table, "com.example.app\n"),
        ("/init/", table, "root 1 0 init\n"),
        ("NR==2{print; exit} END{print NR}", table, "root 1 0 init\n2\n"),
        ("{s+=$2} END{print s, s/NR}", table, "1545 515\n"),
        ("BEGIN{FS=\":\"} {print $1 \"-\" $2; next; print 1}", "a:b:c\n", "a-b\n"),
        ("{printf \"%-8s|%5d|%.2f|%x\\n\", $1, $2, $2/3, $2}", "ab 255\n", "ab      |  255|85.00|ff\n"),
        ("{n[$1]++} END{for(k in n) print k, n[k]}", "a\nb\na\n", "a 2\nb 1\n"),
        ("{gsub(/[0-9]+/,\"<&>\"); print}", "a12b3\n", "a<12>b<3>\n"),
        ("{sub(\"b\",\"\"); print substr($0,2,3), length, index($0,\"d\")}", "abcdef\n", "cde 5 3\n"),
        ("{$2=\"x\"; print; print NF; NF=1; print}", "a b c\n", "a x c\n3\na\n"),
        ("BEGIN{print 1==1.0, \"a\"<\"b\", 2<10, \"2\"<\"10\", 1e3, 0.1+0.2, 1/3}", "", "1 1 1 0 1000 0.3 0.333333\n"),
        ("BEGIN{x=5; x^=2; print x, x++ + ++x, -x%7, !x, 2^3^2}", "", "25 52 -6 0 512\n"),
        ("BEGIN{while(i<3){i++; if(i==2)continue; print i}; do print \"d\"; while(0); for(;;)break}", "", "1\n3\nd\n"),
        ("function f(a,b){b=a*2; return b} BEGIN{print f(4), f(f(1))}", "", "8 4\n"),
        ("function fill(t, i){for(i=0;i<2;i++)t[i]=i} BEGIN{fill(q); fill(q); print length(q)}", "", "2\n"),
        (
            "BEGIN{n=split(\"a,b,c\",p,\",\"); print n, p[3]; if((\"x\") in p)print 1; print toupper(\"q\")}",
            "",
            "3 c\nQ\n",
        ),
        ("BEGIN{print match(\"foobar\",/o+/), RSTART, RLENGTH; print (1,2) in z}", "", "2 2 2\n0\n"),
        ("/a/,/c/{print NR\":\"$0}", "x\na\nb\nc\nd\n", "2:a\n3:b\n4:c\n"),
        ("{print (NR%2==0)?\"even\":\"odd\"}", "1\n2\n", "odd\neven\n"),
        ("BEGIN { printf(\"%s %c%c %5.1f%%\\n\", \"a\", \"xyz\", 65, 99.55) }", "", "a xA  99.5%\n"),
        ("$3 > 0 && !/app/", table, "shell 244 1 adbd\n"),
        ("{ print $1, $2 } # names\n\n", "a b\n", "a b\n"),
        ("/{/{print NR}", "a\n{\n", "2\n"),
        ("BEGIN{print length()}", "", "0\n"),
        ("BEGIN{print 1/0}", "", "division by zero"),
        ("BEGIN{while(1);}", "", "takes too long"),
        ("BEGIN{print -1 \" \" -1, 1 - 1, \"a\" > \"/no\"}", "", "can't redirect to /no"),
    ] {
        assert_eq!(ran(program, input), told, "{program}");
    }
    assert!(parse("{print $1").is_err() && parse("BEGIN{print | \"sort\"}").is_err());
}
