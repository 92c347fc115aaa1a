//! Where the programs are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Where distributions put what they don't put on PATH.
const ELSEWHERE: [&str; 3] = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];

/// Where Debian has PostgreSQL's programs: one directory a version, none of them on PATH.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";

/// Where a program is, if it is installed.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(ELSEWHERE.map(PathBuf::from)).chain(postgres_folders());
    folders.map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}

/// The path of a program, which is needed.
pub(crate) fn find(name: &str) -> Result<PathBuf> {
    program(name)
        .with_context(|| format!("{name} is not installed; `cargo xtask test` and `cargo xtask cluster` install what is missing"))
}

/// The program that came with another: PATH may lead to an `initdb` and a `postgres` of two versions.
pub(crate) fn beside(program: &Path, name: &str) -> Result<PathBuf> {
    let program = fs::canonicalize(program).with_context(|| format!("can't find {}", program.display()))?;
    let other = program.with_file_name(name);
    other.is_file().then_some(other).with_context(|| format!("{name} is not beside {}", program.display()))
}

/// Newest first.
fn postgres_folders() -> Vec<PathBuf> {
    let Ok(versions) = fs::read_dir(DEBIAN_POSTGRES) else { return Vec::new() };
    let number = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let mut versions: Vec<PathBuf> = versions.filter_map(|entry| Some(entry.ok()?.path())).collect();
    versions.sort_by_key(|path| std::cmp::Reverse(number(path)));
    versions.into_iter().map(|version| version.join("bin")).collect()
}
