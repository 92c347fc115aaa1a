//! The lower bar: what was finished last, to be recalled, and the pages.

use leptos::prelude::*;

use super::board::TicketKey;
use super::wall::Wall;
use crate::parts::{Erase, Icon, Symbol};
use crate::staff::{flag, rows, text};

/// The lower bar.
#[component]
pub fn Foot(
    /// What is shown.
    wall: Wall,
) -> impl IntoView {
    let words = wall.speech.kitchen();
    let recent = Memo::new(move |_| {
        let recent = wall.station.with(|station| wall.board.with(|board| board.recent(station.as_ref())));
        recent.into_iter().map(|card| (card.key.clone(), card.table.clone(), card.station_name.clone())).collect::<Vec<_>>()
    });
    let has_some = flag(move || !recent.with(Vec::is_empty));
    view! {
        <footer class="wall-foot">
            <section class="recent" aria-label=words.finished>
                <h2 class="recent-title">{words.finished}</h2>
                <ul class="recent-list">
                    {rows(move || recent.get(), move |(key, table, station)| view! { <Recent wall key table station /> }.into_any())}
                </ul>
                <p class="recent-none" hidden=has_some>{words.nothing_finished}</p>
            </section>
            <p class="keys-hint" hidden=flag(move || !wall.keys.get())>{words.keys_hint}</p>
            <Pager wall />
        </footer>
    }
    .erased()
}

#[component]
fn Recent(wall: Wall, key: TicketKey, table: String, station: String) -> impl IntoView {
    let words = wall.speech.staff();
    let round = key.round.0;
    view! {
        <li>
            <button type="button" class="recall" on:click=move |_| wall.recall(&key)>
                <Symbol icon=Icon::Undo />
                <span class="recall-table"><span class="only-read">{wall.speech.kitchen().recall} " " {words.table} " "</span>{table}</span>
                <span class="recall-what">
                    <span>{text(move || if wall.station.with(Option::is_none) { station.clone() } else { String::new() })}</span>
                    <span class="recall-round"><span class="only-read">{words.round} " "</span> "#" {round}</span>
                </span>
            </button>
        </li>
    }
    .erased()
}

/// Turns pages. It stays where it is when there is one page, so that nothing jumps.
#[component]
fn Pager(wall: Wall) -> impl IntoView {
    let words = wall.speech.kitchen();
    let page = move || (wall.page.get() + 1, wall.places.with(|places| places.pages).max(1));
    let spoken = text(move || {
        let (page, pages) = page();
        words.page(&page.to_string(), &pages.to_string())
    });
    let at_first = flag(move || page().0 <= 1);
    let at_last = flag(move || page().0 >= page().1);
    view! {
        <nav class="pager" aria-label=words.tickets>
            <button type="button" class="turn" aria-label=words.earlier disabled=at_first on:click=move |_| wall.turn(-1)>
                "‹"
            </button>
            <p class="pager-page" role="status">
                <span class="only-read">{spoken}</span>
                <span aria-hidden="true">{text(move || format!("{}/{}", page().0, page().1))}</span>
            </p>
            <button type="button" class="turn" aria-label=words.later disabled=at_last on:click=move |_| wall.turn(1)>
                "›"
            </button>
        </nav>
    }
    .erased()
}
