//! Which ticket stands on which page. The browser lays the tickets out in columns of the screen's
//! height; every screen's width of columns is a page. So any number fits, and nothing scrolls.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::wall::{Places, Wall};

/// Measures where tickets stand, whenever that may have changed, and shows the page that is wanted.
pub(super) fn keep_measured(wall: Wall, flow: NodeRef<html::Ol>) {
    let measure = move || {
        if let Some(flow) = flow.try_get_untracked().flatten() {
            let places = measured(&flow);
            let last = places.pages.saturating_sub(1);
            if wall.places.with_untracked(|known| *known != places) {
                wall.places.set(places);
            }
            if wall.page.get_untracked() > last {
                wall.page.set(last);
            }
        }
    };
    Effect::new(move |_| {
        // Each second too: fonts arrive, windows are resized, a word becomes longer.
        wall.house.clock.get();
        wall.board.track();
        wall.shown.track();
        wall.withdrawn.track();
        wall.all_day.track();
        wall.house.link.track();
        request_animation_frame(measure);
    });
    Effect::new(move |_| {
        window_event_listener_untyped("resize", move |_| request_animation_frame(measure));
    });
    Effect::new(move |_| {
        let page = wall.page.get();
        if let Some(flow) = flow.get() {
            // The element is as wide as a page; its columns reach beyond it.
            let _ = HtmlElement::style(&flow).set_property("transform", &format!("translateX(-{}%)", page * 100));
        }
    });
}

/// The page of each ticket. Withdrawn ones take room, and are none.
fn measured(flow: &HtmlElement) -> Places {
    let frame = flow.get_bounding_client_rect();
    let width = frame.width().max(1.0);
    let children = flow.children();
    let mut places = Places { page_of: Vec::new(), pages: 1 };
    for index in 0..children.length() {
        let Some(child) = children.item(index) else { continue };
        let (first, last) = pages_of(&child, frame.left(), width);
        places.pages = places.pages.max(last + 1);
        if !child.class_name().contains("withdrawn") {
            places.page_of.push(first);
        }
    }
    places
}

/// The pages on which an element begins and ends.
fn pages_of(element: &web_sys::Element, origin: f64, width: f64) -> (usize, usize) {
    let place = element.get_bounding_client_rect();
    let page = |x: f64| ((x - origin) / width).floor().max(0.0) as usize;
    (page(place.left() + 1.0), page(place.right() - 1.0))
}

/// The element of a ticket that holds the focus, if any does.
pub(super) fn focused_ticket() -> Option<HtmlElement> {
    let ticket = document().active_element()?.closest(".ticket").ok()??;
    ticket.dyn_into().ok()
}
