//! Who sits here: joining, being let in, being called something, being removed.

use serde::{Deserialize, Serialize};

use super::{Seating, SeatingEvent};
use crate::floor::Joining;
use crate::ids::{AskNo, GuestNo};
use crate::rejection::Rejection;
use crate::stream::{Actor, Context, Role, Time};
use crate::text::Name;

/// The largest party.
pub const MAX_GUESTS: usize = 60;
/// The most guests that a stay can have had, those who were removed included.
pub const MAX_GUESTS_EVER: usize = 250;
/// The most who ask to be let in at a time.
pub const MAX_ASKS: usize = 12;
/// For how long somebody who asks is waited for, in ms: after that they have gone.
pub const ASKS_FOR_MS: u64 = 15 * 60 * 1_000;
/// How many events one guest can cause: whoever fills the record with their own leaves room for the others.
pub const MAX_EVENTS_OF_ONE: u16 = 768;
/// How many colours guests are told apart by; after that they repeat, and the name tells.
pub const GUEST_COLOURS: u16 = 8;

/// Somebody who sits here, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// Their number here; 1 came first.
    pub number: GuestNo,
    /// What they want to be called, if anything.
    pub name: Option<Name>,
    /// Whether they have finished choosing this round.
    pub ready: bool,
    /// Whether they were removed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
    /// As whom they last asked to be let in, if they had to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<AskNo>,
    /// How often they came back after having been removed: what opened their place before opens it no more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub returns: u16,
    /// How many events they have caused.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub events: u16,
}

const fn is_zero(count: &u16) -> bool {
    *count == 0
}

impl Guest {
    /// Somebody who has just come.
    pub const fn new(number: GuestNo, name: Option<Name>) -> Self {
        Self { number, name, ready: false, removed: false, ask: None, returns: 0, events: 0 }
    }

    /// The guest's colour, 0 to [`GUEST_COLOURS`] − 1.
    pub const fn colour(&self) -> u16 {
        self.number.0.saturating_sub(1) % GUEST_COLOURS
    }
}

/// Somebody who asks to be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinAsk {
    /// The ask's number here.
    pub ask: AskNo,
    /// What they want to be called, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Whether they say that they sit here already: on another phone, or before theirs forgot it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub back: bool,
    /// Since when.
    pub at: Time,
}

impl JoinAsk {
    /// Whether they are still waited for.
    pub const fn is_waited_for(&self, now: Time) -> bool {
        now.ms_since(self.at) < ASKS_FOR_MS
    }
}

/// Who may come in at one stay, and who asks to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it takes to join, by the house's rules when the party sat down.
    #[serde(default, skip_serializing_if = "Joining::is_open")]
    pub joining: Joining,
    /// Somebody was removed: from then on whoever comes needs consent, whatever the house's rules are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
    /// Who asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<JoinAsk>,
    /// The number of the last who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_ask: Option<AskNo>,
}

impl Entry {
    /// Whether there is nothing to say of it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What it takes to join the party at a table, for somebody who has its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Takes {
    /// Nothing more.
    Nothing,
    /// Somebody who sits there, or the number on their phones.
    Consent,
    /// Somebody who sits there: somebody was removed, or they say that they sit there already.
    ConsentAlone,
    /// Somebody who works here.
    Staff,
}

/// How somebody with the table's code comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coming {
    /// With the number that stands on the phones of those who sit here, which the server has checked.
    pub with_number: bool,
    /// Saying that they sit here already.
    pub back: bool,
    /// As somebody who was removed, as their cookie tells.
    pub was_removed: bool,
}

impl Seating {
    /// Who sits here now.
    pub fn guests_here(&self) -> impl Iterator<Item = &Guest> {
        self.guests.iter().filter(|guest| !guest.removed)
    }

    /// Whether the guest of that number sits here now.
    pub fn is_here(&self, number: GuestNo) -> bool {
        self.guest(number).is_some_and(|guest| !guest.removed)
    }

