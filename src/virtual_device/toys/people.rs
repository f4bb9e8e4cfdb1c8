//! Users and groups by number and name; `id`, `whoami`.

use super::tool::{Tool, toy};

/// AOSP's `android_filesystem_config.h`, the ones that show up.
const NAMES: &[(u32, &str)] = &[
    (0, "root"),
    (1000, "system"),
    (1001, "radio"),
    (1003, "graphics"),
    (1004, "input"),
    (1005, "audio"),
    (1007, "log"),
    (1011, "adb"),
    (1012, "install"),
    (1013, "media"),
    (1015, "sdcard_rw"),
    (1017, "keystore"),
    (1023, "media_rw"),
    (1028, "sdcard_r"),
    (1036, "logd"),
    (1078, "ext_data_rw"),
    (1079, "ext_obb_rw"),
    (2000, "shell"),
    (2001, "cache"),
    (3001, "net_bt_admin"),
    (3002, "net_bt"),
    (3003, "inet"),
    (3006, "net_bw_stats"),
    (3009, "readproc"),
    (3011, "uhid"),
    (9998, "misc"),
    (9999, "nobody"),
];

/// A user's or group's name; `u0_a12` for apps.
pub(super) fn name_of(uid: u32) -> String {
    if let Some((_, name)) = NAMES.iter().find(|(known, _)| *known == uid) {
        return (*name).to_owned();
    }
    if uid >= 10_000 { format!("u{}_a{}", uid / 100_000, uid % 100_000 - 10_000) } else { uid.to_string() }
}

/// A user's number by name or number.
pub(super) fn uid_of(name: &str) -> Option<u32> {
    let known = NAMES.iter().find(|(_, known)| *known == name).map(|(uid, _)| *uid);
    known.or_else(|| name.parse().ok())
}

/// Groups that adbd's programs are in, by the captures of API 23 and of newer ones.
fn groups(uid: u32, api: u32) -> Vec<u32> {
    let mut groups = vec![uid, 1004, 1007, 1011, 1015, 1028];
    if api >= 30 {
        groups.extend([1078, 1079]);
    }
    groups.extend([3001, 3002, 3003, 3006]);
    if api >= 26 {
        groups.extend([3009, 3011]);
    }
    groups
}

toy!(
    /// `id [-G] [-Z] [-u] [-g] [-n]`
    id, id_work
);

async fn id_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("unGgZ", "", &[]).await else { return 1 };
    let (uid, api) = (tool.call.uid, tool.call.machine.profile.api);
    if flags.has('u') || flags.has('g') {
        let text = if flags.has('n') { name_of(uid) } else { uid.to_string() };
        return tool.finish(text + "\n").await;
    }
    let listed: Vec<String> = groups(uid, api).iter().map(|gid| format!("{gid}({})", name_of(*gid))).collect();
    let name = name_of(uid);
    if flags.has('G') {
        let all: Vec<String> = groups(uid, api)
            .into_iter()
            .map(|gid| if flags.has('n') { name_of(gid) } else { gid.to_string() })
            .collect();
        return tool.finish(all.join(" ") + "\n").await;
    }
    if flags.has('Z') {
        return tool.finish(format!("u:r:{}:s0\n", if uid == 0 { "su" } else { "shell" })).await;
    }
    let context = if uid == 0 { "u:r:su:s0" } else { "u:r:shell:s0" };
    let context = if api > 23 { format!(" context={context}") } else { String::new() };
    tool.finish(format!("uid={uid}({name}) gid={uid}({name}) groups={}{context}\n", listed.join(","))).await
}

toy!(
    /// `groups`
    groups_of_user, groups_work
);

async fn groups_work(tool: Tool) -> i32 {
    let all: Vec<String> = groups(tool.call.uid, tool.call.machine.profile.api).into_iter().map(name_of).collect();
    tool.finish(all.join(" ") + "\n").await
}

toy!(
    /// `whoami`
    whoami, whoami_work
);

async fn whoami_work(tool: Tool) -> i32 {
    let name = name_of(tool.call.uid);
    tool.finish(name + "\n").await
}
