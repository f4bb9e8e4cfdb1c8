//! Faults on demand, seen from outside: by our host over the ADB server protocol, by the real `adb` over the device's own
//! port, and by whole attempts into which faults are thrown at random.

mod attempts;
mod bench;
#[path = "../adb_contract/found.rs"]
mod found;
#[allow(dead_code, reason = "shared with the zoo, which runs on a fleet of its own")]
#[path = "../zoo/pen.rs"]
mod pen;
mod real_adb;
mod wire;
