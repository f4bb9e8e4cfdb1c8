//! Why the hosts of a farm can't go on together.

/// Why the hosts of a farm can't go on together. No message holds a secret of an address.
#[derive(Debug, thiserror::Error)]
pub enum FarmError {
    /// An address or a name that was given makes no sense.
    #[error("{what}: {why}")]
    Given {
        /// Which option.
        what: &'static str,
        /// What is wrong, and what would do.
        why: String,
    },
    /// The queue gave no answer, or not the one that is needed.
    #[error("the queue: can't {doing}: {why}")]
    Queue {
        /// What was tried.
        doing: &'static str,
        /// Why.
        why: String,
    },
    /// The store refused.
    #[error("the store {store}: can't {doing}: {why}")]
    Store {
        /// Which one.
        store: String,
        /// What was tried.
        doing: &'static str,
        /// Why.
        why: String,
    },
    /// Another plan has this name.
    #[error("the batch `{batch}` on the queue is another one: {why}; give this one another --batch name")]
    OtherPlan {
        /// Its name.
        batch: String,
        /// What differs.
        why: String,
    },
    /// What came out of the store is not what was put in.
    #[error("{place} in the store: {why}")]
    Package {
        /// Where.
        place: String,
        /// What is wrong.
        why: String,
    },
}
