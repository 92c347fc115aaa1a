//! All day: how many of each dish are open now, so that six steaks go on together.

use leptos::prelude::*;

use super::wall::Wall;
use crate::parts::Erase;
use crate::staff::{flag, part};

/// The counts, beside the tickets.
#[component]
pub fn AllDay(
    /// What is shown.
    wall: Wall,
) -> impl IntoView {
    let words = wall.speech.kitchen();
    let counts = Memo::new(move |_| wall.station.with(|station| wall.board.with(|board| board.all_day(station.as_ref()))));
    let rows = part(move || {
        counts
            .get()
            .into_iter()
            .map(|(name, count)| {
                view! { <li class="count"><b class="count-number">{count}</b><span class="count-name">{name}</span></li> }
            })
            .collect_view()
            .erased()
    });
    view! {
        <aside class="all-day" aria-label=words.all_day hidden=flag(move || !wall.all_day.get())>
            <h2 class="all-day-title">{words.all_day} " " <small>{words.all_day_hint}</small></h2>
            <ul class="counts" tabindex="0" role="list">{rows}</ul>
        </aside>
    }
    .erased()
}
