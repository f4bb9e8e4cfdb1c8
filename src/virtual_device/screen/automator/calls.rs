//! The methods that clients call.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use serde_json::{Value, json};

use super::super::super::view::{Layer, View};
use super::super::layout::Laid;
use super::super::programs::keys;
use super::super::programs::latency::{Work, spend};
use super::super::scene::{Scene, frame};
use super::super::{Frame, gesture, xml};
use super::rpc::Fault;
use super::selector::{Hit, Selector};
use super::{Agent, objects};

/// How long a tap holds the finger down (the jar's code).
const TAP: Duration = Duration::from_millis(100);
/// One step of a swipe (androidx's UiDevice).
const STEP_MS: u64 = 5;
/// Views below each other in a hierarchy unless told otherwise (the jar's code).
const DEPTH: usize = 50;
/// Longest wait for a view.
const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// Quality of a picture unless told otherwise.
const QUALITY: u8 = 80;

/// Methods of the jar that this model does not have.
const UNMODELLED: [&str; 37] = [
    "childByDescription",
    "childByInstance",
    "childByText",
    "clearLastTraversedText",
    "clickAndWaitForNewWindow",
    "dragTo",
    "executeShellCommand",
    "flingBackward",
    "flingForward",
    "flingToBeginning",
    "flingToEnd",
    "freezeRotation",
    "gesture",
    "getChild",
    "getConfigurator",
    "getFromParent",
    "getLastTraversedText",
    "getUiObject",
    "getUiObjects",
    "getWatchers",
    "hasAnyWatcherTriggered",
    "hasWatcherTriggered",
    "launchApp",
    "openNotification",
    "openQuickSettings",
    "pinchIn",
    "pinchOut",
    "registerClickUiObjectWatcher",
    "registerPressKeyskWatcher",
    "removeUiObject",
    "removeWatcher",
    "resetWatcherTriggers",
    "runWatchers",
    "scrollTo",
    "setConfigurator",
    "setOrientation",
    "waitForWindowUpdate",
];

type Outcome = Result<Value, Fault>;

impl Agent {
    /// Carries out one call; its result as JSON.
    pub async fn call(&self, method: &str, parameters: &[Value]) -> Result<String, Fault> {
        let work = match method {
            "dumpWindowHierarchy" => Work::JarDump,
            "click" | "longClick" | "swipe" | "drag" | "injectInputEvent" => Work::JarTap,
            "pressKey" | "pressKeyCode" => Work::JarKey,
            "takeScreenshot" => Work::JarPicture,
            _ => Work::JarCall,
        };
        spend(&self.machine, work).await;
        match method {
            // As text: its fields have an order (captured).
            "deviceInfo" => Ok(objects::device(&self.machine, &self.scene())),
            _ => self.value(method, parameters).await.map(|value| value.to_string()),
        }
    }

    async fn value(&self, method: &str, parameters: &[Value]) -> Outcome {
        match method {
            "ping" => Ok(json!("pong")),
            "dumpWindowHierarchy" => self.hierarchy(parameters),
            "takeScreenshot" => self.picture(parameters).await,
            "click" | "longClick" => self.click(parameters, method == "longClick").await,
            "swipe" | "drag" => self.swipe(parameters).await,
            "injectInputEvent" => self.finger(parameters),
            "pressKey" => self.named_key(parameters),
            "pressKeyCode" => self.changes(|| self.machine.system().key(number(parameters, 0).map_or(0, |n| n as u32))),
            "wakeUp" => self.switch(keys::code("WAKEUP")),
            "sleep" => self.switch(keys::code("SLEEP")),
            "isScreenOn" => Ok(json!(self.scene().lit)),
            "objInfo" => self.of_one(parameters, |hit| objects::object(&hit.node)),
            "getText" => self.of_one(parameters, |hit| json!(hit.node.text)),
            "objInfoOfAllInstances" => {
                self.of_all(parameters, |hits| hits.iter().map(|hit| objects::object(&hit.node)).collect())
            }
            "count" => self.of_all(parameters, |hits| json!(hits.len())),
            "exist" => self.of_all(parameters, |hits| json!(!hits.is_empty())),
            "waitForExists" => self.wait(parameters, true).await,
            "waitUntilGone" => self.wait(parameters, false).await,
            "setText" => self.set_text(parameters, text(parameters, 1)?),
            "clearTextField" => self.set_text(parameters, "").map(|_| Value::Null),
            "clearInputText" => {
                self.empty_focused();
                Ok(Value::Null)
            }
            "getLastToast" => Ok(json!(self.memory().toast)),
            "clearLastToast" => {
                self.memory().toast = None;
                Ok(Value::Null)
            }
            "setClipboard" => {
                let words = text(parameters, parameters.len().saturating_sub(1))?;
                self.machine.system().set_clipboard(words);
                Ok(Value::Null)
            }
            "getClipboard" => Ok(json!(self.machine.system().clipboard())),
            "pasteClipboard" => {
                self.machine.system().key(keys::code("PASTE"));
                Ok(Value::Null)
            }
            "waitForIdle" => Ok(Value::Null),
            other if UNMODELLED.contains(&other) => Err(Fault::NotModelled),
            _ => Err(Fault::NoMethod),
        }
    }

