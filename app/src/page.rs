//! The page of an address.

use leptos::prelude::*;

use crate::address::Page;
#[cfg(feature = "guest")]
use crate::guest::GuestPage;
use crate::parts::{Erase, Landing, NothingHere};
#[cfg(feature = "staff")]
use crate::{floor::FloorPage, kitchen::KitchenPage};
#[cfg(all(feature = "staff", feature = "ssr"))]
use crate::{people::PeoplePage, sign_in::SignInPage};

/// The page of an address, or a kind word.
#[component]
pub fn PageAt(
    /// The address; none where it leads nowhere.
    page: Option<Page>,
) -> impl IntoView {
    match page {
        Some(Page::Landing) => view! { <Landing /> }.erased(),
        #[cfg(feature = "guest")]
        Some(Page::Guest { venue, token }) => view! { <GuestPage venue token /> }.erased(),
        #[cfg(feature = "staff")]
        Some(Page::Floor { venue }) => view! { <FloorPage venue /> }.erased(),
        #[cfg(feature = "staff")]
        Some(Page::Kitchen { venue }) => view! { <KitchenPage venue /> }.erased(),
        #[cfg(all(feature = "staff", feature = "ssr"))]
        Some(Page::Staff { venue }) => view! { <PeoplePage venue /> }.erased(),
        #[cfg(all(feature = "staff", feature = "ssr"))]
        Some(Page::SignIn { venue }) => view! { <SignInPage venue /> }.erased(),
        // The server serves each page with the bundle that has it, if any.
        #[cfg(not(all(feature = "guest", feature = "staff", feature = "ssr")))]
        Some(_) => view! { <NothingHere /> }.erased(),
        None => view! { <NothingHere /> }.erased(),
    }
}
