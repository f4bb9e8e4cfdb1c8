//! Rules that read texts and forms: seen, nearly seen, no occasion, blind.

use serde_json::json;

use super::OutcomeKind::{NotAssessable, NotObserved, NotTriggered, Observed};
use super::story::{Story, expect};

const POLICY: &str = "privacy-policy";
const PLAIN: &str =
    "我们是示例有限公司，联系方式：a@b.cn。我们收集您的位置，用于导航，保存期限为一天。您可以撤回您的同意。";
const ENGLISH: &str = "We are Example Ltd. We collect your location to show the way, and it is kept for a day.";

#[test]
fn a_policy_that_is_hard_to_read() {
    let id = "policy-hard-to-read";
    let read = |locale: &str, text: &str, size: f64, contrast: f64| {
        let mut story = Story::started();
        story.locale(locale).seek(POLICY, "found", 2, false).text(POLICY, text, size, contrast);
        story
    };
    expect(id, Observed, &mut read("zh-CN", PLAIN, 8.9, 21.0));
    expect(id, Observed, &mut read("zh-CN", PLAIN, 14.0, 2.2));
    expect(id, Observed, &mut read("zh-CN", ENGLISH, 14.0, 21.0));
    expect(id, NotAssessable, &mut read("zh-CN", PLAIN, 10.5, 21.0));
    expect(id, NotAssessable, &mut read("zh-CN", PLAIN, 14.0, 2.9));
    expect(id, NotObserved, &mut read("zh-CN", PLAIN, 11.0, 3.0));
    expect(id, NotAssessable, &mut read("en-US", ENGLISH, 14.0, 21.0));
    expect(id, NotAssessable, &mut read("zh-CN", "隐私政策", 14.0, 21.0));
    expect(id, NotTriggered, Story::started().seek(POLICY, "not-found", 0, false));
    expect(id, NotAssessable, Story::started().seek(POLICY, "found", 2, false));
}

#[test]
fn what_a_policy_names() {
    let id = "policy-lacks-handler-identity";
    let read = |text: &str| {
        let mut story = Story::started();
        story.seek(POLICY, "found", 2, false).text(POLICY, text, 14.0, 21.0);
        story
    };
    expect(id, NotObserved, &mut read(PLAIN));
    expect(id, Observed, &mut read(ENGLISH));
    let rules = "no-policy-in-app";
    expect(rules, NotObserved, &mut read(ENGLISH));
    expect(rules, Observed, &mut read(&"Your privacy is dear to us, and so is the trust of our friends. ".repeat(3)));
    let told = read(PLAIN).ends("policy-hard-to-understand");
    assert_eq!((told.outcome, told.review), (NotAssessable, true), "{}", told.reason);
    assert!(told.entries.len() > 1, "{:?}", told.entries);
}

#[test]
fn a_policy_is_read_by_the_words_the_run_was_given() {
    let policy =
        "A Exemplo Ltda. trata dados de localização. Fale com o encarregado pelo correio eletrônico. O prazo de guarda é de um ano. ".repeat(3);
    let words = "lists:\n  operator:\n    - {language: pt, source: ours, words: [ltda]}\n  contact:\n    - {language: pt, source: ours, words: [correio eletrônico]}\n  retention:\n    - {language: pt, source: ours, words: [prazo de guarda]}\n";
    let read = |words: &[&str]| {
        let mut story = Story::started();
        story.given_words(words).seek(POLICY, "found", 2, false).text(POLICY, &policy, 14.0, 21.0);
        story
    };
    let id = "policy-lacks-handler-identity";
    // Without its words nobody here can read it.
    expect(id, NotAssessable, &mut read(&[]));
    expect(id, NotObserved, &mut read(&[words]));
    let unread = read(&[words, "lists:\n  of-tomorrow: []\n"]).ends(id);
    assert_eq!(unread.outcome, NotAssessable);
    assert!(unread.reason.contains("words that the run was given") && unread.reason.contains("of-tomorrow"));
    let mut story = read(&[]);
    story.close("completed", None);
    let more = crate::ui::Lexicon::builtin().adding("pt.yaml", words).unwrap();
    let catalogue = crate::catalogue::Catalogue::builtin();
    let judgement = super::Judge::by(&catalogue).reading_by(more).judge(story.entries());
    assert_eq!(judgement.outcomes.iter().find(|o| o.finding == id).unwrap().outcome, NotObserved);
}

#[test]
fn consent_that_can_be_taken_back() {
    let id = "no-withdrawal-of-consent";
    let sought = |outcome: &str, text: &str| {
        let mut story = Story::started();
        story.popup("consent", json!({})).consent("accepted", "continued").seek(POLICY, "found", 2, false);
        story.text(POLICY, text, 14.0, 21.0).seek("withdraw-consent", outcome, 2, false);
        story
    };
    expect(id, Observed, &mut sought("not-found", ENGLISH));
    expect(id, NotAssessable, &mut sought("not-found", PLAIN));
    expect(id, NotObserved, &mut sought("found", ENGLISH));
    expect(id, NotTriggered, Story::started().seek("withdraw-consent", "not-found", 0, false));
}

