//! Passwords and PINs: those that the installation makes, and those that somebody can be given.

use domain::Role;
use rand::Rng;

use super::hashing::MAX_PASSWORD_BYTES;

/// The shortest password that somebody can be given, in characters.
const MIN_PASSWORD_CHARS: usize = 8;

/// Nobody can be given that password, or that PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a password has 8 to 200 characters; a PIN 4 to 8 digits that are not all the same, a manager's 6 to 8")]
pub struct BadSecret;

/// A password that can be read out across a kitchen: three groups of letters and digits that look
/// different from one another; 59 bits.
pub fn generate() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let mut letter = || LETTERS[rng.random_range(0..LETTERS.len())] as char;
    let mut group = || (0..4).map(|_| letter()).collect::<String>();
    format!("{}-{}-{}", group(), group(), group())
}

/// How many digits a PIN has: a manager's more, since it opens more.
const fn pin_digits(role: Role) -> std::ops::RangeInclusive<usize> {
    if matches!(role, Role::Manager) { 6..=8 } else { 4..=8 }
}

/// A PIN as short as that role's can be.
pub fn generate_pin(role: Role) -> String {
    loop {
        let pin: String = (0..*pin_digits(role).start()).map(|_| char::from(b'0' + rand::rng().random_range(0..10))).collect();
        if checked_pin(&pin, role).is_ok() {
            return pin;
        }
    }
}

/// A password that somebody can be given.
pub fn checked(password: &str) -> Result<&str, BadSecret> {
    let fits = password.chars().count() >= MIN_PASSWORD_CHARS && password.len() <= MAX_PASSWORD_BYTES;
    if fits { Ok(password) } else { Err(BadSecret) }
}

/// A PIN that somebody of that role can be given.
pub fn checked_pin(pin: &str, role: Role) -> Result<&str, BadSecret> {
    let fits = pin_digits(role).contains(&pin.len()) && pin.bytes().all(|digit| digit.is_ascii_digit());
    let is_one_digit = pin.bytes().skip(1).zip(pin.bytes()).all(|(a, b)| a == b);
    if fits && !is_one_digit { Ok(pin) } else { Err(BadSecret) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_digits_and_a_manager_s_has_more_of_them() {
        assert!(checked_pin("1357", Role::Waiter).is_ok() && checked_pin("135790", Role::Manager).is_ok());
        for bad in ["", "135", "1357 ", "abcd", "1111", "123456789", "١٣٥٧"] {
            assert!(checked_pin(bad, Role::Waiter).is_err(), "{bad}");
        }
        assert!(checked_pin("1357", Role::Manager).is_err());
        for role in Role::ALL {
            assert!(checked_pin(&generate_pin(role), role).is_ok());
        }
    }

    #[test]
    fn a_password_is_neither_short_nor_endless() {
        assert!(checked("geheim12").is_ok() && checked(&generate()).is_ok() && checked(&"é".repeat(8)).is_ok());
        assert!(checked("geheim1").is_err() && checked(&"x".repeat(MAX_PASSWORD_BYTES + 1)).is_err());
    }
}
