//! Hashing passwords, which takes long and much memory on purpose: on threads that do nothing else, whose memory is
//! made once, behind a short queue.
//!
//! So many people at the door cost as much as one, and whoever finds the queue full is told to come back, before
//! anything was spent on them.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{Output, ParamsString, PasswordHash as Phc, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::VenueId;
use domain::access::PasswordHash;
use tokio::sync::oneshot;

/// How many wait for their turn at most, of those who are known here and of strangers.
const MAX_WAITING: usize = 16;
/// How many of them of one venue: one house's rush is not the next one's.
const MAX_WAITING_OF_VENUE: usize = 12;
/// How many who are known come before a stranger who waits.
const KNOWN_IN_A_ROW: u32 = 3;
/// The longest password that is looked at, in bytes. A longer one is nobody's.
pub const MAX_PASSWORD_BYTES: usize = 200;
/// The most memory that a hash of ours asks for, in KiB: what RFC 9106's second choice and the OWASP's take.
const MAX_MEMORY_KIB: u32 = Params::DEFAULT_M_COST;

/// Too many wait already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords wait to be checked")]
pub struct Busy;

/// Who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A device that was signed in here before: it does not wait behind strangers.
    Known,
    /// Anybody.
    Stranger,
}

/// Hashes passwords. Cloning shares the threads, which end with the last of these.
#[derive(Debug, Clone)]
pub struct Hashing(Arc<Threads>);

#[derive(Debug)]
struct Threads(Arc<Queue>);

impl Drop for Threads {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.came.notify_all();
    }
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    came: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    known: VecDeque<(VenueId, Job)>,
    strangers: VecDeque<(VenueId, Job)>,
    /// How many who are known were taken since a stranger was.
    known_in_a_row: u32,
    is_over: bool,
}

/// A password, and what is wanted of it.
#[derive(Debug)]
enum Job {
    Hash { password: Password, reply: oneshot::Sender<Option<PasswordHash>> },
    Check { password: Password, hash: Option<PasswordHash>, reply: oneshot::Sender<bool> },
}

/// A password, which nobody prints.
struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Hashing {
    /// Starts the threads: one, or two where there are cores to spare.
    pub fn start() -> anyhow::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = Threads(Arc::default());
        for _ in 0..if cores > 2 { 2 } else { 1 } {
            let queue = Arc::clone(&threads.0);
            let work = move || {
                let mut memory = Vec::new();
                while let Some(job) = queue.next() {
                    job.run(&mut memory);
                }
            };
            std::thread::Builder::new().name("hashing".to_owned()).spawn(work).context("can't start a thread")?;
        }
        Ok(Self(Arc::new(threads)))
    }

    /// Hashes a password that somebody is to have.
    pub async fn hash(&self, venue: &VenueId, password: &str) -> anyhow::Result<PasswordHash> {
        let (reply, answer) = oneshot::channel();
        self.push(venue, Job::Hash { password: Password(password.to_owned()), reply }, Asker::Known)?;
        answer.await.ok().flatten().context("the password can't be hashed")
    }

    /// Whether a password is the one of a hash. Without a hash it is not, and takes as long.
    pub async fn opens(&self, venue: &VenueId, password: String, hash: Option<PasswordHash>, asker: Asker) -> Result<bool, Busy> {
        let (reply, answer) = oneshot::channel();
        self.push(venue, Job::Check { password: Password(password), hash, reply }, asker)?;
        Ok(answer.await.unwrap_or(false))
    }

    fn push(&self, venue: &VenueId, job: Job, asker: Asker) -> Result<(), Busy> {
        let queue = &self.0.0;
        let mut waiting = queue.lock();
        let line = match asker {
            Asker::Known => &mut waiting.known,
            Asker::Stranger => &mut waiting.strangers,
        };
        let of_venue = line.iter().filter(|(other, _)| other == venue).count();
        if line.len() >= MAX_WAITING || of_venue >= MAX_WAITING_OF_VENUE {
            return Err(Busy);
        }
        line.push_back((venue.clone(), job));
        drop(waiting);
        queue.came.notify_one();
        Ok(())
    }
}

