//! The page for phones: compile the frontend to WASM, generate its JavaScript, shrink it.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use crate::{contents, needs, npm::Packages, remap, shell, workspace::Workspace};

/// How much work goes into the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Page {
    /// As small as it gets: what guests download.
    Small,
    /// The same, with what stable Rust promises: half as large again. For compilers that this was not tried with.
    Plain,
    /// Compiled fast and not shrunk, for `cargo xtask run` and `dev`.
    Quick,
}

impl Page {
    /// The profile in the workspace's Cargo.toml.
    fn profile(self) -> &'static str {
        match self {
            Self::Small | Self::Plain => "wasm",
            Self::Quick => "wasm-dev",
        }
    }

    /// Where it is built: options of the compiler that differ would have all compiled anew in turns.
    fn folder(self) -> &'static str {
        match self {
            Self::Plain => "wasm-plain",
            other => other.profile(),
        }
    }
}

/// What browsers download: a bundle for guests' phones, one for the staff's screens. Each is a feature
/// of the frontend, and the name of its files: Leptos' `HydrationScripts` asks for `guest.js` and
/// `guest_bg.wasm` (app/src/page.rs says for which page).
pub(crate) const BUNDLES: [&str; 2] = ["guest", "staff"];

/// What rustc emits for wasm32-unknown-unknown without being asked. Named one by one: with
/// `--all-features`, wasm-opt may bring in what a guest's older phone doesn't have.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Smallest, with what only debuggers and statistics read taken out. Finding the control flow anew from a flat form first
/// makes what is downloaded 5 % smaller (282.2 → 268.4 kB).
const WASM_OPT: [&str; 7] =
    ["--flatten", "--rereloop", "-Oz", "--converge", "--traps-never-happen", "--strip-debug", "--strip-producers"];

/// With which compiler [`SMALL_STD`] and [`SMALL_RUSTFLAGS`] were tried. They are none that stable Rust promises: another
/// may do something else by them. rust-toolchain.toml names the same.
const TRIED_WITH: &str = "1.95.0";

/// How small this compiler can make the page, of what is wanted; what that takes is installed.
pub(crate) fn possible(workspace: &Workspace, wanted: Page) -> Result<Page> {
    if wanted != Page::Small {
        return Ok(wanted);
    }
    let compiler = needs::compiler(workspace)?;
    if compiler != TRIED_WITH {
        shell::note(&format!(
            "this compiler is {compiler}: the page is built the ordinary way, and is larger than with {TRIED_WITH}"
        ));
        return Ok(Page::Plain);
    }
    needs::std_source(workspace)?;
    Ok(Page::Small)
}

/// The standard library compiled along with the page, for size, and without the words that a panic would
/// print: nobody reads them on a guest's phone, and they are an eighth of what it would download. Cargo
/// offers this to nightly alone; the compiler is the same stable one, told so by `RUSTC_BOOTSTRAP`.
const SMALL_STD: [&str; 2] = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
/// Where a panic happened, and how values look when they are debugged, are left out for the same reason.
const SMALL_RUSTFLAGS: [&str; 5] =
    ["--cfg=erase_components", "-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none", "-Zfmt-debug=none"];

/// Compiles the frontend. A cargo call of its own: together with the server, its dependencies
/// would get the server's features.
pub(crate) fn compile(workspace: &Workspace, bundle: &str, page: Page) -> Result<PathBuf> {
    let mut cargo = if page == Page::Plain { remap::cargo(workspace)? } else { workspace.cargo() };
    // Both at once are compiled once: a larger page, soon.
    let surfaces = if page == Page::Quick { "guest,staff,panic-words" } else { bundle };
    cargo.args(["build", "--package", "frontend", "--lib", "--features", surfaces]);
    cargo.args(["--target", "wasm32-unknown-unknown", "--profile", page.profile()]);
    // A folder of its own: build scripts look at RUSTC_BOOTSTRAP, and would run anew at each turn.
    let target = workspace.target.join(page.folder());
    cargo.arg("--target-dir").arg(&target);
    if page == Page::Small {
        let mut flags: Vec<_> = SMALL_RUSTFLAGS.map(ToOwned::to_owned).into();
        flags.extend(remap::flags(workspace)?);
        cargo.args(SMALL_STD).env("RUSTC_BOOTSTRAP", "1").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    }
    shell::run(&mut cargo)?;
    let folder = target.join("wasm32-unknown-unknown").join(page.profile());
    // The next bundle is built to the same place.
    let kept = workspace.own().join(format!("{bundle}-{}.wasm", page.folder()));
    contents::write(&kept, &without_path(contents::read(&folder.join("frontend.wasm"))?))?;
    Ok(kept)
}

