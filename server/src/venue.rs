//! How a venue comes to be: from its file, through the same commands as everything else.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use domain::access::AccessCommand;
use domain::floor::FloorCommand;
use domain::menu::MenuCommand;
use domain::venue_file::VenueFile;
use domain::{Actor, MutationId, Name, Rejection, Role, StaffId, VenueId};
use uuid::Uuid;

use crate::clock;
use crate::identity::hashing::Asker;
use crate::identity::{Hashing, passwords};
use crate::service::{Command, Refusal, Sending, Service};

/// The demo's venue, read through the same code as any venue's file.
const DEMO: &str = include_str!("../demo/venue.json");

/// The demo's file.
pub fn demo_file() -> anyhow::Result<VenueFile> {
    VenueFile::read(DEMO).context("the demo's venue file is broken")
}

/// A venue's file on disk.
pub fn read_file(path: &Path) -> anyhow::Result<VenueFile> {
    let json = std::fs::read_to_string(path).with_context(|| format!("can't read the venue file {}", path.display()))?;
    VenueFile::read(&json).with_context(|| format!("can't use the venue file {}", path.display()))
}

/// Makes the venue what its file says: what has changed is published, what has not is left alone.
pub async fn publish(service: &Arc<Service>, file: VenueFile) -> anyhow::Result<VenueId> {
    let venue = file.venue;
    let tables: Vec<_> = file.tables.iter().map(|table| table.id.clone()).collect();
    ask(service, &venue, Command::Menu(MenuCommand::Publish { catalog: Box::new(file.catalog) })).await?;
    ask(service, &venue, Command::Floor(FloorCommand::LayTables { tables: file.tables })).await?;
    ask(service, &venue, Command::Floor(FloorCommand::SetHouseRules { rules: file.rules })).await?;
    // Laying tables ends the codes of those that are gone; a server may have died in between.
    let access = service.access(&venue).await.map_err(refused)?.state;
    for table in access.codes_without_a_table(&tables).cloned() {
        tracing::warn!(%venue, %table, "the table is gone, and its printed code with it");
        ask(service, &venue, Command::Access(AccessCommand::RemoveToken { table })).await?;
    }
    for table in tables {
        let access = service.access(&venue).await.map_err(refused)?.state;
        if !access.tokens.contains_key(&table) {
            // Of several servers that start at once, one gives the code.
            let token = clock::new_token();
            ask(service, &venue, Command::Access(AccessCommand::GiveToken { table, token })).await?;
        }
    }
    Ok(venue)
}

/// Sees to it that somebody works in a venue as that, with that password.
pub async fn keep_staff(
    service: &Arc<Service>,
    hashing: &Hashing,
    venue: &VenueId,
    id: &str,
    name: &str,
    role: Role,
    password: &str,
) -> anyhow::Result<()> {
    let id: StaffId = id.parse()?;
    let access = service.access(venue).await.map_err(refused)?.state;
    if let Some(member) = access.staff.get(&id).filter(|member| member.role == role)
        && hashing.opens(venue, password.to_owned(), Some(member.password.clone()), Asker::Known).await?
    {
        return Ok(());
    }
    let (name, password) = (Name::new(name)?, hashing.hash(venue, password).await?);
    ask(service, venue, Command::Access(AccessCommand::SetStaff { id, name, role, password })).await
}

/// As what the first manager of a venue signs in.
const FIRST_MANAGER: &str = "manager";

/// Whether that is still the password that the first manager of a venue was given.
pub async fn is_first_manager_s(
    service: &Arc<Service>,
    hashing: &Hashing,
    venue: &VenueId,
    password: &str,
) -> anyhow::Result<bool> {
    let (id, access): (StaffId, _) = (FIRST_MANAGER.parse()?, service.access(venue).await.map_err(refused)?.state);
    let known = access.staff.get(&id).map(|member| member.password.clone());
    Ok(hashing.opens(venue, password.to_owned(), known, Asker::Known).await?)
}

/// A venue in which nobody works yet gets a manager; tells the password, which is kept nowhere.
pub async fn first_manager(service: &Arc<Service>, hashing: &Hashing, venue: &VenueId) -> anyhow::Result<Option<String>> {
    if !service.access(venue).await.map_err(refused)?.state.staff.is_empty() {
        return Ok(None);
    }
    let (id, password): (StaffId, _) = (FIRST_MANAGER.parse()?, passwords::generate());
    let (name, hash) = (Name::new("Manager")?, hashing.hash(venue, &password).await?);
    let command = AccessCommand::SetStaff { id: id.clone(), name, role: Role::Manager, password: hash.clone() };
    ask_as(service, venue, once(venue, "the first manager"), Command::Access(command)).await?;
    // Another server may have started in the same moment, and been faster: then its password is the one.
    let access = service.access(venue).await.map_err(refused)?.state;
    Ok(access.staff.get(&id).is_some_and(|member| member.password == hash).then_some(password))
}

/// The mutation of something that happens once in a venue, whichever server does it.
fn once(venue: &VenueId, what: &str) -> MutationId {
    MutationId::new(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("comanda: {venue}: {what}").as_bytes()))
}

