//! A restaurant that is served by a process, and the people who come in.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use domain::wire::Surface;
use domain::{TableId, VenueId};
use tempfile::TempDir;

use crate::client::{Pass, Route, http};
use crate::process::{Ended, Server, Setup};
use crate::venue;

/// How many screens come from one address, of the thousands of ports that it has.
const MAX_SCREENS_OF_AN_ADDRESS: usize = 20_000;

/// A restaurant that is served by a process.
#[derive(Debug)]
pub struct House {
    /// How the process is started. After the first start it keeps its port.
    pub setup: Setup,
    /// The venue.
    pub venue: VenueId,
    server: Option<Server>,
    password: String,
    route: Route,
    screens: AtomicUsize,
    /// Holds the data and the links, unless they are elsewhere.
    _place: TempDir,
}

/// Somebody who works in the demo.
#[derive(Debug, Clone, Copy)]
pub enum Staff {
    /// Walks with a tablet.
    Waiter,
    /// Cooks.
    Kitchen,
    /// May do everything; the only one in a venue that was made from a file.
    Manager,
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

    /// A venue with so many tables and a manager.
    pub async fn with_tables(tables: usize) -> Result<Self> {
        let place = a_place()?;
        let mut setup = Setup::new("serve", &place.path().join("data"))?;
        setup.venue = Some(venue::write(place.path(), &venue::with_tables(tables)?)?);
        Self::start(setup, place).await
    }

    /// A house whose process is started so. `place` is removed with it.
    pub async fn start(mut setup: Setup, place: TempDir) -> Result<Self> {
        let server = setup.start().await?;
        let address = server.address()?;
        setup.port = address.port();
        let (venue, links) = server.links.venues.first_key_value().context("it serves no venue")?;
        let (venue, password) = (venue.clone(), links.password.clone().context("it told no password")?);
        let route = Route::to(address);
        Ok(Self { setup, venue, server: Some(server), password, route, screens: AtomicUsize::new(0), _place: place })
    }

    /// The process.
    pub fn server(&self) -> Result<&Server> {
        self.server.as_ref().context("the server is not running")
    }

    /// The way to it.
    pub const fn route(&self) -> Route {
        self.route
    }

    /// The tables, in order.
    pub fn tables(&self) -> Result<Vec<TableId>> {
        let links = self.server()?.links.venues.get(&self.venue).context("it does not serve this venue any more")?;
        let mut tables: Vec<TableId> = links.tables.keys().cloned().collect();
        tables.sort_by_key(|table| (table.as_str().len(), table.as_str().to_owned()));
        Ok(tables)
    }

    /// The path of the page to which a table's code leads.
    pub fn page_of(&self, table: &TableId) -> Result<String> {
        let links = &self.server()?.links;
        let link = links.venues.get(&self.venue).and_then(|venue| venue.tables.get(table));
        let path = link.and_then(|link| link.strip_prefix(&links.base));
        path.map(str::to_owned).with_context(|| format!("there is no link to table {table}"))
    }

    /// Joins the party at a table.
    pub async fn join(&self, table: &TableId, name: &str) -> Result<Pass> {
        let page = self.page_of(table)?;
        let token = page.rsplit('/').next().unwrap_or_default();
        let fields = [("venue", self.venue.as_str()), ("token", token), ("name", name)];
        self.enter("/api/join", &fields, "comanda_guest", Surface::Guest).await
    }

    /// Signs somebody in.
    pub async fn sign_in(&self, staff: Staff) -> Result<Pass> {
        let (staff, to) = match staff {
            Staff::Waiter => ("waiter", "floor"),
            Staff::Kitchen => ("kitchen", "kitchen"),
            Staff::Manager => ("manager", "floor"),
        };
        let fields = [("venue", self.venue.as_str()), ("staff", staff), ("password", &self.password), ("to", to)];
        self.enter("/api/sign-in", &fields, "comanda_staff", Surface::Staff).await
    }

    async fn enter(&self, path: &str, fields: &[(&str, &str)], cookie: &str, surface: Surface) -> Result<Pass> {
        let answer = http::post(&self.route, path, None, fields).await?;
        let cookie =
            answer.cookie(cookie).with_context(|| format!("{path} gave no cookie: {} {}", answer.status, answer.body))?;
        let (route, venue) = (self.next_route(), self.venue.clone());
        Ok(Pass { route, venue, surface, cookie })
    }

    /// The way to the server for one more screen.
    fn next_route(&self) -> Route {
        let address = self.screens.fetch_add(1, Ordering::Relaxed) / MAX_SCREENS_OF_AN_ADDRESS;
        let from = match u8::try_from(address) {
            Ok(address @ 1..) if self.route.to.ip() == Ipv4Addr::LOCALHOST => Some(IpAddr::from([127, 0, 1, address])),
            _ => None,
        };
        Route { from, ..self.route }
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
        self.server = Some(self.setup.start().await?);
        Ok(())
    }
}

fn a_place() -> Result<TempDir> {
    TempDir::with_prefix("comanda-load-").context("can't make a directory for the data")
}
