//! Signing in: how often a password or a PIN may be tried, by whom.
//!
//! A try is reserved before it is judged, and given back if it was right: however many come side by side, no more are
//! judged than may be. Strangers are counted by name, by address and by venue. A device that was signed in here before
//! is counted by itself, so that strangers who try names can't lock out those who work here.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use domain::access::PasswordHash;
use domain::{DeviceNo, StaffId, VenueId};

use super::hashing::{Asker, Busy, Hashing};
use crate::guard::{Buckets, Network, Rate, Tokens};

/// How often strangers may try one name: eight times, and eight more each minute.
const BY_NAME: Rate = Rate { burst: 8.0, per_second: 8.0 / 60.0 };
/// How often strangers from one address may try.
const BY_ADDRESS: Rate = Rate { burst: 20.0, per_second: 20.0 / 60.0 };
/// How often all strangers together may try in one venue.
const BY_VENUE: Rate = Rate { burst: 60.0, per_second: 1.0 };
/// How often somebody may try on a device that was signed in here before.
const BY_DEVICE: Rate = Rate { burst: 8.0, per_second: 8.0 / 60.0 };
/// How often one name may be tried on all such devices together: whoever has a password signs in on as many as they like.
/// Strangers do not use this up.
const BY_NAME_AMONG_DEVICES: Rate = Rate { burst: 24.0, per_second: 8.0 / 60.0 };
/// How often somebody may try PINs on one device: 480 a day, where a PIN has 10,000 values or more, and a manager's a
/// million.
const PINS_BY_DEVICE: Rate = Rate { burst: 8.0, per_second: 1.0 / 180.0 };
/// How often one member's PIN may be tried, on whatever devices.
const PINS_BY_MEMBER: Rate = Rate { burst: 24.0, per_second: 1.0 / 180.0 };
/// How often a device may be taken over by the right PIN: each is hashed.
const RIGHT_PINS: Rate = Rate { burst: 30.0, per_second: 1.0 / 5.0 };
/// How many passwords and PINs the managers of one venue may give.
const GIVEN_BY_VENUE: Rate = Rate { burst: 20.0, per_second: 1.0 / 5.0 };
/// How often somebody may be signed in who has the password: each is kept for good, so that nobody fills the record of who
/// works here with them. A house that hands out its tablets at noon does so in one go.
const RIGHT_BY_MEMBER: Rate = Rate { burst: 40.0, per_second: 1.0 / 60.0 };
/// How many addresses, venues and devices are remembered. What is full lets no more in.
const MAX_REMEMBERED: usize = 10_000;
/// Names share so many buckets by chance: those that exist and those that don't, so that neither can be told apart,
/// and whoever tries many fills nothing.
const NAMES: u64 = 4_096;

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is theirs.
    Right,
    /// It isn't, or there is nobody of that name.
    Wrong,
    /// Too many lately, or too many at once. It was not judged.
    TooMany,
}

/// Who tries.
#[derive(Debug, Clone, Copy)]
pub struct Trier<'a> {
    /// In which venue.
    pub venue: &'a VenueId,
    /// From where.
    pub network: Network,
    /// On a device that was signed in here before.
    pub device: Option<DeviceNo>,
}

/// What was taken for a try, before it is judged: hashing costs as much whatever comes of it.
struct Taken<'a> {
    /// Put back unless it was wrong.
    tries: Tokens<'a>,
    /// Put back unless it was right.
    sign_in: Tokens<'a>,
}

impl<'a> Taken<'a> {
    /// Both, or neither.
    fn both(tries: Option<Tokens<'a>>, sign_in: Tokens<'a>) -> Option<Self> {
        match tries {
            Some(tries) => Some(Self { tries, sign_in }),
            None => {
                sign_in.put_back();
                None
            }
        }
    }
}

/// Checks passwords and PINs.
#[derive(Debug)]
pub struct SignIns {
    hashing: Hashing,
    by_name: Buckets<u64>,
    by_address: Buckets<Network>,
    by_venue: Buckets<VenueId>,
    by_device: Buckets<(VenueId, DeviceNo)>,
    by_name_among_devices: Buckets<u64>,
    pins_by_device: Buckets<(VenueId, DeviceNo)>,
    pins_by_member: Buckets<(VenueId, StaffId)>,
    right_pins: Buckets<(VenueId, DeviceNo)>,
    given_by_venue: Buckets<VenueId>,
    right_by_member: Buckets<(VenueId, String)>,
    names: RandomState,
    counts: Counts,
}

