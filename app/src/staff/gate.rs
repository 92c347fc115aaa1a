//! Loads a page of the staff, or sends to the sign-in.

use domain::{Name, VenueId};
use leptos::prelude::*;

use crate::calls::{Packed, PageError, StaffData};
use crate::live::House;
use crate::parts::{Erase, Icon, PlainPage};
use crate::words::speech;

/// Who is signed in, and where.
#[derive(Debug, Clone)]
pub struct Crew {
    /// The venue.
    pub venue: VenueId,
    /// What they are called.
    pub name: Name,
}

/// A page of the staff: what `draw` makes of the house, once somebody is signed in.
#[component]
pub fn StaffPage(
    /// The venue.
    venue: VenueId,
    /// The last part of the page's address, to which the sign-in leads back.
    surface: &'static str,
    /// The page itself.
    draw: fn(House, Crew) -> AnyView,
) -> impl IntoView {
    let data = OnceResource::new_blocking(load(venue.clone()));
    let page = move || {
        let venue = venue.clone();
        Suspend::new(async move {
            match data.await {
                Ok(Packed(data)) => {
                    let crew = Crew { venue: data.venue.clone(), name: data.name.clone() };
                    draw(House::new(data), crew)
                }
                Err(PageError::SignedOut) => view! { <SignedOut venue surface /> }.erased(),
                Err(_) => view! { <Unreachable /> }.erased(),
            }
        })
    };
    view! { <Suspense fallback=|| ()>{page}</Suspense> }.erased()
}

/// Loads the page's data on the server. The browser has it in the page, and never asks for it.
#[cfg(feature = "ssr")]
async fn load(venue: VenueId) -> Result<Packed<StaffData>, PageError> {
    crate::calls::staff_data(venue).await
}

#[cfg(not(feature = "ssr"))]
async fn load(_: VenueId) -> Result<Packed<StaffData>, PageError> {
    Err(PageError::Unreachable)
}

#[component]
fn SignedOut(venue: VenueId, surface: &'static str) -> impl IntoView {
    let speech = speech();
    let words = speech.staff();
    view! {
        <PlainPage icon=Icon::People title=words.signed_out hint=words.signed_out_hint>
            <a class="button" href=format!("/v/{venue}/sign-in?to={surface}")>{speech.shared().sign_in}</a>
        </PlainPage>
    }
    .erased()
}

#[component]
fn Unreachable() -> impl IntoView {
    let words = speech().shared();
    view! {
        <PlainPage icon=Icon::Offline title=words.unreachable hint="">
            <a class="button" href="">{words.try_again}</a>
        </PlainPage>
    }
    .erased()
}
