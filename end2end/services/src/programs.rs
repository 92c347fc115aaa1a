//! Where the programs are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Where distributions put what they don't put on PATH.
const ELSEWHERE: [&str; 3] = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];

/// Where Debian has PostgreSQL's programs: one directory a version, none of them on PATH.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";

/// The path of a program.
pub(crate) fn find(name: &str) -> Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(ELSEWHERE.map(PathBuf::from)).chain(postgres_folders());
    folders
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
        .with_context(|| format!("{name} is not installed; `cargo xtask test` and `cargo xtask cluster` install what is missing"))
}

/// Newest first.
fn postgres_folders() -> Vec<PathBuf> {
    let Ok(versions) = fs::read_dir(DEBIAN_POSTGRES) else { return Vec::new() };
    let number = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let mut versions: Vec<PathBuf> = versions.filter_map(|entry| Some(entry.ok()?.path())).collect();
    versions.sort_by_key(|path| std::cmp::Reverse(number(path)));
    versions.into_iter().map(|version| version.join("bin")).collect()
}
