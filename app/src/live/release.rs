//! A page of an earlier release than its server's knows less than it is told. It loads itself anew, at a moment that
//! loses nothing.
//!
//! Never in a loop: while two releases run side by side, a balancer may bring the old page again.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use domain::wire::{RELEASE, Welcome};
use leptos::prelude::*;

/// How often it is looked whether this is the moment.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// For how long nobody has touched a page that is looked at, in ms.
const UNTOUCHED_FOR_MS: f64 = 30_000.0;
/// How soon the same release is tried again, in ms, where the last try brought the old page.
const AGAIN_AFTER_MS: f64 = 600_000.0;
/// What is open, or holds what somebody typed.
const IN_USE: &str = "dialog[open],:focus:is(input,textarea),[type=search]:not(:placeholder-shown)";

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
    let look = move || {
        let now = js_sys::Date::now();
        let is_let_alone = document().hidden() || now - touched.get() > UNTOUCHED_FOR_MS;
        let is_in_use = || document().query_selector(IN_USE).map_or(true, |found| found.is_some());
        if is_let_alone && is_idle() && !is_in_use() && notes_try(release, now) {
            let _ = window().location().reload();
        }
    };
    set_interval(look, LOOK_EVERY);
}

/// Notes that this release is tried now; `false` where it was a short while ago, or nothing can be noted.
fn notes_try(release: u32, now: f64) -> bool {
    let name = format!("comanda.release.{release}");
    let Ok(Some(storage)) = window().session_storage() else { return false };
    let last = storage.get_item(&name).ok().flatten().and_then(|at| at.parse().ok());
    is_due(last, now) && storage.set_item(&name, &(now as u64).to_string()).is_ok()
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
        let of = |release| Welcome { protocol: 1, actor: domain::Actor::System, seating: None, now: domain::Time(0), release };
        assert!(is_later(&of(Some(RELEASE + 1))));
        assert!(!is_later(&of(Some(RELEASE))) && !is_later(&of(Some(RELEASE - 1))) && !is_later(&of(None)));
    }
}
