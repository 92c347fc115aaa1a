//! What the wall is showing, and what its buttons do.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::seating::{ItemState, KitchenCommand, TicketItems};
use domain::{LineId, StationId, Time};
use leptos::prelude::*;

use super::age::Age;
use super::board::{Board, Card, Names, TicketKey};
use crate::device::{self, Sound};
use crate::live::House;
use crate::words::{Speech, speech};

/// For how long a ticket is marked as new.
const NEW_FOR_MS: u64 = 12_000;
/// A second tap within this time is the first one's bounce.
const BOUNCES_FOR_MS: u64 = 600;
/// The most withdrawn tickets that are kept until somebody has seen them.
const MAX_WITHDRAWN: usize = 40;

/// What the wall is showing. Copied freely: it is handles.
#[derive(Clone, Copy)]
pub struct Wall {
    /// The house.
    pub house: House,
    /// The page's language.
    pub speech: Speech,
    /// Whose tickets are shown; none: everybody's.
    pub station: RwSignal<Option<StationId>>,
    /// Every ticket.
    pub board: Memo<Arc<Board>>,
    /// The tickets on the wall, on every page, oldest first.
    pub shown: Memo<Vec<TicketKey>>,
    /// On which page each of `shown` stands, once it was measured, and how many pages there are.
    pub places: RwSignal<Places>,
    /// Which page is shown; 0 is the first.
    pub page: RwSignal<usize>,
    /// Tickets whose table was closed; they stay until somebody has seen them.
    pub withdrawn: RwSignal<Vec<Arc<Card>>>,
    /// When tickets came that came while the page was open.
    arrived: RwSignal<BTreeMap<TicketKey, Time>>,
    /// Whether sounds are allowed.
    pub sound: RwSignal<bool>,
    /// Whether single keys act; they can be switched off (WCAG 2.1.4).
    pub keys: RwSignal<bool>,
    /// Whether the all-day counts are shown.
    pub all_day: RwSignal<bool>,
    /// Whether the dialog of sold-out dishes is open.
    pub sold_out: RwSignal<bool>,
}

/// Where tickets stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The page of each ticket, in their order.
    pub page_of: Vec<usize>,
    /// How many pages there are; 0 before the first measuring.
    pub pages: usize,
}

impl Wall {
    /// A wall that shows the house.
    pub fn new(house: House) -> Self {
        let speech = speech();
        let station = RwSignal::new(None::<StationId>);
        let board = Memo::new(move |_| Arc::new(board(house, speech)));
        let shown = Memo::new(move |_| {
            let now = house.clock.get();
            station.with(|station| board.with(|board| board.on_wall(station.as_ref(), now)))
        });
        Self {
            house,
            speech,
            station,
            board,
            shown,
            places: RwSignal::default(),
            page: RwSignal::new(0),
            withdrawn: RwSignal::default(),
            arrived: RwSignal::default(),
            sound: RwSignal::new(false),
            keys: RwSignal::new(true),
            all_day: RwSignal::new(false),
            sold_out: RwSignal::new(false),
        }
    }

    /// Notices what comes and what is withdrawn. Call it in an effect.
    pub fn notice(self, before: Option<Arc<Board>>) -> Arc<Board> {
        let board = self.board.get();
        let Some(before) = before else { return board };
        let arrived = board.arrived_since(&before);
        if !arrived.is_empty() {
            let now = self.house.clock.read();
            self.arrived.update(|known| {
                known.retain(|_, at| now.ms_since(*at) < NEW_FOR_MS);
                known.extend(arrived.iter().map(|card| (card.key.clone(), now)));
            });
            self.sound_for(Sound::New, &arrived);
        }
        let mut withdrawn = board.gone_since(&before);
        // What was served has gone the right way; whose party has left has not.
        withdrawn.retain(|card| untrack(|| self.house.read_seating(card.key.seating, |_, _| ()).is_none()));
        if !withdrawn.is_empty() {
            self.sound_for(Sound::Void, &withdrawn);
            self.withdrawn.update(|all| {
                all.extend(withdrawn);
                let too_many = all.len().saturating_sub(MAX_WITHDRAWN);
                all.drain(..too_many);
            });
        }
        board
    }

    fn sound_for(self, sound: Sound, cards: &[Arc<Card>]) {
        let concerned = cards.iter().any(|card| self.is_shown_station(&card.key.station));
        if concerned && self.sound.get_untracked() {
            device::play(sound);
        }
    }

    fn is_shown_station(self, station: &StationId) -> bool {
        self.station.with_untracked(|shown| shown.as_ref().is_none_or(|shown| shown == station))
    }

