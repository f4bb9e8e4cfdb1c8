//! Answers of the system's dialogs as actions of their buttons, and back.

use super::super::super::system::{Answer, NoticeAnswer};
use super::super::super::view::Action;

/// Actions of permission dialogs start here, far above those that apps number from zero.
const ANSWERS: u64 = 0xA000_0000_0000_0000;

/// Actions of crash and ANR dialogs.
const NOTICES: u64 = 0xB000_0000_0000_0000;

const ALL: [Answer; 12] = [
    Answer::Allow,
    Answer::AllowAlways,
    Answer::AllowForeground,
    Answer::AllowOnce,
    Answer::AllowAll,
    Answer::AllowSelected,
    Answer::Deny,
    Answer::DenyForGood,
    Answer::ToggleDoNotAsk,
    Answer::ChoosePrecise,
    Answer::ChooseApproximate,
    Answer::Dismiss,
];

const ALL_NOTICE: [NoticeAnswer; 3] = [NoticeAnswer::Close, NoticeAnswer::Wait, NoticeAnswer::AppInfo];

/// The action that gives this answer to a permission dialog.
pub(super) fn of(answer: Answer) -> Action {
    Action(ANSWERS + position(&ALL, answer))
}

/// The action that gives this answer to a crash or ANR dialog.
pub(super) fn of_notice(answer: NoticeAnswer) -> Action {
    Action(NOTICES + position(&ALL_NOTICE, answer))
}

/// The answer to a permission dialog that an action gives; `None` for every other action.
pub fn answer(action: Action) -> Option<Answer> {
    usize::try_from(action.0.checked_sub(ANSWERS)?).ok().and_then(|at| ALL.get(at)).copied()
}

/// The answer to a crash or ANR dialog that an action gives; `None` for every other action.
pub fn notice_answer(action: Action) -> Option<NoticeAnswer> {
    usize::try_from(action.0.checked_sub(NOTICES)?).ok().and_then(|at| ALL_NOTICE.get(at)).copied()
}

fn position<T: PartialEq>(all: &[T], one: T) -> u64 {
    all.iter().position(|a| *a == one).unwrap_or(all.len()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_comes_back_from_its_action_and_from_no_other() {
        for one in ALL {
            assert_eq!(answer(of(one)), Some(one));
            assert_eq!(notice_answer(of(one)), None);
        }
        for one in ALL_NOTICE {
            assert_eq!(notice_answer(of_notice(one)), Some(one));
            assert_eq!(answer(of_notice(one)), None);
        }
        assert_eq!(answer(Action(0)), None);
    }
}
