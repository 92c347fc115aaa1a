//! Keyboard and bump bar: digits choose a ticket, Enter does its next step, arrows turn pages.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::board::TicketKey;
use super::pages::focused_ticket;
use super::ticket::DIGITS;
use super::wall::Wall;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// Chooses the ticket of that place on the page, from 0.
    Choose(usize),
    /// The next step of the chosen ticket.
    Step,
    /// Bumps the chosen ticket.
    Bump,
    /// Recalls what was bumped last.
    RecallLast,
    /// Turns pages.
    Turn(isize),
    /// Moves among the chosen ticket's buttons.
    Within(isize),
    /// Shows or hides the all-day counts.
    AllDay,
    /// Opens the dialog of sold-out dishes.
    SoldOut,
}

fn act(key: &str) -> Option<Act> {
    Some(match key {
        "Enter" => Act::Step,
        "b" | "B" => Act::Bump,
        "r" | "R" => Act::RecallLast,
        "a" | "A" => Act::AllDay,
        "x" | "X" => Act::SoldOut,
        "ArrowLeft" | "PageUp" => Act::Turn(-1),
        "ArrowRight" | "PageDown" => Act::Turn(1),
        "ArrowUp" => Act::Within(-1),
        "ArrowDown" => Act::Within(1),
        digit => {
            let digit = digit.parse::<usize>().ok().filter(|digit| (1..=DIGITS).contains(digit))?;
            Act::Choose(digit - 1)
        }
    })
}

/// Listens for keys. In the browser only.
pub(super) fn listen(wall: Wall) {
    window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let Some(act) = act(&event.key()) else { return };
        if !is_elsewhere(&event, wall, act) && (event.repeat() || perform(wall, act)) {
            // A key that is held down does its work once.
            event.prevent_default();
        }
    });
    window_event_listener(ev::focusin, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(ticket) = target.and_then(|target| target.closest(".ticket").ok().flatten()) {
            show_page_of(wall, &ticket.id());
        }
    });
}

/// Whether the key belongs to something else: a dialog, a field, a button that it presses.
fn is_elsewhere(event: &KeyboardEvent, wall: Wall, act: Act) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(target) = target else { return false };
    let is_pressing = act == Act::Step && matches!(target.tag_name().as_str(), "BUTTON" | "A");
    let is_switched_off = !wall.keys.get_untracked() && event.key().len() == 1;
    matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || wall.sold_out.get_untracked()
        || is_switched_off
        || (is_pressing && !event.repeat())
}

/// Does it; `false` where there was nothing to do it with.
fn perform(wall: Wall, act: Act) -> bool {
    match act {
        Act::Choose(place) => {
            let chosen = untrack(|| wall.on_page().get(place).map(TicketKey::element_id));
            let element = chosen.and_then(|id| document().get_element_by_id(&id));
            let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else { return false };
            element.focus().is_ok()
        }
        Act::Step => chosen(wall).inspect(|key| wall.step(key)).is_some(),
        Act::Bump => chosen(wall).inspect(|key| wall.bump(key)).is_some(),
        Act::RecallLast => {
            wall.recall_last();
            true
        }
        Act::Turn(by) => {
            wall.turn(by);
            true
        }
        Act::Within(by) => move_within(by),
        Act::AllDay => {
            wall.all_day.update(|on| *on = !*on);
            true
        }
        Act::SoldOut => {
            wall.sold_out.set(true);
            true
        }
    }
}

fn chosen(wall: Wall) -> Option<TicketKey> {
    let id = focused_ticket()?.id();
    wall.shown.with_untracked(|shown| shown.iter().find(|key| key.element_id() == id).cloned())
}

fn move_within(by: isize) -> bool {
    let Some(ticket) = focused_ticket() else { return false };
    let Ok(buttons) = ticket.query_selector_all("button") else { return false };
    let buttons: Vec<HtmlElement> =
        (0..buttons.length()).filter_map(|i| buttons.item(i)?.dyn_into::<HtmlElement>().ok()).collect();
    let active = document().active_element();
    let here = buttons.iter().position(|button| active.as_ref().is_some_and(|active| active.is_same_node(Some(button))));
    let next = match (here, by) {
        (None, 1) => Some(0),
        (None, _) => buttons.len().checked_sub(1),
        (Some(here), by) => here.checked_add_signed(by),
    };
    next.and_then(|next| buttons.get(next)).is_some_and(|button| button.focus().is_ok())
}

/// Shows the page on which a ticket stands that was reached by the Tab key.
fn show_page_of(wall: Wall, id: &str) {
    let place = wall.shown.with_untracked(|shown| shown.iter().position(|key| key.element_id() == id));
    let page = place.and_then(|place| wall.places.with_untracked(|places| places.page_of.get(place).copied()));
    if let Some(page) = page.filter(|page| *page != wall.page.get_untracked()) {
        wall.page.set(page);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_choose_and_enter_steps() {
        assert_eq!(act("1"), Some(Act::Choose(0)));
        assert_eq!(act("9"), Some(Act::Choose(8)));
        assert_eq!(act("0"), None);
        assert_eq!(act("Enter"), Some(Act::Step));
        assert_eq!(act("PageDown"), Some(Act::Turn(1)));
        assert_eq!(act("Tab"), None);
    }
}
