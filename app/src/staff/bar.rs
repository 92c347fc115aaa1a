//! What stands in every bar of the staff: the sound's switch, a newer page, signing out.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::device::{self, Sound};
use super::gate::Crew;
use super::live::{flag, text};
use crate::calls::SignOut;
use crate::live::House;
use crate::parts::{Erase, Icon, Symbol};
use crate::words::speech;

/// Allows sounds, or silences them. Allowing plays `sample`, so that its loudness can be set.
#[component]
pub fn SoundSwitch(
    /// Whether sounds are allowed.
    on: RwSignal<bool>,
    /// What is heard when they are.
    sample: Sound,
) -> impl IntoView {
    let words = speech().staff();
    let toggle = move |_| {
        on.update(|on| *on = !*on);
        if on.get_untracked() {
            device::allow_sound();
            device::play(sample);
        }
    };
    view! {
        <button type="button" class="tool" class:is-wanted=flag(move || !on.get()) on:click=toggle>
            <Symbol icon=Icon::Bell />
            <span>{text(move || if on.get() { words.sound_is_on } else { words.sound_on }.to_owned())}</span>
        </button>
    }
    .erased()
}

/// Loads the page of the server's release, where this one is of an earlier. A page that may make sounds does not do
/// it by itself.
#[component]
pub fn Renew(
    /// What the page shows.
    house: House,
) -> impl IntoView {
    let words = speech().staff();
    let is_current = flag(move || !house.is_outdated.get());
    view! {
        <button type="button" class="tool is-wanted" hidden=is_current on:click=move |_| drop(window().location().reload())>
            <Symbol icon=Icon::Info />
            <span>{words.new_version}</span>
        </button>
    }
    .erased()
}

/// Signs out, everywhere.
#[component]
pub fn SignOutButton(
    /// Who is signed in.
    crew: Crew,
) -> impl IntoView {
    let words = speech().staff();
    view! {
        <form method="post" action=SignOut::PATH>
            <input type="hidden" name="venue" value=crew.venue.to_string() />
            <button class="tool" title=crew.name.to_string()>
                <Symbol icon=Icon::SignOut />
                <span>{words.sign_out}</span>
            </button>
        </form>
    }
    .erased()
}
