//! UiAutomation: the one connection through which a program may look at the view tree. A second one is refused.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether somebody is connected.
#[derive(Debug, Default)]
pub struct Automation {
    taken: AtomicBool,
}

/// A connection; ends when it is dropped.
#[derive(Debug)]
pub struct Connection<'a> {
    automation: &'a Automation,
}

impl Automation {
    /// Connects; `None` while somebody else is connected.
    pub fn connect(&self) -> Option<Connection<'_>> {
        let free = self.taken.compare_exchange(false, true, Ordering::AcqRel, Ordering::Acquire).is_ok();
        free.then(|| Connection { automation: self })
    }
}

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        self.automation.taken.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let automation = Automation::default();
        let first = automation.connect();
        assert!(first.is_some() && automation.connect().is_none());
        assert!(automation.connect().is_none(), "a refused connection does not end the first");
        drop(first);
        assert!(automation.connect().is_some());
    }
}
