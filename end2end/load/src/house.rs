//! A restaurant that is served by a process, and the people who come in.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use domain::TableId;
use tempfile::TempDir;

use crate::client::{Pass, Route};
use crate::door::Door;
pub use crate::door::Staff;
use crate::process::{Ended, Server, Setup};
use crate::venue;

/// A restaurant that is served by a process.
#[derive(Debug)]
pub struct House {
    /// How the process is started. After the first start it keeps its port.
    pub setup: Setup,
    /// How people come in.
    pub door: Arc<Door>,
    server: Option<Server>,
    /// Holds the data and the links, unless they are elsewhere.
    _place: TempDir,
}

impl House {
    /// The demo: sixteen tables, a waiter, a kitchen, a manager.
    pub async fn demo() -> Result<Self> {
        Self::demo_with(|_, _| Ok(())).await
    }

    /// The demo, whose process is started as `change` says; it is given a directory to write in.
    pub async fn demo_with(change: impl FnOnce(&mut Setup, &Path) -> Result<()>) -> Result<Self> {
        let place = a_place()?;
        let mut setup = Setup::new("demo", &place.path().join("data"))?;
        change(&mut setup, place.path())?;
        Self::start(setup, place).await
    }

    /// A venue with so many tables and a manager, whose process is started as `change` says.
    pub async fn with_tables_and(tables: usize, change: impl FnOnce(&mut Setup)) -> Result<Self> {
        let place = a_place()?;
        let mut setup = Setup::new("serve", &place.path().join("data"))?;
        change(&mut setup);
        setup.venue = Some(venue::write(place.path(), &venue::with_tables(tables)?)?);
        Self::start(setup, place).await
    }

    /// A house whose process is started so. `place` is removed with it.
    pub async fn start(mut setup: Setup, place: TempDir) -> Result<Self> {
        let server = setup.start().await?;
        let address = server.address()?;
        setup.port = address.port();
        let told = server.links.venues.first_key_value().context("it serves no venue")?.1;
        let password = told.password.clone().context("it told no password")?;
        let door = Door::of(&server.links, Route::to(address), password, setup.command == "serve")?;
        Ok(Self { setup, door: Arc::new(door), server: Some(server), _place: place })
    }

    /// The process.
    pub fn server(&self) -> Result<&Server> {
        self.server.as_ref().context("the server is not running")
    }

    /// The way to it.
    pub fn route(&self) -> Route {
        self.door.route.clone()
    }

    /// The tables, in order.
    pub fn tables(&self) -> Result<Vec<TableId>> {
        Ok(self.door.tables())
    }

    /// The path of the page to which a table's code leads.
    pub fn page_of(&self, table: &TableId) -> Result<String> {
        self.door.page_of(table).map(str::to_owned)
    }

    /// Joins the party at a table.
    pub async fn join(&self, table: &TableId, name: &str) -> Result<Pass> {
        self.door.join(table, name).await
    }

    /// Signs somebody in.
    pub async fn sign_in(&self, staff: Staff) -> Result<Pass> {
        self.door.sign_in(staff).await
    }

    /// Kills the process in the middle of whatever it does.
    pub async fn kill(&mut self) -> Result<()> {
        self.server.take().context("the server is not running")?.kill().await
    }

    /// Asks the process to stop, and waits for its end, which must be a good one.
    pub async fn stop(&mut self, within: Duration) -> Result<Ended> {
        let ended = self.server.take().context("the server is not running")?.stop(within).await?;
        ensure!(ended.status.success(), "comanda did not stop well: {}\n{}", ended.status, ended.written);
        Ok(ended)
    }

    /// Starts it again, on the same data and the same port.
    pub async fn start_again(&mut self) -> Result<()> {
        ensure!(self.server.is_none(), "the server is still running");
        let server = self.setup.start().await?;
        self.door = Arc::new(self.door.told_again(&server.links)?);
        self.server = Some(server);
        Ok(())
    }
}

fn a_place() -> Result<TempDir> {
    TempDir::with_prefix("comanda-load-").context("can't make a directory for the data")
}
