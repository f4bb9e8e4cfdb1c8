//! `true` and `false`.

use crate::virtual_device::process::{Call, Running};

/// `true`
pub fn yes(_call: Call) -> Running {
    Box::pin(async { 0 })
}

/// `false`
pub fn no(_call: Call) -> Running {
    Box::pin(async { 1 })
}
