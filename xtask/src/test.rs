//! `cargo xtask test`: every check there is, in parts, and a table at the end. `cargo xtask check`
//! is the first few of them.

use std::{
    cell::OnceCell,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, bail, ensure};
use clap::ValueEnum;

use crate::{
    needs, package,
    pipeline::{self, Built, Recipe},
    rules, shell, size, suites,
    wasm::BUNDLES,
    workspace::Workspace,
};

/// What to test.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these parts
    #[arg(value_enum)]
    parts: Vec<Part>,
}

/// A part of the test, in the order in which they run: what fails soonest comes first.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// rustfmt
    Fmt,
    /// Lints, of the server's side and of the browser's
    Clippy,
    /// The restaurant's rules, and that they compile for the browser
    Domain,
    /// The invariants that can be read off the source
    Rules,
    /// The page and the server, as the parts below need them
    Build,
    /// Unit and integration tests of server, app, xtask, and of what starts PostgreSQL, Redis and HAProxy
    Server,
    /// What a restaurant installs: the same when packed twice, complete, and running
    Package,
    /// Whatever bytes to whatever reads bytes, for some seconds; `cargo xtask fuzz` goes on for longer
    Fuzz,
    /// The live channel, crashes and faults, against the real program
    Load,
    /// Playwright in Chromium
    Browser,
    /// Playwright in Chromium, with several servers behind a balancer
    Cluster,
    /// A guest's first visit stays within its budget
    Size,
    /// The official JavaScript client
    Channel,
}

impl Part {
    fn title(self) -> &'static str {
        match self {
            Self::Fmt => "fmt: the format",
            Self::Clippy => "clippy: the lints",
            Self::Domain => "domain: the restaurant's rules",
            Self::Rules => "rules: the invariants",
            Self::Build => "build: the page and the server",
            Self::Server => "server: server, app and xtask",
            Self::Package => "package: what a restaurant installs",
            Self::Fuzz => "fuzz: frames, commands, events, venue files and cookies",
            Self::Load => "load: the live channel, crashes and faults",
            Self::Browser => "browser: people's ways, in Chromium",
            Self::Cluster => "cluster: people on several servers, in Chromium",
            Self::Size => "size: a guest's first visit",
            Self::Channel => "channel: the official JavaScript client",
        }
    }

    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether it is of use without the built program.
    fn needs_build(self) -> bool {
        matches!(self, Self::Server | Self::Package | Self::Load | Self::Browser | Self::Cluster | Self::Size | Self::Channel)
    }
}

/// Runs the chosen parts.
pub(crate) fn test(workspace: &Workspace, args: &Args) -> Result<()> {
    let chosen = |part: &Part| args.parts.is_empty() || args.parts.contains(part);
    let builds = Part::value_variants().iter().filter(|part| chosen(part)).any(|p| p.needs_build());
    let parts = Part::value_variants().iter().copied();
    run(workspace, parts.filter(|part| chosen(part) || (builds && *part == Part::Build)))
}

/// The parts that are over in less than a minute.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    run(workspace, [Part::Fmt, Part::Clippy, Part::Domain])
}

/// How a part went.
struct Outcome {
    part: Part,
    took: Duration,
    failure: Option<String>,
}

/// Runs parts one after the other, to the end even if some fail: one broken lint should not hide
/// ten broken tests.
fn run(workspace: &Workspace, parts: impl IntoIterator<Item = Part>) -> Result<()> {
    let suite = Suite { workspace, built: OnceCell::new() };
    let mut outcomes = Vec::new();
    for part in parts {
        shell::heading(part.title());
        let started = Instant::now();
        let failure = suite.run(part).err();
        if let Some(error) = &failure {
            shell::complain(error);
        }
        let failure = failure.map(|error| format!("{error:#}"));
        outcomes.push(Outcome { part, took: started.elapsed(), failure });
    }
    conclude(&outcomes)
}

/// Prints the table, and fails if any part did.
fn conclude(outcomes: &[Outcome]) -> Result<()> {
    shell::heading("result");
    for Outcome { part, took, failure } in outcomes {
        let verdict = if failure.is_none() { "passed" } else { "FAILED" };
        let why = failure.as_deref().and_then(|why| why.lines().next()).unwrap_or_default();
        println!("{:<8} {verdict}  {:>12}  {why}", part.name(), shell::spoken(*took));
    }
    let total = outcomes.iter().map(|outcome| outcome.took).sum();
    println!("{:<8} {:>6}  {:>12}", "in all", "", shell::spoken(total));
    let failed: Vec<_> = outcomes.iter().filter(|o| o.failure.is_some()).map(|o| o.part.name()).collect();
    if !failed.is_empty() {
        bail!("failed: {}; again with `cargo xtask test {}`", failed.join(", "), failed.join(" "));
    }
    Ok(())
}

