//! What guests and staff ask about who sits at a table.

use serde::Serialize;

use super::{GuestsEvent, JoinAsk, MAX_GUESTS};
use crate::fold::Context;
use crate::ids::{AskNo, GuestNo};
use crate::rejection::Rejection;
use crate::seating::Seating;
use crate::seating::read::{Fields, Unreadable, need, or_default};
use crate::stream::{Actor, Role};
use crate::text::Name;

/// Lets somebody in, turns or takes somebody away, or says what one wants to be called. Joining is [`crate::visit`]'s.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum GuestsCommand {
    /// A guest wants to be called otherwise.
    Rename {
        /// What they want to be called, if anything.
        name: Option<Name>,
    },
    /// Lets somebody in who asks to be.
    LetIn {
        /// Who.
        ask: AskNo,
        /// As which guest who sits here already; none: as somebody new.
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
}

impl GuestsCommand {
    pub(in crate::seating) fn read(f: &mut Fields<'_>) -> Result<Option<Self>, Unreadable> {
        Ok(Some(match &*f.kind {
            "rename" => Self::Rename { name: or_default(f.name.take(), "name")? },
            "let_in" => Self::LetIn { ask: need(f.ask, "ask")?, guest: f.guest },
            "turn_away" => Self::TurnAway { ask: need(f.ask, "ask")? },
            "remove_guest" => Self::RemoveGuest { guest: need(f.guest, "guest")? },
            _ => return Ok(None),
        }))
    }

    pub(in crate::seating) fn decide(&self, seating: &Seating, context: &Context<'_>) -> Result<GuestsEvent, Rejection> {
        match self {
            Self::Rename { name } => rename(seating, name.as_ref(), context),
            Self::LetIn { ask, guest } => let_in(seating, *ask, *guest, context),
            Self::TurnAway { ask } => {
                may_let_in(seating, &context.actor)?;
                asking(seating, *ask)?;
                Ok(GuestsEvent::TurnedAway { ask: *ask })
            }
            Self::RemoveGuest { guest } => remove(seating, *guest, context),
        }
    }
}

/// Who may let others in and turn them away: staff who wait on tables, and who sits here where the house has it so.
fn may_let_in(seating: &Seating, actor: &Actor) -> Result<(), Rejection> {
    match actor {
        Actor::Guest(_) if seating.entry.joining.guests_let_in() => Ok(()),
        other => other.must_be(&[Role::Waiter]),
    }
}

fn asking(seating: &Seating, ask: AskNo) -> Result<&JoinAsk, Rejection> {
    seating.entry.asks.iter().find(|asks| asks.ask == ask).ok_or(Rejection::NoSuchAsk)
}

fn let_in(seating: &Seating, ask: AskNo, as_guest: Option<GuestNo>, context: &Context<'_>) -> Result<GuestsEvent, Rejection> {
    may_let_in(seating, &context.actor)?;
    let asks = asking(seating, ask)?;
    match as_guest {
        None => Ok(GuestsEvent::GuestJoined { guest: seating.next_guest()?, name: asks.name.clone(), ask: Some(ask) }),
        Some(guest) => {
            let is_one_more = seating.guest(guest).ok_or(Rejection::NoSuchGuest)?.removed;
            if is_one_more && seating.guests_here().count() >= MAX_GUESTS {
                return Err(Rejection::PartyFull);
            }
            Ok(GuestsEvent::GuestReturned { guest, ask })
        }
    }
}

/// Staff remove anybody; who sits here, those who came after them: a stranger can't remove the party.
fn remove(seating: &Seating, guest: GuestNo, context: &Context<'_>) -> Result<GuestsEvent, Rejection> {
    match context.actor {
        Actor::Guest(number) if number < guest => {}
        Actor::Guest(_) => return Err(Rejection::NotAllowed),
        _ => context.actor.must_be(&[Role::Waiter])?,
    }
    if seating.guest(guest).ok_or(Rejection::NoSuchGuest)?.removed {
        return Err(Rejection::Unchanged);
    }
    Ok(GuestsEvent::GuestRemoved { guest })
}

fn rename(seating: &Seating, name: Option<&Name>, context: &Context<'_>) -> Result<GuestsEvent, Rejection> {
    let Actor::Guest(number) = context.actor else { return Err(Rejection::NotAllowed) };
    let guest = seating.guest(number).ok_or(Rejection::NoSuchGuest)?;
    if guest.name.as_ref() == name {
        return Err(Rejection::Unchanged);
    }
    Ok(GuestsEvent::GuestRenamed { guest: number, name: name.cloned() })
}
