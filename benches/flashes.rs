//! A specimen that shows dialogs for 300 ms each, for a bench and for a test of the watch.

/// The dialogs' window, by its title.
pub const TITLE: &str = "com.example.flashes/com.example.flashes.Main";
/// How long a dialog lives, in milliseconds.
pub const LIVES: i64 = 300;

/// The specimen: so many dialogs, the first so many seconds after the start and the others so many milliseconds apart.
pub fn specimen(after: u32, every: i64, dialogs: usize) -> String {
    format!(
        "
specimen: flashes
package: com.example.flashes
label: Flashes
activity: .Main
sdk: {{min: 21, target: 33}}
first-screen: home
screens:
  home:
    title: Home
    views: [{{text: {{words: Home}}}}]
    timers: [{{after: {after}s, every: {every}ms, at-most: {dialogs}, do: [{{show: flash}}, {{wait: {LIVES}ms}}, {{dismiss: flash}}]}}]
dialogs:
  flash: {{title: Flash, message: Gone before one looks, cancelable: true, positive: {{words: OK}}}}
"
    )
}
