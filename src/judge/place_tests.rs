//! Rules about what must be found in an app, and about the deletion of an account: seen, nearly seen, no occasion, blind.

use serde_json::json;

use super::OutcomeKind::{NotAssessable, NotObserved, NotTriggered, Observed};
use super::story::{Story, expect};

#[test]
fn places_that_must_be_found() {
    for (id, concept) in [("no-policy-in-app", "privacy-policy"), ("no-complaint-channel", "complaint-channel")] {
        expect(id, Observed, Story::started().seek(concept, "not-found", 0, false));
        expect(id, NotObserved, Story::started().seek(concept, "found", 3, false));
        expect(id, NotAssessable, Story::started().seek(concept, "not-found", 0, true));
        expect(id, NotAssessable, Story::started().seek(concept, "blocked", 0, false));
        expect(id, NotAssessable, &mut Story::started());
    }
    let deep = "policy-too-deep";
    expect(deep, Observed, Story::started().seek("privacy-policy", "found", 5, false));
    expect(deep, NotObserved, Story::started().seek("privacy-policy", "found", 4, false));
    expect(deep, NotTriggered, Story::started().seek("privacy-policy", "not-found", 0, false));
    expect(
        "no-recommendation-opt-out",
        Observed,
        Story::started().seek("recommendation-switch", "not-found", 0, false),
    );
    let named = |words: &str| {
        let mut story = Story::started();
        story.seek("recommendation-switch", "found", 3, false).change_last("words", json!(words));
        story.ends("no-recommendation-opt-out")
    };
    assert_eq!(named("个性化推荐").outcome, NotObserved);
    let ads = named("个性化广告");
    assert!(ads.outcome == NotAssessable && ads.review, "{}", ads.reason);
    let listed = |text: &str| {
        let mut story = Story::started();
        story.seek("sdk-list", "found", 3, false).text("sdk-list", text, 14.0, 21.0);
        story.ends("no-sdk-list")
    };
    assert_eq!(listed("高德地图SDK：用于展示地图，收集位置信息").outcome, NotObserved);
    let hollow = listed("暂无数据");
    assert!(hollow.outcome == NotAssessable && hollow.review, "{}", hollow.reason);
    let mut utility = Story::of(Some("utilities"), &[]);
    utility.launch().screen("org.app/.Main").seek("recommendation-switch", "not-found", 0, false);
    expect("no-recommendation-opt-out", NotAssessable, &mut utility);
}

#[test]
fn deleting_an_account() {
    let signed_in = || {
        let mut story = Story::started();
        story.account("sign-in", "accepted", &[]);
        story
    };
    let none = "no-account-deletion";
    expect(none, Observed, signed_in().seek("account-deletion", "not-found", 0, false));
    expect(none, NotObserved, signed_in().seek("account-deletion", "found", 4, false));
    expect(none, NotAssessable, Story::started().seek("account-deletion", "not-found", 0, false));
    let path = "deletion-path-burdensome";
    expect(path, Observed, signed_in().seek("account-deletion", "found", 9, false));
    expect(
        path,
        Observed,
        signed_in().seek("account-deletion", "found", 3, false).account("request-deletion", "no-effect", &[]),
    );
    let ended = |outcome: &str| {
        let mut story = signed_in();
        story.seek("account-deletion", "found", 3, false).account("request-deletion", outcome, &[]);
        story
    };
    expect(path, Observed, &mut ended("elsewhere"));
    expect(path, NotObserved, &mut ended("unclear"));
    for words in ["如需注销，请发送邮件至 help@moss.example，并附上说明", "To close it call +86 400-123-4567."]
    {
        expect(path, NotAssessable, ended("unclear").said(words, 2));
    }
    expect(path, NotAssessable, ended("no-effect").said("确认注销", 3));
    // Where it leads was not followed: it may be to a telephone.
    expect(path, NotAssessable, signed_in().seek("account-deletion", "found", 8, false));
    expect(path, NotTriggered, signed_in().seek("account-deletion", "not-found", 0, false));
    let conditions = "deletion-unreasonable-conditions";
    expect(conditions, Observed, signed_in().account("request-deletion", "pending", &["fill in: 手持身份证照片"]));
    expect(conditions, NotObserved, signed_in().account("request-deletion", "accepted", &["fill in: password"]));
    expect(conditions, NotAssessable, signed_in().account("request-deletion", "accepted", &["fill in: shoe size"]));
    expect(conditions, Observed, signed_in().account("request-deletion", "unclear", &["says: 请上传身份证正面照片"]));
    expect(conditions, NotAssessable, signed_in().account("request-deletion", "unclear", &["fill in: 验证码"]));
    expect(conditions, Observed, signed_in().account("request-deletion", "unclear", &["says: 注销需支付手续费 30 元"]));
    expect(
        conditions,
        NotObserved,
        signed_in().account("request-deletion", "accepted", &["confirm by typing: DELETE"]),
    );
    for (words, outcome) in [
        ("申请已提交，账号将于30天后注销", Observed),
        ("Request received. Done within 15 working days.", NotObserved),
        ("将于7天后注销", NotObserved),
    ] {
        expect(conditions, outcome, signed_in().account("request-deletion", "pending", &[]).said(words, 2));
    }
    let effect = "deletion-executed-but-not-effective";
    let deleted = |again: &str| {
        let mut story = signed_in();
        story.account("request-deletion", "accepted", &[]).account("sign-in-after-deletion", again, &[]);
        story
    };
    expect(effect, Observed, &mut deleted("accepted"));
    expect(effect, NotObserved, &mut deleted("refused"));
    expect(effect, NotAssessable, &mut deleted("unclear"));
    expect(effect, NotTriggered, signed_in().account("request-deletion", "pending", &[]));
}

#[test]
fn a_search_that_hardly_looked_finds_nothing_missing() {
    let ended = |screens: usize, taps: u32| {
        let visited: Vec<[&str; 2]> = vec![["s", "t"]; screens];
        json!({
            "kind": "seek-ended", "concept": "complaint-channel", "outcome": "not-found", "depth": 0, "path": [], "words": "",
            "taps": taps, "visited": visited, "blocked-by": "", "bounded": false, "dead": []
        })
    };
    expect("no-complaint-channel", Observed, Story::started().tell(ended(3, 3)));
    let mut perhaps = ended(3, 3);
    perhaps["perhaps"] = json!(["Something wrong?"]);
    expect("no-complaint-channel", NotAssessable, Story::started().tell(perhaps));
    expect("no-complaint-channel", NotAssessable, Story::started().tell(ended(1, 0)));
    expect("no-complaint-channel", NotAssessable, Story::started().tell(ended(3, 1)));
}
