//! The `Cookie` header: who the server takes somebody for.
//!
//! An input is what stands behind `Cookie:`, one line a header. It need not be UTF-8.
//!
//! What is right is told without any cryptography: a list of the cookies that were given ([`given`]). Whoever sends one
//! of them as it was given is whom it names; whoever sends anything else is nobody.

use std::fmt::Debug;
use std::sync::OnceLock;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use domain::access::SignIn;
use domain::{AskNo, DeviceNo, GuestNo, SeatingId, Time, VenueId};
use server::identity::{AskPass, DevicePass, GuestPass, Passes, Proof, Secrets, StaffPass};

use crate::Verdict;

/// When it is.
const NOW: Time = Time(1_767_225_660_000);
/// How long before that something was given which counts no more, in ms: 500 days.
const LONG_AGO_MS: u64 = 500 * 24 * 60 * 60 * 1_000;

/// Asks who sent these headers.
pub fn target(bytes: &[u8]) -> Verdict {
    let lines = bytes.split(|byte| *byte == b'\n').map(HeaderValue::from_bytes);
    // What can't stand in a header does not come as far as this.
    let Ok(lines) = lines.collect::<Result<Vec<_>, _>>() else { return Verdict::Refused };
    let sent: Vec<Vec<u8>> = lines.iter().flat_map(pairs).collect();
    let headers: HeaderMap = lines.into_iter().map(|line| (COOKIE, line)).collect();
    let all = given();
    let mut verdict = if sent.iter().any(|pair| pair.starts_with(b"comanda_")) { Verdict::Read } else { Verdict::Refused };
    for venue in [&all.tasca, &all.cantina] {
        let guest = expect(&all.guests, venue, &sent, all.passes.guest(venue, &headers));
        let ask = expect(&all.asks, venue, &sent, all.passes.ask(venue, &headers));
        let staff = expect(&all.staff, venue, &sent, all.passes.staff(venue, &headers));
        let device = expect(&all.devices, venue, &sent, all.passes.device(venue, &headers));
        if guest || ask || staff || device {
            verdict = Verdict::Took;
        }
    }
    verdict
}

/// The pairs of a header.
fn pairs(line: &HeaderValue) -> Vec<Vec<u8>> {
    line.as_bytes().split(|byte| *byte == b';').map(|pair| pair.trim_ascii().to_vec()).collect()
}

/// Checks who somebody was taken for: whom the first of the cookies names that were given them, if that still counts.
/// Whether they are somebody.
fn expect<P: PartialEq + Debug + Clone>(all: &[Given<P>], venue: &VenueId, sent: &[Vec<u8>], read: Option<P>) -> bool {
    let ours = |pair: &Vec<u8>| all.iter().find(|given| given.venue == *venue && given.pair.as_bytes() == pair.as_slice());
    let expected = sent.iter().find_map(ours).and_then(|given| given.pass.clone());
    assert_eq!(read, expected, "taken for somebody else, in {venue}");
    read.is_some()
}

/// A cookie that was given.
struct Given<P> {
    /// `name=value`.
    pair: String,
    venue: VenueId,
    /// Whom it names; nobody, once it is too old.
    pass: Option<P>,
}

/// All that were given, in two venues.
struct All {
    passes: Passes,
    tasca: VenueId,
    cantina: VenueId,
    guests: Vec<Given<GuestPass>>,
    asks: Vec<Given<AskPass>>,
    staff: Vec<Given<StaffPass>>,
    devices: Vec<Given<DevicePass>>,
}

fn given() -> &'static All {
    static ALL: OnceLock<All> = OnceLock::new();
    ALL.get_or_init(All::give)
}

/// Passes of an installation whose secrets are these digits, repeated.
fn signed_with(digits: &[&str]) -> Passes {
    let secrets: Vec<String> = digits.iter().map(|digit| digit.repeat(64)).collect();
    let secrets = Secrets::read(&secrets.join(",")).unwrap_or_else(|error| panic!("these are secrets: {error}"));
    Passes::new(secrets, false).by_clock(|| NOW)
}

