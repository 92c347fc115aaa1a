//! Says when what the wall shows is old, and how old. Cooking goes on below it.

use domain::Time;
use leptos::prelude::*;

use super::wall::Wall;
use crate::live::Link;
use crate::parts::{Erase, Icon, Symbol};
use crate::staff::device;
use crate::words::filled;

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
        Link::Connecting | Link::Live | Link::Ended => lost_at.set(None),
    });
    let age_ms = move || lost_at.get().map(|at| (at, house.clock.get().ms_since(at)));
    let is_lost = Memo::new(move |_| lost_at.get().is_some());
    let is_old = Memo::new(move |_| age_ms().is_some_and(|(_, age)| age >= OLD_AFTER_MS));
    let is_ended = move || house.link.get() == Link::Ended;
    let words = wall.speech.staff();
    let shared = wall.speech.shared();
    let known_at =
        move || age_ms().map(|(at, age)| filled(words.known_at, &[&device::time_of_day(at), &(age / 1_000).to_string()]));
    let status = move || if is_ended() { Some(words.signed_out) } else { is_lost.get().then_some(shared.offline) };
    // Screen readers hear that the connection is lost, not every second of it.
    view! {
        <div class="stale-place">
            <p class="only-read" role="status">{status}</p>
            <Show when=move || is_lost.get() && !is_old.get()>
                <aside class="stale is-short" aria-label=shared.connecting><Symbol icon=Icon::Offline />{shared.connecting}</aside>
            </Show>
            <Show when=move || is_old.get()>
                <div class="stale-frame"></div>
                <aside class="stale" aria-label=words.not_live>
                    <Symbol icon=Icon::Offline />
                    <div>
                        <p class="stale-title">{words.not_live}</p>
                        <p class="stale-known">{known_at}</p>
                        <p class="stale-hint">{words.will_send}</p>
                    </div>
                </aside>
            </Show>
            <Show when=is_ended>
                <aside class="stale is-ended" aria-label=words.signed_out>
                    <Symbol icon=Icon::Warning />
                    <div>
                        <p class="stale-title">{words.signed_out}</p>
                        <a class="stale-link" href="">{shared.sign_in}</a>
                    </div>
                </aside>
            </Show>
        </div>
    }
    .erased()
}
