//! Passes: signed cookies that name a guest of a seating, somebody who asks to be let in, somebody who works here, or a
//! device of the house.
//!
//! A pass says who; what they may do is looked up at each command. A guest's pass is worth nothing once the seating has
//! closed or they were removed, a staff member's once their sign-in has ended; and each ends by itself some time after it
//! was given, unless it is renewed.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use cookie::{Cookie, CookieJar, SameSite};
use domain::access::SignIn;
use domain::{AskNo, DeviceNo, GuestNo, SeatingId, Time, VenueId};

use super::secrets::Secrets;
use crate::clock;

/// How long a guest's pass counts; it is worth nothing long before.
const GUEST_MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long somebody who asked to be let in can look whether they were.
const ASK_MAX_AGE: Duration = Duration::from_secs(60 * 60);
/// How long a device of the staff stays signed in without being used.
const STAFF_MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long a device is known on which nobody signs in.
const DEVICE_MAX_AGE: Duration = Duration::from_secs(400 * 24 * 60 * 60);
/// After how long a pass that is in use is renewed.
const RENEWED_AFTER: Duration = Duration::from_secs(12 * 60 * 60);
/// How far ahead of ours the clock may be that a pass was given by: another server's, or ours before it was set back.
const AHEAD_AT_MOST: Duration = Duration::from_secs(24 * 60 * 60);

/// A signature before the value it is of: 32 bytes in Base64 (as the crate `cookie` writes a signed cookie).
const SIGNATURE_BYTES: usize = 44;
/// How many cookies of one name are looked at: a browser sends one, and with another of the same name for a path, two.
const MAX_COOKIES_OF_A_NAME: usize = 4;

/// What kind of pass a value is. It is signed along with it: a cookie's signature covers its value and not
/// its name, so that a guest's cookie could be sent under the staff's.
const GUEST: &str = "guest";
const ASK: &str = "ask";
const STAFF: &str = "staff";
const DEVICE: &str = "device";

/// A guest of a seating.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GuestPass {
    /// The venue.
    pub venue: VenueId,
    /// The stay.
    pub seating: SeatingId,
    /// Who of the party.
    pub guest: GuestNo,
    /// How often they had come back after having been removed: a pass of before that is worth nothing.
    pub returns: u16,
}

/// Somebody who asks to be let in at a seating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskPass {
    /// The venue.
    pub venue: VenueId,
    /// The stay.
    pub seating: SeatingId,
    /// As whom they ask.
    pub ask: AskNo,
}

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StaffPass {
    /// The venue.
    pub venue: VenueId,
    /// Who, on which device, since when.
    pub sign_in: SignIn,
    /// What they proved it by.
    pub proof: Proof,
    /// When this pass was given, or renewed.
    pub given_at: Time,
}

/// What somebody proved who they are by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Proof {
    /// A password.
    Password,
    /// A PIN, on a device that was signed in by password.
    Pin,
}

/// A device on which somebody has signed in before. It opens nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevicePass {
    /// The venue.
    pub venue: VenueId,
    /// Which.
    pub device: DeviceNo,
}

/// A pass that is in use for so long that it is given anew.
pub fn is_to_be_renewed(given_at: Time, now: Time) -> bool {
    u128::from(now.ms_since(given_at)) >= RENEWED_AFTER.as_millis()
}

/// Makes and reads passes.
#[derive(Clone)]
pub struct Passes {
    keys: Secrets,
    /// Whether people come by HTTPS, so that the cookies can demand it.
    secure: bool,
    now: fn() -> Time,
}

impl Passes {
    /// Passes signed with the first of these secrets, and read with any of them.
    pub const fn new(keys: Secrets, secure: bool) -> Self {
        Self { keys, secure, now: clock::now }
    }

    /// The same passes by another clock than the system's, so that what they are worth does not hang on when one asks.
    pub fn by_clock(self, now: fn() -> Time) -> Self {
        Self { now, ..self }
    }

    /// The guest of a venue who sent these headers, if their cookie is ours.
    pub fn guest(&self, venue: &VenueId, headers: &HeaderMap) -> Option<GuestPass> {
        self.guest_given(venue, headers).map(|(pass, _)| pass)
    }

