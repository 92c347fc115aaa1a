//! The program as it is given away: without what only debuggers read; and what it needs, as it says itself.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, bail, ensure};

use crate::{contents, needs, shell, workspace::Workspace};

/// The names of lines go. Those of functions stay: they tell in a backtrace where it was, and the lines can be had by
/// building the same release again. The mark that linkers compute over all of it goes, too, since it covers what has gone.
const STRIP: [&str; 2] = ["--strip-debug", "--remove-section=.note.gnu.build-id"];

/// Debian's packages of what a program of ours may be linked with.
const PACKAGES: [(&str, &str); 3] = [("libc.so.6", "libc6"), ("libm.so.6", "libc6"), ("libgcc_s.so.1", "libgcc-s1")];
/// Loads it, and comes with libc6, by a name for each architecture.
const LOADER: &str = "ld-linux-";

/// A stripped program.
pub(crate) struct Program {
    pub(crate) bytes: Vec<u8>,
    pub(crate) needs: Needs,
}

/// What it takes to run it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Needs {
    /// As the compiler calls it: `x86_64`.
    pub(crate) architecture: &'static str,
    /// As Debian calls it: `amd64`.
    pub(crate) debian_architecture: &'static str,
    /// Debian's packages, with versions: `libc6 (>= 2.34)`.
    pub(crate) depends: Vec<String>,
}

impl Program {
    /// A stripped copy of a server that was built. Fails if it is of another release than the source.
    pub(crate) fn of(workspace: &Workspace, binary: &Path, version: &str) -> Result<Self> {
        let told = shell::read(Command::new(binary).arg("--version"))?;
        let of_here = format!("comanda {version}");
        ensure!(told.trim() == of_here, "{} is `{}`, and the source is {of_here}", binary.display(), told.trim());

        let stripped = workspace.own().join("comanda.stripped");
        let mut strip = Command::new(needs::STRIP.require()?);
        shell::read(strip.args(STRIP).arg("-o").arg(&stripped).arg(binary))?;
        let needs = needs(&shell::read(Command::new(needs::OBJDUMP.require()?).arg("-p").arg(&stripped))?)?;
        Ok(Self { bytes: contents::read(&stripped)?, needs })
    }
}

/// Reads what `objdump -p` tells of a program.
fn needs(told: &str) -> Result<Needs> {
    let format = told.lines().find_map(|line| line.split_once("file format ")).map(|(_, format)| format.trim());
    let (architecture, debian_architecture) = match format {
        Some("elf64-x86-64") => ("x86_64", "amd64"),
        Some("elf64-littleaarch64") => ("aarch64", "arm64"),
        other => bail!("packages are made of programs for Linux on x86_64 or aarch64, not of {other:?}"),
    };
    let mut depends = Vec::new();
    for line in told.lines() {
        let Some(library) = line.trim().strip_prefix("NEEDED").map(str::trim) else { continue };
        let known = PACKAGES.iter().find(|(known, _)| *known == library).map(|(_, package)| (*package).to_owned());
        let package = known.or_else(|| library.starts_with(LOADER).then(|| "libc6".to_owned()));
        depends.push(package.with_context(|| format!("which package of Debian brings {library}? Say it in PACKAGES"))?);
    }
    // A static program needs none.
    if let Some((major, minor)) = told.lines().filter_map(glibc).max() {
        depends.retain(|package| package != "libc6");
        depends.push(format!("libc6 (>= {major}.{minor})"));
    }
    depends.sort();
    depends.dedup();
    Ok(Needs { architecture, debian_architecture, depends })
}

/// The version of a symbol: `0x06969194 0x00 05 GLIBC_2.34`.
fn glibc(line: &str) -> Option<(u32, u32)> {
    let mut parts = line.split_whitespace().last()?.strip_prefix("GLIBC_")?.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = "\ncomanda:     file format elf64-x86-64\n\nDynamic Section:\n  NEEDED               libgcc_s.so.1\n  \
        NEEDED               libm.so.6\n  NEEDED               libc.so.6\n  NEEDED               ld-linux-x86-64.so.2\n\n\
        Version References:\n  required from libc.so.6:\n    0x09691a75 0x00 12 GLIBC_2.2.5\n    0x069691b4 0x00 05 GLIBC_2.34\n    \
        0x06969189 0x00 07 GLIBC_2.9\n";

    #[test]
    fn what_a_program_depends_on_is_read_off_it() {
        let needs = needs(TOLD).expect("what objdump tells");
        assert_eq!((needs.architecture, needs.debian_architecture), ("x86_64", "amd64"));
        assert_eq!(needs.depends, ["libc6 (>= 2.34)", "libgcc-s1"]);
    }

    #[test]
    fn a_library_that_nobody_has_named_and_another_system_are_refused() {
        let told = needs(&TOLD.replace("libm.so.6", "libssl.so.3")).expect_err("an unknown library").to_string();
        assert!(told.contains("libssl.so.3"), "{told}");
        assert!(needs(&TOLD.replace("elf64-x86-64", "mach-o-arm64")).is_err());
    }
}
