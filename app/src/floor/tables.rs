//! Every table with its state, and what it needs, oldest need first. Pure.

use std::sync::Arc;

use domain::floor::{Floor, HouseRules, Table};
use domain::seating::{ASKS_FOR_MS, Item, ItemState, Round, Seating};
use domain::{RoundNo, SeatingId, TableId, Time};

use crate::staff::in_order;

/// After how many minutes a party that has ordered nothing needs somebody.
pub const UNORDERED_AFTER_MIN: u64 = 10;

/// A table and who sits there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableCard {
    /// The table.
    pub table: Table,
    /// Who sits there; none: it is free.
    pub party: Option<Party>,
}

/// A party, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// Their stay.
    pub seating: SeatingRef,
    /// Since when they are here.
    pub since: Time,
    /// How many have joined.
    pub guests: usize,
    /// How many dishes are in the cart.
    pub in_cart: u32,
    /// How many rounds were sent.
    pub rounds: usize,
    /// How many dishes the kitchen still owes.
    pub in_kitchen: u32,
    /// When they were sent, and how many dishes each time; oldest first.
    pub owed: Vec<(Time, u32)>,
    /// How many dishes can be carried out.
    pub to_serve: u32,
    /// Since when the oldest of them can.
    pub ready_since: Option<Time>,
    /// The rounds of which something can be carried out.
    pub ready_rounds: Vec<RoundNo>,
    /// How many dishes of a first round wait until somebody accepts it, and since when.
    pub waiting: Option<(u32, Time)>,
    /// From when on each who asks to be let in needs somebody who works here, and until when; oldest first.
    pub asks: Vec<(Time, Time)>,
}

/// A stay that may not be known yet.
pub type SeatingRef = Option<SeatingId>;

/// What a table waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mood {
    /// Nobody sits there.
    Free,
    /// Nothing was sent yet.
    Choosing,
    /// The kitchen has something of theirs.
    InKitchen,
    /// The kitchen has it for too long.
    Late,
    /// Something can be carried out.
    ToServe,
    /// Everything that was sent is on the table.
    Served,
}

impl Party {
    /// Counts what a party has and waits for.
    pub fn of(id: SeatingId, since: Time, seating: &Seating) -> Self {
        let mut party = Self {
            seating: Some(id),
            since,
            guests: seating.guests_here().count(),
            in_cart: seating.cart.iter().map(|line| u32::from(line.quantity)).sum(),
            rounds: seating.rounds.len(),
            waiting: seating.waiting.as_ref().map(|round| (pieces(round), round.at)),
            asks: asks(seating),
            ..Self::default()
        };
        for round in &seating.rounds {
            let count = |fits: fn(&&Item) -> bool| -> u32 {
                round.items.iter().filter(fits).map(|item| u32::from(item.line.quantity)).sum()
            };
            let owed = count(|item| item.state < ItemState::Ready);
            let ready = count(|item| item.state == ItemState::Ready);
            if owed > 0 {
                party.in_kitchen += owed;
                party.owed.push((round.at, owed));
            }
            if ready > 0 {
                party.to_serve += ready;
                party.ready_rounds.push(round.number);
                let oldest = round.items.iter().filter(|item| item.state == ItemState::Ready).map(|item| item.since).min();
                party.ready_since = oldest.map_or(party.ready_since, |at| earlier(party.ready_since, at));
            }
        }
        party
    }

    /// What the party waits for most.
    pub fn mood(&self, now: Time, rules: &HouseRules) -> Mood {
        if self.to_serve > 0 {
            Mood::ToServe
        } else if self.late(now, rules).0 > 0 {
            Mood::Late
        } else if self.in_kitchen > 0 {
            Mood::InKitchen
        } else if self.rounds == 0 {
            Mood::Choosing
        } else {
            Mood::Served
        }
    }
}

impl Party {
    /// How many dishes the kitchen is late with, and since when.
    pub fn late(&self, now: Time, rules: &HouseRules) -> (u32, Option<Time>) {
        let late = || self.owed.iter().filter(|(sent, _)| late_at(*sent, rules) <= now);
        (late().map(|(_, count)| count).sum(), late().map(|(sent, _)| late_at(*sent, rules)).min())
    }
}

/// For how long those who sit at a table are left alone with who asks to be let in, in ms.
const GUESTS_LET_IN_WITHIN_MS: u64 = 30_000;

