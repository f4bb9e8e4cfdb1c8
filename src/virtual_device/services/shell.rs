//! `shell:`, `shell,v2,…:` and `exec:`: a program's streams on one stream to the client.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::packets::{self, Id};
use super::terminal::{self, Heard};
use crate::virtual_device::pipe::{Intake, Pipe};
use crate::virtual_device::process::{Bytes, Running, Stdio};

/// Chunks that wait between a program and the wire.
const DEPTH: usize = 4;

/// How a command's streams go over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Packets for each stream and an exit status; else one stream without a status.
    pub packets: bool,
    /// A terminal stands between: both outputs are one, and a line ends with CR LF.
    pub terminal: bool,
    /// A client that leaves only ends the input.
    pub outlives: bool,
}

/// A `shell` service's name, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// How the streams go.
    pub mode: Mode,
    /// The command line; empty for an interactive shell.
    pub command: String,
}

impl Request {
    /// `exec:COMMAND`: one stream, byte for byte.
    pub fn raw(command: &str) -> Self {
        Self { mode: Mode { packets: false, terminal: false, outlives: true }, command: command.into() }
    }

    /// `abb:` and `abb_exec:`: the arguments of `cmd`, with NULs between them, on packets or byte for byte.
    pub fn to_cmd(arguments: &str, packets: bool) -> Self {
        let quoted = arguments.split('\0').map(|word| format!(" '{}'", word.replace('\'', r"'\''")));
        Self {
            mode: Mode { packets, terminal: false, outlives: !packets },
            command: format!("cmd{}", quoted.collect::<String>()),
        }
    }

    /// Reads what follows `shell` in a service name: `:COMMAND` or `,v2,TERM=xterm,raw:COMMAND`. An API level up to 23
    /// puts every shell command on a terminal (captured: its lines end with CR LF).
    pub fn parse(rest: &str, api: u32) -> Option<Self> {
        let (options, command) = rest.split_once(':')?;
        let mut mode = Mode { packets: false, terminal: api <= 23 || command.is_empty(), outlives: false };
        for option in options.split(',').filter(|option| !option.is_empty()) {
            match option {
                "v2" => mode.packets = true,
                "raw" => mode.terminal = false,
                "pty" => mode.terminal = true,
                // TERM=… and whatever a newer client adds; adbd skips it too.
                _ => {}
            }
        }
        Some(Self { mode, command: command.into() })
    }
}

/// What a program has around it.
pub struct Around<I> {
    /// Ends with the device's run: what a program ends by whose client only left.
    pub life: CancellationToken,
    /// What is done when Ctrl-C comes to the terminal.
    pub interrupt: I,
}

/// Runs a program on a stream until it has exited and its output is through.
pub async fn run<I: Fn()>(pipe: Pipe, mode: Mode, around: Around<I>, start: impl FnOnce(Stdio) -> Running) {
    match (mode.packets, mode.terminal) {
        (true, terminal) => in_packets(pipe, terminal, around.interrupt, start).await,
        (false, true) => on_terminal(pipe, around.interrupt, start).await,
        (false, false) => {
            let life = if mode.outlives { around.life } else { pipe.hangup.clone() };
            bare(pipe, life, start).await;
        }
    }
}

/// A socket for all three streams. A client that leaves only ends the input: nobody hangs up, and writing fails (AOSP
/// `daemon/shell_service.cpp`, `SubprocessType::kRaw` without a protocol).
async fn bare(pipe: Pipe, life: CancellationToken, start: impl FnOnce(Stdio) -> Running) {
    let stdio = Stdio {
        stdin: Arc::new(tokio::sync::Mutex::new(pipe.input)),
        stdout: pipe.output.clone(),
        stderr: pipe.output,
        hangup: life,
    };
    start(stdio).await;
}

/// A terminal for all three streams; the exit status is lost.
async fn on_terminal(pipe: Pipe, interrupt: impl Fn(), start: impl FnOnce(Stdio) -> Running) {
    let (stdin, input) = mpsc::channel(DEPTH);
    let (out, mut raw) = mpsc::channel(DEPTH);
    let stdin_of_program = Arc::new(tokio::sync::Mutex::new(input));
    let program = start(Stdio { stdin: stdin_of_program, stdout: out.clone(), stderr: out, hangup: pipe.hangup });
    let output = pipe.output;
    let cook = async move {
        while let Some(bytes) = raw.recv().await {
            if output.send(cooked(&bytes)).await.is_err() {
                return;
            }
        }
    };
    let inward = async move {
        let (mut from, mut stdin) = (pipe.input, Some(stdin));
        while let Some(bytes) = from.recv().await {
            type_in(&bytes, &mut stdin, &interrupt).await;
        }
        drop(stdin);
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = async { tokio::join!(program, cook) } => {}
        () = inward => {}
    }
}