impl Queue {
    /// Waits for the next job; none: nobody asks any more.
    fn next(&self) -> Option<Job> {
        let mut waiting = self.lock();
        loop {
            let is_strangers_turn = waiting.known_in_a_row >= KNOWN_IN_A_ROW && !waiting.strangers.is_empty();
            if !is_strangers_turn && let Some((_, job)) = waiting.known.pop_front() {
                waiting.known_in_a_row = waiting.known_in_a_row.saturating_add(1);
                return Some(job);
            }
            if let Some((_, job)) = waiting.strangers.pop_front() {
                waiting.known_in_a_row = 0;
                return Some(job);
            }
            if waiting.is_over {
                return None;
            }
            waiting = self.came.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    fn run(self, memory: &mut Vec<Block>) {
        // Whoever does not wait for the answer any more is not worked for. Nobody is there to be told of a failure.
        match self {
            Self::Hash { password, reply } if !reply.is_closed() => drop(reply.send(hash(&password.0, memory).ok())),
            Self::Check { password, hash, reply } if !reply.is_closed() => {
                let _ = reply.send(opens(&password.0, hash.as_ref(), memory));
            }
            Self::Hash { .. } | Self::Check { .. } => {}
        }
    }
}

fn hash(password: &str, memory: &mut Vec<Block>) -> argon2::password_hash::Result<PasswordHash> {
    let salt = SaltString::generate(&mut OsRng);
    let params = Params::default();
    let output =
        output(password, salt.as_salt().decode_b64(&mut [0; 64])?, Algorithm::default(), Version::default(), &params, memory)?;
    let phc = Phc {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(&params)?,
        salt: Some(salt.as_salt()),
        hash: Some(output),
    };
    Ok(PasswordHash(phc.to_string()))
}

/// What a name that nobody has is checked against.
const NOBODY_S_SALT: &[u8] = b"nobody's own salt";

fn opens(password: &str, known: Option<&PasswordHash>, memory: &mut Vec<Block>) -> bool {
    let fits = password.len() <= MAX_PASSWORD_BYTES;
    let password = if fits { password } else { "" };
    let checked = known.and_then(|known| {
        let phc = Phc::new(&known.0).ok()?;
        let params = Params::try_from(&phc).ok().filter(|params| params.m_cost() <= MAX_MEMORY_KIB)?;
        let version = phc.version.map_or(Some(Version::default()), |version| version.try_into().ok())?;
        let mut salt = [0; 64];
        let salt = phc.salt?.decode_b64(&mut salt).ok()?;
        let computed = output(password, salt, phc.algorithm.try_into().ok()?, version, &params, memory).ok()?;
        Some(phc.hash? == computed)
    });
    match checked {
        Some(matches) => matches && fits,
        None => {
            // Nobody is told by the time it takes that there is nobody, or nobody whose hash can be read.
            let _ = output(password, NOBODY_S_SALT, Algorithm::default(), Version::default(), &Params::default(), memory);
            false
        }
    }
}

/// Computes a hash in the thread's own memory, which is made at the first one.
fn output(
    password: &str,
    salt: &[u8],
    algorithm: Algorithm,
    version: Version,
    params: &Params,
    memory: &mut Vec<Block>,
) -> argon2::password_hash::Result<Output> {
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize_with(blocks, Block::default);
    }
    let argon2 = Argon2::new(algorithm, version, params.clone());
    Output::init_with(params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN), |bytes| {
        Ok(argon2.hash_password_into_with_memory(password.as_bytes(), salt, bytes, &mut memory[..blocks])?)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use argon2::{PasswordHasher as _, PasswordVerifier as _};

    use super::*;

    #[tokio::test]
    async fn a_password_opens_what_was_hashed_from_it_and_nothing_else() {
        let hashing = Hashing::start().unwrap();
        let hash = hashing.hash(&tasca(), "geheim").await.unwrap();
        assert!(Argon2::default().verify_password(b"geheim", &Phc::new(&hash.0).unwrap()).is_ok(), "{}", hash.0);
        let opens = async |password: &str, hash: Option<&PasswordHash>| {
            hashing.opens(&tasca(), password.to_owned(), hash.cloned(), Asker::Known).await.unwrap()
        };
        assert!(opens("geheim", Some(&hash)).await);
        for wrong in ["", "geheiM", &"x".repeat(100_000)] {
            assert!(!opens(wrong, Some(&hash)).await);
        }
        assert!(!opens("geheim", None).await);
        for unreadable in ["", "nonsense", "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g"] {
            assert!(!opens("geheim", Some(&PasswordHash(unreadable.to_owned()))).await, "{unreadable}");
        }
        // What an earlier release has hashed still opens.
        let salt = SaltString::from_b64("c2FsdHNhbHQ").unwrap();
        let earlier = PasswordHash(Argon2::default().hash_password(b"geheim", &salt).unwrap().to_string());
        assert!(opens("geheim", Some(&earlier)).await);
        let empty = PasswordHash(Argon2::default().hash_password(b"", &salt).unwrap().to_string());
        assert!(!opens(&"x".repeat(MAX_PASSWORD_BYTES + 1), Some(&empty)).await, "what is too long is no empty password");
    }

    fn tasca() -> VenueId {
        "tasca".parse().unwrap()
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_told_so_and_who_is_known_is_not_kept_out_by_strangers() {
        let queue = Arc::<Queue>::default();
        // Nobody works it off.
        let hashing = Hashing(Arc::new(Threads(queue)));
        let ask = |venue: &VenueId, asker| {
            let (reply, _answer) = oneshot::channel();
            hashing.push(venue, Job::Check { password: Password(String::new()), hash: None, reply }, asker).is_ok()
        };
        let asked = (0..MAX_WAITING + 100).filter(|_| ask(&tasca(), Asker::Stranger)).count();
        assert_eq!(asked, MAX_WAITING_OF_VENUE);
        let other = "cantina".parse().unwrap();
        let asked = (0..MAX_WAITING + 100).filter(|_| ask(&other, Asker::Stranger)).count();
        assert_eq!(asked, MAX_WAITING - MAX_WAITING_OF_VENUE, "one venue's rush leaves room for another's");
        for _ in 0..KNOWN_IN_A_ROW + 2 {
            assert!(ask(&tasca(), Asker::Known));
        }
        let waiting = || {
            let waiting = hashing.0.0.lock();
            (waiting.known.len(), waiting.strangers.len())
        };
        for _ in 0..KNOWN_IN_A_ROW {
            hashing.0.0.next().unwrap();
        }
        assert_eq!(waiting(), (2, MAX_WAITING), "the known go first");
        hashing.0.0.next().unwrap();
        assert_eq!(waiting(), (2, MAX_WAITING - 1), "and now and then a stranger");
    }
}
