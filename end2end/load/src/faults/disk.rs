//! A disk that fills, and gets room again.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::process::Setup;

/// How large the small disk is.
const DISK_BYTES: u64 = 8 * 1024 * 1024;
/// With a limit instead of a disk: how large a file may become.
const FILE_MAX_BYTES: u64 = 2 * 1024 * 1024;

/// A disk that fills.
#[derive(Debug)]
pub enum SmallDisk {
    /// A file system of its own, where we may mount one. Dropping it unmounts it.
    Mounted(PathBuf),
    /// A limit on the size of each file that the process writes, where we may not.
    Limited(PathBuf),
}

impl SmallDisk {
    /// Makes one, in a directory that exists.
    pub fn make(place: &Path) -> Result<Self> {
        let disk = place.join("disk");
        fs::create_dir(&disk)?;
        let size = format!("size={DISK_BYTES}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "comanda-load"]).arg(&disk).output();
        if mounted.is_ok_and(|output| output.status.success()) { Ok(Self::Mounted(disk)) } else { Ok(Self::Limited(disk)) }
    }

    /// What it is, for the test's report.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Mounted(_) => "a file system of its own",
            Self::Limited(_) => "a limit on the size of files",
        }
    }

    /// Has a process keep its data here.
    pub fn hold(&self, setup: &mut Setup) {
        let (Self::Mounted(disk) | Self::Limited(disk)) = self;
        setup.data = disk.join("data");
        if let Self::Limited(_) = self {
            // The soft limit, which can be raised from outside; without the signal, writes just fail.
            let script = format!("trap '' XFSZ; ulimit -S -f {}; exec \"$@\"", FILE_MAX_BYTES / 512);
            setup.wrapper = ["sh", "-c", &script, "sh"].map(OsString::from).to_vec();
        }
    }

    /// Takes all the room but so many bytes. A limit is as it is from the start.
    pub fn fill(&self, but_bytes: u64) -> Result<()> {
        let Self::Mounted(disk) = self else { return Ok(()) };
        let mut filler = File::create(disk.join("filler"))?;
        let block = [0; 4_096];
        while filler.write_all(&block).is_ok() {}
        let filled = filler.metadata()?.len();
        ensure!(filled > but_bytes, "there was no room to take");
        filler.set_len(filled - but_bytes).context("can't give room back")
    }

    /// Takes what room is left, to the last byte. A limit stays as it is.
    pub fn fill_up(&self) -> Result<()> {
        let Self::Mounted(disk) = self else { return Ok(()) };
        let mut filler = OpenOptions::new().append(true).open(disk.join("filler")).context("it was not filled before")?;
        while filler.write_all(&[0; 512]).is_ok() {}
        Ok(())
    }

    /// Makes room again.
    pub fn make_room(&self, pid: u32) -> Result<()> {
        match self {
            Self::Mounted(disk) => Ok(fs::remove_file(disk.join("filler"))?),
            Self::Limited(_) => {
                let raised = Command::new("prlimit").args(["--pid", &pid.to_string(), "--fsize=unlimited"]).output()?;
                ensure!(raised.status.success(), "prlimit: {}", String::from_utf8_lossy(&raised.stderr));
                Ok(())
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if let Self::Mounted(disk) = self {
            // Lazily: the process under test may be ending still. Nothing more can be done if it fails.
            let _ = Command::new("umount").arg("--lazy").arg(disk).output();
        }
    }
}