    /// A ticket's age, live.
    pub fn age(self, card: &Card) -> Age {
        let now = self.house.clock.get();
        self.house.floor(|floor| Age::of(card.at, now, &floor.rules))
    }

    /// Whether a ticket came just now, live.
    pub fn is_new(self, key: &TicketKey) -> bool {
        let at = self.arrived.with(|arrived| arrived.get(key).copied());
        at.is_some_and(|at| self.house.clock.get().ms_since(at) < NEW_FOR_MS)
    }

    /// The tickets on the page that is shown, in their order, live.
    pub fn on_page(self) -> Vec<TicketKey> {
        let page = self.page.get();
        let shown = self.shown.get();
        self.places
            .with(|places| shown.into_iter().zip(&places.page_of).filter(|(_, of)| **of == page).map(|(key, _)| key).collect())
    }

    /// Turns pages; it stops at both ends.
    pub fn turn(self, by: isize) {
        let last = self.places.with_untracked(|places| places.pages.saturating_sub(1));
        self.page.update(|page| *page = page.saturating_add_signed(by).min(last));
    }

    /// Begins with a ticket.
    pub fn start(self, key: &TicketKey) {
        if self.card(key).is_some_and(|card| card.state == ItemState::Received) {
            self.ask(key, KitchenCommand::Start { round: key.round, station: key.station.clone() });
        }
    }

    /// Bumps a ticket.
    pub fn bump(self, key: &TicketKey) {
        if self.has_settled(key) {
            self.ask(
                key,
                KitchenCommand::Bump(TicketItems { round: key.round, station: key.station.clone(), lines: Vec::new() }),
            );
        }
    }

    /// Starts a ticket, or bumps it if it was started.
    pub fn step(self, key: &TicketKey) {
        match self.card(key).map(|card| card.state) {
            Some(ItemState::Received) => self.start(key),
            Some(ItemState::Cooking) => self.bump(key),
            Some(ItemState::Ready | ItemState::Served | ItemState::Unknown) | None => {}
        }
    }

    /// Bumps an item, or takes it back. A finger that bounces does one of them.
    pub fn toggle(self, key: &TicketKey, line: LineId) {
        let Some(card) = self.card(key) else { return };
        let Some(item) = card.items.iter().find(|item| item.line == line) else { return };
        if self.house.clock.read().ms_since(item.since) < BOUNCES_FOR_MS {
            return;
        }
        let (round, station, lines) = (key.round, key.station.clone(), vec![line]);
        self.ask(
            key,
            if item.state < ItemState::Ready {
                KitchenCommand::Bump(TicketItems { round, station, lines })
            } else {
                KitchenCommand::Recall(TicketItems { round, station, lines })
            },
        );
    }

    /// Brings back what of a ticket was bumped and is not served yet.
    pub fn recall(self, key: &TicketKey) {
        if self.card(key).is_some_and(|card| card.has_ready()) {
            // None are named: a waiter may be carrying some of them out at this moment, and those stay served.
            self.ask(
                key,
                KitchenCommand::Recall(TicketItems { round: key.round, station: key.station.clone(), lines: Vec::new() }),
            );
        }
    }

    /// Brings back the ticket that was bumped last.
    pub fn recall_last(self) {
        let last = self.station.with_untracked(|station| {
            self.board.with_untracked(|board| board.recent(station.as_ref()).first().map(|card| card.key.clone()))
        });
        if let Some(key) = last {
            self.recall(&key);
        }
    }

    /// A ticket that was withdrawn.
    pub fn withdrawn_card(self, key: &TicketKey) -> Option<Arc<Card>> {
        self.withdrawn.with_untracked(|all| all.iter().find(|card| card.key == *key).cloned())
    }

    /// Somebody has seen that a ticket was withdrawn.
    pub fn seen(self, key: &TicketKey) {
        self.withdrawn.update(|all| all.retain(|card| card.key != *key));
    }

    fn has_settled(self, key: &TicketKey) -> bool {
        let now = self.house.clock.read();
        self.card(key).is_some_and(|card| card.is_open() && now.ms_since(card.changed_at) >= BOUNCES_FOR_MS)
    }

    fn card(self, key: &TicketKey) -> Option<Arc<Card>> {
        self.board.with_untracked(|board| board.get(key))
    }

    fn ask(self, key: &TicketKey, command: KitchenCommand) {
        self.house.ask_seating(key.seating, command);
    }
}

fn board(house: House, speech: Speech) -> Board {
    let mut cards = Vec::new();
    house.floor(|floor| {
        house.menu(|menu| {
            let names = Names { floor, menu, language: speech.language };
            house.each_seating(&mut |id, shown, confirmed| cards.extend(names.cards(id, shown, confirmed)));
        });
    });
    Board::new(cards)
}
