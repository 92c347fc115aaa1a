//! That the files which the documentation and comments name are there.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::{contents, workspace::Workspace};

/// Where files are named.
const TOLD_IN: [&str; 4] = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "README.md"];
/// Below which folders they are.
const ROOMS: [&str; 11] = ["app", "docs", "domain", "end2end", "frontend", "ops", "public", "server", "style", "xtask", ".ci"];
/// What is in those folders, and none of ours.
const SKIPPED: [&str; 3] = ["node_modules/", "target/", "test-results/"];
/// The endings of what is looked for.
const ENDINGS: [&str; 7] = [".rs", ".ts", ".mjs", ".css", ".md", ".toml", ".sql"];
/// Named, and made or written by whoever reads about it.
const NOT_HERE: [&str; 2] = ["mod.rs", "Cargo.toml"];

/// Every file that is named and not there.
pub(crate) fn breaches(workspace: &Workspace) -> Result<Vec<String>> {
    let mut files = BTreeSet::new();
    let mut told = Vec::new();
    for file in TOLD_IN {
        told.push((file.to_owned(), contents::read(&workspace.root.join(file))?));
    }
    for room in ROOMS {
        for (below, bytes) in contents::read_folder(&workspace.root.join(room))? {
            let file = format!("{room}/{below}");
            if SKIPPED.iter().any(|skipped| file.contains(skipped)) {
                continue;
            }
            if [".rs", ".md", ".ts", ".mjs", ".css"].iter().any(|ending| file.ends_with(ending)) {
                told.push((file.clone(), bytes));
            }
            files.insert(file);
        }
    }
    files.extend(TOLD_IN.map(ToOwned::to_owned));
    let missing = |(file, bytes): &(String, Vec<u8>)| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let of_here = names(&text, !file.ends_with(".md"));
        let missing = of_here.into_iter().filter(|name| !is_there(&files, name));
        missing.map(|name| format!("{file} names `{name}`, which is not there")).collect::<Vec<_>>()
    };
    Ok(told.iter().flat_map(missing).collect())
}

/// The files that a text names between backticks; of code, in its comments alone, and with a folder.
fn names(text: &str, is_code: bool) -> BTreeSet<String> {
    let lines = text.lines().filter(|line| !is_code || line.trim_start().starts_with("//"));
    let quoted = lines.flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_file = |name: &&str| {
        ENDINGS.iter().any(|ending| name.ends_with(ending))
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-/{,}".contains(c))
            && (!is_code || name.contains('/'))
            && !NOT_HERE.contains(name)
            // What lies in a folder of the reader's own.
            && !name.starts_with('/')
            && !name.starts_with('.')
    };
    quoted.filter(is_file).flat_map(each).collect()
}

/// A name with choices, `{b,c}`, is as many names.
fn each(name: &str) -> Vec<String> {
    let Some((before, rest)) = name.split_once('{') else { return vec![name.to_owned()] };
    let Some((choices, after)) = rest.split_once('}') else { return vec![name.to_owned()] };
    choices.split(',').map(|choice| format!("{before}{choice}{after}")).collect()
}

/// Whether a file is there: by its whole path, or by the end of it.
fn is_there(files: &BTreeSet<String>, name: &str) -> bool {
    files.contains(name) || files.iter().any(|file| file.strip_suffix(name).is_some_and(|folder| folder.ends_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_found() {
        let text = "In `a/{b,c}.rs` and `d.md`, not `e f.rs`, `mod.rs`, `x.exe` or g.rs.\n`/etc/h.toml`";
        assert_eq!(names(text, false).into_iter().collect::<Vec<_>>(), ["a/b.rs", "a/c.rs", "d.md"]);
        let code = "// See `a/b.rs` and `c.rs`.\nlet x = \"`d/e.rs`\";";
        assert_eq!(names(code, true).into_iter().collect::<Vec<_>>(), ["a/b.rs"]);
    }

    #[test]
    fn a_file_is_known_by_the_end_of_its_path() {
        let files = BTreeSet::from(["server/src/live/turn.rs".to_owned()]);
        assert!(is_there(&files, "live/turn.rs") && is_there(&files, "server/src/live/turn.rs"));
        assert!(!is_there(&files, "urn.rs") && !is_there(&files, "live/return.rs"));
    }
}
