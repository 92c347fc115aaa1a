//! Groups of words as lists of texts. The server knows every language; a browser is sent the words of its page, in the
//! page's language alone, and downloads no other.

/// A group of words whose texts stand in the order of its fields, the same on the server as in the browser.
pub(super) trait Texts: Sized {
    /// Appends the texts.
    #[cfg(feature = "ssr")]
    fn put(&self, list: &mut Vec<&'static str>);

    /// Takes the texts from a list.
    #[cfg(any(test, not(feature = "ssr")))]
    fn take(list: &mut List) -> Self;
}

/// A list of texts, one on each line.
#[cfg(any(test, not(feature = "ssr")))]
pub(super) struct List(pub(super) &'static str);

#[cfg(any(test, not(feature = "ssr")))]
impl List {
    #[inline(never)]
    fn next(&mut self) -> &'static str {
        let (text, rest) = self.0.split_once('\n').unwrap_or((self.0, ""));
        self.0 = rest;
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

impl<T: Texts, const N: usize> Texts for [T; N] {
    #[cfg(feature = "ssr")]
    fn put(&self, list: &mut Vec<&'static str>) {
        self.iter().for_each(|text| text.put(list));
    }

    #[cfg(any(test, not(feature = "ssr")))]
    fn take(list: &mut List) -> Self {
        std::array::from_fn(|_| T::take(list))
    }
}

/// Declares a group of words.
macro_rules! words {
    ($(#[$of:meta])* $to:vis struct $Name:ident { $($(#[$each:meta])* $seen:vis $field:ident: $Kind:ty,)* }) => {
        $(#[$of])*
        #[derive(Debug)]
        $to struct $Name {
            $($(#[$each])* $seen $field: $Kind,)*
        }

        impl $crate::words::texts::Texts for $Name {
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

pub(super) use words;
