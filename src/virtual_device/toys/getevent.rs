//! `getevent`: the kernel's input devices. Source of the form: AOSP `system/core/toolbox/getevent.c`. MODEL: three devices
//! as emulators have them. Nobody's finger touches them: what `input` injects never comes by the kernel, so after the
//! devices nothing is told.

use super::tool::{Tool, toy};

/// A kind of event and its codes: number, label.
type Codes = &'static [(u16, &'static str)];

/// One input device.
struct Input {
    path: &'static str,
    name: &'static str,
    keys: Codes,
    absolute: Codes,
    switches: Codes,
    property: Option<&'static str>,
}

const KEYBOARD: Codes = &[
    (0x01, "KEY_ESC"),
    (0x0e, "KEY_BACKSPACE"),
    (0x1c, "KEY_ENTER"),
    (0x39, "KEY_SPACE"),
    (0x66, "KEY_HOME"),
    (0x72, "KEY_VOLUMEDOWN"),
    (0x73, "KEY_VOLUMEUP"),
    (0x8b, "KEY_MENU"),
    (0x9e, "KEY_BACK"),
    (0xd9, "KEY_SEARCH"),
];

const TOUCH: Codes = &[
    (0x2f, "ABS_MT_SLOT"),
    (0x30, "ABS_MT_TOUCH_MAJOR"),
    (0x35, "ABS_MT_POSITION_X"),
    (0x36, "ABS_MT_POSITION_Y"),
    (0x39, "ABS_MT_TRACKING_ID"),
    (0x3a, "ABS_MT_PRESSURE"),
];

const DEVICES: [Input; 3] = [
    Input {
        path: "/dev/input/event0",
        name: "Power Button",
        keys: &[(0x74, "KEY_POWER")],
        absolute: &[],
        switches: &[],
        property: None,
    },
    Input {
        path: "/dev/input/event1",
        name: "qwerty2",
        keys: KEYBOARD,
        absolute: &[],
        switches: &[(0, "SW_LID")],
        property: None,
    },
    Input {
        path: "/dev/input/event2",
        name: "virtio_input_multi_touch_1",
        keys: &[(0x14a, "BTN_TOUCH")],
        absolute: TOUCH,
        switches: &[],
        property: Some("INPUT_PROP_DIRECT"),
    },
];

/// Where the devices are.
pub(in crate::virtual_device) fn paths() -> impl Iterator<Item = &'static str> {
    DEVICES.iter().map(|input| input.path)
}

const USAGE: &str =
    "Usage: getevent [-t] [-n] [-s switchmask] [-S] [-v [mask]] [-d] [-p] [-i] [-l] [-q] [-c count] [-r] [device]\n";

toy!(
    /// `getevent [-tnSdpilqr] [-c count] [device]`
    getevent, getevent_work
);

async fn getevent_work(tool: Tool) -> i32 {
    let Ok(flags) = super::tool::Flags::parse(tool.arguments(), "tnSdpilqrh", "csv", &[]) else {
        tool.call.stdio.err(USAGE).await;
        return 1;
    };
    if flags.has('h') {
        tool.call.stdio.err(USAGE).await;
        return 0;
    }
    let wanted = flags.rest.first();
    if let Some(path) = wanted.filter(|path| !paths().any(|known| known == path.as_str())) {
        tool.call.stdio.err(format!("could not open {path}, No such file or directory\n")).await;
        return 1;
    }
    let asks = flags.has('p') || flags.has('i') || flags.has('S');
    let labels = flags.has('l');
    let mut text = String::new();
    for (number, input) in DEVICES.iter().enumerate() {
        if wanted.is_some_and(|path| path != input.path) || (flags.has('q') && !asks) {
            continue;
        }
        if wanted.is_none() {
            text += &format!("add device {}: {}\n  name:     \"{}\"\n", number + 1, input.path, input.name);
        }
        if flags.has('p') || flags.has('i') {
            text += &able(input, tool.call.machine.system().display_size(), labels);
        }
    }
    tool.out(text).await;
    if asks {
        return 0;
    }
    tool.call.stdio.hangup.cancelled().await;
    130
}

/// What the device can tell, with the ranges of its axes.
fn able(input: &Input, (width, height): (u32, u32), labels: bool) -> String {
    let mut text = "  events:\n".to_owned();
    for (kind, number, codes) in [("KEY", 1, input.keys), ("ABS", 3, input.absolute), ("SW ", 5, input.switches)] {
        for (at, (code, label)) in codes.iter().enumerate() {
            if at == 0 {
                text += &format!("    {kind} ({number:04x}):");
            } else if at % if labels { 4 } else { 8 } == 0 || number == 3 {
                text += "\n               ";
            }
            text += &if labels { format!(" {label:<21}") } else { format!(" {code:04x} ") };
            if number == 3 {
                let most = match code {
                    0x2f => 9,
                    0x35 => width.saturating_sub(1),
                    0x36 => height.saturating_sub(1),
                    0x39 => 65_535,
                    _ => 255,
                };
                text += &format!(" : value 0, min 0, max {most}, fuzz 0, flat 0, resolution 0");
            }
        }
        text += if codes.is_empty() { "" } else { "\n" };
    }
    text += "  input props:\n";
    text + &input.property.map_or("    <none>\n".to_owned(), |name| match labels {
        true => format!("    {name:<20}\n"),
        false => "    INPUT_PROP_DIRECT\n".to_owned(),
    })
}
