//! The whole build in order: tools, the page, the site, the server.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::{
    needs,
    npm::Packages,
    remap, shell, site,
    steps::Steps,
    wasm::{self, BUNDLES, Page},
    workspace::Workspace,
};

/// What to build, and how thoroughly.
#[derive(Clone, Copy)]
pub(crate) struct Recipe {
    name: &'static str,
    page: Page,
    /// The server's profile in the workspace's Cargo.toml.
    profile: &'static str,
    usually: Usually,
}

/// How many seconds the long steps take the first time, on two cores.
#[derive(Clone, Copy)]
struct Usually {
    pages: u64,
    shrinking: u64,
    site: u64,
    server: u64,
}

impl Recipe {
    /// What a restaurant runs.
    pub(crate) const RELEASE: Self =
        Self { name: "release", page: Page::Small, profile: "release", usually: Usually { server: 540, ..Usually::SMALL } };
    /// What the tests run: the real page, a server that is built faster and checks more.
    pub(crate) const DEBUG: Self = Self { name: "debug", page: Page::Small, profile: "test", usually: Usually::SMALL };
    /// What is built soonest, the first time and after a change: a larger page, a slower server, and all that they do.
    pub(crate) const QUICK: Self = Self { name: "quick", page: Page::Quick, profile: "dev", usually: Usually::QUICK };
}

impl Usually {
    const SMALL: Self = Self { pages: 240, shrinking: 90, site: 15, server: 240 };
    const QUICK: Self = Self { pages: 140, shrinking: 5, site: 3, server: 200 };
}

/// A finished build.
pub(crate) struct Built {
    /// The executable.
    pub(crate) server: PathBuf,
    /// The packages it was built with, which the tests need too.
    pub(crate) npm: Packages,
    started: Instant,
}

impl Built {
    /// Tells where it is.
    pub(crate) fn tell(&self) {
        println!("Built {} in {}", self.server.display(), shell::spoken(self.started.elapsed()));
    }
}

/// Builds what has changed.
pub(crate) fn build(workspace: &Workspace, recipe: Recipe) -> Result<Built> {
    let started = Instant::now();
    let _alone = workspace.lock()?;
    let mut steps = Steps::new(workspace, recipe.name, 5);
    let Usually { pages, shrinking, site, server } = recipe.usually;

    steps.next("Looking for the tools", Duration::from_secs(5));
    needs::wasm_target(workspace)?;
    let page = wasm::possible(workspace, recipe.page)?;
    let npm = Packages::install(workspace)?;

    steps.next("Compiling the pages of guests and staff (WASM)", Duration::from_secs(pages));
    let mut compiled = Vec::new();
    for bundle in BUNDLES {
        compiled.push((bundle, wasm::compile(workspace, bundle, page)?));
    }

    let shrunk =
        if page == Page::Quick { "Generating their JavaScript" } else { "Generating their JavaScript, and shrinking them" };
    steps.next(shrunk, Duration::from_secs(shrinking));
    let bound = wasm::bind_all(workspace, &npm, &compiled, page)?;

    steps.next("Putting the site together: style, icons, compressed copies", Duration::from_secs(site));
    let package = site::collect(workspace, &npm, &bound)?;
    site::assemble(workspace, &npm, package, page)?;

    steps.next("Building the server", Duration::from_secs(server));
    let is_release = recipe.profile == "release";
    let mut cargo = if is_release { remap::cargo(workspace)? } else { workspace.cargo() };
    cargo.args(["build", "--package", "server", "--bin", "comanda"]);
    cargo.args(["--profile", recipe.profile]);
    shell::run(&mut cargo)?;
    steps.done();
    Ok(Built { server: workspace.server(is_release), npm, started })
}
