//! Which boot of the device this is, by its kernel: a device that was told to start anew goes on answering while it shuts
//! down, and must not be taken for one that has come back.

use std::time::Duration;

use super::Android;
use super::error::AndroidError;

/// How long the question may take.
const WITHIN: Duration = Duration::from_secs(5);
/// `sys.boot_completed` is set when the home screen may start (AOSP `ActivityManagerService.finishBooting`); the files are
/// Linux's (`drivers/char/random.c`, `fs/proc/uptime.c`). Either may be kept from the shell.
const ASKED: &str = "getprop sys.boot_completed; cat /proc/sys/kernel/random/boot_id /proc/uptime 2>/dev/null";

/// One boot of a device, as it was seen at some time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Boot {
    /// It has come so far that apps can start.
    completed: bool,
    /// Its name, another one each time; empty where it is not told.
    id: String,
    /// Seconds since it began, where they are told.
    up: Option<f64>,
}

impl Android {
    /// The boot that the device is in.
    ///
    /// # Errors
    /// When the device does not answer.
    pub async fn boot(&self) -> Result<Boot, AndroidError> {
        Ok(Boot::read(&self.device().shell(ASKED, WITHIN).await?.text()))
    }
}

impl Boot {
    fn read(text: &str) -> Self {
        let mut boot = Self::default();
        for line in text.lines().map(str::trim) {
            match line.split_once(' ').and_then(|(up, idle)| up.parse().ok().zip(idle.parse::<f64>().ok())) {
                Some((up, _)) => boot.up = Some(up),
                None if line == "1" => boot.completed = true,
                None if line.len() == 36 && line.contains('-') => line.clone_into(&mut boot.id),
                None => {}
            }
        }
        boot
    }

    /// Whether this is a later boot than another, and has come so far that apps can start. A device that tells neither name
    /// nor time is believed when it says that it has.
    pub fn has_followed(&self, earlier: &Self) -> bool {
        let another = match (self.id.is_empty() || earlier.id.is_empty(), self.up.zip(earlier.up)) {
            (false, _) => self.id != earlier.id,
            (true, Some((now, then))) => now < then,
            (true, None) => true,
        };
        another && self.completed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0f6f9a5e-6b2b-4f0e-9d6c-6f4f5b0a1c2d";

    #[test]
    fn a_device_that_shuts_down_has_not_come_back() {
        let before = Boot::read(&format!("1\n{ID}\n512.20 700.10\n"));
        assert_eq!(before, Boot { completed: true, id: ID.to_owned(), up: Some(512.2) });
        let going = Boot::read(&format!("1\r\n{ID}\r\n513.90 702.00\r\n"));
        assert!(!going.has_followed(&before));
        let other = ID.replace('f', "a");
        assert!(!Boot::read(&format!("\n{other}\n4.01 2.00\n")).has_followed(&before), "it starts still");
        assert!(Boot::read(&format!("1\n{other}\n31.20 40.00\n")).has_followed(&before));
        // A boot that took longer than the one before had lasted has another name all the same.
        assert!(Boot::read(&format!("1\n{other}\n600.00 900.00\n")).has_followed(&before));
    }

    #[test]
    fn what_is_kept_from_the_shell_is_not_needed() {
        let before = Boot::read("1\n512.20 700.10\n");
        assert!(!Boot::read("1\n513.20 700.90\n").has_followed(&before));
        assert!(Boot::read("1\n20.00 8.00\n").has_followed(&before));
        assert!(Boot::read("1\n").has_followed(&before) && !Boot::read("").has_followed(&before));
    }
}
