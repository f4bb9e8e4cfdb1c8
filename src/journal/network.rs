//! What went over the device's network.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entry::ExhibitRef;

/// The device's network is watched from here on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NetworkWatched {
    /// What watches: `tcpdump`.
    pub source: String,
    /// Kinds of personal data with a value known of this device, which are searched for in what leaves it.
    pub searched: Vec<DataKind>,
}

/// The watch over the network ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NetworkEnded {
    /// Packets caught.
    pub packets: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Connections of other apps and of the system, which are not told one by one.
    pub others: u64,
    /// Connections that were not told because there were too many.
    pub untold: u64,
    /// The capture, in files for tcpdump and the like: as it came, but for secrets of the run.
    pub captures: Vec<ExhibitRef>,
    /// Places in it at which a secret of the run (the test account) was overwritten with asterisks before it was kept.
    /// What is split over packets, packed or encrypted is not found there.
    #[serde(default, skip_serializing_if = "is_none")]
    pub masked: u64,
    /// The capture is there in full; false when it grew too large to be kept.
    pub whole: bool,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// A connection of the app, or of somebody whom the device did not tell, up to a pause of two seconds or its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Connection {
    /// Name of the host; empty when only its address is known.
    pub host: String,
    /// What told the name: `tls` (the greeting), `http` (the request), `dns` (an answer with this address), or empty.
    pub host_by: String,
    /// Address of the host.
    pub address: String,
    /// Port at the host.
    pub port: u16,
    /// How it was packed.
    pub protocol: NetProtocol,
    /// Whose it was.
    pub whose: Whose,
    /// Method and path of the first request in the clear; known values masked.
    pub request: String,
    /// Bytes sent, without headers of TCP and below.
    pub sent: u64,
    /// Bytes received.
    pub received: u64,
    /// Personal data found in what left the device.
    pub carried: Vec<Carried>,
    /// Why what left the device was not searched in full; empty when it was, or when it was encrypted.
    pub unread: String,
    /// Device time of its first packet, ms since 1970.
    pub device_time: i64,
    /// The same, on this journal's monotonic clock, in ms.
    pub mono: Option<u64>,
    /// Milliseconds from its first to its last packet.
    pub lasted_ms: u64,
}

/// How a connection was packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NetProtocol {
    /// TLS.
    Tls,
    /// QUIC, which is encrypted as well.
    Quic,
    /// HTTP/1 in the clear.
    Http,
    /// Something else; whether it is encrypted is not known.
    Other,
}

/// Whose a connection was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// The app under test: the device's table of sockets says so.
    App,
    /// Not told: it may be any app's, or the system's.
    Unknown,
}

/// Kinds of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DataKind {
    /// Position.
    Location,
    /// An identifier of the device: ANDROID_ID, serial number, IMEI, MAC.
    DeviceId,
    /// The identifier for advertising.
    AdvertisingId,
    /// Telephone number of the device.
    PhoneNumber,
    /// Names and numbers of others.
    Contacts,
    /// Name of the test account.
    Account,
    /// Password of the test account.
    Password,
    /// Installed apps.
    AppList,
}

impl DataKind {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Location => "location",
            Self::DeviceId => "device identifier",
            Self::AdvertisingId => "advertising identifier",
            Self::PhoneNumber => "telephone number",
            Self::Contacts => "contacts",
            Self::Account => "account name",
            Self::Password => "password",
            Self::AppList => "list of installed apps",
        }
    }
}

/// A value known of the device that was found in what left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Carried {
    /// What it is.
    pub kind: DataKind,
    /// Which of its kind: `android-id`, `imei`, `position` …
    pub name: String,
    /// The value, all but its ends masked.
    pub masked: String,
    /// How it stood there: `plain`, `percent-encoded`, `base64`, `md5`, `sha1`, `sha256`.
    pub form: String,
}
