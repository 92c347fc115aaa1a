//! The access stream of a venue: who works here as what, and which code leads to which table.
//!
//! It is a stream like the others, so that a renewed code or a sign-out reaches every server the way
//! an order does; but it never leaves the servers.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{StaffId, TableId, TableToken};
use crate::rejection::Rejection;
use crate::stream::{Context, Fold, Progress, REMEMBERED_FOR_LONG, Recorded, Role, Time};
use crate::text::Name;

/// The most people who can work in one venue.
pub const MAX_STAFF: usize = 500;

/// Who may do what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// How far the stream was folded.
    pub progress: Progress,
    /// Who works here.
    pub staff: BTreeMap<StaffId, StaffMember>,
    /// Each table's code. A table has one; the old one stops working when it is renewed.
    pub tokens: BTreeMap<TableId, TableToken>,
}

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMember {
    /// What they are called.
    pub name: Name,
    /// What they do.
    pub role: Role,
    /// How a password is recognised.
    pub password: PasswordHash,
    /// Sign-ins before this are worth nothing.
    pub signed_out_before: Time,
}

/// A password's hash in PHC string format, made and checked by the server.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// What happens to who may do what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AccessEvent {
    /// Somebody works here from now on, or does something else, or has another password.
    StaffSet {
        /// Who.
        id: StaffId,
        /// What they are called.
        name: Name,
        /// What they do.
        role: Role,
        /// How a password is recognised.
        password: PasswordHash,
    },
    /// Somebody works here no longer.
    StaffLeft {
        /// Who.
        id: StaffId,
    },
    /// Every sign-in of theirs until now is worth nothing.
    StaffSignedOut {
        /// Who.
        id: StaffId,
    },
    /// The table's code is this one from now on.
    TokenSet {
        /// Which table.
        table: TableId,
        /// Its code.
        token: TableToken,
    },
    /// A command that had been sent before is refused, and stays so (see [`Progress::refusal_of`]).
    Refused {
        /// Why.
        reason: Rejection,
    },
    /// The table has no code any more.
    TokenRemoved {
        /// Which table.
        table: TableId,
    },
    /// Something that a later release records; it changes nothing here.
    #[default]
    #[serde(other)]
    Unknown,
}

/// What can be asked about who may do what. Managers; everybody may sign themselves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AccessCommand {
    /// Lets somebody work here, or changes what they do or how they sign in.
    SetStaff {
        /// Who.
        id: StaffId,
        /// What they are called.
        name: Name,
        /// What they do.
        role: Role,
        /// How a password is recognised.
        password: PasswordHash,
    },
    /// Ends somebody's work here.
    RemoveStaff {
        /// Who.
        id: StaffId,
    },
    /// Ends every sign-in of somebody.
    SignOut {
        /// Who.
        id: StaffId,
    },
    /// Gives a table a code; the one before stops working.
    SetToken {
        /// Which table.
        table: TableId,
        /// Its code.
        token: TableToken,
    },
    /// Gives a table its code, if it has none.
    GiveToken {
        /// Which table.
        table: TableId,
        /// Its code.
        token: TableToken,
    },
    /// Ends a table's code: the table is gone.
    RemoveToken {
        /// Which table.
        table: TableId,
    },
}

impl Access {
    /// The table to which a code leads.
    pub fn table_of(&self, token: TableToken) -> Option<&TableId> {
        self.tokens.iter().find(|(_, known)| **known == token).map(|(table, _)| table)
    }

    /// The tables that have a code, and are none of these: their codes have to end, or they would lead to whatever is
    /// called the same one day.
    pub fn codes_without_a_table<'a>(&'a self, tables: &'a [TableId]) -> impl Iterator<Item = &'a TableId> {
        self.tokens.keys().filter(|table| !tables.contains(table))
    }

    /// Refuses where that one is the only manager: nobody, not even the installation, locks a venue's people out.
    fn keeps_a_manager_without(&self, id: &StaffId) -> Result<(), Rejection> {
        let is_manager = |member: &StaffMember| member.role == Role::Manager;
        let others = || self.staff.iter().any(|(other, member)| other != id && is_manager(member));
        if self.staff.get(id).is_some_and(is_manager) && !others() { Err(Rejection::LastManager) } else { Ok(()) }
    }

    /// The role of somebody who signed in at `signed_in_at`, if that sign-in still counts.
    pub fn role_of(&self, id: &StaffId, signed_in_at: Time) -> Option<Role> {
        self.staff.get(id).filter(|member| signed_in_at >= member.signed_out_before).map(|member| member.role)
    }
}

impl Fold for Access {
    type Event = AccessEvent;
    type Command = AccessCommand;

    fn decide(&self, command: &AccessCommand, context: &Context<'_>) -> Result<Vec<AccessEvent>, Rejection> {
        let own = matches!((&context.actor, command),
            (crate::Actor::Staff { id: actor, .. }, AccessCommand::SignOut { id }) if actor == id);
        if !own {
            context.actor.must_be(&[])?;
        }
        let known = |id: &StaffId| self.staff.contains_key(id).then_some(()).ok_or(Rejection::Unchanged);
        match command.clone() {
            AccessCommand::SetStaff { id, name, role, password } => {
                if self.staff.len() >= MAX_STAFF && !self.staff.contains_key(&id) {
                    return Err(Rejection::RecordFull);
                }
                if role != Role::Manager {
                    self.keeps_a_manager_without(&id)?;
                }
                Ok(vec![AccessEvent::StaffSet { id, name, role, password }])
            }
            AccessCommand::RemoveStaff { id } => {
                known(&id)?;
                self.keeps_a_manager_without(&id)?;
                Ok(vec![AccessEvent::StaffLeft { id }])
            }
            AccessCommand::SignOut { id } => known(&id).map(|()| vec![AccessEvent::StaffSignedOut { id }]),
            AccessCommand::GiveToken { table, .. } if self.tokens.contains_key(&table) => Err(Rejection::Unchanged),
            AccessCommand::SetToken { table, token } | AccessCommand::GiveToken { table, token } => {
                if self.table_of(token).is_some() {
                    return Err(Rejection::IdTaken);
                }
                Ok(vec![AccessEvent::TokenSet { table, token }])
            }
            AccessCommand::RemoveToken { table } => {
                self.tokens.get(&table).ok_or(Rejection::Unchanged)?;
                Ok(vec![AccessEvent::TokenRemoved { table }])
            }
        }
    }

    fn evolve(&mut self, recorded: &Recorded<AccessEvent>) {
        self.progress.note(recorded, REMEMBERED_FOR_LONG);
        match recorded.event.clone() {
            AccessEvent::StaffSet { id, name, role, password } => {
                let signed_out_before = recorded.at;
                self.staff.insert(id, StaffMember { name, role, password, signed_out_before });
            }
            AccessEvent::StaffLeft { id } => {
                self.staff.remove(&id);
            }
            AccessEvent::StaffSignedOut { id } => {
                if let Some(member) = self.staff.get_mut(&id) {
                    // A sign-in of this very millisecond is ended too.
                    member.signed_out_before = Time(recorded.at.0.saturating_add(1));
                }
            }
            AccessEvent::TokenSet { table, token } => {
                self.tokens.insert(table, token);
            }
            AccessEvent::Refused { reason } => self.progress.note_refusal(recorded.mutation, reason),
            AccessEvent::TokenRemoved { table } => {
                self.tokens.remove(&table);
            }
            AccessEvent::Unknown => {}
        }
    }

    fn refusal(reason: Rejection) -> AccessEvent {
        AccessEvent::Refused { reason }
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }
}
