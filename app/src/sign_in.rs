//! Signing in: a plain form, so that it works before any script has loaded, and without one.

use domain::VenueId;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde::{Deserialize, Serialize};

use crate::calls::{PageError, SignIn};
use crate::parts::{Erase, Icon, Symbol};
use crate::words::{Speech, speech};

/// What the page's address asks for. Only the server reads it; the page brings it along.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    /// To go to the kitchen; else to the floor.
    kitchen: bool,
    /// Why the last try failed.
    problem: Option<PageError>,
}

/// The page.
#[component]
pub fn SignInPage(
    /// The venue.
    venue: VenueId,
) -> impl IntoView {
    let speech = speech();
    let (words, shared) = (speech.staff(), speech.shared());
    let asked = SharedValue::new(asked).into_inner();
    let problem = asked
        .problem
        .map(|error| view! { <p class="problem" role="alert"><Symbol icon=Icon::Warning />{problem(speech, &error)}</p> });
    view! {
        <main class="sign-in">
            <div class="sign-in-card">
                <p class="sign-in-venue">{venue.to_string()}</p>
                <h1>{shared.sign_in}</h1>
                <p class="sign-in-hint">{words.signed_out_hint}</p>
                <form method="post" action=SignIn::PATH>
                    <input type="hidden" name="venue" value=venue.to_string() />
                    <label class="field">
                        <span>{words.staff_name}</span>
                        <input
                            class="text-input"
                            name="staff"
                            required
                            autofocus
                            maxlength="64"
                            autocomplete="username"
                            autocapitalize="none"
                            spellcheck="false"
                        />
                    </label>
                    <label class="field">
                        <span>{words.password}</span>
                        <input
                            class="text-input"
                            type="password"
                            name="password"
                            required
                            maxlength="256"
                            autocomplete="current-password"
                        />
                    </label>
                    <fieldset class="places">
                        <legend>{words.work_at}</legend>
                        <label class="place-choice">
                            <input type="radio" name="to" value="floor" checked=!asked.kitchen />
                            <Symbol icon=Icon::People />
                            <span>{shared.floor}</span>
                        </label>
                        <label class="place-choice">
                            <input type="radio" name="to" value="kitchen" checked=asked.kitchen />
                            <Symbol icon=Icon::Flame />
                            <span>{shared.kitchen}</span>
                        </label>
                    </fieldset>
                    {problem}
                    <button class="button button-wide">{shared.sign_in}</button>
                </form>
            </div>
        </main>
    }
    .erased()
}

fn problem(speech: Speech, error: &PageError) -> &'static str {
    let (words, shared) = (speech.staff(), speech.shared());
    match error {
        PageError::WrongPassword => words.wrong_password,
        PageError::TooManyTries => words.too_many_tries,
        PageError::Refused(reason) => speech.reason(*reason),
        _ => shared.unreachable,
    }
}

/// Reads the page's address. A form that failed is led back here with what was wrong.
#[cfg(feature = "ssr")]
fn asked() -> Asked {
    let parts = use_context::<axum::http::request::Parts>();
    let query = parts.as_ref().and_then(|parts| parts.uri.query()).unwrap_or_default();
    let problem = value_of(query, "__err")
        .map(|error| leptos::server_fn::error::ServerFnUrlError::<PageError>::decode_err(&error.replace("%3D", "=")));
    Asked { kitchen: value_of(query, "to") == Some("kitchen"), problem }
}

#[cfg(not(feature = "ssr"))]
fn asked() -> Asked {
    Asked::default()
}

/// A value of an address's query, as it stands there.
#[cfg(feature = "ssr")]
fn value_of<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = query.split('&').filter_map(|part| part.split_once('='));
    parts.find(|(key, _)| *key == name).map(|(_, value)| value)
}

#[cfg(all(test, feature = "ssr"))]
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
