//! Passwords: hashed with Argon2id, checked slowly, and not too often.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Argon2, PasswordHash as Phc};
use domain::access::PasswordHash;
use domain::{StaffId, VenueId};
use rand::Rng;
use tokio::sync::Semaphore;

/// The longest password that is looked at.
pub const MAX_PASSWORD_BYTES: usize = 200;
/// How many wrong passwords a name may try within [`TRIES_WITHIN`].
const MAX_TRIES: u32 = 8;
const TRIES_WITHIN: Duration = Duration::from_secs(60);
/// How many names' tries are remembered.
const MAX_REMEMBERED: usize = 10_000;
/// How many passwords are checked at once: each takes a core and 19 MiB for some tens of ms.
const MAX_AT_ONCE: usize = 2;

/// Hashes a password.
pub fn hash(password: &str) -> anyhow::Result<PasswordHash> {
    let salt = SaltString::generate(&mut OsRng);
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    hash.map(|hash| PasswordHash(hash.to_string())).map_err(|error| anyhow::anyhow!("can't hash a password: {error}"))
}

/// Whether a password is the one of a hash.
pub fn opens(password: &str, hash: &PasswordHash) -> bool {
    Phc::new(&hash.0).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A password that can be read out across a kitchen: three groups of letters and digits that look
/// different from one another; 49 bits.
pub fn generate() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let mut letter = || LETTERS[rng.random_range(0..LETTERS.len())] as char;
    let mut group = || (0..4).map(|_| letter()).collect::<String>();
    format!("{}-{}-{}", group(), group(), group())
}

/// Whether a password opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is theirs.
    Right,
    /// It isn't, or there is nobody of that name.
    Wrong,
    /// Too many wrong ones lately.
    TooManyTries,
}

/// Checks passwords.
pub struct Door {
    at_once: Semaphore,
    wrong: Mutex<HashMap<(VenueId, StaffId), (u32, Instant)>>,
    /// What a name that nobody has is checked against, so that it takes as long.
    nobody: PasswordHash,
}

impl Door {
    /// A door at which nobody has tried yet.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self { at_once: Semaphore::new(MAX_AT_ONCE), wrong: Mutex::default(), nobody: hash(&generate())? })
    }

    /// Checks a password against the hash of whoever has that name.
    pub async fn check(&self, venue: &VenueId, staff: &StaffId, password: String, known: Option<PasswordHash>) -> Checked {
        let who = (venue.clone(), staff.clone());
        if !self.may_try(&who) {
            return Checked::TooManyTries;
        }
        let exists = known.is_some();
        let hash = known.unwrap_or_else(|| self.nobody.clone());
        let Ok(_permit) = self.at_once.acquire().await else { return Checked::TooManyTries };
        let matches = tokio::task::spawn_blocking(move || password.len() <= MAX_PASSWORD_BYTES && opens(&password, &hash));
        if exists && matches.await.unwrap_or(false) {
            self.wrong.lock().unwrap_or_else(PoisonError::into_inner).remove(&who);
            Checked::Right
        } else {
            self.note_wrong(who);
            Checked::Wrong
        }
    }

    fn may_try(&self, who: &(VenueId, StaffId)) -> bool {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.get(who).is_none_or(|(count, since)| *count < MAX_TRIES || since.elapsed() > TRIES_WITHIN)
    }

    fn note_wrong(&self, who: (VenueId, StaffId)) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.retain(|_, (_, since)| since.elapsed() <= TRIES_WITHIN);
        if wrong.len() < MAX_REMEMBERED || wrong.contains_key(&who) {
            wrong.entry(who).or_insert((0, Instant::now())).0 += 1;
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_for_its_owner_and_too_many_wrong_ones_close_the_door() {
        let door = Door::new().unwrap();
        let (venue, ana) = ("tasca".parse().unwrap(), "ana".parse().unwrap());
        let known = hash("right").unwrap();
        assert_eq!(door.check(&venue, &ana, "right".into(), Some(known.clone())).await, Checked::Right);
        for _ in 0..MAX_TRIES {
            assert_eq!(door.check(&venue, &ana, "wrong".into(), Some(known.clone())).await, Checked::Wrong);
        }
        assert_eq!(door.check(&venue, &ana, "right".into(), Some(known.clone())).await, Checked::TooManyTries);
        let bia = "bia".parse().unwrap();
        assert_eq!(door.check(&venue, &bia, "right".into(), None).await, Checked::Wrong);
    }
}
