//! The board: every ticket that is open or was just finished, in the order in which they are worked.
//! Pure, so that the wall can be tested without one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::floor::Floor;
use domain::menu::Menu;
use domain::seating::{Item, ItemState, Seating, Ticket};
use domain::{DishId, Language, LineId, RoundNo, SeatingId, StationId, Time};

use crate::staff::in_order;

/// For how long a ticket keeps its place after it was bumped, so that nothing moves under a hand.
pub const LEAVES_AFTER_MS: u64 = 5_000;
/// How many finished tickets are offered for recall.
pub const RECENT: usize = 12;

/// Which ticket: what one round asks of one station.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketKey {
    /// The party.
    pub seating: SeatingId,
    /// Its round.
    pub round: RoundNo,
    /// The station.
    pub station: StationId,
}

impl TicketKey {
    /// The id of the ticket's element.
    pub fn element_id(&self) -> String {
        format!("ticket-{}-{}-{}", self.seating, self.round.0, self.station)
    }
}

/// A ticket, as the wall shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Which.
    pub key: TicketKey,
    /// What stands on the table.
    pub table: String,
    /// What the staff call the station.
    pub station_name: String,
    /// When the round was sent.
    pub at: Time,
    /// What the station still owes: the state of the item that is least far.
    pub state: ItemState,
    /// When the last of its items changed.
    pub changed_at: Time,
    /// Its items, in the cart's order.
    pub items: Vec<CardItem>,
    /// What other stations still owe of the round.
    pub elsewhere: Vec<Elsewhere>,
    /// Something of it is not confirmed by the server yet.
    pub waiting: bool,
}

/// An item of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardItem {
    /// Its line.
    pub line: LineId,
    /// The dish.
    pub dish: DishId,
    /// How many.
    pub quantity: u16,
    /// What the dish is called.
    pub name: String,
    /// The chosen options.
    pub options: Vec<String>,
    /// For the cook.
    pub note: Option<String>,
    /// How far it is.
    pub state: ItemState,
    /// Since when.
    pub since: Time,
    /// Its state is not confirmed by the server yet.
    pub waiting: bool,
}

/// Another station that works on the same round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// What the staff call it.
    pub station_name: String,
    /// How many of its items are not ready; 0: it is done.
    pub owes: usize,
}

impl Card {
    /// Whether the station still has work with it.
    pub fn is_open(&self) -> bool {
        self.state < ItemState::Ready
    }

    /// Whether it was bumped so lately that it keeps its place.
    pub fn is_leaving(&self, now: Time) -> bool {
        self.state == ItemState::Ready && now.ms_since(self.changed_at) < LEAVES_AFTER_MS
    }

    /// Whether something is ready and not yet served: what a recall brings back.
    pub fn has_ready(&self) -> bool {
        self.items.iter().any(|item| item.state == ItemState::Ready)
    }
}

/// Where tickets come from: what is called how.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The tables.
    pub floor: &'a Floor,
    /// The stations.
    pub menu: &'a Menu,
    /// In which language.
    pub language: Language,
}

impl Names<'_> {
    fn station(&self, id: &StationId) -> String {
        self.menu.catalog.station(id).map_or_else(|| id.to_string(), |s| s.name.in_language(self.language).to_owned())
    }

    /// The table of a party, also after the furniture was laid anew.
    fn table(&self, id: SeatingId) -> String {
        let table = self.floor.table_of(id);
        let label = table.and_then(|table| self.floor.table(table)).map(|table| table.label.clone());
        label.or_else(|| table.map(ToString::to_string)).unwrap_or_else(|| "?".to_owned())
    }

    /// The tickets of a party that the wall may show. Items that differ from `confirmed` are waiting.
    pub fn cards(&self, id: SeatingId, shown: &Seating, confirmed: &Seating) -> Vec<Card> {
        let mut cards = Vec::new();
        for round in &shown.rounds {
            if round.items.iter().all(|item| item.state.is_over()) {
                continue;
            }
            let known = confirmed.round(round.number);
            let is_waiting = |item: &Item| {
                let same = known.and_then(|round| round.items.iter().find(|other| other.line.id == item.line.id));
                same.is_none_or(|other| other.state != item.state)
            };
            let tickets = round.tickets();
            for ticket in &tickets {
                if ticket.state().is_over() {
                    continue;
                }
                let items: Vec<_> = ticket.items.iter().map(|item| self.item(item, is_waiting(item))).collect();
                cards.push(Card {
                    key: TicketKey { seating: id, round: round.number, station: ticket.station.clone() },
                    table: self.table(id),
                    station_name: self.station(ticket.station),
                    at: round.at,
                    state: ticket.state(),
                    changed_at: ticket.changed_at(),
                    waiting: items.iter().any(|item| item.waiting),
                    items,
                    elsewhere: self.elsewhere(ticket, &tickets),
                });
            }
        }
        cards
    }

    fn item(&self, item: &Item, waiting: bool) -> CardItem {
        CardItem {
            line: item.line.id,
            dish: item.line.dish.clone(),
            quantity: item.line.quantity,
            name: item.line.name.in_language(self.language).to_owned(),
            options: item.line.options.iter().map(|o| o.name.in_language(self.language).to_owned()).collect(),
            note: item.line.note.as_ref().map(ToString::to_string),
            state: item.state,
            since: item.since,
            waiting,
        }
    }

    fn elsewhere(&self, of: &Ticket<'_>, tickets: &[Ticket<'_>]) -> Vec<Elsewhere> {
        tickets
            .iter()
            .filter(|ticket| ticket.station != of.station)
            .map(|ticket| Elsewhere {
                station_name: self.station(ticket.station),
                owes: ticket.items.iter().filter(|item| item.state < ItemState::Ready).count(),
            })
            .collect()
    }
}

