//! The server functions: what a page asks of the server by HTTP. What happens at the table goes
//! through the live channel instead.

#![expect(missing_docs, reason = "the server macro makes a struct of each call, whose fields are the arguments")]

use domain::floor::{Floor, Table};
use domain::menu::Menu;
use domain::seating::Seating;
use domain::{GuestNo, MutationId, Name, Rejection, Role, SeatingId, StaffId, TableToken, Time, VenueId};
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    /// As what somebody joins from this page: a form that is sent again makes no second guest.
    pub joins_as: MutationId,
    /// The server's clock.
    pub now: Time,
}

/// What a call answers, as JSON within a string: read from there alone. Otherwise the code that reads it
/// is there twice, once for what a page holds and once for what a call brings.
#[derive(Debug, Clone, PartialEq)]
pub struct Packed<T>(pub T);

impl<T: Serialize> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&serde_json::to_string(&self.0).map_err(serde::ser::Error::custom)?)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_json::from_str(&String::deserialize(deserializer)?).map(Self).map_err(serde::de::Error::custom)
    }
}

/// Who a guest's phone is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Place {
    /// Nobody yet. How many sit at the table already.
    Newcomer {
        /// 0: the table is free.
        party: u16,
    },
    /// A guest of the party that sits here.
    Seated {
        /// The stay.
        seating: SeatingId,
        /// Who of the party.
        guest: GuestNo,
        /// The stay as it is now.
        state: Box<Seating>,
    },
    /// A guest of a party that has left.
    Left,
}

/// What a page of the staff starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StaffData {
    /// The venue.
    pub venue: VenueId,
    /// Who is signed in.
    pub staff: StaffId,
    /// What they are called.
    pub name: Name,
    /// What they do.
    pub role: Role,
    /// Who sits where.
    pub floor: Floor,
    /// What is served.
    pub menu: Menu,
    /// Every open stay.
    pub seatings: Vec<(SeatingId, Seating)>,
    /// The server's clock.
    pub now: Time,
}

/// Why a call did not do as asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PageError {
    /// The link's code leads to no table any more.
    #[error("this code is no longer in use")]
    StaleLink,
    /// Nobody is signed in, or somebody of another venue.
    #[error("please sign in")]
    SignedOut,
    /// The name or the password is wrong.
    #[error("this name and password do not match")]
    WrongPassword,
    /// Too many tries.
    #[error("too many tries; wait a minute")]
    TooManyTries,
    /// What was typed can't be a name.
    #[error("{0}")]
    BadName(String),
    /// The rules refuse.
    #[error("{0}")]
    Refused(Rejection),
    /// A field is missing or can't be read. Our own pages send none such.
    #[error("a field is missing or can't be read")]
    BadForm,
    /// The server can't be reached, or can't answer now.
    #[error("the server can't be reached right now")]
    Unreachable,
}

impl From<Rejection> for PageError {
    fn from(reason: Rejection) -> Self {
        Self::Refused(reason)
    }
}

impl FromServerFnError for PageError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let error = match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => Self::BadForm,
            error => {
                leptos::logging::warn!("a call failed: {error}");
                Self::Unreachable
            }
        };
        #[cfg(feature = "ssr")]
        on_server::set_status(&error);
        error
    }
}

#[cfg(feature = "ssr")]
mod on_server {
    use std::sync::Arc;

    use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
    use leptos::prelude::*;
    use leptos_axum::ResponseOptions;

    use super::PageError;
    use crate::backend::{Backend, SetCookie};

    pub(super) fn backend() -> Arc<dyn Backend> {
        expect_context::<Arc<dyn Backend>>()
    }

    pub(super) fn headers() -> HeaderMap {
        use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default()
    }

    pub(super) fn set_cookie(cookie: SetCookie) -> Result<(), PageError> {
        let value = HeaderValue::from_str(&cookie).map_err(|_| PageError::Unreachable)?;
        expect_context::<ResponseOptions>().append_header(header::SET_COOKIE, value);
        Ok(())
    }

    /// Where a form that was sent without a script leads back to, with what was wrong and what was typed. A form of
    /// the pages' own script is told by a status instead.
    pub(super) fn lead_back(link: &str, problem: &PageError, name: &str) -> bool {
        let leads_back = is_plain_form();
        if leads_back {
            leptos_axum::redirect(&crate::guest::tried::address(link, problem, name));
        }
        leads_back
    }

