//! The folder that the server carries inside itself, `target/site/`:
//!
//! ```text
//! pkg.hash            the name of the folder below, which the server reads when it is built
//! pkg/<hash>/         guest.js, guest_bg.wasm, staff.js, staff_bg.wasm, comanda.css, socket.io.js, fonts/, and whatever snippets of
//!                     JavaScript the dependencies bring
//! …                   everything from public/
//! ```
//! The hash is over the contents, so whatever is under `pkg/` never changes and may be cached for
//! good. A new site is put together beside the old one and swapped in as a whole: a build that
//! breaks leaves the old one, and one that changes nothing leaves the files' times alone, so that
//! the server isn't rebuilt.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{
    compress,
    contents::{self, Files},
    css,
    npm::Packages,
    shell,
    wasm::Page,
    workspace::Workspace,
};

/// Holds the name of the folder under `pkg/`.
const HASH_FILE: &str = "pkg.hash";

/// The fonts that style/tokens.css names, and where their packages keep them. Latin is enough for the
/// interface's languages; other letters fall back to the device's own fonts.
const FONTS: [(&str, &str); 2] = [
    ("fonts/fraunces.woff2", "@fontsource-variable/fraunces/files/fraunces-latin-wght-normal.woff2"),
    ("fonts/inter.woff2", "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"),
];

/// Raised whenever what is made from the same files changes, e.g. another way to compress.
const FORMAT: &str = "1";

/// Reads everything that belongs into the immutable folder.
pub(crate) fn collect(workspace: &Workspace, npm: &Packages, bound: &[PathBuf]) -> Result<Files> {
    let css = css::bundle(npm, &workspace.root.join("style").join("main.css"))?;
    let mut files = Files::new();
    for bundle in bound {
        files.extend(contents::read_folder(bundle)?);
    }
    files.insert("comanda.css".into(), css.into_bytes());
    let client = npm.file("socket.io-client/dist/socket.io.esm.min.js")?;
    files.insert("socket.io.js".into(), without_source_map(contents::read(&client)?));
    for (name, source) in FONTS {
        files.insert(name.into(), contents::read(&npm.file(source)?)?);
    }
    Ok(files)
}

/// Refuses a style sheet that refers to what is not on the site: nobody would notice a missing font.
fn check_links(package: &Files, public: &Files) -> Result<()> {
    let sheet = package.get("comanda.css").map(|css| String::from_utf8_lossy(css)).unwrap_or_default();
    for link in css::links(&sheet) {
        let there = match link.strip_prefix('/') {
            Some(name) => public.contains_key(name),
            None => package.contains_key(link),
        };
        ensure!(
            there,
            "a style sheet refers to {link}, which is not there (`x` is one of FONTS in xtask/src/site.rs, `/x` is public/x)"
        );
    }
    Ok(())
}

/// Puts the site in place, if anything in it has changed.
pub(crate) fn assemble(workspace: &Workspace, npm: &Packages, package: Files, page: Page) -> Result<()> {
    let hash = contents::hash_files(&package);
    let mut files = public(workspace)?;
    check_links(&package, &files)?;
    files.extend(package.into_iter().map(|(name, bytes)| (format!("pkg/{hash}/{name}"), bytes)));
    files.insert(HASH_FILE.into(), hash.clone().into_bytes());

    let site = workspace.site();
    let stamp = workspace.own().join("site.stamp");
    let wanted = format!("{FORMAT} {page:?} {}", contents::hash_files(&files));
    if contents::is_stamped(&stamp, &wanted) && site.join("pkg").join(&hash).is_dir() {
        shell::note("unchanged");
        return Ok(());
    }

    let next = workspace.own().join("site.next");
    contents::remove_folder(&next)?;
    for (name, bytes) in &files {
        contents::write(&next.join(name), bytes)?;
    }
    if page != Page::Quick {
        compress::folder(npm, &next, &workspace.own().join("compressed"))?;
    }
    swap(&next, &site, &workspace.own().join("site.old"))?;
    contents::stamp(&stamp, &wanted)
}

/// The hash of the site that is in place.
pub(crate) fn hash(workspace: &Workspace) -> Result<String> {
    let hash = contents::read(&workspace.site().join(HASH_FILE))?;
    String::from_utf8(hash).context("the site's pkg.hash is no text")
}

/// Everything in public/, which may not be there.
fn public(workspace: &Workspace) -> Result<Files> {
    let folder = workspace.root.join("public");
    if !folder.is_dir() {
        return Ok(Files::new());
    }
    let files = contents::read_folder(&folder)?;
    let clash = files.keys().find(|name| *name == HASH_FILE || name.starts_with("pkg/"));
    ensure!(clash.is_none(), "public/{} is where the page goes", clash.map_or("", String::as_str));
    Ok(files)
}

/// The map stays in the package: a line that names it makes every opened inspector ask for it.
fn without_source_map(script: Vec<u8>) -> Vec<u8> {
    const MARK: &str = "\n//# sourceMappingURL=";
    match String::from_utf8(script) {
        Ok(text) => text.find(MARK).map_or(text.as_str(), |at| &text[..at]).into(),
        Err(other) => other.into_bytes(),
    }
}

fn swap(next: &Path, site: &Path, old: &Path) -> Result<()> {
    contents::remove_folder(old)?;
    if site.exists() {
        fs::rename(site, old).with_context(|| format!("cannot move {} away", site.display()))?;
    }
    fs::rename(next, site).with_context(|| format!("cannot put {} in place", site.display()))?;
    contents::remove_folder(old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_names_a_source_map_is_cut_off() {
        let script = b"export{};\n//# sourceMappingURL=x.js.map".to_vec();
        assert_eq!(without_source_map(script), b"export{};");
        assert_eq!(without_source_map(b"export{};".to_vec()), b"export{};");
    }

    #[test]
    fn a_sheet_that_refers_to_a_missing_font_is_refused() {
        let sheet = |css: &str| Files::from([("comanda.css".to_owned(), css.as_bytes().to_vec())]);
        let public = Files::from([("a.woff2".to_owned(), Vec::new())]);
        assert!(check_links(&sheet("x{src:url(/a.woff2)}"), &public).is_ok());
        assert!(check_links(&sheet("x{src:url(a.woff2)}"), &public).is_err());
    }

    #[test]
    fn a_site_is_swapped_as_a_whole() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        contents::write(&at("site/pkg/one/a.js"), b"1").expect("an old site");
        contents::write(&at("next/pkg/two/a.js"), b"2").expect("a new site");
        swap(&at("next"), &at("site"), &at("old")).expect("a swap");
        let files = contents::read_folder(&at("site")).expect("the site");
        assert_eq!(files.keys().collect::<Vec<_>>(), ["pkg/two/a.js"]);
        assert!(!at("old").exists() && !at("next").exists());
    }

    #[test]
    fn what_would_cover_the_page_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        contents::write(&folder.path().join("public/pkg/a.js"), b"").expect("a file");
        let workspace = Workspace { root: folder.path().to_owned(), target: folder.path().join("target") };
        let told = public(&workspace).expect_err("a clash").to_string();
        assert_eq!(told, "public/pkg/a.js is where the page goes");
    }
}
