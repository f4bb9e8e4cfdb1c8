//! The ADB wire: server address, serial, shell, exec, sync, install, streams. Every call has a deadline and can be cancelled.