/// Hands what was typed to the program.
async fn type_in(bytes: &[u8], stdin: &mut Option<mpsc::Sender<Bytes>>, interrupt: &impl Fn()) {
    for heard in terminal::hear(bytes) {
        match heard {
            Heard::Text(bytes) => {
                if let Some(to) = stdin
                    && to.send(bytes).await.is_err()
                {
                    *stdin = None;
                }
            }
            Heard::Interrupt => interrupt(),
            Heard::End => *stdin = None,
        }
    }
}

/// Packets for each stream, then the exit status.
async fn in_packets(pipe: Pipe, terminal: bool, interrupt: impl Fn(), start: impl FnOnce(Stdio) -> Running) {
    let (stdin, input) = mpsc::channel(DEPTH);
    let (stdout, out) = mpsc::channel(DEPTH);
    // On a terminal both are one; an end of its own that nobody writes to would never close.
    let (stderr, err) = if terminal { (stdout.clone(), mpsc::channel(1).1) } else { mpsc::channel(DEPTH) };
    let stdio = Stdio { stdin: Arc::new(tokio::sync::Mutex::new(input)), stdout, stderr, hangup: pipe.hangup };
    let program = start(stdio);
    let outward = forward(out, err, terminal, pipe.output.clone());
    let all = async {
        let (status, ()) = tokio::join!(program, outward);
        let _ = pipe.output.send(packets::wrap(Id::Exit, &[status as u8])).await;
    };
    let interrupt = terminal.then_some(interrupt);
    let inward = feed(Intake::new(pipe.input), stdin, interrupt);
    tokio::select! {
        () = all => {}
        () = async { inward.await; std::future::pending().await } => {}
    }
}

/// Hands a program's outputs to the client until all their writers are gone, or nobody listens any more; then the
/// program's writes fail.
async fn forward(
    mut out: mpsc::Receiver<Bytes>,
    mut err: mpsc::Receiver<Bytes>,
    terminal: bool,
    client: mpsc::Sender<Bytes>,
) {
    let (mut out_open, mut err_open) = (true, true);
    while out_open || err_open {
        let packets = tokio::select! {
            biased;
            bytes = out.recv(), if out_open => {
                out_open = bytes.is_some();
                bytes.map(|bytes| in_pieces(Id::Stdout, &if terminal { cooked(&bytes) } else { bytes }))
            }
            bytes = err.recv(), if err_open => {
                err_open = bytes.is_some();
                bytes.map(|bytes| in_pieces(Id::Stderr, &bytes))
            }
        };
        let Some(packets) = packets else { continue };
        if client.send(packets).await.is_err() {
            return;
        }
    }
}

/// Hands the client's packets to the program's standard input until it closes it or is gone.
async fn feed(mut from: Intake, stdin: mpsc::Sender<Bytes>, interrupt: Option<impl Fn()>) {
    let mut stdin = Some(stdin);
    while let Some((id, bytes)) = packets::next(&mut from).await {
        match id {
            Id::Stdin if interrupt.is_some() => {
                if let Some(interrupt) = &interrupt {
                    type_in(&bytes, &mut stdin, interrupt).await;
                }
            }
            Id::Stdin if !bytes.is_empty() => {
                if let Some(to) = &stdin
                    && to.send(bytes).await.is_err()
                {
                    stdin = None;
                }
            }
            Id::CloseStdin => stdin = None,
            _ => {}
        }
    }
}

/// One packet, or several when the bytes are too many for one.
fn in_pieces(id: Id, bytes: &[u8]) -> Bytes {
    bytes.chunks(packets::MAX_PACKET / 16).flat_map(|piece| packets::wrap(id, piece)).collect()
}

