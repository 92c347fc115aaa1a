//! What a guest's page starts from, and joining.

#![expect(missing_docs, reason = "the server macro makes a struct of each function, whose fields are the arguments")]

#[cfg(feature = "ssr")]
use domain::Name;
use domain::floor::Table;
use domain::menu::Menu;
use domain::seating::{Seating, Takes};
use domain::{GuestNo, MutationId, SeatingId, TableToken, Time, VenueId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::on_server;
use super::{Packed, PageError};

/// What a guest's page starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GuestData {
    /// The venue.
    pub venue: VenueId,
    /// The table to which the code leads.
    pub table: Table,
    /// What is served.
    pub menu: Menu,
    /// Who this phone is, and what stands on the table.
    pub place: Place,
    /// As what somebody joins from this page: a form that is sent again makes no second guest. A secret: whoever sends it
    /// is taken for this browser.
    pub joins_as: MutationId,
    /// Which log this is of.
    pub epoch: String,
    /// The server's clock.
    pub now: Time,
}

/// Who a guest's phone is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Place {
    /// Nobody yet.
    Newcomer {
        /// Whether the table is free.
        is_free: bool,
        /// How many sit there already.
        party: u16,
        /// What it takes to join them.
        takes: Takes,
    },
    /// Somebody who asks to be let in.
    Asks {
        /// How many sit there.
        party: u16,
        /// What it takes to join them.
        takes: Takes,
    },
    /// A guest of the party that sits here.
    Seated {
        /// The stay.
        seating: SeatingId,
        /// Who of the party.
        guest: GuestNo,
        /// The stay as it is now.
        state: Box<Seating>,
        /// The number by which the party lets others in, where it does.
        number: Option<String>,
    },
    /// A guest of a party that has left.
    Left,
}

/// What came of joining, or of asking to be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Joined {
    /// This browser is a guest.
    Seated,
    /// This browser asks to be let in, and nobody has answered yet.
    Asks,
    /// This browser is nobody here: somebody said no, or nobody said anything for too long, or the party has left.
    TurnedAway,
}

/// What a guest's page starts from.
#[server(name = LoadGuest, prefix = "/api", endpoint = "guest")]
pub async fn guest_data(venue: VenueId, token: TableToken) -> Result<Packed<GuestData>, PageError> {
    let data = on_server::backend().guest_data(venue, token, &on_server::request()).await;
    on_server::given(data).map(Packed)
}

/// Joins the party at a table, or asks to be let in; an empty name is none. Asked again with the same `mutation`, it answers
/// the same.
#[server(name = Join, prefix = "/api", endpoint = "join")]
pub async fn join(
    venue: VenueId,
    token: TableToken,
    name: String,
    mutation: Option<MutationId>,
    number: Option<String>,
    back: Option<String>,
) -> Result<Joined, PageError> {
    let link = format!("/t/{venue}/{}", token.in_link());
    let called = match name.trim() {
        "" => Ok(None),
        typed => Name::new(typed).map(Some).map_err(|bad| PageError::BadName(bad.to_string())),
    };
    let wish = called.map(|name| super::backend::Wish {
        name,
        key: mutation,
        number: number.filter(|number| !number.trim().is_empty()),
        back: back.is_some_and(|back| !back.is_empty()),
    });
    let joined = match wish {
        Ok(wish) => on_server::backend().join(venue, token, wish, &on_server::request()).await,
        Err(bad) => Err(bad),
    };
    let joined = match joined {
        Err(problem) if on_server::lead_back(&link, &problem, &name) => return Ok(Joined::Asks),
        joined => on_server::given(joined)?,
    };
    if joined == Joined::Asks {
        on_server::is_accepted();
    }
    // Without a script the form ends here; with one, the page goes on where it is.
    leptos_axum::redirect(&link);
    Ok(joined)
}

/// What became of asking to be let in.
#[server(name = LookIn, prefix = "/api", endpoint = "join-state")]
pub async fn look_in(venue: VenueId) -> Result<Joined, PageError> {
    on_server::given(on_server::backend().look_in(venue, &on_server::request()).await)
}
