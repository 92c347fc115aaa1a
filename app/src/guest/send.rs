//! Saying that one is ready, and sending the round: once, together.

use std::time::Duration;

use domain::seating::RoundsCommand;
use domain::{LineId, Rejection, RoundNo};
use leptos::html;
use leptos::prelude::*;

use super::order_bar::who_chooses;
use super::sums::{is_party, pieces};
use super::under_way::under_way;
use crate::live::GuestTable;
use crate::parts::{Erase, Icon, Symbol, effect, memo, with_icon};
use crate::words::speech;

/// How long a question stays that nobody needs to answer any more: nothing vanishes from under a
/// finger that is on its way.
const WITHDRAWN_AFTER: Duration = Duration::from_millis(700);

/// The lower edge of the order.
#[component]
pub(crate) fn SendFoot(
    /// The table.
    table: GuestTable,
    /// The lines that can't be had any more: with any of them, nothing can be sent.
    sold_out: Memo<Vec<LineId>>,
) -> impl IntoView {
    let speech = speech();
    let words = speech.cart();
    // The round that is about to be sent. Its number is taken when the question is asked, so that
    // whoever answers after somebody else has sent it sends no second one.
    let asked = RwSignal::new(None::<RoundNo>);
    let next = memo(move || table.view.with(|stay| stay.next_round()));
    let count = memo(move || table.view.with(|stay| pieces(&stay.cart)));
    let is_sending = memo(move || table.is_sending());
    let waits = memo(move || table.view.with(|stay| stay.waiting.is_some()));
    let is_stuck = memo(move || waits.get() || sold_out.with(|lines| !lines.is_empty()));
    let is_over = move |round: RoundNo| round != next.get() || count.get() == 0 || is_stuck.get();
    effect(move || {
        if asked.get().is_some_and(is_over) {
            set_timeout(move || withdraw(table, asked, is_over), WITHDRAWN_AFTER);
        }
    });
    let is_party = memo(move || table.view.with(is_party));
    let others = memo(move || table.view.with(|stay| who_chooses(speech, stay, table.me)));
    let others = move || {
        is_party.get().then(|| {
            view! {
                <div class="who-row">
                    <p class="who-chooses" role="status"><Symbol icon=Icon::People /><span>{others}</span></p>
                    {move || asked.get().is_none().then(|| view! { <ReadyToggle table /> }.erased())}
                </div>
            }
            .erased()
        })
    };
    let shown = memo(move || match asked.get() {
        _ if is_sending.get() => Foot::Sending,
        Some(round) => Foot::Question(round),
        None if count.get() == 0 => Foot::Nothing,
        None => Foot::Choice,
    });
    let foot = move || {
        Some(match shown.get() {
            Foot::Nothing => return None,
            Foot::Sending => view! { <Sending table /> }.erased(),
            Foot::Question(round) => view! { {others} <Question table round asked pieces=count.get_untracked() /> }.erased(),
            Foot::Choice => view! {
                {others}
                {move || match waits.get() {
                    true => Some(with_icon("why-not", Icon::Clock, speech.rounds().waits_hint)),
                    false => is_stuck.get().then(|| with_icon("why-not is-bad", Icon::NotHad, words.remove_sold_out_first)),
                }}
                <div class="send-row">
                    <button type="button" class="button button-wide" disabled=is_stuck on:click=move |_| asked.set(Some(next.get_untracked()))>
                        <Symbol icon=Icon::Send />
                        {words.send}
                    </button>
                </div>
            }
            .erased(),
        })
    };
    view! { <footer class="dialog-foot send">{foot}</footer> }.erased()
}

/// Takes a question back that answered itself, and says so where somebody else has sent the round.
fn withdraw(table: GuestTable, asked: RwSignal<Option<RoundNo>>, is_over: impl Fn(RoundNo) -> bool) {
    let Some(round) = asked.try_get_untracked().flatten().filter(|round| untrack(|| is_over(*round))) else { return };
    asked.set(None);
    if table.view.with_untracked(|stay| stay.next_round() > round) {
        table.tell(Rejection::AlreadySent);
    }
}

/// What stands at the lower edge.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Foot {
    /// There is nothing to send.
    Nothing,
    /// A round is under way.
    Sending,
    /// Whether to send now.
    Question(RoundNo),
    /// Being ready, and sending.
    Choice,
}

#[component]
fn ReadyToggle(table: GuestTable) -> impl IntoView {
    let words = speech().party();
    let ready = memo(move || table.view.with(|stay| stay.guest(table.me).is_some_and(|guest| guest.ready)));
    let toggle = move |_| {
        table.ask(RoundsCommand::SetReady { ready: !ready.get_untracked() });
    };
    view! {
        <button type="button" class="button button-quiet ready-toggle" aria-pressed=move || ready.get().to_string() on:click=toggle>
            <Symbol icon=Icon::Check />
            {words.i_am_ready}
        </button>
    }
    .erased()
}

/// Whether to send now.
#[component]
fn Question(table: GuestTable, round: RoundNo, asked: RwSignal<Option<RoundNo>>, pieces: usize) -> impl IntoView {
    let words = speech().cart();
    let now = NodeRef::<html::Button>::new();
    effect(move || {
        if let Some(now) = now.get() {
            let _ = now.focus();
        }
    });
    let send = move |_| {
        // The question closes with the first tap: a second has nothing to hit.
        if asked.try_update(Option::take).flatten().is_some() {
            table.ask(RoundsCommand::SendRound { round });
        }
    };
    view! {
        <div class="send-question" role="group" aria-labelledby="send-question">
            <p id="send-question" class="send-question-words">{words.send_question(pieces)}</p>
            <div class="send-row">
                <button type="button" class="button button-quiet" on:click=move |_| asked.set(None)>{words.not_yet}</button>
                <button type="button" class="button button-wide" node_ref=now on:click=send>
                    <Symbol icon=Icon::Send />
                    {words.send_now}
                </button>
            </div>
        </div>
    }
    .erased()
}

#[component]
fn Sending(table: GuestTable) -> impl IntoView {
    let speech = speech();
    let told = move || {
        let (icon, told) = under_way(speech, table.link.get());
        view! { <Symbol icon />{told} }.erased()
    };
    view! {
        <button type="button" class="button button-wide" disabled>
            {told}
        </button>
    }
    .erased()
}
