//! Files that are nobody else's business.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// From now on, whatever this process makes, its owner alone can read and write.
pub fn keep_to_ourselves() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Whether a file of a data directory is ours, or made of one of ours: the log and its journals, backups, the secret,
/// links with passwords.
fn is_ours(name: &str) -> bool {
    let is_of = |text: &str| ["comanda", "secret", "links", "demo-password"].iter().any(|ours| text.starts_with(ours));
    is_of(name) || [".db", ".db-wal", ".db-shm", ".sqlite", ".dump"].iter().any(|ending| name.ends_with(ending))
}

/// Makes a data directory if it is not there. Where one is, takes everybody else's access to what is ours in it away: an
/// earlier release, or a copy, may have left files that everybody can read. What is somebody else's stays as it is.
pub fn private_directory(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    warn_if_others_may_write(dir)?;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        // Where a link leads is somebody's choice, and so is who can read it.
        if is_ours(&name.to_string_lossy()) && entry.file_type()?.is_file() {
            close_to_others(&entry.path());
        }
    }
    Ok(())
}

/// Whoever may write in a directory puts files of their own in place of ours. A directory may be shared on purpose, so that
/// is told and not changed.
#[cfg(unix)]
fn warn_if_others_may_write(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if fs::metadata(dir)?.permissions().mode() & 0o022 != 0 {
        tracing::warn!(dir = %dir.display(), "others on this machine may put their files in the data directory: chmod 700 it");
    }
    Ok(())
}

#[cfg(not(unix))]
fn warn_if_others_may_write(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn close_to_others(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    // A journal may have gone meanwhile.
    let Ok(metadata) = fs::metadata(path) else { return };
    let mut permissions = metadata.permissions();
    let mode = permissions.mode();
    if mode & 0o077 != 0 {
        permissions.set_mode(mode & !0o077);
        if let Err(error) = fs::set_permissions(path, permissions) {
            tracing::warn!(path = %path.display(), %error, "others on this machine may read this, and that can't be changed");
        }
    }
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) {}

/// Writes a file that only its owner can read. Whoever reads it meanwhile, and whatever happens, finds what was there
/// before or all of this.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let written = write_beside(path, bytes)?;
    fs::rename(&written, path).inspect_err(|_| discard(&written))?;
    sync_directory_of(path)
}

/// The same, unless there is such a file already; whether it was written.
pub fn write_private_once(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let written = write_beside(path, bytes)?;
    // A second name for it: unlike a renaming, that fails where the name is taken.
    let linked = fs::hard_link(&written, path);
    discard(&written);
    match linked {
        Ok(()) => sync_directory_of(path).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes to a name of our own in the same directory, durably.
fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?.to_string_lossy();
    static WRITTEN: AtomicU32 = AtomicU32::new(0);
    let nth = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_file_name(format!(".{name}.{}.{nth}", std::process::id()));
    // Whatever lies there was left by a process of the same number that died.
    discard(&beside);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).inspect_err(|_| discard(&beside))?;
    Ok(beside)
}

fn discard(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => tracing::warn!(path = %path.display(), %error, "can't be removed"),
        _ => {}
    }
}

/// Makes durable that a name is there.
fn sync_directory_of(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn readable_by_all(path: &Path, bytes: &[u8]) {
        fs::write(path, bytes).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    }

    #[test]
    fn a_file_that_everybody_could_read_is_replaced_by_one_that_nobody_can() {
        let dir = tempfile::tempdir().unwrap();
        let links = dir.path().join("links.json");
        readable_by_all(&links, b"of the start before");
        write_private(&links, b"with a password").unwrap();
        assert_eq!((mode(&links), fs::read(&links).unwrap()), (0o600, b"with a password".to_vec()));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_an_earlier_release_left_open_is_closed() {
        let dir = tempfile::tempdir().unwrap();
        let ours = ["comanda.db", "comanda.db-wal", "comanda-2026-11-26.db", "before.db", "secret", "links.json"];
        for name in ours.iter().chain(&["venue.json"]) {
            readable_by_all(&dir.path().join(name), b"");
        }
        private_directory(dir.path()).unwrap();
        for name in ours {
            assert_eq!(mode(&dir.path().join(name)), 0o600, "{name}");
        }
        assert_eq!(mode(&dir.path().join("venue.json")), 0o644, "somebody else's");
    }

    #[test]
    fn of_two_that_write_at_once_one_does() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        assert!(write_private_once(&path, b"one").unwrap());
        assert!(!write_private_once(&path, b"two").unwrap());
        assert_eq!((fs::read(&path).unwrap(), mode(&path)), (b"one".to_vec(), 0o600));
    }
}
