//! The server functions: what a page asks of the server by HTTP. What happens at the table goes
//! through the live channel instead.
//!
//! - this file: what they have in common
//! - [`guests`]: what a guest's page starts from, and joining
//! - [`staff`]: what the staff's pages start from, signing in and out, taking over a device
//! - [`people`]: who works here and which devices are signed in, for managers
//! - [`backend`]: what the server implements for them; [`tried`]: forms that were sent without a script

#[cfg(feature = "ssr")]
pub mod backend;
pub mod guests;
#[cfg(feature = "staff")]
pub mod people;
#[cfg(feature = "staff")]
pub mod staff;
#[cfg(feature = "ssr")]
pub(crate) mod tried;

use domain::Rejection;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a server function answers, as JSON within a string: read from there alone. Otherwise the code that reads it
/// is there twice, once for what a page holds and once for what a function brings.
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

/// Why a server function did not do as asked.
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
    /// This is not the number on the phones of those who sit there.
    #[error("this is not the number on the others' phones")]
    WrongNumber,
    /// Too short, too long, or too easy to guess.
    #[error("a password has 8 to 200 characters; a PIN 4 to 8 digits, a manager's 6 to 8")]
    BadSecret,
    /// Signed in by PIN; for this a password is asked for.
    #[error("please sign in with your password for this")]
    NeedsPassword,
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
                // What was sent stands in some of these: it goes into no log.
                leptos::logging::warn!("a server function failed: {}", kind_of(&error));
                Self::Unreachable
            }
        };
        #[cfg(feature = "ssr")]
        on_server::set_status(&error);
        error
    }
}

/// What went wrong, without what was sent.
const fn kind_of(error: &ServerFnErrorErr) -> &'static str {
    match error {
        ServerFnErrorErr::Request(_) => "the request could not be sent",
        ServerFnErrorErr::Response(_) => "the answer could not be made",
        ServerFnErrorErr::ServerError(_) => "the server could not do it",
        _ => "what was sent or answered could not be read",
    }
}

#[cfg(feature = "ssr")]
mod on_server {
    use std::sync::Arc;

    use axum::http::{HeaderValue, Method, Request, StatusCode, header, request::Parts};
    use leptos::prelude::*;
    use leptos_axum::ResponseOptions;

    use domain::Rejection;

    use super::PageError;
    use super::backend::{Backend, Given};

    pub(super) fn backend() -> Arc<dyn Backend> {
        expect_context::<Arc<dyn Backend>>()
    }

    /// The request, which carries who asks.
    pub(super) fn request() -> Parts {
        use_context::<Parts>().unwrap_or_else(|| Request::new(()).into_parts().0)
    }

    /// What was answered, once its cookies are on the way, or why not, with its status.
    pub(super) fn given<T>(answered: Result<Given<T>, PageError>) -> Result<T, PageError> {
        let Given { value, cookies } = answered.inspect_err(set_status)?;
        for cookie in cookies {
            let cookie = HeaderValue::from_str(&cookie).map_err(|_| PageError::Unreachable)?;
            expect_context::<ResponseOptions>().append_header(header::SET_COOKIE, cookie);
        }
        Ok(value)
    }

    /// Says that something is not done yet.
    pub(super) fn is_accepted() {
        if let Some(response) = use_context::<ResponseOptions>().filter(|_| !is_plain_form()) {
            response.set_status(StatusCode::ACCEPTED);
        }
    }

    /// Where a form that was sent without a script leads back to, with what was wrong and what was typed. A form of
    /// the pages' own script is told by a status instead.
    pub(super) fn lead_back(link: &str, problem: &PageError, name: &str) -> bool {
        let leads_back = is_plain_form();
        if leads_back {
            leptos_axum::redirect(&super::tried::address(link, problem, name));
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
            PageError::NeedsPassword | PageError::WrongNumber | PageError::Refused(Rejection::NotAllowed) => {
                StatusCode::FORBIDDEN
            }
            PageError::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
            PageError::BadName(_) | PageError::BadSecret => StatusCode::UNPROCESSABLE_ENTITY,
            PageError::BadForm => StatusCode::BAD_REQUEST,
            PageError::Refused(_) => StatusCode::CONFLICT,
            PageError::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
        });
    }
}
