//! `cargo xtask run`: build everything, then be the demo restaurant.

use std::{path::PathBuf, process::Command};

use anyhow::Result;

use crate::{
    pipeline::{self, Recipe},
    workspace::Workspace,
};

/// How to run the demo restaurant.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where it can be reached
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Where it keeps its data [default: data/ in the workspace]
    #[arg(long)]
    data: Option<PathBuf>,
    /// What a restaurant runs: an optimised server and the smallest page, which takes far longer to build
    #[arg(long)]
    release: bool,
    /// Passed on to `comanda demo`
    #[arg(last = true)]
    extra: Vec<String>,
}

/// Builds, and gives way to the server.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let recipe = if args.release { Recipe::RELEASE } else { Recipe::QUICK };
    let server = pipeline::build(workspace, recipe)?.server;
    let data = args.data.clone().unwrap_or_else(|| workspace.root.join("data"));
    let mut comanda = Command::new(server);
    comanda.arg("demo").arg("--port").arg(args.port.to_string()).arg("--data").arg(data);
    become_it(comanda.args(&args.extra))
}

/// Replaces xtask by the server, so that Ctrl-C and every other signal reach it alone.
#[cfg(unix)]
fn become_it(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;

    use anyhow::Context;

    // Returns only if it fails.
    Err(command.exec()).context("cannot start the server")
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> Result<()> {
    crate::shell::run(command)
}
