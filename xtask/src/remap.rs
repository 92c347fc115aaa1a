//! This machine's paths, kept out of what is built: the same source gives the same bytes wherever it lies.
//!
//! A panic tells in which file it happened, and a file of somebody else's crate is known by where cargo keeps it. So the
//! compiler is told other names for the folders (`--remap-path-prefix`). Such flags are no part of a crate's identity: cargo leaves
//! them out of what symbols are named by.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{contents, shell, workspace::Workspace};

/// The folders of this machine, each with the name that it gets. The last one that fits counts, so that a target directory
/// within the workspace is told as such.
pub(crate) fn flags(workspace: &Workspace) -> Result<Vec<String>> {
    let mut sysroot = Command::new("rustc");
    let sysroot = shell::read(sysroot.current_dir(&workspace.root).args(["--print", "sysroot"]))?;
    let mut named = vec![(workspace.root.clone(), "/comanda"), (PathBuf::from(sysroot.trim()), "/rust")];
    // One folder for each registry, named after its address: a mirror gives the same crates.
    let registries = cargo_home()?.join("registry/src");
    named.extend(contents::folders(&registries)?.into_iter().map(|registry| (registry, "/crates")));
    named.push((workspace.target.clone(), "/target"));
    Ok(named.iter().map(|(folder, name)| flag(folder, name)).collect())
}

/// A cargo call in the workspace whose result tells nothing of this machine.
pub(crate) fn cargo(workspace: &Workspace) -> Result<Command> {
    let mut cargo = workspace.cargo();
    // Added to those of .cargo/config.toml, whereas RUSTFLAGS in the environment would take their place.
    cargo.arg("--config").arg(format!("build.rustflags={}", serde_json::to_string(&flags(workspace)?)?));
    Ok(cargo)
}

fn flag(folder: &Path, name: &str) -> String {
    format!("--remap-path-prefix={}={name}", folder.display())
}

/// Where cargo keeps what it downloads.
fn cargo_home() -> Result<PathBuf> {
    let named = env::var_os("CARGO_HOME").filter(|home: &OsString| !home.is_empty()).map(PathBuf::from);
    named.or_else(|| Some(env::home_dir()?.join(".cargo"))).context("cannot tell where cargo keeps its crates: set CARGO_HOME")
}
