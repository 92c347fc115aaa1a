//! Icons: inline SVG, drawn in the text's colour and sized by its font (`.icon` in `base.css`).

use leptos::prelude::*;

use super::Erase;

/// What an icon shows. Every drawing fits a square of 24.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A bell: somebody calls.
    Bell,
    /// A tick: done, ready.
    Check,
    /// Two ticks: done and confirmed, served.
    CheckTwice,
    /// An arrow down.
    ChevronDown,
    /// An arrow onwards.
    ChevronRight,
    /// A clock: waiting, being sent.
    Clock,
    /// A cross: close, clear.
    Cross,
    /// A flame: being cooked.
    Flame,
    /// Sliders: filters.
    Filter,
    /// A globe: languages.
    Globe,
    /// An information sign.
    Info,
    /// A leaf: vegetarian.
    Leaf,
    /// A minus: one fewer.
    Minus,
    /// A crossed-out circle: sold out.
    NotHad,
    /// A crossed-out antenna: no connection.
    Offline,
    /// A pencil: edit.
    Pencil,
    /// People.
    People,
    /// A covered dish: ready to be carried out.
    Cloche,
    /// A plus: one more.
    Plus,
    /// A paper slip: the order, a ticket.
    Receipt,
    /// A round arrow: again, back.
    Repeat,
    /// A magnifying glass.
    Search,
    /// A paper plane: send.
    Send,
    /// A door with an arrow: sign out.
    SignOut,
    /// A sprout: vegan.
    Sprout,
    /// A bin: remove.
    Trash,
    /// An arrow back: undo, recall.
    Undo,
    /// A triangle with an exclamation mark.
    Warning,
}

impl Icon {
    /// The drawing, as an SVG path that is stroked.
    const fn path(self) -> &'static str {
        match self {
            Self::Bell => "M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21.5h4M12 5V3",
            Self::Check => "M4.5 12.8 9.7 18 19.5 7",
            Self::CheckTwice => "M2 13 6.6 17.6 15 8M11.5 16.6 12.6 17.6 21.5 8",
            Self::ChevronDown => "m6 9.5 6 6 6-6",
            Self::ChevronRight => "m9.5 6 6 6-6 6",
            Self::Clock => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17M12 7.5V12l3 2",
            Self::Cross => "M6 6l12 12M18 6 6 18",
            Self::Flame => {
                "M12 3c.8 3.4 5.5 5.4 5.5 10.3A5.6 5.6 0 0 1 12 19.5a5.6 5.6 0 0 1-5.5-5.7c0-2.3 1.3-3.6 2.2-5 .4 1.7 1.2 2.4 2 2.7C10.3 8.7 10.5 5.5 12 3M9 22h6"
            }
            Self::Filter => {
                "M4 7h9M18 7h2M4 17h2M11 17h9M15.5 4.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5M8.5 14.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5"
            }
            Self::Globe => {
                "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17M3.5 12h17M12 3.5c2.5 2.4 3.7 5.2 3.7 8.5s-1.2 6.1-3.7 8.5c-2.5-2.4-3.7-5.2-3.7-8.5S9.5 5.9 12 3.5"
            }
            Self::Info => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17M12 11v5.5M12 7.4v.2",
            Self::Leaf => "M5 19c0-9 5-14 15-14 0 10-5 14-11 14-1.5 0-2.6-.4-3.4-1.2M4 21c2-4.5 5-7.5 9.5-10",
            Self::Minus => "M5 12h14",
            Self::NotHad => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17M6 6l12 12",
            Self::Offline => {
                "M3 3l18 18M5 12.5a10 10 0 0 1 4-2.4M2 8.9a15 15 0 0 1 4-2.5M19 12.5a10 10 0 0 0-3.4-2.2M22 8.9A15 15 0 0 0 10.6 5.1M8.5 16a5 5 0 0 1 7 0M12 19.4v.2"
            }
            Self::Pencil => "M4 20l1-4.5L16.5 4a1.5 1.5 0 0 1 2 0L20 5.5a1.5 1.5 0 0 1 0 2L8.5 19zM14.5 6l3.5 3.5",
            Self::People => {
                "M9 5a3.2 3.2 0 1 0 0 6.4A3.2 3.2 0 1 0 9 5M2.5 19.5c.4-3.4 3-5.5 6.5-5.5s6.1 2.1 6.5 5.5M16 5.3a3 3 0 0 1 0 5.8M18 14.4c2 .7 3.2 2.5 3.5 5"
            }
            Self::Cloche => "M3.5 17.5h17M5 17.5a7 7 0 0 1 14 0M12 10.5V8M10.5 8h3M2.5 20.5h19",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Receipt => "M5.5 3v18l2.2-1.5L9.8 21l2.2-1.5 2.2 1.5 2.1-1.5 2.2 1.5V3zM9 8h6M9 12h6",
            Self::Repeat => "M19.5 12A7.5 7.5 0 1 1 17 6.4M19.5 3.5v4.5H15",
            Self::Search => "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13M15.5 15.5 20.5 20.5",
            Self::Send => "M20.5 3.5 3.5 10.3l6.7 3.5 3.5 6.7zM20.5 3.5 10.2 13.8",
            Self::SignOut => "M13 4H5v16h8M10 12h11M17.5 8.5 21 12l-3.5 3.5",
            Self::Sprout => "M12 21V11M12 13c0-4-2.5-6.5-8-6.5 0 5 3 7 8 7M12 11c0-4 2.5-6.5 8-6.5 0 5-3 7-8 7",
            Self::Trash => "M4.5 6.5h15M9.5 6.5V4h5v2.5M6.5 6.5l.8 13.5h9.4l.8-13.5M10.3 10.5v6M13.7 10.5v6",
            Self::Undo => "M9 5 4.5 9.5 9 14M4.5 9.5H14a5 5 0 0 1 0 10H9",
            Self::Warning => "M12 4 2.8 20h18.4zM12 10v4.5M12 17.3v.2",
        }
    }
}

/// A word with its icon before it.
pub fn with_icon(class: &'static str, icon: Icon, word: impl Into<String>) -> AnyView {
    let word: String = word.into();
    view! { <span class=class><Symbol icon />{word}</span> }.erased()
}

/// An icon. It is hidden from screen readers: whatever it means also stands there in words.
#[component]
pub fn Symbol(
    /// What it shows.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
}
