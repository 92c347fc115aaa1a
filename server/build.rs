//! Tells the server where the site is that it holds: beside the build's other products, where
//! `cargo xtask build` puts it.

use std::path::PathBuf;

fn main() {
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

/// `target/site`: the build's own folder is `target/PROFILE/build/server-HASH/out`.
fn beside_the_build() -> PathBuf {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    out.ancestors().nth(4).map(|target| target.join("site")).unwrap_or_default()
}
