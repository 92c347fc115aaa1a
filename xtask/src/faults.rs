//! `cargo xtask chaos` and `cargo xtask outage`: faults under load, on a release build.

use anyhow::Result;

use crate::{
    needs,
    pipeline::{self, Recipe},
    shell,
    workspace::Workspace,
};

/// What to break.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Passed on to the load generator; `-- --help` lists what it knows
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    extra: Vec<String>,
}

/// Runs one of the load generator's commands against what is built, both optimised.
pub(crate) fn faults(workspace: &Workspace, command: &str, args: &Args) -> Result<()> {
    needs::cluster()?;
    let built = pipeline::build(workspace, Recipe::RELEASE)?;
    let mut load = workspace.cargo();
    load.args(["run", "--release", "--package", "load", "--", command, "--bin"]);
    shell::run(load.arg(built.server).args(&args.extra))
}
