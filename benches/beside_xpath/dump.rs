//! A hierarchy of 2,000 views, in the attributes and the order of a stock dump, and what is sought in it.

use appwitness::ui::Selector;

/// Views of the file.
pub const VIEWS: usize = 2_000;
/// Rows of four views each; four more hold them.
const ROWS: usize = VIEWS / 4 - 1;
const WIDTH: usize = 1_080;
/// Height of a row in pixels.
const HEIGHT: usize = 10;

/// What is sought, in both languages: a selector as authors write it, and the XPath that means the same.
pub const SOUGHT: [(&str, &str); 6] = [
    ("设置项 400", "设置项 400"),
    ("{id: title, text: 设置项 77}", "//*[@resource-id='org.example.app:id/title' and @text='设置项 77']"),
    ("/^Line 2[8]7 .*for$/", "//*[re:match(@text, '^Line 2[8]7 .*for$')]"),
    ("{class: Switch, checked: true}", "//android.widget.Switch[@checked='true']"),
    ("{class: Switch, inside: {id: row111}}", "//*[@resource-id='org.example.app:id/row111']//android.widget.Switch"),
    ("{id: note, index: 250}", "(//*[@resource-id='org.example.app:id/note'])[251]"),
];

/// What our side seeks.
pub fn selectors() -> Vec<Selector> {
    SOUGHT.iter().map(|(ours, _)| serde_yaml::from_str(ours).expect("a selector")).collect()
}

/// A list of settings in Chinese and English: longer than screens are, and as long as some web views.
pub fn hierarchy() -> String {
    let mut xml = String::from("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\">");
    let all = View { text: "", id: "content", class: "", checked: false, top: 0, height: ROWS * HEIGHT };
    for class in ["widget.FrameLayout", "widget.LinearLayout", "widget.FrameLayout", "widget.ListView"] {
        xml += &View { class, ..all }.written(">");
    }
    for row in 0..ROWS {
        let (id, title) = (format!("row{row}"), format!("设置项 {row}"));
        let note = format!("Line {row} &amp; what it is for");
        let place = View { top: row * HEIGHT, height: HEIGHT, ..all };
        xml += &View { id: &id, class: "view.ViewGroup", ..place }.written(">");
        xml += &View { text: &title, id: "title", class: "widget.TextView", ..place }.written(" />");
        xml += &View { text: &note, id: "note", class: "widget.TextView", ..place }.written(" />");
        xml += &View { id: "switch", class: "widget.Switch", checked: row == 321, ..place }.written(" />");
        xml += "</node>";
    }
    xml + "</node></node></node></node></hierarchy>"
}

/// A view of the file.
#[derive(Clone, Copy)]
struct View<'a> {
    text: &'a str,
    id: &'a str,
    class: &'a str,
    checked: bool,
    top: usize,
    height: usize,
}

impl View<'_> {
    fn written(&self, end: &str) -> String {
        let Self { text, id, class, checked, top, height } = self;
        let bottom = top + height;
        format!(
            "<node index=\"0\" text=\"{text}\" resource-id=\"org.example.app:id/{id}\" class=\"android.{class}\" \
             package=\"org.example.app\" content-desc=\"\" checkable=\"false\" checked=\"{checked}\" clickable=\"true\" \
             enabled=\"true\" focusable=\"true\" focused=\"false\" scrollable=\"false\" long-clickable=\"false\" \
             password=\"false\" selected=\"false\" bounds=\"[0,{top}][{WIDTH},{bottom}]\"{end}"
        )
    }
}
