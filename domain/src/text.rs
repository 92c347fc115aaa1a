//! Text that people type: bounded, and without characters that could mislead whoever reads it.
//!
//! Bounds may grow and must not shrink: events that were recorded under them are still read.

use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const NAME_MAX_CHARS: usize = 40;
/// The longest note, in characters.
pub const NOTE_MAX_CHARS: usize = 200;

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// Nothing but white space.
    #[error("it is empty")]
    Empty,
    /// Too long.
    #[error("it is longer than {max} characters")]
    TooLong {
        /// The bound, in characters.
        max: usize,
    },
    /// A control character, or one that turns the direction of the text around it.
    #[error("it has a character that can't be shown")]
    Unprintable,
}

/// Trims, folds white space to single blanks, and checks the bound.
fn clean(text: &str, max: usize) -> Result<Box<str>, BadText> {
    let mut cleaned = String::new();
    let mut chars = 0;
    for word in text.split(char::is_whitespace).filter(|word| !word.is_empty()) {
        if !cleaned.is_empty() {
            cleaned.push(' ');
            chars += 1;
        }
        for c in word.chars() {
            if is_unprintable(c) {
                return Err(BadText::Unprintable);
            }
            chars += 1;
            if chars > max {
                return Err(BadText::TooLong { max });
            }
            cleaned.push(c);
        }
    }
    if cleaned.chars().all(shows_nothing) { Err(BadText::Empty) } else { Ok(cleaned.into()) }
}

/// Joiners, fillers and blanks that are fine within a text (emoji and several scripts need them) and
/// leave nothing to see on their own.
fn shows_nothing(c: char) -> bool {
    matches!(c, ' ' | '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200C}' | '\u{200D}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Control characters, and the bidirectional and invisible formatting that can disguise text
/// (Unicode Technical Report 36, section 3.1.1).
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

macro_rules! bounded_text {
    ($(#[$doc:meta])* $name:ident, $max:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Cleans and checks a text as somebody typed it.
            pub fn new(text: &str) -> Result<Self, BadText> {
                clean(text, $max).map(Self)
            }

            /// The text, to be shown as plain text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadText;

            fn try_from(text: String) -> Result<Self, BadText> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0.into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

bounded_text! {
    /// What somebody is called.
    Name, NAME_MAX_CHARS
}
bounded_text! {
    /// What somebody wants the kitchen to know.
    Note, NOTE_MAX_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_folded_and_markup_is_just_text() {
        assert_eq!(Name::new("  Ana \n Luísa ").map(String::from), Ok("Ana Luísa".to_owned()));
        assert_eq!(Name::new("<b>Ana</b>").map(String::from), Ok("<b>Ana</b>".to_owned()));
    }

    #[test]
    fn what_misleads_or_overflows_is_refused() {
        assert_eq!(Name::new(" "), Err(BadText::Empty));
        assert_eq!(Name::new(&"a".repeat(10_000)), Err(BadText::TooLong { max: NAME_MAX_CHARS }));
        assert_eq!(Name::new("a\u{0}b"), Err(BadText::Unprintable));
        assert_eq!(Name::new("a\u{202E}b"), Err(BadText::Unprintable));
        assert!(Name::new(&"é".repeat(NAME_MAX_CHARS)).is_ok());
    }

    #[test]
    fn a_name_of_which_nothing_shows_is_none() {
        for blank in ["\u{A0}", "\u{3000}\u{2003}", "\u{200D}", "\u{3164} \u{2800}", "\u{FE0F}"] {
            assert_eq!(Name::new(blank), Err(BadText::Empty), "{blank:?}");
        }
        assert_eq!(Name::new("Ana\u{A0}Luísa").map(String::from), Ok("Ana Luísa".to_owned()));
        assert!(Name::new("👩\u{200D}🍳").is_ok(), "a cook is drawn with a joiner");
    }
}
