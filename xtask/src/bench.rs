//! `cargo xtask bench`: measure a release build under load.

use anyhow::Result;

use crate::{
    pipeline::{self, Recipe},
    shell,
    workspace::Workspace,
};

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Passed on to the load generator; `cargo xtask bench -- --help` lists what it knows
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    extra: Vec<String>,
}

/// Builds both sides optimised: an unoptimised generator would measure itself.
pub(crate) fn bench(workspace: &Workspace, args: &Args) -> Result<()> {
    let built = pipeline::build(workspace, Recipe::RELEASE)?;
    let mut load = workspace.cargo();
    load.args(["run", "--release", "--package", "load", "--", "bench", "--bin"]);
    shell::run(load.arg(built.server).args(&args.extra))
}
