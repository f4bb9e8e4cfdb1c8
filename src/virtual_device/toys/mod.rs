//! The small programs of toybox and toolbox that clients and device scripts use.

mod bytes;
pub mod condition;
mod copy;
mod device;
mod digest;
pub mod echo;
mod expr;
mod find;
mod lines;
mod list;
mod log;
mod make;
mod manage;
mod names;
mod net;
mod people;
mod printf;
mod running;
mod search;
mod sed;
mod sed_script;
mod seq;
mod sort;
mod su;
mod text;
mod tool;
mod truth;
mod wait;
mod when;

#[cfg(test)]
mod tests;

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
        ("seq", seq::seq),
        ("setprop", device::setprop),
        ("sleep", wait::sleep),
        ("sort", sort::sort),
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
        ("kill", running::kill),
        ("pidof", running::pidof),
        ("ps", running::ps),
        ("base64", digest::base64),
        ("basename", names::basename),
        ("date", when::date),
        ("dirname", names::dirname),
        ("egrep", search::grep),
        ("env", names::env),
        ("fgrep", search::grep),
        ("grep", search::grep),
        ("ls", list::ls),
        ("nohup", names::nohup),
        ("readlink", names::readlink),
        ("realpath", names::realpath),
        ("setsid", names::nohup),
        ("su", su::su),
        ("sha256sum", digest::sha256sum),
        ("stat", list::stat),
        ("timeout", names::timeout),
        ("toolbox", names::toybox),
        ("toybox", names::toybox),
        ("which", names::which),
        ("xargs", names::xargs),
        ("whoami", people::whoami),
        ("yes", text::yes),
        ("cmp", bytes::cmp),
        ("dd", copy::dd),
        ("du", copy::du),
        ("find", find::find),
        ("log", log::log),
        ("md5sum", digest::md5sum),
        ("od", bytes::od),
        ("sed", sed::sed),
        ("sha1sum", digest::sha1sum),
        ("xxd", bytes::xxd),
        ("comm", lines::comm),
        ("expr", expr::expr),
        ("free", device::free),
        ("getenforce", device::getenforce),
        ("groups", people::groups_of_user),
        ("hostname", net::hostname),
        ("ifconfig", net::ifconfig),
        ("ip", net::ip),
        ("killall", running::pkill),
        ("mktemp", make::mktemp),
        ("nice", names::nice),
        ("nl", lines::nl),
        ("paste", lines::paste),
        ("pgrep", running::pgrep),
        ("ping", net::ping),
        ("pkill", running::pkill),
        ("printenv", names::printenv),
        ("rev", lines::rev),
        ("sha224sum", digest::sha224sum),
        ("sha512sum", digest::sha512sum),
        ("tac", lines::tac),
        ("truncate", make::truncate),
        ("tty", device::tty),
    ]
}
