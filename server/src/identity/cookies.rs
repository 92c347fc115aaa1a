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
mod tests;
