//! Says when what the wall shows is old, and how old. Cooking goes on below it.

use domain::{Rejection, Time};
use leptos::prelude::*;

use super::wall::Wall;
use crate::device;
use crate::live::Link;
use crate::parts::{Erase, Icon, Symbol};
use crate::staff::{part, text};

/// How long a lost connection is only a small sign.
const OLD_AFTER_MS: u64 = 5_000;

/// How the connection is.
#[component]
pub fn Stale(
    /// What is shown.
    wall: Wall,
) -> impl IntoView {
    let house = wall.house;
    let lost_at = RwSignal::new(None::<Time>);
    Effect::new(move |_| match house.link.get() {
        Link::Lost => lost_at.update(|at| *at = at.or_else(|| Some(house.clock.read()))),
        Link::Connecting | Link::Live | Link::CantSave | Link::Ended => lost_at.set(None),
    });
    let age_ms = move || lost_at.get().map(|at| (at, house.clock.get().ms_since(at)));
    let is_lost = Memo::new(move |_| lost_at.get().is_some());
    let is_old = Memo::new(move |_| age_ms().is_some_and(|(_, age)| age >= OLD_AFTER_MS));
    let is_ended = move || house.link.get() == Link::Ended;
    let (words, common, staff) = (wall.speech.kitchen(), wall.speech.common(), wall.speech.staff());
    let known_at = text(move || {
        let known = |(at, age): (Time, u64)| words.known_at(&device::time_of_day(at), &(age / 1_000).to_string());
        age_ms().map(known).unwrap_or_default()
    });
    let cant_save = wall.speech.reason(Rejection::Unavailable);
    let is_stuck = move || house.link.get() == Link::CantSave;
    let status = text(move || match (is_ended(), is_lost.get()) {
        (true, _) => staff.signed_out.to_owned(),
        (false, true) => common.offline.to_owned(),
        (false, false) if is_stuck() => cant_save.to_owned(),
        (false, false) => String::new(),
    });
    let short = |icon: Icon, told: &'static str| {
        view! { <aside class="stale is-short" aria-label=told><Symbol icon />{told}</aside> }.erased()
    };
    let old = move || {
        view! {
            <div class="stale-frame"></div>
            <aside class="stale" aria-label=words.not_live>
                <Symbol icon=Icon::Offline />
                <div>
                    <p class="stale-title">{words.not_live}</p>
                    <p class="stale-known">{known_at}</p>
                    <p class="stale-hint">{words.will_send}</p>
                </div>
            </aside>
        }
        .erased()
    };
    let ended = move || {
        view! {
            <aside class="stale is-ended" aria-label=staff.signed_out>
                <Symbol icon=Icon::Warning />
                <div>
                    <p class="stale-title">{staff.signed_out}</p>
                    <a class="stale-link" href="">{common.sign_in}</a>
                </div>
            </aside>
        }
        .erased()
    };
    let shown = part(move || match (is_ended(), is_lost.get(), is_old.get()) {
        (true, ..) => ended(),
        (false, true, true) => old(),
        (false, true, false) => short(Icon::Offline, staff.connecting),
        (false, false, _) if is_stuck() => short(Icon::Warning, cant_save),
        (false, false, _) => ().into_any(),
    });
    // Screen readers hear that the connection is lost, not every second of it.
    view! {
        <div class="stale-place">
            <p class="only-read" role="status">{status}</p>
            {shown}
        </div>
    }
    .erased()
}
