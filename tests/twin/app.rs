//! Made-up apps that ask for a permission at their start: some withhold a part when it is refused, some only seem to.

use serde_json::{Value, json};

/// A permission group, the permissions that ask for it, and words apps use for it.
pub struct Group {
    pub name: &'static str,
    permissions: &'static [&'static str],
    english: &'static str,
    chinese: &'static str,
}

pub const GROUPS: [Group; 6] = [
    group("LOCATION", &["ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION"], "your location", "位置权限"),
    group("CAMERA", &["CAMERA"], "your camera", "相机权限"),
    group("CONTACTS", &["READ_CONTACTS"], "your contacts", "通讯录权限"),
    group("MICROPHONE", &["RECORD_AUDIO"], "your microphone", "麦克风权限"),
    group("READ_MEDIA_VISUAL", &["READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO"], "your photos", "相册权限"),
    group("NOTIFICATIONS", &["POST_NOTIFICATIONS"], "notifications", "通知权限"),
];

const fn group(
    name: &'static str,
    permissions: &'static [&'static str],
    english: &'static str,
    chinese: &'static str,
) -> Group {
    Group { name, permissions, english, chinese }
}

/// What is true of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It withholds the part with this name, and no other.
    Withholds(&'static str),
    /// It withholds this part, and the part is what the permission is for: named, and not judged.
    OwnUse(&'static str),
    /// It withholds nothing.
    Fair,
}

/// An app and the truth about it.
pub struct App {
    pub name: String,
    pub group: &'static str,
    pub category: &'static str,
    pub chinese: bool,
    pub truth: Truth,
    /// As a specimen, in JSON, which is YAML too.
    pub text: String,
}

/// What happens to the part that is withheld, when the permission is refused.
const MANNERS: [&str; 7] = ["plea", "plea-page", "nothing", "gone", "exit", "empty", "settings"];

/// Every app of the test.
pub fn all() -> Vec<App> {
    let mut apps = Vec::new();
    // Every group in two manners, every manner at least once.
    for (at, group) in GROUPS.iter().enumerate() {
        for manner in [MANNERS[at % MANNERS.len()], MANNERS[(at + 3) % MANNERS.len()]] {
            apps.push(withholds(group, manner, at % 2 == 0));
        }
    }
    for (at, kind) in NEAR_MISSES.iter().enumerate() {
        apps.push(fair(kind, at % 2 == 1));
    }
    apps.push(scanner());
    apps.push(needed());
    apps.push(elsewhere());
    apps.push(afterwards());
    apps.push(once());
    apps
}

fn label(chinese: bool, zh: &'static str, en: &'static str) -> &'static str {
    if chinese { zh } else { en }
}

/// The skeleton: a first page with a few entries; the permission is asked for at the start.
fn app(name: &str, group: &Group, chinese: bool, home: Vec<Value>, more: Value) -> String {
    let l = |zh, en| label(chinese, zh, en);
    let entry = |words: &str, to: &str| json!({"item": {"words": words, "tap": [{"goto": to}]}});
    let mut views = vec![entry(l("我的订单", "Orders"), "orders")];
    views.extend(home);
    views.push(entry(l("使用帮助", "Guide"), "guide"));
    let page = |title: &str, text: &str| json!({"title": title, "up": true, "views": [{"text": {"words": text}}]});
    let mut app = json!({
        "specimen": name, "category": "news", "package": format!("com.example.twin.{}", name.replace('-', "_")),
        "label": l("每日资讯", "Daily"), "permissions": group.permissions, "vars": {"n": 0, "word": "", "place": ""},
        "first-screen": "home",
        "on": {"start": [{"ask": {"permissions": group.permissions}}]},
        "screens": {
            "home": {"title": l("首页", "Home"), "views": views},
            "orders": page(l("我的订单", "Orders"), l("暂无订单", "No orders yet")),
            "guide": page(l("使用帮助", "Guide"), l("点按列表中的条目即可查看。", "Press an entry of the list to see it.")),
        },
        "dialogs": {},
    });
    for part in ["screens", "dialogs"] {
        for (name, value) in more[part].as_object().into_iter().flatten() {
            app[part][name] = value.clone();
        }
    }
    for part in ["vars", "on", "timers"] {
        if !more[part].is_null() {
            app[part] = more[part].clone();
        }
    }
    app.to_string()
}

