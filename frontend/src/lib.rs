//! The entry point of the browser: hydrate(), nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the page that the server rendered to life.
#[wasm_bindgen]
pub fn hydrate() {
    // What guests download has no words for a panic (see `xtask/src/wasm.rs`).
    #[cfg(feature = "panic-words")]
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::shell::app_in_browser);
}
