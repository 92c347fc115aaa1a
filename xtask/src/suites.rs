//! The end-to-end tests that aren't Rust: Playwright in Chromium, and the official JavaScript
//! client on the live channel.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{contents, needs, pipeline::Built, shell, workspace::Workspace};

/// People's ways through the restaurant, in a real browser.
pub(crate) fn browser(workspace: &Workspace, built: &Built) -> Result<()> {
    playwright(workspace, built, "restaurant")
}

/// People on several servers, one of which dies.
pub(crate) fn cluster(workspace: &Workspace, built: &Built) -> Result<()> {
    needs::cluster()?;
    playwright(workspace, built, "cluster")
}

fn playwright(workspace: &Workspace, built: &Built, project: &str) -> Result<()> {
    let folder = suite(workspace, "browser")?;
    let mut playwright = built.npm.script("@playwright/test/cli.js")?;
    playwright.args(["test", "--project", project]).current_dir(folder);
    playwright.env("COMANDA_BIN", &built.server).env("CHROMIUM_PATH", needs::CHROMIUM.require()?);
    playwright.env("COMANDA_XTASK", env::current_exe().context("cannot tell where xtask is")?);
    shell::run(&mut playwright)
}

/// The protocol, as somebody else's program would speak it.
pub(crate) fn channel(workspace: &Workspace, built: &Built) -> Result<()> {
    let folder = suite(workspace, "channel")?;
    // Named one by one: what a folder's name means to the test runner differs between versions.
    let mut files = contents::list(&folder)?;
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        [".test.js", ".test.mjs"].iter().any(|ending| name.ends_with(ending))
    });
    ensure!(!files.is_empty(), "{} has no *.test.mjs", workspace.shown(&folder));
    let mut node = built.npm.node();
    node.arg("--test").args(files).current_dir(&workspace.root);
    shell::run(node.env("COMANDA_BIN", &built.server))
}

/// A folder of end2end/. One that is missing is a failure: tests that aren't there can't pass.
fn suite(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let folder = workspace.root.join("end2end").join(name);
    let holds_tests = folder.is_dir() && !contents::list(&folder)?.is_empty();
    ensure!(holds_tests, "{} has no tests", workspace.shown(&folder));
    Ok(folder)
}
