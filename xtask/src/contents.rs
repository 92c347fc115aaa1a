//! Content hashes, and stamps that save repeated work: a stamp is a small file that holds the
//! hash of everything that a result was made from.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Files by their path relative to some folder, with `/` between folders, in a stated order.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// 16 hex digits over parts. Each part's length is hashed too, so that moving a byte from one
/// part to the next changes the result.
pub(crate) fn hash(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        let part = part.as_ref();
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The hash of files, with their names.
pub(crate) fn hash_files(files: &Files) -> String {
    hash(files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_slice()]))
}

/// Whether a result was made from what `hash` stands for.
pub(crate) fn is_stamped(stamp: &Path, hash: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|stamped| stamped == hash)
}

/// Notes what a result was made from.
pub(crate) fn stamp(stamp: &Path, hash: &str) -> Result<()> {
    write(stamp, hash.as_bytes())
}

/// Reads a file; the error names it.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file and the folders above it; the error names it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, bytes))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Removes a folder with everything in it, if it is there.
pub(crate) fn remove_folder(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// The paths of every file under a folder, hidden ones left out, sorted.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()));
    for entry in entries? {
        let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            found.extend(list(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The folders right inside of one, sorted; none where it isn't there.
pub(crate) fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.with_context(|| format!("cannot read {}", folder.display()))?;
    let mut found: Vec<_> = entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    Ok(found)
}

/// Every file under a folder, hidden ones left out.
pub(crate) fn read_folder(folder: &Path) -> Result<Files> {
    list(folder)?
        .into_iter()
        .map(|path| {
            let below = path.strip_prefix(folder).unwrap_or(&path);
            let names = below.iter().map(|name| name.to_string_lossy());
            Ok((names.collect::<Vec<_>>().join("/"), read(&path)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_tells_where_one_part_ends() {
        assert_eq!(hash(["ab", "c"]).len(), 16);
        assert_eq!(hash(["ab", "c"]), hash(["ab", "c"]));
        assert_ne!(hash(["ab", "c"]), hash(["a", "bc"]));
    }

    #[test]
    fn a_folder_is_read_with_its_subfolders_and_without_hidden_files() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(&folder.path().join("icons/a.svg"), b"<svg/>").expect("a file");
        write(&folder.path().join(".gitkeep"), b"").expect("a file");
        let files = read_folder(folder.path()).expect("the folder");
        assert_eq!(files.keys().collect::<Vec<_>>(), ["icons/a.svg"]);
    }

    #[test]
    fn a_stamp_holds_for_one_content_only() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("stamp");
        assert!(!is_stamped(&path, "one"));
        stamp(&path, "one").expect("a stamp");
        assert!(is_stamped(&path, "one"));
        assert!(!is_stamped(&path, "two"));
    }
}
