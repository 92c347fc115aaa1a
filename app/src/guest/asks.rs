//! Who asks to be let in, for those who sit here.

use leptos::prelude::*;

use crate::live::GuestTable;
use crate::parts::{Asking, Calm, Erase, each, memo};

/// Everybody who asks.
#[component]
pub(crate) fn Asks(
    /// The table.
    table: GuestTable,
) -> impl IntoView {
    let asking = memo(move || {
        let now = table.clock.get();
        table.view.with(|stay| {
            let asks = stay.entry.asks.iter().filter(|ask| stay.entry.joining.guests_let_in() && ask.is_waited_for(now));
            asks.map(|ask| u128::from(ask.ask.0)).collect::<Vec<_>>()
        })
    });
    let calm = Calm::default();
    let on_answer = Callback::new(move |answer| {
        // Whoever asks next slides under the finger that has let somebody in.
        if calm.moves(table.clock.read()) {
            table.ask(answer);
        }
    });
    let row = move |key| {
        let of_key = |stay: &domain::seating::Seating| {
            let ask = stay.entry.asks.iter().find(|ask| u128::from(ask.ask.0) == key)?.clone();
            Some((ask, stay.guests.clone()))
        };
        table.view.with_untracked(of_key).map(|(ask, guests)| view! { <Asking ask guests on_answer /> }).erased()
    };
    view! { <div class="asks" role="status">{each(move || asking.get(), row)}</div> }.erased()
}
