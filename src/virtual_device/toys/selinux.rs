//! `getenforce`, `setenforce`, `restorecon`, `chcon`, `runcon`: what the shell sees of SELinux. MODEL: nothing is ever
//! denied by a label, and files carry none.

use super::tool::{Tool, toy};
use crate::virtual_device::kernel_files;

toy!(
    /// `getenforce`
    getenforce, getenforce_work
);

async fn getenforce_work(tool: Tool) -> i32 {
    let enforcing = kernel_files::is_enforcing(&tool.call.machine);
    tool.finish(if enforcing { "Enforcing\n" } else { "Permissive\n" }).await
}

toy!(
    /// `setenforce [enforcing|permissive|1|0]`: of root alone, and not on a build for users.
    setenforce, setenforce_work
);

async fn setenforce_work(mut tool: Tool) -> i32 {
    let Some(word) = tool.arguments().first().cloned() else {
        tool.complain("Needs 1 argument").await;
        return 1;
    };
    let permissive = match word.to_ascii_lowercase().as_str() {
        "0" | "permissive" => true,
        "1" | "enforcing" => false,
        _ => {
            tool.complain(&format!("Invalid state: {word}")).await;
            return 1;
        }
    };
    if tool.call.uid != 0 {
        tool.complain(&format!("Couldn't set enforcing status to '{word}': Permission denied")).await;
        return 1;
    }
    kernel_files::set_enforcing(&tool.call.machine, !permissive);
    0
}

toy!(
    /// `restorecon [-DFnRrv] file…`, `chcon [-hRv] context file…`: the files have to be there.
    relabel, relabel_work
);

async fn relabel_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("DFnRrvh", "", &[]).await else { return 1 };
    let context = usize::from(tool.name() == "chcon");
    if flags.rest.len() <= context {
        tool.complain(if context == 1 { "Needs 2 arguments" } else { "Needs 1 argument" }).await;
        return 1;
    }
    for name in &flags.rest[context..] {
        let met = tool.call.machine.files().stat(tool.actor(), &tool.absolute(name));
        match met {
            Ok(stat) if tool.call.uid != 0 && stat.uid != tool.call.uid => {
                tool.complain(&format!("'{name}': Operation not permitted")).await;
            }
            Ok(_) => {}
            Err(error) => tool.complain(&format!("'{name}': {error}")).await,
        }
    }
    tool.status
}