    fn scene(&self) -> Scene {
        Scene::now(&self.machine)
    }

    fn newer(&self) -> bool {
        self.machine.profile.api >= 34
    }

    /// The window in front, and unless only that is asked for the others that can be touched. MODEL: which those are, and
    /// that the system's bars are not among them.
    fn hierarchy(&self, parameters: &[Value]) -> Outcome {
        let flag = |n: usize| parameters.get(n).and_then(Value::as_bool).unwrap_or(false);
        let depth = number(parameters, 1).map_or(DEPTH, |depth| usize::try_from(depth).unwrap_or(0));
        let scene = self.scene();
        let front: Option<&Laid> = scene.focused();
        let mut windows: Vec<&Laid> = front.into_iter().collect();
        if !flag(2) {
            let floating = scene.windows.iter().rev().filter(|laid| laid.window.layer == Layer::Overlay);
            windows.extend(floating.filter(|laid| front.is_none_or(|front| !std::ptr::eq(*laid, front))));
        }
        Ok(json!(xml::indented(&windows, &scene.display, flag(0), depth)))
    }

    async fn picture(&self, parameters: &[Value]) -> Outcome {
        let quality = number(parameters, 1).map_or(QUALITY, |quality| quality.clamp(1, 100) as u8);
        let machine = self.machine.clone();
        let drawn = tokio::task::spawn_blocking(move || jpeg(&frame(&machine), quality)).await;
        Ok(json!(drawn.ok().flatten().map(|bytes| STANDARD.encode(bytes))))
    }

    async fn click(&self, parameters: &[Value], long: bool) -> Outcome {
        let hold = if long { Duration::from_millis(500) } else { TAP };
        if let Some(place) = point(parameters, 0) {
            let hold = number(parameters, 2).map_or(hold, |ms| Duration::from_millis(ms.clamp(0, 60_000) as u64));
            if place.0 < 0 || place.1 < 0 {
                return Ok(json!(false));
            }
            self.press(place, hold).await;
            return Ok(json!(true));
        }
        let place = self.of_one(parameters, |hit| {
            let (x, y) = hit.node.bounds().center();
            json!([x, y])
        })?;
        let place = place.as_array().and_then(|place| point(place, 0)).ok_or(Fault::Parameters)?;
        self.press(place, hold).await;
        Ok(json!(true))
    }

    async fn press(&self, place: (i32, i32), hold: Duration) {
        if self.machine.profile.latency != super::super::super::machine::Latency::Instant {
            self.machine.clock.sleep(hold).await;
        }
        let millis = u64::try_from(hold.as_millis()).unwrap_or(0);
        gesture::swipe(&self.machine, place, place, millis);
    }

    async fn swipe(&self, parameters: &[Value]) -> Outcome {
        let (from, to) = point(parameters, 0).zip(point(parameters, 2)).ok_or(Fault::Parameters)?;
        let steps = number(parameters, 4).ok_or(Fault::Parameters)?.clamp(1, 12_000) as u64;
        if self.machine.profile.latency != super::super::super::machine::Latency::Instant {
            self.machine.clock.sleep(Duration::from_millis(steps * STEP_MS)).await;
        }
        gesture::swipe(&self.machine, from, to, steps * STEP_MS);
        Ok(json!(true))
    }

    /// A finger goes down (0), moves (2), comes up (1).
    fn finger(&self, parameters: &[Value]) -> Outcome {
        let action = number(parameters, 0).ok_or(Fault::Parameters)?;
        let place = point(parameters, 1).ok_or(Fault::Parameters)?;
        let now = self.machine.clock.elapsed();
        match action {
            0 => self.memory().finger = Some((place, now)),
            1 => {
                let Some((from, since)) = self.memory().finger.take() else { return Ok(json!(false)) };
                let millis = u64::try_from(now.saturating_sub(since).as_millis()).unwrap_or(0);
                gesture::swipe(&self.machine, from, place, millis);
            }
            _ => {}
        }
        Ok(json!(true))
    }

