//! Paths as text.

/// `path` as seen from `cwd`, made absolute; `.`, `..` and doubled slashes are kept for the walk to resolve.
pub fn absolute(cwd: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    format!("{}/{path}", cwd.trim_end_matches('/'))
}

/// An absolute path without `.`, `..` and doubled slashes, by its text alone (links are not looked at).
pub fn lexical(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}

/// The last name of a path; `/` for the root.
pub fn base(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return if path.is_empty() { "" } else { "/" };
    }
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

/// Everything before the last name; `.` when there is nothing.
pub fn folder(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match trimmed.rfind('/') {
        Some(at) => match trimmed[..at].trim_end_matches('/') {
            "" => "/",
            folder => folder,
        },
        None if path.starts_with('/') => "/",
        None => ".",
    }
}

/// `folder` and `name` joined by one slash.
pub fn join(folder: &str, name: &str) -> String {
    format!("{}/{name}", folder.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart_and_put_together() {
        assert_eq!(absolute("/data", "x/y"), "/data/x/y");
        assert_eq!(absolute("/", "x"), "/x");
        assert_eq!(lexical("//a/./b/../c/"), "/a/c");
        assert_eq!((base("/a/b/"), folder("/a/b/")), ("b", "/a"));
        assert_eq!((base("/"), folder("/")), ("/", "/"));
        assert_eq!((base("a"), folder("a")), ("a", "."));
        assert_eq!(folder("/a"), "/");
    }
}
