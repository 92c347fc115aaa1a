//! How people come in: guests by a table's code, staff by a name and a password.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result};
use domain::wire::Surface;
use domain::{MutationId, TableId, VenueId};
use uuid::Uuid;

use crate::client::http::{self, Answer};
use crate::client::{Pass, Route};
use crate::process::Links;

/// How many screens come from one address, of the thousands of ports that it has.
const MAX_SCREENS_OF_AN_ADDRESS: usize = 20_000;

/// The status of what can't be done right now.
const UNAVAILABLE: u16 = 503;

/// Nobody could be let in for the time being: asking again may help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nobody is let in right now: {0}")]
pub struct NotNow(String);

/// Somebody who works here.
#[derive(Debug, Clone, Copy)]
pub enum Staff {
    /// Walks with a tablet.
    Waiter,
    /// Cooks.
    Kitchen,
    /// May do everything; the only one in a venue that was made from a file, and does it all there.
    Manager,
}

/// How people come in.
#[derive(Debug)]
pub struct Door {
    /// The venue.
    pub venue: VenueId,
    /// The way to its servers.
    pub route: Route,
    /// Where each table's code leads: a path.
    tables: BTreeMap<TableId, String>,
    password: String,
    only_a_manager: bool,
    screens: AtomicUsize,
}

impl Door {
    /// The door of the first venue that the program told of, which is reached so.
    pub fn of(links: &Links, route: Route, password: String, only_a_manager: bool) -> Result<Self> {
        let (venue, told) = links.venues.first_key_value().context("the program serves no venue")?;
        let path = |(table, link): (&TableId, &String)| Some((table.clone(), link.strip_prefix(&links.base)?.to_owned()));
        let tables = told.tables.iter().filter_map(path).collect();
        Ok(Self { venue: venue.clone(), route, tables, password, only_a_manager, screens: AtomicUsize::new(0) })
    }

    /// The same door, as a program tells of it that was started again.
    pub fn told_again(&self, links: &Links) -> Result<Self> {
        Self::of(links, self.route.clone(), self.password.clone(), self.only_a_manager)
    }

    /// The tables, in order.
    pub fn tables(&self) -> Vec<TableId> {
        let mut tables: Vec<TableId> = self.tables.keys().cloned().collect();
        tables.sort_by_key(|table| (table.as_str().len(), table.as_str().to_owned()));
        tables
    }

    /// The path of the page to which a table's code leads.
    pub fn page_of(&self, table: &TableId) -> Result<&str> {
        self.tables.get(table).map(String::as_str).with_context(|| format!("there is no link to table {table}"))
    }

    /// Joins the party at a table.
    pub async fn join(&self, table: &TableId, name: &str) -> Result<Pass> {
        self.join_as(MutationId::new(Uuid::new_v4()), self.next_route(), table, name).await
    }

    /// The same as that command, at that server first: asked again, it makes no second guest. Where that could
    /// help, the error is a [`NotNow`].
    pub async fn join_as(&self, mutation: MutationId, route: Route, table: &TableId, name: &str) -> Result<Pass> {
        let token = self.page_of(table)?.rsplit('/').next().unwrap_or_default();
        let mutation = mutation.to_string();
        let fields = [("venue", self.venue.as_str()), ("token", token), ("name", name), ("mutation", &mutation)];
        self.enter(route, "/api/join", &fields, "comanda_guest", Surface::Guest).await
    }

    /// Signs somebody in.
    pub async fn sign_in(&self, staff: Staff) -> Result<Pass> {
        let (staff, to) = match staff {
            _ if self.only_a_manager => ("manager", "floor"),
            Staff::Waiter => ("waiter", "floor"),
            Staff::Kitchen => ("kitchen", "kitchen"),
            Staff::Manager => ("manager", "floor"),
        };
        let fields = [("venue", self.venue.as_str()), ("staff", staff), ("password", &self.password), ("to", to)];
        self.enter(self.next_route(), "/api/sign-in", &fields, "comanda_staff", Surface::Staff).await
    }

    async fn enter(&self, route: Route, path: &str, fields: &[(&str, &str)], cookie: &str, surface: Surface) -> Result<Pass> {
        let answer = self.post(&route, path, fields).await.map_err(|error| NotNow(format!("{error:#}")))?;
        if answer.status == UNAVAILABLE {
            return Err(NotNow(format!("{path}: {} {}", answer.status, answer.body)).into());
        }
        let cookie = format!("{cookie}_{}", self.venue);
        let cookie =
            answer.cookie(&cookie).with_context(|| format!("{path} gave no cookie: {} {}", answer.status, answer.body))?;
        Ok(Pass { route, venue: self.venue.clone(), surface, cookie })
    }

    /// Each server is tried once, until one is there and can do it.
    async fn post(&self, route: &Route, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let servers = route.servers.len();
        let mut answer = http::post(route, path, None, fields).await;
        for other in 1..servers {
            if answer.as_ref().is_ok_and(|answer| answer.status != UNAVAILABLE) {
                break;
            }
            answer = http::post(&route.beginning_at(route.at + other), path, None, fields).await;
        }
        answer
    }

    /// The way to a server for one more screen: around.
    pub fn next_route(&self) -> Route {
        let screen = self.screens.fetch_add(1, Ordering::Relaxed);
        let route = self.route.beginning_at(screen);
        let from = match u8::try_from(screen / MAX_SCREENS_OF_AN_ADDRESS) {
            Ok(address @ 1..) if route.server().ip() == Ipv4Addr::LOCALHOST => Some(IpAddr::from([127, 0, 1, address])),
            _ => None,
        };
        Route { from, ..route }
    }
}