/// What was tried, since the start.
#[derive(Debug, Default)]
pub struct Counts {
    /// Tries that were right.
    pub right: AtomicU64,
    /// Tries that were wrong.
    pub wrong: AtomicU64,
    /// Tries that were not judged.
    pub too_many: AtomicU64,
}

impl SignIns {
    /// Nobody has tried yet.
    pub fn new(hashing: Hashing) -> Self {
        Self {
            hashing,
            by_name: Buckets::new(BY_NAME, usize::try_from(NAMES).unwrap_or(usize::MAX)),
            by_address: Buckets::new(BY_ADDRESS, MAX_REMEMBERED),
            by_venue: Buckets::new(BY_VENUE, MAX_REMEMBERED),
            by_device: Buckets::new(BY_DEVICE, MAX_REMEMBERED),
            by_name_among_devices: Buckets::new(BY_NAME_AMONG_DEVICES, usize::try_from(NAMES).unwrap_or(usize::MAX)),
            pins_by_device: Buckets::new(PINS_BY_DEVICE, MAX_REMEMBERED),
            pins_by_member: Buckets::new(PINS_BY_MEMBER, MAX_REMEMBERED),
            right_pins: Buckets::new(RIGHT_PINS, MAX_REMEMBERED),
            given_by_venue: Buckets::new(GIVEN_BY_VENUE, MAX_REMEMBERED),
            right_by_member: Buckets::new(RIGHT_BY_MEMBER, MAX_REMEMBERED),
            names: RandomState::new(),
            counts: Counts::default(),
        }
    }

    /// What was tried, since the start.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Where passwords are hashed.
    pub fn hashing(&self) -> &Hashing {
        &self.hashing
    }

    /// Hashes a password or a PIN that a manager of a venue gives to somebody.
    pub async fn given(&self, venue: &VenueId, secret: &str) -> Result<PasswordHash, Busy> {
        if !self.given_by_venue.take(venue.clone()) {
            return Err(Busy);
        }
        self.hashing.hash(venue, secret).await.map_err(|_| Busy)
    }

    /// Checks a password against the hash of whoever has that name; none: nobody has.
    pub async fn password(&self, trier: Trier<'_>, name: &str, password: String, known: Option<PasswordHash>) -> Checked {
        let taken = self.taken_for_password(trier, name, known.is_some());
        let asker = if trier.device.is_some() { Asker::Known } else { Asker::Stranger };
        // What was typed as a name may be a password: only one that somebody has is written down.
        let who = if known.is_some() { name } else { "nobody" };
        let checked = self.judge(trier, taken, password, known, asker).await;
        self.note(trier, who, "password", checked);
        checked
    }

    /// Checks a PIN, on a device that is signed in.
    pub async fn pin(
        &self,
        trier: Trier<'_>,
        device: DeviceNo,
        staff: &StaffId,
        pin: String,
        known: Option<PasswordHash>,
    ) -> Checked {
        let taken = self.taken_for_pin(trier.venue, device, staff, known.is_some());
        let checked = self.judge(trier, taken, pin, known, Asker::Known).await;
        self.note(trier, staff.as_str(), "PIN", checked);
        checked
    }

