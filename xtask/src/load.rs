//! `cargo xtask bench`, `chaos` and `outage`: the load generator's commands, against a release build.

use anyhow::Result;

use crate::{
    needs,
    pipeline::{self, Recipe},
    remap, shell,
    workspace::Workspace,
};

/// What to do.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Passed on to the load generator; `-- --help` lists what it knows
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    extra: Vec<String>,
}

/// Measures one server.
pub(crate) fn bench(workspace: &Workspace, args: &Args) -> Result<()> {
    run(workspace, "bench", args)
}

/// Breaks what several servers stand on.
pub(crate) fn faults(workspace: &Workspace, command: &str, args: &Args) -> Result<()> {
    needs::cluster()?;
    run(workspace, command, args)
}

/// Builds both sides optimised: an unoptimised generator would measure itself.
fn run(workspace: &Workspace, command: &str, args: &Args) -> Result<()> {
    let built = pipeline::build(workspace, Recipe::RELEASE)?;
    // As the server was built, so that nothing is compiled twice.
    let mut load = remap::cargo(workspace)?;
    load.args(["run", "--release", "--package", "load", "--", command, "--bin"]);
    shell::run(load.arg(built.server).args(&args.extra))
}
