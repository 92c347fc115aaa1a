//! What was sent: each round, and how far each item is.

use domain::seating::{ItemState, Round, Seating};
use domain::{LineId, RoundNo};
use leptos::prelude::*;

use super::cart_line::LineDetails;
use super::party::{Avatar, called_by};
use super::row_keys;
use super::under_way::under_way;
use crate::live::GuestTable;
use crate::parts::{Erase, Icon, each, memo, with_icon};
use crate::words::{RoundsWords, Speech, speech};

/// The rounds, newest first.
#[component]
pub(crate) fn Rounds(
    /// The table.
    table: GuestTable,
) -> impl IntoView {
    let words = speech().rounds();
    let rounds = memo(move || {
        table.view.with(|stay| {
            let newest_first = stay.waiting.iter().chain(stay.rounds.iter().rev());
            newest_first.map(|round| row_keys::of_round(round.number)).collect::<Vec<_>>()
        })
    });
    let title = move || if table.view.with(|stay| stay.rounds.is_empty()) { words.waits } else { words.sent };
    move || {
        rounds.with(|rounds| !rounds.is_empty()).then(|| {
            view! {
                <section class="rounds" aria-labelledby="rounds-title">
                    <h3 id="rounds-title" class="rounds-title">{title}</h3>
                    {each(move || rounds.get(), move |round| view! { <RoundSent table number=row_keys::round(round) /> }.into_any())}
                </section>
            }
            .erased()
        })
    }
}

/// A round that was sent, or waits until a waiter accepts it.
fn round_of(stay: &Seating, number: RoundNo) -> Option<&Round> {
    stay.waiting.as_ref().filter(|round| round.number == number).or_else(|| stay.round(number))
}

#[component]
fn RoundSent(table: GuestTable, number: RoundNo) -> impl IntoView {
    let speech = speech();
    let words = speech.rounds();
    let sent_at = memo(move || table.view.with(|stay| round_of(stay, number).map(|round| round.at)).unwrap_or_default());
    let items = memo(move || {
        table
            .view
            .with(|stay| {
                round_of(stay, number).map(|r| r.items.iter().map(|item| row_keys::of_line(item.line.id)).collect::<Vec<_>>())
            })
            .unwrap_or_default()
    });
    let waits = memo(move || table.view.with(|stay| stay.waiting.as_ref().is_some_and(|round| round.number == number)));
    // Only the last round can be under way.
    let is_sending = memo(move || {
        table.is_sending()
            && table.view.with(|stay| stay.waiting.as_ref().or(stay.rounds.last()).is_some_and(|r| r.number == number))
    });
    let when = move || match is_sending.get() {
        true => under_way(speech, table.link.get()).1.to_owned(),
        false => ago(words, table.clock.minutes_since(sent_at.get())),
    };
    view! {
        <div class="round" class:is-pending=is_sending>
            <h4 class="round-top">
                <span class="round-name">{words.round(&number.0.to_string())}</span>
                <span class="round-when">{when}</span>
            </h4>
            <ul class="round-items">
                {each(move || items.get(), move |line| view! { <SentItem table number line=row_keys::line(line) is_sending waits /> }.into_any())}
            </ul>
            {move || (waits.get() && !is_sending.get()).then(|| with_icon("why-not", Icon::Clock, words.waits_hint))}
        </div>
    }
    .erased()
}

#[component]
fn SentItem(table: GuestTable, number: RoundNo, line: LineId, is_sending: Memo<bool>, waits: Memo<bool>) -> impl IntoView {
    let speech = speech();
    let words = speech.party();
    let item = memo(move || {
        table
            .view
            .with(|stay| round_of(stay, number).and_then(|round| round.items.iter().find(|item| item.line.id == line)).cloned())
    });
    // What was sent stays as it was sent: only its state changes.
    let state = memo(move || item.with(|item| item.as_ref().map(|item| (item.state, item.since))));
    let sent = item.get_untracked()?.line;
    let guest = sent.guest.and_then(|number| table.view.with_untracked(|stay| stay.guest(number).cloned()));
    let who = guest.as_ref().map_or_else(|| words.everybody.to_owned(), |guest| called_by(speech, guest, table.me));
    // Redrawn at each minute, not at each second.
    let minutes = memo(move || state.get().map_or(0, |(_, since)| table.clock.minutes_since(since)));
    let badge = move || {
        let (state, _) = state.get()?;
        if is_sending.get() {
            return Some(with_icon("state", Icon::Clock, speech.cart().sending));
        }
        let (class, icon) = look(state);
        // That it waits for a waiter is said of the whole round.
        (!waits.get()).then(|| with_icon(class, icon, told(speech, state, minutes.get())))
    };
    Some(
        view! {
            <li class="sent-item" data-testid="sent-item">
                <Avatar guest />
                <div class="line-what">
                    <p class="line-name">
                        <span class="only-read">{who} ": "</span>
                        <span class="sent-quantity">{sent.quantity} " ×"</span> " " {speech.of(&sent.name)}
                    </p>
                    <LineDetails line=sent />
                </div>
                {badge}
            </li>
        }
        .erased(),
    )
}

const fn look(state: ItemState) -> (&'static str, Icon) {
    match state {
        ItemState::Received | ItemState::Unknown => ("state", Icon::Check),
        ItemState::Cooking => ("state is-cooking", Icon::Flame),
        ItemState::Ready => ("state is-ready", Icon::Cloche),
        ItemState::Served => ("state is-served", Icon::CheckTwice),
    }
}

/// How far an item is, and since when where somebody waits for the next step.
fn told(speech: Speech, state: ItemState, minutes: u64) -> String {
    let word = speech.item().state(state);
    match (state, minutes) {
        (ItemState::Cooking | ItemState::Ready, 1..) => format!("{word} · {}", speech.rounds().for_minutes(&minutes.to_string())),
        _ => word.to_owned(),
    }
}

fn ago(words: &RoundsWords, minutes: u64) -> String {
    if minutes == 0 { words.just_now.to_owned() } else { words.minutes_ago(&minutes.to_string()) }
}
