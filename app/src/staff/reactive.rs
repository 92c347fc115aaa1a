//! What changes in a view. A closure in a view is two kilobytes of code for itself; a signal's are there once.

use leptos::prelude::*;

/// A text that changes.
pub fn text(of: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(of)
}

/// Something that is so, or is not.
pub fn flag(of: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(of)
}

/// Whether something is so, as the attributes of ARIA say it.
pub fn spoken(of: impl Fn() -> bool + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || of().to_string())
}

/// A part of a view that changes.
pub fn part(of: impl Fn() -> AnyView + Send + 'static) -> Box<dyn FnMut() -> AnyView + Send> {
    Box::new(of)
}
