//! Reading events of a stay.
//!
//! The derived reading of a tagged enum is written once for the text and once more for what is held
//! back until the tag is known: a tenth of what a guest's phone would download. All events' fields read
//! as one struct are a fraction of it.

use std::borrow::Cow;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{Chosen, Line, SeatingEvent};
use crate::floor::Joining;
use crate::ids::{AskNo, DishId, GuestNo, LineId, RoundNo, TableId, VenueId};
use crate::money::{Amount, Currency};
use crate::text::Note;

/// Every field that an event of a stay can have.
#[derive(Deserialize)]
pub(super) struct Fields<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    venue: Option<VenueId>,
    table: Option<TableId>,
    currency: Option<Currency>,
    guest: Option<GuestNo>,
    ask: Option<AskNo>,
    #[serde(default)]
    back: bool,
    #[serde(default)]
    joining: Joining,
    #[serde(default)]
    approve_first_round: bool,
    /// What a guest is called, or what a dish was called, by language.
    name: Option<Box<RawValue>>,
    line: Option<LineId>,
    dish: Option<DishId>,
    #[serde(default)]
    options: Vec<Chosen>,
    note: Option<Note>,
    quantity: Option<u16>,
    unit_price: Option<Amount>,
    by: Option<i16>,
    ready: Option<bool>,
    round: Option<RoundNo>,
    /// Why something was refused, or what a waiter says of a round.
    reason: Option<Box<RawValue>>,
    /// Lines, or lines with their stations.
    lines: Option<Box<RawValue>>,
}

/// Why an event can't be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("missing field `{0}`")]
    Missing(&'static str),
    #[error(transparent)]
    Field(#[from] serde_json::Error),
}

pub(super) fn need<T>(field: Option<T>, name: &'static str) -> Result<T, Unreadable> {
    field.ok_or(Unreadable::Missing(name))
}

fn read<T: DeserializeOwned>(field: Option<Box<RawValue>>, name: &'static str) -> Result<T, Unreadable> {
    Ok(serde_json::from_str(need(field, name)?.get())?)
}

fn optional<T: DeserializeOwned>(field: Option<Box<RawValue>>) -> Result<Option<T>, Unreadable> {
    Ok(field.map(|field| serde_json::from_str(field.get())).transpose()?)
}

impl TryFrom<Fields<'_>> for SeatingEvent {
    type Error = Unreadable;

    fn try_from(fields: Fields<'_>) -> Result<Self, Unreadable> {
        let f = fields;
        Ok(match &*f.kind {
            "opened" => Self::Opened {
                venue: need(f.venue, "venue")?,
                table: need(f.table, "table")?,
                currency: need(f.currency, "currency")?,
                joining: f.joining,
                approve_first_round: f.approve_first_round,
            },
            "guest_joined" => Self::GuestJoined { guest: need(f.guest, "guest")?, name: optional(f.name)?, ask: f.ask },
            "join_asked" => Self::JoinAsked { ask: need(f.ask, "ask")?, name: optional(f.name)?, back: f.back },
            "turned_away" => Self::TurnedAway { ask: need(f.ask, "ask")? },
            "guest_returned" => Self::GuestReturned { guest: need(f.guest, "guest")?, ask: need(f.ask, "ask")? },
            "guest_removed" => Self::GuestRemoved { guest: need(f.guest, "guest")? },
            "guest_renamed" => Self::GuestRenamed { guest: need(f.guest, "guest")?, name: optional(f.name)? },
            "line_added" => Self::LineAdded {
                line: Line {
                    id: need(f.line, "line")?,
                    guest: f.guest,
                    dish: need(f.dish, "dish")?,
                    name: read(f.name, "name")?,
                    options: f.options,
                    note: f.note,
                    quantity: need(f.quantity, "quantity")?,
                    unit_price: need(f.unit_price, "unit_price")?,
                },
            },
            "quantity_changed" => Self::QuantityChanged { line: need(f.line, "line")?, by: need(f.by, "by")? },
            "line_edited" => Self::LineEdited {
                line: need(f.line, "line")?,
                options: f.options,
                note: f.note,
                unit_price: need(f.unit_price, "unit_price")?,
            },
            "line_removed" => Self::LineRemoved { line: need(f.line, "line")? },
            "ready_changed" => Self::ReadyChanged { guest: need(f.guest, "guest")?, ready: need(f.ready, "ready")? },
            "round_sent" => Self::RoundSent { round: need(f.round, "round")?, lines: read(f.lines, "lines")? },
            "round_waits" => Self::RoundWaits { round: need(f.round, "round")?, lines: read(f.lines, "lines")? },
            "round_accepted" => Self::RoundAccepted { round: need(f.round, "round")? },
            "round_declined" => Self::RoundDeclined { round: need(f.round, "round")?, reason: optional(f.reason)? },
            "items_started" => Self::ItemsStarted { round: need(f.round, "round")?, lines: read(f.lines, "lines")? },
            "items_ready" => Self::ItemsReady { round: need(f.round, "round")?, lines: read(f.lines, "lines")? },
            "items_recalled" => Self::ItemsRecalled { round: need(f.round, "round")?, lines: read(f.lines, "lines")? },
            "items_served" => Self::ItemsServed { round: need(f.round, "round")?, lines: read(f.lines, "lines")? },
            "closed" => Self::Closed {},
            "refused" => Self::Refused { reason: read(f.reason, "reason")? },
            _ => Self::Unknown,
        })
    }
}
