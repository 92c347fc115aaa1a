//! The floor stream of a venue: its tables, its house rules, and which seating sits where.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fold::{Context, Fold};
use crate::ids::{SeatingId, TableId};
use crate::rejection::Rejection;
use crate::stream::{Progress, REMEMBERED_FOR_LONG, Recorded, Role, Time};

/// The most tables of one venue.
pub const MAX_TABLES: usize = 1_000;
/// The longest label of a table or an area, in characters.
pub const LABEL_MAX_CHARS: usize = 24;

/// Who sits where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    /// How far the stream was folded.
    pub progress: Progress,
    /// The tables, in the order in which they are shown.
    pub tables: Vec<Table>,
    /// How this house does things.
    pub rules: HouseRules,
    /// The tables at which somebody sits.
    pub seated: BTreeMap<TableId, Seated>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its id.
    pub id: TableId,
    /// What stands on it: `7`, `Terrace 2`.
    pub label: String,
    /// The part of the house.
    pub area: String,
    /// How many people fit.
    pub seats: u16,
}

/// Somebody sits there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seated {
    /// Their stay.
    pub seating: SeatingId,
    /// Since when.
    pub since: Time,
}

/// What it takes to open a table, and to join who sits there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Joining {
    /// The table's code is enough for both.
    #[default]
    Open,
    /// Staff open the table; then the code is enough.
    StaffOpens,
    /// The code opens a table; who comes later is let in by somebody who sits there, by the number on their phones, or by
    /// staff.
    Approve,
    /// Staff open the table and let everybody in.
    Staff,
    /// Something that a later release knows; here it is the strictest of all, and nobody can set it.
    #[serde(other)]
    Unknown,
}

impl Joining {
    /// Whether a table's code opens it.
    pub const fn opens_by_code(self) -> bool {
        matches!(self, Self::Open | Self::Approve)
    }

    /// Whether somebody with the code can join a party without anybody's consent.
    pub const fn joins_by_code(self) -> bool {
        matches!(self, Self::Open | Self::StaffOpens)
    }

    /// Whether whoever sits at a table may let others in.
    pub const fn guests_let_in(self) -> bool {
        matches!(self, Self::Open | Self::StaffOpens | Self::Approve)
    }

    /// Whether it is what a log says that says nothing of it.
    pub fn is_open(&self) -> bool {
        *self == Self::Open
    }
}

/// How this house does things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseRules {
    /// What it takes to open a table, and to join who sits there.
    #[serde(default)]
    pub joining: Joining,
    /// Whether a party's first round waits until a waiter accepts it, unless staff let everybody in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approve_first_round: bool,
    /// After how many minutes a ticket is to be watched.
    #[serde(default = "watch_after_min")]
    pub watch_after_min: u16,
    /// After how many minutes a ticket is late.
    #[serde(default = "late_after_min")]
    pub late_after_min: u16,
}

const fn watch_after_min() -> u16 {
    5
}

const fn late_after_min() -> u16 {
    8
}

impl Default for HouseRules {
    fn default() -> Self {
        let (joining, approve_first_round) = (Joining::default(), false);
        Self { joining, approve_first_round, watch_after_min: watch_after_min(), late_after_min: late_after_min() }
    }
}

/// What happens on a floor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FloorEvent {
    /// These are the tables from now on.
    TablesLaid {
        /// All of them.
        tables: Vec<Table>,
    },
    /// These are the house rules from now on.
    HouseRulesSet {
        /// All of them.
        rules: HouseRules,
    },
    /// A party sat down.
    TableOpened {
        /// Where.
        table: TableId,
        /// Their stay.
        seating: SeatingId,
    },
    /// The party left.
    TableFreed {
        /// Where.
        table: TableId,
        /// Their stay.
        seating: SeatingId,
    },
    /// A command that had been sent before is refused, and stays so (see [`Progress::refusal_of`]).
    Refused {
        /// Why.
        reason: Rejection,
    },
    /// Something that a later release records; it changes nothing here.
    #[default]
    #[serde(other)]
    Unknown,
}

