//! Passes: signed cookies that name a guest of a seating, or somebody who works here.
//!
//! A pass says who; what they may do is looked up at each command. A guest's pass is worth nothing
//! once the seating has closed, a staff member's once they were signed out.

use std::str::FromStr;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use cookie::{Cookie, CookieJar, SameSite};
use domain::{GuestNo, SeatingId, StaffId, Time, VenueId};

use super::secrets::Secrets;

/// How long a guest's browser keeps a pass; it is worth nothing long before.
const GUEST_MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a device of the staff stays signed in.
const STAFF_MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// What kind of pass a value is. It is signed along with it: a cookie's signature covers its value and not
/// its name, so that a guest's cookie could be sent under the staff's.
const GUEST: &str = "guest";
const STAFF: &str = "staff";
/// The longest `Cookie` header that is read.
const MAX_COOKIE_BYTES: usize = 8 * 1024;

/// A guest of a seating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestPass {
    /// The venue.
    pub venue: VenueId,
    /// The stay.
    pub seating: SeatingId,
    /// Who of the party.
    pub guest: GuestNo,
}

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffPass {
    /// The venue.
    pub venue: VenueId,
    /// Who.
    pub staff: StaffId,
    /// When they signed in.
    pub signed_in_at: Time,
}

/// Makes and reads passes.
#[derive(Clone)]
pub struct Passes {
    keys: Secrets,
    /// Whether people come by HTTPS, so that the cookies can demand it.
    secure: bool,
}

impl Passes {
    /// Passes signed with the first of these secrets, and read with any of them.
    pub const fn new(keys: Secrets, secure: bool) -> Self {
        Self { keys, secure }
    }

    /// The guest of a venue who sent these headers, if their cookie is ours.
    pub fn guest(&self, venue: &VenueId, headers: &HeaderMap) -> Option<GuestPass> {
        let value = self.read(headers, &self.cookie(GUEST, venue))?;
        let [of, seating, guest] = parts(GUEST, &value)?;
        // The name says which venue; the value, which is signed, proves it.
        let venue = Some(venue.clone()).filter(|venue| venue.to_string() == of)?;
        Some(GuestPass { venue, seating: parse(seating)?, guest: GuestNo(parse(guest)?) })
    }

    /// The staff member of a venue who sent these headers, if their cookie is ours.
    pub fn staff(&self, venue: &VenueId, headers: &HeaderMap) -> Option<StaffPass> {
        let value = self.read(headers, &self.cookie(STAFF, venue))?;
        let [of, staff, signed_in_at] = parts(STAFF, &value)?;
        let venue = Some(venue.clone()).filter(|venue| venue.to_string() == of)?;
        Some(StaffPass { venue, staff: parse(staff)?, signed_in_at: Time(parse(signed_in_at)?) })
    }

    /// The `Set-Cookie` that makes a browser this guest.
    pub fn set_guest(&self, pass: &GuestPass) -> String {
        let value = format!("{GUEST}.{}.{}.{}", pass.venue, pass.seating, pass.guest.0);
        self.write(self.cookie(GUEST, &pass.venue), value, GUEST_MAX_AGE)
    }

    /// The `Set-Cookie` that makes a device this staff member's.
    pub fn set_staff(&self, pass: &StaffPass) -> String {
        let value = format!("{STAFF}.{}.{}.{}", pass.venue, pass.staff, pass.signed_in_at.0);
        self.write(self.cookie(STAFF, &pass.venue), value, STAFF_MAX_AGE)
    }

    /// The `Set-Cookie` that makes a device nobody's of a venue.
    pub fn clear_staff(&self, venue: &VenueId) -> String {
        self.write(self.cookie(STAFF, venue), String::new(), Duration::ZERO)
    }

    /// One cookie a venue: who works in two, or eats in two, is in both.
    fn cookie(&self, kind: &str, venue: &VenueId) -> String {
        format!("{}comanda_{kind}_{venue}", if self.secure { "__Host-" } else { "" })
    }

    fn read(&self, headers: &HeaderMap, name: &str) -> Option<String> {
        let mut jar = CookieJar::new();
        for header in headers.get_all(COOKIE) {
            let text = header.to_str().ok().filter(|text| text.len() <= MAX_COOKIE_BYTES)?;
            Cookie::split_parse(text.to_owned()).flatten().filter(|c| c.name() == name).for_each(|c| jar.add_original(c));
        }
        self.keys.all().find_map(|key| jar.signed(key).get(name)).map(|cookie| cookie.value().to_owned())
    }

    fn write(&self, name: String, value: String, max_age: Duration) -> String {
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

/// The three parts of a value of that kind.
fn parts<'a>(kind: &str, value: &'a str) -> Option<[&'a str; 3]> {
    let mut parts = value.split('.');
    parts.next().filter(|of| *of == kind)?;
    let three = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(three)
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    fn headers(set_cookie: &str) -> HeaderMap {
        let pair = set_cookie.split(';').next().unwrap();
        HeaderMap::from_iter([(COOKIE, pair.parse().unwrap())])
    }

    /// Passes of an installation whose secrets are these digits, repeated.
    fn signed_with(digits: &str) -> Passes {
        let secrets: Vec<String> = digits.split(',').map(|digit| digit.repeat(128)).collect();
        Passes::new(Secrets::read(&secrets.join(",")).unwrap(), false)
    }

    fn tasca() -> VenueId {
        "tasca".parse().unwrap()
    }

    fn pass() -> GuestPass {
        GuestPass { venue: "tasca".parse().unwrap(), seating: SeatingId::numbered(7), guest: GuestNo(3) }
    }

    #[test]
    fn a_pass_reads_back_as_it_was_given() {
        let passes = signed_with("7");
        assert_eq!(passes.guest(&tasca(), &headers(&passes.set_guest(&pass()))), Some(pass()));
        let staff = StaffPass { venue: "tasca".parse().unwrap(), staff: "ana".parse().unwrap(), signed_in_at: Time(12) };
        assert_eq!(passes.staff(&tasca(), &headers(&passes.set_staff(&staff))), Some(staff));
    }

    #[test]
    fn a_forged_or_altered_pass_is_nobody_s() {
        let passes = signed_with("7");
        let given = passes.set_guest(&pass());
        let altered = given.replacen(".3", ".4", 1);
        assert_ne!(given, altered);
        assert_eq!(passes.guest(&tasca(), &headers(&altered)), None);
        assert_eq!(passes.guest(&tasca(), &headers("comanda_guest_tasca=tasca.7.3")), None);
        let others = signed_with("8");
        assert_eq!(passes.guest(&tasca(), &headers(&others.set_guest(&pass()))), None);
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
    }

    #[test]
    fn a_guest_s_pass_is_not_a_staff_member_s() {
        let passes = signed_with("7");
        let renamed = passes.set_guest(&pass()).replace("comanda_guest", "comanda_staff");
        assert_eq!(passes.staff(&tasca(), &headers(&renamed)), None);
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
    fn under_tls_the_cookies_are_bound_to_the_host() {
        let set = Passes::new(Secrets::read(&"7".repeat(128)).unwrap(), true).set_guest(&pass());
        assert!(set.starts_with("__Host-"), "{set}");
        for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(set.contains(attribute), "{attribute} in {set}");
        }
    }
}
