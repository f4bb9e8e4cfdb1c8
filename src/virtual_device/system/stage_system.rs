//! The system's own pages: the home screen, the page of an app without a model, the page about an app.

use super::System;
use super::stage::{HOME, PAD, PAPER, action, filled};
use crate::virtual_device::view::{Align, Kind, Length, State, Style, Widget};

impl System {
    /// Packages with an icon on the home screen.
    pub(super) fn icons(&self) -> Vec<String> {
        self.packages.values().filter(|p| p.facts.launcher.is_some()).map(|p| p.name().to_string()).collect()
    }

    pub(super) fn home_widget(&self) -> Widget {
        let icons = self.icons().into_iter().enumerate().map(|(place, package)| {
            let label = self.label(&package);
            Widget {
                kind: Kind::Text,
                desc: label.clone(),
                text: label,
                style: Style { padding: PAD, width: Length::Fill, color: PAPER, text_size: 16.0, ..Style::default() },
                on_tap: Some(action(HOME, place)),
                state: State { long_clickable: true, ..State::default() },
                ..Widget::default()
            }
        });
        Widget {
            kind: Kind::Scroll,
            children: vec![Widget { children: icons.collect(), style: filled(Length::Wrap), ..Widget::default() }],
            style: Style { background: 0xff26_3238, ..filled(Length::Fill) },
            ..Widget::default()
        }
    }

    /// The page of an app that carries no model. Its id is `no_model`.
    pub(super) fn no_model_widget(&self, package: &str) -> Widget {
        // A program of the system is not an app without a model; its own page is only hinted at.
        if self.packages.get(package).is_some_and(|p| p.system) {
            return Widget {
                kind: Kind::Text,
                id: format!("{package}:id/content"),
                text: self.label(package),
                style: Style { padding: PAD, background: PAPER, align: Align::Center, ..filled(Length::Fill) },
                ..Widget::default()
            };
        }
        let text = if self.profile.locale.starts_with("zh") {
            format!("{}\n\n此应用没有模型。No model for this app.", self.label(package))
        } else {
            format!("{}\n\nNo model for this app.", self.label(package))
        };
        Widget {
            kind: Kind::Text,
            id: format!("{package}:id/no_model"),
            text,
            style: Style { padding: PAD, background: PAPER, align: Align::Center, ..filled(Length::Fill) },
            ..Widget::default()
        }
    }

    pub(super) fn app_info_widget(&self, intent: &str) -> Widget {
        let about = intent.split("package:").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        let zh = self.profile.locale.starts_with("zh");
        let title = if zh { "应用信息" } else { "App info" };
        let line = |text: String| Widget {
            kind: Kind::Text,
            text,
            style: Style { padding: PAD, width: Length::Fill, ..Style::default() },
            ..Widget::default()
        };
        let permissions = if zh { "权限" } else { "Permissions" };
        let children = vec![line(title.into()), line(self.label(about)), line(permissions.into())];
        Widget { children, style: Style { background: PAPER, ..filled(Length::Fill) }, ..Widget::default() }
    }
}
