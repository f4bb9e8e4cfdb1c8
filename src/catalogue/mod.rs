//! The rules as data: categories, findings, phrases, deadlines, working days. Knows no device.