/// Bytes as a terminal sends them on: LF becomes CR LF.
fn cooked(bytes: &[u8]) -> Bytes {
    let mut cooked = Bytes::with_capacity(bytes.len() + bytes.len() / 16);
    for byte in bytes {
        if *byte == b'\n' {
            cooked.push(b'\r');
        }
        cooked.push(*byte);
    }
    cooked
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that says a line on each output, then repeats its input until it ends, and exits with 7.
    fn parrot(stdio: Stdio) -> Running {
        Box::pin(async move {
            stdio.out("out\n").await;
            stdio.err("err\n").await;
            let mut stdin = stdio.stdin.lock().await;
            while let Some(bytes) = stdin.recv().await {
                stdio.out(bytes).await;
            }
            7
        })
    }

    fn mode(packets: bool, terminal: bool) -> Mode {
        Mode { packets, terminal, outlives: false }
    }

    async fn play(mode: Mode, input: &[&[u8]]) -> Vec<u8> {
        let (client, device) = Pipe::pair(&CancellationToken::new());
        let around = Around { life: CancellationToken::new(), interrupt: || {} };
        let service = tokio::spawn(run(device, mode, around, parrot));
        let Pipe { input: mut answer, output, .. } = client;
        let hear = tokio::spawn(async move {
            let mut all = Vec::new();
            while let Some(bytes) = answer.recv().await {
                all.extend(bytes);
            }
            all
        });
        for part in input {
            output.send(part.to_vec()).await.unwrap();
        }
        drop(output);
        service.await.unwrap();
        hear.await.unwrap()
    }

    #[tokio::test]
    async fn packets_keep_the_streams_apart_and_tell_the_status() {
        let said = play(mode(true, false), &[b"\0\x02\0\0", b"\0hi\x04\0\0\0\0"]).await;
        let out = b"\x01\x04\0\0\0out\n";
        assert!(said.starts_with(out), "{said:?}");
        let rest = &said[out.len()..];
        let (err, hi) = (b"\x02\x04\0\0\0err\n", b"\x01\x02\0\0\0hi");
        assert!(rest.windows(err.len()).any(|w| w == err) && rest.windows(hi.len()).any(|w| w == hi));
        assert!(said.ends_with(b"\x03\x01\0\0\0\x07"));
    }

    #[tokio::test]
    async fn without_packets_both_outputs_are_one_stream_in_order() {
        assert_eq!(play(mode(false, false), &[b"hi"]).await, b"out\nerr\nhi");
    }

    #[tokio::test]
    async fn a_terminal_in_packets_ends_with_its_program() {
        let typed = [&b"\0\x04\0\0\0hi\r\x04"[..]];
        let said = play(mode(true, true), &typed).await;
        assert!(said.ends_with(b"\x01\x04\0\0\0hi\r\n\x03\x01\0\0\0\x07"), "{said:?}");
    }

    #[tokio::test]
    async fn a_client_that_leaves_only_ends_the_input_of_a_bare_program() {
        let (client, device) = Pipe::pair(&CancellationToken::new());
        let (done, mut seen) = mpsc::channel(1);
        let around = Around { life: CancellationToken::new(), interrupt: || {} };
        let program = |stdio: Stdio| -> Running {
            Box::pin(async move {
                let mut all = Bytes::new();
                while let Some(bytes) = stdio.stdin.lock().await.recv().await {
                    all.extend(bytes);
                }
                done.send((all, stdio.hangup.is_cancelled())).await.unwrap();
                0
            })
        };
        let service = tokio::spawn(run(device, Request::raw("").mode, around, program));
        client.output.send(b"all of it".to_vec()).await.unwrap();
        client.hangup.cancel();
        drop(client);
        assert_eq!(seen.recv().await.unwrap(), (b"all of it".to_vec(), false));
        service.await.unwrap();
    }

    #[tokio::test]
    async fn a_terminal_ends_lines_with_cr_lf() {
        assert_eq!(play(mode(false, true), &[b"a\nb"]).await, b"out\r\nerr\r\na\r\nb");
    }

    #[test]
    fn names_are_taken_apart() {
        let parsed = |rest, api| Request::parse(rest, api).unwrap();
        assert_eq!(parsed(":ls -l", 34), Request { mode: mode(false, false), command: "ls -l".into() });
        assert_eq!(parsed(":ls", 23).mode, mode(false, true));
        assert_eq!(parsed(":", 34).mode, mode(false, true));
        assert_eq!(parsed(",v2,TERM=xterm,raw:echo a:b", 34).command, "echo a:b");
        assert_eq!(parsed(",v2,TERM=xterm,raw:x", 34).mode, mode(true, false));
        assert_eq!(parsed(",v2,pty:", 34).mode, mode(true, true));
        assert_eq!(Request::parse("ed", 34), None);
        assert_eq!(Request::to_cmd("package\0it's", true).command, r"cmd 'package' 'it'\''s'");
    }
}
