//! The secrets that sign what this installation hands out: the same on each of its servers.
//!
//! The first signs, all are accepted. So a secret is replaced without sending anybody away: add the new one as
//! the last on every server, then make it the first, and take the old one out once nothing that it signed counts
//! any more.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use cookie::Key;
use domain::SeatingId;
use hmac::{Hmac, Mac as _};
use rand::RngCore;
use sha2::Sha256;

use crate::files::write_private_once;

/// How many bytes of randomness a secret that we make has.
const BYTES: usize = 64;
/// The fewest that a secret may have.
const MIN_BYTES: usize = 32;
/// The most secrets at once: each one more is another try for each cookie that is nobody's.
const MAX_SECRETS: usize = 8;

/// The secrets of an installation, at least one.
#[derive(Clone)]
pub struct Secrets(Arc<[Key]>);

impl Secrets {
    /// Secrets in hexadecimal digits, separated by commas or white space. What they are is never told in an error.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let words = text.split([',', ' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
        let keys: Vec<Key> = words
            .enumerate()
            .map(|(n, word)| key(word).with_context(|| format!("secret {}", n + 1)))
            .collect::<Result<_, _>>()?;
        ensure!(!keys.is_empty(), "there is no secret");
        ensure!(keys.len() <= MAX_SECRETS, "there are more than {MAX_SECRETS} secrets");
        Ok(Self(keys.into()))
    }

    /// The secrets in a file that has to be there.
    pub fn from_file(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("can't read the secrets in {}", path.display()))?;
        Self::read(&text).with_context(|| format!("can't use the secrets in {}", path.display()))
    }

    /// The secrets in a file, which is made with one if it isn't there.
    pub fn from_file_or_new(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            let mut secret = [0; BYTES];
            rand::rng().fill_bytes(&mut secret);
            let digits: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
            // Of several that start at once, one makes it.
            write_private_once(path, format!("{digits}\n").as_bytes())
                .with_context(|| format!("can't write {}", path.display()))?;
        }
        Self::from_file(path).with_context(|| {
            format!("restore {} from a backup; or delete it to have a new one made, and everybody signs in again", path.display())
        })
    }

    /// The number of a seating: four digits that nobody can tell who has no secret.
    pub(super) fn number_of(&self, seating: SeatingId) -> String {
        number(self.first(), seating)
    }

    /// Whether that is the number of a seating.
    pub(super) fn is_number_of(&self, seating: SeatingId, typed: &str) -> bool {
        self.all().any(|key| number(key, seating) == typed.trim())
    }

    /// The one that signs.
    pub(super) fn first(&self) -> &Key {
        &self.0[0]
    }

    /// All that are accepted.
    pub(super) fn all(&self) -> impl Iterator<Item = &Key> {
        self.0.iter()
    }
}

fn number(key: &Key, seating: SeatingId) -> String {
    // A key of any length will do.
    let mut mac = Hmac::<Sha256>::new_from_slice(key.signing()).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
    mac.update(b"the number of a seating: ");
    mac.update(seating.uuid().as_bytes());
    let digest = mac.finalize().into_bytes();
    let bits = digest.iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    format!("{:04}", bits % 10_000)
}

fn key(digits: &str) -> anyhow::Result<Key> {
    let bytes: Option<Vec<u8>> = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?, 16).ok())
        .collect();
    let Some(bytes) = bytes else { bail!("it has to be an even number of hexadecimal digits") };
    ensure!(bytes.len() >= MIN_BYTES, "it needs at least {} hexadecimal digits, not {}", 2 * MIN_BYTES, digits.len());
    Ok(Key::derive_from(&bytes))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_secret_is_refused_and_not_repeated() {
        let good = "ab".repeat(64);
        assert_eq!(Secrets::read(&format!("{good}\n{good},{good}\n")).unwrap().all().count(), 3);
        for bad in ["", "abcd", &"xy".repeat(64), &"a".repeat(127), &[good.as_str(); 9].join(",")] {
            let Err(error) = Secrets::read(bad) else { panic!("{bad} was taken") };
            assert!(bad.is_empty() || !format!("{error:#}").contains(bad), "{error:#}");
        }
    }

    #[test]
    fn an_empty_file_is_no_secret_and_the_error_says_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        std::fs::write(&path, "").unwrap();
        let Err(error) = Secrets::from_file_or_new(&path) else { panic!("an empty secret was taken") };
        let told = format!("{error:#}");
        assert!(told.contains("delete it") && told.contains("there is no secret"), "{told}");
    }

    #[test]
    fn a_secret_that_is_made_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        assert!(Secrets::from_file(&path).is_err());
        let made = Secrets::from_file_or_new(&path).unwrap();
        let again = Secrets::from_file_or_new(&path).unwrap();
        assert_eq!(made.first().signing(), again.first().signing());
    }
}
