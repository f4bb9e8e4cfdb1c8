//! The small programs of toybox and toolbox that clients and device scripts use.

pub mod condition;
mod device;
pub mod echo;
mod manage;
mod people;
mod printf;
mod text;
mod tool;
mod truth;
mod wait;

use super::programs::Table;

/// The toys by name.
pub fn table() -> Table {
    &[
        ("[", condition::program),
        ("cat", text::cat),
        ("chmod", manage::chmod),
        ("chown", manage::chown),
        ("cp", manage::cp),
        ("cut", text::cut),
        ("df", device::df),
        ("echo", echo::program),
        ("false", truth::no),
        ("getprop", device::getprop),
        ("head", text::head),
        ("id", people::id),
        ("ln", manage::ln),
        ("mkdir", manage::mkdir),
        ("mount", device::mount),
        ("mv", manage::mv),
        ("nproc", device::nproc),
        ("printf", printf::printf),
        ("rm", manage::rm),
        ("rmdir", manage::rmdir),
        ("seq", text::seq),
        ("setprop", device::setprop),
        ("sleep", wait::sleep),
        ("sort", text::sort),
        ("sync", device::sync),
        ("tail", text::tail),
        ("tee", text::tee),
        ("test", condition::program),
        ("touch", manage::touch),
        ("tr", text::tr),
        ("true", truth::yes),
        ("uname", device::uname),
        ("uniq", text::uniq),
        ("uptime", device::uptime),
        ("usleep", wait::usleep),
        ("wc", text::wc),
        ("whoami", people::whoami),
        ("yes", text::yes),
    ]
}
