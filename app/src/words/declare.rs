//! Declares the words of a subject.

/// Declares the words of a subject, each once: what it is for, and its text in every language. A translation that is missing
/// does not compile, nor do translations that disagree on their places.
///
/// ```ignore
/// words! {
///     /// A table's cart.
///     pub struct CartWords {
///         /// Closes it.                        words.close
///         close { en: "Close", pt: "Fechar", … }
///         /// A guest put a dish into it.       words.added(&name, &dish)
///         added(guest, dish) { en: "{guest} added {dish}.", … }
///         /// How many dishes are in it.        words.dishes(2)
///         dishes(#count) { en: "{count} dish" | "{count} dishes", … }
///         /// Guests of seats.                  words.taken(8, &guests)
///         taken(#seats, guests) { en: "{guests} of {seats} seat" | "{guests} of {seats} seats", … }
///     }
/// }
/// ```
///
/// What follows `#` is the number that rules: of two forms, the language's rule takes one ([`Counted`]).
///
/// The texts are the server's: elsewhere the macro drops them, and a browser gets those of its page.
///
/// [`Counted`]: super::counted::Counted
macro_rules! words {
    (
        $(#[$of:meta])*
        pub struct $Words:ident {
            $(
                $(#[$about:meta])*
                $word:ident $(($($place:ident),+))? $((# $n:ident $(, $more:ident)*))? {
                    en: $en:literal $(| $en_other:literal)?,
                    pt: $pt:literal $(| $pt_other:literal)?,
                    es: $es:literal $(| $es_other:literal)?,
                    fr: $fr:literal $(| $fr_other:literal)?,
                    de: $de:literal $(| $de_other:literal)? $(,)?
                }
            )*
        }
    ) => {
        $(#[$of])*
        #[derive(Debug)]
        pub struct $Words {
            $($(#[$about])* pub $word: $crate::words::declare::kind!($(($($place),+))? $((# $n $(, $more)*))?),)*
        }

        impl $Words {
            $($crate::words::declare::method! { [$(#[$about])*] $word $(($($place),+))? $((# $n $(, $more)*))? })*

            /// The words in that language.
            #[cfg(feature = "ssr")]
            pub(in crate::words) fn in_language(language: domain::Language) -> Self {
                match language {
                    domain::Language::En => Self {
                        $($word: $crate::words::declare::text!(En [$en $($en_other)?] $(($($place),+))? $((# $n $(, $more)*))?),)*
                    },
                    domain::Language::Pt => Self {
                        $($word: $crate::words::declare::text!(Pt [$pt $($pt_other)?] $(($($place),+))? $((# $n $(, $more)*))?),)*
                    },
                    domain::Language::Es => Self {
                        $($word: $crate::words::declare::text!(Es [$es $($es_other)?] $(($($place),+))? $((# $n $(, $more)*))?),)*
                    },
                    domain::Language::Fr => Self {
                        $($word: $crate::words::declare::text!(Fr [$fr $($fr_other)?] $(($($place),+))? $((# $n $(, $more)*))?),)*
                    },
                    domain::Language::De => Self {
                        $($word: $crate::words::declare::text!(De [$de $($de_other)?] $(($($place),+))? $((# $n $(, $more)*))?),)*
                    },
                }
            }
        }

        $(
            #[cfg(feature = "ssr")]
            const _: () = $crate::words::places::agree(
                &[$en, $($en_other,)? $pt, $($pt_other,)? $es, $($es_other,)? $fr, $($fr_other,)? $de, $($de_other,)?],
                &[$(stringify!($n))?],
                &[$($(stringify!($place)),+)? $($(stringify!($more)),*)?],
            );
        )*

        $crate::words::texts::texts! { $Words { $($word)* } }
    };
}

/// The type of a word.
macro_rules! kind {
    () => { &'static str };
    ((# $($places:tt)*)) => { $crate::words::counted::Counted };
    (($($place:ident),+)) => { $crate::words::places::Template };
}

/// The method that fills a word's places, if it has any.
macro_rules! method {
    ([$($about:tt)*] $word:ident) => {};
    ([$($about:tt)*] $word:ident (# $n:ident $(, $more:ident)*)) => {
        $($about)*
        pub fn $word(&self, $n: usize $(, $more: &str)*) -> String {
            self.$word.with($n, &[$($more),*])
        }
    };
    ([$($about:tt)*] $word:ident ($($place:ident),+)) => {
        $($about)*
        pub fn $word(&self, $($place: &str),+) -> String {
            self.$word.with(&[$($place),+])
        }
    };
}

/// A word's text in a language.
#[cfg(feature = "ssr")]
macro_rules! text {
    ($Language:ident [$text:literal]) => { $text };
    ($Language:ident [$($form:literal)+] (# $n:ident $(, $more:ident)*)) => {
        $crate::words::counted::Counted::new(
            domain::Language::$Language,
            &[$($form),+],
            &[stringify!($n) $(, stringify!($more))*],
        )
    };
    ($Language:ident [$text:literal] ($($place:ident),+)) => {
        $crate::words::places::Template::new($text, &[$(stringify!($place)),+])
    };
}

#[cfg(feature = "ssr")]
pub(super) use text;
pub(super) use {kind, method, words};
