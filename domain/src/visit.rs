//! What touches several streams at once: opening a table, joining, closing.
//!
//! Such a command tells which stays it concerns beside the floor, is decided from all of them together, and gives a list:
//! for each stream, what happens there. All of it is committed, or nothing. Two phones that scan an empty table at once get
//! one seating, since only one of them can append to the floor at that version; the other reads again and joins.

use serde::{Deserialize, Serialize};

use crate::floor::{Floor, FloorEvent};
use crate::fold::Context;
use crate::ids::{AskNo, GuestNo, SeatingId, TableId, VenueId};
use crate::rejection::Rejection;
use crate::seating::{Coming, GuestsEvent, Seating, SeatingEvent};
use crate::stream::Role;
use crate::text::Name;

/// What can be asked of a floor and a seating together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VisitCommand {
    /// Staff open a table for a party. The new seating's id is the mutation's.
    OpenTable {
        /// Where.
        table: TableId,
    },
    /// The party leaves.
    CloseTable {
        /// Where.
        table: TableId,
        /// Whose stay is meant, so that a late tap can't close the next party's.
        seating: SeatingId,
        /// Also when something ordered has not been served.
        #[serde(default)]
        even_if_unserved: bool,
    },
}

/// What a command is decided from, which touches several streams.
#[derive(Debug, Clone)]
pub struct Streams<'a> {
    /// Whose floor it is.
    pub venue: &'a VenueId,
    /// The floor.
    pub floor: &'a Floor,
    /// The stays that are concerned, in the order of their ids. One that has not begun is empty.
    pub seatings: Vec<(SeatingId, &'a Seating)>,
}

/// What happens in each stream that is concerned, to be committed together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Together {
    /// On the floor.
    pub floor: Vec<FloorEvent>,
    /// During stays.
    pub seatings: Vec<(SeatingId, Vec<SeatingEvent>)>,
}

impl Streams<'_> {
    fn seating(&self, id: SeatingId) -> Result<&Seating, Rejection> {
        // Where a stay is missing, what was read first is not of the same moment: read again.
        self.seatings.iter().find(|(held, _)| *held == id).map(|(_, seating)| *seating).ok_or(Rejection::NotSeated)
    }
}

/// The stay that a command of staff concerns, beside the floor.
pub fn concerns(floor: &Floor, command: &VisitCommand, context: &Context<'_>) -> SeatingId {
    match command {
        VisitCommand::OpenTable { .. } => SeatingId::new(context.mutation.uuid()),
        VisitCommand::CloseTable { table, seating, .. } => floor.seated.get(table).map_or(*seating, |seated| seated.seating),
    }
}

/// Staff open or close a table.
pub fn decide(streams: &Streams<'_>, command: &VisitCommand, context: &Context<'_>) -> Result<Together, Rejection> {
    let (floor, id) = (streams.floor, concerns(streams.floor, command, context));
    match command {
        VisitCommand::OpenTable { table } => {
            context.actor.must_be(&[Role::Waiter])?;
            open(streams, table, id, context)
        }
        VisitCommand::CloseTable { table, seating: meant, even_if_unserved } => {
            let freed = floor.decide_free(table, context)?;
            if floor.seated.get(table).is_none_or(|seated| seated.seating != *meant) {
                return Err(Rejection::TableFree);
            }
            let closed = streams.seating(id)?.decide_close(*even_if_unserved, context)?;
            Ok(Together { floor: freed, seatings: vec![(id, closed)] })
        }
    }
}

/// Seats a party at a free table.
fn open(streams: &Streams<'_>, table: &TableId, id: SeatingId, context: &Context<'_>) -> Result<Together, Rejection> {
    let seated = streams.floor.decide_open(table, id, context)?;
    let rules = &streams.floor.rules;
    let opened = streams.seating(id)?.decide_open(streams.venue.clone(), table.clone(), rules, context)?;
    Ok(Together { floor: seated, seatings: vec![(id, opened)] })
}

/// What came of joining.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// They are this guest.
    Guest(GuestNo),
    /// They ask to be let in, by this number.
    Asks(AskNo),
}

/// Who wants to join, and how.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// The table whose code they have.
    pub table: TableId,
    /// What they want to be called, if anything.
    pub name: Option<Name>,
    /// How they come.
    pub coming: Coming,
}

/// The stay that somebody joins who holds that table's code; `new` where nobody sits there.
pub fn joins(floor: &Floor, newcomer: &Newcomer, new: SeatingId) -> SeatingId {
    floor.seated.get(&newcomer.table).map_or(new, |seated| seated.seating)
}

/// Somebody who holds a table's code joins the party there, is the first of one, or asks to be let in. `new` is the stay
/// that begins where nobody sits.
///
/// Where a party sits already, all that happens is during its stay, whatever the floor does meanwhile: when a table is
/// closed, that is an event of the stay as well.
pub fn join(
    streams: &Streams<'_>,
    newcomer: &Newcomer,
    new: SeatingId,
    context: &Context<'_>,
) -> Result<(Together, Joined), Rejection> {
    let Newcomer { table, name, coming } = newcomer;
    streams.floor.table(table).ok_or(Rejection::NoSuchTable)?;
    let id = joins(streams.floor, newcomer, new);
    let seating = streams.seating(id)?;
    let mut together = match streams.floor.seated.get(table) {
        None => open(streams, table, id, context)?,
        Some(_) if seating.stay.is_open() => Together { floor: Vec::new(), seatings: vec![(id, Vec::new())] },
        // The floor and the seating are not of the same moment: read both again.
        Some(_) => return Err(Rejection::NotSeated),
    };
    let event = seating.decide_join(name.as_ref(), *coming, context)?;
    let joined = match &event {
        GuestsEvent::GuestJoined { guest, .. } => Joined::Guest(*guest),
        GuestsEvent::JoinAsked { ask, .. } => Joined::Asks(*ask),
        _ => return Err(Rejection::NotSeated),
    };
    together.seatings.iter_mut().for_each(|(_, events)| events.push(event.clone().into()));
    Ok((together, joined))
}
