//! A package for Debian, Ubuntu and the like: `deb(5)`, an `ar` of what it is and of what it installs. Made by ourselves of two
//! archives like any other, so that it can be made wherever Comanda is built; the test has Debian's own tools read it.

use std::{fmt::Write as _, io};

use anyhow::Result;
use md5::{Digest, Md5};

use super::{
    archive::{self, File, PROGRAM, READABLE},
    program::Needs,
    release::Release,
};

/// What dpkg runs before and after it installs and removes.
const SCRIPTS: [(&str, &str); 3] = [
    ("postinst", include_str!("../../../ops/debian/postinst")),
    ("prerm", include_str!("../../../ops/debian/prerm")),
    ("postrm", include_str!("../../../ops/debian/postrm")),
];

/// Brings the user that the server runs as: systemd itself, or what stands in for it in containers.
const DEPENDS: &str = "systemd | systemd-standalone-sysusers | systemd-sysusers";

/// Below this an administrator's changes are kept when the package is upgraded.
const CONFIGURATION: &str = "etc/";

/// The package that installs these files, by where they go.
pub(crate) fn deb(files: &[File], needs: &Needs, release: &Release) -> Result<Vec<u8>> {
    let mut about = vec![
        File::new("./control", READABLE, control(files, needs, release)),
        File::new("./conffiles", READABLE, conffiles(files)),
        File::new("./md5sums", READABLE, md5sums(files)?),
    ];
    about.extend(SCRIPTS.map(|(name, script)| File::new(format!("./{name}"), PROGRAM, script)));
    let installed: Vec<_> = files.iter().map(|file| File { path: format!("./{}", file.path), ..file.clone() }).collect();

    let mut deb = ar::Builder::new(Vec::new());
    let members = [
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar.gz", archive::tar_gz(&about, release.time)?),
        ("data.tar.gz", archive::tar_gz(&installed, release.time)?),
    ];
    for (name, bytes) in members {
        append(&mut deb, name, &bytes, release.time)?;
    }
    Ok(deb.into_inner()?)
}

fn append(deb: &mut ar::Builder<Vec<u8>>, name: &str, bytes: &[u8], time: u64) -> io::Result<()> {
    let mut header = ar::Header::new(name.as_bytes().to_vec(), bytes.len() as u64);
    header.set_mode(0o100_644);
    header.set_mtime(time);
    deb.append(&header, bytes)
}

/// What apt shows and resolves (Debian Policy, section 5.3).
fn control(files: &[File], needs: &Needs, release: &Release) -> String {
    let bytes: usize = files.iter().map(|file| file.bytes.len().next_multiple_of(1024)).sum();
    format!(
        "Package: comanda\n\
         Version: {version}\n\
         Architecture: {architecture}\n\
         Maintainer: The Comanda contributors\n\
         Installed-Size: {size}\n\
         Depends: {depends}, {DEPENDS}\n\
         Recommends: ca-certificates\n\
         Section: net\n\
         Priority: optional\n\
         Description: table ordering for restaurants\n \
         Guests scan a table's code and share one live order; the kitchen reads it on the\n \
         wall; waiters see every table. One program, one data directory, nothing to install\n \
         on the phones.\n",
        version = release.version,
        architecture = needs.debian_architecture,
        size = bytes / 1024,
        depends = needs.depends.join(", "),
    )
}

fn conffiles(files: &[File]) -> String {
    let kept = files.iter().filter(|file| file.path.starts_with(CONFIGURATION));
    kept.map(|file| format!("/{}\n", file.path)).collect()
}

/// What `dpkg --verify` compares with.
fn md5sums(files: &[File]) -> Result<String> {
    let mut sums = String::new();
    for file in files.iter().filter(|file| !file.path.starts_with(CONFIGURATION)) {
        for byte in Md5::digest(&file.bytes) {
            write!(sums, "{byte:02x}")?;
        }
        writeln!(sums, "  {}", file.path)?;
    }
    Ok(sums)
}
