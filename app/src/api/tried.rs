//! Joining without a script: a form that failed leads back to its page, whose address says what was wrong and
//! what was typed. Only the server writes and reads it; what it makes of it is in the page.

use axum::extract::Query;
use axum::http::Uri;
use domain::Rejection;
use domain::text::NAME_MAX_CHARS;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use super::PageError;
use crate::words::Speech;

/// The longest name that is given back to be mended, in characters.
const MAX_TYPED_CHARS: usize = 2 * NAME_MAX_CHARS;

/// What was tried before this page, and failed.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Tried {
    /// What was wrong, in a word that the address can hold.
    #[serde(default)]
    problem: String,
    /// What was typed.
    #[serde(default)]
    name: String,
}

/// The address of a page that says what was wrong.
pub(crate) fn address(link: &str, problem: &PageError, name: &str) -> String {
    let problem = match problem {
        PageError::BadName(_) if name.trim().chars().count() > NAME_MAX_CHARS => "long-name".to_owned(),
        PageError::BadName(_) => "bad-name".to_owned(),
        PageError::StaleLink => "stale-link".to_owned(),
        PageError::WrongNumber => "wrong-number".to_owned(),
        PageError::TooManyTries => "too-many".to_owned(),
        PageError::Refused(reason) => {
            serde_json::to_value(reason).ok().and_then(|reason| reason.as_str().map(str::to_owned)).unwrap_or_default()
        }
        _ => "unavailable".to_owned(),
    };
    let name: String = name.chars().take(MAX_TYPED_CHARS).collect();
    format!("{link}?problem={problem}&name={}", percent_encoded(&name))
}

/// Every byte but the plainest as `%` and two hexadecimal digits (RFC 3986, section 2.1).
fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

impl Tried {
    /// What an address says. One that says nothing, or what can't be read, was not tried.
    pub(crate) fn at(address: &Uri) -> Self {
        Query::try_from_uri(address).map(|Query(tried)| tried).unwrap_or_default()
    }

    /// What was typed, as far as it is given back.
    pub(crate) fn name(&self) -> String {
        self.name.chars().filter(|c| !c.is_control()).take(MAX_TYPED_CHARS).collect()
    }

    /// Whether it is the name that was wrong.
    pub(crate) fn is_bad_name(&self) -> bool {
        matches!(&*self.problem, "bad-name" | "long-name")
    }

    /// What was wrong, in the page's language; empty where nothing was.
    pub(crate) fn words(&self, speech: Speech) -> &'static str {
        let reason = |name: &str| {
            let name: StrDeserializer<'_, Error> = name.into_deserializer();
            Rejection::deserialize(name).unwrap_or(Rejection::Unknown)
        };
        match &*self.problem {
            "" => "",
            "bad-name" => speech.joining().bad_name,
            "long-name" => speech.joining().long_name,
            "wrong-number" => speech.joining().wrong_number,
            "too-many" => speech.common().too_many_tries,
            "stale-link" => speech.visit().stale_link_hint,
            "unavailable" => speech.joining().cant_join_now,
            other => speech.reason(reason(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    /// What the page says, and what stands in the field, after this has failed.
    fn after(problem: PageError, name: &str) -> (&'static str, String) {
        let address = address("/t/tasca/7", &problem, name);
        let tried = Tried::at(&address.parse().expect("it is an address"));
        (tried.words(Speech::new(Language::De)), tried.name())
    }

    #[test]
    fn what_was_wrong_is_said_in_the_guest_s_language_and_what_was_typed_is_kept() {
        let german = Speech::new(Language::De);
        let bad = || PageError::BadName("it has a character that can't be shown".to_owned());
        assert_eq!(after(bad(), "Zoë & \u{202E}<b>"), (german.joining().bad_name, "Zoë & \u{202E}<b>".to_owned()));
        assert_eq!(after(bad(), &"a".repeat(NAME_MAX_CHARS + 1)), (german.joining().long_name, "a".repeat(NAME_MAX_CHARS + 1)));
        for reason in [Rejection::PartyFull, Rejection::StaffOpensTables, Rejection::NotSeated] {
            assert_eq!(after(PageError::Refused(reason), "Ana"), (german.reason(reason), "Ana".to_owned()));
        }
        assert_eq!(after(PageError::Unreachable, "Ana").0, german.joining().cant_join_now);
        assert_eq!(after(PageError::StaleLink, "Ana").0, german.visit().stale_link_hint);
        assert_eq!(after(PageError::WrongNumber, "Ana").0, german.joining().wrong_number);
        assert_eq!(after(PageError::TooManyTries, "Ana").0, german.common().too_many_tries);
    }

    #[test]
    fn what_an_address_says_is_bounded_and_is_words_of_ours() {
        assert_eq!(after(PageError::Unreachable, &"é".repeat(10_000)).1.chars().count(), MAX_TYPED_CHARS);
        let tried = |query: &str| Tried::at(&format!("/t/tasca/7{query}").parse().expect("it is an address"));
        assert_eq!(tried(""), Tried::default());
        let speech = Speech::new(Language::En);
        assert_eq!(tried("?problem=Your+card+was+stolen").words(speech), speech.reason(Rejection::Unknown));
        assert_eq!(tried("?problem=bad-name&name=A%00%0Ana").name(), "Ana");
        assert_eq!(tried(&format!("?problem=x&name={}", "a".repeat(400))).name().len(), MAX_TYPED_CHARS);
        assert_eq!(tried("?name=Ana").words(speech), "");
        assert_eq!(tried("?problem=%FF").words(speech), speech.reason(Rejection::Unknown));
    }
}
