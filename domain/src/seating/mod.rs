//! The seating stream: one party's stay, from opened to closed.
//!
//! Each subject has its folder: what it is (`mod.rs`), what can be asked of it and by what rule (`command.rs`), what
//! happens to it and with what consequence (`event.rs`). [`guests`]: who sits here, and who asks to. [`cart`]: lines not
//! yet sent. [`rounds`]: being ready to send them, and sending. [`kitchen`]: start, bump, recall, serve. [`stay`]: opened,
//! closed. [`marks`]: what changes nothing. [`owed`]: who owes what of it. The outer enums here nest the subjects' and write the very same bytes.

mod cart;
mod guests;
mod kitchen;
mod marks;
mod owed;
mod read;
mod rounds;
mod stay;

use serde::{Deserialize, Serialize};

pub use cart::{AddLine, CartCommand, CartEvent, Chosen, EditLine, Line, MAX_LINES, MAX_LINES_OF_ONE, MAX_QUANTITY};
pub use guests::{
    ASKS_FOR_MS, Coming, Entry, GUEST_COLOURS, Guest, GuestsCommand, GuestsEvent, JoinAsk, MAX_ASKS, MAX_EVENTS_OF_ONE,
    MAX_GUESTS, MAX_GUESTS_EVER, Takes,
};
pub use kitchen::{Item, ItemState, KitchenCommand, KitchenEvent, Ticket, TicketItems};
pub use marks::MarkEvent;
pub use rounds::{Declined, MAX_ROUNDS, Round, RoundsCommand, RoundsEvent, SentLine};
pub use stay::{Stay, StayEvent};

use crate::Version;
use crate::fold::{Context, Fold};
use crate::money::Currency;
use crate::rejection::Rejection;
use crate::stream::{Actor, Progress, REMEMBERED_VERSIONS, Recorded};

/// The longest record of one stay, in events.
pub const MAX_VERSION: Version = 4_096;
/// How much of that record guests can't use, in events: whoever fills it, what was sent can still be
/// cooked and served.
pub const RESERVED_FOR_STAFF: Version = 1_024;

/// One party's stay, as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seating {
    /// How far the stream was folded.
    pub progress: Progress,
    /// Whether they are here, and where they sat down.
    pub stay: Stay,
    /// The currency of every amount here.
    pub currency: Currency,
    /// Who sits here; guest 1 is the first.
    pub guests: Vec<Guest>,
    /// Lines not yet sent, in the order in which they were added.
    pub cart: Vec<Line>,
    /// What was sent; round 1 is the first.
    pub rounds: Vec<Round>,
    /// Who may come in, and who asks to.
    #[serde(default, skip_serializing_if = "Entry::is_default")]
    pub entry: Entry,
    /// Whether the first round waits until a waiter accepts it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approve_first_round: bool,
    /// A round that waits until a waiter accepts it. No kitchen has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Round>,
    /// The last round, where a waiter did not accept it, until another is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<Declined>,
}

/// What happens during a stay, by subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, try_from = "read::Fields<'_>")]
pub enum SeatingEvent {
    /// The party sat down, or left.
    Stay(StayEvent),
    /// Who sits here.
    Guests(GuestsEvent),
    /// Lines not yet sent.
    Cart(CartEvent),
    /// Being ready, and sending.
    Rounds(RoundsEvent),
    /// How far what was sent is.
    Kitchen(KitchenEvent),
    /// What changes nothing.
    Mark(MarkEvent),
}

/// What can be asked of a stay alone, by subject. Opening, joining and closing are [`crate::visit`]'s.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, try_from = "read::Fields<'_>")]
pub enum SeatingCommand {
    /// Who sits here.
    Guests(GuestsCommand),
    /// Lines not yet sent.
    Cart(CartCommand),
    /// Being ready, and sending.
    Rounds(RoundsCommand),
    /// How far what was sent is.
    Kitchen(KitchenCommand),
}

/// A subject's enum is one of the outer enum.
macro_rules! nests {
    ($outer:ident: $($subject:ident($inner:ident)),+) => {$(
        impl From<$inner> for $outer {
            fn from(inner: $inner) -> Self {
                Self::$subject(inner)
            }
        }
    )+};
}
nests!(SeatingEvent: Stay(StayEvent), Guests(GuestsEvent), Cart(CartEvent), Rounds(RoundsEvent), Kitchen(KitchenEvent), Mark(MarkEvent));
nests!(SeatingCommand: Guests(GuestsCommand), Cart(CartCommand), Rounds(RoundsCommand), Kitchen(KitchenCommand));

impl Default for SeatingEvent {
    fn default() -> Self {
        Self::Mark(MarkEvent::Unknown)
    }
}

impl Seating {
    /// Refuses where the part of the record is used up that is not staff's.
    fn has_room_for_guests(&self) -> Result<(), Rejection> {
        if self.version() < MAX_VERSION - RESERVED_FOR_STAFF { Ok(()) } else { Err(Rejection::RecordFull) }
    }

    /// Refuses where the record has no room for whoever asks: one guest can't use up what is everybody's.
    fn has_room_for(&self, actor: &Actor) -> Result<(), Rejection> {
        let Actor::Guest(number) = actor else {
            return if self.version() < MAX_VERSION { Ok(()) } else { Err(Rejection::RecordFull) };
        };
        let has_own = self.guest(*number).is_some_and(|guest| guest.events < MAX_EVENTS_OF_ONE);
        if has_own { self.has_room_for_guests() } else { Err(Rejection::RecordFull) }
    }

    /// Refuses unless the party is here and the actor belongs to it or works here.
    fn must_be_here(&self, actor: &Actor) -> Result<(), Rejection> {
        if !self.stay.is_open() {
            return Err(Rejection::NotSeated);
        }
        match actor {
            Actor::Guest(number) if self.is_here(*number) => Ok(()),
            Actor::Guest(_) => Err(Rejection::NoSuchGuest),
            Actor::Visitor | Actor::Unknown => Err(Rejection::NotAllowed),
            Actor::Staff { .. } | Actor::System => Ok(()),
        }
    }
}

impl Fold for Seating {
    type Event = SeatingEvent;
    type Command = SeatingCommand;

    fn decide(&self, command: &SeatingCommand, context: &Context<'_>) -> Result<Vec<SeatingEvent>, Rejection> {
        self.must_be_here(&context.actor)?;
        self.has_room_for(&context.actor)?;
        Ok(vec![match command {
            SeatingCommand::Guests(command) => command.decide(self, context)?.into(),
            SeatingCommand::Cart(command) => command.decide(self, context)?.into(),
            SeatingCommand::Rounds(command) => command.decide(self, context)?.into(),
            SeatingCommand::Kitchen(command) => command.decide(self, context)?.into(),
        }])
    }

    fn evolve(&mut self, recorded: &Recorded<SeatingEvent>) {
        self.progress.note(recorded, REMEMBERED_VERSIONS);
        self.caused(&recorded.by);
        match &recorded.event {
            SeatingEvent::Stay(event) => event.evolve(self, recorded.at),
            SeatingEvent::Guests(event) => event.evolve(self, recorded.at),
            SeatingEvent::Cart(event) => event.evolve(self),
            SeatingEvent::Rounds(event) => event.evolve(self, recorded),
            SeatingEvent::Kitchen(event) => event.evolve(self, recorded.at),
            SeatingEvent::Mark(event) => event.evolve(self, recorded),
        }
    }

    fn refusal(reason: Rejection) -> SeatingEvent {
        MarkEvent::Refused { reason }.into()
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }
}
