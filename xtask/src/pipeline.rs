//! The whole build in order: tools, the page, the site, the server.

use std::{path::PathBuf, time::Instant};

use anyhow::Result;

use crate::{
    needs,
    npm::Packages,
    shell::{self, Steps},
    site,
    wasm::{self, BUNDLES, Page},
    workspace::Workspace,
};

/// What to build, and how thoroughly.
#[derive(Clone, Copy)]
pub(crate) struct Recipe {
    page: Page,
    release: bool,
}

impl Recipe {
    /// What a restaurant runs.
    pub(crate) const RELEASE: Self = Self { page: Page::Small, release: true };
    /// What the tests run: the real page, a server that is built faster and checks more.
    pub(crate) const DEBUG: Self = Self { page: Page::Small, release: false };
    /// What is built soonest after a change.
    pub(crate) const QUICK: Self = Self { page: Page::Quick, release: false };
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
    let mut steps = Steps::new(5);

    steps.next("Looking for the tools");
    needs::wasm_target(workspace)?;
    needs::std_source(workspace)?;
    let npm = Packages::install(workspace)?;

    steps.next("Compiling the pages of guests and staff (WASM)");
    let mut compiled = Vec::new();
    for bundle in BUNDLES {
        compiled.push((bundle, wasm::compile(workspace, bundle, recipe.page)?));
    }

    steps.next("Generating their JavaScript, and shrinking them");
    let mut bound = Vec::new();
    for (bundle, wasm) in compiled {
        bound.push(wasm::bind(workspace, &npm, bundle, &wasm, recipe.page)?);
    }

    steps.next("Putting the site together: style, icons, compressed copies");
    let package = site::collect(workspace, &npm, &bound)?;
    site::assemble(workspace, &npm, package, recipe.page)?;

    steps.next("Building the server");
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", "server", "--bin", "comanda"]);
    if recipe.release {
        cargo.arg("--release");
    }
    shell::run(&mut cargo)?;
    Ok(Built { server: workspace.server(recipe.release), npm, started })
}
