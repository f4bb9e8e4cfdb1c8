//! The battery, as its service tells of it: what the device measures, and what somebody set over it.

/// One figure: its line, first API level, value from the factory, and the name by which `dumpsys battery set` changes it.
struct Row {
    line: &'static str,
    since: u32,
    value: &'static str,
    name: &'static str,
}

const fn row(line: &'static str, since: u32, value: &'static str, name: &'static str) -> Row {
    Row { line, since, value, name }
}

// AOSP `BatteryService.java`; MODEL: the figures are a full battery's on a cable.
const ROWS: [Row; 15] = [
    row("AC powered", 24, "false", "ac"),
    row("USB powered", 24, "true", "usb"),
    row("Wireless powered", 24, "false", "wireless"),
    row("Dock powered", 33, "false", "dock"),
    row("Max charging current", 24, "500000", ""),
    row("Max charging voltage", 24, "5000000", ""),
    row("Charge counter", 24, "3000000", "counter"),
    row("status", 24, "2", "status"),
    row("health", 24, "2", ""),
    row("present", 24, "true", "present"),
    row("level", 24, "100", "level"),
    row("scale", 24, "100", ""),
    row("voltage", 24, "5000", ""),
    row("temperature", 24, "250", "temp"),
    row("technology", 24, "Li-ion", ""),
];

/// The battery.
#[derive(Clone, Debug, Default)]
pub struct Battery {
    /// What somebody set, by the number of the row.
    set: std::collections::BTreeMap<usize, String>,
}

/// Why a figure was not set; the words are AOSP's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatteryError {
    /// No figure of that name.
    #[error("Unknown set option: {0}")]
    Unknown(String),
    /// Not a number.
    #[error("Bad value: {0}")]
    Value(String),
}

impl Battery {
    /// The lines of the service's dump at an API level, each with its value.
    pub fn lines(&self, api: u32) -> impl Iterator<Item = (&'static str, &str)> {
        let told = |(at, row): (usize, &'static Row)| (row.line, self.set.get(&at).map_or(row.value, String::as_str));
        ROWS.iter().enumerate().filter(move |(_, row)| api >= row.since).map(told)
    }

    /// Charge in per cent.
    pub fn level(&self) -> &str {
        self.lines(u32::MAX).find(|(line, _)| *line == "level").map_or("100", |(_, value)| value)
    }

    /// Whether somebody set something, so that what is measured no longer counts.
    pub fn is_set(&self) -> bool {
        !self.set.is_empty()
    }

    /// Sets a figure: those of cables to whether they are in, `present` likewise, the others to a number.
    ///
    /// # Errors
    /// No such figure, or no number.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), BatteryError> {
        let found = ROWS.iter().position(|row| !row.name.is_empty() && row.name == name);
        let at = found.ok_or_else(|| BatteryError::Unknown(name.into()))?;
        let number: i32 = value.parse().map_err(|_| BatteryError::Value(value.into()))?;
        let yes_or_no = matches!(ROWS[at].value, "true" | "false");
        let shown = if yes_or_no { (number != 0).to_string() } else { number.to_string() };
        self.set.insert(at, shown);
        Ok(())
    }

    /// Takes every cable out.
    pub fn unplug(&mut self) {
        let cables = ROWS.iter().enumerate().filter(|(_, row)| row.line.ends_with(" powered"));
        self.set.extend(cables.map(|(at, _)| (at, "false".to_owned())));
    }

    /// Goes back to what is measured.
    pub fn reset(&mut self) {
        self.set.clear();
    }
}
