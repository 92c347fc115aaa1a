//! Who is here: a coloured mark for each, changing one's own name, taking somebody off the table.

use domain::seating::{Guest, GuestsCommand};
use domain::text::NAME_MAX_CHARS;
use domain::{GuestNo, Name};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use super::at_table::at_table;
use super::row_keys;
use super::sums::initials;
use crate::parts::{Dialog, Erase, Icon, Symbol, each, memo};
use crate::words::{Speech, speech};

const COLOURS: [&str; 8] = [
    "avatar guest-colour-0",
    "avatar guest-colour-1",
    "avatar guest-colour-2",
    "avatar guest-colour-3",
    "avatar guest-colour-4",
    "avatar guest-colour-5",
    "avatar guest-colour-6",
    "avatar guest-colour-7",
];

/// What a guest is called: their name, else their number.
pub(crate) fn called(speech: Speech, guest: &Guest) -> String {
    match &guest.name {
        Some(name) => name.to_string(),
        None => speech.door().guest_numbered(&guest.number.0.to_string()),
    }
}

/// What a guest is called on that guest's own phone or another's.
pub(crate) fn called_by(speech: Speech, guest: &Guest, me: GuestNo) -> String {
    match (&guest.name, guest.number == me) {
        (None, true) => speech.party().you.to_owned(),
        (Some(name), true) => speech.party().you_named(name.as_str()),
        (_, false) => called(speech, guest),
    }
}

/// A guest's mark. Whoever shows it says the name in words.
#[component]
pub(crate) fn Avatar(
    /// Whose; none shows the table's.
    guest: Option<Guest>,
) -> impl IntoView {
    match guest {
        None => view! { <span class="avatar avatar-table" aria-hidden="true"><Symbol icon=Icon::People /></span> }.erased(),
        Some(guest) => {
            let letters = guest.name.as_ref().map_or_else(|| guest.number.0.to_string(), |name| initials(name.as_str()));
            let class = COLOURS[usize::from(guest.colour()) % COLOURS.len()];
            view! { <span class=class aria-hidden="true">{letters}</span> }.erased()
        }
    }
}

/// Everybody who sits here.
#[component]
pub(crate) fn Party() -> impl IntoView {
    let at = at_table();
    let words = speech().party();
    let guests = move || {
        at.stay(|stay| stay.guests_here().map(|guest| row_keys::of_owner(Some(guest.number))).collect()).unwrap_or_default()
    };
    let row = |key| row_keys::owner(key).map(|number| view! { <li class="party-guest"><Somebody number /></li> }).erased();
    view! {
        <ul class="party" aria-label=words.at_this_table>
            {each(guests, row)}
        </ul>
    }
    .erased()
}

#[component]
fn Somebody(number: GuestNo) -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.party();
    let guest = memo(move || at.stay(|stay| stay.guest(number).cloned()).flatten());
    let me = at.seat().map(|table| table.me);
    move || {
        let guest = guest.get()?;
        let name = called_by(speech, &guest, me?);
        let ready = guest.ready.then(|| {
            view! { <span class="party-ready"><Symbol icon=Icon::Check /><span class="only-read">{words.ready}</span></span> }
                .erased()
        });
        let inside = view! { <Avatar guest=Some(guest) /><span class="party-name">{name.clone()}</span>{ready} }.erased();
        // Who came earlier can take somebody off the table: a stranger can't take the party off.
        Some(if me > Some(number) {
            view! { <span class="party-other">{inside}</span> }.erased()
        } else {
            let is_me = me == Some(number);
            let what = if is_me { words.change_name.to_owned() } else { speech.door().take_off(&name) };
            view! {
                <button
                    type="button"
                    class=if is_me { "party-me" } else { "party-me party-other" }
                    aria-haspopup="dialog"
                    on:click=move |_| at.person_open.set(Some(number))
                >
                    {inside}
                    <span class="only-read">", " {what}</span>
                    {is_me.then(|| view! { <Symbol icon=Icon::Pencil /> })}
                </button>
            }
            .erased()
        })
    }
}

/// The sheet of a guest: changing one's own name, or taking somebody off the table.
#[component]
pub(crate) fn PersonSheet() -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.party();
    let open = memo(move || at.person_open.with(Option::is_some));
    let other = move || {
        let table = at.seat()?;
        let number = at.person_open.get().filter(|number| *number != table.me)?;
        table.view.with(|stay| stay.guest(number).map(|guest| called(speech, guest)))
    };
    let title = Signal::derive(move || match other() {
        Some(name) => speech.door().take_off(&name),
        None => words.rename_title.to_owned(),
    });
    let close = move |()| at.person_open.set(None);
    let remove = move |_| {
        if let (Some(guest), Some(table)) = (at.person_open.get_untracked(), at.seat()) {
            table.ask(GuestsCommand::RemoveGuest { guest });
        }
        close(());
    };
    let inside = move || {
        if at.seat().map(|table| table.me) == at.person_open.get_untracked() {
            return view! { <RenameForm /> }.erased();
        }
        view! {
            <div class="rename">
                <p>{words.take_off_hint}</p>
                <button type="button" class="button button-wide button-danger" on:click=remove>{speech.door().take_off_yes}</button>
            </div>
        }
        .erased()
    };
    view! { <Dialog open on_close=close title>{inside()}</Dialog> }
}

#[component]
fn RenameForm() -> impl IntoView {
    let at = at_table();
    let speech = speech();
    let words = speech.party();
    let input = NodeRef::<html::Input>::new();
    let is_bad = RwSignal::new(false);
    let table = at.seat();
    let now = table.and_then(|table| table.view.with_untracked(|stay| stay.guest(table.me)?.name.clone()));
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = input.get_untracked().map(|input| input.value()).unwrap_or_default();
        let name = if typed.trim().is_empty() { Ok(None) } else { Name::new(&typed).map(Some) };
        match (name, table) {
            (Ok(name), Some(table)) => {
                table.ask(GuestsCommand::Rename { name });
                at.person_open.set(None);
            }
            _ => is_bad.set(true),
        }
    };
    view! {
        <form class="rename" on:submit=save>
            <label class="field">
                <span class="field-label">{words.your_name}</span>
                <input
                    node_ref=input
                    type="text"
                    name="name"
                    autocomplete="given-name"
                    autocapitalize="words"
                    enterkeyhint="done"
                    maxlength=NAME_MAX_CHARS
                    value=now.map(String::from)
                    aria-invalid=move || is_bad.get().then_some("true")
                />
            </label>
            <p class="field-error" role="alert">{move || is_bad.get().then_some(speech.joining().bad_name)}</p>
            <button type="submit" class="button button-wide">{words.save}</button>
        </form>
    }
    .erased()
}
