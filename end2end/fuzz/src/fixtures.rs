//! The pinned formats of `domain/tests/fixtures`: what stands in logs, and what screens send. Seeds are made of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;

/// Every fixture by its name without `.json`: `KIND.NAME` or `KIND.NAME.CASE`.
pub fn all() -> &'static BTreeMap<String, Value> {
    static ALL: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    ALL.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../domain/tests/fixtures");
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        entries
            .map(|entry| {
                let path = entry.expect("the fixtures can be listed").path();
                let json = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                (name, serde_json::from_slice(&json).expect("fixtures are JSON"))
            })
            .collect()
    })
}

/// Every fixture of that kind by what stands behind it: `NAME` or `NAME.CASE`.
pub fn of(kind: &str) -> impl Iterator<Item = (&'static str, &'static Value)> {
    all().iter().filter_map(move |(name, value)| Some((name.strip_prefix(kind)?.strip_prefix('.')?, value)))
}
