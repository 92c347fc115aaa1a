//! Making pages, which is work: how much of it goes on at once, and what of it is kept.
//!
//! A page for somebody who has just scanned a code is the same for everybody with that code and language, until the menu or
//! the party changes: all but a nonce, a secret and the time. So it is made once, and filled.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::guard::Network;

/// How many wait for their page at most, in all.
const MAX_WAITING: usize = 256;
/// How many of them from one address: guests in a restaurant's Wi-Fi may share one.
const MAX_WAITING_BY_ADDRESS: usize = 64;
/// How long one waits.
const WAIT: Duration = Duration::from_secs(5);
/// How many bytes of pages are kept.
const MAX_KEPT_BYTES: usize = 32 * 1024 * 1024;

/// Too many wait already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Busy;

/// What pages are made with.
#[derive(Debug)]
pub(super) struct Renders {
    /// So many at once: the other cores are the live channel's.
    at_once: Arc<Semaphore>,
    waiting: Mutex<Waiting>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Waiting {
    count: usize,
    by_network: HashMap<Network, usize>,
}

#[derive(Debug, Default)]
struct Kept {
    by_key: HashMap<String, (Arc<Template>, u64)>,
    bytes: usize,
    uses: u64,
}

/// A permit to make a page.
#[derive(Debug)]
pub(super) struct RenderPermit {
    _permit: OwnedSemaphorePermit,
}

/// A place among those who wait; given up with this.
struct Place<'a> {
    renders: &'a Renders,
    network: Network,
}

impl Default for Renders {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let at_once = Arc::new(Semaphore::new((cores / 2).max(1)));
        Self { at_once, waiting: Mutex::default(), kept: Mutex::default() }
    }
}

impl Renders {
    /// Waits for a permit.
    pub(super) async fn permit(&self, network: Network) -> Result<RenderPermit, Busy> {
        let _place = self.place(network)?;
        let permit = timeout(WAIT, Arc::clone(&self.at_once).acquire_owned()).await.map_err(|_| Busy)?;
        Ok(RenderPermit { _permit: permit.map_err(|_| Busy)? })
    }

