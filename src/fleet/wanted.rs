//! Which device a case asks for, in the words of `--device`.

use std::fmt;

use super::error::FleetError;

/// Which device a case asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wanted {
    /// Any that the server has.
    Any,
    /// The one with this serial.
    Serial(String),
    /// A virtual one with these properties: `api=34,skin=google,locale=zh-CN`, or empty.
    Virtual(String),
}

impl Wanted {
    /// Reads `SERIAL`, `virtual` or `virtual:api=34,…`.
    pub fn parse(given: &str) -> Result<Self, FleetError> {
        let wrong = |why: &str| FleetError::Wanted { given: given.to_owned(), why: why.to_owned() };
        match given.split_once(':') {
            _ if given.is_empty() => Err(wrong("name a serial, or `virtual`")),
            Some(("virtual", properties)) => Ok(Self::Virtual(properties.to_owned())),
            _ if given == "virtual" => Ok(Self::Virtual(String::new())),
            _ if given.chars().any(|c| c.is_control() || c.is_whitespace()) => Err(wrong("a serial has no spaces")),
            _ => Ok(Self::Serial(given.to_owned())),
        }
    }

    /// Whether this can be had with or without an ADB server of one's own; checked before anything is begun.
    pub fn check(&self, server: bool) -> Result<(), FleetError> {
        let wrong = |why: &str| Err(FleetError::Wanted { given: self.to_string(), why: why.to_owned() });
        match (self, server) {
            (Self::Serial(_), false) => {
                wrong("without --server there are only virtual devices; give --server HOST:PORT")
            }
            (Self::Virtual(properties), true) if !properties.is_empty() => {
                wrong("a server's devices are what they are; name a serial, or leave --server away")
            }
            (Self::Virtual(properties), false) => crate::virtual_device::machine::Profile::parse(properties)
                .map(drop)
                .or_else(|error| wrong(&error.to_string())),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Serial(serial) => f.write_str(serial),
            Self::Virtual(properties) if properties.is_empty() => f.write_str("virtual"),
            Self::Virtual(properties) => write!(f, "virtual:{properties}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_device_are_read_and_said_again() {
        for given in ["virtual", "virtual:api=34,skin=google", "emulator-5554", "10.0.0.7:5555"] {
            assert_eq!(Wanted::parse(given).unwrap().to_string(), given);
        }
        assert_eq!(Wanted::parse("10.0.0.7:5555").unwrap(), Wanted::Serial("10.0.0.7:5555".into()));
        assert!(Wanted::parse("").is_err());
        assert!(Wanted::parse("a b").is_err());
    }
}