    /// The same, and when that pass was given.
    pub fn guest_given(&self, venue: &VenueId, headers: &HeaderMap) -> Option<(GuestPass, Time)> {
        let value = self.read(GUEST, venue, headers)?;
        let parts: Vec<&str> = value.split('.').collect();
        let (seating, guest, returns, given_at) = match parts[..] {
            [seating, guest, returns, given_at] => (seating, guest, parse(returns)?, Time(parse(given_at)?)),
            // As the release before gave them; they end with the stay.
            [seating, guest] => (seating, guest, 0, (self.now)()),
            _ => return None,
        };
        self.counts(given_at, GUEST_MAX_AGE)?;
        let (seating, guest) = (parse(seating)?, GuestNo(parse(guest)?));
        Some((GuestPass { venue: venue.clone(), seating, guest, returns }, given_at))
    }

    /// The one who asks to be let in who sent these headers, if their cookie is ours.
    pub fn ask(&self, venue: &VenueId, headers: &HeaderMap) -> Option<AskPass> {
        let value = self.read(ASK, venue, headers)?;
        let [seating, ask, given_at] = parts(&value)?;
        self.counts(Time(parse(given_at)?), ASK_MAX_AGE)?;
        Some(AskPass { venue: venue.clone(), seating: parse(seating)?, ask: AskNo(parse(ask)?) })
    }

    /// The staff member of a venue who sent these headers, if their cookie is ours.
    pub fn staff(&self, venue: &VenueId, headers: &HeaderMap) -> Option<StaffPass> {
        let value = self.read(STAFF, venue, headers)?;
        let [member, member_generation, device, device_generation, proof, given_at] = parts(&value)?;
        let given_at = Time(parse(given_at)?);
        self.counts(given_at, STAFF_MAX_AGE)?;
        let proof = match proof {
            "password" => Proof::Password,
            "pin" => Proof::Pin,
            _ => return None,
        };
        let sign_in = SignIn {
            member: parse(member)?,
            member_generation: parse(member_generation)?,
            device: DeviceNo(parse(device)?),
            device_generation: parse(device_generation)?,
        };
        Some(StaffPass { venue: venue.clone(), sign_in, proof, given_at })
    }

    /// The device that sent these headers, if somebody has signed in on it before.
    pub fn device(&self, venue: &VenueId, headers: &HeaderMap) -> Option<DevicePass> {
        let value = self.read(DEVICE, venue, headers)?;
        let [device, given_at] = parts(&value)?;
        self.counts(Time(parse(given_at)?), DEVICE_MAX_AGE)?;
        Some(DevicePass { venue: venue.clone(), device: DeviceNo(parse(device)?) })
    }

    /// The `Set-Cookie` that makes a browser this guest.
    pub fn set_guest(&self, pass: &GuestPass) -> String {
        let value = self.value(&[&pass.seating, &pass.guest.0, &pass.returns]);
        self.write(GUEST, &pass.venue, &value, GUEST_MAX_AGE)
    }

    /// The `Set-Cookie` that makes a browser one who asks.
    pub fn set_ask(&self, pass: &AskPass) -> String {
        let value = self.value(&[&pass.seating, &pass.ask.0]);
        self.write(ASK, &pass.venue, &value, ASK_MAX_AGE)
    }

    /// The `Set-Cookie` that makes a browser one who asks no more.
    pub fn clear_ask(&self, venue: &VenueId) -> String {
        self.write(ASK, venue, "", Duration::ZERO)
    }

    /// The `Set-Cookie` that makes a device this staff member's, from now on.
    pub fn set_staff(&self, venue: &VenueId, sign_in: &SignIn, proof: Proof) -> String {
        let proof = match proof {
            Proof::Password => "password",
            Proof::Pin => "pin",
        };
        let SignIn { member, member_generation, device, device_generation } = sign_in;
        let value = self.value(&[member, member_generation, &device.0, device_generation, &proof]);
        self.write(STAFF, venue, &value, STAFF_MAX_AGE)
    }

    /// The `Set-Cookie` that makes a device nobody's of a venue.
    pub fn clear_staff(&self, venue: &VenueId) -> String {
        self.write(STAFF, venue, "", Duration::ZERO)
    }

    /// The `Set-Cookie` by which a device is known again.
    pub fn set_device(&self, pass: &DevicePass) -> String {
        let value = self.value(&[&pass.device.0]);
        self.write(DEVICE, &pass.venue, &value, DEVICE_MAX_AGE)
    }

