//! `dumpsys` of what is made of hardware: screen layers, sound, telephone, Wi-Fi. MODEL: the lines clients look for, in
//! AOSP's words; no capture has them.

use super::super::reply::Reply;
use super::window;
use crate::virtual_device::system::{System, Table};

/// `dumpsys SurfaceFlinger --list`: names of layers, the topmost last as they are drawn.
pub fn layers(system: &System, args: &[&str]) -> Reply {
    let number = if system.profile().api >= 26 { "#0" } else { "" };
    match args.first() {
        Some(&"--list") => {
            let mut titles = window::titles(system);
            titles.reverse();
            titles.extend(["StatusBar".to_owned(), "NavigationBar0".to_owned()]);
            Reply::out(titles.iter().map(|title| format!("{title}{number}\n")).collect::<String>())
        }
        // Nothing is drawn by a GPU here: no frame was ever timed. The first line is the time of a refresh.
        Some(&"--latency") => Reply::out("16666666\n"),
        // MODEL: the one display as the emulator names it.
        Some(&"--display-id") => {
            Reply::out("Display 4619827259835644672 (HWC display 0): port=0 pnpId=GGL displayName=\"EMU_display_0\"\n")
        }
        // MODEL: the one line that clients read, of an emulator that draws by software.
        _ => {
            Reply::out("GLES: Google (Google Inc.), Android Emulator OpenGL ES Translator (Software), OpenGL ES 3.0\n")
        }
    }
}

/// `dumpsys audio`
pub fn audio(system: &System) -> Reply {
    // Names and highest steps of AOSP's `AudioService`, and the setting that holds each.
    let streams = [
        ("STREAM_VOICE_CALL", 1, 5, "volume_voice"),
        ("STREAM_SYSTEM", 0, 7, "volume_system"),
        ("STREAM_RING", 0, 7, "volume_ring"),
        ("STREAM_MUSIC", 0, 15, "volume_music"),
        ("STREAM_ALARM", 1, 7, "volume_alarm"),
        ("STREAM_NOTIFICATION", 0, 7, "volume_notification"),
    ];
    let mut out = String::from("Stream volumes (device: index)\n");
    for (name, low, high, key) in streams {
        let now = system.settings().get(Table::System, key).unwrap_or("5");
        let muted = now == "0";
        out += &format!(
            "- {name}:\n   Muted: {muted}\n   Min: {low}\n   Max: {high}\n   streamVolume:{now}\n   Current: 2 \
             (speaker): {now}, 40000000 (default): {now}\n   Devices: speaker\n"
        );
    }
    Reply::out(out + "Ringer mode: \n- mode (internal) = NORMAL\n- mode (external) = NORMAL\n")
}

/// `dumpsys telephony.registry`: nobody calls.
pub fn telephony(system: &System) -> Reply {
    let connected = system.settings().get(Table::Global, "mobile_data") != Some("0");
    let state = if connected { 2 } else { 0 };
    let lines = [
        "mCallState=0".to_owned(),
        "mCallIncomingNumber=".into(),
        "mMessageWaiting=false".into(),
        "mCallForwarding=false".into(),
        "mDataActivity=0".into(),
        format!("mDataConnectionState={state}"),
    ];
    let head = if system.profile().api >= 24 { "last known state:\n  Phone Id=0\n" } else { "last known state:\n" };
    let indent = if system.profile().api >= 24 { "    " } else { "  " };
    Reply::out(format!("{head}{}", lines.map(|line| format!("{indent}{line}\n")).concat()))
}

/// `dumpsys wifi`
pub fn wifi(system: &System) -> Reply {
    let on = system.settings().get(Table::Global, "wifi_on") != Some("0");
    let state = if on { "enabled" } else { "disabled" };
    let supplicant = if on { "COMPLETED" } else { "DISCONNECTED" };
    let network = if on { "\"AndroidWifi\"" } else { "<unknown ssid>" };
    Reply::out(format!(
        "Wi-Fi is {state}\nStay-awake conditions: 0\n\nmWifiInfo SSID: {network}, BSSID: 00:13:10:85:fe:01, MAC: \
         02:00:00:00:00:00, Supplicant state: {supplicant}, RSSI: -50\n"
    ))
}
