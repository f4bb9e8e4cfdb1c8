//! Where devices come from, leases, health. A fleet is an ADB server's address and what may be leased there; the
//! embedded one runs the server and its virtual devices in this process.

mod embedded;
mod error;
mod lease;
mod wanted;

pub use error::FleetError;
pub use lease::{Fleet, Lease};
pub use wanted::Wanted;
