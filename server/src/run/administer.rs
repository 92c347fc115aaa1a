//! The command line's `staff` and `table`: asks the server that has the data directory open, or, where none has it or the
//! log is in PostgreSQL, does it itself.

use std::io::Read as _;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use clap::Subcommand;

use super::foundations;
use crate::admin::{self, Order, Request, control};
use crate::config::{Admin, StaffCommand, Storage, TableCommand};
use crate::identity::Hashing;
use crate::live::Delivery;
use crate::service::Service;

/// Does what `comanda staff` asks for.
pub(super) fn staff(asked: Admin<StaffCommand>) -> anyhow::Result<()> {
    let secret = |stdin: bool| if stdin { from_stdin().map(Some) } else { Ok(None) };
    let order = match &asked.command {
        StaffCommand::List => Order::ListStaff,
        StaffCommand::Add { id, name, role, stdin } => {
            Order::AddStaff { id: id.clone(), name: name.clone(), role: (*role).into(), password: secret(*stdin)? }
        }
        StaffCommand::Set { id, name, role } => {
            Order::ChangeStaff { id: id.clone(), name: name.clone(), role: role.map(Into::into) }
        }
        StaffCommand::Remove { id } => Order::RemoveStaff { id: id.clone() },
        StaffCommand::Password { id, stdin } => Order::SetPassword { id: id.clone(), password: secret(*stdin)? },
        StaffCommand::Pin { id, none: true, .. } => Order::RemovePin { id: id.clone() },
        StaffCommand::Pin { id, stdin, .. } => Order::SetPin { id: id.clone(), pin: secret(*stdin)? },
        StaffCommand::SignOut { id } => Order::SignOut { id: id.clone() },
    };
    ask(asked, order)
}

/// Does what `comanda table` asks for.
pub(super) fn tables(asked: Admin<TableCommand>) -> anyhow::Result<()> {
    let order = match &asked.command {
        TableCommand::List => Order::ListTables,
        TableCommand::Renew { tables, .. } => Order::RenewTables { tables: tables.clone() },
    };
    ask(asked, order)
}

/// A line from standard input: what stands on a command line, others on the machine can read.
fn from_stdin() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().take(1_024).read_to_string(&mut line).context("can't read standard input")?;
    let line = line.trim_end_matches(['\r', '\n']);
    ensure!(!line.is_empty(), "nothing came on standard input");
    Ok(line.to_owned())
}

fn ask<C: Subcommand>(asked: Admin<C>, order: Order) -> anyhow::Result<()> {
    let Admin { storage, of: venue, public_url: base, .. } = asked;
    let request = Request { venue, order };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("can't start the runtime")?;
    let told = runtime.block_on(async {
        if storage.database_url.is_none() {
            ensure!(storage.data.is_dir(), "there is no data directory {}; name it with --data", storage.data.display());
            if let Some(told) = control::ask(&storage.data, &request).await? {
                return Ok(told);
            }
        }
        carry_out(&storage, base, request).await
    })?;
    print!("{told}");
    Ok(())
}

/// Opens the log and does it.
async fn carry_out(storage: &Storage, base: Option<String>, request: Request) -> anyhow::Result<String> {
    let log = foundations::open_log(storage).await?;
    let (bus, heard) = foundations::open_bus(storage)?;
    let delivery = Arc::new(Delivery::new(Arc::clone(&bus)));
    let service = Arc::new(Service::new(log, delivery, Arc::clone(&bus)));
    let following = tokio::spawn(Arc::clone(&service).follow_peers(heard));
    let admin = admin::Admin { service: Arc::clone(&service), hashing: Hashing::start()?, base };
    let told = admin.carry_out(request).await;
    service.log().close().await;
    // The other servers are told.
    bus.close().await;
    following.abort();
    told
}
