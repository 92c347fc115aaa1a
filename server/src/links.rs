//! Where people find a venue: every table's link, and where the staff sign in.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;

use anyhow::Context as _;
use domain::{TableId, VenueId};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde::Serialize;

use crate::files::write_private;
use crate::service::Service;

/// Where people find every venue of an installation.
#[derive(Debug, Serialize)]
pub struct Links {
    /// How links start.
    pub base: String,
    /// By venue.
    pub venues: BTreeMap<VenueId, VenueLinks>,
}

/// Where people find a venue.
#[derive(Debug, Serialize)]
pub struct VenueLinks {
    /// Where a table's code leads.
    pub tables: BTreeMap<TableId, String>,
    /// The waiters' page.
    pub floor: String,
    /// The kitchen's page.
    pub kitchen: String,
    /// Where the staff sign in.
    pub sign_in: String,
    /// The password that was made at this start, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

impl VenueLinks {
    /// A venue's links, as they are now.
    pub async fn of(service: &Service, venue: &VenueId, base: &str, password: Option<String>) -> anyhow::Result<Self> {
        let access = service.access(venue).await.map_err(|refusal| anyhow::anyhow!("{}", refusal.reason))?.state;
        let guest_link = |token: &domain::TableToken| format!("{base}/t/{venue}/{}", token.in_link());
        Ok(Self {
            tables: access.tokens.iter().map(|(table, token)| (table.clone(), guest_link(token))).collect(),
            floor: format!("{base}/v/{venue}/floor"),
            kitchen: format!("{base}/v/{venue}/kitchen"),
            sign_in: format!("{base}/v/{venue}/sign-in"),
            password,
        })
    }
}

impl Links {
    /// Writes them where only their owner can read them.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let json = serde_json::to_vec_pretty(self)?;
        write_private(path, &json).with_context(|| format!("can't write the links to {}", path.display()))
    }
}

/// The passwords that a file of links holds, by venue. A file that is not there, or is none of ours, holds none.
pub fn passwords_in(path: &Path) -> BTreeMap<VenueId, String> {
    let written: Option<serde_json::Value> = std::fs::read(path).ok().and_then(|json| serde_json::from_slice(&json).ok());
    let venues = written.as_ref().and_then(|links| links["venues"].as_object());
    let password =
        |(venue, links): (&String, &serde_json::Value)| Some((venue.parse().ok()?, links["password"].as_str()?.to_owned()));
    venues.into_iter().flatten().filter_map(password).collect()
}

/// A QR code for the terminal: dark on light also where the terminal is light on dark, since not
/// every camera reads the reverse.
pub fn qr(link: &str) -> anyhow::Result<String> {
    let code = QrCode::new(link).context("can't draw the QR code")?.render::<Dense1x2>().quiet_zone(true).build();
    if !std::io::stdout().is_terminal() {
        return Ok(code);
    }
    Ok(code.lines().map(|line| format!("{BLACK_ON_WHITE}{line}{PLAIN}\n")).collect())
}

/// ECMA-48: select graphic rendition.
const BLACK_ON_WHITE: &str = "\x1b[30;107m";
const PLAIN: &str = "\x1b[0m";
