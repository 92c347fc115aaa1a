//! Commands, as they come from a wire, a page or a file.

use domain::access::AccessCommand;
use domain::floor::FloorCommand;
use domain::menu::MenuCommand;
use domain::seating::SeatingCommand;
use domain::visit::VisitCommand;
use domain::wire::Ask;
use domain::{MutationId, Rejection, SeatingId, StreamId, VenueId};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Refusal;

/// A command, and what it is asked of.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Of a stay.
    Seating(SeatingId, SeatingCommand),
    /// Of a floor alone.
    Floor(FloorCommand),
    /// Of a floor and a stay together.
    Visit(VisitCommand),
    /// Of a menu.
    Menu(MenuCommand),
    /// Of who may do what.
    Access(AccessCommand),
}

/// One sending of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// The command's id, the same at every sending.
    pub mutation: MutationId,
    /// It was sent before, and its sender does not know what became of that.
    pub again: bool,
}

impl Sending {
    /// The first sending of a command, and the only one so far.
    pub const fn first(mutation: MutationId) -> Self {
        Self { mutation, again: false }
    }
}

impl Command {
    /// Reads what a screen of `venue` asks. Streams of other venues can't be asked at all, and who may
    /// do what is not asked for on this channel.
    pub fn read(ask: Ask, venue: &VenueId) -> Result<Self, Refusal> {
        match ask.stream {
            StreamId::Seating(id) => Ok(Self::Seating(id, parse(ask.command)?)),
            StreamId::Menu(of) if of == *venue => Ok(Self::Menu(parse(ask.command)?)),
            StreamId::Floor(of) if of == *venue => {
                let of_both = matches!(ask.command.get("type").and_then(Value::as_str), Some("open_table" | "close_table"));
                if of_both { Ok(Self::Visit(parse(ask.command)?)) } else { Ok(Self::Floor(parse(ask.command)?)) }
            }
            StreamId::Menu(_) | StreamId::Floor(_) | StreamId::Access(_) => Err(Rejection::NotAllowed.into()),
        }
    }
}

fn parse<C: DeserializeOwned>(command: Value) -> Result<C, Refusal> {
    serde_json::from_value(command).map_err(|error| Refusal { reason: Rejection::Malformed, detail: Some(error.to_string()) })
}
