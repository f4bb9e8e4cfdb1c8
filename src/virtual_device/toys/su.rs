//! `su` of debug builds. Source: AOSP `system/extras/su/su.cpp`.

use super::tool::{Tool, toy};
use super::{names, people};
use crate::virtual_device::process::Call;
use crate::virtual_device::shell;

toy!(
    /// `su [who [command…]]`
    su, su_work
);

async fn su_work(mut tool: Tool) -> i32 {
    if !matches!(tool.call.uid, 0 | 2000) {
        let uid = tool.call.uid;
        tool.complain(&format!("uid {uid} not allowed to su")).await;
        return 1;
    }
    let mut words = tool.arguments().to_vec();
    let who = if words.is_empty() { "root".to_owned() } else { words.remove(0) };
    // Of `uid,gid,…` the first counts here: groups have no model.
    let Some(uid) = people::uid_of(who.split(',').next().unwrap_or_default()) else {
        tool.complain(&format!("invalid uid/gid '{who}'")).await;
        return 1;
    };
    let call = Call { uid, ..tool.call.clone() };
    tool.call.uid = uid;
    match words.is_empty() {
        true => shell::program(Call { argv: vec!["/system/bin/sh".into()], ..call }).await,
        false => names::run(&mut tool, words, call).await,
    }
}
