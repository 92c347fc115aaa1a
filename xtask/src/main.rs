//! `cargo xtask <command>`: everything Comanda's developers do every day.
//!
//! One file for each subject:
//!
//! | file | subject |
//! | --- | --- |
//! | `workspace` | where the source and the target directory are, and how cargo is called |
//! | `shell` | running other programs, and telling what goes on |
//! | `needs` | the tools that must be installed, and installing them where that is possible |
//! | `npm` | the packages of package.json |
//! | `contents` | content hashes, and stamps that save repeated work |
//! | `remap` | this machine's paths, kept out of what is built |
//! | `wasm` | the page for phones: compile, generate its JavaScript, shrink |
//! | `css` | the style sheets, bundled and minified |
//! | `compress` | `.br` and `.gz` beside every file that gains by it |
//! | `site` | the folder that the server carries inside itself |
//! | `pipeline` | all of the above in order, then the server |
//! | `run`, `dev` | starting what was built |
//! | `cluster` | several servers with all that they stand on, on this computer |
//! | `load` | a release build under load: measured, and with servers, Redis and the database killed |
//! | `package` | what a restaurant installs: a `.deb` and a `.tar.gz`, with everybody's licences |
//! | `fuzz` | whatever bytes to whatever reads bytes, guided by coverage |
//! | `test` | every check there is, in parts, and a table at the end |
//! | `rules`, `claims`, `figures`, `size`, `suites` | the parts of the test that aren't a plain cargo call |
//! | `deps` | licences, sources, advisories and unused dependencies |

mod circles;
mod claims;
mod cluster;
mod compress;
mod contents;
mod css;
mod deps;
mod dev;
mod figures;
mod fuzz;
mod load;
mod named;
mod needs;
mod npm;
mod package;
mod pipeline;
mod remap;
mod rules;
mod run;
mod shell;
mod site;
mod size;
mod steps;
mod suites;
mod test;
mod wasm;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{pipeline::Recipe, workspace::Workspace};

/// Comanda's everyday commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and open the demo restaurant
    Run(run::Args),
    /// Rebuild and restart the demo restaurant whenever a file changes
    Dev(dev::Args),
    /// Build everything and run several servers behind a balancer, with PostgreSQL and Redis
    Cluster(cluster::Args),
    /// Build the page (WASM, style, icons) and the server that carries it
    Build {
        /// An optimised server; the page is always built small
        #[arg(long)]
        release: bool,
    },
    /// Build a release and pack it: a .deb, a .tar.gz and their checksums
    Package(package::Args),
    /// Format, lints and the restaurant's rules: the check before a commit
    Check,
    /// Everything that is checked, in parts, with a table at the end
    Test(test::Args),
    /// Measure a release build under load
    Bench(load::Args),
    /// Kill servers, Redis and the database while people order, and check that nothing is lost
    Chaos(load::Args),
    /// Measure how long it takes until everybody is served again when one of them is away
    Outage(load::Args),
    /// Feed whatever bytes to what reads frames, commands, events, venue files and cookies
    Fuzz(fuzz::Args),
    /// Licences, sources, known vulnerabilities and unused dependencies
    Deps,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = Workspace::find().and_then(|workspace| match cli.command {
        Command::Run(args) => run::run(&workspace, &args),
        Command::Dev(args) => dev::dev(&workspace, &args),
        Command::Cluster(args) => cluster::cluster(&workspace, &args),
        Command::Build { release } => {
            let recipe = if release { Recipe::RELEASE } else { Recipe::DEBUG };
            pipeline::build(&workspace, recipe).map(|built| built.tell())
        }
        Command::Package(args) => package::package(&workspace, &args),
        Command::Check => test::check(&workspace),
        Command::Test(args) => test::test(&workspace, &args),
        Command::Bench(args) => load::bench(&workspace, &args),
        Command::Chaos(args) => load::faults(&workspace, "chaos", &args),
        Command::Outage(args) => load::faults(&workspace, "outage", &args),
        Command::Fuzz(args) => fuzz::fuzz(&workspace, &args),
        Command::Deps => deps::deps(&workspace),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            shell::complain(&error);
            ExitCode::FAILURE
        }
    }
}
