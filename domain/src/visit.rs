//! What touches a floor and a seating at once: opening a table, joining, closing.
//!
//! The events of both streams are committed together or not at all. Two phones that scan an empty
//! table at once get one seating, since only one of them can append to the floor at that version;
//! the other reads again and joins.

use serde::{Deserialize, Serialize};

use crate::floor::{Floor, FloorEvent};
use crate::ids::{AskNo, GuestNo, SeatingId, TableId, VenueId};
use crate::rejection::Rejection;
use crate::seating::{Coming, Seating, SeatingEvent};
use crate::stream::{Context, Role};
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

/// The events of both streams, to be committed together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Together {
    /// For the floor.
    pub floor: Vec<FloorEvent>,
    /// For the seating.
    pub seating: Vec<SeatingEvent>,
}

/// The party that sits there, or the one that `command` would seat.
pub fn seating_concerned(floor: &Floor, command: &VisitCommand, context: &Context<'_>) -> SeatingId {
    match command {
        VisitCommand::OpenTable { .. } => SeatingId::new(context.mutation.uuid()),
        VisitCommand::CloseTable { table, seating, .. } => floor.seated.get(table).map_or(*seating, |seated| seated.seating),
    }
}

/// Staff open or close a table. `seating` is the stay of [`seating_concerned`].
pub fn decide(
    venue: &VenueId,
    floor: &Floor,
    seating: &Seating,
    command: &VisitCommand,
    context: &Context<'_>,
) -> Result<Together, Rejection> {
    match command {
        VisitCommand::OpenTable { table } => {
            context.actor.must_be(&[Role::Waiter])?;
            open(venue, floor, seating, table, seating_concerned(floor, command, context), context)
        }
        VisitCommand::CloseTable { table, seating: meant, even_if_unserved } => {
            let freed = floor.decide_free(table, context)?;
            if floor.seated.get(table).is_none_or(|seated| seated.seating != *meant) {
                return Err(Rejection::TableFree);
            }
            Ok(Together { floor: freed, seating: seating.decide_close(*even_if_unserved, context)? })
        }
    }
}

/// Seats a party at a free table.
fn open(
    venue: &VenueId,
    floor: &Floor,
    seating: &Seating,
    table: &TableId,
    id: SeatingId,
    context: &Context<'_>,
) -> Result<Together, Rejection> {
    Ok(Together {
        floor: floor.decide_open(table, id, context)?,
        seating: seating.decide_open(venue.clone(), table.clone(), &floor.rules, context)?,
    })
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

/// Somebody who holds a table's code joins the party there, is the first of one, or asks to be let in.
///
/// `seating` is the stay at that table, or an empty one (with the id `new`) where nobody sits.
pub fn join(
    venue: &VenueId,
    floor: &Floor,
    seating: &Seating,
    new: SeatingId,
    newcomer: &Newcomer,
    context: &Context<'_>,
) -> Result<(Together, Joined), Rejection> {
    let Newcomer { table, name, coming } = newcomer;
    floor.table(table).ok_or(Rejection::NoSuchTable)?;
    let mut together = match floor.seated.get(table) {
        None => open(venue, floor, seating, table, new, context)?,
        Some(_) if seating.stay.is_open() => Together::default(),
        // The floor and the seating are not of the same moment: read both again.
        Some(_) => return Err(Rejection::NotSeated),
    };
    let event = seating.decide_join(name.as_ref(), *coming, context)?;
    let joined = match event {
        SeatingEvent::GuestJoined { guest, .. } => Joined::Guest(guest),
        SeatingEvent::JoinAsked { ask, .. } => Joined::Asks(ask),
        _ => return Err(Rejection::NotSeated),
    };
    together.seating.push(event);
    Ok((together, joined))
}
