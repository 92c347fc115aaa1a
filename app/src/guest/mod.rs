//! The guest.

use domain::VenueId;
use leptos::prelude::*;

/// The page.
#[component]
pub fn GuestPage(
    /// The venue.
    venue: VenueId,
    /// The table's code.
    token: domain::TableToken,
) -> impl IntoView {
    let _ = token;
    view! { <main>{venue.to_string()}</main> }
}