    fn taken_for_password(&self, trier: Trier<'_>, name: &str, is_known: bool) -> Option<Taken<'_>> {
        let venue = || trier.venue.clone();
        let name_key = self.names.hash_one((trier.venue, name)) % NAMES;
        // Of whom nobody has heard, nobody is remembered.
        let member = is_known.then(|| (venue(), name.to_owned()));
        let sign_in = member.map_or_else(|| Some(Tokens::none()), |key| Tokens::none().and(&self.right_by_member, key))?;
        let tries = match trier.device {
            Some(device) => Tokens::none()
                .and(&self.by_device, (venue(), device))
                .and_then(|tries| tries.and(&self.by_name_among_devices, name_key)),
            None => Tokens::none()
                .and(&self.by_name, name_key)
                .and_then(|tries| tries.and(&self.by_address, trier.network)?.and(&self.by_venue, venue())),
        };
        Taken::both(tries, sign_in)
    }

    fn taken_for_pin(&self, venue: &VenueId, device: DeviceNo, staff: &StaffId, is_known: bool) -> Option<Taken<'_>> {
        let on_device = || (venue.clone(), device);
        let sign_in = Tokens::none().and(&self.right_pins, on_device())?;
        let tries = Tokens::none().and(&self.pins_by_device, on_device()).and_then(|tries| {
            if is_known { tries.and(&self.pins_by_member, (venue.clone(), staff.clone())) } else { Some(tries) }
        });
        Taken::both(tries, sign_in)
    }

    async fn judge(
        &self,
        trier: Trier<'_>,
        taken: Option<Taken<'_>>,
        secret: String,
        known: Option<PasswordHash>,
        asker: Asker,
    ) -> Checked {
        let Some(Taken { tries, sign_in }) = taken else { return Checked::TooMany };
        let checked = match self.hashing.opens(trier.venue, secret, known, asker).await {
            Ok(true) => Checked::Right,
            Ok(false) => Checked::Wrong,
            Err(Busy) => Checked::TooMany,
        };
        if checked != Checked::Wrong {
            tries.put_back();
        }
        if checked != Checked::Right {
            sign_in.put_back();
        }
        checked
    }

