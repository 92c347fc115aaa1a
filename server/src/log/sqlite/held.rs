//! Holding the file for this process alone, whoever deletes what.
//!
//! The directory has a lock file, which earlier releases look at. Somebody may delete it; so the database itself is locked,
//! too. Somebody may move the database away, or its journal, or put a backup in their place: SQLite would go on writing
//! where nobody ever reads. So before each batch and after it, it is looked whether the files are still those that were
//! opened.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::open::{DATABASE, OpenError};
use crate::log::Epoch;

/// Held as long as a process has the log open. It stays behind, empty, and means nothing by itself.
const LOCK: &str = "comanda.lock";
/// How often it is looked whether the files are in place while nothing is written.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What this process holds.
#[derive(Debug)]
pub(super) struct Held {
    dir: PathBuf,
    database: PathBuf,
    journal: PathBuf,
    /// Which file the database is.
    opened: FileId,
    journal_opened: Mutex<Journal>,
    epoch: Epoch,
    /// Never closed before SQLite has closed its own: that would let go of SQLite's locks, too.
    locks: Mutex<Option<[File; 2]>>,
}

/// Which file the journal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Journal {
    /// It was not seen yet: SQLite makes it with the first write, and keeps it while the writer is connected.
    NotSeen,
    /// It was this file when it was first seen.
    Is(FileId),
    /// The writer is not connected: SQLite may tidy it up.
    Loose,
}

/// What tells a file from another that has taken its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileId {
    device: u64,
    number: u64,
}

impl FileId {
    #[cfg(unix)]
    fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let metadata = std::fs::metadata(path)?;
        Ok(Self { device: metadata.dev(), number: metadata.ino() })
    }

    /// Where a file in use can't be taken away.
    #[cfg(not(unix))]
    fn of(path: &Path) -> io::Result<Self> {
        std::fs::metadata(path).map(|_| Self { device: 0, number: 0 })
    }
}

impl Held {
    /// Holds a directory and the database in it, which is made, empty, if it is missing. The system lets go of both
    /// however the process ends.
    pub(super) fn hold(dir: &Path) -> Result<Self, OpenError> {
        let not_writable = |error: io::Error| OpenError::NotWritable { dir: dir.to_owned(), reason: error.to_string() };
        let database = dir.join(DATABASE);
        let locks = [locked(&dir.join(LOCK), dir)?, locked(&database, dir)?];
        let opened = FileId::of(&database).map_err(not_writable)?;
        let born = std::fs::metadata(&database).and_then(|metadata| metadata.created()).ok();
        let born = born.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
        let epoch = Epoch::of(&[&"sqlite", &opened.device, &opened.number, &born.as_nanos()]);
        let journal = dir.join(format!("{DATABASE}-wal"));
        Ok(Self {
            dir: dir.to_owned(),
            database,
            journal,
            opened,
            journal_opened: Mutex::new(Journal::NotSeen),
            epoch,
            locks: Mutex::new(Some(locks)),
        })
    }

    pub(super) fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// Lets go of everything. The last to be closed.
    pub(super) fn let_go(&self) {
        *self.locks.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The writer is about to close its connection.
    pub(super) fn writer_goes(&self) {
        *self.journal_opened.lock().unwrap_or_else(PoisonError::into_inner) = Journal::Loose;
    }

    /// The writer is connected again.
    pub(super) fn writer_is_back(&self) {
        *self.journal_opened.lock().unwrap_or_else(PoisonError::into_inner) = Journal::NotSeen;
    }

    /// Which file the journal has to be.
    fn journal_opened(&self) -> Option<FileId> {
        let mut opened = self.journal_opened.lock().unwrap_or_else(PoisonError::into_inner);
        if *opened == Journal::NotSeen
            && let Ok(seen) = FileId::of(&self.journal)
        {
            *opened = Journal::Is(seen);
        }
        match *opened {
            Journal::Is(file) => Some(file),
            Journal::NotSeen | Journal::Loose => None,
        }
    }

    /// Whether the files are those that were opened, or what has become of them.
    pub(super) fn is_in_place(&self) -> Result<(), String> {
        let journal = self.journal_opened();
        for (path, opened) in [(&self.database, Some(self.opened)), (&self.journal, journal)] {
            if opened.is_some() && FileId::of(path).ok() != opened {
                return Err(format!(
                    "{} was moved, deleted or replaced while this server had it open: stop the server before touching {}",
                    path.display(),
                    self.dir.display()
                ));
            }
        }
        Ok(())
    }

    /// Returns once they are not.
    pub(super) async fn is_lost(&self) -> String {
        loop {
            if let Err(why) = self.is_in_place() {
                return why;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

fn locked(path: &Path, dir: &Path) -> Result<File, OpenError> {
    let not_writable = |error: io::Error| OpenError::NotWritable { dir: dir.to_owned(), reason: error.to_string() };
    let file = File::options().create(true).append(true).open(path).map_err(not_writable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Held { dir: dir.to_owned() }),
        Err(TryLockError::Error(error)) => Err(not_writable(error)),
    }
}