#[test]
fn reading_what_the_policy_does_not_declare() {
    let id = "collects-beyond-declared";
    let read = |op: &str| {
        let mut story = Story::started();
        story.access(op, 0, true).read_accesses().seek(POLICY, "found", 2, false).text(POLICY, PLAIN, 14.0, 21.0);
        story
    };
    expect(id, Observed, &mut read("READ_CLIPBOARD"));
    expect(id, NotObserved, &mut read("FINE_LOCATION"));
    expect(id, NotAssessable, read("READ_CLIPBOARD").seek("personal-info-list", "found", 2, false));
    expect(
        id,
        NotTriggered,
        Story::started().read_accesses().seek(POLICY, "found", 2, false).text(POLICY, PLAIN, 14.0, 21.0),
    );
}

#[test]
fn sensitive_fields() {
    let id = "sensitive-info-without-separate-consent";
    let form = |boxes: &[&str], words: &str| {
        let mut story = Story::started();
        story.form(&["身份证号"], boxes, &["提交"], words);
        story
    };
    expect(id, Observed, &mut form(&[], "实名认证"));
    expect(id, NotAssessable, &mut form(&[], "实名认证\n用于核实您的身份"));
    expect(id, NotObserved, &mut form(&["我单独同意处理我的身份证号"], "实名认证"));
    expect(id, NotTriggered, Story::started().form(&["昵称"], &[], &["提交"], "个人资料"));
    let bait = "deceptive-consent";
    let handed = form(&[], "实名认证\n领取8元红包").ends(bait);
    assert_eq!((handed.outcome, handed.review), (NotAssessable, true), "{}", handed.reason);
    expect(bait, NotObserved, &mut form(&[], "实名认证"));
    expect(bait, NotTriggered, Story::started().form(&[], &[], &["签到"], "签到领红包"));
}

#[test]
fn a_face_and_nothing_else() {
    let id = "face-only-verification";
    let page = |controls: &[&str]| {
        let mut story = Story::started();
        story.form(&[], &[], controls, "解锁");
        story
    };
    let handed = page(&["开始人脸识别"]).ends(id);
    assert_eq!((handed.outcome, handed.review), (NotAssessable, true), "{}", handed.reason);
    expect(id, NotObserved, &mut page(&["开始人脸识别", "短信验证码"]));
    expect(id, NotObserved, page(&["刷脸", "其他验证方式"]).form(&[], &[], &["开始人脸识别"], "请正对屏幕"));
    expect(id, NotTriggered, &mut page(&["短信验证码"]));
}

#[test]
fn better_service_as_a_reason() {
    let id = "only-service-improvement-as-reason";
    let control = json!([{"label": "x", "bounds": [0, 0, 9, 9]}]);
    let window = |refuse: &serde_json::Value, words: &str| {
        let mut story = Story::started();
        story.popup("consent", json!({"words": words, "accept": control, "refuse": refuse})).gone("accepted", 1);
        story
    };
    let handed = window(&json!([]), "为提升服务质量").ends(id);
    assert_eq!((handed.outcome, handed.review), (NotAssessable, true), "{}", handed.reason);
    expect(id, NotObserved, &mut window(&control, "为提升服务质量"));
    expect(id, NotObserved, &mut window(&json!([]), "请阅读《隐私政策》"));
    expect(id, NotTriggered, &mut Story::started());
}

#[test]
fn a_policy_that_changes_with_an_update() {
    let id = "policy-changed-without-notice";
    let update = json!({"kind": "installed", "package": "org.app", "version-code": 2, "replaced": 1});
    let told = |story: &mut Story, text: &str| {
        story.launch().text(POLICY, text, 14.0, 21.0);
    };
    let updated = |notice: bool, text: &str| {
        let mut story = Story::started();
        story.text(POLICY, PLAIN, 14.0, 21.0).tell(update.clone());
        if notice {
            story.popup("message", json!({"words": "隐私政策已更新"}));
        }
        told(&mut story, text);
        story
    };
    expect(id, Observed, &mut updated(false, ENGLISH));
    expect(id, NotObserved, &mut updated(true, ENGLISH));
    let paged = |words: &str| {
        let mut story = Story::started();
        story.text(POLICY, PLAIN, 14.0, 21.0).tell(update.clone()).launch().screen("org.app/.News");
        story.change_last("policy-words", json!(words)).text(POLICY, ENGLISH, 14.0, 21.0);
        story.ends(id)
    };
    let outcome = paged("公告：《隐私政策》已更新");
    assert!(outcome.outcome == NotAssessable && outcome.review, "{}", outcome.reason);
    assert_eq!(paged("隐私政策").outcome, Observed);
    expect(id, NotTriggered, &mut updated(false, PLAIN));
    expect(id, NotAssessable, Story::started().tell(update));
    expect(id, NotTriggered, &mut Story::started());
}
