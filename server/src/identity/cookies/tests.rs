//! Passes: read back, ended, forged, of another kind, venue or release.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

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
