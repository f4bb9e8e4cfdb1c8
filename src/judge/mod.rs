//! Journal → outcomes → verdict; pure.
