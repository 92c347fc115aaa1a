//! The lower bar: what was finished last, to be recalled, and the pages.

use leptos::prelude::*;

use super::board::TicketKey;
use super::wall::Wall;
use crate::parts::{Erase, Icon, Symbol};
use crate::words::filled;

/// The lower bar.
#[component]
pub fn Foot(
    /// What is shown.
    wall: Wall,
) -> impl IntoView {
    let words = wall.speech.staff();
    let recent = Memo::new(move |_| {
        let recent = wall.station.with(|station| wall.board.with(|board| board.recent(station.as_ref())));
        recent.into_iter().map(|card| (card.key.clone(), card.table.clone(), card.station_name.clone())).collect::<Vec<_>>()
    });
    let is_empty = move || recent.with(Vec::is_empty);
    view! {
        <footer class="wall-foot">
            <section class="recent" aria-label=words.finished>
                <h2 class="recent-title">{words.finished}</h2>
                <ul class="recent-list">
                    <For each=move || recent.get() key=Clone::clone let:((key, table, station))>
                        <Recent wall key table station />
                    </For>
                </ul>
                <p class="recent-none" hidden=move || !is_empty()>{words.nothing_finished}</p>
            </section>
            <p class="keys-hint" hidden=move || !wall.keys.get()>{words.keys_hint}</p>
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
                <span class="recall-table"><span class="only-read">{words.recall} " " {words.table} " "</span>{table}</span>
                <span class="recall-what">
                    {move || (wall.station.with(Option::is_none)).then(|| station.clone())}
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
    let words = wall.speech.staff();
    let page = move || (wall.page.get() + 1, wall.places.with(|places| places.pages).max(1));
    let spoken = move || {
        let (page, pages) = page();
        filled(words.page, &[&page.to_string(), &pages.to_string()])
    };
    let at_first = move || page().0 <= 1;
    let at_last = move || page().0 >= page().1;
    view! {
        <nav class="pager" aria-label=words.tickets class:is-single=move || page().1 == 1>
            <button type="button" class="turn" aria-label=words.earlier disabled=at_first on:click=move |_| wall.turn(-1)>
                "‹"
            </button>
            <p class="pager-page" role="status">
                <span class="only-read">{spoken}</span>
                <span aria-hidden="true">{move || format!("{}/{}", page().0, page().1)}</span>
            </p>
            <button type="button" class="turn" aria-label=words.later disabled=at_last on:click=move |_| wall.turn(1)>
                "›"
            </button>
        </nav>
    }
    .erased()
}
