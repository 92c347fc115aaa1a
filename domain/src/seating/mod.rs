//! The seating stream: one party's stay, from opened to closed.
//!
//! Each thing that can be done has its file, with its rule and its consequence side by side:
//! [`guests`] (who sits here), [`cart`] (lines not yet sent), [`rounds`] (sending, and being ready to),
//! [`kitchen`] (start, bump, recall, serve) and [`stay`] (opened, closed).

mod cart;
mod guests;
mod kitchen;
mod read;
mod rounds;
mod stay;

use serde::{Deserialize, Serialize};

pub use cart::{Chosen, Line, MAX_LINES, MAX_QUANTITY};
pub use guests::{GUEST_COLOURS, Guest, MAX_GUESTS};
pub use kitchen::{Item, ItemState, Ticket};
pub use rounds::{MAX_ROUNDS, Round, SentLine};
pub use stay::Stay;

use crate::Version;
use crate::ids::{DishId, GuestNo, LineId, RoundNo, StationId, TableId, VenueId};
use crate::menu::Choice;
use crate::money::{Amount, Currency};
use crate::rejection::Rejection;
use crate::stream::{Actor, Context, Fold, Progress, REMEMBERED_VERSIONS, Recorded};
use crate::text::{Name, Note};

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
}

/// What happens during a stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", try_from = "read::Fields<'_>")]
pub enum SeatingEvent {
    /// The party sat down.
    Opened {
        /// In which venue.
        venue: VenueId,
        /// At which table.
        table: TableId,
        /// The currency of every amount.
        currency: Currency,
    },
    /// Somebody joined.
    GuestJoined {
        /// Their number here.
        guest: GuestNo,
        /// What they want to be called, if anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Name>,
    },
    /// Somebody wants to be called otherwise.
    GuestRenamed {
        /// Who.
        guest: GuestNo,
        /// What they want to be called, if anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Name>,
    },
    /// A line went into the cart.
    LineAdded {
        /// The line.
        #[serde(flatten)]
        line: Line,
    },
    /// A line's quantity changed.
    QuantityChanged {
        /// Which.
        line: LineId,
        /// By how many: differences, so that two people's changes both count.
        by: i16,
    },
    /// A line's options or note changed, and with them its price.
    LineEdited {
        /// Which.
        line: LineId,
        /// The options, with what they were called and cost.
        options: Vec<Chosen>,
        /// For the kitchen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Note>,
        /// The price of one, options included.
        unit_price: Amount,
    },
    /// A line was taken out of the cart.
    LineRemoved {
        /// Which.
        line: LineId,
    },
    /// Somebody has finished choosing, or has not.
    ReadyChanged {
        /// Who.
        guest: GuestNo,
        /// Whether they have finished.
        ready: bool,
    },
    /// The cart went to the kitchen.
    RoundSent {
        /// The round's number.
        round: RoundNo,
        /// Each line of the cart, and the station that makes it.
        lines: Vec<SentLine>,
    },
    /// A station began with these items.
    ItemsStarted {
        /// Of which round.
        round: RoundNo,
        /// Which.
        lines: Vec<LineId>,
    },
    /// A station has these items ready ("bumped" them).
    ItemsReady {
        /// Of which round.
        round: RoundNo,
        /// Which.
        lines: Vec<LineId>,
    },
    /// A station took back that these items were ready.
    ItemsRecalled {
        /// Of which round.
        round: RoundNo,
        /// Which.
        lines: Vec<LineId>,
    },
    /// These items are on the table.
    ItemsServed {
        /// Of which round.
        round: RoundNo,
        /// Which.
        lines: Vec<LineId>,
    },
    /// The party left. The last event of a stay.
    Closed {},
    /// A command that had been sent before is refused, and stays so (see [`Progress::refusal_of`]).
    Refused {
        /// Why.
        reason: Rejection,
    },
    /// Something that a later release records; it changes nothing here.
    #[default]
    #[serde(other)]
    Unknown,
}

/// What can be asked of a stay alone. Opening, joining and closing are [`crate::visit`]'s.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SeatingCommand {
    /// A guest wants to be called otherwise.
    Rename {
        /// What they want to be called, if anything.
        #[serde(default)]
        name: Option<Name>,
    },
    /// Puts a line into the cart. Its id becomes the mutation's.
    AddLine {
        /// The dish.
        dish: DishId,
        /// The chosen options.
        #[serde(default)]
        options: Vec<Choice>,
        /// For the kitchen.
        #[serde(default)]
        note: Option<Note>,
        /// How many; 1 to [`MAX_QUANTITY`].
        quantity: u16,
        /// For whom, where staff add it; a guest always adds for themselves.
        #[serde(default)]
        guest: Option<GuestNo>,
    },
    /// Changes a line's quantity by a difference; at zero the line goes.
    ChangeQuantity {
        /// Which.
        line: LineId,
        /// By how many.
        by: i16,
    },
    /// Changes a line's options and note.
    EditLine {
        /// Which.
        line: LineId,
        /// All of its options.
        #[serde(default)]
        options: Vec<Choice>,
        /// Its note.
        #[serde(default)]
        note: Option<Note>,
    },
    /// Takes a line out of the cart.
    RemoveLine {
        /// Which.
        line: LineId,
    },
    /// Says that one has finished choosing, or has not.
    SetReady {
        /// Whether one has.
        ready: bool,
    },
    /// Sends the cart to the kitchen.
    SendRound {
        /// The number that this round is to have: one more than were sent. Who was slower is told so,
        /// instead of sending a second round.
        round: RoundNo,
    },
    /// A station begins with a ticket.
    Start {
        /// The ticket's round.
        round: RoundNo,
        /// The ticket's station.
        station: StationId,
    },
    /// A station has a ticket ready, or some of its items.
    Bump {
        /// The ticket's round.
        round: RoundNo,
        /// The ticket's station.
        station: StationId,
        /// Which items; none means all.
        #[serde(default)]
        lines: Vec<LineId>,
    },
    /// A station takes back that a ticket, or some of its items, were ready.
    Recall {
        /// The ticket's round.
        round: RoundNo,
        /// The ticket's station.
        station: StationId,
        /// Which items; none means all.
        #[serde(default)]
        lines: Vec<LineId>,
    },
    /// Items that were ready are on the table now.
    Serve {
        /// Their round.
        round: RoundNo,
        /// Which; none means all that are ready.
        #[serde(default)]
        lines: Vec<LineId>,
    },
}

