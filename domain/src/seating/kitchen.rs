//! The kitchen: what a round asks of a station, and how far it is.

use serde::{Deserialize, Serialize};

use super::{Line, Round, Seating, SeatingEvent};
use crate::ids::{LineId, RoundNo, StationId};
use crate::rejection::Rejection;
use crate::stream::{Context, Role, Time};

/// A line that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The line as it was sent.
    pub line: Line,
    /// The station that makes it.
    pub station: StationId,
    /// How far it is.
    pub state: ItemState,
    /// Since when it is so far.
    pub since: Time,
}

/// How far an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// The station has it.
    Received,
    /// The station began with it.
    Cooking,
    /// It can be carried out.
    Ready,
    /// It is on the table.
    Served,
    /// Something that a later release knows: nothing that a station owes, as far as this one can tell.
    #[serde(other)]
    Unknown,
}

impl ItemState {
    /// Whether nobody has anything left to do about it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Served | Self::Unknown)
    }
}

/// What one round asks of one station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket<'a> {
    /// The round.
    pub round: &'a Round,
    /// The station.
    pub station: &'a StationId,
    /// Its items, in the cart's order.
    pub items: Vec<&'a Item>,
}

impl Ticket<'_> {
    /// The state of the item that is least far: what the station still owes.
    pub fn state(&self) -> ItemState {
        self.items.iter().map(|item| item.state).min().unwrap_or(ItemState::Served)
    }

    /// Whether the station still has work with it.
    pub fn is_open(&self) -> bool {
        self.state() < ItemState::Ready
    }

    /// When the last of its items changed.
    pub fn changed_at(&self) -> Time {
        self.items.iter().map(|item| item.since).max().unwrap_or(self.round.at)
    }
}

impl Round {
    /// This round's tickets, by station.
    pub fn tickets(&self) -> Vec<Ticket<'_>> {
        let mut stations: Vec<&StationId> = self.items.iter().map(|item| &item.station).collect();
        stations.sort_unstable();
        stations.dedup();
        stations
            .into_iter()
            .map(|station| Ticket { round: self, station, items: self.items.iter().filter(|i| i.station == *station).collect() })
            .collect()
    }
}

/// The station's items of that round which are named (none: all), or why there is no such ticket.
fn ticket_items<'a>(
    seating: &'a Seating,
    round: RoundNo,
    station: &StationId,
    lines: &[LineId],
) -> Result<Vec<&'a Item>, Rejection> {
    let round = seating.round(round).ok_or(Rejection::NoSuchRound)?;
    let at_station: Vec<&Item> = round.items.iter().filter(|item| item.station == *station).collect();
    let all_known = lines.iter().all(|line| at_station.iter().any(|item| item.line.id == *line));
    if at_station.is_empty() || !all_known {
        return Err(Rejection::NoSuchTicket);
    }
    Ok(at_station.into_iter().filter(|item| lines.is_empty() || lines.contains(&item.line.id)).collect())
}

/// The ids of the items that fit, or [`Rejection::Unchanged`] where none does.
fn those<'a>(items: impl IntoIterator<Item = &'a Item>, fits: impl Fn(ItemState) -> bool) -> Result<Vec<LineId>, Rejection> {
    let lines: Vec<LineId> = items.into_iter().filter(|item| fits(item.state)).map(|item| item.line.id).collect();
    if lines.is_empty() { Err(Rejection::Unchanged) } else { Ok(lines) }
}

pub(super) fn start(
    seating: &Seating,
    round: RoundNo,
    station: &StationId,
    context: &Context<'_>,
) -> Result<SeatingEvent, Rejection> {
    context.actor.must_be(&[Role::Kitchen])?;
    let items = ticket_items(seating, round, station, &[])?;
    let lines = those(items, |state| state == ItemState::Received)?;
    Ok(SeatingEvent::ItemsStarted { round, lines })
}

pub(super) fn bump(
    seating: &Seating,
    round: RoundNo,
    station: &StationId,
    lines: &[LineId],
    context: &Context<'_>,
) -> Result<SeatingEvent, Rejection> {
    context.actor.must_be(&[Role::Kitchen])?;
    let items = ticket_items(seating, round, station, lines)?;
    let lines = those(items, |state| state < ItemState::Ready)?;
    Ok(SeatingEvent::ItemsReady { round, lines })
}

pub(super) fn recall(
    seating: &Seating,
    round: RoundNo,
    station: &StationId,
    lines: &[LineId],
    context: &Context<'_>,
) -> Result<SeatingEvent, Rejection> {
    context.actor.must_be(&[Role::Kitchen])?;
    let items = ticket_items(seating, round, station, lines)?;
    // What is on the table comes back only where it is named: a waiter may have been faster than the wall.
    let is_named = !lines.is_empty();
    let lines = those(items, |state| state == ItemState::Ready || (is_named && state == ItemState::Served))?;
    Ok(SeatingEvent::ItemsRecalled { round, lines })
}

pub(super) fn serve(
    seating: &Seating,
    round: RoundNo,
    lines: &[LineId],
    context: &Context<'_>,
) -> Result<SeatingEvent, Rejection> {
    context.actor.must_be(&[Role::Waiter, Role::Kitchen])?;
    let sent = seating.round(round).ok_or(Rejection::NoSuchRound)?;
    if !lines.iter().all(|line| sent.items.iter().any(|item| item.line.id == *line)) {
        return Err(Rejection::NoSuchLine);
    }
    let named = sent.items.iter().filter(|item| lines.is_empty() || lines.contains(&item.line.id));
    let lines = those(named, |state| state == ItemState::Ready)?;
    Ok(SeatingEvent::ItemsServed { round, lines })
}

pub(super) fn become_state(seating: &mut Seating, round: RoundNo, lines: &[LineId], state: ItemState, at: Time) {
    let Some(round) = usize::from(round.0).checked_sub(1).and_then(|i| seating.rounds.get_mut(i)) else { return };
    for item in round.items.iter_mut().filter(|item| lines.contains(&item.line.id)) {
        item.state = state;
        item.since = at;
    }
}
