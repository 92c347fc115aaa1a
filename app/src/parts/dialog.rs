//! A modal dialog: the browser's own, which keeps the focus inside and gives it back.

use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;

use super::Erase;
use super::boxed::effect;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use super::icons::{Icon, Symbol};
use super::toasts::{Notices, Toasts};
use crate::words::speech;

/// Moves the focus to the heading of the dialog that is open: where what had it is about to go.
pub fn focus_open_dialog() {
    let title = document().query_selector("dialog[open] .dialog-title").ok().flatten();
    if let Some(title) = title.and_then(|title| title.dyn_into::<HtmlElement>().ok()) {
        let _ = title.focus();
    }
}

/// A modal dialog with a heading and a close button. Escape, the button and a tap beside it close it.
/// What is in it exists only while it is open.
#[component]
pub fn Dialog(
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// It wants to be closed: make `open` false.
    #[prop(into)]
    on_close: Callback<()>,
    /// Its heading, by which screen readers call it.
    #[prop(into)]
    title: Signal<String>,
    /// Its classes beside `dialog`: `dialog sheet` rises from the lower edge of a phone.
    #[prop(default = "dialog sheet")]
    class: &'static str,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    effect(move || {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                // It fails only for an element that has left the document.
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let close_by_tap_beside = move |event: MouseEvent| {
        let beside = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        if beside.is_some_and(|element| element.tag_name() == "DIALOG") {
            on_close.run(());
        }
    };
    let told = use_context::<Notices>();
    let content = StoredValue::new(children);
    let close_word = speech().common().close;
    view! {
        <dialog class=class node_ref=dialog aria-label=title on:click=close_by_tap_beside on:close=move |_| on_close.run(())>
            <Show when=move || open.get()>
                <div class="dialog-inside">
                    <header class="dialog-head">
                        <h2 class="dialog-title" tabindex="-1" autofocus>{title}</h2>
                        <button type="button" class="icon-button" aria-label=close_word on:click=move |_| on_close.run(())>
                            <Symbol icon=Icon::Cross />
                        </button>
                    </header>
                    {content.with_value(|content| content())}
                </div>
                {told.map(|Notices { notices, on_dismiss }| view! { <Toasts notices on_dismiss /> })}
            </Show>
        </dialog>
    }
    .erased()
}
