//! The Android behind the screen and the programs: packages, permissions, activities, processes, apps, logs.

mod prompt;

pub use prompt::{Answer, Group, Notice, NoticeAnswer, NoticeKind, PromptState};
