//! Where the source and the target directory are, and how cargo is called.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

/// The working copy that `cargo xtask` was called in.
pub(crate) struct Workspace {
    /// The folder of the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// Where cargo builds: `target/`, or what CARGO_TARGET_DIR or a configuration says.
    pub(crate) target: PathBuf,
}

/// Variables with these beginnings describe xtask itself, since `cargo run` started it. A build
/// script that watches one of them would run again whenever it is called through xtask.
const OWN_PACKAGE: [&str; 4] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];

impl Workspace {
    /// Asks cargo, which knows every way in which a target directory can be configured.
    pub(crate) fn find() -> Result<Self> {
        let mut ask = Command::new(cargo_program());
        ask.args(["metadata", "--no-deps", "--format-version", "1"]);
        let answer: Value = serde_json::from_str(&shell::read(&mut ask)?).context("cargo metadata's answer is not JSON")?;
        let folder =
            |key: &str| answer[key].as_str().map(PathBuf::from).with_context(|| format!("cargo metadata's answer has no {key}"));
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")? })
    }

    /// A cargo call in the workspace.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new(cargo_program());
        cargo.current_dir(&self.root);
        for (name, _) in env::vars_os() {
            if OWN_PACKAGE.iter().any(|own| name.to_string_lossy().starts_with(own)) {
                cargo.env_remove(name);
            }
        }
        // The server finds the usual folder by itself. Left unset there, so that a plain
        // `cargo build` and one through xtask don't rebuild the server in turns.
        if self.site() != self.root.join("target").join("site") {
            cargo.env("COMANDA_SITE", self.site());
        }
        cargo
    }

    /// The folder that the server carries inside itself.
    pub(crate) fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// What xtask keeps between two calls: half-done work, stamps, compressed files.
    pub(crate) fn own(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// The server's executable, of a debug or of a release build.
    pub(crate) fn server(&self, release: bool) -> PathBuf {
        let profile = if release { "release" } else { "debug" };
        self.target.join(profile).join(format!("comanda{}", env::consts::EXE_SUFFIX))
    }

    /// Holds other calls of xtask off until the returned file is dropped: two that put the same
    /// folder in place at once would leave a mixture.
    pub(crate) fn lock(&self) -> Result<File> {
        let path = self.own().join("lock");
        fs::create_dir_all(self.own())
            .and_then(|()| File::create(&path))
            .and_then(|file| {
                if file.try_lock().is_err() {
                    shell::note("another `cargo xtask` is building; waiting for it");
                    file.lock()?;
                }
                Ok(file)
            })
            .with_context(|| format!("cannot lock {}", path.display()))
    }

    /// A path as a person in the workspace would write it.
    pub(crate) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// The cargo that started xtask, so that a chosen toolchain stays chosen.
fn cargo_program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
