//! Lists whose rows are told apart by whatever tells them apart.

use std::hash::{DefaultHasher, Hash, Hasher};

use leptos::prelude::*;

use crate::parts::each;

/// Draws a row for each key, and moves rows instead of drawing them anew. Keys must differ.
pub fn rows<K: Hash + Clone + Send + Sync + 'static>(
    keys: impl Fn() -> Vec<K> + Send + Sync + 'static,
    draw: impl Fn(K) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let known = StoredValue::new(Vec::<(u128, K)>::new());
    let numbers = move || {
        let keys: Vec<_> = keys().into_iter().map(|key| (number(&key), key)).collect();
        let numbers = keys.iter().map(|(number, _)| *number).collect();
        known.set_value(keys);
        numbers
    };
    let row = move |number: u128| {
        let key = known.with_value(|known| known.iter().find(|(of, _)| *of == number).map(|(_, key)| key.clone()));
        key.map_or_else(|| ().into_any(), &draw)
    };
    each(numbers, row)
}

/// The key as a number: the same in every process, as hydration needs it.
fn number(key: &impl Hash) -> u128 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish().into()
}