fn withholds(group: &'static Group, manner: &'static str, chinese: bool) -> App {
    let l = |zh, en| label(chinese, zh, en);
    let part = l("专题报道", "Features");
    let granted = json!({"granted": group.permissions[0]});
    let demand = match chinese {
        true => format!("请在设置中开启{}后使用", group.chinese),
        false => format!("Please allow access to {} in the settings to go on", group.english),
    };
    let page = |views: Value| json!({"title": part, "up": true, "views": views});
    let whole = json!([
        {"image": {"words": l("封面图", "Cover"), "style": {"height": 120, "background": "#cfe8d5"}}},
        {"field": {"id": "search", "var": "word", "hint": l("搜索专题", "Search features")}},
        {"item": {"words": l("第一篇", "First one"), "tap": [{"goto": "guide"}]}},
    ]);
    let name = format!("{}-{manner}", group.name.to_lowercase().replace('_', "-"));
    let go = l("去设置", "Go to settings");
    let closed = json!([
        {"text": {"words": demand}}, {"button": {"words": go, "tap": [{"open-settings": null}]}},
    ]);
    let refused: Value = match manner {
        "plea" => json!([{"show": "plea"}]),
        "plea-page" => json!([{"goto": "closed"}]),
        "exit" => json!(["exit"]),
        "empty" => json!([{"goto": "bare"}]),
        "settings" => json!(["open-settings"]),
        _ => json!([{"toast": l("暂时无法使用", "Not available")}]),
    };
    let mut item =
        json!({"words": part, "tap": [{"when": {"if": granted, "then": [{"goto": "part"}], "else": refused}}]});
    if manner == "gone" {
        item["if"] = granted;
    }
    let closed: Value =
        serde_json::from_str(&closed.to_string().replace("{\"open-settings\":null}", "\"open-settings\"")).unwrap();
    let more = json!({
        "screens": {
            "part": page(whole), "closed": page(closed),
            "bare": page(json!([{"text": {"words": l("暂无内容", "Nothing here")}}])),
        },
        "dialogs": {"plea": {
            "form": "card", "cancelable": true, "title": l("温馨提示", "Notice"), "message": demand,
            "positive": {"words": go, "do": ["open-settings"]}, "negative": {"words": l("以后再说", "Later")},
        }},
    });
    let text = app(&name, group, chinese, vec![json!({"item": item})], more);
    App { name, group: group.name, category: "news", chinese, truth: Truth::Withholds(part), text }
}

const NEAR_MISSES: [&str; 10] = [
    "manual-city",
    "map-centre",
    "random-feed",
    "random-order",
    "random-advert",
    "clock",
    "counter",
    "nags",
    "second-try",
    "picker",
];