/// What the parts share.
struct Suite<'a> {
    workspace: &'a Workspace,
    built: OnceCell<Result<Built, String>>,
}

impl Suite<'_> {
    fn run(&self, part: Part) -> Result<()> {
        match part {
            Part::Fmt => self.cargo(&["fmt", "--all", "--check"]),
            Part::Clippy => self.clippy(),
            Part::Domain => self.domain(),
            Part::Rules => rules::rules(self.workspace),
            Part::Build => self.built().map(Built::tell),
            Part::Server => self.server(),
            Part::Package => package::check::check(self.workspace, self.built()?),
            Part::Fuzz => self.cargo(&["test", "--no-fail-fast", "--package", "fuzz"]),
            Part::Load => self.load(),
            Part::Browser => suites::browser(self.workspace, self.built()?),
            Part::Cluster => suites::cluster(self.workspace, self.built()?),
            Part::Size => self.built().and_then(|_| size::size(self.workspace)),
            Part::Channel => suites::channel(self.workspace, self.built()?),
        }
    }

    /// The page and the server, built once. Who needs them fails if that did.
    fn built(&self) -> Result<&Built> {
        self.built
            .get_or_init(|| pipeline::build(self.workspace, Recipe::DEBUG).map_err(|error| format!("{error:#}")))
            .as_ref()
            .map_err(|error| anyhow!("the build failed: {error}"))
    }

    fn clippy(&self) -> Result<()> {
        needs::wasm_target(self.workspace)?;
        // The browser's side apart: together, the shared crates would get the features of both.
        let host = ["clippy", "--workspace", "--exclude", "frontend", "--all-targets"];
        let browser = ["clippy", "--package", "frontend", "--target", "wasm32-unknown-unknown"];
        let deny = ["--", "-D", "warnings"];
        let mut tested = self.cargo(&[&host[..], &["--keep-going"], &deny].concat());
        for bundle in BUNDLES {
            tested = tested.and(self.cargo(&[&browser[..], &["--features", bundle], &deny].concat()));
        }
        tested
    }

    fn domain(&self) -> Result<()> {
        needs::wasm_target(self.workspace)?;
        let tested = self.cargo(&["test", "--no-fail-fast", "--package", "domain"]);
        tested.and(self.cargo(&["check", "--package", "domain", "--target", "wasm32-unknown-unknown"]))
    }

    fn server(&self) -> Result<()> {
        needs::cluster()?;
        self.built()?;
        let tested = self.cargo(&["test", "--no-fail-fast", "--package", "server", "--package", "app"]);
        // Apart, with the features that xtask runs with: together, most of what the server depends
        // on would be compiled once more.
        tested.and(self.cargo(&["test", "--no-fail-fast", "--package", "xtask", "--package", "services"]))
    }

    fn load(&self) -> Result<()> {
        needs::cluster()?;
        let server = &self.built()?.server;
        let load = |args: &[&str]| {
            let mut cargo = self.workspace.cargo();
            cargo.args(["test", "--package", "load"]).args(args).env("COMANDA_BIN", server);
            cargo
        };
        shell::run(&mut load(&["--no-run"]))?;
        let list = shell::read(&mut load(&["--", "--list"]))?;
        ensure!(list.lines().any(|line| line.ends_with(": test")), "end2end/load has no tests");
        shell::run(&mut load(&["--no-fail-fast"]))
    }

    fn cargo(&self, args: &[&str]) -> Result<()> {
        shell::run(self.workspace.cargo().args(args))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_part_fails_the_whole_and_is_named() {
        let outcome =
            |part, failure: Option<&str>| Outcome { part, took: Duration::ZERO, failure: failure.map(ToOwned::to_owned) };
        assert!(conclude(&[outcome(Part::Fmt, None)]).is_ok());
        let told = conclude(&[outcome(Part::Fmt, None), outcome(Part::Load, Some("crashed"))]);
        let told = told.expect_err("a part failed").to_string();
        assert_eq!(told, "failed: load; again with `cargo xtask test load`");
    }
}
