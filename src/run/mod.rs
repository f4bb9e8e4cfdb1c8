//! One attempt: stage, drive, watch, seek. Writes entries; knows no rule, no report, no virtual device.
//!
//! [`attempt`] is the whole story; each other file is one thing an attempt does.

mod account;
mod answer;
mod around;
mod attempt;
mod behind;
mod child;
mod consent;
mod drive;
mod error;
mod feed;
mod flash;
mod form;
mod function;
mod glimpse;
mod hands;
mod history;
mod host;
mod limits;
mod look;
mod map;
mod network;
mod notification;
mod observer;
mod observer_line;
mod offer;
mod order;
mod page;
mod permission_page;
mod popup;
mod press;
mod probe;
mod prompt;
mod reboot;
mod request;
mod secret;
mod seek;
mod stage;
mod step;
mod switch;
mod target;
mod text;
mod touch;
mod tour;
mod twin;
mod typing;
mod visit;
mod wait;
mod watch;

pub use attempt::{Attempted, attempt};
pub use error::RunError;
pub use observer::Observer;
pub use observer_line::Line as ObserverLine;
pub use order::{Order, Report};
pub use secret::{Answering, Operator, Secrets};
