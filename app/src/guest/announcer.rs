//! Tells screen readers what happens at the table while they read something else.

use domain::GuestNo;
use domain::seating::Seating;
use leptos::prelude::*;

use super::news::{News, news};
use super::order_bar::why_declined;
use super::party::called;
use crate::live::GuestTable;
use crate::parts::Erase;
use crate::words::{Speech, speech};

/// A region that is read aloud, politely, at each news.
#[component]
pub(crate) fn Announcer(
    /// The table.
    table: GuestTable,
) -> impl IntoView {
    let speech = speech();
    let text = RwSignal::new(String::new());
    Effect::new(move |before: Option<Seating>| {
        let after = table.view.get();
        if let Some(before) = before {
            let news = news(&before, &after, table.me);
            if !news.is_empty() {
                let told: Vec<String> = news.into_iter().map(|news| told(speech, &after, news)).collect();
                text.set(told.join(" "));
            }
        }
        after
    });
    // What has just sold out of the order.
    Effect::new(move |before: Option<Vec<domain::LineId>>| {
        let after = table.sold_out_lines();
        if let Some(line) = before.and_then(|before| after.iter().copied().find(|line| !before.contains(line))) {
            let name = table.view.with_untracked(|stay| stay.line(line).map(|line| speech.of(&line.name)));
            if let Some(name) = name {
                text.set(speech.news().sold_out(&name));
            }
        }
        after
    });
    view! { <p class="only-read" role="status" data-testid="news">{text}</p> }.erased()
}

fn told(speech: Speech, stay: &Seating, news: News) -> String {
    let words = speech.news();
    let who = |number: GuestNo| stay.guest(number).map(|guest| called(speech, guest)).unwrap_or_default();
    match news {
        News::Joined(guest) => words.joined(&who(guest)),
        News::Left(guest) => words.left(&who(guest)),
        News::Added(Some(guest), dish) => words.added(&who(guest), &speech.of(&dish)),
        News::Added(None, dish) => words.is_now(speech.party().everybody, &speech.of(&dish)),
        News::Changed(dish, quantity) => words.changed(&speech.of(&dish), &quantity.to_string()),
        News::Removed(dish) => words.removed(&speech.of(&dish)),
        News::Sent(round) => words.sent(&round.0.to_string()),
        News::Waits => speech.rounds().waits_hint.to_owned(),
        News::Declined => stay.declined.as_ref().map(|declined| why_declined(speech.rounds(), declined)).unwrap_or_default(),
        News::Is(dish, state) => words.is_now(&speech.of(&dish), speech.item().state(state)),
    }
}
