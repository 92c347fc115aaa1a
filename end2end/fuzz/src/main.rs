//! `cargo run --package fuzz -- TARGET FILE …`: tries inputs again, in an ordinary build.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use fuzz::{TARGETS, Target};

/// Tries inputs of a target again.
#[derive(Parser)]
#[command(name = "fuzz", arg_required_else_help = true)]
struct Cli {
    /// Which target
    #[arg(value_parser = named)]
    target: &'static Target,
    /// Files with an input each
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
}

fn named(name: &str) -> Result<&'static Target, String> {
    let names = TARGETS.map(|target| target.name).join(", ");
    Target::named(name).ok_or_else(|| format!("the targets are {names}"))
}

fn main() -> Result<()> {
    let Cli { target, inputs } = Cli::parse();
    for path in inputs {
        let input = fs::read(&path).with_context(|| format!("can't read {}", path.display()))?;
        println!("{}: {:?}", path.display(), (target.run)(&input));
    }
    Ok(())
}