async fn ask(service: &Arc<Service>, venue: &VenueId, command: Command) -> anyhow::Result<()> {
    ask_as(service, venue, clock::new_mutation(), command).await
}

async fn ask_as(service: &Arc<Service>, venue: &VenueId, mutation: MutationId, command: Command) -> anyhow::Result<()> {
    let done = service.see_to(venue, Actor::System, Sending::first(mutation), command).await;
    done.map_err(refused).with_context(|| format!("can't set up the venue {venue}"))
}

fn refused(refusal: Refusal) -> anyhow::Error {
    let is_riddle = refusal.reason == Rejection::NotPublishable && refusal.detail.is_none();
    let hint = "is every table's id once there, and does a table stay at which somebody sits?";
    if is_riddle { anyhow::anyhow!("{refusal}: {hint}") } else { refusal.into() }
}

/// The demo's password: made once, and kept beside the demo's data so that it can be printed again.
pub fn demo_password(data: &Path) -> anyhow::Result<String> {
    let path = data.join("demo-password");
    match std::fs::read_to_string(&path) {
        Ok(password) if !password.trim().is_empty() => Ok(password.trim().to_owned()),
        Ok(_) => bail!("{} is empty; delete it to get a new password", path.display()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let password = passwords::generate();
            let is_ours = crate::files::write_private_once(&path, password.as_bytes())
                .with_context(|| format!("can't write {}", path.display()))?;
            // Another start was faster: its password is the one.
            if is_ours { Ok(password) } else { demo_password(data) }
        }
        Err(error) => Err(error).with_context(|| format!("can't read {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use domain::floor::Table;
    use domain::{StreamId, TableToken};

    use super::*;
    use crate::bus::Bus;
    use crate::live::Delivery;
    use crate::log::MemoryLog;

    fn service() -> Arc<Service> {
        let bus = Arc::new(Bus::alone());
        Arc::new(Service::new(Arc::new(MemoryLog::new()), Arc::new(Delivery::new(Arc::clone(&bus))), bus))
    }

    fn with_tables(keep: impl Fn(&Table) -> bool) -> VenueFile {
        let file = demo_file().expect("the demo's file");
        VenueFile { tables: file.tables.iter().filter(|table| keep(table)).cloned().collect(), ..file }
    }

    async fn code_of(service: &Service, venue: &VenueId, table: &str) -> Option<TableToken> {
        let access = service.access(venue).await.expect("who may do what").state;
        access.tokens.get(&table.parse().expect("a table's id")).copied()
    }

    #[tokio::test]
    async fn a_table_s_code_ends_with_the_table_and_does_not_come_back_with_it() {
        let (service, is_t7) = (service(), |table: &Table| table.id.as_str() == "t7");
        let venue = publish(&service, with_tables(|_| true)).await.expect("a venue");
        let (old, other) = (code_of(&service, &venue, "t7").await, code_of(&service, &venue, "t1").await);
        assert!(old.is_some() && other.is_some());
        publish(&service, with_tables(|table| !is_t7(table))).await.expect("a venue without table 7");
        assert_eq!(code_of(&service, &venue, "t7").await, None);
        assert_eq!(code_of(&service, &venue, "t1").await, other, "the others keep theirs");
        publish(&service, with_tables(|_| true)).await.expect("table 7 is back");
        let new = code_of(&service, &venue, "t7").await;
        assert!(new.is_some() && new != old, "whoever kept the old code at home orders nothing");
    }

    #[tokio::test]
    async fn a_manager_who_takes_a_table_away_ends_its_code() {
        let service = service();
        let venue = publish(&service, with_tables(|_| true)).await.expect("a venue");
        let tables = with_tables(|table| table.id.as_str() != "t7").tables;
        let (maria, mutation) =
            (Actor::Staff { id: "maria".parse().expect("an id"), role: Role::Manager, device: None }, clock::new_mutation());
        let lay = || Command::Floor(FloorCommand::LayTables { tables: tables.clone() });
        service.execute(venue.clone(), maria.clone(), Sending::first(mutation), lay()).await.expect("the tables are laid");
        assert_eq!(code_of(&service, &venue, "t7").await, None);
        assert!(code_of(&service, &venue, "t1").await.is_some());
        // Sent again, as where the answer was lost, it is answered.
        let version = service.floor(&venue).await.expect("the floor").version();
        assert_eq!(service.execute(venue.clone(), maria, Sending { mutation, again: true }, lay()).await, Ok(version));
        assert!(service.latest(&[StreamId::Access(venue)]).await);
    }

    #[tokio::test]
    async fn a_file_that_is_published_again_leaves_every_code_as_it_was_printed() {
        let service = service();
        let venue = publish(&service, with_tables(|_| true)).await.expect("a venue");
        let codes = service.access(&venue).await.expect("who may do what").state.tokens.clone();
        publish(&service, with_tables(|_| true)).await.expect("the same venue");
        assert_eq!(service.access(&venue).await.expect("who may do what").state.tokens, codes);
    }
}
