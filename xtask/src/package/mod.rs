//! `cargo xtask package`: what a restaurant installs, in `target/package/`.
//!
//! ```text
//! comanda-0.2.0-x86_64-linux.tar.gz    the program, its unit, the example, the documentation, everybody's licences
//! comanda_0.2.0_amd64.deb              the same, each where Debian has it
//! SHA256SUMS
//! ```
//! Packed twice, they are the same bytes: `check.rs` holds that. Built twice, too (`remap.rs`).

mod archive;
pub(crate) mod check;
mod debian;
mod licences;
mod program;
mod release;

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Result;
use sha2::{Digest, Sha256};

use self::{
    archive::{File, PRIVATE, PROGRAM, READABLE},
    program::{Needs, Program},
    release::Release,
};
use crate::{
    contents,
    npm::Packages,
    pipeline::{self, Recipe},
    shell,
    workspace::Workspace,
};

/// What to pack.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A server that was built already, by `cargo xtask build --release`; by default it is built
    #[arg(long)]
    binary: Option<PathBuf>,
}

/// Files of the source that go along: where they are, what they are called in the `.tar.gz`, and where Debian has them.
const ALONG: [(&str, &str, &str); 11] = [
    ("ops/comanda.service", "comanda.service", "usr/lib/systemd/system/comanda.service"),
    ("ops/comanda.sysusers", "comanda.sysusers", "usr/lib/sysusers.d/comanda.conf"),
    ("ops/comanda.env", "comanda.env", "etc/comanda/comanda.env"),
    ("server/demo/venue.json", "examples/venue.json", "usr/share/doc/comanda/examples/venue.json"),
    ("ops/haproxy.cfg", "examples/haproxy.cfg", "usr/share/doc/comanda/examples/haproxy.cfg"),
    ("docs/grafana.json", "examples/grafana.json", "usr/share/doc/comanda/examples/grafana.json"),
    ("docs/deploy.md", "deploy.md", "usr/share/doc/comanda/deploy.md"),
    ("docs/security.md", "security.md", "usr/share/doc/comanda/security.md"),
    ("docs/protocol.md", "protocol.md", "usr/share/doc/comanda/protocol.md"),
    ("LICENSE-APACHE", "LICENSE-APACHE", "usr/share/doc/comanda/LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT", "usr/share/doc/comanda/LICENSE-MIT"),
];

/// What Debian has everybody look for first.
const COPYRIGHT: &str = "\
Comanda, table ordering for restaurants
Copyright (c) 2026 the Comanda contributors
Licensed under Apache-2.0 or MIT, as you like: LICENSE-APACHE, LICENSE-MIT.

What others have made and is part of it, with the terms of each: third-party.txt.gz;
of Rust's standard library: rust-standard-library.html.gz.
";

/// Builds what is to be packed, packs it, and tells where it is.
pub(crate) fn package(workspace: &Workspace, args: &Args) -> Result<()> {
    let binary = match &args.binary {
        Some(binary) => binary.clone(),
        None => pipeline::build(workspace, Recipe::RELEASE)?.server,
    };
    let _alone = workspace.lock()?;
    let npm = Packages::install(workspace)?;
    let folder = workspace.target.join("package");
    let packed = pack(workspace, &npm, &binary)?;
    contents::remove_folder(&folder)?;
    for file in &packed {
        let path = folder.join(&file.path);
        contents::write(&path, &file.bytes)?;
        println!("{:<60} {:>12}", workspace.shown(&path), shell::kilobytes(file.bytes.len() as u64));
    }
    Ok(())
}

/// The packages of a server that was built, and their checksums.
fn pack(workspace: &Workspace, npm: &Packages, binary: &Path) -> Result<Vec<File>> {
    let release = Release::of(workspace)?;
    let program = Program::of(workspace, binary, release.version)?;
    let Needs { architecture, debian_architecture, .. } = program.needs;
    let shipped = Shipped {
        along: ALONG.map(|(at, ..)| contents::read(&workspace.root.join(at))).into_iter().collect::<Result<_>>()?,
        changes: contents::read(&workspace.root.join("CHANGELOG.md"))?,
        third_party: licences::collect(workspace, npm, architecture)?.into_bytes(),
        standard_library: licences::standard_library(workspace)?,
    };
    let name = format!("comanda-{}-{architecture}-linux", release.version);
    let tar = archive::tar_gz(&shipped.flat(&name, &program), release.time)?;
    let deb = debian::deb(&shipped.debian(&program)?, &program.needs, &release)?;
    let mut packed = vec![
        File::new(format!("{name}.tar.gz"), READABLE, tar),
        File::new(format!("comanda_{}_{debian_architecture}.deb", release.version), READABLE, deb),
    ];
    packed.push(File::new("SHA256SUMS", READABLE, sha256sums(&packed)?));
    Ok(packed)
}

/// What is given away besides the program.
struct Shipped {
    /// As [`ALONG`] names them.
    along: Vec<Vec<u8>>,
    changes: Vec<u8>,
    third_party: Vec<u8>,
    standard_library: Vec<u8>,
}

impl Shipped {
    /// In one folder.
    fn flat(&self, name: &str, program: &Program) -> Vec<File> {
        let mut files = vec![
            File::new("comanda", PROGRAM, program.bytes.as_slice()),
            File::new("CHANGELOG.md", READABLE, self.changes.as_slice()),
            File::new("licences/third-party.txt", READABLE, self.third_party.as_slice()),
            File::new("licences/rust-standard-library.html", READABLE, self.standard_library.as_slice()),
        ];
        files.extend(ALONG.iter().zip(&self.along).map(|((_, path, _), bytes)| File::new(*path, READABLE, bytes.as_slice())));
        files.into_iter().map(|file| File { path: format!("{name}/{}", file.path), ..file }).collect()
    }

    /// Each where Debian has it; what is long and seldom read is compressed there.
    fn debian(&self, program: &Program) -> Result<Vec<File>> {
        let doc = |name: &str, bytes| File::new(format!("usr/share/doc/comanda/{name}"), READABLE, bytes);
        let mut files = vec![
            File::new("usr/bin/comanda", PROGRAM, program.bytes.as_slice()),
            doc("copyright", COPYRIGHT.as_bytes().to_vec()),
            doc("changelog.gz", archive::gz(&self.changes)?),
            doc("third-party.txt.gz", archive::gz(&self.third_party)?),
            doc("rust-standard-library.html.gz", archive::gz(&self.standard_library)?),
        ];
        for ((.., path), bytes) in ALONG.iter().zip(&self.along) {
            // Settings may be secret.
            let mode = if path.starts_with("etc/") { PRIVATE } else { READABLE };
            files.push(File::new(*path, mode, bytes.as_slice()));
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }
}

/// What `sha256sum --check` reads.
fn sha256sums(files: &[File]) -> Result<String> {
    let mut sums = String::new();
    for file in files {
        for byte in Sha256::digest(&file.bytes) {
            write!(sums, "{byte:02x}")?;
        }
        writeln!(sums, "  {}", file.path)?;
    }
    Ok(sums)
}
