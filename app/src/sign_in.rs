//! Signing in, and taking over a device by PIN: plain forms, so that they work before any script has loaded, and without
//! one.

use domain::VenueId;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::staff::{DoorData, SignIn, TakeOver, door_data};
use crate::parts::{Erase, Icon, Symbol};
use crate::staff::FormQuery;
use crate::staff::problem::Workplace;
use crate::words::speech;

/// The page.
#[component]
pub fn SignInPage(
    /// The venue.
    venue: VenueId,
) -> impl IntoView {
    let query = StoredValue::new(FormQuery::of_page());
    let door = OnceResource::new_blocking(door_data(venue.clone()));
    let page = move || {
        let venue = venue.clone();
        Suspend::new(async move {
            let door = door.await.unwrap_or_else(|_| DoorData::closed(&venue));
            view! { <Door venue door query=query.get_value() /> }
        })
    };
    view! { <Suspense fallback=|| ()>{page}</Suspense> }.erased()
}

#[component]
fn Door(venue: VenueId, door: DoorData, query: FormQuery) -> impl IntoView {
    let speech = speech();
    let words = speech.sign_in();
    let DoorData { title, is_signed_in, members } = door;
    let (to, was_password) = (query.to, matches!(query.problem, Some((_, false))));
    // Who works here is not said by PIN.
    let can_take_over = is_signed_in && !members.is_empty() && to != Workplace::Staff;
    let by_password = view! { <ByPassword venue=venue.clone() to is_first=!can_take_over /> }.erased();
    let forms = if can_take_over {
        let options = members.into_iter().map(|(id, name)| view! { <option value=id.to_string()>{name.to_string()}</option> });
        view! {
            <p class="sign-in-hint">{words.take_over_hint}</p>
            <form method="post" action=TakeOver::PATH>
                <input type="hidden" name="venue" value=venue.to_string() />
                <label class="field">
                    <span>{words.staff_name}</span>
                    <select class="text-input" name="staff" autofocus>{options.collect_view()}</select>
                </label>
                <label class="field">
                    <span>{words.pin}</span>
                    <input
                        class="text-input"
                        type="password"
                        name="pin"
                        required
                        maxlength="8"
                        inputmode="numeric"
                        autocomplete="off"
                    />
                </label>
                <Workplaces to />
                <button class="button button-wide">{words.take_over}</button>
            </form>
            <details class="sign-in-other" open=was_password>
                <summary>{words.with_password}</summary>
                {by_password}
            </details>
        }
        .erased()
    } else {
        view! { <p class="sign-in-hint">{speech.staff().signed_out_hint}</p>{by_password} }.erased()
    };
    view! {
        <main class="sign-in">
            <div class="sign-in-card">
                <p class="sign-in-venue">{title}</p>
                <h1>{speech.common().sign_in}</h1>
                {query.told()}
                {forms}
            </div>
        </main>
    }
    .erased()
}

#[component]
fn ByPassword(venue: VenueId, to: Workplace, is_first: bool) -> impl IntoView {
    let speech = speech();
    let words = speech.sign_in();
    view! {
        <form method="post" action=SignIn::PATH>
            <input type="hidden" name="venue" value=venue.to_string() />
            <label class="field">
                <span>{words.staff_name}</span>
                <input
                    class="text-input"
                    name="staff"
                    required
                    autofocus=is_first
                    maxlength="64"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                />
            </label>
            <label class="field">
                <span>{words.password}</span>
                <input class="text-input" type="password" name="password" required maxlength="256" autocomplete="current-password" />
            </label>
            <Workplaces to />
            <button class="button button-wide">{speech.common().sign_in}</button>
        </form>
    }
    .erased()
}

/// Where somebody works.
#[component]
fn Workplaces(to: Workplace) -> impl IntoView {
    if to == Workplace::Staff {
        return view! { <input type="hidden" name="to" value="staff" /> }.erased();
    }
    let speech = speech();
    let (words, staff) = (speech.sign_in(), speech.staff());
    view! {
        <fieldset class="places">
            <legend>{words.work_at}</legend>
            <label class="place-choice">
                <input type="radio" name="to" value="floor" checked={to == Workplace::Floor} />
                <Symbol icon=Icon::People />
                <span>{staff.floor}</span>
            </label>
            <label class="place-choice">
                <input type="radio" name="to" value="kitchen" checked={to == Workplace::Kitchen} />
                <Symbol icon=Icon::Flame />
                <span>{staff.kitchen}</span>
            </label>
        </fieldset>
    }
    .erased()
}
