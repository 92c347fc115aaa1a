//! A venue's file with as many tables as wanted, made from the demo's.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// The demo's venue: a real menu, with options, allergens and two languages.
const DEMO: &str = include_str!("../../../server/demo/venue.json");

/// The demo's venue as JSON, to be edited. Whoever has a table's code joins there.
pub fn demo() -> Result<Value> {
    let mut venue: Value = serde_json::from_str(DEMO).context("the demo's venue file is not JSON")?;
    venue["rules"]["joining"] = json!("open");
    Ok(venue)
}

/// The demo's venue with so many tables instead: `t1`, `t2` …
pub fn with_tables(tables: usize) -> Result<Value> {
    let table = |n: usize| json!({ "id": format!("t{n}"), "label": n.to_string(), "area": "Sala", "seats": 4 });
    let mut venue = demo()?;
    venue["tables"] = (1..=tables).map(table).collect();
    Ok(venue)
}

/// Writes a venue's file into a directory.
pub fn write(dir: &Path, venue: &Value) -> Result<PathBuf> {
    let path = dir.join("venue.json");
    std::fs::write(&path, venue.to_string()).with_context(|| format!("can't write {}", path.display()))?;
    Ok(path)
}
