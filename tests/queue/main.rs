//! Lines of cases: the folder of one machine and the queue of many keep the same promises; and what becomes of a plan when
//! its hosts are killed, stopped, or refused by the store.
//!
//! The queue is a real nats-server, installed by `tests/run` under APPWITNESS_TOOLS. Where it is missing the tests say so,
//! and fail when APPWITNESS_ALL_TOOLS is set.

mod bench;
mod conformance;
#[cfg(feature = "farm")]
mod farm;
mod folder;
#[cfg(feature = "farm")]
mod hosts;
#[cfg(feature = "farm")]
mod server;
