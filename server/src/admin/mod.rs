//! What whoever runs an installation asks on the command line: who works there, and the codes on its tables.
//!
//! [`control`] is how a running server is asked.

pub mod control;

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use domain::access::AccessCommand;
use domain::{Actor, Name, Rejection, Role, StaffId, TableId, VenueId};
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::identity::{Hashing, passwords};
use crate::service::{Command, Sending, Service};

/// Something that is asked of a venue.
#[derive(Serialize, Deserialize)]
pub struct Request {
    /// Of which; none: of the only one.
    pub venue: Option<VenueId>,
    /// What.
    pub order: Order,
}

/// What can be asked.
#[derive(Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is what the command line says of it; a password or PIN that is none is made")]
pub enum Order {
    ListStaff,
    AddStaff {
        id: StaffId,
        name: Name,
        role: Role,
        password: Option<String>,
    },
    ChangeStaff {
        id: StaffId,
        name: Option<Name>,
        role: Option<Role>,
    },
    RemoveStaff {
        id: StaffId,
    },
    SetPassword {
        id: StaffId,
        password: Option<String>,
    },
    SetPin {
        id: StaffId,
        pin: Option<String>,
    },
    RemovePin {
        id: StaffId,
    },
    SignOut {
        id: Option<StaffId>,
    },
    ListTables,
    /// None named: all.
    RenewTables {
        tables: Vec<TableId>,
    },
}

/// Does what is asked.
#[derive(Clone)]
pub struct Admin {
    /// Executes it.
    pub service: Arc<Service>,
    /// Hashes passwords.
    pub hashing: Hashing,
    /// How links start, where that is known.
    pub base: Option<String>,
}

impl Admin {
    /// Does what is asked, and tells what came of it: lines for people.
    pub async fn carry_out(&self, Request { venue, order }: Request) -> anyhow::Result<String> {
        let venue = self.venue(venue).await?;
        match order {
            Order::ListStaff => self.list_staff(&venue).await,
            Order::AddStaff { id, name, role, password } => {
                let (password, made) = password_or_new(password)?;
                let hash = self.hashing.hash(&venue, &password).await?;
                self.ask(&venue, AccessCommand::AddStaff { id: id.clone(), name, role, password: hash }).await?;
                Ok(told_secret(&format!("{id} works in {venue} now"), "the password", made))
            }
            Order::ChangeStaff { id, name, role } => {
                self.ask(&venue, AccessCommand::ChangeStaff { id: id.clone(), name, role }).await?;
                Ok(format!("{id} is changed\n"))
            }
            Order::RemoveStaff { id } => {
                self.ask(&venue, AccessCommand::RemoveStaff { id: id.clone() }).await?;
                Ok(format!("{id} does not work in {venue} any more\n"))
            }
            Order::SetPassword { id, password } => {
                let (password, made) = password_or_new(password)?;
                let hash = self.hashing.hash(&venue, &password).await?;
                self.ask(&venue, AccessCommand::SetPassword { id: id.clone(), password: hash }).await?;
                Ok(told_secret(&format!("{id} has another password, and is signed out everywhere"), "it", made))
            }
            Order::SetPin { id, pin } => {
                let access = self.service.access(&venue).await?.state;
                let role = access.staff.get(&id).map(|member| member.role).ok_or(Rejection::NoSuchMember)?;
                let made = pin.is_none();
                let pin = pin.unwrap_or_else(|| passwords::generate_pin(role));
                let hash = self.hashing.hash(&venue, passwords::checked_pin(&pin, role)?).await?;
                self.ask(&venue, AccessCommand::SetPin { id: id.clone(), pin: Some(hash) }).await?;
                Ok(told_secret(&format!("{id} has another PIN"), "it", made.then_some(pin)))
            }
            Order::RemovePin { id } => {
                self.ask(&venue, AccessCommand::SetPin { id: id.clone(), pin: None }).await?;
                Ok(format!("{id} has no PIN\n"))
            }
            Order::SignOut { id: Some(id) } => {
                self.ask(&venue, AccessCommand::SignOut { id: id.clone() }).await?;
                Ok(format!("{id} is signed out everywhere\n"))
            }
            Order::SignOut { id: None } => {
                self.ask(&venue, AccessCommand::SignOutEverybody {}).await?;
                Ok(format!("everybody of {venue} is signed out\n"))
            }
            Order::ListTables => self.list_tables(&venue, &[]).await,
            Order::RenewTables { tables } => self.renew_tables(&venue, tables).await,
        }
    }

