//! Signing in.

use domain::VenueId;
use leptos::prelude::*;

/// The page.
#[component]
pub fn SignInPage(
    /// The venue.
    venue: VenueId,
) -> impl IntoView {
    view! { <main>{venue.to_string()}</main> }
}
