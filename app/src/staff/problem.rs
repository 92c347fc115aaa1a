//! What was wrong with a form that was sent: its page's address says so.

use domain::Rejection;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;

use crate::api::PageError;
use crate::api::staff::TakeOver;
use crate::parts::{Erase, Icon, Symbol};
use crate::words::{Speech, speech};

/// Where somebody who signs in goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Workplace {
    /// The waiters' page.
    #[default]
    Floor,
    /// The kitchen's page.
    Kitchen,
    /// The page of who works here.
    Staff,
}

/// What a page's address says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormQuery {
    /// Where to go.
    pub to: Workplace,
    /// Why the last try failed, and whether it was a PIN.
    pub problem: Option<(PageError, bool)>,
}

impl FormQuery {
    /// What the page's address says.
    pub fn of_page() -> Self {
        let parts = use_context::<axum::http::request::Parts>();
        let query = parts.as_ref().and_then(|parts| parts.uri.query()).unwrap_or_default();
        let error = value_of(query, "__err").map(|error| ServerFnUrlError::<PageError>::decode_err(&error.replace("%3D", "=")));
        let by_pin = value_of(query, "__path").is_some_and(|path| path.replace("%2F", "/") == TakeOver::PATH);
        let to = match value_of(query, "to") {
            Some("kitchen") => Workplace::Kitchen,
            Some("staff") => Workplace::Staff,
            _ => Workplace::Floor,
        };
        Self { to, problem: error.map(|error| (error, by_pin)) }
    }

    /// The problem in words, if there is one.
    pub fn told(&self) -> Option<AnyView> {
        let (error, by_pin) = self.problem.as_ref()?;
        let told = words(speech(), error, *by_pin);
        Some(view! { <p class="problem" role="alert"><Symbol icon=Icon::Warning />{told}</p> }.erased())
    }
}

/// What was wrong, in words.
pub fn words(speech: Speech, error: &PageError, by_pin: bool) -> &'static str {
    let (words, sign_in, common) = (speech.people(), speech.sign_in(), speech.common());
    match error {
        PageError::WrongPassword if by_pin => sign_in.wrong_pin,
        PageError::WrongPassword => sign_in.wrong_password,
        PageError::TooManyTries => common.too_many_tries,
        PageError::NeedsPassword => words.needs_password,
        PageError::BadSecret => words.bad_secret,
        PageError::BadName(_) => words.bad_entry,
        PageError::SignedOut => speech.reason(Rejection::SignedOut),
        PageError::Refused(Rejection::IdTaken) => words.id_taken,
        PageError::Refused(reason) => speech.reason(*reason),
        _ => common.unreachable,
    }
}

/// A value of an address's query, as it stands there.
fn value_of<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = query.split('&').filter_map(|part| part.split_once('='));
    parts.find(|(key, _)| *key == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_where_to_go_and_what_was_wrong() {
        let query = "to=kitchen&__path=%2Fapi%2Fsign-in&__err=Ildy";
        assert_eq!(value_of(query, "to"), Some("kitchen"));
        assert_eq!(value_of(query, "__err"), Some("Ildy"));
        assert_eq!(value_of("", "to"), None);
    }
}
