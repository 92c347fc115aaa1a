//! Words as lists of texts. The server knows every language; a browser is sent the words of its page, in the page's
//! language alone, and downloads no other.

#[cfg(any(test, not(feature = "ssr")))]
use domain::Language;

/// Words whose texts stand in the order of their fields, the same on the server as in the browser.
pub(super) trait Texts: Sized {
    /// Appends the texts.
    #[cfg(feature = "ssr")]
    fn put(&self, list: &mut Vec<&'static str>);

    /// Takes the texts from a list.
    #[cfg(any(test, not(feature = "ssr")))]
    fn take(list: &mut List) -> Self;
}

/// A list of texts in one language, one on each line.
#[cfg(any(test, not(feature = "ssr")))]
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    /// Their language.
    pub(super) language: Language,
    /// Those that were not taken yet.
    pub(super) texts: &'static str,
}

#[cfg(any(test, not(feature = "ssr")))]
impl List {
    #[inline(never)]
    fn next(&mut self) -> &'static str {
        let (text, rest) = self.texts.split_once('\n').unwrap_or((self.texts, ""));
        self.texts = rest;
        text
    }
}

impl Texts for &'static str {
    #[cfg(feature = "ssr")]
    fn put(&self, list: &mut Vec<&'static str>) {
        list.push(self);
    }

    #[cfg(any(test, not(feature = "ssr")))]
    fn take(list: &mut List) -> Self {
        list.next()
    }
}

/// The texts of a struct are those of its fields.
macro_rules! texts {
    ($Words:ident { $($field:ident)* }) => {
        impl $crate::words::texts::Texts for $Words {
            #[cfg(feature = "ssr")]
            fn put(&self, list: &mut Vec<&'static str>) {
                $(self.$field.put(list);)*
            }

            #[cfg(any(test, not(feature = "ssr")))]
            fn take(list: &mut $crate::words::texts::List) -> Self {
                Self { $($field: $crate::words::texts::Texts::take(list),)* }
            }
        }
    };
}

pub(super) use texts;
