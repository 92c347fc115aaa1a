//! Which page an address is, and what a browser downloads for it. Three surfaces that never link into each other need no
//! client router.

use domain::{TableToken, VenueId};

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
    /// `/v/{venue}/staff`: who works here, and which devices are signed in.
    Staff {
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
                    "staff" => Self::Staff { venue },
                    "sign-in" => Self::SignIn { venue },
                    _ => return None,
                }
            }
            _ => return None,
        };
        parts.next().is_none().then_some(page)
    }

    /// Whether a script takes the page over: what is forms alone works without, and nobody downloads one for it.
    pub const fn is_live(&self) -> bool {
        !matches!(self, Self::Staff { .. } | Self::SignIn { .. })
    }

    /// What the document's class is, so that each surface has its look before any script runs.
    pub const fn surface(&self) -> &'static str {
        match self {
            Self::Landing | Self::Guest { .. } => "guest",
            Self::Floor { .. } | Self::Staff { .. } | Self::SignIn { .. } => "floor",
            Self::Kitchen { .. } => "kitchen",
        }
    }
}

/// What a browser downloads for a page: a bundle of the surfaces that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundle {
    /// Guests' phones.
    Guest,
    /// The staff's screens.
    Staff,
}

impl Bundle {
    /// The bundle of a page.
    pub const fn of(page: Option<&Page>) -> Self {
        match page {
            Some(Page::Floor { .. } | Page::Kitchen { .. } | Page::Staff { .. } | Page::SignIn { .. }) => Self::Staff,
            Some(Page::Landing | Page::Guest { .. }) | None => Self::Guest,
        }
    }

    /// What its files are called: `guest.js` and `guest_bg.wasm`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Staff => "staff",
        }
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