impl All {
    fn give() -> Self {
        let [tasca, cantina] = ["tasca", "cantina"].map(|venue| venue.parse::<VenueId>().expect("a venue"));
        // Signed with this secret, with the one before it, and too long ago.
        let signers = [signed_with(&["7"]), signed_with(&["8"])];
        let before = signed_with(&["7"]).by_clock(|| Time(NOW.0 - LONG_AGO_MS));
        let (seating, device) = (SeatingId::numbered(0x5ea7), DeviceNo(4));
        let mut all = Self {
            passes: signed_with(&["7", "8"]),
            tasca: tasca.clone(),
            cantina: cantina.clone(),
            guests: Vec::new(),
            asks: Vec::new(),
            staff: Vec::new(),
            devices: Vec::new(),
        };
        for (n, venue) in (1..).zip([tasca, cantina]) {
            let guest = GuestPass { venue: venue.clone(), seating, guest: GuestNo(n), returns: 0 };
            let ask = AskPass { venue: venue.clone(), seating, ask: AskNo(n) };
            let known = DevicePass { venue: venue.clone(), device };
            let member = "ana".parse().expect("a member");
            let sign_in = SignIn { member, member_generation: 12, device, device_generation: 34 };
            let staff = |proof| StaffPass { venue: venue.clone(), sign_in: sign_in.clone(), proof, given_at: NOW };
            for (signer, counts) in signers.iter().map(|signer| (signer, true)).chain([(&before, false)]) {
                all.guests.push(Given::new(&venue, &signer.set_guest(&guest), counts, &guest));
                all.asks.push(Given::new(&venue, &signer.set_ask(&ask), counts, &ask));
                all.devices.push(Given::new(&venue, &signer.set_device(&known), counts, &known));
                for proof in [Proof::Password, Proof::Pin] {
                    let set = signer.set_staff(&venue, &sign_in, proof);
                    all.staff.push(Given::new(&venue, &set, counts, &staff(proof)));
                }
            }
        }
        all
    }

    fn pairs(&self) -> Vec<&str> {
        let guests = self.guests.iter().map(|given| given.pair.as_str());
        let asks = self.asks.iter().map(|given| given.pair.as_str());
        let staff = self.staff.iter().map(|given| given.pair.as_str());
        guests.chain(asks).chain(staff).chain(self.devices.iter().map(|given| given.pair.as_str())).collect()
    }
}

impl<P: Clone> Given<P> {
    fn new(venue: &VenueId, set_cookie: &str, counts: bool, pass: &P) -> Self {
        let pair = set_cookie.split(';').next().unwrap_or_default().to_owned();
        Self { pair, venue: venue.clone(), pass: counts.then(|| pass.clone()) }
    }
}

/// Every cookie that was given, alone and among others'; and some that somebody else signed.
pub fn seeds() -> Vec<Vec<u8>> {
    let all = given().pairs();
    let alone = all.iter().map(|pair| (*pair).to_owned());
    let others = all.iter().map(|pair| format!("shop=café; {pair}; theme=dark"));
    let together = all.chunks(3).map(|pairs| pairs.join("; "));
    let in_lines = all.chunks(2).map(|pairs| pairs.join("\n"));
    let theirs = signed_with(&["9"]);
    let guest = GuestPass { venue: given().tasca.clone(), seating: SeatingId::numbered(1), guest: GuestNo(1), returns: 0 };
    let forged = [theirs.set_guest(&guest), theirs.set_device(&DevicePass { venue: guest.venue.clone(), device: DeviceNo(1) })];
    let forged = forged.into_iter().map(|set| set.split(';').next().unwrap_or_default().to_owned());
    alone.chain(others).chain(together).chain(in_lines).chain(forged).map(String::into_bytes).collect()
}
