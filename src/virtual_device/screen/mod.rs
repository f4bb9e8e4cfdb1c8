//! The screen: layout of views, painting, the system's dialogs, and the programs that show or touch the screen.

pub mod automation;
pub mod automator;
pub mod dialogs;
pub mod display;
pub mod font;
pub mod gesture;
pub mod layout;
pub mod look;
pub mod node;
pub mod paint;
pub mod picture;
pub mod programs;
pub mod scene;
mod state;
pub mod text;
pub mod touch;
pub mod xml;

pub use paint::Frame;
pub use scene::frame;
pub use state::Screen;