    fn note(&self, Trier { venue, network, device }: Trier<'_>, who: &str, what: &str, checked: Checked) {
        let count = match checked {
            Checked::Right => &self.counts.right,
            Checked::Wrong => &self.counts.wrong,
            Checked::TooMany => &self.counts.too_many,
        };
        count.fetch_add(1, Ordering::Relaxed);
        let device = device.map(|device| device.0);
        match checked {
            Checked::Right => tracing::info!(%venue, who, %network, device, "signed in by {what}"),
            Checked::Wrong => tracing::warn!(%venue, who, %network, device, "a wrong {what}"),
            Checked::TooMany => tracing::warn!(%venue, who, %network, device, "too many tries: this {what} was not looked at"),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;

    use futures::future::join_all;

    use super::*;

    fn network(n: u8) -> Network {
        IpAddr::from(Ipv4Addr::new(203, 0, 113, n)).into()
    }

    struct House {
        sign_ins: SignIns,
        venue: VenueId,
        hash: PasswordHash,
    }

    impl House {
        async fn open() -> Self {
            let hashing = Hashing::start().unwrap();
            let hash = hashing.hash(&"tasca".parse().unwrap(), "right").await.unwrap();
            Self { sign_ins: SignIns::new(hashing), venue: "tasca".parse().unwrap(), hash }
        }

        /// Ana is known, and nobody else.
        async fn tries(&self, from: u8, device: Option<u32>, name: &str, password: &str) -> Checked {
            let trier = Trier { venue: &self.venue, network: network(from), device: device.map(DeviceNo) };
            let known = (name == "ana").then(|| self.hash.clone());
            self.sign_ins.password(trier, name, password.to_owned(), known).await
        }
    }

    fn judged(checked: &[Checked]) -> usize {
        checked.iter().filter(|checked| **checked == Checked::Wrong).count()
    }

    #[tokio::test]
    async fn guesses_side_by_side_are_not_judged_more_often_than_one_after_the_other() {
        let house = House::open().await;
        let all = join_all((0..300).map(|n| house.tries(n as u8, None, "ana", "wrong"))).await;
        assert!((1..=8).contains(&judged(&all)), "{} were judged", judged(&all));
        assert_eq!(house.tries(200, None, "ana", "right").await, Checked::TooMany);
    }

    #[tokio::test]
    async fn who_works_here_is_not_locked_out_by_strangers() {
        let house = House::open().await;
        for _ in 0..20 {
            house.tries(1, None, "ana", "wrong").await;
        }
        assert_eq!(house.tries(1, None, "ana", "right").await, Checked::TooMany);
        assert_eq!(house.tries(1, Some(7), "ana", "right").await, Checked::Right, "on a device that is known");
        // Whoever is at that device has no more tries than a stranger has.
        let all: Vec<_> = join_all((0..20).map(|_| house.tries(2, Some(8), "ana", "wrong"))).await;
        assert!(judged(&all) <= 8);
    }

    #[tokio::test]
    async fn many_devices_are_no_more_tries() {
        let (house, ana) = (House::open().await, "ana".parse().unwrap());
        let mut all = Vec::new();
        for device in 0..40 {
            for _ in 0..8 {
                all.push(house.tries(1, Some(100 + device), "ana", "wrong").await);
            }
        }
        assert!((24..=28).contains(&judged(&all)), "{} passwords", judged(&all));
        assert_eq!(house.tries(9, None, "ana", "right").await, Checked::Right, "strangers are counted by themselves");
        let mut all = Vec::new();
        for device in 0..40 {
            let trier = Trier { venue: &house.venue, network: network(1), device: Some(DeviceNo(device)) };
            for _ in 0..8 {
                let pin = house.sign_ins.pin(trier, DeviceNo(device), &ana, "0000".to_owned(), Some(house.hash.clone()));
                all.push(pin.await);
            }
        }
        assert!((24..=25).contains(&judged(&all)), "{} PINs", judged(&all));
    }

    #[tokio::test]
    async fn right_ones_are_hashed_so_often_and_no_oftener() {
        let (house, ana) = (House::open().await, "ana".parse().unwrap());
        let trier = Trier { venue: &house.venue, network: network(1), device: Some(DeviceNo(3)) };
        let mut right = 0;
        for _ in 0..60 {
            let pin = house.sign_ins.pin(trier, DeviceNo(3), &ana, "right".to_owned(), Some(house.hash.clone()));
            right += u32::from(pin.await == Checked::Right);
        }
        assert!((30..50).contains(&right), "{right}");
        let given = async || house.sign_ins.given(&house.venue, "a password").await.is_ok();
        let mut times = 0;
        for _ in 0..60 {
            times += u32::from(given().await);
        }
        assert!((20..40).contains(&times), "{times}");
    }

    #[tokio::test]
    async fn who_has_the_password_is_signed_in_so_often_and_no_oftener() {
        let house = House::open().await;
        let mut all = Vec::new();
        for _ in 0..50 {
            all.push(house.tries(1, Some(7), "ana", "right").await);
        }
        let right = all.iter().filter(|checked| **checked == Checked::Right).count();
        assert!((40..=42).contains(&right), "{right}");
        assert_eq!(all.last(), Some(&Checked::TooMany));
    }

    #[tokio::test]
    async fn ten_thousand_names_fill_nothing() {
        let house = House::open().await;
        let mut all = Vec::new();
        for n in 0..10_000_u32 {
            all.push(house.tries(n as u8, None, &format!("name-{n}"), "wrong").await);
        }
        assert!(judged(&all) <= 80, "{} were judged", judged(&all));
        let ana = join_all((0..100).map(|n| house.tries(n, None, "ana", "wrong"))).await;
        assert!(judged(&ana) <= 8, "everybody is still counted");
    }

    #[tokio::test]
    async fn a_right_one_costs_nobody_a_try() {
        let house = House::open().await;
        for _ in 0..30 {
            assert_eq!(house.tries(1, None, "ana", "right").await, Checked::Right);
        }
        let counts = house.sign_ins.counts();
        assert_eq!((counts.right.load(Ordering::Relaxed), counts.wrong.load(Ordering::Relaxed)), (30, 0));
    }

    #[tokio::test]
    async fn pins_can_t_be_tried_through() {
        let house = Arc::new(House::open().await);
        let ana = "ana".parse().unwrap();
        let trier = Trier { venue: &house.venue, network: network(1), device: Some(DeviceNo(1)) };
        let tried =
            join_all((0..100).map(|n| house.sign_ins.pin(trier, DeviceNo(1), &ana, format!("{n:04}"), Some(house.hash.clone()))))
                .await;
        assert!((1..=8).contains(&judged(&tried)), "{} were judged", judged(&tried));
    }
}