/// An app that changes with a refusal, or by itself, and withholds nothing.
fn fair(kind: &'static str, chinese: bool) -> App {
    let l = |zh, en| label(chinese, zh, en);
    let group = if kind == "picker" { &GROUPS[4] } else { &GROUPS[0] };
    let granted = json!({"granted": group.permissions[0]});
    let not = json!({"not": granted});
    let part = l("本地天气", "Weather");
    let open = |to: &str| json!({"item": {"words": part, "tap": [{"goto": to}]}});
    let page = |views: Value| json!({"title": part, "up": true, "views": views});
    let words = ["lamp", "vase", "chair", "table", "rug", "clock", "mirror", "shelf"];
    let any = |var: &str| {
        let choices: Vec<Value> = words.iter().map(|w| json!({"do": [{"set": {var: w}}]})).collect();
        json!({"choose": choices})
    };
    let (home, more) = match kind {
        // Refused, it asks for the city by hand.
        "manual-city" => {
            let views = json!([
                {"text": {"words": l("人民广场 18°", "Main Square 18°"), "if": granted}},
                {"item": {"words": l("明天", "Tomorrow"), "if": granted, "tap": [{"goto": "guide"}]}},
                {"text": {"words": l("没有位置权限也可以手动选择城市", "Without location permission, choose a city by hand"), "if": not}},
                {"field": {"id": "city", "var": "word", "hint": l("输入城市", "City"), "if": not}},
                {"item": {"words": l("北京", "Springfield"), "if": not, "tap": [{"goto": "guide"}]}},
                {"item": {"words": l("上海", "Riverton"), "if": not, "tap": [{"goto": "guide"}]}},
            ]);
            (vec![open("part")], json!({"screens": {"part": page(views)}}))
        }
        // The map begins somewhere else.
        "map-centre" => {
            let views = json!([
                {"image": {"id": "map", "words": l("城市地图", "City map"), "style": {"height": 200, "background": "#cfe8d5"}}},
                {"text": {"words": l("当前位置：人民广场", "You are at Main Square"), "if": granted}},
                {"text": {"words": l("市中心", "City centre"), "if": not}},
                {"item": {"words": l("附近商家", "Shops"), "tap": [{"goto": "guide"}]}},
            ]);
            (vec![open("part")], json!({"screens": {"part": page(views)}}))
        }
        "random-feed" | "random-order" => {
            let vars = json!({"a": "x", "b": "y", "c": "z", "n": 0, "word": "", "place": ""});
            let rows: Vec<Value> = ["a", "b", "c"]
                .iter()
                .map(|v| json!({"item": {"id": "row", "words": format!("{{{v}}}"), "tap": [{"goto": "guide"}]}}))
                .collect();
            let set = match kind {
                "random-feed" => json!([any("a"), any("b"), any("c")]),
                _ => json!([{"choose": [
                    {"do": [{"set": {"a": "lamp", "b": "vase", "c": "rug"}}]},
                    {"do": [{"set": {"a": "rug", "b": "lamp", "c": "vase"}}]},
                    {"do": [{"set": {"a": "vase", "b": "rug", "c": "lamp"}}]},
                ]}]),
            };
            let screen = json!({"title": part, "up": true, "on-show": set, "views": rows});
            (vec![open("part")], json!({"vars": vars, "screens": {"part": screen}}))
        }
        "random-advert" => {
            let vars = json!({"shown": false, "n": 0, "word": "", "place": ""});
            let roll = json!([{"choose": [{"do": [{"set": {"shown": true}}]}, {"do": [{"set": {"shown": false}}]}]}]);
            let shown = json!({"is": {"shown": true}});
            let views = json!([
                {"image": {"id": "ad_banner", "words": l("换季大促", "Season sale"), "if": shown, "style": {"height": 90, "background": "#ffe0b2"},
                    "tap": [{"goto": "guide"}]}},
                {"button": {"words": l("立即领取", "Claim now"), "if": shown, "tap": [{"goto": "guide"}]}},
                {"text": {"words": l("多云", "Cloudy")}},
                {"item": {"words": l("明天", "Tomorrow"), "tap": [{"goto": "guide"}]}},
            ]);
            let screen = json!({"title": part, "up": true, "on-show": roll, "views": views});
            (vec![open("part")], json!({"vars": vars, "screens": {"part": screen}}))
        }
        "clock" | "counter" => {
            let add = json!([{"add": {"n": 1}}]);
            let words = if kind == "clock" { "09:{n}" } else { "{n}" };
            let mut screen = json!({"title": part, "up": true, "on-show": add, "views": [
                {"text": {"id": "now", "words": words}},
                {"item": {"words": l("明天", "Tomorrow"), "note": "{n}", "tap": [{"goto": "guide"}]}},
            ]});
            if kind == "clock" {
                screen["timers"] = json!([{"every": "2s", "do": [{"add": {"n": 1}}]}]);
            }
            (vec![open("part")], json!({"screens": {"part": screen}}))
        }
        // Begs at each start and lets the person close it.
        "nags" => {
            let views = json!([{"text": {"words": l("多云", "Cloudy")}}, {"item": {"words": l("明天", "Tomorrow"), "tap": [{"goto": "guide"}]}}]);
            let begs = json!({
                "form": "card", "cancelable": true, "title": l("开启位置权限", "Turn on location"),
                "message": l("开启位置权限，查看附近资讯", "Allow access to your location for news nearby"),
                "positive": {"words": l("去设置", "Go to settings"), "do": ["open-settings"]}, "negative": {"words": l("以后再说", "Later")},
            });
            let start = json!({"start": [
                {"ask": {"permissions": group.permissions, "refused": [{"show": "begs"}], "refused-for-good": [{"show": "begs"}]}},
            ]});
            (vec![open("part")], json!({"on": start, "screens": {"part": page(views)}, "dialogs": {"begs": begs}}))
        }
        // Refused, it answers the second press only.
        "second-try" => {
            let first = json!({"all": [not, {"not": {"at-least": {"n": 2}}}]});
            let tap = json!([
                {"add": {"n": 1}},
                {"when": {"if": first, "then": [{"toast": l("加载失败，请重试", "Please try again")}], "else": [{"goto": "part"}]}},
            ]);
            let views = json!([{"text": {"words": l("多云", "Cloudy")}}, {"item": {"words": l("明天", "Tomorrow"), "tap": [{"goto": "guide"}]}}]);
            (vec![json!({"item": {"words": part, "tap": tap}})], json!({"screens": {"part": page(views)}}))
        }
        // Without the album it offers pictures of its own to choose from.
        _ => {
            let views = json!([
                {"image": {"words": l("头像", "Portrait"), "style": {"height": 80, "background": "#d7e3f4"}}},
                {"button": {"words": l("更换头像", "Change portrait"), "tap": [{"when": {"if": granted, "then": [{"goto": "album"}], "else": [{"goto": "presets"}]}}]}},
            ]);
            let album = json!({"title": l("相册", "Album"), "up": true, "views": [
                {"item": {"words": l("昨天", "Yesterday"), "tap": ["back"]}}, {"item": {"words": l("上周", "Last week"), "tap": ["back"]}},
            ]});
            let presets = json!({"title": l("系统头像", "Presets"), "up": true, "views": [
                {"item": {"words": l("小猫", "Cat"), "tap": ["back"]}}, {"item": {"words": l("小狗", "Dog"), "tap": ["back"]}},
            ]});
            (vec![open("part")], json!({"screens": {"part": page(views), "album": album, "presets": presets}}))
        }
    };
    let name = format!("fair-{kind}");
    let text = app(&name, group, chinese, home, more);
    App { name, group: group.name, category: "news", chinese, truth: Truth::Fair, text }
}