    /// Whether a form was sent without a script: its answer has to lead back to its page.
    fn is_plain_form() -> bool {
        let accepts_page = |parts: &Parts| {
            let accepts = parts.headers.get(header::ACCEPT).and_then(|accepts| accepts.to_str().ok());
            accepts.is_some_and(|accepts| accepts.contains("text/html"))
        };
        use_context::<Parts>().is_some_and(|parts| parts.method == Method::POST && accepts_page(&parts))
    }

    /// Gives the answer the status of what could not be done.
    pub(super) fn set_status(error: &PageError) {
        let Some(response) = use_context::<ResponseOptions>().filter(|_| !is_plain_form()) else { return };
        response.set_status(match error {
            PageError::StaleLink => StatusCode::NOT_FOUND,
            PageError::SignedOut | PageError::WrongPassword => StatusCode::UNAUTHORIZED,
            PageError::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
            PageError::BadName(_) => StatusCode::UNPROCESSABLE_ENTITY,
            PageError::BadForm => StatusCode::BAD_REQUEST,
            PageError::Refused(_) => StatusCode::CONFLICT,
            PageError::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
        });
    }

    /// Gives the page itself the status of what it could not show.
    pub(super) fn with_status<T>(result: Result<T, PageError>) -> Result<T, PageError> {
        result.inspect_err(set_status)
    }
}

/// What a guest's page starts from.
#[server(name = LoadGuest, prefix = "/api", endpoint = "guest")]
pub async fn guest_data(venue: VenueId, token: TableToken) -> Result<Packed<GuestData>, PageError> {
    let data = on_server::backend().guest_data(venue, token, &on_server::headers()).await;
    on_server::with_status(data.map(Packed))
}

/// Joins the party at a table; an empty name is none. Asked again with the same `mutation`, it answers the same.
#[server(name = Join, prefix = "/api", endpoint = "join")]
pub async fn join(venue: VenueId, token: TableToken, name: String, mutation: Option<MutationId>) -> Result<(), PageError> {
    let link = format!("/t/{venue}/{}", token.in_link());
    let called = match name.trim() {
        "" => Ok(None),
        typed => Name::new(typed).map(Some).map_err(|bad| PageError::BadName(bad.to_string())),
    };
    let joined = match called {
        Ok(called) => on_server::backend().join(venue, token, called, mutation, &on_server::headers()).await,
        Err(bad) => Err(bad),
    };
    match joined {
        Err(problem) if on_server::lead_back(&link, &problem, &name) => return Ok(()),
        joined => on_server::set_cookie(on_server::with_status(joined)?)?,
    }
    // Without a script the form ends here; with one, the page goes on where it is.
    leptos_axum::redirect(&link);
    Ok(())
}

/// What a page of the staff starts from.
#[server(name = LoadStaff, prefix = "/api", endpoint = "staff")]
pub async fn staff_data(venue: VenueId) -> Result<Packed<StaffData>, PageError> {
    on_server::with_status(on_server::backend().staff_data(venue, &on_server::headers()).await.map(Packed))
}

/// Signs in, and goes to where the role works.
#[server(name = SignIn, prefix = "/api", endpoint = "sign-in")]
pub async fn sign_in(venue: VenueId, staff: String, password: String, to: String) -> Result<(), PageError> {
    let staff = staff.trim().to_lowercase().parse().map_err(|_| PageError::WrongPassword);
    let staff = on_server::with_status(staff)?;
    let surface = if to == "kitchen" { "kitchen" } else { "floor" };
    let link = format!("/v/{venue}/{surface}");
    let signed_in = on_server::backend().sign_in(venue, staff, password, &on_server::headers()).await;
    on_server::set_cookie(on_server::with_status(signed_in)?)?;
    leptos_axum::redirect(&link);
    Ok(())
}

/// Signs out, everywhere.
#[server(name = SignOut, prefix = "/api", endpoint = "sign-out")]
pub async fn sign_out(venue: VenueId) -> Result<(), PageError> {
    let link = format!("/v/{venue}/sign-in");
    let signed_out = on_server::backend().sign_out(venue, &on_server::headers()).await;
    on_server::set_cookie(on_server::with_status(signed_out)?)?;
    leptos_axum::redirect(&link);
    Ok(())
}
