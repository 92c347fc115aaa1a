//! What leads to a table: the code that is printed on it.

use super::{Access, AccessEvent};
use crate::ids::{TableId, TableToken};
use crate::rejection::Rejection;

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
}

pub(super) fn set(access: &Access, table: TableId, token: TableToken) -> Result<Vec<AccessEvent>, Rejection> {
    if access.table_of(token).is_some() {
        return Err(Rejection::IdTaken);
    }
    Ok(vec![AccessEvent::TokenSet { table, token }])
}

pub(super) fn give(access: &Access, table: TableId, token: TableToken) -> Result<Vec<AccessEvent>, Rejection> {
    if access.tokens.contains_key(&table) { Err(Rejection::Unchanged) } else { set(access, table, token) }
}

pub(super) fn remove(access: &Access, table: TableId) -> Result<Vec<AccessEvent>, Rejection> {
    access.tokens.get(&table).ok_or(Rejection::Unchanged)?;
    Ok(vec![AccessEvent::TokenRemoved { table }])
}