/// Leptos' `wasm_split_helpers` exports a name that ends in 16 digits, a hash of the path where cargo keeps it. They tell builds on two
/// machines apart and nothing else, since no page is split: zeros, so that the same source is the same page (`remap.rs`).
const SPLIT_MARKER: &[u8] = b"_WASM_SPLIT_MARKER_";
const SPLIT_DIGITS: usize = 16;

fn without_path(mut wasm: Vec<u8>) -> Vec<u8> {
    let marked = wasm.windows(SPLIT_MARKER.len()).enumerate().filter(|(_, found)| *found == SPLIT_MARKER);
    let digits: Vec<_> = marked.map(|(at, found)| at + found.len()).collect();
    for at in digits {
        let digits = wasm[at..].iter_mut().take(SPLIT_DIGITS);
        digits.take_while(|digit| digit.is_ascii_hexdigit()).for_each(|digit| *digit = b'0');
    }
    wasm
}

/// Does the same of each as [`bind`], side by side.
pub(crate) fn bind_all(workspace: &Workspace, npm: &Packages, compiled: &[(&str, PathBuf)], page: Page) -> Result<Vec<PathBuf>> {
    thread::scope(|scope| {
        let under_way = compiled.iter().map(|(bundle, wasm)| scope.spawn(|| bind(workspace, npm, bundle, wasm, page)));
        let under_way: Vec<_> = under_way.collect();
        under_way.into_iter().map(|one| one.join().map_err(|_| anyhow!("generating the JavaScript panicked"))?).collect()
    })
}

/// Generates the JavaScript beside the WASM, and shrinks the WASM. Returns the folder with both,
/// and whatever snippets of JavaScript the dependencies bring.
fn bind(workspace: &Workspace, npm: &Packages, bundle: &str, wasm: &Path, page: Page) -> Result<PathBuf> {
    let folder = workspace.own().join(format!("{bundle}-{}", page.folder()));
    let stamp = workspace.own().join(format!("{bundle}-{}.stamp", page.folder()));
    let binaryen = npm.version("binaryen")?;
    let mut made_from = vec![contents::read(wasm)?, binaryen.into_bytes()];
    made_from.extend(WASM_OPT.iter().chain(&WASM_FEATURES).map(|option| option.as_bytes().into()));
    let wanted = contents::hash(made_from);
    if contents::is_stamped(&stamp, &wanted) && folder.is_dir() {
        shell::note("unchanged");
        return Ok(folder);
    }
    contents::remove_folder(&folder)?;
    generate(bundle, wasm, &folder)?;
    if page != Page::Quick {
        shrink(npm, &folder.join(format!("{bundle}_bg.wasm")))?;
    }
    contents::stamp(&stamp, &wanted)?;
    Ok(folder)
}

fn generate(bundle: &str, wasm: &Path, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .input_path(wasm)
        .out_name(bundle)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen failed on {}", wasm.display()))
}

fn shrink(npm: &Packages, wasm: &Path) -> Result<()> {
    let before = size(wasm)?;
    let smaller = wasm.with_extension("smaller");
    let mut wasm_opt = npm.script("binaryen/bin/wasm-opt")?;
    wasm_opt.args(WASM_OPT).args(WASM_FEATURES).arg(wasm).arg("--output").arg(&smaller);
    shell::read(&mut wasm_opt).context("shrinking the WASM failed")?;
    fs::rename(&smaller, wasm).with_context(|| format!("cannot put {} in place", smaller.display()))?;
    shell::note(&format!("wasm-opt: {} → {}", shell::kilobytes(before), shell::kilobytes(size(wasm)?)));
    Ok(())
}

fn size(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_does_not_tell_where_cargo_keeps_its_crates() {
        let of = |hash: &str| without_path(format!("\0._WASM_SPLIT_MARKER_{hash}version\x03\0a0a0").into_bytes());
        assert_eq!(of("732e786d2a082da8"), of("54ebf0e149f5b492"));
        assert_eq!(of("732e786d2a082da8"), b"\0._WASM_SPLIT_MARKER_0000000000000000version\x03\0a0a0");
        assert_eq!(without_path(b"\0asm_WASM_SPLIT_MARKER_".to_vec()), b"\0asm_WASM_SPLIT_MARKER_");
    }
}
