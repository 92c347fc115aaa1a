//! What stands in every bar of the staff: the sound's switch, a newer page, who is signed in, signing out.

use domain::Role;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::gate::Crew;
use super::reactive::{flag, text};
use crate::api::staff::SignOut;
use crate::device::{self, Sound};
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

/// Who is signed in, and letting somebody else take over, or signing this device out.
#[component]
pub fn CrewTools(
    /// Who is signed in.
    crew: Crew,
    /// The last part of the page's address, to which the sign-in leads back.
    surface: &'static str,
) -> impl IntoView {
    let words = speech().staff();
    let Crew { venue, name, role } = crew;
    let people = (role == Role::Manager && surface != "kitchen").then(|| {
        view! {
            <a class="tool" href=format!("/v/{venue}/staff")>
                <Symbol icon=Icon::Pencil />
                <span>{words.people}</span>
            </a>
        }
        .erased()
    });
    view! {
        {people}
        <a class="tool" href=format!("/v/{venue}/sign-in?to={surface}") title=words.switch_person>
            <Symbol icon=Icon::People />
            <span>{name.to_string()}</span>
        </a>
        <form method="post" action=SignOut::PATH>
            <input type="hidden" name="venue" value=venue.to_string() />
            <button class="tool">
                <Symbol icon=Icon::SignOut />
                <span>{words.sign_out}</span>
            </button>
        </form>
    }
    .erased()
}
