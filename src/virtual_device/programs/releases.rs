//! Since which release a device has a program in `/system/bin`. Source: AOSP `system/core/shell_and_utilities/README.md`,
//! which lists the tools of each release; what it does not list is there from the start.

/// Names by the API level whose README lists them first. Debug builds and `toybox NAME` have more.
const SINCE: &[(u32, &[&str])] = &[
    (24, &["base64", "flock", "killall", "tty", "xxd"]),
    (26, &["diff", "file", "gunzip", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "zcat"]),
    // Brian Kernighan's own.
    (28, &["awk"]),
    (29, &["getconf", "nproc", "rev", "unlink", "uuidgen"]),
    (31, &["[", "test"]),
];

/// The level from which on a device has the program.
pub fn since(name: &str) -> u32 {
    SINCE.iter().find(|(_, names)| names.contains(&name)).map_or(0, |(level, _)| *level)
}

#[cfg(test)]
mod tests {
    use super::super::names;
    use crate::virtual_device::profile::Profile;

    #[test]
    fn each_release_has_the_tools_that_its_readme_lists() {
        let has = |api: u32, name: &str| names(&Profile::parse(&format!("api={api}")).unwrap()).contains(&name);
        for (name, before, from) in [("awk", 26, 28), ("diff", 23, 26), ("sha256sum", 23, 26), ("nproc", 28, 29)] {
            assert!(has(from, name) && !has(before, name), "{name} comes with {from}");
        }
        for name in ["getevent", "netstat", "tar", "top", "setenforce", "md5sum", "seq"] {
            assert!(has(23, name) && has(36, name), "{name} is always there");
        }
        assert!(!has(36, "ss"), "Android has none");
    }
}
