//! A page of an earlier release than its server's knows less than it is told. It loads itself anew, at a moment that
//! loses nothing.
//!
//! Never in a loop: while two releases run side by side, a balancer may bring the old page again.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use domain::wire::{RELEASE, Welcome};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// How often it is looked whether this is the moment.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// For how long nobody has touched a page that is looked at, in ms.
const UNTOUCHED_FOR_MS: f64 = 30_000.0;
/// Within how long after it has met such a server a page begins to look, in ms: not all do at once.
const SPREAD_MS: f64 = 20_000.0;
/// How soon the same release is tried again, in ms, where the last try brought the old page.
const AGAIN_AFTER_MS: f64 = 600_000.0;
/// What is open, holds what somebody typed or chose (a guest's “without nuts”), or waits to be seen (a withdrawn ticket).
const IN_USE: &str = "dialog[open],:focus:is(input,textarea),[type=search]:not(:placeholder-shown),\
    .chip[aria-pressed=true],.without :checked,.is-withdrawn";

thread_local! {
    /// It is looked already.
    static IS_LOOKED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the server is of a later release than this page.
pub(super) fn is_later(welcome: &Welcome) -> bool {
    welcome.release.is_some_and(|release| release > RELEASE)
}

/// Loads the page anew as soon as nobody uses it, if the server is of a later release. `is_idle` says whether all that
/// was asked is answered.
pub(super) fn renew(welcome: &Welcome, is_idle: impl Fn() -> bool + 'static) {
    if !is_later(welcome) || IS_LOOKED.replace(true) {
        return;
    }
    let release = welcome.release.unwrap_or_default();
    let touched = Rc::new(Cell::new(js_sys::Date::now()));
    for event in ["pointerdown", "keydown"] {
        let touched = Rc::clone(&touched);
        window_event_listener_untyped(event, move |_| touched.set(js_sys::Date::now()));
    }
    let begins_at = js_sys::Date::now() + js_sys::Math::random() * SPREAD_MS;
    let is_the_moment = Rc::new(move || {
        let now = js_sys::Date::now();
        let is_let_alone = document().hidden() || now - touched.get() > UNTOUCHED_FOR_MS;
        let is_in_use = || document().query_selector(IN_USE).map_or(true, |found| found.is_some());
        now >= begins_at && is_let_alone && is_idle() && !is_in_use()
    });
    let is_asked = Rc::new(Cell::new(false));
    let look = move || {
        if !is_the_moment() || !may_try(release) || is_asked.replace(true) {
            return;
        }
        let (is_the_moment, is_asked) = (Rc::clone(&is_the_moment), Rc::clone(&is_asked));
        spawn_local(async move {
            // Who leaves a page that works has to know that there is another.
            if is_served().await && is_the_moment() && notes_try(release) {
                let _ = window().location().reload();
            }
            is_asked.set(false);
        });
    };
    set_interval(look, LOOK_EVERY);
}

/// Whether the server gives this page now: perhaps another one answers, which has only begun to start.
async fn is_served() -> bool {
    let Ok(address) = window().location().href() else { return false };
    let fetched = JsFuture::from(window().fetch_with_str(&address)).await;
    fetched.ok().and_then(|fetched| fetched.dyn_into::<Response>().ok()).is_some_and(|response| response.ok())
}

/// Where it is noted when a release was tried.
fn tried_at(release: u32) -> String {
    format!("comanda.release.{release}")
}

/// Whether this release was not tried a short while ago.
fn may_try(release: u32) -> bool {
    let Ok(Some(storage)) = window().session_storage() else { return false };
    let last = storage.get_item(&tried_at(release)).ok().flatten().and_then(|at| at.parse().ok());
    is_due(last, js_sys::Date::now())
}

/// Notes that this release is tried now; `false` where nothing can be noted.
fn notes_try(release: u32) -> bool {
    let Ok(Some(storage)) = window().session_storage() else { return false };
    storage.set_item(&tried_at(release), &(js_sys::Date::now() as u64).to_string()).is_ok()
}

/// Whether a release that was tried at `last` may be tried now.
fn is_due(last: Option<u64>, now: f64) -> bool {
    last.is_none_or(|last| now - last as f64 > AGAIN_AFTER_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balancer_that_brings_the_old_page_again_makes_no_loop() {
        assert!(is_due(None, 7.0));
        assert!(!is_due(Some(1_000), 1_000.0));
        assert!(!is_due(Some(1_000), 601_000.0));
        assert!(is_due(Some(1_000), 601_001.0), "it may have been upgraded meanwhile");
        assert!(!is_due(Some(9_000_000), 1_000.0), "a clock that was set back");
    }

    #[test]
    fn only_a_later_release_is_better_than_this_one() {
        let of = |release| Welcome {
            protocol: 1,
            actor: domain::Actor::System,
            seating: None,
            now: domain::Time(0),
            release,
            epoch: None,
        };
        assert!(is_later(&of(Some(RELEASE + 1))));
        assert!(!is_later(&of(Some(RELEASE))) && !is_later(&of(Some(RELEASE - 1))) && !is_later(&of(None)));
    }
}
