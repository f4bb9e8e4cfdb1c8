//! What the jar tells of the device and of single views.
//! CAPTURE: `deviceInfo`; MODEL: the fields of a view, after the jar's `ObjInfo`.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::super::machine::Machine;
use super::super::super::view::Bounds;
use super::super::node::{Node, is_told};
use super::super::scene::Scene;

/// The device.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Device {
    current_package_name: Option<String>,
    display_height: i32,
    display_rotation: i32,
    /// The jar divides by a density that it does not know: captured as the largest number.
    display_size_dp_x: i32,
    display_size_dp_y: i32,
    display_width: i32,
    product_name: String,
    screen_on: bool,
    sdk_int: u32,
    natural_orientation: bool,
}

/// `deviceInfo`, as JSON.
pub fn device(machine: &Machine, scene: &Scene) -> String {
    let product = machine.properties().get("ro.product.name").unwrap_or_default().to_owned();
    let device = Device {
        current_package_name: scene.focused().map(|laid| laid.window.package.clone()),
        display_height: scene.display.height,
        display_rotation: 0,
        display_size_dp_x: i32::MAX,
        display_size_dp_y: i32::MAX,
        display_width: scene.display.width,
        product_name: product,
        screen_on: scene.lit,
        sdk_int: machine.profile.api,
        natural_orientation: true,
    };
    serde_json::to_string(&device).unwrap_or_default()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    bounds: Value,
    checkable: bool,
    checked: bool,
    child_count: usize,
    class_name: &'a str,
    clickable: bool,
    content_description: &'a str,
    enabled: bool,
    focusable: bool,
    focused: bool,
    long_clickable: bool,
    package_name: &'a str,
    resource_name: Option<&'a str>,
    scrollable: bool,
    selected: bool,
    text: &'a str,
    visible_bounds: Value,
}

/// `objInfo`.
pub fn object(node: &Node<'_>) -> Value {
    let widget = &node.view.widget;
    let object = Object {
        bounds: rectangle(node.bounds()),
        checkable: node.checkable(),
        checked: widget.state.checked,
        child_count: node.view.children.iter().filter(|child| is_told(child)).count(),
        class_name: node.class,
        clickable: node.clickable,
        content_description: &widget.desc,
        enabled: widget.state.enabled,
        focusable: node.focusable,
        focused: widget.state.focused,
        long_clickable: node.long_clickable(),
        package_name: node.package,
        resource_name: Some(widget.id.as_str()).filter(|id| !id.is_empty()),
        scrollable: node.scrollable(),
        selected: widget.state.selected,
        text: &node.text,
        visible_bounds: rectangle(node.bounds()),
    };
    serde_json::to_value(object).unwrap_or_default()
}

fn rectangle(bounds: Bounds) -> Value {
    json!({"bottom": bounds.bottom, "left": bounds.left, "right": bounds.right, "top": bounds.top})
}
