//! What the floor is showing, and what its buttons do.

use std::sync::Arc;

use domain::seating::{KitchenCommand, SeatingCommand};
use domain::visit::VisitCommand;
use domain::{LineId, RoundNo, SeatingId, TableId};
use leptos::prelude::*;

use super::tables::{self, Need, NeedKind, Party, TableCard};
use crate::device::{self, Sound};
use crate::live::House;
use crate::parts::Calm;
use crate::words::{Speech, speech};

/// What the floor is showing. Copied freely: it is handles.
#[derive(Clone, Copy)]
pub struct Plan {
    /// The house.
    pub house: House,
    /// The page's language.
    pub speech: Speech,
    /// Every table.
    pub cards: Memo<Vec<Arc<TableCard>>>,
    /// What tables need, oldest first.
    pub needs: Memo<Vec<Need>>,
    /// The table whose panel is open.
    pub open: RwSignal<Option<TableId>>,
    /// Whether sounds are allowed.
    pub sound: RwSignal<bool>,
    /// Whether what is tapped in a panel lay there before.
    calm: Calm,
}

/// What is being asked of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// To be opened.
    Open,
    /// To be closed.
    Close,
}

impl Plan {
    /// A plan of the house.
    pub fn new(house: House) -> Self {
        let cards = Memo::new(move |_| {
            let mut parties = Vec::new();
            house.each_seating(&mut |id, shown, _| parties.push((id, Party::of(id, Default::default(), shown))));
            house.floor(|floor| {
                tables::cards(floor, |id, since| {
                    // A stay that has not arrived yet is shown as one that has just begun.
                    let known = parties.iter().find(|(known, _)| *known == id).map(|(_, party)| party.clone());
                    Party { seating: Some(id), since, ..known.unwrap_or_default() }
                })
            })
        });
        let needs = Memo::new(move |_| {
            let now = house.clock.get();
            house.floor(|floor| cards.with(|cards| tables::needs(cards, &floor.rules, now)))
        });
        Self {
            house,
            speech: speech(),
            cards,
            needs,
            open: RwSignal::new(None),
            sound: RwSignal::new(false),
            calm: Calm::default(),
        }
    }

    /// Tells by sound and buzz when food gets ready, or a first round is to be accepted. Call it in an effect.
    pub fn notice(self, before: Option<Vec<Arc<TableCard>>>) -> Vec<Arc<TableCard>> {
        let cards = self.cards.get();
        if before.is_some_and(|before| tables::calls_somebody(&before, &cards)) && self.sound.get_untracked() {
            device::play(Sound::Ready);
            device::buzz();
        }
        cards
    }

    /// A table, live.
    pub fn card(self, id: &TableId) -> Option<Arc<TableCard>> {
        self.cards.with(|cards| cards.iter().find(|card| card.table.id == *id).cloned())
    }

    /// A need, live.
    pub fn need(self, table: &TableId, kind: NeedKind) -> Option<Need> {
        self.needs.with(|needs| needs.iter().find(|need| need.kind == kind && need.table == *table).cloned())
    }

    /// What waits for the server's answer about a table, live.
    pub fn asked(self, id: &TableId) -> Option<Asked> {
        self.house.waiting.with(|waiting| {
            waiting.iter().find_map(|(_, command)| match command {
                VisitCommand::OpenTable { table } if table == id => Some(Asked::Open),
                VisitCommand::CloseTable { table, .. } if table == id => Some(Asked::Close),
                _ => None,
            })
        })
    }

    /// Opens a free table.
    pub fn open_table(self, table: &TableId) {
        if untrack(|| self.asked(table)).is_none() {
            self.house.ask_visit(VisitCommand::OpenTable { table: table.clone() });
        }
    }

    /// Ends a stay.
    pub fn close_table(self, table: &TableId, seating: SeatingId, even_if_unserved: bool) {
        if untrack(|| self.asked(table)).is_none() {
            self.house.ask_visit(VisitCommand::CloseTable { table: table.clone(), seating, even_if_unserved });
        }
    }

    /// Asks something of a stay, which goes from the panel then.
    pub fn ask(self, seating: SeatingId, command: impl Into<SeatingCommand>) {
        if self.calm.moves(self.house.clock.read()) {
            self.house.ask_seating(seating, command);
        }
    }

    /// These dishes are on the table now; none named: all of the round that are ready.
    pub fn serve(self, seating: SeatingId, round: RoundNo, lines: Vec<LineId>) {
        if self.calm.is_meant(self.house.clock.read()) {
            self.house.ask_seating(seating, KitchenCommand::Serve { round, lines });
        }
    }

    /// Everything of a table that is ready is on the table now.
    pub fn serve_all(self, table: &TableId) {
        let party = untrack(|| self.card(table)).and_then(|card| card.party.clone());
        let Some(Party { seating: Some(seating), ready_rounds, .. }) = party else { return };
        for round in ready_rounds {
            self.serve(seating, round, Vec::new());
        }
    }
}
