//! One attempt: stage, drive, watch, seek.
