//! Reading events and commands of a stay.
//!
//! The derived reading of a tagged enum is written once for the text and once more for what is held
//! back until the tag is known: a tenth of what a guest's phone would download. All fields read
//! as one struct are a fraction of it. Each subject then takes those of its own types.
//!
//! One key has one type. The four that have more were written before that was said, and are kept as text here.

use std::borrow::Cow;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{
    CartCommand, CartEvent, GuestsCommand, GuestsEvent, KitchenCommand, KitchenEvent, MarkEvent, RoundsCommand, RoundsEvent,
    SeatingCommand, SeatingEvent, StayEvent,
};
use crate::floor::Joining;
use crate::ids::{AskNo, DishId, GuestNo, LineId, RoundNo, StationId, TableId, VenueId};
use crate::money::{Amount, Currency};
use crate::text::Note;

/// Every field that an event or a command of a stay can have.
#[derive(Deserialize)]
pub(super) struct Fields<'a> {
    #[serde(rename = "type", borrow)]
    pub kind: Cow<'a, str>,
    pub venue: Option<VenueId>,
    pub table: Option<TableId>,
    pub currency: Option<Currency>,
    pub guest: Option<GuestNo>,
    pub ask: Option<AskNo>,
    #[serde(default)]
    pub back: bool,
    #[serde(default)]
    pub joining: Joining,
    #[serde(default)]
    pub approve_first_round: bool,
    /// What a guest is called, or what a dish was called, by language.
    pub name: Option<Box<RawValue>>,
    pub line: Option<LineId>,
    pub dish: Option<DishId>,
    /// Chosen options: as they are chosen, or with what they were called and cost.
    pub options: Option<Box<RawValue>>,
    pub note: Option<Note>,
    pub quantity: Option<u16>,
    pub unit_price: Option<Amount>,
    pub by: Option<i16>,
    pub ready: Option<bool>,
    pub round: Option<RoundNo>,
    pub station: Option<StationId>,
    /// Why something was refused, or what a waiter says of a round.
    pub reason: Option<Box<RawValue>>,
    /// Lines, or lines with their stations.
    pub lines: Option<Box<RawValue>>,
}

/// Why an event or a command can't be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("missing field `{0}`")]
    Missing(&'static str),
    #[error("field `{0}`: {1}")]
    Field(&'static str, serde_json::Error),
    #[error("unknown type `{0}`")]
    Type(String),
}

/// A field that has to be there.
pub(super) fn need<T>(field: Option<T>, name: &'static str) -> Result<T, Unreadable> {
    field.ok_or(Unreadable::Missing(name))
}

/// The same of a field that was kept as text.
pub(super) fn read<T: DeserializeOwned>(field: Option<Box<RawValue>>, name: &'static str) -> Result<T, Unreadable> {
    let text = need(field, name)?;
    serde_json::from_str(text.get()).map_err(|error| Unreadable::Field(name, error))
}

/// A field that was kept as text, or its type's default where it is missing.
pub(super) fn or_default<T: DeserializeOwned + Default>(
    field: Option<Box<RawValue>>,
    name: &'static str,
) -> Result<T, Unreadable> {
    if field.is_none() { Ok(T::default()) } else { read(field, name) }
}

impl TryFrom<Fields<'_>> for SeatingEvent {
    type Error = Unreadable;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, Unreadable> {
        let f = &mut fields;
        Ok(if let Some(event) = StayEvent::read(f)? {
            Self::Stay(event)
        } else if let Some(event) = GuestsEvent::read(f)? {
            Self::Guests(event)
        } else if let Some(event) = CartEvent::read(f)? {
            Self::Cart(event)
        } else if let Some(event) = RoundsEvent::read(f)? {
            Self::Rounds(event)
        } else if let Some(event) = KitchenEvent::read(f)? {
            Self::Kitchen(event)
        } else {
            Self::Mark(MarkEvent::read(f)?)
        })
    }
}

impl TryFrom<Fields<'_>> for SeatingCommand {
    type Error = Unreadable;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, Unreadable> {
        let f = &mut fields;
        Ok(if let Some(command) = GuestsCommand::read(f)? {
            Self::Guests(command)
        } else if let Some(command) = CartCommand::read(f)? {
            Self::Cart(command)
        } else if let Some(command) = RoundsCommand::read(f)? {
            Self::Rounds(command)
        } else if let Some(command) = KitchenCommand::read(f)? {
            Self::Kitchen(command)
        } else {
            return Err(Unreadable::Type(fields.kind.into_owned()));
        })
    }
}