/// From when on each who asks needs somebody who works here, and until when they are waited for.
fn asks(seating: &Seating) -> Vec<(Time, Time)> {
    let guests_may = seating.entry.joining.guests_let_in() && seating.guests_here().next().is_some();
    let after_ms = if guests_may { GUESTS_LET_IN_WITHIN_MS } else { 0 };
    let needs = |at: Time| (Time(at.0.saturating_add(after_ms)), Time(at.0.saturating_add(ASKS_FOR_MS)));
    seating.entry.asks.iter().map(|ask| needs(ask.at)).collect()
}

fn pieces(round: &Round) -> u32 {
    round.items.iter().map(|item| u32::from(item.line.quantity)).sum()
}

fn earlier(known: Option<Time>, other: Time) -> Option<Time> {
    Some(known.map_or(other, |known| known.min(other)))
}

fn minutes_after(at: Time, minutes: u64) -> Time {
    Time(at.0.saturating_add(minutes * 60_000))
}

fn late_at(sent: Time, rules: &HouseRules) -> Time {
    minutes_after(sent, u64::from(rules.late_after_min))
}

/// Every table, in the venue's order. `seating` finds the stay of an id, where it is known already.
pub fn cards(floor: &Floor, mut party: impl FnMut(SeatingId, Time) -> Party) -> Vec<Arc<TableCard>> {
    floor
        .tables
        .iter()
        .map(|table| {
            let seated = floor.seated.get(&table.id);
            let party = seated.map(|seated| party(seated.seating, seated.since));
            Arc::new(TableCard { table: table.clone(), party })
        })
        .collect()
}

/// The areas, in the order in which the venue names them first.
pub fn areas(cards: &[Arc<TableCard>]) -> Vec<String> {
    let mut areas: Vec<String> = Vec::new();
    for card in cards {
        if !areas.contains(&card.table.area) {
            areas.push(card.table.area.clone());
        }
    }
    areas
}

/// What kind of thing a table needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NeedKind {
    /// Something is to be carried out.
    Serve,
    /// The kitchen is late: somebody should tell them.
    Late,
    /// They have been here for long and ordered nothing.
    NothingOrdered,
    /// Their first round is to be accepted.
    FirstRound,
    /// Somebody asks to be let in.
    LetIn,
}

/// Something that a table needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Where.
    pub table: TableId,
    /// What stands on the table.
    pub label: String,
    /// What.
    pub kind: NeedKind,
    /// Of how many dishes.
    pub count: u32,
    /// Since when they need it.
    pub since: Time,
}

/// What the tables need now, oldest first.
pub fn needs(cards: &[Arc<TableCard>], rules: &HouseRules, now: Time) -> Vec<Need> {
    let mut needs = Vec::new();
    for card in cards {
        let Some(party) = &card.party else { continue };
        let mut need = |kind, count, since: Time| {
            if since <= now {
                needs.push(Need { table: card.table.id.clone(), label: card.table.label.clone(), kind, count, since });
            }
        };
        if let Some(since) = party.ready_since {
            // What is ready is a need at once, also where this screen's clock is a little behind.
            need(NeedKind::Serve, party.to_serve, since.min(now));
        }
        if let (late, Some(since)) = party.late(now, rules) {
            need(NeedKind::Late, late, since);
        }
        if let Some((count, since)) = party.waiting {
            need(NeedKind::FirstRound, count, since.min(now));
        }
        let asks = || party.asks.iter().filter(|(from, until)| *from <= now && now < *until);
        if let Some((since, _)) = asks().next() {
            need(NeedKind::LetIn, u32::try_from(asks().count()).unwrap_or(u32::MAX), *since);
        }
        if party.rounds == 0 && party.waiting.is_none() {
            need(NeedKind::NothingOrdered, 0, minutes_after(party.since, UNORDERED_AFTER_MIN));
        }
    }
    in_order(needs, |need| need.since.0)
}

/// Whether something can be carried out at a table that could not be before, or a first round is to be accepted.
pub fn calls_somebody(before: &[Arc<TableCard>], now: &[Arc<TableCard>]) -> bool {
    let of = |cards: &[Arc<TableCard>], table: &TableId| {
        let party = cards.iter().find(|card| card.table.id == *table).and_then(|card| card.party.as_ref());
        party.map_or((0, false), |party| (party.to_serve, party.waiting.is_some()))
    };
    now.iter().any(|card| {
        let (was, is) = (of(before, &card.table.id), of(now, &card.table.id));
        is.0 > was.0 || (is.1 && !was.1)
    })
}

#[cfg(test)]
#[path = "tables_tests.rs"]
mod tests;