    /// Whether the guest of that number sits here now, and has come back as often after having been removed.
    pub fn is_here_since(&self, number: GuestNo, returns: u16) -> bool {
        self.guests_here().any(|guest| guest.number == number && guest.returns == returns)
    }

    /// The guest who was let in when that number asked.
    pub fn let_in_as(&self, ask: AskNo) -> Option<GuestNo> {
        self.guests_here().find(|guest| guest.ask == Some(ask)).map(|guest| guest.number)
    }

    /// Whether that number asks to be let in, and is waited for.
    pub fn asks(&self, ask: AskNo, now: Time) -> bool {
        self.entry.asks.iter().any(|asks| asks.ask == ask && asks.is_waited_for(now))
    }

    /// Whether the number on the phones of those who sit here lets others in.
    pub fn has_number(&self) -> bool {
        self.entry.joining == Joining::Approve && !self.entry.locked
    }

    /// What it takes to join this party, for somebody who comes so.
    pub fn takes(&self, coming: Coming) -> Takes {
        let joining = self.entry.joining;
        // Nobody is here to be asked where a table is only being opened, or was by a waiter a moment ago.
        if !self.stay.is_open() || (joining == Joining::Approve && self.guests.is_empty()) {
            return Takes::Nothing;
        }
        if !joining.guests_let_in() || self.guests_here().next().is_none() && !joining.joins_by_code() {
            return Takes::Staff;
        }
        if coming.back || coming.was_removed || self.entry.locked {
            return if self.guests_here().next().is_none() { Takes::Staff } else { Takes::ConsentAlone };
        }
        if joining == Joining::Approve && !coming.with_number { Takes::Consent } else { Takes::Nothing }
    }

    pub(crate) fn decide_join(
        &self,
        name: Option<&Name>,
        coming: Coming,
        context: &Context<'_>,
    ) -> Result<SeatingEvent, Rejection> {
        if self.stay.is_closed() {
            return Err(Rejection::NotSeated);
        }
        // Whoever works here and may let others in needs nobody.
        if self.takes(coming) != Takes::Nothing && context.actor.must_be(&[Role::Waiter]).is_err() {
            return self.decide_ask(name, coming.back, context);
        }
        Ok(SeatingEvent::GuestJoined { guest: self.next_guest()?, name: name.cloned(), ask: None })
    }

    fn next_guest(&self) -> Result<GuestNo, Rejection> {
        if self.guests_here().count() >= MAX_GUESTS || self.guests.len() >= MAX_GUESTS_EVER {
            return Err(Rejection::PartyFull);
        }
        u16::try_from(self.guests.len() + 1).map(GuestNo).map_err(|_| Rejection::PartyFull)
    }