impl Seating {
    /// The guest of that number.
    pub fn guest(&self, number: GuestNo) -> Option<&Guest> {
        usize::from(number.0).checked_sub(1).and_then(|i| self.guests.get(i))
    }

    /// The line of that id, while it is in the cart.
    pub fn line(&self, id: LineId) -> Option<&Line> {
        self.cart.iter().find(|line| line.id == id)
    }

    /// The round of that number.
    pub fn round(&self, number: RoundNo) -> Option<&Round> {
        usize::from(number.0).checked_sub(1).and_then(|i| self.rounds.get(i))
    }

    /// The number that the next round will have.
    pub fn next_round(&self) -> RoundNo {
        // MAX_ROUNDS is far below.
        RoundNo(u16::try_from(self.rounds.len() + 1).unwrap_or(u16::MAX))
    }

    /// What the cart comes to.
    pub fn cart_total(&self) -> Amount {
        self.cart.iter().map(Line::total).sum()
    }

    /// What was sent so far comes to.
    pub fn sent_total(&self) -> Amount {
        self.rounds.iter().flat_map(|round| &round.items).map(|item| item.line.total()).sum()
    }

    /// Refuses unless the party is here and the actor belongs to it or works here.
    fn must_be_here(&self, actor: &Actor) -> Result<(), Rejection> {
        if !self.stay.is_open() {
            return Err(Rejection::NotSeated);
        }
        match actor {
            Actor::Guest(number) => self.guest(*number).map(|_| ()).ok_or(Rejection::NoSuchGuest),
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
        let room = if matches!(context.actor, Actor::Guest(_)) { MAX_VERSION - RESERVED_FOR_STAFF } else { MAX_VERSION };
        if self.version() >= room {
            return Err(Rejection::RecordFull);
        }
        use SeatingCommand as Do;
        match command {
            Do::Rename { name } => guests::rename(self, name.as_ref(), context),
            Do::AddLine { dish, options, note, quantity, guest } => {
                cart::add(self, dish, options, note.as_ref(), *quantity, *guest, context)
            }
            Do::ChangeQuantity { line, by } => cart::change_quantity(self, *line, *by, context),
            Do::EditLine { line, options, note } => cart::edit(self, *line, options, note.as_ref(), context),
            Do::RemoveLine { line } => cart::remove(self, *line, context),
            Do::SetReady { ready } => rounds::set_ready(self, *ready, context),
            Do::SendRound { round } => rounds::send(self, *round, context),
            Do::Start { round, station } => kitchen::start(self, *round, station, context),
            Do::Bump { round, station, lines } => kitchen::bump(self, *round, station, lines, context),
            Do::Recall { round, station, lines } => kitchen::recall(self, *round, station, lines, context),
            Do::Serve { round, lines } => kitchen::serve(self, *round, lines, context),
        }
        .map(|event| vec![event])
    }

    fn evolve(&mut self, recorded: &Recorded<SeatingEvent>) {
        self.progress.note(recorded, REMEMBERED_VERSIONS);
        use SeatingEvent as Did;
        match &recorded.event {
            Did::Opened { venue, table, currency } => {
                self.stay = Stay::Open { venue: venue.clone(), table: table.clone(), since: recorded.at };
                self.currency = *currency;
            }
            Did::GuestJoined { guest, name } => guests::joined(self, *guest, name.as_ref()),
            Did::GuestRenamed { guest, name } => guests::renamed(self, *guest, name.as_ref()),
            Did::LineAdded { line } => self.cart.push(line.clone()),
            Did::QuantityChanged { line, by } => cart::quantity_changed(self, *line, *by),
            Did::LineEdited { line, options, note, unit_price } => {
                cart::edited(self, *line, options, note.as_ref(), *unit_price);
            }
            Did::LineRemoved { line } => self.cart.retain(|l| l.id != *line),
            Did::ReadyChanged { guest, ready } => rounds::ready_changed(self, *guest, *ready),
            Did::RoundSent { round, lines } => rounds::sent(self, *round, lines, recorded),
            Did::ItemsStarted { round, lines } => kitchen::become_state(self, *round, lines, ItemState::Cooking, recorded.at),
            Did::ItemsReady { round, lines } => kitchen::become_state(self, *round, lines, ItemState::Ready, recorded.at),
            Did::ItemsRecalled { round, lines } => kitchen::become_state(self, *round, lines, ItemState::Cooking, recorded.at),
            Did::ItemsServed { round, lines } => kitchen::become_state(self, *round, lines, ItemState::Served, recorded.at),
            Did::Closed {} => self.stay.close(recorded.at),
            Did::Refused { reason } => self.progress.note_refusal(recorded.mutation, *reason),
            Did::Unknown => {}
        }
    }

    fn refusal(reason: Rejection) -> SeatingEvent {
        SeatingEvent::Refused { reason }
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }
}
