//! That packages are the same bytes when made twice, hold what they should, and can be installed and run.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::Path,
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};
use flate2::read::GzDecoder;
use md5::{Digest, Md5};

use super::pack;
use crate::{contents, needs, pipeline::Built, shell, workspace::Workspace};

/// Packs the server that the other tests run, and looks at it as somebody does who installs it.
pub(crate) fn check(workspace: &Workspace, built: &Built) -> Result<()> {
    let folder = workspace.own().join("package");
    contents::remove_folder(&folder)?;
    let packed = pack(workspace, &built.npm, &built.server)?;
    let again = pack(workspace, &built.npm, &built.server)?;
    for (one, other) in packed.iter().zip(&again) {
        ensure!(one.path == other.path && one.bytes == other.bytes, "{} is another when packed again", one.path);
        contents::write(&folder.join(&one.path), &one.bytes)?;
        println!("{:<40} {:>12}, the same twice", one.path, shell::kilobytes(one.bytes.len() as u64));
    }
    shell::read(Command::new("sha256sum").args(["--check", "--strict", "SHA256SUMS"]).current_dir(&folder))?;

    let [tar, deb, _] = packed.as_slice() else { bail!("{} files are packed, and not three", packed.len()) };
    let tar = flat(&tar.bytes, &folder)?;
    installed(&deb.bytes, &tar)?;
    read_by_debian(&folder.join(&deb.path))?;
    unit(&folder, &tar)?;
    Ok(())
}

/// Files of a `.tar.gz`, by where they are in it, with their mode.
type Unpacked = BTreeMap<String, (u32, Vec<u8>)>;

/// What is in an archive; fails where something in it is not of root.
fn unpack(archive: &[u8]) -> Result<Unpacked> {
    let mut tar = tar::Archive::new(GzDecoder::new(archive));
    let mut files = Unpacked::new();
    for entry in tar.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.display().to_string();
        let (header, mut bytes) = (entry.header().clone(), Vec::new());
        ensure!(header.uid()? == 0 && header.gid()? == 0, "{path} is not of root");
        if header.entry_type().is_file() {
            entry.read_to_end(&mut bytes)?;
            files.insert(path.trim_start_matches("./").to_owned(), (header.mode()?, bytes));
        }
    }
    Ok(files)
}

/// The `.tar.gz`: one folder with a program that runs. Returns it without the folder's name.
fn flat(archive: &[u8], folder: &Path) -> Result<Unpacked> {
    let version = env!("CARGO_PKG_VERSION");
    let mut files = Unpacked::new();
    for (path, file) in unpack(archive)? {
        let (top, below) = path.split_once('/').with_context(|| format!("{path} is in no folder"))?;
        ensure!(top.starts_with(&format!("comanda-{version}-")), "{path} is in a folder of another name");
        files.insert(below.to_owned(), file);
    }
    tar::Archive::new(GzDecoder::new(archive)).unpack(folder.join("unpacked"))?;
    let top = fs::read_dir(folder.join("unpacked"))?.next().context("nothing was unpacked")??.path();
    let told = shell::read(Command::new(top.join("comanda")).arg("--version"))?;
    ensure!(told.trim() == format!("comanda {version}"), "the unpacked program says it is {told}");

    // Each setting that the file names is one that the program has.
    let help = shell::read(Command::new(top.join("comanda")).args(["serve", "--help"]))?;
    let settings = text(&files, "comanda.env")?;
    let named: Vec<_> =
        settings.lines().filter_map(|line| line.trim_start_matches('#').split_once('=')).map(|(n, _)| n).collect();
    let named: Vec<_> = named.into_iter().filter(|name| name.starts_with("COMANDA_")).collect();
    ensure!(!named.is_empty(), "comanda.env names no setting");
    for name in named {
        // Without a value where it is secret.
        let is_known = ["=", "]"].iter().any(|end| help.contains(&format!("[env: {name}{end}")));
        ensure!(is_known, "comanda.env names {name}, which `comanda serve --help` does not");
    }
    let licences = text(&files, "licences/third-party.txt")?;
    for part in ["leptos 0", "ring 0", "libsqlite3-sys 0", "socket.io-client 4", "@fontsource-variable/inter 5"] {
        ensure!(licences.lines().any(|line| line.starts_with(part)), "the licences do not name {part}");
    }
    println!("the unpacked program runs; its settings are those of comanda.env; {} files", files.len());
    Ok(files)
}

