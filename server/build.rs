//! Tells the server where the site is that it holds: beside the build's other products, where
//! `cargo xtask build` puts it; and by which rules it folds, so that it begins with no snapshot that others have made.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

/// The rules, seen from here.
const RULES: &str = "../domain/src";

fn main() {
    println!("cargo:rerun-if-changed={RULES}");
    match rules(Path::new(RULES)) {
        Ok(rules) => println!("cargo:rustc-env=COMANDA_RULES={rules}"),
        Err(error) => panic!("can't read {RULES}: {error}"),
    }
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-env-changed=COMANDA_SITE");
    let site = std::env::var_os("COMANDA_SITE").map_or_else(beside_the_build, PathBuf::from);
    // Without a site the server still compiles, and says at the start what is missing.
    if let Err(error) = std::fs::create_dir_all(&site) {
        println!("cargo:warning=can't make {}: {error}", site.display());
    }
    println!("cargo:rerun-if-changed={}", site.display());
    println!("cargo:rustc-env=COMANDA_SITE={}", site.display());
}

/// What tells these rules from those of any other release: a hash of their source. Whatever is changed there, be it a
/// comment, costs no more than folding each old stream once from its first event.
fn rules(root: &Path) -> io::Result<String> {
    let mut files = vec![root.to_owned()];
    let mut sources = Vec::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(path)? {
                files.push(entry?.path());
            }
        } else {
            sources.push(path);
        }
    }
    // In one order on every machine.
    sources.sort();
    let mut hasher = DefaultHasher::new();
    for source in sources {
        (source.to_string_lossy().replace('\\', "/"), fs::read(source)?).hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// `target/site`: the build's own folder is `target/PROFILE/build/server-HASH/out`.
fn beside_the_build() -> PathBuf {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    out.ancestors().nth(4).map(|target| target.join("site")).unwrap_or_default()
}