    /// The venue that is meant.
    async fn venue(&self, named: Option<VenueId>) -> anyhow::Result<VenueId> {
        let mut venues = self.service.log().venues().await.context("can't read the log")?;
        let known = || venues.iter().map(VenueId::to_string).collect::<Vec<_>>().join(", ");
        match named {
            Some(named) if venues.contains(&named) => Ok(named),
            Some(named) => bail!("there is no venue {named}; there is {}", known()),
            None if venues.len() > 1 => bail!("there are several venues; name one with --of: {}", known()),
            None => venues.pop().context("there is no venue here yet"),
        }
    }

    async fn ask(&self, venue: &VenueId, command: AccessCommand) -> anyhow::Result<()> {
        let sending = Sending::first(clock::new_mutation());
        Ok(self.service.see_to(venue, Actor::System, sending, Command::Access(command)).await?)
    }

    async fn list_staff(&self, venue: &VenueId) -> anyhow::Result<String> {
        let access = self.service.access(venue).await?.state;
        let rows = access.staff.iter().map(|(id, member)| {
            let role =
                serde_json::to_value(member.role).ok().and_then(|role| role.as_str().map(str::to_owned)).unwrap_or_default();
            let devices = access.devices.values().filter(|device| device.signed_in_by.as_ref() == Some(id)).count();
            let pin = if member.pin.is_some() { "PIN" } else { "-" };
            [id.to_string(), member.name.to_string(), role, pin.to_owned(), devices.to_string()]
        });
        Ok(columns(["id", "name", "role", "pin", "devices"], rows.collect()))
    }

    /// The links of these tables; none named: of all.
    async fn list_tables(&self, venue: &VenueId, tables: &[TableId]) -> anyhow::Result<String> {
        let access = self.service.access(venue).await?.state;
        let floor = self.service.floor(venue).await?.state;
        let base = self.base.as_deref().unwrap_or_default();
        let shown = floor.tables.iter().filter(|table| tables.is_empty() || tables.contains(&table.id));
        let rows = shown.map(|table| {
            let link = access.tokens.get(&table.id).map(|token| format!("{base}/t/{venue}/{}", token.in_link()));
            [table.id.to_string(), table.label.clone(), table.area.clone(), link.unwrap_or_else(|| "-".to_owned())]
        });
        Ok(columns(["id", "label", "area", "link"], rows.collect()))
    }

    async fn renew_tables(&self, venue: &VenueId, mut tables: Vec<TableId>) -> anyhow::Result<String> {
        let floor = self.service.floor(venue).await?.state;
        if tables.is_empty() {
            tables = floor.tables.iter().map(|table| table.id.clone()).collect();
        }
        if let Some(unknown) = tables.iter().find(|table| floor.table(table).is_none()) {
            bail!("there is no table {unknown} in {venue}");
        }
        for table in &tables {
            self.ask(venue, AccessCommand::SetToken { table: table.clone(), token: clock::new_token() }).await?;
        }
        self.list_tables(venue, &tables).await
    }
}

/// A password that somebody was given, or a new one, and that to be told.
fn password_or_new(given: Option<String>) -> anyhow::Result<(String, Option<String>)> {
    Ok(match given {
        Some(given) => (passwords::checked(&given)?.to_owned(), None),
        None => {
            let made = passwords::generate();
            (made.clone(), Some(made))
        }
    })
}

fn told_secret(what: &str, it: &str, made: Option<String>) -> String {
    match made {
        Some(made) => format!("{what}; {it} is {made}\n"),
        None => format!("{what}\n"),
    }
}

/// Rows under their headings, each column as wide as it has to be.
fn columns<const N: usize>(headings: [&str; N], rows: Vec<[String; N]>) -> String {
    let rows: Vec<[String; N]> = std::iter::once(headings.map(str::to_owned)).chain(rows).collect();
    let widths: [usize; N] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default());
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
    }
    text
}

#[cfg(test)]
mod tests;
