//! A venue as it is written in a file: the one way in which any venue, the demo's too, comes to be.

use serde::{Deserialize, Serialize};

use crate::floor::{HouseRules, Table};
use crate::ids::VenueId;
use crate::menu::Catalog;

/// A venue's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VenueFile {
    /// The venue's id, which stands in its links.
    pub venue: VenueId,
    /// How this house does things.
    #[serde(default)]
    pub rules: HouseRules,
    /// Its tables.
    pub tables: Vec<Table>,
    /// What it serves.
    pub catalog: Catalog,
}

/// Why a venue's file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BadVenueFile {
    /// Not the JSON of a venue; says line and column.
    #[error("it is not a venue's JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The catalog can't be published; one line a fault.
    #[error("its catalog can't be published:\n{0}")]
    Catalog(String),
}

impl VenueFile {
    /// Reads and checks a venue's file.
    pub fn read(json: &str) -> Result<Self, BadVenueFile> {
        let file: Self = serde_json::from_str(json)?;
        let faults: Vec<String> = file.catalog.faults().iter().map(|fault| format!("- {fault}")).collect();
        if faults.is_empty() { Ok(file) } else { Err(BadVenueFile::Catalog(faults.join("\n"))) }
    }
}
