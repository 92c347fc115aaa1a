//! The seating stream: one party's stay, from opened to closed.
//!
//! Each thing that can be done has its file, with its rule and its consequence side by side:
//! [`guests`] (who sits here, and who asks to), [`cart`] (lines not yet sent), [`rounds`] (sending, and being ready to),
//! [`kitchen`] (start, bump, recall, serve) and [`stay`] (opened, closed).

mod cart;
mod guests;
mod kitchen;
mod read;
mod rounds;
mod stay;

use serde::{Deserialize, Serialize};

pub use cart::{Chosen, Line, MAX_LINES, MAX_LINES_OF_ONE, MAX_QUANTITY};
pub use guests::{
    ASKS_FOR_MS, Coming, Entry, GUEST_COLOURS, Guest, JoinAsk, MAX_ASKS, MAX_EVENTS_OF_ONE, MAX_GUESTS, MAX_GUESTS_EVER, Takes,
};
pub use kitchen::{Item, ItemState, Ticket};
pub use rounds::{Declined, MAX_ROUNDS, Round, SentLine};
pub use stay::Stay;

use crate::Version;
use crate::floor::Joining;
use crate::ids::{AskNo, DishId, GuestNo, LineId, RoundNo, StationId, TableId, VenueId};
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
        /// What it takes to join them.
        #[serde(default, skip_serializing_if = "Joining::is_open")]
        joining: Joining,
        /// Whether their first round waits until a waiter accepts it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        approve_first_round: bool,
    },
    /// Somebody asks to be let in.
    JoinAsked {
        /// Their number, as somebody who asks.
        ask: AskNo,
        /// What they want to be called, if anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Name>,
        /// Whether they say that they sit here already.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        back: bool,
    },
    /// Somebody who asked was not let in.
    TurnedAway {
        /// Who.
        ask: AskNo,
    },
    /// Somebody joined.
    GuestJoined {
        /// Their number here.
        guest: GuestNo,
        /// What they want to be called, if anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Name>,
        /// As whom they had asked to be let in, if they had to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ask: Option<AskNo>,
    },
    /// Somebody who asked to be let in is a guest who sits here already.
    GuestReturned {
        /// Which guest.
        guest: GuestNo,
        /// As whom they had asked.
        ask: AskNo,
    },
    /// A guest was removed, and what they had in the cart. From now on whoever comes needs consent.
    GuestRemoved {
        /// Who.
        guest: GuestNo,
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
    /// The cart is to be a round, which waits until a waiter accepts it.
    RoundWaits {
        /// The number that the round is to have.
        round: RoundNo,
        /// Each line of the cart, and the station that makes it.
        lines: Vec<SentLine>,
    },
    /// A waiter accepted the round that waited: it went to the kitchen.
    RoundAccepted {
        /// Which.
        round: RoundNo,
    },
    /// A waiter did not accept the round that waited: what it held is in the cart again.
    RoundDeclined {
        /// Which.
        round: RoundNo,
        /// Why, as the waiter puts it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
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
    /// Lets somebody in who asks to be.
    LetIn {
        /// Who.
        ask: AskNo,
        /// As which guest who sits here already; none: as somebody new.
        #[serde(default)]
        guest: Option<GuestNo>,
    },
    /// Does not let somebody in who asks to be.
    TurnAway {
        /// Who.
        ask: AskNo,
    },
    /// Removes a guest.
    RemoveGuest {
        /// Who.
        guest: GuestNo,
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
    /// Accepts the round that waits: it goes to the kitchen.
    AcceptRound {
        /// Which.
        round: RoundNo,
    },
    /// Does not accept the round that waits.
    DeclineRound {
        /// Which.
        round: RoundNo,
        /// Why; guests see it.
        #[serde(default)]
        reason: Option<Note>,
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
    /// The guest of that number, also one who was removed.
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

    /// What waits for a waiter comes to.
    pub fn waiting_total(&self) -> Amount {
        self.waiting.iter().flat_map(|round| &round.items).map(|item| item.line.total()).sum()
    }

    /// What was sent so far comes to.
    pub fn sent_total(&self) -> Amount {
        self.rounds.iter().flat_map(|round| &round.items).map(|item| item.line.total()).sum()
    }

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
        use SeatingCommand as Do;
        match command {
            Do::Rename { name } => guests::rename(self, name.as_ref(), context),
            Do::LetIn { ask, guest } => guests::let_in(self, *ask, *guest, context),
            Do::TurnAway { ask } => guests::turn_away(self, *ask, context),
            Do::RemoveGuest { guest } => guests::remove(self, *guest, context),
            Do::AddLine { dish, options, note, quantity, guest } => {
                cart::add(self, dish, options, note.as_ref(), *quantity, *guest, context)
            }
            Do::ChangeQuantity { line, by } => cart::change_quantity(self, *line, *by, context),
            Do::EditLine { line, options, note } => cart::edit(self, *line, options, note.as_ref(), context),
            Do::RemoveLine { line } => cart::remove(self, *line, context),
            Do::SetReady { ready } => rounds::set_ready(self, *ready, context),
            Do::SendRound { round } => rounds::send(self, *round, context),
            Do::AcceptRound { round } => rounds::accept(self, *round, context),
            Do::DeclineRound { round, reason } => rounds::decline(self, *round, reason.as_ref(), context),
            Do::Start { round, station } => kitchen::start(self, *round, station, context),
            Do::Bump { round, station, lines } => kitchen::bump(self, *round, station, lines, context),
            Do::Recall { round, station, lines } => kitchen::recall(self, *round, station, lines, context),
            Do::Serve { round, lines } => kitchen::serve(self, *round, lines, context),
        }
        .map(|event| vec![event])
    }

    fn evolve(&mut self, recorded: &Recorded<SeatingEvent>) {
        self.progress.note(recorded, REMEMBERED_VERSIONS);
        guests::caused(self, &recorded.by);
        use SeatingEvent as Did;
        match &recorded.event {
            Did::Opened { venue, table, currency, joining, approve_first_round } => {
                self.stay = Stay::Open { venue: venue.clone(), table: table.clone(), since: recorded.at };
                self.currency = *currency;
                self.entry.joining = *joining;
                self.approve_first_round = *approve_first_round;
            }
            Did::GuestJoined { guest, name, ask } => guests::joined(self, *guest, name.as_ref(), *ask),
            Did::JoinAsked { ask, name, back } => guests::asked(self, *ask, name.as_ref(), *back, recorded.at),
            Did::TurnedAway { ask } => guests::asks_no_more(self, *ask),
            Did::GuestReturned { guest, ask } => guests::returned(self, *guest, *ask),
            Did::GuestRemoved { guest } => guests::removed(self, *guest),
            Did::GuestRenamed { guest, name } => guests::renamed(self, *guest, name.as_ref()),
            Did::LineAdded { line } => self.cart.push(line.clone()),
            Did::QuantityChanged { line, by } => cart::quantity_changed(self, *line, *by),
            Did::LineEdited { line, options, note, unit_price } => {
                cart::edited(self, *line, options, note.as_ref(), *unit_price);
            }
            Did::LineRemoved { line } => self.cart.retain(|l| l.id != *line),
            Did::ReadyChanged { guest, ready } => rounds::ready_changed(self, *guest, *ready),
            Did::RoundSent { round, lines } => rounds::sent(self, *round, lines, recorded),
            Did::RoundWaits { round, lines } => rounds::waits(self, *round, lines, recorded),
            Did::RoundAccepted { .. } => rounds::accepted(self, recorded.at),
            Did::RoundDeclined { round, reason } => rounds::declined(self, *round, reason.as_ref(), recorded.at),
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
