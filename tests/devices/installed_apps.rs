//! The list of installed apps has a permission on phones of Chinese makers, and none elsewhere.

use appwitness::catalogue::Catalogue;
use appwitness::catalogue::permission::GET_INSTALLED_APPS;
use appwitness::journal::entry::{Answer, Event, PromptAnswered, PromptShown};
use appwitness::judge::{OutcomeKind, judge};

use super::device::{self, Folder, Told};

const LISTS: &str = "
specimen: lists
package: com.example.lists
label: {en: Lists, zh: 清单}
category: news
sdk: {min: 21, target: 34}
permissions: [com.android.permission.GET_INSTALLED_APPS]
vars: {said: nothing}
first-screen: home
screens:
  home:
    title: Home
    views:
      - text: {id: said, words: 'it said {said}'}
      - button: {id: go, words: Go on, tap: [{ask: {permissions: [com.android.permission.GET_INSTALLED_APPS], granted: [{set: {said: given}}], refused: [{set: {said: refused}}]}}]}
";

async fn told(profile: &str, prompts: &str, said: &str) -> Told {
    let folder = Folder::new();
    let steps = format!("  - launch\n  - tap: {{id: go}}\n  - expect: {{text: it said {said}, within: 20s}}\n");
    let scenario = format!("scenario: lists\ntitle: Lists\nprompts: {prompts}\nsteps:\n{steps}");
    let told = device::attempt(profile, &scenario, device::app_of(&folder, LISTS)).await;
    assert!(told.failure.is_none(), "{profile}: {:?}", told.failure);
    told
}

fn prompt(told: &Told) -> Option<(&PromptShown, &PromptAnswered)> {
    let shown = told.entries.iter().find_map(|e| if let Event::PromptShown(p) = &e.event { Some(&**p) } else { None });
    let answered = told.entries.iter().find_map(|e| match &e.event {
        Event::PromptAnswered(answered) => Some(&**answered),
        _ => None,
    });
    shown.zip(answered)
}

#[tokio::test(flavor = "multi_thread")]
async fn makers_ask_for_the_list_of_installed_apps() {
    for (profile, prompts, said, answer) in [
        ("api=33,skin=miui,locale=zh-CN", "deny", "refused", Answer::Deny),
        ("api=34,skin=coloros,locale=zh-CN", "allow", "given", Answer::Allow),
        ("api=30,skin=originos,locale=en-US", "deny", "refused", Answer::Deny),
        ("api=31,skin=emui,locale=zh-CN", "deny", "refused", Answer::Deny),
        ("api=33,skin=miui-plain,locale=zh-CN", "allow", "given", Answer::Allow),
    ] {
        let told = told(profile, prompts, said).await;
        let (shown, answered) = prompt(&told).unwrap_or_else(|| panic!("{profile}: no prompt"));
        assert_eq!(shown.groups, ["INSTALLED_APPS"], "{profile}: {}", shown.question);
        assert_eq!(answered.answer, Some(answer), "{profile}: {}", answered.why);
        assert!(answered.changes.iter().all(|change| change.name == GET_INSTALLED_APPS), "{profile}: {answered:?}");
        assert!(!answered.changes.is_empty(), "{profile}");
        let judgement = judge(&told.entries, &Catalogue::builtin());
        let outcome = |id: &str| judgement.outcomes.iter().find(|o| o.finding == id).unwrap();
        let listed = outcome("installed-app-list-read");
        assert!(listed.outcome == OutcomeKind::Observed && listed.review, "{}", listed.reason);
        let purpose = outcome("permission-without-purpose");
        assert_eq!(purpose.outcome, OutcomeKind::Observed, "{}", purpose.reason);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_maker_brought_the_permission_nobody_is_asked() {
    let told = told("api=34,skin=google,locale=en-US", "allow", "refused").await;
    assert!(prompt(&told).is_none());
}