    fn named_key(&self, parameters: &[Value]) -> Outcome {
        let name = text(parameters, 0)?.to_lowercase();
        let code = match name.as_str() {
            "left" | "right" | "up" | "down" | "center" => keys::code(&format!("DPAD_{name}")),
            "delete" => keys::code("DEL"),
            "recent" => keys::code("APP_SWITCH"),
            "home" | "back" | "menu" | "search" | "enter" | "del" | "volume_up" | "volume_down" | "volume_mute"
            | "camera" | "power" => keys::code(&name),
            _ => return Ok(json!(false)),
        };
        self.changes(|| self.machine.system().key(code))
    }

    /// Does something; whether the window in front told of a change: the jar waits for such an event (captured: false on
    /// an ANR dialog, which takes no *back*).
    fn changes(&self, act: impl FnOnce()) -> Outcome {
        let shown = || self.scene().focused().map(|laid| laid.root.clone());
        let before = shown();
        act();
        Ok(json!(before != shown()))
    }

    fn switch(&self, code: u32) -> Outcome {
        self.machine.system().key(code);
        Ok(Value::Null)
    }

    fn of_all(&self, parameters: &[Value], tell: impl FnOnce(&[Hit<'_>]) -> Value) -> Outcome {
        let selector = parameters.first().and_then(Selector::read).ok_or(Fault::Parameters)?;
        let scene = self.scene();
        let hits = match scene.focused() {
            Some(laid) => selector.all(&laid.root, &laid.window.package, self.newer()),
            None => Vec::new(),
        };
        Ok(tell(&hits))
    }

    fn of_one(&self, parameters: &[Value], tell: impl FnOnce(&Hit<'_>) -> Value) -> Outcome {
        let told = self.of_all(parameters, |hits| hits.first().map_or(Value::Null, tell))?;
        if told.is_null() {
            return Err(Fault::NotFound(parameters.first().map(Value::to_string).unwrap_or_default()));
        }
        Ok(told)
    }

    async fn wait(&self, parameters: &[Value], wanted: bool) -> Outcome {
        let within = Duration::from_millis(number(parameters, 1).unwrap_or(0).max(0) as u64).min(LONGEST_WAIT);
        let mut changes = self.machine.system().changes();
        let until = async {
            loop {
                let here = self.of_all(parameters, |hits| json!(!hits.is_empty()))? == json!(true);
                if here == wanted {
                    return Ok(json!(true));
                }
                if changes.changed().await.is_err() {
                    return Ok(json!(false));
                }
            }
        };
        tokio::select! {
            biased;
            outcome = until => outcome,
            () = self.machine.clock.sleep(within) => Ok(json!(false)),
        }
    }

    /// Puts the focus into the field and replaces what it holds.
    fn set_text(&self, parameters: &[Value], words: &str) -> Outcome {
        let place = self.of_one(parameters, |hit| {
            let (x, y) = hit.node.bounds().center();
            json!([x, y])
        })?;
        let place = place.as_array().and_then(|place| point(place, 0)).ok_or(Fault::Parameters)?;
        gesture::tap(&self.machine, place.0, place.1);
        self.empty_focused();
        Ok(json!(words.is_empty() || self.machine.system().write_into_field(words)))
    }

    fn empty_focused(&self) {
        fn length(view: &View) -> Option<usize> {
            let own = view.widget.state.focused.then(|| view.widget.text.chars().count());
            own.or_else(|| view.children.iter().find_map(length))
        }
        let typed = self.scene().focused().and_then(|laid| length(&laid.root)).unwrap_or(0);
        for _ in 0..typed {
            self.machine.system().key(keys::code("DEL"));
        }
    }
}

fn jpeg(frame: &Frame, quality: u8) -> Option<Vec<u8>> {
    let rgb: Vec<u8> = frame.rgba.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut bytes = Vec::with_capacity(256 * 1024);
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    encoder.encode(&rgb, frame.width, frame.height, ExtendedColorType::Rgb8).ok()?;
    Some(bytes)
}

/// A whole number; a fraction is cut off, as Jackson does.
fn number(parameters: &[Value], at: usize) -> Option<i64> {
    parameters.get(at)?.as_f64().map(|number| number as i64)
}

fn point(parameters: &[Value], at: usize) -> Option<(i32, i32)> {
    let coordinate = |at| number(parameters, at).map(|n| n.clamp(-1_000_000, 1_000_000) as i32);
    coordinate(at).zip(coordinate(at + 1))
}

fn text(parameters: &[Value], at: usize) -> Result<&str, Fault> {
    parameters.get(at).and_then(Value::as_str).ok_or(Fault::Parameters)
}
