//! Whose work is in the program and in its pages, and on what terms: every crate that is linked and every npm package that
//! is served, with the texts that they bring. Read from what cargo and npm have downloaded, so that it needs no network.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{contents, npm::Packages, shell, workspace::Workspace};

/// What the files with terms are called, in capitals.
const NAMES: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "UNLICENSE", "NOTICE", "COPYRIGHT"];

/// Standard texts, for who states terms and brings none: what is offered under them, and the text without who grants it.
const STANDARD: [(&str, &str); 2] =
    [("MIT", include_str!("../../../LICENSE-MIT")), ("Apache-2.0", include_str!("../../../LICENSE-APACHE"))];

/// Where Rust tells whose work its standard library is.
const STANDARD_LIBRARY: &str = "share/doc/rust/COPYRIGHT-library.html";

/// A crate or an npm package.
#[derive(Default)]
struct Work {
    /// `serde 1.0.0`
    name: String,
    /// An SPDX expression, or what stands in its place.
    terms: String,
    authors: String,
    repository: String,
    folder: PathBuf,
}

/// All of it as one text.
pub(crate) fn collect(workspace: &Workspace, npm: &Packages, architecture: &str) -> Result<String> {
    let mut works = crates(workspace, architecture)?;
    works.extend(packages(workspace, npm)?);
    let known = works.iter().map(|work| texts_in(&work.folder)).collect::<Result<Vec<_>>>()?;
    let of_same_source = |work: &Work| {
        let same = works.iter().zip(&known).find(|(other, texts)| other.repository == work.repository && !texts.is_empty());
        same.filter(|_| !work.repository.is_empty()).map(|(_, texts)| texts.clone())
    };

    let mut by_text: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut told = String::new();
    let mut untold = Vec::new();
    for (work, texts) in works.iter().zip(&known) {
        writeln!(told, "{} ({}) {}", work.name, work.terms, work.repository)?;
        let brought = (!texts.is_empty()).then(|| texts.clone());
        match brought.or_else(|| standard(work).map(|text| vec![text])).or_else(|| of_same_source(work)) {
            Some(texts) => {
                for text in texts {
                    by_text.entry(text).or_default().insert(&work.name);
                }
            }
            None => untold.push(format!("{} ({})", work.name, work.terms)),
        }
    }
    ensure!(untold.is_empty(), "no text of their terms is found, neither with them nor as a standard one: {}", untold.join(", "));
    let line = "=".repeat(80);
    for (text, of) in by_text {
        let of = of.into_iter().collect::<Vec<_>>().join(", ");
        write!(told, "\n{line}\n{of}\n{line}\n\n{text}\n")?;
    }
    Ok(told)
}

/// Whose work Rust's standard library is, as the compiler's own page tells.
pub(crate) fn standard_library(workspace: &Workspace) -> Result<Vec<u8>> {
    let mut ask = Command::new("rustc");
    let sysroot = shell::read(ask.current_dir(&workspace.root).args(["--print", "sysroot"]))?;
    contents::read(&Path::new(sysroot.trim()).join(STANDARD_LIBRARY))
        .context("the terms of Rust's standard library are not with this compiler")
}