/// The `.deb`: the same program and settings, where Debian has them, for whom they are.
fn installed(deb: &[u8], tar: &Unpacked) -> Result<()> {
    let mut members = BTreeMap::new();
    let mut ar = ar::Archive::new(deb);
    while let Some(member) = ar.next_entry() {
        let mut member = member?;
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes)?;
        members.insert(String::from_utf8_lossy(member.header().identifier()).into_owned(), bytes);
    }
    let member = |name: &str| members.get(name).with_context(|| format!("the package has no {name}"));
    ensure!(member("debian-binary")? == b"2.0\n", "the package is of another format");
    let (about, files) = (unpack(member("control.tar.gz")?)?, unpack(member("data.tar.gz")?)?);

    for (path, mode) in
        [("usr/bin/comanda", 0o755), ("etc/comanda/comanda.env", 0o600), ("usr/share/doc/comanda/copyright", 0o644)]
    {
        let (found, _) = files.get(path).with_context(|| format!("the package has no {path}"))?;
        ensure!(*found == mode, "{path} has mode {found:o}");
    }
    ensure!(files.get("usr/bin/comanda").map(|(_, bytes)| bytes) == tar.get("comanda").map(|(_, bytes)| bytes), "two programs");
    ensure!(text(&about, "conffiles")? == "/etc/comanda/comanda.env\n", "other settings would be lost at an upgrade");
    for line in text(&about, "md5sums")?.lines() {
        let (sum, path) = line.split_once("  ").with_context(|| format!("md5sums: {line}"))?;
        let (_, bytes) = files.get(path).with_context(|| format!("md5sums name {path}"))?;
        let found: String = Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        ensure!(found == sum, "{path} has another sum");
    }
    for script in ["postinst", "prerm", "postrm"] {
        let (mode, bytes) = about.get(script).with_context(|| format!("the package has no {script}"))?;
        ensure!(*mode == 0o755 && bytes.starts_with(b"#!/bin/sh\n"), "{script} can't be run");
    }
    println!("the .deb has the same program, its settings for root alone, and true sums");
    Ok(())
}

/// Where Debian's own tool is, it reads the package.
fn read_by_debian(deb: &Path) -> Result<()> {
    if needs::on_path("dpkg-deb").is_none() {
        println!("dpkg-deb is not here: what it says of the .deb was not asked");
        return Ok(());
    }
    for (field, expected) in [("Package", "comanda"), ("Version", env!("CARGO_PKG_VERSION"))] {
        let told = shell::read(Command::new("dpkg-deb").arg("--field").arg(deb).arg(field))?;
        ensure!(told.trim() == expected, "{field} is {told}");
    }
    let depends = shell::read(Command::new("dpkg-deb").arg("--field").arg(deb).arg("Depends"))?;
    ensure!(depends.contains("libc6 (>= "), "the package depends on {depends}");
    let listed = shell::read(Command::new("dpkg-deb").arg("--contents").arg(deb))?;
    ensure!(listed.lines().all(|line| line.contains(" root/root ")), "not all is of root: {listed}");
    println!("dpkg-deb reads it; it depends on {}", depends.trim());
    Ok(())
}

/// Where systemd is, it reads the unit, with the program where it was unpacked.
fn unit(folder: &Path, tar: &Unpacked) -> Result<()> {
    const PROGRAM: &str = "/usr/bin/comanda";
    let unit = text(tar, "comanda.service")?;
    ensure!(unit.contains(&format!("ExecStart={PROGRAM} serve")), "the unit starts something else");
    if needs::on_path("systemd-analyze").is_none() {
        println!("systemd-analyze is not here: what systemd says of the unit was not asked");
        return Ok(());
    }
    let here = fs::read_dir(folder.join("unpacked"))?.collect::<io::Result<Vec<_>>>()?;
    let here = here.first().context("nothing was unpacked")?.path().join("comanda");
    let path = folder.join("comanda.service");
    contents::write(&path, unit.replace(PROGRAM, &here.display().to_string()).as_bytes())?;
    let told = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&path).output()?;
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    // It also complains of other units of the machine.
    let complaints: Vec<_> = told.lines().filter(|line| line.contains("comanda.service")).collect();
    ensure!(complaints.is_empty(), "{}", complaints.join("; "));
    println!("systemd reads the unit");
    Ok(())
}

fn text<'a>(files: &'a Unpacked, path: &str) -> Result<&'a str> {
    let (_, bytes) = files.get(path).with_context(|| format!("there is no {path}"))?;
    std::str::from_utf8(bytes).with_context(|| format!("{path} is no text"))
}
