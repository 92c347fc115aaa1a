//! What is written is read back as it was: ids, names of streams, texts, amounts.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use domain::{
    Amount, Currency, DishId, Language, LineId, Localized, MutationId, Name, Note, SeatingId, StreamId, TableToken, Time, VenueId,
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

fn as_json<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).expect("it can be written")).expect("it can be read")
}

fn reads_back<T: Serialize + DeserializeOwned + Display + FromStr<Err: Debug> + PartialEq + Debug>(value: &T) {
    assert_eq!(&as_json(value), value);
    assert_eq!(&value.to_string().parse::<T>().expect("it reads what it wrote"), value);
}

fn languages() -> impl Strategy<Value = Language> {
    prop::sample::select(Language::ALL.to_vec())
}

fn streams() -> impl Strategy<Value = StreamId> {
    let venue = "[a-z0-9-]{1,64}".prop_map(|slug| slug.parse::<VenueId>().expect("it is a slug"));
    prop_oneof![
        any::<u128>().prop_map(|n| StreamId::Seating(SeatingId::numbered(n))),
        venue.clone().prop_map(StreamId::Floor),
        venue.clone().prop_map(StreamId::Menu),
        venue.prop_map(StreamId::Access),
    ]
}

proptest! {
    #[test]
    fn ids_read_back(n in any::<u128>(), slug in "[a-z0-9-]{1,64}") {
        reads_back(&SeatingId::numbered(n));
        reads_back(&MutationId::numbered(n));
        reads_back(&LineId::from(MutationId::numbered(n)));
        reads_back(&slug.parse::<DishId>().expect("it is a slug"));
        let token = TableToken::new(MutationId::numbered(n).uuid());
        prop_assert_eq!(token.in_link().parse(), Ok(token));
        prop_assert_eq!(as_json(&token), token);
        prop_assert_eq!(as_json(&Amount(n as i64)), Amount(n as i64));
        prop_assert_eq!(as_json(&Time(n as u64)), Time(n as u64));
    }

    #[test]
    fn streams_read_back_and_sort_the_same_way(one in streams(), other in streams()) {
        reads_back(&one);
        prop_assert_eq!(one == other, one.to_string() == other.to_string());
    }

    #[test]
    fn no_text_that_anybody_types_breaks_an_id(text in "\\PC{0,80}") {
        if let Ok(id) = text.parse::<SeatingId>() {
            prop_assert_eq!(id.to_string(), text.to_lowercase());
        }
        if let Ok(id) = text.parse::<VenueId>() {
            prop_assert_eq!(id.to_string(), text.clone());
        }
        if let Ok(stream) = text.parse::<StreamId>() {
            prop_assert_eq!(stream.to_string().parse(), Ok(stream));
        }
    }

    #[test]
    fn a_text_once_cleaned_stays_as_it_is_within_its_bounds(typed in any::<String>()) {
        if let Ok(name) = Name::new(&typed) {
            prop_assert!(name.as_str().chars().count() <= domain::text::NAME_MAX_CHARS);
            prop_assert!(!name.as_str().contains("  ") && name.as_str().trim() == name.as_str());
            prop_assert_eq!(Name::new(name.as_str()), Ok(name.clone()));
            prop_assert_eq!(as_json(&name), name);
        }
        if let Ok(note) = Note::new(&typed) {
            prop_assert_eq!(as_json(&note), note);
        }
    }

    #[test]
    fn a_localized_text_reads_back_and_always_has_something_to_show(
        texts in prop::collection::btree_map(languages(), "\\PC{1,20}", 0..5),
        wanted in languages(),
    ) {
        let text = texts.clone().into_iter().collect::<Localized>();
        prop_assert_eq!(&as_json(&text), &text);
        let shown = text.in_language(wanted);
        prop_assert!(texts.is_empty() && shown.is_empty() || texts.values().any(|t| t == shown));
        if let Some(exact) = texts.get(&wanted) {
            prop_assert_eq!(shown, exact);
        }
    }

    #[test]
    fn any_amount_can_be_written_in_any_language(cents in any::<i64>(), language in languages()) {
        let all = [Currency::Eur, Currency::Usd, Currency::Gbp, Currency::Brl, Currency::Chf, Currency::Mxn, Currency::Jpy];
        for currency in all {
            let digits: String = language.money(Amount(cents), currency).chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(digits.parse::<u64>().ok(), Some(cents.unsigned_abs()));
        }
    }

    #[test]
    fn no_header_breaks_the_choice_of_a_language(header in any::<String>()) {
        let _any = Language::from_accept_language(&header);
    }
}