/// What the server links and what the pages are made of, as cargo resolves them for each.
fn crates(workspace: &Workspace, architecture: &str) -> Result<Vec<Work>> {
    const BROWSER: &str = "wasm32-unknown-unknown";
    let machine = format!("{architecture}-unknown-linux-gnu");
    let mut linked = BTreeSet::new();
    let server = ["--package", "server", "--target", machine.as_str()];
    let page = ["--package", "frontend", "--features", "guest,staff", "--target", BROWSER];
    for of in [&server[..], &page] {
        let mut tree = workspace.cargo();
        tree.args(["tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]).args(of);
        let tree = shell::read(&mut tree)?;
        let names = tree.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ").replacen(" v", " ", 1));
        linked.extend(names.filter(|name| !name.is_empty()));
    }

    let mut ask = workspace.cargo();
    ask.args(["metadata", "--locked", "--format-version", "1", "--filter-platform", &machine, "--filter-platform", BROWSER]);
    let metadata: Value = serde_json::from_str(&shell::read(&mut ask)?).context("cargo metadata's answer is not JSON")?;
    let all = metadata["packages"].as_array().context("cargo metadata tells of no packages")?;
    // Without a source are those of this workspace.
    let theirs = all.iter().filter(|package| package["source"].is_string());
    let works = theirs.map(|package| work(package, Path::new(&text(&package["manifest_path"])))).collect::<Vec<_>>();
    Ok(works.into_iter().filter(|work| linked.contains(&work.name)).collect())
}

/// What package.json names as served, rather than as a tool; and what that needs in turn.
fn packages(workspace: &Workspace, npm: &Packages) -> Result<Vec<Work>> {
    let mut open = dependencies(&json(&workspace.root.join("package.json"))?);
    let mut found = BTreeMap::new();
    while let Some(name) = open.pop() {
        if found.contains_key(&name) {
            continue;
        }
        let manifest = npm.file(&format!("{name}/package.json"))?;
        let package = json(&manifest)?;
        open.extend(dependencies(&package));
        found.insert(name, work(&package, &manifest));
    }
    Ok(found.into_values().collect())
}

fn dependencies(package: &Value) -> Vec<String> {
    package["dependencies"].as_object().map(|named| named.keys().cloned().collect()).unwrap_or_default()
}

fn json(path: &Path) -> Result<Value> {
    serde_json::from_slice(&contents::read(path)?).with_context(|| format!("{} is not JSON", path.display()))
}

/// Reads what cargo and npm call by the same names.
fn work(package: &Value, manifest: &Path) -> Work {
    let authors = package["authors"].as_array().map(|authors| authors.iter().map(text).collect::<Vec<_>>().join(", "));
    let repository = [&package["repository"], &package["repository"]["url"]].map(text);
    Work {
        name: format!("{} {}", text(&package["name"]), text(&package["version"])),
        terms: text(&package["license"]),
        authors: authors.unwrap_or_default(),
        repository: repository.concat(),
        folder: manifest.parent().map(ToOwned::to_owned).unwrap_or_default(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The terms that stand in a folder, with lines that end alike everywhere.
fn texts_in(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.with_context(|| format!("cannot read {}", folder.display()))?;
    let is_terms = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        path.is_file() && NAMES.iter().any(|known| name.starts_with(known))
    };
    let mut files: Vec<_> = entries.into_iter().map(|entry| entry.path()).filter(is_terms).collect();
    files.sort();
    let read = |path: &PathBuf| Ok(String::from_utf8_lossy(&contents::read(path)?).replace("\r\n", "\n").trim().to_owned());
    files.iter().map(read).collect()
}

/// The standard text of terms that somebody states without bringing one, if it may be taken by that alone.
fn standard(work: &Work) -> Option<String> {
    let offered: Vec<_> = work.terms.split(" OR ").flat_map(|part| part.split('/')).map(str::trim).collect();
    let (name, text) = STANDARD.iter().find(|(name, _)| offered.contains(name))?;
    let granted = text.split_once("\n\n").map_or(*text, |(_, granted)| granted);
    let authors = if work.authors.is_empty() { "its authors" } else { &work.authors };
    // That of MIT begins with ours.
    Some(if *name == "MIT" { format!("Copyright (c) {authors}\n\n{}", granted.trim()) } else { text.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(terms: &str) -> Work {
        Work { name: "a 1.0".to_owned(), terms: terms.to_owned(), authors: "Ana".to_owned(), ..Work::default() }
    }

    #[test]
    fn a_standard_text_is_taken_only_where_it_is_enough() {
        for enough in ["MIT", "MIT OR Apache-2.0", "Unlicense/MIT"] {
            let text = standard(&of(enough)).expect("a standard text");
            assert!(text.starts_with("Copyright (c) Ana\n\nPermission is hereby granted"), "{text}");
        }
        assert!(standard(&of("Apache-2.0")).expect("a standard text").contains("Apache License"));
        for more in ["MIT AND BSD-3-Clause", "(MIT OR Apache-2.0) AND Unicode-3.0", "ISC", ""] {
            assert_eq!(standard(&of(more)), None, "{more}");
        }
    }

    #[test]
    fn terms_are_found_by_their_name_and_end_their_lines_alike() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in [("LICENSE-MIT", "one\r\ntwo\r\n"), ("license.md", "one\ntwo"), ("lib.rs", "three")] {
            contents::write(&folder.path().join(name), text.as_bytes()).expect("a file");
        }
        assert_eq!(texts_in(folder.path()).expect("the folder"), ["one\ntwo", "one\ntwo"]);
    }
}
