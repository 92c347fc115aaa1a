//! The menu's sections as tabs that stay in sight and follow the scroll.

use leptos::html;
use leptos::prelude::*;

use crate::parts::{Erase, effect};
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::web_sys::{HtmlElement, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use domain::menu::Category;

use super::at_table::at_table;
use super::menu::{Found, anchor, any_found};
use crate::words::speech;

/// The part of the screen in which a section is the one that is read: a band below the tabs.
const READ_BAND: &str = "-20% 0px -70% 0px";

/// The tabs. They are links: without a script they lead to their section all the same.
#[component]
pub(crate) fn Tabs(
    /// What is looked for: sections without any of it have no tab.
    found: Found,
) -> impl IntoView {
    let at = at_table();
    let words = speech().menu();
    let strip = NodeRef::<html::Ul>::new();
    // The anchor of the section that is read.
    let current = RwSignal::new(String::new());
    let tabs = move || {
        at.published.track();
        let categories = untrack(move || at.menu(|menu| menu.catalog.categories.clone()));
        categories.into_iter().map(|category| view! { <Tab category found current /> }).collect_view()
    };
    effect(move || {
        at.published.track();
        let anchors: Vec<String> =
            untrack(move || at.menu(|menu| menu.catalog.categories.iter().map(|c| anchor(&c.id)).collect()));
        follow(&anchors, current);
    });
    effect(move || {
        if let Some(strip) = strip.get() {
            keep_in_sight(&strip, &current.get());
        }
    });
    view! {
        <nav class="tabs" aria-label=words.categories>
            <ul class="tabs-strip" node_ref=strip>{tabs}</ul>
        </nav>
    }
    .erased()
}

#[component]
fn Tab(category: Category, found: Found, current: RwSignal<String>) -> impl IntoView {
    let speech = speech();
    let any = any_found(found, category.dishes.iter().map(|dish| dish.id.clone()).collect());
    let id = anchor(&category.id);
    let link = format!("#{id}");
    let is_current = move || current.with(|current| *current == id).then_some("true");
    view! {
        <li hidden=move || !any.get()>
            <a class="tab" href=link aria-current=is_current>{speech.of(&category.name)}</a>
        </li>
    }
    .erased()
}

/// Watches which section is read, until the effect that called it runs again.
fn follow(anchors: &[String], current: RwSignal<String>) {
    let seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let entries = || entries.iter().filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok());
        if let Some(entry) = entries().rfind(IntersectionObserverEntry::is_intersecting) {
            current.set(entry.target().id());
        } else if entries().any(|entry| entry.target().get_bounding_client_rect().top() > 0.0) {
            // It left by the lower edge, and none came: this is the top of the page.
            current.set(String::new());
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin(READ_BAND);
    let Ok(observer) = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options) else { return };
    for section in anchors.iter().filter_map(|anchor| document().get_element_by_id(anchor)) {
        observer.observe(&section);
    }
    let kept = StoredValue::new_local((observer, seen));
    on_cleanup(move || {
        kept.try_with_value(|(observer, _)| observer.disconnect());
    });
}

/// Scrolls the strip, and only the strip, so that the current tab is in the middle of it.
fn keep_in_sight(strip: &HtmlElement, anchor: &str) {
    let tab = strip.query_selector("[aria-current]").ok().flatten().and_then(|tab| tab.dyn_into::<HtmlElement>().ok());
    match tab {
        _ if anchor.is_empty() => strip.set_scroll_left(0),
        Some(tab) => strip.set_scroll_left(tab.offset_left() + tab.offset_width() / 2 - strip.client_width() / 2),
        None => {}
    }
}
