//! A venue as it is written in a file: the one way in which any venue, the demo's too, comes to be.

use serde::{Deserialize, Serialize};

use crate::floor::{Floor, HouseRules, Joining, LABEL_MAX_CHARS, MAX_TABLES, Table};
use crate::ids::VenueId;
use crate::language::Language;
use crate::menu::Catalog;

/// A venue's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VenueFile {
    /// The venue's id, which stands in its links.
    pub venue: VenueId,
    /// How this house does things.
    #[serde(default)]
    pub rules: HouseRules,
    /// Its tables.
    pub tables: Vec<Table>,
    /// What it serves.
    pub catalog: Catalog,
}

/// Why a venue's file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BadVenueFile {
    /// Not the JSON of a venue; says line and column.
    #[error("it is not a venue's JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Something in it has no meaning, and was probably meant to: one line each.
    #[error("it has fields that mean nothing; are they misspelt?\n{0}")]
    Meaningless(String),
    /// A word that stands for one of several, and is none of them.
    #[error("{0} says “{1}”, which is none of those that there are")]
    NoneOfThose(&'static str, String),
    /// Its tables can't be laid.
    #[error(
        "its tables can't be laid: 1 to {MAX_TABLES} tables, each id once, labels and areas of 1 to {LABEL_MAX_CHARS} characters"
    )]
    Tables,
    /// The catalog can't be published; one line a fault.
    #[error("its catalog can't be published:\n{0}")]
    Catalog(String),
}

impl VenueFile {
    /// Reads and checks a venue's file.
    pub fn read(json: &str) -> Result<Self, BadVenueFile> {
        let mut meaningless = Vec::new();
        let mut reader = serde_json::Deserializer::from_str(json);
        let mut file: Self = serde_ignored::deserialize(&mut reader, |path| meaningless.push(format!("- {path}")))?;
        reader.end()?;
        if !meaningless.is_empty() {
            return Err(BadVenueFile::Meaningless(meaningless.join("\n")));
        }
        file.check_words(json)?;
        if !says_who_joins(json)? {
            file.rules.joining = Joining::Approve;
        }
        if !Floor::default().can_lay(&file.tables) {
            return Err(BadVenueFile::Tables);
        }
        let faults: Vec<String> = file.catalog.faults().iter().map(|fault| format!("- {fault}")).collect();
        if faults.is_empty() { Ok(file) } else { Err(BadVenueFile::Catalog(faults.join("\n"))) }
    }

    /// What a reader of the log passes over, since a later release may have written it, is a slip in a file.
    fn check_words(&self, json: &str) -> Result<(), BadVenueFile> {
        let written: serde_json::Value = serde_json::from_str(json)?;
        let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        if self.rules.joining == Joining::Unknown {
            return Err(BadVenueFile::NoneOfThose("rules.joining", word(&written["rules"]["joining"])));
        }
        let mut languages = written["catalog"]["languages"].as_array().into_iter().flatten().map(word);
        match languages.find(|code| code.parse::<Language>().is_err()) {
            Some(code) => Err(BadVenueFile::NoneOfThose("catalog.languages", code)),
            None => Ok(()),
        }
    }
}

/// Whether a file says what it takes to join. Where it does not, nobody joins a party without its consent; a log that says
/// nothing of it is of a time in which the code was enough.
fn says_who_joins(json: &str) -> Result<bool, serde_json::Error> {
    let written: serde_json::Value = serde_json::from_str(json)?;
    Ok(!written["rules"]["joining"].is_null())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALLEST: &str = r#"{
        "venue": "corner",
        "tables": [{ "id": "t1", "label": "1", "area": "Room", "seats": 2 }],
        "catalog": {
            "title": "Corner", "currency": "EUR", "languages": ["en"],
            "stations": [{ "id": "bar", "name": { "en": "Bar" } }],
            "categories": [{ "id": "all", "name": { "en": "All" }, "dishes": [
                { "id": "water", "name": { "en": "Water" }, "price": 100, "station": "bar" }
            ] }]
        }
    }"#;

    #[test]
    fn the_smallest_venue_is_enough() {
        assert!(VenueFile::read(SMALLEST).is_ok());
    }

    #[test]
    fn a_house_that_does_not_say_lets_nobody_join_without_consent() {
        let joining = |file: &str| VenueFile::read(file).map(|file| file.rules.joining).expect("a venue");
        assert_eq!(joining(SMALLEST), Joining::Approve);
        let with = |rules: &str| SMALLEST.replace(r#""tables""#, &format!(r#""rules": {rules}, "tables""#));
        assert_eq!(joining(&with(r#"{ "late_after_min": 9 }"#)), Joining::Approve);
        assert_eq!(joining(&with(r#"{ "joining": "open" }"#)), Joining::Open);
        assert_eq!(joining(&with(r#"{ "joining": "staff" }"#)), Joining::Staff);
    }

    #[test]
    fn a_misspelt_field_is_told_by_its_place() {
        let misspelt = SMALLEST.replace("\"station\": \"bar\"", "\"station\": \"bar\", \"alergens\": []");
        let told = VenueFile::read(&misspelt).expect_err("a field that means nothing").to_string();
        assert!(told.contains("catalog.categories.0.dishes.0.alergens"), "{told}");
    }

    #[test]
    fn what_a_log_may_hold_of_a_later_release_is_a_slip_in_a_file() {
        let with = |from: &str, to: &str| VenueFile::read(&SMALLEST.replace(from, to)).expect_err(to).to_string();
        assert!(with(r#"["en"]"#, r#"["en", "prt"]"#).contains("“prt”"));
        assert!(with(r#"{ "en": "Water" }"#, r#"{ "en": "Water", "prt": "Água" }"#).contains("name.prt"));
        assert!(with(r#""tables""#, r#""rules": { "joining": "opne" }, "tables""#).contains("“opne”"));
        assert!(with("EUR", "Euro").contains("XXX"));
        assert!(with("EUR", "PLN").contains("PLN"));
        assert!(with(r#""price""#, r#""allergens": ["glutenn"], "price""#).contains("dish water"));
        assert!(with(r#""price""#, r#""diets": ["vegann"], "price""#).contains("dish water"));
    }

    #[test]
    fn what_can_t_be_published_is_told_by_its_place() {
        let told = VenueFile::read(&SMALLEST.replace("100", "-1")).expect_err("a price below nothing").to_string();
        assert!(told.contains("dish water"), "{told}");
        let told =
            VenueFile::read(&SMALLEST.replace("\"station\": \"bar\"", "\"station\": \"grill\"")).expect_err("no such station");
        assert!(told.to_string().contains("there is no station grill"), "{told}");
    }

    #[test]
    fn a_broken_file_is_told_by_line_and_column() {
        let told = VenueFile::read("{\n  \"venue\": 7\n}").expect_err("not a venue").to_string();
        assert!(told.contains("line 2"), "{told}");
    }
}
