//! Android's meanings: hierarchy, screen, packages, permissions, accesses, activities, logs, input, dialogs.
