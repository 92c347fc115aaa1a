//! Loads a page of the staff, or sends to the sign-in.

use std::time::Duration;

use domain::{Name, Role, VenueId};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;

use crate::api::staff::{Renew, StaffData};
use crate::api::{Packed, PageError};
use crate::live::{House, form, post};
use crate::parts::{Erase, Icon, PlainPage};
use crate::words::speech;

/// Who is signed in, and where.
#[derive(Debug, Clone)]
pub struct Crew {
    /// The venue.
    pub venue: VenueId,
    /// What they are called.
    pub name: Name,
    /// What they do.
    pub role: Role,
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
                    let crew = Crew { venue: data.venue.clone(), name: data.name.clone(), role: data.role };
                    stay_signed_in(data.venue.clone());
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
    crate::api::staff::staff_data(venue).await
}

#[cfg(not(feature = "ssr"))]
async fn load(_: VenueId) -> Result<Packed<StaffData>, PageError> {
    Err(PageError::Unreachable)
}

/// How often a screen that is never loaded anew has its sign-in prolonged.
const PROLONG_EVERY: Duration = Duration::from_secs(12 * 3_600);

/// A screen on a wall may be open for months; its sign-in ends after one, unless it is prolonged.
fn stay_signed_in(venue: VenueId) {
    Effect::new(move |_| {
        let venue = venue.to_string();
        set_interval(
            move || {
                let venue = form([("venue", venue.clone())]);
                spawn_local(async move { drop(post::<()>(Renew::PATH, &venue).await) });
            },
            PROLONG_EVERY,
        );
    });
}

/// Nobody is signed in.
#[component]
pub fn SignedOut(
    /// The venue.
    venue: VenueId,
    /// The last part of the page's address, to which the sign-in leads back.
    surface: &'static str,
) -> impl IntoView {
    let speech = speech();
    let words = speech.staff();
    view! {
        <PlainPage icon=Icon::People title=words.signed_out hint=words.signed_out_hint>
            <a class="button" href=format!("/v/{venue}/sign-in?to={surface}")>{speech.common().sign_in}</a>
        </PlainPage>
    }
    .erased()
}

/// The server does not answer.
#[component]
pub fn Unreachable() -> impl IntoView {
    let words = speech().common();
    view! {
        <PlainPage icon=Icon::Offline title=words.unreachable hint="">
            <a class="button" href="">{words.try_again}</a>
        </PlainPage>
    }
    .erased()
}
