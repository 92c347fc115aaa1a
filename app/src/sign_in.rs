//! Signing in. It works without a script too.

use domain::VenueId;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::ServerFn;

use crate::calls::{PageError, SignIn};
use crate::parts::{Erase, Icon, Symbol};
use crate::words::{Speech, speech};

/// The page.
#[component]
pub fn SignInPage(
    /// The venue.
    venue: VenueId,
) -> impl IntoView {
    let speech = speech();
    let (words, shared) = (speech.staff(), speech.shared());
    let asked = asked().unwrap_or_default();
    let is_kitchen = value_of(&asked, "to").is_some_and(|to| to == "kitchen");
    if let Some(error) = value_of(&asked, "__err") {
        // A form without a script is led back here with what was wrong.
        provide_context(ServerActionError::new(SignIn::PATH, &error.replace("%3D", "=")));
    }
    let action = ServerAction::<SignIn>::new();
    let problem = move || {
        action.value().with(|value| match value {
            Some(Err(error)) if !action.pending().get() => problem(speech, error),
            _ => String::new(),
        })
    };
    let submit = move || if action.pending().get() { words.signing_in } else { shared.sign_in };
    view! {
        <main class="sign-in">
            <div class="sign-in-card">
                <p class="sign-in-venue">{venue.to_string()}</p>
                <h1>{shared.sign_in}</h1>
                <p class="sign-in-hint">{words.signed_out_hint}</p>
                <ActionForm action>
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
                            <input type="radio" name="to" value="floor" checked=!is_kitchen />
                            <Symbol icon=Icon::People />
                            <span>{shared.floor}</span>
                        </label>
                        <label class="place-choice">
                            <input type="radio" name="to" value="kitchen" checked=is_kitchen />
                            <Symbol icon=Icon::Flame />
                            <span>{shared.kitchen}</span>
                        </label>
                    </fieldset>
                    <p class="problem" role="alert">{problem}</p>
                    <button class="button button-wide" aria-disabled=move || action.pending().get().to_string()>{submit}</button>
                </ActionForm>
            </div>
        </main>
    }
    .erased()
}

fn problem(speech: Speech, error: &PageError) -> String {
    let (words, shared) = (speech.staff(), speech.shared());
    match error {
        PageError::WrongPassword => words.wrong_password.to_owned(),
        PageError::TooManyTries => words.too_many_tries.to_owned(),
        PageError::Refused(reason) => speech.reason(*reason).to_owned(),
        PageError::BadName(problem) => problem.clone(),
        PageError::StaleLink | PageError::SignedOut | PageError::BadForm | PageError::Unreachable => {
            shared.unreachable.to_owned()
        }
    }
}

/// A value of an address's query, as it stands there.
fn value_of<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = query.trim_start_matches('?').split('&').filter_map(|part| part.split_once('='));
    parts.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The query of this page's address: the server and the browser read the same.
#[cfg(feature = "ssr")]
fn asked() -> Option<String> {
    use_context::<axum::http::request::Parts>()?.uri.query().map(ToOwned::to_owned)
}

#[cfg(not(feature = "ssr"))]
fn asked() -> Option<String> {
    window().location().search().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_where_to_go_and_what_was_wrong() {
        let query = "?to=kitchen&__path=%2Fapi%2Fsign-in&__err=Ildy";
        assert_eq!(value_of(query, "to"), Some("kitchen"));
        assert_eq!(value_of(query, "__err"), Some("Ildy"));
        assert_eq!(value_of("", "to"), None);
    }
}