    fn decide_ask(&self, name: Option<&Name>, back: bool, context: &Context<'_>) -> Result<SeatingEvent, Rejection> {
        self.has_room_for_guests()?;
        if self.entry.asks.iter().filter(|ask| ask.is_waited_for(context.now)).count() >= MAX_ASKS {
            return Err(Rejection::TooFast);
        }
        let ask = AskNo(self.entry.last_ask.map_or(1, |last| last.0.saturating_add(1)));
        Ok(SeatingEvent::JoinAsked { ask, name: name.cloned(), back })
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

pub(super) fn let_in(
    seating: &Seating,
    ask: AskNo,
    as_guest: Option<GuestNo>,
    context: &Context<'_>,
) -> Result<SeatingEvent, Rejection> {
    may_let_in(seating, &context.actor)?;
    let asks = asking(seating, ask)?;
    match as_guest {
        None => Ok(SeatingEvent::GuestJoined { guest: seating.next_guest()?, name: asks.name.clone(), ask: Some(ask) }),
        Some(guest) => {
            let is_one_more = seating.guest(guest).ok_or(Rejection::NoSuchGuest)?.removed;
            if is_one_more && seating.guests_here().count() >= MAX_GUESTS {
                return Err(Rejection::PartyFull);
            }
            Ok(SeatingEvent::GuestReturned { guest, ask })
        }
    }
}

pub(super) fn turn_away(seating: &Seating, ask: AskNo, context: &Context<'_>) -> Result<SeatingEvent, Rejection> {
    may_let_in(seating, &context.actor)?;
    asking(seating, ask)?;
    Ok(SeatingEvent::TurnedAway { ask })
}

/// Staff remove anybody; who sits here, those who came after them: a stranger can't remove the party.
pub(super) fn remove(seating: &Seating, guest: GuestNo, context: &Context<'_>) -> Result<SeatingEvent, Rejection> {
    match context.actor {
        Actor::Guest(number) if number < guest => {}
        Actor::Guest(_) => return Err(Rejection::NotAllowed),
        _ => context.actor.must_be(&[Role::Waiter])?,
    }
    if seating.guest(guest).ok_or(Rejection::NoSuchGuest)?.removed {
        return Err(Rejection::Unchanged);
    }
    Ok(SeatingEvent::GuestRemoved { guest })
}

pub(super) fn rename(seating: &Seating, name: Option<&Name>, context: &Context<'_>) -> Result<SeatingEvent, Rejection> {
    let Actor::Guest(number) = context.actor else { return Err(Rejection::NotAllowed) };
    let guest = seating.guest(number).ok_or(Rejection::NoSuchGuest)?;
    if guest.name.as_ref() == name {
        return Err(Rejection::Unchanged);
    }
    Ok(SeatingEvent::GuestRenamed { guest: number, name: name.cloned() })
}

pub(super) fn joined(seating: &mut Seating, number: GuestNo, name: Option<&Name>, ask: Option<AskNo>) {
    seating.guests.push(Guest { ask, ..Guest::new(number, name.cloned()) });
    if let Some(ask) = ask {
        asks_no_more(seating, ask);
    }
}

pub(super) fn asked(seating: &mut Seating, ask: AskNo, name: Option<&Name>, back: bool, at: Time) {
    let entry = &mut seating.entry;
    // Who was not waited for any more makes room.
    entry.asks.retain(|asks| asks.is_waited_for(at));
    entry.asks.push(JoinAsk { ask, name: name.cloned(), back, at });
    entry.last_ask = entry.last_ask.max(Some(ask));
}

pub(super) fn returned(seating: &mut Seating, number: GuestNo, ask: AskNo) {
    if let Some(guest) = guest_mut(seating, number) {
        if guest.removed {
            guest.removed = false;
            guest.returns = guest.returns.saturating_add(1);
        }
        guest.ask = Some(ask);
    }
    asks_no_more(seating, ask);
}

pub(super) fn asks_no_more(seating: &mut Seating, ask: AskNo) {
    seating.entry.asks.retain(|asks| asks.ask != ask);
}

pub(super) fn removed(seating: &mut Seating, number: GuestNo) {
    if let Some(guest) = guest_mut(seating, number) {
        guest.removed = true;
        guest.ready = false;
    }
    // What they chose and no kitchen has goes with them.
    seating.cart.retain(|line| line.guest != Some(number));
    if let Some(round) = &mut seating.waiting {
        round.items.retain(|item| item.line.guest != Some(number));
    }
    if seating.waiting.as_ref().is_some_and(|round| round.items.is_empty()) {
        seating.waiting = None;
    }
    seating.entry.locked = true;
}

pub(super) fn renamed(seating: &mut Seating, number: GuestNo, name: Option<&Name>) {
    if let Some(guest) = guest_mut(seating, number) {
        guest.name = name.cloned();
    }
}

/// Counts an event as its guest's.
pub(super) fn caused(seating: &mut Seating, by: &Actor) {
    if let Actor::Guest(number) = by
        && let Some(guest) = guest_mut(seating, *number)
    {
        guest.events = guest.events.saturating_add(1);
    }
}

fn guest_mut(seating: &mut Seating, number: GuestNo) -> Option<&mut Guest> {
    seating.guests.iter_mut().find(|guest| guest.number == number)
}
