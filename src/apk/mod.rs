//! What an app file says of itself: id, versions, permissions, signature, splits.
