//! Staff and devices: who works here and what is signed in where, for managers.
//!
//! Every change is a plain form, and its answer the page as it is then.
//!
//! - [`members`]: who works here; [`devices`]: what is signed in

mod devices;
mod members;

use domain::VenueId;
use leptos::prelude::*;

use crate::api::PageError;
use crate::api::people::{People, people};
use crate::parts::{Erase, Icon, PlainPage, Symbol};
use crate::staff::FormQuery;
use crate::staff::gate::{SignedOut, Unreachable};
use crate::staff::problem::words;
use crate::words::speech;

/// The page.
#[component]
pub fn PeoplePage(
    /// The venue.
    venue: VenueId,
) -> impl IntoView {
    let query = StoredValue::new(FormQuery::of_page());
    let data = OnceResource::new_blocking(people(venue.clone()));
    let page = move || {
        let venue = venue.clone();
        Suspend::new(async move {
            match data.await {
                Ok(people) => view! { <Everybody people query=query.get_value() /> }.erased(),
                Err(PageError::SignedOut) => view! { <SignedOut venue surface="staff" /> }.erased(),
                Err(error @ (PageError::NeedsPassword | PageError::Refused(_))) => view! { <NotYou venue error /> }.erased(),
                Err(_) => view! { <Unreachable /> }.erased(),
            }
        })
    };
    view! { <Suspense fallback=|| ()>{page}</Suspense> }.erased()
}

/// Whoever is signed in may not see this, or not by PIN.
#[component]
fn NotYou(venue: VenueId, error: PageError) -> impl IntoView {
    let speech = speech();
    view! {
        <PlainPage icon=Icon::People title=speech.staff().people hint=words(speech, &error, false)>
            <a class="button" href=format!("/v/{venue}/sign-in?to=staff")>{speech.common().sign_in}</a>
            <a class="button button-quiet" href=format!("/v/{venue}/floor")>{speech.staff().floor}</a>
        </PlainPage>
    }
    .erased()
}

#[component]
fn Everybody(people: People, query: FormQuery) -> impl IntoView {
    let speech = speech();
    let words = speech.people();
    let venue = people.venue.to_string();
    let (floor, again) = (format!("/v/{venue}/floor"), format!("/v/{venue}/staff"));
    view! {
        <div class="people">
            <header class="floor-head">
                <h1 class="floor-title">{speech.staff().people}</h1>
                <div class="tools">
                    <a class="tool" href=again><Symbol icon=Icon::Repeat /><span>{words.reload}</span></a>
                    <a class="tool" href=floor><Symbol icon=Icon::People /><span>{speech.staff().floor}</span></a>
                </div>
            </header>
            {query.told()}
            <main class="people-main">
                <section class="people-part" aria-labelledby="people-members">
                    <h2 id="people-members">{words.people}</h2>
                    {members::members(speech, &people)}
                </section>
                <section class="people-part" aria-labelledby="people-devices">
                    <h2 id="people-devices">{words.devices}</h2>
                    {devices::devices(speech, &people)}
                </section>
            </main>
        </div>
    }
    .erased()
}