/// Every ticket that is open, or was finished and is not served yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// Oldest first.
    cards: Vec<Arc<Card>>,
}

impl Board {
    /// Puts tickets in the order in which they are worked: who ordered first is served first. What was
    /// ordered at once keeps its order.
    pub fn new(cards: Vec<Card>) -> Self {
        Self { cards: in_order(cards, |card| card.at.0).into_iter().map(Arc::new).collect() }
    }

    /// A ticket.
    pub fn get(&self, key: &TicketKey) -> Option<Arc<Card>> {
        self.cards.iter().find(|card| card.key == *key).cloned()
    }

    /// Every ticket that a station still has work with.
    pub fn open(&self) -> impl Iterator<Item = &Arc<Card>> {
        self.cards.iter().filter(|card| card.is_open())
    }

    /// What stands on the wall of a station (none: of all), oldest first.
    pub fn on_wall(&self, station: Option<&StationId>, now: Time) -> Vec<TicketKey> {
        self.at(station).filter(|card| card.is_open() || card.is_leaving(now)).map(|card| card.key.clone()).collect()
    }

    /// What was finished last at a station (none: at all), newest first.
    pub fn recent(&self, station: Option<&StationId>) -> Vec<Arc<Card>> {
        let done = self.at(station).filter(|card| !card.is_open()).cloned().collect();
        let mut done = in_order(done, |card: &Arc<Card>| u64::MAX - card.changed_at.0);
        done.truncate(RECENT);
        done
    }

    /// How many tickets a station (none: all) still has work with.
    pub fn count(&self, station: Option<&StationId>) -> usize {
        self.at(station).filter(|card| card.is_open()).count()
    }

    /// How many of each dish are not ready, at a station (none: at all): most first.
    pub fn all_day(&self, station: Option<&StationId>) -> Vec<(String, u32)> {
        let mut counts: BTreeMap<&DishId, (&str, u32)> = BTreeMap::new();
        let open = self.at(station).flat_map(|card| &card.items).filter(|item| item.state < ItemState::Ready);
        for item in open {
            counts.entry(&item.dish).or_insert((&item.name, 0)).1 += u32::from(item.quantity);
        }
        let counts = counts.into_values().map(|(name, count)| (name.to_owned(), count)).collect();
        in_order(counts, |(_, count)| u64::from(u32::MAX - count))
    }

    /// Open tickets that `before` did not have.
    pub fn arrived_since(&self, before: &Self) -> Vec<Arc<Card>> {
        let known: BTreeSet<&TicketKey> = before.cards.iter().map(|card| &card.key).collect();
        self.open().filter(|card| !known.contains(&card.key)).cloned().collect()
    }

    /// Tickets that were open in `before`, and are nowhere now.
    pub fn gone_since(&self, before: &Self) -> Vec<Arc<Card>> {
        let here: BTreeSet<&TicketKey> = self.cards.iter().map(|card| &card.key).collect();
        before.open().filter(|card| !here.contains(&card.key)).cloned().collect()
    }

    fn at(&self, station: Option<&StationId>) -> impl Iterator<Item = &Arc<Card>> {
        self.cards.iter().filter(move |card| station.is_none_or(|station| card.key.station == *station))
    }
}

#[cfg(test)]
#[path = "board_tests.rs"]
mod tests;
