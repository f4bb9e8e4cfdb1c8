//! The templates, and the one way foreign text gets into a page: tamed, then escaped.

use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, HtmlEscape, escape_formatter};

use crate::report::text::{tame, tame_line, tame_to};

/// Longest title, question or reason that is shown, in characters; the journal holds the whole.
const BRIEF: usize = 400;

const STYLE: &str = include_str!("templates/style.css");
const TEMPLATES: [(&str, &str); 11] = [
    ("compare.html", include_str!("templates/compare.html")),
    ("case.html", include_str!("templates/case.html")),
    ("first.html", include_str!("templates/first.html")),
    ("axis.html", include_str!("templates/axis.html")),
    ("answer.html", include_str!("templates/answer.html")),
    ("twin.html", include_str!("templates/twin.html")),
    ("timeline.html", include_str!("templates/timeline.html")),
    ("tables.html", include_str!("templates/tables.html")),
    ("questions.html", include_str!("templates/questions.html")),
    ("run.html", include_str!("templates/run.html")),
    ("parts.html", include_str!("templates/parts.html")),
];

/// Renders a page.
pub fn write(template: &str, page: &impl serde::Serialize) -> Result<String, Error> {
    let mut pen = Environment::new();
    pen.set_trim_blocks(true);
    pen.set_lstrip_blocks(true);
    pen.set_auto_escape_callback(|_| AutoEscape::Html);
    pen.set_formatter(|out, state, value| match value.as_str() {
        // Only what this module and the gallery made is marked safe.
        Some(foreign) if !value.is_safe() => escape_formatter(out, state, &Value::from(tame(foreign))),
        _ if value.is_none() => Ok(()),
        _ => escape_formatter(out, state, value),
    });
    pen.add_filter("both", both);
    pen.add_filter("brief", |text: &str| tame_to(text, BRIEF));
    pen.add_filter("line", |text: &str| tame_line(text));
    pen.add_function("t", |zh: &str, en: &str| Value::from_safe_string(spans(zh, en)));
    pen.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    for (name, source) in TEMPLATES {
        pen.add_template(name, source)?;
    }
    pen.get_template(template)?.render(page)
}

/// A `Both` as two spans, of which the reader's choice may hide one.
fn both(value: &Value) -> Result<Value, Error> {
    if value.kind() != ValueKind::Map {
        return Ok(Value::from(""));
    }
    let part = |name| value.get_attr(name).map(|v| v.as_str().unwrap_or_default().to_owned());
    Ok(Value::from_safe_string(spans(&part("zh")?, &part("en")?)))
}

fn spans(zh: &str, en: &str) -> String {
    let escaped = |text: &str| HtmlEscape(&tame(text)).to_string();
    match (zh, en) {
        (zh, en) if zh == en || en.is_empty() => escaped(zh),
        ("", en) => escaped(en),
        (zh, en) => format!(
            r#"<span class="zh" lang="zh-Hans">{}</span> <span class="en" lang="en">{}</span>"#,
            escaped(zh),
            escaped(en)
        ),
    }
}
