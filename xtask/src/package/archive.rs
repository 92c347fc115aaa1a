//! Archives that are the same bytes for the same files: sorted, of root, of one time, without what a machine would add.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::Path,
};

use flate2::{Compression, GzBuilder};
use tar::{EntryType, Header};

/// What a program may be run by, and what everybody may read.
pub(crate) const PROGRAM: u32 = 0o755;
pub(crate) const READABLE: u32 = 0o644;
/// What its owner alone may read.
pub(crate) const PRIVATE: u32 = 0o600;

/// In a header of gzip: no system in particular (RFC 1952, section 2.3.1).
const UNKNOWN_SYSTEM: u8 = 255;

/// A file of an archive.
#[derive(Clone)]
pub(crate) struct File {
    /// Relative, with `/` between folders.
    pub(crate) path: String,
    pub(crate) mode: u32,
    pub(crate) bytes: Vec<u8>,
}

impl File {
    pub(crate) fn new(path: impl Into<String>, mode: u32, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), mode, bytes: bytes.into() }
    }
}

/// The files with the folders above them, all of that time (in seconds since 1970), as a `.tar.gz`.
pub(crate) fn tar_gz(files: &[File], time: u64) -> io::Result<Vec<u8>> {
    let mut files: Vec<_> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let above = files.iter().flat_map(|file| Path::new(&file.path).ancestors().skip(1));
    let folders: BTreeSet<_> = above.filter(|folder| !folder.as_os_str().is_empty() && *folder != Path::new(".")).collect();

    let mut tar = tar::Builder::new(Vec::new());
    for folder in folders {
        tar.append(&header(&format!("{}/", folder.display()), EntryType::Directory, PROGRAM, 0, time)?, io::empty())?;
    }
    for file in files {
        let header = header(&file.path, EntryType::Regular, file.mode, file.bytes.len() as u64, time)?;
        tar.append(&header, file.bytes.as_slice())?;
    }
    gz(&tar.into_inner()?)
}

/// Compressed without a name or a time.
pub(crate) fn gz(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut gz = GzBuilder::new().operating_system(UNKNOWN_SYSTEM).write(Vec::new(), Compression::best());
    gz.write_all(bytes)?;
    gz.finish()
}

fn header(path: &str, kind: EntryType, mode: u32, size: u64, time: u64) -> io::Result<Header> {
    let mut header = Header::new_gnu();
    header.set_path(path)?;
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(time);
    header.set_uid(0);
    header.set_gid(0);
    header.set_username("root")?;
    header.set_groupname("root")?;
    header.set_cksum();
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_holds_folders_first_and_does_not_depend_on_the_order_of_its_files() {
        let (a, b) = (File::new("x/etc/a", PRIVATE, "one"), File::new("x/b", PROGRAM, "two"));
        let packed = tar_gz(&[a.clone(), b.clone()], 86_400).expect("an archive");
        assert_eq!(packed, tar_gz(&[b, a], 86_400).expect("an archive"));

        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
        let told = |entry: io::Result<tar::Entry<'_, _>>| {
            let entry = entry.expect("an entry");
            let header = entry.header();
            assert_eq!((header.uid().ok(), header.gid().ok(), header.mtime().ok()), (Some(0), Some(0), Some(86_400)));
            (entry.path().expect("a path").display().to_string(), header.mode().expect("a mode"))
        };
        let entries: Vec<_> = tar.entries().expect("entries").map(told).collect();
        let expected = [("x/", 0o755), ("x/etc/", 0o755), ("x/b", 0o755), ("x/etc/a", 0o600)];
        assert_eq!(entries, expected.map(|(path, mode)| (path.to_owned(), mode)));
    }
}