/// What can be asked of a floor alone. Opening and closing tables is [`crate::visit`]'s.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FloorCommand {
    /// Lays the tables anew. Managers.
    LayTables {
        /// All of them; a table at which somebody sits must stay.
        tables: Vec<Table>,
    },
    /// Sets the house rules. Managers.
    SetHouseRules {
        /// All of them.
        rules: HouseRules,
    },
}

impl Floor {
    /// The table of that id.
    pub fn table(&self, id: &TableId) -> Option<&Table> {
        self.tables.iter().find(|table| table.id == *id)
    }

    /// The table at which that party sits.
    pub fn table_of(&self, seating: SeatingId) -> Option<&TableId> {
        self.seated.iter().find(|(_, seated)| seated.seating == seating).map(|(table, _)| table)
    }

    pub(crate) fn decide_open(
        &self,
        table: &TableId,
        seating: SeatingId,
        context: &Context<'_>,
    ) -> Result<Vec<FloorEvent>, Rejection> {
        // Whoever holds a code may also be a guest of another table, so this names who may, not who may not.
        if !self.rules.joining.opens_by_code() && context.actor.must_be(&[Role::Waiter]).is_err() {
            return Err(Rejection::StaffOpensTables);
        }
        self.table(table).ok_or(Rejection::NoSuchTable)?;
        if self.seated.contains_key(table) {
            return Err(Rejection::TableTaken);
        }
        Ok(vec![FloorEvent::TableOpened { table: table.clone(), seating }])
    }

    pub(crate) fn decide_free(&self, table: &TableId, context: &Context<'_>) -> Result<Vec<FloorEvent>, Rejection> {
        context.actor.must_be(&[Role::Waiter])?;
        self.table(table).ok_or(Rejection::NoSuchTable)?;
        let seated = self.seated.get(table).ok_or(Rejection::TableFree)?;
        Ok(vec![FloorEvent::TableFreed { table: table.clone(), seating: seated.seating }])
    }

    pub(crate) fn can_lay(&self, tables: &[Table]) -> bool {
        let label_fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= LABEL_MAX_CHARS;
        let mut ids: Vec<&TableId> = tables.iter().map(|t| &t.id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len() == tables.len()
            && (1..=MAX_TABLES).contains(&tables.len())
            && tables.iter().all(|t| label_fits(&t.label) && label_fits(&t.area))
            && self.seated.keys().all(|id| tables.iter().any(|t| t.id == *id))
    }
}

impl Fold for Floor {
    type Event = FloorEvent;
    type Command = FloorCommand;

    fn decide(&self, command: &FloorCommand, context: &Context<'_>) -> Result<Vec<FloorEvent>, Rejection> {
        context.actor.must_be(&[])?;
        match command {
            FloorCommand::LayTables { tables } if self.tables == *tables => Err(Rejection::Unchanged),
            FloorCommand::LayTables { tables } if !self.can_lay(tables) => Err(Rejection::NotPublishable),
            FloorCommand::LayTables { tables } => Ok(vec![FloorEvent::TablesLaid { tables: tables.clone() }]),
            FloorCommand::SetHouseRules { rules } if self.rules == *rules => Err(Rejection::Unchanged),
            FloorCommand::SetHouseRules { rules } if rules.joining == Joining::Unknown => Err(Rejection::NotPublishable),
            FloorCommand::SetHouseRules { rules } => Ok(vec![FloorEvent::HouseRulesSet { rules: rules.clone() }]),
        }
    }

    fn evolve(&mut self, recorded: &Recorded<FloorEvent>) {
        self.progress.note(recorded, REMEMBERED_FOR_LONG);
        match &recorded.event {
            FloorEvent::TablesLaid { tables } => self.tables.clone_from(tables),
            FloorEvent::HouseRulesSet { rules } => self.rules = rules.clone(),
            FloorEvent::TableOpened { table, seating } => {
                self.seated.insert(table.clone(), Seated { seating: *seating, since: recorded.at });
            }
            FloorEvent::TableFreed { table, seating } => {
                if self.seated.get(table).is_some_and(|seated| seated.seating == *seating) {
                    self.seated.remove(table);
                }
            }
            FloorEvent::Refused { reason } => self.progress.note_refusal(recorded.mutation, *reason),
            FloorEvent::Unknown => {}
        }
    }

    fn refusal(reason: Rejection) -> FloorEvent {
        FloorEvent::Refused { reason }
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }
}
