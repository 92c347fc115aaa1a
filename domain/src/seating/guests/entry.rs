//! Who may come in: what it takes to join, and who asks to be let in.

use serde::{Deserialize, Serialize};

use super::GuestsEvent;
use crate::floor::Joining;
use crate::fold::Context;
use crate::ids::{AskNo, GuestNo};
use crate::rejection::Rejection;
use crate::seating::Seating;
use crate::stream::{Role, Time};
use crate::text::Name;

/// The most who ask to be let in at a time.
pub const MAX_ASKS: usize = 12;
/// For how long somebody who asks is waited for, in ms: after that they have gone.
pub const ASKS_FOR_MS: u64 = 15 * 60 * 1_000;

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
    ) -> Result<GuestsEvent, Rejection> {
        if self.stay.is_closed() {
            return Err(Rejection::NotSeated);
        }
        // Whoever works here and may let others in needs nobody.
        if self.takes(coming) != Takes::Nothing && context.actor.must_be(&[Role::Waiter]).is_err() {
            return self.decide_ask(name, coming.back, context);
        }
        Ok(GuestsEvent::GuestJoined { guest: self.next_guest()?, name: name.cloned(), ask: None })
    }

    fn decide_ask(&self, name: Option<&Name>, back: bool, context: &Context<'_>) -> Result<GuestsEvent, Rejection> {
        self.has_room_for_guests()?;
        if self.entry.asks.iter().filter(|ask| ask.is_waited_for(context.now)).count() >= MAX_ASKS {
            return Err(Rejection::TooFast);
        }
        let ask = AskNo(self.entry.last_ask.map_or(1, |last| last.0.saturating_add(1)));
        Ok(GuestsEvent::JoinAsked { ask, name: name.cloned(), back })
    }
}
