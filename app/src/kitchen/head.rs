//! The upper bar: whose tickets, and the tools.

use domain::StationId;
use leptos::prelude::*;

use super::wall::Wall;
use crate::device::{self, Sound};
use crate::parts::{Erase, Icon, Symbol};
use crate::staff::bar::{CrewTools, Renew, SoundSwitch};
use crate::staff::{Crew, flag, rows, spoken, text};

/// The upper bar.
#[component]
pub fn Head(
    /// What is shown.
    wall: Wall,
    /// Who is signed in.
    crew: Crew,
) -> impl IntoView {
    let words = wall.speech.kitchen();
    let stations = Memo::new(move |_| {
        wall.house.menu(|menu| {
            let named = menu.catalog.stations.iter().map(|s| (Some(s.id.clone()), wall.speech.of(&s.name)));
            std::iter::once((None, words.all_stations.to_owned())).chain(named).collect::<Vec<_>>()
        })
    });
    // The device's time of day is known only in the browser.
    let time = RwSignal::new(String::new());
    Effect::new(move |_| time.set(device::time_of_day(wall.house.clock.get())));
    view! {
        <header class="wall-head">
            <h1 class="only-read">{wall.speech.staff().kitchen}</h1>
            <nav class="stations" aria-label=words.stations>
                {rows(move || stations.get(), move |(station, name)| view! { <StationLink wall station name /> }.into_any())}
            </nav>
            <div class="tools">
                <p class="wall-time">{time}</p>
                <Tool wall=wall.all_day icon=Icon::Receipt word=words.all_day hint="A" keys=wall.keys />
                <Tool wall=wall.sold_out icon=Icon::NotHad word=words.sold_out_title hint="X" keys=wall.keys />
                <SoundSwitch on=wall.sound sample=Sound::New />
                <button
                    type="button"
                    class="tool"
                    aria-pressed=spoken(move || wall.keys.get())
                    on:click=move |_| wall.keys.update(|on| *on = !*on)
                >
                    <Symbol icon=Icon::Check />
                    <span>{words.keys}</span>
                </button>
                <Renew house=wall.house />
                <CrewTools crew surface="kitchen" />
            </div>
        </header>
    }
    .erased()
}

/// A tool that is on or off, and the key that switches it.
#[component]
fn Tool(wall: RwSignal<bool>, icon: Icon, word: &'static str, hint: &'static str, keys: RwSignal<bool>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="tool"
            aria-pressed=spoken(move || wall.get())
            on:click=move |_| wall.update(|on| *on = !*on)
        >
            <Symbol icon />
            <span>{word}</span>
            <kbd class="key" class:is-off=flag(move || !keys.get()) aria-hidden="true">{hint}</kbd>
        </button>
    }
    .erased()
}

/// A station, as a link: its address can be opened on its screen every morning.
#[component]
fn StationLink(wall: Wall, station: Option<StationId>, name: String) -> impl IntoView {
    let href = station.as_ref().map_or_else(|| "#all".to_owned(), |id| format!("#{id}"));
    let count = {
        let station = station.clone();
        text(move || wall.board.with(|board| board.count(station.as_ref())).to_string())
    };
    let is_current = spoken(move || wall.station.with(|shown| *shown == station));
    view! {
        <a class="station" href=href aria-current=is_current>
            <span class="station-name">{name}</span>
            <span class="station-count">{count}</span>
        </a>
    }
    .erased()
}

/// Shows the station that the address names, now and whenever it changes. In the browser only.
pub(super) fn follow_address(wall: Wall) {
    let follow = move || {
        let named = window().location().hash().ok().and_then(|hash| hash.trim_start_matches('#').parse::<StationId>().ok());
        let known = untrack(|| named.filter(|id| wall.house.menu(|menu| menu.catalog.station(id).is_some())));
        wall.station.set(known);
        wall.page.set(0);
    };
    follow();
    window_event_listener_untyped("hashchange", move |_| follow());
}