    /// The number that stands on the phones of those who sit somewhere, by which they let others in.
    pub fn number(&self, seating: SeatingId) -> String {
        self.keys.number_of(seating)
    }

    /// Whether somebody has that number.
    pub fn is_number(&self, seating: SeatingId, typed: &str) -> bool {
        self.keys.is_number_of(seating, typed)
    }

    /// What a pass says, and when it was given. None of it has a dot in it.
    fn value(&self, says: &[&dyn Display]) -> String {
        let said: String = says.iter().map(|part| format!("{part}.")).collect();
        format!("{said}{}", (self.now)().0)
    }

    /// Whether a pass that was given then still counts.
    fn counts(&self, given_at: Time, max_age: Duration) -> Option<()> {
        let now = (self.now)();
        let is_old = u128::from(now.ms_since(given_at)) >= max_age.as_millis();
        let is_of_the_future = u128::from(given_at.ms_since(now)) > AHEAD_AT_MOST.as_millis();
        (!is_old && !is_of_the_future).then_some(())
    }

    /// One cookie a venue: who works in two, or eats in two, is in both.
    fn cookie(&self, kind: &str, venue: &VenueId) -> String {
        format!("{}comanda_{kind}_{venue}", if self.secure { "__Host-" } else { "" })
    }

    /// What a pass of that kind and venue says. Cookies of other pages, whatever is in them, are passed over.
    fn read(&self, kind: &str, venue: &VenueId, headers: &HeaderMap) -> Option<String> {
        let name = self.cookie(kind, venue);
        let sent = headers.get_all(COOKIE).iter().flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
        let ours = sent.filter_map(|pair| {
            let value = pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
            std::str::from_utf8(value).ok()
        });
        // The name says which venue; the value, which is signed, proves it. Whoever sends many of that name has others than
        // ours: nobody is worked for who has sent none that could be.
        let says = format!("{kind}.{venue}.");
        let could_be = ours.filter(|value| value.get(SIGNATURE_BYTES..).is_some_and(|value| value.starts_with(&says)));
        let signed = could_be.take(MAX_COOKIES_OF_A_NAME).filter_map(|value| {
            let mut jar = CookieJar::new();
            jar.add_original(Cookie::new(name.clone(), value.to_owned()));
            self.keys.all().find_map(|key| jar.signed(key).get(&name)).map(|cookie| cookie.value().to_owned())
        });
        signed.filter_map(|value| value.strip_prefix(&says).map(ToOwned::to_owned)).next()
    }

