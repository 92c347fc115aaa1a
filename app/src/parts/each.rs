//! Lists whose rows are drawn once and stay where their key stays. Every list of every surface is the
//! same compiled piece: rows are told by a number, and their types are forgotten.

use std::sync::Arc;

use leptos::prelude::*;

use super::Erase;

/// Draws a row for each key, and moves rows instead of drawing them anew. Keys must differ.
pub fn each(
    keys: impl Fn() -> Vec<u128> + Send + Sync + 'static,
    row: impl Fn(u128) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    list(Signal::derive(keys), Arc::new(row))
}

fn list(keys: Signal<Vec<u128>>, row: Arc<dyn Fn(u128) -> AnyView + Send + Sync>) -> AnyView {
    view! { <For each=move || keys.get() key=|key| *key children=move |key| row(key) /> }.erased()
}