    fn place(&self, network: Network) -> Result<Place<'_>, Busy> {
        let mut waiting = lock(&self.waiting);
        let of_network = waiting.by_network.get(&network).copied().unwrap_or(0);
        if waiting.count >= MAX_WAITING || of_network >= MAX_WAITING_BY_ADDRESS {
            return Err(Busy);
        }
        waiting.count += 1;
        waiting.by_network.insert(network, of_network + 1);
        Ok(Place { renders: self, network })
    }

    /// The page that is kept under that key.
    pub(super) fn kept(&self, key: &str) -> Option<Arc<Template>> {
        let mut kept = lock(&self.kept);
        kept.uses += 1;
        let use_number = kept.uses;
        let (template, last_use) = kept.by_key.get_mut(key)?;
        *last_use = use_number;
        Some(Arc::clone(template))
    }

    /// Keeps a page. The longest unused make room.
    pub(super) fn keep(&self, key: String, template: Template) {
        let mut kept = lock(&self.kept);
        kept.uses += 1;
        let use_number = kept.uses;
        kept.bytes += template.bytes();
        if let Some((before, _)) = kept.by_key.insert(key, (Arc::new(template), use_number)) {
            kept.bytes -= before.bytes();
        }
        while kept.bytes > MAX_KEPT_BYTES {
            let oldest = kept.by_key.iter().min_by_key(|(_, (_, last_use))| *last_use).map(|(key, _)| key.clone());
            let Some((gone, _)) = oldest.and_then(|key| kept.by_key.remove(&key)) else { return };
            kept.bytes -= gone.bytes();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = lock(&self.renders.waiting);
        waiting.count -= 1;
        if let Some(count) = waiting.by_network.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                waiting.by_network.remove(&self.network);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What differs from one copy of a page to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fillings {
    /// The nonce of its scripts.
    pub(super) nonce: String,
    /// As what one joins from it.
    pub(super) secret: String,
    /// The time.
    pub(super) now: String,
}

/// A page with places for what differs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Template {
    /// What stands before each place, and which it is.
    parts: Vec<(String, Filling)>,
    last: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filling {
    Nonce,
    Secret,
    Now,
}

impl Fillings {
    fn get(&self, filling: Filling) -> &str {
        match filling {
            Filling::Nonce => &self.nonce,
            Filling::Secret => &self.secret,
            Filling::Now => &self.now,
        }
    }
}

impl Template {
    /// The page that was made with these. None where they don't stand in it as they should: the time once, the secret
    /// twice, the nonce somewhere.
    pub(super) fn of(page: &str, with: &Fillings) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = page;
        loop {
            let next = [Filling::Nonce, Filling::Secret, Filling::Now].into_iter();
            let next = next.filter_map(|filling| Some((rest.find(with.get(filling))?, filling))).min_by_key(|(at, _)| *at);
            let Some((at, filling)) = next else { break };
            parts.push((rest[..at].to_owned(), filling));
            rest = &rest[at + with.get(filling).len()..];
        }
        let count = |wanted| parts.iter().filter(|(_, filling)| *filling == wanted).count();
        let is_sound = count(Filling::Now) == 1 && count(Filling::Secret) == 2 && count(Filling::Nonce) > 0;
        is_sound.then(|| Self { parts, last: rest.to_owned() })
    }

    /// The page with these.
    pub(super) fn filled(&self, with: &Fillings) -> String {
        let mut page = String::with_capacity(self.bytes() + 512);
        for (before, filling) in &self.parts {
            page.push_str(before);
            page.push_str(with.get(*filling));
        }
        page.push_str(&self.last);
        page
    }

    fn bytes(&self) -> usize {
        self.parts.iter().map(|(before, _)| before.len()).sum::<usize>() + self.last.len()
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn fillings(nonce: &str, secret: &str, now: &str) -> Fillings {
        Fillings { nonce: nonce.to_owned(), secret: secret.to_owned(), now: now.to_owned() }
    }

    fn network(n: u8) -> Network {
        std::net::IpAddr::from([10, 0, 0, n]).into()
    }

    #[test]
    fn a_page_is_the_same_with_other_fillings() {
        let page = |f: &Fillings| {
            format!(
                "<script nonce={n}></script><input value={s}><script nonce={n}>{{{s}:{t}}}</script>",
                n = f.nonce,
                s = f.secret,
                t = f.now
            )
        };
        let (one, other) = (fillings("aaa", "bbb", "1700000000000"), fillings("a longer one", "x", "1800000000000"));
        let template = Template::of(&page(&one), &one).expect("it has places");
        assert_eq!(template.filled(&other), page(&other));
        assert_eq!(template.filled(&one), page(&one));
        assert_eq!(Template::of(&page(&one), &other), None, "made with others");
        assert_eq!(Template::of(&page(&one).replace("<input", "1700000000000<input"), &one), None, "the time stands there twice");
    }

    #[test]
    fn what_is_kept_has_a_bound_and_the_longest_unused_go() {
        let renders = Renders::default();
        let template = |bytes: usize| Template { parts: Vec::new(), last: "x".repeat(bytes) };
        for n in 0..10 {
            renders.keep(format!("page {n}"), template(MAX_KEPT_BYTES / 10));
        }
        assert!(renders.kept("page 0").is_some());
        renders.keep("one more".to_owned(), template(MAX_KEPT_BYTES / 10));
        assert!(renders.kept("page 0").is_some() && renders.kept("one more").is_some() && renders.kept("page 1").is_none());
        assert!(lock(&renders.kept).bytes <= MAX_KEPT_BYTES);
    }

    #[tokio::test]
    async fn so_many_wait_and_no_more_and_those_of_one_address_leave_room_for_others() {
        let renders = Renders::default();
        let cores = renders.at_once.available_permits();
        let mut permits = Vec::new();
        for _ in 0..cores {
            permits.push(renders.permit(network(1)).await.expect("it is free"));
        }
        let mut waiting: Vec<_> = (0..MAX_WAITING_BY_ADDRESS).map(|_| Box::pin(renders.permit(network(1)))).collect();
        assert!(waiting.iter_mut().all(|permit| permit.now_or_never().is_none()));
        assert_eq!(renders.permit(network(1)).await.map(drop), Err(Busy));
        let mut other = Box::pin(renders.permit(network(2)));
        assert!((&mut other).now_or_never().is_none(), "it waits");
        drop(waiting);
        drop(permits);
        assert!(other.await.is_ok());
        assert_eq!(lock(&renders.waiting).count, 0);
    }
}
