//! Which page an address is. Three surfaces that never link into each other need no client router.

use domain::{TableToken, VenueId};
use leptos::prelude::*;

use crate::{floor::FloorPage, guest::GuestPage, kitchen::KitchenPage, parts::Landing, sign_in::SignInPage};

/// A page, by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// `/`
    Landing,
    /// `/t/{venue}/{token}`: where a table's QR code leads.
    Guest {
        /// The venue.
        venue: VenueId,
        /// The table's code.
        token: TableToken,
    },
    /// `/v/{venue}/floor`
    Floor {
        /// The venue.
        venue: VenueId,
    },
    /// `/v/{venue}/kitchen`
    Kitchen {
        /// The venue.
        venue: VenueId,
    },
    /// `/v/{venue}/sign-in`
    SignIn {
        /// The venue.
        venue: VenueId,
    },
}

impl Page {
    /// The page of a path, if there is one.
    pub fn at(path: &str) -> Option<Self> {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let page = match (parts.next(), parts.next(), parts.next()) {
            (None, _, _) => Self::Landing,
            (Some("t"), Some(venue), Some(token)) => Self::Guest { venue: venue.parse().ok()?, token: token.parse().ok()? },
            (Some("v"), Some(venue), Some(surface)) => {
                let venue = venue.parse().ok()?;
                match surface {
                    "floor" => Self::Floor { venue },
                    "kitchen" => Self::Kitchen { venue },
                    "sign-in" => Self::SignIn { venue },
                    _ => return None,
                }
            }
            _ => return None,
        };
        parts.next().is_none().then_some(page)
    }

    /// What the document's class is, so that each surface has its look before any script runs.
    pub const fn surface(&self) -> &'static str {
        match self {
            Self::Landing | Self::Guest { .. } => "guest",
            Self::Floor { .. } | Self::SignIn { .. } => "floor",
            Self::Kitchen { .. } => "kitchen",
        }
    }
}

/// The page of an address, or a kind word.
#[component]
pub fn PageAt(
    /// The address; none where it leads nowhere.
    page: Option<Page>,
) -> impl IntoView {
    match page {
        Some(Page::Landing) => view! { <Landing /> }.into_any(),
        Some(Page::Guest { venue, token }) => view! { <GuestPage venue token /> }.into_any(),
        Some(Page::Floor { venue }) => view! { <FloorPage venue /> }.into_any(),
        Some(Page::Kitchen { venue }) => view! { <KitchenPage venue /> }.into_any(),
        Some(Page::SignIn { venue }) => view! { <SignInPage venue /> }.into_any(),
        None => view! { <crate::parts::NothingHere /> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_one_page_or_none() {
        assert_eq!(Page::at("/"), Some(Page::Landing));
        assert!(matches!(Page::at("/t/tasca/00000000000000000000000000000001"), Some(Page::Guest { .. })));
        assert!(matches!(Page::at("/v/tasca/kitchen"), Some(Page::Kitchen { .. })));
        for nowhere in ["/t/tasca", "/t/tasca/7", "/v/tasca/kitchen/x", "/v/TASCA/floor", "/x"] {
            assert_eq!(Page::at(nowhere), None, "{nowhere}");
        }
    }
}
