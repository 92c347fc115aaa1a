//! `.br` and `.gz` beside every file that gains by it, so that the server never compresses a file
//! and can afford the best, slowest quality.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::{contents, npm::Packages};

/// Compresses with Node.js: in C at full speed, whereas xtask itself is not optimised.
const SCRIPT: &str = include_str!("compress.mjs");

/// Text, and WASM. Everything else on the site is compressed already.
const COMPRESSIBLE: [&str; 10] = ["css", "html", "ico", "js", "json", "mjs", "svg", "txt", "wasm", "webmanifest"];

/// Endings of the compressed files.
const ENDINGS: [&str; 2] = ["br", "gz"];

/// Compresses the files of a folder. What was compressed before is taken from `cache`, which then
/// holds exactly this folder's: the best quality takes seconds for the WASM.
pub(crate) fn folder(npm: &Packages, folder: &Path, cache: &Path) -> Result<()> {
    fs::create_dir_all(cache).with_context(|| format!("cannot create {}", cache.display()))?;
    let files = contents::list(folder)?;
    let wanted = files.into_iter().filter(|file| is_compressible(file)).map(|file| {
        let key = contents::hash([contents::read(&file)?]);
        Ok((file, cache.join(key)))
    });
    let wanted = wanted.collect::<Result<Vec<_>>>()?;

    compress(npm, wanted.iter().filter(|(_, kept)| !is_cached(kept)))?;
    let mut used = BTreeSet::new();
    for (file, kept) in &wanted {
        for ending in ENDINGS {
            let from = with_ending(kept, ending);
            place(&from, file, ending)?;
            used.insert(from);
        }
    }
    for old in contents::list(cache)?.iter().filter(|kept| !used.contains(*kept)) {
        fs::remove_file(old).with_context(|| format!("cannot remove {}", old.display()))?;
    }
    Ok(())
}

/// Puts a compressed file beside the file it was made from, if it is smaller.
fn place(compressed: &Path, file: &Path, ending: &str) -> Result<()> {
    let size = |path: &Path| fs::metadata(path).map(|found| found.len());
    size(compressed)
        .and_then(|small| {
            if small < size(file)? {
                fs::copy(compressed, with_ending(file, ending))?;
            }
            Ok(())
        })
        .with_context(|| format!("cannot place the compressed {}", file.display()))
}

fn compress<'a>(npm: &Packages, files: impl Iterator<Item = &'a (PathBuf, PathBuf)>) -> Result<()> {
    let jobs: Vec<_> =
        files.map(|(file, kept)| json!({ "from": file, "br": with_ending(kept, "br"), "gz": with_ending(kept, "gz") })).collect();
    if jobs.is_empty() {
        return Ok(());
    }
    let mut node = npm
        .node()
        .args(["--input-type=module", "--eval", SCRIPT])
        .stdin(Stdio::piped())
        .spawn()
        .context("cannot start Node.js to compress the page")?;
    let mut stdin = node.stdin.take().context("Node.js was started without an input")?;
    stdin.write_all(json!(jobs).to_string().as_bytes()).context("Node.js stopped listening")?;
    drop(stdin);
    let status = node.wait().context("cannot wait for Node.js")?;
    ensure!(status.success(), "compressing the page failed ({status})");
    Ok(())
}

fn is_compressible(file: &Path) -> bool {
    file.extension().is_some_and(|ending| COMPRESSIBLE.iter().any(|known| ending == *known))
}

fn is_cached(kept: &Path) -> bool {
    ENDINGS.iter().all(|ending| with_ending(kept, ending).is_file())
}

/// `comanda.js` → `comanda.js.br`.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(".");
    path.push(ending);
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_is_added_and_none_replaced() {
        assert_eq!(with_ending(Path::new("pkg/comanda.js"), "br"), Path::new("pkg/comanda.js.br"));
    }

    #[test]
    fn pictures_and_sounds_stay_as_they_are() {
        assert!(is_compressible(Path::new("a.svg")) && is_compressible(Path::new("a.wasm")));
        assert!(!is_compressible(Path::new("a.png")) && !is_compressible(Path::new("a.mp3")));
    }
}
