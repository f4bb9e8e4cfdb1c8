//! Where devices come from, leases, health.
