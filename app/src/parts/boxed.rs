//! Memos and effects whose closures are boxed: one compiled piece for each type of value instead of one
//! for each closure.

use leptos::prelude::*;

/// What `compute` gives, told on only when it changes. Like [`Memo::new`].
pub fn memo<T: PartialEq + Send + Sync + 'static>(compute: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    of_box(Box::new(compute))
}

fn of_box<T: PartialEq + Send + Sync + 'static>(compute: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| compute())
}

/// Runs in the browser now, and whenever what it read has changed. Like [`Effect::new`].
pub fn effect(run: impl FnMut() + 'static) {
    run_box(Box::new(run));
}

fn run_box(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}
