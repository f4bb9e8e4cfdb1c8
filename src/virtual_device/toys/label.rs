//! SELinux's labels of files, as `ls -Z` and `stat -c %C` tell them. Source: AOSP `system/sepolicy` `file_contexts` and
//! `seapp_contexts`; MODEL: no more than the places that clients look at.

/// Labels by the beginning of a path, the closest last.
const PLACES: &[(&str, &str)] = &[
    ("/", "rootfs"),
    ("/apex", "apex_mnt_dir"),
    ("/cache", "cache_file"),
    ("/data", "system_data_file"),
    ("/data/anr", "anr_data_file"),
    ("/data/app", "apk_data_file"),
    ("/data/local", "system_data_file"),
    ("/data/local/tmp", "shell_data_file"),
    ("/data/local/traces", "trace_data_file"),
    ("/data/misc", "system_data_file"),
    ("/data/tombstones", "tombstone_data_file"),
    ("/dev", "device"),
    ("/dev/input", "input_device"),
    ("/dev/null", "null_device"),
    ("/dev/random", "random_device"),
    ("/dev/urandom", "random_device"),
    ("/dev/zero", "zero_device"),
    ("/mnt", "tmpfs"),
    ("/proc", "proc"),
    ("/product", "system_file"),
    ("/storage", "storage_file"),
    ("/storage/emulated", "fuse"),
    ("/sdcard", "rootfs"),
    ("/sys", "sysfs"),
    ("/sys/fs/selinux", "selinuxfs"),
    ("/system", "system_file"),
    ("/system/bin/app_process", "zygote_exec"),
    ("/system/bin/sh", "shell_exec"),
    ("/system/bin/toybox", "toolbox_exec"),
    ("/vendor", "vendor_file"),
];

/// The label of what is at an absolute path of `owner`.
pub fn of(path: &str, owner: u32) -> String {
    if path.starts_with("/data/data/") && owner >= 10_000 {
        // The categories keep apps apart, and users.
        let app = owner % 100_000 - 10_000;
        return format!("u:object_r:app_data_file:s0:c{},c{},c512,c768", app & 0xff, 256 + (app >> 8));
    }
    if path == "/data" {
        return "u:object_r:system_data_root_file:s0".into();
    }
    let under = |place: &str| match path.strip_prefix(place.trim_end_matches('/')) {
        Some(rest) => rest.is_empty() || rest.starts_with('/'),
        None => false,
    };
    let kind = PLACES.iter().rfind(|(place, _)| under(place)).map_or("rootfs", |(_, kind)| *kind);
    format!("u:object_r:{kind}:s0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_place_gives_the_label() {
        for (path, label) in [
            ("/data/local/tmp/x", "u:object_r:shell_data_file:s0"),
            ("/data", "u:object_r:system_data_root_file:s0"),
            ("/data/media", "u:object_r:system_data_file:s0"),
            ("/system/bin/sh", "u:object_r:shell_exec:s0"),
            ("/systemx", "u:object_r:rootfs:s0"),
        ] {
            assert_eq!(of(path, 0), label, "{path}");
        }
        assert_eq!(of("/data/data/a.b", 10_101), "u:object_r:app_data_file:s0:c101,c256,c512,c768");
    }
}
