//! The `appwitness` program: everything it does lives in the library's `cli` module.

fn main() -> std::process::ExitCode {
    appwitness::cli::main()
}