/// Scanning needs the camera: asked for by the act itself.
fn scanner() -> App {
    let group = &GROUPS[1];
    let scan = json!({"button": {"words": "Read a code", "tap": [{"ask": {
        "permissions": ["CAMERA"], "granted": [{"access": {"what": "camera"}}, {"goto": "scan"}], "refused": [{"toast": "No camera"}],
    }}]}});
    let screen = json!({"title": "Code", "up": true, "views": [
        {"image": {"words": "Finder", "style": {"height": 200, "background": "#222222"}}},
        {"field": {"id": "typed", "var": "word", "hint": "Type the code"}},
    ]});
    let more = json!({"on": {"start": [{"set": {"n": 1}}]}, "screens": {"scan": screen}});
    let text = app("own-scanner", group, false, vec![scan], more);
    App {
        name: "own-scanner".into(),
        group: group.name,
        category: "news",
        chinese: false,
        truth: Truth::OwnUse("Read a code"),
        text,
    }
}

/// A map may need the position: what it withholds then is told, and is no finding.
fn needed() -> App {
    let made = withholds(&GROUPS[0], "plea", false);
    let text = made
        .text
        .replace("\"news\"", "\"map-navigation\"")
        .replace("location-plea", "needed-location")
        .replace("location_plea", "needed_location");
    App { name: "needed-location".into(), category: "map-navigation", truth: Truth::Fair, text, ..made }
}

/// The permission is asked for by another entry than the one that hangs on it.
fn elsewhere() -> App {
    let made = withholds(&GROUPS[2], "nothing", false);
    let mut app: Value = serde_json::from_str(&made.text).unwrap();
    app["on"] = json!({"start": [{"set": {"n": 1}}]});
    let open = json!([{"goto": "friends"}]);
    let ask = json!([{"ask": {"permissions": GROUPS[2].permissions, "granted": open, "refused": open}}]);
    app["screens"]["friends"] = json!({"title": "Friends", "up": true, "views": [{"text": {"words": "Nobody yet"}}]});
    let views = app["screens"]["home"]["views"].as_array_mut().unwrap();
    views.insert(0, json!({"item": {"words": "Friends", "tap": ask}}));
    let text =
        app.to_string().replace("contacts-nothing", "asked-elsewhere").replace("contacts_nothing", "asked_elsewhere");
    App { name: "asked-elsewhere".into(), text, ..made }
}

/// The entry closes once another one, further down, has been refused: it was seen open before.
fn afterwards() -> App {
    let made = elsewhere();
    let mut app: Value = serde_json::from_str(&made.text).unwrap();
    let refused = json!([{"set": {"n": 2}}, {"goto": "friends"}]);
    let views = app["screens"]["home"]["views"].as_array_mut().unwrap();
    views.swap(0, 2);
    views[2]["item"]["tap"][0]["ask"]["refused"] = refused;
    let features = &mut views.iter_mut().find(|view| view["item"]["words"] == "Features").unwrap()["item"];
    features["tap"][0]["when"]["if"] = json!({"not": {"at-least": {"n": 2}}});
    let name = |text: &str| {
        text.replace("asked-elsewhere", "closed-afterwards").replace("asked_elsewhere", "closed_afterwards")
    };
    App { name: name(&made.name), text: name(&app.to_string()), ..made }
}

/// The entry opens once, whatever is answered: made again after a refusal, it seems closed by it.
fn once() -> App {
    let made = elsewhere();
    let mut app: Value = serde_json::from_str(&made.text).unwrap();
    app["on"] = json!({});
    let views = app["screens"]["home"]["views"].as_array_mut().unwrap();
    views.swap(0, 2);
    let tap = &mut views.iter_mut().find(|view| view["item"]["words"] == "Features").unwrap()["item"]["tap"];
    tap[0]["when"]["if"] = json!({"not": {"at-least": {"n": 2}}});
    tap.as_array_mut().unwrap().insert(0, json!({"add": {"n": 1}}));
    let name = |text: &str| text.replace("asked-elsewhere", "fair-once").replace("asked_elsewhere", "fair_once");
    App { name: name(&made.name), text: name(&app.to_string()), truth: Truth::Fair, ..made }
}
