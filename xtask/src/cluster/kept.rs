//! What a cluster keeps between two starts besides its database: the secret that signs cookies, and the
//! demo's password.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Bytes of the secret: 128 hex digits, twice what the servers ask for.
const SECRET_BYTES: usize = 64;

/// For passwords that are read aloud and typed: no two that look alike.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Letters of the password, in groups of four.
const PASSWORD_LETTERS: usize = 12;

/// What is kept.
pub(super) struct Kept {
    /// The file with the secret.
    pub(super) secret: PathBuf,
    /// The password of the demo's staff.
    pub(super) password: String,
}

impl Kept {
    /// What is kept in a directory; made at the first start.
    pub(super) fn at(data: &Path) -> Result<Self> {
        let secret = data.join("secret");
        kept_or(&secret, || Ok(hex(&random::<SECRET_BYTES>()?)))?;
        let password = kept_or(&data.join("password"), || Ok(spoken(&random::<PASSWORD_LETTERS>()?)))?;
        Ok(Self { secret, password })
    }
}

fn kept_or(path: &Path, make: impl FnOnce() -> Result<String>) -> Result<String> {
    if !path.exists() {
        write_private(path, format!("{}\n", make()?).as_bytes())?;
    }
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.trim().to_owned())
}

/// Writes a file that nobody else can read.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path)?.write_all(bytes);
    write().with_context(|| format!("cannot write {}", path.display()))
}

fn random<const BYTES: usize>() -> Result<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes)).context("cannot read /dev/urandom")?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One letter for each byte: 32 letters divide 256, so that none is likelier than another.
fn spoken(bytes: &[u8]) -> String {
    let letters: Vec<_> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_second_start_finds_what_the_first_has_made_and_nobody_else_can_read_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let first = Kept::at(folder.path()).expect("it is made");
        let secret = fs::read_to_string(&first.secret).expect("a secret");
        let second = Kept::at(folder.path()).expect("it is found");
        assert_eq!(first.password, second.password);
        assert_eq!(secret, fs::read_to_string(&second.secret).expect("a secret"));
        assert_eq!(secret.trim().len(), 2 * SECRET_BYTES);
        assert_eq!(fs::metadata(&second.secret).expect("a file").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_password_is_three_groups_of_letters() {
        assert_eq!(spoken(&[0, 1, 2, 3, 31, 32, 33, 34, 255, 254, 253, 252]), "abcd-9abc-9876");
    }
}
