//! An Android in a box: an adbd of its own, behind it a shell, programs, packages, permissions, apps and a painted
//! screen. It is a model; it shares no parsing or formatting code with `adb` and `android`, or a common mistake would
//! hide. No host process is ever started and no host file touched.

pub mod adbd;
pub mod apk_file;
pub mod console;
pub mod fault;
pub mod fs;
mod kernel_files;
pub mod machine;
pub mod network;
pub mod pipe;
pub mod ports;
pub mod process;
pub mod processes;
pub mod profile;
pub mod profile_error;
pub mod programs;
pub mod properties;
pub mod screen;
pub mod server;
pub mod services;
pub mod shell;
pub mod signal;
pub mod specimen;
pub mod system;
pub mod toys;
pub mod view;
