//! What cooks and waiters ask of what was sent.

use serde::Serialize;

use super::{Item, ItemState, KitchenEvent};
use crate::fold::Context;
use crate::ids::{LineId, RoundNo, StationId};
use crate::rejection::Rejection;
use crate::seating::Seating;
use crate::seating::read::{Fields, Unreadable, need, or_default};
use crate::stream::Role;

/// How far a ticket, or some of its items, are from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KitchenCommand {
    /// A station begins with a ticket.
    Start {
        /// The ticket's round.
        round: RoundNo,
        /// The ticket's station.
        station: StationId,
    },
    /// A station has a ticket ready, or some of its items.
    Bump(TicketItems),
    /// A station takes back that a ticket, or some of its items, were ready.
    Recall(TicketItems),
    /// Items that were ready are on the table now.
    Serve {
        /// Their round.
        round: RoundNo,
        /// Which; none means all that are ready.
        lines: Vec<LineId>,
    },
}

/// Items of one ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketItems {
    /// The ticket's round.
    pub round: RoundNo,
    /// The ticket's station.
    pub station: StationId,
    /// Which items; none means all.
    pub lines: Vec<LineId>,
}

impl KitchenCommand {
    pub(in crate::seating) fn read(f: &mut Fields<'_>) -> Result<Option<Self>, Unreadable> {
        let round = f.round;
        Ok(Some(match &*f.kind {
            "start" => Self::Start { round: need(round, "round")?, station: need(f.station.take(), "station")? },
            "bump" => Self::Bump(TicketItems::read(f)?),
            "recall" => Self::Recall(TicketItems::read(f)?),
            "serve" => Self::Serve { round: need(round, "round")?, lines: or_default(f.lines.take(), "lines")? },
            _ => return Ok(None),
        }))
    }

    pub(in crate::seating) fn decide(&self, seating: &Seating, context: &Context<'_>) -> Result<KitchenEvent, Rejection> {
        match self {
            Self::Start { round, station } => {
                context.actor.must_be(&[Role::Kitchen])?;
                let items = ticket_items(seating, *round, station, &[])?;
                let lines = those(items, |state| state == ItemState::Received)?;
                Ok(KitchenEvent::ItemsStarted { round: *round, lines })
            }
            Self::Bump(TicketItems { round, station, lines }) => {
                context.actor.must_be(&[Role::Kitchen])?;
                let items = ticket_items(seating, *round, station, lines)?;
                let lines = those(items, |state| state < ItemState::Ready)?;
                Ok(KitchenEvent::ItemsReady { round: *round, lines })
            }
            Self::Recall(TicketItems { round, station, lines }) => {
                context.actor.must_be(&[Role::Kitchen])?;
                let items = ticket_items(seating, *round, station, lines)?;
                // What is on the table comes back only where it is named: a waiter may have been faster than the wall.
                let is_named = !lines.is_empty();
                let lines = those(items, |state| state == ItemState::Ready || (is_named && state == ItemState::Served))?;
                Ok(KitchenEvent::ItemsRecalled { round: *round, lines })
            }
            Self::Serve { round, lines } => serve(seating, *round, lines, context),
        }
    }
}

impl TicketItems {
    fn read(f: &mut Fields<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            round: need(f.round, "round")?,
            station: need(f.station.take(), "station")?,
            lines: or_default(f.lines.take(), "lines")?,
        })
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

fn serve(seating: &Seating, round: RoundNo, lines: &[LineId], context: &Context<'_>) -> Result<KitchenEvent, Rejection> {
    context.actor.must_be(&[Role::Waiter, Role::Kitchen])?;
    let sent = seating.round(round).ok_or(Rejection::NoSuchRound)?;
    if !lines.iter().all(|line| sent.items.iter().any(|item| item.line.id == *line)) {
        return Err(Rejection::NoSuchLine);
    }
    let named = sent.items.iter().filter(|item| lines.is_empty() || lines.contains(&item.line.id));
    let lines = those(named, |state| state == ItemState::Ready)?;
    Ok(KitchenEvent::ItemsServed { round, lines })
}
