//! What ARCHITECTURE.md promises and a program can check: the first invariant, and the direction
//! of the arrows between the rooms; that what the operator is told of is there (`figures`), and that what is claimed of
//! security is shown (`claims`).

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{circles, claims, contents, figures, named, shell, workspace::Workspace};

/// The small data crates that the rules may use, and all that those bring. No clock, no
/// randomness, no async among them: whoever adds one adds it here, and says why.
const DATA_CRATES: [&str; 17] = [
    "itoa",
    "memchr",
    "proc-macro2",
    "quote",
    "serde",
    "serde_core",
    "serde_derive",
    "serde_ignored",
    "serde_json",
    "sha1_smol",
    "syn",
    "thiserror",
    "thiserror-impl",
    "unicode-ident",
    "uuid",
    "zmij",
    "domain",
];

/// Which room may know which others.
const ARROWS: [(&str, &[&str]); 8] = [
    ("domain", &[]),
    ("app", &["domain"]),
    ("frontend", &["domain", "app"]),
    // `services` in its tests only.
    ("server", &["domain", "app", "services"]),
    ("load", &["domain", "services"]),
    ("fuzz", &["domain", "server"]),
    ("services", &[]),
    ("xtask", &["services"]),
];

/// What would make the rules depend on where, when or in which process they run. Hash maps are
/// here since each process iterates them in another order. Of the makers of identifiers, those by name are pure.
const IMPURE: [&str; 14] = [
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::sync",
    "std::time",
    "HashMap",
    "HashSet",
    "async fn",
    "println!",
    "Uuid::new_v4",
    "Uuid::new_v7",
];

/// Checks all of them, and tells every breach at once.
pub(crate) fn rules(workspace: &Workspace) -> Result<()> {
    let mut breaches = dependencies(workspace)?;
    breaches.extend(arrows(workspace)?);
    breaches.extend(sources(workspace)?);
    breaches.extend(circles::breaches(workspace)?);
    breaches.extend(named::breaches(workspace)?);
    breaches.extend(figures::breaches(workspace)?);
    let (unshown, claims, tests) = claims::breaches(workspace)?;
    breaches.extend(unshown);
    ensure!(breaches.is_empty(), "{}", breaches.join("\n  "));
    println!("domain depends on small data crates alone, and does no IO");
    println!("domain ← app ← frontend, domain ← app ← server, domain ← load: no arrow turns");
    println!("no module of any room knows, through others, itself");
    println!("the files that the documentation names are there");
    println!("the dashboard and docs/deploy.md name figures that the server tells");
    println!("the {claims} claims of docs/security.md name {tests} tests, and all are there");
    Ok(())
}

/// Everything that domain is compiled with, on every platform.
fn dependencies(workspace: &Workspace) -> Result<Vec<String>> {
    let mut tree = workspace.cargo();
    tree.args(["tree", "--package", "domain", "--edges", "normal,build", "--target", "all"]);
    tree.args(["--prefix", "none", "--format", "{p}"]);
    Ok(strangers(&shell::read(&mut tree)?))
}

fn strangers(tree: &str) -> Vec<String> {
    let names: BTreeSet<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let unknown = names.into_iter().filter(|name| !name.is_empty() && !DATA_CRATES.contains(name));
    unknown.map(|name| format!("domain must not depend on {name}")).collect()
}

/// What the Cargo.toml of each room says about the other rooms, tests included.
fn arrows(workspace: &Workspace) -> Result<Vec<String>> {
    let mut ask = workspace.cargo();
    ask.args(["metadata", "--no-deps", "--format-version", "1"]);
    let answer: Value = serde_json::from_str(&shell::read(&mut ask)?).context("cargo metadata's answer is not JSON")?;
    Ok(turned_arrows(&answer))
}

fn turned_arrows(metadata: &Value) -> Vec<String> {
    let rooms = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    let mut breaches = Vec::new();
    for room in rooms {
        let name = room["name"].as_str().unwrap_or_default();
        let Some((_, known)) = ARROWS.iter().find(|(known, _)| *known == name) else {
            breaches.push(format!("{name} is a new room: add it to xtask/src/rules.rs"));
            continue;
        };
        let used = room["dependencies"].as_array().map_or(&[][..], Vec::as_slice);
        let rooms_used = used.iter().filter(|used| used["path"].is_string());
        breaches.extend(
            rooms_used
                .filter_map(|used| used["name"].as_str())
                .filter(|used| !known.contains(used))
                .map(|used| format!("{name} must not know {used}")),
        );
    }
    breaches
}

/// Reads domain's source for what is pure by its dependencies but not by the standard library.
fn sources(workspace: &Workspace) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for path in contents::list(&workspace.root.join("domain").join("src"))? {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        for (line, word) in impurities(&text) {
            breaches.push(format!("{}:{line} uses {word}", workspace.shown(&path)));
        }
    }
    Ok(breaches)
}

/// Lines of code, comments left out, that use what the rules must not. A file's own tests, which
/// stand at its end, may.
fn impurities(text: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("#[cfg(test)]") {
            break;
        }
        let code = line.split("//").next().unwrap_or_default();
        found.extend(IMPURE.iter().filter(|word| code.contains(*word)).map(|word| (at + 1, *word)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_stranger_among_the_dependencies_is_named() {
        let tree = "domain v0.1.0 (domain)\nserde v1.0.0\nserde v1.0.0 (*)\nrand v0.9.0\n";
        assert_eq!(strangers(tree), ["domain must not depend on rand"]);
    }

    #[test]
    fn an_arrow_in_the_wrong_direction_is_named() {
        let metadata = json!({ "packages": [
            { "name": "domain", "dependencies": [{ "name": "serde" }] },
            { "name": "app", "dependencies": [{ "name": "server", "path": "server" }] },
        ]});
        assert_eq!(turned_arrows(&metadata), ["app must not know server"]);
    }

    #[test]
    fn a_clock_in_the_rules_is_found_but_not_in_comments_or_tests() {
        let text = "// std::time is not for us\nuse std::time::Instant;\n#[cfg(test)]\nHashMap";
        assert_eq!(impurities(text), [(2, "std::time")]);
    }
}