    fn write(&self, kind: &str, venue: &VenueId, says: &str, max_age: Duration) -> String {
        let name = self.cookie(kind, venue);
        let value = if says.is_empty() { String::new() } else { format!("{kind}.{venue}.{says}") };
        let mut jar = CookieJar::new();
        let cookie = Cookie::build((name.clone(), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .max_age(max_age.try_into().unwrap_or_default());
        jar.signed_mut(self.keys.first()).add(cookie);
        jar.get(&name).map(ToString::to_string).unwrap_or_default()
    }
}

/// The parts of a value.
fn parts<const N: usize>(value: &str) -> Option<[&str; N]> {
    value.split('.').collect::<Vec<_>>().try_into().ok()
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
    const GIVEN: Time = Time(1_000 * DAY_MS);

    fn headers(set_cookie: &str) -> HeaderMap {
        let pair = set_cookie.split(';').next().unwrap();
        HeaderMap::from_iter([(COOKIE, pair.parse().unwrap())])
    }

    /// Passes of an installation whose secrets are these digits, repeated.
    fn signed_with(digits: &str) -> Passes {
        let secrets: Vec<String> = digits.split(',').map(|digit| digit.repeat(128)).collect();
        Passes::new(Secrets::read(&secrets.join(",")).unwrap(), false).by_clock(|| GIVEN)
    }

    fn tasca() -> VenueId {
        "tasca".parse().unwrap()
    }

    fn pass() -> GuestPass {
        GuestPass { venue: tasca(), seating: SeatingId::numbered(7), guest: GuestNo(3), returns: 1 }
    }

    fn sign_in() -> SignIn {
        SignIn { member: "ana".parse().unwrap(), member_generation: 12, device: DeviceNo(4), device_generation: 34 }
    }

    #[test]
    fn a_pass_reads_back_as_it_was_given() {
        let passes = signed_with("7");
        assert_eq!(passes.guest(&tasca(), &headers(&passes.set_guest(&pass()))), Some(pass()));
        for proof in [Proof::Password, Proof::Pin] {
            let read = passes.staff(&tasca(), &headers(&passes.set_staff(&tasca(), &sign_in(), proof)));
            assert_eq!(read, Some(StaffPass { venue: tasca(), sign_in: sign_in(), proof, given_at: GIVEN }));
        }
        let ask = AskPass { venue: tasca(), seating: SeatingId::numbered(7), ask: AskNo(2) };
        assert_eq!(passes.ask(&tasca(), &headers(&passes.set_ask(&ask))), Some(ask));
        let device = DevicePass { venue: tasca(), device: DeviceNo(9) };
        assert_eq!(passes.device(&tasca(), &headers(&passes.set_device(&device))), Some(device));
        for cleared in [passes.clear_staff(&tasca()), passes.clear_ask(&tasca())] {
            assert!(cleared.contains("Max-Age=0"), "{cleared}");
            assert_eq!(passes.staff(&tasca(), &headers(&cleared)), None);
        }
    }

    #[test]
    fn a_pass_ends_on_the_server_whatever_the_browser_keeps() {
        let passes = signed_with("7");
        let staff = headers(&passes.set_staff(&tasca(), &sign_in(), Proof::Password));
        let guest = headers(&passes.set_guest(&pass()));
        let counts = |now: fn() -> Time| {
            let passes = passes.clone().by_clock(now);
            (passes.staff(&tasca(), &staff).is_some(), passes.guest(&tasca(), &guest).is_some())
        };
        assert_eq!(counts(|| Time(GIVEN.0 + DAY_MS - 1)), (true, true));
        assert_eq!(counts(|| Time(GIVEN.0 + DAY_MS)), (true, false));
        assert_eq!(counts(|| Time(GIVEN.0 + 30 * DAY_MS - 1)), (true, false));
        assert_eq!(counts(|| Time(GIVEN.0 + 30 * DAY_MS)), (false, false));
        assert_eq!(counts(|| Time(GIVEN.0 + 700 * DAY_MS)), (false, false));
        // A clock that was set back a little sends nobody away; one that was set back far gives nobody a longer life.
        assert_eq!(counts(|| Time(GIVEN.0 - DAY_MS)), (true, true));
        assert_eq!(counts(|| Time(GIVEN.0 - DAY_MS - 1)), (false, false));
        assert!(is_to_be_renewed(GIVEN, Time(GIVEN.0 + DAY_MS)) && !is_to_be_renewed(GIVEN, Time(GIVEN.0 + DAY_MS / 3)));
        assert!(!is_to_be_renewed(GIVEN, Time(0)));
    }

    #[test]
    fn a_forged_or_altered_pass_is_nobody_s() {
        let passes = signed_with("7");
        let given = passes.set_guest(&pass());
        let altered = given.replacen(".3.", ".4.", 1);
        assert_ne!(given, altered);
        assert_eq!(passes.guest(&tasca(), &headers(&altered)), None);
        assert_eq!(passes.guest(&tasca(), &headers("comanda_guest_tasca=tasca.7.3")), None);
        let others = signed_with("8");
        assert_eq!(passes.guest(&tasca(), &headers(&others.set_guest(&pass()))), None);
    }

    #[test]
    fn cookies_of_other_pages_are_in_nobody_s_way() {
        let passes = signed_with("7");
        let set = passes.set_guest(&pass());
        let ours = set.split(';').next().unwrap();
        let big = "x".repeat(20_000);
        for sent in [
            format!("shop=caf\u{e9}; {ours}"),
            format!("{ours}; big={big}"),
            format!("{big}; ; =; {ours} ;"),
            format!("comanda_guest_tasca=of-another-day; {ours}"),
            format!("comanda_guest_tasca=\u{fc}; {ours}"),
        ] {
            let header = axum::http::HeaderValue::from_bytes(sent.as_bytes()).unwrap();
            assert_eq!(passes.guest(&tasca(), &HeaderMap::from_iter([(COOKIE, header)])), Some(pass()), "{:.60}", sent);
        }
        let latin = axum::http::HeaderValue::from_bytes(&[b"shop=\xe9; ", ours.as_bytes()].concat()).unwrap();
        assert_eq!(passes.guest(&tasca(), &HeaderMap::from_iter([(COOKIE, latin)])), Some(pass()));
    }

    #[test]
    fn a_pass_of_the_release_before_still_seats_its_guest() {
        let passes = signed_with("7");
        let earlier = passes.write(GUEST, &tasca(), &format!("{}.3", SeatingId::numbered(7)), GUEST_MAX_AGE);
        assert_eq!(passes.guest(&tasca(), &headers(&earlier)), Some(GuestPass { returns: 0, ..pass() }));
    }

    #[test]
    fn a_secret_is_changed_without_sending_anybody_away() {
        let given = headers(&signed_with("7").set_guest(&pass()));
        // First every server accepts the new one, then every server signs with it, then the old one goes.
        for secrets in ["7", "7,8", "8,7"] {
            assert_eq!(signed_with(secrets).guest(&tasca(), &given), Some(pass()), "{secrets}");
        }
        assert_eq!(signed_with("8").guest(&tasca(), &given), None);
        assert_eq!(signed_with("8").guest(&tasca(), &headers(&signed_with("8,7").set_guest(&pass()))), Some(pass()));
        let number = signed_with("7").number(SeatingId::numbered(7));
        assert!(signed_with("8,7").is_number(SeatingId::numbered(7), &number));
    }

    #[test]
    fn a_pass_of_one_kind_is_none_of_another() {
        let passes = signed_with("7");
        let guest = passes.set_guest(&pass());
        for kind in [STAFF, ASK, DEVICE] {
            let renamed = headers(&guest.replace("comanda_guest", &format!("comanda_{kind}")));
            let read = (passes.staff(&tasca(), &renamed), passes.ask(&tasca(), &renamed), passes.device(&tasca(), &renamed));
            assert_eq!(read, (None, None, None), "{kind}");
        }
        // Those who ask and those who sit have numbers alike.
        let ask = AskPass { venue: tasca(), seating: SeatingId::numbered(7), ask: AskNo(2) };
        let renamed = passes.set_ask(&ask).replace("comanda_ask", "comanda_guest");
        assert_eq!(passes.guest(&tasca(), &headers(&renamed)), None);
    }

    #[test]
    fn a_pass_of_one_venue_is_nobody_s_in_another() {
        let passes = signed_with("7");
        let cantina: VenueId = "cantina".parse().unwrap();
        let given = passes.set_guest(&pass());
        assert_eq!(passes.guest(&cantina, &headers(&given)), None);
        assert_eq!(passes.guest(&cantina, &headers(&given.replacen("_tasca=", "_cantina=", 1))), None);
        let there = GuestPass { venue: cantina.clone(), ..pass() };
        let [here, other] = [given, passes.set_guest(&there)].map(|set| set.split(';').next().unwrap().to_owned());
        let both = headers(&format!("{here}\u{1}{other}").replace('\u{1}', "; "));
        assert_eq!(passes.guest(&tasca(), &both).map(|pass| pass.venue), Some(tasca()));
    }

    #[test]
    fn a_number_is_of_one_party_and_can_be_read_out() {
        let passes = signed_with("7");
        let numbers: Vec<String> = (1..100).map(|n| passes.number(SeatingId::numbered(n))).collect();
        assert!(numbers.iter().all(|number| number.len() == 4 && number.bytes().all(|digit| digit.is_ascii_digit())));
        let others = numbers.iter().filter(|number| passes.is_number(SeatingId::numbered(1), number)).count();
        assert!((1..5).contains(&others), "{others}");
        assert!(passes.is_number(SeatingId::numbered(1), &format!(" {} ", numbers[0])));
        assert_ne!(signed_with("8").number(SeatingId::numbered(1)), numbers[0], "nobody else can tell it");
    }

    #[test]
    fn under_tls_the_cookies_are_bound_to_the_host() {
        let set = Passes::new(Secrets::read(&"7".repeat(128)).unwrap(), true).set_guest(&pass());
        assert!(set.starts_with("__Host-"), "{set}");
        for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(set.contains(attribute), "{attribute} in {set}");
        }
    }
}
